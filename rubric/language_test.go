package rubric_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/rubric"
	"github.com/practiceaudit/practiceaudit/schemas"
)

const languageFile = "../docs/rubric-language.md"

// The reference of the language is written by this test: its tables of keys come
// from the schema, its truth tables from grading, its limits from the constants.
// go test ./rubric -run LanguageReference -update writes it anew.
func TestLanguageReference(t *testing.T) {
	got := languageReference(t)
	if *update {
		if err := os.WriteFile(languageFile, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(languageFile)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s is not what the schema, the language and the limits say now; go test ./rubric -run LanguageReference -update writes it anew", languageFile)
	}
}

// words are those of the language in the order of the page, each with an
// example that is tried.
var words = []struct{ word, where, means, example string }{
	{"all(list)", "section, file", "every line of the list that applies counts, and there is at least one", `all(good_lines)`},
	{"any(list)", "section, file", "at least one line counts", `any(bad_lines)`},
	{"none(list)", "section, file", "no line counts", `none(bad_lines)`},
	{"count(list)", "section, file", "how many lines count: a number, to be compared", `count(bad_lines) >= 2`},
	{"percent(list)", "section, file", "of the lines that apply, how many in a hundred count: compared with a whole number from 0 to 100, and never rounded", `percent(good_lines) >= 80`},
	{"evidenced(line), partly(line), not_evidenced(line)", "section, file", "how a line of strength was answered", `evidenced(clear) or partly(clear)`},
	{"seen(line)", "section, file", "whether a line of another kind is seen, at least partly", `seen(unclear)`},
	{"applicable(line)", "section, file", "whether a line applies", `applicable(agreed)`},
	{"bottom_line_missed", "section, file", "a bottom line of the section (in overall: of the file) is not fully evidenced and not excepted, or an auditor recorded another as missed", `bottom_line_missed`},
	{`within("period", start, end)`, "anywhere", "the end came within the period of the start, both of them dates or both times; periods are written as in a policy: 24 hours, 10 working days, 2 weeks, 1 month, same day", `within("24 hours", received, allocated)`},
	{"a fact by its name", "anywhere", "a yes_no is a condition by itself; every other fact is compared: a number with numbers, a choice with one of its names in quotes, a date, time or duration with one in quotes or with another fact of its kind", `not alone or visits >= 3 or consent == "given"`},
	{"grade(section)", "file", "the section's grade: a person's judgement where there is one, else the suggestion; compared with a grade in quotes or with another section's", `grade(planning) < "good"`},
	{`sections_at("grade"), sections_below("grade"), sections_at_least("grade")`, "file", "how many sections have that grade, a worse one, that one or a better", `sections_at("inadequate") >= 2`},
	{"sections_judged()", "file", "how many sections are part of the audit", `sections_at_least("good") == sections_judged()`},
	{"and, or, not", "anywhere", "join conditions. not belongs to what follows it at once, so a comparison after it stands in brackets: not (a > b)", `all(good_lines) and not (visits > 3)`},
	{"==  !=  <  <=  >  >=", "anywhere", "compare", `visits <= 3`},
	{"+  -  *", "anywhere", "with numbers and counts; one side of * is a number as written. There is no division: percent compares shares", `count(bad_lines) + 2 * count(some_lines) >= 3`},
}

// findings are the kinds of finding, as the page explains them.
var findings = []struct {
	kind rubric.FindingKind
	says string
}{
	{rubric.RuleNeverApplies, "a rule that suggests can never apply: rules before it always apply first, or its condition holds of no form"},
	{rubric.LimitNeverApplies, "a limit can never apply"},
	{rubric.GradeOutOfReach, "nobody can give a grade: on every form a limit leaves less"},
	{rubric.GradeNotSuggested, "a grade is never suggested; people may still give it"},
	{rubric.AlwaysHolds, "a condition, or a part of one, holds of every form"},
	{rubric.NeverHolds, "the condition of a line, or a part of any condition, holds of no form"},
	{rubric.ThresholdOutOfReach, "a comparison with a number comes out the same on every form: no list is that long, say"},
	{rubric.Gap, "for some forms no rule suggests a grade, though rules suggest for others"},
	{rubric.EvidenceLowers, "more evidence can lower a grade: a strength better evidenced, a concern not seen, a better answer to a fact that says what is better"},
	{rubric.BottomLineNoLimit, "a form with a missed bottom line can be given the best grade"},
	{rubric.UnreadLines, "lines of a list that no rule reads"},
	{rubric.UnreadFact, "a fact that nothing reads"},
	{rubric.SameRules, "two rules, or two limits, that say the same of every form"},
}

func languageReference(t *testing.T) string {
	var b strings.Builder
	p := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	p(`# The rubric file: a reference for those who write it

A rubric is a text file in which a council writes how its practice audits are
graded: the framework's lines, its bottom lines, the rules that suggest a grade
and the limits that hold it. You need no programming to change one, and no mistake
can hurt: the file is checked whenever it is read, every mistake is answered at
once with its line, a caret under the place and what to write instead, and audits
that have started keep the version they started with.

[` + "`rubric/halton/deep-dive-2023-05.yaml`" + `](../rubric/halton/deep-dive-2023-05.yaml) is a
whole one. Start from it, change it, and give the change a new version. An editor
that knows YAML completes and explains the keys if the first line of the file is (with the way from your file to the schema)

` + "```yaml" + `
# yaml-language-server: $schema=../schemas/rubric.schema.json
` + "```" + `

This page is written from the schema, the language and the limits themselves, by a
test. What it says is what the library does.

## How a grade comes about

1. People answer the lines, and the questions about **facts**. Some lines are
   worked out from facts, and some have an exception of their own.
2. In each section the **rules that suggest** are read from the top. The first that
   applies suggests the section's grade. The last has no condition, so that one
   always applies. A section without rules is judged freely.
3. The file as a whole is graded in the same way, from the sections' grades and
   from every line. Where a person has judged a section, that judgement counts, as
   far as the section's limits leave it; where nobody has, the suggestion.
4. A **limit** that applies leaves no grade above it, whatever the rules suggest and
   whoever judges. The limit of the bottom lines is one of them.
5. What is not answered yet is neither yes nor no. As long as an open answer could
   still change a suggestion or a limit, it is not determined, and says so. While
   the service that holds the case is not given, it is open too whether a section
   that applies by services is part of the audit; a status that is not given does
   not hold.

A suggestion is only that. The judgement belongs to the people at the audit.

## Lines and lists

A line stands in one or more lists of its section and is asked once. What its
answer means depends on the kind of the list.

| list | what its lines are | a person answers | it counts when it is |
|---|---|---|---|
| strength | what good practice looks like | evidenced, partly, not_evidenced, not_applicable | evidenced; partly is not enough |
| strength, of bottom lines | what must be there | evidenced, partly, not_evidenced | evidenced; partly is a missed bottom line |
| concern | what should not be there | seen, not_seen | seen, even partly |
| mixed | a description, neither good nor bad in itself | seen, not_seen | seen, even partly |

Nobody can answer "not applicable" to a bottom line: only the rubric's own
exception, ` + "`not needed when`" + `, takes it out. A line that does not apply, is not
needed, or stands in a section that is not part of the audit is, for every rule, as
if it were not there.

A line worked out from facts (` + "`met when`, or `seen when`" + ` for concerns and mixed lines)
cannot be answered by hand. ` + "`not needed when`" + ` wins over everything else.

The words of a line can change from version to version; its name is what answers are
kept under. Where the name changes too, say in ` + "`was`" + ` what it was, so that a
comparison of the two versions knows the line again.

## Conditions

A condition is a sentence that is yes or no of an audit. These are all the words it
can use; anything else is refused with what to write instead. "section" is a rule
or limit of a section, "file" one of overall; "anywhere" is also ` + "`met when`, `seen when`" + `
and ` + "`not needed when`" + `, which read facts only.

| word | where | what it means | example |
|---|---|---|---|`)
	for _, w := range words {
		p("| `%s` | %s | %s | `%s` |", strings.ReplaceAll(w.word, "|", `\|`), w.where, w.means, w.example)
	}
	p(`
In the file, a condition that holds quotes or commas stands in single quotes:
` + "`when: 'within(\"5 working days\", allocated, visited)'`" + `. An end that never came is an open
question, and whatever reads it stays open: ask whether it came as well, as in
` + "`not came or not within(\"5 working days\", allocated, visited)`" + `. An end before its start is
refused. How days are counted is told in [working-days.md](working-days.md).

A date or time about the past is best marked ` + "`fixed: true`" + `: the way to a better grade is
then never another date.

List functions can be asked for one state instead of what counts, in quotes:
` + "`count(good_lines, \"partly\")`" + `. For lists of strengths the states are "evidenced",
"partly", "not_evidenced" and "applicable"; for the others "seen", "not_seen" and
"applicable". In overall, a list's name stands for every list of that name in any
section.

## What the list functions say: truth tables

A list of two lines, answered as in the first two columns ("open" is not answered
yet). The last columns are what the library said when this page was written.

### A list of strengths
`)
	truthTable(t, &b, "strength", []rubric.Answer{"evidenced", "partly", "not_evidenced", "not_applicable", ""})
	p("\n### A list of concerns\n")
	truthTable(t, &b, "concern", []rubric.Answer{"seen", "partly", "not_seen", ""})
	p("\n### Not, and, or\n")
	logicTable(t, &b)
	p("\n## The keys of the file\n")
	keyTables(t, &b)
	p(`
## The file's own tests

Under ` + "`examples`" + ` a rubric holds its own tests: answers, and what must come of them.
They are run whenever the file is checked, so that a change shows what else it
changes. The name of a list answers all its lines that people answer by hand; an
answer to one line beats it.

` + "```yaml" + `
examples:
  - name: late allocation limits the file
    given:
      facts: { referred_at: 2026-03-02T09:00, allocated_at: 2026-03-04T10:00 }
      referral: { good_lines: evidenced, inadequate_lines: not_seen }
    expect:
      referral: { suggest: good }
      overall: { at_most: inadequate, by: bottom_line_missed }
` + "```" + `

## What checking proves

Checking a rubric visits every form that there can be: every way to answer every line
and every fact, and to judge the sections. What it says is true of all of them, and
what it finds it shows by the smallest form there is: of all that show it, one with the
fewest answers other than they should be.

| finding | what it says |
|---|---|`)
	for _, f := range findings {
		p("| `%s` | %s |", f.kind, f.says)
	}
	p(`
It also says how good a grade a form with a missed bottom line can get, which
conditions no example of the file shows to hold or not to hold, and writes the missing
examples.

A finding can be meant to be so. Say why under ` + "`accepted`" + `; each explanation names one
finding, and one that explains nothing any more is a mistake:

` + "```yaml" + `
accepted:
  - finding: grade_not_suggested
    at: referral.outstanding
    because: The framework does not say what Outstanding looks like.
` + "```" + `

To be able to visit every form, the rules of a section, and those of overall, may tell
only so many counts apart together. A rubric that asks for too many is refused, and the
message says where; see the last of the limits below. It takes unusual rules to get
there: many different weighted sums of long lists, side by side in one section, or
seventeen sections that each apply by a status of their own.

## Words that YAML reads otherwise

YAML has readings that surprise. They are refused, or read as they look:

| written | what happens |
|---|---|
| a date without quotes, ` + "`2026-03-02`" + ` | read as the text it looks like |
| ` + "`010`, `1_000`, `0x10`, `1e3`" + ` | refused: programs read them differently |
| ` + "`.nan`, `.inf`" + ` | refused |
| ` + "`yes`, `no`, `on`, `off`" + ` | text, not true or false |
| the same key twice | refused, with both places |
| ` + "`&name`, `*name`, `<<`" + ` | refused: values are written where they are used |
| a tab to indent | refused: use spaces |
| text with a colon and a space in it | put it in quotes |

## Limits

They are far above what a person writes.

| of | at most |
|---|---|`)
	for _, l := range []struct {
		of string
		n  int
	}{
		{"bytes in a file", rubric.MaxSource}, {"grades", rubric.MaxGrades}, {"facts", rubric.MaxFacts}, {"choices of a fact", rubric.MaxChoices},
		{"services", rubric.MaxServices}, {"statuses of a child", rubric.MaxStatuses}, {"characters in a name, and in a version", rubric.MaxName},
		{"missed bottom lines that an auditor adds, in one form", rubric.MaxMissed},
		{"sections", rubric.MaxSections}, {"lists of a section", rubric.MaxListsInSection}, {"lines of a section", rubric.MaxLinesInSection},
		{"limits, and as many rules that suggest, of a section", rubric.MaxRules}, {"examples", rubric.MaxExamples}, {"explanations of findings", rubric.MaxAccepted}, {"characters in a text", rubric.MaxText},
		{"characters in a condition", rubric.MaxCondition}, {"brackets inside one another in a condition", rubric.MaxBrackets}, {"the size of a number", rubric.MaxNumber}, {"steps in which every form is visited", rubric.MaxVisit},
	} {
		p("| %s | %d |", l.of, l.n)
	}
	return b.String()
}

// tinyRubric has one list of two lines and one limit for each condition.
func tinyRubric(t *testing.T, kind string, conditions []string) *rubric.Rubric {
	t.Helper()
	var b strings.Builder
	fmt.Fprintf(&b, "rubric: tiny\nversion: \"1\"\ntitle: Tiny\neffective: \"2026-01-01\"\ngrades: [inadequate, good]\n")
	fmt.Fprintf(&b, "facts:\n  a: { type: yes_no, ask: a? }\n  b: { type: yes_no, ask: b? }\n")
	fmt.Fprintf(&b, "sections:\n  s:\n    title: S\n    lists: { list: { kind: %s } }\n    lines:\n      x: { in: [list], text: X }\n      y: { in: [list], text: Y }\n    limit:\n", kind)
	for _, c := range conditions {
		fmt.Fprintf(&b, "      - { at_most: inadequate, when: %q, because: It is so }\n", c)
	}
	r, err := rubric.Parse("tiny.yaml", []byte(b.String()))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// says is what the limits of the tiny rubric come to: yes, no or open.
func says(t *testing.T, r *rubric.Rubric, a rubric.Answers) []string {
	t.Helper()
	s, _ := mustForm(t, r, a).Grade().Section("s")
	var out []string
	for _, l := range s.Limits {
		switch {
		case !l.Determined:
			out = append(out, "open")
		case l.Applies:
			out = append(out, "yes")
		default:
			out = append(out, "no")
		}
	}
	return out
}

func truthTable(t *testing.T, b *strings.Builder, kind string, answers []rubric.Answer) {
	columns := []string{"all(list)", "any(list)", "none(list)", "count(list) >= 1", "count(list) == 2", "percent(list) >= 50", "percent(list) < 50"}
	r := tinyRubric(t, kind, columns)
	fmt.Fprintf(b, "| first line | second line | `%s` |\n|---|---|%s\n", strings.Join(columns, "` | `"), strings.Repeat("---|", len(columns)))
	shown := func(a rubric.Answer) string {
		if a == "" {
			return "open"
		}
		return string(a)
	}
	for i, x := range answers {
		if kind == "concern" && x == rubric.NotApplicable {
			continue
		}
		for _, y := range answers[i:] {
			row := says(t, r, rubric.Answers{Lines: map[string]map[string]rubric.Answer{"s": {"x": x, "y": y}}})
			fmt.Fprintf(b, "| %s | %s | %s |\n", shown(x), shown(y), strings.Join(row, " | "))
		}
	}
}

func logicTable(t *testing.T, b *strings.Builder) {
	columns := []string{"a and b", "a or b", "not a"}
	r := tinyRubric(t, "mixed", columns)
	fmt.Fprintf(b, "| a | b | `%s` |\n|---|---|%s\n", strings.Join(columns, "` | `"), strings.Repeat("---|", len(columns)))
	for _, x := range []string{"yes", "no", ""} {
		for _, y := range []string{"yes", "no", ""} {
			facts := map[string]string{"a": x, "b": y}
			row := says(t, r, rubric.Answers{Facts: facts})
			fmt.Fprintf(b, "| %s | %s | %s |\n", open(x), open(y), strings.Join(row, " | "))
		}
	}
}

func open(answer string) string {
	if answer == "" {
		return "open"
	}
	return answer
}

// schemaPart is as much of the schema as the page shows.
type schemaPart struct {
	Title, Description   string
	Ref                  string `json:"$ref"`
	Type                 any
	Enum                 []string
	Const                string
	Examples             []any
	Required             []string
	Properties           properties
	Items, Then          *schemaPart
	AdditionalProperties json.RawMessage       // a part, or false
	Defs                 map[string]schemaPart `json:"$defs"`
}

// keyTables lists every key of the schema, part by part.
func keyTables(t *testing.T, b *strings.Builder) {
	var root schemaPart
	if err := json.Unmarshal(schemas.Rubric, &root); err != nil {
		t.Fatal(err)
	}
	table := func(heading string, part schemaPart) {
		fmt.Fprintf(b, "### %s\n\n", heading)
		if part.Description != "" {
			fmt.Fprintf(b, "%s\n\n", part.Description)
		}
		fmt.Fprintf(b, "| key | | what it says | for example |\n|---|---|---|---|\n")
		for _, key := range part.Properties.keys {
			k := part.Properties.parts[key]
			description := k.Description
			if description == "" {
				description = root.Defs[strings.TrimPrefix(k.Ref, "#/$defs/")].Description
			}
			if description == "" {
				description = k.Title
			}
			need := ""
			if slices.Contains(part.Required, key) {
				need = "needed"
			}
			example := ""
			if len(k.Examples) > 0 {
				example = fmt.Sprint(k.Examples[0])
				if list, ok := k.Examples[0].([]any); ok {
					var items []string
					for _, item := range list {
						items = append(items, fmt.Sprint(item))
					}
					example = "[" + strings.Join(items, ", ") + "]"
				}
				example = "`" + example + "`"
			}
			fmt.Fprintf(b, "| `%s` | %s | %s | %s |\n", key, need, description, example)
		}
		b.WriteString("\n")
	}
	table("The file", root)
	table("A grade, a service, a status or a choice", *root.Defs["choice"].Then)
	table("A fact", root.Defs["fact"])
	table("A section", root.Defs["section"])
	table("To which audits a section belongs: applies", root.Defs["section"].Properties.parts["applies"])
	table("A list", root.Defs["list"])
	table("A line", root.Defs["line"])
	table("A limit", *root.Defs["limits"].Items)
	table("A rule that suggests", *root.Defs["suggestions"].Items)
	table("Overall", root.Properties.parts["overall"])
	var expected schemaPart
	if err := json.Unmarshal(root.Defs["example"].Properties.parts["expect"].AdditionalProperties, &expected); err != nil {
		t.Fatal(err)
	}
	table("A test", root.Defs["example"])
	table("What a test, or a form, gives: given", root.Defs["example"].Properties.parts["given"])
	table("What a test expects of a section, or of overall: expect", expected)
	table("An explanation of a finding", root.Defs["acceptance"])
}

// properties are a part's keys in the order of the schema, which maps lose.
type properties struct {
	keys  []string
	parts map[string]schemaPart
}

func (p *properties) UnmarshalJSON(src []byte) error {
	if err := json.Unmarshal(src, &p.parts); err != nil {
		return err
	}
	d := json.NewDecoder(bytes.NewReader(src))
	if _, err := d.Token(); err != nil { // the opening brace
		return err
	}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return err
		}
		p.keys = append(p.keys, key.(string))
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return err
		}
	}
	return nil
}

// Every word of the page's table is tried, and every word of the language stands
// in it.
func TestTheReferenceNamesEveryWord(t *testing.T) {
	var all strings.Builder
	for _, w := range words {
		all.WriteString(w.word + " " + w.example + " ")
		src := rightWith(t, "when: bottom_line_missed, because", fmt.Sprintf("when: %q, because", w.example))
		src = strings.Replace(src, "      empty_lines: { kind: mixed }\n      odd_lines: { kind: concern }", "      bad_lines: { kind: concern }", 1)
		src = strings.Replace(src, "in: [odd_lines]", "in: [bad_lines]", 1)
		src = strings.Replace(src, ", by: bottom_line_missed", "", 1)
		r, err := rubric.Parse("word.yaml", []byte(src))
		if err != nil {
			t.Errorf("%s: %v", w.word, err)
			continue
		}
		if _, err := r.Form(rubric.Answers{}, calendar.EnglandAndWales()); err != nil {
			t.Error(err)
		}
	}
	for _, word := range []string{"all", "any", "none", "count", "percent", "evidenced", "partly", "not_evidenced", "seen", "applicable", "within", "grade", "sections_at", "sections_below", "sections_at_least", "sections_judged", "bottom_line_missed"} {
		if !strings.Contains(all.String(), word) {
			t.Errorf("the reference does not name %q", word)
		}
	}
}

func TestTheReferenceNamesEveryKindOfFinding(t *testing.T) {
	var root schemaPart
	if err := json.Unmarshal(schemas.Rubric, &root); err != nil {
		t.Fatal(err)
	}
	var named []string
	for _, f := range findings {
		named = append(named, string(f.kind))
	}
	if known := root.Defs["acceptance"].Properties.parts["finding"].Enum; !slices.Equal(named, known) {
		t.Errorf("the page has %v, the schema %v", named, known)
	}
}
