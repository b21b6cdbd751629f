package loop_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/loop"
	"github.com/practiceaudit/practiceaudit/moderation"
	"github.com/practiceaudit/practiceaudit/rubric"
	"github.com/practiceaudit/practiceaudit/rubric/halton"
)

// refusedBy tells by which rules a command is refused; none if it is accepted.
func (w *walk) refusedBy(c loop.Command) []string {
	w.t.Helper()
	err := w.try(c)
	rs := audit.RefusalsOf(err)
	if err != nil && rs == nil {
		w.t.Fatalf("%s: %v is not a refusal", c.Name(), err)
	}
	return rs.Rules()
}

func (w *walk) wantRefused(rule string, c loop.Command) {
	w.t.Helper()
	if rules := w.refusedBy(c); !slices.Contains(rules, rule) {
		w.t.Errorf("%s by %s: refused by %v, want %s", c.Name(), c.Head().Actor, rules, rule)
	}
}

// with returns the walk with deputies beside those of the case.
func (w *walk) with(deputies ...audit.Deputy) *walk {
	w.people.Deputies = append(slices.Clone(w.people.Deputies), deputies...)
	return w
}

func TestADeputyDoesNotAuditAndModerateTheSameFile(t *testing.T) {
	w := newWalk(t, false).with(
		audit.Deputy{Role: audit.RoleModerator, Person: "auditor"},
		audit.Deputy{Role: audit.RoleModerator, Person: "practitioner"},
		audit.Deputy{Role: audit.RoleModerator, Person: "second"},
		audit.Deputy{Role: audit.RoleDivisionalManager, Person: "second"},
	)
	w.moderatorAllocated()
	w.at("2026-04-27T10:00")
	w.wantRefused("separation.auditor", moderation.Discuss{Header: w.header("auditor"), HeldOn: day(t, "2026-04-27")})
	w.wantRefused("separation.practitioner", moderation.Judge{Header: w.header("practitioner"), View: moderation.Now, Grade: "good", Rationale: secret})

	w.must(moderation.Discuss{Header: w.header("moderator"), HeldOn: day(t, "2026-04-27")})
	w.must(moderation.Judge{Header: w.header("second"), View: moderation.AsAtAudit, Grade: "good", Rationale: secret})
	w.must(moderation.Judge{Header: w.header("moderator"), View: moderation.Now, Grade: "good", Rationale: secret})
	w.must(moderation.Finalise{Header: w.header("moderator"), Impact: secret})
	w.at("2026-05-01T10:30").must(moderation.Check{Header: w.header("checker")})
	w.must(moderation.Comment{Header: w.header("checker"), Comments: secret})
	w.must(loop.CompleteAction{Header: w.header("practitioner"), Action: "A1", Evidence: secret})
	w.wantRefused("separation.moderator", loop.ConfirmAction{Header: w.header("second"), Action: "A1"})
	w.must(loop.ConfirmAction{Header: w.header("pm"), Action: "A1"})
	w.wantRefused("separation.moderator", loop.CloseLoop{Header: w.header("second"), Standard: secret})
	w.must(loop.CloseLoop{Header: w.header("dm"), Standard: secret})
}

func TestAPractitionerDoesNotActAsTheAuditorsDeputy(t *testing.T) {
	w := newWalk(t, false).with(
		audit.Deputy{Role: audit.RoleAuditor, Person: "practitioner"},
		audit.Deputy{Role: audit.RolePractitioner, Person: "auditor"},
	)
	w.met()
	w.wantRefused("separation.practitioner", audit.Finalise{Header: w.header("practitioner")})
	w.must(audit.Judge{Header: w.header("practitioner"), Section: "review", Grade: "good", Rationale: secret})
	if j, _ := w.state().Audit.Judgement(audit.RoleAuditor, "review"); j.By != "auditor" {
		t.Errorf("the practitioner judged as the auditor: %+v", j)
	}
	w.must(audit.Finalise{Header: w.header("auditor")})

	w = newWalk(t, false).with(audit.Deputy{Role: audit.RolePractitioner, Person: "auditor"})
	w.started()
	w.wantRefused("separation.auditor", audit.Reflect{Header: w.header("auditor")})
}

// Whatever a deputy moderator did counts, also before the moderation was returned
// and finalised again by another.
func TestWhoeverActedAsTheModeratorNeitherChecksNorConfirmsNorCloses(t *testing.T) {
	for name, act := range map[string]func(*walk) loop.Command{
		"discussing": func(w *walk) loop.Command {
			return moderation.Discuss{Header: w.header("second"), HeldOn: day(t, "2026-04-27")}
		},
		"amending": func(w *walk) loop.Command {
			return moderation.Amend{Header: w.header("second"), View: moderation.Now, Facts: map[string]string{"consent": "given"}, Because: secret}
		},
		"adding an action": func(w *walk) loop.Command {
			return moderation.AddAction{Header: w.header("second"), Action: audit.Action{ID: "M1", Text: secret, Owner: "tm"}}
		},
		"finalising first": func(w *walk) loop.Command {
			return moderation.Finalise{Header: w.header("second"), Impact: secret}
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWalk(t, false).with(
				audit.Deputy{Role: audit.RoleModerator, Person: "second"},
				audit.Deputy{Role: audit.RoleQAPrincipalManager, Person: "second"},
				audit.Deputy{Role: audit.RoleDivisionalManager, Person: "second"},
				audit.Deputy{Role: audit.RoleAuditor, Person: "second"},
			)
			w.moderatorAllocated()
			w.at("2026-04-27T10:00").must(moderation.Discuss{Header: w.header("moderator"), HeldOn: day(t, "2026-04-27")})
			for _, v := range []moderation.View{moderation.AsAtAudit, moderation.Now} {
				w.must(moderation.Judge{Header: w.header("moderator"), View: v, Grade: "good", Rationale: secret})
			}
			w.must(act(w))
			w.wantRefused("separation.moderator", audit.RecordFeedback{Header: w.header("second"), Feedback: audit.Feedback{Source: "child", Outcome: audit.FeedbackUnsafe, Decider: "tm"}})
			if w.state().Moderation.Final != nil {
				w.must(moderation.Check{Header: w.header("checker"), Return: secret})
			}
			w.must(moderation.Finalise{Header: w.header("moderator"), Impact: secret})
			w.wantRefused("separation.moderator", moderation.Check{Header: w.header("second")})
			w.must(moderation.Check{Header: w.header("checker")})
			w.wantRefused("separation.moderator", moderation.Comment{Header: w.header("second"), Comments: secret})
			w.must(moderation.Comment{Header: w.header("checker"), Comments: secret})
			for _, tracked := range w.state().Tracker {
				w.must(loop.CompleteAction{Header: w.header("practitioner"), Action: tracked.ID, Evidence: secret})
				w.wantRefused("separation.moderator", loop.ConfirmAction{Header: w.header("second"), Action: tracked.ID})
				w.must(loop.ConfirmAction{Header: w.header("pm"), Action: tracked.ID})
			}
			w.wantRefused("separation.moderator", loop.CloseLoop{Header: w.header("second"), Standard: secret})
			w.must(loop.CloseLoop{Header: w.header("dm"), Standard: secret})
		})
	}
}

func TestWhoeverActedAsTheAuditorDoesNotModerate(t *testing.T) {
	for name, act := range map[string]func(*walk) loop.Command{
		"meeting": func(w *walk) loop.Command {
			return audit.Meet{Header: w.header("second"), HeldOn: day(t, "2026-04-15"), With: []audit.PersonID{"practitioner"}}
		},
		"answering": func(w *walk) loop.Command { return wholeAnswer(w.env.Rubric, w.header("second"), false) },
		"hearing the family": func(w *walk) loop.Command {
			return audit.RecordFeedback{Header: w.header("second"), Feedback: audit.Feedback{Source: "child", Outcome: audit.FeedbackUnsafe, Decider: "tm"}}
		},
		"adding an action": func(w *walk) loop.Command {
			return audit.AddAction{Header: w.header("second"), Action: audit.Action{ID: "A2", Text: secret, Owner: "practitioner"}}
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWalk(t, false).with(audit.Deputy{Role: audit.RoleAuditor, Person: "second"})
			w.met()
			w.must(act(w))
			w.must(audit.Finalise{Header: w.header("auditor")})
			w.wantRefused("separation.auditor", moderation.Allocate{Header: w.header("qa"), Moderator: "second"})
			w.must(moderation.Allocate{Header: w.header("qa"), Moderator: "moderator"})
		})
	}
}

// Nobody gives the quality check or the final comments on what they did themselves.
func TestAuditorModeratorAndPractitionerDoNotCheckAsADeputy(t *testing.T) {
	var deputies []audit.Deputy
	rules := map[audit.PersonID]string{"auditor": "separation.auditor", "moderator": "separation.moderator", "practitioner": "separation.practitioner"}
	for who := range rules {
		deputies = append(deputies, audit.Deputy{Role: audit.RoleQAPrincipalManager, Person: who})
	}
	w := newWalk(t, false).with(deputies...)
	w.moderated()
	for who, rule := range rules {
		w.wantRefused(rule, moderation.Check{Header: w.header(who)})
	}
	w.must(moderation.Check{Header: w.header("checker")})
	for who, rule := range rules {
		w.wantRefused(rule, moderation.Comment{Header: w.header(who), Comments: secret})
	}
	w.must(moderation.Comment{Header: w.header("checker"), Comments: secret})
}

// Who acted in a role is told by the role that the policy let them act in.
func TestAnAuditorWhoRecordsTheDiscussionDoesNotModerate(t *testing.T) {
	w := newWalk(t, false)
	policy, err := loop.ParsePolicy("policy.yaml", []byte(strings.Replace(string(halton.ProcessPolicy()), "discuss: [moderator]", "discuss: [moderator, auditor]", 1)))
	if err != nil {
		t.Fatal(err)
	}
	w.env.Policy = policy
	w.engine.Env = w.env
	w.moderatorAllocated()
	w.must(moderation.Discuss{Header: w.header("auditor"), HeldOn: day(t, "2026-04-16")})
	if who := w.state().Moderation.Moderators(); !slices.Equal(who, []audit.PersonID{"moderator"}) {
		t.Errorf("moderators %v", who)
	}
}

func TestADivisionalManagerWhoModeratedDoesNotConfirm(t *testing.T) {
	w := newWalk(t, false)
	w.finalised()
	w.must(moderation.Allocate{Header: w.header("qa"), Moderator: "dm"})
	w.must(loop.CompleteAction{Header: w.header("practitioner"), Action: "A1", Evidence: secret})
	w.wantRefused("separation.moderator", loop.ConfirmAction{Header: w.header("dm"), Action: "A1"})
}

// Whoever selects a file names its people, and does not give themselves a role by it.
func TestNobodyIsOfTheQATeamByTheirOwnWord(t *testing.T) {
	w := newWalk(t, false)
	w.at("2026-04-01T10:00")
	sel := audit.Select{
		Header: w.header("anyone"), Kind: audit.DeepDive, Case: audit.Case{Number: "104233", OpenedOn: day(t, "2025-09-15")},
		People: people.With(audit.RoleQATeam, "anyone"),
	}
	w.wantRefused("role", sel)
	sel.People = people.With(audit.RoleQATeam, "qa")
	var refused *audit.Refusal
	if err := w.try(sel); !errors.As(err, &refused) || !slices.Equal(refused.People, []audit.PersonID{"qa"}) {
		t.Errorf("the refusal does not say who could: %v", err)
	}
	sel.Header = w.header("qa")
	w.must(sel)
}

func TestADateIsAgreedWithSomebodyElse(t *testing.T) {
	w := newWalk(t, false)
	w.met()
	due := day(t, "2026-05-20")
	action := audit.Action{ID: "A2", Text: secret, Owner: "practitioner", AgreedDate: due, AgreedWith: "auditor", AgreedBecause: secret}
	w.wantRefused("action", audit.AddAction{Header: w.header("auditor"), Action: action})
	action.AgreedWith = "practitioner"
	w.must(audit.AddAction{Header: w.header("auditor"), Action: action})
	w.must(audit.Finalise{Header: w.header("auditor")})
	w.wantRefused("agreed", loop.AgreeDate{Header: w.header("auditor"), Action: "A1", Due: due, With: "auditor", Because: secret})
	w.must(loop.AgreeDate{Header: w.header("auditor"), Action: "A1", Due: due, With: "practitioner", Because: secret})
}

func TestAFollowUpIsPlannedByTheLoopAlone(t *testing.T) {
	w := newWalk(t, true)
	w.at("2026-04-01T10:00")
	w.wantRefused("role", audit.Plan{Header: w.header("qa"), Kind: audit.DeepDive, Case: audit.Case{Number: "1"}, People: people})
}

func TestAWakeUpIsGivenByTheClockAloneAndInItsTime(t *testing.T) {
	w := newWalk(t, true)
	w.finalised()
	due, err := w.store.Due(context.Background(), w.now.AddDate(0, 3, 0), 100)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(due, func(d loop.Wake) bool { return d.Stream == w.stream })
	byPerson, early := loop.NewWakeUp(due[i]), loop.NewWakeUp(due[i])
	byPerson.Actor, byPerson.Roles = "anyone", nil
	early.At = w.now
	w.wantRefused("role", byPerson)
	w.wantRefused("time", early)
	if who := told(w.state(), loop.TopicNoPlan); who != nil {
		t.Errorf("told %v before the time", who)
	}
}

func TestAMeetingWithoutAPractitionerNeedsAReason(t *testing.T) {
	w := newWalk(t, false)
	w.started()
	meet := audit.Meet{Header: w.header("auditor"), HeldOn: day(t, "2026-04-07"), WithoutReflection: secret}
	w.wantRefused("meeting", meet)
	meet.WithoutPractitioner = secret
	w.must(meet)
}

func TestAMissedBottomLineTypedByMistakeIsTakenBack(t *testing.T) {
	w := newWalk(t, false)
	w.met()
	slip := []rubric.MissedBottomLine{{Section: "review", Text: "typed by mistake", Source: "x"}}
	w.must(audit.Answer{Header: w.header("auditor"), Missed: slip})
	judge := audit.Judge{Header: w.header("auditor"), Section: audit.Overall, Grade: "good", Rationale: secret}
	w.wantRefused("limit", judge)
	w.wantRefused("bottom_line", audit.Answer{Header: w.header("auditor"), NotMissed: []rubric.MissedBottomLine{{Text: "another"}}})
	w.must(audit.Answer{Header: w.header("auditor"), NotMissed: slip})
	judge.Header = w.header("auditor")
	w.must(judge)
}

func TestAModeratorAmendsFactsAndUnlistedBottomLinesWithEvidence(t *testing.T) {
	w := newWalk(t, true)
	w.moderatorAllocated()
	amend := moderation.Amend{
		Header: w.header("moderator"), View: moderation.AsAtAudit, Facts: map[string]string{"allocated_at": "2026-01-09T17:00"},
		Missed: []rubric.MissedBottomLine{{Section: "review", Text: "a line of the Practice Framework"}},
	}
	w.wantRefused("evidence", amend)
	amend.Because = secret
	w.must(amend)
	w.wantRefused("limit", moderation.Judge{Header: w.header("moderator"), View: moderation.Now, Grade: "good", Rationale: secret})
	w.must(moderation.Amend{Header: w.header("moderator"), View: moderation.Now, NotMissed: amend.Missed, Because: secret})
	w.must(moderation.Judge{Header: w.header("moderator"), View: moderation.Now, Grade: "good", Rationale: secret})
	w.wantRefused("limit", moderation.Judge{Header: w.header("moderator"), View: moderation.AsAtAudit, Grade: "good", Rationale: secret})
}
