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

// binder binds answers and gathers what is wrong with them.
type binder struct {
	f      *Form
	env    env // of the form: what its facts are read against
	errors []AnswerError
}

func newBinder(f *Form) *binder { return &binder{f: f, env: env{r: f.r, f: f}} }

func (b *binder) wrong(e AnswerError) {
	if len(b.errors) < maxFormEntries {
		b.errors = append(b.errors, e)
	}
}

var errNoRubric = errors.New("no rubric: read one with rubric.Parse")

// Form binds answers to the rubric. What is not answered yet is undetermined.
// The error is an [*AnswerErrors] with every mistake: an unknown service, status,
// section, line or fact, an answer that the line does not take, an answer by hand
// to a line that facts decide, a fact of the wrong type, a carried line that is no
// bottom line about a fixed past. The answers are copied: changing them afterwards
// changes no form. A rubric that does not come from [Parse] has no forms.
func (r *Rubric) Form(a Answers, cal *calendar.Calendar) (*Form, error) {
	f, err := r.bind(a, cal)
	if err == nil && (!f.complete || f.toBeJudged()) {
		f.visit = visitOf(f)
	}
	return f, err
}

// bind binds answers and leaves what they may still lead to aside.
func (r *Rubric) bind(a Answers, cal *calendar.Calendar) (*Form, error) {
	if r == nil || len(r.grades) == 0 {
		return nil, errNoRubric
	}
	b := newBinder(r.emptyForm())
	b.f.extras, b.f.carried = slices.Clone(a.MissedBottomLines), slices.Clone(a.Carried)
	b.f.service, b.f.status, b.f.cal = a.Service, slices.Clone(a.Status), cal
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

func (b *binder) applies(a Answers) {
	b.known("service", b.f.r.services, a.Service)
	for _, status := range a.Status {
		b.known("status", b.f.r.statuses, status)
	}
	b.f.place(a.Service, a.Status)
}

// known refuses a service or status that the rubric tells apart from none of its
// own. A rubric that tells none apart takes any.
func (b *binder) known(what string, choices []choice, id string) {
	ids := idsOf(choices)
	if id == "" || len(ids) == 0 || slices.Contains(ids, id) {
		return
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
	known := 0
	for i := range r.sections {
		s := &r.sections[i]
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
	return b.workedOut(i, j, b.answered(s, &s.lines[j], answer))
}

// workedOut is what a line can still turn out to be, from what an answer by hand comes
// to.
func (b *binder) workedOut(i, j int, state outcomes) outcomes {
	b.f.given[i][j] = state
	return b.turned(i, j, state)
}

// turned works out what a line can still turn out to be, given what people answered or
// may.
func (b *binder) turned(i, j int, state outcomes) outcomes {
	s := &b.f.r.sections[i]
	l := &s.lines[j]
	if l.met != nil || l.notNeeded != nil {
		e := &b.env
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
	if !b.f.applies(i) || b.f.carries(s.id, l.id) {
		return isNotApplicable
	}
	return state
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
