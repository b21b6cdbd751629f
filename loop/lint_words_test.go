package loop_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/loop"
	"github.com/practiceaudit/practiceaudit/moderation"
	"github.com/practiceaudit/practiceaudit/rubric/halton"
)

// A placeholder that the lint lets stand has a value in every notice that is sent.
func TestEveryPlaceholderThatTheLintAllowsHasAValue(t *testing.T) {
	good, _, _ := strings.Cut(string(halton.ProcessPolicy()), "\n# What checking this file finds")
	allowed := good
	for _, topic := range loop.Topics() {
		head, rest, _ := strings.Cut(allowed, "\n  "+string(topic)+":\n    tell:")
		before, after, _ := strings.Cut(rest, "    subject: \"")
		for _, name := range loop.Placeholders() {
			with := head + "\n  " + string(topic) + ":\n    tell:" + before + "    subject: \"[{" + name + "}]" + after
			if l := lint(t, with, nil); !slices.ContainsFunc(l.Findings, func(f loop.Finding) bool { return f.Kind == loop.PlaceholderWithoutValue }) {
				after = "[{" + name + "}]" + after
			}
		}
		allowed = head + "\n  " + string(topic) + ":\n    tell:" + before + "    subject: \"" + after
	}
	p, err := loop.ParsePolicy("policy.yaml", []byte(allowed))
	if err != nil {
		t.Fatal(err)
	}
	told := map[loop.Topic]bool{}
	for _, s := range livesOf(t, p) {
		for _, n := range s.Notices {
			told[n.Topic] = true
			if strings.Contains(n.Subject, "[]") {
				t.Errorf("%s: %s", n.Topic, n.Subject)
			}
		}
	}
	for _, topic := range loop.Topics() {
		if !told[topic] {
			t.Errorf("no notice %s was told", topic)
		}
	}
}

// livesOf are streams in which every notice of a policy is told, as early as it can
// be.
func livesOf(t *testing.T, p *loop.Policy) []loop.State {
	life := func(late bool) *walk {
		w := newWalk(t, late)
		w.env.Policy = p
		w.engine.Env = w.env
		return w
	}
	unselected := life(false)
	unselected.at("2026-04-01T09:00").must(loop.RaiseConcern{Header: unselected.header("anyone"), Concern: secret})
	unselected.at("2026-04-01T18:00").tick()

	early := life(false)
	early.started()
	early.must(loop.AskAdvice{Header: early.header("auditor"), Question: secret})
	early.must(loop.GiveAdvice{Header: early.header("manager"), Question: 1, Advice: secret})
	early.must(early.reassign("qa", audit.RoleAuditor, "newcomer"))
	early.at("2026-04-20T12:00").tick()
	early.must(loop.Suspend{Header: early.header("manager"), Ground: loop.GroundComplaint, Because: secret})
	early.must(loop.Resume{Header: early.header("manager"), Because: secret})
	early.must(loop.Withdraw{Header: early.header("qa"), Ground: loop.GroundOther, Because: secret})

	whole := life(true)
	whole.finalised()
	whole.must(audit.Correct{Header: whole.header("auditor"), Facts: map[string]string{"consent": "refused"}, Because: secret})
	next := whole.env
	next.Calendar, _ = next.Calendar.WithClosures("halton", []calendar.Closure{{From: day(t, "2026-12-01"), Name: "Closed"}})
	whole.engine.Env = next
	whole.must(loop.Migrate{Header: whole.header("manager"), Calendar: loop.Digest(next.Calendar.Edition().Digest), Because: secret})
	whole.at("2026-04-15T23:59").tick()
	whole.must(loop.RecordPlan{Header: whole.header("dm"), Plan: secret})
	whole.at("2026-04-16T09:30").must(moderation.Allocate{Header: whole.header("qa"), Moderator: "moderator"})
	whole.must(moderation.Discuss{Header: whole.header("moderator"), HeldOn: day(t, "2026-04-16")})
	for _, v := range []moderation.View{moderation.AsAtAudit, moderation.Now} {
		whole.must(moderation.Judge{Header: whole.header("moderator"), View: v, Grade: "inadequate", Rationale: secret})
	}
	whole.must(moderation.Finalise{Header: whole.header("moderator"), Impact: secret})
	whole.must(moderation.Check{Header: whole.header("checker"), Return: secret})
	whole.must(moderation.Finalise{Header: whole.header("moderator"), Impact: secret})
	whole.must(moderation.Disagree{Header: whole.header("auditor"), Because: secret})
	whole.must(moderation.Settle{Header: whole.header("manager"), Uphold: true, Because: secret})
	whole.must(moderation.Check{Header: whole.header("checker")})
	whole.must(moderation.Comment{Header: whole.header("checker"), Comments: secret})
	whole.must(loop.SendTracker{Header: whole.header("manager")})
	whole.must(loop.CompleteAction{Header: whole.header("practitioner"), Action: "A1", Evidence: secret})
	whole.must(loop.ConfirmAction{Header: whole.header("pm"), Action: "A1"})
	whole.must(loop.CloseLoop{Header: whole.header("dm"), Standard: secret})
	closed := whole.state()
	whole.must(audit.Reopen{Header: whole.header("manager"), Because: secret})
	lives := []loop.State{unselected.state(), early.state(), whole.state()}

	whole.at("2026-07-20T12:00").tick()
	sample, _ := closed.FollowUp(audit.DipSample)
	whole.stream = sample.Stream
	whole.must(audit.Start{Header: whole.header("qa"), Auditor: "lead"})
	whole.must(loop.ReviewDipSample{Header: whole.header("lead"), Held: map[string]loop.Held{"A1": loop.HeldYes}, Impact: secret})
	lives = append(lives, whole.state())
	again, _ := closed.FollowUp(audit.DeepDive)
	whole.stream = again.Stream
	whole.must(loop.CancelFollowUp{Header: whole.header("manager"), Because: secret})
	return append(lives, whole.state())
}
