package rubric

import (
	"fmt"
	"slices"
	"sort"
	"strings"
)

// For a visit of all forms every condition is brought to one shape: whether sums
// reach bounds, joined by and and or. "all(list)" is that no line of it fails and one
// counts; a share is a sum in which a line that counts weighs 100 less the percentage
// and another weighs the percentage the other way. What a sum gains from each line is
// known, so a visit has to remember only the sums, and of those no more than the
// conditions can still tell apart.

// query is a condition in that shape.
type query struct {
	op    queryOp
	parts []*query // of allOfThese and oneOfThese

	// Of reaches: whether gauge + sign·times·reading >= bound. A gauge or a reading of
	// -1 is not there.
	gauge   int
	reading int
	sign    int
	times   int
	bound   int

	within int // of keeps, its place in Rubric.withins
	hold   bool
}

type queryOp uint8

const (
	isSo       queryOp = iota // hold, whatever the form
	allOfThese                // every part
	oneOfThese                // at least one part
	reaches                   // a sum reaches a bound
	keeps                     // a within is kept, if hold; else it is not
)

// opposite is what holds exactly where q does not. A sum does not reach a bound
// where its opposite sum reaches the bound's opposite; that is kept in a query of its
// own, with one part.
func (q *query) opposite() *query {
	switch q.op {
	case isSo:
		return &query{op: isSo, hold: !q.hold}
	case keeps:
		return &query{op: keeps, within: q.within, hold: !q.hold}
	case reaches:
		o := *q
		o.hold = !q.hold
		return &o
	}
	o := &query{op: allOfThese + oneOfThese - q.op}
	for _, p := range q.parts {
		o.parts = append(o.parts, p.opposite())
	}
	return o
}

// queries compiles conditions and gathers what they ask for.
type queries struct {
	r        *Rubric
	gauges   []*gauge
	readings []*reading
	byTerms  map[string]int
	withins  []bool // that are asked for
	tooMany  bool   // a sum of facts has too many bounds for a visit
}

func newQueries(r *Rubric) *queries {
	return &queries{r: r, byTerms: map[string]int{}, withins: make([]bool, len(r.withins))}
}

// of compiles a condition.
func (c *queries) of(n boolNode) *query {
	switch n := n.(type) {
	case *both:
		op := allOfThese
		if n.or {
			op = oneOfThese
		}
		return &query{op: op, parts: []*query{c.of(n.left), c.of(n.right)}}
	case *negation:
		return c.of(n.inside).opposite()
	case *allOf:
		counts, fails := newSum(), newSum()
		c.each(&n.listOf, func(key [2]int, counted outcomes) {
			counts.lines[key], fails.lines[key] = weigh(counted, 1), weigh(isApplicable&^counted, 1)
		})
		return &query{op: allOfThese, parts: []*query{c.reaches(fails, 1).opposite(), c.reaches(counts, 1)}}
	case *anyOf:
		return c.reaches(c.count(&n.listOf), 1)
	case *percentOf:
		share, applies := newSum(), newSum()
		c.each(&n.listOf, func(key [2]int, counted outcomes) {
			w := weigh(counted, 100-n.bound)
			for i, o := range weigh(isApplicable&^counted, -n.bound) {
				w[i] += o
			}
			share.lines[key], applies.lines[key] = w, weigh(isApplicable, 1)
		})
		return &query{op: allOfThese, parts: []*query{c.compare(share, n.op), c.reaches(applies, 1)}}
	case *lineIs:
		s := newSum()
		s.lines[[2]int{n.section, n.line}] = weigh(n.in, 1)
		return c.reaches(s, 1)
	case *bottomLine:
		return c.reaches(c.missed(n.section), 1)
	case *gradeIs:
		return c.gradeIs(n)
	case *comparison:
		s := c.number(n.left)
		s.add(c.number(n.right), -1)
		return c.compare(s, n.op)
	case factYes:
		return c.fact(int(n), -1, 1, ">=")
	case *factCompare:
		return c.fact(n.fact, n.other, n.fixed, n.op)
	case withinIs:
		c.withins[n] = true
		return &query{op: keeps, within: int(n), hold: true}
	}
	return &query{op: isSo} // never: of a condition that is refused
}

func weigh(in outcomes, weight int) weights {
	var w weights
	for i, o := range lineOutcomes {
		if in&o != 0 {
			w[i] = weight
		}
	}
	return w
}

// each calls do with every line of a list and what counts.
func (c *queries) each(l *listOf, do func(key [2]int, counts outcomes)) {
	for _, ref := range l.from {
		list := &c.r.sections[ref.section].lists[ref.list]
		for _, line := range list.lines {
			do([2]int{ref.section, line}, l.counts(list.kind))
		}
	}
}

func (c *queries) count(l *listOf) *sum {
	s := newSum()
	c.each(l, func(key [2]int, counts outcomes) { s.lines[key] = weigh(counts, 1) })
	return s
}

// missed counts the missed bottom lines of a section, or of the whole file.
func (c *queries) missed(section int) *sum {
	s := newSum()
	for i := range c.r.sections {
		if section >= 0 && section != i {
			continue
		}
		s.added[i] = 1
		for j := range c.r.sections[i].lines {
			if c.r.sections[i].lines[j].bottomLine {
				s.lines[[2]int{i, j}] = weigh(isPartly|isNo, 1)
			}
		}
	}
	if section < 0 {
		s.added[wholeFile] = 1
	}
	return s
}

// graded is a sum over one section's grade.
func (c *queries) graded(section int, weight func(rank int) int) *sum {
	s := newSum()
	w := make([]int, len(c.r.grades))
	for rank := range w {
		w[rank] = weight(rank)
	}
	s.sections[section] = w
	return s
}

func (c *queries) gradeIs(n *gradeIs) *query {
	one := func(rank int) int { return 1 }
	if n.other < 0 {
		return c.reaches(c.graded(n.section, func(rank int) int {
			if compare(n.op, rank, rank, n.rank, n.rank).is() {
				return 1
			}
			return 0
		}), 1)
	}
	differ := c.graded(n.section, func(rank int) int { return rank })
	differ.add(c.graded(n.other, func(rank int) int { return rank }), -1)
	return &query{op: allOfThese, parts: []*query{
		c.reaches(c.graded(n.section, one), 1), c.reaches(c.graded(n.other, one), 1), c.compare(differ, n.op),
	}}
}

// number is a number as a sum. One side of a * is a number as written.
func (c *queries) number(n numberNode) *sum {
	s := newSum()
	switch n := n.(type) {
	case number:
		s.constant = int(n)
	case factNumber:
		s.facts[int(n)] = 1
	case *countOf:
		s = c.count(&n.listOf)
	case *sectionsAt:
		for i := range c.r.sections {
			s.add(c.graded(i, func(rank int) int {
				if n.in.has(rank) {
					return 1
				}
				return 0
			}), 1)
		}
	case *arithmetic:
		left, right := c.number(n.left), c.number(n.right)
		switch n.op {
		case "+":
			s.add(left, 1)
			s.add(right, 1)
		case "-":
			s.add(left, 1)
			s.add(right, -1)
		default:
			if !right.fixed() {
				left, right = right, left
			}
			s.add(left, right.constant)
		}
	}
	return s
}

// compare compares a sum with 0.
func (c *queries) compare(s *sum, op string) *query {
	switch op {
	case ">=":
		return c.reaches(s, 0)
	case ">":
		return c.reaches(s, 1)
	case "<":
		return c.reaches(s, 0).opposite()
	case "<=":
		return c.reaches(s, 1).opposite()
	case "==":
		return &query{op: allOfThese, parts: []*query{c.reaches(s, 0), c.reaches(s, 1).opposite()}}
	}
	return &query{op: oneOfThese, parts: []*query{c.reaches(s, 0).opposite(), c.reaches(s, 1)}}
}

// fact compares a fact with another, or with a number.
func (c *queries) fact(fact, other, fixed int, op string) *query {
	s := newSum()
	s.facts[fact] = 1
	if other >= 0 {
		s.facts[other]--
	} else {
		s.constant = -fixed
	}
	return c.compare(s, op)
}

// reaches asks whether a sum reaches a bound.
func (c *queries) reaches(s *sum, bound int) *query {
	q := &query{op: reaches, reading: -1, bound: bound - s.constant, hold: true, sign: 1, times: 1}
	terms := s.terms()
	if len(terms) == 0 {
		own := newSum()
		own.add(s, 1)
		s = own
		q.bound = s.divide(q.bound)
	}
	q.gauge = c.gauge(s)
	switch {
	case q.gauge < 0 && len(terms) == 0:
		return &query{op: isSo, hold: 0 >= q.bound}
	case len(terms) == 0:
		g := c.gauges[q.gauge]
		g.bounds = insert(g.bounds, q.bound)
		return q
	}
	q.times = 0
	for _, t := range terms {
		q.times = divisor(q.times, t.times)
	}
	if terms[0].times < 0 {
		q.sign = -1
	}
	for i := range terms {
		terms[i].times /= q.sign * q.times
	}
	q.reading = c.readingOf(terms)
	rd, lo, hi, step := c.readings[q.reading], 0, 0, 1
	if q.gauge >= 0 {
		g := c.gauges[q.gauge]
		g.joined = true
		lo, hi, step = g.lo, g.hi, g.divisor()
	}
	if (hi-lo)/step+len(rd.bounds) > maxBounds {
		c.tooMany = true
		return q
	}
	for t := lo; t <= hi; t += step {
		rd.bounds = insert(rd.bounds, q.needs(t))
	}
	return q
}

// maxBounds is how many bounds of one sum are told apart; beyond it a visit would be
// too long.
const maxBounds = 5_000

// needs is the bound that tells, of a reading, whether the query holds while the
// gauge is t: it does from there on, or with a sign of -1 below there.
func (q *query) needs(t int) int {
	if q.sign > 0 {
		return ceilDiv(q.bound-t, q.times)
	}
	return floorDiv(t-q.bound, q.times) + 1
}

// answer is whether the query's sum reaches its bound while the gauge is t and so
// many bounds of the reading are passed.
func (q *query) answer(t, passed int, rd *reading) bool {
	if q.reading < 0 {
		return t >= q.bound
	}
	reached := passed > sort.SearchInts(rd.bounds, q.needs(t))
	return reached == (q.sign > 0)
}

func insert(bounds []int, b int) []int {
	i, found := slices.BinarySearch(bounds, b)
	if found {
		return bounds
	}
	return slices.Insert(bounds, i, b)
}

func divisor(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return max(a, -a)
}

func (c *queries) readingOf(terms []term) int {
	key := fmt.Sprint(terms)
	i, ok := c.byTerms[key]
	if !ok {
		i = len(c.readings)
		c.byTerms[key], c.readings = i, append(c.readings, &reading{terms: terms})
	}
	return i
}

// gauge is the place of a sum's gauge; -1 where it has nothing but facts.
func (c *queries) gauge(s *sum) int {
	g := &gauge{sum: sum{lines: map[[2]int]weights{}, sections: map[int][]int{}, added: map[int]int{}}}
	var parts []string
	for k, w := range s.lines {
		if w != (weights{}) {
			g.lines[k] = w
			parts = append(parts, fmt.Sprint("l", k, w))
		}
	}
	for k, w := range s.sections {
		if slices.ContainsFunc(w, func(x int) bool { return x != 0 }) {
			g.sections[k] = w
			parts = append(parts, fmt.Sprint("s", k, w))
		}
	}
	for k, w := range s.added {
		if w != 0 {
			g.added[k] = w
			parts = append(parts, fmt.Sprint("a", k, w))
		}
	}
	if len(parts) == 0 {
		return -1
	}
	slices.Sort(parts)
	g.key = strings.Join(parts, " ")
	if i := slices.IndexFunc(c.gauges, func(o *gauge) bool { return o.key == g.key }); i >= 0 {
		return i
	}
	g.lo, g.hi = g.spread()
	c.gauges = append(c.gauges, g)
	return len(c.gauges) - 1
}
