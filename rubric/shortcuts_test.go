package rubric_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/rubric"
)

// Three short ways to visit all forms come to mind, and each is wrong. These are the
// smallest cases that show it.

func shortcut(t *testing.T, body string) *rubric.Rubric {
	t.Helper()
	src := "rubric: shortcut\nversion: \"1\"\ntitle: A shortcut\neffective: \"2026-01-01\"\ngrades: [inadequate, good]\n" + body
	r, err := rubric.Parse("shortcut.yaml", []byte(src))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func findingsOf(t *testing.T, r *rubric.Rubric, kind rubric.FindingKind) []string {
	t.Helper()
	a, err := r.Analyse(calendar.EnglandAndWales())
	if err != nil {
		t.Fatal(err)
	}
	var at []string
	for _, f := range a.Findings {
		if f.Kind == kind {
			at = append(at, f.At)
		}
	}
	return at
}

// To find out of each list by itself how many lines can count loses what they can count
// together: of three lines two can be evidenced and two can be not evidenced, but not
// at once.
func TestCountsAreJoint(t *testing.T) {
	r := shortcut(t, `sections:
  s:
    title: Section
    lists: { good_lines: { kind: strength }, few_lines: { kind: strength } }
    lines:
      a: { in: [good_lines], text: A }
      b: { in: [good_lines, few_lines], text: B }
      c: { in: [good_lines, few_lines], text: C }
    suggest:
      - { grade: good, when: 'count(good_lines) >= 2 and count(good_lines, "not_evidenced") >= 2' }
      - { grade: good, when: 'none(few_lines) and count(good_lines) >= 2' }
      - { grade: inadequate }
`)
	if got := findingsOf(t, r, rubric.RuleNeverApplies); !slices.Equal(got, []string{"s.suggest.1", "s.suggest.2"}) {
		t.Errorf("rules that never apply: %v", got)
	}
}

// To read conditions with three truth values admits grades that no form reaches: what
// is seen or is not seen is undetermined while it is open, and yes either way.
func TestWhatHoldsEitherWayHolds(t *testing.T) {
	r := shortcut(t, `sections:
  s:
    title: Section
    lists: { bad_lines: { kind: concern } }
    lines:
      a: { in: [bad_lines], text: A }
      b: { in: [bad_lines], text: B }
    suggest:
      - { grade: good, when: seen(a) or not seen(a) and (seen(b) or none(bad_lines)) }
      - { grade: inadequate }
`)
	s, _ := mustForm(t, r, rubric.Answers{}).Grade().Section("s")
	if !s.Suggestion.Determined || s.Suggestion.Grade != "good" {
		t.Errorf("of an empty form: %v", s.Suggestion)
	}
	if got := findingsOf(t, r, rubric.RuleNeverApplies); !slices.Equal(got, []string{"s.suggest.2"}) {
		t.Errorf("rules that never apply: %v", got)
	}
}

// To put together all that each section can come to invents outcomes where sections
// share a fact: one line is met where the child lived alone, the other where not.
func TestSectionsThatShareAFactAreVisitedTogether(t *testing.T) {
	section := func(id, when string) string {
		return strings.NewReplacer("ID", id, "WHEN", when).Replace(`  ID:
    title: ID
    lists: { good_lines: { kind: strength } }
    lines: { l_ID: { in: [good_lines], text: L, met when: WHEN } }
    suggest:
      - { grade: good, when: all(good_lines) }
      - { grade: inadequate }
`)
	}
	r := shortcut(t, "facts: { alone: { type: yes_no, ask: Alone? } }\nsections:\n"+section("one", "alone")+section("other", "not alone")+`overall:
  suggest:
    - { grade: good, when: 'evidenced(l_one) and evidenced(l_other)' }
    - { grade: good, when: 'count(good_lines) != 1' }
    - { grade: inadequate, when: 'sections_at("good") == 1' }
    - { grade: good }
`)
	if got := findingsOf(t, r, rubric.RuleNeverApplies); !slices.Equal(got, []string{"overall.suggest.1", "overall.suggest.2"}) {
		t.Errorf("rules that never apply: %v", got)
	}
	res := mustForm(t, r, rubric.Answers{}).Grade().Overall().Suggestion
	if !res.Determined || res.Grade != "inadequate" {
		t.Errorf("of an empty form: %v", res)
	}
}

// While it is open whether a rule applies, those after it go on counting, also where
// nothing before needs the count any more: here the limit asks first for the last lines,
// and once one is evidenced it needs no Good line.
func TestARuleThatMayApplyHidesNoneAfterIt(t *testing.T) {
	r := shortcut(t, `sections:
  s:
    title: Section
    lists: { good_lines: { kind: strength }, few_lines: { kind: strength }, last_lines: { kind: strength } }
    lines:
      a: { in: [good_lines], text: A }
      b: { in: [good_lines], text: B }
      c: { in: [few_lines], text: C }
      d: { in: [last_lines], text: D }
    limit:
      - { at_most: good, when: any(last_lines) or any(good_lines), because: So it is }
    suggest:
      - { grade: inadequate, when: any(few_lines) }
      - { grade: good, when: count(good_lines) >= 2 }
      - { grade: inadequate }
`)
	if got := findingsOf(t, r, rubric.RuleNeverApplies); len(got) > 0 {
		t.Errorf("rules that never apply: %v", got)
	}
	for a, want := range map[rubric.Answer]bool{"evidenced": true, "partly": false} {
		f := mustForm(t, r, rubric.Answers{Lines: map[string]map[string]rubric.Answer{"s": {"a": a, "b": "evidenced", "d": "evidenced"}}})
		s, _ := f.Grade().Section("s")
		if got := slices.Contains(s.Suggestion.Possible, "good"); got != want {
			t.Errorf("a %s: %v", a, s.Suggestion)
		}
	}
}
