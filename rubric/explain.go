package rubric

import (
	"fmt"
	"slices"
	"strings"
)

// Explanation says in plain English why a form comes to its grades: for each
// section and for the file the rule that applied, the lines that decided it,
// what limits the grade and why it is not better. Text writes it for a reader.
type Explanation struct {
	Title    string
	Sections []PartExplanation
	Overall  PartExplanation
	Closing  string // whose the judgement is
}

// PartExplanation explains one section, or the whole file.
type PartExplanation struct {
	Section    string // "" for the file
	Title      string
	Applies    bool
	Freely     bool     // no rule suggests a grade
	Suggested  string   // the grade's title; "" while it is undetermined
	Possible   []string // titles of the grades still possible
	Rule       string   // in words
	Because    string
	Source     string
	Lines      []LineExplanation // that decided it
	Limits     []LimitExplanation
	Judgement  string // a person's
	Unanswered []string
	Better     []Obstacles // why it is not a better grade
}

// LineExplanation is a line and how it was answered.
type LineExplanation struct {
	Section string // its title
	Text    string
	Answer  string
	Fixed   bool // about a past that nothing done now can change
}

// LimitExplanation is a limit that applies, or may.
type LimitExplanation struct {
	AtMost     string
	Determined bool
	Because    string
	Source     string
	Lines      []LineExplanation
}

// Obstacles are what stands between a form and a better grade.
type Obstacles struct {
	Grade string
	Needs string // the rule in words; "" if no rule suggests this grade
	Lines []LineExplanation
}

const closing = "The rubric suggests and limits. The judgement is yours: read the evidence, and say in your own words why."

// Explain explains a result of Grade on the same form.
func (r *Rubric) Explain(f *Form, res *Result) Explanation {
	x := Explanation{Title: r.title, Closing: closing}
	e := &env{r: r, f: f, grades: r.gradesOf(f, res)}
	for i := range r.sections {
		s := &r.sections[i]
		part := res.Sections[i]
		p := PartExplanation{Section: s.id, Title: s.title, Applies: part.Applies, Judgement: r.titleOf(part.Judgement)}
		if part.Applies {
			r.explain(e, &p, part.Suggestion, part.Limits, s.rules)
			for _, id := range part.Unanswered {
				p.Unanswered = append(p.Unanswered, s.lines[s.lineByID[id]].text)
			}
		}
		x.Sections = append(x.Sections, p)
	}
	x.Overall = PartExplanation{Title: "The file as a whole", Applies: true}
	r.explain(e, &x.Overall, res.Overall.Suggestion, res.Overall.Limits, r.overall)
	return x
}

// gradesOf are the grades of the sections as the whole file reads them.
func (r *Rubric) gradesOf(f *Form, res *Result) []ranks {
	grades := make([]ranks, len(r.sections))
	for i, part := range res.Sections {
		for _, g := range part.Suggestion.Possible {
			grades[i] |= 1 << r.Rank(g)
		}
		if rank := f.judgements[i]; rank >= 0 && part.Applies {
			grades[i] = 1 << rank
		}
	}
	return grades
}

func (r *Rubric) titleOf(g Grade) string {
	if g == "" {
		return ""
	}
	return r.GradeTitle(g)
}

func (r *Rubric) explain(e *env, p *PartExplanation, s Suggestion, limits []Limit, rs rules) {
	p.Freely, p.Because, p.Source = s.None, s.Because, s.Source
	if s.Determined {
		p.Suggested = r.GradeTitle(s.Grade)
	}
	for _, g := range s.Possible {
		p.Possible = append(p.Possible, r.GradeTitle(g))
	}
	if !s.None && s.Rule > 0 {
		p.Rule = "no other rule applies"
		if when := rs.suggest[s.Rule-1].when; when != nil {
			p.Rule = when.root.words(r, false)
		}
		p.Lines = r.linesOf(e.f, s.Lines)
	}
	for _, l := range limits {
		if l.Applies || !l.Determined {
			p.Limits = append(p.Limits, LimitExplanation{
				AtMost: r.GradeTitle(l.AtMost), Determined: l.Determined, Because: l.Because, Source: l.Source, Lines: r.linesOf(e.f, l.Lines),
			})
		}
	}
	if !s.Determined || s.None {
		return
	}
	for rank := r.Rank(s.Grade) + 1; rank < len(r.grades); rank++ {
		if o, ok := r.obstacles(e, rs, rank); ok {
			p.Better = append(p.Better, o)
		}
	}
}

// obstacles says what the first rule that suggests a grade still lacks.
func (r *Rubric) obstacles(e *env, rs rules, rank int) (Obstacles, bool) {
	o := Obstacles{Grade: r.grades[rank].title}
	ev := &evidence{}
	found := false
	for _, rule := range rs.suggest {
		if rule.grade == rank {
			found = true
			if rule.when != nil {
				o.Needs = rule.when.root.words(r, false)
				if rule.when.root.eval(e) != yes {
					rule.when.root.decided(e, ev)
				}
			}
			break
		}
		if rule.when != nil && rule.when.root.eval(e) != no {
			rule.when.root.decided(e, ev)
		}
	}
	o.Lines = r.linesOf(e.f, r.texts(ev.lines))
	return o, found
}

func (r *Rubric) linesOf(f *Form, refs []LineRef) []LineExplanation {
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
			l.Answer, l.Fixed = s.answered(j, f.states[i][j]), s.lines[j].fixed
			if f.carried[i][j] {
				l.Answer = "judged in an earlier audit"
			}
		}
		out = append(out, l)
	}
	return out
}

// answered says what a line turned out to be.
func (s *section) answered(j int, state outcomes) string {
	strength := s.strength(j)
	switch {
	case !state.settled():
		return "not answered"
	case state == isNotApplicable:
		return "not applicable"
	case state == isPartly:
		return "partly evidenced"
	case state == isYes && strength:
		return "evidenced"
	case state == isYes:
		return "seen"
	case strength:
		return "not evidenced"
	}
	return "not seen"
}

// Text is the explanation for a terminal or a letter.
func (x Explanation) Text() string {
	var b strings.Builder
	for _, p := range slices.Concat(x.Sections, []PartExplanation{x.Overall}) {
		p.write(&b)
	}
	b.WriteString(x.Closing + "\n")
	return b.String()
}

// mostLines is how many lines a text names before it says how many are left.
const mostLines = 6

func (p PartExplanation) write(b *strings.Builder) {
	if !p.Applies {
		fmt.Fprintf(b, "%s: does not apply.\n\n", p.Title)
		return
	}
	switch {
	case p.Freely:
		fmt.Fprintf(b, "%s: judged freely; no rule suggests a grade.\n", p.Title)
	case p.Suggested == "":
		fmt.Fprintf(b, "%s: not determined yet; still possible: %s.\n", p.Title, strings.Join(p.Possible, ", "))
	default:
		fmt.Fprintf(b, "%s: the rubric suggests %s.\n", p.Title, p.Suggested)
		fmt.Fprintf(b, "  Because %s", p.Rule)
		if p.Because != "" {
			fmt.Fprintf(b, ": %s", strings.TrimSuffix(p.Because, "."))
		}
		fmt.Fprintf(b, " (%s).\n", p.Source)
		writeLines(b, p.Lines)
	}
	if p.Judgement != "" {
		fmt.Fprintf(b, "  Judged: %s.\n", p.Judgement)
	}
	for _, l := range p.Limits {
		if l.Determined {
			fmt.Fprintf(b, "  Limit: at most %s. %s (%s).\n", l.AtMost, strings.TrimSuffix(l.Because, "."), l.Source)
		} else {
			fmt.Fprintf(b, "  Perhaps limited to %s: it depends on what is not answered yet.\n", l.AtMost)
		}
		writeLines(b, l.Lines)
	}
	for _, o := range p.Better {
		if o.Needs == "" && len(o.Lines) == 0 {
			continue
		}
		fmt.Fprintf(b, "  For %s: %s.", o.Grade, o.Needs)
		if len(o.Lines) > 0 {
			b.WriteString(" In the way:")
		}
		b.WriteString("\n")
		writeLines(b, o.Lines)
	}
	if n := len(p.Unanswered); n > 0 {
		fmt.Fprintf(b, "  Not answered yet: %d of its lines.\n", n)
	}
	b.WriteString("\n")
}

func writeLines(b *strings.Builder, lines []LineExplanation) {
	for i, l := range lines {
		if i == mostLines {
			fmt.Fprintf(b, "    and %d more\n", len(lines)-i)
			return
		}
		past := ""
		if l.Fixed {
			past = "; about a fixed past, which nothing done now changes"
		}
		fmt.Fprintf(b, "    - “%s” (%s): %s%s\n", l.Text, l.Section, l.Answer, past)
	}
}
