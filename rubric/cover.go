package rubric

import "fmt"

// cover finds which of the file's examples show a condition to hold and not to hold,
// and writes those that are missing.
func (p *prover) cover(x *proved, at string, c *condition, l *look) {
	cov := ConditionCoverage{At: at, When: c.text, Place: c.node.Mistake("")}
	for i := range p.r.examples {
		e := p.example(i)
		if e == nil || x.section != wholeFile && !e.f.applies(x.section) {
			continue
		}
		switch t := c.root.eval(e); {
		case t == yes && cov.Holds == "":
			cov.Holds = p.r.examples[i].name
		case t == no && cov.HoldsNot == "":
			cov.HoldsNot = p.r.examples[i].name
		}
	}
	missing := func(shown string, is func(outcome) bool, words string) {
		if form := l.shown(is); shown == "" && form != nil {
			name := fmt.Sprintf("%s: %s", at, words)
			cov.Missing = append(cov.Missing, p.r.exampleYAML(name, *form, p.expectations(at, *form)))
		}
	}
	missing(cov.Holds, holds, c.root.words(p.r, false))
	missing(cov.HoldsNot, holdsNone, c.root.words(p.r, true))
	p.a.Coverage = append(p.a.Coverage, cov)
}

// example is an example graded, to read conditions against; nil for one that is no
// form under this calendar.
func (p *prover) example(i int) *env {
	if p.examples == nil {
		p.examples = make([]*env, len(p.r.examples))
		for k := range p.r.examples {
			if f, err := p.r.Form(p.r.examples[k].given, p.sp.cal); err == nil {
				p.examples[k] = &f.Grade().env
			}
		}
	}
	return p.examples[i]
}
