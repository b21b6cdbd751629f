package loop_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/loop"
	"github.com/practiceaudit/practiceaudit/moderation"
)

func TestACommandDatedBeforeWhatItRestsOnIsRefused(t *testing.T) {
	for _, tc := range []struct {
		name string
		to   func(*walk)
		at   string
		c    func(*walk) loop.Command
	}{
		{"an answer before the start", (*walk).started, "2026-04-06T10:00", func(w *walk) loop.Command {
			return wholeAnswer(w.env.Rubric, w.header("auditor"), false)
		}},
		{"finalising before the start", (*walk).met, "2026-04-01T09:00", func(w *walk) loop.Command {
			return audit.Finalise{Header: w.header("auditor")}
		}},
		{"finalising before the answers", (*walk).met, "2026-04-14T09:00", func(w *walk) loop.Command {
			return audit.Finalise{Header: w.header("auditor")}
		}},
		{"allocating before the audit is finalised", (*walk).finalised, "2026-04-14T09:00", func(w *walk) loop.Command {
			return moderation.Allocate{Header: w.header("qa"), Moderator: "moderator"}
		}},
		{"completing an action before it was asked for", (*walk).finalised, "2026-04-14T09:00", func(w *walk) loop.Command {
			return loop.CompleteAction{Header: w.header("practitioner"), Action: "A1", Evidence: secret}
		}},
		{"agreeing a date before the action was asked for", (*walk).moderated, "2026-04-28T09:00", func(w *walk) loop.Command {
			return loop.AgreeDate{Header: w.header("pm"), Action: "M1", Due: day(t, "2026-06-01"), With: "tm", Because: secret}
		}},
		{"confirming an action before it was completed", (*walk).ownAction, "2026-04-30T09:00", func(w *walk) loop.Command {
			return loop.ConfirmAction{Header: w.header("dm"), Action: "A1"}
		}},
		{"discussing before the allocation", (*walk).moderatorAllocated, "2026-04-15T17:00", func(w *walk) loop.Command {
			return moderation.Discuss{Header: w.header("moderator"), HeldOn: day(t, "2026-04-15")}
		}},
		{"the tracker before the moderation ended", (*walk).moderated, "2026-04-28T10:00", func(w *walk) loop.Command {
			return loop.SendTracker{Header: w.header("manager")}
		}},
		{"the check before the moderation ended", (*walk).moderated, "2026-04-28T10:00", func(w *walk) loop.Command {
			return moderation.Check{Header: w.header("checker")}
		}},
		{"closing before the last action is confirmed", (*walk).actionsDone, "2026-05-04T10:00", func(w *walk) loop.Command {
			return loop.CloseLoop{Header: w.header("dm"), Standard: secret}
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := newWalk(t, true)
			tc.to(w)
			w.at(tc.at).wantRefused("dated", tc.c(w))
		})
	}
}

func TestARefusalOfADateSaysWhichItMayNotPrecede(t *testing.T) {
	w := newWalk(t, true)
	w.met()
	err := w.at("2026-04-01T09:00").try(audit.Finalise{Header: w.header("auditor")})
	var r *audit.Refusal
	if !errors.As(err, &r) || !strings.Contains(r.Message, "Wednesday 1 April 2026") || !strings.Contains(r.Accept, "Wednesday 15 April 2026") {
		t.Errorf("got %v", err)
	}
}

func TestWhatIsSavedLateIsNotRefused(t *testing.T) {
	w := newWalk(t, true)
	w.met()
	w.at("2026-04-13T15:00").must(wholeAnswer(w.env.Rubric, w.header("auditor"), true)) // a draft typed in later
	w.at("2026-04-15T09:00").must(audit.Finalise{Header: w.header("auditor")})          // earlier the same day
	w.at("2026-04-16T09:30").must(moderation.Allocate{Header: w.header("qa"), Moderator: "moderator"})
	w.at("2026-04-15T17:00").must(loop.CompleteAction{Header: w.header("practitioner"), Action: "A1", Evidence: secret})
}

func TestNothingUrgentIsRefusedForItsDate(t *testing.T) {
	w := newWalk(t, true)
	w.finalised()
	w.at("2026-04-01T09:00").must(loop.RaiseConcern{Header: w.header("anyone"), Concern: secret})
	w.must(loop.RecordPlan{Header: w.header("dm"), Plan: secret})
	for _, n := range w.state().Notices {
		if n.Critical && n.To.Person != "" {
			w.must(loop.Acknowledge{Header: w.header(n.To.Person), Notice: n.ID})
		}
	}
	// Nor does a concern of a day still to come hold up what follows it.
	w.at("2027-04-01T09:00").must(loop.RaiseConcern{Header: w.header("anyone"), Concern: secret})
	w.at("2026-04-16T09:30").must(moderation.Allocate{Header: w.header("qa"), Moderator: "moderator"})
}
