package rubric_test

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/rubric"
)

// The libraries that rubrics are read with have traps. Each has a test here that
// shows it closed.

// right is the right file with one limit's condition replaced.
func withCondition(t testing.TB, condition string) (*rubric.Rubric, error) {
	t.Helper()
	return rubric.Parse("trap.yaml", []byte(rightWith(t, "when: any(bad_lines), because", fmt.Sprintf("when: %q, because", condition))))
}

func rightWith(t testing.TB, old, new string) string {
	t.Helper()
	src, err := os.ReadFile("testdata/right.yaml")
	if err != nil {
		t.Fatal(err)
	}
	changed := strings.Replace(string(src), old, new, 1)
	if changed == string(src) {
		t.Fatalf("right.yaml has no %q", old)
	}
	return changed
}

// refused holds that a condition is a mistake whose answer speaks of something.
func refused(t *testing.T, condition, about string) {
	t.Helper()
	_, err := withCondition(t, condition)
	var ms rubric.Mistakes
	if !errors.As(err, &ms) || !strings.Contains(ms[0].Message, about) || ms[0].Line == 0 || ms[0].Column == 0 {
		t.Errorf("%.80s: %v; want an answer about %q", condition, err, about)
	}
}

func TestExprTrapBuiltinsThatStayWhenSwitchedOff(t *testing.T) {
	for _, builtin := range []string{
		`reduce(bad_lines, #acc + #) > 1`, `map(bad_lines, 1) == 1`, `filter(bad_lines, true)`, `len(bad_lines) > 1`, `sum(bad_lines) > 1`,
		`find(bad_lines, true)`, `groupBy(bad_lines, 1)`, `sortBy(bad_lines, 1)`, `toJSON(bad_lines) == ""`, `now() > opened`, `get(bad_lines, 0)`,
		`trim("x") == "x"`, `repeat("x", 1000000000) == ""`, `duration("1h") > 1`, `one(bad_lines)`,
	} {
		refused(t, builtin, "unknown word")
	}
}

// refusedSomehow is for text that is refused by whichever check meets it first.
func refusedSomehow(t *testing.T, condition string) {
	t.Helper()
	if _, err := withCondition(t, condition); err == nil {
		t.Errorf("%q is accepted", condition)
	}
}

func TestExprTrapRangesPowersMatchesAndTextAddition(t *testing.T) {
	refused(t, `count(bad_lines) in 1..3`, "cannot be used")
	refused(t, `1..1000000000 == 2`, "cannot be used")
	refused(t, `2 ** 62 > 1`, "+ - and *")
	refused(t, `consent matches "(a+)+$"`, "==")
	refused(t, `"a" + "b" == "ab"`, "whole number")
}

// A reduce that doubles a text took more than ten gigabytes.
func TestExprTrapAReduceThatEatsTheMemory(t *testing.T) {
	refusedSomehow(t, `reduce(1..40, #acc + #acc, "x") == ""`)
}

// 600,000 opening brackets overflow the parser's stack, which no recover catches.
func TestExprTrapBracketsThatOverflowTheStack(t *testing.T) {
	for _, open := range []string{"(", "[", "{", "not (", "-(", "any("} {
		refusedSomehow(t, strings.Repeat(open, 600_000))
		refusedSomehow(t, strings.Repeat(open, 1000/len(open))) // within the length of a condition
	}
	refusedSomehow(t, strings.Repeat("not ", 499)+"alone or")
	if _, err := withCondition(t, strings.Repeat("not ", 400)+"alone"); err != nil {
		t.Errorf("many nots: %v", err)
	}
}

// There is no step limit and no context in expr: here nothing loops but over the
// lines of a list, and a condition's length is limited.
func TestExprTrapNothingRunsLong(t *testing.T) {
	long := "any(bad_lines)" + strings.Repeat(" or any(bad_lines)", (rubric.MaxCondition-20)/len(" or any(bad_lines)"))
	if _, err := withCondition(t, long); err != nil {
		t.Errorf("a condition of %d characters: %v", len(long), err)
	}
	refused(t, long+strings.Repeat(" or any(bad_lines)", 5), "too long")
}

// In expr a misspelt key of a map compares as true or false, a misspelt word as
// false.
func TestExprTrapMisspeltWordsThatCompare(t *testing.T) {
	refused(t, `consnt == "given"`, `did you mean "consent"`)
	refused(t, `visit > 2`, `did you mean "visits"`)
	refused(t, `consent == "givn"`, `did you mean "given"`)
	refused(t, `evidenced(cleer)`, `did you mean "clear"`)
}

func TestExprTrapNothingDividedByNothing(t *testing.T) {
	refused(t, `count(bad_lines) / count(good_lines) > 0`, "percent(list)")
	refused(t, `count(bad_lines) % 2 == 0`, "percent(list)")
}

// The integers of expr wrap around.
func TestExprTrapIntegersThatWrap(t *testing.T) {
	refused(t, `visits * 999999999 * 999999999 > 0`, "too large to be exact")
	refused(t, `visits > 9223372036854775808`, "too large")
	refused(t, `- visits * 999999999 * 999999999 < 0`, "too large to be exact")
	if _, err := withCondition(t, `visits * 999999999 > 0`); err != nil {
		t.Errorf("a product that fits: %v", err)
	}
}

// In expr, all of an empty list is true. Here a section all of whose lines do not
// apply has shown nothing.
func TestExprTrapAllOfAnEmptyList(t *testing.T) {
	r, err := withCondition(t, `all(good_lines)`)
	if err != nil {
		t.Fatal(err)
	}
	limit := func(clear rubric.Answer) bool {
		f, err := r.Form(rubric.Answers{
			Service: "care", Status: []string{"in_care"}, Facts: map[string]string{"consent": "refused"}, // the bottom line is not needed then
			Lines: map[string]map[string]rubric.Answer{"referral": {"clear": clear}},
		}, calendar.EnglandAndWales())
		if err != nil {
			t.Fatal(err)
		}
		s, _ := f.Grade().Section("referral")
		return s.Limits[0].Applies
	}
	if limit(rubric.NotApplicable) {
		t.Error("all of no lines is true")
	}
	if !limit(rubric.Evidenced) {
		t.Error("all of one evidenced line is false")
	}
	refused(t, `count(bad_lines) > 0 and any(nothing_lines)`, "there is no list")
}

// In expr a nil pointer compares as false. Here what is not known is undetermined.
func TestExprTrapUnknownComparesAsFalse(t *testing.T) {
	for _, condition := range []string{`consent == "given"`, `consent != "given"`, `visits > 2`, `visits <= 2`, `alone`, `not alone`, `opened < closed`, `within("24 hours", received, allocated)`} {
		r, err := withCondition(t, condition)
		if err != nil {
			t.Fatal(err)
		}
		f, err := r.Form(rubric.Answers{Service: "care", Status: []string{"in_care"}}, calendar.EnglandAndWales())
		if err != nil {
			t.Fatal(err)
		}
		if s, _ := f.Grade().Section("referral"); s.Limits[0].Determined {
			t.Errorf("%s is determined though nothing is known", condition)
		}
	}
	refused(t, `consent == nil`, "in quotes")
}

// Errors of expr have a column that counts from 0, and one about a result that is
// not yes or no has no place at all.
func TestExprTrapPlacesOfMistakes(t *testing.T) {
	for condition, column := range map[string]int{`alone and`: 9, `and alone`: 0, `count(bad_lines)`: 0, `alone and count(bad_lines)`: 10, `alone && alone`: 6} {
		_, err := withCondition(t, condition)
		var ms rubric.Mistakes
		if !errors.As(err, &ms) {
			t.Errorf("%s is accepted", condition)
			continue
		}
		at := strings.Index(ms[0].Text, condition) + 1 + column
		if ms[0].Column != at || !strings.HasSuffix(ms[0].Error(), "\n    "+strings.Repeat(" ", at-1)+"^") {
			t.Errorf("%s: column %d, want %d\n%v", condition, ms[0].Column, at, ms[0])
		}
	}
}

func TestExprTrapNotBindsTighterThanComparisons(t *testing.T) {
	refused(t, `not count(bad_lines) > 2`, "write not (a > b)")
	if _, err := withCondition(t, `not (count(bad_lines) > 2)`); err != nil {
		t.Error(err)
	}
}

// jsonschema gives no lines.
func TestJSONSchemaTrapMistakesHaveTheirPlace(t *testing.T) {
	_, err := rubric.Parse("trap.yaml", []byte(rightWith(t, "kind: concern }\n      some", "kind: concerns }\n      some")))
	var ms rubric.Mistakes
	if !errors.As(err, &ms) || len(ms) != 1 || !strings.Contains(ms[0].Text, "concerns") || ms[0].Column != strings.Index(ms[0].Text, "concerns")+1 {
		t.Errorf("%v", err)
	}
}

// jsonschema names an unknown key only in the words of its message.
func TestJSONSchemaTrapUnknownKeysAreNamedWhereTheyStand(t *testing.T) {
	_, err := rubric.Parse("trap.yaml", []byte(rightWith(t, "title: Planning", "titel: Planning\n    title: Planning")))
	var ms rubric.Mistakes
	if !errors.As(err, &ms) || !strings.Contains(ms[0].Message, `"titel"`) || !strings.Contains(ms[0].Text, "titel") {
		t.Errorf("%v", err)
	}
}

// jsonschema panics when it compares .nan with a number.
func TestJSONSchemaTrapNotANumber(t *testing.T) {
	for _, number := range []string{".nan", ".inf", "-.inf", "1e999"} {
		_, err := rubric.Parse("trap.yaml", []byte(rightWith(t, "max: 50 }\n  plans", "max: "+number+" }\n  plans")))
		var ms rubric.Mistakes
		if !errors.As(err, &ms) || !strings.Contains(ms[0].Text, number) {
			t.Errorf("%s: %v", number, err)
		}
	}
}

// jsonschema refuses an unquoted YAML date with an error that has no place. Here it
// is text, as it looks.
func TestJSONSchemaTrapUnquotedDates(t *testing.T) {
	r, err := rubric.Parse("trap.yaml", []byte(rightWith(t, `effective: "2026-01-01"`, `effective: 2026-01-01`)))
	if err != nil || r.Effective().String() != "2026-01-01" {
		t.Errorf("%v", err)
	}
}

// jsonschema is noisy about oneOf: one mistake in a choice that may be a word or a
// mapping is one answer.
func TestJSONSchemaTrapOneMistakeOneAnswer(t *testing.T) {
	for _, grades := range []string{"[inadequate, requires_improvement, {id: good, titel: Good}]", "[inadequate, requires_improvement, [good]]", "[inadequate, requires_improvement, Good]"} {
		_, err := rubric.Parse("trap.yaml", []byte(rightWith(t, "[inadequate, requires_improvement, good]", grades)))
		var ms rubric.Mistakes
		if !errors.As(err, &ms) || len(ms) != 1 {
			t.Errorf("%s: %v", grades, err)
		}
	}
}

func TestYAMLTrapsBeforeTheSchema(t *testing.T) {
	for name, wrong := range map[string]string{
		"octal":         rightWith(t, "max: 50 }\n  plans", "max: 010 }\n  plans"),
		"underscores":   rightWith(t, "max: 50 }\n  plans", "max: 1_000 }\n  plans"),
		"number as key": rightWith(t, "    title: Planning", "    title: Planning\n    1: x"),
		"duplicate key": rightWith(t, "    title: Planning", "    title: Planning\n    title: Again"),
		"exploding aliases": "a: &a [x, x, x, x, x, x, x, x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a]\nc: &c [*b, *b, *b, *b, *b, *b, *b, *b]\n" +
			"d: &d [*c, *c, *c, *c, *c, *c, *c, *c]\ne: &e [*d, *d, *d, *d, *d, *d, *d, *d]\nf: [*e, *e, *e, *e, *e, *e, *e, *e]\n",
	} {
		if _, err := rubric.Parse("trap.yaml", []byte(wrong)); err == nil {
			t.Errorf("%s is accepted", name)
		}
	}
}

// Every limit is a constant, and a file above it is refused by a message that
// names it. The corpus of wrong files has those of the schema.
func TestLimitsOfAFile(t *testing.T) {
	long := rightWith(t, "title: A small rubric", "title: A small rubric\n#"+strings.Repeat("x", rubric.MaxSource))
	if _, err := rubric.Parse("long.yaml", []byte(long)); err == nil || !strings.Contains(err.Error(), fmt.Sprint(rubric.MaxSource)) {
		t.Errorf("a file too long: %v", err)
	}
	var b strings.Builder
	b.WriteString("examples:\n")
	for i := range rubric.MaxExamples + 1 {
		fmt.Fprintf(&b, "  - { name: e%d, given: {}, expect: { planning: { judged: freely } } }\n", i)
	}
	src := rightWith(t, "examples:\n", "")
	many := src[:strings.Index(src, "  - name: all is well")] + b.String()
	if _, err := rubric.Parse("many.yaml", []byte(many)); err == nil || !strings.Contains(err.Error(), fmt.Sprint(rubric.MaxExamples)) {
		t.Errorf("too many examples: %.200v", err)
	}
}
