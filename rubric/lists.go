package rubric

import (
	"fmt"
	"strings"
)

// Conditions on lists see applicable lines only: a line that is not applicable,
// not needed, or in a section that does not apply, is as if it were not there.

// listRef is one list of one section.
type listRef struct{ section, list int }

// listOf is the lines that a list function reads, and what counts among them.
type listOf struct {
	name  string    // as the condition has it
	from  []listRef // one list, or every list of that name for the whole file
	state string    // "evidenced", "partly" …; "" for what counts in the list
}

// each calls do with every line, what it may turn out to be, and what counts.
func (l *listOf) each(e *env, do func(section, line int, o, counts outcomes)) {
	for _, ref := range l.from {
		list := &e.r.sections[ref.section].lists[ref.list]
		counts := l.counts(list.kind)
		for _, line := range list.lines {
			do(ref.section, line, e.state(ref.section, line), counts)
		}
	}
}

// counts is what counts in a list of that kind: in a list of strengths a line
// fully evidenced, in the others a line that is there at all, partly or not.
func (l *listOf) counts(kind ListKind) outcomes {
	switch l.state {
	case "evidenced":
		return isYes
	case "partly":
		return isPartly
	case "not_evidenced", "not_seen":
		return isNo
	case "seen":
		return isPresent
	case "applicable":
		return isApplicable
	}
	if kind == Strength {
		return isYes
	}
	return isPresent
}

// size is the number of lines read.
func (l *listOf) size(r *Rubric) int {
	n := 0
	for _, ref := range l.from {
		n += len(r.sections[ref.section].lists[ref.list].lines)
	}
	return n
}

// collect adds the lines that pass, of the sections that apply.
func (l *listOf) collect(e *env, ev *evidence, pass func(o, counts outcomes) bool) {
	l.each(e, func(section, line int, o, counts outcomes) {
		if e.f.applies(section) && pass(o, counts) {
			ev.line(e.r, section, line)
		}
	})
}

func open(o, _ outcomes) bool        { return !o.settled() }
func fails(o, counts outcomes) bool  { return o.surely(isApplicable) && !o.possibly(counts) }
func passes(o, counts outcomes) bool { return o.surely(counts) }

// countsNot is as fails, and holds of a line that does not apply too.
func countsNot(o, counts outcomes) bool { return !o.possibly(counts) }

// title names the list as a person reads it.
func (l *listOf) title(r *Rubric) string {
	ref := l.from[0]
	title := "“" + r.sections[ref.section].lists[ref.list].title + "”"
	if len(l.from) > 1 {
		return title + " in every section"
	}
	return title
}

// verb says what counts, as in "every line … is evidenced".
func (l *listOf) verb(r *Rubric) string {
	switch l.state {
	case "":
		ref := l.from[0]
		if r.sections[ref.section].lists[ref.list].kind == Strength {
			return "evidenced"
		}
		return "seen"
	case "partly":
		return "partly evidenced"
	}
	return strings.ReplaceAll(l.state, "_", " ")
}

// allOf is all(list): no applicable line fails, and there is at least one.
type allOf struct{ listOf }

func (n *allOf) eval(e *env) truth {
	mayFail, mustFail, mayCount, mustCount := false, false, false, false
	n.each(e, func(_, _ int, o, counts outcomes) {
		failing := isApplicable &^ counts
		mayFail = mayFail || o.possibly(failing)
		mustFail = mustFail || o.surely(failing)
		mayCount = mayCount || o.possibly(counts)
		mustCount = mustCount || o.surely(counts)
	})
	switch {
	case mustFail || !mayCount:
		return no
	case !mayFail && mustCount:
		return yes
	}
	return undetermined
}

func (n *allOf) decided(e *env, ev *evidence) {
	switch n.eval(e) {
	case yes:
		n.collect(e, ev, passes)
	case no:
		n.collect(e, ev, fails)
	default:
		n.collect(e, ev, open)
	}
}

func (n *allOf) words(r *Rubric, opposite bool) string {
	if opposite {
		return fmt.Sprintf("not every line of %s that applies is %s", n.title(r), n.verb(r))
	}
	return fmt.Sprintf("every line of %s that applies is %s", n.title(r), n.verb(r))
}

// anyOf is any(list); none(list) is its opposite.
type anyOf struct{ listOf }

func (n *anyOf) eval(e *env) truth {
	may, must := false, false
	n.each(e, func(_, _ int, o, counts outcomes) {
		may = may || o.possibly(counts)
		must = must || o.surely(counts)
	})
	return between(may, must)
}

func (n *anyOf) decided(e *env, ev *evidence) {
	switch n.eval(e) {
	case yes:
		n.collect(e, ev, passes)
	case no:
		n.collect(e, ev, countsNot)
	default:
		n.collect(e, ev, open)
	}
}

func (n *anyOf) words(r *Rubric, opposite bool) string {
	if opposite {
		return fmt.Sprintf("no line of %s is %s", n.title(r), n.verb(r))
	}
	return fmt.Sprintf("at least one line of %s is %s", n.title(r), n.verb(r))
}

// countOf is count(list).
type countOf struct{ listOf }

func (n *countOf) eval(e *env) (lo, hi int) {
	n.each(e, func(_, _ int, o, counts outcomes) {
		if o.surely(counts) {
			lo++
		}
		if o.possibly(counts) {
			hi++
		}
	})
	return lo, hi
}

func (n *countOf) decided(e *env, ev *evidence, what aspect) {
	switch what {
	case whatCounts:
		n.collect(e, ev, passes)
	case whatDoesNot:
		n.collect(e, ev, countsNot)
	default:
		n.collect(e, ev, open)
	}
}

func (n *countOf) words(r *Rubric) string {
	return fmt.Sprintf("the number of lines of %s that are %s", n.title(r), n.verb(r))
}

// percentOf compares percent(list) with a whole number. It multiplies across,
// so nothing is rounded: of 3 lines, 2 are less than 67 in a hundred. With no
// applicable line every comparison is no.
type percentOf struct {
	listOf
	op    string
	bound int // 0 to 100
}

func (n *percentOf) eval(e *env) truth {
	lo, hi, applies := n.weigh(e)
	return compare(n.op, lo, hi, 0, 0).and(applies)
}

// weigh adds up the lines: one that applies weighs 100-bound if it counts, else
// -bound. The comparison is that of the sum with 0, where any line applies.
func (n *percentOf) weigh(e *env) (lo, hi int, applies truth) {
	may, must := false, false
	n.each(e, func(_, _ int, o, counts outcomes) {
		may = may || o.possibly(isApplicable)
		must = must || o.surely(isApplicable)
		least, most := 100, -100
		if o.possibly(counts) {
			least, most = min(least, 100-n.bound), max(most, 100-n.bound)
		}
		if o.possibly(isApplicable &^ counts) {
			least, most = min(least, -n.bound), max(most, -n.bound)
		}
		if o.possibly(isNotApplicable) {
			least, most = min(least, 0), max(most, 0)
		}
		lo, hi = lo+least, hi+most
	})
	return lo, hi, between(may, must)
}

func (n *percentOf) decided(e *env, ev *evidence) {
	lo, hi, _ := n.weigh(e)
	for _, what := range because(n.op, n.eval(e), compare("<", lo, hi, 0, 0)) {
		n.collect(e, ev, map[aspect]func(o, counts outcomes) bool{whatCounts: passes, whatDoesNot: fails, whatIsOpen: open}[what])
	}
}

func (n *percentOf) words(r *Rubric, opposite bool) string {
	not := ""
	if opposite { // not the opposite comparison: with no line that applies, neither holds
		not = "it is not so that "
	}
	return fmt.Sprintf("%sof the lines of %s that apply, %s %d in a hundred are %s", not, n.title(r), quantity[n.op], n.bound, n.verb(r))
}

// lineIs is evidenced(line), partly(line) and so on.
type lineIs struct {
	section, line int
	state         string
	in            outcomes
}

func (n *lineIs) eval(e *env) truth            { return e.state(n.section, n.line).in(n.in) }
func (n *lineIs) decided(e *env, ev *evidence) { ev.line(e.r, n.section, n.line) }

func (n *lineIs) words(r *Rubric, opposite bool) string {
	is := "is "
	if opposite {
		is = "is not "
	}
	return fmt.Sprintf("“%s” %s", r.sections[n.section].lines[n.line].text, is+stateWords[n.state])
}

var stateWords = map[string]string{
	"evidenced":     "evidenced",
	"partly":        "partly evidenced",
	"not_evidenced": "not evidenced",
	"seen":          "seen",
	"applicable":    "applicable",
}

// bottomLine is bottom_line_missed, of one section or of the whole file.
type bottomLine struct {
	section int // -1 for the whole file
}

func (n *bottomLine) eval(e *env) truth {
	answer := truthOf(false)
	n.each(e, func(section, line int, o outcomes) {
		answer = answer.or(o.in(isPartly | isNo))
	})
	for _, x := range e.f.extras {
		if n.section < 0 || x.Section == e.r.sections[n.section].id {
			return yes
		}
	}
	return answer
}

func (n *bottomLine) each(e *env, do func(section, line int, o outcomes)) {
	for i := range e.r.sections {
		if n.section >= 0 && n.section != i {
			continue
		}
		for j := range e.r.sections[i].lines {
			if e.r.sections[i].lines[j].bottomLine {
				do(i, j, e.state(i, j))
			}
		}
	}
}

func (n *bottomLine) decided(e *env, ev *evidence) {
	whole := n.eval(e)
	n.each(e, func(section, line int, o outcomes) {
		if o.in(isPartly|isNo) == whole && (whole != no || o.possibly(isApplicable)) {
			ev.line(e.r, section, line)
		}
	})
	for _, x := range e.f.extras {
		if n.section < 0 || x.Section == e.r.sections[n.section].id {
			ev.ref(LineRef{Section: x.Section, Text: x.Text})
		}
	}
}

func (n *bottomLine) words(_ *Rubric, opposite bool) string {
	if opposite {
		return "no bottom line is missed"
	}
	return "a bottom line is missed"
}
