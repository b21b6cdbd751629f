package rubric_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/rubric"
)

func rightRubric(t testing.TB) *rubric.Rubric {
	t.Helper()
	src, err := os.ReadFile("testdata/right.yaml")
	if err != nil {
		t.Fatal(err)
	}
	r, err := rubric.Parse("right.yaml", src)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func mustForm(t testing.TB, r *rubric.Rubric, a rubric.Answers) *rubric.Form {
	t.Helper()
	f, err := r.Form(a, calendar.EnglandAndWales())
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// explained are forms that between them say everything that an explanation can.
func explained(t testing.TB, r *rubric.Rubric) map[string]rubric.Answers {
	whole := func(change func(*rubric.Answers)) rubric.Answers {
		a := rubric.Answers{
			Service: "care", Status: []string{"in_care"},
			Facts: map[string]string{
				"visits": "3", "plans": "1", "opened": "2026-02-02", "closed": "2026-02-20", "received": "2026-03-02T09:00", "allocated": "2026-03-02T17:00",
				"waited": "2 working days", "travelled": "1 hour", "alone": "yes", "consent": "given",
			},
			Lines: map[string]map[string]rubric.Answer{
				"referral": {"agreed": rubric.Evidenced, "clear": rubric.Evidenced, "unclear": rubric.NotSeen, "brief": rubric.NotSeen},
				"planning": {"smart": rubric.Evidenced, "late": rubric.NotSeen},
			},
			Judgements: map[string]rubric.Grade{"planning": "good"},
		}
		change(&a)
		return a
	}
	return map[string]rubric.Answers{
		"good": whole(func(*rubric.Answers) {}),
		"late": whole(func(a *rubric.Answers) { a.Facts["allocated"] = "2026-03-04T10:00" }),
		"contradictory": whole(func(a *rubric.Answers) {
			a.Lines["referral"]["unclear"] = rubric.Seen
		}),
		"inadequate": whole(func(a *rubric.Answers) {
			a.Lines["referral"]["unclear"], a.Lines["referral"]["clear"], a.Facts["visits"] = rubric.Seen, rubric.NotEvidenced, "0"
		}),
		"not-needed":             whole(func(a *rubric.Answers) { a.Facts["consent"] = "refused" }),
		"not-of-the-service":     whole(func(a *rubric.Answers) { a.Status = nil }),
		"of-a-service-not-known": whole(func(a *rubric.Answers) { a.Service = "" }),
		"carried": whole(func(a *rubric.Answers) {
			a.Facts["allocated"] = "2026-03-04T10:00"
			a.Carried = []rubric.LineRef{{Section: "referral", Line: "quick"}}
		}),
		"added-by-the-auditor": whole(func(a *rubric.Answers) {
			a.MissedBottomLines = []rubric.MissedBottomLine{{Section: "planning", Text: "The child was seen alone"}, {Text: "The file is *locked*"}}
		}),
		"open": whole(func(a *rubric.Answers) {
			delete(a.Facts, "allocated")
			a.Lines["referral"]["unclear"] = ""
			a.Judgements = nil
		}),
		"nothing": {},
	}
}

// The explanations stand in testdata/explained.txt and explained.md, to be read as
// a practitioner and a family's advocate would.
func TestExplanations(t *testing.T) {
	r := rightRubric(t)
	var text, markdown strings.Builder
	forms := explained(t, r)
	for _, name := range sortedKeys(forms) {
		x := mustForm(t, r, forms[name]).Grade().Explain()
		text.WriteString("== " + name + "\n\n" + x.Text() + "\n")
		markdown.WriteString("## " + name + "\n\n" + x.Markdown() + "\n")
		if !strings.HasSuffix(x.Text(), x.Closing+"\n") || !strings.Contains(x.Closing, "judgement is yours") {
			t.Errorf("%s does not end by saying whose the judgement is", name)
		}
	}
	golden(t, "explained.txt", text.String())
	golden(t, "explained.md", markdown.String())
}

// A text that the file has on several lines stands on one.
func TestWordsOnSeveralLinesAreOneLineOfAnExplanation(t *testing.T) {
	src := rightWith(t, "because: Two concerns are seen }", "because: \"Two concerns\\nare seen.\\n\" }")
	r, err := rubric.Parse("right.yaml", []byte(src))
	if err != nil {
		t.Fatal(err)
	}
	x := mustForm(t, r, explained(t, r)["inadequate"]).Grade().Explain()
	for _, text := range []string{x.Text(), x.Markdown()} {
		if !strings.Contains(text, "Why: Two concerns are seen (our reading).") {
			t.Error(text)
		}
	}
}

// What an author or an auditor wrote is never read as Markdown.
func TestMarkdownIsEscaped(t *testing.T) {
	r := rightRubric(t)
	markdown := mustForm(t, r, explained(t, r)["added-by-the-auditor"]).Grade().Explain().Markdown()
	if strings.Contains(markdown, "*locked*") || !strings.Contains(markdown, `\*locked\*`) {
		t.Error(markdown)
	}
}

func TestContradictionsAreShownAndChangeNoGrade(t *testing.T) {
	r := rightRubric(t)
	forms := explained(t, r)
	if c := mustForm(t, r, forms["good"]).Grade().Contradictions(); c != nil {
		t.Errorf("contradictions in a form without any: %v", c)
	}
	res := mustForm(t, r, forms["contradictory"]).Grade()
	c := res.Contradictions()
	if len(c) != 1 || c[0].Strand != "clarity" || c[0].Lines[0].Line != "clear" || c[0].Lines[1].Line != "unclear" {
		t.Errorf("got %+v", c)
	}
	if g, ok := res.Suggested("referral"); !ok || g != "good" {
		t.Errorf("suggested %s", g)
	}
	if c := mustForm(t, r, forms["not-of-the-service"]).Grade().Contradictions(); c != nil {
		t.Errorf("contradictions in a section that is not part of the audit: %v", c)
	}
}

// A result that has graded nothing, or a form that is none, says nothing and does
// not panic.
func TestAResultOfNothing(t *testing.T) {
	var res rubric.Result
	for range 2 {
		if res.Complete() || res.Sections() != nil || res.UnansweredFacts() != nil || res.BottomLinesMissed() != nil || res.Contradictions() != nil {
			t.Error("a result of nothing says something")
		}
		if _, ok := res.Suggested(""); ok {
			t.Error("suggests")
		}
		if _, ok := res.Section("referral"); ok {
			t.Error("has a section")
		}
		if g, l := res.MostAllowed(""); g != "" || l != nil {
			t.Error("allows")
		}
		_ = res.Overall()
		_ = res.Explain().Text()
		res.Grade(nil)
		res.Grade(&rubric.Form{})
	}
}

// The lines that are said to decide a count do decide it: with every other answer
// taken away it comes out the same.
func TestTheLinesThatDecideACountAreEnough(t *testing.T) {
	conditions := []string{"all(l)", "any(l)"}
	for _, op := range comparisons {
		for k := range 5 {
			conditions = append(conditions, fmt.Sprintf("count(l) %s %d", op, k), fmt.Sprintf("%d %s count(l)", k, op), fmt.Sprintf("count(l) %s %d - count(m)", op, k))
		}
	}
	var src strings.Builder
	src.WriteString("rubric: counts\nversion: \"1\"\ntitle: Counts\neffective: \"2026-01-01\"\ngrades: [bad, good]\nsections:\n  s:\n    title: S\n    lists: { l: { kind: strength }, m: { kind: strength } }\n    lines:\n")
	for i := range 6 {
		fmt.Fprintf(&src, "      x%d: { in: [%s], text: Line %d }\n", i, []string{"l", "m"}[i/4], i)
	}
	head := src.String()
	for _, condition := range conditions {
		r, err := rubric.Parse("counts.yaml", []byte(head+"    limit: [{ at_most: bad, when: '"+condition+"', because: it is so }]\n"))
		if err != nil {
			t.Fatal(err)
		}
		d := newDice(1)
		for range effort(50, 500) {
			lines := map[string]rubric.Answer{}
			for i := range 6 {
				lines[fmt.Sprintf("x%d", i)] = pick(d, []rubric.Answer{"", rubric.Evidenced, rubric.Partly, rubric.NotEvidenced, rubric.NotApplicable})
			}
			limit := limitOf(t, r, lines)
			if !limit.Determined || strings.HasPrefix(condition, "all") && limit.Applies {
				continue // of "all", every line must be known to apply or not
			}
			kept := map[string]rubric.Answer{}
			for _, ref := range limit.Lines {
				kept[ref.Line] = lines[ref.Line]
			}
			if got := limitOf(t, r, kept); !got.Determined || got.Applies != limit.Applies {
				if strings.HasPrefix(condition, "a") && !limit.Applies && len(kept) == 0 {
					continue // no line applies
				}
				t.Fatalf("%s of %v comes out %t, decided by %v; by those alone it does not", condition, lines, limit.Applies, limit.Lines)
			}
		}
	}
}

func limitOf(t *testing.T, r *rubric.Rubric, lines map[string]rubric.Answer) rubric.Limit {
	t.Helper()
	s, _ := mustForm(t, r, rubric.Answers{Lines: map[string]map[string]rubric.Answer{"s": lines}}).Grade().Section("s")
	return s.Limits[0]
}
