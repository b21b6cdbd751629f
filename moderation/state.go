package moderation

import (
	"slices"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/rubric"
)

// Phase is how far a moderation has come.
type Phase string

// The phases of a moderation, in order.
const (
	PhaseNone      Phase = ""
	PhaseAllocated Phase = "allocated"
	PhaseFinalised Phase = "finalised"
	PhaseChecked   Phase = "checked"
	PhaseClosed    Phase = "closed"
)

// State is a moderation as its events tell of it: a value, to be treated as
// read-only. The audit itself is not part of it.
type State struct {
	Phase     Phase
	Moderator audit.PersonID
	Due       calendar.Deadline
	Acted     []audit.PersonID // all who acted as the moderator, each once
	Discussed []Discussed
	Amended   []Amended // every amendment, in order
	Judged    []Judged  // every grade, in order
	Actions   []audit.Action
	Final     *Finalised // the latest
	CheckDue  calendar.Deadline
	Returned  []Returned
	Checked   *Checked
	Commented *Commented

	Anew         bool       // reopened, and not finalised again
	Disagreement *Disagreed // not settled yet
	Settled      []Settled
	Seen         []Seen

	Earlier Earlier
}

// Earlier is how many of a moderation's discussions, amendments and grades came
// before it was reopened, and count no more.
type Earlier struct{ Discussed, Amended, Judged int }

// Evolve returns the state after an event. It is total.
func Evolve(s State, e Event) State {
	if e == nil {
		return s
	}
	return e.evolve(s)
}

func (e Allocated) evolve(s State) State {
	s.Phase, s.Moderator, s.Due, s.Final = PhaseAllocated, e.Moderator, e.Due, nil
	return s.acted(audit.RoleModerator, e.Moderator)
}

func (e Discussed) evolve(s State) State {
	s.Discussed = append(slices.Clip(s.Discussed), e)
	return s.acted(e.As, e.By)
}

func (e Amended) evolve(s State) State {
	s.Amended = append(slices.Clip(s.Amended), e)
	return s.acted(e.As, e.By)
}

func (e Judged) evolve(s State) State {
	s.Judged = append(slices.Clip(s.Judged), e)
	return s.acted(e.As, e.By)
}

func (e ActionAdded) evolve(s State) State {
	s.Actions = append(slices.Clip(s.Actions), e.Action)
	return s.acted(e.As, e.By)
}

func (e Finalised) evolve(s State) State {
	s.Phase, s.Final, s.CheckDue, s.Anew = PhaseFinalised, &e, e.CheckDue, false
	return s.acted(e.As, e.By)
}

func (e Checked) evolve(s State) State {
	s.Phase, s.Checked = PhaseChecked, &e
	return s
}

func (e Returned) evolve(s State) State {
	s.Phase, s.Due = PhaseAllocated, e.Due
	s.Returned = append(slices.Clip(s.Returned), e)
	return s
}

func (e Commented) evolve(s State) State {
	s.Phase, s.Commented = PhaseClosed, &e
	return s
}

// Judgement returns the moderator's latest grade in a view; none from before a
// reopening.
func (s State) Judgement(v View) (Judged, bool) {
	for _, j := range slices.Backward(s.Judged[s.Earlier.Judged:]) {
		if j.View == v {
			return j, true
		}
	}
	return Judged{}, false
}

// acted returns s with a person among those who acted as the moderator, if that
// was the role; no role is the moderator's.
func (s State) acted(as audit.Role, who audit.PersonID) State {
	if who != "" && (as == "" || as == audit.RoleModerator) && !slices.Contains(s.Acted, who) {
		s.Acted = append(slices.Clip(s.Acted), who)
	}
	return s
}

// Moderators are all who acted as the moderator: who was allocated, and whoever
// discussed, amended, judged, added an action or finalised in that role, before
// a return too.
func (s State) Moderators() []audit.PersonID { return s.Acted }

// Answers returns the audit's answers as the moderator sees them in a view: what
// was amended for now lies over what was amended as it was at audit, whichever
// came first. The section judgements stay the auditor's.
func (s State) Answers(a audit.State, v View) rubric.Answers {
	a = s.amend(a, AsAtAudit)
	if v == Now {
		a = s.amend(a, Now)
	}
	return a.Answers()
}

// amend lays the amendments of one view over an audit's answers, in order.
func (s State) amend(a audit.State, v View) audit.State {
	for _, m := range s.Amended[s.Earlier.Amended:] {
		if m.View == v {
			a = audit.Evolve(a, audit.Answered{Facts: m.Facts, Lines: m.Lines, Missed: m.Missed, NotMissed: m.NotMissed})
		}
	}
	return a
}
