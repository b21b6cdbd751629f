package rubric

// part is what the rules come to for one section, or for the whole file: small
// numbers, from which a Result tells the rest when it is asked.
type part struct {
	applies  bool
	freely   bool   // no rule suggests a grade
	rule     int8   // the first rule that applies or still may; -1 for none
	possible ranks  // grades, after the limits
	limits   uint32 // that apply, by their place
	open     uint32 // that may apply
}

// Grade works out what the rubric says of the form: the limits that apply and
// the grade that is suggested, for each section and for the file. What an open
// answer could still change is said to be undetermined, never guessed.
func (f *Form) Grade() *Result {
	res := &Result{}
	res.Grade(f)
	return res
}

// Grade grades a form into res and forgets what res held before. It is as
// [Form.Grade], for programs that grade many forms: a complete form is graded
// without allocating once res has graded one of the same rubric. A form that
// does not come from [Rubric.Form] leaves res as the zero Result.
func (res *Result) Grade(f *Form) {
	if f == nil || f.r == nil {
		*res = Result{}
		return
	}
	r := f.r
	if n := len(r.sections); len(res.parts) != n+1 {
		res.parts, res.env.grades = make([]part, n+1), make([]ranks, n)
	}
	res.env.r, res.env.f = r, f
	settled := f.complete
	for i := range r.sections {
		p := &res.parts[i]
		if !f.applies[i] {
			*p, res.env.grades[i] = part{rule: -1}, 0
			continue
		}
		res.part(p, &r.sections[i].rules, f.complete)
		grades := p.possible
		if rank := f.judgements[i]; rank >= 0 {
			grades = 1 << rank
		}
		res.env.grades[i] = grades
		settled = settled && grades.settled()
	}
	res.part(&res.parts[len(r.sections)], &r.overall, settled)
}

// part applies the rules of one section, or of the file: by tests on bits where
// everything that they read is settled, else by walking the conditions.
func (res *Result) part(p *part, rs *rules, settled bool) {
	if !settled {
		*p = rs.walk(&res.env)
		return
	}
	e := &res.env
	program := &e.r.program
	*p = part{applies: true, rule: int8(program.run(rs.entry, e))}
	if int(p.rule) == len(rs.suggest) {
		p.rule = -1
	}
	most := len(e.r.grades) - 1
	for i := range rs.limits {
		if l := &rs.limits[i]; program.run(l.entry, e) == holdsSo {
			p.limits |= 1 << i
			most = min(most, l.atMost)
		}
	}
	if p.rule < 0 || rs.suggest[p.rule].grade == freely {
		p.freely, p.possible = true, upTo(most)
		return
	}
	p.possible = 1 << min(most, rs.suggest[p.rule].grade)
}

// walk applies rules to a form of which something may be open.
func (rs *rules) walk(e *env) part {
	p := rs.walkSuggestions(e)
	for i := range rs.limits {
		rule := &rs.limits[i]
		capped := p.possible.cap(rule.atMost)
		switch rule.when.root.eval(e) {
		case yes:
			p.limits |= 1 << i
			p.possible = capped
		case undetermined:
			p.open |= 1 << i
			p.possible |= capped
		}
	}
	return p
}

// walkSuggestions finds the first rule that applies or may, and every grade that
// the rules can still suggest.
func (rs *rules) walkSuggestions(e *env) part {
	p := part{applies: true, rule: -1}
	every := upTo(len(e.r.grades) - 1)
	settled := true
	for i := range rs.suggest {
		rule := &rs.suggest[i]
		applies := yes
		if rule.when != nil {
			applies = rule.when.root.eval(e)
		}
		if applies == no {
			continue
		}
		if p.rule < 0 {
			p.rule = int8(i)
		}
		if rule.grade == freely {
			p.freely, p.possible = settled && applies == yes, every
			return p
		}
		p.possible |= 1 << rule.grade
		if applies == yes {
			return p
		}
		settled = false
	}
	p.freely, p.possible = true, every // there are no rules: the last of any has no condition
	return p
}
