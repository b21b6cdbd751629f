package moderation

import (
	"slices"
	"time"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/calendar"
)

// Disagree records that the auditor, or a deputy who audited the file, does not
// agree with a finalised moderation.
// Until it is settled the audit does not close. Nothing else waits for it.
type Disagree struct {
	audit.Header
	Because audit.FreeText `json:"because"`
}

// Disagreed holds the auditor's disagreement.
type Disagreed struct {
	By      audit.PersonID `json:"by"`
	At      time.Time      `json:"at"`
	Because audit.FreeText `json:"because"`
}

// Settle settles a disagreement by the person whom the process policy names, who
// neither audited nor moderated the file (our reading). A moderation that is not
// upheld goes back to its moderator: whoever settles gives no grade.
type Settle struct {
	audit.Header
	Uphold  bool           `json:"uphold,omitempty"`
	Because audit.FreeText `json:"because"`
}

// Settled says how a disagreement ended.
type Settled struct {
	By      audit.PersonID    `json:"by"`
	At      time.Time         `json:"at"`
	Upheld  bool              `json:"upheld,omitempty"`
	Because audit.FreeText    `json:"because"`
	Due     calendar.Deadline `json:"due,omitzero"` // of the moderation that goes back
}

// SeeSuggestion records that the moderator is shown what the rubric suggests for
// the file in a view. By policy they judge first.
type SeeSuggestion struct {
	audit.Header
	View View `json:"view"`
}

// SeeAuditorGrade records that the moderator is shown the auditor's grade of the
// file. By policy they first judge it as it was at audit.
type SeeAuditorGrade struct{ audit.Header }

// Seen says that somebody was shown a suggestion or, without a view, the auditor's
// grade.
type Seen struct {
	By   audit.PersonID `json:"by"`
	As   audit.Role     `json:"as"`
	At   time.Time      `json:"at"`
	View View           `json:"view,omitempty"`
}

// Names of these events, as stored. They never change.
const (
	TypeDisagreed = "moderation.disagreed"
	TypeSettled   = "moderation.settled"
	TypeSeen      = "moderation.seen"
)

// Name implements [Command].
func (Disagree) Name() string        { return "disagree" }
func (Settle) Name() string          { return "settle" }
func (SeeSuggestion) Name() string   { return "see_moderation_suggestion" }
func (SeeAuditorGrade) Name() string { return "see_auditor_grade" }

// Type implements [Event].
func (Disagreed) Type() string { return TypeDisagreed }
func (Settled) Type() string   { return TypeSettled }
func (Seen) Type() string      { return TypeSeen }

func (c Disagree) decide(s State, as audit.Role, env Env) ([]Event, error) {
	rs := audit.CheckBecause(c, c.Because)
	if as == audit.RoleAuditor && !slices.Contains(env.Audit.Auditors(), c.Actor) {
		rs = append(rs, &audit.Refusal{Command: c.Name(), Rule: "auditor", Message: string(c.Actor) + " did not audit this file", Roles: []audit.Role{audit.RoleAuditor}, People: env.Audit.Auditors()})
	}
	if s.Disagreement != nil {
		rs = append(rs, refuse(c, "disagreement", "a disagreement is open already", "it is settled first"))
	}
	if err := rs.Err(); err != nil {
		return nil, err
	}
	return []Event{Disagreed{By: c.Actor, At: c.At, Because: c.Because}}, nil
}

func (e Disagreed) evolve(s State) State {
	s.Disagreement = &e
	return s
}

func (c Settle) decide(s State, _ audit.Role, env Env) ([]Event, error) {
	rs := audit.CheckBecause(c, c.Because)
	if s.Disagreement == nil {
		rs = append(rs, refuse(c, "disagreement", "no disagreement is open", ""))
	}
	if err := rs.Err(); err != nil {
		return nil, err
	}
	e := Settled{By: c.Actor, At: c.At, Upheld: c.Uphold, Because: c.Because}
	if !c.Uphold {
		due, err := env.Moderation.Moderation.Deadline(env.Calendar, c.At)
		if err != nil {
			return nil, err
		}
		e.Due = due
	}
	return []Event{e}, nil
}

func (e Settled) evolve(s State) State {
	s.Settled = append(slices.Clip(s.Settled), e)
	if s.Disagreement = nil; !e.Upheld {
		s.Phase, s.Due, s.Checked = PhaseAllocated, e.Due, nil
	}
	return s
}

func (c SeeSuggestion) decide(s State, as audit.Role, env Env) ([]Event, error) {
	if r := viewOf(c, c.View); r != nil {
		return nil, r
	}
	if r := s.judgesFirst(c, c.View, env); r != nil {
		return nil, r
	}
	return []Event{Seen{By: c.Actor, As: as, At: c.At, View: c.View}}, nil
}

func (c SeeAuditorGrade) decide(s State, as audit.Role, env Env) ([]Event, error) {
	if r := s.judgesFirst(c, AsAtAudit, env); r != nil {
		return nil, r
	}
	return []Event{Seen{By: c.Actor, As: as, At: c.At}}, nil
}

func (e Seen) evolve(s State) State {
	s.Seen = append(slices.Clip(s.Seen), e)
	return s.acted(e.As, e.By)
}

// judgesFirst refuses to show anything to somebody who has not judged the view, and
// anew after a reopening.
func (s State) judgesFirst(c Command, v View, env Env) *audit.Refusal {
	judged := slices.ContainsFunc(s.Judged[s.Earlier.Judged:], func(j Judged) bool { return j.By == c.Head().Actor && j.View == v })
	if !env.Policy.JudgeFirst || judged {
		return nil
	}
	return refuse(c, "judge_first", string(c.Head().Actor)+" has not judged the file "+v.Title(), "a judgement of one's own comes first")
}

// saw reports whether a person was shown the suggestion in a view or, without one,
// the auditor's grade.
func (s State) saw(who audit.PersonID, v View) bool {
	return slices.ContainsFunc(s.Seen, func(e Seen) bool { return e.By == who && e.View == v })
}
