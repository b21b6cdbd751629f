package rubrictest_test

import (
	"testing"

	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/rubric"
	"github.com/practiceaudit/practiceaudit/rubric/halton"
	"github.com/practiceaudit/practiceaudit/rubric/rubrictest"
)

func TestHaltonsExamples(t *testing.T) {
	r, err := rubric.Parse(halton.DeepDiveFile, halton.DeepDive())
	if err != nil {
		t.Fatal(err)
	}
	rubrictest.Run(t, r, calendar.EnglandAndWales())
}
