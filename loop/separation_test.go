package loop_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/loop"
	"github.com/practiceaudit/practiceaudit/moderation"
	"github.com/practiceaudit/practiceaudit/rubric"
)

// refusedBy tells by which rules a command is refused; none if it is accepted.
func (w *walk) refusedBy(c loop.Command) []string {
	w.t.Helper()
	err := w.try(c)
	var rs audit.Refusals
	var one *audit.Refusal
	switch {
	case err == nil:
		return nil
	case errors.As(err, &rs):
	case errors.As(err, &one):
		rs = audit.Refusals{one}
	default:
		w.t.Fatalf("%s: %v is not a refusal", c.Name(), err)
	}
	var rules []string
	for _, r := range rs {
		rules = append(rules, r.Rule)
	}
	return rules
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

func TestADivisionalManagerWhoModeratedDoesNotConfirm(t *testing.T) {
	w := newWalk(t, false)
	w.finalised()
	w.must(moderation.Allocate{Header: w.header("qa"), Moderator: "dm"})
	w.must(loop.CompleteAction{Header: w.header("practitioner"), Action: "A1", Evidence: secret})
	w.wantRefused("separation.moderator", loop.ConfirmAction{Header: w.header("dm"), Action: "A1"})
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
