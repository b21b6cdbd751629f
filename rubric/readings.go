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

// places is how many readings and withins a cell tells of.
func (g *group) places() int { return len(g.readings) + len(g.withins) }

// cell is one way in which a group's readings and withins come out together.
type cell struct {
	at     []int // of each reading how many bounds are passed; of each within 1 or 0
	values []int // of each fact, such that it comes out so
}

// view is how far some reader tells the cells of a group apart: by the readings and
// withins that it reads.
type view struct {
	of    []int // by cell, its class
	first []int // by class, its first cell
}

// viewOf is the view of a reader of the readings and withins at those places.
func (g *group) viewOf(reads map[int]bool) view {
	v := view{of: make([]int, len(g.cells))}
	index := map[string]int{}
	places := sortedInts(reads)
	var key []byte
	for c := range g.cells {
		key = key[:0]
		for _, at := range places {
			key = appendInts(key, g.cells[c].at[at])
		}
		class, ok := index[string(key)]
		if !ok {
			class = len(v.first)
			index[string(key)] = class
			v.first = append(v.first, c)
		}
		v.of[c] = class
	}
	return v
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
	g.descend(newSolver(r, g, cal, steps), func(at, values []int) {
		g.cells = append(g.cells, cell{slices.Clone(at), values})
	})
}

// descend calls do with every way in which readings and withins can come out together
// for a solver, and answers with which they do.
func (g *group) descend(s *solver, do func(at, values []int)) {
	at := make([]int, 0, g.places())
	var next func()
	next = func() {
		values, ok := s.solve(at)
		if !ok {
			return
		}
		if len(at) == g.places() {
			do(at, values)
			return
		}
		choices := 2
		if i := len(at); i < len(g.readings) {
			choices = len(g.readings[i].bounds) + 1
		}
		for c := range choices {
			at = append(at, c)
			next()
			at = at[:len(at)-1]
		}
	}
	next()
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

// betterStep is a better answer to one fact, and to no other, that leads from a cell to
// another.
type betterStep struct {
	from, to int
	values   []int // of each fact before it
	fact     int   // the place of the fact among those of the group
	better   int   // its better answer
}

// betterSteps are the pairs of cells that such a step joins, each with one.
func (g *group) betterSteps(r *Rubric, cal *calendar.Calendar, steps *budget) []betterStep {
	var found []betterStep
	joined := map[[2]int]bool{}
	for i, f := range g.facts {
		if r.facts[f].better == "" {
			continue
		}
		s, reads, inTime := g.twice(r, cal, steps, f)
		alike := map[string][]int{} // cells by what the fact does not change
		for c := range g.cells {
			key := string(g.unchanged(c, reads, inTime))
			alike[key] = append(alike[key], c)
		}
		for from := range g.cells {
			for _, to := range alike[string(g.unchanged(from, reads, inTime))] {
				if from == to || joined[[2]int{from, to}] || !g.rises(r, from, to, f, reads) {
					continue
				}
				if values, ok := s.solve(g.both(r, from, to, f, reads, inTime)); ok {
					joined[[2]int{from, to}] = true
					n := len(g.facts)
					found = append(found, betterStep{from, to, values[:n:n], i, values[n]})
				}
			}
		}
	}
	return found
}

// unchanged is what the given readings and withins do not tell of a cell.
func (g *group) unchanged(c int, reads, inTime []int) []byte {
	n := len(g.readings)
	var key []byte
	for k, at := range g.cells[c].at {
		if told := k < n && slices.Contains(reads, k) || k >= n && slices.Contains(inTime, k-n); !told {
			key = appendInts(key, at)
		}
	}
	return key
}

// rises reports whether each reading of a fact goes the way that a better answer to it
// takes it, or stays.
func (g *group) rises(r *Rubric, from, to, f int, reads []int) bool {
	for _, k := range reads {
		i := slices.IndexFunc(g.readings[k].terms, func(t term) bool { return t.fact == f })
		up := (g.readings[k].terms[i].times > 0) == (r.facts[f].better == "higher")
		if a, b := g.cells[from].at[k], g.cells[to].at[k]; up && b < a || !up && b > a {
			return false
		}
	}
	return true
}

// both is how the readings and withins of two cells come out together, for the solver
// of two answers to a fact.
func (g *group) both(r *Rubric, from, to, f int, reads, inTime []int) []int {
	a, b, n := g.cells[from].at, g.cells[to].at, len(g.readings)
	at := slices.Clone(a[:n])
	for _, k := range reads {
		at = append(at, b[k])
	}
	at = append(at, int(bit(r.facts[f].better == "higher")))
	at = append(at, a[n:]...)
	for _, k := range inTime {
		at = append(at, b[n+k])
	}
	return at
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
