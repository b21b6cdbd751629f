package rubric

import "math/bits"

// Each 64 lines of a section are five words of a complete form, and three spare
// ones: those that are yes, partly and no, those present (yes or partly) and those
// that apply. A line that does not apply is in none of them.
const (
	yesWord = iota
	partlyWord
	noWord
	presentWord
	appliesWord

	wordsOf64 = 8
)

// lineMask picks lines: all those of a list that stand in the same 64, and the
// word in which those that count have their bits.
type lineMask struct {
	lines   uint64
	counts  int32 // the word of those that count
	applies int32 // the word of those that apply
}

// asked says where the answer of a question goes: into the key of a part, times
// unit.
type asked struct {
	part uint32 // a section by its place; the file comes after the last
	unit uint64 // a power of two
}

// allOfMask asks whether every applicable line counts, and there is one.
type allOfMask struct {
	lineMask
	asked
	common bool // asked with the common questions
}

// countOfMask asks how many lines count, up to most.
type countOfMask struct {
	lineMask
	asked
	most   uint64
	common bool // asked with the common questions
}

// sectionCount asks how many sections have one of the grades, up to most.
type sectionCount struct {
	asked
	most  uint64
	lanes uint64 // of those grades in the counts of an env
}

// question is one of any other kind.
type question struct {
	asked
	kind     questionKind
	section  int        // of gradeIn
	grades   ranks      // of gradeIn
	most     uint64     // of linesCount
	lines    []lineMask // of several words
	sections uint64     // of missedIn
	index    int        // of withinKept: in the form's withins
	percent  *percentOf // of shareIs
	tree     boolNode   // of treeSays
}

type questionKind uint8

const (
	linesAll   questionKind = iota // every applicable line counts, and there is one
	linesCount                     // how many lines count, up to most
	shareIs                        // such a share of the applicable lines counts
	missedIn                       // a bottom line is missed in one of the sections
	gradeIn                        // the section has one of the grades
	withinKept                     // the period was kept
	treeSays                       // what the tree says
)

// program is all questions of a rubric, each asked once of a form. Those that read
// the sections' grades come when the sections are graded.
type program struct {
	common []common // of the sections
	rest   asks     // of the sections
	file   asks

	// Of the file, about its sections' grades.
	sections []sectionCount
	graded   []question
}

// asks are questions that a form answers by itself.
type asks struct {
	all    []allOfMask
	counts []countOfMask
	others []question
}

// common holds the questions that most sections ask, about their first 64 lines:
// of two lists whether every line counts, of one how many do. They are asked
// without a loop, and stand in the lowest bits of the section's key. A section
// that asks less has masks without lines here, one that asks more has the rest in
// its program.
type common struct {
	table []packed // by key; nil if there are too many answers for one
	word  int      // the first of the section's words
	all   [2]commonMask
	count commonMask
	most  uint64
}

type commonMask struct {
	lines  uint64
	counts uint8 // which of the words
}

// countAt is where the answer of common.count begins in a key.
const countAt = len(common{}.all)

// keys are the answers of each part, one beside another.
type keys [64]uint64 // more than there can be parts

// key answers the common questions.
func (c *common) key(words []uint64) uint64 {
	w := (*[wordsOf64]uint64)(words[c.word:])
	first, second := w[c.all[0].counts&7]&c.all[0].lines, w[c.all[1].counts&7]&c.all[1].lines
	count := bits.OnesCount64(w[c.count.counts&7] & c.count.lines)
	key := bit(first != 0) & bit(w[appliesWord]&c.all[0].lines == first)
	key |= bit(second != 0) & bit(w[appliesWord]&c.all[1].lines == second) << 1
	return key | min(uint64(count), c.most)<<countAt
}

// ask puts the sections' questions that are not common. No answer is branched on:
// it cannot be foretold.
func (a *asks) ask(e *env, k *keys) {
	words := e.f.words
	for i := range a.all {
		k[a.all[i].part&63] |= a.all[i].answer(words)
	}
	for i := range a.counts {
		k[a.counts[i].part&63] |= a.counts[i].answer(words)
	}
	for i := range a.others {
		k[a.others[i].part&63] |= a.others[i].answer(e)
	}
}

// key answers questions of one part.
func (a *asks) key(e *env) (key uint64) {
	words := e.f.words
	for i := range a.all {
		key |= a.all[i].answer(words)
	}
	for i := range a.counts {
		key |= a.counts[i].answer(words)
	}
	for i := range a.others {
		key |= a.others[i].answer(e)
	}
	return key
}

// later answers the file's questions about its sections' grades.
func (p *program) later(e *env) (key uint64) {
	for i := range p.sections {
		q := &p.sections[i]
		key |= min(e.counts&q.lanes*0x0101010101010101>>56, q.most) * q.unit // the sum of the lanes
	}
	for i := range p.graded {
		key |= p.graded[i].answer(e)
	}
	return key
}

func (q *allOfMask) answer(words []uint64) uint64 {
	counted := words[q.counts] & q.lines
	return bit(counted != 0) & bit(words[q.applies]&q.lines == counted) * q.unit
}

func (q *countOfMask) answer(words []uint64) uint64 {
	return min(uint64(bits.OnesCount64(words[q.counts]&q.lines)), q.most) * q.unit
}

func (q *question) answer(e *env) uint64 { return q.ask(e) * q.unit }

// lane is a one in the eight bits of counts that are for the grade in g.
func lane(g uint64) uint64 {
	g *= g // 1 << rank, to the eighth power 1 << 8*rank
	g *= g
	return g * g
}

// bit compiles to no branch.
func bit(b bool) uint64 {
	if b {
		return 1
	}
	return 0
}

func (q *question) ask(e *env) uint64 {
	words := e.f.words
	switch q.kind {
	case linesAll:
		some, missing := uint64(0), uint64(0)
		for i := range q.lines {
			m := &q.lines[i]
			counted := words[m.counts] & m.lines
			some |= counted
			missing |= words[m.applies]&m.lines ^ counted
		}
		return bit(some != 0) & bit(missing == 0)
	case linesCount:
		n := 0
		for i := range q.lines {
			n += bits.OnesCount64(words[q.lines[i].counts] & q.lines[i].lines)
		}
		return min(uint64(n), q.most)
	case shareIs:
		counted, of := 0, 0
		for i := range q.lines {
			m := &q.lines[i]
			counted += bits.OnesCount64(words[m.counts] & m.lines)
			of += bits.OnesCount64(words[m.applies] & m.lines)
		}
		// Multiplied across, so that nothing is rounded.
		return bit(of > 0 && compare(q.percent.op, 100*counted, 100*counted, q.percent.bound*of, q.percent.bound*of) == yes)
	case missedIn:
		return bit(e.f.missed&q.sections != 0)
	case gradeIn:
		return bit(e.grade(q.section)&q.grades != 0)
	case withinKept:
		return bit(e.f.withins[q.index] == yes)
	}
	return bit(q.tree.eval(e) == yes)
}
