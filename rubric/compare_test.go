package rubric_test

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/practiceaudit/practiceaudit/rubric"
	"github.com/practiceaudit/practiceaudit/rubric/halton"
)

func parsed(t testing.TB, src string) *rubric.Rubric {
	t.Helper()
	r, err := rubric.Parse("compare.yaml", []byte(src))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func compared(t testing.TB, old, new *rubric.Rubric) rubric.Comparison {
	t.Helper()
	c, err := rubric.Compare(old, new)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func ExampleCompare() {
	src, err := os.ReadFile("testdata/small.yaml")
	if err != nil {
		panic(err)
	}
	edited := strings.NewReplacer(
		`version: "2023-05"`, `version: "2024-05"`,
		"jargon_free: { in: [good_lines], text: Jargon free }", "plain_words: { in: [good_lines], text: Written in plain words, was: jargon_free }",
		"count(inadequate_lines) >= 2", "count(inadequate_lines) >= 1",
	).Replace(string(src))
	old, err := rubric.Parse("small.yaml", src)
	if err != nil {
		panic(err)
	}
	new, err := rubric.Parse("edited.yaml", []byte(edited))
	if err != nil {
		panic(err)
	}
	c, err := rubric.Compare(old, new)
	if err != nil {
		panic(err)
	}
	fmt.Print(c.Text())
	fmt.Println(c.Changes[0].Kind, c.Changes[0].At)
	// Output:
}

// The Halton file as a council might edit it over a year. testdata/compared.txt is to
// be read as a policy officer would.
func TestAnEditedHaltonFileReadsAsPlainEnglish(t *testing.T) {
	before := string(halton.DeepDive())
	edited := before
	for _, e := range haltonEdits {
		if strings.Count(edited, e[0]) < 1 {
			t.Fatalf("the file has no %q", e[0])
		}
		edited = strings.Replace(edited, e[0], e[1], 1)
	}
	old, new := parsed(t, before), parsed(t, edited)
	golden(t, "compared.txt", compared(t, old, new).Text()+"\n\nAnd back:\n\n"+compared(t, new, old).Text())
}

var haltonEdits = [][2]string{
	{`version: "2023-05"`, `version: "2024-06"`},
	{`effective: "2023-05-01"`, `effective: "2024-06-01"`},
	{`review_by: "2024-05-31"`, `review_by: "2025-05-31"`},
	{`  - "Dispute resolution"`, `  - "Escalation policy"`},
	{"Requires improvement to be good }", "Requires improvement to get to Good }"},
	{"    ask: When was the case allocated?", "    ask: When was the case given to a social worker?"},
	{"not_recorded, title: Nothing is recorded about consent }", "not_recorded, title: Nothing is recorded about consent }\n      - { id: withdrawn, title: Consent was withdrawn }"},
	{"sections:\n", "  visits: { type: number, min: 0, max: 100, unit: visits, ask: How many visits were there? }\n\nsections:\n"},
	{"      allocated_24h:", "      allocated_in_time:\n        was: allocated_24h"},
	{"within(\"24 hours\", referred_at, allocated_at)", "within(\"1 working day\", referred_at, allocated_at)"},
	{"Case allocated within 24 hours.", "Case allocated within one working day."},
	{"      jargon_free:\n        in: [good_lines]\n        text: \"Jargon free\"\n", ""},
	{"      focused_on_planning:\n        in: [good_lines]", "      focused_on_planning:\n        in: [good_lines, bottom_lines]"},
	{"        text: \"Includes diversity\"", "        text: \"Includes diversity\"\n        not needed when: consent == \"refused\"\n      visited_often:\n        in: [good_lines]\n        text: Visited as often as the plan says\n        met when: visits >= 3"},
	{"    suggest:\n      - { grade: inadequate, when: count(inadequate_lines) >= 3, because: Three or more Inadequate lines are seen.", "    suggest:\n      - { grade: inadequate, when: seen(decision_making_unsafe), because: Decisions are unsafe. }\n      - { grade: inadequate, when: count(inadequate_lines) >= 2, because: Two or more Inadequate lines are seen."},
	{"sections_below(\"good\") <= 1, because: \"No section is Inadequate, and no more than one is below Good.\"", "sections_below(\"good\") == 0, because: \"Every section is Good.\""},
	{"  limit:\n    - at_most: inadequate\n      when: bottom_line_missed", "  limit:\n    - { at_most: requires_improvement, when: visits == 0, because: The child was never visited. }\n    - at_most: inadequate\n      when: bottom_line_missed"},
}

func TestComparisonPrints(t *testing.T) {
	r := rightRubric(t)
	c := compared(t, r, r)
	if len(c.Changes) != 0 || !strings.Contains(c.Text(), "say the same") {
		t.Error(c.Text())
	}
	_ = cmp.Diff
	_ = json.Marshal
}
