package loop_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/cycle"
	"github.com/practiceaudit/practiceaudit/loop"
)

var aprilCycle = cycle.MonthPlan{Month: "2026-04", Parts: []cycle.Part{
	{ID: "deep_dives", Kind: audit.DeepDive, Strata: cycle.Strata{Files: 3, By: []cycle.Attribute{cycle.ByTeam}}},
	{ID: "neglect", Kind: audit.Thematic, Theme: "Neglect", Strata: cycle.Strata{Files: 1}},
}}

// candidates are nine files of three teams.
func candidates(t testing.TB) []cycle.Candidate {
	var files []cycle.Candidate
	for i := range 9 {
		files = append(files, cycle.Candidate{
			Case:   audit.Case{Number: audit.CaseNumber(fmt.Sprint(104230 + i)), OpenedOn: day(t, "2025-09-15"), Team: []string{"Riverside", "Widnes", "Runcorn"}[i%3]},
			People: people,
		})
	}
	return files
}

// month is a walk through the cycle of April 2026, up to its confirmed draw.
func month(t testing.TB) *walk {
	w := newWalk(t, false)
	w.at("2026-04-01T10:00")
	w.must(cycle.PlanMonth{Header: w.header("qa"), MonthPlan: aprilCycle})
	w.must(cycle.MakeDraw{Header: w.header("qa"), Part: "deep_dives", Population: candidates(t), Seed: "2, 9, 14"})
	return w
}

func (w *walk) of(stream string) loop.State {
	w.t.Helper()
	s, err := w.engine.State(context.Background(), loop.StreamID(stream))
	if err != nil {
		w.t.Fatal(err)
	}
	return s
}

func TestAYearsScheduleBeginsAStreamForEachMonthOnce(t *testing.T) {
	w := newWalk(t, false)
	w.at("2026-03-02T10:00")
	may := cycle.MonthPlan{Month: "2026-05", Parts: aprilCycle.Parts}
	plan := cycle.PlanYear{Header: w.header("manager"), Months: []cycle.MonthPlan{may, aprilCycle}}
	w.must(plan)
	w.must(plan) // sent again
	year := w.state().Cycle.Year
	if len(year.Months) != 2 || year.Months[0].Month != "2026-04" {
		t.Fatalf("the schedule is %+v", year)
	}
	for _, m := range year.Months {
		if got := w.of(m.Stream).Cycle; got.Month != m.Month || len(got.Parts) != 2 {
			t.Errorf("the stream of %s holds %+v", m.Month, got)
		}
	}
	w.stream = loop.StreamID(year.Months[0].Stream)
	w.at("2026-04-01T10:00").must(cycle.MakeDraw{Header: w.header("qa"), Part: "deep_dives", Population: candidates(t), Seed: "s"})
}

func TestAConfirmedPickBeginsItsAuditWithItsNotices(t *testing.T) {
	w := month(t)
	w.tick()
	if n := len(w.notifier.Delivered()); n != 0 {
		t.Errorf("%d notices are sent of picks that nobody confirmed", n)
	}
	confirm := cycle.ConfirmPicks{Header: w.header("qa"), Part: "deep_dives"}
	w.must(confirm)
	w.must(confirm) // sent again
	w.tick()
	files := w.state().Cycle.Audited()
	if len(files) != 3 {
		t.Fatalf("%d files are audited, want 3", len(files))
	}
	for _, f := range files {
		s := w.of(f.Stream)
		if s.Audit.Phase != audit.PhaseSelected || s.Audit.Case.Number != f.Case.Number || s.Audit.StartOn != day(t, "2026-04-07") || s.Audit.Cycle != string(w.stream) {
			t.Errorf("the audit of %s: %+v", f.Case.Number, s.Audit)
		}
		want := []string{"divisional_manager:dm", "principal_manager:pm", "practice_lead:lead", "practitioner:practitioner"}
		if diff := cmp.Diff(want, told(s, loop.TopicSelected)); diff != "" {
			t.Errorf("told of %s (-want +got):\n%s", f.Case.Number, diff)
		}
	}
	if n := len(w.notifier.Delivered()); n != 12 {
		t.Errorf("%d notices are delivered, want 12", n)
	}
	again := confirm
	again.Header = w.header("qa")
	if err := w.try(again); err == nil {
		t.Error("the picks are confirmed twice")
	}
}

func TestAnAuditOfTheCycleGoesOnAsAnyOther(t *testing.T) {
	w := month(t)
	w.must(cycle.ConfirmPicks{Header: w.header("qa"), Part: "deep_dives"})
	pool := []cycle.Member{{Person: "a1"}, {Person: "a2"}, {Person: "a3"}}
	w.must(cycle.ProposeAllocation{Header: w.header("qa"), Role: audit.RoleAuditor, Pool: pool, Seed: "s"})
	w.must(cycle.ConfirmAllocation{Header: w.header("qa"), Role: audit.RoleAuditor})
	files := w.state().Cycle.Audited()
	w.at("2026-04-07T09:00")
	for _, f := range files {
		w.stream = loop.StreamID(f.Stream)
		w.must(audit.Start{Header: w.header("qa"), Auditor: f.Auditor})
		if s := w.state(); s.Audit.Auditor != f.Auditor {
			t.Errorf("case %s is audited by %s, allocated to %s", f.Case.Number, s.Audit.Auditor, f.Auditor)
		}
	}
}

func TestAChosenAndAReplacedFileBeginAtOnce(t *testing.T) {
	w := month(t)
	w.must(cycle.ConfirmPicks{Header: w.header("qa"), Part: "deep_dives"})
	old := w.state().Cycle.Audited()[0]
	w.at("2026-04-09T09:00") // after the day on which audits start
	w.must(cycle.ReplacePick{Header: w.header("qa"), Case: old.Case.Number, Because: secret})
	chosen := cycle.Candidate{Case: audit.Case{Number: "200", OpenedOn: day(t, "2025-09-15"), Restricted: true, Told: []audit.PersonID{"dm"}}, People: people}
	w.must(cycle.ChooseFile{Header: w.header("qa"), Part: "neglect", File: chosen, Because: secret})
	files := w.state().Cycle.Files
	for _, f := range files[len(files)-2:] {
		s := w.of(f.Stream)
		if s.Audit.Phase != audit.PhaseSelected || s.Audit.StartOn != day(t, "2026-04-09") {
			t.Errorf("case %s: %s, starts on %s", f.Case.Number, s.Audit.Phase, s.Audit.StartOn)
		}
	}
	s := w.of(files[len(files)-1].Stream)
	if s.Audit.Theme != "Neglect" || s.Audit.Kind != audit.Thematic || !slices.Equal(told(s, loop.TopicSelected), []string{"divisional_manager:dm"}) {
		t.Errorf("the themed audit of a restricted case: %+v, told %v", s.Audit, told(s, loop.TopicSelected))
	}
	w.tick()
	for _, n := range w.notifier.Delivered() {
		if strings.Contains(n.Subject+n.Body, string(secret)) {
			t.Errorf("the notice %q holds free text", n.Subject)
		}
	}
}

func TestAStreamIsACycleOrAnAuditAndNeverBoth(t *testing.T) {
	w := month(t)
	if err := w.try(audit.Select{Header: w.header("qa"), Kind: audit.DeepDive, Case: candidates(t)[0].Case, People: people}); err == nil || !strings.Contains(err.Error(), "monthly cycle") {
		t.Errorf("a file is selected in the stream of a cycle: %v", err)
	}
	if err := w.try(loop.CloseLoop{Header: w.header("dm"), Standard: "met"}); err == nil {
		t.Error("the loop of a cycle is closed")
	}
	w.must(loop.RaiseConcern{Header: w.header("qa"), Concern: secret})
	w.at("2026-04-01T23:00").tick()
	if n := len(told(w.state(), loop.TopicUnacknowledged)); n != 3 {
		t.Errorf("the ladder of a concern raised on a cycle told %d, want 3", n)
	}

	w = newWalk(t, false)
	w.selected()
	if err := w.try(cycle.PlanMonth{Header: w.header("qa"), MonthPlan: aprilCycle}); err == nil || !strings.Contains(err.Error(), "this stream is an audit") {
		t.Errorf("a month is planned in the stream of an audit: %v", err)
	}
}

func TestACycleIsNotDatedBeforeWhatItRestsOn(t *testing.T) {
	w := month(t)
	w.at("2026-03-31T10:00")
	if err := w.try(cycle.ConfirmPicks{Header: w.header("qa"), Part: "deep_dives"}); err == nil || !strings.Contains(err.Error(), "dated") {
		t.Errorf("picks are confirmed the day before they are drawn: %v", err)
	}
}

func TestThePolicyByWhichFilesWereDrawnIsKept(t *testing.T) {
	w := month(t)
	draw, _ := w.state().Cycle.Draw("deep_dives")
	doc, err := w.store.Document(context.Background(), loop.Digest(draw.Policy))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := loop.ParsePolicy("stored", doc); err != nil {
		t.Error(err)
	}
}

// Two machines that confirm at once begin each audit once.
func TestTwoWhoConfirmAtOnceBeginEachAuditOnce(t *testing.T) {
	w := month(t)
	s := w.state()
	first, err := loop.Plan(s, cycle.ConfirmPicks{Header: w.header("qa"), Part: "deep_dives"}, w.env)
	if err != nil {
		t.Fatal(err)
	}
	second, err := loop.Plan(s, cycle.ConfirmPicks{Header: w.header("qa"), Part: "deep_dives"}, w.env)
	if err != nil {
		t.Fatal(err)
	}
	if len(first.FollowUps) != 3 || first.FollowUps[0].Stream != second.FollowUps[0].Stream {
		t.Fatalf("the audits are %v and %v", first.FollowUps, second.FollowUps)
	}
	if err := first.Check(); err != nil {
		t.Error(err)
	}
	if _, err := w.store.Commit(context.Background(), first); err != nil {
		t.Fatal(err)
	}
	if _, err := w.store.Commit(context.Background(), second); err == nil {
		t.Error("each audit has begun twice")
	}
}
