package rubric

import (
	"errors"

	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/internal/source"
	"github.com/practiceaudit/practiceaudit/schemas"
)

// checkAnswers holds a file of answers to its schema.
var checkAnswers = source.Against(schemas.Answers)

// ParseForm reads a form that a person wrote, in YAML or JSON of at most
// [MaxSource] bytes: under "rubric" which rubric it answers, under "given" the
// answers as an example of that rubric gives them. What is not answered yet is
// left out.
//
//	rubric: our-rubric.yaml
//	given:
//	  facts: { received: 2026-03-02T09:00 }
//	  referral: { good_lines: evidenced, jargon_free: partly }
//
// find gives the rubric that the file names; what the name means is the caller's
// to say. cal counts working days where conditions do; nil leaves those
// undetermined.
//
// The error is a [Mistakes] with all that is wrong in the file, each in its place.
// Where find answers with Mistakes, those of the rubric's own file, they come after
// the form's.
func ParseForm(file string, src []byte, cal *calendar.Calendar, find func(name string) (*Rubric, error)) (*Form, error) {
	root, mistakes := source.Parse(file, src)
	if err := mistakes.Err(); err != nil {
		return nil, err
	}
	if mistakes = source.AnotherKind(root, source.Form); len(mistakes) > 0 {
		return nil, mistakes
	}
	mistakes = checkAnswers(root)
	name := root.Field("rubric")
	if name.Scalar() == "" {
		return nil, mistakes.Err()
	}
	r, err := find(name.Scalar())
	var theirs Mistakes
	switch {
	case errors.As(err, &theirs):
		return nil, append(mistakes, theirs...)
	case err != nil:
		return nil, mistakes.With(Mistakes{name.Mistake("%s", err)}).Err()
	case r == nil || len(r.grades) == 0:
		return nil, mistakes.With(Mistakes{name.Mistake("there is no rubric %s", quote(name.Scalar()))}).Err()
	}
	p := &reader{r: r}
	given := root.Field("given")
	f, err := r.Form(p.answers(given), cal)
	p.given(given, err)
	if err := mistakes.With(p.mistakes).Err(); err != nil {
		return nil, err
	}
	return f, err
}
