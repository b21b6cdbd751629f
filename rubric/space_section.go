package rubric

import "slices"

// sectionSpace is all forms of a section that applies.
type sectionSpace struct {
	weighing
	index      int
	shared     []int         // groups that other sections or the file read too: a root for each of their cells
	views      map[int]view  // of the shared groups
	questions_ []sectionAsks // in the order of the diagram
	labels     []sectionLabel
	byKey      map[string]int32
	diagram    *diagram
	at         []int       // question of each line, and then of what an auditor adds; -1 where it is not asked
	adds       [][]weights // by question and gauge; of what an auditor adds, the second is its weight
	whole      []set       // by root, the labels that its forms come to
}

// sectionLabel is what a form of a section comes to: for its own rules, and what it
// adds to the gauges of the file.
type sectionLabel struct {
	outcome
	adds []int // as space.carried
	part packed
}

// sectionAsks is a question of a section: a line, the cell of a group, or whether an
// auditor added a missed bottom line.
type sectionAsks struct {
	line  int // -1 if it is not about a line
	group int // -1 if it is not about a group
}

// The choices of a line. A line that is worked out has only the last, and one that an
// earlier audit judged the first.
const (
	saysNotApplicable = iota
	saysYes
	saysPartly
	saysNo
	isWorkedOut
	lineChoices
)

// section makes the space of a section.
func (sp *space) section(index int) *sectionSpace {
	return sp.sectionFor(index, sp.watches[index], sp.carried, nil)
}

// sectionFor makes a section's diagram for a watch. carried are gauges of the file;
// lines, if not nil, says which lines are asked at all: the others are as if they were
// not there, which only a watch that does not read them allows.
func (sp *space) sectionFor(index int, w watch, carried []int, asked func(line int) bool) *sectionSpace {
	s := &sectionSpace{weighing: weighing{sp: sp, watch: w}, index: index, byKey: map[string]int32{}}
	used := map[int]bool{}
	for _, g := range w.gauges() {
		used[g] = true
	}
	for _, g := range carried {
		if sp.touches(g, index) {
			used[g] = true
			s.open = append(s.open, g)
		}
	}
	s.gauges = sortedInts(used)
	s.ask(asked)
	s.view()
	s.lay()
	s.need()
	s.weigh()
	s.remaining()
	s.diagram = makeDiagram(s, sp.steps)
	for root := range s.diagram.roots {
		all := newSet(len(s.labels))
		s.diagram.reach(root, s.everything(), all)
		s.whole = append(s.whole, all)
	}
	return s
}

// touches reports whether a section adds to a gauge by its lines or by what an
// auditor adds.
func (sp *space) touches(gauge, section int) bool {
	g := sp.queries.gauges[gauge]
	if g.added[section] != 0 {
		return true
	}
	for key := range g.lines {
		if key[0] == section {
			return true
		}
	}
	return false
}

// ask puts the questions in order: first those of facts, each group right before the
// lines that need it, so that few cells are remembered at a time; then the lines that
// need none.
func (s *sectionSpace) ask(asked func(line int) bool) {
	sp := s.sp
	inRules, before := map[int]bool{}, map[int]bool{}
	for _, q := range s.watch.queries() {
		sp.reads(q, inRules)
	}
	n := len(sp.r.sections[s.index].lines)
	s.at = make([]int, n+1)
	of := make([]map[int]bool, n)
	all := map[int]bool{}
	for g := range inRules {
		all[g] = true
	}
	for j := range n {
		of[j] = map[int]bool{}
		s.at[j] = -1
		if asked != nil && !asked(j) {
			continue
		}
		sp.reads(sp.lines[s.index][j].met, of[j])
		sp.reads(sp.lines[s.index][j].notNeeded, of[j])
		for g := range of[j] {
			all[g] = true
		}
	}
	s.at[n] = -1
	for _, g := range s.gauges {
		if sp.queries.gauges[g].added[s.index] != 0 && s.at[n] < 0 {
			s.at[n] = 0
			s.questions_ = append(s.questions_, sectionAsks{line: -1, group: -1})
		}
	}
	s.cells = sortedInts(all)
	for _, g := range s.cells {
		if sp.shared[g] {
			s.shared = append(s.shared, g)
			before[g] = true
		}
	}
	done := make([]bool, n)
	lines := func() { // that need no group which is still to come
		for j := range n {
			if done[j] || len(of[j]) == 0 || !subset(of[j], before) {
				continue
			}
			s.line(j)
			done[j] = true
		}
	}
	lines()
	for _, g := range s.cells {
		if !before[g] {
			s.questions_ = append(s.questions_, sectionAsks{line: -1, group: g})
			before[g] = true
			lines()
		}
	}
	var plain []int
	for j := range n {
		if !done[j] && (asked == nil || asked(j)) {
			plain = append(plain, j)
		}
	}
	slices.SortStableFunc(plain, func(a, b int) int { return slices.Compare(s.touched(a), s.touched(b)) })
	for _, j := range plain {
		s.line(j)
	}
}

// need notes what each question and those after it read of cells.
func (s *sectionSpace) need() {
	n := len(s.questions_)
	s.needs = make([][][]bool, n+1)
	for q := n; q >= 0; q-- {
		for k, g := range s.cells {
			reads := make([]bool, s.sp.groups[g].places())
			if q < n {
				copy(reads, s.needs[q+1][k])
				if line := s.questions_[q].line; line >= 0 {
					places := map[int]bool{}
					s.sp.places(s.sp.lines[s.index][line].met, g, places)
					s.sp.places(s.sp.lines[s.index][line].notNeeded, g, places)
					for at := range places {
						reads[at] = true
					}
				}
			}
			s.needs[q] = append(s.needs[q], reads)
		}
	}
}

// touched are the gauges to which a line adds. Lines that add to the same ones are
// asked one after another: once the last is answered, little of a gauge is remembered.
func (s *sectionSpace) touched(line int) []int {
	var gauges []int
	for _, g := range s.gauges {
		if _, ok := s.sp.queries.gauges[g].lines[[2]int{s.index, line}]; ok {
			gauges = append(gauges, g)
		}
	}
	return gauges
}

// weigh notes what each answer adds to each gauge.
func (s *sectionSpace) weigh() {
	for _, ask := range s.questions_ {
		adds := make([]weights, len(s.gauges))
		for i, g := range s.gauges {
			switch gauge := s.sp.queries.gauges[g]; {
			case ask.line >= 0:
				adds[i] = gauge.lines[[2]int{s.index, ask.line}]
			case ask.group < 0:
				adds[i][1] = gauge.added[s.index]
			}
		}
		s.adds = append(s.adds, adds)
	}
}

func (s *sectionSpace) line(j int) {
	s.at[j] = len(s.questions_)
	s.questions_ = append(s.questions_, sectionAsks{line: j, group: -1})
}

func subset(a, b map[int]bool) bool {
	for k := range a {
		if !b[k] {
			return false
		}
	}
	return true
}

// sharedGroups are those that more than one section reads, or the file.
func (sp *space) sharedGroups() map[int]bool {
	times, shared := map[int]int{}, map[int]bool{}
	for i := range sp.r.sections {
		of := map[int]bool{}
		for _, q := range sp.watches[i].queries() {
			sp.reads(q, of)
		}
		for j := range sp.lines[i] {
			sp.reads(sp.lines[i][j].met, of)
			sp.reads(sp.lines[i][j].notNeeded, of)
		}
		for g := range of {
			times[g]++
		}
	}
	for _, q := range sp.watches[len(sp.r.sections)].queries() {
		sp.reads(q, shared)
	}
	for g, n := range times {
		if n > 1 {
			shared[g] = true
		}
	}
	return shared
}

// remaining finds the least and the most that questions still to come add to a gauge.
func (s *sectionSpace) remaining() {
	n := len(s.questions_)
	s.least, s.most = make([][]int, n+1), make([][]int, n+1)
	for q := n; q >= 0; q-- {
		s.least[q], s.most[q] = make([]int, len(s.gauges)), make([]int, len(s.gauges))
		if q == n {
			continue
		}
		for i, w := range s.adds[q] {
			s.least[q][i], s.most[q][i] = s.least[q+1][i]+min(w[0], w[1], w[2], w[3]), s.most[q+1][i]+max(w[0], w[1], w[2], w[3])
		}
	}
}

func (s *sectionSpace) roots() [][]int {
	roots := [][]int{make([]int, len(s.gauges)+len(s.cells))}
	for _, g := range s.shared {
		var more [][]int
		for _, r := range roots {
			for _, c := range s.views[g].first {
				r := slices.Clone(r)
				r[s.cell(g)] = c + 1
				more = append(more, r)
			}
		}
		s.sp.steps.spend(len(more))
		roots = more
	}
	return roots
}

// view finds how far the section tells the cells of its shared groups apart.
func (s *sectionSpace) view() {
	s.views = map[int]view{}
	for _, g := range s.shared {
		s.views[g] = s.sp.groups[g].viewOf(s.readsOf(g))
	}
}

// readsOf is what the section reads of a group.
func (s *sectionSpace) readsOf(group int) map[int]bool {
	reads := map[int]bool{}
	for _, q := range s.watch.queries() {
		s.sp.places(q, group, reads)
	}
	for j, l := range s.sp.lines[s.index] {
		if s.at[j] >= 0 {
			s.sp.places(l.met, group, reads)
			s.sp.places(l.notNeeded, group, reads)
		}
	}
	return reads
}

// root is the place of the root of some cells of the shared groups.
func (s *sectionSpace) root(cell func(group int) int) int {
	root := 0
	for _, g := range s.shared {
		root = root*len(s.views[g].first) + s.views[g].of[cell(g)]
	}
	return root
}

func (s *sectionSpace) questions() int { return len(s.questions_) }

func (s *sectionSpace) choices(q int) int {
	switch ask := s.questions_[q]; {
	case ask.line >= 0:
		return lineChoices
	case ask.group >= 0:
		return len(s.sp.groups[ask.group].cells)
	}
	return 2
}

func (s *sectionSpace) answer(q int, state []int, choice int, next []int) bool {
	copy(next, state)
	ask := s.questions_[q]
	switch {
	case ask.group >= 0:
		next[s.cell(ask.group)] = choice + 1
		return true
	case ask.line < 0:
		for i := range s.gauges {
			next[i] += s.adds[q][i][choice]
		}
		return true
	}
	turned, ok := s.turned(q, state, ask.line, choice)
	if !ok {
		return false
	}
	for i := range s.gauges {
		next[i] += s.adds[q][i][turned]
	}
	return true
}

// turned is what a line turns out to be, as in lineOutcomes, and whether it has the
// choice at all.
func (s *sectionSpace) turned(q int, state []int, line, choice int) (int, bool) {
	l, of := &s.sp.r.sections[s.index].lines[line], s.sp.lines[s.index][line]
	if l.choices()&(1<<choice) == 0 {
		return 0, false
	}
	if choice == isWorkedOut {
		choice = saysNo
		if s.truth(q, state, of.met) == yes {
			choice = saysYes
		}
	}
	if of.notNeeded != nil && s.truth(q, state, of.notNeeded) == yes {
		choice = saysNotApplicable
	}
	return choice, true
}

// choices are those that a line has on some form, a bit for each. One that an earlier
// audit may have judged has the first.
func (l *line) choices() uint64 {
	c := uint64(1<<saysYes | 1<<saysNo)
	switch {
	case l.met != nil:
		c = 1 << isWorkedOut
	case l.strength:
		c |= 1 << saysPartly
	}
	if l.met == nil && l.notApplicable || l.carriable() {
		c |= 1 << saysNotApplicable
	}
	return c
}

// carriable reports whether a later audit can leave a line to the one that judged it.
func (l *line) carriable() bool { return l.fixed && l.bottomLine }

// everything leaves every choice of every question.
func (s *sectionSpace) everything() []set {
	allowed := make([]set, len(s.questions_))
	for q := range allowed {
		n := s.choices(q)
		allowed[q] = newSet(n)
		for c := range n {
			allowed[q].add(c)
		}
	}
	return allowed
}

func (s *sectionSpace) mark(int, []int) int32 { return 0 }

func (s *sectionSpace) label(state []int) int32 {
	l := sectionLabel{outcome: s.outcome(len(s.questions_), state), adds: make([]int, len(s.sp.carried))}
	for i, g := range s.sp.carried {
		if slices.Contains(s.open, g) {
			l.adds[i] = state[s.gauge(g)]
		}
	}
	key := string(appendInts(appendInts(nil, int(l.each), l.first), l.adds...))
	i, ok := s.byKey[key]
	if !ok {
		i = int32(len(s.labels))
		s.byKey[key] = i
		l.part = s.sp.r.sections[s.index].rules.comesTo(l.outcome, len(s.sp.r.grades))
		s.labels = append(s.labels, l)
	}
	return i
}

// comesTo is the part of an outcome of rules.
func (rs *rules) comesTo(o outcome, grades int) packed {
	p := part{applies: true, rule: o.first, limits: uint32(o.each & (1<<len(rs.limits) - 1))}
	most := grades - 1
	for i := range rs.limits {
		if o.each&(1<<i) != 0 {
			most = min(most, rs.limits[i].atMost)
		}
	}
	p.most = 1 << most
	if o.first < 0 || o.first < len(rs.suggest) && rs.suggest[o.first].grade == freely {
		p.free, p.possible = yes, upTo(most)
	} else {
		p.possible = 1 << min(most, rs.suggest[o.first].grade)
	}
	return p.pack()
}
