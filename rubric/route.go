package rubric

import (
	"cmp"
	"errors"
	"fmt"
	"iter"
	"slices"
)

// Change is one answer that a route changes, or that stands in its way.
type Change struct {
	Section string `json:"section,omitempty"` // of a line or a judgement
	Line    string `json:"line,omitempty"`
	Fact    string `json:"fact,omitempty"`
	Text    string `json:"text"` // the line, the fact's question, or what else it is
	From    string `json:"from"` // answers as people write them
	To      string `json:"to"`   // "" of a missed bottom line that an auditor added
}

// Route is the way from a form to a grade.
type Route struct {
	Grade   Grade    `json:"grade"`
	Reached bool     `json:"reached"`
	Changes []Change `json:"changes,omitempty"` // a smallest set, in the rubric's own order: facts, then lines; none if the grade is suggested already

	// Blocked, of a grade that is not reached: the fewest things that cannot be changed
	// and would have to be other than they are, besides Changes. They are facts and lines
	// about a fixed past, judgements, which are people's, and missed bottom lines that an
	// auditor added. Empty if no form reaches the grade.
	Blocked []Change `json:"blocked,omitempty"`
}

// ErrIncomplete says that a form is not complete: some answers, or judgements of
// sections that no rule suggests a grade for, are missing.
var ErrIncomplete = errors.New("the form is not complete: answer every question and judge every section that no rule suggests a grade for")

// ErrRouteTooLong says that a way to a grade was not found in as many steps as are
// taken: too many facts are weighed against one another. The grade itself is as exact as
// ever.
var ErrRouteTooLong = errors.New("finding the way to this grade would take too long: too many facts are weighed together in one sum")

// maxRoute is how many steps are taken to find a way.
const maxRoute = 10 * MaxVisit

// RouteTo finds a smallest set of changes after which the rubric suggests the grade for
// a section, or with section "" for the whole file. It explains a grade and says
// nothing of what should be done: that is for people who know the child. It never goes
// through what is about a fixed past, never answers that a line does not apply, and
// changes no judgement. Of several smallest sets it is the one whose first change
// stands first in the rubric, and so on.
//
// The error is [ErrIncomplete], a *[TooLargeError] of an unproved rubric,
// [ErrRouteTooLong], or says that there is no such section or grade.
func (f *Form) RouteTo(section string, g Grade) (Route, error) {
	if f == nil || f.r == nil {
		return Route{}, errNoRubric
	}
	i, ok := f.r.sectionByID[section]
	switch {
	case section == "":
		i = len(f.r.sections)
	case !ok:
		return Route{}, fmt.Errorf("there is no section %q; %s", section, suggestion(section, f.r.sectionIDs()))
	case !f.applies(i):
		return Route{}, fmt.Errorf("section %q is not part of this audit", section)
	}
	rank := f.r.Rank(g)
	if rank < 0 {
		return Route{}, fmt.Errorf("there is no grade %q; %s", string(g), suggestion(string(g), f.r.gradeIDs()))
	}
	if !f.complete || section == "" && f.leftToPeople() {
		return Route{}, ErrIncomplete
	}
	sp := f.r.space(f.cal)
	if sp == nil {
		return Route{}, &TooLargeError{f.r.ref}
	}
	if res := f.Grade(); res.part(i).determined() && res.part(i).possible == 1<<rank {
		return Route{Grade: g, Reached: true}, nil
	}
	rt := &router{f: f, sp: sp, steps: &budget{maxRoute}, sections: map[[2]int][]way{}}
	var best way
	if !visited(func() { best = rt.best(i, rank) }) {
		return Route{}, ErrRouteTooLong
	}
	return rt.route(g, best), nil
}

// best is the best way to a grade of a section, or of the file, which comes last.
func (rt *router) best(section, rank int) way {
	rt.groups = make([][]way, len(rt.sp.groups))
	if section == len(rt.sp.sections) {
		return rt.toFile(rank)
	}
	return rt.toSection(section, rank)
}

// leftToPeople reports whether a section is judged freely, by what its rules come to,
// and not judged yet.
func (f *Form) leftToPeople() bool {
	if !f.toBeJudged() {
		return false
	}
	res := f.Grade()
	for i := range f.r.sections {
		if p := res.part(i); p.applies && p.free != no && f.judged[i] == 0 {
			return true
		}
	}
	return false
}

// way is how some state of a form is reached: the fewest things first that cannot be
// changed, then the fewest changes, then those that stand first in the rubric.
type way struct {
	ok      bool
	blocked int
	items   []item // by their place
}

// item is one change. Places are in the rubric's order: facts, lines, and after them
// what only stands in the way.
type item struct {
	place  int
	to     int
	blocks bool
}

func (w way) less(o way) bool {
	if !o.ok || !w.ok {
		return w.ok && !o.ok
	}
	return cmp.Or(w.blocked-o.blocked, len(w.items)-len(o.items), slices.CompareFunc(w.items, o.items, func(a, b item) int { return a.place - b.place })) < 0
}

// and is both ways together.
func (w way) and(o way) way {
	if !w.ok || !o.ok {
		return way{}
	}
	if len(o.items) == 0 {
		return w
	}
	items := append(slices.Clone(w.items), o.items...)
	slices.SortFunc(items, func(a, b item) int { return a.place - b.place })
	return way{ok: true, blocked: w.blocked + o.blocked, items: items}
}

func (w way) with(i item) way {
	return w.and(way{ok: true, blocked: int(bit(i.blocks)), items: []item{i}})
}

var stay = way{ok: true}

type router struct {
	f        *Form
	sp       *space
	steps    *budget
	groups   [][]way          // by group and cell
	sections map[[2]int][]way // by section and root: the ways to each label
}

// Places of what changes.
func (rt *router) linePlace(section, line int) int {
	at := MaxFacts
	for i := range section {
		at += len(rt.f.r.sections[i].lines)
	}
	return at + line
}
func (rt *router) judgementPlace(section int) int { return MaxFacts + rt.f.r.lines + section }
func (rt *router) addedPlace(section int) int {
	return MaxFacts + rt.f.r.lines + MaxSections + 1 + section
}

// group is the ways to each cell of a group, each with the fewest facts changed. Facts
// that are not known are read by nothing that is part of the audit, and are free.
func (rt *router) group(k int) []way {
	if rt.groups[k] != nil {
		return rt.groups[k]
	}
	g := rt.sp.groups[k]
	var known []int
	for _, fact := range g.facts {
		if rt.f.facts[fact].known {
			known = append(known, fact)
		}
	}
	ways := make([]way, len(g.cells))
	for c := range g.cells {
		ways[c] = rt.toCell(g, c, known)
	}
	rt.groups[k] = ways
	return ways
}

// toCell is the best way to a cell of a group: through every fact that has no place in
// it as it is answered, and the fewest others.
func (rt *router) toCell(g *group, c int, known []int) way {
	s := newSolver(rt.f.r, g, rt.sp.cal, rt.steps)
	lo, hi := slices.Clone(s.lo), slices.Clone(s.hi)
	if !s.tighten(g.cells[c].at, lo, hi) {
		return way{}
	}
	must, changeable, fixed := []int{}, []int{}, []int{}
	for _, fact := range known {
		i := s.place(fact)
		switch n := rt.f.facts[fact].n; {
		case n < lo[i] || n > hi[i]:
			must = append(must, fact)
		case rt.f.r.facts[fact].fixed:
			fixed = append(fixed, fact)
		default:
			changeable = append(changeable, fact)
		}
	}
	for blocked := range len(fixed) + 1 {
		for others := range len(changeable) + 1 {
			var best way
			for f := range some(fixed, blocked) {
				for o := range some(changeable, others) {
					if w := rt.changing(g, c, known, slices.Concat(must, f, o)); w.less(best) {
						best = w
					}
				}
			}
			if best.ok {
				return best
			}
		}
	}
	return way{}
}

// changing is the way to a cell through those facts and no others.
func (rt *router) changing(g *group, c int, known, changed []int) way {
	s := newSolver(rt.f.r, g, rt.sp.cal, rt.steps)
	for _, fact := range known {
		if !slices.Contains(changed, fact) {
			s.pin(fact, rt.f.facts[fact].n)
		}
	}
	values, ok := s.solve(g.cells[c].at)
	if !ok {
		return way{}
	}
	values = rt.near(s, g, c, changed, values)
	w := stay
	for _, fact := range changed {
		w = w.with(item{place: fact, to: values[slices.Index(g.facts, fact)], blocks: rt.f.r.facts[fact].fixed})
	}
	return w
}

// some are the sets of so many of those facts.
func some(facts []int, size int) iter.Seq[[]int] {
	return func(yield func([]int) bool) {
		var pick func(from int, picked []int) bool
		pick = func(from int, picked []int) bool {
			if len(picked) == size {
				return yield(picked)
			}
			for i := from; i <= len(facts)-(size-len(picked)); i++ {
				if !pick(i+1, append(slices.Clone(picked), facts[i])) {
					return false
				}
			}
			return true
		}
		pick(0, nil)
	}
}

// near takes answers in a cell as near to those of the form as they can be, where one
// fact by itself changes.
func (rt *router) near(s *solver, g *group, c int, changed, values []int) []int {
	if len(changed) != 1 {
		return values
	}
	lo, hi, i := slices.Clone(s.lo), slices.Clone(s.hi), slices.Index(g.facts, changed[0])
	if s.tighten(g.cells[c].at, lo, hi) {
		near := slices.Clone(values)
		near[i] = min(max(rt.f.facts[changed[0]].n, lo[i]), hi[i])
		if s.holds(g.cells[c].at, near) {
			return near
		}
	}
	return values
}

// through finds the best way to every label of a diagram. step is the way of a choice.
func through(d *diagram, root int, step func(question, node, choice int) way) []way {
	at := make([]way, d.width(0))
	at[d.roots[root]] = stay
	for q := range d.layers {
		l := &d.layers[q]
		next := make([]way, d.width(q+1))
		for node := range at {
			if !at[node].ok {
				continue
			}
			for c, to := range l.next[node*l.choices : (node+1)*l.choices] {
				if to < 0 {
					continue
				}
				if w := at[node].and(step(q, node, c)); w.less(next[to]) {
					next[to] = w
				}
			}
		}
		at = next
	}
	return at
}

// labels are the ways to each label of a section from a root, its facts aside.
func (rt *router) labels(section, root int) []way {
	key := [2]int{section, root}
	if ways, ok := rt.sections[key]; ok {
		return ways
	}
	s := rt.sp.sections[section]
	ways := through(s.diagram, root, func(q, _, choice int) way { return rt.answer(s, q, choice) })
	rt.sections[key] = ways
	return ways
}

func (rt *router) answer(s *sectionSpace, q, choice int) way {
	ask := s.questions_[q]
	switch {
	case ask.group >= 0:
		return rt.group(ask.group)[choice]
	case ask.line < 0:
		return rt.added(s.index, choice)
	}
	l := &rt.f.r.sections[s.index].lines[ask.line]
	now := rt.f.choices(s.index, ask.line)
	switch {
	case now&(1<<choice) != 0:
		return stay
	case choice == saysNotApplicable || l.met != nil || rt.f.carries(rt.f.r.sections[s.index].id, l.id):
		return way{}
	}
	return stay.with(item{place: rt.linePlace(s.index, ask.line), to: choice, blocks: l.fixed})
}

// added is the way to a missed bottom line that an auditor added, or did not.
func (rt *router) added(section, choice int) way {
	if int(bit(rt.f.added(section))) == choice {
		return stay
	}
	if choice == 1 {
		return way{} // nobody adds one to reach a grade
	}
	return stay.with(item{place: rt.addedPlace(section), blocks: true})
}

// toClass is the best way to a cell that a section does not tell from a given one.
func (rt *router) toClass(seen view, group, cell int) way {
	var best way
	for c, class := range seen.of {
		if w := rt.group(group)[c]; class == seen.of[cell] && w.less(best) {
			best = w
		}
	}
	return best
}

// toSection is the best way to a grade of a section.
func (rt *router) toSection(section, rank int) way {
	var best way
	s := rt.sp.sections[section]
	for root := range s.diagram.roots {
		before := stay
		for g, c := range s.cellsOf(root) {
			before = before.and(rt.toClass(s.views[g], g, c))
		}
		for label, w := range rt.labels(section, root) {
			if p := s.labels[label].part.part(0); p.free == no && p.possible == 1<<rank {
				if w := before.and(w); w.less(best) {
					best = w
				}
			}
		}
	}
	return best
}

// toFile is the best way to a grade of the whole file.
func (rt *router) toFile(rank int) way {
	f := rt.sp.file
	who := rt.sp.whoOf(rt.f)
	ways := through(f.diagram, 0, func(q, node, choice int) way {
		ask := f.questions_[q]
		switch {
		case ask.who && !who.has(choice):
			return way{}
		case ask.who:
			return stay
		case ask.group >= 0:
			return rt.group(ask.group)[choice]
		case ask.section >= 0:
			return rt.section(q, node, choice)
		}
		return rt.added(wholeFile, choice)
	})
	var best way
	for label, w := range ways {
		if p := rt.f.r.overall.comesTo(f.labels[label], len(rt.f.r.grades)).part(0); p.free == no && p.possible == 1<<rank && w.less(best) {
			best = w
		}
	}
	return best
}

// section is the way to a choice of a section at a node of the file: a label of it, and
// the grade that the file reads. A grade that people have still to give is in the way
// where it matters which.
func (rt *router) section(q, node, choice int) way {
	f := rt.sp.file
	section := f.questions_[q].section
	s := rt.sp.sections[section]
	next := f.diagram.layers[q].next[node*f.choices(q) : (node+1)*f.choices(q)]
	if next[s.absent(false)] >= 0 {
		return rt.added(section, choice-s.absent(false))
	}
	grades := len(rt.f.r.grades)
	label, rank := choice/grades, choice%grades
	w, part := rt.labels(section, f.rootAt(q, node, s))[label], s.labels[label].part
	if part.part(0).free == no || rt.f.judged[section] != 0 {
		if part.reads(rt.f.judged[section]).has(rank) {
			return w
		}
	} else if all := next[s.choice(label, 0) : s.choice(label, part.most().worst())+1]; len(slices.Compact(slices.Clone(all))) == 1 {
		return w
	}
	return w.with(item{place: rt.judgementPlace(section), to: rank, blocks: true})
}

// route says a way in words.
func (rt *router) route(g Grade, w way) Route {
	out := Route{Grade: g, Reached: w.ok && w.blocked == 0}
	for _, i := range w.items {
		c := rt.change(i)
		if i.blocks {
			out.Blocked = append(out.Blocked, c)
		} else {
			out.Changes = append(out.Changes, c)
		}
	}
	return out
}

func (rt *router) change(i item) Change {
	r, f := rt.f.r, rt.f
	at := i.place - MaxFacts
	switch {
	case at < 0:
		x := &r.facts[i.place]
		return Change{Fact: x.name, Text: x.ask, From: f.said[i.place], To: x.write(i.to)}
	case at >= r.lines+MaxSections+1:
		return Change{Section: rt.sectionID(at - r.lines - MaxSections - 1), Text: "a missed bottom line that an auditor added", From: "missed"}
	case at == r.lines+MaxSections:
		return Change{Text: "a missed bottom line that an auditor added", From: "missed"}
	case at >= r.lines:
		k := at - r.lines
		from := ""
		if rank := f.judgement(k); rank >= 0 {
			from = r.grades[rank].id
		}
		return Change{Section: r.sections[k].id, Text: "the judgement of " + r.sections[k].title, From: from, To: r.grades[i.to].id}
	}
	for k := range r.sections {
		s := &r.sections[k]
		if at < len(s.lines) {
			l := &s.lines[at]
			return Change{Section: s.id, Line: l.id, Text: l.text, From: string(l.said(f.given[k][at])), To: string(l.answer(i.to))}
		}
		at -= len(s.lines)
	}
	return Change{}
}

func (rt *router) sectionID(i int) string { return rt.f.r.sections[i].id }

// said is what people answered, as they write it.
func (l *line) said(o outcomes) Answer {
	i := slices.Index(lineOutcomes[:], o)
	if i == saysPartly && !l.strength {
		return Partly
	}
	return l.answer(max(i, 0))
}
