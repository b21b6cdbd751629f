package moderation

import (
	"encoding/json"
	"time"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/internal/stored"
	"github.com/practiceaudit/practiceaudit/rubric"
)

// Event is something that has happened to a moderation. The interface is sealed.
type Event interface {
	Type() string
	evolve(s State) State
}

// Names of the events, as stored. They never change.
const (
	TypeAllocated   = "moderation.allocated"
	TypeDiscussed   = "moderation.discussed"
	TypeAmended     = "moderation.amended"
	TypeJudged      = "moderation.judged"
	TypeActionAdded = "moderation.action_added"
	TypeFinalised   = "moderation.finalised"
	TypeChecked     = "moderation.checked"
	TypeReturned    = "moderation.returned"
	TypeCommented   = "moderation.commented"
)

// Allocated names the moderator.
type Allocated struct {
	Moderator audit.PersonID    `json:"moderator"`
	At        time.Time         `json:"at"`
	Due       calendar.Deadline `json:"due"`
}

// Discussed says when moderator and auditor talked.
type Discussed struct {
	By     audit.PersonID `json:"by"`
	As     audit.Role     `json:"as"` // here and below: the role that By acted in; the moderator's if it is empty
	HeldOn calendar.Date  `json:"held_on"`
}

// Amended holds changed answers.
type Amended struct {
	By       audit.PersonID                       `json:"by"`
	As       audit.Role                           `json:"as"`
	View     View                                 `json:"view"`
	Facts    map[string]string                    `json:"facts,omitempty"`
	Lines    map[string]map[string]rubric.Answer  `json:"lines,omitempty"`
	Evidence map[string]map[string]audit.FreeText `json:"evidence,omitempty"`

	Missed    []rubric.MissedBottomLine `json:"missed,omitempty"`
	NotMissed []rubric.MissedBottomLine `json:"not_missed,omitempty"`
	Because   audit.FreeText            `json:"because,omitempty"`
}

// Judged holds one of the moderator's grades.
type Judged struct {
	By             audit.PersonID `json:"by"`
	As             audit.Role     `json:"as"`
	View           View           `json:"view"`
	Grade          rubric.Grade   `json:"grade"`
	Rationale      audit.FreeText `json:"rationale"`
	SuggestionSeen bool           `json:"suggestion_seen,omitempty"`
	AuditorSeen    bool           `json:"auditor_seen,omitempty"`
	At             time.Time      `json:"at"`
}

// ActionAdded holds an additional action.
type ActionAdded struct {
	By     audit.PersonID `json:"by"`
	As     audit.Role     `json:"as"`
	Action audit.Action   `json:"action"`
}

// Finalised says how the moderation ended.
type Finalised struct {
	By        audit.PersonID    `json:"by"`
	As        audit.Role        `json:"as"`
	At        time.Time         `json:"at"`
	AsAtAudit rubric.Grade      `json:"as_at_audit"`
	Now       rubric.Grade      `json:"now"`
	AtMost    rubric.Grade      `json:"at_most,omitempty"` // the limit on Now, if one applied
	Missed    []rubric.LineRef  `json:"missed,omitempty"`  // bottom lines still missed now
	Impact    audit.FreeText    `json:"impact"`
	CheckDue  calendar.Deadline `json:"check_due"`
	Standard  calendar.Deadline `json:"standard"` // by when the case is at the expected standard
}

// Checked says that the moderation is in order.
type Checked struct {
	By audit.PersonID `json:"by"`
}

// Returned says why the moderation went back to the moderator.
type Returned struct {
	By  audit.PersonID    `json:"by"`
	Why audit.FreeText    `json:"why"`
	Due calendar.Deadline `json:"due"`
}

// Commented holds the final QA comments: the audit is closed.
type Commented struct {
	By       audit.PersonID `json:"by"`
	At       time.Time      `json:"at"`
	Comments audit.FreeText `json:"comments"`
}

// Type implements [Event].
func (Allocated) Type() string   { return TypeAllocated }
func (Discussed) Type() string   { return TypeDiscussed }
func (Amended) Type() string     { return TypeAmended }
func (Judged) Type() string      { return TypeJudged }
func (ActionAdded) Type() string { return TypeActionAdded }
func (Finalised) Type() string   { return TypeFinalised }
func (Checked) Type() string     { return TypeChecked }
func (Returned) Type() string    { return TypeReturned }
func (Commented) Type() string   { return TypeCommented }

// decoders read the events of this package, by their type.
var decoders = stored.Types[Event]{
	TypeAllocated:   decode[Allocated],
	TypeDiscussed:   decode[Discussed],
	TypeAmended:     decode[Amended],
	TypeJudged:      decode[Judged],
	TypeActionAdded: decode[ActionAdded],
	TypeFinalised:   decode[Finalised],
	TypeChecked:     decode[Checked],
	TypeReturned:    decode[Returned],
	TypeCommented:   decode[Commented],
	TypeReassigned:  decode[Reassigned],
	TypeExtended:    decode[Extended],
	TypeReopened:    decode[Reopened],
	TypeDisagreed:   decode[Disagreed],
	TypeSettled:     decode[Settled],
	TypeSeen:        decode[Seen],
}

// DecodeEvent reads an event as it is stored. ok is false if the type is not
// one of this package's.
func DecodeEvent(eventType string, data []byte) (e Event, ok bool, err error) {
	return decoders.Read(eventType, data)
}

// decode reads an event of one type.
func decode[E Event](data []byte) (Event, error) {
	var e E
	err := json.Unmarshal(data, &e)
	return e, err
}
