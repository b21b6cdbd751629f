package rubric

import "math/bits"

// lines64 are up to 64 lines of one section of a complete form, as bits in five
// words and three spare ones: those that are yes, partly and no, those present (yes
// or partly) and those that apply. A line that does not apply is in none of them.
type lines64 [8]uint64

const (
	yesWord = iota
	partlyWord
	noWord
	presentWord
	appliesWord
)

// lineMask picks lines: all those of a list that stand in the same 64, and the
// word in which those that count have their bits.
type lineMask struct {
	lines  uint64
	group  int32
	counts uint32
}

// counted are the lines that count, applicable those that apply.
func (m *lineMask) counted(of []lines64) uint64    { return of[m.group][m.counts&7] & m.lines }
func (m *lineMask) applicable(of []lines64) uint64 { return of[m.group][appliesWord] & m.lines }

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

// missedIn asks whether a bottom line is missed in one of the sections.
type missedIn struct {
	asked
	sections uint64
}

// linesAll asks whether every applicable line counts, of several groups, and there
// is one.
type linesAll struct {
	asked
	lines []lineMask
}

// question is one of any other kind.
type question struct {
	asked
	kind    questionKind
	section int        // of gradeIn
	grades  ranks      // of gradeIn
	most    uint64     // of linesCount
	lines   []lineMask // of several groups
	index   int        // of withinKept: in the form's withins
	percent *percentOf // of shareIs
	tree    boolNode   // of treeSays
}

type questionKind uint8

const (
	linesCount questionKind = iota // how many lines count, up to most
	shareIs                        // such a share of the applicable lines counts
	gradeIn                        // the section has one of the grades
	withinKept                     // the period was kept
	treeSays                       // what the tree says
)

// program is all questions of a rubric, each asked once of a form. Those that read
// the sections' grades come when the sections are graded.
type program struct {
	common []common // of the sections that ask anything
	rest   asks     // of the sections
	more   bool     // there is a rest
	file   asks

	// Of the file, about its sections' grades.
	sections []sectionCount
	graded   []question

	tables []packed // those of the sections, one behind another
	lanes  []uint64 // for each outcome and judgement, the lane of the grade that the file reads, or openLane
	bases  []uint64 // where each table begins
	tabled bool     // each section has one
}

// asks are questions that a form answers by itself.
type asks struct {
	all      []allOfMask
	counts   []countOfMask
	missed   []missedIn
	linesAll []linesAll
	others   []question
}

// common holds the questions that most sections ask, about their first 64 lines:
// of two lists whether every line counts, of one how many do. They are asked
// without a loop, and stand in the lowest bits of the section's key. A section
// that asks less has masks without lines here, one that asks more has the rest in
// its program.
type common struct {
	section, group        int
	first, second, counts commonMask
	most                  uint64
}

type commonMask struct {
	lines  uint64
	counts uint64 // which of the words
}

// countAt is where the answer about counts begins in a key.
const countAt = 2

// keys are the answers of each part, one beside another.
type keys [64]uint64 // more than there can be parts

// askCommon puts the common questions. No answer is branched on: it cannot be
// foretold.
func askCommon(all []common, of []lines64, k *keys) {
	for i := range all {
		c := &all[i]
		lines := &of[c.group]
		first, second := lines[c.first.counts&7]&c.first.lines, lines[c.second.counts&7]&c.second.lines
		n := uint64(bits.OnesCount64(lines[c.counts.counts&7] & c.counts.lines))
		applies := lines[appliesWord]
		key := bit(first != 0) & bit(applies&c.first.lines == first)
		key |= bit(second != 0) & bit(applies&c.second.lines == second) << 1
		k[c.section&63] = key | min(n, c.most)<<countAt
	}
}

// ask puts the sections' questions that are not common.
func (a *asks) ask(e *env, k *keys) {
	of := e.f.lines
	for i := range a.all {
		k[a.all[i].part&63] |= a.all[i].answer(of)
	}
	for i := range a.counts {
		k[a.counts[i].part&63] |= a.counts[i].answer(of)
	}
	for i := range a.missed {
		k[a.missed[i].part&63] |= a.missed[i].answer(e)
	}
	for i := range a.linesAll {
		k[a.linesAll[i].part&63] |= a.linesAll[i].answer(of)
	}
	for i := range a.others {
		k[a.others[i].part&63] |= a.others[i].answer(e)
	}
}

// key answers the questions of one part.
func (a *asks) key(e *env) (key uint64) {
	of := e.f.lines
	for i := range a.all {
		key |= a.all[i].answer(of)
	}
	for i := range a.counts {
		key |= a.counts[i].answer(of)
	}
	for i := range a.missed {
		key |= a.missed[i].answer(e)
	}
	for i := range a.linesAll {
		key |= a.linesAll[i].answer(of)
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

func (q *allOfMask) answer(of []lines64) uint64 {
	counted := q.counted(of)
	return bit(counted != 0) & bit(q.applicable(of) == counted) * q.unit
}

func (q *countOfMask) answer(of []lines64) uint64 {
	return min(uint64(bits.OnesCount64(q.counted(of))), q.most) * q.unit
}

func (q *missedIn) answer(e *env) uint64 { return bit(e.f.missed&q.sections != 0) * q.unit }

func (q *linesAll) answer(of []lines64) uint64 {
	some, missing := uint64(0), uint64(0)
	for i := range q.lines {
		counted := q.lines[i].counted(of)
		some |= counted
		missing |= q.lines[i].applicable(of) ^ counted
	}
	return bit(some != 0) & bit(missing == 0) * q.unit
}

func (q *question) answer(e *env) uint64 { return q.ask(e) * q.unit }

// laneBits are those of a judgement in the place of a lane: a rank from 1, or 0.
const laneBits = 4

// openLane marks a section that people have still to judge.
const openLane = 1 << 63

// laneOf is the lane of a section with an outcome and a judgement: a one in the
// eight bits of counts that are for its grade, nothing where it does not apply.
func laneOf(w packed, judged uint8) uint64 {
	switch grades := w.reads(judged); {
	case grades == 0:
		return 0
	case !grades.settled():
		return openLane
	default:
		return 1 << (8 * grades.worst())
	}
}

// bit compiles to no branch.
func bit(b bool) uint64 {
	if b {
		return 1
	}
	return 0
}

func (q *question) ask(e *env) uint64 {
	switch q.kind {
	case linesCount:
		n := 0
		for i := range q.lines {
			n += bits.OnesCount64(q.lines[i].counted(e.f.lines))
		}
		return min(uint64(n), q.most)
	case shareIs:
		counted, of := 0, 0
		for i := range q.lines {
			counted += bits.OnesCount64(q.lines[i].counted(e.f.lines))
			of += bits.OnesCount64(q.lines[i].applicable(e.f.lines))
		}
		// Multiplied across, so that nothing is rounded.
		return bit(of > 0 && compare(q.percent.op, 100*counted, 100*counted, q.percent.bound*of, q.percent.bound*of) == yes)
	case gradeIn:
		return bit(e.f.grade(q.section, e.parts[q.section])&q.grades != 0)
	case withinKept:
		return bit(e.f.withins[q.index] == yes)
	}
	return bit(q.tree.eval(e) == yes)
}
