package rubric

import (
	"slices"
	"time"

	"github.com/practiceaudit/practiceaudit/calendar"
)

// budget is how many steps a visit may still take. A visit that would take more
// ends with tooLong.
type budget struct{ left int }

// tooLong ends a visit by a panic that never leaves the package: see visited.
type tooLong struct{}

func (b *budget) spend(n int) {
	if b.left -= n; b.left < 0 {
		panic(tooLong{})
	}
}

// visited runs a visit and reports whether it came to its end.
func visited(visit func()) (ok bool) {
	defer func() {
		if r := recover(); r != nil {
			if _, is := r.(tooLong); !is {
				panic(r)
			}
			ok = false
		}
	}()
	visit()
	return true
}

// A solver finds answers to the facts of a group such that readings and withins
// come out as wanted. Bounds are tightened until nothing moves; most of what
// conditions ask (one fact against a bound or against another, a deadline) only ever
// says that one fact is no more than something that rises with another, and of those
// the least answers left, and the greatest, are then a solution. What is more
// complex is halved until it is.
type solver struct {
	r        *Rubric
	facts    []int // or otherwise(fact)
	readings []*reading
	withins  []within
	cal      *calendar.Calendar
	steps    *budget
	lo, hi   []int  // of each fact, as given
	usual    [2]int // the dates to look among first
	ordered  bool   // of a within, the end is not before the start
}

// otherwise is another answer to a fact, for a question about two forms that differ in
// that.
func otherwise(fact int) int { return fact | another }

const another = 1 << 16

func (s *solver) fact(i int) *fact { return &s.r.facts[s.facts[i]&^another] }

func newSolver(r *Rubric, g *group, cal *calendar.Calendar, steps *budget) *solver {
	s := &solver{r: r, facts: g.facts, readings: g.readings, cal: cal, steps: steps, ordered: cal != nil}
	for _, w := range g.withins {
		s.withins = append(s.withins, r.withins[w])
	}
	s.begin()
	return s
}

// begin gives each fact the bounds of its type, and of what the calendar knows.
func (s *solver) begin() {
	r, cal := s.r, s.cal
	s.usual = [2]int{int(r.effective.Start().Unix()), int(r.effective.AddDays(730).Start().Unix())}
	for i := range s.facts {
		lo, hi := s.fact(i).spread()
		s.lo, s.hi = append(s.lo, lo), append(s.hi, hi)
	}
	if cal == nil {
		return
	}
	first, last := int(cal.Coverage().First.Start().Unix()), int(cal.Coverage().Last.End().Unix())
	for _, w := range s.withins {
		i := s.place(w.start)
		s.lo[i], s.hi[i] = s.fact(i).up(max(s.lo[i], first)), s.fact(i).down(min(s.hi[i], last))
		s.hi[i] = s.last(i, s.lo[i], s.hi[i], func(v int) bool { _, ok := s.deadline(w, v); return ok })
	}
}

func (s *solver) place(fact int) int { return slices.Index(s.facts, fact) }

// pin gives a fact its answer.
func (s *solver) pin(fact, n int) {
	i := s.place(fact)
	s.lo[i], s.hi[i] = n, n
}

// spread is the least and the greatest answer to a fact.
func (f *fact) spread() (lo, hi int) {
	switch f.typ {
	case YesNoFact:
		return 0, 1
	case ChoiceFact:
		return 0, len(f.of) - 1
	case DurationFact:
		return 0, longestOf(f.length)
	case DateFact:
		return int(firstDate.Start().Unix()), int(lastDate.Start().Unix())
	case TimeFact:
		return int(firstDate.Start().Unix()), int(lastDate.End().Unix()) / 60 * 60
	}
	return f.min, f.max
}

// longestOf is the most that a duration in a unit can be.
func longestOf(u calendar.Unit) int {
	switch u {
	case calendar.Hours:
		return calendar.MaxHours
	case calendar.WorkingDays:
		return calendar.MaxWorkingDays
	case calendar.Weeks:
		return calendar.MaxWeeks
	case calendar.Months:
		return calendar.MaxMonths
	}
	return calendar.MaxDays
}

var (
	firstDate = calendar.DateOf(time.Date(1, 1, 2, 12, 0, 0, 0, time.UTC))
	lastDate  = calendar.DateOf(time.Date(9999, 12, 30, 12, 0, 0, 0, time.UTC))
)

// up is the least answer to a fact that is not below v, and down the greatest that
// is not above it: dates begin at midnight, and times are those that London's clocks
// show, once.
func (f *fact) up(v int) int {
	switch f.typ {
	case DateFact:
		d := calendar.DateOf(time.Unix(int64(v), 0))
		if start := int(d.Start().Unix()); start >= v {
			return start
		}
		return int(d.AddDays(1).Start().Unix())
	case TimeFact:
		v = 60 * ceilDiv(v, 60)
		for second(v) {
			v += 60
		}
	}
	return v
}

func (f *fact) down(v int) int {
	switch f.typ {
	case DateFact:
		return int(calendar.DateOf(time.Unix(int64(v), 0)).Start().Unix())
	case TimeFact:
		v = 60 * floorDiv(v, 60)
		for second(v) {
			v -= 60
		}
	}
	return v
}

// second reports whether London's clocks show that moment's time for the second time.
func second(v int) bool {
	t := time.Unix(int64(v), 0).In(calendar.London())
	_, now := t.Zone()
	_, before := t.Add(-time.Hour).Zone()
	return before-now == 3600
}

// deadline is the last moment that keeps a within that starts then.
func (s *solver) deadline(w within, start int) (int, bool) {
	d, err := s.cal.Deadline(time.Unix(int64(start), 0), w.period, calendar.NoRoll)
	if err != nil {
		return 0, false
	}
	return int(d.Last.Unix()), true
}

// first is the least answer to the fact in a place between lo and hi from which on holds is true,
// and last the greatest up to which it is; beyond the other end if it never is.
func (s *solver) first(i, lo, hi int, holds func(int) bool) int {
	f := s.fact(i)
	for lo <= hi {
		mid := f.down(lo + (hi-lo)/2)
		if mid < lo {
			mid = lo
		}
		if holds(mid) {
			hi = f.down(mid - 1)
		} else {
			lo = f.up(mid + 1)
		}
	}
	return lo
}

func (s *solver) last(i, lo, hi int, holds func(int) bool) int {
	after := s.first(i, lo, hi, func(v int) bool { return !holds(v) })
	return s.fact(i).down(after - 1)
}

// solve finds answers to the facts such that the first readings, and after them the
// withins, come out as wanted. Dates of the rubric's first years are tried before
// others: they are easier to read, and nearer.
func (s *solver) solve(at []int) ([]int, bool) {
	if s.circle(at) {
		return nil, false
	}
	lo, hi := slices.Clone(s.lo), slices.Clone(s.hi)
	narrowed := false
	for i := range s.facts {
		if t := s.fact(i).typ; (t == DateFact || t == TimeFact) && lo[i] <= s.usual[0] && hi[i] >= s.usual[1] {
			lo[i], hi[i], narrowed = s.usual[0], s.usual[1], true
		}
	}
	if values, ok := s.search(at, lo, hi); ok || !narrowed {
		return values, ok
	}
	return s.search(at, slices.Clone(s.lo), slices.Clone(s.hi))
}

func (s *solver) search(at, lo, hi []int) ([]int, bool) {
	if !s.tighten(at, lo, hi) {
		return nil, false
	}
	for _, values := range [][]int{lo, hi} {
		if s.holds(at, values) {
			return slices.Clone(values), true
		}
	}
	widest := 0
	for i := range lo {
		if hi[i]-lo[i] > hi[widest]-lo[widest] {
			widest = i
		}
	}
	if lo[widest] == hi[widest] {
		return nil, false
	}
	f := s.fact(widest)
	mid := f.down(lo[widest] + (hi[widest]-lo[widest])/2)
	lower, upper := slices.Clone(hi), slices.Clone(lo)
	lower[widest], upper[widest] = mid, f.up(mid+1)
	if values, ok := s.search(at, slices.Clone(lo), lower); ok {
		return values, true
	}
	return s.search(at, upper, hi)
}

// holds reports whether all comes out as wanted.
func (s *solver) holds(at, values []int) bool {
	for k, want := range at {
		if k < len(s.readings) {
			rd := s.readings[k]
			sum := 0
			for _, t := range rd.terms {
				sum += t.times * values[s.place(t.fact)]
			}
			if rd.passed(sum) != want {
				return false
			}
			continue
		}
		if s.cal == nil {
			continue
		}
		w := s.withins[k-len(s.readings)]
		last, ok := s.deadline(w, values[s.place(w.start)])
		if !ok || (values[s.place(w.end)] <= last) != (want == 1) {
			return false
		}
	}
	return s.inOrder(values)
}

// inOrder reports whether no within ends before it starts.
func (s *solver) inOrder(values []int) bool {
	return !s.ordered || !slices.ContainsFunc(s.withins, func(w within) bool {
		return values[s.place(w.end)] < values[s.place(w.start)]
	})
}

// tighten moves the bounds together until nothing moves, and reports whether any
// answers are left.
func (s *solver) tighten(at, lo, hi []int) bool {
	for moved := true; moved; {
		s.steps.spend(1)
		moved = false
		raise := func(i, v int) {
			if v > lo[i] {
				lo[i], moved = s.fact(i).up(v), true
			}
		}
		lower := func(i, v int) {
			if v < hi[i] {
				hi[i], moved = s.fact(i).down(v), true
			}
		}
		for k, want := range at {
			if k < len(s.readings) {
				least, most := s.readings[k].interval(want)
				s.tightenSum(s.readings[k].terms, least, most, lo, hi, raise, lower)
			} else if s.cal != nil && !s.tightenWithin(s.withins[k-len(s.readings)], want == 1, lo, hi, raise, lower) {
				return false
			}
		}
		if s.ordered {
			for _, w := range s.withins {
				start, end := s.place(w.start), s.place(w.end)
				raise(end, lo[start])
				lower(start, hi[end])
			}
		}
		for i := range lo {
			if lo[i] > hi[i] {
				return false
			}
		}
	}
	return true
}

// tightenSum keeps a sum of facts between least and most.
func (s *solver) tightenSum(terms []term, least, most int, lo, hi []int, raise, lower func(i, v int)) {
	low, high := 0, 0
	ends := func(t term) (int, int) {
		i := s.place(t.fact)
		if t.times < 0 {
			return t.times * hi[i], t.times * lo[i]
		}
		return t.times * lo[i], t.times * hi[i]
	}
	for _, t := range terms {
		a, b := ends(t)
		low, high = low+a, high+b
	}
	if !s.divides(terms, least, most, lo, hi) {
		raise(s.place(terms[0].fact), hi[s.place(terms[0].fact)]+1)
		return
	}
	for _, t := range terms {
		a, b := ends(t)
		i := s.place(t.fact)
		if most < unbounded { // t.times * x <= most - (low - a)
			if room := most - (low - a); t.times > 0 {
				lower(i, floorDiv(room, t.times))
			} else {
				raise(i, ceilDiv(room, t.times))
			}
		}
		if least > -unbounded { // t.times * x >= least - (high - b)
			if room := least - (high - b); t.times > 0 {
				raise(i, ceilDiv(room, t.times))
			} else {
				lower(i, floorDiv(room, t.times))
			}
		}
	}
}

// divides reports whether a sum can lie between least and most as far as whole numbers
// go: what divides all terms that are still open divides what they add.
func (s *solver) divides(terms []term, least, most int, lo, hi []int) bool {
	by, fixed := 0, 0
	for _, t := range terms {
		if i := s.place(t.fact); lo[i] == hi[i] {
			fixed += t.times * lo[i]
		} else {
			by = divisor(by, t.times)
		}
	}
	if by < 2 || least <= -unbounded || most >= unbounded {
		return true
	}
	return ceilDiv(least-fixed, by) <= floorDiv(most-fixed, by)
}

func floorDiv(a, b int) int {
	q := a / b
	if a%b != 0 && (a < 0) != (b < 0) {
		q--
	}
	return q
}

func ceilDiv(a, b int) int { return -floorDiv(-a, b) }

// tightenWithin keeps the end within the deadline, or after it.
func (s *solver) tightenWithin(w within, kept bool, lo, hi []int, raise, lower func(i, v int)) bool {
	start, end := s.place(w.start), s.place(w.end)
	if lo[start] > hi[start] || lo[end] > hi[end] {
		return false
	}
	deadline := func(v int) int { d, _ := s.deadline(w, v); return d }
	if kept {
		lower(end, deadline(hi[start]))
		if deadline(lo[start]) < lo[end] {
			raise(start, s.first(start, lo[start], hi[start], func(v int) bool { return deadline(v) >= lo[end] }))
		}
		return true
	}
	raise(end, deadline(lo[start])+1)
	if deadline(hi[start]) >= hi[end] {
		lower(start, s.last(start, lo[start], hi[start], func(v int) bool { return deadline(v) < hi[end] }))
	}
	return true
}

// circle reports whether the order of two facts, or of several one after another,
// makes what is wanted impossible: bounds would be moved by a little, for ever.
func (s *solver) circle(at []int) bool {
	n := len(s.facts)
	if n < 2 {
		return false
	}
	s.steps.spend(n * n * n / 64)
	most := make([][]int, n) // of fact i less fact j
	for i := range most {
		most[i] = make([]int, n)
		for j := range most[i] {
			if i != j {
				most[i][j] = unbounded
			}
		}
	}
	differ := func(i, j, d int) { most[i][j] = min(most[i][j], d) }
	for k, want := range at {
		if k < len(s.readings) {
			rd := s.readings[k]
			if len(rd.terms) == 2 && rd.terms[0].times == 1 && rd.terms[1].times == -1 {
				i, j := s.place(rd.terms[0].fact), s.place(rd.terms[1].fact)
				least, greatest := rd.interval(want)
				differ(i, j, greatest)
				differ(j, i, -least)
			}
		} else if s.cal != nil {
			w := s.withins[k-len(s.readings)]
			start, end := s.place(w.start), s.place(w.end)
			longest, shortest := roughly(w.period)
			if want == 1 {
				differ(end, start, longest)
			} else {
				differ(start, end, -shortest)
			}
		}
	}
	if s.ordered {
		for _, w := range s.withins {
			differ(s.place(w.start), s.place(w.end), 0)
		}
	}
	for k := range n {
		for i := range n {
			for j := range n {
				if most[i][k] < unbounded && most[k][j] < unbounded {
					most[i][j] = min(most[i][j], most[i][k]+most[k][j])
				}
			}
		}
	}
	for i := range n {
		if most[i][i] < 0 {
			return true
		}
	}
	return false
}

// roughly is the most seconds that an end within a period can come after the start,
// and the least that one outside it does, whatever the calendar.
func roughly(p calendar.Period) (longest, shortest int) {
	const day = 24 * 60 * 60
	n := p.N()
	switch p.Unit() {
	case calendar.Hours:
		return n * 3600, n*3600 + 1
	case calendar.Days:
		return (n+1)*day + 3600, n*day - 3600
	case calendar.Weeks:
		return (7*n+1)*day + 3600, 7*n*day - 3600
	case calendar.Months:
		return (31*n+1)*day + 3600, 28*n*day - 3600
	}
	return unbounded, n*day - 3600
}
