package rubric_test

import (
	"fmt"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/rubric"
)

// effort is how many random cases a test tries: PRACTICEAUDIT_EFFORT is small
// (also if it is not set), ci, or a number.
func effort(small, ci int) int {
	switch e := os.Getenv("PRACTICEAUDIT_EFFORT"); e {
	case "", "small":
		return small
	case "ci":
		return ci
	default:
		if n, err := strconv.Atoi(e); err == nil {
			return n
		}
		return small
	}
}

// sequential skips a long test that runs nothing at the same time as anything else
// where only that is looked for: under the race detector, with -short.
func sequential(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("long, and nothing in it runs at the same time as anything else")
	}
}

const formsPerRubric = 100

// Three readings of the language agree on every form: the masks and the tree of
// the library, and expr's virtual machine over plain answers. The test says how
// often each word, rule and limit decided, and fails if one never did.
//
//	PRACTICEAUDIT_EFFORT=10000000 go test ./rubric -run MasksTreeAndVirtualMachineAgree -v -timeout 60m
func TestMasksTreeAndVirtualMachineAgree(t *testing.T) {
	pairs := effort(20_000, 200_000)
	var next atomic.Int64
	var mu sync.Mutex
	var wg sync.WaitGroup
	decided, total := map[string][2]int{}, tally{}
	for range runtime.GOMAXPROCS(0) {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for !t.Failed() {
				seed := next.Add(1)
				if int(seed-1)*formsPerRubric >= pairs {
					return
				}
				words, sum, err := compareReadings(uint64(seed))
				mu.Lock()
				if err != nil {
					t.Errorf("seed %d: %v", seed, err)
				}
				for w, n := range words {
					c := decided[w]
					decided[w] = [2]int{c[0] + n[0], c[1] + n[1]}
				}
				total.add(sum)
				mu.Unlock()
			}
		}()
	}
	wg.Wait()
	t.Logf("%d pairs of %d rubrics: %+v", total.Pairs, (pairs+formsPerRubric-1)/formsPerRubric, total)
	var names []string
	for w := range decided {
		names = append(names, w)
	}
	slices.Sort(names)
	for _, w := range names {
		t.Logf("%-18s no %9d   yes %9d", w, decided[w][0], decided[w][1])
		if decided[w][0] == 0 || decided[w][1] == 0 {
			t.Errorf("%q never came out both ways", w)
		}
	}
	if total.Unknown == 0 || total.TreeQuestions == 0 || total.BitQuestions == 0 || total.Tables == 0 || len(names) != 24 {
		t.Errorf("too little was tried: %+v, %d words", total, len(names))
	}
}

// tally counts what was tried.
type tally struct{ Pairs, FilesOpen, Unknown, BitQuestions, TreeQuestions, Tables int }

func (a *tally) add(b tally) {
	a.Pairs, a.FilesOpen, a.Unknown = a.Pairs+b.Pairs, a.FilesOpen+b.FilesOpen, a.Unknown+b.Unknown
	a.BitQuestions, a.TreeQuestions, a.Tables = a.BitQuestions+b.BitQuestions, a.TreeQuestions+b.TreeQuestions, a.Tables+b.Tables
}

func compareReadings(seed uint64) (map[string][2]int, tally, error) {
	var sum tally
	d := newDice(seed)
	m := d.model()
	src := m.yaml()
	r, err := rubric.ParseShort("model.yaml", []byte(src))
	if err != nil {
		return nil, sum, fmt.Errorf("a model is refused: %w\n%s", err, src)
	}
	sum.BitQuestions, sum.TreeQuestions, sum.Tables = r.Questions()
	cal := calendar.EnglandAndWales()
	ref := newReference(m, cal)
	var masked, walked rubric.Result
	var byMasks, byTree, byVisit []rubric.PartOutcome
	for range formsPerRubric {
		a := d.answers(m, 0)
		f, err := r.Form(a, cal)
		if err != nil {
			return nil, sum, fmt.Errorf("%w\nanswers %+v\n%s", err, a, src)
		}
		masked.Grade(f)
		walked.Walk(f)
		byMasks, byTree = masked.Outcomes(byMasks), walked.Outcomes(byTree)
		byMachine := ref.grade(a)
		sum.Pairs++
		if len(byMachine) < len(byMasks) {
			sum.FilesOpen++
		}
		n, last := len(byMachine), len(byMasks)-1 // of a file that people have still to judge a section of, the tree may know less than the visit
		if !masked.Complete() || !slices.Equal(byMasks[:n], byTree[:n]) || !slices.Equal(byMasks[:n], byMachine) || byMasks[last].Possible&^byTree[last].Possible != 0 {
			return nil, sum, fmt.Errorf("masks   %+v\ntree    %+v\nmachine %+v\nanswers %+v\n%s", byMasks, byTree, byMachine, a, src)
		}
		// The same form with some answers taken away: what is still determined
		// is what it was.
		partial := forget(d, a)
		f, err = r.Form(partial, cal)
		if err != nil {
			return nil, sum, err
		}
		masked.Grade(f)
		byVisit = masked.Outcomes(byVisit)
		walked.Walk(f)
		byTree = walked.Outcomes(byTree)
		for i, v := range byVisit { // the tree knows no more than the visit, and nothing else
			p := byTree[i]
			if v.Possible&^p.Possible != 0 || (v.Limits^p.Limits)&^(v.Open|p.Open) != 0 || v.Open&^p.Open != 0 {
				return nil, sum, fmt.Errorf("part %d is %+v of all forms, by walking %+v\nless    %+v\n%s", i, v, p, partial, src)
			}
		}
		for i, p := range byTree {
			whole := byMasks[i]
			if p.Open != 0 || p.Possible != whole.Possible {
				sum.Unknown++
			}
			if last := i == len(byTree)-1; !last && p.Applies && !whole.Applies {
				if partial.Service != "" {
					return nil, sum, fmt.Errorf("part %d applies with less known only\nless    %+v\n%s", i, partial, src)
				}
				continue // with its service known it is no part of the audit
			}
			if whole.Possible&^p.Possible != 0 || (p.Limits^whole.Limits)&^p.Open != 0 || p.Freely && !whole.Freely {
				return nil, sum, fmt.Errorf("part %d was %+v with less known, is %+v\nanswers %+v\nless    %+v\n%s", i, p, whole, a, partial, src)
			}
		}
	}
	return ref.decided, sum, nil
}

// forget takes some answers away.
func forget(d dice, a rubric.Answers) rubric.Answers {
	less := a
	less.Facts, less.Lines = map[string]string{}, map[string]map[string]rubric.Answer{}
	keep := d.IntN(100)
	if d.chance(20) {
		less.Service = ""
	}
	for _, name := range sortedKeys(a.Facts) {
		if d.chance(keep) {
			less.Facts[name] = a.Facts[name]
		}
	}
	for _, section := range sortedKeys(a.Lines) {
		less.Lines[section] = map[string]rubric.Answer{}
		for _, line := range sortedKeys(a.Lines[section]) {
			if d.chance(keep) {
				less.Lines[section][line] = a.Lines[section][line]
			}
		}
	}
	return less
}

func sortedKeys[V any](m map[string]V) []string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, strings.Compare)
	return keys
}
