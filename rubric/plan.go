package rubric

import (
	"math/bits"
	"slices"
)

// On a complete form every condition is plain yes or no, and most of what a
// condition asks is how many lines of a list count. So a complete form keeps its
// lines as bits, and the rules of a section, or of the file, are compiled to a
// plan: the different questions that they ask, each answered once, and a table
// from the answers to the outcome. An answer is a number no larger than the rules
// can tell apart: of a list of which they ask only "at least three", 3 is as good
// as 9. What bits cannot say (facts and arithmetic) is a question that walks the
// condition's tree. The whole is tested against the tree, and against a third
// reading of the language by expr's virtual machine.

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

// plan knows what follows from the answers to a part's questions.
type plan struct {
	steps   []planStep
	suggest int32    // where the rules that suggest begin
	limits  []int32  // where each limit begins
	table   []packed // by key; nil if there are too many answers for one
}

// planStep looks at one answer and goes on to another step or, as the complement
// of a number, to an outcome.
type planStep struct {
	question int
	at       uint8
	mask     uint64 // of the answer's bits
	lo, hi   uint64 // yes if the answer lies between, both included
	yes, no  int32
}

// Limits of a plan, in bits of a key. Beyond the first the steps are followed each
// time; beyond the second the conditions are walked.
const (
	maxTabled = 8
	maxKey    = 64
)

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

// outcome is what the answers lead to.
func (p *plan) outcome(key uint64, rs *rules, grades int) packed {
	out := part{applies: true, rule: int(p.follow(p.suggest, key))}
	most := grades - 1
	for i, at := range p.limits {
		if p.follow(at, key) == holdsSo {
			out.limits |= 1 << i
			most = min(most, rs.limits[i].atMost)
		}
	}
	switch {
	case out.rule == len(rs.suggest):
		out.rule, out.freely, out.possible = -1, true, upTo(most)
	case rs.suggest[out.rule].grade == freely:
		out.freely, out.possible = true, upTo(most)
	default:
		out.possible = 1 << min(most, rs.suggest[out.rule].grade)
	}
	return out.pack()
}

func (p *plan) follow(at int32, key uint64) int32 {
	for at >= 0 {
		s := &p.steps[at]
		if answer := key >> s.at & s.mask; answer >= s.lo && answer <= s.hi {
			at = s.yes
		} else {
			at = s.no
		}
	}
	return ^at
}

// Outcomes of a limit's condition.
const (
	holdsNot = iota
	holdsSo
)

// compileRules gives every section its words of a complete form and plans all
// rules.
func (r *Rubric) compileRules() {
	for i := range r.sections {
		r.sections[i].word = r.words
		r.lines += len(r.sections[i].lines)
		r.words += max(1, (len(r.sections[i].lines)+63)/64) * wordsOf64
	}
	r.program.common = make([]common, len(r.sections))
	for i := range r.sections {
		r.sections[i].rules.plan = r.planOf(i, &r.sections[i].rules)
	}
	r.overall.plan = r.planOf(len(r.sections), &r.overall)
}

// planner makes a part's plan and gathers its questions.
type planner struct {
	r         *Rubric
	part      int
	plan      *plan
	questions []any // *allOfMask, *countOfMask, *sectionCount, *question
}

func (r *Rubric) planOf(index int, rs *rules) *plan {
	pl := &planner{r: r, part: index, plan: &plan{}}
	for i := range rs.limits {
		pl.plan.limits = append(pl.plan.limits, pl.add(rs.limits[i].when.root, ^holdsSo, ^holdsNot))
	}
	pl.plan.suggest = ^int32(len(rs.suggest)) // no rule
	for i := len(rs.suggest) - 1; i >= 0; i-- {
		if rule := &rs.suggest[i]; rule.when == nil {
			pl.plan.suggest = ^int32(i)
		} else {
			pl.plan.suggest = pl.add(rule.when.root, ^int32(i), pl.plan.suggest)
		}
	}
	width := pl.layOut()
	if width > maxKey {
		return nil
	}
	pl.hand()
	if width <= maxTabled {
		pl.plan.table = make([]packed, 1<<width)
		for key := range pl.plan.table {
			pl.plan.table[key] = pl.plan.outcome(uint64(key), rs, len(r.grades))
		}
	}
	if index < len(r.sections) {
		c := &r.program.common[index]
		c.word, c.table = r.sections[index].word, pl.plan.table
	}
	return pl.plan
}

// layOut gives each answer its bits of the key, as many as its largest number
// needs, and returns how many bits that is in all. The questions that a section
// asks like most others come first.
func (pl *planner) layOut() int {
	var c common
	from, width := make([]int, len(pl.questions)), make([]int, len(pl.questions))
	common := make([]bool, len(pl.questions))
	at := 0
	if pl.part < len(pl.r.sections) {
		at = pl.common(&c, from, common)
	}
	for i, q := range pl.questions {
		width[i] = bits.Len64(most(q))
		if common[i] {
			continue
		}
		from[i] = at
		if at += width[i]; at > maxKey {
			return at
		}
	}
	for i, q := range pl.questions {
		to := asked{part: uint32(pl.part), unit: 1 << from[i]}
		switch q := q.(type) {
		case *allOfMask:
			q.asked, q.common = to, common[i]
		case *countOfMask:
			q.asked, q.common = to, common[i]
		case *sectionCount:
			q.asked = to
		case *question:
			q.asked = to
		}
	}
	for i := range pl.plan.steps {
		s := &pl.plan.steps[i]
		s.at, s.mask = uint8(from[s.question]), 1<<width[s.question]-1
	}
	if pl.part < len(pl.r.sections) {
		pl.r.program.common[pl.part] = c
	}
	return at
}

// common picks the questions that are asked without a loop, says where their
// answers begin, and returns where they end.
func (pl *planner) common(c *common, from []int, is []bool) (end int) {
	alls, word := 0, int32(pl.r.sections[pl.part].word)
	end = countAt
	for i, q := range pl.questions {
		switch q := q.(type) {
		case *allOfMask:
			if alls < len(c.all) && q.applies == word+appliesWord {
				c.all[alls] = commonMask{q.lines, uint8(q.counts - word)}
				from[i], is[i] = alls, true
				alls++
			}
		case *countOfMask:
			if c.count.lines == 0 && q.applies == word+appliesWord {
				c.count, c.most = commonMask{q.lines, uint8(q.counts - word)}, q.most
				from[i], is[i] = countAt, true
				end = countAt + bits.Len64(q.most)
			}
		}
	}
	return end
}

// most is the largest answer to a question.
func most(q any) uint64 {
	switch q := q.(type) {
	case *countOfMask:
		return q.most
	case *sectionCount:
		return q.most
	case *question:
		if q.kind == linesCount {
			return q.most
		}
	}
	return 1
}

// hand hands the questions to the rubric's program.
func (pl *planner) hand() {
	p := &pl.r.program
	to := &p.rest
	if pl.part == len(pl.r.sections) {
		to = &p.file
	}
	for _, q := range pl.questions {
		switch q := q.(type) {
		case *allOfMask:
			if !q.common {
				to.all = append(to.all, *q)
			}
		case *countOfMask:
			if !q.common {
				to.counts = append(to.counts, *q)
			}
		case *sectionCount:
			p.sections = append(p.sections, *q)
		case *question:
			if q.kind == gradeIn || q.kind == treeSays && to == &p.file {
				p.graded = append(p.graded, *q)
			} else {
				to.others = append(to.others, *q)
			}
		}
	}
}

// add adds the steps of a condition that leads to one place if it holds and to
// another if not, and returns the first of them.
func (pl *planner) add(n boolNode, yes, no int32) int32 {
	switch n := n.(type) {
	case *both:
		if n.or {
			return pl.add(n.left, yes, pl.add(n.right, yes, no))
		}
		return pl.add(n.left, pl.add(n.right, yes, no), no)
	case *negation:
		return pl.add(n.inside, no, yes)
	case *allOf:
		masks := n.masks(pl.r)
		if len(masks) == 1 {
			return pl.ask(&allOfMask{lineMask: masks[0]}, yes, no)
		}
		return pl.ask(&question{kind: linesAll, lines: masks}, yes, no)
	case *anyOf:
		return pl.lines(n.masks(pl.r), 1, MaxNumber, yes, no)
	case *percentOf:
		return pl.ask(&question{kind: shareIs, lines: n.masks(pl.r), percent: n}, yes, no)
	case *lineIs:
		return pl.lines([]lineMask{pl.r.sections[n.section].mask(n.line, n.in)}, 1, MaxNumber, yes, no)
	case *bottomLine:
		q := &question{kind: missedIn, sections: ^uint64(0)}
		if n.section >= 0 {
			q.sections = 1 << n.section
		}
		return pl.ask(q, yes, no)
	case *gradeIs:
		if n.other < 0 {
			q := &question{kind: gradeIn, section: n.section}
			for rank := range pl.r.grades {
				if compare(n.op, rank, rank, n.rank, n.rank).is() {
					q.grades |= 1 << rank
				}
			}
			return pl.ask(q, yes, no)
		}
	case withinIs:
		return pl.ask(&question{kind: withinKept, index: int(n)}, yes, no)
	case *comparison:
		if at, ok := pl.comparison(n, yes, no); ok {
			return at
		}
	}
	return pl.ask(&question{kind: treeSays, tree: n}, yes, no)
}

// ask adds a step about a question that is answered by 1 or 0.
func (pl *planner) ask(q any, yes, no int32) int32 { return pl.step(pl.number(q), 1, 1, yes, no) }

// number is the place of a question among those of the part.
func (pl *planner) number(q any) int {
	i := slices.IndexFunc(pl.questions, func(o any) bool { return sameQuestion(o, q) })
	if i < 0 {
		i = len(pl.questions)
		pl.questions = append(pl.questions, q)
	}
	return i
}

func (pl *planner) step(question int, lo, hi uint64, yes, no int32) int32 {
	pl.plan.steps = append(pl.plan.steps, planStep{question: question, lo: lo, hi: hi, yes: yes, no: no})
	return int32(len(pl.plan.steps) - 1)
}

// sameQuestion leaves out how far a question counts: it counts as far as any rule
// needs.
func sameQuestion(a, b any) bool {
	switch a := a.(type) {
	case *allOfMask:
		b, ok := b.(*allOfMask)
		return ok && a.lineMask == b.lineMask
	case *countOfMask:
		b, ok := b.(*countOfMask)
		return ok && a.lineMask == b.lineMask
	case *sectionCount:
		b, ok := b.(*sectionCount)
		return ok && a.lanes == b.lanes
	case *question:
		b, ok := b.(*question)
		return ok && a.kind == b.kind && a.section == b.section && a.grades == b.grades && slices.Equal(a.lines, b.lines) &&
			a.sections == b.sections && a.index == b.index && a.percent == b.percent && a.tree == b.tree
	}
	return false
}

// comparison adds a count compared with a number as written.
func (pl *planner) comparison(n *comparison, yes, no int32) (int32, bool) {
	left, right, op := n.left, n.right, n.op
	if _, ok := left.(number); ok {
		left, right, op = right, left, mirrored[op]
	}
	written, ok := right.(number)
	if !ok {
		return 0, false
	}
	k := int(written)
	lo, hi := k, MaxNumber // at least so many
	switch op {
	case ">":
		lo++
	case "<":
		yes, no = no, yes
	case "<=":
		lo++
		yes, no = no, yes
	case "==":
		hi = k
	case "!=":
		hi = k
		yes, no = no, yes
	}
	switch left := left.(type) {
	case *countOf:
		return pl.lines(left.masks(pl.r), lo, hi, yes, no), true
	case *sectionsAt:
		q := &sectionCount{}
		for rank := range pl.r.grades {
			if left.in.has(rank) {
				q.lanes |= 0xff << (8 * rank)
			}
		}
		return pl.count(q, len(pl.r.sections), lo, hi, yes, no), true
	}
	return 0, false
}

// lines adds a step about how many lines count.
func (pl *planner) lines(masks []lineMask, lo, hi int, yes, no int32) int32 {
	size := 0
	for _, m := range masks {
		size += bits.OnesCount64(m.lines)
	}
	if len(masks) == 1 {
		return pl.count(&countOfMask{lineMask: masks[0]}, size, lo, hi, yes, no)
	}
	return pl.count(&question{kind: linesCount, lines: masks}, size, lo, hi, yes, no)
}

// count adds a step about a number that is at most size and is to lie between lo
// and hi. The question counts at least so far that it can tell.
func (pl *planner) count(q any, size, lo, hi int, yes, no int32) int32 {
	switch {
	case lo > size:
		return no
	case lo <= 0 && hi >= size:
		return yes
	}
	far := uint64(lo)
	if hi < size {
		far = uint64(hi) + 1
	}
	i := pl.number(q)
	switch q := pl.questions[i].(type) {
	case *countOfMask:
		q.most = max(q.most, far)
	case *sectionCount:
		q.most = max(q.most, far)
	case *question:
		q.most = max(q.most, far)
	}
	return pl.step(i, uint64(max(lo, 0)), uint64(hi), yes, no)
}

// masks are those of a list's lines, one for each 64 that has any.
func (l *listOf) masks(r *Rubric) []lineMask {
	var masks []lineMask
	for _, ref := range l.from {
		s := &r.sections[ref.section]
		list := &s.lists[ref.list]
		counts := l.counts(list.kind)
		for _, line := range list.lines {
			m := s.mask(line, counts)
			if last := len(masks) - 1; last >= 0 && masks[last].applies == m.applies {
				masks[last].lines |= m.lines
			} else {
				masks = append(masks, m)
			}
		}
	}
	return masks
}

// mask is that of one line.
func (s *section) mask(line int, counts outcomes) lineMask {
	word := map[outcomes]int{isYes: yesWord, isPartly: partlyWord, isNo: noWord, isPresent: presentWord, isApplicable: appliesWord}[counts]
	first := s.word + line/64*wordsOf64
	return lineMask{lines: 1 << (line % 64), counts: int32(first + word), applies: int32(first + appliesWord)}
}
