package rubric

import "math/bits"

// On a complete form every condition is plain yes or no, and most of what a
// condition asks is a question about sets of lines. So a complete form keeps its
// lines as bits, a condition is compiled to a chain of tests on those bits, and
// the tests of a section's rules lead on to one another until a rule applies.
// What bits cannot say (facts and arithmetic) is a test that walks the
// condition's tree. The whole is tested against the tree, and against a third
// reading of the language by expr's own virtual machine.

// lineBits are up to 64 lines of one section. A line that does not apply is in
// none of the three.
type lineBits struct{ yes, partly, no uint64 }

// lineMask picks lines of one word of a form: all those of a list, and of them
// those that count when they are yes, partly and no.
type lineMask struct {
	word            int32
	of              uint64
	yes, partly, no uint64
}

func (m *lineMask) counted(w *lineBits) uint64 {
	return w.yes&m.yes | w.partly&m.partly | w.no&m.no
}

func (m *lineMask) applicable(w *lineBits) uint64 { return (w.yes | w.partly | w.no) & m.of }

// testKind says what a test asks.
type testKind uint8

const (
	testAll      testKind = iota // every applicable line counts, and there is one
	testAny                      // a line counts
	testCount                    // so many lines count
	testPercent                  // such a share of the applicable lines counts
	testMissed                   // a bottom line is missed in one of the sections
	testSections                 // so many sections have one of the grades
	testGrade                    // the section has one of the grades
	testWithin                   // the period was kept
	testTree                     // what the tree says
)

// test is one question to a complete form, and where its answer leads: to
// another test, or, as the complement of a number, to an outcome.
type test struct {
	kind     testKind
	section  uint8 // of testGrade
	grades   ranks // of testGrade and testSections
	yes, no  int32
	lo, hi   int32      // of testCount and testSections, both included
	mask     lineMask   // the only one, where there is one
	more     []lineMask // all of them, where there are several
	sections uint64     // of testMissed
	index    int32      // of testWithin: in the form's withins
	tree     boolNode   // of testTree
	percent  *percentOf // of testPercent
}

// program is all tests of a rubric.
type program struct{ tests []test }

// run goes from test to test and returns the outcome.
func (p *program) run(at int32, e *env) int32 {
	f := e.f
	for at >= 0 {
		t := &p.tests[at]
		var holds bool
		switch t.kind {
		case testAll:
			if t.more == nil {
				w := &f.bits[t.mask.word]
				counted := t.mask.counted(w)
				holds = counted != 0 && counted == t.mask.applicable(w)
				break
			}
			all, some := true, false
			for i := range t.more {
				w := &f.bits[t.more[i].word]
				counted := t.more[i].counted(w)
				some = some || counted != 0
				if counted != t.more[i].applicable(w) {
					all = false
					break
				}
			}
			holds = all && some
		case testAny:
			if t.more == nil {
				holds = t.mask.counted(&f.bits[t.mask.word]) != 0
				break
			}
			for i := range t.more {
				if t.more[i].counted(&f.bits[t.more[i].word]) != 0 {
					holds = true
					break
				}
			}
		case testCount:
			n := t.count(f)
			holds = n >= t.lo && n <= t.hi
		case testPercent:
			holds = t.share(f)
		case testMissed:
			holds = f.missed&t.sections != 0
		case testSections:
			n := int32(0)
			for _, g := range e.grades {
				if g&t.grades != 0 {
					n++
				}
			}
			holds = n >= t.lo && n <= t.hi
		case testGrade:
			holds = e.grades[t.section]&t.grades != 0
		case testWithin:
			holds = f.withins[t.index] == yes
		case testTree:
			holds = t.tree.eval(e) == yes
		}
		if holds {
			at = t.yes
		} else {
			at = t.no
		}
	}
	return ^at
}

func (t *test) count(f *Form) int32 {
	if t.more == nil {
		return int32(bits.OnesCount64(t.mask.counted(&f.bits[t.mask.word])))
	}
	n := 0
	for i := range t.more {
		n += bits.OnesCount64(t.more[i].counted(&f.bits[t.more[i].word]))
	}
	return int32(n)
}

// share compares by multiplying across: nothing is rounded.
func (t *test) share(f *Form) bool {
	counted, of := 0, 0
	masks := t.more
	if masks == nil {
		masks = []lineMask{t.mask}
	}
	for i := range masks {
		w := &f.bits[masks[i].word]
		counted += bits.OnesCount64(masks[i].counted(w))
		of += bits.OnesCount64(masks[i].applicable(w))
	}
	return of > 0 && compare(t.percent.op, 100*counted, 100*counted, t.percent.bound*of, t.percent.bound*of) == yes
}

// Outcomes of a condition by itself.
const (
	holdsNot = iota
	holdsSo
)

// compileProgram gives every section its words of a complete form and compiles
// all rules.
func (r *Rubric) compileProgram() {
	for i := range r.sections {
		r.sections[i].word = r.words
		r.lines += len(r.sections[i].lines)
		r.words += (len(r.sections[i].lines) + 63) / 64
	}
	for i := range r.sections {
		r.program.compile(r, &r.sections[i].rules)
	}
	r.program.compile(r, &r.overall)
}

// compile adds the tests of a part's rules.
func (p *program) compile(r *Rubric, rs *rules) {
	for i := range rs.limits {
		rs.limits[i].entry = p.add(r, rs.limits[i].when.root, ^holdsSo, ^holdsNot)
	}
	rs.entry = ^int32(len(rs.suggest)) // no rule
	for i := len(rs.suggest) - 1; i >= 0; i-- {
		if rule := &rs.suggest[i]; rule.when == nil {
			rs.entry = ^int32(i)
		} else {
			rs.entry = p.add(r, rule.when.root, ^int32(i), rs.entry)
		}
	}
}

// add adds the tests of a condition that leads to one place if it holds and to
// another if not, and returns the first of them.
func (p *program) add(r *Rubric, n boolNode, yes, no int32) int32 {
	switch n := n.(type) {
	case *both:
		if n.or {
			return p.add(r, n.left, yes, p.add(r, n.right, yes, no))
		}
		return p.add(r, n.left, p.add(r, n.right, yes, no), no)
	case *negation:
		return p.add(r, n.inside, no, yes)
	case *allOf:
		return p.lines(test{kind: testAll, yes: yes, no: no}, n.masks(r))
	case *anyOf:
		return p.lines(test{kind: testAny, yes: yes, no: no}, n.masks(r))
	case *percentOf:
		return p.lines(test{kind: testPercent, percent: n, yes: yes, no: no}, n.masks(r))
	case *lineIs:
		return p.lines(test{kind: testAny, yes: yes, no: no}, []lineMask{r.sections[n.section].mask(n.line, n.in)})
	case *bottomLine:
		t := test{kind: testMissed, sections: ^uint64(0), yes: yes, no: no}
		if n.section >= 0 {
			t.sections = 1 << n.section
		}
		return p.put(t)
	case *gradeIs:
		if n.other < 0 {
			t := test{kind: testGrade, section: uint8(n.section), yes: yes, no: no}
			for rank := range r.grades {
				if compare(n.op, rank, rank, n.rank, n.rank) == truthOf(true) {
					t.grades |= 1 << rank
				}
			}
			return p.put(t)
		}
	case withinIs:
		return p.put(test{kind: testWithin, index: int32(n), yes: yes, no: no})
	case *comparison:
		if at, ok := p.comparison(r, n, yes, no); ok {
			return at
		}
	}
	return p.put(test{kind: testTree, tree: n, yes: yes, no: no})
}

func (p *program) put(t test) int32 {
	p.tests = append(p.tests, t)
	return int32(len(p.tests) - 1)
}

func (p *program) lines(t test, masks []lineMask) int32 {
	if len(masks) == 1 {
		t.mask = masks[0]
	} else {
		t.more = masks
	}
	return p.put(t)
}

// comparison adds a count compared with a number as written.
func (p *program) comparison(r *Rubric, n *comparison, yes, no int32) (int32, bool) {
	left, right, op := n.left, n.right, n.op
	if _, ok := left.(number); ok {
		left, right, op = right, left, mirrored[op]
	}
	k, ok := right.(number)
	if !ok {
		return 0, false
	}
	t := test{yes: yes, no: no, lo: 0, hi: MaxNumber}
	switch op {
	case "<":
		t.hi = int32(k) - 1
	case "<=":
		t.hi = int32(k)
	case ">":
		t.lo = int32(k) + 1
	case ">=":
		t.lo = int32(k)
	case "!=":
		t.yes, t.no = no, yes
		fallthrough
	default:
		t.lo, t.hi = int32(k), int32(k)
	}
	switch left := left.(type) {
	case *countOf:
		t.kind = testCount
		return p.lines(t, left.masks(r)), true
	case *sectionsAt:
		t.kind, t.grades = testSections, left.in
		return p.put(t), true
	}
	return 0, false
}

// masks are those of a list's lines, one for each word that has any.
func (l *listOf) masks(r *Rubric) []lineMask {
	var masks []lineMask
	for _, ref := range l.from {
		s := &r.sections[ref.section]
		list := &s.lists[ref.list]
		counts := l.counts(list.kind)
		for _, line := range list.lines {
			m := s.mask(line, counts)
			if last := len(masks) - 1; last >= 0 && masks[last].word == m.word {
				masks[last].join(m)
			} else {
				masks = append(masks, m)
			}
		}
	}
	return masks
}

func (m *lineMask) join(o lineMask) {
	m.of, m.yes, m.partly, m.no = m.of|o.of, m.yes|o.yes, m.partly|o.partly, m.no|o.no
}

// mask is that of one line.
func (s *section) mask(line int, counts outcomes) lineMask {
	bit := uint64(1) << (line % 64)
	m := lineMask{word: int32(s.word + line/64), of: bit}
	if counts&isYes != 0 {
		m.yes = bit
	}
	if counts&isPartly != 0 {
		m.partly = bit
	}
	if counts&isNo != 0 {
		m.no = bit
	}
	return m
}
