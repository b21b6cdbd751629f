package cycle_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/cycle"
)

// one is a policy with one file each.
var one = cycle.Policy{
	Auditors:   cycle.Duty{Files: 1, Never: []cycle.Bar{cycle.BarOwnTeam}},
	Moderators: cycle.Duty{Files: 1, Never: []cycle.Bar{cycle.BarLine, cycle.BarReviewer}},
	Moderated:  []audit.Kind{audit.DeepDive},
}

var teams = []string{"Riverside", "Widnes", "Runcorn"}

// month draws the files of a month and a pool.
func month(t *rapid.T) ([]cycle.File, []cycle.Member) {
	pool := make([]cycle.Member, rapid.IntRange(0, 5).Draw(t, "people"))
	for i := range pool {
		pool[i] = cycle.Member{
			Person: audit.PersonID(fmt.Sprintf("p%d", i)), Teams: []string{rapid.SampledFrom(teams).Draw(t, "own team")},
			SoFar: rapid.IntRange(0, 4).Draw(t, "so far"), Files: rapid.IntRange(0, 2).Draw(t, "most"),
		}
	}
	files := make([]cycle.File, rapid.IntRange(0, 5).Draw(t, "files"))
	person := func(what string) audit.PersonID {
		return audit.PersonID(fmt.Sprintf("p%d", rapid.IntRange(0, 7).Draw(t, what)))
	}
	for i := range files {
		files[i] = cycle.File{Stream: "s", Candidate: cycle.Candidate{
			Case: audit.Case{Number: audit.CaseNumber(fmt.Sprintf("c%d", i)), Team: rapid.SampledFrom(teams).Draw(t, "team")},
			People: audit.People{Holders: map[audit.Role][]audit.PersonID{
				audit.RolePractitioner: {person("practitioner")}, audit.RoleIRM: {person("reviewer")},
				audit.RoleDivisionalManager: {person("manager")}, audit.RoleDirector: {person("director")},
			}},
		}}
		if rapid.IntRange(0, 3).Draw(t, "has an auditor") == 0 {
			files[i].Auditor = person("auditor")
		}
	}
	return files, pool
}

// allowed says, apart from the code, who may have a file.
func allowed(f cycle.File, m cycle.Member, r audit.Role) bool {
	h := func(r audit.Role) audit.PersonID { return f.People.Holders[r][0] }
	if m.Person == h(audit.RolePractitioner) || m.Person == h(audit.RoleIRM) {
		return false
	}
	if r == audit.RoleModerator {
		return m.Person != f.Auditor && m.Person != h(audit.RoleDivisionalManager)
	}
	return m.Person != f.Moderator && m.Teams[0] != f.Case.Team
}

// load is how many files of a role each person has, this month's by f and those
// before.
func load(files []cycle.File, pool []cycle.Member, r audit.Role) (now, year map[audit.PersonID]int) {
	now, year = map[audit.PersonID]int{}, map[audit.PersonID]int{}
	for _, m := range pool {
		year[m.Person] = m.SoFar
	}
	for _, f := range files {
		who := f.Auditor
		if r == audit.RoleModerator {
			who = f.Moderator
		}
		if who != "" {
			now[who]++
			year[who]++
		}
	}
	return now, year
}

// tryAll visits every allocation of the files in need, and returns how many can
// be served at most and the least sum of squares of everybody's year then.
func tryAll(files []cycle.File, pool []cycle.Member, r audit.Role) (served, squares int) {
	now, year := load(files, pool, r)
	best, least := -1, 0
	var visit func(i, n int)
	visit = func(i, n int) {
		if i == len(files) {
			sum := 0
			for _, m := range pool {
				sum += year[m.Person] * year[m.Person]
			}
			if n > best || n == best && sum < least {
				best, least = n, sum
			}
			return
		}
		if !open(files[i], r) {
			visit(i+1, n)
			return
		}
		for _, m := range pool {
			if most := max(m.Files, 1); allowed(files[i], m, r) && now[m.Person] < most {
				now[m.Person]++
				year[m.Person]++
				visit(i+1, n+1)
				now[m.Person]--
				year[m.Person]--
			}
		}
		visit(i+1, n)
	}
	visit(0, 0)
	return best, least
}

func open(f cycle.File, r audit.Role) bool {
	return r == audit.RoleModerator && f.Moderator == "" || r == audit.RoleAuditor && f.Auditor == ""
}

// give returns the files with an allocation.
func give(files []cycle.File, given []cycle.Allocated, r audit.Role) []cycle.File {
	out := append([]cycle.File(nil), files...)
	for _, a := range given {
		for i := range out {
			if out[i].Case.Number == a.Case && r == audit.RoleModerator {
				out[i].Moderator = a.Person
			} else if out[i].Case.Number == a.Case {
				out[i].Auditor = a.Person
			}
		}
	}
	return out
}

// Serves all if anything does, nobody a file they must not have or have no room
// for, and none more fairly: against every other allocation there is.
func TestAnAllocationIsFoundIfThereIsOneAndIsTheFairest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		files, pool := month(t)
		r := rapid.SampledFrom([]audit.Role{audit.RoleAuditor, audit.RoleModerator}).Draw(t, "role")
		given, refused := cycle.Allocate(files, pool, r, one, "seed")
		byFile, byPerson := map[audit.CaseNumber]cycle.File{}, map[audit.PersonID]cycle.Member{}
		inNeed := 0
		for _, f := range files {
			byFile[f.Case.Number] = f
			if open(f, r) {
				inNeed++
			}
		}
		for _, m := range pool {
			byPerson[m.Person] = m
		}
		before, _ := load(files, pool, r)
		after, year := load(give(files, given, r), pool, r)
		for _, a := range given {
			m, ok := byPerson[a.Person]
			if !ok || !open(byFile[a.Case], r) || !allowed(byFile[a.Case], m, r) {
				t.Fatalf("%s gets %s", a.Person, a.Case)
			}
			if after[a.Person] > max(m.Files, 1, before[a.Person]) {
				t.Fatalf("%s has %d files", a.Person, after[a.Person])
			}
		}
		squares := 0
		for _, m := range pool {
			squares += year[m.Person] * year[m.Person]
		}
		wantServed, wantSquares := tryAll(files, pool, r)
		if len(given) != wantServed || squares != wantSquares {
			t.Fatalf("%d served, squares %d; want %d, %d", len(given), squares, wantServed, wantSquares)
		}
		if (len(refused) == 0) != (len(given) == inNeed) {
			t.Fatalf("%d of %d served, refused %v", len(given), inNeed, refused)
		}
	})
}

func TestAnAllocationDoesNotDependOnTheOrderOfFilesAndPeople(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		files, pool := month(t)
		given, refused := cycle.Allocate(files, pool, audit.RoleAuditor, one, "seed")
		otherGiven, otherRefused := cycle.Allocate(
			rapid.Permutation(files).Draw(t, "files in another order"), rapid.Permutation(pool).Draw(t, "pool in another order"), audit.RoleAuditor, one, "seed")
		if diff := cmp.Diff(given, otherGiven); diff != "" {
			t.Fatalf("the order decides:\n%s", diff)
		}
		if diff := cmp.Diff(refused, otherRefused); diff != "" {
			t.Fatalf("the order decides what is refused:\n%s", diff)
		}
	})
}

// A year of a random council: everybody may be kept from their own team's files
// only. At the end of each month nobody has two files more than somebody who
// could have had one of theirs; and where nobody is kept from anything, nobody has
// two more than anybody.
func TestFilesAreFairWithinOneOverAYear(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 12).Draw(t, "auditors")
		apart := rapid.Bool().Draw(t, "kept from their own team")
		var pool []cycle.Member
		for i := range n {
			m := cycle.Member{Person: audit.PersonID(fmt.Sprintf("p%02d", i))}
			if apart {
				m.Teams = []string{teams[i%len(teams)]}
			}
			pool = append(pool, m)
		}
		for month := range 12 {
			files := make([]cycle.File, rapid.IntRange(0, n).Draw(t, "files"))
			for i := range files {
				files[i].Stream = "s"
				files[i].Case = audit.Case{Number: audit.CaseNumber(fmt.Sprintf("c%d-%d", month, i)), Team: rapid.SampledFrom(teams).Draw(t, "team")}
			}
			given, refused := cycle.Allocate(files, pool, audit.RoleAuditor, one, fmt.Sprint("month ", month))
			if !apart && refused != nil {
				t.Fatalf("refused: %v", refused)
			}
			got := map[audit.PersonID]audit.CaseNumber{}
			for _, a := range given {
				got[a.Person] = a.Case
			}
			for i := range pool {
				if got[pool[i].Person] != "" {
					pool[i].SoFar++
				}
			}
			for _, more := range pool {
				for _, less := range pool {
					apartHere := more.SoFar - less.SoFar
					if !apart && apartHere > 1 {
						t.Fatalf("month %d: %s has %d, %s %d", month+1, more.Person, more.SoFar, less.Person, less.SoFar)
					}
					if n := got[more.Person]; n != "" && got[less.Person] == "" && apartHere > 1 && less.Teams[0] != teamOf(files, n) {
						t.Fatalf("month %d: %s has %d with %s, which %s with %d could have had", month+1, more.Person, more.SoFar, n, less.Person, less.SoFar)
					}
				}
			}
		}
	})
}

func teamOf(files []cycle.File, n audit.CaseNumber) string {
	for _, f := range files {
		if f.Case.Number == n {
			return f.Case.Team
		}
	}
	return ""
}

// Where everybody is equal, the seed decides and no person is favoured.
func TestTiesAreBrokenBySeedAndFavourNobody(t *testing.T) {
	files := []cycle.File{{Candidate: cycle.Candidate{Case: audit.Case{Number: "1"}}}}
	pool := []cycle.Member{{Person: "a"}, {Person: "b"}, {Person: "c"}}
	times := map[audit.PersonID]int{}
	for seed := range 600 {
		given, _ := cycle.Allocate(files, pool, audit.RoleAuditor, one, fmt.Sprint(seed))
		times[given[0].Person]++
	}
	for _, m := range pool {
		if n := times[m.Person]; n < 160 || n > 240 {
			t.Errorf("of 600 seeds %s gets the file %d times", m.Person, n)
		}
	}
}

// What somebody has this month already counts.
func TestAnotherFileGoesToWhoeverHasNoneThisMonth(t *testing.T) {
	files := []cycle.File{{Auditor: "a", Candidate: cycle.Candidate{Case: audit.Case{Number: "1"}}}, {Candidate: cycle.Candidate{Case: audit.Case{Number: "2"}}}}
	for seed := range 20 {
		given, _ := cycle.Allocate(files, []cycle.Member{{Person: "a", Files: 2}, {Person: "b", Files: 2}}, audit.RoleAuditor, one, fmt.Sprint(seed))
		if given[0].Person != "b" {
			t.Fatalf("%v; a has a file this month, b has none", given)
		}
	}
}

func TestWhatCannotBeAllocatedSaysWhichRuleIsInTheWay(t *testing.T) {
	file := func(number, team string, practitioner audit.PersonID) cycle.File {
		return cycle.File{Stream: "s", Candidate: cycle.Candidate{
			Case:   audit.Case{Number: audit.CaseNumber(number), Team: team},
			People: audit.People{Holders: map[audit.Role][]audit.PersonID{audit.RolePractitioner: {practitioner}}},
		}}
	}
	for _, tc := range []struct {
		name  string
		files []cycle.File
		pool  []cycle.Member
		want  string
	}{
		{
			"nobody may have it",
			[]cycle.File{file("1", "Riverside", "a")},
			[]cycle.Member{{Person: "a"}, {Person: "b", Teams: []string{" riverside"}}},
			"propose allocation: nobody of the pool can be the auditor of case 1; not a (works with the child), b (a file of the own team); a pool with more people or more room, or other files in place of these (replace_pick)",
		},
		{
			"too little room, but not for the file that others can have",
			[]cycle.File{file("1", "Riverside", ""), file("2", "Riverside", ""), file("3", "Widnes", "")},
			[]cycle.Member{{Person: "a"}, {Person: "b", Teams: []string{"Riverside"}}},
			"propose allocation: only a can be the auditor of cases 1, 2, with room for 1 of these 2 this month; not b (a file of the own team); a pool with more people or more room, or other files in place of these (replace_pick)",
		},
		{
			"both",
			[]cycle.File{file("1", "", "a"), file("2", "", "")},
			[]cycle.Member{{Person: "a"}},
			"propose allocation: nobody of the pool can be the auditor of case 1; not a (works with the child); a pool with more people or more room, or other files in place of these (replace_pick)",
		},
	} {
		_, refused := cycle.Allocate(tc.files, tc.pool, audit.RoleAuditor, one, "seed")
		if got := refused.Error(); got != tc.want {
			t.Errorf("%s:\n%s\nwant\n%s", tc.name, got, tc.want)
		}
	}
}

func TestNobodyModeratesInTheirOwnLineNorWhatTheyAudit(t *testing.T) {
	f := cycle.File{Stream: "s", Auditor: "auditor", Candidate: cycle.Candidate{Case: audit.Case{Number: "1"}, People: audit.People{
		Holders: map[audit.Role][]audit.PersonID{
			audit.RolePractitioner: {"practitioner"}, audit.RoleTeamManager: {"tm"}, audit.RoleDivisionalManager: {"dm"},
			audit.RoleIRM: {"irm"}, audit.RoleDirector: {"director"},
		},
		Deputies: []audit.Deputy{{Role: audit.RoleDivisionalManager, Person: "deputy"}},
	}}}
	pool := []cycle.Member{{Person: "auditor"}, {Person: "practitioner"}, {Person: "tm"}, {Person: "dm"}, {Person: "irm"}, {Person: "deputy"}}
	_, refused := cycle.Allocate([]cycle.File{f}, pool, audit.RoleModerator, one, "seed")
	for _, why := range []string{
		"auditor (has the file in the other role)", "practitioner (works with the child)", "tm (in the case's line of management)",
		"dm (in the case's line of management)", "irm (reviews the child)", "deputy (in the case's line of management)",
	} {
		if !strings.Contains(refused.Error(), why) {
			t.Errorf("%s\ndoes not say: %s", refused, why)
		}
	}
	given, refused := cycle.Allocate([]cycle.File{f}, append(pool, cycle.Member{Person: "director"}), audit.RoleModerator, one, "seed")
	if refused != nil || given[0].Person != "director" {
		t.Errorf("%v, %v; the director is of no case's line", given, refused)
	}
}
