package rubric_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/rubric"
)

// seedFiles are the right file, the small one, some of the wrong ones, and a model.
func seedFiles(f *testing.F) [][]byte {
	names, err := filepath.Glob("testdata/wrong/*.yaml")
	if err != nil {
		f.Fatal(err)
	}
	names = append(names, "testdata/right.yaml", "testdata/small.yaml")
	var files [][]byte
	for i, name := range names {
		if i%10 != 0 && filepath.Dir(name) == "testdata/wrong" {
			continue // one in ten is enough to start from
		}
		src, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		files = append(files, src)
	}
	if len(files) < 20 {
		f.Fatalf("only %d seeds", len(files))
	}
	return append(files, []byte(newDice(3).model().yaml()))
}

// A file is read or refused, never both and never neither; one that is read can be
// graded, and reads the same from its canonical form.
func FuzzParse(f *testing.F) {
	for _, src := range seedFiles(f) {
		f.Add(src)
	}
	cal := calendar.EnglandAndWales()
	f.Fuzz(func(t *testing.T, src []byte) {
		r, err := rubric.Parse("fuzz.yaml", src)
		var ms rubric.Mistakes
		if (r == nil) == (err == nil) || err != nil && (!errors.As(err, &ms) || len(ms) == 0) {
			t.Fatalf("rubric %v, error %v", r, err)
		}
		if err != nil {
			_ = err.Error()
			return
		}
		again, err := rubric.Parse("again.json", r.Canonical())
		if err != nil || again.Ref() != r.Ref() {
			t.Fatalf("the canonical form of %q reads as another rubric: %v", src, err)
		}
		_ = r.CheckExamples(cal)
		form, err := r.Form(rubric.Answers{}, cal)
		if err != nil {
			t.Fatalf("no answers at all are refused: %v", err)
		}
		_ = form.Grade().Explain().Text()
	})
}

// conditions are seeds of every word of the language, right and wrong.
var conditions = []string{
	"any(bad_lines)", "all(good_lines) and none(bad_lines)", `count(good_lines, "partly") >= 2`, "percent(good_lines) >= 50", "bottom_line_missed",
	"evidenced(clear)", "partly(clear)", "not_evidenced(clear)", "seen(unclear)", "applicable(clear)", "not (alone or visits > 3)",
	`consent == "given"`, `consent != "given"`, `opened < closed`, `opened > "2026-03-02"`, `received >= "2026-03-02T09:00"`, `waited > "2 working days"`,
	`within("24 hours", received, allocated)`, "visits * 2 - count(bad_lines) > -3", "1 < count(bad_lines) < 3", "not count(bad_lines) > 2",
	"reduce(bad_lines, #)", "a.b", "[1]", "{}", "let x = 1; x", `"\x00"`, "alone ?? alone", "/* */ alone", "1..2", "“given”", "((((", "))))", "alone and", "",
}

// A condition is read or refused in its place, whatever it is; and what is read is
// the same by masks, by walking, and with less known.
func FuzzCondition(f *testing.F) {
	if len(conditions) < 30 {
		f.Fatal("too few seeds")
	}
	for _, c := range conditions {
		f.Add(c)
	}
	forms := explained(f, rightRubric(f))
	f.Fuzz(func(t *testing.T, condition string) {
		quoted, err := json.Marshal(condition)
		if err != nil {
			t.Skip()
		}
		r, err := rubric.Parse("fuzz.yaml", []byte(rightWith(t, "when: any(bad_lines), because", "when: "+string(quoted)+", because")))
		if err != nil {
			var ms rubric.Mistakes
			if !errors.As(err, &ms) || ms[0].Line == 0 {
				t.Fatalf("%q: %v", condition, err)
			}
			return
		}
		var masked, walked rubric.Result
		for _, name := range sortedKeys(forms) {
			form, err := r.Form(forms[name], calendar.EnglandAndWales())
			if err != nil {
				t.Fatalf("%q, %s: %v", condition, name, err)
			}
			masked.Grade(form)
			walked.Walk(form)
			a, b := masked.Outcomes(nil), walked.Outcomes(nil)
			for i := range a {
				if a[i] != b[i] && (masked.Complete() || a[i].Possible&^b[i].Possible != 0 || (a[i].Limits^b[i].Limits)&^(a[i].Open|b[i].Open) != 0) {
					t.Fatalf("%q, %s: by masks or a visit %+v, by walking %+v", condition, name, a, b)
				}
			}
			_ = masked.Explain().Markdown()
		}
	})
}

// Answers are bound or refused, whatever they are, and what is bound is graded and
// explained.
func FuzzForm(f *testing.F) {
	r := rightRubric(f)
	forms := explained(f, r)
	if len(forms) < 8 {
		f.Fatal("too few seeds")
	}
	for _, name := range sortedKeys(forms) {
		src, err := json.Marshal(forms[name])
		if err != nil {
			f.Fatal(err)
		}
		f.Add(src)
	}
	f.Add([]byte(`{"facts":{"visits":"-1","opened":"2026-02-30","waited":"1 fortnight","":""},"lines":{"referral":{"quick":"evidenced","":"x"},"":{}},"judgements":{"":""}}`))
	f.Fuzz(func(t *testing.T, src []byte) {
		var a rubric.Answers
		if json.Unmarshal(src, &a) != nil {
			return
		}
		form, err := r.Form(a, calendar.EnglandAndWales())
		var wrong *rubric.AnswerErrors
		if (form == nil) == (err == nil) || err != nil && (!errors.As(err, &wrong) || len(wrong.Errors) == 0) {
			t.Fatalf("form %v, error %v", form, err)
		}
		if err != nil {
			_ = err.Error()
			return
		}
		res := form.Grade()
		_ = res.Explain().Text()
		_ = form.Shortfall()
		if most, limit := res.MostAllowed(""); limit != nil {
			if g, ok := res.Suggested(""); ok && r.Rank(g) > r.Rank(most) {
				t.Fatalf("suggested %s above %s", g, most)
			}
		}
	})
}
