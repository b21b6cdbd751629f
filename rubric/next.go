package rubric

import (
	"cmp"
	"slices"
)

// Question is something still open, and how far its answer narrows what is possible.
type Question struct {
	Section string   `json:"section,omitempty"` // of a line
	Line    string   `json:"line,omitempty"`    // "" for facts and the service
	Facts   []string `json:"facts,omitempty"`   // one, or several that are only read together
	Service bool     `json:"service,omitempty"` // which service holds the case
	Ask     []string `json:"ask"`               // the words to put to a person: the line's text, or each fact's question

	// Whatever the answer, no more than AtMost grades of the file stay possible, and
	// with the most telling one AtLeast.
	AtMost  int `json:"at_most"`
	AtLeast int `json:"at_least"`

	// Narrows: some answer leaves fewer grades than are possible now, of the file or
	// of a section.
	Narrows bool `json:"narrows"`

	own narrowing // of the grades of all sections together
}

// narrowing is how many grades the answers to a question leave.
type narrowing struct{ most, least int }

// Questions are the questions still open that something reads, the most telling first:
// those after which, whatever the answer, the fewest grades of the file stay possible;
// of those alike, the one that at best leaves the fewest; of those, likewise by the
// grades of the sections; and then in file order, the service before facts and facts
// before lines. There are none for a complete form, and none where the rubric is
// unproved.
func (f *Form) Questions() []Question {
	if f == nil || f.visit == nil || f.complete {
		return nil
	}
	v := f.visit
	var out []Question
	if f.unsure != 0 {
		out = append(out, f.serviceQuestion())
	}
	for k := range v.sp.groups {
		if q, ok := f.groupQuestion(k); ok {
			out = append(out, q)
		}
	}
	for i := range f.r.sections {
		for j := range f.r.sections[i].lines {
			if f.applies(i) && f.unanswered(i, j) {
				out = append(out, f.lineQuestion(i, j))
			}
		}
	}
	slices.SortStableFunc(out, func(a, b Question) int {
		return cmp.Or(a.AtMost-b.AtMost, a.AtLeast-b.AtLeast, a.own.most-b.own.most, a.own.least-b.own.least)
	})
	return out
}

// narrow takes the visits that the answers to a question lead to.
func (q *Question) narrow(now *visit, after []*visit) {
	var file, own narrowing
	for i, v := range after {
		a, b := v.grades()
		if i == 0 {
			file, own = narrowing{a, a}, narrowing{b, b}
		}
		file = narrowing{max(file.most, a), min(file.least, a)}
		own = narrowing{max(own.most, b), min(own.least, b)}
	}
	a, b := now.grades()
	q.AtMost, q.AtLeast, q.own = file.most, file.least, own
	q.Narrows = file.least < a || own.least < b
}

// grades counts the grades that are possible: of the file, and of all sections.
func (v *visit) grades() (file, sections int) {
	last := len(v.parts) - 1
	for _, p := range v.parts[:last] {
		sections += p.possible.count()
	}
	return v.parts[last].possible.count(), sections
}

func (f *Form) lineQuestion(i, j int) Question {
	s := &f.r.sections[i]
	q := Question{Section: s.id, Line: s.lines[j].id, Ask: []string{s.lines[j].text}}
	at := f.visit.sp.sections[i].at[j]
	var after []*visit
	for c := range f.visit.allowed[i][at].all() {
		after = append(after, f.visit.with(f, i, at, c))
	}
	q.narrow(f.visit, after)
	return q
}

// with is the visit after one answer to a question of a section.
func (v *visit) with(f *Form, section, question, choice int) *visit {
	n := v.copy()
	n.allowed[section] = slices.Clone(v.allowed[section])
	one := newSet(choice + 1)
	one.add(choice)
	n.allowed[section][question] = one
	n.look(section, f)
	return n
}

// groupQuestion asks the facts of a group that are not known. Facts that are read
// together are asked together: what one of them tells depends on the others.
func (f *Form) groupQuestion(k int) (Question, bool) {
	v, g := f.visit, f.visit.sp.groups[k]
	var q Question
	for _, fact := range g.facts {
		if !f.facts[fact].known && f.matters(fact) {
			q.Facts, q.Ask = append(q.Facts, f.r.facts[fact].name), append(q.Ask, f.r.facts[fact].ask)
		}
	}
	if len(q.Facts) == 0 {
		return q, false
	}
	var after []*visit
	for c := range v.groups[k].all() {
		n := v.copy()
		n.groups = slices.Clone(v.groups)
		n.groups[k] = newSet(len(g.cells))
		n.groups[k].add(c)
		n.again(f)
		after = append(after, n)
	}
	q.narrow(v, after)
	return q, true
}

func (f *Form) serviceQuestion() Question {
	q := Question{Service: true, Ask: []string{"Which service holds the case?"}}
	var after []*visit
	for _, service := range f.r.servicesOrNone() {
		known := *f
		known.service, known.unsure = service, 0
		known.applying = f.r.applying(service, f.holdsStatus)
		n := f.visit.copy()
		n.who = n.sp.whoOf(&known)
		n.again(&known)
		after = append(after, n)
	}
	q.narrow(f.visit, after)
	return q
}
