package rubric_test

import (
	"context"
	"errors"
	"iter"
	"os"
	"runtime"
	"runtime/metrics"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/rubric"
)

func editedHalton(t testing.TB) *rubric.Rubric {
	t.Helper()
	src, err := os.ReadFile("testdata/halton-edited.yaml")
	if err != nil {
		t.Fatal(err)
	}
	r, err := rubric.Parse("halton-edited.yaml", src)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// stream yields lines, over and over until there are n.
func stream(lines [][]byte, n int) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		for i := range n {
			if !yield(lines[i%len(lines)], nil) {
				return
			}
		}
	}
}

// dumbImpact is what Impact counts, by maps and one form after another.
type dumbImpact struct {
	Forms, Blank, Unread, Ungraded, Aside int
	Moved                                 map[string]map[[2]string]int // by section, outcomes before and after
	Totals                                map[string][4]int            // better, worse, same, otherwise
	Above                                 map[string][2]int
}

func impactDumbly(from, to *rubric.Rubric, lines [][]byte) dumbImpact {
	cal := calendar.EnglandAndWales()
	x := dumbImpact{Moved: map[string]map[[2]string]int{}, Totals: map[string][4]int{}, Above: map[string][2]int{}}
	sections := []string{""}
	for _, s := range append(to.Sections(), from.Sections()...) {
		if !slices.Contains(sections, s.ID) {
			sections = append(sections, s.ID)
		}
	}
	for _, line := range lines {
		if len(strings.TrimSpace(string(line))) == 0 {
			x.Blank++
			continue
		}
		f, s, err := readDumbly(from, line, cal)
		if err != nil {
			x.Unread++
			continue
		}
		x.Forms++
		after, err := to.Form(x.take(from, to, s.Answers), cal)
		before := f.Grade()
		var now *rubric.Result
		if err != nil {
			x.Ungraded++
		} else {
			now = after.Grade()
		}
		for _, id := range sections {
			x.part(from, to, id, before, now)
		}
	}
	return x
}

// take is what the new version can be told of answers to the old one.
func (x *dumbImpact) take(from, to *rubric.Rubric, a rubric.Answers) rubric.Answers {
	b := rubric.Answers{
		Service: a.Service, Facts: map[string]string{}, Lines: map[string]map[string]rubric.Answer{}, Judgements: map[string]rubric.Grade{},
		MissedBottomLines: a.MissedBottomLines,
	}
	now := func(section, id string) (rubric.Line, bool) {
		s, _ := to.Section(section)
		for _, l := range s.Lines {
			if l.ID == id || slices.Contains(l.Was, id) {
				return l, true
			}
		}
		return rubric.Line{}, false
	}
	for section, lines := range a.Lines {
		for id, answer := range lines {
			l, ok := now(section, id)
			switch {
			case answer == "":
			case !ok || l.Computed:
				x.Aside++
			default:
				if b.Lines[section] == nil {
					b.Lines[section] = map[string]rubric.Answer{}
				}
				b.Lines[section][l.ID] = answer
			}
		}
	}
	for name, text := range a.Facts {
		if _, ok := to.Fact(name); ok {
			b.Facts[name] = text
		} else if text != "" {
			x.Aside++
		}
	}
	for _, status := range a.Status {
		if ids := to.Statuses(); len(ids) > 0 && !slices.ContainsFunc(ids, func(o rubric.Option) bool { return o.ID == status }) {
			x.Aside++
		} else {
			b.Status = append(b.Status, status)
		}
	}
	for section, grade := range a.Judgements {
		if _, ok := to.Section(section); ok {
			b.Judgements[section] = grade
		} else {
			x.Aside++
		}
	}
	for _, ref := range a.Carried {
		if l, ok := now(ref.Section, ref.Line); ok {
			b.Carried = append(b.Carried, rubric.LineRef{Section: ref.Section, Line: l.ID})
		} else {
			x.Aside++
		}
	}
	return b
}

func (x *dumbImpact) part(from, to *rubric.Rubric, id string, before, now *rubric.Result) {
	was, grade, judgement := outcome(from, before, id)
	if above := x.Above[id]; judgement != "" {
		if most, _ := before.MostAllowed(id); from.Rank(judgement) > from.Rank(most) {
			above[0]++
			x.Above[id] = above
		}
	}
	is, nowGrade := "Cannot be graded", rubric.Grade("")
	if now != nil {
		is, nowGrade, judgement = outcome(to, now, id)
		if above := x.Above[id]; judgement != "" {
			if most, _ := now.MostAllowed(id); to.Rank(judgement) > to.Rank(most) {
				above[1]++
				x.Above[id] = above
			}
		}
	}
	if x.Moved[id] == nil {
		x.Moved[id] = map[[2]string]int{}
	}
	x.Moved[id][[2]string{was, is}]++
	totals := x.Totals[id]
	switch {
	case now == nil:
		return
	case was == is:
		totals[2]++
	case grade == "" || nowGrade == "" || to.Rank(grade) < 0:
		totals[3]++
	case to.Rank(nowGrade) > to.Rank(grade):
		totals[0]++
	default:
		totals[1]++
	}
	x.Totals[id] = totals
}

// outcome is what a part comes to, in words and as a grade, and its judgement.
func outcome(r *rubric.Rubric, res *rubric.Result, id string) (words string, grade, judgement rubric.Grade) {
	s := res.Overall().Suggestion
	if id != "" {
		section, ok := res.Section(id)
		if !ok || !section.Applies {
			return "Not part of the audit", "", ""
		}
		s, judgement = section.Suggestion, section.Judgement
	}
	most, _ := res.MostAllowed(id)
	switch {
	case s.None && most == r.Best():
		return "Judged freely", "", judgement
	case s.None:
		return "Judged freely, at most " + r.GradeTitle(most), "", judgement
	case !s.Determined:
		return "Not determined", "", judgement
	}
	return r.GradeTitle(s.Grade), s.Grade, judgement
}

// counted is a report as the dumb way has it; it fails where the report contradicts
// itself.
func counted(t *testing.T, x *rubric.ImpactReport) dumbImpact {
	t.Helper()
	out := dumbImpact{
		Forms: x.Forms, Blank: x.Blank, Unread: x.Unread, Ungraded: x.Ungraded,
		Moved: map[string]map[[2]string]int{}, Totals: map[string][4]int{}, Above: map[string][2]int{},
	}
	for _, c := range x.LeftAside {
		out.Aside += c.Forms
	}
	for _, p := range append([]rubric.PartImpact{x.File}, x.Sections...) {
		moved, reasons := map[[2]string]int{}, map[[2]string]int{}
		for i, before := range p.Before {
			for j, after := range p.After {
				if n := p.Moved[i][j]; n > 0 {
					moved[[2]string{before, after}] += n
				}
			}
		}
		for _, m := range p.Moves {
			reasons[[2]string{m.From, m.To}] += m.Forms
			if m.Because == "" || m.Forms == 0 || len(m.First) == 0 {
				t.Errorf("a move without its reason or forms: %+v", m)
			}
		}
		for pair, n := range moved {
			if pair[0] != pair[1] && pair[1] != "Cannot be graded" && reasons[pair] != n {
				t.Errorf("%s: %v has reasons for %d of %d forms", p.Section, pair, reasons[pair], n)
			}
		}
		if x.Forms > 0 {
			out.Moved[p.Section] = moved
			if totals := [4]int{p.Better, p.Worse, p.Same, p.Otherwise}; totals != [4]int{} {
				out.Totals[p.Section] = totals
			}
		}
		if above := [2]int{p.JudgedAboveBefore, p.JudgedAboveAfter}; above != [2]int{} {
			out.Above[p.Section] = above
		}
	}
	return out
}

// edited is a model of a seed and another version of it, in YAML.
func editedForImpact(seed uint64) (m *model, before, after string) {
	m, next := newDice(seed).model(), newDice(seed).model()
	d := newDice(seed + 1<<32)
	was := map[string]string{}
	if d.chance(25) {
		next.grades = [][]string{{"inadequate", "good"}, {"poor", "inadequate", "requires_improvement", "good"}, {"inadequate", "requires_improvement", "good", "outstanding"}}[d.IntN(3)]
	}
	if d.chance(20) {
		next.services, next.status = []string{"care"}, []string{"on_plan"}
		for _, s := range next.sections {
			s.services, s.status = nil, nil
		}
	}
	facts := d.chance(40)
	if facts && len(next.facts) > 0 {
		switch i := d.IntN(len(next.facts)); d.IntN(3) {
		case 0:
			next.facts = slices.Delete(next.facts, i, i+1)
		case 1:
			next.facts = append(next.facts, d.fact(len(next.facts)))
		default:
			next.facts[i] = d.fact(i)
		}
	}
	if len(next.sections) > 1 && d.chance(20) {
		i := d.IntN(len(next.sections))
		next.sections = slices.Delete(next.sections, i, i+1)
	}
	for _, s := range next.sections {
		for _, l := range s.lines {
			switch {
			case facts && (l.met != "" || l.notNeeded != "" || d.chance(10)):
				l.met, l.notNeeded = "", ""
				if len(next.facts) > 0 && d.chance(50) {
					l.met = d.condition(next, nil, true, 1)
				}
			case d.chance(8):
				was["r_"+l.id], l.id = l.id, "r_"+l.id
			}
		}
		if d.chance(30) {
			d.line(next, s, pick(d, s.lists))
			s.lines[len(s.lines)-1].id = "new_" + s.id
		}
		if i := d.IntN(len(s.lines)); d.chance(30) && !slices.ContainsFunc(s.lines[i].lists, func(l *modelList) bool { return len(l.lines) < 2 }) {
			for _, l := range s.lines[i].lists {
				l.lines = slices.DeleteFunc(l.lines, func(x *modelLine) bool { return x == s.lines[i] })
			}
			s.lines = slices.Delete(s.lines, i, i+1)
		}
	}
	for _, s := range next.sections {
		if s.limits, s.suggest = d.rules(next, s); d.chance(50) {
			slices.Reverse(s.limits)
		}
	}
	next.limits, next.suggest = d.rules(next, nil)
	after = next.yaml()
	for id, old := range was {
		after = strings.Replace(after, "      "+id+":\n", "      "+id+":\n        was: ["+old+"]\n", 1)
	}
	return m, m.yaml(), after
}

func TestImpactCountsWhatALoopOverFormAndGradeCounts(t *testing.T) {
	var sum dumbImpact
	var moves int
	for seed := range uint64(effort(120, 1500)) {
		m, before, after := editedForImpact(seed)
		from, err := rubric.ParseShort("before.yaml", []byte(before))
		if err != nil {
			t.Fatal(err)
		}
		to, err := rubric.ParseShort("after.yaml", []byte(after))
		if err != nil {
			t.Fatalf("seed %d: %v\n%s", seed, err, after)
		}
		d := newDice(seed)
		var lines [][]byte
		for i := range 60 {
			src := d.write([]string{"", "A-17"}[i%2], d.shorten(m, d.answers(m, []int{0, 0, 20}[d.IntN(3)])))
			if d.chance(5) {
				src = d.mutate(src)
			}
			lines = append(lines, src)
		}
		x, err := rubric.Impact(t.Context(), from, to, calendar.EnglandAndWales(), stream(lines, len(lines)), rubric.ImpactOptions{Workers: 1 + int(seed%3)})
		if err != nil {
			t.Fatal(err)
		}
		want := impactDumbly(from, to, lines)
		if diff := cmp.Diff(want, counted(t, x)); diff != "" {
			t.Fatalf("seed %d (-want +got):\n%s\n%s", seed, diff, x.Text())
		}
		sum.Forms, sum.Unread, sum.Ungraded, sum.Aside = sum.Forms+want.Forms, sum.Unread+want.Unread, sum.Ungraded+want.Ungraded, sum.Aside+want.Aside
		moves += x.File.Better + x.File.Worse
	}
	t.Logf("%d forms, %d unread, %d ungraded, %d answers left aside; %d files moved to another grade", sum.Forms, sum.Unread, sum.Ungraded, sum.Aside, moves)
	if sum.Unread == 0 || sum.Ungraded == 0 || sum.Aside == 0 || moves == 0 {
		t.Error("too little was tried")
	}
}

// The report is the same however many grade, whatever the order in which they come to
// it, and the forms that it names are the first.
func TestImpactIsTheSameOnAnyNumberOfCores(t *testing.T) {
	r, e := deepDive(t), editedHalton(t)
	lines := haltonForms(t, r, 3000, true)
	lines[700], lines[10] = []byte("{"), []byte(`{"case":"x","lines":{"nothing":{}}}`)
	var one *rubric.ImpactReport
	for _, workers := range []int{1, 2, 3, 8} {
		x, err := rubric.Impact(t.Context(), r, e, calendar.EnglandAndWales(), stream(lines, len(lines)), rubric.ImpactOptions{Workers: workers})
		if err != nil {
			t.Fatal(err)
		}
		if one == nil {
			one = x
		}
		if diff := cmp.Diff(one, x); diff != "" {
			t.Errorf("%d workers (-one +these):\n%s", workers, diff)
		}
	}
	if one.Unread != 2 || one.Unreadable[0].Line != 11 || one.Unreadable[1].Line != 701 || one.File.Worse == 0 {
		t.Errorf("%+v", one)
	}
}

// reused yields every line in the same bytes, as a reader of a file does.
func reused(lines [][]byte) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		var buffer []byte
		for _, line := range lines {
			buffer = append(buffer[:0], line...)
			if !yield(buffer, nil) {
				return
			}
		}
	}
}

func TestImpactKeepsNoLine(t *testing.T) {
	r, e := deepDive(t), editedHalton(t)
	lines := haltonForms(t, r, 1000, false)
	want, err := rubric.Impact(t.Context(), r, e, nil, stream(lines, len(lines)), rubric.ImpactOptions{})
	if err != nil {
		t.Fatal(err)
	}
	got, err := rubric.Impact(t.Context(), r, e, nil, reused(lines), rubric.ImpactOptions{})
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}

func TestImpactStopsWhenItIsToldToAndReportsWhatIsDone(t *testing.T) {
	r, e := deepDive(t), editedHalton(t)
	lines := haltonForms(t, r, 50, true)
	broken := errors.New("the disc is gone")
	for _, n := range []int{0, 1, 255, 256, 257, 2000} {
		synctest.Test(t, func(t *testing.T) { // which fails where a goroutine is left behind
			x, err := rubric.Impact(t.Context(), r, e, nil, func(yield func([]byte, error) bool) {
				for i := range n {
					if !yield(lines[i%50], nil) {
						t.Error("the lines before are not all asked for")
					}
				}
				if yield(nil, broken) {
					t.Error("more is asked for after an error")
				}
			}, rubric.ImpactOptions{})
			if !errors.Is(err, broken) || x.Forms != n {
				t.Errorf("%d lines before the error: %v, %d forms", n, err, x.Forms)
			}

			ctx, cancel := context.WithCancel(t.Context())
			x, err = rubric.Impact(ctx, r, e, nil, func(yield func([]byte, error) bool) {
				for i := 0; ; i++ {
					if i == n {
						cancel()
					}
					if !yield(lines[i%50], nil) {
						return
					}
				}
			}, rubric.ImpactOptions{Workers: 3})
			if !errors.Is(err, context.Canceled) || x.Forms != n {
				t.Errorf("cancelled after %d lines: %v, %d forms", n, err, x.Forms)
			}
		})
	}
}

func TestImpactTellsItsProgress(t *testing.T) {
	r, e := deepDive(t), editedHalton(t)
	lines := haltonForms(t, r, 50, true)
	for _, n := range []int{0, 1, 256, 5000} {
		var told []int
		if _, err := rubric.Impact(t.Context(), r, e, nil, stream(lines, n), rubric.ImpactOptions{Progress: func(done int) { told = append(told, done) }}); err != nil {
			t.Fatal(err)
		}
		if !slices.IsSorted(told) || n > 0 && told[len(told)-1] != n || n == 0 && told != nil {
			t.Errorf("%d lines: told %v", n, told)
		}
	}
}

func TestImpactOfWhatIsNone(t *testing.T) {
	r := deepDive(t)
	for _, pair := range [][2]*rubric.Rubric{{nil, r}, {r, nil}, {r, {}}, {{}, r}, {nil, nil}} {
		if x, err := rubric.Impact(t.Context(), pair[0], pair[1], nil, stream(nil, 0), rubric.ImpactOptions{}); err == nil || x != nil {
			t.Errorf("the impact of no rubric: %v, %v", x, err)
		}
	}
	if x, err := rubric.Impact(t.Context(), r, r, nil, nil, rubric.ImpactOptions{}); err != nil || x.Forms != 0 {
		t.Errorf("no lines at all: %v, %v", x, err)
	}
	long := []byte(strings.Repeat(" ", rubric.MaxStoredForm) + "{}")
	x, err := rubric.Impact(t.Context(), r, r, nil, stream([][]byte{long, []byte("{}"), []byte(" \t\r\n"), nil}, 4), rubric.ImpactOptions{})
	if err != nil || x.Forms != 1 || x.Unread != 1 || x.Blank != 2 || !strings.Contains(x.Unreadable[0].Problem, "at most 1048576 bytes") {
		t.Errorf("%+v, %v", x, err)
	}
}

func TestWhatIsWrongWithALineIsSaidInShort(t *testing.T) {
	r := deepDive(t)
	long := []byte(`{"lines":{"` + strings.Repeat("é", 100_000) + `":{}}}`)
	x, err := rubric.Impact(t.Context(), r, r, nil, stream([][]byte{long}, 1), rubric.ImpactOptions{})
	if err != nil || len(x.Unreadable) != 1 || len(x.Unreadable[0].Problem) > 2010 || !utf8.ValidString(x.Unreadable[0].Problem) {
		t.Errorf("%v, %.100v", err, x)
	}
}

// What is kept after ten thousand forms is what is kept after ever so many.
//
//	PRACTICEAUDIT_EFFORT=1000000 go test ./rubric -run MemoryOfImpactIsFlat -v
func TestTheMemoryOfImpactIsFlat(t *testing.T) {
	const start = 10_000
	n := effort(50_000, 1_000_000)
	r, e := deepDive(t), editedHalton(t)
	for name, short := range map[string]bool{"whole": false, "short": true} {
		lines := haltonForms(t, r, 2000, short)
		sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
		live := func() int64 {
			runtime.GC()
			metrics.Read(sample)
			return int64(sample[0].Value.Uint64())
		}
		var first, peak int64
		next := start
		_, err := rubric.Impact(t.Context(), r, e, calendar.EnglandAndWales(), stream(lines, n), rubric.ImpactOptions{Progress: func(done int) {
			if done < next {
				return
			}
			next += max(n/20, 1)
			switch now := live(); {
			case first == 0:
				first, peak = now, now
			default:
				peak = max(peak, now)
			}
		}})
		if err != nil || first == 0 {
			t.Fatal(err)
		}
		t.Logf("%s: %d bytes live after %d forms, at most %d up to %d", name, first, start, peak, n)
		if peak > first+2<<20 {
			t.Errorf("%s: memory grows from %d to %d bytes", name, first, peak)
		}
	}
}
