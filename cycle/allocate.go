package cycle

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/practiceaudit/practiceaudit/audit"
)

// Member is one person of the pool that a month's auditors, or moderators, come
// from. Somebody who is away, or has re-audits enough, is left out of it.
type Member struct {
	Person audit.PersonID `json:"person"`
	Teams  []string       `json:"teams,omitempty"` // the person's own
	SoFar  int            `json:"so_far"`          // files this year before this month, see [Tally]
	Files  int            `json:"files,omitempty"` // the most this month; 0 if the policy's number holds
}

// Allocated says who gets a file.
type Allocated struct {
	Case   audit.CaseNumber `json:"case"`
	Person audit.PersonID   `json:"person"`
}

// AllocationAlgorithm names how [Allocate] allocates. Another way would get
// another name.
const AllocationAlgorithm = "least-squares-matching/1"

// maxSoFar is far above what anybody audits in a year.
const maxSoFar = 10_000

// allocation is one work of [Allocate].
type allocation struct {
	role  audit.Role
	files []File   // those in need of somebody, in the order of their case numbers
	pool  []Member // in the order of their ids
	room  []int    // how many files each member can still take
	taken []int    // how many of this month each has already
	bars  [][]Bar  // by file and member; empty if the member may have the file
	slots []slot
}

// slot is room for one file more: the member's n-th of the year.
type slot struct{ member, nth int }

// Allocate gives every file that has nobody in a role, RoleAuditor or
// RoleModerator, to a member of the pool. It is pure, and the order of files and
// pool does not matter.
//
// Nobody gets a file that they are barred from, nor more files this month than
// the pool or the policy says, those counted that they have already. If everyone
// can be served so, everyone is. Of all such allocations it takes one with the
// least sum of squares of everybody's files of the year, which is the fairest:
// nobody could hand a file on, directly or round a chain, to somebody with two
// fewer. Ties are broken by SHA-256(seed, case number, person).
//
// If not every file can be allocated, as many as can are, and the refusals say
// of the others which rule stands in the way.
func Allocate(files []File, pool []Member, r audit.Role, p Policy, seed string) ([]Allocated, audit.Refusals) {
	a := newAllocation(files, pool, r, p)
	ties := a.ties(seed)
	step := int64(len(a.files))*int64(len(a.files))*int64(len(a.pool)) + 1
	slotOf := match(len(a.files), len(a.slots), func(i, j int) (int64, bool) {
		s := a.slots[j]
		return int64(s.nth)*step + ties[i][s.member], a.bars[i][s.member] == ""
	})
	var given []Allocated
	for i, j := range slotOf {
		if j >= 0 {
			given = append(given, Allocated{a.files[i].Case.Number, a.pool[a.slots[j].member].Person})
		}
	}
	return given, a.unserved(slotOf)
}

func newAllocation(files []File, pool []Member, r audit.Role, p Policy) *allocation {
	a := &allocation{role: r, pool: slices.Clone(pool)}
	slices.SortFunc(a.pool, func(x, y Member) int { return strings.Compare(string(x.Person), string(y.Person)) })
	has := map[audit.PersonID]int{}
	for _, f := range files {
		switch who := f.who(r); {
		case f.Out:
		case who == "":
			a.files = append(a.files, f)
		default:
			has[who]++
		}
	}
	slices.SortFunc(a.files, func(x, y File) int { return strings.Compare(string(x.Case.Number), string(y.Case.Number)) })
	for i, m := range a.pool {
		a.taken = append(a.taken, has[m.Person])
		a.room = append(a.room, min(max(m.most(r, p)-has[m.Person], 0), len(a.files)))
		for n := range a.room[i] {
			a.slots = append(a.slots, slot{i, min(max(m.SoFar, 0), maxSoFar) + has[m.Person] + n + 1})
		}
	}
	for _, f := range a.files {
		bars := make([]Bar, len(a.pool))
		for i, m := range a.pool {
			bars[i], _ = p.barred(m, r, f)
		}
		a.bars = append(a.bars, bars)
	}
	return a
}

// most is how many files a member takes this month.
func (m Member) most(r audit.Role, p Policy) int {
	if m.Files > 0 {
		return m.Files
	}
	return p.duty(r).Files
}

// ties ranks all pairs of file and member in an order that depends on the seed.
func (a *allocation) ties(seed string) [][]int64 {
	type pair struct {
		file, member int
		key          string
	}
	var pairs []pair
	ties := make([][]int64, len(a.files))
	for i, f := range a.files {
		ties[i] = make([]int64, len(a.pool))
		for j, m := range a.pool {
			pairs = append(pairs, pair{i, j, key(seed, string(f.Case.Number)+"\n"+string(m.Person))})
		}
	}
	slices.SortStableFunc(pairs, func(x, y pair) int { return strings.Compare(x.key, y.key) })
	for rank, p := range pairs {
		ties[p.file][p.member] = int64(rank)
	}
	return ties
}

// unserved says why files got nobody. From such a file one comes, by those who may have it and
// the files that these got instead, to a set of files with too few people: no
// allocation could serve them all.
func (a *allocation) unserved(slotOf []int) audit.Refusals {
	filesOf := map[string][]int{}
	members := map[string][]int{}
	for i, j := range slotOf {
		if j >= 0 {
			continue
		}
		files, open := a.stuck(i, slotOf)
		k := fmt.Sprint(open)
		filesOf[k], members[k] = append(filesOf[k], files...), open
	}
	var rs audit.Refusals
	for k, files := range filesOf {
		slices.Sort(files)
		rs = append(rs, a.refusal(slices.Compact(files), members[k]))
	}
	slices.SortFunc(rs, func(x, y *audit.Refusal) int {
		return cmp.Or(strings.Compare(x.Rule, y.Rule), strings.Compare(x.Message, y.Message))
	})
	return rs
}

// stuck returns the files that compete with one that got nobody, itself among
// them, and the members whom they compete for.
func (a *allocation) stuck(file int, slotOf []int) (files, members []int) {
	files = []int{file}
	reached := make([]bool, len(a.pool))
	for next := 0; next < len(files); next++ {
		for m := range a.pool {
			if reached[m] || a.bars[files[next]][m] != "" {
				continue
			}
			reached[m] = true
			members = append(members, m)
			for i, j := range slotOf {
				if j >= 0 && a.slots[j].member == m && !slices.Contains(files, i) {
					files = append(files, i)
				}
			}
		}
	}
	slices.Sort(members)
	return files, members
}

// refusal says of some files that they need more people than may have them.
func (a *allocation) refusal(files, members []int) *audit.Refusal {
	r := &audit.Refusal{
		Command: ProposeAllocation{}.Name(), Rule: "allocation.capacity",
		Accept: "a pool with more people or more room, or other files in place of these (replace_pick)",
	}
	numbers := make([]string, len(files))
	for i, f := range files {
		numbers[i] = string(a.files[f].Case.Number)
	}
	room, names := 0, make([]string, len(members))
	for i, m := range members {
		room += a.room[m]
		names[i] = string(a.pool[m].Person)
	}
	switch {
	case len(members) == 0:
		r.Rule = "allocation.nobody"
		r.Message = fmt.Sprintf("nobody of the pool can be the %s of case %s", a.role.Title(), strings.Join(numbers, ", "))
	default:
		r.Message = fmt.Sprintf("only %s can be the %s of cases %s, with room for %d of these %d this month",
			strings.Join(names, ", "), a.role.Title(), strings.Join(numbers, ", "), room, len(files))
	}
	if others := a.others(files); others != "" {
		r.Message += "; not " + others
	}
	return r
}

// others says who of the pool may have none of some files, and why: "p1 (a file
// of the own team), p2 (works with the child)".
func (a *allocation) others(files []int) string {
	var parts []string
	for m, member := range a.pool {
		var why []string
		open := false
		for _, f := range files {
			b := a.bars[f][m]
			open = open || b == ""
			if !slices.Contains(why, b.Title()) {
				why = append(why, b.Title())
			}
		}
		if !open {
			parts = append(parts, fmt.Sprintf("%s (%s)", member.Person, strings.Join(why, ", ")))
		}
	}
	return strings.Join(parts, ", ")
}

// Tally counts each person's files in a role over some months: what stands as
// SoFar in the pool of the next.
func Tally(r audit.Role, months ...State) map[audit.PersonID]int {
	n := map[audit.PersonID]int{}
	for _, s := range months {
		for _, f := range s.Files {
			if who := f.who(r); who != "" && !f.Out {
				n[who]++
			}
		}
	}
	return n
}
