package rubric

import (
	"errors"
	"fmt"
	"slices"

	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/internal/source"
)

// example is one of the file's own tests.
type example struct {
	name   string
	given  Answers
	expect *source.Node
	node   *source.Node
}

// examples reads the file's own tests.
func (p *reader) examples() {
	for _, n := range p.root.Field("examples").Each() {
		x := example{name: n.Text("name"), expect: n.Field("expect"), node: n}
		x.given = p.answers(n.Field("given"))
		_, err := p.r.bind(x.given, nil)
		p.given(n.Field("given"), err)
		for _, f := range x.expect.Entries() {
			p.expected(f)
		}
		p.r.examples = append(p.r.examples, x)
	}
}

// answers reads what is given, of an example or of a form.
func (p *reader) answers(given *source.Node) Answers {
	a := Answers{
		Service: given.Text("service"), Status: texts(given.Field("status")), Facts: map[string]string{},
		Lines: map[string]map[string]Answer{}, Judgements: map[string]Grade{},
	}
	for _, f := range given.Field("facts").Entries() {
		a.Facts[f.Key] = f.Scalar()
	}
	for _, j := range given.Field("judgements").Entries() {
		a.Judgements[j.Key] = Grade(j.Scalar())
	}
	for _, m := range given.Field("missed_bottom_lines").Each() {
		a.MissedBottomLines = append(a.MissedBottomLines, MissedBottomLine{Section: m.Text("section"), Text: m.Text("text"), Source: m.Text("source")})
	}
	for _, c := range given.Field("carried").Each() {
		a.Carried = append(a.Carried, LineRef{Section: c.Text("section"), Line: c.Text("line")})
	}
	for _, f := range given.Entries() {
		if i, ok := p.r.sectionByID[f.Key]; ok {
			a.Lines[f.Key] = p.shorthand(&p.r.sections[i], f)
		} else if !slices.Contains(notSections, f.Key) {
			p.wrong(f.KeyMistake("there is no section %s; %s", quote(f.Key), suggestion(f.Key, p.r.sectionIDs())))
		}
	}
	return a
}

// given says what binding what is given found wrong: each mistake in its place.
func (p *reader) given(n *source.Node, err error) {
	var wrong *AnswerErrors
	if !errors.As(err, &wrong) {
		return
	}
	for _, e := range wrong.Errors {
		at, message := p.answered(n, e), e.Message
		if e.Did != "" {
			message += fmt.Sprintf("; did you mean %q?", e.Did)
		}
		if e.Key {
			p.wrong(at.KeyMistake("%s", message))
		} else {
			p.wrong(at.Mistake("%s", message))
		}
	}
}

// answered finds where an example gives the answer that a mistake is about: by
// itself, or with its whole list.
func (p *reader) answered(given *source.Node, e AnswerError) *source.Node {
	section := given.Field(e.Section)
	switch {
	case e.Field != "":
		return itemAbout(given.Field(e.Field), e)
	case e.Fact != "":
		return given.Field("facts").Field(e.Fact)
	case e.Line == "" && given.Field("judgements").Field(e.Section) != nil:
		return given.Field("judgements").Field(e.Section)
	case section.Field(e.Line) != nil:
		return section.Field(e.Line)
	}
	s := &p.r.sections[p.r.sectionByID[e.Section]]
	for _, l := range s.lists {
		if f := section.Field(l.id); f != nil && slices.Contains(l.lines, s.lineByID[e.Line]) {
			return f
		}
	}
	return section
}

// itemAbout finds the item of a list that a mistake is about.
func itemAbout(list *source.Node, e AnswerError) *source.Node {
	for _, item := range list.Each() {
		if e.Item != "" && item.Scalar() == e.Item || item.Kind == source.Mapping && item.Text("section") == e.Section && item.Text("line") == e.Line {
			return item
		}
	}
	return list
}

// expected checks what an example expects of one part.
func (p *reader) expected(n *source.Node) {
	rs := &p.r.overall
	if i, ok := p.r.sectionByID[n.Key]; ok {
		rs = &p.r.sections[i].rules
	} else if n.Key != "overall" {
		p.wrong(n.KeyMistake("there is no section %s; %s", quote(n.Key), suggestion(n.Key, append(p.r.sectionIDs(), "overall"))))
		return
	}
	for _, key := range []string{"suggest", "at_most"} {
		if g := n.Field(key); g != nil {
			p.rank(g)
		}
	}
	by := n.Field("by")
	if by != nil && !slices.ContainsFunc(rs.limits, func(l limitRule) bool { return l.is(by.Scalar()) }) {
		p.wrong(by.Mistake("there is no limit here with the name or the condition %s", quote(by.Scalar())))
	}
}

// is reports whether a limit is meant by its name or its condition.
func (l *limitRule) is(by string) bool { return l.name == by || l.when.text == singleSpaced(by) }

// shorthand spreads the answer to a list over its lines that are answered by
// hand; an answer to a line beats it.
func (p *reader) shorthand(s *section, n *source.Node) map[string]Answer {
	answers := map[string]Answer{}
	for _, f := range n.Entries() {
		i := slices.IndexFunc(s.lists, func(l list) bool { return l.id == f.Key })
		if i < 0 {
			continue
		}
		for _, j := range s.answeredWith(i) {
			id := s.lines[j].id
			if was, ok := answers[id]; ok && was != Answer(f.Scalar()) && n.Field(id) == nil {
				p.wrong(f.Mistake("the line %q stands in another list here that is answered otherwise; answer that line by itself too", id))
			}
			answers[id] = Answer(f.Scalar())
		}
	}
	for _, f := range n.Entries() {
		if !slices.ContainsFunc(s.lists, func(l list) bool { return l.id == f.Key }) {
			answers[f.Key] = Answer(f.Scalar())
		}
	}
	return answers
}

// answeredWith are the lines that an answer to a list is the answer to: a strength that
// also stands in a list of statements is answered with its strengths.
func (s *section) answeredWith(list int) []int {
	return slices.DeleteFunc(slices.Clone(s.lists[list].lines), func(j int) bool {
		return s.lines[j].met != nil || s.lists[list].kind != Strength && s.lines[j].strength
	})
}

// ExampleOutcome is what came of one of the file's own tests.
type ExampleOutcome struct {
	Name     string
	Mistakes Mistakes // each at what the file expects and did not get; none if it came out
}

// RunExamples runs the file's own tests, in file order. The calendar is for
// conditions that count time; nil leaves those undetermined.
func (r *Rubric) RunExamples(cal *calendar.Calendar) []ExampleOutcome {
	outcomes := make([]ExampleOutcome, len(r.examples))
	for i, x := range r.examples {
		outcomes[i] = ExampleOutcome{Name: x.name, Mistakes: r.run(x, cal)}
	}
	return outcomes
}

// CheckExamples runs the file's own tests as [Rubric.RunExamples] does. The
// error is a [Mistakes] with all that did not come out as the file expects.
func (r *Rubric) CheckExamples(cal *calendar.Calendar) error {
	var ms Mistakes
	for _, x := range r.RunExamples(cal) {
		ms = append(ms, x.Mistakes...)
	}
	return ms.Err()
}

func (r *Rubric) run(x example, cal *calendar.Calendar) Mistakes {
	f, err := r.Form(x.given, cal)
	if err != nil {
		return Mistakes{x.node.Mistake("example %q: %v", x.name, err)}
	}
	var ms Mistakes
	res := f.Grade()
	for _, n := range x.expect.Entries() {
		for _, problem := range r.differs(n, res) {
			ms = append(ms, n.KeyMistake("example %q: %s", x.name, problem))
		}
	}
	return ms
}

// differs says where a result is not what an example expects of one part.
func (r *Rubric) differs(n *source.Node, res *Result) (problems []string) {
	section, applies := "", true
	s, limits := res.Overall().Suggestion, res.Overall().Limits
	if part, ok := res.Section(n.Key); ok {
		section, applies, s, limits = n.Key, part.Applies, part.Suggestion, part.Limits
	}
	expect := func(ok bool, format string, args ...any) {
		if !ok {
			problems = append(problems, fmt.Sprintf(format, args...))
		}
	}
	if a := n.Field("applies"); a != nil {
		expect(applies == n.True("applies"), "it applies: %t", applies)
	}
	if !applies {
		expect(n.Field("applies") != nil && len(n.Fields) == 1, "it is not part of this audit, and nothing else can be expected of it")
		return problems
	}
	if g := n.Text("suggest"); g != "" {
		expect(s.Determined && s.Grade == Grade(g), "expected %s, got %s", g, s.withRule())
	}
	if n.Field("judged") != nil {
		expect(s.None, "expected no suggestion, got %s", s)
	}
	if u := n.Field("undetermined"); u != nil {
		expect(n.True("undetermined") == (!s.Determined && !s.None), "got %s", s)
	}
	if g := n.Text("at_most"); g != "" {
		most, _ := res.MostAllowed(section)
		expect(most == Grade(g), "expected at most %s, got at most %s", g, most)
	}
	if by := n.Text("by"); by != "" {
		expect(slices.ContainsFunc(limits, func(l Limit) bool { return l.Applies && (l.Name == by || l.When == singleSpaced(by)) }), "the limit %q does not apply", by)
	}
	return problems
}

// withRule is the suggestion in a few words, and the rule's own grade where a limit
// leaves less.
func (s Suggestion) withRule() string {
	if s.Capped {
		return fmt.Sprintf("%s: rule %d suggests %s, and a limit leaves no more", s.Grade, s.Rule, s.RuleGrade)
	}
	return s.String()
}

// String is the suggestion in a few words.
func (s Suggestion) String() string {
	switch {
	case s.None:
		return "judged freely"
	case !s.Determined:
		return fmt.Sprintf("undetermined: one of %v", s.Possible)
	}
	return string(s.Grade)
}
