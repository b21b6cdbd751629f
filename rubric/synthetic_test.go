package rubric_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/rubric"
	"github.com/practiceaudit/practiceaudit/rubric/halton"
)

// synthetic is a rubric of so many lines in ten sections alike, with every kind of
// condition: shares, counts, single lines, a weighted sum, facts that all sections
// share, excepted and worked-out lines, and in overall a count over all sections.
func synthetic(lines int) string {
	var b strings.Builder
	p := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	p("rubric: synthetic\nversion: \"1\"\ntitle: A synthetic rubric\neffective: \"2026-01-01\"")
	p("grades: [inadequate, requires_improvement, good, outstanding]")
	p("facts:\n  alone: { type: yes_no, ask: Did the child live alone? }")
	p("  visits: { type: number, ask: How many visits?, min: 0, max: 99, better: higher }")
	p("sections:")
	for s := range 10 {
		p("  s%d:\n    title: Section %d\n    lists:", s, s)
		p("      bottom_lines: { kind: strength, bottom_line: true }\n      good_lines: { kind: strength }\n      bad_lines: { kind: concern }\n      some_lines: { kind: mixed }")
		p("    lines:")
		for l := range lines / 10 {
			list := []string{"good_lines", "good_lines", "bad_lines", "some_lines", "good_lines", "bottom_lines", "bad_lines", "good_lines", "some_lines", "good_lines"}[l%10]
			extra := ""
			switch l {
			case 0:
				extra = ", not needed when: alone"
			case 5:
				extra = ", met when: visits >= 2"
			}
			p("      l%d: { in: [%s], text: Line %d of section %d%s }", l, list, l, s, extra)
		}
		p("    limit:\n      - { at_most: good, when: not all(good_lines), because: so it is }")
		p("      - { at_most: requires_improvement, when: percent(good_lines) < 60, because: so it is }")
		p("    suggest:\n      - { grade: inadequate, when: count(bad_lines) >= 3 or bottom_line_missed }")
		p("      - { grade: outstanding, when: all(good_lines) and none(bad_lines) and not seen(l3) }")
		p("      - { grade: good, when: percent(good_lines) >= 80 and count(bad_lines) + 2 * count(some_lines) <= 4 }")
		p("      - { grade: requires_improvement }")
	}
	p("overall:\n  limit:\n    - { at_most: inadequate, when: bottom_line_missed, because: so it is }")
	p("    - { at_most: requires_improvement, when: count(bad_lines) >= 8, because: so it is }")
	p("  suggest:\n    - { grade: inadequate, when: sections_at(\"inadequate\") >= 2 or visits == 0 }")
	p("    - { grade: good, when: sections_below(\"good\") <= 1 }")
	p("    - { grade: requires_improvement }")
	return b.String()
}

// A rubric of a thousand lines is analysed whole.
func TestAThousandLinesAreAnalysed(t *testing.T) {
	sequential(t)
	r, err := rubric.Parse("synthetic.yaml", []byte(synthetic(1000)))
	if err != nil {
		t.Fatal(err)
	}
	a, err := r.Analyse(calendar.EnglandAndWales())
	if err != nil {
		t.Fatal(err)
	}
	if len(a.Findings) != 1 || a.Findings[0].Kind != rubric.GradeNotSuggested || a.MostWithMissed != "inadequate" {
		t.Errorf("with a missed bottom line %s at most; %v", a.MostWithMissed, a.Findings)
	}
	t.Logf("a number of forms with %d digits", len(a.Forms.String()))
}

func BenchmarkAnalyse(b *testing.B) {
	b.Run("halton", func(b *testing.B) { analyse(b, halton.DeepDive()) })
	for _, n := range []int{100, 200, 400, 700, 1000} {
		b.Run(fmt.Sprintf("synthetic-%d", n), func(b *testing.B) { analyse(b, []byte(synthetic(n))) })
	}
}

func analyse(b *testing.B, src []byte) {
	r, err := rubric.Parse("bench.yaml", src)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := r.Analyse(calendar.EnglandAndWales()); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkPossible gives Halton's form one more answer and grades it.
func BenchmarkPossible(b *testing.B) {
	r, err := rubric.Parse(halton.DeepDiveFile, halton.DeepDive())
	if err != nil {
		b.Fatal(err)
	}
	for name, a := range map[string]rubric.Answers{
		"empty": {},
		"half": {Facts: map[string]string{"consent": "given"}, Lines: map[string]map[string]rubric.Answer{
			"referral": {"reason_identified": "evidenced", "childs_voice_evident": "partly"}, "review": {"minutes_shared": "seen"},
		}},
	} {
		f, err := r.Form(a, calendar.EnglandAndWales())
		if err != nil {
			b.Fatal(err)
		}
		b.Run(name, func(b *testing.B) {
			var res rubric.Result
			for b.Loop() {
				more, err := f.WithLine("referral", "history_considered", rubric.Partly)
				if err != nil {
					b.Fatal(err)
				}
				res.Grade(more)
			}
		})
		b.Run(name+"-questions", func(b *testing.B) {
			for b.Loop() {
				f.Questions()
			}
		})
	}
}
