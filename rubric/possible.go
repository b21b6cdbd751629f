package rubric

import (
	"slices"
	"sync"

	"github.com/practiceaudit/practiceaudit/calendar"
)

// spaces keeps the space of a rubric for each calendar that forms were read with: a
// few, since an app has one calendar for each nation and edition.
type spaces struct {
	mu sync.Mutex
	of map[calendar.Edition]*space // nil where a visit would be too long
}

const maxSpaces = 8

// space is the space of the rubric under a calendar; nil where a visit would be too
// long.
func (r *Rubric) space(cal *calendar.Calendar) *space {
	if r.unproved != "" {
		return nil
	}
	k := r.spaces
	k.mu.Lock()
	defer k.mu.Unlock()
	sp, ok := k.of[cal.Edition()]
	if !ok {
		if len(k.of) == maxSpaces {
			clear(k.of)
		}
		sp = r.newSpace(cal)
		k.of[cal.Edition()] = sp
	}
	return sp
}

func (r *Rubric) newSpace(cal *calendar.Calendar) *space {
	var sp *space
	if !visited(func() { sp = spaceOf(r, cal, &budget{2 * MaxVisit}, false, nil) }) {
		return nil
	}
	return sp
}

// visit is all forms that one of which something is open can still become. It never changes.
type visit struct {
	sp      *space
	groups  []set   // by group, the cells that its facts may lie in
	who     set     // places of who may apply
	allowed [][]set // by section and question
	reached [][]set // by section and root, the labels; nil where the root is not reached
	parts   []part  // of each section, as far as it applies, and of the file
}

// visitOf visits what a form can still become; nil where the rubric has no space, or the
// facts that are known make it too long to find out what the others can be.
func visitOf(f *Form) *visit {
	sp := f.r.space(f.cal)
	if sp == nil {
		return nil
	}
	var v *visit
	visited(func() { v = sp.visit(f) })
	return v
}

func (sp *space) visit(f *Form) *visit {
	v := &visit{sp: sp, parts: make([]part, len(sp.sections)+1)}
	for k := range sp.groups {
		cells := sp.cellsOf(k, f)
		if cells == nil {
			return nil
		}
		v.groups = append(v.groups, cells)
	}
	v.who = sp.whoOf(f)
	questions := 0
	for _, s := range sp.sections {
		questions += len(s.questions_)
	}
	room, words := make([]set, questions), make([]uint64, questions)
	for i, s := range sp.sections {
		n := len(s.questions_)
		v.allowed = append(v.allowed, v.answersOf(i, f, room[:n:n], words[:n]))
		room, words = room[n:], words[n:]
	}
	v.reached = make([][]set, len(sp.sections))
	v.again(f)
	return v
}

// copy is a visit that can be changed without changing v.
func (v *visit) copy() *visit {
	return &visit{sp: v.sp, groups: v.groups, who: v.who, allowed: slices.Clone(v.allowed), reached: slices.Clone(v.reached), parts: slices.Clone(v.parts)}
}

// again visits everything.
func (v *visit) again(f *Form) {
	for i, s := range v.sp.sections {
		for q, ask := range s.questions_ {
			if ask.group >= 0 && &v.allowed[i][q][0] != &v.groups[ask.group][0] {
				v.allowed[i] = slices.Clone(v.allowed[i])
				v.allowed[i][q] = v.groups[ask.group]
			}
		}
		v.reached[i] = v.reach(i)
		v.parts[i] = v.part(i, f)
	}
	v.parts[len(v.sp.sections)] = v.file(f)
}

// look visits one section, and the file.
func (v *visit) look(section int, f *Form) {
	v.reached[section] = v.reach(section)
	v.parts[section] = v.part(section, f)
	v.parts[len(v.sp.sections)] = v.file(f)
}

// cellsOf are the cells that the facts of a group may lie in, given those that are
// known; nil if there is none.
func (sp *space) cellsOf(k int, f *Form) set {
	g := sp.groups[k]
	cells, known := newSet(len(g.cells)), 0
	for _, fact := range g.facts {
		if f.facts[fact].known {
			known++
		}
	}
	judged := sp.cal != nil || len(g.withins) == 0
	if known == len(g.facts) && judged {
		if c := g.cellOf(f.facts, f.withins); c >= 0 {
			cells.add(c)
			return cells
		}
		return nil
	}
	s := newSolver(sp.r, g, sp.cal, &budget{MaxVisit})
	for _, fact := range g.facts {
		if f.facts[fact].known {
			s.pin(fact, f.facts[fact].n)
		}
	}
	for c := range g.cells {
		if known > 0 {
			if _, ok := s.solve(g.cells[c].at); !ok {
				continue
			}
		}
		cells.add(c)
	}
	if cells.size() == 0 {
		return nil
	}
	return cells
}

// whoOf are the places of the sections that may apply together.
func (sp *space) whoOf(f *Form) set {
	who := newSet(max(1, len(sp.masks)))
	if len(sp.masks) == 0 {
		who.add(0)
		return who
	}
	services := []string{f.service}
	if f.service == "" {
		services = sp.r.servicesOrNone()
	}
	for _, service := range services {
		mask := sp.r.applying(service, func(i int) bool { return f.holdsStatus(i) })
		if at, ok := slices.BinarySearch(sp.masks, mask); ok {
			who.add(at)
		}
	}
	return who
}

// answersOf are the choices that a form leaves to each question of a section: in
// allowed, of words.
func (v *visit) answersOf(section int, f *Form, allowed []set, words []uint64) []set {
	s := v.sp.sections[section]
	for q, ask := range s.questions_ {
		switch {
		case ask.group >= 0:
			allowed[q] = v.groups[ask.group]
			continue
		case ask.line >= 0:
			words[q] = f.choices(section, ask.line)
		default:
			words[q] = 1 << bit(f.added(section))
		}
		allowed[q] = words[q : q+1]
	}
	return allowed
}

// choices are those that a form leaves to a line.
func (f *Form) choices(section, line int) uint64 {
	l := &f.r.sections[section].lines[line]
	switch {
	case f.carries(f.r.sections[section].id, l.id):
		return 1 << saysNotApplicable
	case l.met != nil:
		return 1 << isWorkedOut
	}
	c := uint64(f.given[section][line]) // a bit for each outcome, in the order of lineOutcomes
	if !l.strength && c&(1<<saysPartly) != 0 {
		c = c&^(1<<saysPartly) | 1<<saysYes
	}
	return c
}

// added reports whether an auditor added a missed bottom line to a section, or to the
// whole file.
func (f *Form) added(section int) bool {
	id := ""
	if section >= 0 {
		id = f.r.sections[section].id
	}
	return slices.ContainsFunc(f.extras, func(x MissedBottomLine) bool { return x.Section == id })
}

// reach finds the labels that a section may come to, for each root whose cells the
// facts may lie in.
func (v *visit) reach(section int) []set {
	s := v.sp.sections[section]
	labels := make([]set, len(s.diagram.roots))
	v.eachRoot(s, func(root int) {
		labels[root] = newSet(len(s.labels))
		s.diagram.reach(root, v.allowed[section], labels[root])
	})
	return labels
}

func (v *visit) eachRoot(s *sectionSpace, do func(root int)) {
	cells := make([]int, len(s.shared))
	var descend func(k, root int)
	descend = func(k, root int) {
		if k == len(cells) {
			do(root)
			return
		}
		seen := s.views[s.shared[k]]
		classes := newSet(len(seen.first))
		for c := range v.groups[s.shared[k]].all() {
			classes.add(seen.of[c])
		}
		for class := range classes.all() {
			descend(k+1, root*len(seen.first)+class)
		}
	}
	descend(0, 0)
}

// gathered adds up parts that are possible.
type gathered struct {
	part
	all  uint32 // limits that apply in every one
	some bool
}

func (g *gathered) add(w packed) {
	p := w.part(0)
	if !g.some {
		g.part, g.all, g.some = p, p.limits, true
		return
	}
	g.possible |= p.possible
	g.most |= p.most
	g.limits |= p.limits
	g.all &= p.limits
	if g.rule != p.rule {
		g.rule = -1
	}
	if g.free != p.free {
		g.free = undetermined
	}
}

// result is a part of which only what is the same in all is determined.
func (g *gathered) result() part {
	p := g.part
	p.limits, p.open = g.all, g.part.limits&^g.all
	return p
}

// part is what a section may come to, if it applies.
func (v *visit) part(section int, f *Form) part {
	if !f.applies(section) {
		return nothing.part(0)
	}
	var g gathered
	for _, labels := range v.reached[section] {
		for l := range labels.all() {
			g.add(v.sp.sections[section].labels[l].part)
		}
	}
	return g.result()
}

// file is what the file may come to.
func (v *visit) file(f *Form) part {
	fs := v.sp.file
	d := fs.diagram
	at := []int32{d.roots[0]}
	known := map[[2]int]set{} // by section and root, its choices
	for q := range d.layers {
		l := &d.layers[q]
		next := newSet(d.width(q + 1))
		ask := fs.questions_[q]
		for _, node := range at {
			choices := set(nil)
			switch {
			case ask.who:
				choices = v.who
			case ask.group >= 0:
				choices = v.groups[ask.group]
			case ask.section >= 0:
				choices = v.sectionChoices(f, ask.section, fs.marks[l.marks[node]], known)
			default:
				choices = set{1 << bit(f.added(wholeFile))}
			}
			edges := l.next[int(node)*l.choices:]
			for c := range choices.all() {
				if to := edges[c]; to >= 0 {
					next.add(int(to))
				}
			}
		}
		at = at[:0]
		for i := range next.all() {
			at = append(at, int32(i))
		}
	}
	var g gathered
	for _, label := range at {
		g.add(v.sp.r.overall.comesTo(fs.labels[label], len(v.sp.r.grades)))
	}
	return g.result()
}

// sectionChoices are the choices that a form leaves to a section, with the grades
// that the file may read: a person's judgement as far as the section's limits leave
// it, else the suggestion.
func (v *visit) sectionChoices(f *Form, section int, cells []int, known map[[2]int]set) set {
	s := v.sp.sections[section]
	root := s.root(func(group int) int { return cells[slices.Index(v.sp.file.cells, group)] - 1 })
	if choices, ok := known[[2]int{section, root}]; ok {
		return choices
	}
	choices := newSet(s.absent(true) + 1)
	choices.add(s.absent(f.added(section)))
	for l := range v.reached[section][root].all() {
		grades := s.labels[l].part.reads(f.judged[section])
		for rank := range v.sp.r.grades {
			if grades.has(rank) {
				choices.add(s.choice(l, rank))
			}
		}
	}
	known[[2]int{section, root}] = choices
	return choices
}
