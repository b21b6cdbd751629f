package loop_test

import (
	"context"
	"slices"
	"testing"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/loop"
	"github.com/practiceaudit/practiceaudit/moderation"
	"github.com/practiceaudit/practiceaudit/rubric"
)

// Ordinary life beside the process: people leave, dates move, files are reopened,
// suspended and withdrawn.

func (w *walk) reassign(who audit.PersonID, r audit.Role, to ...audit.PersonID) audit.Reassign {
	return audit.Reassign{Header: w.header(who), Role: r, To: to, Why: audit.ReassignLeft, Because: secret}
}

func TestAnAuditorIsReassignedAndBothStayAuditors(t *testing.T) {
	w := newWalk(t, false)
	w.selected()
	w.wantRefused("reassign", w.reassign("qa", audit.RoleAuditor, "second")) // nobody audits yet
	w.at("2026-04-07T09:00").must(audit.Start{Header: w.header("qa"), Auditor: "auditor"})
	w.wantRefused("role", w.reassign("auditor", audit.RoleAuditor, "second"))
	w.wantRefused("separation.practitioner", w.reassign("qa", audit.RoleAuditor, "practitioner"))
	w.wantRefused("reassign", w.reassign("qa", audit.RoleAuditor))
	w.wantRefused("reassign", w.reassign("qa", audit.RoleModerator, "second"))
	w.wantRefused("reassign", w.reassign("qa", "nobody", "second"))
	w.wantRefused("because", audit.Reassign{Header: w.header("qa"), Role: audit.RoleAuditor, To: []audit.PersonID{"second"}, Why: audit.ReassignLeft})
	w.wantRefused("reason", audit.Reassign{Header: w.header("qa"), Role: audit.RoleAuditor, To: []audit.PersonID{"second"}, Because: secret})
	w.must(w.reassign("qa", audit.RoleAuditor, "second"))
	s := w.state()
	if s.Audit.Auditor != "second" || !slices.Equal(s.Audit.Auditors(), []audit.PersonID{"auditor", "second"}) {
		t.Errorf("auditor %s of %v", s.Audit.Auditor, s.Audit.Auditors())
	}
	if who := told(s, loop.TopicReassigned); !slices.Equal(who, []string{"auditor:second"}) {
		t.Errorf("told %v", who)
	}
	w.wantRefused("role", wholeAnswer(w.env.Rubric, w.header("auditor"), false))
	w.must(wholeAnswer(w.env.Rubric, w.header("second"), false))
	w.wantRefused("separation.auditor", w.reassign("qa", audit.RolePractitioner, "auditor"))
}

func TestAPractitionerWhoLeftDoesNotAuditTheFile(t *testing.T) {
	w := newWalk(t, false)
	w.started()
	w.must(w.reassign("qa", audit.RolePractitioner, "newcomer", "another"))
	w.wantRefused("separation.practitioner", w.reassign("qa", audit.RoleAuditor, "practitioner"))
	for _, p := range []audit.PersonID{"newcomer", "another"} { // each judges for themselves
		w.must(audit.Judge{Header: w.header(p), Section: "review", Grade: "good", Rationale: secret})
	}
	if n := len(w.state().Audit.Judgements); n != 2 {
		t.Errorf("%d judgements are kept", n)
	}
}

func TestWhoReviewsTheChildDoesNotAuditTheFile(t *testing.T) {
	w := newWalk(t, false)
	w.people = w.people.With(audit.RoleIRM, "reviewer")
	w.selected()
	w.at("2026-04-07T09:00").wantRefused("separation.irm", audit.Start{Header: w.header("qa"), Auditor: "reviewer"})
	w.must(audit.Start{Header: w.header("qa"), Auditor: "auditor"})
	w.wantRefused("separation.auditor", w.reassign("qa", audit.RoleIRM, "auditor"))
	w.must(audit.AppointDeputy{Header: w.header("qa"), Deputy: audit.Deputy{Role: audit.RoleAuditor, Person: "reviewer"}, Because: secret})
	w.wantRefused("separation.irm", wholeAnswer(w.env.Rubric, w.header("reviewer"), false))
}

func TestAModeratorIsReassignedToSomebodyWhoMay(t *testing.T) {
	w := newWalk(t, false)
	w.moderatorAllocated()
	to := func(who audit.PersonID) moderation.Reassign {
		return moderation.Reassign{Header: w.header("qa"), Moderator: who, Why: audit.ReassignConflict, Because: secret}
	}
	w.wantRefused("separation.auditor", to("auditor"))
	w.wantRefused("separation.practitioner", to("practitioner"))
	w.wantRefused("moderator", to(""))
	w.must(to("second"))
	w.wantRefused("role", moderation.Discuss{Header: w.header("moderator"), HeldOn: day(t, "2026-04-16")})
	w.wantRefused("separation.moderator", w.reassign("qa", audit.RoleAuditor, "moderator"))
	if who := w.state().Moderation.Moderators(); !slices.Equal(who, []audit.PersonID{"moderator", "second"}) {
		t.Errorf("moderators %v", who)
	}
}

func TestADeputyStandsInFromDayToDay(t *testing.T) {
	w := newWalk(t, true)
	w.finalised()
	stand := audit.AppointDeputy{Header: w.header("qa"), Deputy: audit.Deputy{Role: audit.RoleDivisionalManager, Person: "second", From: day(t, "2026-04-16"), Until: day(t, "2026-04-17")}, Because: secret}
	w.must(stand)
	plan := func() loop.RecordPlan { return loop.RecordPlan{Header: w.header("second"), Plan: secret} }
	w.wantRefused("role", plan())
	w.at("2026-04-18T00:30").wantRefused("role", plan())
	w.at("2026-04-17T23:30").must(plan())
	stand.Header, stand.Deputy.Until = w.header("qa"), day(t, "2026-04-15")
	w.wantRefused("deputy", stand)
	stand.Header, stand.Deputy.From = w.header("qa"), day(t, "2026-04-15")
	w.must(stand)
	w.wantRefused("role", plan())
}

func TestALaterDateIsAgreedWithSomebodyElse(t *testing.T) {
	w := newWalk(t, false)
	w.started()
	due := w.state().Audit.Due
	extend := audit.Extend{Header: w.header("auditor"), Due: due.Due, With: "auditor"}
	w.wantRefused("date", extend)
	w.wantRefused("agreed", extend)
	extend.Due, extend.With, extend.Because = due.Due.AddDays(5), "manager", secret
	w.must(extend)
	c := w.state().Clocks()
	if len(c) != 1 || c[0].Due.Due != extend.Due || c[0].Due.Start != due.Start {
		t.Errorf("clocks %+v", c)
	}
	w.tick()
	w.at(due.Due.AddDays(3).String() + "T12:00").tick()
	if who := told(w.state(), loop.TopicOverdue); who != nil {
		t.Errorf("told %v that the audit is overdue before the date agreed", who)
	}
}

func TestACorrectionHoldsToTheBottomLinesAndMayFindAFileInadequate(t *testing.T) {
	w := newWalk(t, false)
	w.finalised()
	late := map[string]string{"allocated_at": "2026-01-12T10:05"}
	w.at("2026-04-16T10:00")
	w.wantRefused("role", audit.Correct{Header: w.header("qa"), Facts: late, Because: secret})
	w.wantRefused("because", audit.Correct{Header: w.header("auditor"), Facts: late})
	w.wantRefused("limit", audit.Correct{Header: w.header("auditor"), Facts: late, Because: secret})
	w.wantRefused("bottom_line", audit.Correct{Header: w.header("auditor"), Lines: map[string]map[string]rubric.Answer{"referral": {"reason_identified": ""}}, Because: secret})
	correct := audit.Correct{Header: w.header("auditor"), Facts: late, Because: secret, Judgements: []audit.CorrectedJudgement{{Section: audit.Overall, Grade: "inadequate", Rationale: secret}}}
	w.must(correct)
	s := w.state()
	if s.Audit.Final.Grade != "inadequate" || len(s.Audit.Final.Missed) != 1 {
		t.Errorf("finalised as %+v", s.Audit.Final)
	}
	if who := told(s, loop.TopicInadequateAudit); !slices.Equal(who, []string{"divisional_manager:dm", "director:director"}) {
		t.Errorf("told %v", who)
	}
	planned, ok := s.FollowUp(audit.DeepDive)
	if !ok || planned.Start.Start != day(t, "2026-04-16") {
		t.Errorf("the re-audit is counted from %v", planned.Start.Start)
	}
	correct.Header, correct.Facts, correct.Judgements[0].Grade = w.header("auditor"), map[string]string{"allocated_at": "2026-01-09T17:00"}, "good"
	w.must(correct)
	if s := w.state(); s.Audit.Final.Grade != "good" || len(s.FollowUps) != 1 {
		t.Errorf("after the second correction %s, %d follow-ups", s.Audit.Final.Grade, len(s.FollowUps))
	}
	w.must(moderation.Allocate{Header: w.header("qa"), Moderator: "moderator"})
	w.must(moderation.Discuss{Header: w.header("moderator"), HeldOn: day(t, "2026-04-16")})
	for _, v := range []moderation.View{moderation.AsAtAudit, moderation.Now} {
		w.must(moderation.Judge{Header: w.header("moderator"), View: v, Grade: "good", Rationale: secret})
	}
	w.must(moderation.Finalise{Header: w.header("moderator"), Impact: secret})
	correct.Header = w.header("auditor")
	w.wantRefused("phase", correct)
}

func TestACorrectedCaseIsStillOneThatCanBeAudited(t *testing.T) {
	w := newWalk(t, false)
	w.started()
	c := audit.CorrectCase{Header: w.header("qa"), OpenedOn: day(t, "2026-04-01"), Because: secret}
	w.wantRefused("eligible", c)
	c.OpenedOn, c.Team = day(t, "2025-06-01"), "Lakeside"
	w.must(c)
	if got := w.state().Audit.Case; got.Team != "Lakeside" || got.Number != "104233" {
		t.Errorf("case %+v", got)
	}
}

func TestReopeningBeginsTheModerationAnewAndPlansNoSecondFollowUp(t *testing.T) {
	w := newWalk(t, true)
	w.loopClosed()
	before := w.state()
	w.at("2026-05-20T10:00")
	w.wantRefused("role", audit.Reopen{Header: w.header("auditor"), Because: secret})
	w.wantRefused("because", audit.Reopen{Header: w.header("manager")})
	w.must(audit.Reopen{Header: w.header("manager"), Because: secret})
	s := w.state()
	if s.Audit.Phase != audit.PhaseStarted || s.Moderation.Phase != moderation.PhaseNone || s.Closed != nil {
		t.Errorf("audit %s, moderation %q, loop closed %v", s.Audit.Phase, s.Moderation.Phase, s.Closed)
	}
	w.must(audit.Finalise{Header: w.header("auditor")})
	w.wantRefused("separation.auditor", moderation.Allocate{Header: w.header("qa"), Moderator: "auditor"})
	w.must(moderation.Allocate{Header: w.header("qa"), Moderator: "moderator"})
	w.wantRefused("discussion", moderation.Finalise{Header: w.header("moderator"), Impact: secret})
	w.wantRefused("judgement", moderation.Finalise{Header: w.header("moderator"), Impact: secret})
	w.must(moderation.Discuss{Header: w.header("moderator"), HeldOn: day(t, "2026-05-20")})
	for _, v := range []moderation.View{moderation.AsAtAudit, moderation.Now} {
		w.must(moderation.Judge{Header: w.header("moderator"), View: v, Grade: "inadequate", Rationale: secret})
	}
	w.must(moderation.Finalise{Header: w.header("moderator"), Impact: secret})
	w.must(moderation.Check{Header: w.header("checker")})
	w.must(moderation.Comment{Header: w.header("checker"), Comments: secret})
	s = w.state()
	if len(s.FollowUps) != len(before.FollowUps) || len(s.Moderation.Judged) != 4 {
		t.Errorf("%d follow-ups, %d grades kept", len(s.FollowUps), len(s.Moderation.Judged))
	}
	w.must(moderation.Reopen{Header: w.header("manager"), Because: secret})
	if s := w.state(); s.Moderation.Phase != moderation.PhaseAllocated || s.Moderation.Moderator != "moderator" || s.Closed != nil {
		t.Errorf("moderation %s by %s", s.Moderation.Phase, s.Moderation.Moderator)
	}
	w.wantRefused("discussion", moderation.Finalise{Header: w.header("moderator"), Impact: secret})
}

func TestASuspensionStopsContactAndRemindersAndNothingThatKeepsAChildSafe(t *testing.T) {
	w := newWalk(t, true)
	w.met()
	suspend := loop.Suspend{Header: w.header("manager"), Ground: loop.GroundComplaint, Because: secret}
	w.wantRefused("role", loop.Suspend{Header: w.header("auditor"), Ground: loop.GroundComplaint, Because: secret})
	w.wantRefused("ground", loop.Suspend{Header: w.header("manager"), Because: secret})
	w.must(suspend)
	suspend.Header = w.header("manager")
	w.wantRefused("phase", suspend)
	asked := audit.RecordFeedback{Header: w.header("auditor"), Feedback: audit.Feedback{Source: "child", Outcome: audit.FeedbackGiven, SoughtOn: day(t, "2026-04-15"), How: secret, Words: secret}}
	w.wantRefused("suspended", asked)
	asked.Feedback.SoughtOn = day(t, "2026-04-14")
	w.must(asked)
	w.at("2026-04-16T16:20").must(audit.Finalise{Header: w.header("auditor")}) // an alarm waits for nothing
	w.must(moderation.Allocate{Header: w.header("qa"), Moderator: "moderator"})
	w.at("2026-05-20T12:00").tick()
	s := w.state()
	if len(told(s, loop.TopicInadequateAudit)) != 2 || len(told(s, loop.TopicUnacknowledged)) == 0 || len(told(s, loop.TopicNoPlan)) == 0 {
		t.Error("an alert, or its ladder, rests with the audit")
	}
	for _, topic := range []loop.Topic{loop.TopicReminder, loop.TopicOverdue} {
		for _, who := range told(s, topic) {
			if who == "moderator:moderator" {
				t.Errorf("%s: %s is reminded of a moderation that rests", topic, who)
			}
		}
	}
	if !slices.Contains(told(s, loop.TopicOverdue), "action_owner:practitioner") {
		t.Error("an action rests with the audit")
	}
	w.must(loop.RecordPlan{Header: w.header("dm"), Plan: secret})
	w.must(loop.CompleteAction{Header: w.header("practitioner"), Action: "A1", Evidence: secret})
	w.must(loop.RaiseConcern{Header: w.header("anyone"), Concern: secret})
	w.must(loop.Resume{Header: w.header("manager"), Because: secret})
	w.wantRefused("phase", loop.Resume{Header: w.header("manager"), Because: secret})
	w.tick()
	s = w.state()
	if who := told(s, loop.TopicReminder); slices.Contains(who, "moderator:moderator") {
		t.Errorf("told %v of a day that has passed", who)
	}
	if who := told(s, loop.TopicOverdue); !slices.Contains(who, "moderator:moderator") {
		t.Errorf("told %v; the moderation is overdue", who)
	}
}

func TestAFileIsWithdrawnByOneOrAfterSomethingGraveByTwo(t *testing.T) {
	w := newWalk(t, false)
	w.started()
	withdraw := func(who audit.PersonID) loop.Withdraw {
		return loop.Withdraw{Header: w.header(who), Ground: loop.GroundMovedAway, Because: secret, Told: secret}
	}
	moved := withdraw("qa")
	moved.Told = ""
	w.wantRefused("told", moved)
	w.wantRefused("role", withdraw("auditor"))
	groundless := withdraw("qa")
	groundless.Ground, groundless.Because = "", ""
	w.wantRefused("ground", groundless)
	w.wantRefused("because", groundless)
	w.wantRefused("phase", loop.AgreeWithdrawal{Header: w.header("manager")})
	w.must(withdraw("qa"))
	w.wantRefused("phase", wholeAnswer(w.env.Rubric, w.header("auditor"), false))
	w.wantRefused("phase", withdraw("qa"))
	w.must(loop.RaiseConcern{Header: w.header("anyone"), Concern: secret})

	w = newWalk(t, true)
	w.finalised()
	w.wantRefused("role", withdraw("qa"))
	w.must(withdraw("dm"))
	w.wantRefused("separation.withdrawal", loop.AgreeWithdrawal{Header: w.header("dm")})
	if w.state().Withdrawn != nil {
		t.Error("withdrawn by one of the two")
	}
	w.must(loop.AgreeWithdrawal{Header: w.header("manager")})
	s := w.state()
	if s.Withdrawn == nil || s.Withdrawn.By != "dm" || s.Withdrawn.Agreed != "manager" {
		t.Errorf("withdrawn %+v", s.Withdrawn)
	}
	w.wantRefused("phase", moderation.Allocate{Header: w.header("qa"), Moderator: "moderator"})
	w.must(loop.RecordPlan{Header: w.header("dm"), Plan: secret})
	w.must(loop.CompleteAction{Header: w.header("practitioner"), Action: "A1", Evidence: secret})
	w.must(loop.ConfirmAction{Header: w.header("pm"), Action: "A1"})
	follow, err := w.engine.State(context.Background(), s.FollowUps[0].Stream)
	if err != nil || follow.Audit.Phase != audit.PhasePlanned {
		t.Errorf("the re-audit is %s (%v)", follow.Audit.Phase, err)
	}
	for _, c := range s.Clocks() {
		if c.Name != loop.ClockActions {
			t.Errorf("the clock %s runs on", c.Name)
		}
	}
}

func TestAFollowUpIsCancelledInItsOwnStreamWithAReason(t *testing.T) {
	w := newWalk(t, true)
	w.finalised()
	w.wantRefused("phase", loop.CancelFollowUp{Header: w.header("manager"), Because: secret})
	planned, _ := w.state().FollowUp(audit.DeepDive)
	w.stream = planned.Stream
	w.wantRefused("role", loop.CancelFollowUp{Header: w.header("auditor"), Because: secret})
	w.wantRefused("because", loop.CancelFollowUp{Header: w.header("manager")})
	w.must(loop.CancelFollowUp{Header: w.header("manager"), Because: secret})
	w.at("2026-05-18T10:00").wantRefused("phase", audit.Start{Header: w.header("qa"), Auditor: "auditor"})
	if c := w.state().Clocks(); len(c) > 0 {
		t.Errorf("clocks %v", c)
	}
}

func TestPeopleJudgeBeforeTheySeeWhatIsSuggested(t *testing.T) {
	w := newWalk(t, false)
	w.started()
	see := audit.SeeSuggestion{Header: w.header("auditor"), Section: "review"}
	w.wantRefused("judge_first", see)
	w.wantRefused("section", audit.SeeSuggestion{Header: w.header("auditor"), Section: "nowhere"})
	w.must(audit.Judge{Header: w.header("auditor"), Section: "review", Grade: "good", Rationale: secret})
	w.must(see)
	w.must(audit.Judge{Header: w.header("auditor"), Section: "review", Grade: "requires_improvement", Rationale: secret})
	j := w.state().Audit.Judgements
	if j[0].SuggestionSeen || !j[1].SuggestionSeen {
		t.Errorf("judgements %+v", j)
	}

	w = newWalk(t, false)
	w.moderatorAllocated()
	w.wantRefused("judge_first", moderation.SeeAuditorGrade{Header: w.header("moderator")})
	w.wantRefused("judge_first", moderation.SeeSuggestion{Header: w.header("moderator"), View: moderation.Now})
	w.wantRefused("view", moderation.SeeSuggestion{Header: w.header("moderator"), View: "later"})
	judge := moderation.Judge{Header: w.header("moderator"), View: moderation.AsAtAudit, Grade: "good", Rationale: secret}
	w.must(judge)
	w.must(moderation.SeeAuditorGrade{Header: w.header("moderator")})
	judge.Header = w.header("moderator")
	w.must(judge)
	if j := w.state().Moderation.Judged; j[0].AuditorSeen || !j[1].AuditorSeen || j[1].SuggestionSeen {
		t.Errorf("grades %+v", j)
	}
}

func TestADisagreementIsSettledByANamedPersonBeforeTheAuditCloses(t *testing.T) {
	w := newWalk(t, false)
	w.moderated()
	w.wantRefused("role", moderation.Disagree{Header: w.header("practitioner"), Because: secret})
	w.wantRefused("disagreement", moderation.Settle{Header: w.header("manager"), Because: secret})
	w.must(moderation.Disagree{Header: w.header("auditor"), Because: secret})
	w.wantRefused("disagreement", moderation.Disagree{Header: w.header("auditor"), Because: secret})
	w.at("2026-04-30T10:00").must(moderation.Check{Header: w.header("checker")})
	w.wantRefused("disagreement", moderation.Comment{Header: w.header("checker"), Comments: secret})
	w.must(moderation.Settle{Header: w.header("manager"), Because: secret}) // not upheld
	if s := w.state(); s.Moderation.Phase != moderation.PhaseAllocated || s.Moderation.Due.Start != calendar.DateOf(w.now) {
		t.Errorf("moderation %s, due %v", s.Moderation.Phase, s.Moderation.Due)
	}
	w.must(moderation.Finalise{Header: w.header("moderator"), Impact: secret})
	w.must(moderation.Disagree{Header: w.header("auditor"), Because: secret})
	w.must(moderation.Settle{Header: w.header("manager"), Uphold: true, Because: secret})
	w.must(moderation.Check{Header: w.header("checker")})
	w.must(moderation.Comment{Header: w.header("checker"), Comments: secret})
}

func TestARestrictedCaseIsToldToThoseNamedAndAnAlarmToAll(t *testing.T) {
	w := newWalk(t, true)
	w.met()
	w.wantRefused("restricted", audit.Restrict{Header: w.header("manager"), Restricted: true, Because: secret})
	w.must(audit.Restrict{Header: w.header("manager"), Restricted: true, Told: []audit.PersonID{"pm"}, Because: secret})
	w.must(audit.Finalise{Header: w.header("auditor")})
	w.at("2026-04-16T09:30").must(loop.Suspend{Header: w.header("manager"), Ground: loop.GroundLegalHold, Because: secret})
	s := w.state()
	if who := told(s, loop.TopicInadequateAudit); len(who) != 2 {
		t.Errorf("of the Inadequate finding %v are told", who)
	}
	if who := told(s, loop.TopicSuspended); !slices.Equal(who, []string{"auditor:auditor", "moderator:"}) {
		t.Errorf("of the suspension %v are told", who)
	}
}

func TestAnUnhappyFamilyIsOfferedAMeeting(t *testing.T) {
	w := newWalk(t, false)
	w.finalised()
	f := audit.RecordFeedback{Header: w.header("auditor"), Feedback: audit.Feedback{
		Source: "parents_carers", Outcome: audit.FeedbackGiven, SoughtOn: day(t, "2026-04-15"), How: secret, Words: secret, Unhappy: true,
	}}
	w.wantRefused("feedback", f)
	f.Feedback.MeetingOfferedOn = day(t, "2026-04-15")
	w.must(f)
}

func TestANumberChangesAndAHouseholdIsLinked(t *testing.T) {
	w := newWalk(t, false)
	w.started()
	w.wantRefused("case", audit.Renumber{Header: w.header("qa"), Number: "104233", Because: secret})
	w.must(audit.Renumber{Header: w.header("qa"), Number: "204233", Because: secret})
	w.wantRefused("household", audit.LinkHousehold{Header: w.header("qa"), Streams: []string{""}, Because: secret})
	w.must(audit.LinkHousehold{Header: w.header("qa"), Streams: []string{"stream-2"}, Because: secret})
	s := w.state()
	if s.Audit.Case.Number != "204233" || !slices.Equal(s.Audit.Formerly, []audit.CaseNumber{"104233"}) || !slices.Equal(s.Audit.Household, []string{"stream-2"}) {
		t.Errorf("%+v formerly %v, with %v", s.Audit.Case, s.Audit.Formerly, s.Audit.Household)
	}
}

func TestAdviceIsAskedAndGivenAtAnyStage(t *testing.T) {
	w := newWalk(t, false)
	w.selected()
	w.wantRefused("question", loop.AskAdvice{Header: w.header("pm")})
	w.wantRefused("question", loop.GiveAdvice{Header: w.header("manager"), Question: 1, Advice: secret})
	w.wantRefused("question", loop.GiveAdvice{Header: w.header("manager"), Question: -1, Advice: secret})
	w.wantRefused("advice", loop.GiveAdvice{Header: w.header("manager"), Advice: " "})
	w.must(loop.AskAdvice{Header: w.header("pm"), Question: secret})
	w.wantRefused("role", loop.GiveAdvice{Header: w.header("pm"), Question: 1, Advice: secret})
	w.must(loop.GiveAdvice{Header: w.header("manager"), Question: 1, Advice: secret})
	w.must(loop.GiveAdvice{Header: w.header("manager"), Advice: secret}) // nobody asked
	s := w.state()
	if who := told(s, loop.TopicAdviceGiven); !slices.Equal(who, []string{"asker:pm"}) {
		t.Errorf("told %v", who)
	}
	if len(s.Advice) != 2 {
		t.Errorf("advice %v", s.Advice)
	}
}

func TestAnActionIsReflectedUponInSupervision(t *testing.T) {
	w := newWalk(t, false)
	w.loopClosed()
	r := loop.ReflectInSupervision{Header: w.header("practitioner"), Action: "A1", HeldOn: day(t, "2026-05-07"), With: "practitioner", Reflection: secret}
	w.wantRefused("supervision", r)
	r.With = "tm"
	w.must(r)
	r.Header, r.HeldOn, r.Reflection = w.header("practitioner"), day(t, "2026-05-08"), ""
	w.wantRefused("supervision", r) // still to come, and says nothing
	r.HeldOn = day(t, "2026-05-07")
	w.wantRefused("supervision", r)
	r.Reflection, r.With = secret, ""
	w.wantRefused("supervision", r)
	r.Header, r.Action = w.header("practitioner"), "A9"
	w.wantRefused("action", r)
	for _, tracked := range w.state().Tracker {
		if n := len(tracked.Reflections); (tracked.ID == "A1") != (n == 1) {
			t.Errorf("%s has %d reflections", tracked.ID, n)
		}
	}
}
