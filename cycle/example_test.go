package cycle_test

import (
	"fmt"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/cycle"
)

// Five files are drawn from three teams, each in proportion, and can be drawn
// again by anyone who has the list and the seed.
func ExampleDraw() {
	var files []cycle.Candidate
	for i, team := range []string{"Riverside", "Riverside", "Riverside", "Riverside", "Riverside", "Riverside", "Widnes", "Widnes", "Widnes", "Runcorn"} {
		files = append(files, cycle.Candidate{Case: audit.Case{Number: audit.CaseNumber(fmt.Sprint(104230 + i)), Team: team}})
	}
	sample := cycle.Draw(files, cycle.Strata{Files: 5, By: []cycle.Attribute{cycle.ByTeam}}, "2, 9, 14, 23, 31, 44")
	for _, line := range sample.Explain() {
		fmt.Println(line)
	}
	// Output:
	// 10 files could be drawn, and 5 were asked for (sha256-order/1, seed "2, 9, 14, 23, 31, 44").
	// team=Riverside: 6 files, a share of 3.00, so 3 drawn.
	//   1. case 104231, key 0afd428945d7
	//   2. case 104232, key 0c9acd04fe46
	//   3. case 104230, key 45a491568b8a
	// team=Runcorn: 1 file, a share of 0.50, so 1 drawn.
	//   1. case 104239, key d18f0638ca28
	// team=Widnes: 3 files, a share of 1.50, so 1 drawn.
	//   1. case 104238, key 1292295a4281
}

// Ann and Bob have audited less than Cal this year, but Bob audits no file of his
// own team.
func ExampleAllocate() {
	policy := cycle.Policy{Auditors: cycle.Duty{Files: 1, Never: []cycle.Bar{cycle.BarOwnTeam}}}
	files := []cycle.File{
		{Candidate: cycle.Candidate{Case: audit.Case{Number: "104233", Team: "Riverside"}}},
		{Candidate: cycle.Candidate{Case: audit.Case{Number: "104237", Team: "Widnes"}}},
	}
	pool := []cycle.Member{{Person: "ann", SoFar: 2}, {Person: "bob", SoFar: 2, Teams: []string{"Riverside"}}, {Person: "cal", SoFar: 3}}
	given, _ := cycle.Allocate(files, pool, audit.RoleAuditor, policy, "2, 9, 14")
	fmt.Println(given)

	files[1].Case.Team = "Riverside"
	_, refused := cycle.Allocate(files, pool[1:], audit.RoleAuditor, policy, "2, 9, 14")
	fmt.Println(refused)
	// Output:
	// [{104233 ann} {104237 bob}]
	// propose allocation: only cal can be the auditor of cases 104233, 104237, with room for 1 of these 2 this month; not bob (a file of the own team); a pool with more people or more room, or other files in place of these (replace_pick)
}
