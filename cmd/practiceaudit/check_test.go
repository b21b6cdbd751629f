package main

import (
	"encoding/json"
	"math/big"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/rubric"
)

const twoGrades = `rubric: two
version: "1"
title: Two grades
effective: "2025-01-01"
grades: [bad, good]
sections:
  visits:
    title: Visits
    lists: { good_lines: { kind: strength } }
    lines: { often: { in: [good_lines], text: Visits were often enough }, fixed_past: { in: [good_lines], text: The first visit was in time, fixed: true } }
    suggest: [{ grade: good, when: all(good_lines) }, { grade: bad }]
`

func parsed(t *testing.T, src string) *rubric.Rubric {
	t.Helper()
	r, err := rubric.Parse("two.yaml", []byte(src))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// What an analysis holds is told whole: what is explained is counted, what explains
// nothing any more is an error.
func TestEveryFindingIsToldWithItsFormAndWhatIsExplainedIsCounted(t *testing.T) {
	at := func(line int, message string) rubric.Mistake {
		return rubric.Mistake{File: "two.yaml", Line: line, Column: 3, Message: message, Text: "  the line"}
	}
	x := checked{name: "two.yaml", rubric: parsed(t, twoGrades), warnings: []string{"this is old"}, analysis: &rubric.Analysis{
		Forms: big.NewInt(81), MostWithMissed: "good",
		Findings: []rubric.Finding{
			{Kind: rubric.EvidenceLowers, At: "visits.suggest.1", Text: "more evidence lowers", Place: at(4, "more evidence lowers"), Shown: "given:\n  visits: { often: not_evidenced }\n",
				Form: &rubric.Answers{Facts: map[string]string{"n": "1"}, Lines: map[string]map[string]rubric.Answer{"visits": {"often": "not_evidenced"}}},
				Then: &rubric.Answers{Facts: map[string]string{"n": "2"}, Lines: map[string]map[string]rubric.Answer{"visits": {"often": "evidenced"}}}},
			{Kind: rubric.Gap, At: "visits", Text: "a gap", Place: at(5, "a gap"), Accepted: "we know"},
		},
		Stale: rubric.Mistakes{at(9, "this explains no finding")},
	}}
	want := `Two grades, version 1
2 grades, 1 section, 2 lines, 0 facts

Take note: this is old.
Examples: none. They show what a change changes; “practiceaudit test two.yaml” has ready ones.
Proved: every form that there can be was visited: 81 of them.
Bottom lines: nothing holds back a file with a missed bottom line: it can still get good.

two.yaml:4:3: more evidence lowers
      the line
      ^
  A smallest form that shows it:
    given:
      visits: { often: not_evidenced }
  The same form with this changed has the lower grade:
    n: 2 instead of 1
    visits.often: evidenced instead of not_evidenced
  If it is meant to be so, say why in the file, under “accepted:”
    - { finding: evidence_lowers, at: visits.suggest.1, because: … }

two.yaml:9:3: this explains no finding
      the line
      ^

2 things to look at. 1 finding is explained in the file.
`
	if diff := cmp.Diff(want, x.text()); diff != "" {
		t.Errorf("want -, got +:\n%s", diff)
	}
	text, err := json.Marshal(x.json())
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{`"accepted":"we know"`, `"then":{"facts":{"n":"2"}`, `"stale":[{"file":"two.yaml","line":9,"column":3,`, `"to_look_at":2`} {
		if !strings.Contains(string(text), part) {
			t.Errorf("%s is not in %s", part, text)
		}
	}
}

func TestTheGuaranteeOfTheBottomLinesIsSaidForEveryGrade(t *testing.T) {
	r := parsed(t, twoGrades)
	for grade, want := range map[rubric.Grade]string{
		"":     "no form has a missed bottom line.",
		"bad":  "no file with a missed bottom line gets above bad, whatever is suggested and whoever judges.",
		"good": "nothing holds back a file with a missed bottom line: it can still get good.",
	} {
		if got := guarantee(r, grade); got != want {
			t.Errorf("%q: got %q, want %q", grade, got, want)
		}
	}
}

func TestTheWayToAGradeIsSaidInWords(t *testing.T) {
	r := parsed(t, twoGrades)
	fixed := changeJSON{Section: "visits", Line: "fixed_past", Text: "The first visit was in time", From: "not evidenced"}
	for _, c := range []struct {
		route routeJSON
		want  string
	}{
		{routeJSON{Grade: "good", Reached: true}, "The way to good for the file as a whole: it is suggested already.\n"},
		{routeJSON{Section: "visits", Grade: "good", Reached: true, Changes: []changeJSON{
			{Section: "visits", Line: "often", Text: "Visits were often enough", From: "not_evidenced", To: "evidenced"}, {Fact: "n", Text: "How many?", To: "3 visits"},
		}}, "The way to good for Visits, with the fewest changes:\n" +
			"  - “Visits were often enough” (Visits): not evidenced → evidenced\n  - “How many?”: not answered → 3 visits\n" +
			"This explains the rubric. What to do is for people to say.\n"},
		{routeJSON{Section: "visits", Grade: "good", Blocked: []changeJSON{fixed}},
			"There is no way to good for Visits. In the way, and not to be changed now:\n  - “The first visit was in time” (Visits): not evidenced\n"},
		{routeJSON{Grade: "good"}, "There is no way to good for the file as a whole: the rubric suggests it for no form.\n"},
	} {
		if diff := cmp.Diff(c.want, explained{rubric: r, Route: &c.route}.way()); diff != "" {
			t.Errorf("want -, got +:\n%s", diff)
		}
	}
}

// The files in the folders of the library are read as a policy officer would name
// them, in every nation.
func TestHaltonsRubricHasNothingWrongInEveryNation(t *testing.T) {
	for _, n := range nations {
		var out, errs strings.Builder
		if code := run(t.Context(), []string{"test", "halton", "--calendar", n.name}, strings.NewReader(""), &out, &errs); code != allIsWell {
			t.Errorf("%s: it ended with %d: %s%s", n.name, code, out.String(), errs.String())
		}
		if n.of().Edition() == (calendar.Edition{}) {
			t.Errorf("%s has no edition", n.name)
		}
	}
}

func TestAFileThatIsTooLongIsRefusedBeforeItIsReadWhole(t *testing.T) {
	name := t.TempDir() + "/long.yaml"
	if err := os.WriteFile(name, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(name, 1<<40); err != nil { // a terabyte of nothing, which no disk has to hold
		t.Skip("no file of that length can be made here:", err)
	}
	for _, args := range [][]string{{"check", name}, {"grade", name}, {"compare", "halton", name}} {
		var out, errs strings.Builder
		if code := run(t.Context(), args, nil, &out, &errs); code != mistakesInAFile || !strings.Contains(errs.String(), "long.yaml: the file is too long: at most 1,048,576 bytes are read") {
			t.Errorf("%v ended with %d: %s", args, code, errs.String())
		}
	}
}
