package loop_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/loop"
	"github.com/practiceaudit/practiceaudit/moderation"
	"github.com/practiceaudit/practiceaudit/rubric"
)

// newest is the body of the latest notice on a topic.
func (w *walk) newest(t loop.Topic) string {
	for _, n := range slices.Backward(w.state().Notices) {
		if n.Topic == t {
			return n.Body
		}
	}
	w.t.Fatalf("nobody is told of %s", t)
	return ""
}

func (w *walk) clock(name string) (loop.Clock, bool) {
	clocks := w.state().Clocks()
	i := slices.IndexFunc(clocks, func(c loop.Clock) bool { return c.Name == name })
	if i < 0 {
		return loop.Clock{}, false
	}
	return clocks[i], true
}

// An audit that was reopened and finalised again is told by its new grade, whatever
// the moderation before found.
func TestAnAuditFinalisedAgainIsToldByItsNewGrade(t *testing.T) {
	w := newWalk(t, false)
	w.closed()
	w.at("2026-05-20T10:00").must(audit.Reopen{Header: w.header("manager"), Because: secret})
	if g := w.state().Grade(); g != "good" {
		t.Errorf("until it is finalised again it is %q", g)
	}
	w.must(audit.Answer{Header: w.header("auditor"), Facts: map[string]string{"allocated_at": "2026-01-12T10:05"}})
	w.must(audit.Judge{Header: w.header("auditor"), Section: audit.Overall, Grade: "inadequate", Rationale: secret})
	w.must(audit.Finalise{Header: w.header("auditor")})
	for _, topic := range []loop.Topic{loop.TopicFinalised, loop.TopicInadequateAudit} {
		if body := w.newest(topic); !strings.Contains(body, "Inadequate") {
			t.Errorf("%s: %s", topic, body)
		}
	}
	if g := w.state().Grade(); g != "inadequate" {
		t.Errorf("finalised again, it is %s", g)
	}
	planned, _ := w.state().FollowUp(audit.DeepDive)
	if planned.Start.Start != day(t, "2026-05-20") {
		t.Errorf("the re-audit is counted from %s", planned.Start.Start)
	}
	w.must(moderation.Allocate{Header: w.header("qa"), Moderator: "moderator"})
	if g := w.state().Grade(); g != "inadequate" || w.state().Moderation.Final != nil {
		t.Errorf("with its new moderator it is %s", g)
	}
}

// The tracker holds the actions of both stages: while one is open again it is not
// due.
func TestTheTrackerWaitsForAModerationThatWasReopened(t *testing.T) {
	for name, reopen := range map[string]func(*walk) loop.Command{
		"the audit":      func(w *walk) loop.Command { return audit.Reopen{Header: w.header("manager"), Because: secret} },
		"the moderation": func(w *walk) loop.Command { return moderation.Reopen{Header: w.header("manager"), Because: secret} },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWalk(t, false)
			w.moderated()
			if _, runs := w.clock(loop.ClockTracker); !runs {
				t.Fatal("the tracker is not due after the moderation")
			}
			w.must(reopen(w))
			if c, runs := w.clock(loop.ClockTracker); runs {
				t.Errorf("the tracker is due on %s", c.Due.Due)
			}
			w.wantRefused("phase", loop.SendTracker{Header: w.header("manager")})
		})
	}
}

func TestTheLoopOfAReopenedModerationIsOpen(t *testing.T) {
	w := newWalk(t, false)
	w.loopClosed()
	w.must(moderation.Reopen{Header: w.header("manager"), Because: secret})
	if c := w.state().Closed; c != nil {
		t.Errorf("closed by %s", c.By)
	}
	w.wantRefused("phase", loop.CloseLoop{Header: w.header("dm"), Standard: secret})
}

func TestAModeratorJudgesAnewBeforeSeeingAnything(t *testing.T) {
	w := newWalk(t, false)
	w.moderated()
	w.must(moderation.Reopen{Header: w.header("manager"), Because: secret})
	see := moderation.SeeAuditorGrade{Header: w.header("moderator")}
	w.wantRefused("judge_first", see)
	w.must(moderation.Judge{Header: w.header("moderator"), View: moderation.AsAtAudit, Grade: "good", Rationale: secret})
	w.must(see)
}

// A moderation that went back to its moderator is not finalised: the auditor may
// still correct what it rests on.
func TestAnAuditIsCorrectedWhileItsModerationIsWithTheModerator(t *testing.T) {
	w := newWalk(t, false)
	w.moderated()
	correct := audit.Correct{Header: w.header("auditor"), Lines: map[string]map[string]rubric.Answer{"review": {"clear_analysis": rubric.Partly}}, Because: secret}
	w.wantRefused("phase", correct)
	w.must(moderation.Check{Header: w.header("checker"), Return: secret})
	w.must(correct)
	w.must(moderation.Finalise{Header: w.header("moderator"), Impact: secret})
	w.must(moderation.Disagree{Header: w.header("auditor"), Because: secret})
	w.must(moderation.Settle{Header: w.header("manager"), Because: secret})
	correct.Header = w.header("auditor")
	w.must(correct)
}

// A correction is told by the audit's own grade, whatever a moderation that went back
// had found.
func TestACorrectionIsToldByTheAuditsGrade(t *testing.T) {
	w := newWalk(t, true)
	w.finalised()
	w.must(moderation.Allocate{Header: w.header("qa"), Moderator: "moderator"})
	w.must(moderation.Discuss{Header: w.header("moderator"), HeldOn: day(t, "2026-04-15")})
	for _, v := range []moderation.View{moderation.AsAtAudit, moderation.Now} {
		w.must(moderation.Judge{Header: w.header("moderator"), View: v, Grade: "inadequate", Rationale: secret})
	}
	w.must(moderation.Finalise{Header: w.header("moderator"), Impact: secret})
	w.must(moderation.Check{Header: w.header("checker"), Return: secret})
	w.must(audit.Correct{
		Header: w.header("auditor"), Facts: map[string]string{"allocated_at": "2026-01-09T17:00"}, Because: secret,
		Judgements: []audit.CorrectedJudgement{{Section: audit.Overall, Grade: "good", Rationale: secret}},
	})
	if body := w.newest(loop.TopicCorrected); !strings.Contains(body, "Good") {
		t.Error(body)
	}
}

// While a moderation is open again, the last action confirmed is no word to close the
// loop; its end is.
func TestThatAllActionsAreDoneIsToldWhenAReopenedModerationEnds(t *testing.T) {
	w := newWalk(t, false)
	w.closed()
	w.must(moderation.Reopen{Header: w.header("manager"), Because: secret})
	for _, tracked := range w.state().Tracker {
		w.must(loop.CompleteAction{Header: w.header("practitioner"), Action: tracked.ID, Evidence: secret})
		w.must(loop.ConfirmAction{Header: w.header("pm"), Action: tracked.ID})
	}
	if who := w.told(loop.TopicActionsConfirmed); who != nil {
		t.Errorf("told %v", who)
	}
	w.must(moderation.Discuss{Header: w.header("moderator"), HeldOn: day(t, "2026-05-01")})
	for _, v := range []moderation.View{moderation.AsAtAudit, moderation.Now} {
		w.must(moderation.Judge{Header: w.header("moderator"), View: v, Grade: "good", Rationale: secret})
	}
	w.must(moderation.Finalise{Header: w.header("moderator"), Impact: secret})
	if who := w.told(loop.TopicActionsConfirmed); len(who) == 0 {
		t.Error("nobody is told that the loop can be closed")
	}
}

func TestACorrectionSaysWhatItCorrects(t *testing.T) {
	w := newWalk(t, false)
	w.finalised()
	w.wantRefused("correction", audit.Correct{Header: w.header("auditor"), Because: secret})
}

// Whether a suggestion had been seen is recorded of a corrected judgement too.
func TestACorrectedJudgementSaysWhetherTheSuggestionWasSeen(t *testing.T) {
	w := newWalk(t, false)
	w.met()
	w.must(audit.SeeSuggestion{Header: w.header("auditor"), Section: "review"})
	w.must(audit.Finalise{Header: w.header("auditor")})
	again := func(section string) audit.CorrectedJudgement {
		return audit.CorrectedJudgement{Section: section, Grade: "requires_improvement", Rationale: secret}
	}
	w.must(audit.Correct{Header: w.header("auditor"), Judgements: []audit.CorrectedJudgement{again("review"), again("planning")}, Because: secret})
	for section, seen := range map[string]bool{"review": true, "planning": false} {
		if j, _ := w.state().Audit.Judgement(audit.RoleAuditor, section); j.Grade != "requires_improvement" || j.SuggestionSeen != seen {
			t.Errorf("%s: %+v", section, j)
		}
	}
}
