// Package rubrictest runs the tests that a rubric file holds in a Go test of the
// app that embeds it:
//
//	func TestOurRubric(t *testing.T) {
//		r, err := rubric.Parse("deep-dive.yaml", deepDive)
//		if err != nil {
//			t.Fatal(err)
//		}
//		rubrictest.Run(t, r, calendar.EnglandAndWales())
//	}
package rubrictest

import (
	"testing"

	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/rubric"
)

// Run runs each of the file's own examples as a subtest named after it. A rubric
// without examples fails: nothing would show that its rules mean what its
// authors meant.
func Run(t *testing.T, r *rubric.Rubric, cal *calendar.Calendar) {
	t.Helper()
	outcomes := r.RunExamples(cal)
	if len(outcomes) == 0 {
		t.Errorf("%s has no examples", r.Ref())
	}
	for _, o := range outcomes {
		t.Run(o.Name, func(t *testing.T) {
			if err := o.Mistakes.Err(); err != nil {
				t.Error(err)
			}
		})
	}
}
