package rubric

import (
	"math/bits"
	"slices"
)

// compileRules gives every section its words of a complete form and plans all
// rules.
func (r *Rubric) compileRules() {
	for i := range r.sections {
		r.sections[i].group = r.groups
		r.lines += len(r.sections[i].lines)
		r.groups += (len(r.sections[i].lines) + 63) / 64
	}
	for i := range r.sections {
		r.sections[i].rules.plan = r.planOf(i, &r.sections[i].rules)
	}
	r.overall.plan = r.planOf(len(r.sections), &r.overall)
	r.program.tabled = true
	for i := range r.sections {
		p := r.sections[i].rules.plan
		r.program.tabled = r.program.tabled && p != nil && p.table != nil
		r.program.bases = append(r.program.bases, uint64(len(r.program.tables)))
		if r.program.tabled {
			r.program.tables = append(r.program.tables, p.table...)
			for _, w := range p.table {
				for judged := range uint8(1 << laneBits) {
					r.program.lanes = append(r.program.lanes, laneOf(w, min(judged, MaxGrades)))
				}
			}
		}
	}
}

// planner makes a part's plan and gathers its questions.
type planner struct {
	r         *Rubric
	part      int
	plan      *plan
	questions []any // pointers to the types of questions.go
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
		case *missedIn:
			q.asked = to
		case *linesAll:
			q.asked = to
		case *question:
			q.asked = to
		}
	}
	for i := range pl.plan.steps {
		s := &pl.plan.steps[i]
		s.at, s.mask = uint8(from[s.question]), 1<<width[s.question]-1
	}
	for i := range common {
		pl.r.program.more = pl.r.program.more || !common[i] && pl.part < len(pl.r.sections)
	}
	if c.first.lines|c.second.lines|c.counts.lines != 0 {
		pl.r.program.common = append(pl.r.program.common, c)
	}
	return at
}

// common picks the questions that are asked without a loop, says where their
// answers begin, and returns where they end.
func (pl *planner) common(c *common, from []int, is []bool) (end int) {
	group := pl.r.sections[pl.part].group
	c.section, c.group = pl.part, group
	end = countAt
	for i, q := range pl.questions {
		switch q := q.(type) {
		case *allOfMask:
			switch mask := (commonMask{q.lines, uint64(q.counts)}); {
			case int(q.group) != group:
			case c.first.lines == 0:
				c.first, from[i], is[i] = mask, 0, true
			case c.second.lines == 0:
				c.second, from[i], is[i] = mask, 1, true
			}
		case *countOfMask:
			if c.counts.lines == 0 && int(q.group) == group {
				c.counts, c.most = commonMask{q.lines, uint64(q.counts)}, q.most
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
		case *missedIn:
			to.missed = append(to.missed, *q)
		case *linesAll:
			to.linesAll = append(to.linesAll, *q)
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
		return pl.ask(&linesAll{lines: masks}, yes, no)
	case *anyOf:
		return pl.lines(n.masks(pl.r), 1, MaxNumber, yes, no)
	case *percentOf:
		return pl.ask(&question{kind: shareIs, lines: n.masks(pl.r), percent: n}, yes, no)
	case *lineIs:
		return pl.lines([]lineMask{pl.r.sections[n.section].mask(n.line, n.in)}, 1, MaxNumber, yes, no)
	case *bottomLine:
		q := &missedIn{sections: ^uint64(0)}
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
	case *missedIn:
		b, ok := b.(*missedIn)
		return ok && a.sections == b.sections
	case *linesAll:
		b, ok := b.(*linesAll)
		return ok && slices.Equal(a.lines, b.lines)
	case *question:
		b, ok := b.(*question)
		return ok && a.kind == b.kind && a.section == b.section && a.grades == b.grades && slices.Equal(a.lines, b.lines) &&
			a.index == b.index && a.percent == b.percent && a.tree == b.tree
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
			if last := len(masks) - 1; last >= 0 && masks[last].group == m.group {
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
	word := map[outcomes]uint32{isYes: yesWord, isPartly: partlyWord, isNo: noWord, isPresent: presentWord, isApplicable: appliesWord}[counts]
	return lineMask{lines: 1 << (line % 64), group: int32(s.group + line/64), counts: word}
}
