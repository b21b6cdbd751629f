package report_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/loop"
	"github.com/practiceaudit/practiceaudit/loop/report"
	"github.com/practiceaudit/practiceaudit/moderation"
)

func TestEveryCaseDirectionBecomesANoteAndOnlyThat(t *testing.T) {
	audited, moderated := time.Date(2026, 4, 15, 16, 0, 0, 0, time.UTC), time.Date(2026, 4, 29, 14, 0, 0, 0, time.UTC)
	due := func(s string) calendar.Deadline { return calendar.Deadline{Due: day(t, s)} }
	s := loop.Evolve(loop.New("stream-1"), loop.Audit{Event: audit.Finalised{By: "auditor", At: audited}})
	s = loop.Evolve(s, loop.Moderation{Event: moderation.Finalised{By: "moderator", At: moderated}})
	s.Audit.Case.Number = "104233"
	s.Tracker = []loop.Tracked{
		{Action: audit.Action{ID: "A1", Text: "see the child alone", Owner: "p", CaseDirection: true}, Stage: loop.StageAudit, Due: due("2026-04-22")},
		{Action: audit.Action{ID: "A2", Text: "a task", Owner: "p"}, Stage: loop.StageAudit, Due: due("2026-04-22")},
		{
			Action: audit.Action{ID: "M1", Text: "hold a strategy meeting", Owner: "tm", CaseDirection: true, AgreedWith: "tm", AgreedBecause: "first"},
			Stage:  loop.StageModeration, Due: due("2026-05-20"), Agreed: &loop.DateAgreed{With: "pm", Because: "then"},
		},
	}
	want := []report.Note{
		{Reference: "stream-1/A1", Case: "104233", Stage: loop.StageAudit, By: "auditor", At: audited, Direction: "see the child alone", Owner: "p", Due: day(t, "2026-04-22")},
		{Reference: "stream-1/M1", Case: "104233", Stage: loop.StageModeration, By: "moderator", At: moderated, Direction: "hold a strategy meeting", Owner: "tm", Due: day(t, "2026-05-20"), AgreedWith: "pm", AgreedBecause: "then"},
	}
	if diff := cmp.Diff(want, report.OversightNotes(s), cmp.Comparer(func(a, b calendar.Date) bool { return a == b })); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if notes := report.OversightNotes(loop.State{Tracker: s.Tracker}); len(notes) != 2 {
		t.Errorf("of a state without a stage that ended: %v", notes)
	}
}
