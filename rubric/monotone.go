package rubric

import (
	"fmt"
	"slices"
)

// More evidence is a strength that goes from not evidenced to partly, or from partly to
// evidenced, a concern that goes from seen to not seen, and a better answer to a fact
// that says which answers are better. Whether a grade can fall then is found out by
// following two forms at once that differ in one such step: where more evidence of
// several kinds lowers a grade, one of the steps on the way does.

// fell reports whether the second of two parts is lower: in what is suggested, or in
// what limits leave.
func fell(a, b part) bool {
	return b.most.worst() < a.most.worst() || a.free == no && b.free == no && b.possible < a.possible
}

type twinKey struct{ section, before, after int }

// monotone finds, for each section and for the file, the cheapest form in which more
// evidence lowers the grade.
func (p *prover) monotone() {
	p.sp.steps.left = 20 * MaxVisit
	m := &monotony{prover: p, known: map[twinKey]*twins{}, better: make([][]betterStep, len(p.sp.groups))}
	for k, g := range p.sp.groups {
		m.better[k] = g.betterSteps(p.r, p.sp.cal, p.sp.steps)
	}
	for i := range p.r.sections {
		m.section(i)
	}
	m.file()
}

type monotony struct {
	*prover
	known  map[twinKey]*twins
	better [][]betterStep // by group
}

// steps are the choices between which a question gains evidence.
func (m *monotony) steps(s *sectionSpace, q int) [][2]int {
	ask := s.questions_[q]
	switch {
	case ask.group >= 0:
		var steps [][2]int
		for _, b := range m.better[ask.group] {
			steps = append(steps, [2]int{b.from, b.to})
		}
		return steps
	case ask.line < 0:
		return nil
	}
	sec := &m.r.sections[s.index]
	l := &sec.lines[ask.line]
	switch {
	case l.met != nil:
	case l.strength:
		return [][2]int{{saysNo, saysPartly}, {saysPartly, saysYes}}
	case slices.ContainsFunc(l.lists, func(k int) bool { return sec.lists[k].kind == Concern }):
		return [][2]int{{saysYes, saysNo}}
	}
	return nil
}

// twins follows two forms of a section: from one root, that differ in one step, or
// from the roots of two cells of a shared group, that differ in those.
func (m *monotony) twins(section, before, after int) *twins {
	key := twinKey{section, before, after}
	if t, ok := m.known[key]; ok {
		return t
	}
	s, ways := m.sp.sections[section], m.ways[section][before]
	t := newTwins(s.diagram)
	m.known[key] = t
	if before != after {
		t.add(0, twin{at: [2]int32{s.diagram.roots[before], s.diagram.roots[after]}, from: -1})
	}
	t.through(m.sp.steps, func(q int) {
		l := &s.diagram.layers[q]
		for node, cost := range ways.cost[q] {
			if cost < 0 || before != after {
				continue
			}
			for _, step := range m.steps(s, q) {
				a, b := l.next[node*l.choices+step[0]], l.next[node*l.choices+step[1]]
				if a != b {
					t.add(q+1, twin{at: [2]int32{a, b}, cost: cost + s.cost(q, step[0]), from: -1, node: int32(node), choices: [2]int32{int32(step[0]), int32(step[1])}})
				}
			}
		}
	}, func(q int, n *twin, take func(a, b, cost int)) {
		if n.at[0] == n.at[1] && before == after {
			return
		}
		for c := range s.diagram.layers[q].choices {
			take(c, c, s.cost(q, c))
		}
	})
	return t
}

// fall is where a section's grade falls.
type fall struct {
	*twin
	of    *twins
	roots [2]int
	step  *betterStep // of a shared group, if that is what makes it fall
	group int
}

// section finds the cheapest fall of a section's grade.
func (m *monotony) section(i int) {
	s := m.sp.sections[i]
	var worst fall
	look := func(before, after int, step *betterStep, group int) {
		t := m.twins(i, before, after)
		end := t.nodes[len(s.diagram.layers)]
		for k := range end {
			n := &end[k]
			if fell(s.labels[n.at[0]].part.part(0), s.labels[n.at[1]].part.part(0)) && (worst.twin == nil || n.cost < worst.cost) {
				worst = fall{n, t, [2]int{before, after}, step, group}
			}
		}
	}
	for root := range s.diagram.roots {
		look(root, root, nil, 0)
	}
	for _, g := range s.shared {
		m.sharedSteps(s, g, func(before, after int, step *betterStep) { look(before, after, step, g) })
	}
	if worst.twin == nil {
		return
	}
	a, b := worst.of.choices(len(s.diagram.layers), *worst.twin, m.ways[i][worst.roots[0]].choices)
	from, to := newAnswers(), newAnswers()
	for k, form := range []*Answers{from, to} {
		m.applies(form, i)
		m.fill(form, s, s.cellsOf(worst.roots[k]), [][]int{a, b}[k])
	}
	if worst.step != nil {
		m.differ(from, to, worst.group, worst.step)
	}
	for q, ask := range s.questions_ {
		if ask.group >= 0 && a[q] != b[q] {
			m.differIn(from, to, ask.group, a[q], b[q])
		}
	}
	sec := &m.r.sections[i]
	m.found(sec.id, sec.title, m.gradesPlace(&proved{node: sec.rules.node}).KeyMistake(""), from, to,
		s.labels[worst.at[0]].part.part(0), s.labels[worst.at[1]].part.part(0))
}

// sharedSteps calls do with each pair of roots of a section that a better answer to a
// fact of a shared group joins, and one such step.
func (m *monotony) sharedSteps(s *sectionSpace, g int, do func(before, after int, step *betterStep)) {
	done := map[[2]int]bool{}
	for k := range m.better[g] {
		step := &m.better[g][k]
		classes := [2]int{s.views[g].of[step.from], s.views[g].of[step.to]}
		if classes[0] == classes[1] || done[classes] {
			continue
		}
		done[classes] = true
		for root := range s.diagram.roots {
			cells := s.cellsOf(root)
			if s.views[g].of[cells[g]] != classes[0] {
				continue
			}
			do(root, s.root(func(group int) int {
				if group == g {
					return step.to
				}
				return cells[group]
			}), step)
		}
	}
}

// differIn gives two forms facts of a group that lie in two cells and differ in one.
func (m *monotony) differIn(from, to *Answers, group, a, b int) {
	for k := range m.better[group] {
		if step := &m.better[group][k]; step.from == a && step.to == b {
			m.differ(from, to, group, step)
		}
	}
}

func (m *monotony) differ(from, to *Answers, group int, step *betterStep) {
	for i, fact := range m.sp.groups[group].facts {
		f := &m.r.facts[fact]
		from.Facts[f.name], to.Facts[f.name] = f.write(step.values[i]), f.write(step.values[i])
		if i == step.fact {
			to.Facts[f.name] = f.write(step.better)
		}
	}
}

// found adds the finding.
func (m *monotony) found(id, title string, place Mistake, from, to *Answers, a, b part) {
	was, is := m.r.grades[a.possible.worst()].title, m.r.grades[b.possible.worst()].title
	what := fmt.Sprintf("the grade suggested for %s from %s to %s", title, was, is)
	if a.free != no || b.free != no || b.possible >= a.possible {
		what = fmt.Sprintf("what limits leave to %s from %s to %s", title, m.r.grades[a.most.worst()].title, m.r.grades[b.most.worst()].title)
	}
	m.find(Finding{Kind: EvidenceLowers, At: id, Text: fmt.Sprintf("More evidence can lower %s: %s.", what, m.r.difference(from, to)), Place: place, Then: to}, from)
}

// difference says in which answer two forms differ.
func (r *Rubric) difference(a, b *Answers) string {
	for i := range r.facts {
		f := &r.facts[i]
		if x, y := a.Facts[f.name], b.Facts[f.name]; x != y && x != "" && y != "" {
			return fmt.Sprintf("“%s” answered %s rather than %s", f.ask, y, x)
		}
	}
	for i := range r.sections {
		s := &r.sections[i]
		for j := range s.lines {
			if x, y := a.Lines[s.id][s.lines[j].id], b.Lines[s.id][s.lines[j].id]; x != y {
				return fmt.Sprintf("“%s” (%s) %s rather than %s", s.lines[j].text, s.title, spaced(string(y)), spaced(string(x)))
			}
		}
	}
	return ""
}

// file finds the cheapest fall of the file's grade.
func (m *monotony) file() {
	f := m.sp.file
	ways := m.fileWays(f)
	t := newTwins(f.diagram)
	t.through(m.sp.steps, func(q int) {
		for node, cost := range ways.cost[q] {
			if cost >= 0 {
				m.begin(f, t, q, node, cost)
			}
		}
	}, func(q int, n *twin, take func(a, b, cost int)) { m.on(f, q, n, take) })
	var worst *twin
	part := func(label int32) part { return m.r.overall.comesTo(f.labels[label], len(m.r.grades)).part(0) }
	end := t.nodes[len(f.diagram.layers)]
	for k := range end {
		if n := &end[k]; fell(part(n.at[0]), part(n.at[1])) && (worst == nil || n.cost < worst.cost) {
			worst = n
		}
	}
	if worst == nil {
		return
	}
	a, b := t.choices(len(f.diagram.layers), *worst, ways.choices)
	from, to := m.forms(f, a, b)
	x := &proved{node: m.r.overall.node}
	m.found("overall", "the file", m.gradesPlace(x).KeyMistake(""), from, to, part(worst.at[0]), part(worst.at[1]))
}

// begin adds the steps that begin at a node of the file.
func (m *monotony) begin(f *fileSpace, t *twins, q, node, cost int) {
	l := &f.diagram.layers[q]
	ask := f.questions_[q]
	step := func(a, b, more int) {
		x, y := l.next[node*l.choices+a], l.next[node*l.choices+b]
		if x != y {
			t.add(q+1, twin{at: [2]int32{x, y}, cost: cost + more, from: -1, node: int32(node), choices: [2]int32{int32(a), int32(b)}})
		}
	}
	switch {
	case ask.group >= 0:
		for _, s := range m.better[ask.group] {
			step(s.from, s.to, 0)
		}
	case ask.section >= 0:
		if s := m.sp.sections[ask.section]; l.next[node*l.choices+s.absent(false)] < 0 {
			root := f.rootAt(q, node, s)
			m.judged(s, m.twins(ask.section, root, root), step)
		}
	}
}

// judged calls do with the choices of a section that two forms of it have, where both
// are judged alike or not at all.
func (m *monotony) judged(s *sectionSpace, t *twins, do func(a, b, cost int)) {
	for _, n := range t.nodes[len(s.diagram.layers)] {
		a, b := int(n.at[0]), int(n.at[1])
		x, y := s.labels[a].part.part(0), s.labels[b].part.part(0)
		if x.free == no && y.free == no {
			do(s.choice(a, x.possible.worst()), s.choice(b, y.possible.worst()), n.cost)
		}
		for rank := range m.r.grades {
			do(s.choice(a, min(rank, x.most.worst())), s.choice(b, min(rank, y.most.worst())), n.cost+1)
		}
	}
}

// on leads two forms through a question that both answer alike.
func (m *monotony) on(f *fileSpace, q int, n *twin, take func(a, b, cost int)) {
	if n.at[0] == n.at[1] {
		return
	}
	ask := f.questions_[q]
	if ask.section >= 0 {
		s := m.sp.sections[ask.section]
		l := &f.diagram.layers[q]
		if l.next[int(n.at[0])*l.choices+s.absent(false)] < 0 {
			if a, b := f.rootAt(q, int(n.at[0]), s), f.rootAt(q, int(n.at[1]), s); a != b {
				m.judged(s, m.twins(ask.section, a, b), take)
				return
			}
		}
	}
	for c := range f.diagram.layers[q].choices {
		if next := f.diagram.layers[q].next[int(n.at[0])*f.diagram.layers[q].choices+c]; next >= 0 {
			take(c, c, m.fileCost(f, q, int(n.at[0]), c))
		}
	}
}

// forms are two forms of the file that make those choices and are otherwise alike.
func (m *monotony) forms(f *fileSpace, a, b []int) (from, to *Answers) {
	from, to = m.fileForm(f, a), m.fileForm(f, b)
	cells := [2]map[int]int{{}, {}}
	for q, ask := range f.questions_ {
		if ask.group >= 0 {
			cells[0][ask.group], cells[1][ask.group] = a[q], b[q]
			if a[q] != b[q] {
				m.differIn(from, to, ask.group, a[q], b[q])
			}
		}
		if ask.section < 0 || a[q] >= m.sp.sections[ask.section].absent(false) {
			continue
		}
		s := m.sp.sections[ask.section]
		root := func(k int) int { return s.root(func(g int) int { return cells[k][g] }) }
		if root(0) == root(1) && a[q] == b[q] {
			continue
		}
		n := len(m.r.grades)
		t := m.twins(ask.section, root(0), root(1))
		pair := t.nodes[len(s.diagram.layers)][t.index[len(s.diagram.layers)][[2]int32{int32(a[q] / n), int32(b[q] / n)}]]
		x, y := t.choices(len(s.diagram.layers), pair, m.ways[ask.section][root(0)].choices)
		id := m.r.sections[ask.section].id
		forget(from, id)
		forget(to, id)
		m.fill(from, s, nil, x)
		m.fill(to, s, nil, y)
		for k, ask := range s.questions_ {
			if ask.group >= 0 && x[k] != y[k] {
				m.differIn(from, to, ask.group, x[k], y[k])
			}
		}
		if _, judged := from.Judgements[id]; judged || to.Judgements[id] != "" {
			g := m.r.gradeAt(max(a[q]%n, b[q]%n))
			from.Judgements[id], to.Judgements[id] = g, g
		}
	}
	return from, to
}

// forget takes a section's lines, and what auditors add to it, out of a form.
func forget(a *Answers, section string) {
	delete(a.Lines, section)
	a.Carried = slices.DeleteFunc(a.Carried, func(ref LineRef) bool { return ref.Section == section })
	a.MissedBottomLines = slices.DeleteFunc(a.MissedBottomLines, func(m MissedBottomLine) bool { return m.Section == section })
}
