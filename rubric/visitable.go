package rubric

import (
	"fmt"
	"math/bits"
)

// Every rubric that Parse accepts can be visited whole. For most a bound shows it: the
// gauges and cells that a section remembers have only so many values, and so many
// states is all there can be. Where the bound is too large the visit is tried.

// tooLongWhere says where a visit would be too long: a section's place, or the number
// of sections for the file, whoApplies, or -1 for the facts; not is where it would not.
func (r *Rubric) tooLongWhere(steps int) (where int, not bool) {
	where = -1
	if not = visited(func() { r.tryFacts(&budget{steps}) }); !not || r.mostSteps() <= uint64(steps) {
		return where, not
	}
	not = visited(func() {
		spaceOf(r, nil, &budget{steps}, false, func(part int) { where = part })
	})
	return where, not
}

// tryFacts finds the cells of all facts.
func (r *Rubric) tryFacts(steps *budget) {
	sp := &space{r: r, steps: steps}
	sp.compile(false)
	if sp.queries.tooMany {
		steps.spend(steps.left + 1)
	}
	sp.group()
}

// mostSteps is more steps than a visit takes.
func (r *Rubric) mostSteps() uint64 {
	sp := &space{r: r}
	sp.compile(false)
	if sp.queries.tooMany {
		return 1<<64 - 1
	}
	sp.groups = grouping(sp.queries.readings, r.withins, sp.queries.withins)
	sp.placeReadings()
	sp.shared = sp.sharedGroups()
	total, file := uint64(0), sp.states(sp.watches[len(r.sections)].gauges(), sp.shared)
	for i := range r.sections {
		groups := map[int]bool{}
		for _, q := range sp.watches[i].queries() {
			sp.reads(q, groups)
		}
		for _, l := range sp.lines[i] {
			sp.reads(l.met, groups)
			sp.reads(l.notNeeded, groups)
		}
		gauges := sp.watches[i].gauges()
		labels := uint64(len(r.sections[i].rules.suggest)+1) << min(len(r.sections[i].rules.limits), 40)
		for _, g := range sp.carried {
			if sp.touches(g, i) {
				gauges = append(gauges, g)
				labels = times(labels, sp.values(g))
			}
		}
		questions := uint64(len(r.sections[i].lines) + 1 + len(groups))
		total = plus(total, times(sp.states(gauges, groups), questions*lineChoices))
		total = plus(total, times(file, times(labels, uint64(len(r.grades)))))
	}
	for g := range sp.groups {
		total = plus(total, times(sp.cells(g), 100))
	}
	masks := uint64(1)
	if len(r.services)+len(r.statuses) > 0 {
		masks = uint64(max(len(r.services), 1)) << min(len(r.statuses), 40)
	}
	return times(total, masks)
}

// states is no fewer than the states in which those gauges and cells can be.
func (sp *space) states(gauges []int, groups map[int]bool) uint64 {
	n := uint64(1)
	for _, g := range gauges {
		n = times(n, sp.values(g))
	}
	for g := range groups {
		n = times(n, sp.cells(g)+1)
	}
	return n
}

// values is no fewer than the values of a gauge that a visit tells apart.
func (sp *space) values(gauge int) uint64 {
	g := sp.queries.gauges[gauge]
	if g.lo >= 0 && !g.joined {
		return uint64(min(g.hi, max(0, g.bounds[len(g.bounds)-1]))) + 1
	}
	return uint64(g.hi-g.lo) + 1
}

// cells is no fewer than the cells of a group.
func (sp *space) cells(group int) uint64 {
	n := uint64(1)
	for _, rd := range sp.groups[group].readings {
		n = times(n, uint64(len(rd.bounds)+1))
	}
	return times(n, 1<<min(len(sp.groups[group].withins), 40))
}

func times(a, b uint64) uint64 {
	hi, lo := bits.Mul64(a, b)
	if hi != 0 {
		return 1<<64 - 1
	}
	return lo
}

func plus(a, b uint64) uint64 {
	sum, carry := bits.Add64(a, b, 0)
	if carry != 0 {
		return 1<<64 - 1
	}
	return sum
}

// proved refuses a rubric that cannot be visited whole, or marks it.
func (p *reader) proved(unproved bool, steps int) {
	where, ok := p.r.tooLongWhere(steps)
	if ok {
		return
	}
	n, what := p.root.Field("facts"), "conditions on facts tell too many cases apart"
	switch {
	case where == whoApplies:
		n, what = p.root.Field("sections"), "sections apply by too many statuses and services of their own"
	case where == len(p.r.sections):
		n, what = p.root.Field("overall"), "the rules of overall tell too much apart together, of counts over the whole file and of facts that sections share"
	case where >= 0:
		n, what = p.r.sections[where].rules.node, "the rules of this section, and those of overall that read it, tell too many counts apart together"
	}
	if p.r.unproved = fmt.Sprintf("not every form can be visited: %s", what); unproved {
		return
	}
	instead := "weigh fewer long lists against each other, or compare with smaller numbers"
	if where == whoApplies {
		instead = "let more sections share a status, or leave it to people which they judge"
	}
	p.wrong(n.KeyMistake("%s for every form to be visited; %s", what, instead))
}

// Unproved says why not every form of the rubric could be visited; "" for one that is
// proved, as every rubric of [Parse] is. What an unproved rubric says of an incomplete
// form may leave more grades possible than there are; nothing else changes.
func (r *Rubric) Unproved() string {
	if r == nil {
		return ""
	}
	return r.unproved
}

// Unproved is as [Rubric.Unproved], of the rubric of the form. It also says so in the
// rare case that the facts which are known make it too long to find out what the others
// can still be.
func (res *Result) Unproved() string {
	if res == nil || res.env.r == nil {
		return ""
	}
	r, f := res.env.r, res.env.f
	switch {
	case r.unproved == "" && f.visit == nil && (!f.complete || f.toBeJudged()):
		return "it would take too long to find out what the open facts can still be"
	}
	return r.unproved
}
