package rubric

// Grade works out what the rubric says of a form: the limits that apply and the
// grade that is suggested, for each section and for the file. What an open
// answer could still change is said to be undetermined, never guessed.
func (r *Rubric) Grade(f *Form) *Result {
	res := &Result{Complete: true}
	e := &env{r: r, f: f, grades: make([]ranks, len(r.sections))}
	for i := range r.sections {
		s := &r.sections[i]
		part := SectionResult{Section: s.id, Applies: f.applies[i]}
		if part.Applies {
			var possible ranks
			part.Suggestion, part.Limits, possible = r.judge(e, s.rules)
			e.grades[i] = possible
			if rank := f.judgements[i]; rank >= 0 {
				part.Judgement, e.grades[i] = r.gradeAt(rank), 1<<rank
			}
			part.Unanswered = r.lines(f, i, res)
		}
		res.Sections = append(res.Sections, part)
		res.Complete = res.Complete && len(part.Unanswered) == 0
	}
	for _, x := range f.extras {
		res.BottomLinesMissed = append(res.BottomLinesMissed, LineRef{Section: x.Section, Text: x.Text})
	}
	for i := range r.facts {
		if !f.facts[i].known {
			res.UnansweredFacts = append(res.UnansweredFacts, r.facts[i].name)
			res.Complete = false
		}
	}
	res.Overall.Suggestion, res.Overall.Limits, _ = r.judge(e, r.overall)
	return res
}

// lines lists a section's open lines and adds its bottom lines to the result.
func (r *Rubric) lines(f *Form, i int, res *Result) (unanswered []string) {
	s := &r.sections[i]
	for j := range s.lines {
		l, state := &s.lines[j], f.states[i][j]
		ref := LineRef{Section: s.id, Line: l.id, Text: l.text}
		if !state.settled() {
			unanswered = append(unanswered, l.id)
		}
		switch {
		case !l.bottomLine:
		case state.surely(isPartly | isNo):
			res.BottomLinesMissed = append(res.BottomLinesMissed, ref)
		case state.surely(isNotApplicable):
			res.BottomLinesExcepted = append(res.BottomLinesExcepted, ref)
		case !state.surely(isYes):
			res.BottomLinesUnanswered = append(res.BottomLinesUnanswered, ref)
		}
	}
	return unanswered
}

// judge applies the rules of one section, or of the file.
func (r *Rubric) judge(e *env, rs rules) (Suggestion, []Limit, ranks) {
	s, possible := r.suggest(e, rs.suggest)
	var limits []Limit
	for i := range rs.limits {
		rule := &rs.limits[i]
		applies := rule.when.root.eval(e)
		ev := &evidence{}
		rule.when.root.decided(e, ev)
		limits = append(limits, Limit{
			Name: rule.name, AtMost: r.gradeAt(rule.atMost), Applies: applies == yes, Determined: applies.determined(),
			When: rule.when.text, Because: rule.because, Source: rule.source, Lines: r.texts(ev.lines),
		})
		switch capped := possible.cap(rule.atMost); {
		case applies == yes:
			possible = capped
		case applies == undetermined:
			possible |= capped
		}
	}
	s.Possible = nil
	for rank := range r.grades {
		if possible.has(rank) {
			s.Possible = append(s.Possible, r.gradeAt(rank))
		}
	}
	s.Determined = possible.settled() && !s.None
	if s.Determined {
		s.Grade = s.Possible[0]
		s.Capped = s.RuleGrade != "" && s.RuleGrade != s.Grade
	}
	return s, limits, possible
}

// suggest finds the first rule that applies, and every grade that the rules can
// still suggest.
func (r *Rubric) suggest(e *env, rs []suggestRule) (Suggestion, ranks) {
	var s Suggestion
	var possible ranks
	settled := true
	for i := range rs {
		rule := &rs[i]
		applies := yes
		if rule.when != nil {
			applies = rule.when.root.eval(e)
		}
		if applies == no {
			continue
		}
		if rule.grade == freely {
			s.None = settled && applies == yes
			return s, upTo(len(r.grades) - 1)
		}
		possible |= 1 << rule.grade
		if s.Rule == 0 {
			s.Rule, s.Because, s.Source, s.RuleGrade = i+1, rule.because, rule.source, r.gradeAt(rule.grade)
			if rule.when != nil {
				ev := &evidence{}
				rule.when.root.decided(e, ev)
				s.When, s.Lines = rule.when.text, r.texts(ev.lines)
			}
		}
		if applies == yes {
			return s, possible
		}
		settled = false
	}
	s.None = true
	return s, upTo(len(r.grades) - 1)
}

// texts gives each reference the words of its line.
func (r *Rubric) texts(refs []LineRef) []LineRef {
	for i := range refs {
		if l, ok := r.Line(refs[i].Section, refs[i].Line); ok {
			refs[i].Text = l.Text
		}
	}
	return refs
}
