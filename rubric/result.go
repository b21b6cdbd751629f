package rubric

// Result is what the rubric says about a form. It is plain data: changing it
// changes nothing else.
type Result struct {
	Sections []SectionResult // every section, in file order
	Overall  OverallResult

	// Complete reports whether every question that matters has its answer:
	// no line of a section that applies, and no fact that decides one, is open.
	Complete bool

	// UnansweredFacts are the facts that are not known and that a line or a
	// rule waits for, in file order.
	UnansweredFacts []string

	// BottomLinesMissed are the bottom lines partly or not evidenced, those an
	// auditor added last. BottomLinesUnanswered may still turn out missed.
	// BottomLinesExcepted are not needed by the rubric's own exception.
	BottomLinesMissed     []LineRef
	BottomLinesUnanswered []LineRef
	BottomLinesExcepted   []LineRef
}

// SectionResult is what the rubric says about one section.
type SectionResult struct {
	Section    string
	Applies    bool // false: nothing else here is set
	Suggestion Suggestion
	Limits     []Limit  // every limit of the section, in file order
	Judgement  Grade    // a person's, from the answers; "" if there is none
	Unanswered []string // lines still open, in file order
}

// OverallResult is what the rubric says about the file as a whole.
type OverallResult struct {
	Suggestion Suggestion
	Limits     []Limit // every limit on the file, in file order
}

// Suggestion is the grade that the rules suggest. It is never above a limit
// that applies. The judgement is a person's.
type Suggestion struct {
	// Grade is set when Determined is true and None is false.
	Grade Grade

	// Determined: no answer still open can change the outcome.
	Determined bool

	// None: no rule suggests a grade here; it is judged freely.
	None bool

	// Possible holds every grade the open answers may still lead to, worst
	// first. It may hold a grade that they cannot lead to, never lacks one that
	// they can. Empty when None is certain.
	Possible []Grade

	// Rule counts the rules from 1 and says which one applied; 0 when that is
	// not determined or no rule suggests. When, Because and Source are that
	// rule's own; When is "" for the last rule, which needs no condition, and
	// Source is "our reading" where the file names none.
	Rule    int
	When    string
	Because string
	Source  string

	// Lines are those that decided it.
	Lines []LineRef

	// Capped: the rule's own grade was above a limit, and RuleGrade is what it
	// was.
	Capped    bool
	RuleGrade Grade
}

// Limit is a limit on a grade: where it applies, no grade above AtMost.
type Limit struct {
	Name       string // as in the file; "" if it has none
	AtMost     Grade
	Applies    bool // meaningful when Determined
	Determined bool // no answer still open can change whether it applies
	When       string
	Because    string
	Source     string    // "our reading" where the file names none
	Lines      []LineRef // that make it apply, or that are still open
}

// MostAllowed returns the best grade that the limits which certainly apply
// leave to a section, or with section "" to the whole file, and the limit that
// says so. The limit is nil where none applies; the grade is then the best
// there is.
func (r *Rubric) MostAllowed(res *Result, section string) (Grade, *Limit) {
	return r.tightest(res, section, func(l Limit) bool { return l.Determined && l.Applies })
}

// MostCertain is as MostAllowed, but counts every limit that may still apply:
// no answer still open can bring the grade below it.
func (r *Rubric) MostCertain(res *Result, section string) (Grade, *Limit) {
	return r.tightest(res, section, func(l Limit) bool { return !l.Determined || l.Applies })
}

func (r *Rubric) tightest(res *Result, section string, counts func(Limit) bool) (Grade, *Limit) {
	most, by := r.Best(), (*Limit)(nil)
	for _, l := range res.limits(section) {
		if counts(l) && (by == nil || r.Rank(l.AtMost) < r.Rank(most)) {
			most, by = l.AtMost, &l
		}
	}
	return most, by
}

// limits are those of a section, or with section "" of the whole file.
func (res *Result) limits(section string) []Limit {
	switch {
	case res == nil:
		return nil
	case section == "":
		return res.Overall.Limits
	}
	for i := range res.Sections {
		if res.Sections[i].Section == section {
			return res.Sections[i].Limits
		}
	}
	return nil
}
