package rubric

import "slices"

// Every number that a condition reads is a sum over lines, sections' grades, what auditors
// add, and facts. A gauge is such a sum without its facts, as a visit follows it.

// lineOutcomes are the outcomes of a line, by which a gauge weighs it.
var lineOutcomes = [...]outcomes{isNotApplicable, isYes, isPartly, isNo}

// weights is what a line adds to a sum, by its outcome as in lineOutcomes.
type weights [len(lineOutcomes)]int

// sum is a sum over lines, sections' grades, what auditors add, and facts.
type sum struct {
	lines    map[[2]int]weights // by section and line
	sections map[int][]int      // by section and rank; a section that does not apply adds nothing
	added    map[int]int        // a bottom line that an auditor found missed, by section or wholeFile
	facts    map[int]int
	constant int
}

func newSum() *sum {
	return &sum{lines: map[[2]int]weights{}, sections: map[int][]int{}, added: map[int]int{}, facts: map[int]int{}}
}

// add adds another sum so many times.
func (s *sum) add(o *sum, times int) {
	for k, w := range o.lines {
		mine := s.lines[k]
		for i := range w {
			mine[i] += times * w[i]
		}
		s.lines[k] = mine
	}
	for k, w := range o.sections {
		mine := slices.Clone(s.sections[k])
		if mine == nil {
			mine = make([]int, len(w))
		}
		for i := range w {
			mine[i] += times * w[i]
		}
		s.sections[k] = mine
	}
	for k, w := range o.added {
		s.added[k] += times * w
	}
	for k, w := range o.facts {
		s.facts[k] += times * w
	}
	s.constant += times * o.constant
}

// gauge is a sum without its facts, and the bounds that are asked of it by itself.
type gauge struct {
	sum
	key    string
	bounds []int // rising
	joined bool  // a query reads it together with facts, and tells every value apart
	lo, hi int   // what it lies between on any form
}

// spread is what a sum without facts lies between on any form.
func (g *sum) spread() (lo, hi int) {
	for _, w := range g.lines {
		lo, hi = lo+min(w[0], w[1], w[2], w[3]), hi+max(w[0], w[1], w[2], w[3])
	}
	for _, w := range g.sections {
		lo, hi = lo+min(0, slices.Min(w)), hi+max(0, slices.Max(w))
	}
	for _, w := range g.added {
		lo, hi = lo+min(0, w), hi+max(0, w)
	}
	return lo, hi
}

// fixed reports whether a sum is the same on every form.
func (s *sum) fixed() bool { return len(s.lines)+len(s.sections)+len(s.added)+len(s.facts) == 0 }

// divide divides all weights, and the bound that they are to reach, by what divides
// all weights.
func (s *sum) divide(bound int) int {
	by := s.divisor()
	if by < 2 {
		return bound
	}
	s.weights(func(w int) int { return w / by })
	return ceilDiv(bound, by)
}

// divisor is what divides all weights.
func (s *sum) divisor() int {
	by := 0
	s.weights(func(w int) int { by = divisor(by, w); return w })
	return max(by, 1)
}

// weights replaces every weight by what change makes of it.
func (s *sum) weights(change func(int) int) {
	for k, w := range s.lines {
		for i := range w {
			w[i] = change(w[i])
		}
		s.lines[k] = w
	}
	for _, w := range s.sections {
		for i := range w {
			w[i] = change(w[i])
		}
	}
	for k, w := range s.added {
		s.added[k] = change(w)
	}
}

// terms are the facts of a sum, by fact.
func (s *sum) terms() []term {
	var terms []term
	for f, times := range s.facts {
		if times != 0 {
			terms = append(terms, term{f, times})
		}
	}
	slices.SortFunc(terms, func(a, b term) int { return a.fact - b.fact })
	return terms
}
