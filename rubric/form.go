package rubric

import (
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
	r          *Rubric
	answers    Answers
	applies    []bool
	states     [][]outcomes
	carried    [][]bool
	facts      []value
	withins    []truth
	extras     []MissedBottomLine
	judgements []int // rank by section, -1 without
}

// AnswerError is one mistake in an audit's answers, and where it is.
type AnswerError struct {
	Section string
	Line    string
	Fact    string
	Key     bool   // the name is wrong, not the answer
	Message string // plain English, lower case
	Did     string // what was probably meant, or ""
}

func (e AnswerError) Error() string {
	where := e.Fact
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
// The error is an [*AnswerErrors] with every mistake: an unknown section, line
// or fact, an answer that the line does not take, an answer by hand to a line
// that facts decide, a fact of the wrong type, a carried line that is not there
// or not about a fixed past.
func (r *Rubric) Form(a Answers, cal *calendar.Calendar) (*Form, error) {
	b := &binder{f: &Form{
		r: r, answers: a, extras: slices.Clone(a.MissedBottomLines), applies: make([]bool, len(r.sections)),
		states: make([][]outcomes, len(r.sections)), carried: make([][]bool, len(r.sections)),
		facts: make([]value, len(r.facts)), withins: make([]truth, len(r.withins)), judgements: make([]int, len(r.sections)),
	}}
	b.applies(a)
	b.facts(a.Facts)
	b.withins(cal)
	b.lines(a)
	b.carried(a.Carried)
	b.judgements(a)
	if len(b.errors) > 0 {
		return nil, &AnswerErrors{b.errors}
	}
	return b.f, nil
}

func (b *binder) applies(a Answers) {
	for i := range b.f.r.sections {
		s := &b.f.r.sections[i]
		b.f.applies[i] = (len(s.services) == 0 || slices.Contains(s.services, a.Service)) &&
			(len(s.status) == 0 || slices.ContainsFunc(a.Status, func(x string) bool { return slices.Contains(s.status, x) }))
	}
}

func (b *binder) facts(facts map[string]string) {
	r := b.f.r
	var names []string
	for _, f := range r.facts {
		names = append(names, f.name)
	}
	for _, name := range sorted(facts) {
		i, ok := r.factByName[name]
		if !ok {
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
		b.f.facts[i] = value{known: true, n: n}
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
	for i := range r.sections {
		s := &r.sections[i]
		b.f.states[i] = make([]outcomes, len(s.lines))
		b.f.carried[i] = make([]bool, len(s.lines))
		for j := range s.lines {
			carried := slices.ContainsFunc(a.Carried, func(ref LineRef) bool { return ref.Section == s.id && ref.Line == s.lines[j].id })
			b.f.carried[i][j] = carried
			b.f.states[i][j] = b.line(i, j, a.Lines[s.id][s.lines[j].id], carried)
		}
	}
	for _, section := range sorted(a.Lines) {
		i, ok := r.sectionByID[section]
		if !ok {
			b.wrong(AnswerError{Section: section, Key: true, Message: fmt.Sprintf("there is no section %q", section), Did: source.Nearest(section, b.sectionIDs())})
			continue
		}
		var ids []string
		for _, l := range r.sections[i].lines {
			ids = append(ids, l.id)
		}
		for _, line := range sorted(a.Lines[section]) {
			if _, ok := r.sections[i].lineByID[line]; !ok {
				b.wrong(AnswerError{Section: section, Line: line, Key: true, Message: fmt.Sprintf("there is no line %q in this section", line), Did: source.Nearest(line, ids)})
				b.anyAnswer(section, line, a.Lines[section][line])
			}
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
func (b *binder) line(i, j int, answer Answer, carried bool) outcomes {
	s := &b.f.r.sections[i]
	l := &s.lines[j]
	state := b.answered(s, j, answer)
	e := &env{r: b.f.r, f: b.f}
	if l.met != nil {
		state = map[truth]outcomes{yes: isYes, no: isNo, undetermined: isYes | isNo}[l.met.root.eval(e)]
	}
	if l.notNeeded != nil {
		switch l.notNeeded.root.eval(e) {
		case yes:
			state = isNotApplicable
		case undetermined:
			state |= isNotApplicable
		}
	}
	if carried || !b.f.applies[i] {
		return isNotApplicable
	}
	return state
}

func (b *binder) answered(s *section, j int, answer Answer) outcomes {
	l := &s.lines[j]
	may := s.answers(j)
	if answer == "" {
		if slices.Contains(may, NotApplicable) {
			return isApplicable | isNotApplicable
		}
		return isApplicable
	}
	wrong := AnswerError{Section: s.id, Line: l.id}
	words := make([]string, len(may))
	for i, m := range may {
		words[i] = string(m)
	}
	switch {
	case l.met != nil:
		var facts []string
		for _, f := range l.met.facts {
			facts = append(facts, b.f.r.facts[f].name)
		}
		wrong.Message = fmt.Sprintf("%q is worked out from %s and is not answered by hand", l.text, strings.Join(facts, " and "))
	case answer == Partly && !s.strength(j):
		return isPartly
	case slices.Contains(may, answer):
		return map[Answer]outcomes{Evidenced: isYes, Seen: isYes, Partly: isPartly, NotEvidenced: isNo, NotSeen: isNo, NotApplicable: isNotApplicable}[answer]
	case answer == NotApplicable && l.bottomLine:
		wrong.Message = "a bottom line cannot be answered not_applicable; only the rubric's own exception can"
	default:
		wrong.Message = fmt.Sprintf("%q is not an answer to this line; it takes %s", string(answer), strings.Join(words, ", "))
		wrong.Did = source.Nearest(string(answer), words)
	}
	b.wrong(wrong)
	return isApplicable
}

// carried checks that only a fixed past is carried: a line that practice could
// have mended since is judged again (our reading of "re-audited").
func (b *binder) carried(refs []LineRef) {
	for _, ref := range refs {
		i, ok := b.f.r.sectionByID[ref.Section]
		if !ok {
			b.wrong(AnswerError{Section: ref.Section, Key: true, Message: fmt.Sprintf("there is no section %q to carry a line of", ref.Section)})
			continue
		}
		s := &b.f.r.sections[i]
		j, ok := s.lineByID[ref.Line]
		switch {
		case !ok:
			b.wrong(AnswerError{Section: ref.Section, Line: ref.Line, Key: true, Message: fmt.Sprintf("there is no line %q to carry in this section", ref.Line)})
		case !s.lines[j].fixed:
			b.wrong(AnswerError{Section: ref.Section, Line: ref.Line, Message: fmt.Sprintf("%q is not about a fixed past: it is judged again, not carried from an earlier audit", s.lines[j].text)})
		}
	}
}

func (b *binder) sectionIDs() []string {
	ids := make([]string, len(b.f.r.sections))
	for i := range ids {
		ids[i] = b.f.r.sections[i].id
	}
	return ids
}

func (b *binder) judgements(a Answers) {
	for i := range b.f.judgements {
		b.f.judgements[i] = -1
	}
	for _, section := range sorted(a.Judgements) {
		i, ok := b.f.r.sectionByID[section]
		rank := b.f.r.Rank(a.Judgements[section])
		switch {
		case !ok:
			b.wrong(AnswerError{Section: section, Key: true, Message: fmt.Sprintf("there is no section %q", section), Did: source.Nearest(section, b.sectionIDs())})
		case rank < 0:
			b.wrong(AnswerError{Section: section, Message: fmt.Sprintf("%q is not a grade; %s", string(a.Judgements[section]), suggestion(string(a.Judgements[section]), b.f.r.gradeIDs()))})
		default:
			b.f.judgements[i] = rank
		}
	}
}

// Shortfall lists every strength that is not or only partly evidenced, in file
// order: drafts of actions, for an auditor to rewrite. Lines about a fixed past
// are left out: nothing done now changes them.
func (r *Rubric) Shortfall(f *Form) []LineRef {
	var refs []LineRef
	for i := range r.sections {
		s := &r.sections[i]
		for j := range s.lines {
			if s.strength(j) && !s.lines[j].fixed && f.states[i][j].surely(isPartly|isNo) {
				refs = append(refs, LineRef{Section: s.id, Line: s.lines[j].id, Text: s.lines[j].text})
			}
		}
	}
	return refs
}
