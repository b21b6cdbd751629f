package loop

import (
	"fmt"
	"slices"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/rubric"
)

// finds reports whether a grade is a finding: it is told at once, needs a plan and
// leads to a re-audit. The policy says which are (Halton's Inadequate); the worst
// is, if it does not.
func (e Env) finds(g rubric.Grade) bool {
	if len(e.Policy.Findings) == 0 {
		return g == e.Rubric.Grades()[0]
	}
	return slices.Contains(e.Policy.Findings, g)
}

// findsAnew reports whether a grade is a finding where the one before was none, or
// a better one.
func (e Env) findsAnew(g, before rubric.Grade) bool {
	return e.finds(g) && (!e.finds(before) || e.Rubric.Rank(g) < e.Rubric.Rank(before))
}

// worse is the finding of two grades, the worse if both are; none if neither is.
func (e Env) worse(a, b rubric.Grade) (rubric.Grade, bool) {
	if e.finds(b) && (!e.finds(a) || e.Rubric.Rank(b) < e.Rubric.Rank(a)) {
		a = b
	}
	return a, e.finds(a)
}

// graded refuses to begin an audit by a policy whose findings are no grades of the
// rubric: no file would ever be found so.
func (e Env) graded(c Command) (rs audit.Refusals) {
	for _, g := range e.Policy.Findings {
		if e.Rubric.Rank(g) < 0 {
			rs = append(rs, refuse(c, "findings", fmt.Sprintf("the process policy finds files %q, which is not a grade of the rubric", g), fmt.Sprintf("a policy and a rubric that go together: one of %v", e.Rubric.Grades())))
		}
	}
	return rs
}
