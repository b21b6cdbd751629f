package rubric

import (
	"slices"

	"github.com/practiceaudit/practiceaudit/calendar"
)

// Form is an audit's answers bound to a rubric: checked, and with every line
// that facts decide worked out. It is not changed after [Rubric.Form]; one that a
// [FormReader] read is filled again by its next.
type Form struct {
	// What grading a complete form looks at stands together.
	r        *Rubric
	lines    []lines64          // of a complete form, a bit for each line
	missed   uint64             // of a complete form: sections in which a bottom line is missed, and wholeFileBit
	applying uint32             // sections that apply, or may
	unsure   uint32             // sections of which it is not known whether they apply
	complete bool               // nothing is open
	judged   [MaxSections]uint8 // the rank, from 1, of the grade that a person gave a section; 0 without

	said    []string // facts as written
	service string
	status  []string
	states  [][]outcomes
	given   [][]outcomes // what people answered, and what they may where they have not
	carried []LineRef    // that the rubric has
	facts   []value
	withins []truth
	extras  []MissedBottomLine
	cal     *calendar.Calendar
	visit   *visit // of a form of which something is open; nil where the rubric is too large for one
}

// holdsStatus reports whether the child has a status that a section asks for.
func (f *Form) holdsStatus(section int) bool {
	return slices.ContainsFunc(f.status, func(x string) bool { return slices.Contains(f.r.sections[section].status, x) })
}

// emptyForm is a form of the rubric without any answer, yet to be bound.
func (r *Rubric) emptyForm() *Form {
	f := &Form{
		r: r, said: make([]string, len(r.facts)), states: make([][]outcomes, len(r.sections)),
		facts: make([]value, len(r.facts)), withins: make([]truth, len(r.withins)), given: make([][]outcomes, len(r.sections)),
	}
	states := make([]outcomes, 2*r.lines)
	for i := range r.sections {
		n := len(r.sections[i].lines)
		f.states[i], states = states[:n:n], states[n:]
		f.given[i], states = states[:n:n], states[n:]
	}
	return f
}

// place finds which sections are part of the audit of a child with that service and
// those statuses.
func (f *Form) place(service string, status []string) {
	f.applying, f.unsure = 0, 0
	for i := range f.r.sections {
		s := &f.r.sections[i]
		if len(s.status) > 0 && !slices.ContainsFunc(status, func(x string) bool { return slices.Contains(s.status, x) }) {
			continue
		}
		switch {
		case len(s.services) > 0 && len(s.services) < len(f.r.services) && service == "":
			f.unsure |= 1 << i
			f.applying |= 1 << i
		case len(s.services) == 0 || service == "" || slices.Contains(s.services, service):
			f.applying |= 1 << i
		}
	}
}

// applies reports whether a section is part of the audit, or may be.
func (f *Form) applies(section int) bool { return f.applying&(1<<section) != 0 }

// mayNotApply reports whether it is not known if a section is part of the audit.
func (f *Form) mayNotApply(section int) bool { return f.unsure&(1<<section) != 0 }

// unanswered reports whether people have still to answer a line. One that is worked
// out from facts, or that they have answered, they have not; nor one that is not
// needed.
func (f *Form) unanswered(section, line int) bool {
	o := f.states[section][line] &^ isNotApplicable
	return f.r.sections[section].lines[line].met == nil && o != 0 && !o.settled()
}

// toBeJudged reports whether a section may be left to people who have not judged it.
func (f *Form) toBeJudged() bool {
	for i := range f.r.sections {
		suggest := f.r.sections[i].rules.suggest
		if f.applies(i) && f.judged[i] == 0 && (len(suggest) == 0 || suggest[len(suggest)-1].grade == freely) {
			return true
		}
	}
	return false
}

// matters reports whether a fact is read by anything that is part of the audit.
func (f *Form) matters(fact int) bool {
	return f.r.facts[fact].readBy&(uint64(f.applying)|1<<wholeFileBit) != 0
}

// grade is a section's grade as the rules of the whole file read it: the one that
// a person gave, as far as the section's limits leave it, else what the section's
// rules leave possible. It is for complete forms.
func (f *Form) grade(section int, w packed) ranks {
	return w.reads(f.judged[section])
}

// judgement is the rank of the grade that a person gave a section; -1 without.
func (f *Form) judgement(section int) int {
	return int(f.judged[section]) - 1
}

// wholeFileBit stands for a missed bottom line of no section in Form.missed.
const wholeFileBit = 63

// settle finds out whether the form is complete, and puts its lines into bits.
func (f *Form) settle() {
	f.complete, f.missed = false, 0
	if f.unsure != 0 {
		return
	}
	for i, v := range f.facts {
		if !v.known && f.matters(i) {
			return
		}
	}
	for i, w := range f.withins {
		if within := f.r.withins[i]; !w.determined() && f.matters(within.start) && f.matters(within.end) {
			return
		}
	}
	lines := f.lines // of the form that was here before, if any
	if len(lines) != f.r.groups {
		lines = make([]lines64, f.r.groups)
	}
	clear(lines)
	for i := range f.r.sections {
		s := &f.r.sections[i]
		for j, o := range f.states[i] {
			if !o.settled() {
				return
			}
			w, bit := &lines[s.group+j/64], uint64(1)<<(j%64)
			switch o {
			case isYes:
				w[yesWord] |= bit
				w[presentWord] |= bit
			case isPartly:
				w[partlyWord] |= bit
				w[presentWord] |= bit
			case isNo:
				w[noWord] |= bit
			}
			if o != isNotApplicable {
				w[appliesWord] |= bit
			}
			if s.lines[j].bottomLine && o.possibly(isPartly|isNo) {
				f.missed |= 1 << i
			}
		}
	}
	for _, x := range f.extras {
		if i, ok := f.r.sectionByID[x.Section]; ok {
			f.missed |= 1 << i
		} else {
			f.missed |= 1 << wholeFileBit
		}
	}
	f.complete, f.lines = true, lines
}

// carries reports whether a line was judged in an earlier audit.
func (f *Form) carries(section, line string) bool {
	return slices.ContainsFunc(f.carried, func(ref LineRef) bool { return ref.Section == section && ref.Line == line })
}

// Shortfall lists every strength that is not or only partly evidenced, in file
// order: drafts of actions, for an auditor to rewrite. Lines about a fixed past
// are left out: nothing done now changes them.
func (f *Form) Shortfall() []LineRef {
	var refs []LineRef
	if f == nil || f.r == nil {
		return nil
	}
	for i := range f.r.sections {
		s := &f.r.sections[i]
		for j := range s.lines {
			if s.lines[j].strength && !s.lines[j].fixed && !f.mayNotApply(i) && f.states[i][j].surely(isPartly|isNo) {
				refs = append(refs, LineRef{Section: s.id, Line: s.lines[j].id, Text: s.lines[j].text})
			}
		}
	}
	return refs
}
