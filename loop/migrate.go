package loop

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/moderation"
)

// Migrate moves an audit to another rubric, process policy or edition of the
// calendar than it started with: a mistake in a rubric, a new policy, a bank holiday
// that was proclaimed late. What is named replaces what the audit is pinned to, and
// has to stand in [Env.Next]; what is left empty stays. Deadlines that run are worked
// out again from the same start, but for dates that people agreed. [DryRun] says what
// it would do; a command that says in Saw which version that looked at does that or
// nothing (our reading; the framework was written for one version of itself).
//
// It is refused where the answers cannot be read by the new rubric, where a final
// grade would stand above a limit, and where it would change the ladder of an alert
// that nobody has answered. A follow-up that waits for its day takes a new calendar
// only: the rest it takes when it starts.
type Migrate struct {
	audit.Header
	Rubric   Digest         `json:"rubric,omitempty"`
	Policy   Digest         `json:"policy,omitempty"`
	Calendar Digest         `json:"calendar,omitempty"`
	Because  audit.FreeText `json:"because"`
}

// Migrated says by what an audit is decided from then on, and which deadlines it has
// but for those that people agreed.
type Migrated struct {
	By        audit.PersonID `json:"by"`
	At        time.Time      `json:"at"`
	Before    audit.Pins     `json:"before"`
	Pins      audit.Pins     `json:"pins"`
	Deadlines []Moved        `json:"deadlines,omitempty"`
	Grades    []Regraded     `json:"grades,omitempty"`
	Because   audit.FreeText `json:"because"`
}

// Moved is a deadline that ran before a migration, and as it runs after; the two are
// alike where nothing moves it.
type Moved struct {
	Clock   string            `json:"clock"`
	Subject string            `json:"subject,omitempty"` // the action, for the clock of an action
	Before  calendar.Deadline `json:"before"`
	After   calendar.Deadline `json:"after"`
	Causes  []calendar.Cause  `json:"causes,omitempty"` // the days that made the difference, if a calendar alone did
}

// String returns the change in one line: "check: due Fri 8 May 2026, was Thu 7 May
// 2026: Tue 5 May 2026 is no working day any more (…)".
func (m Moved) String() string {
	return strings.TrimSpace(m.Clock+" "+m.Subject) + ": " + calendar.Change{Before: m.Before, After: m.After, Causes: m.Causes}.String()
}

// TypeMigrated is the name of [Migrated], as stored. It never changes.
const TypeMigrated = "loop.migrated"

// Name implements [Command].
func (Migrate) Name() string { return "migrate" }

// Type implements [Event].
func (Migrated) Type() string { return TypeMigrated }
func (Migrated) loopEvent()   {}

func (c Migrate) decide(s State, env Env) ([]Event, error) {
	rs := slices.Concat(audit.CheckBecause(c, c.Because), c.inPlace(s))
	next, at := c.next(s, env)
	if len(at) > 0 {
		return nil, slices.Concat(at, rs).Err()
	}
	m, err := s.migration(env, next)
	if err != nil {
		return nil, err
	}
	rs = slices.Concat(rs, c.answered(m), c.unlike(s, env, next), c.ladders(s, env, next), c.limits(s, next))
	if err := rs.Err(); err != nil {
		return nil, err
	}
	n := newNotices(s, c, next)
	n.tell(TopicMigrated)
	return append([]Event{Migrated{
		By: c.Actor, At: c.At, Before: m.Before, Pins: m.After, Deadlines: m.counted(), Grades: m.Grades, Because: c.Because,
	}}, n.events...), nil
}

// counted are the deadlines that are counted, and not agreed by people.
func (m Migration) counted() []Moved {
	return slices.DeleteFunc(slices.Clone(m.Deadlines), func(d Moved) bool { return d.Before.Period.IsZero() })
}

// next is what decides from the migration on: what the command names, taken from
// Env.Next, and the rest as it is.
func (c Migrate) next(s State, env Env) (next Env, rs audit.Refusals) {
	next = env
	given, pins := env.Next.have(), s.Audit.Pins
	for _, part := range []struct {
		what   string
		named  Digest
		pinned string
		given  string
		take   func()
	}{
		{"rubric", c.Rubric, pins.Rubric.Digest, given.Rubric.Digest, func() { next.Rubric = env.Next.Rubric }},
		{"process policy", c.Policy, pins.Policy, given.Policy, func() { next.Policy = env.Next.Policy }},
		{"calendar", c.Calendar, pins.Calendar.Digest, given.Calendar.Digest, func() { next.Calendar = env.Next.Calendar }},
	} {
		switch string(part.named) {
		case "":
		case part.pinned:
			rs = append(rs, refuse(c, "pin", "the audit runs by this "+part.what+" already", "leave it out, and it stays"))
		case part.given:
			part.take()
		default:
			rs = append(rs, refuse(c, "pin", fmt.Sprintf("the %s %q is not at hand", part.what, part.named), "the digest of the one in Env.Next"))
		}
	}
	if c.Rubric == "" && c.Policy == "" && c.Calendar == "" {
		rs = append(rs, refuse(c, "pin", "it is not said what the audit is to run by", "a rubric, a process policy or a calendar, by its digest"))
	}
	return next, rs
}

// have says what stands in an env, as far as anything does.
func (e *Env) have() (p audit.Pins) {
	if e == nil {
		return p
	}
	if e.Rubric != nil {
		p.Rubric = e.Rubric.Ref()
	}
	if e.Policy != nil {
		p.Policy = string(e.Policy.Digest())
	}
	if e.Calendar != nil {
		p.Calendar = e.Calendar.Edition()
	}
	return p
}

// inPlace refuses to migrate what does not run, or does not run yet.
func (c Migrate) inPlace(s State) audit.Refusals {
	switch {
	case s.Closed != nil, s.Sample != nil, s.Cancelled != nil:
		return audit.Refusals{refuse(c, "phase", "nothing in this audit runs any more", "it is kept as it was decided")}
	case s.Audit.Phase == audit.PhaseSelected, s.Audit.Phase == audit.PhasePlanned && c.Rubric+c.Policy != "":
		return audit.Refusals{refuse(c, "phase", "the audit has not started", "the rubric and the policy are those of the day on which it starts")}
	}
	return nil
}

// answered refuses a rubric by which the answers cannot be read.
func (c Migrate) answered(m Migration) (rs audit.Refusals) {
	for _, e := range m.NotUnderstood {
		rs = append(rs, refuse(c, "answers", e.Error(), e.Did))
	}
	return rs
}

// unlike refuses a rubric with another scale of grades than the one that was judged
// by, and a policy that has no place for a moderation which has begun or finds files
// by grades of another scale.
func (c Migrate) unlike(s State, env, next Env) (rs audit.Refusals) {
	if scale := env.Rubric.Grades(); !slices.Equal(scale, next.Rubric.Grades()) {
		rs = append(rs, refuse(c, "grades", "the rubric has another scale of grades", fmt.Sprint(scale)))
	}
	if s.Moderation.Phase != moderation.PhaseNone && !slices.Contains(next.Policy.Moderation.Kinds, s.Audit.Kind) {
		rs = append(rs, refuse(c, "kind", "by this policy a "+s.Audit.Kind.Title()+" is not moderated, and this one is", ""))
	}
	return append(rs, next.graded(c)...)
}

// ladders refuses to take away the ladder of an alert on which somebody still waits:
// nothing may delay a child's safety.
func (c Migrate) ladders(s State, env, next Env) audit.Refusals {
	if len(s.rungs(env)) == 0 || reflect.DeepEqual(env.Policy.Ladders, next.Policy.Ladders) {
		return nil
	}
	return audit.Refusals{refuse(c, "alert", "an alert is not answered, and by this policy its ladder is another", "its notices are acknowledged, and after an Inadequate finding a plan is recorded")}
}

// limits refuses where a grade that is final would stand above a limit, or above what
// may turn out to be one.
func (c Migrate) limits(s State, next Env) (rs audit.Refusals) {
	for _, st := range s.stages() {
		_, res, err := audit.Grade(st.answers, next.audit())
		if !st.final || err != nil {
			continue
		}
		for _, section := range slices.Sorted(maps.Keys(st.judged)) {
			g := st.judged[section]
			r := audit.Above(c.Name(), section, g, res, next.Rubric)
			if r == nil {
				r = audit.Unsettled(c.Name(), section, g, res, next.Rubric)
			}
			if r != nil {
				r.Accept = "the audit is corrected or reopened first, or goes on by its own rubric"
				rs = append(rs, r)
			}
		}
	}
	return rs
}

func (s State) migrated(e Migrated) State {
	s.Migrations = append(slices.Clip(s.Migrations), e)
	if s.Audit.Phase != audit.PhasePlanned {
		s.Audit.Pins = e.Pins
	}
	for _, m := range e.Deadlines {
		s = s.moved(m)
	}
	for _, g := range e.Grades {
		s = s.regraded(g)
	}
	return s
}

// moved sets a deadline anew.
func (s State) moved(m Moved) State {
	switch m.Clock {
	case ClockReAudit, ClockDipSample:
		s.Audit.Start, s.Audit.StartOn = m.After, m.After.Due
	case ClockAudit:
		s.Audit.Due = m.After
	case ClockModeration:
		s.Moderation.Due = m.After
	case ClockCheck:
		s.Moderation.CheckDue = m.After
	case ClockTracker:
		s.TrackerDue = m.After
	case ClockActions:
		s.Tracker = update(s.Tracker, m.Subject, func(t *Tracked) { t.Due = m.After })
	case ClockStandard:
		if s.Moderation.Final != nil {
			final := *s.Moderation.Final
			final.Standard = m.After
			s.Moderation.Final = &final
		}
	}
	return s
}

// regraded keeps of a grade that is final what it rests on now. The grade is people's.
func (s State) regraded(g Regraded) State {
	switch {
	case !g.Final:
	case g.View == "" && s.Audit.Final != nil:
		final := *s.Audit.Final
		final.Outcome = g.After
		s.Audit.Final = &final
	case g.View == moderation.Now && s.Moderation.Final != nil:
		final := *s.Moderation.Final
		final.Missed, final.AtMost = g.After.Missed, g.After.AtMost
		s.Moderation.Final = &final
	}
	return s
}

// newly is when a clock came to its date by a migration, or under a new policy;
// reminders of a moment before are none.
func (s State) newly(c Clock) (at time.Time) {
	for _, m := range s.Migrations {
		here := m.Before.Policy != m.Pins.Policy
		for _, d := range m.Deadlines {
			here = here || d.Clock == c.Name && d.Subject == c.Subject && d.After.Due == c.Due.Due && d.Before.Due != d.After.Due
		}
		if here {
			at = m.At
		}
	}
	return at
}
