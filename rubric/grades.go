package rubric

import (
	"fmt"
	"strings"
)

// gradeIs compares a section's grade with a fixed grade or with another
// section's. A section that does not apply has no grade, and then every
// comparison is no.
type gradeIs struct {
	op      string
	section int
	other   int // a section, or -1
	rank    int // where other is -1
}

func (n *gradeIs) eval(e *env) truth {
	mine, theirs := e.grade(n.section), ranks(0)
	if n.other >= 0 {
		theirs = e.grade(n.other)
	} else {
		theirs = 1 << n.rank
	}
	may, mayNot := false, mine == 0 || theirs == 0 || (mine|theirs)&absent != 0
	for i := range e.r.grades {
		for j := range e.r.grades {
			if !mine.has(i) || !theirs.has(j) {
				continue
			}
			if compare(n.op, i, i, j, j) == yes {
				may = true
			} else {
				mayNot = true
			}
		}
	}
	return between(may, may && !mayNot)
}

func (n *gradeIs) decided(_ *env, ev *evidence) {
	ev.section(n.section)
	if n.other >= 0 {
		ev.section(n.other)
	}
}

func (n *gradeIs) words(r *Rubric, opposite bool) string {
	is := map[string]string{
		"==": "is %s", "!=": "is graded other than %s", "<": "is below %s", "<=": "is graded %s or worse", ">": "is above %s", ">=": "is graded %s or better",
	}[n.op]
	if opposite { // not the opposite comparison: a section that does not apply is neither
		is = strings.Replace(is, "is", "is not", 1)
	}
	other := ""
	if n.other >= 0 {
		other = r.sections[n.other].title
	} else {
		other = r.grades[n.rank].title
	}
	return r.sections[n.section].title + " " + fmt.Sprintf(is, other)
}

// sectionsAt counts the sections that apply and whose grade is in a set:
// sections_at, sections_below, sections_at_least, and sections_judged, which
// counts them all.
type sectionsAt struct {
	in   ranks
	op   string // "==", "<", ">=", or "" for all
	rank int
}

func (n *sectionsAt) eval(e *env) (lo, hi int) {
	for i := range e.r.sections {
		g := e.grade(i)
		if g == 0 {
			continue
		}
		if g&^n.in == 0 {
			lo++
		}
		if g&n.in != 0 {
			hi++
		}
	}
	return lo, hi
}

func (n *sectionsAt) decided(e *env, ev *evidence, what aspect) {
	if n.op == "" && what != whatIsOpen {
		return
	}
	for i := range e.r.sections {
		g := e.grade(i)
		counts, fails := g&n.in != 0, g&^n.in != 0
		switch {
		case what == whatCounts && counts, what == whatDoesNot && fails, what == whatIsOpen && counts && fails:
			ev.section(i)
		}
	}
}

func (n *sectionsAt) words(r *Rubric) string {
	if n.op == "" {
		return "the number of sections that apply"
	}
	return "the number of sections that are " + n.phrase(r)
}

// phrase says the grade, as in "two sections are …".
func (n *sectionsAt) phrase(r *Rubric) string {
	title := r.grades[n.rank].title
	switch n.op {
	case "<":
		return "below " + title
	case ">=":
		return title + " or better"
	case "":
		return "part of this audit"
	}
	return title
}
