package rubric_test

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/rubric"
)

var update = flag.Bool("update", false, "write golden files anew, to be read before they are committed")

// golden compares with a file of testdata, or writes it.
func golden(t *testing.T, file, got string) {
	t.Helper()
	file = filepath.Join("testdata", file)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	g, w := strings.Split(got, "\n"), strings.Split(string(want), "\n")
	for i := range max(len(g), len(w)) {
		line := func(all []string) string {
			if i < len(all) {
				return all[i]
			}
			return "(nothing)"
		}
		if line(g) != line(w) {
			t.Errorf("%s:%d: got\n  %s\nwant\n  %s\n(go test ./rubric -update writes it anew)", file, i+1, line(g), line(w))
			return
		}
	}
}

func TestTheRightFileIsAccepted(t *testing.T) {
	src, err := os.ReadFile("testdata/right.yaml")
	if err != nil {
		t.Fatal(err)
	}
	r, err := rubric.Parse("right.yaml", src)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.CheckExamples(calendar.EnglandAndWales()); err != nil {
		t.Error(err)
	}
}

// Each file of testdata/wrong is right.yaml with one mistake, after which it is
// named. The answers stand in testdata/wrong.txt, to be read as a policy officer
// would: is it clear what to change?
func TestEveryWrongFileIsAnswered(t *testing.T) {
	files, err := filepath.Glob("testdata/wrong/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if len(files) < 150 {
		t.Fatalf("only %d wrong files are there", len(files))
	}
	var answers strings.Builder
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Base(file)
		_, err = rubric.Parse(name, src)
		var ms rubric.Mistakes
		switch {
		case !errors.As(err, &ms):
			t.Errorf("%s is accepted: %v", name, err)
			continue
		case len(ms) != 1:
			t.Errorf("%s has one mistake and gets %d answers:\n%v", name, len(ms), err)
		case ms[0].Line < 1 || ms[0].Column < 1:
			t.Errorf("%s: the answer has no place: %v", name, err)
		}
		fmt.Fprintf(&answers, "%v\n\n", err)
	}
	golden(t, "wrong.txt", answers.String())
}

// Keys, names and conditions are told of in one go, and nothing that only follows
// from another mistake.
func TestMistakesOfEveryKindAreToldAtOnce(t *testing.T) {
	src, err := os.ReadFile("testdata/right.yaml")
	if err != nil {
		t.Fatal(err)
	}
	changed := strings.NewReplacer(
		`review_by: "2027-01-01"`, `review_by: "2027-02-30"`,
		"type: number, ask: How many visits", "type: nummber, ask: How many visits",
		"in: [good_lines], text: The referral", "in: [god_lines], text: The referral",
		"bad_lines: { kind: concern }", "bad_lines: { kind: worry }",
		"{ grade: good, when: all(good_lines) }", "{ grade: god, when: all(goood_lines) }",
		"    title: Planning", "    titel: Planning",
		"when: bottom_line_missed", "when: 'bottom_lines_missed or consent = \"given\"'",
		"sections_at(\"inadequate\") >= 1", "sections_at(\"inadequat\") >= 1",
	).Replace(string(src))
	_, err = rubric.Parse("right.yaml", []byte(changed))
	var ms rubric.Mistakes
	if !errors.As(err, &ms) {
		t.Fatalf("it is accepted: %v", err)
	}
	var got []string
	for _, m := range ms {
		got = append(got, fmt.Sprintf("%d: %s", m.Line, m.Message))
	}
	want := []string{
		`5: date "2027-02-30": there is no day 30 in February 2027; write a day from 01 to 28`,
		`11: "nummber" is not one of number, date, time, duration, yes_no, choice; did you mean "number"?`,
		`28: "worry" is not one of strength, concern, mixed`,
		`33: there is no list "god_lines" in this section; did you mean "good_lines"?`,
		`41: there is no grade "god"; did you mean "good"?`,
		`41: there is no list "goood_lines" here; did you mean "good_lines"?`,
		`44: unknown key "titel"; did you mean "title"?`,
		`56: = cannot be used in a condition; write "==" to compare`,
		`58: there is no grade "inadequat"; did you mean "inadequate"?`,
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// A name is doubtful in its own section only.
func TestAMistakeInOneSectionHidesNoneInAnother(t *testing.T) {
	src := strings.Replace(rightWith(t, "      good_lines: { kind: strength, title: Good }", "      good_lines: { kind: strenght, title: Good }"),
		"      - { judged: freely }", "      - { grade: good, when: count(good_lines) >= misspelt }\n      - { judged: freely }", 1)
	_, err := rubric.Parse("right.yaml", []byte(src))
	if err == nil || !strings.Contains(err.Error(), "strenght") || !strings.Contains(err.Error(), "misspelt") {
		t.Errorf("%v", err)
	}
}

// Reading a file that is far above the limits would take long: what the schema says
// of it is answered, and its names and conditions are not looked at.
func TestOfAFileAboveTheLimitsTheSchemasMistakesAreTold(t *testing.T) {
	var facts strings.Builder
	for i := range rubric.MaxFacts {
		fmt.Fprintf(&facts, "  more%d: { type: yes_no, ask: And? }\n", i)
	}
	src := strings.Replace(rightWith(t, "  alone:", facts.String()+"  alone:"), "when: any(bad_lines)", "when: any(bd_lines)", 1)
	_, err := rubric.Parse("right.yaml", []byte(src))
	var ms rubric.Mistakes
	if !errors.As(err, &ms) || len(ms) != 1 || !strings.Contains(ms[0].Message, "too long") {
		t.Errorf("%v", err)
	}
}

func TestAnExamplesMistakeStandsAtItsOwnItem(t *testing.T) {
	src := rightWith(t, "      missed_bottom_lines: [{ section: planning, text: Seen alone }]",
		"      carried:\n        - { section: referral, line: quick }\n        - { section: referral, line: quik }\n      missed_bottom_lines:\n        - { section: planning, text: A }\n        - { section: planing, text: B }")
	_, err := rubric.Parse("right.yaml", []byte(src))
	var ms rubric.Mistakes
	if !errors.As(err, &ms) || len(ms) != 2 || ms[0].Line != 70 || ms[1].Line != 73 || !strings.Contains(ms[0].Message, `did you mean "quick"?`) {
		t.Errorf("%v", err)
	}
}

// What two lists say of one line does not depend on their order.
func TestAnExampleAnswersALineOfTwoListsOneWay(t *testing.T) {
	src := rightWith(t, "good_lines: evidenced, bad_lines: not_seen, some", "bottom_lines: partly, good_lines: evidenced, bad_lines: not_seen, some")
	if _, err := rubric.Parse("right.yaml", []byte(src)); err == nil || !strings.Contains(err.Error(), `"agreed" stands in another list here`) {
		t.Errorf("%v", err)
	}
	src = strings.Replace(src, "bottom_lines: partly", "agreed: evidenced, bottom_lines: partly", 1)
	if _, err := rubric.Parse("right.yaml", []byte(src)); err != nil {
		t.Errorf("answered by itself: %v", err)
	}
}

func TestAnExampleExpectsNothingOfASectionThatIsNoPartOfTheAudit(t *testing.T) {
	for _, expect := range []string{"undetermined: true", "at_most: good", "suggest: good", "applies: true"} {
		src := strings.Replace(rightWith(t, "      status: [in_care]\n", ""), "referral: { suggest: good, at_most: good }", "referral: { "+expect+" }", 1)
		r, err := rubric.Parse("right.yaml", []byte(src))
		if err != nil {
			t.Fatal(err)
		}
		if err := r.CheckExamples(calendar.EnglandAndWales()); err == nil {
			t.Errorf("%s comes out", expect)
		}
	}
}

func TestARubricThatWasNotReadHasNoForms(t *testing.T) {
	for _, r := range []*rubric.Rubric{nil, {}} {
		if f, err := r.Form(rubric.Answers{}, nil); f != nil || err == nil {
			t.Errorf("%v, %v", f, err)
		}
	}
}
