package rubric_test

import (
	"fmt"

	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/rubric"
)

// visits is a rubric of one section.
const visits = `
rubric: visits
version: "1"
title: Visits
effective: "2026-01-01"
grades: [inadequate, requires_improvement, good]
sections:
  seeing:
    title: Seeing the child
    lists:
      bottom_lines: { kind: strength, bottom_line: true }
      good_lines: { kind: strength }
    lines:
      alone: { in: [bottom_lines, good_lines], text: The child is seen alone }
      often: { in: [good_lines], text: The child is seen as often as planned }
      home: { in: [good_lines], text: The child is seen at home }
    suggest:
      - { grade: good, when: all(good_lines) }
      - { grade: requires_improvement, when: count(good_lines) >= 1 }
      - { grade: good, when: evidenced(alone) and evidenced(often) }
      - { grade: inadequate }
overall:
  suggest:
    - { grade: inadequate, when: 'sections_at("inadequate") >= 1' }
    - { grade: good, when: 'sections_at("good") == sections_judged()' }
    - { grade: requires_improvement }
`

func visitsRubric() *rubric.Rubric {
	r, err := rubric.Parse("visits.yaml", []byte(visits))
	if err != nil {
		panic(err)
	}
	return r
}

func visited(lines map[string]rubric.Answer) *rubric.Form {
	f, err := visitsRubric().Form(rubric.Answers{Lines: map[string]map[string]rubric.Answer{"seeing": lines}}, calendar.EnglandAndWales())
	if err != nil {
		panic(err)
	}
	return f
}

func ExampleRubric_Analyse() {
	a, err := visitsRubric().Analyse(calendar.EnglandAndWales())
	if err != nil {
		panic(err)
	}
	for _, f := range a.Findings {
		fmt.Printf("line %d, %s: %s\n", f.Place.Line, f.Kind, f.Text)
	}
	fmt.Println(a.Forms, "forms")
	// Output:
	// line 20, rule_never_applies: Rule 3 of Seeing the child can never apply: of rules 1 and 2, one always applies first.
	// line 23, bottom_line_no_limit: A form with a missed bottom line can be graded good: no limit of overall holds it.
	// 768 forms
}

func ExampleForm_Questions() {
	f := visited(map[string]rubric.Answer{"often": rubric.Evidenced})
	fmt.Println("still possible:", f.Grade().Overall().Suggestion.Possible)
	for _, q := range f.Questions() {
		fmt.Printf("%s: %d to %d grades are left\n", q.Ask[0], q.AtLeast, q.AtMost)
	}
	f, err := f.WithLine("seeing", "home", rubric.NotEvidenced)
	if err != nil {
		panic(err)
	}
	fmt.Println("then:", f.Grade().Overall().Suggestion.Possible)
	// Output:
	// still possible: [requires_improvement good]
	// The child is seen alone: 1 to 2 grades are left
	// The child is seen at home: 1 to 2 grades are left
	// then: [requires_improvement]
}

func ExampleForm_RouteTo() {
	f := visited(map[string]rubric.Answer{"alone": rubric.Partly, "often": rubric.NotEvidenced, "home": rubric.Evidenced})
	route, err := f.RouteTo("", "good")
	if err != nil {
		panic(err)
	}
	for _, c := range route.Changes {
		fmt.Printf("%s: %s → %s\n", c.Text, c.From, c.To)
	}
	// Output:
	// The child is seen alone: partly → evidenced
	// The child is seen as often as planned: not_evidenced → evidenced
}

func ExampleForm_Shortfall() {
	f := visited(map[string]rubric.Answer{"alone": rubric.Partly, "often": rubric.NotEvidenced, "home": rubric.Evidenced})
	for _, line := range f.Shortfall() { // drafts of actions, for an auditor to rewrite
		l, _ := visitsRubric().Line(line.Section, line.Line)
		fmt.Println(l.Text)
	}
	// Output:
	// The child is seen alone
	// The child is seen as often as planned
}

func ExampleFormReader() {
	fr := rubric.NewFormReader(visitsRubric(), calendar.EnglandAndWales())
	f, err := fr.Read([]byte(`{"case": "A-17", "lines": {"seeing": {"good_lines": "evidenced", "home": "partly"}}}`))
	if err != nil {
		panic(err)
	}
	g, _ := f.Grade().Suggested("")
	fmt.Println(g)
	// Output:
	// requires_improvement
}
