package rubric

import "fmt"

// What a result comes to, part by part, for tests that compare readings.
type (
	// PartOutcome is a part in plain numbers.
	PartOutcome struct {
		Applies, Freely bool
		Rule            int    // from 0; -1 for none
		Possible        uint16 // a bit for each rank
		Limits, Open    uint32
	}
)

// Outcomes returns the outcome of each section and of the whole file, into out.
func (res *Result) Outcomes(out []PartOutcome) []PartOutcome {
	out = out[:0]
	for i := range res.parts {
		p := res.part(i)
		out = append(out, PartOutcome{p.applies, p.free == yes, p.rule, uint16(p.possible), p.limits, p.open})
	}
	return out
}

// Walk grades a form by walking its conditions, complete or not.
func (res *Result) Walk(f *Form) {
	complete := f.complete
	walked := *f
	walked.complete, walked.visit = false, nil
	res.Grade(&walked)
	walked.complete, walked.visit = complete, f.visit
}

// Questions counts the questions of a rubric that read bits, those that walk a
// tree, and the plans that have a table.
func (r *Rubric) Questions() (bits, trees, tables int) {
	p := &r.program
	bits = len(p.common) + len(p.rest.all) + len(p.rest.counts) + len(p.file.all) + len(p.file.counts) + len(p.sections) +
		len(p.rest.missed) + len(p.file.missed) + len(p.rest.linesAll) + len(p.file.linesAll)
	for _, some := range [][]question{p.rest.others, p.file.others, p.graded} {
		for _, q := range some {
			if q.kind == treeSays {
				trees++
			} else {
				bits++
			}
		}
	}
	for i := range r.sections {
		if p := r.sections[i].rules.plan; p != nil && p.table != nil {
			tables++
		}
	}
	return bits, trees, tables
}

// Unmoved marks what of a list of places a comparison takes to stand where it did.
func Unmoved(from []int) []bool { return unmoved(from) }

// Conditions says of every condition of a complete form whether it holds, by its place
// as findings have it. Of a section that does not apply there are none.
func (res *Result) Conditions(also func(at string, holds bool)) {
	r, e := res.env.r, &res.env
	rules := func(id string, rs *rules) {
		for i := range rs.limits {
			also(fmt.Sprintf("%s.limit.%d", id, i+1), rs.limits[i].when.root.eval(e) == yes)
		}
		for i := range rs.suggest {
			if when := rs.suggest[i].when; when != nil {
				also(fmt.Sprintf("%s.suggest.%d", id, i+1), when.root.eval(e) == yes)
			}
		}
	}
	for i := range r.sections {
		s := &r.sections[i]
		if !e.f.applies(i) {
			continue
		}
		for j := range s.lines {
			l := &s.lines[j]
			if l.met != nil {
				also(s.id+"."+l.id+map[bool]string{true: ".met when", false: ".seen when"}[l.strength], l.met.root.eval(e) == yes)
			}
			if l.notNeeded != nil {
				also(s.id+"."+l.id+".not needed when", l.notNeeded.root.eval(e) == yes)
			}
		}
		rules(s.id, &s.rules)
	}
	rules("overall", &r.overall)
}

// ParseShort reads a rubric that takes few steps to visit, and others unproved: of random
// rubrics some have long lists that are weighed against one another, and to try each whole
// would take most of a test.
func ParseShort(file string, src []byte) (*Rubric, error) { return parse(file, src, true, 20_000) }

// ParseUnvisited reads a rubric as one that is too large to visit.
func ParseUnvisited(file string, src []byte) (*Rubric, error) { return parse(file, src, true, 0) }
