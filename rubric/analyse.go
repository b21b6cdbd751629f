package rubric

import (
	"cmp"
	"math/big"
	"slices"

	"github.com/practiceaudit/practiceaudit/calendar"
)

// FindingKind says what kind of thing [Rubric.Analyse] found.
type FindingKind string

// The kinds of finding.
const (
	RuleNeverApplies    FindingKind = "rule_never_applies"     // rules before it, or its own condition, leave it no form
	LimitNeverApplies   FindingKind = "limit_never_applies"    // its condition holds of no form
	GradeOutOfReach     FindingKind = "grade_out_of_reach"     // limits leave it to no form: nobody can give it
	GradeNotSuggested   FindingKind = "grade_not_suggested"    // no form has it suggested; people may give it
	AlwaysHolds         FindingKind = "always_holds"           // a condition, or a part of one, that holds of every form
	NeverHolds          FindingKind = "never_holds"            // … of no form
	ThresholdOutOfReach FindingKind = "threshold_out_of_reach" // a comparison with a number that no form passes, or every form
	Gap                 FindingKind = "gap"                    // forms for which no rule suggests a grade, though rules suggest
	EvidenceLowers      FindingKind = "evidence_lowers"        // more evidence lowers a grade
	BottomLineNoLimit   FindingKind = "bottom_line_no_limit"   // a form with a missed bottom line can get the best grade
	UnreadLines         FindingKind = "unread_lines"           // lines that no rule reads
	UnreadFact          FindingKind = "unread_fact"            // a fact that nothing reads
	SameRules           FindingKind = "same_rules"             // two limits, or two rules, that say the same of every form
)

// Finding is one thing about a rubric that its author should know. It is proved:
// it holds of every form, or Form is one that shows it.
type Finding struct {
	Kind FindingKind

	// At is what it is about, as an explanation under "accepted" names it:
	// "referral.suggest.2", "overall.limit.1", "referral.good_lines",
	// "facts.consent", "referral.outstanding". Kind and At name one finding.
	At string

	// Text says it in plain English.
	Text string

	// Place is where in the file; its Error shows the line with a caret and Text.
	Place Mistake

	// Form is the smallest form that shows it, nil where there is none to show: of
	// all that show it, one that departs least from a file in which everything is as
	// it should be. Then is the same form with more evidence, of EvidenceLowers.
	Form, Then *Answers

	// Shown is Form as the file could hold it under "examples", in YAML; "" without.
	Shown string

	// Accepted is the file's own explanation; "" if it has none.
	Accepted string
}

// ConditionCoverage says which of the file's own examples show a condition to hold,
// and which show it not to hold.
type ConditionCoverage struct {
	At       string // "referral.suggest.1", "referral.allocated_24h.met when"
	When     string // the condition as written
	Place    Mistake
	Holds    string // the name of an example in which it holds; "" if none shows it
	HoldsNot string
	Missing  []string // an example, in YAML, for each outcome that a form has and none of them shows
}

// Analysis is what is true of a rubric on every form that there can be.
type Analysis struct {
	Rubric Ref

	// Forms is how many forms were covered: every way to answer every line,
	// to tell the facts apart, and to judge the sections.
	Forms *big.Int

	// Findings are in file order, those that the file explains among them.
	Findings []Finding

	// MostWithMissed is the best grade that any form with a missed bottom line can
	// get, whatever is suggested and whoever judges: the guarantee of the bottom
	// lines.
	MostWithMissed Grade

	// Coverage has every condition of the file, in file order.
	Coverage []ConditionCoverage

	// Stale are explanations under "accepted" that explain no finding, each in its
	// place.
	Stale Mistakes
}

// Unexplained are the findings that the file does not explain.
func (a *Analysis) Unexplained() []Finding {
	if a == nil {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(a.Findings), func(f Finding) bool { return f.Accepted != "" })
}

// Err is every finding that the file does not explain and every stale explanation,
// in file order, as a [Mistakes]; nil if there is none.
func (a *Analysis) Err() error {
	if a == nil {
		return nil
	}
	ms := slices.Clone(a.Stale)
	for _, f := range a.Unexplained() {
		ms = append(ms, f.Place)
	}
	return ms.InOrder().Err()
}

// TooLargeError says that a visit of all forms would be too long.
type TooLargeError struct{ Rubric Ref }

// Error says so, and what would help.
func (e *TooLargeError) Error() string { return e.Rubric.ID + ": " + tooLargeToVisit }

const tooLargeToVisit = "its rules tell too many counts apart together for every form to be visited; fewer arithmetic conditions in one section, or fewer in overall, or facts that fewer sections share would help"

// Analyse visits every form and says what is true of all of them. It needs a calendar
// where conditions count time; with nil each within(…) may come out either way. A
// rubric of [ParseUnproved] that is too large for it is a *[TooLargeError]. It takes
// some tens of milliseconds for a rubric such as Halton's, a few seconds for one of a
// thousand lines, and longer near [MaxVisit]: every condition, and every part of one, is
// a visit of its own.
func (r *Rubric) Analyse(cal *calendar.Calendar) (*Analysis, error) {
	if r == nil || len(r.grades) == 0 {
		return nil, errNoRubric
	}
	p := &prover{r: r, a: &Analysis{Rubric: r.ref}}
	if r.unproved != "" || !visited(func() { p.prove(cal) }) {
		return nil, &TooLargeError{r.ref}
	}
	slices.SortStableFunc(p.a.Findings, func(a, b Finding) int {
		return cmp.Or(a.Place.Line-b.Place.Line, a.Place.Column-b.Place.Column)
	})
	p.accept()
	return p.a, nil
}
