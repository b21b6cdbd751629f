package loop

import (
	"fmt"
	"slices"
	"time"

	"github.com/practiceaudit/practiceaudit/audit"
)

// SuspendGround says why an audit rests.
type SuspendGround string

// The grounds of a suspension (our reading).
const (
	GroundSeriousIncident       SuspendGround = "serious_incident"
	GroundDeath                 SuspendGround = "death"
	GroundCriminalInvestigation SuspendGround = "criminal_investigation"
	GroundComplaint             SuspendGround = "complaint"
	GroundLegalHold             SuspendGround = "legal_hold"
	GroundInspection            SuspendGround = "inspection"
)

// SuspendGrounds lists the grounds.
func SuspendGrounds() []SuspendGround {
	return []SuspendGround{GroundSeriousIncident, GroundDeath, GroundCriminalInvestigation, GroundComplaint, GroundLegalHold, GroundInspection}
}

// Suspend stops contact with the family, and the reminders and escalations of the
// audit's own clocks. It never stops what keeps a child safe: alerts and their
// ladders, plans, actions with their reminders, and concerns go on. Dates stay as
// they are; a later one is agreed with extend.
type Suspend struct {
	audit.Header
	Ground  SuspendGround  `json:"ground"`
	Because audit.FreeText `json:"because"`
}

// Resume ends a suspension. Reminders whose moment passed meanwhile are not sent;
// what is overdue is told.
type Resume struct {
	audit.Header
	Because audit.FreeText `json:"because"`
}

// Suspended says since when, and why, an audit rests.
type Suspended struct {
	By      audit.PersonID `json:"by"`
	At      time.Time      `json:"at"`
	Ground  SuspendGround  `json:"ground"`
	Because audit.FreeText `json:"because"`
}

// Resumed says that an audit goes on.
type Resumed struct {
	By      audit.PersonID `json:"by"`
	At      time.Time      `json:"at"`
	Because audit.FreeText `json:"because"`
}

// Names of these events, as stored. They never change.
const (
	TypeSuspended = "loop.suspended"
	TypeResumed   = "loop.resumed"
)

// Name implements [Command].
func (Suspend) Name() string { return "suspend" }
func (Resume) Name() string  { return "resume" }

// Type implements [Event].
func (Suspended) Type() string { return TypeSuspended }
func (Resumed) Type() string   { return TypeResumed }

func (c Suspend) decide(s State, env Env) ([]Event, error) {
	var rs audit.Refusals
	if s.Suspended != nil {
		rs = append(rs, refuse(c, "phase", "the audit is suspended already", ""))
	}
	if !slices.Contains(SuspendGrounds(), c.Ground) {
		rs = append(rs, refuse(c, "ground", fmt.Sprintf("%q is not a ground to suspend an audit", c.Ground), fmt.Sprintf("one of %v", SuspendGrounds())))
	}
	rs = append(rs, audit.CheckBecause(c, c.Because)...)
	if err := rs.Err(); err != nil {
		return nil, err
	}
	n := newNotices(s, c, env)
	n.tell(TopicSuspended)
	return append([]Event{Suspended{By: c.Actor, At: c.At, Ground: c.Ground, Because: c.Because}}, n.events...), nil
}

func (c Resume) decide(s State, env Env) ([]Event, error) {
	var rs audit.Refusals
	if s.Suspended == nil {
		rs = append(rs, refuse(c, "phase", "the audit is not suspended", ""))
	}
	rs = append(rs, audit.CheckBecause(c, c.Because)...)
	if err := rs.Err(); err != nil {
		return nil, err
	}
	n := newNotices(s, c, env)
	n.tell(TopicResumed)
	return append([]Event{Resumed{By: c.Actor, At: c.At, Because: c.Because}}, n.events...), nil
}

// contact refuses contact with the family that was sought while the audit rests.
// What they said before, or say of themselves, is recorded.
func (s State) contact(c Command) error {
	f, ok := c.(audit.RecordFeedback)
	if !ok || s.Suspended == nil || f.Feedback.SoughtOn.IsZero() || f.Feedback.SoughtOn.Before(dayOf(s.Suspended.At)) {
		return nil
	}
	return refuse(c, "suspended", "the audit is suspended since "+dayOf(s.Suspended.At).Long()+": the family is not contacted", "what was sought before that day, or resume")
}

// rests reports whether a clock's reminders and escalations stop while an audit is
// suspended. Those of actions and of the practice standards do not.
func rests(clock string) bool { return clock != ClockActions && clock != ClockStandard }
