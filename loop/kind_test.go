package loop_test

import (
	"errors"
	"testing"

	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/loop"
	"github.com/practiceaudit/practiceaudit/rubric"
	"github.com/practiceaudit/practiceaudit/rubric/halton"
)

// A file of another kind has one thing wrong with it.
func TestAFileOfAnotherKindIsSaidToBeOne(t *testing.T) {
	const form = "rubric: halton\ngiven: { service: care }\n"
	readers := map[string]func(src string) error{
		"a rubric": func(src string) error {
			_, err := rubric.Parse("file.yaml", []byte(src))
			return err
		},
		"a process policy": func(src string) error {
			_, err := loop.ParsePolicy("file.yaml", []byte(src))
			return err
		},
		"a form": func(src string) error {
			_, err := rubric.ParseForm("file.yaml", []byte(src), calendar.EnglandAndWales(), func(string) (*rubric.Rubric, error) { return haltonEnv(t).Rubric, nil })
			return err
		},
	}
	files := map[string]string{"a rubric": string(halton.DeepDive()), "a process policy": string(halton.ProcessPolicy()), "a form": form}
	for want, read := range readers {
		for kind, src := range files {
			err := read(src)
			var ms rubric.Mistakes
			switch says := "this file is " + kind + ", not " + want; {
			case kind == want && kind != "a form" && err != nil:
				t.Errorf("%s: %v", kind, err)
			case kind != want && (!errors.As(err, &ms) || len(ms) != 1 || ms[0].Message != says):
				t.Errorf("%s read as %s: %v", kind, want, err)
			}
		}
	}
}
