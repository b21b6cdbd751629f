package cycle_test

import (
	"fmt"
	"testing"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/cycle"
)

// A caseload of ten thousand files, each held to the rules of a selection.
func BenchmarkDrawOfTenThousandFiles(b *testing.B) {
	d := newDesk(b)
	d.must(cycle.PlanMonth{Header: d.header(), MonthPlan: april})
	draw := cycle.MakeDraw{Header: d.header(), Part: "deep_dives", Seed: "seed"}
	for i := range 10_000 {
		draw.Population = append(draw.Population, cycle.Candidate{
			Case: audit.Case{Number: audit.CaseNumber(fmt.Sprint(i)), OpenedOn: date("2025-06-01"), Team: teams[i%3]}, LastAudited: date("2024-06-01"),
		})
	}
	for b.Loop() {
		if _, err := cycle.Decide(d.state, draw, d.env); err != nil {
			b.Fatal(err)
		}
	}
}

// A month of a large council, and the largest that is taken.
func BenchmarkAllocate(b *testing.B) {
	for _, size := range []struct{ files, people, each int }{{60, 60, 1}, {cycle.MaxFiles, 500, 20}} {
		b.Run(fmt.Sprintf("%d files among %d people with %d each", size.files, size.people, size.each), func(b *testing.B) {
			files, pool := make([]cycle.File, size.files), make([]cycle.Member, size.people)
			for i := range files {
				files[i].Case = audit.Case{Number: audit.CaseNumber(fmt.Sprint(i)), Team: teams[i%3]}
			}
			for i := range pool {
				pool[i] = cycle.Member{Person: audit.PersonID(fmt.Sprint(i)), Teams: []string{teams[i%3]}, SoFar: i % 5, Files: size.each}
			}
			for b.Loop() {
				if _, refused := cycle.Allocate(files, pool, audit.RoleAuditor, one, "seed"); refused != nil {
					b.Fatal(refused)
				}
			}
		})
	}
}
