package bench

import (
	"context"
	"strings"
	"testing"

	"github.com/practiceaudit/practiceaudit/rubric"
	"github.com/practiceaudit/practiceaudit/rubric/halton"
)

func inCEL(condition string) string {
	return strings.NewReplacer("not ", "!", " and ", " && ").Replace(condition)
}

// Every engine is measured on the same rubric and forms, and gives the same
// grades for the same reasons.
func TestEveryEngineGivesTheSameVerdict(t *testing.T) {
	r := deepDive(t)
	forms, bits := randomForms(t, r, 5000)
	var res rubric.Result
	e, c, cb := newExprEngine(t), newCELEngine(t, false), newCELEngine(t, true)
	seen := map[reason]bool{}
	for i := range forms {
		res.Grade(forms[i])
		if !res.Complete() {
			t.Fatal("a form is not complete")
		}
		want := ours(t, r, &res)
		var byHand, byExpr, byCEL, byCELOverBits verdict
		handwritten(&bits[i], &byHand)
		e.grade(&bits[i], &byExpr)
		asCEL := newCELForm(&bits[i])
		c.grade(&bits[i], &asCEL, &byCEL)
		cb.grade(&bits[i], nil, &byCELOverBits)
		if byHand != want || byExpr != want || byCEL != want || byCELOverBits != want {
			t.Fatalf("form %d: ours %v, by hand %v, expr %v, cel %v, over bits %v", i, want, byHand, byExpr, byCEL, byCELOverBits)
		}
		for _, reason := range want {
			seen[reason] = true
		}
	}
	if len(seen) < 9 {
		t.Errorf("the forms come to only %d different reasons", len(seen))
	}
}

const manyForms = 1024

func BenchmarkGrade(b *testing.B) {
	r := deepDive(b)
	forms, bits := randomForms(b, r, manyForms)
	b.Run("halton-masks", func(b *testing.B) {
		var res rubric.Result
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			res.Grade(forms[i%manyForms])
		}
	})
	var v verdict
	b.Run("handwritten", func(b *testing.B) {
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			handwritten(&bits[i%manyForms], &v)
		}
	})
	b.Run("expr", func(b *testing.B) {
		e := newExprEngine(b)
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			e.grade(&bits[i%manyForms], &v)
		}
	})
	b.Run("celgo", func(b *testing.B) {
		e := newCELEngine(b, false)
		asCEL := make([]celForm, manyForms)
		for i := range asCEL {
			asCEL[i] = newCELForm(&bits[i])
		}
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			e.grade(&bits[i%manyForms], &asCEL[i%manyForms], &v)
		}
	})
	b.Run("celgo-over-bits", func(b *testing.B) {
		e := newCELEngine(b, true)
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			e.grade(&bits[i%manyForms], nil, &v)
		}
	})
}

// BenchmarkLoad is a file's parse, schema, checks and compilation.
func BenchmarkLoad(b *testing.B) {
	b.Run("halton", func(b *testing.B) {
		src := halton.DeepDive()
		b.ReportAllocs()
		for b.Loop() {
			if _, err := rubric.Parse(halton.DeepDiveFile, src); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkGradeAll grades a million forms, each already bound to the rubric: ten
// times a hundred thousand different ones, more than any cache holds.
func BenchmarkGradeAll(b *testing.B) {
	r := deepDive(b)
	const different = 100_000
	forms, _ := randomForms(b, r, different)
	b.Run("million", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			some := func(yield func(*rubric.Form) bool) {
				for i := range 1_000_000 {
					if !yield(forms[i%different]) {
						return
					}
				}
			}
			done := 0
			err := rubric.GradeAll(context.Background(), some, func(i int, _ *rubric.Form, _ *rubric.Result) error { done = i + 1; return nil }, rubric.GradeAllOptions{})
			if err != nil || done != 1_000_000 {
				b.Fatal(done, err)
			}
		}
	})
}
