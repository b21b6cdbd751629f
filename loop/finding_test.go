package loop_test

import (
	"testing"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/loop"
	"github.com/practiceaudit/practiceaudit/moderation"
	"github.com/practiceaudit/practiceaudit/rubric"
)

func TestFindingsAreThePolicysGrades(t *testing.T) {
	two := changed(t, "findings: [inadequate]", "findings: [inadequate, requires_improvement]")
	w := newWalk(t, false).under(two)
	w.met()
	w.must(audit.Judge{Header: w.header("auditor"), Section: audit.Overall, Grade: "requires_improvement", Rationale: secret})
	w.must(audit.Finalise{Header: w.header("auditor")})
	alerts := func() int { return len(told(w.state(), loop.TopicInadequateAudit)) }
	again, _ := w.state().FollowUp(audit.DeepDive)
	if alerts() != 2 || again.Because != "requires_improvement" {
		t.Errorf("%d alerts, re-audit %+v", alerts(), again)
	}
	correct := func(g rubric.Grade) {
		w.must(audit.Correct{Header: w.header("auditor"), Because: secret, Judgements: []audit.CorrectedJudgement{{Section: audit.Overall, Grade: g, Rationale: secret}}})
	}
	correct("requires_improvement")
	if alerts() != 2 {
		t.Errorf("%d alerts: the same finding again is none", alerts())
	}
	correct("inadequate")
	if alerts() != 4 {
		t.Errorf("%d alerts: a worse finding is one of its own", alerts())
	}
	correct("requires_improvement")
	if alerts() != 4 || len(w.state().FollowUps) != 1 {
		t.Errorf("%d alerts, %d follow-ups: a better finding is none", alerts(), len(w.state().FollowUps))
	}
	correct("good")
	correct("requires_improvement")
	if alerts() != 6 || len(w.state().FollowUps) != 1 {
		t.Errorf("%d alerts, %d follow-ups", alerts(), len(w.state().FollowUps))
	}

	// At moderation, the worse of the two grades is what was found.
	w = newWalk(t, false).under(two)
	w.moderatorAllocated()
	w.must(moderation.Discuss{Header: w.header("moderator"), HeldOn: day(t, "2026-04-16")})
	w.must(moderation.Judge{Header: w.header("moderator"), View: moderation.AsAtAudit, Grade: "requires_improvement", Rationale: secret})
	w.must(moderation.Judge{Header: w.header("moderator"), View: moderation.Now, Grade: "inadequate", Rationale: secret})
	w.must(moderation.Finalise{Header: w.header("moderator"), Impact: secret})
	if again, _ = w.state().FollowUp(audit.DeepDive); again.Because != "inadequate" {
		t.Errorf("re-audit %+v", again)
	}
}

// A policy that says nothing has the rubric's worst grade as its finding; one whose
// findings the rubric does not have begins no audit.
func TestThePolicysFindingsAreGradesOfTheRubric(t *testing.T) {
	w := newWalk(t, true).under(changed(t, "findings: [inadequate]  ", "# findings: "))
	w.finalised()
	if got := len(told(w.state(), loop.TopicInadequateAudit)); got != 2 {
		t.Errorf("%d alerts", got)
	}
	poor := changed(t, "findings: [inadequate]", "findings: [inadequate, poor]")
	w = newWalk(t, true)
	w.selected()
	w.under(poor).at("2026-04-07T09:00").wantRefused("findings", audit.Start{Header: w.header("qa"), Auditor: "auditor"})
	w = newWalk(t, true).under(poor)
	w.at("2026-04-01T10:00").wantRefused("findings", audit.Select{
		Header: w.header("qa"), Kind: audit.DeepDive, People: people, Case: audit.Case{Number: "104233", OpenedOn: day(t, "2025-09-15")},
	})
}
