package loop_test

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/loop"
	"github.com/practiceaudit/practiceaudit/moderation"
	"github.com/practiceaudit/practiceaudit/rubric"
	"github.com/practiceaudit/practiceaudit/rubric/halton"
)

// withBankHolidays is the calendar of England and Wales with bank holidays that were
// proclaimed late.
func withBankHolidays(t testing.TB, days ...string) *calendar.Calendar {
	t.Helper()
	lines := strings.Split(string(calendar.EnglandAndWales().Canonical()), "\n")
	for _, d := range days {
		i := slices.IndexFunc(lines, func(l string) bool { return strings.HasPrefix(l, "2") && l > d })
		lines = slices.Insert(lines, i, d+" A late bank holiday")
	}
	c, err := calendar.ParseCalendar([]byte(strings.Join(lines, "\n")))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func policyWith(t testing.TB, oldNew ...string) *loop.Policy {
	t.Helper()
	src := string(halton.ProcessPolicy())
	for i := 0; i < len(oldNew); i += 2 {
		if !strings.Contains(src, oldNew[i]) {
			t.Fatalf("there is no %q in the policy", oldNew[i])
		}
	}
	p, err := loop.ParsePolicy(halton.ProcessPolicyFile, []byte(strings.NewReplacer(oldNew...).Replace(src)))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// otherEnv is what a town's audits migrate to and from: a rubric with one more bottom
// line, a policy with longer clocks and another ladder, a calendar with late bank
// holidays.
func otherEnv(t testing.TB, env loop.Env, src []byte) *loop.Env {
	t.Helper()
	src = []byte(strings.NewReplacer(`version: "1"`, `version: "2"`, "clear: { in: [good_lines]", "clear: { in: [good_lines, bottom_lines]").Replace(string(src)))
	rules, err := rubric.Parse("small-rubric-2.yaml", src)
	if err != nil {
		t.Fatal(err)
	}
	return &loop.Env{
		Rubric: rules, Calendar: withBankHolidays(t, "2026-04-10", "2026-04-14", "2026-05-12", "2026-08-03"),
		Policy: policyWith(t, "within: 10 days ", "within: 12 days ", "within: 10 working days", "within: 3 weeks\n    roll: preceding", "after: 6 hours", "after: 5 hours",
			"dip_sample: all ", "dip_sample: 1 in 3 "),
	}
}

// migrate is what the walk's own calendar, policy and rubric make of a stream, by
// whoever may.
func (w *walk) migrate(next loop.Env) loop.Migrate {
	w.engine.Env.Rubric, w.engine.Env.Policy, w.engine.Env.Calendar = next.Rubric, next.Policy, next.Calendar
	c := loop.Migrate{Header: w.header("manager"), Because: secret}
	if next.Rubric != w.env.Rubric {
		c.Rubric = loop.Digest(next.Rubric.Ref().Digest)
	}
	if next.Policy != w.env.Policy {
		c.Policy = next.Policy.Digest()
	}
	if next.Calendar != w.env.Calendar {
		c.Calendar = loop.Digest(next.Calendar.Edition().Digest)
	}
	return c
}

func (w *walk) dryRun(c loop.Migrate) loop.Migration {
	w.t.Helper()
	s := w.state()
	env, err := w.engine.EnvOf(w.t.Context(), s)
	if err != nil {
		w.t.Fatal(err)
	}
	m, err := loop.DryRun(s, c, env)
	if err != nil {
		w.t.Fatal(err)
	}
	return m
}

// dates are the days of a migration's deadlines, before and after.
func dates(moved []loop.Moved) map[string]string {
	out := map[string]string{}
	for _, m := range moved {
		out[strings.TrimSpace(m.Clock+" "+m.Subject)] = m.Before.Due.String() + " " + m.After.Due.String()
	}
	return out
}

func TestALateBankHolidayMovesARunningAuditByARecordedCommandOnly(t *testing.T) {
	w := newWalk(t, true)
	w.moderated()
	next := w.env
	next.Calendar = withBankHolidays(t, "2026-05-05")
	before := w.state()
	c := w.migrate(next)
	if diff := cmp.Diff(before.Clocks(), w.state().Clocks(), exportState()); diff != "" {
		t.Errorf("a new calendar alone moved a deadline:\n%s", diff)
	}
	want := map[string]string{
		"check":      "2026-05-07 2026-05-08",
		"tracker":    "2026-05-06 2026-05-06",
		"actions A1": "2026-04-22 2026-04-22",
		"actions M1": "2026-05-07 2026-05-08",
		"standard":   "2026-05-07 2026-05-08",
	}
	dry := w.dryRun(c)
	if diff := cmp.Diff(want, dates(dry.Deadlines)); diff != "" {
		t.Errorf("the dry run (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff("check: due Fri 8 May 2026, was Thu 7 May 2026: Tue 5 May 2026 is no working day any more (A late bank holiday)", dry.Deadlines[0].String()); diff != "" {
		t.Errorf("said as (-want +got):\n%s", diff)
	}
	w.must(c)
	s := w.state()
	got := map[string]string{}
	for _, c := range s.Clocks() {
		got[strings.TrimSpace(c.Name+" "+c.Subject)] = c.Due.Due.String()
	}
	for name, days := range want {
		if _, after, _ := strings.Cut(days, " "); got[name] != after {
			t.Errorf("%s is due on %s, want %s", name, got[name], after)
		}
	}
	if who := told(s, loop.TopicMigrated); !slices.Equal(who, []string{"auditor:auditor", "moderator:moderator", "practitioner:practitioner", "divisional_manager:dm"}) {
		t.Errorf("told %v", who)
	}
	w.at("2026-05-08T08:00").tick()
	for _, n := range w.state().Notices {
		if n.Topic == loop.TopicOverdue && strings.Contains(n.Body, "standards") {
			t.Errorf("%s is told of the standard, which is due today", n.To.Person)
		}
	}
	w.engine.Env.Calendar = w.env.Calendar // an engine that never had the new edition reads it from the store
	w.must(moderation.Check{Header: w.header("checker")})
}

func TestAMigrationIsRefusedWithAllReasons(t *testing.T) {
	w := newWalk(t, true)
	next := loop.Env{Rubric: w.env.Rubric, Policy: policyWith(t, "after: 6 hours", "after: 5 hours"), Calendar: withBankHolidays(t, "2026-05-05")}
	w.selected()
	w.wantRefused("phase", w.migrate(next))
	w.engine.Env = w.env
	w.at("2026-04-07T09:00").must(audit.Start{Header: w.header("qa"), Auditor: "auditor"})
	w.wantRefused("pin", loop.Migrate{Header: w.header("manager"), Because: secret})
	w.wantRefused("because", loop.Migrate{Header: w.header("manager")})
	w.wantRefused("pin", loop.Migrate{Header: w.header("manager"), Calendar: loop.Digest(w.state().Audit.Pins.Calendar.Digest), Because: secret})
	w.wantRefused("pin", loop.Migrate{Header: w.header("manager"), Policy: "sha256:0", Because: secret})
	c := w.migrate(next)
	c.Header = w.header("auditor")
	w.wantRefused("role", c)
	c.Header, c.Because = w.header("manager"), ""
	w.wantRefused("because", c)
	w.must(loop.RaiseConcern{Header: w.header("anyone"), Concern: secret})
	w.wantRefused("because", c)
	w.wantRefused("alert", c)
	c.Because = secret
	for _, n := range w.state().Notices {
		if n.Critical {
			w.must(loop.Acknowledge{Header: w.header(n.To.Person), Notice: n.ID})
		}
	}
	c.Header = w.header("manager")
	w.must(c)
	for _, env := range []loop.Env{{}, w.env} { // by nothing, and by what the audit is not pinned to any more
		if _, err := loop.DryRun(w.state(), c, env); err == nil {
			t.Errorf("a dry run by %+v", env)
		}
	}
	env, err := w.engine.EnvOf(t.Context(), w.state())
	if err != nil {
		t.Fatal(err)
	}
	env.Next = nil
	c.Policy, c.Calendar = w.env.Policy.Digest(), ""
	var refused *audit.Refusal
	if _, err := loop.DryRun(w.state(), c, env); !errors.As(err, &refused) || refused.Rule != "pin" {
		t.Errorf("a dry run to what is not at hand: %v", err)
	}
}

func TestAMigrationIsRefusedWhereAFinalGradeWouldStandAboveALimitOrAnAnswerBeLost(t *testing.T) {
	env := haltonEnv(t)
	src := string(halton.DeepDive())
	with := func(old, new string) *rubric.Rubric {
		t.Helper()
		if !strings.Contains(src, old) {
			t.Fatalf("there is no %q in the rubric", old)
		}
		r, err := rubric.Parse(halton.DeepDiveFile, []byte(strings.Replace(src, old, new, 1)))
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	hours := with(`within("24 hours"`, `within("1 hour"`)
	for _, tc := range []struct {
		name, rule string
		rules      *rubric.Rubric
		carry      func(*walk)
	}{
		{"an audit that would miss a bottom line", "limit", hours, (*walk).finalised},
		{"a moderation that would", "limit", hours, (*walk).closed},
		{"a draft, which is looked at when it is finalised", "", hours, (*walk).met},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := newWalk(t, false)
			tc.carry(w)
			c := w.migrate(loop.Env{Rubric: tc.rules, Policy: env.Policy, Calendar: w.env.Calendar})
			c.Policy = ""
			dry := w.dryRun(c)
			if (dry.Refused != nil) != (tc.rule != "") {
				t.Errorf("the dry run says %v", dry.Refused)
			}
			if g := dry.Grades[0]; len(g.Before.Missed) != 0 || len(g.After.Missed) != 1 || g.After.AtMost != "inadequate" || g.Before.Grade != "good" {
				t.Errorf("grades %+v", g)
			}
			if tc.rule != "" {
				w.wantRefused(tc.rule, c)
				return
			}
			w.must(c)
			w.wantRefused("limit", audit.Finalise{Header: w.header("auditor")})
		})
	}
}

func TestAMigrationToARubricThatCannotReadTheAnswersIsRefused(t *testing.T) {
	w := newWalk(t, false)
	w.met()
	next := w.env
	next.Rubric = smallEnv(t).Rubric
	c := w.migrate(next)
	w.wantRefused("answers", c)
	w.wantRefused("grades", c)
	if dry := w.dryRun(c); len(dry.NotUnderstood) == 0 || dry.Refused == nil {
		t.Errorf("the dry run says %+v", dry)
	}
}

func TestAModerationThatHasBegunKeepsItsPlace(t *testing.T) {
	w := newWalk(t, false)
	w.env.Policy = policyWith(t, "moderated: [deep_dive]", "moderated: [deep_dive, thematic]")
	w.engine.Env = w.env
	w.moderatorAllocated()
	c := w.migrate(haltonEnv(t))
	s, env := w.state(), w.env
	s.Audit.Kind = audit.Thematic
	env.Next = &w.engine.Env
	c.Rubric, c.Calendar = "", ""
	_, err := loop.Decide(s, c, env)
	var refused *audit.Refusal
	if !errors.As(err, &refused) || refused.Rule != "kind" {
		t.Errorf("moved to a policy that does not moderate it: %v", err)
	}
}

func TestDeadlinesAreCountedAnewByAnotherPolicyOrNation(t *testing.T) {
	for _, tc := range []struct {
		name string
		next func(*loop.Env)
		want map[string]string // of moderator's allocation on Thursday 16 April, audit finalised the day before
	}{
		{"the calendar of Scotland", func(e *loop.Env) { e.Calendar = calendar.Scotland() }, map[string]string{"moderation": "2026-04-30 2026-04-30", "actions A1": "2026-04-22 2026-04-22"}},
		{"a policy in working days", func(e *loop.Env) {
			e.Policy = policyWith(t, "within: 10 working days", "within: 12 working days", "within: 5 working days       # \"actioned", "within: 4 working days       # \"actioned")
		}, map[string]string{"moderation": "2026-04-30 2026-05-05", "actions A1": "2026-04-22 2026-04-21"}},
		{"a policy in hours", func(e *loop.Env) {
			e.Policy = policyWith(t, "within: 5 working days       # \"actioned", "within: 48 hours             # \"actioned")
		}, map[string]string{"moderation": "2026-04-30 2026-04-30", "actions A1": "2026-04-22 2026-04-17"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := newWalk(t, false)
			w.moderatorAllocated()
			next := w.env
			tc.next(&next)
			c := w.migrate(next)
			dry := w.dryRun(c)
			if diff := cmp.Diff(tc.want, dates(dry.Deadlines)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			w.must(c)
			for i, clock := range w.state().Clocks() {
				if !clock.Due.Equal(dry.Deadlines[i].After) {
					t.Errorf("%s is due %s", clock.Name, clock.Due.Working())
				}
			}
			if tc.name == "a policy in hours" {
				if last := w.state().Clocks()[1].Due.Last; !last.Equal(w.state().Audit.Final.At.AddDate(0, 0, 2)) {
					t.Errorf("48 hours after %s it is %s", w.state().Audit.Final.At, last)
				}
			}
		})
	}
}

func TestADateThatPeopleAgreedIsNotMovedByAMigration(t *testing.T) {
	w := newWalk(t, false)
	w.moderatorAllocated()
	w.must(loop.AgreeDate{Header: w.header("pm"), Action: "A1", Due: day(t, "2026-05-05"), With: "practitioner", Because: secret})
	w.must(moderation.Extend{Header: w.header("moderator"), Due: day(t, "2026-05-05"), With: "auditor", Because: secret})
	next := w.env
	next.Calendar = withBankHolidays(t, "2026-04-20", "2026-05-05")
	c := w.migrate(next)
	if diff := cmp.Diff(map[string]string{"moderation": "2026-05-05 2026-05-05", "actions A1": "2026-05-05 2026-05-05"}, dates(w.dryRun(c).Deadlines)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	w.must(c)
	if due := w.state().Moderation.Due.Due; due != day(t, "2026-05-05") {
		t.Errorf("the moderation is due on %s", due)
	}
}

func TestAFinalGradeStaysAndWhatItRestsOnIsLookedAtAgain(t *testing.T) {
	w := newWalk(t, true)
	w.closed()
	src := strings.Replace(string(halton.DeepDive()), `within("24 hours"`, `within("100 hours"`, 1)
	rules, err := rubric.Parse(halton.DeepDiveFile, []byte(src))
	if err != nil {
		t.Fatal(err)
	}
	next := w.env
	next.Rubric = rules
	before := w.state()
	w.must(w.migrate(next))
	s := w.state()
	if len(before.Audit.Final.Missed) != 1 || len(s.Audit.Final.Missed)+len(s.Moderation.Final.Missed) != 0 || s.Audit.Final.AtMost != "" {
		t.Errorf("the audit rests on %+v, the moderation on %+v", s.Audit.Final, s.Moderation.Final)
	}
	if s.Grade() != "inadequate" || s.Audit.Final.Grade != "inadequate" || len(s.FollowUps) != 2 {
		t.Errorf("a migration judged: %s, %d follow-ups", s.Grade(), len(s.FollowUps))
	}
	if len(before.Moderation.Final.Missed) != 1 || before.Migrations != nil {
		t.Error("the state before has changed")
	}
}

func TestAFollowUpThatWaitsForItsDayTakesANewCalendar(t *testing.T) {
	w := newWalk(t, true)
	w.finalised()
	planned, _ := w.state().FollowUp(audit.DeepDive)
	w.stream = planned.Stream
	next := w.env
	next.Calendar = withBankHolidays(t, planned.Start.Due.String())
	next.Policy = policyWith(t, "after: 6 hours", "after: 5 hours")
	c := w.migrate(next)
	w.wantRefused("phase", c)
	c.Header, c.Policy = w.header("manager"), ""
	w.must(c)
	if s := w.state(); s.Audit.StartOn != day(t, "2026-05-18") || s.Audit.Pins.Policy != "" {
		t.Errorf("it starts on %s, pinned to %v", s.Audit.StartOn, s.Audit.Pins)
	}
	w.at("2026-05-15T09:00").wantRefused("start", audit.Start{Header: w.header("qa"), Auditor: "second"})
	w.at("2026-05-18T09:00").must(audit.Start{Header: w.header("qa"), Auditor: "second"})
}

func TestAReminderOfAMomentBeforeAMigrationIsNotSentAfterIt(t *testing.T) {
	w := newWalk(t, false)
	w.started()
	next := w.env
	next.Calendar = withBankHolidays(t, "2026-04-17")
	w.at("2026-04-17T10:00").tick() // the reminder for the 17th went out
	if w.state().Audit.Due.Due != day(t, "2026-04-17") {
		t.Fatalf("due %s", w.state().Audit.Due.Due)
	}
	w.must(w.migrate(next))
	w.tick()
	reminded := 0
	for _, who := range told(w.state(), loop.TopicReminder) {
		if who == "auditor:auditor" {
			reminded++
		}
	}
	if reminded != 1 {
		t.Errorf("reminded %d times", reminded)
	}
	w.at("2026-04-21T10:00").tick()
	if who := told(w.state(), loop.TopicOverdue); !slices.Contains(who, "auditor:auditor") {
		t.Errorf("told %v; the audit was due on the 20th", who)
	}
}

// A dry run changes nothing and says exactly what the command then does, in whatever
// state a file is.
func TestADryRunChangesNothingAndSaysWhatTheCommandDoes(t *testing.T) {
	always(t, each(func(w *town, id loop.StreamID, h *story) {
		s, env := h.state, w.envOf(h.state)
		if s.Audit.Phase == audit.PhaseNone {
			return
		}
		c := draws["migrate"](w, s, audit.Header{ID: "dry", At: w.now, Actor: "bea", Roles: signIn["bea"]}).(loop.Migrate)
		records := len(h.records)
		dry, err := loop.DryRun(s, c, env)
		var none *audit.Refusal
		if err != nil && !errors.As(err, &none) {
			w.Fatalf("%s: %v is no refusal", id, err)
		}
		again, _ := loop.DryRun(s, c, env)
		if !reflect.DeepEqual(dry, again) || len(h.records) != records {
			w.Fatalf("%s: a second dry run says something else", id)
		}
		events, refused := loop.Decide(s, c, env)
		if err != nil || dry.Refused != nil {
			if refused == nil || dry.Refused != nil && dry.Refused.Error() != refused.Error() {
				w.Fatalf("%s: the dry run is refused (%v, %v), the command is not: %v", id, err, dry.Refused, refused)
			}
			return
		}
		if refused != nil {
			w.Fatalf("%s: the command is refused, the dry run is not: %v", id, refused)
		}
		e := events[0].(loop.Migrated)
		if !slices.EqualFunc(e.Deadlines, counted(dry.Deadlines), func(a, b loop.Moved) bool { return reflect.DeepEqual(a, b) }) || !reflect.DeepEqual(e.Grades, dry.Grades) || e.Before != dry.Before || e.Pins != dry.After {
			w.Fatalf("%s: the dry run says %+v, the command does %+v", id, dry, e)
		}
		after := loop.Evolve(s, e)
		for i, clock := range after.Clocks() {
			if clock.Name != loop.ClockStandard && !clock.Due.Equal(dry.Deadlines[i].After) {
				w.Fatalf("%s: %s %s is due %+v; the dry run says %+v", id, clock.Name, clock.Subject, clock.Due, dry.Deadlines[i].After)
			}
		}
		if !reflect.DeepEqual(after.Grade(), s.Grade()) || len(after.Audit.Judgements) != len(s.Audit.Judgements) {
			w.Fatalf("%s: a migration judged", id)
		}
	}))
}

// An alert that nobody has answered climbs on after a migration as it did before.
func TestAMigrationDelaysNoAlert(t *testing.T) {
	always(t, each(func(w *town, id loop.StreamID, h *story) {
		s, env := h.state, w.envOf(h.state)
		if s.Audit.Phase == audit.PhaseNone {
			return
		}
		c := draws["migrate"](w, s, audit.Header{ID: "dry", At: w.now, Actor: "bea", Roles: signIn["bea"]}).(loop.Migrate)
		batch, err := loop.Plan(s, c, env)
		if err != nil {
			return
		}
		if diff := cmp.Diff(climbs(w.wakesFor(s, env)), climbs(batch.Wakes), cmpopts.EquateEmpty()); diff != "" {
			w.Fatalf("%s: ladders before and after (-before +after):\n%s", id, diff)
		}
	}))
}

// counted are those deadlines that people did not agree.
func counted(all []loop.Moved) []loop.Moved {
	return slices.DeleteFunc(slices.Clone(all), func(m loop.Moved) bool { return m.Before.Period.IsZero() })
}

// climbs are the wake-ups of ladders.
func climbs(wakes []loop.Wake) []loop.Wake {
	return slices.DeleteFunc(slices.Clone(wakes), func(w loop.Wake) bool {
		return !strings.Contains(string(w.ID), "/"+loop.LadderAcknowledge+"/") && !strings.Contains(string(w.ID), "/"+loop.LadderPlan+"/")
	})
}
