package cycle_test

import (
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/cycle"
)

// command draws any command of a month, more often one that is sensible now.
func command(t *rapid.T, h audit.Header, s cycle.State) cycle.Command {
	part := rapid.SampledFrom([]string{"deep_dives", "neglect", "deep_dives", "neglect", "nonsense"}).Draw(t, "part")
	role := rapid.SampledFrom([]audit.Role{audit.RoleAuditor, audit.RoleModerator, audit.RoleAuditor, audit.RoleModerator, audit.RoleDirector}).Draw(t, "role")
	because := rapid.SampledFrom([]audit.FreeText{"a reason", "a reason", "a reason", ""}).Draw(t, "because")
	seed := rapid.SampledFrom([]string{"one", "two", "three", ""}).Draw(t, "seed")
	number := audit.CaseNumber("98")
	if len(s.Files) > 0 {
		number = rapid.SampledFrom(s.Files).Draw(t, "case").Case.Number
	}
	member := func(who audit.PersonID) cycle.Member {
		return cycle.Member{
			Person: who, Teams: rapid.SliceOfN(rapid.SampledFrom(teams), 0, 1).Draw(t, "teams"),
			Files: rapid.IntRange(0, 2).Draw(t, "most"), SoFar: rapid.IntRange(0, 3).Draw(t, "so far"),
		}
	}
	switch rapid.SampledFrom([]string{"swap", "propose", "confirm", "draw", "picks", "replace", "choose", "propose", "confirm", "swap", "month", "close", "year"}).Draw(t, "command") {
	case "year":
		return cycle.PlanYear{Header: h, Months: []cycle.MonthPlan{april}}
	case "month":
		return cycle.PlanMonth{Header: h, MonthPlan: april, Because: because}
	case "draw":
		n := rapid.SampledFrom([]int{15, 8, 3, 0}).Draw(t, "population")
		return cycle.MakeDraw{Header: h, Part: part, Population: cases()[:n], Seed: seed, Because: because}
	case "picks":
		return cycle.ConfirmPicks{Header: h, Part: part}
	case "choose":
		return cycle.ChooseFile{Header: h, Part: part, File: rapid.SampledFrom(cases()).Draw(t, "file"), Because: because}
	case "replace":
		return cycle.ReplacePick{Header: h, Case: number, Because: because}
	case "propose":
		var pool []cycle.Member
		for _, who := range rapid.Permutation(persons).Draw(t, "people")[:rapid.SampledFrom([]int{7, 8, 5, 3, 0}).Draw(t, "how many")] {
			pool = append(pool, member(who))
		}
		return cycle.ProposeAllocation{Header: h, Role: role, Seed: seed, Pool: pool}
	case "confirm":
		return cycle.ConfirmAllocation{Header: h, Role: role}
	case "swap":
		return cycle.SwapAllocation{Header: h, Role: role, Case: number, To: member(rapid.SampledFrom(persons).Draw(t, "to")), Because: because}
	}
	return cycle.CloseMonth{Header: h}
}

var persons = []audit.PersonID{"a0", "a1", "sw0", "sw1", "sw2", "sw3", "sw4", "sw5"}

// Whatever is asked for in whatever order: no case twice, nobody with a file that
// they must not have or more than they have room for, no audit that nobody
// confirmed, and a history that replays to the same state.
func TestWhatAlwaysHoldsOfAMonth(t *testing.T) {
	env := environment(t)
	rapid.Check(t, func(t *rapid.T) {
		h := audit.Header{ID: "c", At: time.Date(2026, 4, 1, 9, 0, 0, 0, time.UTC), Actor: "qa", Roles: []audit.Role{audit.RoleQATeam}}
		var s cycle.State
		var history []cycle.Event
		for range rapid.IntRange(20, 80).Draw(t, "commands") {
			c := command(t, h, s)
			switch len(history) { // some way into the month
			case 0:
				c = cycle.PlanMonth{Header: h, MonthPlan: april}
			case 1:
				c = cycle.MakeDraw{Header: h, Part: "deep_dives", Population: cases(), Seed: "one"}
			case 2:
				c = cycle.ConfirmPicks{Header: h, Part: "deep_dives"}
			}
			events, err := cycle.Decide(s, c, env)
			if (err == nil) != (len(events) == 1) {
				t.Fatalf("%s: %d events and %v", c.Name(), len(events), err)
			}
			for _, e := range events {
				s, history = cycle.Evolve(s, e), append(history, e)
			}
			check(t, s)
		}
		var again cycle.State
		for _, e := range history {
			again = cycle.Evolve(again, e)
		}
		if !reflect.DeepEqual(s, again) {
			t.Fatalf("replayed:\n%+v\nwas\n%+v", again, s)
		}
	})
}

func check(t *rapid.T, s cycle.State) {
	seen := map[audit.CaseNumber]bool{}
	confirmed := map[string]bool{}
	for _, p := range s.Confirmed {
		confirmed[p] = true
	}
	for _, f := range s.Files {
		if seen[f.Case.Number] {
			t.Fatalf("case %s stands in the month twice", f.Case.Number)
		}
		seen[f.Case.Number] = true
		switch {
		case f.Stream == "" && (f.Auditor != "" || f.Moderator != ""):
			t.Fatalf("case %s is only proposed and allocated", f.Case.Number)
		case f.Stream == "" && confirmed[f.Part] && !f.Out:
			t.Fatalf("case %s has no audit though its part is confirmed", f.Case.Number)
		case f.Stream != "" && f.Stratum != "" && !confirmed[f.Part]:
			t.Fatalf("case %s has an audit that nobody confirmed", f.Case.Number)
		}
		works := audit.PersonID("")
		if who := f.People.Of(audit.RolePractitioner); len(who) > 0 {
			works = who[0]
		}
		if f.Auditor != "" && (f.Auditor == f.Moderator || f.Auditor == works) || f.Moderator != "" && f.Moderator == works {
			t.Fatalf("case %s: auditor %s, moderator %s, practitioner %s", f.Case.Number, f.Auditor, f.Moderator, works)
		}
	}
	for _, r := range []audit.Role{audit.RoleAuditor, audit.RoleModerator} {
		for who, n := range cycle.Tally(r, s) {
			if n > 2 {
				t.Fatalf("%s is %s of %d files, and takes 2 at most", who, r, n)
			}
		}
	}
}

// What was stored by mistake, or by a later version, is read without a panic.
func TestNoEventInNoOrderPanics(t *testing.T) {
	events := []cycle.Event{
		nil, cycle.YearPlanned{}, cycle.MonthPlanned{}, cycle.Drawn{}, cycle.PicksConfirmed{Files: []cycle.Begun{{Case: "1", Stream: "s"}}},
		cycle.FileChosen{File: cycle.Candidate{Case: audit.Case{Number: "1"}}, Stream: "s"}, cycle.PickReplaced{Case: "1", Instead: &cycle.Pick{}},
		cycle.PickReplaced{Case: "2"}, cycle.AllocationProposed{Role: audit.RoleAuditor, Files: []cycle.Allocated{{Case: "1", Person: "p"}, {Case: "9"}}},
		cycle.AllocationConfirmed{Role: audit.RoleAuditor, Files: []cycle.Allocated{{Case: "1", Person: "p"}}},
		cycle.AllocationSwapped{}, cycle.MonthClosed{},
	}
	env := environment(t)
	rapid.Check(t, func(t *rapid.T) {
		h := audit.Header{ID: "c", At: time.Date(2026, 4, 1, 9, 0, 0, 0, time.UTC), Actor: "qa", Roles: []audit.Role{audit.RoleQATeam}}
		var s cycle.State
		for range rapid.IntRange(0, 20).Draw(t, "events") {
			e := rapid.SampledFrom(events).Draw(t, "event")
			s = cycle.Evolve(s, e)
			s.Begun(e)
			cycle.Decide(s, command(t, h, s), env)
		}
		s.Audited()
		cycle.Draw(nil, cycle.Strata{Files: -1, By: []cycle.Attribute{"nonsense"}}, "")
		cycle.Allocate(s.Files, nil, "", cycle.Policy{}, "")
	})
}
