package rubric_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/rubric"
)

// smallForms are stored forms of small.yaml: a good file, one with two concerns, one
// that was allocated late, one not finished, one judged above its limits.
var smallForms = []string{
	`{"case":"A-1","facts":{"referred_at":"2026-03-02T09:00","allocated_at":"2026-03-02T17:00","consent":"given"},"lines":{"referral":{"bottom_lines":"evidenced","good_lines":"evidenced","inadequate_lines":"not_seen"}},"judgements":{"management_oversight":"good"}}`,
	`{"case":"A-2","facts":{"referred_at":"2026-03-02T09:00","allocated_at":"2026-03-02T17:00","consent":"given"},"lines":{"referral":{"bottom_lines":"evidenced","good_lines":"evidenced","inadequate_lines":"seen"}},"judgements":{"management_oversight":"good","referral":"good"}}`,
	`{"case":"A-3","facts":{"referred_at":"2026-03-02T09:00","allocated_at":"2026-03-04T10:00","consent":"given"},"lines":{"referral":{"bottom_lines":"evidenced","good_lines":"evidenced","inadequate_lines":"not_seen","not_clear":"seen"}},"judgements":{"management_oversight":"good"}}`,
	`{"facts":{"consent":"refused"},"lines":{"referral":{"reason_clear":"partly"}}}`,
	`{"case":"A-5","facts":{"referred_at":"2026-03-02T09:00","allocated_at":"2026-03-04T10:00","consent":"given"},"lines":{"referral":{"bottom_lines":"evidenced","good_lines":"evidenced","inadequate_lines":"not_seen","jargon_free":"partly"}},"judgements":{"referral":"outstanding","management_oversight":"outstanding"},"missed_bottom_lines":[{"section":"management_oversight","text":"Seen alone"}]}`,
}

// impactEdit is an edit of small.yaml, or of right.yaml.
type impactEdit struct {
	name   string
	edits  []string // old and new text, in turn
	before []string // likewise, of both versions
	forms  []string // of right.yaml; nil for small.yaml and its forms
}

// impactOf is what an edit makes of the forms.
func impactOf(t *testing.T, e impactEdit) *rubric.ImpactReport {
	t.Helper()
	_, src := small(t)
	forms, version := smallForms, `version: "2023-05"`
	if e.forms != nil {
		src, forms, version = rightWith(t, "title: A small rubric", "title: Another"), e.forms, `version: "1"`
	}
	src = editedBy(t, src[:strings.Index(src, "examples:")], e.before)
	from, err := rubric.Parse("before.yaml", []byte(src))
	if err != nil {
		t.Fatal(err)
	}
	to, err := rubric.Parse("after.yaml", []byte(editedBy(t, src, append(e.edits, version, `version: "2026-01"`))))
	if err != nil {
		t.Fatal(err)
	}
	var lines [][]byte
	for _, f := range forms {
		lines = append(lines, []byte(f))
	}
	x, err := rubric.Impact(t.Context(), from, to, calendar.EnglandAndWales(), stream(lines, len(lines)), rubric.ImpactOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func editedBy(t *testing.T, src string, edits []string) string {
	t.Helper()
	for i := 0; i < len(edits); i += 2 {
		if !strings.Contains(src, edits[i]) {
			t.Fatalf("there is no %q", edits[i])
		}
		src = strings.Replace(src, edits[i], edits[i+1], 1)
	}
	return src
}

var impactEdits = []impactEdit{
	{name: "nothing is changed"},
	{name: "a rule asks for less", edits: []string{"count(inadequate_lines) >= 2", "count(inadequate_lines) >= 1"}},
	{name: "a rule is new", edits: []string{"    suggest:\n", "    suggest:\n      - { grade: inadequate, when: seen(not_clear), because: The referral is not clear }\n"}},
	{name: "a rule is gone", edits: []string{"      - { grade: inadequate, when: count(inadequate_lines) >= 2 }\n", ""}},
	{name: "a rule gives another grade", edits: []string{"- { grade: good, when: all(good_lines)", "- { grade: outstanding, when: all(good_lines)"}},
	{
		name:   "two rules change places",
		before: []string{"all(good_lines) and none(inadequate_lines)", "all(good_lines)"},
		edits: []string{
			"      - { grade: inadequate, when: count(inadequate_lines) >= 2 }\n      - { grade: good, when: all(good_lines), because: Every Good line is evidenced }\n",
			"      - { grade: good, when: all(good_lines), because: Every Good line is evidenced }\n      - { grade: inadequate, when: count(inadequate_lines) >= 2 }\n",
		},
	},
	{name: "a rule with its reason asks for more", edits: []string{"all(good_lines) and none(inadequate_lines)", "percent(good_lines) >= 50"}},
	{name: "people judge freely", edits: []string{"- { grade: requires_improvement }\n  management", "- { judged: freely }\n  management"}},
	{name: "the limit on missed bottom lines is gone", edits: []string{"  limit:\n    - { at_most: inadequate, when: bottom_line_missed, because: Files that do not evidence the bottom lines are graded inadequate, source: \"QA framework, The Collaborative Audit Process\" }\n", ""}},
	{name: "the limit on missed bottom lines leaves more", edits: []string{"{ at_most: inadequate, when: bottom_line_missed", "{ at_most: requires_improvement, when: bottom_line_missed"}},
	{name: "the limit on missed bottom lines asks for more", edits: []string{"when: bottom_line_missed, because", "when: 'bottom_line_missed and sections_at(\"inadequate\") >= 1', because"}},
	{name: "a limit is new", edits: []string{"    suggest:\n      - { grade: inadequate, when: count", "    limit:\n      - { at_most: requires_improvement, when: seen(not_clear), because: The referral is not clear }\n    suggest:\n      - { grade: inadequate, when: count"}},
	{name: "a section judged freely is limited", edits: []string{"    note: source incomplete\n", "    limit:\n      - { at_most: good, when: bottom_line_missed, because: A bottom line is missed }\n"}},
	{name: "a line is gone", edits: []string{"      jargon_free: { in: [good_lines], text: Jargon free }\n", ""}},
	{name: "a line is renamed", edits: []string{"      jargon_free: { in: [good_lines], text: Jargon free }\n", "      plain_words: { was: [jargon_free], in: [good_lines], text: In plain words }\n"}},
	{name: "a line is renamed and nobody says so", edits: []string{"      jargon_free: {", "      plain_words: {"}},
	{name: "a line stands in another list", edits: []string{"not_clear: { in: [inadequate_lines]", "not_clear: { in: [other_lines]", "      inadequate_lines: { kind", "      other_lines: { kind: mixed }\n      inadequate_lines: { kind"}},
	{name: "a strength becomes a concern", edits: []string{"jargon_free: { in: [good_lines]", "jargon_free: { in: [inadequate_lines]"}},
	{name: "a line is worked out from facts", edits: []string{"reason_clear: { in: [bottom_lines], text: Reason for referral can be identified }", "reason_clear: { in: [bottom_lines], text: Reason for referral can be identified, met when: consent == \"given\" }"}},
	{name: "a choice and a fact are gone", edits: []string{"[given, refused, not_needed_or_unsafe_recorded, not_recorded]", "[given, not_needed_or_unsafe_recorded]", "  referred_at: { type: time, fixed: true, ask: When was the referral received? }\n", "", "allocated_24h: { in: [bottom_lines], text: Case allocated within 24 hours., met when: 'within(\"24 hours\", referred_at, allocated_at)' }", "allocated_24h: { in: [bottom_lines], text: Case allocated within 24 hours. }"}},
	{name: "a section is gone", edits: []string{"  management_oversight:\n    title: Management Oversight\n    note: source incomplete\n", ""}},
	{name: "a section is new", edits: []string{"overall:\n", "  review:\n    title: Review\n    lists:\n      good_lines: { kind: strength }\n    lines:\n      on_time: { in: [good_lines], text: Reviews are on time }\n    suggest:\n      - { grade: good, when: all(good_lines) }\n      - { grade: requires_improvement }\noverall:\n"}},
	{name: "the best grade is gone", edits: []string{"  - { id: outstanding, title: Outstanding }\n", ""}},
	{
		name:   "the limit on missed bottom lines asks for less",
		before: []string{"when: bottom_line_missed, because", "when: 'bottom_line_missed and sections_at(\"inadequate\") >= 1', because"},
		edits:  []string{"when: 'bottom_line_missed and sections_at(\"inadequate\") >= 1', because", "when: bottom_line_missed, because"},
	},
	{
		name:   "a limit reads grades that move",
		before: []string{"  suggest:\n    - { grade: inadequate, when: sections_at(\"inadequate\") >= 2 }", "    - { at_most: requires_improvement, when: grade(referral) < \"good\", because: The referral is weak }\n  suggest:\n    - { grade: inadequate, when: sections_at(\"inadequate\") >= 2 }", "at_most: inadequate, when: bottom_line_missed", "at_most: good, when: bottom_line_missed"},
		edits:  []string{"count(inadequate_lines) >= 2", "none(inadequate_lines)"},
	},
	{name: "a service, a status and what is carried are gone", edits: []string{
		"services: [early_help, care, youth_justice]", "services: [care, youth_justice]", "services: [early_help, care]", "services: [care]",
		"status: [in_care]", "status: [on_plan]", "status: [in_care]", "status: [on_plan]",
		"      quick: { in: [bottom_lines], text: Allocated within a day, met when: 'within(\"24 hours\", received, allocated)' }\n", "",
	}, forms: []string{
		`{"case":"B-1","service":"early_help"}`,
		`{"case":"B-2","service":"care","status":["in_care"],"carried":[{"Section":"referral","Line":"quick"}]}`,
		`{"case":"B-3","service":"care"}`,
	}},
	{name: "lines that cannot be read", forms: []string{"", `{"case":"A-6"`, `{"lines":{"referral":{"unclear":"evidenced","good":""}}}`, "{}"}},
	{name: "no forms", forms: []string{}},
	{name: "what was carried is judged again", edits: []string{"fixed: true }\n  waited", "fixed: false }\n  waited"}, forms: []string{
		`{"case":"B-2","service":"care","status":["in_care"],"carried":[{"Section":"referral","Line":"quick"}]}`,
	}},
	{name: "dates that do not go together", edits: []string{"'visits == 0'", "'within(\"1 week\", opened, closed)'"}, forms: []string{
		`{"case":"B-4","service":"care","status":["in_care"],"facts":{"opened":"2026-03-02","closed":"2026-03-01"}}`,
	}},
}

// The reports stand in testdata/impact.txt, to be read as a policy officer would.
func TestImpactInPlainEnglish(t *testing.T) {
	var text strings.Builder
	for _, e := range impactEdits {
		fmt.Fprintf(&text, "== %s\n\n%s\n", e.name, impactOf(t, e).Text())
	}
	golden(t, "impact.txt", text.String())
}

func TestAReportInJSONReadsTheSame(t *testing.T) {
	for _, e := range impactEdits {
		x := impactOf(t, e)
		src, err := json.Marshal(x)
		if err != nil {
			t.Fatal(err)
		}
		var again rubric.ImpactReport
		if err := json.Unmarshal(src, &again); err != nil || again.Text() != x.Text() {
			t.Errorf("%s: %v\n%s", e.name, err, src)
		}
	}
}

func TestTheEmptyReportCanBeWritten(t *testing.T) {
	if text := new(rubric.ImpactReport).Text(); !strings.Contains(text, "0 forms read.") {
		t.Error(text)
	}
}

// What a stricter rule makes of the files of the past.
func ExampleImpact() {
	src, err := os.ReadFile("testdata/small.yaml")
	if err != nil {
		panic(err)
	}
	old, err := rubric.Parse("small.yaml", src)
	if err != nil {
		panic(err)
	}
	stricter := strings.NewReplacer(`version: "2023-05"`, `version: "2026-01"`, "count(inadequate_lines) >= 2", "count(inadequate_lines) >= 1").Replace(string(src))
	revised, err := rubric.Parse("stricter.yaml", []byte(stricter))
	if err != nil {
		panic(err)
	}
	past := func(yield func([]byte, error) bool) { // as read from a file of JSON Lines
		for _, line := range smallForms[:3] {
			if !yield([]byte(line), nil) {
				return
			}
		}
	}
	report, err := rubric.Impact(context.Background(), old, revised, calendar.EnglandAndWales(), past, rubric.ImpactOptions{})
	if err != nil {
		panic(err)
	}
	fmt.Print(report.Text())
	// Output:
	// What version 2026-01 of small-dive makes of the forms graded under version 2023-05
	//
	// 3 forms read.
	//
	// The file as a whole
	//   The same 3.
	//
	// Referral
	//   The same 2, worse 1.
	//                                           Requires
	//                                        improvement
	//   Before ↓ After →         Inadequate   to be good         Good  Outstanding
	//   Inadequate                        1            -            -            -
	//   Requires improvement
	//   to be good                        1            -            -            -
	//   Good                              -            -            1            -
	//   Outstanding                       -            -            -            -
	//   - Requires improvement to be good → Inadequate, 1 form: Rule 1 (Inadequate: at least 1 line of “Inadequate” is seen), whose condition is changed, applies where rule 3 (Requires improvement to be good: no other rule applies) did.
	//       A-3 (line 3)
	//
	// Management Oversight
	//   The same 3.
	//
	// This is what the rubrics suggest. No grade that a person gave is changed by it.
}
