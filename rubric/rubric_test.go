package rubric_test

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/rubric"
)

func small(t testing.TB) (*rubric.Rubric, string) {
	t.Helper()
	src, err := os.ReadFile("testdata/small.yaml")
	if err != nil {
		t.Fatal(err)
	}
	r, err := rubric.Parse("small.yaml", src)
	if err != nil {
		t.Fatal(err)
	}
	return r, string(src)
}

func TestTheFilesOwnExamplesComeOut(t *testing.T) {
	r, _ := small(t)
	if err := r.CheckExamples(calendar.EnglandAndWales()); err != nil {
		t.Error(err)
	}
}

func TestTheCanonicalFormReadsAsTheSameRubric(t *testing.T) {
	r, _ := small(t)
	again, err := rubric.Parse("canonical.json", r.Canonical())
	if err != nil {
		t.Fatal(err)
	}
	if again.Ref() != r.Ref() {
		t.Errorf("got %s, want %s", again.Ref(), r.Ref())
	}
}

// Each mistake is made by itself in a good file.
func TestMistakesAreAnsweredInTheirPlace(t *testing.T) {
	_, src := small(t)
	for _, tc := range []struct{ name, old, new, want string }{
		{"a misspelt key", "suggest:\n      - { grade: inadequate, when: count", "sugest:\n      - { grade: inadequate, when: count", `did you mean "suggest"`},
		{"a missing key", "title: A small deep dive\n", "", "title"},
		{"a misspelt list", "count(inadequate_lines)", "count(inadequat_lines)", `did you mean "inadequate_lines"`},
		{"a misspelt function", "count(inadequate_lines)", "cuont(inadequate_lines)", `did you mean "count"`},
		{"a misspelt fact", "referred_at, allocated_at)", "refered_at, allocated_at)", `did you mean "referred_at"`},
		{"a misspelt choice", `consent == "given"`, `consent == "givven"`, `did you mean "given"`},
		{"a misspelt grade", "at_most: inadequate", "at_most: inadequat", `did you mean "inadequate"`},
		{"a misspelt period", `within("24 hours"`, `within("24 ours"`, "24 ours"},
		{"division", "count(inadequate_lines) >= 2", "count(inadequate_lines) / 2 >= 1", "percent(list)"},
		{"not before a comparison", "count(inadequate_lines) >= 2", "not count(inadequate_lines) >= 2", "write not (a >= b)"},
		{"two comparisons in a row", "count(inadequate_lines) >= 2", "1 < count(inadequate_lines) < 3", "two comparisons in a row"},
		{"a list without lines", "[good_lines], text: Jargon free", "[bottom_lines], text: Jargon free", ""},
		{"a pipe", "count(inadequate_lines) >= 2", "inadequate_lines | count() >= 2", "cannot be used"},
		{"a closure", `within("24 hours", referred_at, allocated_at)`, "all(good_lines, {# > 1})", "cannot be used"},
		{"a ternary", `within("24 hours", referred_at, allocated_at)`, "true ? true : false", "cannot be used"},
		{"a regular expression", `consent == "given"`, `consent matches "g.*"`, "cannot be used"},
		{"a power", "count(inadequate_lines) >= 2", "count(inadequate_lines) ** 9 >= 2", "cannot be used"},
		{"a range", "count(inadequate_lines) >= 2", "count(inadequate_lines) in 1..3", "cannot be used"},
		{"a number compared with text", "count(inadequate_lines) >= 2", `count(inadequate_lines) >= "2"`, "whole number"},
		{"a fact compared with another kind", `consent == "given"`, "consent == referred_at", "cannot be compared"},
		{"a list named like a grade", "inadequate_lines: { kind", "inadequate: { kind", "named like a grade"},
		{"too many brackets", "all(good_lines)", strings.Repeat("(", 600_000) + "all(good_lines)", "too long"},
		{"brackets too deep", "all(good_lines)", strings.Repeat("(", 40) + "all(good_lines)" + strings.Repeat(")", 40), "inside one another"},
		{"a rule after the last", "- { grade: requires_improvement }\n  management", "- { grade: requires_improvement }\n      - { grade: good }\n  management", `every rule but the last has "when"`},
		{"a duplicate key", "text: Jargon free }", "text: Jargon free, text: Again }", "text"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			changed := strings.Replace(src, tc.old, tc.new, 1)
			if changed == src {
				t.Fatal("nothing changed")
			}
			_, err := rubric.Parse("small.yaml", []byte(changed))
			if tc.want == "" {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			var ms rubric.Mistakes
			if !errors.As(err, &ms) {
				t.Fatalf("accepted: %v", err)
			}
			if !strings.Contains(err.Error(), tc.want) || ms[0].Line < 1 || ms[0].Column < 1 {
				t.Errorf("the answer does not speak of %q:\n%.2000s", tc.want, err)
			}
		})
	}
}

func TestEveryMistakeIsAnsweredAtOnce(t *testing.T) {
	_, src := small(t)
	changed := strings.NewReplacer("count(inadequate_lines) >= 2", "cuont(inadequate_lines) >= 2", `consent == "given"`, `consent == "givven"`, "all(good_lines)", "all(god_lines)").Replace(src)
	_, err := rubric.Parse("small.yaml", []byte(changed))
	var ms rubric.Mistakes
	if !errors.As(err, &ms) || len(ms) != 3 {
		t.Errorf("got %d mistakes, want 3:\n%v", len(ms), err)
	}
}

var lineIDs = []string{"reason_clear", "jargon_free", "evidence_based", "vital_missing", "not_clear"}

// form draws answers to the small rubric, each line perhaps open.
func form(t *rapid.T) rubric.Answers {
	answers := map[string]rubric.Answer{}
	for _, id := range lineIDs {
		may := []rubric.Answer{"", rubric.Evidenced, rubric.Partly, rubric.NotEvidenced}
		if strings.HasSuffix(id, "missing") || strings.HasPrefix(id, "not_") {
			may = []rubric.Answer{"", rubric.Seen, rubric.NotSeen}
		}
		if a := rapid.SampledFrom(may).Draw(t, id); a != "" {
			answers[id] = a
		}
	}
	facts := map[string]string{}
	if c := rapid.SampledFrom([]string{"", "given", "refused", "not_needed_or_unsafe_recorded", "not_recorded"}).Draw(t, "consent"); c != "" {
		facts["consent"] = c
	}
	if hours := rapid.IntRange(-1, 47).Draw(t, "hours"); hours >= 0 {
		facts["referred_at"] = "2026-03-02T09:00"
		facts["allocated_at"] = fmt.Sprintf("2026-03-%02dT%02d:00", 2+(9+hours)/24, (9+hours)%24)
	}
	return rubric.Answers{Facts: facts, Lines: map[string]map[string]rubric.Answer{"referral": answers}}
}

func TestAMissedBottomLineLimitsTheFileWhateverElseIsAnswered(t *testing.T) {
	r, _ := small(t)
	rapid.Check(t, func(t *rapid.T) {
		f, err := r.Form(form(t), calendar.EnglandAndWales())
		if err != nil {
			t.Fatal(err)
		}
		res := f.Grade()
		most, limit := res.MostAllowed("")
		if missed := len(res.BottomLinesMissed()) > 0; missed != (limit != nil && most == "inadequate") {
			t.Fatalf("bottom lines missed: %v; at most %s", res.BottomLinesMissed(), most)
		}
	})
}

func TestWhatIsDeterminedStaysSoWhateverIsAnsweredNext(t *testing.T) {
	r, _ := small(t)
	rapid.Check(t, func(t *rapid.T) {
		partial, whole := form(t), form(t)
		for id, a := range partial.Lines["referral"] {
			whole.Lines["referral"][id] = a
		}
		for name, v := range partial.Facts {
			whole.Facts[name] = v
		}
		grade := func(a rubric.Answers) *rubric.Result {
			f, err := r.Form(a, calendar.EnglandAndWales())
			if err != nil {
				t.Fatal(err)
			}
			return f.Grade()
		}
		before, after := grade(partial).Sections()[0].Suggestion, grade(whole).Sections()[0].Suggestion
		if before.Determined && (!after.Determined || after.Grade != before.Grade) {
			t.Fatalf("was %s, is %s", before, after)
		}
		for _, g := range after.Possible {
			found := false
			for _, p := range before.Possible {
				found = found || p == g
			}
			if !found {
				t.Fatalf("%s is possible now, and was not: %v", g, before.Possible)
			}
		}
	})
}

// A line that practice could have mended since the finding is judged again: to
// carry it would lift the limit without anybody looking.
func TestOnlyAFixedPastIsCarried(t *testing.T) {
	r, _ := small(t)
	for _, s := range r.Sections() {
		for _, l := range s.Lines {
			_, err := r.Form(rubric.Answers{Carried: []rubric.LineRef{{Section: s.ID, Line: l.ID}}}, calendar.EnglandAndWales())
			if l.Fixed != (err == nil) {
				t.Errorf("%s.%s, fixed %t: %v", s.ID, l.ID, l.Fixed, err)
			}
		}
	}
	for _, ref := range []rubric.LineRef{{Section: "nowhere", Line: "nothing"}, {Section: r.Sections()[0].ID, Line: "nothing"}} {
		var wrong *rubric.AnswerErrors
		if _, err := r.Form(rubric.Answers{Carried: []rubric.LineRef{ref}}, calendar.EnglandAndWales()); !errors.As(err, &wrong) {
			t.Errorf("%v: %v", ref, err)
		}
	}
}

func TestALineAndItsAnswerBothMisspeltAreTwoMistakes(t *testing.T) {
	r, _ := small(t)
	section := r.Sections()[0].ID
	_, err := r.Form(rubric.Answers{Lines: map[string]map[string]rubric.Answer{section: {"jargon_fre": "evidensed"}}}, nil)
	var wrong *rubric.AnswerErrors
	if !errors.As(err, &wrong) || len(wrong.Errors) != 2 || wrong.Errors[0].Did != "jargon_free" || wrong.Errors[1].Did != "evidenced" {
		t.Errorf("got %v", err)
	}
}

// In an example the words of the language can be the names of facts: their answers
// are part of the rubric, and read back.
func TestAnExamplesAnswersAreCanonicalWhateverTheirFactsAreNamed(t *testing.T) {
	of := func(answer string) *rubric.Rubric {
		src := strings.Replace(rightWith(t, "  alone: { type: yes_no", "  fixed: { type: yes_no"), "facts: { visits: 3,", "facts: { "+answer+"visits: 3,", 1)
		r, err := rubric.Parse("right.yaml", []byte(src))
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	no := of("fixed: false, ")
	for _, other := range []*rubric.Rubric{of(""), of("fixed: true, ")} {
		if other.Ref().Digest == no.Ref().Digest {
			t.Errorf("the same digest as of %s", other.Canonical())
		}
	}
	again, err := rubric.Parse("canonical.json", no.Canonical())
	if err != nil || again.Ref().Digest != no.Ref().Digest {
		t.Errorf("%v, %v", again, err)
	}
}

// Order of keys, comments, layout, kinds of quotes and what is said without need make
// no other rubric.
func TestHowAFileIsWrittenMakesNoOtherRubric(t *testing.T) {
	same := func(old, new string) string { return rightWith(t, old, new) }
	want := rightRubric(t).Ref().Digest
	for name, src := range map[string]string{
		"keys in another order":    same("{ type: number, ask: How many visits were there?, unit: visits, min: 0, max: 50 }", "{ max: 50, min: 0, unit: visits, ask: How many visits were there?, type: number }"),
		"a key moved":              strings.Replace(same("title: A small rubric\n", ""), "references:", "title: A small rubric\nreferences:", 1),
		"a comment":                same("facts:\n", "facts: # what is asked\n"),
		"other quotes":             same(`version: "1"`, "version: '1'"),
		"spaces in a condition":    same("count(bad_lines) >= 2", "count(bad_lines)   >= 2"),
		"a condition on two lines": same("when: 'sections_at(\"inadequate\") >= 1' }", "when: 'sections_at(\"inadequate\")\n      >= 1' }"),
		"no, said":                 same("bad_lines: { kind: concern }", "bad_lines: { kind: concern, bottom_line: false }"),
		"not fixed, said":          same("text: Plans are late }", "text: Plans are late, fixed: false }"),
	} {
		r, err := rubric.Parse("right.yaml", []byte(src))
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if got := r.Ref().Digest; got != want {
			t.Errorf("%s: the digest is another", name)
		}
	}
	for name, src := range map[string]string{
		"lines in another order": strings.Replace(same("      late: { in: [odd_lines], text: Plans are late }\n", ""), "      smart:", "      late: { in: [odd_lines], text: Plans are late }\n      smart:", 1),
		"a word of a line":       same("Plans are late", "Plans are Late"),
		"a limit":                same(">= 2", ">= 3"),
	} {
		r, err := rubric.Parse("right.yaml", []byte(src))
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if got := r.Ref().Digest; got == want {
			t.Errorf("%s: the digest is the same", name)
		}
	}
}
