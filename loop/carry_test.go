package loop_test

import (
	"context"
	"errors"
	"iter"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/loop"
	"github.com/practiceaudit/practiceaudit/moderation"
	"github.com/practiceaudit/practiceaudit/rubric"
)

// A re-audit begins with what both stages found: the moderator's actions, and
// the missed bottom lines about a fixed past as moderated.
func TestAReAuditCarriesWhatBothStagesFound(t *testing.T) {
	w := newWalk(t, true)
	w.moderatorAllocated()
	w.must(moderation.Discuss{Header: w.header("moderator"), HeldOn: day(t, "2026-04-16")})
	w.must(moderation.Amend{
		Header: w.header("moderator"), View: moderation.AsAtAudit,
		Facts: map[string]string{"allocated_at": "2026-01-09T17:00"}, Because: secret,
		Lines:    map[string]map[string]rubric.Answer{"referral": {"acted_on_promptly": rubric.NotEvidenced}},
		Evidence: map[string]map[string]audit.FreeText{"referral": {"acted_on_promptly": secret}},
	})
	for _, v := range []moderation.View{moderation.AsAtAudit, moderation.Now} {
		w.must(moderation.Judge{Header: w.header("moderator"), View: v, Grade: "inadequate", Rationale: secret})
	}
	w.must(moderation.AddAction{Header: w.header("moderator"), Action: audit.Action{ID: "M1", Text: secret, Owner: "tm"}})
	w.must(moderation.Finalise{Header: w.header("moderator"), Impact: secret})

	follow, _ := w.state().FollowUp(audit.DeepDive)
	first := w.state()
	w.stream = follow.Stream
	w.at("2026-05-15T09:00")
	_, err := loop.Plan(w.state(), audit.Start{Header: w.header("qa"), Auditor: "second"}, w.env)
	var refused *audit.Refusal
	if !errors.As(err, &refused) || refused.Rule != "origin" {
		t.Errorf("started without the audit that caused it: %v", err)
	}
	w.must(audit.Start{Header: w.header("qa"), Auditor: "second"})
	origin := w.state().Audit.Origin
	var actions []string
	for _, a := range origin.Carried {
		actions = append(actions, a.ID)
	}
	if diff := cmp.Diff([]string{"A1", "M1"}, actions); diff != "" {
		t.Errorf("carried actions (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]rubric.LineRef{{Section: "referral", Line: "acted_on_promptly", Text: "Referral acted upon promptly"}}, origin.Fixed); diff != "" {
		t.Errorf("carried lines: the moderator found one met and another missed (-want +got):\n%s", diff)
	}
	if origin.Stream != string(first.Stream) {
		t.Errorf("the re-audit is of %s", origin.Stream)
	}
}

// A dip sample ends with its review, which nothing else takes the place of.
func TestADipSampleIsReviewedAndNotAuditedAgain(t *testing.T) {
	w := newWalk(t, true)
	w.loopClosed()
	follow, _ := w.state().FollowUp(audit.DipSample)
	w.stream = follow.Stream
	w.at("2026-08-03T10:00").must(audit.Start{Header: w.header("qa"), Auditor: "lead"})
	lead := w.header("lead")
	for _, c := range []loop.Command{
		audit.Reflect{Header: w.header("practitioner")},
		audit.Meet{Header: lead, HeldOn: lead.On(), WithoutReflection: secret, WithoutPractitioner: secret},
		wholeAnswer(w.env.Rubric, lead, false),
		audit.Judge{Header: lead, Section: audit.Overall, Grade: "inadequate", Rationale: secret},
		audit.RecordFeedback{Header: lead, Feedback: audit.Feedback{Source: "child", Outcome: audit.FeedbackUnsafe, Decider: "tm"}},
		audit.AddAction{Header: lead, Action: audit.Action{ID: "D1", Text: secret, Owner: "tm"}},
		audit.Finalise{Header: lead},
	} {
		w.wantRefused("kind", c)
	}
	w.must(loop.ReviewDipSample{Header: w.header("lead"), Held: map[string]loop.Held{"A1": loop.HeldYes, "M1": loop.HeldPartly}, Impact: secret})
}

// A second finding, after the QA check returned the moderation, is a second
// alert: nobody is escalated to before its own two hours, and somebody then.
func TestASecondFindingClimbsALadderOfItsOwn(t *testing.T) {
	for _, answered := range []loop.Topic{loop.TopicInadequateModeration, loop.TopicUnacknowledged} {
		t.Run("the first answered by "+string(answered), func(t *testing.T) {
			w := newWalk(t, true)
			w.moderated()
			acknowledge := func(topic loop.Topic) {
				for _, n := range w.state().Notices {
					if n.Topic == topic && n.To.Person != "" {
						w.must(loop.Acknowledge{Header: w.header(n.To.Person), Notice: n.ID})
					}
				}
			}
			acknowledge(loop.TopicInadequateAudit)
			w.must(loop.RecordPlan{Header: w.header("dm"), Plan: secret})
			if answered == loop.TopicUnacknowledged {
				w.at("2026-04-29T17:30").tick()
			}
			acknowledge(answered)
			w.at("2026-05-01T10:30").must(moderation.Check{Header: w.header("checker"), Return: secret})
			before := len(told(w.state(), loop.TopicUnacknowledged))
			w.at("2026-05-05T10:00").must(moderation.Finalise{Header: w.header("moderator"), Impact: secret})
			w.at("2026-05-05T11:59").tick()
			if new := told(w.state(), loop.TopicUnacknowledged)[before:]; len(new) > 0 {
				t.Errorf("told %v before two hours", new)
			}
			w.at("2026-05-05T18:00").tick()
			if new := told(w.state(), loop.TopicUnacknowledged)[before:]; len(new) != 3 {
				t.Errorf("told %v, want all three rungs", new)
			}
		})
	}
}

// A new calendar, here a day on which the council is closed, holds up nothing:
// an audit runs on by the calendar it started with, which the store keeps.
func TestANewCalendarHoldsUpNothing(t *testing.T) {
	w := newWalk(t, true)
	w.finalised()
	closed, err := calendar.EnglandAndWales().WithClosures("halton", []calendar.Closure{{Name: "Training day", From: day(t, "2026-04-20")}})
	if err != nil {
		t.Fatal(err)
	}
	due := w.state().Audit.Final.ActionsDue
	w.engine.Env.Calendar = closed
	i := slices.IndexFunc(w.state().Notices, func(n loop.Notified) bool { return n.To.Role == audit.RoleDirector })
	w.at("2026-04-15T18:20").tick()
	if who := told(w.state(), loop.TopicUnacknowledged); len(who) != 1 {
		t.Errorf("told %v after two hours", who)
	}
	w.must(loop.Acknowledge{Header: w.header("director"), Notice: w.state().Notices[i].ID})
	w.must(moderation.Allocate{Header: w.header("qa"), Moderator: "moderator"})
	if again, err := calendar.EnglandAndWales().DeadlineFrom(day(t, "2026-04-15"), w.env.Policy.Moderation.Moderation.Period, calendar.NoRoll); err != nil || w.state().Moderation.Due.Due != again.Due {
		t.Errorf("moderation due %s, want %s by the calendar the audit started with (%v)", w.state().Moderation.Due.Due, again.Due, err)
	}
	if w.state().Audit.Final.ActionsDue.Due != due.Due {
		t.Error("a stored deadline moved")
	}

	// An acknowledgement needs no calendar at all.
	other := w.env
	other.Calendar = closed
	if _, err := loop.Plan(w.state(), loop.Acknowledge{Header: w.header("dm"), Notice: w.state().Notices[i-1].ID}, other); err != nil {
		t.Errorf("acknowledged under another calendar: %v", err)
	}
}

func TestAConcernWithoutAnEnvLeavesTheWakeUpsAlone(t *testing.T) {
	w := newWalk(t, true)
	w.finalised()
	ctx := context.Background()
	all := func() []loop.Wake {
		due, err := w.store.Due(ctx, w.now.AddDate(1, 0, 0), 1000)
		if err != nil {
			t.Fatal(err)
		}
		return due
	}
	before := all()
	b, err := loop.Plan(w.state(), loop.RaiseConcern{Header: w.header("anyone"), Concern: secret}, loop.Env{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.store.Commit(ctx, b); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, all()); diff != "" || len(before) < 5 {
		t.Errorf("wake-ups before the concern and after (-before +after):\n%s", diff)
	}
}

// unreadableStore is a store one of whose records is broken.
type unreadableStore struct{ loop.Store }

func (s unreadableStore) Load(ctx context.Context, stream loop.StreamID, after loop.Version) iter.Seq2[loop.Record, error] {
	return func(yield func(loop.Record, error) bool) {
		for r, err := range s.Store.Load(ctx, stream, after) {
			if r.Version == 3 {
				r.Data = []byte("{broken")
			}
			if !yield(r, err) {
				return
			}
		}
	}
}

func TestAConcernIsRaisedOnAHistoryThatCannotBeRead(t *testing.T) {
	w := newWalk(t, true)
	w.finalised()
	kept := w.store
	w.engine.Store = unreadableStore{kept}
	if err := w.try(loop.RecordPlan{Header: w.header("dm"), Plan: secret}); err == nil {
		t.Error("decided on a history that cannot be read")
	}
	w.must(loop.RaiseConcern{Header: w.header("anyone"), Concern: secret})
	w.engine.Store = kept
	if n := len(w.state().Concerns); n != 1 {
		t.Errorf("%d concerns", n)
	}
}

func TestAFollowUpThatWaitsForItsDayIsNotOverdue(t *testing.T) {
	w := newWalk(t, true)
	w.finalised()
	follow, _ := w.state().FollowUp(audit.DeepDive)
	w.stream = follow.Stream
	for _, c := range w.state().Clocks() {
		status, err := w.env.Calendar.Status(c.Due, w.now)
		if err != nil {
			t.Fatal(err)
		}
		if got := status.String(); got != "due in 21 working days (Fri 15 May 2026)" {
			t.Errorf("the %s is %s", c.Name, got)
		}
	}
}
