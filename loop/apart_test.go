package loop_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/loop"
	"github.com/practiceaudit/practiceaudit/moderation"
	"github.com/practiceaudit/practiceaudit/rubric/halton"
)

// Auditor, moderator and practitioners are different people by whatever path: files
// are reopened, roles change hands, and deputies stand in.

func (w *walk) discussed() {
	w.moderatorAllocated()
	w.at("2026-04-27T10:00").must(moderation.Discuss{Header: w.header("moderator"), HeldOn: day(w.t, "2026-04-27")})
}

func TestWhoeverModeratedIsNoPractitionerOfAFileThatWasReopened(t *testing.T) {
	w := newWalk(t, false).with(audit.Deputy{Role: audit.RolePractitioner, Person: "moderator"})
	w.discussed()
	w.must(audit.Reopen{Header: w.header("manager"), Because: secret})
	judge := audit.Judge{Header: w.header("moderator"), Section: "review", Grade: "good", Rationale: secret}
	w.wantRefused("separation.moderator", judge)
	w.wantRefused("separation.moderator", w.reassign("qa", audit.RolePractitioner, "newcomer", "moderator"))
	judge.Header = w.header("practitioner")
	w.must(judge)
}

func TestOnlyWhoAuditedDisagreesAndDoesNotModerate(t *testing.T) {
	w := newWalk(t, false).with(
		audit.Deputy{Role: audit.RoleAuditor, Person: "second"},
		audit.Deputy{Role: audit.RoleAuditor, Person: "moderator"},
		audit.Deputy{Role: audit.RoleModerator, Person: "second"},
		audit.Deputy{Role: audit.RoleQAManager, Person: "second"},
	)
	w.moderated()
	for _, who := range []audit.PersonID{"moderator", "second"} {
		w.wantRefused("auditor", moderation.Disagree{Header: w.header(who), Because: secret})
	}
	w.must(audit.RecordFeedback{Header: w.header("second"), Feedback: audit.Feedback{Source: "child", Outcome: audit.FeedbackUnsafe, Decider: "tm"}})
	w.must(moderation.Disagree{Header: w.header("second"), Because: secret})
	w.wantRefused("separation.auditor", moderation.Settle{Header: w.header("second"), Because: secret})
	w.must(moderation.Settle{Header: w.header("manager"), Because: secret})
	w.wantRefused("separation.auditor", moderation.Discuss{Header: w.header("second"), HeldOn: day(t, "2026-04-27")})
	w.wantRefused("separation.auditor", moderation.Reassign{Header: w.header("qa"), Moderator: "second", Why: audit.ReassignLeft, Because: secret})
	w.must(moderation.Reassign{Header: w.header("qa"), Moderator: "third", Why: audit.ReassignLeft, Because: secret})
}

func TestWhoReviewedTheChildOnceDoesNotAuditTheFile(t *testing.T) {
	w := newWalk(t, false)
	w.people = w.people.With(audit.RoleIRM, "reviewer")
	w.started()
	w.must(w.reassign("qa", audit.RoleIRM, "newcomer"))
	w.wantRefused("separation.irm", w.reassign("qa", audit.RoleAuditor, "reviewer"))
	w.wantRefused("separation.irm", w.reassign("qa", audit.RoleAuditor, "newcomer"))
	w.must(w.reassign("qa", audit.RoleAuditor, "second"))
}

// Who may change who holds a role does not thereby take one.
func TestNobodyGivesThemselvesARole(t *testing.T) {
	w := newWalk(t, false)
	w.moderatorAllocated()
	w.wantRefused("separation.self", w.reassign("qa", audit.RoleDivisionalManager, "qa"))
	w.wantRefused("separation.self", w.reassign("manager", audit.RolePractitioner, "newcomer", "manager"))
	w.wantRefused("separation.self", audit.AppointDeputy{Header: w.header("dm"), Deputy: audit.Deputy{Role: audit.RoleQAManager, Person: "dm"}, Because: secret})
	w.wantRefused("separation.self", moderation.Reassign{Header: w.header("qa"), Moderator: "qa", Why: audit.ReassignLeft, Because: secret})
	w.must(w.reassign("manager", audit.RoleDivisionalManager, "qa"))
}

// A correction's judgement is that of the role in which it was given.
func TestAPractitionersCorrectionIsNoAuditorsJudgement(t *testing.T) {
	w := newWalk(t, false)
	policy, err := loop.ParsePolicy("policy.yaml", []byte(strings.Replace(string(halton.ProcessPolicy()), "correct: [auditor]", "correct: [auditor, practitioner]", 1)))
	if err != nil {
		t.Fatal(err)
	}
	w.env.Policy = policy
	w.engine.Env = w.env
	w.finalised()
	w.must(audit.Correct{
		Header: w.header("practitioner"), Because: secret,
		Judgements: []audit.CorrectedJudgement{{Section: "review", Grade: "requires_improvement", Rationale: secret}},
	})
	s := w.state().Audit
	if who := s.Auditors(); slices.Contains(who, "practitioner") {
		t.Errorf("auditors %v", who)
	}
	if j, _ := s.Judgement(audit.RoleAuditor, "review"); j.By != "auditor" {
		t.Errorf("the auditor's judgement is %+v", j)
	}
}
