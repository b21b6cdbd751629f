package loop

import (
	"time"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/moderation"
)

// recorded returns the state with a record's version, time and command.
func (s State) recorded(e Event, r Record) State {
	s.Version = r.Version
	if n := len(s.commands); n == 0 || s.commands[n-1].id != r.Command {
		s.commands = append(s.commands, applied{r.Command, r.Digest})
	}
	switch e.(type) {
	case Audit, Moderation, Cycle:
		if r.At.After(s.Last) {
			s.Last = r.At
		}
	}
	return s
}

// inOrder refuses a command that is dated before what it rests on: deadlines
// would be counted, and notices dated, from a day that is none of theirs. It
// compares days, as deadlines are counted: within one, two people's machines may
// differ on who came first.
func inOrder(s State, c Command) error {
	day := restsOn(s, c)
	if !c.Head().On().Before(day) {
		return nil
	}
	return refuse(c, "dated", "it is dated "+c.Head().On().Long()+", before what it rests on", "a time from "+day.Long()+" on")
}

// restsOn returns the day before which a command cannot be dated; the zero date
// if any day will do. What is saved while an audit, a moderation or an action
// goes on may be entered late. A plan to keep a child safe is never held up.
func restsOn(s State, c Command) calendar.Date {
	switch c := c.(type) {
	case WakeUp, RecordPlan:
		return calendar.Date{}
	case audit.Reflect, audit.Meet, audit.Answer, audit.Judge, audit.SeeSuggestion, audit.RecordFeedback, audit.AddAction:
		return s.Audit.Due.Start
	case moderation.Discuss, moderation.Amend, moderation.Judge, moderation.AddAction, moderation.SeeSuggestion, moderation.SeeAuditorGrade:
		return s.Moderation.Due.Start
	case CompleteAction:
		return s.asked(c.Action)
	case AgreeDate:
		return s.asked(c.Action)
	case ReflectInSupervision:
		return s.asked(c.Action)
	case ConfirmAction:
		if t, ok := s.tracked(c.Action); ok && t.Completed != nil {
			return dayOf(t.Completed.At)
		}
	case SendTracker:
		if s.Moderation.Final != nil {
			return dayOf(s.Moderation.Final.At)
		}
	case CloseLoop:
		last := s.Last
		for _, t := range s.Tracker {
			if t.Confirmed != nil && t.Confirmed.At.After(last) {
				last = t.Confirmed.At
			}
		}
		return dayOf(last)
	}
	return dayOf(s.Last)
}

// asked is the day on which the stage that asked for an action ended.
func (s State) asked(action string) calendar.Date {
	t, ok := s.tracked(action)
	switch {
	case ok && t.Stage == StageAudit && s.Audit.Final != nil:
		return dayOf(s.Audit.Final.At)
	case ok && t.Stage == StageModeration && s.Moderation.Final != nil:
		return dayOf(s.Moderation.Final.At)
	}
	return calendar.Date{}
}

// dayOf is the London day of a moment; the zero date of none.
func dayOf(t time.Time) calendar.Date {
	if t.IsZero() {
		return calendar.Date{}
	}
	return calendar.DateOf(t)
}
