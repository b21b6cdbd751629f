package rubric

// part is what the rules come to for one section, or for the whole file: small
// numbers, from which a Result tells the rest when it is asked.
type part struct {
	applies  bool
	free     truth  // whether no rule suggests a grade
	rule     int    // the rule that applies; -1 for none, or while that is not known
	possible ranks  // grades, after the limits
	most     ranks  // the best grade that the limits leave; several while that is not known
	limits   uint32 // that apply, by their place
	open     uint32 // that may apply
}

// packed is a part of which nothing is open, in one word.
type packed uint64

const (
	limitsAt   = 0
	possibleAt = 32 // eight bits, for MaxGrades
	ruleAt     = 40 // six bits: rule + 1, for MaxRules
	mostAt     = 46 // eight bits
	freeAt     = 54 // two bits
	appliesAt  = 56
)

// nothing is the part of a section that does not apply.
const nothing = packed(0)

func (p part) pack() packed {
	return packed(p.limits) | packed(p.possible)<<possibleAt | packed(p.rule+1)<<ruleAt | packed(p.most)<<mostAt |
		packed(p.free)<<freeAt | packed(bit(p.applies))<<appliesAt
}

func (w packed) possible() ranks { return ranks(w >> possibleAt & 0xff) }
func (w packed) most() ranks     { return ranks(w >> mostAt & 0xff) }

// reads is the section's grade as the rules of the whole file read it, given the
// rank from 1 that a person judged it; 0 without.
func (w packed) reads(judged uint8) ranks {
	if judged != 0 {
		return min(1<<(judged-1), w.most())
	}
	return w.possible()
}

func (w packed) part(open uint32) part {
	return part{
		applies: w>>appliesAt&1 != 0, free: truth(w >> freeAt & 3), rule: int(w>>ruleAt&63) - 1,
		possible: w.possible(), most: w.most(), limits: uint32(w), open: open,
	}
}

// determined reports whether the rules come to one grade.
func (p part) determined() bool { return p.free == no && p.possible.settled() }

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
		res.parts, res.open = make([]packed, n+1), make([]uint32, n+1)
		res.env.parts = res.parts
	}
	if res.env.r != r {
		clear(res.keys[:]) // of sections that ask nothing
	}
	res.env.r, res.env.f = r, f
	if res.walked {
		clear(res.open)
	}
	if res.walked = !f.complete; res.walked {
		res.walk()
	} else {
		res.ask()
	}
}

// ask grades a complete form by the answers to the rubric's questions.
func (res *Result) ask() {
	e := &res.env
	r := e.r
	if settled := res.sections(); !settled { // a section that people have still to judge
		res.walked = true
		if e.f.visit != nil {
			res.put(len(r.sections), e.f.visit.parts[len(r.sections)])
		} else {
			res.put(len(r.sections), r.overall.walk(e))
		}
		return
	}
	key := r.program.file.key(e) | r.program.later(e)
	res.parts[len(r.sections)] = r.overall.outcome(e, key)
}

// sections grades the sections of a complete form and reports whether each comes
// to one grade. The second loop is the inner one: it calls nothing, so that it
// runs in registers.
func (res *Result) sections() (settled bool) {
	e, k := &res.env, &res.keys
	f, p := e.f, &e.r.program
	if p.more {
		clear(k[:len(p.bases)])
	}
	askCommon(p.common, f.lines, k)
	if p.more {
		p.rest.ask(e, k)
	}
	if !p.tabled {
		return res.follow()
	}
	parts, bases, table, lanes := res.parts[:len(p.bases)], p.bases, p.tables, p.lanes
	counts, open := uint64(0), uint64(0)
	for i := range bases {
		w, v := nothing, uint64(0)
		if f.applying>>(i&31)&1 != 0 {
			at := bases[i] + k[i&63]
			w = table[at]
			v = lanes[at<<laneBits|uint64(f.judged[i&31])]
		}
		parts[i] = w
		open |= v
		counts += v
	}
	e.counts = counts
	return open < openLane
}

// follow is as sections, for a rubric some of whose sections have no table.
func (res *Result) follow() (settled bool) {
	e := &res.env
	counts, open := uint64(0), uint64(0)
	for i := range e.r.sections {
		res.parts[i] = nothing
		if e.f.applies(i) {
			res.parts[i] = e.r.sections[i].rules.outcome(e, res.keys[i])
		}
		v := laneOf(res.parts[i], e.f.judged[i])
		open |= v
		counts += v
	}
	e.counts = counts
	return open < openLane
}

// outcome is what the answers lead to; where there were too many questions for
// answers, the conditions are walked.
func (rs *rules) outcome(e *env, key uint64) packed {
	switch {
	case rs.plan == nil:
		return rs.walk(e).pack()
	case rs.plan.table != nil:
		return rs.plan.table[key]
	}
	return rs.plan.outcome(key, rs, len(e.r.grades))
}

// walk grades a form of which something may be open.
func (res *Result) walk() {
	e := &res.env
	if v := e.f.visit; v != nil {
		for i, p := range v.parts {
			res.put(i, p)
		}
		return
	}
	for i := range e.r.sections {
		if e.f.applies(i) {
			e.inside = i + 1
			res.put(i, e.r.sections[i].rules.walk(e))
		} else {
			res.parts[i] = nothing
		}
	}
	e.inside = 0
	res.put(len(e.r.sections), e.r.overall.walk(e))
}

func (res *Result) put(i int, p part) { res.parts[i], res.open[i] = p.pack(), p.open }

// part is a section, or the file, which comes last.
func (res *Result) part(i int) part { return res.parts[i].part(res.open[i]) }

// walk applies rules to a form of which something may be open.
func (rs *rules) walk(e *env) part {
	p := rs.walkSuggestions(e)
	for i := range rs.limits {
		rule := &rs.limits[i]
		capped := p.possible.cap(rule.atMost)
		switch rule.when.root.eval(e) {
		case yes:
			p.limits |= 1 << i
			p.possible, p.most = capped, p.most.cap(rule.atMost)
		case undetermined:
			p.open |= 1 << i
			p.possible |= capped
			p.most |= p.most.cap(rule.atMost)
		}
	}
	return p
}

// walkSuggestions finds the rule that applies, where that is known, and every grade
// that the rules can still suggest.
func (rs *rules) walkSuggestions(e *env) part {
	every := upTo(len(e.r.grades) - 1)
	p := part{applies: true, rule: -1, most: 1 << (len(e.r.grades) - 1)}
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
		if settled && applies == yes {
			p.rule = i
		}
		if rule.grade == freely {
			p.free, p.possible = between(true, settled), every
			return p
		}
		p.possible |= 1 << rule.grade
		if applies == yes {
			return p
		}
		settled = false
	}
	p.free, p.possible = yes, every // there are no rules: the last of any has no condition
	return p
}
