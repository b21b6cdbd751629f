package loop

import (
	"errors"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/moderation"
	"github.com/practiceaudit/practiceaudit/rubric"
)

// Migration says what a [Migrate] would do to an audit.
type Migration struct {
	Before, After audit.Pins
	Deadlines     []Moved    // all that run
	Grades        []Regraded // of the audit, and of the moderation as at audit and now
	NotUnderstood []rubric.AnswerError
	Refused       error // why the command would be refused; nil if it would not
}

// Regraded is how one stage of an audit grades by the rubric before a migration and by
// the one after it. Grade is what people judged, in both; it is empty while they have
// not.
type Regraded struct {
	View   moderation.View `json:"view,omitempty"` // none for the audit itself
	Final  bool            `json:"final,omitempty"`
	Before audit.Outcome   `json:"before"`
	After  audit.Outcome   `json:"after"`
}

// DryRun says what a migration would do, without doing it: every deadline that runs,
// the suggestions, limits and missed bottom lines before and after, the answers that
// the new rubric does not understand, and why the command would be refused, if so. The
// command, given on the same version of the audit, then does exactly that.
//
// The error says why nothing can be worked out: what the command names is not in
// Env.Next, the Env is not the one that the audit is pinned to, a deadline would lie
// outside the calendar.
func DryRun(s State, c Migrate, env Env) (Migration, error) {
	if err := env.check(s); err != nil {
		return Migration{}, err
	}
	next, rs := c.next(s, env)
	if err := rs.Err(); err != nil {
		return Migration{}, err
	}
	m, err := s.migration(env, next)
	if err != nil {
		return Migration{}, err
	}
	_, m.Refused = Decide(s, c, env)
	return m, nil
}

// migration works out what changes if next decides instead of env.
func (s State) migration(env, next Env) (Migration, error) {
	m := Migration{Before: s.Audit.Pins, After: next.audit().Pins()}
	if s.Audit.Phase == audit.PhasePlanned { // pinned to nothing yet: only its day moves
		m.After = audit.Pins{Calendar: next.Calendar.Edition()}
	}
	for _, c := range s.Clocks() {
		moved, err := s.again(c, next)
		if err != nil {
			return m, err
		}
		m.Deadlines = append(m.Deadlines, moved)
	}
	for _, st := range s.stages() {
		before, err := st.outcome(env)
		if err != nil {
			return m, err
		}
		after, err := st.outcome(next)
		var wrong *rubric.AnswerErrors
		if errors.As(err, &wrong) {
			m.NotUnderstood = append(m.NotUnderstood, wrong.Errors...)
		} else if err != nil {
			return m, err
		}
		m.Grades = append(m.Grades, Regraded{st.view, st.final, before, after})
	}
	return m, nil
}

// again works a deadline out as next has it, from the same start. A date that people
// agreed stays. The practice standards are due by their own rule, whatever later date
// was agreed for an action.
func (s State) again(c Clock, next Env) (Moved, error) {
	if c.Name == ClockStandard {
		c.Due, c.Began = s.Moderation.Final.Standard, s.Moderation.Final.At
	}
	moved := Moved{Clock: c.Name, Subject: c.Subject, Before: c.Due, After: c.Due}
	if c.Due.Period.IsZero() {
		return moved, nil
	}
	rule := s.rule(c, next.Policy)
	if rule.Period == c.Due.Period && rule.Roll == c.Due.Roll {
		change, err := next.Calendar.Recalculate(c.Due)
		var elsewhere *calendar.NationError
		if !errors.As(err, &elsewhere) {
			moved.After, moved.Causes = change.After, change.Causes
			return moved, err
		}
	}
	start := c.Due.StartAt
	if start.IsZero() {
		start = c.Began
	}
	if dayOf(start) != c.Due.Start {
		start = c.Due.Start.Start()
	}
	var err error
	moved.After, err = rule.Deadline(next.Calendar, start)
	return moved, err
}

// rule is the clock of a policy by which a clock runs: an action that the moderation
// asked for is to be done with the practice standards.
func (s State) rule(c Clock, p *Policy) audit.Clock {
	if t, ok := s.tracked(c.Subject); ok && t.Stage == StageModeration && s.Moderation.Final != nil {
		return p.clock(ClockStandard)
	}
	return p.clock(c.Name)
}

// stage is one at which a file is graded.
type stage struct {
	view    moderation.View // none for the audit itself
	answers rubric.Answers
	judged  map[string]rubric.Grade // by section
	final   bool
}

// stages are those at which a file is or was graded.
func (s State) stages() []stage {
	a, m := s.Audit, s.Moderation
	if a.Kind == audit.DipSample || a.Pins.Policy == "" {
		return nil
	}
	st := stage{answers: a.Answers(), judged: map[string]rubric.Grade{}, final: a.Phase == audit.PhaseFinalised}
	for _, j := range a.Judgements {
		if j.As == audit.RoleAuditor {
			st.judged[j.Section] = j.Grade
		}
	}
	stages := []stage{st}
	if m.Phase == moderation.PhaseNone {
		return stages
	}
	for _, v := range []moderation.View{moderation.AsAtAudit, moderation.Now} {
		st := stage{view: v, answers: m.Answers(a, v), judged: map[string]rubric.Grade{}, final: m.Phase != moderation.PhaseAllocated}
		if j, ok := m.Judgement(v); ok {
			st.judged[audit.Overall] = j.Grade
		}
		stages = append(stages, st)
	}
	return stages
}

// outcome is how a stage grades by an env.
func (st stage) outcome(env Env) (audit.Outcome, error) {
	o := audit.Outcome{Grade: st.judged[audit.Overall]}
	_, res, err := audit.Grade(st.answers, env.audit())
	if err != nil {
		return o, err
	}
	o.Missed, o.Excepted = res.BottomLinesMissed(), res.BottomLinesExcepted()
	o.Suggested, _ = res.Suggested("")
	if most, limit := res.MostAllowed(""); limit != nil {
		o.AtMost = most
	}
	return o, nil
}
