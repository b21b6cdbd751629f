package loop

import (
	"encoding/json"
	"time"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/cycle"
	"github.com/practiceaudit/practiceaudit/internal/stored"
	"github.com/practiceaudit/practiceaudit/moderation"
)

// Event is something that has happened in a stream. The interface is sealed;
// events of packages audit, moderation and cycle are wrapped in [Audit],
// [Moderation] and [Cycle].
type Event interface {
	Type() string // a frozen name
	loopEvent()
}

// Audit wraps an event of package audit.
type Audit struct{ audit.Event }

// Moderation wraps an event of package moderation.
type Moderation struct{ moderation.Event }

// Cycle wraps an event of package cycle.
type Cycle struct{ cycle.Event }

// Unknown is an event that this version of the library does not know. It is
// kept as it is; the state that it leads to can be read but not decided on.
type Unknown struct {
	Name string
	Data []byte
}

// Names of this package's events, as stored. They never change.
const (
	TypeConcernRaised   = "loop.concern_raised"
	TypeNotified        = "loop.notified"
	TypeAcknowledged    = "loop.acknowledged"
	TypePlanRecorded    = "loop.plan_recorded"
	TypeFollowUpPlanned = "loop.follow_up_planned"
	TypeTrackerDue      = "loop.tracker_due"
	TypeTrackerSent     = "loop.tracker_sent"
	TypeActionCompleted = "loop.action_completed"
	TypeActionConfirmed = "loop.action_confirmed"
	TypeDateAgreed      = "loop.date_agreed"
	TypeLoopClosed      = "loop.loop_closed"
	TypeDipSampled      = "loop.dip_sampled"
)

// ConcernRaised is an immediate concern for a child's safety.
type ConcernRaised struct {
	By            audit.PersonID `json:"by"`
	At            time.Time      `json:"at"`
	Concern       audit.FreeText `json:"concern"`
	OtherChildren audit.FreeText `json:"other_children,omitempty"`
}

// Notified is the recorded intent to tell one person something. The notice is
// delivered after the commit, under the same id however often.
type Notified struct {
	ID       NoticeID  `json:"id"`
	Topic    Topic     `json:"topic"`
	To       Recipient `json:"to"`
	Why      string    `json:"why"`
	Critical bool      `json:"critical,omitempty"`
	Alert    string    `json:"alert,omitempty"` // what a critical notice is about
	Step     string    `json:"step,omitempty"`  // the step of a clock or ladder that sent it
	Subject  string    `json:"subject"`
	Body     string    `json:"body"`
	At       time.Time `json:"at"`
}

// Acknowledged says that a person has read a critical notice.
type Acknowledged struct {
	Notice NoticeID       `json:"notice"`
	By     audit.PersonID `json:"by"`
	At     time.Time      `json:"at"`
}

// PlanRecorded holds the plan to keep the child safe.
type PlanRecorded struct {
	By   audit.PersonID `json:"by"`
	At   time.Time      `json:"at"`
	Plan audit.FreeText `json:"plan"`
}

// FollowUpPlanned says that a re-audit or dip sample will follow in a stream of
// its own.
type FollowUpPlanned struct {
	Stream  StreamID          `json:"stream"`
	Kind    audit.Kind        `json:"kind"`
	Because string            `json:"because"`
	Start   calendar.Deadline `json:"start"`
}

// TrackerDue says by when the action tracker is to be sent.
type TrackerDue struct {
	Due calendar.Deadline `json:"due"`
}

// TrackerSent says that the action tracker was sent.
type TrackerSent struct {
	By audit.PersonID `json:"by"`
	At time.Time      `json:"at"`
}

// ActionCompleted says that an action is done.
type ActionCompleted struct {
	Action   string         `json:"action"`
	By       audit.PersonID `json:"by"`
	At       time.Time      `json:"at"`
	Evidence audit.FreeText `json:"evidence"`
}

// ActionConfirmed says that somebody else confirmed that it is.
type ActionConfirmed struct {
	Action string         `json:"action"`
	By     audit.PersonID `json:"by"`
	At     time.Time      `json:"at"`
}

// DateAgreed says that an action has another date.
type DateAgreed struct {
	Action  string         `json:"action"`
	Due     calendar.Date  `json:"due"`
	By      audit.PersonID `json:"by"`
	With    audit.PersonID `json:"with"`
	Because audit.FreeText `json:"because"`
	At      time.Time      `json:"at,omitzero"`
}

// LoopClosed says that the loop is closed, and by which Divisional Manager.
type LoopClosed struct {
	By       audit.PersonID `json:"by"`
	At       time.Time      `json:"at"`
	Standard audit.FreeText `json:"standard"`
}

// DipSampled holds what a dip sample found.
type DipSampled struct {
	By           audit.PersonID  `json:"by"`
	At           time.Time       `json:"at"`
	Held         map[string]Held `json:"held"`
	Impact       audit.FreeText  `json:"impact"`
	GoodPractice audit.FreeText  `json:"good_practice,omitempty"`
}

// Type implements [Event].
func (e Unknown) Type() string       { return e.Name }
func (ConcernRaised) Type() string   { return TypeConcernRaised }
func (Notified) Type() string        { return TypeNotified }
func (Acknowledged) Type() string    { return TypeAcknowledged }
func (PlanRecorded) Type() string    { return TypePlanRecorded }
func (FollowUpPlanned) Type() string { return TypeFollowUpPlanned }
func (TrackerDue) Type() string      { return TypeTrackerDue }
func (TrackerSent) Type() string     { return TypeTrackerSent }
func (ActionCompleted) Type() string { return TypeActionCompleted }
func (ActionConfirmed) Type() string { return TypeActionConfirmed }
func (DateAgreed) Type() string      { return TypeDateAgreed }
func (LoopClosed) Type() string      { return TypeLoopClosed }
func (DipSampled) Type() string      { return TypeDipSampled }

func (Audit) loopEvent()           {}
func (Moderation) loopEvent()      {}
func (Cycle) loopEvent()           {}
func (Unknown) loopEvent()         {}
func (ConcernRaised) loopEvent()   {}
func (Notified) loopEvent()        {}
func (Acknowledged) loopEvent()    {}
func (PlanRecorded) loopEvent()    {}
func (FollowUpPlanned) loopEvent() {}
func (TrackerDue) loopEvent()      {}
func (TrackerSent) loopEvent()     {}
func (ActionCompleted) loopEvent() {}
func (ActionConfirmed) loopEvent() {}
func (DateAgreed) loopEvent()      {}
func (LoopClosed) loopEvent()      {}
func (DipSampled) loopEvent()      {}

func (Suspended) loopEvent()              {}
func (Resumed) loopEvent()                {}
func (WithdrawalProposed) loopEvent()     {}
func (Withdrawn) loopEvent()              {}
func (FollowUpCancelled) loopEvent()      {}
func (AdviceAsked) loopEvent()            {}
func (AdviceGiven) loopEvent()            {}
func (ReflectedInSupervision) loopEvent() {}

// encode returns an event as it is stored.
func encode(e Event) ([]byte, error) {
	switch e := e.(type) {
	case Audit:
		return json.Marshal(e.Event)
	case Moderation:
		return json.Marshal(e.Event)
	case Cycle:
		return json.Marshal(e.Event)
	case Unknown:
		return e.Data, nil
	}
	return json.Marshal(e)
}

// DecodeEvent reads an event as it is stored. A type that this version does not
// know is an [Unknown]; an error says that the bytes of a known one are broken.
func DecodeEvent(eventType string, data []byte) (Event, error) {
	return decodeBy(upcasters, eventType, data)
}

// decoders read the events of this package, by their type.
var decoders = stored.Types[Event]{
	TypeConcernRaised:          decode[ConcernRaised],
	TypeNotified:               decode[Notified],
	TypeAcknowledged:           decode[Acknowledged],
	TypePlanRecorded:           decode[PlanRecorded],
	TypeFollowUpPlanned:        decode[FollowUpPlanned],
	TypeTrackerDue:             decode[TrackerDue],
	TypeTrackerSent:            decode[TrackerSent],
	TypeActionCompleted:        decode[ActionCompleted],
	TypeActionConfirmed:        decode[ActionConfirmed],
	TypeDateAgreed:             decode[DateAgreed],
	TypeLoopClosed:             decode[LoopClosed],
	TypeDipSampled:             decode[DipSampled],
	TypeSuspended:              decode[Suspended],
	TypeResumed:                decode[Resumed],
	TypeWithdrawalProposed:     decode[WithdrawalProposed],
	TypeWithdrawn:              decode[Withdrawn],
	TypeFollowUpCancelled:      decode[FollowUpCancelled],
	TypeDipSampleChosen:        decode[DipSampleChosen],
	TypeMigrated:               decode[Migrated],
	TypeAdviceAsked:            decode[AdviceAsked],
	TypeAdviceGiven:            decode[AdviceGiven],
	TypeReflectedInSupervision: decode[ReflectedInSupervision],
}

func decodeCurrent(eventType string, data []byte) (Event, error) {
	if e, ok, err := audit.DecodeEvent(eventType, data); ok {
		return Audit{e}, err
	}
	if e, ok, err := moderation.DecodeEvent(eventType, data); ok {
		return Moderation{e}, err
	}
	if e, ok, err := cycle.DecodeEvent(eventType, data); ok {
		return Cycle{e}, err
	}
	if e, ok, err := decoders.Read(eventType, data); ok {
		return e, err
	}
	return Unknown{Name: eventType, Data: data}, nil
}

// decode reads an event of one type.
func decode[E Event](data []byte) (Event, error) {
	var e E
	err := json.Unmarshal(data, &e)
	return e, err
}
