package rubric_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/rubric"
)

// small cases of what random rubrics seldom hold.
func caseOf(t *testing.T, body string) *rubric.Rubric {
	t.Helper()
	r, err := rubric.Parse("case.yaml", []byte("rubric: case\nversion: \"1\"\ntitle: A case\neffective: \"2026-01-01\"\ngrades: [bad, good]\n"+body))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func routeOf(t *testing.T, r *rubric.Rubric, a rubric.Answers, section string) rubric.Route {
	t.Helper()
	route, err := mustForm(t, r, a).RouteTo(section, "good")
	if err != nil {
		t.Fatal(err)
	}
	return route
}

func TestARouteChangesAsManyFactsAsItMust(t *testing.T) {
	var facts, sum []string
	given := map[string]string{}
	for _, f := range []string{"a", "b", "c", "d", "e", "f"} {
		facts = append(facts, "  "+f+": { type: number, min: 0, max: 10, ask: How much? }")
		sum = append(sum, f)
		given[f] = "9"
	}
	r := caseOf(t, "facts:\n"+strings.Join(facts, "\n")+"\nsections:\n  s:\n    title: S\n    suggest:\n      - { grade: good, when: "+strings.Join(sum, " + ")+" >= 60 }\n      - { grade: bad }\n")
	if route := routeOf(t, r, rubric.Answers{Facts: given}, "s"); !route.Reached || len(route.Changes) != 6 || route.Changes[5].To != "10" {
		t.Errorf("%+v", route)
	}
}

func TestARouteLeavesFactsThatNothingReadsFree(t *testing.T) {
	r := caseOf(t, `services: [one, two]
facts:
  a: { type: number, min: 0, max: 5, ask: A? }
  b: { type: number, min: 0, max: 5, ask: B? }
sections:
  s1:
    title: S1
    suggest:
      - { grade: good, when: a >= 2 }
      - { grade: bad }
  s2:
    title: S2
    applies: { services: [two] }
    suggest:
      - { grade: good, when: a + b > 3 }
      - { grade: bad }
overall:
  suggest:
    - { grade: good, when: 'grade(s1) == "good"' }
    - { grade: bad }
`)
	for _, section := range []string{"s1", ""} {
		route := routeOf(t, r, rubric.Answers{Service: "one", Facts: map[string]string{"a": "0"}}, section)
		if !route.Reached || len(route.Changes) != 1 || route.Changes[0].Fact != "a" || route.Changes[0].To != "2" {
			t.Errorf("%q: %+v", section, route)
		}
	}
}

func TestARoutePassesByAJudgementThatNothingReads(t *testing.T) {
	r := caseOf(t, `sections:
  s:
    title: S
    lists: { bad_lines: { kind: concern } }
    lines: { z: { in: [bad_lines], text: Z } }
    suggest:
      - { grade: bad, when: any(bad_lines) }
      - { judged: freely }
overall:
  suggest:
    - { grade: good, when: none(bad_lines) }
    - { grade: bad }
`)
	route := routeOf(t, r, rubric.Answers{Lines: map[string]map[string]rubric.Answer{"s": {"z": "seen"}}}, "")
	if !route.Reached || len(route.Changes) != 1 || route.Changes[0].Line != "z" {
		t.Errorf("%+v", route)
	}
}

// A section of every service is part of the audit whatever the service.
func TestASectionOfAllServicesAlwaysApplies(t *testing.T) {
	r := caseOf(t, `services: [one, two]
sections:
  s:
    title: S
    applies: { services: [one, two] }
    lists: { bad_lines: { kind: concern } }
    lines: { z: { in: [bad_lines], text: Z } }
overall:
  suggest:
    - { grade: good, when: sections_judged() == 0 }
    - { grade: bad }
`)
	res := mustForm(t, r, rubric.Answers{}).Grade()
	if s, _ := res.Section("s"); !s.Applies || s.MayNotApply {
		t.Errorf("%+v", s)
	}
	if g, ok := res.Suggested(""); !ok || g != "bad" {
		t.Errorf("%v %t", g, ok)
	}
}

// No whole numbers make a sum of threes two.
func TestWhatNoWholeNumbersReachIsKnown(t *testing.T) {
	r := caseOf(t, `facts:
  a: { type: number, min: 0, max: 100000000, ask: A? }
  b: { type: number, min: 0, max: 100000000, ask: B? }
  c: { type: number, min: 0, max: 9, ask: C? }
sections:
  s:
    title: S
    suggest:
      - { grade: good, when: 3 * a - 3 * b + c == 3 }
      - { grade: bad }
`)
	res := mustForm(t, r, rubric.Answers{Facts: map[string]string{"c": "1"}}).Grade()
	s, _ := res.Section("s")
	if !slices.Equal(s.Suggestion.Possible, []rubric.Grade{"bad"}) || res.Unproved() != "" {
		t.Errorf("%+v %q", s.Suggestion, res.Unproved())
	}
	if _, err := r.Analyse(calendar.EnglandAndWales()); err != nil {
		t.Error(err)
	}
}

func TestFindingsOfOneConditionThatReadAlikeAreTwo(t *testing.T) {
	r := caseOf(t, `facts: { n: { type: number, min: 0, max: 3, ask: N? } }
sections:
  s:
    title: S
    lists: { a: { kind: concern }, b: { kind: concern } }
    lines: { x: { in: [a], text: X }, y: { in: [b], text: Y } }
    suggest:
      - { grade: good, when: all(a) and (none(b) or n > 5) or any(b) and (n > 5 or any(a)) }
      - { grade: bad }
`)
	if got := findingsOf(t, r, rubric.ThresholdOutOfReach); !slices.Equal(got, []string{"s.suggest.1: n > 5", "s.suggest.1: n > 5 (2)"}) {
		t.Errorf("%q", got)
	}
}

func TestNothingHasNothing(t *testing.T) {
	var r *rubric.Rubric
	var res *rubric.Result
	var a *rubric.Analysis
	if r.Unproved()+res.Unproved() != "" || a.Err() != nil || a.Unexplained() != nil {
		t.Error("nil says something")
	}
	if _, err := r.Analyse(nil); err == nil {
		t.Error("nil is analysed")
	}
}

// Of facts that are read together, one that is known says what the other can still do.
func TestAKnownFactNarrowsWhatItIsReadWith(t *testing.T) {
	r := caseOf(t, `facts:
  a: { type: number, min: 0, max: 10, ask: A? }
  b: { type: number, min: 0, max: 10, ask: B? }
sections:
  s:
    title: S
    suggest:
      - { grade: good, when: a > b }
      - { grade: bad }
`)
	for a, want := range map[string][]rubric.Grade{"": {"bad", "good"}, "0": {"bad"}, "5": {"bad", "good"}} {
		s, _ := mustForm(t, r, rubric.Answers{Facts: map[string]string{"a": a}}).Grade().Section("s")
		if !slices.Equal(s.Suggestion.Possible, want) {
			t.Errorf("a %q: %v, want %v", a, s.Suggestion.Possible, want)
		}
	}
}
