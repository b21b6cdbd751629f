package loop_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/loop"
	"github.com/practiceaudit/practiceaudit/moderation"
	"github.com/practiceaudit/practiceaudit/rubric/halton"
)

// changed returns Halton's policy with some of its words replaced.
func changed(t testing.TB, oldAndNew ...string) *loop.Policy {
	t.Helper()
	src := string(halton.ProcessPolicy())
	for i := 0; i < len(oldAndNew); i += 2 {
		if strings.Count(src, oldAndNew[i]) != 1 {
			t.Fatalf("%q stands %d times in the policy", oldAndNew[i], strings.Count(src, oldAndNew[i]))
		}
		src = strings.Replace(src, oldAndNew[i], oldAndNew[i+1], 1)
	}
	p, err := loop.ParsePolicy("policy.yaml", []byte(src))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// under carries the walk by another policy.
func (w *walk) under(p *loop.Policy) *walk {
	w.env.Policy = p
	w.engine.Env = w.env
	return w
}

func peerReviewed(t testing.TB, oldAndNew ...string) *loop.Policy {
	return changed(t, append(oldAndNew, "also_judge: [practitioner] ", "also_judge: [practitioner, peer_reviewer] ",
		"judge: [auditor, practitioner]", "judge: [auditor, practitioner, peer_reviewer]",
		"see_suggestion: [auditor, practitioner]", "see_suggestion: [auditor, practitioner, peer_reviewer]")...)
}

// reviewed starts an audit with a peer reviewer.
func (w *walk) reviewed() {
	w.selected()
	w.at("2026-04-07T09:00").must(audit.Start{Header: w.header("qa"), Auditor: "auditor", PeerReviewer: "peer"})
}

func TestHaltonHasNoPeerReviewerAndNoClosureAudit(t *testing.T) {
	w := newWalk(t, false)
	w.at("2026-04-01T10:00")
	w.wantRefused("kind", audit.Select{
		Header: w.header("qa"), Kind: audit.Closure, People: people, Case: audit.Case{Number: "104233", OpenedOn: day(t, "2025-09-15")},
	})
	w.selected()
	w.at("2026-04-07T09:00").wantRefused("peer_reviewer", audit.Start{Header: w.header("qa"), Auditor: "auditor", PeerReviewer: "peer"})
	w.must(audit.Start{Header: w.header("qa"), Auditor: "auditor"})
	w.wantRefused("reassign", w.reassign("qa", audit.RolePeerReviewer, "peer"))
}

func TestFinalisingNeedsThePeerReviewersJudgementToo(t *testing.T) {
	w := newWalk(t, false).under(peerReviewed(t))
	w.reviewed()
	for _, s := range w.env.Rubric.Sections() {
		if err := w.try(audit.Finalise{Header: w.header("auditor")}); err == nil || !strings.Contains(err.Error(), s.ID+" is not judged by the peer reviewer") {
			t.Errorf("%s: %v", s.ID, err)
		}
		w.must(audit.Judge{Header: w.header("peer"), Section: s.ID, Grade: "good", Rationale: secret})
		j, _ := w.state().Audit.Judgement(audit.RolePeerReviewer, s.ID)
		if j.By != "peer" || j.As != audit.RolePeerReviewer {
			t.Errorf("%s: %+v", s.ID, j)
		}
	}
	err := w.try(audit.Finalise{Header: w.header("auditor")})
	if err == nil || strings.Contains(err.Error(), "by the peer reviewer") {
		t.Errorf("%v", err)
	}
}

// Four parts, four people: whoever plays or played one plays no other, as a deputy
// or by reassignment neither.
func TestThePeerReviewerDoesNothingElseInAnAudit(t *testing.T) {
	w := newWalk(t, false).under(peerReviewed(t))
	w.people.Holders = people.With(audit.RoleIRM, "irm").Holders
	w.people.Deputies = append(slices.Clone(people.Deputies), audit.Deputy{Role: audit.RoleAuditor, Person: "peer"}, audit.Deputy{Role: audit.RolePractitioner, Person: "peer"},
		audit.Deputy{Role: audit.RolePeerReviewer, Person: "auditor"}, audit.Deputy{Role: audit.RoleModerator, Person: "peer"})
	w.selected()
	w.wantRefused("reassign", w.reassign("qa", audit.RolePeerReviewer, "peer"))
	start := func(peer audit.PersonID) audit.Start {
		return audit.Start{Header: w.header("qa"), Auditor: "auditor", PeerReviewer: peer}
	}
	w.at("2026-04-07T09:00")
	w.wantRefused("peer_reviewer", start(""))
	w.wantRefused("separation.peer_reviewer", start("auditor"))
	w.wantRefused("separation.practitioner", start("practitioner"))
	w.wantRefused("separation.irm", start("irm"))
	w.must(start("peer"))

	reflect := audit.Reflect{Header: w.header("peer"), Answers: answersTo(w.env.Policy)}
	w.wantRefused("separation.peer_reviewer", reflect)
	w.wantRefused("separation.peer_reviewer", wholeAnswer(w.env.Rubric, w.header("peer"), false))
	w.wantRefused("separation.peer_reviewer", w.reassign("qa", audit.RoleAuditor, "peer"))
	w.wantRefused("separation.peer_reviewer", w.reassign("qa", audit.RolePractitioner, "peer"))
	w.wantRefused("separation.peer_reviewer", w.reassign("qa", audit.RoleIRM, "peer"))
	w.wantRefused("separation.auditor", w.reassign("qa", audit.RolePeerReviewer, "auditor"))
	w.wantRefused("separation.practitioner", w.reassign("qa", audit.RolePeerReviewer, "practitioner"))
	w.wantRefused("separation.irm", w.reassign("qa", audit.RolePeerReviewer, "irm"))
	w.wantRefused("reassign", w.reassign("qa", audit.RolePeerReviewer, "one", "two"))
	w.must(audit.Judge{Header: w.header("peer"), Section: "referral", Grade: "good", Rationale: secret})
	w.must(audit.Judge{Header: w.header("auditor"), Section: "referral", Grade: "good", Rationale: secret})
	for _, j := range w.state().Audit.Judgements {
		if (j.By == "peer") != (j.As == audit.RolePeerReviewer) {
			t.Errorf("%s judged as %s", j.By, j.As)
		}
	}

	w.must(w.reassign("qa", audit.RolePeerReviewer, "newcomer"))
	s := w.state().Audit
	if diff := cmp.Diff([]audit.PersonID{"peer", "newcomer"}, s.PeerReviewers()); diff != "" || !slices.Equal(s.People.Of(audit.RolePeerReviewer), []audit.PersonID{"newcomer"}) {
		t.Errorf("peer reviewers (-want +got):\n%s, now %v", diff, s.People.Of(audit.RolePeerReviewer))
	}
	w.wantRefused("separation.peer_reviewer", w.reassign("qa", audit.RoleAuditor, "peer"))
}

func TestThePeerReviewerDoesNotModerateOrCheck(t *testing.T) {
	w := newWalk(t, false).under(peerReviewed(t))
	w.people.Deputies = append(slices.Clone(people.Deputies), audit.Deputy{Role: audit.RoleQAPrincipalManager, Person: "peer"}, audit.Deputy{Role: audit.RoleModerator, Person: "peer"})
	w.reviewedFile()
	w.wantRefused("separation.peer_reviewer", moderation.Allocate{Header: w.header("qa"), Moderator: "peer"})
	w.must(moderation.Allocate{Header: w.header("qa"), Moderator: "moderator"})
	w.wantRefused("separation.moderator", w.reassign("qa", audit.RolePeerReviewer, "moderator"))
	w.wantRefused("separation.peer_reviewer", moderation.Judge{Header: w.header("peer"), View: moderation.Now, Grade: "good", Rationale: secret})
	w.must(moderation.Discuss{Header: w.header("moderator"), HeldOn: day(t, "2026-04-16")})
	for _, v := range []moderation.View{moderation.AsAtAudit, moderation.Now} {
		w.must(moderation.Judge{Header: w.header("moderator"), View: v, Grade: "inadequate", Rationale: secret})
	}
	w.must(moderation.Finalise{Header: w.header("moderator"), Impact: secret})
	w.wantRefused("separation.peer_reviewer", moderation.Check{Header: w.header("peer")})

	again, _ := w.state().FollowUp(audit.DeepDive)
	w.stream = again.Stream
	if who := w.state().Audit.People.Of(audit.RolePeerReviewer); who != nil {
		t.Errorf("the re-audit has the peer reviewer %v before it starts", who)
	}
	w.at("2026-05-18T09:00").wantRefused("peer_reviewer", audit.Start{Header: w.header("qa"), Auditor: "second"})
	w.must(audit.Start{Header: w.header("qa"), Auditor: "second", PeerReviewer: "third"})
}

// What a policy gives to the peer reviewer alone, nobody who does something else in
// the audit does as a deputy.
func TestNobodyActsForThePeerReviewerWhoDoesSomethingElse(t *testing.T) {
	w := newWalk(t, false).under(peerReviewed(t, "record_feedback: [auditor]", "record_feedback: [peer_reviewer]"))
	for _, who := range []audit.PersonID{"auditor", "practitioner", "irm", "moderator"} {
		w.with(audit.Deputy{Role: audit.RolePeerReviewer, Person: who})
	}
	w.people.Holders = people.With(audit.RoleIRM, "irm").Holders
	heard := func(who audit.PersonID) audit.RecordFeedback {
		return audit.RecordFeedback{Header: w.header(who), Feedback: audit.Feedback{Source: "child", Outcome: audit.FeedbackUnsafe, Decider: "tm"}}
	}
	w.reviewed()
	w.wantRefused("separation.auditor", heard("auditor"))
	w.wantRefused("separation.practitioner", heard("practitioner"))
	w.wantRefused("separation.irm", heard("irm"))

	w = newWalk(t, false).under(peerReviewed(t, "record_feedback: [auditor]", "record_feedback: [auditor, peer_reviewer]"))
	w.with(audit.Deputy{Role: audit.RolePeerReviewer, Person: "moderator"})
	w.reviewedFile()
	w.must(moderation.Allocate{Header: w.header("qa"), Moderator: "moderator"})
	w.wantRefused("separation.moderator", heard("moderator"))
}

func TestADipSampleHasNoPeerReviewer(t *testing.T) {
	w := newWalk(t, false).under(peerReviewed(t))
	w.reviewedFile()
	w.must(moderation.Allocate{Header: w.header("qa"), Moderator: "moderator"})
	w.must(moderation.Discuss{Header: w.header("moderator"), HeldOn: day(t, "2026-04-16")})
	for _, v := range []moderation.View{moderation.AsAtAudit, moderation.Now} {
		w.must(moderation.Judge{Header: w.header("moderator"), View: v, Grade: "good", Rationale: secret})
	}
	w.must(moderation.Finalise{Header: w.header("moderator"), Impact: secret})
	w.must(moderation.Check{Header: w.header("checker")})
	w.must(moderation.Comment{Header: w.header("checker"), Comments: secret})
	sample, _ := w.state().FollowUp(audit.DipSample)
	w.stream = sample.Stream
	w.at("2026-07-20T09:00").wantRefused("peer_reviewer", audit.Start{Header: w.header("qa"), Auditor: "lead", PeerReviewer: "peer"})
	w.must(audit.Start{Header: w.header("qa"), Auditor: "lead"})
	w.wantRefused("reassign", w.reassign("qa", audit.RolePeerReviewer, "peer"))
}

// reviewedFile finalises an audit with a peer reviewer.
func (w *walk) reviewedFile() {
	w.reviewed()
	w.at("2026-04-15T16:00")
	w.must(audit.Meet{Header: w.header("auditor"), HeldOn: day(w.t, "2026-04-13"), WithoutReflection: secret, WithoutPractitioner: secret})
	w.must(wholeAnswer(w.env.Rubric, w.header("auditor"), w.late))
	for _, s := range w.env.Rubric.Sections() {
		for _, who := range []audit.PersonID{"auditor", "peer"} {
			w.must(audit.Judge{Header: w.header(who), Section: s.ID, Grade: "good", Rationale: secret})
		}
	}
	w.must(audit.Judge{Header: w.header("auditor"), Section: audit.Overall, Grade: "good", Rationale: secret})
	for _, from := range w.env.Policy.Audit.FeedbackSources {
		w.must(audit.RecordFeedback{Header: w.header("auditor"), Feedback: audit.Feedback{Source: from, Outcome: audit.FeedbackUnsafe, Decider: "tm"}})
	}
	w.must(audit.Finalise{Header: w.header("auditor")})
	w.at("2026-04-16T09:00")
}

func TestNobodySeesTheOtherSidesJudgementBeforeTheirOwn(t *testing.T) {
	w := newWalk(t, false).under(peerReviewed(t))
	w.reviewed()
	judge := func(who audit.PersonID, section string) {
		w.must(audit.Judge{Header: w.header(who), Section: section, Grade: "good", Rationale: secret})
	}
	shown := func(to audit.PersonID) string {
		var all []string
		for _, j := range w.state().Audit.JudgementsShownTo(to) {
			all = append(all, string(j.By)+":"+j.Section)
		}
		return strings.Join(all, " ")
	}
	judge("auditor", "referral")
	judge("practitioner", "referral")
	judge("peer", "planning")
	for to, want := range map[audit.PersonID]string{
		"auditor":      "auditor:referral practitioner:referral",
		"practitioner": "auditor:referral practitioner:referral",
		"peer":         "peer:planning",
		"manager":      "auditor:referral practitioner:referral peer:planning",
	} {
		if got := shown(to); got != want {
			t.Errorf("shown to %s: %s, want %s", to, got, want)
		}
	}
	judge("peer", "referral")
	judge("auditor", "planning")
	if got, want := shown("peer"), "auditor:referral practitioner:referral peer:planning peer:referral auditor:planning"; got != want {
		t.Errorf("shown to the peer reviewer: %s, want %s", got, want)
	}
	if got, want := shown("practitioner"), "auditor:referral practitioner:referral peer:referral auditor:planning"; got != want {
		t.Errorf("shown to the practitioner: %s, want %s", got, want)
	}

	w = newWalk(t, false).under(peerReviewed(t))
	w.reviewedFile()
	if s := w.state().Audit; len(s.JudgementsShownTo("peer")) != len(s.Judgements) {
		t.Error("a finalised audit hides judgements")
	}
}

func TestThePeerReviewerJudgesBeforeTheSuggestion(t *testing.T) {
	w := newWalk(t, false).under(peerReviewed(t))
	w.reviewed()
	w.wantRefused("judge_first", audit.SeeSuggestion{Header: w.header("peer"), Section: "referral"})
	w.must(audit.Judge{Header: w.header("peer"), Section: "referral", Grade: "good", Rationale: secret})
	w.must(audit.SeeSuggestion{Header: w.header("peer"), Section: "referral"})
	if seen := w.state().Audit.Seen; len(seen) != 1 || seen[0].As != audit.RolePeerReviewer {
		t.Errorf("%+v", seen)
	}
}

// A running audit that comes to a policy with a peer reviewer names one, and goes on.
func TestAMigratedAuditNamesItsPeerReviewer(t *testing.T) {
	w := newWalk(t, false)
	w.met()
	next := w.env
	next.Policy = changed(t, "findings: [inadequate]", "findings: [inadequate, poor]")
	w.wantRefused("findings", w.migrate(next))
	next.Policy = peerReviewed(t)
	w.must(w.migrate(next))
	w.env.Policy = next.Policy
	w.wantRefused("judgement", audit.Finalise{Header: w.header("auditor")})
	w.must(w.reassign("qa", audit.RolePeerReviewer, "peer"))
	for _, s := range w.env.Rubric.Sections() {
		w.must(audit.Judge{Header: w.header("peer"), Section: s.ID, Grade: "good", Rationale: secret})
	}
	w.must(audit.Finalise{Header: w.header("auditor")})
}

// Whatever is reassigned, deputised, reopened or migrated, whoever judged a file
// beside its auditor is none of the others.
func TestAPeerReviewerIsNobodyElseInTheAudit(t *testing.T) {
	rules := func(t testing.TB) loop.Env {
		env := smallEnv(t)
		env.Policy = peerReviewed(t, "record_feedback: [auditor]", "record_feedback: [auditor, peer_reviewer]", "add_action: [auditor]", "add_action: [auditor, peer_reviewer]")
		return env
	}
	reviewed := 0
	alwaysBy(t, rules, each(func(w *town, s loop.StreamID, h *story) {
		a, m := h.state.Audit, h.state.Moderation
		if a.Final != nil && len(a.PeerReviewers()) > 0 {
			reviewed++
		}
		for _, p := range append(a.PeerReviewers(), a.People.Of(audit.RolePeerReviewer)...) {
			for as, of := range map[string][]audit.PersonID{"auditor": a.Auditors(), "moderator": m.Moderators(), "practitioner": a.Practitioners(), "IRM": a.People.Of(audit.RoleIRM)} {
				if slices.Contains(of, p) {
					w.Fatalf("%s: %s is peer reviewer and %s", s, p, as)
				}
			}
		}
	}))
	if reviewed == 0 {
		t.Error("no audit with a peer reviewer was finalised")
	}
}
