package loop_test

import (
	"strings"
	"testing"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/loop"
	"github.com/practiceaudit/practiceaudit/moderation"
	"github.com/practiceaudit/practiceaudit/rubric/halton"
)

// An overdue audit or moderation is extended to a day still to come, for a reason.
func TestALaterDateIsStillToComeAndHasItsReason(t *testing.T) {
	w := newWalk(t, false)
	w.started()
	due := w.state().Audit.Due.Due
	w.at(due.AddDays(20).String() + "T10:00")
	extend := audit.Extend{Header: w.header("auditor"), Due: due.AddDays(10), With: "manager", Because: secret}
	w.wantRefused("date", extend)
	extend.Due, extend.Because = due.AddDays(30), " "
	w.wantRefused("agreed", extend)
	extend.With, extend.Because = "", secret
	w.wantRefused("agreed", extend)
	extend.With = "manager"
	w.must(extend)

	w = newWalk(t, false)
	w.moderatorAllocated()
	due = w.state().Moderation.Due.Due
	later := moderation.Extend{Header: w.header("moderator"), Due: due, With: "manager", Because: secret}
	w.wantRefused("date", later)
	w.wantRefused("role", moderation.Extend{Header: w.header("auditor"), Due: due.AddDays(5), With: "manager", Because: secret})
	later.Due = due.AddDays(5)
	w.must(later)
	if c, ok := w.clock(loop.ClockModeration); !ok || c.Due.Due != later.Due || !c.Due.Period.IsZero() {
		t.Errorf("the moderation is due on %s", c.Due.Due)
	}
}

// Somebody else's judgement is not one's own.
func TestEachJudgesBeforeSeeingAnything(t *testing.T) {
	w := newWalk(t, false).with(audit.Deputy{Role: audit.RoleModerator, Person: "second"})
	w.started()
	w.must(audit.Judge{Header: w.header("practitioner"), Section: "review", Grade: "good", Rationale: secret})
	w.wantRefused("judge_first", audit.SeeSuggestion{Header: w.header("auditor"), Section: "review"})
	w.must(audit.SeeSuggestion{Header: w.header("practitioner"), Section: "review"})
	w.wantRefused("judge_first", audit.SeeSuggestion{Header: w.header("practitioner"), Section: "planning"})

	w = newWalk(t, false).with(audit.Deputy{Role: audit.RoleModerator, Person: "second"})
	w.moderatorAllocated()
	w.must(moderation.Judge{Header: w.header("moderator"), View: moderation.Now, Grade: "good", Rationale: secret})
	w.must(moderation.SeeSuggestion{Header: w.header("moderator"), View: moderation.Now})
	w.wantRefused("judge_first", moderation.SeeSuggestion{Header: w.header("second"), View: moderation.Now})
	w.wantRefused("judge_first", moderation.SeeAuditorGrade{Header: w.header("moderator")})
}

// Where the policy lets people see first, whoever saw acted in their role.
func TestWhoeverSawASuggestionActedInTheirRole(t *testing.T) {
	w := newWalk(t, false).with(
		audit.Deputy{Role: audit.RoleAuditor, Person: "second"},
		audit.Deputy{Role: audit.RoleModerator, Person: "third"},
		audit.Deputy{Role: audit.RoleQAPrincipalManager, Person: "third"},
	)
	policy, err := loop.ParsePolicy("policy.yaml", []byte(strings.Replace(string(halton.ProcessPolicy()), "judge_first: true", "judge_first: false", 1)))
	if err != nil {
		t.Fatal(err)
	}
	w.env.Policy = policy
	w.engine.Env = w.env
	w.met()
	w.must(audit.SeeSuggestion{Header: w.header("second"), Section: audit.Overall})
	w.must(audit.Finalise{Header: w.header("auditor")})
	w.wantRefused("separation.auditor", moderation.Allocate{Header: w.header("qa"), Moderator: "second"})
	w.must(moderation.Allocate{Header: w.header("qa"), Moderator: "moderator"})
	w.must(moderation.SeeAuditorGrade{Header: w.header("third")})
	w.must(moderation.Discuss{Header: w.header("moderator"), HeldOn: day(t, "2026-04-15")})
	for _, v := range []moderation.View{moderation.AsAtAudit, moderation.Now} {
		w.must(moderation.Judge{Header: w.header("moderator"), View: v, Grade: "good", Rationale: secret})
	}
	w.must(moderation.Finalise{Header: w.header("moderator"), Impact: secret})
	w.wantRefused("separation.moderator", moderation.Check{Header: w.header("third")})
}

func TestAModerationThatGoesBackIsCheckedAnew(t *testing.T) {
	w := newWalk(t, false)
	w.moderated()
	w.must(moderation.Check{Header: w.header("checker")})
	w.must(moderation.Disagree{Header: w.header("auditor"), Because: secret})
	w.must(moderation.Settle{Header: w.header("manager"), Because: secret})
	w.must(moderation.Finalise{Header: w.header("moderator"), Impact: secret})
	w.wantRefused("phase", moderation.Comment{Header: w.header("checker"), Comments: secret})
	if c := w.state().Moderation.Checked; c != nil {
		t.Errorf("checked by %s before it went back", c.By)
	}
}

func TestAReopenedModerationHasNoDisagreementOpen(t *testing.T) {
	w := newWalk(t, false)
	w.moderated()
	w.must(moderation.Disagree{Header: w.header("auditor"), Because: secret})
	w.must(moderation.Reopen{Header: w.header("manager"), Because: secret})
	w.must(moderation.Discuss{Header: w.header("moderator"), HeldOn: day(t, "2026-04-29")})
	for _, v := range []moderation.View{moderation.AsAtAudit, moderation.Now} {
		w.must(moderation.Judge{Header: w.header("moderator"), View: v, Grade: "good", Rationale: secret})
	}
	w.must(moderation.Finalise{Header: w.header("moderator"), Impact: secret})
	w.must(moderation.Check{Header: w.header("checker")})
	w.must(moderation.Comment{Header: w.header("checker"), Comments: secret})
}

func TestAModeratorIsReassignedUntilTheAuditCloses(t *testing.T) {
	w := newWalk(t, false)
	to := func(who audit.PersonID) moderation.Reassign {
		return moderation.Reassign{Header: w.header("qa"), Moderator: who, Why: audit.ReassignLeave, Because: secret}
	}
	w.finalised()
	w.wantRefused("phase", to("second"))
	w.must(moderation.Allocate{Header: w.header("qa"), Moderator: "moderator"})
	w.wantRefused("because", moderation.Reassign{Header: w.header("qa"), Moderator: "second", Why: audit.ReassignLeave})
	w.wantRefused("reason", moderation.Reassign{Header: w.header("qa"), Moderator: "second", Because: secret})
	w = newWalk(t, false)
	w.moderated()
	w.must(to("second"))
	w.must(moderation.Check{Header: w.header("checker")})
	w.must(to("third"))
	w.must(moderation.Comment{Header: w.header("checker"), Comments: secret})
	w.wantRefused("phase", to("fourth"))
}
