package rubric

import (
	"slices"

	"github.com/practiceaudit/practiceaudit/calendar"
)

// space is all forms of a rubric: a diagram for each section, and one over what the
// sections come to. Sections that read the same facts meet there: what a section can
// come to depends on the cell that those facts lie in.
type space struct {
	r        *Rubric
	cal      *calendar.Calendar
	steps    *budget
	queries  *queries
	groups   []*group
	ofGroup  []place      // by reading
	ofWithin []place      // by within
	shared   map[int]bool // groups that more than one section reads, or the file
	masks    []uint32     // which sections can apply together, a bit for each; none where all always do
	lines    [][]lineQueries
	watches  []watch // of each section, and last of the file
	carried  []int   // gauges that the file reads
	sections []*sectionSpace
	file     *fileSpace
}

// place is where a cell has what became of a reading or a within.
type place struct{ group, at int }

type lineQueries struct{ met, notNeeded *query }

// watch is what a visit is to find out of each form.
type watch struct {
	each  []*query // whether each of these holds
	first []*query // which of these is the first that holds; nil always does
}

// outcome is what a watch finds out.
type outcome struct {
	each  uint64 // a bit for each
	first int    // -1 where none holds
}

func watchOf(c *queries, rs *rules) watch {
	var w watch
	for i := range rs.limits {
		w.each = append(w.each, c.of(rs.limits[i].when.root))
	}
	for i := range rs.suggest {
		var q *query
		if when := rs.suggest[i].when; when != nil {
			q = c.of(when.root)
		}
		w.first = append(w.first, q)
	}
	return w
}

// whoApplies stands for which sections can be part of an audit together, where a part
// is named.
const whoApplies = -2

// spaceOf makes the space of a rubric. It ends with tooLong where the budget does;
// doing, if not nil, is told before each section, by its place, and then the file, and
// before all of them whoApplies. Of
// the file a proof also watches whether a bottom line is missed.
func spaceOf(r *Rubric, cal *calendar.Calendar, steps *budget, proof bool, doing func(part int)) *space {
	sp := &space{r: r, cal: cal, steps: steps}
	if doing == nil {
		doing = func(int) {}
	}
	sp.compile(proof)
	if sp.queries.tooMany {
		steps.spend(steps.left + 1)
	}
	sp.group()
	sp.shared = sp.sharedGroups()
	doing(whoApplies)
	sp.who()
	for i := range r.sections {
		doing(i)
		sp.sections = append(sp.sections, sp.section(i))
	}
	doing(len(r.sections))
	sp.file = sp.fileOf(sp.watches[len(r.sections)])
	return sp
}

// compile compiles all conditions.
func (sp *space) compile(proof bool) {
	r := sp.r
	sp.queries = newQueries(r)
	for i := range r.sections {
		s := &r.sections[i]
		lines := make([]lineQueries, len(s.lines))
		for j := range s.lines {
			if s.lines[j].met != nil {
				lines[j].met = sp.queries.of(s.lines[j].met.root)
			}
			if s.lines[j].notNeeded != nil {
				lines[j].notNeeded = sp.queries.of(s.lines[j].notNeeded.root)
			}
		}
		sp.lines = append(sp.lines, lines)
		sp.watches = append(sp.watches, watchOf(sp.queries, &s.rules))
	}
	file := watchOf(sp.queries, &r.overall)
	if proof {
		file.each = append(file.each, sp.queries.of(&bottomLine{section: wholeFile}))
	}
	sp.watches = append(sp.watches, file)
	sp.carried = file.gauges()
}

// group groups the facts and finds their cells.
func (sp *space) group() {
	c := sp.queries
	sp.groups = grouping(c.readings, sp.r.withins, c.withins)
	sp.placeReadings()
	for _, g := range sp.groups {
		g.enumerate(sp.r, sp.cal, sp.steps)
	}
}

// placeReadings notes where a cell has what became of each reading and within.
func (sp *space) placeReadings() {
	c := sp.queries
	sp.ofGroup, sp.ofWithin = make([]place, len(c.readings)), make([]place, len(c.withins))
	for k, g := range sp.groups {
		for i, rd := range c.readings {
			if at := slices.Index(g.readings, rd); at >= 0 {
				sp.ofGroup[i] = place{k, at}
			}
		}
		for at, w := range g.withins {
			sp.ofWithin[w] = place{k, len(g.readings) + at}
		}
	}
}

// who finds which sections can be part of an audit together.
func (sp *space) who() {
	r := sp.r
	if !slices.ContainsFunc(r.sections, func(s section) bool { return len(s.services)+len(s.status) > 0 }) {
		return
	}
	masks := map[uint32]bool{0: true}
	for _, c := range r.statuses {
		var of uint32
		for i := range r.sections {
			if slices.Contains(r.sections[i].status, c.id) {
				of |= 1 << i
			}
		}
		for m := range masks {
			masks[m|of] = true
		}
		sp.steps.spend(len(masks))
	}
	seen := map[uint32]bool{}
	for m := range masks {
		for _, service := range r.servicesOrNone() {
			seen[r.applying(service, func(i int) bool { return m&(1<<i) != 0 })] = true
		}
	}
	for m := range seen {
		sp.masks = append(sp.masks, m)
	}
	slices.Sort(sp.masks)
}

// servicesOrNone are the services, or "" where the rubric tells none apart.
func (r *Rubric) servicesOrNone() []string {
	if len(r.services) == 0 {
		return []string{""}
	}
	return idsOf(r.services)
}

// applying are the sections that apply to a service, where held says of a section
// that asks for a status whether the child has one of them.
func (r *Rubric) applying(service string, held func(section int) bool) uint32 {
	var mask uint32
	for i := range r.sections {
		s := &r.sections[i]
		if (len(s.services) == 0 || slices.Contains(s.services, service)) && (len(s.status) == 0 || held(i)) {
			mask |= 1 << i
		}
	}
	return mask
}

// places adds to places what a query reads of a group.
func (sp *space) places(q *query, group int, places map[int]bool) {
	if q == nil {
		return
	}
	switch {
	case q.op == keeps && sp.ofWithin[q.within].group == group:
		places[sp.ofWithin[q.within].at] = true
	case q.op == reaches && q.reading >= 0 && sp.ofGroup[q.reading].group == group:
		places[sp.ofGroup[q.reading].at] = true
	}
	for _, p := range q.parts {
		sp.places(p, group, places)
	}
}

// reads adds to groups those that a query reads.
func (sp *space) reads(q *query, groups map[int]bool) {
	switch {
	case q == nil:
	case q.op == keeps:
		groups[sp.ofWithin[q.within].group] = true
	case q.op == reaches && q.reading >= 0:
		groups[sp.ofGroup[q.reading].group] = true
	}
	if q != nil {
		for _, p := range q.parts {
			sp.reads(p, groups)
		}
	}
}

func (w watch) queries() []*query { return append(slices.Clone(w.each), w.first...) }

// gauges are those that a watch reads, rising.
func (w watch) gauges() []int {
	used := map[int]bool{}
	var walk func(q *query)
	walk = func(q *query) {
		if q == nil {
			return
		}
		if q.op == reaches && q.gauge >= 0 {
			used[q.gauge] = true
		}
		for _, p := range q.parts {
			walk(p)
		}
	}
	for _, q := range w.queries() {
		walk(q)
	}
	return sortedInts(used)
}

func sortedInts(m map[int]bool) []int {
	out := make([]int, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
