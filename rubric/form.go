package rubric

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/internal/source"
)

// Form is an audit's answers bound to a rubric: checked, and with every line
// that facts decide worked out. It is not changed after [Rubric.Form].
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
	states  [][]outcomes
	carried []LineRef // that the rubric has
	facts   []value
	withins []truth
	extras  []MissedBottomLine
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

// AnswerError is one mistake in an audit's answers, and where it is.
type AnswerError struct {
	Section string
	Line    string
	Fact    string
	Field   string // "service", "status", "carried" or "missed_bottom_lines", if it is about one of those
	Item    string // the wrong service or status
	Key     bool   // the name is wrong, not the answer
	Message string // plain English, lower case
	Did     string // what was probably meant, or ""
}

func (e AnswerError) Error() string {
	where := e.Field
	if e.Fact != "" {
		where = e.Fact
	}
	if e.Section != "" {
		where = strings.TrimSuffix(e.Section+"."+e.Line, ".")
	}
	text := where + ": " + e.Message
	if e.Did != "" {
		text += fmt.Sprintf("; did you mean %q?", e.Did)
	}
	return text
}

// AnswerErrors are all mistakes in an audit's answers.
type AnswerErrors struct{ Errors []AnswerError }

func (e *AnswerErrors) Error() string {
	lines := make([]string, len(e.Errors))
	for i, one := range e.Errors {
		lines[i] = one.Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap returns the mistakes one by one.
func (e *AnswerErrors) Unwrap() []error {
	errs := make([]error, len(e.Errors))
	for i, one := range e.Errors {
		errs[i] = one
	}
	return errs
}

// binder binds answers and gathers what is wrong with them.
type binder struct {
	f      *Form
	errors []AnswerError
}

func (b *binder) wrong(e AnswerError) {
	if len(b.errors) < maxFormEntries {
		b.errors = append(b.errors, e)
	}
}

// Form binds answers to the rubric. What is not answered yet is undetermined.
// The error is an [*AnswerErrors] with every mistake: an unknown service, status,
// section, line or fact, an answer that the line does not take, an answer by hand
// to a line that facts decide, a fact of the wrong type, a carried line that is no
// bottom line about a fixed past. The answers are copied: changing them afterwards
// changes no form. A rubric that does not come from [Parse] has no forms.
func (r *Rubric) Form(a Answers, cal *calendar.Calendar) (*Form, error) {
	if r == nil || len(r.grades) == 0 {
		return nil, errors.New("no form without a rubric: read one with rubric.Parse")
	}
	b := &binder{f: &Form{
		r: r, extras: slices.Clone(a.MissedBottomLines), carried: slices.Clone(a.Carried), said: make([]string, len(r.facts)),
		states: make([][]outcomes, len(r.sections)), facts: make([]value, len(r.facts)), withins: make([]truth, len(r.withins)),
	}}
	b.applies(a)
	b.facts(a.Facts)
	b.withins(cal)
	b.lines(a)
	b.checkCarried(a.Carried)
	b.judgements(a)
	b.missedBottomLines(a.MissedBottomLines)
	if len(b.errors) > 0 {
		return nil, &AnswerErrors{b.errors}
	}
	b.f.settle()
	return b.f, nil
}

// settle finds out whether the form is complete, and puts its lines into bits.
func (f *Form) settle() {
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
	lines := make([]lines64, f.r.groups)
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

func (b *binder) applies(a Answers) {
	b.known("service", b.f.r.services, a.Service)
	for _, status := range a.Status {
		b.known("status", b.f.r.statuses, status)
	}
	for i := range b.f.r.sections {
		s := &b.f.r.sections[i]
		if len(s.status) > 0 && !slices.ContainsFunc(a.Status, func(x string) bool { return slices.Contains(s.status, x) }) {
			continue
		}
		switch {
		case len(s.services) > 0 && a.Service == "":
			b.f.unsure |= 1 << i
			b.f.applying |= 1 << i
		case len(s.services) == 0 || slices.Contains(s.services, a.Service):
			b.f.applying |= 1 << i
		}
	}
}

// known refuses a service or status that the rubric tells apart from none of its
// own. A rubric that tells none apart takes any.
func (b *binder) known(what string, choices []choice, id string) {
	if id == "" || len(choices) == 0 || slices.ContainsFunc(choices, func(c choice) bool { return c.id == id }) {
		return
	}
	var ids []string
	for _, c := range choices {
		ids = append(ids, c.id)
	}
	b.wrong(AnswerError{Field: what, Item: id, Message: fmt.Sprintf("there is no %s %q", what, id), Did: source.Nearest(id, ids)})
}

func (b *binder) facts(facts map[string]string) {
	r := b.f.r
	for _, name := range sorted(facts) {
		i, ok := r.factByName[name]
		if !ok {
			var names []string
			for _, f := range r.facts {
				names = append(names, f.name)
			}
			b.wrong(AnswerError{Fact: name, Key: true, Message: fmt.Sprintf("there is no fact %q", name), Did: source.Nearest(name, names)})
			continue
		}
		if facts[name] == "" {
			continue
		}
		n, problem := r.facts[i].read(facts[name])
		if problem != "" {
			b.wrong(AnswerError{Fact: name, Message: problem})
			continue
		}
		b.f.facts[i], b.f.said[i] = value{known: true, n: n}, facts[name]
	}
}

func sorted[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

func (b *binder) withins(cal *calendar.Calendar) {
	for i, w := range b.f.r.withins {
		start, end := b.f.facts[w.start], b.f.facts[w.end]
		b.f.withins[i] = undetermined
		if !start.known || !end.known || cal == nil {
			continue
		}
		in, err := cal.Within(w.period, time.Unix(int64(start.n), 0), time.Unix(int64(end.n), 0))
		if err != nil {
			b.wrong(AnswerError{Fact: b.f.r.facts[w.end].name, Message: fmt.Sprintf("%s and %s do not go together: %v", b.f.r.facts[w.start].name, b.f.r.facts[w.end].name, err)})
			continue
		}
		b.f.withins[i] = truthOf(in)
	}
}

func (b *binder) lines(a Answers) {
	r := b.f.r
	states := make([]outcomes, r.lines)
	known := 0
	for i := range r.sections {
		s := &r.sections[i]
		b.f.states[i], states = states[:len(s.lines):len(s.lines)], states[len(s.lines):]
		given, found := a.Lines[s.id], 0
		for j := range s.lines {
			answer, ok := given[s.lines[j].id]
			if ok {
				found++
			}
			b.f.states[i][j] = b.line(i, j, answer)
		}
		if found < len(given) {
			b.unknownLines(s, given)
		}
		if _, ok := a.Lines[s.id]; ok {
			known++
		}
	}
	if known < len(a.Lines) {
		for _, section := range sorted(a.Lines) {
			if _, ok := r.sectionByID[section]; !ok {
				b.wrong(AnswerError{Section: section, Key: true, Message: fmt.Sprintf("there is no section %q", section), Did: source.Nearest(section, b.f.r.sectionIDs())})
			}
		}
	}
}

// unknownLines says which lines a section does not have.
func (b *binder) unknownLines(s *section, given map[string]Answer) {
	ids := s.lineIDs()
	for _, line := range sorted(given) {
		if _, ok := s.lineByID[line]; !ok {
			b.wrong(AnswerError{Section: s.id, Line: line, Key: true, Message: fmt.Sprintf("there is no line %q in this section", line), Did: source.Nearest(line, ids)})
			b.anyAnswer(s.id, line, given[line])
		}
	}
}

// everyAnswer is what some line or other takes.
var everyAnswer = []string{string(Evidenced), string(Partly), string(NotEvidenced), string(NotApplicable), string(Seen), string(NotSeen)}

// anyAnswer looks at the answer to a line that is not there, so that a line and
// its answer, both misspelt, are mended in one go.
func (b *binder) anyAnswer(section, line string, answer Answer) {
	if answer == "" || slices.Contains(everyAnswer, string(answer)) {
		return
	}
	b.wrong(AnswerError{
		Section: section, Line: line, Did: source.Nearest(string(answer), everyAnswer),
		Message: fmt.Sprintf("%q is not an answer; a line takes %s", string(answer), strings.Join(everyAnswer, ", ")),
	})
}

// line works out what a line can still turn out to be.
func (b *binder) line(i, j int, answer Answer) outcomes {
	s := &b.f.r.sections[i]
	l := &s.lines[j]
	state := b.answered(s, l, answer)
	if l.met != nil || l.notNeeded != nil {
		e := &env{r: b.f.r, f: b.f}
		if l.met != nil {
			state = [...]outcomes{yes: isYes, no: isNo, undetermined: isYes | isNo}[l.met.root.eval(e)]
		}
		if l.notNeeded != nil {
			switch l.notNeeded.root.eval(e) {
			case yes:
				state = isNotApplicable
			case undetermined:
				state |= isNotApplicable
			}
		}
	}
	switch {
	case !b.f.applies(i) || b.f.carries(s.id, l.id):
		return isNotApplicable
	case b.f.mayNotApply(i):
		return state | isNotApplicable
	}
	return state
}

// carries reports whether a line was judged in an earlier audit.
func (f *Form) carries(section, line string) bool {
	return slices.ContainsFunc(f.carried, func(ref LineRef) bool { return ref.Section == section && ref.Line == line })
}

// answered is what an answer by hand comes to.
func (b *binder) answered(s *section, l *line, answer Answer) outcomes {
	switch {
	case answer == "" && l.notApplicable:
		return isApplicable | isNotApplicable
	case answer == "":
		return isApplicable
	case l.met != nil:
		b.wrong(AnswerError{Section: s.id, Line: l.id, Message: fmt.Sprintf("%q is worked out from %s and is not answered by hand", l.text, strings.Join(b.f.r.factNames(l.met.facts), " and "))})
		return isApplicable
	}
	switch {
	case l.strength && answer == Evidenced, !l.strength && answer == Seen:
		return isYes
	case answer == Partly:
		return isPartly
	case l.strength && answer == NotEvidenced, !l.strength && answer == NotSeen:
		return isNo
	case answer == NotApplicable && l.notApplicable:
		return isNotApplicable
	}
	wrong := AnswerError{Section: s.id, Line: l.id}
	if answer == NotApplicable && l.bottomLine {
		wrong.Message = "a bottom line cannot be answered not_applicable; only the rubric's own exception can"
	} else {
		var words []string
		for _, m := range l.answers() {
			words = append(words, string(m))
		}
		wrong.Message = fmt.Sprintf("%q is not an answer to this line; it takes %s", string(answer), strings.Join(words, ", "))
		wrong.Did = source.Nearest(string(answer), words)
	}
	b.wrong(wrong)
	return isApplicable
}

func (r *Rubric) factNames(facts []int) []string {
	names := make([]string, len(facts))
	for i, f := range facts {
		names[i] = r.facts[f].name
	}
	return names
}

// checkCarried checks that only a fixed past is carried: a line that practice could
// have mended since is judged again (our reading of "re-audited").
func (b *binder) checkCarried(refs []LineRef) {
	if len(refs) > b.f.r.lines {
		b.wrong(AnswerError{Field: "carried", Message: fmt.Sprintf("%d lines are carried, and the rubric has %d", len(refs), b.f.r.lines)})
		return
	}
	for _, ref := range refs {
		i, ok := b.f.r.sectionByID[ref.Section]
		if !ok {
			b.wrong(AnswerError{Field: "carried", Section: ref.Section, Line: ref.Line, Message: fmt.Sprintf("there is no section %q to carry a line of", ref.Section), Did: source.Nearest(ref.Section, b.f.r.sectionIDs())})
			continue
		}
		s := &b.f.r.sections[i]
		j, ok := s.lineByID[ref.Line]
		switch {
		case !ok:
			b.wrong(AnswerError{Field: "carried", Section: ref.Section, Line: ref.Line, Message: fmt.Sprintf("there is no line %q to carry in this section", ref.Line), Did: source.Nearest(ref.Line, s.lineIDs())})
		case !s.lines[j].fixed || !s.lines[j].bottomLine:
			b.wrong(AnswerError{Field: "carried", Section: ref.Section, Line: ref.Line, Message: fmt.Sprintf("%q is no bottom line about a fixed past: it is judged again, not carried from an earlier audit", s.lines[j].text)})
		}
	}
}

func (s *section) lineIDs() []string {
	ids := make([]string, len(s.lines))
	for i := range ids {
		ids[i] = s.lines[i].id
	}
	return ids
}

func (r *Rubric) sectionIDs() []string {
	ids := make([]string, len(r.sections))
	for i := range ids {
		ids[i] = r.sections[i].id
	}
	return ids
}

// missedBottomLines checks that what an auditor adds says something, and where.
func (b *binder) missedBottomLines(missed []MissedBottomLine) {
	if len(missed) > MaxMissed {
		b.wrong(AnswerError{Field: "missed_bottom_lines", Message: fmt.Sprintf("%d bottom lines that the rubric does not hold; at most %d are taken", len(missed), MaxMissed)})
		return
	}
	for _, m := range missed {
		if _, ok := b.f.r.sectionByID[m.Section]; !ok && m.Section != "" {
			b.wrong(AnswerError{Field: "missed_bottom_lines", Section: m.Section, Message: fmt.Sprintf("there is no section %q", m.Section), Did: source.Nearest(m.Section, b.f.r.sectionIDs())})
		}
		if strings.TrimSpace(m.Text) == "" {
			b.wrong(AnswerError{Field: "missed_bottom_lines", Section: m.Section, Message: "a missed bottom line that the rubric does not hold needs its words"})
		}
	}
}

func (b *binder) judgements(a Answers) {
	for _, section := range sorted(a.Judgements) {
		i, ok := b.f.r.sectionByID[section]
		rank := b.f.r.Rank(a.Judgements[section])
		switch {
		case !ok:
			b.wrong(AnswerError{Section: section, Key: true, Message: fmt.Sprintf("there is no section %q", section), Did: source.Nearest(section, b.f.r.sectionIDs())})
		case rank < 0:
			b.wrong(AnswerError{Section: section, Message: fmt.Sprintf("%q is not a grade; %s", string(a.Judgements[section]), suggestion(string(a.Judgements[section]), b.f.r.gradeIDs()))})
		default:
			if b.f.applies(i) {
				b.f.judged[i] = uint8(rank + 1)
			}
		}
	}
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
			if s.lines[j].strength && !s.lines[j].fixed && f.states[i][j].surely(isPartly|isNo) {
				refs = append(refs, LineRef{Section: s.id, Line: s.lines[j].id, Text: s.lines[j].text})
			}
		}
	}
	return refs
}
