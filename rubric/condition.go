package rubric

import (
	"slices"

	"github.com/practiceaudit/practiceaudit/internal/source"
)

// A condition is a tree of small nodes, each of which can say what it comes to
// on a form, which lines, facts and sections decided that, and what it means in
// words. This tree is the reference reading of the language; anything faster is
// tested against it.

// condition is one compiled condition of a rubric file.
type condition struct {
	text  string // as in the file, without white space around it
	root  boolNode
	facts []int // every fact it reads, in file order
	node  *source.Node
	parts []conditionPart // that are yes or no, the innermost first and the whole last
}

// conditionPart is a part of a condition and where it stands in the text.
type conditionPart struct {
	node   boolNode
	text   string
	offset int
}

// boolNode is a part of a condition that is yes, no or undetermined.
type boolNode interface {
	eval(e *env) truth
	// decided collects what made the node come to what it came to: for an
	// undetermined node, what is still open.
	decided(e *env, ev *evidence)
	// words says the node in English, or its opposite.
	words(r *Rubric, opposite bool) string
}

// numberNode is a part of a condition that is a whole number. While answers are
// open it is only known to lie between lo and hi.
type numberNode interface {
	eval(e *env) (lo, hi int)
	// decided collects the part of what the number counts that is asked for.
	decided(e *env, ev *evidence, what aspect)
	words(r *Rubric) string
}

// aspect is which part of what a number counts is asked for.
type aspect int8

const (
	whatDoesNot aspect = iota - 1 // what keeps the number small
	whatIsOpen                    // what may still change it
	whatCounts                    // what makes it large
)

func (a aspect) opposite() aspect { return -a }

// env is what conditions are read against: a form, and for the whole file the
// grades of its sections.
type env struct {
	r      *Rubric
	f      *Form
	parts  []packed // of the sections that are graded, then the whole file
	counts uint64   // of a complete form: the number of sections at each grade, eight bits each
	inside int      // 1 more than the section whose rules are read, taken to be part of the audit
}

// state is what a line may turn out to be.
func (e *env) state(section, line int) outcomes {
	if e.f.mayNotApply(section) && e.inside != section+1 {
		return e.f.states[section][line] | isNotApplicable
	}
	return e.f.states[section][line]
}

// grade is what a section's grade may be; none where the section does not apply,
// and absent among others where that is not known.
func (e *env) grade(section int) ranks {
	grades := e.parts[section].possible()
	if rank := e.f.judgement(section); rank >= 0 {
		grades = e.parts[section].most().under(1 << rank)
	}
	if e.f.mayNotApply(section) {
		grades |= absent
	}
	return grades
}

// absent stands for no grade, because the section is not part of the audit.
const absent ranks = 1 << MaxGrades

// evidence collects what decided something: lines and facts and sections, each
// once, in the order met.
type evidence struct {
	lines    []LineRef
	facts    []int
	sections []int
}

func (ev *evidence) line(r *Rubric, section, line int) {
	s := &r.sections[section]
	ev.ref(LineRef{Section: s.id, Line: s.lines[line].id})
}

func (ev *evidence) ref(ref LineRef) {
	for _, have := range ev.lines {
		if have == ref {
			return
		}
	}
	ev.lines = append(ev.lines, ref)
}

func (ev *evidence) size() int { return len(ev.lines) + len(ev.facts) + len(ev.sections) }

func (ev *evidence) clone() *evidence {
	return &evidence{slices.Clone(ev.lines), slices.Clone(ev.facts), slices.Clone(ev.sections)}
}

func (ev *evidence) fact(i int)    { ev.facts = addOnce(ev.facts, i) }
func (ev *evidence) section(i int) { ev.sections = addOnce(ev.sections, i) }

func addOnce(list []int, i int) []int {
	for _, have := range list {
		if have == i {
			return list
		}
	}
	return append(list, i)
}

// both reads left and right together.
type both struct {
	left, right boolNode
	or          bool // else and
}

func (n *both) eval(e *env) truth {
	if n.or {
		return n.left.eval(e).or(n.right.eval(e))
	}
	return n.left.eval(e).and(n.right.eval(e))
}

// decided: where one side alone settles the matter, only such sides count.
func (n *both) decided(e *env, ev *evidence) {
	whole := n.eval(e)
	for _, side := range []boolNode{n.left, n.right} {
		if side.eval(e) == whole {
			side.decided(e, ev)
		}
	}
}

func (n *both) words(r *Rubric, opposite bool) string {
	joint := " and "
	if n.or != opposite {
		joint = " or "
	}
	return n.side(r, n.left, opposite) + joint + n.side(r, n.right, opposite)
}

// side puts brackets where and and or would otherwise be read together.
func (n *both) side(r *Rubric, side boolNode, opposite bool) string {
	words := side.words(r, opposite)
	if b, ok := side.(*both); ok && b.or != n.or {
		return "(" + words + ")"
	}
	return words
}

// negation is the opposite of what is inside.
type negation struct{ inside boolNode }

func (n *negation) eval(e *env) truth                     { return n.inside.eval(e).not() }
func (n *negation) decided(e *env, ev *evidence)          { n.inside.decided(e, ev) }
func (n *negation) words(r *Rubric, opposite bool) string { return n.inside.words(r, !opposite) }
