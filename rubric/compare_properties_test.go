package rubric_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/rubric"
)

// edited draws two versions of a rubric and says what the edits between them are.
// An edit after which the file is refused, because a rule reads what is gone, say, is
// left out.
func edited(t *testing.T, seed uint64, edits map[string]edit, tally map[string]int) (m *model, old, new *rubric.Rubric, want []string, last *edition) {
	t.Helper()
	names := sortedKeys(edits)
	d := newDice(seed)
	var done []int
	build := func(which []int) (*edition, []string) {
		e := &edition{model: newDice(seed).model(), touched: map[string]bool{}, renamed: map[rubric.LineRef]string{}}
		var want []string
		for _, k := range which {
			e.dice = newDice(seed<<16 + uint64(k)) // an edit is the same whatever comes before it
			told := edits[names[k%len(names)]](e)
			if told == nil {
				return nil, nil
			}
			want = append(want, told...)
		}
		return e, want
	}
	m = newDice(seed).model()
	old = parsed(t, m.yaml())
	new = old
	for range d.between(1, 5) {
		k := d.IntN(1000 * len(names))
		e, told := build(append(slices.Clone(done), k))
		if e == nil {
			continue
		}
		r, err := rubric.ParseShort("edited.yaml", []byte(e.yaml()))
		if err != nil {
			continue
		}
		tally[names[k%len(names)]]++
		done, want, new, last = append(done, k), told, r, e
	}
	return m, old, new, want, last
}

func told(c rubric.Comparison) (out []string) {
	for _, d := range c.Changes {
		out = append(out, fmt.Sprintf("%s %s %t", d.Kind, d.At, d.Grades))
	}
	return slices.Sorted(slices.Values(out))
}

// allEdits are those of words and the others.
func allEdits() map[string]edit {
	all := map[string]edit{}
	for _, some := range []map[string]edit{wordings, changes} {
		for name, e := range some {
			all[name] = e
		}
	}
	return all
}

func TestExactlyTheEditsAreToldAndBackwardsTheirOpposites(t *testing.T) {
	sequential(t)
	tally, all := map[string]int{}, allEdits()
	opposite := map[rubric.DifferenceKind]rubric.DifferenceKind{
		rubric.Added: rubric.Removed, rubric.Removed: rubric.Added, rubric.Changed: rubric.Changed, rubric.Moved: rubric.Moved, rubric.Renamed: rubric.Renamed,
	}
	for seed := range uint64(effort(500, 5000)) {
		_, old, new, want, last := edited(t, seed, all, tally)
		c := compared(t, old, new)
		slices.Sort(want)
		got := told(c)
		for i, w := range want { // what reads a question takes more than this test knows
			if place, ok := strings.CutSuffix(w, " either"); ok {
				want[i] = place + " true"
				if slices.Contains(got, place+" false") {
					want[i] = place + " false"
				}
			}
		}
		slices.Sort(want)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("seed %d (-want +got):\n%s\n%s\nfrom\n%s\nto\n%s", seed, diff, c.Text(), old.Canonical(), last.yaml())
		}
		count := func(c rubric.Comparison, of func(rubric.DifferenceKind) rubric.DifferenceKind) map[string]int {
			n := map[string]int{}
			for _, d := range c.Changes {
				n[fmt.Sprint(of(d.Kind), d.Grades)]++
			}
			return n
		}
		back := compared(t, new, old)
		forth := count(c, func(k rubric.DifferenceKind) rubric.DifferenceKind { return opposite[k] })
		if diff := cmp.Diff(forth, count(back, func(k rubric.DifferenceKind) rubric.DifferenceKind { return k })); diff != "" {
			t.Fatalf("seed %d, backwards (-want +got):\n%s\n%s\n%s", seed, diff, c.Text(), back.Text())
		}
		for _, r := range []*rubric.Rubric{old, new} {
			if same := compared(t, r, r); len(same.Changes) > 0 {
				t.Fatalf("seed %d, a version and itself: %s", seed, same.Text())
			}
		}
		wellFormed(t, c)
	}
	for name := range all {
		if tally[name] < 3 {
			t.Errorf("%s was tried %d times", name, tally[name])
		}
	}
}

// wellFormed holds that every difference is a sentence with a place, and none is told
// twice.
func wellFormed(t *testing.T, c rubric.Comparison) {
	t.Helper()
	seen := map[rubric.Difference]bool{}
	for _, d := range c.Changes {
		end := strings.HasSuffix(d.Text, ".") || strings.HasSuffix(d.Text, ".”")
		if d.At == "" || d.Kind == "" || !end || strings.Contains(d.Text, "%!") || seen[d] {
			t.Errorf("%+v", d)
		}
		if d.Kind == rubric.Changed && d.Old == d.New && d.At != "examples" {
			t.Errorf("nothing changed: %+v", d)
		}
		seen[d] = true
	}
}

func TestVersionsOfWhichNothingMovesAGradeGradeAlike(t *testing.T) {
	sequential(t)
	cal := calendar.EnglandAndWales()
	forms := 0
	for seed := range uint64(effort(200, 2000)) {
		m, old, new, _, last := edited(t, seed, wordings, map[string]int{})
		if last == nil {
			continue
		}
		if c := compared(t, old, new); slices.ContainsFunc(c.Changes, func(d rubric.Difference) bool { return d.Grades }) {
			t.Fatalf("seed %d: %s", seed, c.Text())
		}
		if (old.Unproved() == "") != (new.Unproved() == "") {
			continue // what is exact of one is not of the other
		}
		d := newDice(seed)
		for range 20 {
			a := d.answers(m, d.between(0, 30))
			before := outcomes(t, old, a, cal)
			for ref, is := range last.renamed {
				if answer, ok := a.Lines[ref.Section][ref.Line]; ok {
					delete(a.Lines[ref.Section], ref.Line)
					a.Lines[ref.Section][is] = answer
				}
				for i := range a.Carried {
					if a.Carried[i] == ref {
						a.Carried[i].Line = is
					}
				}
			}
			forms++
			if diff := cmp.Diff(before, outcomes(t, new, a, cal)); diff != "" {
				t.Fatalf("seed %d (-old +new):\n%s", seed, diff)
			}
		}
	}
	if forms < 1000 {
		t.Errorf("only %d forms", forms)
	}
}

// outcomes are the grades that are possible, by section, "" for the file.
func outcomes(t *testing.T, r *rubric.Rubric, a rubric.Answers, cal *calendar.Calendar) map[string]rubric.PartOutcome {
	t.Helper()
	f, err := r.Form(a, cal)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]rubric.PartOutcome{}
	parts := f.Grade().Outcomes(nil)
	for i, s := range r.Sections() {
		out[s.ID] = parts[i]
	}
	out[""] = parts[len(parts)-1]
	return out
}

// Whatever two versions hold, a comparison is made of sentences.
func TestRubricsThatHaveNothingToDoWithOneAnotherAreCompared(t *testing.T) {
	sequential(t)
	for seed := range uint64(effort(200, 2000)) {
		d := newDice(seed)
		a, b := parsed(t, d.model().yaml()), parsed(t, d.model().yaml())
		wellFormed(t, compared(t, a, b))
	}
}

// Any word or number of a file that can be another is told of when it is. Which
// rubric and which version it is, is told at the head.
func TestEveryWordOfAFileThatIsAnotherIsTold(t *testing.T) {
	sequential(t)
	src := rightWith(t, "title: A small rubric\n", "title: A small rubric\nsource: The framework\nnote: A note\n")
	src = strings.NewReplacer(
		"overall:\n", "overall:\n  note: A note\n  source: The framework\n",
		"    title: Planning\n", "    title: Planning\n    introduction: As printed\n    note: A note\n    source: The framework\n    references: [Threshold guidance]\n",
		"good_lines: { kind: strength }", "good_lines: { kind: strength, title: Good, note: A note, source: The framework }",
		"text: Plans are late }", "text: Plans are late, note: A note, source: The framework, strand: lateness, fixed: true, not needed when: alone, was: slow }",
		"ask: Was the child seen alone?", "ask: Was the child seen alone?, note: A note, source: The framework",
		"because: Two concerns are seen }", "because: Two concerns are seen, source: The framework }",
	).Replace(src)
	r := parsed(t, src)
	file := r.Canonical()
	tried := 0
	for _, at := range regexp.MustCompile(`"(?:[^"\\]|\\.)*"|\d+|true`).FindAllIndex(file, -1) {
		word := string(file[at[0]:at[1]])
		for _, other := range []string{`"1"`, `"z` + strings.TrimPrefix(word, `"`), strings.TrimSuffix(word, `"`) + `2"`, "7", "false", `"mixed"`, `"2026-05-05"`, `"number"`, `"good"`} {
			changed := string(file[:at[0]]) + other + string(file[at[1]:])
			n, err := rubric.Parse("changed.json", []byte(changed))
			if err != nil || n.Ref().Digest == r.Ref().Digest || n.Ref().ID != r.Ref().ID || n.Ref().Version != r.Ref().Version || word == `"slow"` {
				continue
			}
			tried++
			if c := compared(t, r, n); len(c.Changes) == 0 {
				t.Errorf("%s for %s is not told: …%s…", other, word, file[max(0, at[0]-60):min(len(file), at[1]+30)])
			} else {
				wellFormed(t, c)
			}
		}
	}
	if tried < 200 {
		t.Errorf("only %d changes were tried", tried)
	}
	t.Logf("%d changes", tried)
}

// What stays is as much as can be: every other choice is tried.
func TestAsLittleAsCanBeIsSaidToMove(t *testing.T) {
	d := newDice(1)
	for range effort(2000, 20_000) {
		from := d.Perm(d.between(0, 8))
		for i := range from {
			if d.chance(20) {
				from[i] = -1
			}
		}
		most := 0
		for set := range 1 << len(from) {
			last, n := -1, 0
			for j, i := range from {
				if set>>j&1 == 0 {
					continue
				}
				if i <= last {
					n = -1
					break
				}
				last, n = i, n+1
			}
			most = max(most, n)
		}
		got, last := 0, -1
		for j, stays := range rubric.Unmoved(from) {
			if stays {
				if from[j] <= last {
					t.Fatalf("%v: out of order", from)
				}
				got, last = got+1, from[j]
			}
		}
		if got != most {
			t.Fatalf("%v: %d stay, and %d could", from, got, most)
		}
	}
}
