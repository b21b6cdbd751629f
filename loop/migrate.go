package loop

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/moderation"
	"github.com/practiceaudit/practiceaudit/rubric"
)

// Migrate moves an audit that has started to another rubric, process policy or
// edition of the calendar, those of Env.Next: what a late bank holiday or a new
// rubric asks for. Nothing else ever does. [DryRun] shows what it would change.
//
// Clocks that run are worked out again from where they started; dates that people
// agreed, and clocks that have ended, stay. Answers must be understood by the new
// rubric, and no grade that was final may stand above a limit of it.
type Migrate struct {
	audit.Header
	To      audit.Pins     `json:"to"` // what Env.Next is: Env.Next.Pins()
	Because audit.FreeText `json:"because"`
}

// Migrated says what an audit runs by from then on, and which of its deadlines
// moved.
type Migrated struct {
	By      audit.PersonID `json:"by"`
	At      time.Time      `json:"at"`
	From    audit.Pins     `json:"from"`
	To      audit.Pins     `json:"to"`
	Moved   []Moved        `json:"moved,omitempty"`
	Because audit.FreeText `json:"because"`
}

// Moved is a deadline before and after a migration.
type Moved struct {
	Clock   string            `json:"clock"`
	Subject string            `json:"subject,omitempty"` // the action, of an action's clock
	Before  calendar.Deadline `json:"before"`
	After   calendar.Deadline `json:"after"`
	Causes  []calendar.Cause  `json:"causes,omitempty"` // the days that made the difference, where only the calendar is another
}

// Migration is what a migration comes to.
type Migration struct {
	From, To  audit.Pins
	Deadlines []Moved    // every deadline that runs, those that stay too
	Grades    []Regraded // what the two rubrics say of the answers
}

// Regraded is what a rubric suggests and allows for the file, before and after.
type Regraded struct {
	View                               string // "audit", or a view of the moderation
	SuggestedBefore, SuggestedAfter    rubric.Grade
	MostAllowedBefore, MostAllowedThen rubric.Grade
}

// TypeMigrated is the event's name, as stored. It never changes.
const TypeMigrated = "loop.migrated"

// Name implements [Command].
func (Migrate) Name() string { return "migrate" }

// Type implements [Event].
func (Migrated) Type() string { return TypeMigrated }

func (Migrated) loopEvent() {}

// Pins are what an audit is pinned to that starts by e.
func (e Env) Pins() audit.Pins { return e.audit().Pins() }

// DryRun says what a migration would change, and changes nothing. Its errors are
// the refusals that [Decide] would give.
func DryRun(s State, c Migrate, env Env) (Migration, error) {
	if err := c.possible(s, env); err != nil {
		return Migration{}, err
	}
	m := Migration{From: s.Audit.Pins, To: c.To}
	var rs audit.Refusals
	for _, of := range s.graded() {
		r, refused := c.regrade(of, env)
		m.Grades = append(m.Grades, r)
		rs = append(rs, refused...)
	}
	for _, of := range s.running(*env.Next) {
		moved, err := of.again(env.Next.Calendar)
		if err != nil {
			rs = append(rs, refuse(c, "deadline", fmt.Sprintf("the clock %s cannot be worked out: %v", of.Clock, err), ""))
			continue
		}
		m.Deadlines = append(m.Deadlines, moved)
	}
	return m, rs.Err()
}

// possible refuses what is no migration.
func (c Migrate) possible(s State, env Env) error {
	var rs audit.Refusals
	switch {
	case s.Audit.Pins.Policy == "":
		rs = append(rs, refuse(c, "migrate", "this audit has not started, and runs by what is in force", "nothing has to be migrated"))
	case env.Next == nil || env.Next.Rubric == nil || env.Next.Calendar == nil || env.Next.Policy == nil:
		return errors.New("a migration needs the rubric, the calendar and the process policy that it goes to, in Env.Next")
	case c.To != env.Next.Pins():
		rs = append(rs, refuse(c, "migrate", "what it goes to is not what is given", "the digests of "+env.Next.Rubric.Ref().String()+" and of the policy and calendar that come with it"))
	case c.To == s.Audit.Pins:
		rs = append(rs, refuse(c, "migrate", "the audit runs by this already", ""))
	}
	rs = append(rs, because(c, c.Because)...)
	return rs.Err()
}

func (c Migrate) decide(s State, env Env) ([]Event, error) {
	m, err := DryRun(s, c, env)
	if err != nil {
		return nil, err
	}
	e := Migrated{By: c.Actor, At: c.At, From: m.From, To: m.To, Because: c.Because}
	for _, d := range m.Deadlines {
		if !d.Before.Last.Equal(d.After.Last) {
			e.Moved = append(e.Moved, d)
		}
	}
	n := newNotices(s, c, env)
	n.tell(TopicMigrated)
	return append([]Event{e}, n.events...), nil
}

func (e Migrated) evolve(s State) State {
	s.Audit.Pins = e.To
	for _, m := range e.Moved {
		switch m.Clock {
		case ClockAudit:
			s.Audit.Due = m.After
		case ClockModeration:
			s.Moderation.Due = m.After
		case ClockCheck:
			s.Moderation.CheckDue = m.After
		case ClockStandard:
			if s.Moderation.Final != nil {
				final := *s.Moderation.Final
				final.Standard, s.Moderation.Final = m.After, &final
			}
		case ClockTracker:
			s.TrackerDue = m.After
		case ClockActions:
			s.Tracker = update(s.Tracker, m.Subject, func(t *Tracked) { t.Due = m.After })
		}
	}
	return s
}

// clockOf is a running deadline with the clock that another policy has for it.
type clockOf struct {
	Moved
	clock audit.Clock
}

// running are the deadlines that run and were worked out: not those that people
// agreed.
func (s State) running(next Env) []clockOf {
	p := next.Policy
	var all []clockOf
	add := func(name, subject string, due calendar.Deadline, by audit.Clock) {
		runs := slices.ContainsFunc(s.Clocks(), func(c Clock) bool { return c.Name == name && c.Subject == subject })
		if runs && !due.Period.IsZero() {
			all = append(all, clockOf{Moved{Clock: name, Subject: subject, Before: due}, by})
		}
	}
	add(ClockAudit, "", s.Audit.Due, p.Audit.Audit)
	add(ClockModeration, "", s.Moderation.Due, p.Moderation.Moderation)
	add(ClockCheck, "", s.Moderation.CheckDue, p.Moderation.Check)
	add(ClockTracker, "", s.TrackerDue, p.Tracker)
	for _, t := range s.Tracker {
		by := p.Audit.Actions
		if t.Stage == StageModeration {
			by = p.Moderation.Standard
		}
		add(ClockActions, t.ID, t.Due, by)
	}
	if s.Moderation.Final != nil {
		add(ClockStandard, "", s.Moderation.Final.Standard, p.Moderation.Standard)
	}
	return all
}

// again works a deadline out once more, from where it started.
func (of clockOf) again(cal *calendar.Calendar) (Moved, error) {
	m := of.Moved
	var err error
	switch {
	case m.Before.Period == of.clock.Period && m.Before.Roll == of.clock.Roll:
		var change calendar.Change
		change, err = cal.Recalculate(m.Before)
		m.After, m.Causes = change.After, change.Causes
	case of.clock.Period.Unit() == calendar.Hours:
		m.After, err = cal.Deadline(m.Before.StartAt, of.clock.Period, of.clock.Roll)
	default:
		m.After, err = cal.DeadlineFrom(m.Before.Start, of.clock.Period, of.clock.Roll)
	}
	return m, err
}

// answersOf are answers that a rubric grades, with the grade that is final of them,
// if one is.
type answersOf struct {
	view    string
	answers rubric.Answers
	final   map[string]rubric.Grade // by section, or [audit.Overall]
}

// graded are the answers of a state that another rubric has to understand.
func (s State) graded() []answersOf {
	a := answersOf{view: "audit", answers: s.Audit.Answers()}
	if s.Audit.Phase == audit.PhaseFinalised {
		a.final = map[string]rubric.Grade{audit.Overall: s.Audit.Final.Grade}
		for section, g := range a.answers.Judgements {
			a.final[section] = g
		}
	}
	all := []answersOf{a}
	if s.Moderation.Phase == moderation.PhaseNone {
		return all
	}
	for _, v := range []moderation.View{moderation.AsAtAudit, moderation.Now} {
		of := answersOf{view: string(v), answers: s.Moderation.Answers(s.Audit, v)}
		if s.Moderation.Phase != moderation.PhaseAllocated {
			g := s.Moderation.Final.Now
			if v == moderation.AsAtAudit {
				g = s.Moderation.Final.AsAtAudit
			}
			of.final = map[string]rubric.Grade{audit.Overall: g}
		}
		all = append(all, of)
	}
	return all
}

// regrade says what the new rubric makes of answers, and refuses those that it does
// not understand and final grades that it does not allow.
func (c Migrate) regrade(of answersOf, env Env) (Regraded, audit.Refusals) {
	r := Regraded{View: of.view}
	_, before, err := audit.Grade(of.answers, env.audit())
	if err == nil {
		r.SuggestedBefore, _ = before.Suggested("")
		r.MostAllowedBefore, _ = before.MostAllowed("")
	}
	_, after, err := audit.Grade(of.answers, env.Next.audit())
	var wrong *rubric.AnswerErrors
	switch {
	case errors.As(err, &wrong):
		var rs audit.Refusals
		for _, e := range wrong.Errors {
			rs = append(rs, refuse(c, "answers", "the new rubric does not understand an answer ("+of.view+"): "+e.Error(), "a rubric that does"))
		}
		return r, rs
	case err != nil:
		return r, audit.Refusals{refuse(c, "answers", err.Error(), "")}
	}
	r.SuggestedAfter, _ = after.Suggested("")
	r.MostAllowedThen, _ = after.MostAllowed("")
	return r, c.notAbove(of, after, env)
}

// notAbove refuses final grades above a limit of the new rubric, or that it does not
// have.
func (c Migrate) notAbove(of answersOf, after *rubric.Result, env Env) (rs audit.Refusals) {
	next := env.Next.Rubric
	sections := make([]string, 0, len(of.final))
	for section := range of.final {
		sections = append(sections, section)
	}
	slices.Sort(sections)
	for _, section := range sections {
		g := of.final[section]
		switch {
		case next.Rank(g) < 0:
			rs = append(rs, refuse(c, "grade", fmt.Sprintf("%s is %q, which is no grade of the new rubric", section, g), fmt.Sprintf("one of %v", next.Grades())))
		default:
			if r := audit.Above(c.Name(), section, g, after, next); r != nil {
				rs = append(rs, r)
			} else if r := audit.Unsettled(c.Name(), section, g, after, next); r != nil {
				rs = append(rs, r)
			}
		}
	}
	return rs
}
