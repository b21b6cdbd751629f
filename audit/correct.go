package audit

import (
	"slices"
	"time"

	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/rubric"
)

// Correct corrects a finalised audit before its moderation is finalised: answers,
// and the judgements that go with them. The limits are looked at again: a
// judgement above one is refused unless the correction brings a lower one. A file
// that a correction makes Inadequate is found so by it.
type Correct struct {
	Header
	Facts      map[string]string                   `json:"facts,omitempty"`
	Lines      map[string]map[string]rubric.Answer `json:"lines,omitempty"`
	Evidence   map[string]map[string]FreeText      `json:"evidence,omitempty"`
	Missed     []rubric.MissedBottomLine           `json:"missed,omitempty"`
	NotMissed  []rubric.MissedBottomLine           `json:"not_missed,omitempty"`
	Judgements []CorrectedJudgement                `json:"judgements,omitempty"`
	Because    FreeText                            `json:"because"`
}

// CorrectedJudgement is a judgement of a section, or of the file ([Overall]), after
// a correction. The one before is kept.
type CorrectedJudgement struct {
	Section   string       `json:"section"`
	Grade     rubric.Grade `json:"grade"`
	Rationale FreeText     `json:"rationale"`

	SuggestionSeen bool `json:"suggestion_seen,omitempty"`
}

// Corrected holds a correction, and how the audit stands after it.
type Corrected struct {
	By         PersonID                            `json:"by"`
	As         Role                                `json:"as"`
	At         time.Time                           `json:"at"`
	Facts      map[string]string                   `json:"facts,omitempty"`
	Lines      map[string]map[string]rubric.Answer `json:"lines,omitempty"`
	Evidence   map[string]map[string]FreeText      `json:"evidence,omitempty"`
	Missed     []rubric.MissedBottomLine           `json:"missed,omitempty"`
	NotMissed  []rubric.MissedBottomLine           `json:"not_missed,omitempty"`
	Judgements []CorrectedJudgement                `json:"judgements,omitempty"`
	Because    FreeText                            `json:"because"`
	Outcome    Outcome                             `json:"outcome"`
}

// CorrectCase corrects what the caseload said of the child's file before the audit
// is finalised. Everything is given, as it should read; the case number is changed
// by [Renumber]. What no longer applies stays recorded and counts no more; the
// limits are looked at when the audit is finalised.
type CorrectCase struct {
	Header
	OpenedOn calendar.Date `json:"opened_on"`
	Team     string        `json:"team,omitempty"`
	Service  string        `json:"service,omitempty"`
	Status   []string      `json:"status,omitempty"`
	Because  FreeText      `json:"because"`
}

// CaseCorrected says how a case should have read.
type CaseCorrected struct {
	By       PersonID      `json:"by"`
	At       time.Time     `json:"at"`
	OpenedOn calendar.Date `json:"opened_on"`
	Team     string        `json:"team,omitempty"`
	Service  string        `json:"service,omitempty"`
	Status   []string      `json:"status,omitempty"`
	Because  FreeText      `json:"because"`

	Eligible calendar.Deadline `json:"eligible,omitzero"` // from when the file could be chosen; a follow-up's could always
}

// Reopen takes a finalised audit back to its auditor, whatever came after it: its
// moderation begins anew, and the loop is open. All judgements are kept, and the
// limits are looked at when it is finalised again.
type Reopen struct {
	Header
	Because FreeText `json:"because"`
}

// Reopened says why an audit was reopened, and by when it is due now.
type Reopened struct {
	By      PersonID          `json:"by"`
	At      time.Time         `json:"at"`
	Due     calendar.Deadline `json:"due"`
	Because FreeText          `json:"because"`
}

// Names of these events, as stored. They never change.
const (
	TypeCorrected     = "audit.corrected"
	TypeCaseCorrected = "audit.case_corrected"
	TypeReopened      = "audit.reopened"
)

func (Correct) Name() string     { return "correct" }
func (CorrectCase) Name() string { return "correct_case" }
func (Reopen) Name() string      { return "reopen" }

func (Corrected) Type() string     { return TypeCorrected }
func (CaseCorrected) Type() string { return TypeCaseCorrected }
func (Reopened) Type() string      { return TypeReopened }

func (c Correct) decide(s State, env Env) ([]Event, error) {
	if r := NotRecorded(c.Name(), c.NotMissed, s.Missed); r != nil {
		return nil, r
	}
	e := Corrected{
		By: c.Actor, As: s.standing(c, env.Policy.May), At: c.At, Facts: c.Facts, Lines: c.Lines, Evidence: c.Evidence,
		Missed: c.Missed, NotMissed: c.NotMissed, Judgements: slices.Clone(c.Judgements), Because: c.Because,
	}
	rs := CheckBecause(c, c.Because)
	if len(c.Facts)+len(c.Lines)+len(c.Evidence)+len(c.Missed)+len(c.NotMissed)+len(c.Judgements) == 0 {
		rs = append(rs, refuse(c, "correction", "nothing is corrected", "an answer, its evidence or a judgement"))
	}
	for i, j := range c.Judgements {
		rs = append(rs, CheckJudgement(c.Name(), j.Section, j.Grade, j.Rationale, env.Rubric)...)
		e.Judgements[i].SuggestionSeen = j.SuggestionSeen || s.saw(c.Actor, j.Section)
	}
	if err := rs.Err(); err != nil {
		return nil, err
	}
	after := Evolve(s, e)
	_, res, err := after.Grade(env)
	if err != nil {
		return nil, err
	}
	if err := EvidenceOf(c, c.Evidence, env.Rubric); err != nil {
		return nil, err
	}
	rs = append(unanswered(c, res, env), unjudged(c, after, res, env)...)
	if err := rs.Err(); err != nil {
		return nil, err
	}
	e.Outcome = after.outcome(res)
	return []Event{e}, nil
}

func (e Corrected) evolve(s State) State {
	s = Answered{By: e.By, As: e.As, Facts: e.Facts, Lines: e.Lines, Evidence: e.Evidence, Missed: e.Missed, NotMissed: e.NotMissed}.evolve(s)
	for _, j := range e.Judgements {
		s = Judged{By: e.By, As: e.As, Section: j.Section, Grade: j.Grade, Rationale: j.Rationale, SuggestionSeen: j.SuggestionSeen, At: e.At}.evolve(s)
	}
	if s.Final != nil {
		final := *s.Final
		final.Outcome = e.Outcome
		s.Final = &final
	}
	return s
}

func (c CorrectCase) decide(s State, env Env) ([]Event, error) {
	rs := CheckBecause(c, c.Because)
	e := CaseCorrected{By: c.Actor, At: c.At, OpenedOn: c.OpenedOn, Team: c.Team, Service: c.Service, Status: c.Status, Because: c.Because}
	after := Evolve(s, e)
	if s.Origin == nil {
		eligible, r := s.Kind.eligible(after.Case, c.On(), env)
		if e.Eligible = eligible; r != nil {
			r.Command, r.Accept = c.Name(), "the right date; a file that may not be audited is withdrawn"
			rs = append(rs, r)
		}
	}
	rs = append(rs, unknown(c, after.Case, env.Rubric)...)
	if err := rs.Err(); err != nil {
		return nil, err
	}
	if _, _, err := after.Grade(env); err != nil {
		return nil, err
	}
	return []Event{e}, nil
}

func (e CaseCorrected) evolve(s State) State {
	s.Case.OpenedOn, s.Case.Team, s.Case.Service, s.Case.Status = e.OpenedOn, e.Team, e.Service, e.Status
	s.Eligible = e.Eligible
	return s
}

func (c Reopen) decide(_ State, env Env) ([]Event, error) {
	if err := CheckBecause(c, c.Because).Err(); err != nil {
		return nil, err
	}
	due, err := env.Policy.Audit.Deadline(env.Calendar, c.At)
	if err != nil {
		return nil, err
	}
	return []Event{Reopened{By: c.Actor, At: c.At, Due: due, Because: c.Because}}, nil
}

func (e Reopened) evolve(s State) State {
	s.Phase, s.Due = PhaseStarted, e.Due
	return s
}
