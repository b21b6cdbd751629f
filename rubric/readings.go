package rubric

import (
	"slices"
	"sort"

	"github.com/practiceaudit/practiceaudit/calendar"
)

// However many answers a fact can have, conditions tell only a few apart. What they
// ask of facts is of two kinds: whether a sum of facts reaches a bound, and whether
// a within(…) is kept. A sum and all bounds that are asked of it are a reading. Facts
// that are read together form a group, and a cell of a group is one way in which all
// its readings and withins can come out together. A visit goes from cell to cell: no
// form is lost, since every answer lies in one, and none is invented, since each has
// an answer that lies in it.

// term is a fact times a number.
type term struct{ fact, times int }

// reading is a sum of facts and the bounds that conditions ask it to reach.
type reading struct {
	terms  []term // by fact; the first is positive, and nothing divides them all
	bounds []int  // rising
}

// passed is how many of its bounds a value reaches.
func (rd *reading) passed(value int) int { return sort.SearchInts(rd.bounds, value+1) }

// interval is what a sum lies between if it passes so many bounds.
func (rd *reading) interval(passed int) (lo, hi int) {
	lo, hi = -unbounded, unbounded
	if passed > 0 {
		lo = rd.bounds[passed-1]
	}
	if passed < len(rd.bounds) {
		hi = rd.bounds[passed] - 1
	}
	return lo, hi
}

// unbounded is beyond every sum of facts, and far from overflow.
const unbounded = 1 << 60

// group is facts that are read together.
type group struct {
	facts    []int
	readings []*reading
	withins  []int // places in Rubric.withins
	cells    []cell
}

// cell is one way in which a group's readings and withins come out together.
type cell struct {
	at     []int // of each reading how many bounds are passed; of each within 1 or 0
	values []int // of each fact, such that it comes out so
}

// grouping puts readings and withins that share a fact together.
func grouping(readings []*reading, withins []within, used []bool) []*group {
	parent := map[int]int{}
	var find func(f int) int
	find = func(f int) int {
		if p, ok := parent[f]; !ok || p == f {
			parent[f] = f
			return f
		}
		parent[f] = find(parent[f])
		return parent[f]
	}
	for _, rd := range readings {
		for _, t := range rd.terms {
			parent[find(t.fact)] = find(rd.terms[0].fact)
		}
	}
	for i, w := range withins {
		if used[i] {
			parent[find(w.end)] = find(w.start)
		}
	}
	facts := make([]int, 0, len(parent))
	for f := range parent {
		facts = append(facts, f)
	}
	slices.Sort(facts)
	byRoot := map[int]*group{}
	var groups []*group
	for _, f := range facts {
		root := find(f)
		if byRoot[root] == nil {
			byRoot[root] = &group{}
			groups = append(groups, byRoot[root])
		}
		byRoot[root].facts = append(byRoot[root].facts, f)
	}
	for _, rd := range readings {
		g := byRoot[find(rd.terms[0].fact)]
		g.readings = append(g.readings, rd)
	}
	for i, w := range withins {
		if used[i] {
			g := byRoot[find(w.start)]
			g.withins = append(g.withins, i)
		}
	}
	return groups
}

// enumerate finds every cell of a group. Each has the values that come first where
// the solver looks.
func (g *group) enumerate(r *Rubric, cal *calendar.Calendar, steps *budget) {
	s := newSolver(r, g, cal, steps)
	at := make([]int, 0, len(g.readings)+len(g.withins))
	var descend func()
	descend = func() {
		values, ok := s.solve(at)
		if !ok {
			return
		}
		if len(at) == cap(at) {
			g.cells = append(g.cells, cell{slices.Clone(at), values})
			return
		}
		choices := 2
		if i := len(at); i < len(g.readings) {
			choices = len(g.readings[i].bounds) + 1
		}
		for c := range choices {
			at = append(at, c)
			descend()
			at = at[:len(at)-1]
		}
	}
	descend()
}

// cellOf is the cell that values lie in, where kept says how a within came out.
func (g *group) cellOf(values []value, kept []truth) int {
	return slices.IndexFunc(g.cells, func(c cell) bool {
		for i, rd := range g.readings {
			sum := 0
			for _, t := range rd.terms {
				sum += t.times * values[t.fact].n
			}
			if rd.passed(sum) != c.at[i] {
				return false
			}
		}
		for i, w := range g.withins {
			if truthOf(c.at[len(g.readings)+i] == 1) != kept[w] {
				return false
			}
		}
		return true
	})
}

// betterSteps are the pairs of cells such that a form can go from the first to the
// second by a better answer to one fact, and to no other.
func (g *group) betterSteps(r *Rubric, cal *calendar.Calendar, steps *budget) [][2]int {
	var pairs [][2]int
	for _, f := range g.facts {
		if r.facts[f].better == "" {
			continue
		}
		s, reads, inTime := g.twice(r, cal, steps, f)
		for from := range g.cells {
			for to := range g.cells {
				a, b := g.cells[from].at, g.cells[to].at
				if from == to || slices.Contains(pairs, [2]int{from, to}) || !g.agree(a, b, reads, inTime) {
					continue
				}
				n := len(g.readings)
				at := slices.Clone(a[:n])
				for _, k := range reads {
					at = append(at, b[k])
				}
				at = append(at, int(bit(r.facts[f].better == "higher")))
				at = append(at, a[n:]...)
				for _, k := range inTime {
					at = append(at, b[n+k])
				}
				if _, ok := s.solve(at); ok {
					pairs = append(pairs, [2]int{from, to})
				}
			}
		}
	}
	return pairs
}

// twice is a solver for two answers to one fact, and the readings and withins that
// the second one changes.
func (g *group) twice(r *Rubric, cal *calendar.Calendar, steps *budget, f int) (s *solver, reads, inTime []int) {
	s = newSolver(r, g, cal, steps)
	s.facts = append(slices.Clone(s.facts), otherwise(f))
	s.readings = slices.Clone(s.readings)
	for k, rd := range g.readings {
		terms := slices.Clone(rd.terms)
		i := slices.IndexFunc(terms, func(t term) bool { return t.fact == f })
		if i >= 0 {
			terms[i].fact = otherwise(f)
			s.readings, reads = append(s.readings, &reading{terms: terms, bounds: rd.bounds}), append(reads, k)
		}
	}
	bound := 0
	if r.facts[f].better == "higher" {
		bound = 1
	}
	s.readings = append(s.readings, &reading{terms: []term{{otherwise(f), 1}, {f, -1}}, bounds: []int{bound}})
	for k, w := range g.withins {
		x := r.withins[w]
		if x.start != f && x.end != f {
			continue
		}
		if x.start == f {
			x.start = otherwise(f)
		}
		if x.end == f {
			x.end = otherwise(f)
		}
		s.withins, inTime = append(s.withins, x), append(inTime, k)
	}
	s.lo, s.hi = nil, nil
	s.begin()
	return s, reads, inTime
}

// agree reports whether two cells are the same in what the given readings and withins
// do not tell.
func (g *group) agree(a, b []int, reads, inTime []int) bool {
	n := len(g.readings)
	for k := range a {
		told := k < n && slices.Contains(reads, k) || k >= n && slices.Contains(inTime, k-n)
		if a[k] != b[k] && !told {
			return false
		}
	}
	return true
}
