package cycle_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/cycle"
	"github.com/practiceaudit/practiceaudit/rubric"
	"github.com/practiceaudit/practiceaudit/rubric/halton"
)

// environment is Halton's rubric with the policy that the tests need.
func environment(t testing.TB) cycle.Env {
	t.Helper()
	r, err := rubric.Parse(halton.DeepDiveFile, halton.DeepDive())
	if err != nil {
		t.Fatal(err)
	}
	p := one
	p.NotAgainWithin, p.Reserves = period(t, "12 months"), 3
	p.May = map[string][]audit.Role{}
	for _, name := range cycle.Commands() {
		p.May[name] = []audit.Role{audit.RoleQATeam}
	}
	return cycle.Env{Stream: "month", Policy: p, Audit: audit.Env{
		Rubric: r, Calendar: calendar.EnglandAndWales(), PolicyDigest: "sha256:policy",
		Policy: audit.Policy{OpenFor: period(t, "4 weeks"), StartDay: 7, StartRoll: calendar.Following, Focus: period(t, "6 months")},
	}}
}

func period(t testing.TB, s string) calendar.Period {
	t.Helper()
	p, err := calendar.ParsePeriod(s)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// desk gives commands to one cycle.
type desk struct {
	t     testing.TB
	env   cycle.Env
	state cycle.State
	now   time.Time
}

func newDesk(t testing.TB) *desk {
	return &desk{t: t, env: environment(t), now: time.Date(2026, 4, 1, 9, 0, 0, 0, time.UTC)}
}

func (d *desk) header() audit.Header {
	return audit.Header{ID: "c", At: d.now, Actor: "qa", Roles: []audit.Role{audit.RoleQATeam}}
}

func (d *desk) try(c cycle.Command) error {
	events, err := cycle.Decide(d.state, c, d.env)
	for _, e := range events {
		d.state = cycle.Evolve(d.state, e)
	}
	return err
}

func (d *desk) must(c cycle.Command) {
	d.t.Helper()
	if err := d.try(c); err != nil {
		d.t.Fatalf("%s: %v", c.Name(), err)
	}
}

// refused gives a command that is to be refused by the given rules, all at once,
// and to change nothing.
func (d *desk) refused(c cycle.Command, rules ...string) {
	d.t.Helper()
	before := fmt.Sprintf("%+v", d.state)
	err := d.try(c)
	var got []string
	var one *audit.Refusal
	var all audit.Refusals
	switch {
	case errors.As(err, &all):
		for _, r := range all {
			got = append(got, r.Rule)
		}
	case errors.As(err, &one):
		got = []string{one.Rule}
	}
	if diff := cmp.Diff(rules, got); diff != "" {
		d.t.Errorf("%s is refused by (-want +got):\n%s\n%v", c.Name(), diff, err)
	}
	if fmt.Sprintf("%+v", d.state) != before {
		d.t.Errorf("%s was refused and changed something", c.Name())
	}
}

var april = cycle.MonthPlan{Month: "2026-04", Parts: []cycle.Part{
	{ID: "deep_dives", Kind: audit.DeepDive, Strata: cycle.Strata{Files: 4, By: []cycle.Attribute{cycle.ByTeam}}},
	{ID: "neglect", Kind: audit.Thematic, Theme: "Neglect", Strata: cycle.Strata{Files: 1}},
}}

// cases are twelve files that may be drawn, and three that may not.
func cases() []cycle.Candidate {
	var files []cycle.Candidate
	for i := range 12 {
		files = append(files, cycle.Candidate{
			Case:   audit.Case{Number: audit.CaseNumber(fmt.Sprint(100 + i)), OpenedOn: date("2025-06-01"), Team: teams[i%3]},
			People: audit.People{Holders: map[audit.Role][]audit.PersonID{audit.RolePractitioner: {audit.PersonID(fmt.Sprint("sw", i))}}},
		})
	}
	return append(files,
		cycle.Candidate{Case: audit.Case{Number: "200", OpenedOn: date("2026-03-20"), Team: "Widnes"}},
		cycle.Candidate{Case: audit.Case{Number: "201", Team: "Widnes"}},
		cycle.Candidate{Case: audit.Case{Number: "202", OpenedOn: date("2024-01-01"), Team: "Widnes"}, LastAudited: date("2025-04-02")},
	)
}

func (d *desk) drawn() {
	d.t.Helper()
	d.must(cycle.PlanMonth{Header: d.header(), MonthPlan: april})
	d.must(cycle.MakeDraw{Header: d.header(), Part: "deep_dives", Population: cases(), Seed: "seed"})
}

func (d *desk) confirmed() {
	d.t.Helper()
	d.drawn()
	d.must(cycle.ConfirmPicks{Header: d.header(), Part: "deep_dives"})
}

// pool are six auditors without a team.
func pool() []cycle.Member {
	var p []cycle.Member
	for i := range 6 {
		p = append(p, cycle.Member{Person: audit.PersonID(fmt.Sprint("a", i))})
	}
	return p
}

func TestWhoCannotBeDrawnIsListedWithTheReason(t *testing.T) {
	d := newDesk(t)
	d.drawn()
	got, _ := d.state.Draw("deep_dives")
	want := []cycle.Excluded{
		{Case: "200", Rule: "eligible", Why: "case 200 has not been open for 4 weeks"},
		{Case: "201", Rule: "eligible", Why: "it is not known since when case 201 is open"},
		{Case: "202", Rule: "recently_audited", Why: "it was last audited on Wednesday 2 April 2025 and is not drawn before Thursday 2 April 2026"},
	}
	if diff := cmp.Diff(want, got.Excluded); diff != "" {
		t.Errorf("excluded (-want +got):\n%s", diff)
	}
	if got.Given != 15 || got.Sample.Size != 12 || got.Digest != cycle.Digest(cases()) {
		t.Errorf("%d given, %d drawn from", got.Given, got.Sample.Size)
	}
	if diff := cmp.Diff(cycle.Draw(cases()[:12], april.Parts[0].Strata, "seed").Strata[0].Picks, got.Sample.Strata[0].Picks, cmpopts.EquateComparable(calendar.Date{})); diff != "" {
		t.Errorf("the draw is not the one that can be done again (-again +recorded):\n%s", diff)
	}
}

func TestEveryPickMayBeSelected(t *testing.T) {
	env := environment(t)
	rapid.Check(t, func(rt *rapid.T) {
		d := &desk{t: t, env: env, now: time.Date(2026, 4, rapid.IntRange(1, 28).Draw(rt, "day"), 9, 0, 0, 0, time.UTC)}
		var files []cycle.Candidate
		for i := range rapid.IntRange(1, 20).Draw(rt, "files") {
			files = append(files, cycle.Candidate{
				Case: audit.Case{
					Number: audit.CaseNumber(fmt.Sprint(i)), OpenedOn: date("2025-12-31").AddDays(rapid.IntRange(0, 130).Draw(rt, "opened")),
					Service: rapid.SampledFrom([]string{"", "nonsense"}).Draw(rt, "service"),
				},
				LastAudited: rapid.SampledFrom([]calendar.Date{{}, date("2025-04-10"), date("2026-03-01"), date("2027-01-01")}).Draw(rt, "last audited"),
			})
		}
		d.must(cycle.PlanMonth{Header: d.header(), MonthPlan: april})
		d.must(cycle.MakeDraw{Header: d.header(), Part: "deep_dives", Population: files, Seed: "s"})
		draw, _ := d.state.Draw("deep_dives")
		if draw.Sample.Size+len(draw.Excluded) != draw.Given {
			rt.Fatalf("%d given, %d drawn from, %d excluded", draw.Given, draw.Sample.Size, len(draw.Excluded))
		}
		for _, f := range d.state.Files {
			if _, r := audit.Eligible(f.Case, calendar.DateOf(d.now), env.Audit); r != nil {
				rt.Fatalf("picked %s: %v", f.Case.Number, r)
			}
			if !f.LastAudited.IsZero() && !f.LastAudited.AddMonths(12).Before(calendar.DateOf(d.now).AddDays(1)) {
				rt.Fatalf("picked %s, last audited on %s", f.Case.Number, f.LastAudited)
			}
		}
		d.must(cycle.ConfirmPicks{Header: d.header(), Part: "deep_dives"})
	})
}

func TestNothingComesOfADrawUntilAPersonConfirmsIt(t *testing.T) {
	d := newDesk(t)
	d.drawn()
	if n := len(d.state.Audited()); n != 0 {
		t.Errorf("%d files are audited though nobody confirmed them", n)
	}
	d.refused(cycle.ProposeAllocation{Header: d.header(), Role: audit.RoleAuditor, Pool: pool(), Seed: "s"}, "phase")
	d.must(cycle.ConfirmPicks{Header: d.header(), Part: "deep_dives"})
	if n := len(d.state.Audited()); n != 4 {
		t.Errorf("%d files are audited, want 4", n)
	}
	d.refused(cycle.ConfirmPicks{Header: d.header(), Part: "deep_dives"}, "phase")
	d.refused(cycle.MakeDraw{Header: d.header(), Part: "deep_dives", Population: cases(), Seed: "again", Because: "we like other files"}, "phase")
}

// Between draw and confirmation the council may have made its policy stricter.
func TestWhatMayNoLongerBeSelectedIsNotConfirmed(t *testing.T) {
	d := newDesk(t)
	d.drawn()
	stricter := environment(t)
	stricter.Audit.Policy.OpenFor = period(t, "24 months")
	lenient := d.env
	d.env = stricter
	d.refused(cycle.ConfirmPicks{Header: d.header(), Part: "deep_dives"}, "eligible", "eligible", "eligible", "eligible")
	d.env = lenient
	d.must(cycle.ConfirmPicks{Header: d.header(), Part: "deep_dives"})
	d.env = stricter
	d.refused(cycle.ReplacePick{Header: d.header(), Case: d.state.Files[0].Case.Number, Because: "closed"}, "eligible")
}

func TestADrawIsRepeatedOnlyWithAReasonAndTheFirstIsKept(t *testing.T) {
	d := newDesk(t)
	d.drawn()
	out := d.state.Files[0].Case.Number
	d.must(cycle.ReplacePick{Header: d.header(), Case: out, Because: "the file was merged"})
	again := cycle.MakeDraw{Header: d.header(), Part: "deep_dives", Population: cases(), Seed: "seed"}
	d.refused(again, "because")
	again.Because = "the export was of last month"
	d.must(again)
	d.must(again)
	if len(d.state.Draws) != 3 {
		t.Errorf("%d draws are kept", len(d.state.Draws))
	}
	current := 0
	for _, f := range d.state.Files {
		if !f.Out {
			current++
		}
		if f.Case.Number == out && !f.Out {
			t.Errorf("case %s was replaced and is drawn again", out)
		}
	}
	if current != 4 {
		t.Errorf("%d files are proposed, want 4", current)
	}
}

func TestAReplacedPickIsFollowedByTheNextOfItsStratum(t *testing.T) {
	d := newDesk(t)
	d.confirmed()
	draw, _ := d.state.Draw("deep_dives")
	old := d.state.Files[0]
	i := slices.IndexFunc(draw.Sample.Strata, func(s cycle.Stratum) bool { return s.Name == old.Stratum })
	d.refused(cycle.ReplacePick{Header: d.header(), Case: old.Case.Number}, "because")
	for _, next := range draw.Sample.Strata[i].Reserves {
		d.must(cycle.ReplacePick{Header: d.header(), Case: old.Case.Number, Because: "the family moved away"})
		f := d.state.Files[len(d.state.Files)-1]
		if f.Case.Number != next.Case.Number || f.Stratum != old.Stratum || f.Stream == "" {
			t.Errorf("instead of %s comes %+v, want %s", old.Case.Number, f, next.Case.Number)
		}
		d.refused(cycle.ReplacePick{Header: d.header(), Case: old.Case.Number, Because: "twice"}, "case")
		old = f
	}
	d.refused(cycle.ReplacePick{Header: d.header(), Case: old.Case.Number, Because: "moved too"}, "reserve")
	d.refused(cycle.ReplacePick{Header: d.header(), Case: "999", Because: "never there"}, "case")
}

func TestAFileChosenByHandNeedsAReasonAndBeginsAtOnce(t *testing.T) {
	d := newDesk(t)
	d.drawn()
	recent := cases()[14] // audited a year ago less a day
	choose := cycle.ChooseFile{Header: d.header(), Part: "neglect", File: recent}
	d.refused(choose, "because")
	choose.Because = "the complaint was upheld"
	d.must(choose)
	if f, _ := d.state.File("202"); f.Stream == "" || f.Stratum != "" {
		t.Errorf("chosen: %+v", f)
	}
	d.refused(choose, "in_cycle")
	choose.File = cases()[12]
	choose.Part = "nonsense"
	d.refused(choose, "part")
	choose.Part, choose.Because = "neglect", ""
	d.refused(choose, "because", "eligible")
	d.must(cycle.ReplacePick{Header: d.header(), Case: "202", Because: "the complaint was withdrawn"})
	if n := len(d.state.Audited()); n != 0 {
		t.Errorf("%d files are audited; a file chosen by hand has no next", n)
	}
}

func TestAuditsOfTheMonthStartOnItsDayOrAtOnceAfterIt(t *testing.T) {
	for on, want := range map[string]string{"2026-03-02": "2026-04-07", "2026-04-07": "2026-04-07", "2026-04-11": "2026-04-13"} {
		d := newDesk(t)
		d.now = date(on).Start().Add(9 * time.Hour)
		d.must(cycle.PlanMonth{Header: d.header(), MonthPlan: april})
		got, err := d.state.Select(cases()[0], april.Parts[1], d.header(), d.env)
		if err != nil || got.StartOn != date(want) || got.Focus != date(want).AddMonths(-6) || got.Theme != "Neglect" || got.Cycle != "month" {
			t.Errorf("chosen on %s: %+v, %v; want a start on %s", on, got, err, want)
		}
	}
}

// A calendar ends; what it cannot say is an error, or the reason why a file is not
// drawn, and no panic.
func TestWhatTheCalendarCannotSayIsAnError(t *testing.T) {
	d := newDesk(t)
	d.now = time.Date(9998, 4, 1, 9, 0, 0, 0, time.UTC)
	d.must(cycle.PlanMonth{Header: d.header(), MonthPlan: cycle.MonthPlan{Month: "9998-04", Parts: april.Parts}})
	for _, c := range []cycle.Command{
		cycle.MakeDraw{Header: d.header(), Part: "deep_dives", Population: cases(), Seed: "s"},
		cycle.ChooseFile{Header: d.header(), Part: "neglect", File: cases()[0], Because: "a complaint"},
	} {
		var outside *calendar.RangeError
		if err := d.try(c); !errors.As(err, &outside) {
			t.Errorf("%s in 9998: %v", c.Name(), err)
		}
	}
	d = newDesk(t)
	d.must(cycle.PlanMonth{Header: d.header(), MonthPlan: april})
	ancient := cases()[:1]
	ancient[0].LastAudited = date("0001-01-01")
	d.must(cycle.MakeDraw{Header: d.header(), Part: "deep_dives", Population: ancient, Seed: "s"})
	if draw, _ := d.state.Draw("deep_dives"); draw.Sample.Size+len(draw.Excluded) != 1 {
		t.Errorf("neither drawn nor excluded: %+v", draw)
	}
}

func TestAnAllocationIsProposedThenConfirmed(t *testing.T) {
	d := newDesk(t)
	d.confirmed()
	d.refused(cycle.ConfirmAllocation{Header: d.header(), Role: audit.RoleAuditor}, "phase")
	d.refused(cycle.ProposeAllocation{Header: d.header(), Role: audit.RoleModerator, Pool: pool(), Seed: "s"}, "phase", "phase", "phase", "phase")
	d.must(cycle.ProposeAllocation{Header: d.header(), Role: audit.RoleAuditor, Pool: pool(), Seed: "s"})
	if n := len(cycle.Tally(audit.RoleAuditor, d.state)); n != 0 {
		t.Errorf("%d people have files before anybody confirmed", n)
	}
	d.must(cycle.ConfirmAllocation{Header: d.header(), Role: audit.RoleAuditor})
	d.refused(cycle.ConfirmAllocation{Header: d.header(), Role: audit.RoleAuditor}, "phase")
	if tally := cycle.Tally(audit.RoleAuditor, d.state); len(tally) != 4 {
		t.Errorf("auditors %v, want 4 with one each", tally)
	}
	d.must(cycle.ProposeAllocation{Header: d.header(), Role: audit.RoleModerator, Pool: pool(), Seed: "s"})
	d.must(cycle.ConfirmAllocation{Header: d.header(), Role: audit.RoleModerator})
	for _, f := range d.state.Audited() {
		if f.Moderator == "" || f.Moderator == f.Auditor {
			t.Errorf("case %s: auditor %s, moderator %s", f.Case.Number, f.Auditor, f.Moderator)
		}
	}
	d.refused(cycle.ProposeAllocation{Header: d.header(), Role: audit.RoleAuditor, Pool: pool(), Seed: "s"}, "phase")
}

func TestAProposalThatNoLongerFitsIsNotConfirmed(t *testing.T) {
	d := newDesk(t)
	d.confirmed()
	d.must(cycle.ProposeAllocation{Header: d.header(), Role: audit.RoleAuditor, Pool: pool(), Seed: "s"})
	given := d.state.Proposed[audit.RoleAuditor].Files
	d.must(cycle.ReplacePick{Header: d.header(), Case: given[0].Case, Because: "closed"})
	d.must(cycle.SwapAllocation{Header: d.header(), Role: audit.RoleAuditor, Case: given[1].Case, To: cycle.Member{Person: given[2].Person}, Because: "knows the work"})
	d.refused(cycle.ConfirmAllocation{Header: d.header(), Role: audit.RoleAuditor}, "case", "case", "allocation.capacity")
	d.must(cycle.ProposeAllocation{Header: d.header(), Role: audit.RoleAuditor, Pool: pool(), Seed: "s"})
	d.must(cycle.ConfirmAllocation{Header: d.header(), Role: audit.RoleAuditor})
	if tally := cycle.Tally(audit.RoleAuditor, d.state); len(tally) != 4 || tally[given[2].Person] != 1 {
		t.Errorf("auditors %v, want 4 with one each", tally)
	}
}

// Of two files proposed for somebody who takes two and was given one by hand since,
// one is too many.
func TestWhatSomebodyWasGivenSinceAProposalCounts(t *testing.T) {
	d := newDesk(t)
	d.confirmed()
	d.must(cycle.ProposeAllocation{Header: d.header(), Role: audit.RoleAuditor, Pool: []cycle.Member{{Person: "a", Files: 2}, {Person: "b", Files: 2}}, Seed: "s"})
	for _, f := range d.state.Proposed[audit.RoleAuditor].Files {
		if f.Person == "b" {
			d.must(cycle.SwapAllocation{Header: d.header(), Role: audit.RoleAuditor, Case: f.Case, To: cycle.Member{Person: "a"}, Because: "knows the work"})
			break
		}
	}
	err := d.try(cycle.ConfirmAllocation{Header: d.header(), Role: audit.RoleAuditor})
	var rs audit.Refusals
	if !errors.As(err, &rs) || len(rs) != 2 || rs[0].Rule == rs[1].Rule {
		t.Errorf("refused: %v; want one file that has an auditor, and one too many", err)
	}
}

func TestASwapKeepsWhoIsBarred(t *testing.T) {
	d := newDesk(t)
	d.confirmed()
	d.must(cycle.ProposeAllocation{Header: d.header(), Role: audit.RoleAuditor, Pool: pool(), Seed: "s"})
	d.must(cycle.ConfirmAllocation{Header: d.header(), Role: audit.RoleAuditor})
	f := d.state.Audited()[0]
	swap := func(to cycle.Member) cycle.SwapAllocation {
		return cycle.SwapAllocation{Header: d.header(), Role: audit.RoleAuditor, Case: f.Case.Number, To: to, Because: "on leave"}
	}
	d.refused(swap(cycle.Member{Person: f.People.Of(audit.RolePractitioner)[0]}), "separation.practitioner")
	d.state.Files[0].People = d.state.Files[0].People.With(audit.RoleIRM, "irm")
	d.refused(swap(cycle.Member{Person: "irm"}), "separation.irm")
	d.refused(swap(cycle.Member{Person: "x", Teams: []string{f.Case.Team}}), "allocation.own_team")
	d.refused(swap(cycle.Member{Person: d.state.Audited()[1].Auditor}), "allocation.capacity")
	d.refused(swap(cycle.Member{Person: f.Auditor}), "case")
	d.refused(cycle.SwapAllocation{Header: d.header(), Role: "director", Case: f.Case.Number}, "duty")
	d.refused(cycle.SwapAllocation{Header: d.header(), Role: audit.RoleAuditor, Case: f.Case.Number, To: cycle.Member{SoFar: -1}}, "pool", "pool", "because")
	d.must(swap(cycle.Member{Person: d.state.Audited()[1].Auditor, Files: 2}))
	d.must(swap(cycle.Member{Person: "x"}))
	moderate := swap(cycle.Member{Person: "x"})
	moderate.Role = audit.RoleModerator
	d.refused(moderate, "separation.auditor")
	moderate.To.Person = "y"
	d.must(moderate)
	d.refused(swap(cycle.Member{Person: "y"}), "separation.moderator")
}

func TestAMonthIsClosedWhenAllIsDoneOrWithAReason(t *testing.T) {
	d := newDesk(t)
	d.confirmed()
	d.refused(cycle.CloseMonth{Header: d.header()}, "left", "left", "left", "left", "left", "left", "left", "left", "left")
	d.must(cycle.CloseMonth{Header: d.header(), Because: "a flood"})
	d.refused(cycle.ChooseFile{Header: d.header(), Part: "neglect", File: cases()[0], Because: "late"}, "phase")
	d.refused(cycle.PlanMonth{Header: d.header(), MonthPlan: april, Because: "late"}, "phase")
}

func TestAYearsScheduleIsRefusedWithEverythingThatIsWrong(t *testing.T) {
	d := newDesk(t)
	d.refused(cycle.PlanYear{Header: d.header()}, "month")
	d.refused(cycle.PlanYear{Header: d.header(), Months: []cycle.MonthPlan{
		{Month: "2026-4", Parts: april.Parts},
		{Month: "2026-05"},
		{Month: "2026-06", Parts: []cycle.Part{
			{ID: "Deep dives", Kind: "wide", Strata: cycle.Strata{Files: 3, By: []cycle.Attribute{"age"}}},
			{ID: "t", Kind: audit.Thematic, Strata: cycle.Strata{Files: 0}},
			{ID: "t", Kind: audit.Thematic, Strata: cycle.Strata{Files: 300, By: []cycle.Attribute{cycle.ByTeam, cycle.ByTeam}}},
			{ID: "d", Kind: audit.DipSample, Theme: "two\nlines", Strata: cycle.Strata{Files: 1}},
		}},
		{Month: "2026-06", Parts: april.Parts},
		{Month: "2025-12", Parts: april.Parts},
		{Month: "2027-01", Parts: april.Parts},
	}}, "month", "part", "part", "kind", "strata", "files", "part", "theme", "strata", "kind", "theme", "files", "month", "month", "month")
	year := cycle.PlanYear{Header: d.header(), Months: []cycle.MonthPlan{april, {Month: "2026-05", Parts: april.Parts}}}
	d.must(year)
	d.refused(year, "phase")
	d.refused(cycle.MakeDraw{Header: d.header(), Part: "deep_dives", Population: cases(), Seed: "s"}, "phase")
	d.refused(cycle.PlanMonth{Header: d.header(), MonthPlan: april}, "phase")
	begins := d.state.Year.Begins("year")
	if len(begins) != 2 || begins[d.state.Year.Months[1].Stream].Month != "2026-05" {
		t.Errorf("the months begin as %v", begins)
	}
}

func TestAMonthIsPlannedAnewOnlyBeforeItIsDrawnAndWithAReason(t *testing.T) {
	d := newDesk(t)
	d.must(cycle.PlanMonth{Header: d.header(), MonthPlan: april})
	d.refused(cycle.PlanMonth{Header: d.header(), MonthPlan: april}, "because")
	d.refused(cycle.PlanMonth{Header: d.header(), MonthPlan: cycle.MonthPlan{Month: "2026-05", Parts: april.Parts}, Because: "wrong stream"}, "month")
	d.must(cycle.PlanMonth{Header: d.header(), MonthPlan: cycle.MonthPlan{Month: "2026-04", Parts: april.Parts[:1]}, Because: "the theme moved to May"})
	d.must(cycle.MakeDraw{Header: d.header(), Part: "deep_dives", Population: cases(), Seed: "s"})
	d.refused(cycle.PlanMonth{Header: d.header(), MonthPlan: april, Because: "late"}, "phase")
}

func TestADrawIsRefusedWithEverythingThatIsWrong(t *testing.T) {
	d := newDesk(t)
	d.refused(cycle.MakeDraw{Header: d.header(), Part: "deep_dives", Population: cases(), Seed: "s"}, "phase")
	d.must(cycle.PlanMonth{Header: d.header(), MonthPlan: april})
	d.refused(cycle.MakeDraw{Header: d.header(), Part: "deep", Population: cases(), Seed: "s"}, "part")
	d.refused(cycle.MakeDraw{Header: d.header(), Part: "deep_dives"}, "seed", "population")
	twice := append(cases(), cases()[3], cases()[3], cycle.Candidate{}, cycle.Candidate{Case: audit.Case{Number: "1\n2"}})
	d.refused(cycle.MakeDraw{Header: d.header(), Part: "deep_dives", Population: twice, Seed: "one\ntwo"}, "seed", "population", "population", "population")
}

func TestAPoolIsRefusedWithEverythingThatIsWrong(t *testing.T) {
	d := newDesk(t)
	d.confirmed()
	d.refused(cycle.ProposeAllocation{Header: d.header(), Role: audit.RoleDirector, Pool: pool(), Seed: "s"}, "duty")
	d.refused(cycle.ProposeAllocation{Header: d.header(), Role: audit.RoleAuditor}, "seed", "pool")
	d.refused(cycle.ProposeAllocation{Header: d.header(), Role: audit.RoleAuditor, Seed: "s", Pool: []cycle.Member{
		{Person: "a"}, {Person: "a"}, {}, {Person: "b", SoFar: -1}, {Person: "c", Files: 21},
	}}, "pool", "pool", "pool", "pool")
}

func TestOnlyWhomThePolicyNamesGivesTheCommandsOfACycle(t *testing.T) {
	d := newDesk(t)
	h := d.header()
	h.Roles = []audit.Role{audit.RoleDirector}
	for _, c := range []cycle.Command{
		cycle.PlanYear{Header: h}, cycle.PlanMonth{Header: h}, cycle.MakeDraw{Header: h}, cycle.ConfirmPicks{Header: h}, cycle.ChooseFile{Header: h},
		cycle.ReplacePick{Header: h}, cycle.ProposeAllocation{Header: h}, cycle.ConfirmAllocation{Header: h}, cycle.SwapAllocation{Header: h}, cycle.CloseMonth{Header: h},
	} {
		d.refused(c, "role")
	}
	if _, err := cycle.Decide(d.state, nil, d.env); err == nil {
		t.Error("no command is accepted")
	}
}

// Every event that a whole month can have is stored and read back the same, and
// an older state is not changed by a later event.
func TestEventsReadBackTheSameAndStatesAreValues(t *testing.T) {
	d := newDesk(t)
	seen := map[string]bool{}
	var states []cycle.State
	var printed []string
	give := func(c cycle.Command) {
		t.Helper()
		events, err := cycle.Decide(d.state, c, d.env)
		if err != nil {
			t.Fatalf("%s: %v", c.Name(), err)
		}
		for _, e := range events {
			seen[e.Type()] = true
			data, err := json.Marshal(e)
			if err != nil {
				t.Fatal(err)
			}
			back, ok, err := cycle.DecodeEvent(e.Type(), data)
			if !ok || err != nil {
				t.Fatalf("%s: %t, %v", e.Type(), ok, err)
			}
			again, err := json.Marshal(back)
			if err != nil || string(again) != string(data) {
				t.Errorf("%s\nreads back as\n%s\n%v", data, again, err)
			}
			d.state = cycle.Evolve(d.state, back)
			states, printed = append(states, d.state), append(printed, fmt.Sprintf("%#v", d.state))
		}
	}
	year := cycle.PlanYear{Header: d.header(), Months: []cycle.MonthPlan{april}}
	give(year)
	d.state = cycle.State{}
	give(cycle.PlanMonth{Header: d.header(), MonthPlan: april})
	give(cycle.MakeDraw{Header: d.header(), Part: "deep_dives", Population: cases(), Seed: "s"})
	give(cycle.ConfirmPicks{Header: d.header(), Part: "deep_dives"})
	give(cycle.ReplacePick{Header: d.header(), Case: d.state.Files[0].Case.Number, Because: "closed"})
	left := d.state.Files[0].Case.Number
	for _, c := range cases()[:12] {
		if _, taken := d.state.File(c.Case.Number); !taken {
			give(cycle.ChooseFile{Header: d.header(), Part: "neglect", File: c, Because: "a complaint"})
			break
		}
	}
	give(cycle.ProposeAllocation{Header: d.header(), Role: audit.RoleAuditor, Pool: pool(), Seed: "s"})
	give(cycle.ConfirmAllocation{Header: d.header(), Role: audit.RoleAuditor})
	give(cycle.SwapAllocation{Header: d.header(), Role: audit.RoleAuditor, Case: d.state.Audited()[0].Case.Number, To: cycle.Member{Person: "x"}, Because: "leave"})
	give(cycle.CloseMonth{Header: d.header(), Because: "moderators follow"})
	if f, _ := d.state.File(left); !f.Out {
		t.Errorf("%+v has left", f)
	}
	if len(seen) != 10 {
		t.Errorf("%d types of events, want all 10: %v", len(seen), seen)
	}
	for i, s := range states {
		if fmt.Sprintf("%#v", s) != printed[i] {
			t.Errorf("state %d was changed by a later event", i)
		}
	}
	if _, ok, _ := cycle.DecodeEvent("cycle.from_the_future", nil); ok {
		t.Error("an unknown type is read")
	}
	if _, ok, err := cycle.DecodeEvent(cycle.TypeDrawn, []byte("{")); !ok || err == nil {
		t.Error("broken bytes are read")
	}
}
