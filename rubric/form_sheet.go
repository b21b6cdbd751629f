package rubric

import (
	"slices"

	"github.com/practiceaudit/practiceaudit/calendar"
)

// sheet is what one stored form says, by the rubric's own places instead of names.
// It is filled again for the next.
type sheet struct {
	ref        []byte // "case", for as long as its line lasts
	service    string
	status     []string
	facts      []value
	said       []string // facts as written
	answers    []answerCode
	judgements [MaxSections]uint8 // rank from 1; 0 without
	extras     []MissedBottomLine
	carried    []LineRef
}

func (r *Rubric) emptySheet() *sheet {
	return &sheet{facts: make([]value, len(r.facts)), said: make([]string, len(r.facts)), answers: make([]answerCode, r.lines)}
}

func (s *sheet) clear() {
	s.ref, s.service, s.status = nil, "", s.status[:0]
	clear(s.facts)
	clear(s.said)
	clear(s.answers)
	s.judgements, s.extras, s.carried = [MaxSections]uint8{}, nil, nil
}

// fill takes answers that the rubric has bound to a form.
func (s *sheet) fill(a Answers, f *Form) {
	s.clear()
	s.service, s.status = a.Service, append(s.status, a.Status...)
	copy(s.facts, f.facts)
	copy(s.said, f.said)
	first := 0
	for i := range f.r.sections {
		section := &f.r.sections[i]
		for id, answer := range a.Lines[section.id] {
			s.answers[first+section.lineByID[id]] = codeOf(answer)
		}
		first += len(section.lines)
		s.judgements[i] = uint8(f.r.Rank(a.Judgements[section.id]) + 1)
	}
	s.extras, s.carried = f.extras, f.carried
}

// answerCode is an answer in a byte; 0 for none, and blank for an empty one.
type answerCode uint8

const blank answerCode = 7

// answerOf has each answer at its code.
var answerOf = [...]Answer{1: Evidenced, Partly, NotEvidenced, NotApplicable, Seen, NotSeen, blank: ""}

func codeOf(a Answer) answerCode { return answerCode(1 + slices.Index(answerOf[1:], a)) }

// lineKind says which answers a line takes.
type lineKind uint8

const (
	statement    lineKind = iota // seen or not
	bottomLineIs                 // a strength that is never not applicable
	strengthIs
	computed
)

func (l *line) kind() lineKind {
	switch {
	case l.met != nil:
		return computed
	case !l.strength:
		return statement
	case l.notApplicable:
		return strengthIs
	}
	return bottomLineIs
}

// taken is what each answer comes to on each kind of line; 0 where the line does not
// take it. See binder.answered.
var taken = [...][8]outcomes{
	statement:    {0: isApplicable, 2: isPartly, 5: isYes, 6: isNo, blank: isApplicable},
	bottomLineIs: {0: isApplicable, 1: isYes, 2: isPartly, 3: isNo, blank: isApplicable},
	strengthIs:   {0: isApplicable | isNotApplicable, 1: isYes, 2: isPartly, 3: isNo, 4: isNotApplicable, blank: isApplicable | isNotApplicable},
	computed:     {0: isApplicable, blank: isApplicable},
}

// sheetBinder binds sheets to a rubric, one after another into one form.
type sheetBinder struct {
	binder
	cal    *calendar.Calendar
	kinds  []lineKind // by line
	worked []bool     // by line: facts can say more of it than an answer does
}

func newSheetBinder(r *Rubric, cal *calendar.Calendar) *sheetBinder {
	b := &sheetBinder{binder: *newBinder(r.emptyForm()), cal: cal}
	for i := range r.sections {
		for j := range r.sections[i].lines {
			l := &r.sections[i].lines[j]
			b.kinds = append(b.kinds, l.kind())
			b.worked = append(b.worked, l.met != nil || l.notNeeded != nil)
		}
	}
	return b
}

// bind fills the form and reports whether all goes together; where it does not, the
// mistakes are in b.errors. Every answer of the sheet must be one that its line takes.
func (b *sheetBinder) bind(s *sheet) bool {
	f := b.f
	b.errors = b.errors[:0]
	f.service, f.status, f.cal, f.visit = s.service, s.status, b.cal, nil
	f.place(s.service, s.status)
	copy(f.facts, s.facts)
	copy(f.said, s.said)
	f.extras, f.carried = s.extras, s.carried
	b.binder.withins(b.cal)
	k := 0
	for i := range f.states {
		asAnswered := f.applies(i) && !f.mayNotApply(i) && len(f.carried) == 0
		for j := range f.states[i] {
			state := taken[b.kinds[k]&3][s.answers[k]&7]
			f.given[i][j] = state
			if !asAnswered || b.worked[k] {
				state = b.workedOut(i, j, state)
			}
			f.states[i][j] = state
			k++
		}
		f.judged[i] = 0
		if f.applies(i) {
			f.judged[i] = s.judgements[i]
		}
	}
	f.settle()
	if len(b.errors) > 0 {
		return false
	}
	if !f.complete || f.toBeJudged() {
		f.visit = visitOf(f)
	}
	return true
}
