package rubric

import "strings"

// ruleKey is what a rule is known again by.
type ruleKey struct{ grade, when, name string }

// sameRules finds for each new rule the old one that it is, or -1. What is wholly the
// same, in the same order, comes first; then what asks the same; then what has the
// same name; then what gives the same grade between the same neighbours.
func sameRules(old, new []ruleKey) []int {
	m := &ruleMatch{old: old, new: new, from: inOrder(old, new), taken: make([]bool, len(old))}
	for _, i := range m.from {
		if i >= 0 {
			m.taken[i] = true
		}
	}
	m.pair(func(i, j int) int { return b2i(old[i].grade == new[j].grade && old[i].when == new[j].when) })
	m.pair(func(i, j int) int { return b2i(old[i].when == new[j].when) })
	m.pair(func(i, j int) int { return b2i(old[i].name != "" && old[i].name == new[j].name) })
	before, after := m.neighbours()
	m.pair(func(i, j int) int {
		if old[i].grade != new[j].grade || before[i] != after[j] || old[i].when == "" || new[j].when == "" {
			return 0
		}
		return 1 + inCommon(old[i].when, new[j].when)
	})
	return m.from
}

type ruleMatch struct {
	old, new []ruleKey
	from     []int
	taken    []bool
}

// pair pairs what is not paired yet and is alike: the most alike first, else in order.
func (m *ruleMatch) pair(alike func(i, j int) int) {
	for {
		most, at, of := 0, 0, 0
		for j := range m.new {
			for i := range m.old {
				if m.from[j] >= 0 || m.taken[i] {
					continue
				}
				if n := alike(i, j); n > most {
					most, at, of = n, j, i
				}
			}
		}
		if most == 0 {
			return
		}
		m.from[at], m.taken[of] = of, true
	}
}

// inCommon counts the words that two conditions share.
func inCommon(a, b string) int {
	there := map[string]int{}
	for _, w := range strings.Fields(a) {
		there[w]++
	}
	n := 0
	for _, w := range strings.Fields(b) {
		if there[w] > 0 {
			there[w]--
			n++
		}
	}
	return n
}

// neighbours gives for each old and each new rule the last rule before it, by its new
// place, that stands in both versions and did not move; -1 for none.
func (m *ruleMatch) neighbours() (before, after []int) {
	before, after = make([]int, len(m.old)), make([]int, len(m.new))
	stays, into := unmoved(m.from), make([]int, len(m.old))
	for i := range into {
		into[i] = -1
	}
	last := -1
	for j, i := range m.from {
		if after[j] = last; i >= 0 && stays[j] {
			into[i], last = j, j
		}
	}
	last = -1
	for i := range m.old {
		if before[i] = last; into[i] >= 0 {
			last = into[i]
		}
	}
	return before, after
}

// inOrder pairs as many rules as can be that are wholly the same and stand in the same
// order.
func inOrder(old, new []ruleKey) []int {
	most := make([][]int, len(old)+1) // of what is left from i and j on
	for i := range most {
		most[i] = make([]int, len(new)+1)
	}
	for i := len(old) - 1; i >= 0; i-- {
		for j := len(new) - 1; j >= 0; j-- {
			if most[i][j] = max(most[i+1][j], most[i][j+1]); old[i] == new[j] {
				most[i][j] = most[i+1][j+1] + 1
			}
		}
	}
	from := make([]int, len(new))
	i := 0
	for j := range new {
		from[j] = -1
		for k := i; k < len(old); k++ {
			if old[k] == new[j] && most[i][j] == most[k+1][j+1]+1 {
				from[j], i = k, k+1
				break
			}
		}
	}
	return from
}
