package rubric

import "slices"

// WithLine is the form with one more answer, or another: what an app asks after every
// answer. Only the section is looked at again, so that it takes some microseconds. An
// empty answer takes one back. f stays as it was. The error is an [*AnswerErrors].
func (f *Form) WithLine(section, line string, answer Answer) (*Form, error) {
	if f == nil || f.r == nil {
		return nil, errNoRubric
	}
	i, known := f.r.sectionByID[section]
	j, ok := 0, false
	if known {
		j, ok = f.r.sections[i].lineByID[line]
	}
	b := newBinder(f.copy())
	if !ok { // say what is wrong as Form does
		b.lines(Answers{Lines: map[string]map[string]Answer{section: {line: answer}}})
		return nil, &AnswerErrors{b.errors}
	}
	b.f.states[i], b.f.given[i] = slices.Clone(f.states[i]), slices.Clone(f.given[i])
	b.f.states[i][j] = b.line(i, j, answer)
	if len(b.errors) > 0 {
		return nil, &AnswerErrors{b.errors}
	}
	b.f.settle()
	if b.f.complete && !b.f.toBeJudged() {
		return b.f, nil
	}
	if b.f.visit = f.visit; f.visit == nil {
		b.f.visit = visitOf(b.f)
		return b.f, nil
	}
	v := f.visit.copy()
	n := len(v.allowed[i])
	v.allowed[i] = v.answersOf(i, b.f, make([]set, n), make([]uint64, n))
	v.look(i, b.f)
	b.f.visit = v
	return b.f, nil
}

// WithFact is the form with one more fact, or another answer to it; an empty one takes
// it back. f stays as it was. The error is an [*AnswerErrors].
func (f *Form) WithFact(name, answer string) (*Form, error) {
	if f == nil || f.r == nil {
		return nil, errNoRubric
	}
	b := newBinder(f.copy())
	b.f.facts, b.f.said, b.f.withins = slices.Clone(f.facts), slices.Clone(f.said), make([]truth, len(f.withins))
	if i, ok := f.r.factByName[name]; ok {
		b.f.facts[i], b.f.said[i] = value{}, ""
	}
	b.facts(map[string]string{name: answer})
	b.withins(f.cal)
	for i := range f.states {
		b.f.states[i] = slices.Clone(f.states[i])
		for j := range b.f.states[i] {
			b.f.states[i][j] = b.turned(i, j, f.given[i][j])
		}
	}
	if len(b.errors) > 0 {
		return nil, &AnswerErrors{b.errors}
	}
	b.f.settle()
	if !b.f.complete || b.f.toBeJudged() {
		b.f.visit = visitOf(b.f)
	}
	return b.f, nil
}

// copy is the form before it is settled, to be changed.
func (f *Form) copy() *Form {
	c := *f
	c.states, c.given = slices.Clone(f.states), slices.Clone(f.given)
	c.lines, c.missed, c.complete, c.visit = nil, 0, false, nil
	return &c
}
