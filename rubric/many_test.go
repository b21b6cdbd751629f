package rubric_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/rubric"
)

// manyForms are n forms of a model, complete and not.
func manyForms(t testing.TB, n int) []*rubric.Form {
	t.Helper()
	d := newDice(7)
	m := d.model()
	r, err := rubric.ParseShort("model.yaml", []byte(m.yaml()))
	if err != nil {
		t.Fatal(err)
	}
	forms := make([]*rubric.Form, n)
	for i := range forms {
		forms[i] = mustForm(t, r, d.answers(m, []int{0, 0, 30}[i%3]))
	}
	return forms
}

func TestGradeAllGradesEachAsGradeDoesAndInOrder(t *testing.T) {
	forms := manyForms(t, 2000)
	for _, workers := range []int{0, 1, 3, 16} {
		for _, n := range []int{0, 1, 255, 256, 257, 2000} {
			next, told := 0, []int(nil)
			err := rubric.GradeAll(context.Background(), slices.Values(forms[:n]), func(i int, f *rubric.Form, res *rubric.Result) error {
				if i != next || f != forms[i] {
					t.Fatalf("form %d came at %d", i, next)
				}
				next++
				want := f.Grade()
				if !slices.Equal(res.Outcomes(nil), want.Outcomes(nil)) || res.Complete() != want.Complete() {
					t.Fatalf("form %d: %v, by itself %v", i, res.Outcomes(nil), want.Outcomes(nil))
				}
				return nil
			}, rubric.GradeAllOptions{Workers: workers, Progress: func(done int) { told = append(told, done) }})
			if err != nil || next != n {
				t.Errorf("%d workers, %d forms: %d handed over, %v", workers, n, next, err)
			}
			if !slices.IsSorted(told) || n > 0 && told[len(told)-1] != n {
				t.Errorf("%d forms: progress %v", n, told)
			}
		}
	}
}

func TestGradeAllStopsWhenItIsToldTo(t *testing.T) {
	forms := manyForms(t, 5000)
	stop := errors.New("enough")
	handed := 0
	err := rubric.GradeAll(context.Background(), slices.Values(forms), func(i int, _ *rubric.Form, _ *rubric.Result) error {
		handed++
		if i == 700 {
			return stop
		}
		return nil
	}, rubric.GradeAllOptions{})
	if !errors.Is(err, stop) || handed != 701 {
		t.Errorf("%v after %d", err, handed)
	}

	ctx, cancel := context.WithCancel(context.Background())
	handed = 0
	endless := func(yield func(*rubric.Form) bool) {
		for yield(forms[0]) {
		}
	}
	err = rubric.GradeAll(ctx, endless, func(i int, _ *rubric.Form, _ *rubric.Result) error {
		if handed = i + 1; i == 300 {
			cancel()
		}
		return nil
	}, rubric.GradeAllOptions{})
	if !errors.Is(err, context.Canceled) || handed != 301 {
		t.Errorf("%v after %d", err, handed)
	}

	// Cancelled while the last of a number of forms that are graded together is
	// handed over, none more is pulled.
	ctx, cancel = context.WithCancel(context.Background())
	pulled, atCancel := 0, 0
	err = rubric.GradeAll(ctx, func(yield func(*rubric.Form) bool) {
		for pulled++; yield(forms[0]); pulled++ {
		}
	}, func(i int, _ *rubric.Form, _ *rubric.Result) error {
		if i == 255 {
			cancel()
			atCancel = pulled
		}
		return nil
	}, rubric.GradeAllOptions{Workers: 1})
	if !errors.Is(err, context.Canceled) || pulled != atCancel || atCancel == 0 {
		t.Errorf("%v, %d pulled, and %d when it was cancelled", err, pulled, atCancel)
	}
}

// A result that has graded forms of one rubric grades those of another as if it
// were new.
func TestAResultIsUsedForFormsOfSeveralRubrics(t *testing.T) {
	type pair struct {
		form *rubric.Form
		want []rubric.PartOutcome
	}
	var all []pair
	for seed := range uint64(60) {
		d := newDice(seed)
		m := d.model()
		r, err := rubric.ParseShort("model.yaml", []byte(m.yaml()))
		if err != nil {
			t.Fatal(err)
		}
		for i := range 4 {
			f := mustForm(t, r, d.answers(m, 30*(i%2)))
			all = append(all, pair{f, f.Grade().Outcomes(nil)})
		}
	}
	var res rubric.Result
	d := newDice(1)
	for range 20_000 {
		p := pick(d, all)
		if res.Grade(p.form); !slices.Equal(res.Outcomes(nil), p.want) {
			t.Fatalf("%v, by itself %v", res.Outcomes(nil), p.want)
		}
	}
}

// A form that is none is graded as nothing, and holds up no other.
func TestGradeAllPassesOverWhatIsNoForm(t *testing.T) {
	forms := []*rubric.Form{nil, manyForms(t, 1)[0], {}}
	n := 0
	err := rubric.GradeAll(context.Background(), slices.Values(forms), func(int, *rubric.Form, *rubric.Result) error { n++; return nil }, rubric.GradeAllOptions{})
	if err != nil || n != 3 {
		t.Errorf("%d, %v", n, err)
	}
}

func TestGradingACompleteFormDoesNotAllocate(t *testing.T) {
	for seed := range uint64(30) {
		d := newDice(seed)
		m := d.model()
		r, err := rubric.ParseShort("model.yaml", []byte(m.yaml()))
		if err != nil {
			t.Fatal(err)
		}
		f := mustForm(t, r, d.answers(m, 0))
		var res rubric.Result
		res.Grade(f)
		if n := testing.AllocsPerRun(20, func() { res.Grade(f) }); n != 0 {
			t.Errorf("model %d: %v allocations", seed, n)
		}
	}
}

func version(t *testing.T, version, effective, change string) *rubric.Rubric {
	t.Helper()
	src := rightWith(t, `version: "1"`, `version:   "`+version+`"`)
	src = strings.Replace(src, `effective: "2026-01-01"`, `effective: "`+effective+`"`, 1)
	src = strings.Replace(src, `review_by: "2027-01-01"`, `review_by: "2030-01-01"`, 1)
	src = strings.Replace(src, "title: A small rubric", "title: A small rubric"+change, 1)
	r, err := rubric.Parse("right.yaml", []byte(src))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func date(t *testing.T, s string) calendar.Date {
	t.Helper()
	d, err := calendar.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestALibraryPicksTheVersionInForceAndFindsThePinned(t *testing.T) {
	v1, v2, v3 := version(t, "1", "2026-01-01", ""), version(t, "2", "2027-01-01", ""), version(t, "3", "2028-01-01", "")
	l, err := rubric.Library{}.With(v3, v1)
	if err != nil {
		t.Fatal(err)
	}
	before := l
	if l, err = l.With(v2, v1); err != nil {
		t.Fatal(err)
	}
	for on, want := range map[string]*rubric.Rubric{"2026-01-01": v1, "2026-12-31": v1, "2027-01-01": v2, "2027-12-31": v2, "2028-01-01": v3, "2040-01-01": v3} {
		if r, err := l.InForce("small", date(t, on)); err != nil || r != want {
			t.Errorf("in force on %s: %v, %v", on, r, err)
		}
	}
	for _, v := range []*rubric.Rubric{v1, v2, v3} {
		if r, err := l.Pinned(v.Ref().Digest); err != nil || r != v {
			t.Errorf("pinned to %s: %v", v.Ref(), err)
		}
	}
	if got := l.Versions("small"); !slices.Equal(got, []*rubric.Rubric{v1, v2, v3}) {
		t.Errorf("versions %v", got)
	}
	if len(before.Versions("small")) != 2 {
		t.Error("adding to a library changed it")
	}
}

func TestALibraryHasNoAnswerRatherThanAWrongOne(t *testing.T) {
	l, err := rubric.Library{}.With(version(t, "1", "2026-01-01", ""))
	if err != nil {
		t.Fatal(err)
	}
	for name, got := range map[string]error{
		"before the first version":         second(l.InForce("small", date(t, "2025-12-31"))),
		"an unknown rubric":                second(l.InForce("smal", date(t, "2026-06-01"))),
		"an unknown digest":                second(l.Pinned("sha256:0")),
		"the empty library":                second(rubric.Library{}.InForce("small", date(t, "2026-06-01"))),
		"a version changed under its name": second(l.With(version(t, "1", "2026-06-01", " (changed)"))),
		"two versions from the same day":   second(l.With(version(t, "2", "2026-01-01", ""))),
		"no rubric":                        second(l.With(nil)),
		"a rubric that was not parsed":     second(l.With(&rubric.Rubric{})),
	} {
		var le *rubric.LibraryError
		if !errors.As(got, &le) || le.Problem == "" {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func second[T any](_ T, err error) error { return err }
