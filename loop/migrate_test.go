package loop_test

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/loop"
	"github.com/practiceaudit/practiceaudit/moderation"
	"github.com/practiceaudit/practiceaudit/rubric"
	"github.com/practiceaudit/practiceaudit/rubric/halton"
)

// withHoliday is a calendar that was told late of a day off.
func withHoliday(t *testing.T, cal *calendar.Calendar, name string, on ...string) *calendar.Calendar {
	t.Helper()
	var closures []calendar.Closure
	for _, d := range on {
		closures = append(closures, calendar.Closure{From: day(t, d), Name: name})
	}
	cal, err := cal.WithClosures("halton", closures)
	if err != nil {
		t.Fatal(err)
	}
	return cal
}

func editedRubric(t *testing.T, old, new string) *rubric.Rubric {
	t.Helper()
	src := string(halton.DeepDive())
	if !strings.Contains(src, old) {
		t.Fatalf("the rubric has no %q", old)
	}
	r, err := rubric.ParseUnproved("rubric.yaml", []byte(strings.Replace(src, old, new, 1)))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestALateBankHolidayMovesARunningAuditOnlyByARecordedCommand(t *testing.T) {
	w := newWalk(t, false)
	w.moderated()
	before := w.state()
	next := w.env
	next.Calendar = withHoliday(t, w.env.Calendar, "National mourning", "2026-05-01")
	w.engine.Env = next
	if s := w.state(); !s.Moderation.CheckDue.Equal(before.Moderation.CheckDue) {
		t.Error("the check moved by itself")
	}
	c := loop.Migrate{Header: w.header("manager"), To: next.Pins(), Because: secret}
	env := w.env
	env.Next = &next
	dry, err := loop.DryRun(before, c, env)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(before, w.state()) {
		t.Error("the dry run changed something")
	}
	w.must(c)
	after := w.state()
	for _, d := range dry.Deadlines {
		var now calendar.Deadline
		for _, clock := range after.Clocks() {
			if clock.Name == d.Clock && clock.Subject == d.Subject {
				now = clock.Due
			}
		}
		if !now.Last.Equal(d.After.Last) {
			t.Errorf("%s %s: the dry run said %s, it is %s", d.Clock, d.Subject, d.After.Due, now.Due)
		}
	}
	if got, want := after.Moderation.CheckDue.Due, day(t, "2026-05-08"); got != want {
		t.Errorf("the check is due on %s, want %s: five working days from 29 April, without 1 and 4 May", got, want)
	}
	events := 0
	for r, err := range w.store.Load(context.Background(), w.stream, before.Version) {
		if err != nil {
			t.Fatal(err)
		}
		if r.Type == loop.TypeMigrated {
			events++
			e, _ := loop.DecodeEvent(r.Type, r.Data)
			for _, m := range e.(loop.Migrated).Moved {
				if len(m.Causes) != 1 || m.Causes[0].Date != day(t, "2026-05-01") {
					t.Errorf("%s moved because of %v", m.Clock, m.Causes)
				}
			}
		}
	}
	if events != 1 || after.Audit.Pins != next.Pins() {
		t.Errorf("%d migrations, pinned to %v", events, after.Audit.Pins)
	}
	w.must(moderation.Check{Header: w.header("checker")}) // by what it is pinned to now
	w.env = next
	w.engine.Env = haltonEnv(t) // and from the store, when the engine has another
	w.must(moderation.Comment{Header: w.header("checker"), Comments: secret})
}

func TestAMigrationIsRefusedWhereAFinalGradeWouldStandAboveALimit(t *testing.T) {
	w := newWalk(t, false)
	w.finalised()
	next := w.env
	next.Rubric = editedRubric(t, `version: "2023-05"`, `version: "2024-06"`)
	strict := w.env
	strict.Rubric = editedRubric(t, "    - at_most: inadequate\n      when: bottom_line_missed\n", "    - at_most: inadequate\n      when: sections_judged() >= 1\n      because: Everything is\n    - at_most: inadequate\n      when: bottom_line_missed\n")
	for what, c := range map[string]struct {
		to   loop.Env
		as   audit.PersonID
		rule string
		to2  audit.Pins
	}{
		"a stricter limit": {to: strict, as: "manager", rule: "limit", to2: strict.Pins()},
		"another person":   {to: next, as: "auditor", rule: "role", to2: next.Pins()},
		"something else":   {to: next, as: "manager", rule: "migrate", to2: strict.Pins()},
		"where it is":      {to: w.env, as: "manager", rule: "migrate", to2: w.env.Pins()},
	} {
		w.engine.Env = c.to
		err := w.try(loop.Migrate{Header: w.header(c.as), To: c.to2, Because: secret})
		if err == nil || !refusedBy(err, c.rule) {
			t.Errorf("%s: %v, want refused by %s", what, err, c.rule)
		}
	}
	w.engine.Env = next
	w.wantRefused("because", loop.Migrate{Header: w.header("manager"), To: next.Pins()})
	w.must(loop.Migrate{Header: w.header("manager"), To: next.Pins(), Because: secret})
	if s := w.state(); s.Audit.Pins.Rubric.Version != "2024-06" || s.Audit.Final.Grade != "good" {
		t.Errorf("pinned to %v, graded %s", s.Audit.Pins.Rubric, s.Audit.Final.Grade)
	}
}

func TestAMigrationIsRefusedWhereAnswersAreNotUnderstood(t *testing.T) {
	w := newWalk(t, false)
	w.met()
	next := w.env
	src := smallEnv(t)
	next.Rubric = src.Rubric
	w.engine.Env = next
	w.wantRefused("answers", loop.Migrate{Header: w.header("manager"), To: next.Pins(), Because: secret})
}

func TestAnAuditThatHasNotStartedHasNothingToMigrate(t *testing.T) {
	w := newWalk(t, false)
	w.selected()
	next := w.env
	next.Calendar = withHoliday(t, w.env.Calendar, "Mourning", "2026-04-14")
	w.engine.Env = next
	w.wantRefused("migrate", loop.Migrate{Header: w.header("manager"), To: next.Pins(), Because: secret})
	if _, err := loop.DryRun(w.state(), loop.Migrate{}, loop.Env{}); err == nil {
		t.Error("a dry run of nothing")
	}
}

func TestANewPolicyMovesTheClocksThatRunAndNotTheDatesThatPeopleAgreed(t *testing.T) {
	w := newWalk(t, true)
	w.finalised()
	w.must(loop.AgreeDate{Header: w.header("dm"), Action: "A1", Due: day(t, "2026-06-01"), With: "pm", Because: secret})
	w.must(moderation.Allocate{Header: w.header("qa"), Moderator: "moderator"})
	policy, err := loop.ParsePolicy("policy.yaml", []byte(strings.Replace(string(halton.ProcessPolicy()), "within: 10 working days", "within: 3 working days", 1)))
	if err != nil {
		t.Fatal(err)
	}
	next := w.env
	next.Policy = policy
	w.engine.Env = next
	w.must(loop.Migrate{Header: w.header("manager"), To: next.Pins(), Because: secret})
	s := w.state()
	if got, want := s.Moderation.Due.Due, day(t, "2026-04-20"); got != want {
		t.Errorf("the moderation is due on %s, want %s", got, want)
	}
	if got := s.Tracker[0].Due.Due; got != day(t, "2026-06-01") {
		t.Errorf("the agreed date is now %s", got)
	}
}

func refusedBy(err error, rule string) bool {
	var rs audit.Refusals
	var one *audit.Refusal
	if errors.As(err, &rs) {
		for _, r := range rs {
			if r.Rule == rule {
				return true
			}
		}
		return false
	}
	return errors.As(err, &one) && one.Rule == rule
}
