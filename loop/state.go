package loop

import (
	"slices"
	"time"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/cycle"
	"github.com/practiceaudit/practiceaudit/moderation"
	"github.com/practiceaudit/practiceaudit/rubric"
)

// State is one stream as its events tell of it: a value, to be treated as
// read-only. Begin with [New] and [Fold] the stream's records into it.
type State struct {
	Stream  StreamID
	Version Version
	Newer   bool      // holds events that this version of the library does not know
	Last    time.Time // the latest time of what audit, moderation and cycle recorded

	Audit      audit.State
	Moderation moderation.State
	Cycle      cycle.State // of a stream that is a month's cycle, or a year's schedule

	Concerns   []ConcernRaised
	Plans      []PlanRecorded
	Notices    []Notified     // every notice ever intended
	Read       []Acknowledged // every acknowledgement
	FollowUps  []FollowUpPlanned
	Tracker    []Tracked
	TrackerDue calendar.Deadline
	Sent       *TrackerSent // the latest
	Closed     *LoopClosed
	Sample     *DipSampled
	Suspended  *Suspended // while it is
	Resumed    *Resumed   // the latest
	Proposed   *WithdrawalProposed
	Withdrawn  *Withdrawn
	Cancelled  *FollowUpCancelled
	Chosen     *DipSampleChosen
	Migrations []Migrated
	Asked      []AdviceAsked
	Advice     []AdviceGiven

	commands []applied
}

// applied is a command that the stream has recorded.
type applied struct {
	id     CommandID
	digest Digest
}

// Stage is who asked for an action.
type Stage string

// The stages whose actions are tracked together.
const (
	StageAudit      Stage = "audit"
	StageModeration Stage = "moderation"
)

// Tracked is an action on its way to being done.
type Tracked struct {
	audit.Action
	Stage     Stage
	Due       calendar.Deadline // the working day it is due; an agreed date has no period
	Since     time.Time         // when it was asked for, or the date agreed
	Agreed    *DateAgreed       // the latest
	Completed *ActionCompleted
	Confirmed *ActionConfirmed

	Reflections []ReflectedInSupervision // upon its impact
}

// New is the state of a stream before its first event.
func New(s StreamID) State { return State{Stream: s} }

// Fold returns the state after some records, in the order of their versions, and
// leaves s as it was. Unknown events mark the state; broken bytes are an error, and
// the state is that before them.
func Fold(s State, records ...Record) (State, error) {
	s = s.clipped()
	for _, r := range records {
		var err error
		if s, err = s.fold(r); err != nil {
			return s, err
		}
	}
	return s, nil
}

// fold is as [Fold], and may write behind what s holds.
func (s State) fold(r Record) (State, error) {
	e, err := DecodeEvent(r.Type, r.Data)
	if err != nil {
		return s, err
	}
	return s.evolve(e).recorded(e, r), nil
}

// Evolve returns the state after some events, one after another. It is total, and
// leaves s as it was.
func Evolve(s State, events ...Event) State {
	s = s.clipped()
	for _, e := range events {
		s = s.evolve(e)
	}
	return s
}

// clipped returns s so that whatever is added to what grows with each event is
// written to a place of its own. That is done once for many events, so that a long
// history is not copied for each.
func (s State) clipped() State {
	s.Concerns, s.Plans, s.Notices, s.Read = slices.Clip(s.Concerns), slices.Clip(s.Plans), slices.Clip(s.Notices), slices.Clip(s.Read)
	s.FollowUps, s.Asked, s.Advice = slices.Clip(s.FollowUps), slices.Clip(s.Asked), slices.Clip(s.Advice)
	s.commands = slices.Clip(s.commands)
	return s
}

// evolve is as [Evolve], and may write behind what s holds.
func (s State) evolve(e Event) State {
	switch e := e.(type) {
	case Audit:
		s.Audit = audit.Evolve(s.Audit, e.Event)
		if f, ok := e.Event.(audit.Finalised); ok {
			s.Tracker = track(s.Tracker, StageAudit, s.Audit.Actions, f.ActionsDue, f.At)
		}
		if _, ok := e.Event.(audit.Reopened); ok {
			s.Closed, s.TrackerDue = nil, calendar.Deadline{}
		}
	case Moderation:
		s.Moderation = moderation.Evolve(s.Moderation, e.Event)
		if f, ok := e.Event.(moderation.Finalised); ok {
			s.Tracker = track(s.Tracker, StageModeration, s.Moderation.Actions, f.Standard, f.At)
		}
		if _, ok := e.Event.(moderation.Reopened); ok {
			s.Closed, s.TrackerDue = nil, calendar.Deadline{}
		}
	case Cycle:
		s.Cycle = cycle.Evolve(s.Cycle, e.Event)
	case ConcernRaised:
		s.Concerns = append(s.Concerns, e)
	case Notified:
		s.Notices = append(s.Notices, e)
	case Acknowledged:
		s.Read = append(s.Read, e)
	case PlanRecorded:
		s.Plans = append(s.Plans, e)
	case FollowUpPlanned:
		s.FollowUps = append(s.FollowUps, e)
	case TrackerDue:
		s.TrackerDue, s.Sent = e.Due, nil
	case TrackerSent:
		s.Sent = &e
	case ActionCompleted:
		s.Tracker = update(s.Tracker, e.Action, func(t *Tracked) { t.Completed = &e })
	case ActionConfirmed:
		s.Tracker = update(s.Tracker, e.Action, func(t *Tracked) { t.Confirmed = &e })
	case DateAgreed:
		s.Tracker = update(s.Tracker, e.Action, func(t *Tracked) {
			t.Agreed, t.Due, t.Since = &e, agreed(e.Due), e.At
		})
	case LoopClosed:
		s.Closed = &e
	case DipSampled:
		s.Sample = &e
	case Suspended:
		s.Suspended = &e
	case Resumed:
		s.Suspended, s.Resumed = nil, &e
	case WithdrawalProposed:
		s.Proposed = &e
	case Withdrawn:
		s.Withdrawn, s.Proposed = &e, nil
		s.Tracker = track(s.Tracker, StageAudit, s.Audit.Actions, e.ActionsDue, e.At)
		s.Tracker = track(s.Tracker, StageModeration, s.Moderation.Actions, e.ActionsDue, e.At)
	case FollowUpCancelled:
		s.Cancelled = &e
	case DipSampleChosen:
		s.Chosen = &e
	case Migrated:
		return s.migrated(e)
	case AdviceAsked:
		s.Asked = append(s.Asked, e)
	case AdviceGiven:
		s.Advice = append(s.Advice, e)
	case ReflectedInSupervision:
		s.Tracker = update(s.Tracker, e.Action, func(t *Tracked) { t.reflect(e) })
	case Unknown:
		s.Newer = true
	}
	return s
}

// track adds those actions that are not tracked yet.
func track(tracker []Tracked, stage Stage, actions []audit.Action, due calendar.Deadline, since time.Time) []Tracked {
	tracker = slices.Clip(tracker)
	for _, a := range actions {
		if slices.ContainsFunc(tracker, func(t Tracked) bool { return t.ID == a.ID }) {
			continue
		}
		t := Tracked{Action: a, Stage: stage, Due: due, Since: since}
		if !a.AgreedDate.IsZero() {
			t.Due = agreed(a.AgreedDate)
		}
		tracker = append(tracker, t)
	}
	return tracker
}

// agreed is a deadline that people set, not a period.
func agreed(d calendar.Date) calendar.Deadline {
	return audit.Agreed(calendar.Deadline{}, d)
}

func update(tracker []Tracked, id string, change func(*Tracked)) []Tracked {
	tracker = slices.Clone(tracker)
	for i := range tracker {
		if tracker[i].ID == id {
			change(&tracker[i])
		}
	}
	return tracker
}

// tracked returns an action of the tracker.
func (s State) tracked(id string) (Tracked, bool) {
	i := slices.IndexFunc(s.Tracker, func(t Tracked) bool { return t.ID == id })
	if i < 0 {
		return Tracked{}, false
	}
	return s.Tracker[i], true
}

// FollowUp returns the planned follow-up of a kind.
func (s State) FollowUp(k audit.Kind) (FollowUpPlanned, bool) {
	i := slices.IndexFunc(s.FollowUps, func(f FollowUpPlanned) bool { return f.Kind == k })
	if i < 0 {
		return FollowUpPlanned{}, false
	}
	return s.FollowUps[i], true
}

// Grade is the file's grade as it stands: the moderator's of now, else the
// auditor's; empty before there is one.
func (s State) Grade() rubric.Grade {
	switch m := s.moderated(); {
	case m != nil:
		return m.Now
	case s.Audit.Final != nil:
		return s.Audit.Final.Grade
	}
	return ""
}

// moderated is the moderation's end that stands: none once the audit was reopened
// and finalised again.
func (s State) moderated() *moderation.Finalised {
	if s.Moderation.Phase == moderation.PhaseNone && s.Audit.Phase == audit.PhaseFinalised {
		return nil
	}
	return s.Moderation.Final
}

// missed are the bottom lines found missed: by the moderator, who has looked at
// the auditor's, or by the auditor while the moderation has not ended.
func (s State) missed() []rubric.LineRef {
	switch m := s.moderated(); {
	case m != nil:
		return m.Missed
	case s.Audit.Final != nil:
		return s.Audit.Final.Missed
	}
	return nil
}

// People are those of the case, with the auditor and the moderator.
func (s State) People() audit.People {
	p := s.Audit.People
	if m := s.Moderation.Moderator; m != "" {
		p = p.With(audit.RoleModerator, m)
	}
	return p
}

// Acknowledged reports whether a person has acknowledged a notice.
func (s State) Acknowledged(id NoticeID) bool {
	return slices.ContainsFunc(s.Read, func(a Acknowledged) bool { return a.Notice == id })
}
