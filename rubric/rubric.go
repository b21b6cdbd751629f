package rubric

import (
	"fmt"

	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/internal/source"
)

// Mistake is one thing wrong in a rubric file: the file, the line and column
// (both from 1, the column in characters), what is wrong and what to write
// instead. Its Error shows the line with a caret.
type Mistake = source.Mistake

// Mistakes is everything wrong in a rubric file, in file order. It is the error
// that Parse and CheckExamples return; errors.As finds each Mistake in it.
type Mistakes = source.Mistakes

// Grade is the id of a grade as a rubric names it, such as "good". Which grades
// there are, and their order, is the rubric's to say: see Rubric.Grades.
type Grade string

// Ref says which rubric, in which version, with which content.
type Ref struct {
	ID      string `json:"id"`      // as in the file: "halton-deep-dive"
	Version string `json:"version"` // as in the file: "2023-05"
	Digest  string `json:"digest"`  // "sha256:" and 64 hexadecimal digits, of the canonical form
}

// String is the id, the version and the start of the digest.
func (r Ref) String() string {
	digest := r.Digest
	if len(digest) > len("sha256:")+12 {
		digest = digest[:len("sha256:")+12]
	}
	return fmt.Sprintf("%s %s (%s)", r.ID, r.Version, digest)
}

// Rubric is a checked and compiled rubric file. It never changes, and may be
// used by many goroutines at once. It comes from Parse; the zero value is a
// rubric with no sections, good for nothing.
type Rubric struct {
	ref        Ref
	canonical  []byte
	title      string
	source     string
	note       string
	effective  calendar.Date
	reviewBy   calendar.Date
	references []string
	grades     []choice // worst first
	services   []choice
	statuses   []choice
	facts      []fact
	sections   []section
	overall    rules
	withins    []within // every within(…) the conditions ask, each once
	examples   []example
	accepted   []acceptance
	root       *source.Node
	program    program // what is asked of a complete form
	groups     int     // of 64 lines of a complete form
	spaces     *spaces // all its forms
	unproved   string  // why they cannot all be visited; "" where they can
	lines      int     // of all sections

	factByName  map[string]int
	sectionByID map[string]int
}

// choice is an id with the words a person reads for it.
type choice struct{ id, title string }

func idsOf(choices []choice) []string {
	ids := make([]string, len(choices))
	for i, c := range choices {
		ids[i] = c.id
	}
	return ids
}

// Ref says which rubric this is. The digest covers the canonical form.
func (r *Rubric) Ref() Ref { return r.ref }

// Canonical returns the rubric as JSON: every key in a fixed order, sections,
// lists, lines and facts in the order of the file, comments and layout gone.
// Parse reads it back to a rubric with the same digest. The caller owns the
// slice.
func (r *Rubric) Canonical() []byte { return append([]byte(nil), r.canonical...) }

// Title is the rubric's title as a person reads it.
func (r *Rubric) Title() string { return r.title }

// Source says where the rubric's words come from; "" if the file does not say.
func (r *Rubric) Source() string { return r.source }

// Note is the file's own remark about itself; "" if it has none.
func (r *Rubric) Note() string { return r.note }

// Effective is the day from which the rubric is meant to be used.
func (r *Rubric) Effective() calendar.Date { return r.effective }

// ReviewBy is the day by which the rubric was to be reviewed; the zero Date if
// the file does not say.
func (r *Rubric) ReviewBy() calendar.Date { return r.reviewBy }

// References are the key documents for the whole file, as the source prints
// them.
func (r *Rubric) References() []string { return append([]string(nil), r.references...) }

// Warnings says what a person using the rubric on that day should know: that
// its review is past, or that it is not in force yet.
func (r *Rubric) Warnings(today calendar.Date) []string {
	var warnings []string
	if !r.reviewBy.IsZero() && today.After(r.reviewBy) {
		warnings = append(warnings, fmt.Sprintf("%s, version %s, was to be reviewed by %s: check that it is still the one to use",
			r.title, r.ref.Version, r.reviewBy.Long()))
	}
	if today.Before(r.effective) {
		warnings = append(warnings, fmt.Sprintf("%s, version %s, is meant to be used from %s",
			r.title, r.ref.Version, r.effective.Long()))
	}
	return warnings
}

// Grades returns the rubric's grades, worst first.
func (r *Rubric) Grades() []Grade {
	grades := make([]Grade, len(r.grades))
	for i, g := range r.grades {
		grades[i] = Grade(g.id)
	}
	return grades
}

// GradeTitle returns the words for a grade, such as "Requires improvement to be
// good"; a grade the rubric does not know gives its own id.
func (r *Rubric) GradeTitle(g Grade) string {
	if i := r.Rank(g); i >= 0 {
		return r.grades[i].title
	}
	return string(g)
}

// Rank is the place of a grade from the worst, which is 0; -1 for a grade the
// rubric does not know.
func (r *Rubric) Rank(g Grade) int {
	for i := range r.grades {
		if r.grades[i].id == string(g) {
			return i
		}
	}
	return -1
}

// Worst returns the worst grade of the rubric, Halton's "inadequate".
func (r *Rubric) Worst() Grade { return r.gradeAt(0) }

// Best returns the best grade of the rubric, Halton's "outstanding".
func (r *Rubric) Best() Grade { return r.gradeAt(len(r.grades) - 1) }

func (r *Rubric) gradeAt(rank int) Grade {
	if rank < 0 || rank >= len(r.grades) {
		return ""
	}
	return Grade(r.grades[rank].id)
}
