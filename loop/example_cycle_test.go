package loop_test

import (
	"context"
	"fmt"
	"time"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/cycle"
	"github.com/practiceaudit/practiceaudit/loop"
	"github.com/practiceaudit/practiceaudit/loop/looptest"
	"github.com/practiceaudit/practiceaudit/rubric"
	"github.com/practiceaudit/practiceaudit/rubric/halton"
)

// A month from its plan to its allocated audits. The machine proposes, a person
// confirms.
func Example_monthlyCycle() {
	rules, _ := rubric.Parse(halton.DeepDiveFile, halton.DeepDive())
	policy, _ := loop.ParsePolicy(halton.ProcessPolicyFile, halton.ProcessPolicy())
	now := time.Date(2026, 4, 1, 10, 0, 0, 0, calendar.London())
	engine := &loop.Engine{
		Store: loop.NewMemoryStore(), Notifier: &looptest.Notifier{}, Now: func() time.Time { return now },
		Env: loop.Env{Rubric: rules, Calendar: calendar.EnglandAndWales(), Policy: policy},
	}
	ctx, commands := context.Background(), 0
	header := func() audit.Header {
		commands++
		return audit.Header{ID: audit.CommandID(fmt.Sprint(commands)), At: now, Actor: "qa", Roles: []audit.Role{audit.RoleQATeam}}
	}
	give := func(c loop.Command) {
		if _, err := engine.Do(ctx, "april", c); err != nil {
			fmt.Println(err)
		}
	}
	opened, _ := calendar.ParseDate("2025-09-15")
	recently, _ := calendar.ParseDate("2026-03-20")
	caseload := []cycle.Candidate{
		{Case: audit.Case{Number: "104233", OpenedOn: opened, Team: "Riverside"}},
		{Case: audit.Case{Number: "104234", OpenedOn: opened, Team: "Riverside"}},
		{Case: audit.Case{Number: "104235", OpenedOn: opened, Team: "Widnes"}},
		{Case: audit.Case{Number: "104236", OpenedOn: recently, Team: "Widnes"}},
	}

	give(cycle.PlanMonth{Header: header(), MonthPlan: cycle.MonthPlan{Month: "2026-04", Parts: []cycle.Part{
		{ID: "deep_dives", Kind: audit.DeepDive, Strata: cycle.Strata{Files: 2, By: []cycle.Attribute{cycle.ByTeam}}},
	}}})
	give(cycle.MakeDraw{Header: header(), Part: "deep_dives", Population: caseload, Seed: "2, 9, 14, 23, 31, 44"})
	give(cycle.ConfirmPicks{Header: header(), Part: "deep_dives"})
	pool := []cycle.Member{{Person: "ann", SoFar: 2, Teams: []string{"Riverside"}}, {Person: "bob", SoFar: 2}}
	give(cycle.ProposeAllocation{Header: header(), Role: audit.RoleAuditor, Pool: pool[:1], Seed: "s"})
	give(cycle.ProposeAllocation{Header: header(), Role: audit.RoleAuditor, Pool: pool, Seed: "s"})
	give(cycle.ConfirmAllocation{Header: header(), Role: audit.RoleAuditor})

	s, _ := engine.State(ctx, "april")
	draw, _ := s.Cycle.Draw("deep_dives")
	for _, x := range draw.Excluded {
		fmt.Printf("not drawn: %s\n", x.Why)
	}
	for _, f := range s.Cycle.Audited() {
		of, _ := engine.State(ctx, loop.StreamID(f.Stream))
		fmt.Printf("case %s: %s, starts on %s with %s\n", f.Case.Number, of.Audit.Phase, of.Audit.StartOn.Long(), f.Auditor)
	}
	// Output:
	// propose allocation: nobody of the pool can be the auditor of case 104234; not ann (a file of the own team); a pool with more people or more room, or other files in place of these (replace_pick)
	// not drawn: case 104236 has not been open for 4 weeks
	// case 104234: selected, starts on Tuesday 7 April 2026 with bob
	// case 104235: selected, starts on Tuesday 7 April 2026 with ann
}
