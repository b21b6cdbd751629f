package loop_test

import (
	"strings"
	"testing"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/loop"
	"github.com/practiceaudit/practiceaudit/moderation"
	"github.com/practiceaudit/practiceaudit/rubric/halton"
)

func (w *walk) withdraw(who audit.PersonID) loop.Withdraw {
	return loop.Withdraw{Header: w.header(who), Ground: loop.GroundClosed, Because: secret, Told: secret}
}

// "Notices and actions stand", also those that were asked for before anything was
// finalised.
func TestActionsOfAWithdrawnAuditStandAndHaveTheirDay(t *testing.T) {
	w := newWalk(t, false)
	w.met()
	w.must(loop.RaiseConcern{Header: w.header("auditor"), Concern: secret})
	w.at("2026-04-16T10:00").must(w.withdraw("dm"))
	if len(w.state().Tracker) > 0 {
		t.Error("tracked before the withdrawal is agreed")
	}
	w.must(loop.AgreeWithdrawal{Header: w.header("manager")})
	c, runs := w.clock(loop.ClockActions)
	if !runs || c.Subject != "A1" || c.Due.Due != day(t, "2026-04-23") {
		t.Errorf("the action's clock: %+v", c)
	}
	w.must(loop.AgreeDate{Header: w.header("dm"), Action: "A1", Due: day(t, "2026-04-30"), With: "practitioner", Because: secret})
	w.must(loop.CompleteAction{Header: w.header("practitioner"), Action: "A1", Evidence: secret})
	w.must(loop.ConfirmAction{Header: w.header("pm"), Action: "A1"})

	w = newWalk(t, false)
	w.moderatorAllocated()
	w.must(moderation.AddAction{Header: w.header("moderator"), Action: audit.Action{ID: "M1", Text: secret, Owner: "tm"}})
	w.must(w.withdraw("qa"))
	tracked := w.state().Tracker
	if len(tracked) != 2 || tracked[0].Stage != loop.StageAudit || !tracked[0].Since.Equal(w.at("2026-04-15T16:20").now) || tracked[1].ID != "M1" || tracked[1].Stage != loop.StageModeration {
		t.Errorf("tracker %+v", tracked)
	}
}

// Who withdraws a file of which something grave is known is the policy's to say.
func TestThePolicySaysWhoTogetherWithdrawAFile(t *testing.T) {
	w := newWalk(t, true)
	src := strings.Replace(string(halton.ProcessPolicy()), "agree_withdrawal: [qa_manager, divisional_manager]", "agree_withdrawal: [qa_manager, director]", 1)
	policy, err := loop.ParsePolicy("policy.yaml", []byte(src))
	if err != nil {
		t.Fatal(err)
	}
	w.env.Policy = policy
	w.engine.Env = w.env
	w.finalised()
	w.wantRefused("role", w.withdraw("dm"))
	w.must(w.withdraw("manager"))
	w.wantRefused("role", loop.AgreeWithdrawal{Header: w.header("dm")})
	w.wantRefused("separation.withdrawal", loop.AgreeWithdrawal{Header: w.header("manager")})
	w.must(loop.AgreeWithdrawal{Header: w.header("director")})
	if s := w.state(); s.Withdrawn == nil || s.Withdrawn.By != "manager" || s.Withdrawn.Agreed != "director" {
		t.Errorf("withdrawn %+v", s.Withdrawn)
	}
}

func TestAWithdrawalTakesTwoPeopleAndTwoRoles(t *testing.T) {
	w := newWalk(t, true).with(audit.Deputy{Role: audit.RoleDivisionalManager, Person: "manager"})
	w.finalised()
	w.must(w.withdraw("dm"))
	w.wantRefused("separation.withdrawal", loop.AgreeWithdrawal{Header: w.header("dm")})
	w.wantRefused("separation.withdrawal", loop.AgreeWithdrawal{Header: w.header("deputy")}) // a Divisional Manager's too
	w.must(loop.AgreeWithdrawal{Header: w.header("manager")})
}

// A proposal that was a slip is proposed again; the latest is what is agreed to.
func TestAProposedWithdrawalIsProposedAnew(t *testing.T) {
	w := newWalk(t, true)
	w.finalised()
	w.must(w.withdraw("dm"))
	again := w.withdraw("manager")
	again.Ground = loop.GroundMovedAway
	w.must(again)
	w.wantRefused("separation.withdrawal", loop.AgreeWithdrawal{Header: w.header("manager")})
	w.must(loop.AgreeWithdrawal{Header: w.header("dm")})
	if s := w.state(); s.Withdrawn.By != "manager" || s.Withdrawn.Ground != loop.GroundMovedAway {
		t.Errorf("withdrawn %+v", s.Withdrawn)
	}
}

// What keeps a child safe goes on in a file that was withdrawn, and in a follow-up
// that was cancelled.
func TestAConcernAndItsLadderGoOnInAFileThatWasWithdrawn(t *testing.T) {
	w := newWalk(t, true)
	w.finalised()
	w.must(w.withdraw("dm"))
	w.must(loop.AgreeWithdrawal{Header: w.header("manager")})
	w.at("2026-04-15T23:59").tick()
	if len(w.told(loop.TopicNoPlan)) == 0 || len(w.told(loop.TopicUnacknowledged)) == 0 {
		t.Error("the ladders of the finding stopped")
	}
	w.must(loop.RecordPlan{Header: w.header("dm"), Plan: secret})
	w.must(loop.RaiseConcern{Header: w.header("anyone"), Concern: secret})
	w.must(audit.RecordFeedback{Header: w.header("auditor"), Feedback: audit.Feedback{Source: "child", Outcome: audit.FeedbackUnsafe, Decider: "tm"}})
	w.must(w.reassign("qa", audit.RoleDivisionalManager, "newcomer"))
	w.must(audit.AppointDeputy{Header: w.header("qa"), Deputy: audit.Deputy{Role: audit.RoleDivisionalManager, Person: "standby"}, Because: secret})
	planned, _ := w.state().FollowUp(audit.DeepDive)
	w.stream = planned.Stream
	w.must(loop.CancelFollowUp{Header: w.header("manager"), Because: secret})
	w.must(loop.RaiseConcern{Header: w.header("anyone"), Concern: secret})
	if who := w.told(loop.TopicConcern); len(who) != 3 {
		t.Errorf("told %v", who)
	}
}

func TestWhoHoldsBothRolesDoesNotWithdrawAFileAlone(t *testing.T) {
	w := newWalk(t, true).with(audit.Deputy{Role: audit.RoleQAManager, Person: "dm"})
	w.finalised()
	w.must(w.withdraw("dm"))
	w.wantRefused("separation.withdrawal", loop.AgreeWithdrawal{Header: w.header("dm")})
	w.must(loop.AgreeWithdrawal{Header: w.header("deputy")})
}

func TestAReAuditIsWithdrawnByTwoAndSaysWhoWasTold(t *testing.T) {
	w := newWalk(t, true)
	w.finalised()
	untold := w.withdraw("dm")
	untold.Told = ""
	w.wantRefused("told", untold) // an Inadequate finding
	planned, _ := w.state().FollowUp(audit.DeepDive)
	w.stream = planned.Stream
	w.at("2026-05-15T09:00")
	w.wantRefused("phase", w.withdraw("dm")) // it waits for its day, and is cancelled
	w.must(audit.Start{Header: w.header("qa"), Auditor: "auditor"})
	w.wantRefused("role", w.withdraw("qa"))
	w.must(w.withdraw("dm"))
	w.must(loop.AgreeWithdrawal{Header: w.header("manager")})
}

func TestAnAuditThatIsClosedIsNotWithdrawn(t *testing.T) {
	w := newWalk(t, true)
	w.moderated()
	w.must(w.withdraw("dm"))
	w.must(moderation.Check{Header: w.header("checker")})
	w.must(moderation.Comment{Header: w.header("checker"), Comments: secret})
	w.wantRefused("phase", w.withdraw("dm"))
	w.wantRefused("phase", loop.AgreeWithdrawal{Header: w.header("manager")})
}
