package halton_test

import (
	"bytes"
	"errors"
	"fmt"
	"github.com/practiceaudit/practiceaudit/calendar"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/practiceaudit/practiceaudit/rubric"
	"github.com/practiceaudit/practiceaudit/rubric/halton"
)

// framework is Halton's own document. It is not ours to publish, so it is read
// where a copy stands beside the checkout and the comparison is skipped where
// none does.
const framework = "../../../shared/framework/halton-qa-framework-2023.md"

// The lists of the rubric, by the heading the source prints over them. The list
// with no heading is Referral's first.
var listUnder = map[string]string{
	"":                     "bottom_lines",
	"Good":                 "good_lines",
	"Requires Improvement": "requires_improvement_lines",
	"Inadequate":           "inadequate_lines",
}

// TestCounts holds the number of lines in every list.
func TestCounts(t *testing.T) {
	type counts struct{ Bottom, Good, RequiresImprovement, Inadequate int }
	want := map[string]counts{
		"referral":             {8, 14, 9, 9},
		"basic_information":    {0, 12, 7, 7},
		"assessment":           {0, 14, 10, 12},
		"planning":             {0, 13, 9, 7},
		"review":               {0, 6, 7, 8},
		"management_oversight": {},
	}
	got := map[string]counts{}
	total, bottom := 0, 0
	r := deepDive(t)
	for _, s := range r.Sections() {
		n := map[string]int{}
		for _, e := range entries(s) {
			n[e.List]++
			total++
		}
		got[s.ID] = counts{n["bottom_lines"], n["good_lines"], n["requires_improvement_lines"], n["inadequate_lines"]}
		bottom += n["bottom_lines"]
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("lines in each list (-want +got):\n%s", diff)
	}
	if total != 152 || total-bottom != 144 {
		t.Errorf("%d lines, %d without the bottom lines; want 152 and 144", total, total-bottom)
	}
}

// TestWordsAreHaltons compares the rubric with the source in both directions:
// every printed line stands in its section and list, in printed order, and
// nothing stands there that is not printed.
func TestWordsAreHaltons(t *testing.T) {
	source, r := readFramework(t), deepDive(t)

	t.Run("lines", func(t *testing.T) {
		if len(source.lines) != 152 {
			t.Errorf("the source prints %d lines, want 152", len(source.lines))
		}
		if diff := cmp.Diff(normalised(source.lines), normalised(allEntries(r))); diff != "" {
			t.Errorf("lines (-printed +rubric):\n%s", diff)
		}
	})
	t.Run("full stops and commas at the end", func(t *testing.T) {
		// A line that stands in two lists has one text. Where the print of the
		// two differs by a full stop, the first print is kept.
		want := slices.Clone(source.lines)
		i := slices.Index(want, entry{"Referral", "requires_improvement_lines", "Consent obtained."})
		if i < 0 {
			t.Fatal(`the source no longer prints "Consent obtained." under Requires Improvement`)
		}
		want[i].Text = "Consent obtained"
		if diff := cmp.Diff(want, allEntries(r)); diff != "" {
			t.Errorf("lines (-printed +rubric):\n%s", diff)
		}
	})
	t.Run("sections and introductions", func(t *testing.T) {
		var got []introduction
		for _, s := range r.Sections() {
			got = append(got, introduction{s.Title, plain(s.Introduction)})
		}
		if diff := cmp.Diff(source.introductions, got); diff != "" {
			t.Errorf("introductions (-printed +rubric):\n%s", diff)
		}
	})
	t.Run("key documents", func(t *testing.T) {
		// The first document is printed over two lines.
		want := slices.Clone(source.documents)
		if len(want) < 2 || !strings.HasSuffix(want[0], "Referral") {
			t.Fatalf("the source no longer starts its key documents over two lines: %q", want)
		}
		want = slices.Replace(want, 0, 2, want[0]+" "+want[1])
		if diff := cmp.Diff(want, r.References()); diff != "" {
			t.Errorf("key documents (-printed +rubric):\n%s", diff)
		}
	})
	t.Run("the printed sentence on bottom lines", func(t *testing.T) {
		limits := grade(t, r).Overall().Limits
		if len(limits) == 0 || !strings.Contains(source.whole, plain(limits[0].Because)) {
			t.Errorf("the first limit on the whole file does not quote the source: %+v", limits)
		}
	})
}

// TestOneChangedWordIsFound shows that the comparison above misses nothing: each
// word of each line, changed alone, makes a difference.
func TestOneChangedWordIsFound(t *testing.T) {
	lines := normalised(allEntries(deepDive(t)))
	for i, line := range lines {
		words := strings.Fields(line.Text)
		for w := range words {
			changed := slices.Clone(words)
			changed[w] += "x"
			other := slices.Clone(lines)
			other[i].Text = strings.Join(changed, " ")
			if slices.Equal(lines, normalised(other)) {
				t.Errorf("%s, %s: a change of %q in %q is not found", line.Section, line.List, words[w], line.Text)
			}
		}
	}
}

// TestOnePrintedLineThatHoldsTwo: Assessment's fifth Requires Improvement line
// runs two into one. It stays one line, as printed, and says so.
func TestOnePrintedLineThatHoldsTwo(t *testing.T) {
	r := deepDive(t)
	const first, second = "Individual impact on child not considered", "Some challenge to parents / carers but lack of curiosity"
	line := mustLine(t, r, "assessment", "impact_or_curiosity_lacking")
	if want := first + " " + second; line.Text != want {
		t.Errorf("text %q, want %q", line.Text, want)
	}
	for _, part := range []string{first, second} {
		if !strings.Contains(line.Note, part) {
			t.Errorf("the note %q does not quote %q", line.Note, part)
		}
	}
	if alone := mustLine(t, r, "basic_information", "some_challenge_lacks_curiosity"); alone.Text != second {
		t.Errorf("Basic information prints the second half alone; got %q", alone.Text)
	}
}

// TestLinesThatStandInTwoLists: a line printed in two lists is asked once, and
// lines that differ by more than a full stop are two.
func TestLinesThatStandInTwoLists(t *testing.T) {
	var got []string
	for _, s := range deepDive(t).Sections() {
		for _, line := range s.Lines {
			if len(line.Lists) == 1 {
				continue
			}
			got = append(got, s.ID+"."+line.ID)
			if want := []string{"bottom_lines", "requires_improvement_lines"}; !slices.Equal(line.Lists, want) {
				t.Errorf("%s.%s stands in %v, want %v", s.ID, line.ID, line.Lists, want)
			}
		}
	}
	want := []string{
		"referral.contact_details_identifiable",
		"referral.consent_obtained",
		"referral.reason_identified",
		"referral.acted_on_promptly",
		"referral.history_considered",
		"referral.decision_appropriate",
		"referral.allocated_24h",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("lines in two lists (-want +got):\n%s", diff)
	}
}

// TestNoLineIsAskedTwice: within a section and list kind no text comes twice.
func TestNoLineIsAskedTwice(t *testing.T) {
	for _, s := range deepDive(t).Sections() {
		seen := map[string]string{}
		for _, line := range s.Lines {
			text := withoutFullStop(plain(line.Text))
			if other, twice := seen[text]; twice {
				t.Errorf("%s: %s and %s have the same text %q", s.ID, other, line.ID, text)
			}
			seen[text] = line.ID
		}
	}
}

// TestListsAndSources: what each list is, that each names its heading in the
// source, and that what is missing or ours is said.
func TestListsAndSources(t *testing.T) {
	type list struct {
		Kind       rubric.ListKind
		BottomLine bool
		Heading    string
	}
	want := map[string]list{
		"bottom_lines":               {rubric.Strength, true, "the list without a heading"},
		"good_lines":                 {rubric.Strength, false, "Good"},
		"requires_improvement_lines": {rubric.Mixed, false, "Requires Improvement"},
		"inadequate_lines":           {rubric.Concern, false, "Inadequate"},
	}
	r := deepDive(t)
	for _, s := range r.Sections() {
		if base := "QA and Learning Framework, May 2023, What Good Looks Like, " + s.Title; s.SourceRef != base {
			t.Errorf("%s: source %q, want %q", s.ID, s.SourceRef, base)
		}
		for _, l := range s.Lists {
			w := want[l.ID]
			if l.Kind != w.Kind || l.BottomLine != w.BottomLine {
				t.Errorf("%s, %s: kind %s, bottom line %t; want %s, %t", s.ID, l.ID, l.Kind, l.BottomLine, w.Kind, w.BottomLine)
			}
			if !strings.HasPrefix(l.Source, s.SourceRef+", "+w.Heading) {
				t.Errorf("%s, %s: source %q, want it to name the heading %q", s.ID, l.ID, l.Source, w.Heading)
			}
			if l.BottomLine && !strings.Contains(l.Note, "Our reading, to confirm with Halton") {
				t.Errorf("%s, %s: the note %q does not say whose reading it is", s.ID, l.ID, l.Note)
			}
		}
		if s.ID != "referral" && !strings.Contains(s.Note, "bottom lines not supplied") {
			t.Errorf("%s: the note %q does not say that bottom lines were not supplied", s.ID, s.Note)
		}
		if freely := s.ID == "management_oversight"; s.JudgedFreely != freely {
			t.Errorf("%s: judged freely %t, want %t", s.ID, s.JudgedFreely, freely)
		}
	}
	if s, _ := r.Section("management_oversight"); !strings.Contains(s.Note, "source incomplete") {
		t.Errorf("management_oversight: the note %q does not say that the source is incomplete", s.Note)
	}
	for section, id := range map[string]string{"basic_information": "children_in_care_files", "planning": "contingency_planning"} {
		if line := mustLine(t, r, section, id); !strings.Contains(line.Note, "breaks off") {
			t.Errorf("%s, %q: the note %q does not say that the line breaks off", section, line.Text, line.Note)
		}
	}
}

// TestGradesAndDates: the scale, worst first, and the dates.
func TestGradesAndDates(t *testing.T) {
	r := deepDive(t)
	if want := []rubric.Grade{"inadequate", "requires_improvement", "good", "outstanding"}; !slices.Equal(r.Grades(), want) {
		t.Errorf("grades %v, want %v", r.Grades(), want)
	}
	if got, want := r.GradeTitle("requires_improvement"), "Requires improvement to be good"; got != want {
		t.Errorf("title %q, want %q", got, want)
	}
	if ref := r.Ref(); ref.ID != "halton-deep-dive" || ref.Version != "2023-05" {
		t.Errorf("the file is %s, want halton-deep-dive 2023-05", ref)
	}
	if got := fmt.Sprint(r.Effective(), " ", r.ReviewBy()); got != "2023-05-01 2024-05-31" {
		t.Errorf("effective and review by %s, want 2023-05-01 2024-05-31", got)
	}
	if len(r.Warnings(r.ReviewBy())) != 0 || len(r.Warnings(r.ReviewBy().AddDays(1))) != 1 {
		t.Error("want a warning from the day after the review was due, and none before")
	}
}

// TestEverySuggestionSaysWhoseReadingItIs: only the limit by bottom lines is
// Halton's own rule.
func TestEverySuggestionSaysWhoseReadingItIs(t *testing.T) {
	r := deepDive(t)
	result := grade(t, r)
	check := func(where, source string, ours bool) {
		if (source == "our reading") != ours {
			t.Errorf("%s: source %q", where, source)
		}
	}
	for _, s := range result.Sections() {
		for _, l := range s.Limits {
			check(s.Section+", limit "+l.Name, l.Source, true)
		}
	}
	for _, l := range result.Overall().Limits {
		check("whole file, limit "+l.When, l.Source, l.When != "bottom_line_missed")
	}
	canonical := string(r.Canonical())
	if rules, ours := strings.Count(canonical, `"grade":`), strings.Count(canonical, `"source":"our reading"`); rules != 18 || ours != 24 {
		t.Errorf("%d rules that suggest and %d marked as our reading; want 18, and with 6 limits 24", rules, ours)
	}
}

// TestExamples runs the file's own examples.
func TestExamples(t *testing.T) {
	if err := deepDive(t).CheckExamples(calendar.EnglandAndWales()); err != nil {
		t.Error(err)
	}
}

// TestFreshCopies: what a caller does to a copy changes nothing.
// TestEveryFormIsProved visits every form of Halton's rubric: a missed bottom line
// holds every one of them, nothing is found that the file does not explain, more
// evidence never lowers a grade, and the file's own examples show every condition both
// ways.
func TestEveryFormIsProved(t *testing.T) {
	a, err := deepDive(t).Analyse(calendar.EnglandAndWales())
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Err(); err != nil {
		t.Error(err)
	}
	if a.MostWithMissed != "inadequate" {
		t.Errorf("a form with a missed bottom line can be graded %s", a.MostWithMissed)
	}
	for _, f := range a.Findings {
		if f.Kind != rubric.GradeNotSuggested && f.Kind != rubric.UnreadLines {
			t.Errorf("found: %s", f.Place.Error())
		}
	}
	for _, c := range a.Coverage {
		for _, missing := range c.Missing {
			t.Errorf("no example shows that %s comes out so:\n%s", c.At, missing)
		}
	}
	t.Logf("%v forms, %d findings, all explained, %d conditions", a.Forms, len(a.Findings), len(a.Coverage))
}

func TestFreshCopies(t *testing.T) {
	for name, read := range map[string]func() []byte{
		halton.DeepDiveFile:      halton.DeepDive,
		halton.ProcessPolicyFile: halton.ProcessPolicy,
	} {
		t.Run(name, func(t *testing.T) {
			onDisk, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			copied := read()
			clear(copied)
			if !bytes.Equal(read(), onDisk) {
				t.Error("the second copy is not the file as it stands")
			}
		})
	}
}

// deepDive parses the rubric, or ends the test with every mistake in it.
func deepDive(t *testing.T) *rubric.Rubric {
	t.Helper()
	r, err := rubric.Parse(halton.DeepDiveFile, halton.DeepDive())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// grade grades a form with no answers.
func grade(t *testing.T, r *rubric.Rubric) *rubric.Result {
	t.Helper()
	form, err := r.Form(rubric.Answers{}, calendar.EnglandAndWales())
	if err != nil {
		t.Fatal(err)
	}
	return form.Grade()
}

func mustLine(t *testing.T, r *rubric.Rubric, section, id string) rubric.Line {
	t.Helper()
	line, ok := r.Line(section, id)
	if !ok {
		t.Fatalf("no line %q in section %q", id, section)
	}
	return line
}

// entry is a line where it stands. A line in two lists is two entries.
type entry struct{ Section, List, Text string }

// entries gives the lines of a section list by list, each list in file order.
func entries(s rubric.Section) []entry {
	var out []entry
	for _, list := range s.Lists {
		for _, line := range s.Lines {
			if slices.Contains(line.Lists, list.ID) {
				out = append(out, entry{s.Title, list.ID, plain(line.Text)})
			}
		}
	}
	return out
}

func allEntries(r *rubric.Rubric) []entry {
	var out []entry
	for _, s := range r.Sections() {
		out = append(out, entries(s)...)
	}
	return out
}

// normalised is the same lines without a full stop at the end.
func normalised(lines []entry) []entry {
	out := slices.Clone(lines)
	for i := range out {
		out[i].Text = withoutFullStop(out[i].Text)
	}
	return out
}

func withoutFullStop(s string) string { return strings.TrimSuffix(s, ".") }

// plain takes away what is not words: white space, marks of headings, bullets,
// ticks and emphasis, and the shape of quote marks.
func plain(s string) string {
	s = strings.NewReplacer("’", "'", "‘", "'", "“", `"`, "”", `"`, "**", "", "✓", "").Replace(s)
	s = strings.Join(strings.Fields(s), " ")
	s = strings.TrimLeft(s, "#")
	return strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(s), "- "))
}

// printed is "What Good Looks Like" as the source prints it.
type printed struct {
	whole         string // the whole framework, as plain gives it
	documents     []string
	introductions []introduction
	lines         []entry
}

type introduction struct{ Section, Text string }

// readFramework reads the source, or skips the test where there is none.
func readFramework(t *testing.T) printed {
	t.Helper()
	data, err := os.ReadFile(framework)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("skipped: no copy of Halton's framework at %s, so the rubric's words are not compared with it", framework)
	}
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(data), "\n# What Good Looks Like.\n")
	chapter, _, ended := strings.Cut(rest, "\n## Glossary of Terms\n")
	if !found || !ended {
		t.Fatalf("%s: no chapter \"What Good Looks Like\" that ends at \"Glossary of Terms\"", framework)
	}
	out := readChapter(t, chapter)
	out.whole = plain(string(data))
	return out
}

// readChapter sorts the chapter's lines: a section's name starts a section, a
// grade's name starts a list, a bullet is a line, and other words belong to the
// key documents or to the introduction of the section.
func readChapter(t *testing.T, chapter string) printed {
	t.Helper()
	sections := []string{"Referral", "Basic information", "Assessment", "Planning", "Review", "Management Oversight"}
	var out printed
	heading, documents := "", false
	for _, raw := range strings.Split(chapter, "\n") {
		text := plain(raw)
		_, isList := listUnder[text]
		bullet := strings.HasPrefix(raw, "- ")
		now := len(out.introductions) - 1
		switch {
		case text == "":
		case text == "Key documentation to consider:":
			documents = true
		case slices.Contains(sections, text) && !bullet:
			out.introductions = append(out.introductions, introduction{Section: text})
			heading, documents = "", false
		case isList && !bullet:
			heading = text
		case documents:
			out.documents = append(out.documents, text)
		case now < 0:
			t.Fatalf("the source has %q before its first section", text)
		case bullet:
			out.lines = append(out.lines, entry{out.introductions[now].Section, listUnder[heading], text})
		case heading == "":
			in := &out.introductions[now]
			in.Text = strings.TrimSpace(in.Text + " " + text)
		default:
			t.Fatalf("the source has %q under %q of %s, neither a line nor an introduction", text, heading, out.introductions[now].Section)
		}
	}
	return out
}
