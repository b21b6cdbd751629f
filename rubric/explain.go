package rubric

import "fmt"

// Explanation says in plain English why a form comes to its grades: for each
// section and for the file what decided it, what limits the grade and why it is
// not a better one. It is plain data, in JSON without what is empty;
// [Explanation.Text] and [Explanation.Markdown] write it for a reader.
type Explanation struct {
	Title         string                     `json:"title"`
	Sections      []PartExplanation          `json:"sections,omitempty"`
	Overall       PartExplanation            `json:"overall"`
	Contradictory []ContradictionExplanation `json:"contradictory,omitempty"`
	Unproved      string                     `json:"unproved,omitempty"` // of a rubric that is: see [Rubric.Unproved]
	Closing       string                     `json:"closing"`            // whose the judgement is
}

// PartExplanation explains one section, or the whole file.
type PartExplanation struct {
	Section     string             `json:"section"` // "" for the file
	Title       string             `json:"title"`
	Note        string             `json:"note,omitempty"`          // what the rubric remarks about the section: "source incomplete"
	Applies     bool               `json:"applies"`                 // false: nothing else here is set
	MayNotApply bool               `json:"may_not_apply,omitempty"` // it is not known whether the section applies
	Freely      bool               `json:"freely,omitempty"`        // no rule suggests a grade
	Suggested   string             `json:"suggested,omitempty"`     // the grade's title; "" while it is undetermined
	Possible    []string           `json:"possible,omitempty"`
	Ruled       string             `json:"ruled,omitempty"` // what the rule itself says, where a limit leaves less; else ""
	Rule        string             `json:"rule,omitempty"`  // in words; "" for a rule without a condition
	Because     string             `json:"because,omitempty"`
	Source      string             `json:"source,omitempty"`
	Grounds     Grounds            `json:"grounds,omitzero"`
	Limits      []LimitExplanation `json:"limits,omitempty"`
	Excepted    []LineExplanation  `json:"excepted,omitempty"`   // bottom lines that are not needed
	Judgement   string             `json:"judgement,omitempty"`  // a person's
	Counts      string             `json:"counts,omitempty"`     // the grade that the rules of the whole file read, where a limit leaves less than the judgement; else ""
	Unanswered  []string           `json:"unanswered,omitempty"` // lines without an answer
	Open        []string           `json:"open,omitempty"`       // questions about facts without an answer; of the file
	Better      []Obstacles        `json:"better,omitempty"`     // why it is not a better grade, the next one first
}

// Grounds are what decided something.
type Grounds struct {
	Lines    []LineExplanation `json:"lines,omitempty"`
	Facts    []FactExplanation `json:"facts,omitempty"`
	Sections []SectionGround   `json:"sections,omitempty"`
}

func (g Grounds) empty() bool { return len(g.Lines)+len(g.Facts)+len(g.Sections) == 0 }

// LineExplanation is a line and how it was answered.
type LineExplanation struct {
	Section string            `json:"section"` // its title
	Text    string            `json:"text"`
	Answer  string            `json:"answer"`
	Because string            `json:"because,omitempty"` // why it is not needed, in words; "" for any other line
	From    []FactExplanation `json:"from,omitempty"`    // of a line that is worked out: from what
	Fixed   bool              `json:"fixed,omitempty"`   // about a past that nothing done now can change
}

// FactExplanation is a question about the file and its answer.
type FactExplanation struct {
	Ask    string `json:"ask"`
	Answer string `json:"answer"`
	Fixed  bool   `json:"fixed,omitempty"`
}

// SectionGround is a section's grade as the rules of the whole file read it.
type SectionGround struct {
	Section string `json:"section"`          // its title
	Absent  bool   `json:"absent,omitempty"` // it is not part of this audit, and has no grade
	Grade   string `json:"grade"`            // "" while it is not determined
	Judged  bool   `json:"judged,omitempty"` // by a person; else suggested
}

// LimitExplanation is a limit that applies, or may.
type LimitExplanation struct {
	AtMost     string  `json:"at_most"`
	Determined bool    `json:"determined"`
	Because    string  `json:"because,omitempty"`
	Source     string  `json:"source,omitempty"`
	Grounds    Grounds `json:"grounds,omitzero"`
}

// Obstacles are what stands between a form and a better grade.
type Obstacles struct {
	Grade   string   `json:"grade"`
	Needs   string   `json:"needs,omitempty"`  // the rule that suggests it and lacks least, in words; "" if it has no condition, or there is none
	None    bool     `json:"none,omitempty"`   // no rule suggests it
	Limits  []string `json:"limits,omitempty"` // why limits leave less
	Grounds Grounds  `json:"grounds,omitzero"`
}

// ContradictionExplanation is a pair of answers that hardly both are right.
type ContradictionExplanation struct {
	Section string             `json:"section"`
	Lines   [2]LineExplanation `json:"lines,omitempty"`
}

const closing = "The rubric suggests and limits. The judgement is yours: read the evidence, and say in your own words why."

// Explain explains what the result says. The explanation of a result that has
// graded nothing is empty but for its closing words.
func (res *Result) Explain() Explanation {
	x := Explanation{Closing: closing}
	r := res.env.r
	if r == nil {
		return x
	}
	x.Title, x.Unproved = r.title, res.Unproved()
	for i := range r.sections {
		s := &r.sections[i]
		p := PartExplanation{Section: s.id, Title: s.title, Note: s.note}
		if part := res.part(i); part.applies {
			res.explain(&p, part, &s.rules)
			res.explainSection(&p, i)
		}
		x.Sections = append(x.Sections, p)
	}
	x.Overall = PartExplanation{Title: "The file as a whole"}
	res.explain(&x.Overall, res.part(len(r.sections)), &r.overall)
	for i := range r.facts {
		if !res.env.f.facts[i].known && res.env.f.matters(i) {
			x.Overall.Open = append(x.Overall.Open, r.facts[i].ask)
		}
	}
	for _, c := range res.Contradictions() {
		lines := res.lines(c.Lines[:])
		x.Contradictory = append(x.Contradictory, ContradictionExplanation{Section: lines[0].Section, Lines: [2]LineExplanation(lines)})
	}
	return x
}

// explain says what the rules of a part come to.
func (res *Result) explain(x *PartExplanation, p part, rs *rules) {
	r := res.env.r
	x.Applies, x.Freely = true, p.free == yes
	for rank := range r.grades {
		if p.possible.has(rank) {
			x.Possible = append(x.Possible, r.grades[rank].title)
		}
	}
	determined := p.determined()
	if determined {
		x.Suggested = r.grades[p.possible.worst()].title
	}
	if p.rule >= 0 && rs.suggest[p.rule].grade != freely {
		rule := &rs.suggest[p.rule]
		x.Because, x.Source = rule.because, rule.source
		if determined && rule.grade != p.possible.worst() {
			x.Ruled = r.grades[rule.grade].title
		}
		if rule.when != nil {
			x.Rule, x.Grounds = rule.when.root.words(r, false), res.grounds(rs, rule.when)
		}
	}
	for i := range rs.limits {
		l := &rs.limits[i]
		if (p.limits|p.open)&(1<<i) != 0 {
			x.Limits = append(x.Limits, LimitExplanation{
				AtMost: r.grades[l.atMost].title, Determined: p.open&(1<<i) == 0, Because: l.because, Source: l.source, Grounds: res.grounds(rs, l.when),
			})
		}
	}
	if !determined {
		return
	}
	for rank := p.possible.worst() + 1; rank < len(r.grades); rank++ {
		x.Better = append(x.Better, res.obstacles(p, rs, rank))
	}
}

// explainSection adds what only a section has.
func (res *Result) explainSection(x *PartExplanation, i int) {
	s, f := &res.env.r.sections[i], res.env.f
	x.MayNotApply = f.mayNotApply(i)
	if rank := f.judgement(i); rank >= 0 {
		x.Judgement = res.env.r.grades[rank].title
		if most := res.part(i).most; most.settled() && most.worst() < rank {
			x.Counts = res.env.r.grades[most.worst()].title
		}
	}
	for j := range s.lines {
		switch {
		case f.unanswered(i, j):
			x.Unanswered = append(x.Unanswered, s.lines[j].text)
		case f.states[i][j] == isNotApplicable && s.lines[j].bottomLine:
			x.Excepted = append(x.Excepted, res.lines([]LineRef{s.ref(j)})...)
		}
	}
}

// obstacles says what is in the way of a grade: what a rule that suggests it still
// lacks, the rules that come before it, and the limits. Of several such rules it is
// the one with the fewest things in the way.
func (res *Result) obstacles(p part, rs *rules, rank int) Obstacles {
	r, e := res.env.r, res.reading(rs)
	o := Obstacles{Grade: r.grades[rank].title}
	for i := range rs.limits {
		if l := &rs.limits[i]; p.limits&(1<<i) != 0 && l.atMost < rank {
			o.Limits = append(o.Limits, l.because)
		}
	}
	var least *evidence
	before := &evidence{}
	for i := range rs.suggest {
		rule := &rs.suggest[i]
		if rule.grade == rank {
			ev := before.clone()
			if rule.when != nil && rule.when.root.eval(e) != yes {
				rule.when.root.decided(e, ev)
			}
			if least == nil || ev.size() < least.size() {
				least, o.Needs = ev, ""
				if rule.when != nil {
					o.Needs = rule.when.root.words(r, false)
				}
			}
		}
		if rule.when != nil && rule.when.root.eval(e) != no {
			rule.when.root.decided(e, before)
		}
	}
	if least == nil {
		o.None = true
		return o
	}
	o.Grounds = res.told(least)
	return o
}

func (res *Result) grounds(rs *rules, c *condition) Grounds {
	ev := &evidence{}
	c.root.decided(res.reading(rs), ev)
	return res.told(ev)
}

func (res *Result) told(ev *evidence) Grounds {
	r, f := res.env.r, res.env.f
	g := Grounds{Lines: res.lines(ev.lines)}
	for _, i := range ev.facts {
		g.Facts = append(g.Facts, FactExplanation{Ask: r.facts[i].ask, Answer: f.fact(i), Fixed: r.facts[i].fixed})
	}
	for _, i := range ev.sections {
		s := SectionGround{Section: r.sections[i].title, Absent: !f.applies(i), Judged: f.judgement(i) >= 0}
		if grades := res.env.grade(i); grades.settled() {
			s.Grade = r.grades[grades.worst()].title
		}
		g.Sections = append(g.Sections, s)
	}
	return g
}

// fact is the answer to a fact as a person reads it.
func (f *Form) fact(i int) string {
	x := &f.r.facts[i]
	switch v := f.facts[i]; {
	case !v.known:
		return "not answered"
	case x.typ == ChoiceFact:
		return x.of[v.n].title
	case x.typ == YesNoFact && v.n == 1:
		return "yes"
	case x.typ == YesNoFact:
		return "no"
	case x.typ == NumberFact && x.unit != "":
		return fmt.Sprintf("%d %s", v.n, x.unit)
	}
	return f.said[i]
}

func (res *Result) lines(refs []LineRef) []LineExplanation {
	r := res.env.r
	var out []LineExplanation
	for _, ref := range refs {
		i, ok := r.sectionByID[ref.Section]
		if !ok {
			out = append(out, LineExplanation{Text: ref.Text, Answer: "missed"})
			continue
		}
		s := &r.sections[i]
		l := LineExplanation{Section: s.title, Text: ref.Text, Answer: "missed"}
		if j, ok := s.lineByID[ref.Line]; ok {
			res.line(&l, i, j)
		}
		out = append(out, l)
	}
	return out
}

// line says how a line was answered, and what that comes from where people did not
// answer it.
func (res *Result) line(l *LineExplanation, i, j int) {
	s, f := &res.env.r.sections[i], res.env.f
	line, state := &s.lines[j], f.states[i][j]
	l.Text, l.Answer, l.Fixed = line.text, s.answered(j, state), line.fixed
	switch {
	case f.carries(s.id, line.id):
		l.Answer = "judged in an earlier audit"
	case line.notNeeded != nil && line.notNeeded.root.eval(&res.env) == yes:
		l.Answer, l.Because = "not needed", line.notNeeded.root.words(res.env.r, false)
	case line.met != nil:
		l.From = res.told(&evidence{facts: line.met.facts}).Facts
	}
}

// answered says what a line turned out to be.
func (s *section) answered(j int, state outcomes) string {
	strength := s.lines[j].strength
	switch {
	case !state.settled():
		return "not answered"
	case state == isNotApplicable:
		return "not applicable"
	case state == isPartly && strength:
		return "partly evidenced"
	case state == isPartly:
		return "partly seen"
	case state == isYes && strength:
		return "evidenced"
	case state == isYes:
		return "seen"
	case strength:
		return "not evidenced"
	}
	return "not seen"
}
