package rubric

// Result is what a rubric says about a form. It tells what was graded into it
// last; a program that grades into it again must not read it meanwhile, and
// otherwise any number of goroutines may. The zero Result has graded nothing.
// What its methods return is plain data: changing it changes nothing else.
type Result struct {
	parts  []packed // sections, then the whole file
	open   []uint32 // limits that may apply, likewise
	walked bool     // something may be in open
	env    env
	keys   keys
}

// SectionResult is what the rubric says about one section.
type SectionResult struct {
	Section    string
	Applies    bool // false: nothing else here is set
	Suggestion Suggestion
	Limits     []Limit  // every limit of the section, in file order
	Judgement  Grade    // a person's, from the answers; "" if there is none
	Unanswered []string // lines that people have still to answer, in file order

	MayNotApply bool // it is not known whether it applies: the service is not given
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

	// Possible holds exactly the grades that the open answers may still lead to, worst
	// first; of an unproved rubric it may hold others besides. With None it holds every
	// grade that the limits leave.
	Possible []Grade

	// Rule counts the rules from 1 and says which one applied; 0 while an open
	// answer can change that, or if no rule suggests. When, Because, Source,
	// Lines and RuleGrade are that rule's own and empty without one; When is ""
	// for the last rule, which needs no condition, and Source is "our reading"
	// where the file names none.
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

// Sections returns what the rubric says about every section, in file order.
func (res *Result) Sections() []SectionResult {
	if res.env.r == nil {
		return nil
	}
	out := make([]SectionResult, len(res.env.r.sections))
	for i := range out {
		out[i] = res.section(i)
	}
	return out
}

// Section returns what the rubric says about one section, and whether there is
// such a section.
func (res *Result) Section(id string) (SectionResult, bool) {
	if res.env.r == nil {
		return SectionResult{}, false
	}
	i, ok := res.env.r.sectionByID[id]
	if !ok {
		return SectionResult{}, false
	}
	return res.section(i), true
}

func (res *Result) section(i int) SectionResult {
	s, f, p := &res.env.r.sections[i], res.env.f, res.part(i)
	out := SectionResult{Section: s.id, Applies: p.applies}
	if !p.applies {
		return out
	}
	out.MayNotApply = f.mayNotApply(i)
	out.Suggestion, out.Limits = res.suggestion(p, &s.rules), res.limits(p, &s.rules)
	if rank := f.judgement(i); rank >= 0 {
		out.Judgement = res.env.r.gradeAt(rank)
	}
	for j := range s.lines {
		if f.unanswered(i, j) {
			out.Unanswered = append(out.Unanswered, s.lines[j].id)
		}
	}
	return out
}

// Overall returns what the rubric says about the file as a whole.
func (res *Result) Overall() OverallResult {
	if res.env.r == nil {
		return OverallResult{}
	}
	p, rs := res.part(len(res.parts)-1), &res.env.r.overall
	return OverallResult{Suggestion: res.suggestion(p, rs), Limits: res.limits(p, rs)}
}

// Suggested returns the grade suggested for a section, or with section "" for
// the whole file, and whether there is one: it is determined, the section
// applies and a rule suggests. It does not allocate.
func (res *Result) Suggested(section string) (Grade, bool) {
	p, rs := res.find(section)
	if rs == nil || !p.applies || !p.determined() {
		return "", false
	}
	return res.env.r.gradeAt(p.possible.worst()), true
}

// find returns the outcome of a section, or of the whole file, with its rules;
// nil if there is no such section.
func (res *Result) find(section string) (part, *rules) {
	r := res.env.r
	if r == nil {
		return part{}, nil
	}
	if section == "" {
		return res.part(len(res.parts) - 1), &r.overall
	}
	i, ok := r.sectionByID[section]
	if !ok {
		return part{}, nil
	}
	return res.part(i), &r.sections[i].rules
}

func (res *Result) suggestion(p part, rs *rules) Suggestion {
	r := res.env.r
	s := Suggestion{None: p.free == yes}
	for rank := range r.grades {
		if p.possible.has(rank) {
			s.Possible = append(s.Possible, r.gradeAt(rank))
		}
	}
	s.Determined = p.determined()
	if p.rule >= 0 && rs.suggest[p.rule].grade != freely {
		rule := &rs.suggest[p.rule]
		s.Rule, s.Because, s.Source, s.RuleGrade = int(p.rule)+1, rule.because, rule.source, r.gradeAt(rule.grade)
		if rule.when != nil {
			s.When, s.Lines = rule.when.text, res.deciding(rs, rule.when)
		}
	}
	if s.Determined {
		s.Grade = s.Possible[0]
		s.Capped = s.RuleGrade != "" && s.RuleGrade != s.Grade
	}
	return s
}

func (res *Result) limits(p part, rs *rules) []Limit {
	var limits []Limit
	for i := range rs.limits {
		limits = append(limits, res.limit(p, rs, i))
	}
	return limits
}

func (res *Result) limit(p part, rs *rules, i int) Limit {
	rule := &rs.limits[i]
	return Limit{
		Name: rule.name, AtMost: res.env.r.gradeAt(rule.atMost), Applies: p.limits&(1<<i) != 0, Determined: p.open&(1<<i) == 0,
		When: rule.when.text, Because: rule.because, Source: rule.source, Lines: res.deciding(rs, rule.when),
	}
}

// deciding are the lines that made a condition come to what it came to.
func (res *Result) deciding(rs *rules, c *condition) []LineRef {
	ev := &evidence{}
	c.root.decided(res.reading(rs), ev)
	return res.env.r.texts(ev.lines)
}

// reading is the form as the rules of a part read it.
func (res *Result) reading(rs *rules) *env {
	e := res.env
	for i := range e.r.sections {
		if rs == &e.r.sections[i].rules {
			e.inside = i + 1
		}
	}
	return &e
}

// MostAllowed returns the best grade that the limits which certainly apply
// leave to a section, or with section "" to the whole file, and the limit that
// says so. The limit is nil where none applies; the grade is then the best
// there is. Where it is certain that one of several limits applies and open which, it is
// one of those.
func (res *Result) MostAllowed(section string) (Grade, *Limit) {
	grade, limit := res.tightest(section, func(p part) uint32 { return p.limits })
	p, rs := res.find(section)
	if rs == nil || !p.applies {
		return grade, limit
	}
	if most := p.atMost(); most < res.env.r.Rank(grade) { // one of several applies, it is not known which
		for i := range rs.limits {
			if p.open&(1<<i) != 0 && rs.limits[i].atMost == most {
				one := res.limit(p, rs, i)
				return res.env.r.gradeAt(most), &one
			}
		}
	}
	return grade, limit
}

// MostCertain is as MostAllowed, but counts every limit that may still apply:
// no answer still open can bring the grade below it.
func (res *Result) MostCertain(section string) (Grade, *Limit) {
	return res.tightest(section, func(p part) uint32 { return p.limits | p.open })
}

func (res *Result) tightest(section string, counts func(part) uint32) (Grade, *Limit) {
	p, rs := res.find(section)
	if rs == nil {
		return "", nil
	}
	by := -1
	for i := range rs.limits {
		if counts(p)&(1<<i) != 0 && (by < 0 || rs.limits[i].atMost < rs.limits[by].atMost) {
			by = i
		}
	}
	if by < 0 {
		return res.env.r.Best(), nil
	}
	limit := res.limit(p, rs, by)
	return limit.AtMost, &limit
}

// Complete reports whether every question that matters has its answer: which
// sections apply, every line of those, and every fact that they or the rules of
// the whole file read.
func (res *Result) Complete() bool { return res.env.f != nil && res.env.f.complete }

// UnansweredFacts are the facts that are not known and that a section which
// applies, or a rule of the whole file, reads, in file order.
func (res *Result) UnansweredFacts() []string {
	var names []string
	if f := res.env.f; f != nil {
		for i := range f.facts {
			if !f.facts[i].known && f.matters(i) {
				names = append(names, f.r.facts[i].name)
			}
		}
	}
	return names
}

// BottomLinesMissed are the bottom lines partly or not evidenced, those that an
// auditor added first.
func (res *Result) BottomLinesMissed() []LineRef {
	var refs []LineRef
	if res.env.f != nil {
		for _, x := range res.env.f.extras {
			refs = append(refs, LineRef{Section: x.Section, Text: x.Text})
		}
	}
	return append(refs, res.bottomLines(func(o outcomes) bool { return o.surely(isPartly | isNo) })...)
}

// BottomLinesUnanswered are the bottom lines that may still turn out missed.
func (res *Result) BottomLinesUnanswered() []LineRef {
	return res.bottomLines(func(o outcomes) bool {
		return !o.surely(isPartly|isNo) && !o.surely(isNotApplicable) && !o.surely(isYes)
	})
}

// BottomLinesExcepted are the bottom lines that are not needed, by the rubric's
// own exception or because an earlier audit judged them.
func (res *Result) BottomLinesExcepted() []LineRef {
	return res.bottomLines(func(o outcomes) bool { return o.surely(isNotApplicable) })
}

// bottomLines are those of the sections that apply, in file order.
func (res *Result) bottomLines(is func(outcomes) bool) []LineRef {
	var refs []LineRef
	f := res.env.f
	if f == nil {
		return nil
	}
	for i := range f.r.sections {
		s := &f.r.sections[i]
		for j := range s.lines {
			if l := &s.lines[j]; f.applies(i) && l.bottomLine && is(res.env.state(i, j)) {
				refs = append(refs, LineRef{Section: s.id, Line: l.id, Text: l.text})
			}
		}
	}
	return refs
}

// texts gives each reference the words of its line.
func (r *Rubric) texts(refs []LineRef) []LineRef {
	for i, ref := range refs {
		if s, ok := r.sectionByID[ref.Section]; ok {
			if j, ok := r.sections[s].lineByID[ref.Line]; ok {
				refs[i].Text = r.sections[s].lines[j].text
			}
		}
	}
	return refs
}
