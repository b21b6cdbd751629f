package rubric_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/rubric"
)

// tooMuch is a rubric whose rules weigh long lists against one another in many ways.
func tooMuch() string {
	var b strings.Builder
	b.WriteString("rubric: too-much\nversion: \"1\"\ntitle: Too much\neffective: \"2026-01-01\"\ngrades: [inadequate, good]\nsections:\n  heavy:\n    title: Heavy\n    lists: {")
	for l := range 6 {
		fmt.Fprintf(&b, " l%d: { kind: strength },", l)
	}
	b.WriteString(" }\n    lines:\n")
	for i := range 120 {
		fmt.Fprintf(&b, "      x%d: { in: [l%d, l%d], text: Line %d }\n", i, i%6, (i+1+i/6%5)%6, i)
	}
	b.WriteString("    suggest:\n")
	for l := range 5 {
		fmt.Fprintf(&b, "      - { grade: good, when: 'count(l%d) + %d * count(l%d, \"partly\") >= 7 * count(l%d)' }\n", l, l+2, l+1, (l+2)%6)
	}
	b.WriteString("      - { grade: inadequate }\n")
	return b.String()
}

// However large the numbers of a sum, reading the file takes no time, and what is proved
// of it is so.
func TestLargeNumbersAreNoLongVisit(t *testing.T) {
	with := func(condition string) (*rubric.Rubric, error) {
		return rubric.Parse("right.yaml", []byte(rightWith(t, "when: any(bad_lines), because", "when: '"+condition+"', because")))
	}
	r, err := with("1000000 * count(bad_lines) + 1000000 * visits >= 3000001")
	if err != nil {
		t.Fatal(err)
	}
	applies := func(visits string, bad rubric.Answer) bool {
		a := rubric.Answers{Service: "care", Status: []string{"in_care"}, Facts: map[string]string{"visits": visits}, Lines: map[string]map[string]rubric.Answer{"referral": {"unclear": bad}}}
		s, _ := mustForm(t, r, a).Grade().Section("referral")
		if !s.Limits[0].Determined {
			t.Errorf("%s visits, %s: not determined", visits, bad)
		}
		return s.Limits[0].Applies
	}
	for _, c := range []struct {
		visits string
		bad    rubric.Answer
		want   bool
	}{{"4", "not_seen", true}, {"3", "seen", true}, {"3", "not_seen", false}, {"0", "seen", false}} {
		if got := applies(c.visits, c.bad); got != c.want {
			t.Errorf("%s visits, %s: the limit applies: %t", c.visits, c.bad, got)
		}
	}
	if _, err := with("count(bad_lines) + 900000 * count(good_lines) + visits >= 7"); err == nil || !strings.Contains(err.Error(), "conditions on facts tell too many cases apart") {
		t.Errorf("a sum with a million bounds: %v", err)
	}
}

// A rubric that cannot be visited whole is refused, with the place; or it is taken, and
// all that comes of it says that it is unproved.
func TestARubricTooLargeToVisitIsRefusedOrUnproved(t *testing.T) {
	src := tooMuch()
	_, err := rubric.Parse("too-much.yaml", []byte(src))
	var ms rubric.Mistakes
	if !errors.As(err, &ms) || len(ms) != 1 || !strings.HasPrefix(err.Error(), "too-much.yaml:7:3: the rules of this section") {
		t.Fatalf("%v", err)
	}
	r, err := rubric.ParseUnproved("too-much.yaml", []byte(src))
	if err != nil {
		t.Fatal(err)
	}
	if r.Unproved() == "" {
		t.Error("it is not said to be unproved")
	}
	var tooLarge *rubric.TooLargeError
	if _, err := r.Analyse(calendar.EnglandAndWales()); !errors.As(err, &tooLarge) {
		t.Errorf("analysed: %v", err)
	}
	f := mustForm(t, r, rubric.Answers{Lines: map[string]map[string]rubric.Answer{"heavy": {"x1": "partly"}}})
	res := f.Grade()
	if res.Unproved() == "" || !strings.Contains(res.Explain().Text(), "This rubric is unproved") || !strings.Contains(res.Explain().Markdown(), "This rubric is unproved") {
		t.Errorf("a grade does not say so: %s", res.Explain().Text())
	}
	if q := f.Questions(); q != nil {
		t.Errorf("questions: %v", q)
	}
	if rightRubric(t).Unproved() != "" {
		t.Error("a small rubric is unproved")
	}
}

// Sixteen sections that each apply by a status of their own are visited; one more is
// too many, and is refused with its place.
func TestSectionsByTooManyStatusesAreRefused(t *testing.T) {
	parse := func(n int) error {
		var names, sections []string
		for i := range n {
			names = append(names, fmt.Sprintf("s%d", i))
			sections = append(sections, fmt.Sprintf("  p%d:\n    title: P\n    applies: { status: [s%d] }\n", i, i))
		}
		_, err := rubric.Parse("many.yaml", []byte("rubric: many\nversion: \"1\"\ntitle: Many\neffective: \"2026-01-01\"\ngrades: [bad, good]\nstatus: ["+
			strings.Join(names, ", ")+"]\nsections:\n"+strings.Join(sections, "")+"overall:\n  suggest:\n    - { grade: good, when: 'sections_at(\"bad\") == 0' }\n    - { grade: bad }\n"))
		return err
	}
	if err := parse(16); err != nil {
		t.Error(err)
	}
	for n, place := range map[int]string{17: "many.yaml:59:1: the rules of overall", 24: "many.yaml:7:1: sections apply by too many statuses"} {
		if err := parse(n); err == nil || !strings.HasPrefix(err.Error(), place) {
			t.Errorf("%d: %v", n, err)
		}
	}
}
