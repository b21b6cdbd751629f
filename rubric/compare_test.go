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
	r, err := rubric.ParseShort("compare.yaml", []byte(src))
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
	// small-dive version 2024-05, compared with version 2023-05
	//
	// What can move a grade:
	//   - In “Referral”, rule 1 now suggests Inadequate when at least 1 line of “Inadequate” is seen; before, when at least 2 lines of “Inadequate” are seen.
	//
	// What moves no grade:
	//   - In “Referral”, the line “Written in plain words” has the name plain_words now; it was jargon_free.
	//   - In “Referral”, the line “Jargon free” reads “Written in plain words” now.
	// renamed referral.plain_words
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

func TestARubricComparedWithItselfSaysTheSame(t *testing.T) {
	r := parsed(t, string(halton.DeepDive()))
	c := compared(t, r, r)
	if len(c.Changes) != 0 || !strings.Contains(c.Text(), "The two versions say the same.") {
		t.Error(c.Text())
	}
	if src, err := json.Marshal(c); err != nil || !strings.Contains(string(src), `"changes":[]`) {
		t.Errorf("%s, %v", src, err)
	}
}

func TestHowAFileIsWrittenIsNoDifference(t *testing.T) {
	for _, e := range [][2]string{
		{"count(bad_lines) >= 2", "count( bad_lines )>=2"},
		{"title: A small rubric", "title: 'A  small rubric'"},
		{`'consent == "refused"'`, `"consent == 'refused'"`},
		{"{ kind: concern }", "{ kind: concern, bottom_line: false }"},
		{"because: Two concerns are seen }", "because: Two concerns are seen, source: our reading }"},
		{"text: The referral is brief }", "text: The referral is brief, was: terse }"},
		{"in: [bottom_lines, good_lines]", "in: [good_lines, bottom_lines]"},
	} {
		if c := compared(t, rightRubric(t), parsed(t, rightWith(t, e[0], e[1]))); len(c.Changes) > 0 {
			t.Errorf("%s: %s", e[1], c.Text())
		}
	}
}

func TestWhatWasNotReadIsNotCompared(t *testing.T) {
	r := rightRubric(t)
	for _, pair := range [][2]*rubric.Rubric{{nil, nil}, {nil, r}, {r, nil}, {{}, r}, {r, {}}} {
		if c, err := rubric.Compare(pair[0], pair[1]); err == nil || !strings.Contains(err.Error(), "rubric.Parse") || len(c.Changes) > 0 {
			t.Errorf("%v, %v", c, err)
		}
	}
	_ = rubric.Comparison{}.Text()
}

func TestALineSaysWhatItWas(t *testing.T) {
	r := parsed(t, rightWith(t, "text: The referral is brief }", "text: The referral is brief, was: [terse, curt] }"))
	l, _ := r.Line("referral", "brief")
	if diff := cmp.Diff([]string{"terse", "curt"}, l.Was); diff != "" {
		t.Error(diff)
	}
	l.Was[0] = "changed"
	if again, _ := r.Line("referral", "brief"); again.Was[0] != "terse" {
		t.Error("a caller can change the rubric")
	}
	back := parsed(t, string(r.Canonical()))
	if again, _ := back.Line("referral", "brief"); len(again.Was) != 2 || back.Ref().Digest != r.Ref().Digest {
		t.Error("the canonical form loses it")
	}
}

// brief is the file with the line "brief" written otherwise.
func brief(t *testing.T, lines ...string) *rubric.Rubric {
	t.Helper()
	without := rightWith(t, "      brief: { in: [some_lines], text: The referral is brief }\n", "# brief\n")
	return parsed(t, strings.Replace(without, "# brief", "      "+strings.Join(lines, "\n      "), 1))
}

func TestLinesAreKnownAgainByWhatTheyWere(t *testing.T) {
	const rest = ": { in: [some_lines], text: The referral is brief"
	old := brief(t, "brief"+rest+" }")
	for name, c := range map[string]struct {
		old, new *rubric.Rubric
		want     []string
	}{
		"one name":                {old, brief(t, "short"+rest+", was: brief }"), []string{"renamed referral.short"}},
		"several names":           {old, brief(t, "short"+rest+", was: [terse, brief] }"), []string{"renamed referral.short"}},
		"over two versions":       {brief(t, "terse"+rest+", was: brief }"), brief(t, "short"+rest+", was: [terse, brief] }"), []string{"renamed referral.short"}},
		"back again":              {brief(t, "short"+rest+", was: brief }"), old, []string{"renamed referral.brief"}},
		"no word of it":           {old, brief(t, "short"+rest+" }"), []string{"removed referral.brief", "added referral.short"}},
		"a name nobody had":       {old, brief(t, "short"+rest+", was: terse }"), []string{"removed referral.brief", "added referral.short"}},
		"it has its old id too":   {brief(t, "brief"+rest+" }", "short"+rest+" }"), brief(t, "short"+rest+", was: brief }"), []string{"removed referral.brief"}},
		"a name used again":       {brief(t, "short"+rest+", was: brief }"), brief(t, "short"+rest+" }", "brief"+rest+" }"), []string{"added referral.brief"}},
		"one that could be two":   {brief(t, "brief"+rest+", was: terse }"), brief(t, "short"+rest+", was: brief }", "terse"+rest+" }"), []string{"renamed referral.short", "added referral.terse"}},
		"two that became one":     {brief(t, "brief"+rest+" }", "terse"+rest+" }"), brief(t, "short"+rest+", was: [terse, brief] }"), []string{"removed referral.brief", "renamed referral.short"}},
		"only in another section": {old, parsed(t, strings.Replace(rightWith(t, "      brief"+rest+" }", "      other"+rest+" }"), "text: Plans are late }", "text: Plans are late, was: brief }", 1)), []string{"removed referral.brief", "added referral.other"}},
	} {
		if diff := cmp.Diff(c.want, kindsAt(compared(t, c.old, c.new))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func kindsAt(c rubric.Comparison) (out []string) {
	for _, d := range c.Changes {
		out = append(out, string(d.Kind)+" "+d.At)
	}
	return out
}

// Each of these edits of right.yaml is told so, and nothing else is.
func TestEveryKindOfEditIsTold(t *testing.T) {
	var told strings.Builder
	for _, e := range rightEdits {
		src := rightWith(t, e[0], e[1])
		if len(e) > 2 {
			src = strings.Replace(src, e[2], e[3], 1)
		}
		c := compared(t, rightRubric(t), parsed(t, src))
		fmt.Fprintf(&told, "%s\n", strings.Join(e, "\n  → "))
		for _, d := range c.Changes {
			fmt.Fprintf(&told, "    %s %s, from %q to %q, grades %t:\n    %s\n", d.Kind, d.At, d.Old, d.New, d.Grades, d.Text)
		}
		told.WriteString("\n")
	}
	golden(t, "differences.txt", told.String())
}

var rightEdits = [][]string{
	{"title: A small rubric", "title: A smaller rubric"},
	{`effective: "2026-01-01"`, `effective: "2026-02-01"`},
	{`review_by: "2027-01-01"`, `review_by: "2027-02-01"`},
	{"review_by: \"2027-01-01\"\n", ""},
	{"effective:", "source: The framework\nnote: As printed.\neffective:"},
	{"references: [Practice standards]", "references: [Practice standards, Transfer protocol]"},
	{"grades: [inadequate, requires_improvement, good]", "grades: [inadequate, requires_improvement, good, outstanding]"},
	{"grades: [inadequate, requires_improvement, good]", "grades: [requires_improvement, good, inadequate]"},
	{"grades: [inadequate, requires_improvement, good]", "grades: [inadequate, requires_improvement, { id: good, title: Good practice }]"},
	{"services: [early_help, care, youth_justice]", "services: [early_help, care, youth_justice, leaving_care]"},
	{"services: [early_help, care, youth_justice]", "services: [care, early_help, youth_justice]"},
	{"status: [in_care]\nreferences", "status: [{ id: in_care, title: A child in care }]\nreferences"},
	{"  visits: { type: number, ask: How many visits were there?, unit: visits, min: 0, max: 50 }", "  visits: { type: number, ask: How many visits were made?, unit: home visits, min: 0, max: 50, better: higher }"},
	{"unit: visits, min: 0, max: 50", "unit: visits, min: 1"},
	{"ask: When was the referral received?, fixed: true", "ask: When was the referral received?", "ask: When was the case allocated?, fixed: true", "ask: When was the case allocated?"},
	{"unit: working days, ask: How long did", "unit: days, ask: How long did"},
	{"  waited: { type: duration, unit: working days, ask: How long did the family wait? }\n", ""},
	{"of: [given, refused]", "of: [refused, { id: given, title: It was given }, withdrawn]"},
	{"type: yes_no, ask: Was the child seen alone?", "type: choice, of: [always, never], ask: Was the child seen alone?"},
	{"    title: Referral\n", "    title: The referral\n    introduction: As printed.\n    references: [Threshold guidance]\n"},
	{"applies: { services: [early_help, care], status: [in_care] }", "applies: { services: [care] }"},
	{"good_lines: { kind: strength, title: Good }", "good_lines: { kind: strength, title: Good practice, bottom_line: true }"},
	{"      empty_lines: { kind: mixed }\n      odd_lines", "      other_lines: { kind: mixed }\n      odd_lines"},
	{"clear: { in: [good_lines], text: The referral is clear, strand: clarity }", "clear: { in: [good_lines, bottom_lines], text: The referral is quite clear, fixed: true }"},
	{"      unclear: { in: [bad_lines], text: The referral is not clear, strand: clarity }\n", "", "      missing:", "      vague: { in: [bad_lines], text: The referral is vague, seen when: visits == 1, not needed when: alone, fixed: true }\n      missing:"},
	{"text: Information is missing, seen when: 'visits == 0' }", "text: Information is missing, not needed when: alone }"},
	{"not needed when: 'consent == \"refused\"'", "not needed when: 'not alone'"},
	{"      smart: { in: [good_lines], text: Plans are SMART }\n", "", "      late: { in: [odd_lines], text: Plans are late }\n", "      late: { in: [odd_lines], text: Plans are late }\n      smart: { in: [good_lines], text: Plans are SMART }\n"},
	{"{ name: unclear_limits, at_most: good, when: any(bad_lines), because: A concern is seen }", "{ name: unclear_limits, at_most: requires_improvement, when: count(bad_lines) > 0, because: A concern is seen., source: The framework }"},
	{"    limit:\n      - { name: unclear_limits", "    limit:\n      - { at_most: inadequate, when: all(bad_lines), because: Every concern is seen }\n      - { name: unclear_limits"},
	{"      - { grade: inadequate, when: count(bad_lines) >= 2, because: Two concerns are seen }\n", ""},
	{"      - { grade: inadequate, when: count(bad_lines) >= 2", "      - { grade: good, when: none(bad_lines) }\n      - { grade: inadequate, when: count(bad_lines) >= 3"},
	{"      - { grade: good, when: all(good_lines) }\n", "", "      - { grade: inadequate, when: count(bad_lines) >= 2", "      - { grade: good, when: all(good_lines) }\n      - { grade: inadequate, when: count(bad_lines) >= 2"},
	{"      - { grade: inadequate, when: count(bad_lines) >= 2, because: Two concerns are seen }\n", "", "      - { grade: requires_improvement }", "      - { grade: inadequate, when: seen(unclear) }\n      - { grade: requires_improvement }"},
	{"      - { grade: requires_improvement }", "      - { judged: freely }"},
	{"      - { grade: good, when: all(good_lines) }", "      - { grade: good, when: all(good_lines) and (evidenced(clear)) }"},
	{"overall:\n", "overall:\n  note: As printed.\n"},
	{"{ at_most: inadequate, when: bottom_line_missed, because: A bottom line is missed }", "{ name: missed, at_most: inadequate, when: bottom_line_missed, because: The framework says so }"},
	{"  planning:\n    title: Planning", "  review:\n    title: Review\n    lists: { some: { kind: mixed } }\n    lines: { held: { in: [some], text: It was held } }\n  planning:\n    title: Planning"},
	{"- name: all is well", "- name: all is quite well"},
}
