package rubric

import (
	"encoding/binary"
	"slices"
)

// fileSpace is all forms of a file, over what its sections come to.
type fileSpace struct {
	weighing
	questions_ []fileAsks
	labels     []outcome
	byOutcome  map[outcome]int32
	diagram    *diagram
	sectionAt  []int   // question of each section
	marks      [][]int // cells and the place of who applies, by mark
	byMark     map[string]int32
	alike      map[int][]int // by question, places of who applies that are the same for what is to come
	added      int           // question of what an auditor adds to the whole file; -1 where nothing asks
}

// fileAsks is a question of the file: a section, the cell of a group, which sections
// apply, or whether an auditor added a missed bottom line of no section.
type fileAsks struct {
	section int // -1 if it is not about a section
	group   int // -1 if it is not about a group
	who     bool
}

// The choices of a section are its labels, each with the grade that the file reads,
// and at the end that it does not apply: by itself, or with a missed bottom line that
// an auditor added all the same.
func (s *sectionSpace) choice(label, rank int) int { return label*len(s.sp.r.grades) + rank }

func (s *sectionSpace) absent(added bool) int {
	return len(s.labels)*len(s.sp.r.grades) + int(bit(added))
}

func (sp *space) fileOf(w watch) *fileSpace {
	f := &fileSpace{weighing: weighing{sp: sp, watch: w}, byOutcome: map[outcome]int32{}, byMark: map[string]int32{}, added: -1}
	f.gauges = w.gauges()
	f.ask()
	f.lay()
	f.remaining()
	f.need()
	f.alike = map[int][]int{}
	f.diagram = makeDiagram(f, sp.steps)
	return f
}

// ask puts the questions in order: each group right before the first section that
// reads it, so that few cells are remembered at a time.
func (f *fileSpace) ask() {
	sp := f.sp
	inRules, all := map[int]bool{}, map[int]bool{}
	for _, q := range f.watch.queries() {
		sp.reads(q, inRules)
	}
	for g := range inRules {
		all[g] = true
	}
	for _, s := range sp.sections {
		for _, g := range s.shared {
			all[g] = true
		}
	}
	f.cells = sortedInts(all)
	if len(sp.masks) > 0 {
		f.questions_ = append(f.questions_, fileAsks{section: -1, group: -1, who: true})
	}
	for _, g := range f.gauges {
		if sp.queries.gauges[g].added[wholeFile] != 0 && f.added < 0 {
			f.added = len(f.questions_)
			f.questions_ = append(f.questions_, fileAsks{section: -1, group: -1})
		}
	}
	before := map[int]bool{}
	group := func(g int) {
		if !before[g] {
			f.questions_ = append(f.questions_, fileAsks{section: -1, group: g})
			before[g] = true
		}
	}
	for i, s := range sp.sections {
		for _, g := range s.shared {
			group(g)
		}
		f.sectionAt = append(f.sectionAt, len(f.questions_))
		f.questions_ = append(f.questions_, fileAsks{section: i, group: -1})
	}
	for _, g := range sortedInts(inRules) {
		group(g)
	}
}

func (f *fileSpace) remaining() {
	n := len(f.questions_)
	f.least, f.most = make([][]int, n+1), make([][]int, n+1)
	for q := n; q >= 0; q-- {
		f.least[q], f.most[q] = make([]int, len(f.gauges)), make([]int, len(f.gauges))
		if q == n {
			continue
		}
		for i, g := range f.gauges {
			lo, hi := f.adds(f.questions_[q], g)
			f.least[q][i], f.most[q][i] = f.least[q+1][i]+lo, f.most[q+1][i]+hi
		}
	}
}

// adds is the least and the most that a question adds to a gauge.
func (f *fileSpace) adds(ask fileAsks, g int) (lo, hi int) {
	gauge := f.sp.queries.gauges[g]
	switch {
	case ask.section >= 0:
		s := f.sp.sections[ask.section]
		at, carried := slices.BinarySearch(f.sp.carried, g)
		for _, l := range s.labels {
			v := 0
			if carried {
				v = l.adds[at]
			}
			least, most := v, v
			if of := gauge.sections[ask.section]; of != nil {
				least, most = v+slices.Min(of), v+slices.Max(of)
			}
			lo, hi = min(lo, least, gauge.added[ask.section]), max(hi, most, gauge.added[ask.section])
		}
	case ask.group < 0 && !ask.who:
		w := gauge.added[wholeFile]
		lo, hi = min(0, w), max(0, w)
	}
	return lo, hi
}

// who is where a state has the place of the sections that apply.
func (f *fileSpace) who() int { return len(f.gauges) + len(f.cells) }

func (f *fileSpace) roots() [][]int { return [][]int{make([]int, f.who()+1)} }

func (f *fileSpace) questions() int { return len(f.questions_) }

func (f *fileSpace) choices(q int) int {
	switch ask := f.questions_[q]; {
	case ask.section >= 0:
		return f.sp.sections[ask.section].absent(true) + 1
	case ask.group >= 0:
		return len(f.sp.groups[ask.group].cells)
	case ask.who:
		return len(f.sp.masks)
	}
	return 2
}

func (f *fileSpace) answer(q int, state []int, choice int, next []int) bool {
	copy(next, state)
	ask := f.questions_[q]
	switch {
	case ask.section >= 0:
		return f.sectionAnswer(ask.section, state, choice, next)
	case ask.group >= 0:
		next[f.cell(ask.group)] = choice + 1
	case ask.who:
		next[f.who()] = choice
	default:
		for i, g := range f.gauges {
			next[i] += choice * f.sp.queries.gauges[g].added[wholeFile]
		}
	}
	return true
}

func (f *fileSpace) sectionAnswer(section int, state []int, choice int, next []int) bool {
	s := f.sp.sections[section]
	if len(f.sp.masks) > 0 && f.sp.masks[state[f.who()]]&(1<<section) == 0 {
		for i, g := range f.gauges {
			next[i] += (choice - s.absent(false)) * f.sp.queries.gauges[g].added[section]
		}
		return choice >= s.absent(false)
	}
	if choice >= s.absent(false) {
		return false
	}
	label, rank := choice/len(f.sp.r.grades), choice%len(f.sp.r.grades)
	l := &s.labels[label]
	if rank > l.part.most().worst() || !s.whole[f.root(s, state)].has(label) {
		return false
	}
	for i, g := range f.gauges {
		gauge := f.sp.queries.gauges[g]
		if at, carried := slices.BinarySearch(f.sp.carried, g); carried {
			next[i] += l.adds[at]
		}
		if of := gauge.sections[section]; of != nil {
			next[i] += of[rank]
		}
	}
	return true
}

// root is the root of a section in a state of the file.
func (f *fileSpace) root(s *sectionSpace, state []int) int {
	return s.root(func(group int) int { return state[f.cell(group)] - 1 })
}

// need notes what each question and those after it read of cells.
func (f *fileSpace) need() {
	n := len(f.questions_)
	f.needs = make([][][]bool, n+1)
	for q := n; q >= 0; q-- {
		for k, g := range f.cells {
			reads := make([]bool, f.sp.groups[g].places())
			if q < n {
				copy(reads, f.needs[q+1][k])
				if i := f.questions_[q].section; i >= 0 {
					for at := range f.sp.sections[i].readsOf(g) {
						reads[at] = true
					}
				}
			}
			f.needs[q] = append(f.needs[q], reads)
		}
	}
}

// settle holds apart what sections to come are part of the audit, and forgets which
// past ones were.
func (f *fileSpace) settle(question int, state []int) {
	f.weighing.settle(question, state)
	if len(f.sp.masks) == 0 || question == 0 {
		return
	}
	var ahead uint32
	for i, at := range f.sectionAt {
		if at >= question {
			ahead |= 1 << i
		}
	}
	if f.alike[question] == nil {
		f.alike[question] = f.lookAhead(ahead)
	}
	state[f.who()] = f.alike[question][state[f.who()]]
}

// lookAhead is, of each place of who applies, the first that is the same as far as the
// sections ahead go.
func (f *fileSpace) lookAhead(ahead uint32) []int {
	f.sp.steps.spend(len(f.sp.masks))
	first, alike := map[uint32]int{}, make([]int, len(f.sp.masks))
	for i, m := range f.sp.masks {
		if _, ok := first[m&ahead]; !ok {
			first[m&ahead] = i
		}
		alike[i] = first[m&ahead]
	}
	return alike
}

// mark keeps states apart whose sections to come have other roots, or other sections
// to come.
func (f *fileSpace) mark(question int, state []int) int32 {
	key := appendInts(nil, state[len(f.gauges):]...)
	i, ok := f.byMark[string(key)]
	if !ok {
		i = int32(len(f.marks))
		f.byMark[string(key)] = i
		f.marks = append(f.marks, slices.Clone(state[len(f.gauges):]))
	}
	return i
}

func appendInts(b []byte, values ...int) []byte {
	for _, v := range values {
		b = binary.AppendVarint(b, int64(v))
	}
	return b
}

func (f *fileSpace) label(state []int) int32 {
	o := f.outcome(len(f.questions_), state)
	i, ok := f.byOutcome[o]
	if !ok {
		i = int32(len(f.labels))
		f.byOutcome[o] = i
		f.labels = append(f.labels, o)
	}
	return i
}
