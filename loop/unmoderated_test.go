package loop_test

import (
	"testing"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/loop"
	"github.com/practiceaudit/practiceaudit/moderation"
)

// A thematic audit is not moderated in Halton, and its loop closes as any does: with
// every action done, and by the Divisional Manager.
func TestTheLoopOfAnAuditThatIsNotModeratedCloses(t *testing.T) {
	w := newWalk(t, false)
	w.kind = audit.Thematic
	w.met()
	w.wantRefused("phase", loop.SendTracker{Header: w.header("manager")})
	w.at("2026-04-15T16:20").must(audit.Finalise{Header: w.header("auditor")})
	w.wantRefused("kind", moderation.Allocate{Header: w.header("qa"), Moderator: "moderator"})
	if due := w.state().TrackerDue.Due; due != day(t, "2026-04-22") {
		t.Errorf("the tracker is due on %s, want a week after the audit", due)
	}
	w.wantRefused("actions", loop.CloseLoop{Header: w.header("dm"), Standard: secret})
	w.must(loop.SendTracker{Header: w.header("manager")})
	w.must(loop.CompleteAction{Header: w.header("practitioner"), Action: "A1", Evidence: secret})
	w.must(loop.ConfirmAction{Header: w.header("pm"), Action: "A1"})
	if who := told(w.state(), loop.TopicActionsConfirmed); len(who) != 2 {
		t.Errorf("of the actions done %v are told", who)
	}
	w.must(loop.CloseLoop{Header: w.header("dm"), Standard: secret})
	if c := w.state().Clocks(); len(c) != 0 {
		t.Errorf("clocks %v", c)
	}
	w.must(audit.Reopen{Header: w.header("manager"), Because: secret})
	s := w.state()
	if s.Closed != nil || len(s.Clocks()) != 1 {
		t.Errorf("reopened, the loop is closed (%v), with the clocks %v", s.Closed, s.Clocks())
	}
	w.wantRefused("phase", loop.CloseLoop{Header: w.header("dm"), Standard: secret})
	w.wantRefused("phase", loop.SendTracker{Header: w.header("manager")})
	w.must(audit.Finalise{Header: w.header("auditor")})
	w.must(loop.CloseLoop{Header: w.header("dm"), Standard: secret})
}

func TestADeepDiveWhoseActionsAreDoneStillWaitsForItsModeration(t *testing.T) {
	w := newWalk(t, false)
	w.finalised()
	w.must(loop.CompleteAction{Header: w.header("practitioner"), Action: "A1", Evidence: secret})
	w.must(loop.ConfirmAction{Header: w.header("pm"), Action: "A1"})
	w.wantRefused("phase", loop.SendTracker{Header: w.header("manager")})
	w.wantRefused("phase", loop.CloseLoop{Header: w.header("dm"), Standard: secret})
	if s := w.state(); !s.TrackerDue.IsZero() || len(told(s, loop.TopicActionsConfirmed)) > 0 {
		t.Errorf("the tracker is due on %s, of the actions %v are told", s.TrackerDue.Due, told(s, loop.TopicActionsConfirmed))
	}
}
