package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/practiceaudit/practiceaudit/rubric"
)

const formHelp = `A FORM says under "rubric" which rubric it answers, by its path from the form or as
"halton", and under "given" the answers as an example of that rubric gives them.`

func (t *tool) grade() *cobra.Command {
	return t.takesCalendar(&cobra.Command{
		Use:   "grade FORM",
		Short: "what a rubric says of a form: suggestions and limits",
		Long: `Grades a form: what the rubric suggests for each section and for the file, and the
limits that hold it. Of a form that is not complete it says which grades are still
possible, and which questions narrow them most.

` + formHelp,
		Example: `  practiceaudit grade form.yaml
  practiceaudit grade form.yaml --calendar scotland`,
		Args: takes("FORM"),
		RunE: func(c *cobra.Command, args []string) error {
			cal, err := t.calendar(c)
			if err != nil {
				return err
			}
			f, r, err := t.form(args[0], cal)
			if err != nil {
				return err
			}
			return t.graded(graded{r, f, f.Grade()})
		},
	})
}

// graded is a form and what its rubric says of it.
type graded struct {
	rubric *rubric.Rubric
	form   *rubric.Form
	result *rubric.Result
}

func (t *tool) graded(x graded) error {
	if t.json {
		return t.printJSON(x.json())
	}
	_, err := fmt.Fprint(t.out, x.text())
	return err
}

// part is the file, or one section of it.
type part struct {
	title       string
	absent      bool
	mayNotApply bool
	judgement   rubric.Grade
	unanswered  int
	suggestion  rubric.Suggestion
	limits      []rubric.Limit
}

func (x graded) parts() []part {
	var parts []part
	results := x.result.Sections()
	for i, s := range x.rubric.Sections() {
		res := results[i]
		parts = append(parts, part{s.Title, !res.Applies, res.MayNotApply, res.Judgement, len(res.Unanswered), res.Suggestion, res.Limits})
	}
	file := x.result.Overall()
	return append(parts, part{title: "The file as a whole", suggestion: file.Suggestion, limits: file.Limits})
}

// text is the answer for a reader.
func (x graded) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\n", title(x.rubric))
	for _, p := range x.parts() {
		fmt.Fprintf(&b, "%s: %s\n", p.title, x.says(p))
		for _, l := range p.limits {
			switch {
			case l.Applies && l.Determined:
				fmt.Fprintf(&b, "  At most %s: %s\n", x.rubric.GradeTitle(l.AtMost), because(l))
			case !l.Determined:
				fmt.Fprintf(&b, "  Perhaps at most %s, depending on what is not answered yet: %s\n", x.rubric.GradeTitle(l.AtMost), because(l))
			}
		}
		if p.unanswered > 0 {
			fmt.Fprintf(&b, "  Not answered yet: %s\n", count(p.unanswered, "line"))
		}
	}
	if why := x.result.Unproved(); why != "" {
		fmt.Fprintf(&b, "\nNot proved: %s. There may be fewer grades still possible than it says.\n", why)
	}
	if missed := x.result.BottomLinesMissed(); len(missed) > 0 {
		b.WriteString("\nBottom lines missed:\n")
		for _, ref := range missed {
			fmt.Fprintf(&b, "  - %s\n", x.line(ref))
		}
	}
	b.WriteString(x.questions())
	fmt.Fprintf(&b, "\n%s\n", x.result.Explain().Closing)
	return b.String()
}

func because(l rubric.Limit) string {
	if l.Because == "" {
		return fmt.Sprintf("%s (%s).", l.When, l.Source)
	}
	return fmt.Sprintf("%s (%s).", strings.TrimSuffix(l.Because, "."), l.Source)
}

// says is what the rubric says of one part, in a sentence or two.
func (x graded) says(p part) string {
	var text string
	s := p.suggestion
	switch {
	case p.absent:
		return "not part of this audit."
	case s.None:
		text = "judged freely; no rule suggests a grade."
	case !s.Determined:
		text = "not determined yet. Still possible: " + x.titles(s.Possible) + "."
	case s.Capped:
		text = fmt.Sprintf("%s is suggested; the rules alone would suggest %s.", x.rubric.GradeTitle(s.Grade), x.rubric.GradeTitle(s.RuleGrade))
	default:
		text = x.rubric.GradeTitle(s.Grade) + " is suggested."
	}
	if p.mayNotApply {
		text += " Whether it is part of this audit is not known yet."
	}
	if p.judgement != "" {
		text += " Judged " + x.rubric.GradeTitle(p.judgement) + "."
	}
	return text
}

func (x graded) titles(grades []rubric.Grade) string {
	titles := make([]string, len(grades))
	for i, g := range grades {
		titles[i] = x.rubric.GradeTitle(g)
	}
	return strings.Join(titles, ", ")
}

// line says which line is meant, and of which section.
func (x graded) line(ref rubric.LineRef) string {
	if s, ok := x.rubric.Section(ref.Section); ok {
		return s.Title + ": " + ref.Text
	}
	return ref.Text
}

// mostQuestions is how many questions a text names before it says how many are
// left.
const mostQuestions = 5

func (x graded) questions() string {
	all := x.form.Questions()
	if len(all) == 0 {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, "\nStill open: %s. The most telling first:\n", count(len(all), "question"))
	for i, q := range all {
		if i == mostQuestions {
			fmt.Fprintf(&b, "  and %d more\n", len(all)-i)
			break
		}
		fmt.Fprintf(&b, "  %d. %s\n     %s\n", i+1, x.asks(q), leaves(q))
	}
	return b.String()
}

func (x graded) asks(q rubric.Question) string {
	if s, ok := x.rubric.Section(q.Section); ok {
		return s.Title + ": " + strings.Join(q.Ask, "; ")
	}
	return strings.Join(q.Ask, "; ")
}

// leaves says how far the answer to a question narrows what is possible.
func leaves(q rubric.Question) string {
	switch {
	case !q.Narrows:
		return "by itself its answer narrows nothing"
	case q.AtLeast == q.AtMost:
		return fmt.Sprintf("leaves %s possible for the file", count(q.AtMost, "grade"))
	}
	return fmt.Sprintf("leaves between %d and %s possible for the file", q.AtLeast, count(q.AtMost, "grade"))
}
