package rubric_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/rubric"
	"github.com/practiceaudit/practiceaudit/rubric/halton"
	"github.com/practiceaudit/practiceaudit/schemas"
)

// right is the rubric of testdata/right.yaml, whatever it is called.
func right(t testing.TB) *rubric.Rubric {
	t.Helper()
	src, err := os.ReadFile("testdata/right.yaml")
	if err != nil {
		t.Fatal(err)
	}
	r, err := rubric.Parse("right.yaml", src)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

const rightForm = `rubric: right.yaml
given:
  service: care
  status: [in_care]
  facts: { visits: 3, received: 2026-03-02T09:00, allocated: 2026-03-02T17:00, consent: given }
  referral: { good_lines: evidenced, bad_lines: not_seen, some_lines: not_seen, clear: partly }
  judgements: { planning: good }
`

func TestAFormOfAFileIsTheFormOfItsAnswers(t *testing.T) {
	r, cal := right(t), calendar.EnglandAndWales()
	got, err := rubric.ParseForm("form.yaml", []byte(rightForm), cal, func(name string) (*rubric.Rubric, error) {
		if name != "right.yaml" {
			return nil, fmt.Errorf("asked for %q", name)
		}
		return r, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	want, err := r.Form(rubric.Answers{
		Service: "care", Status: []string{"in_care"},
		Facts:      map[string]string{"visits": "3", "received": "2026-03-02T09:00", "allocated": "2026-03-02T17:00", "consent": "given"},
		Lines:      map[string]map[string]rubric.Answer{"referral": {"agreed": "evidenced", "clear": "partly", "unclear": "not_seen", "brief": "not_seen"}},
		Judgements: map[string]rubric.Grade{"planning": "good"},
	}, cal)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want.Grade().Explain(), got.Grade().Explain()); diff != "" {
		t.Errorf("want -, got +:\n%s", diff)
	}
}

func ExampleParseForm() {
	find := func(name string) (*rubric.Rubric, error) {
		if name != "halton" {
			return nil, fmt.Errorf("there is no rubric %q; write halton", name)
		}
		return rubric.Parse(halton.DeepDiveFile, halton.DeepDive())
	}
	form, err := rubric.ParseForm("form.yaml", []byte(`rubric: halton
given:
  facts: { consent: given }
  referral: { bottom_lines: evidenced, good_lines: partly }
`), calendar.EnglandAndWales(), find)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(form.Grade().Overall().Suggestion)

	_, err = rubric.ParseForm("form.yaml", []byte("rubric: haltom\ngiven: {}\n"), nil, find)
	fmt.Println(err)
	// Output:
	// undetermined: one of [inadequate requires_improvement good]
	// form.yaml:1:9: there is no rubric "haltom"; write halton
	//     rubric: haltom
	//             ^
}

func TestAFormIsAnExampleWithoutItsExpectations(t *testing.T) {
	given := func(schema []byte, path ...string) (at any) {
		if err := json.Unmarshal(schema, &at); err != nil {
			t.Fatal(err)
		}
		for _, key := range path {
			at = at.(map[string]any)[key]
		}
		return at
	}
	want := given(schemas.Rubric, "$defs", "example", "properties", "given")
	if diff := cmp.Diff(want, given(schemas.Answers, "properties", "given")); diff != "" {
		t.Errorf("answers.schema.json has another \"given\" than rubric.schema.json (-):\n%s", diff)
	}
	for name, part := range given(schemas.Answers, "$defs").(map[string]any) {
		if diff := cmp.Diff(given(schemas.Rubric, "$defs", name), part); diff != "" {
			t.Errorf("answers.schema.json has another %q than rubric.schema.json (-):\n%s", name, diff)
		}
	}
}

// Each file of testdata/wrong-forms is answered in testdata/wrong-forms.txt, to be
// read as a policy officer would: is it clear what to change?
func TestEveryWrongFormIsAnswered(t *testing.T) {
	files, err := filepath.Glob("testdata/wrong-forms/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if len(files) < 10 {
		t.Fatalf("only %d wrong forms are there", len(files))
	}
	r := right(t)
	var answers strings.Builder
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Base(file)
		f, err := rubric.ParseForm(name, src, calendar.EnglandAndWales(), func(name string) (*rubric.Rubric, error) {
			switch name {
			case "right.yaml":
				return r, nil
			case "wrong.yaml":
				return rubric.Parse(name, []byte("rubric: wrong\n"))
			case "nothing.yaml":
				return nil, nil
			case "empty.yaml":
				return &rubric.Rubric{}, nil
			}
			return nil, errors.New("there is no such file")
		})
		if f != nil {
			t.Errorf("%s is read, and should not be", name)
		}
		var ms rubric.Mistakes
		if !errors.As(err, &ms) {
			t.Errorf("%s: %v is not a Mistakes", name, err)
		}
		fmt.Fprintf(&answers, "%s\n\n", err)
	}
	golden(t, "wrong-forms.txt", answers.String())
}

func FuzzParseForm(f *testing.F) {
	r := right(f)
	f.Add([]byte(rightForm))
	f.Add([]byte("rubric: right.yaml\ngiven: {}\n"))
	f.Add([]byte(`{"rubric": "right.yaml", "given": {"referral": {"clear": "evidenced"}}}`))
	f.Add([]byte("rubric: [right.yaml]\ngiven: { referral: [], facts: 3, carried: { section: x } }\n"))
	f.Fuzz(func(t *testing.T, src []byte) {
		form, err := rubric.ParseForm("form.yaml", src, calendar.EnglandAndWales(), func(string) (*rubric.Rubric, error) { return r, nil })
		if (form == nil) == (err == nil) {
			t.Errorf("form %v and error %v", form, err)
		}
		form.Shortfall()
	})
}
