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

// Of a case's line of management only those named are told of a restricted case: not
// by a reminder either, nor by a change of hands.
func TestNoReminderOfARestrictedCaseGoesToThoseWhoMayNotKnow(t *testing.T) {
	for name, told := range map[string][]audit.PersonID{"none of those to be reminded": {"lead"}, "one of them": {"pm"}} {
		t.Run(name, func(t *testing.T) {
			w := newWalk(t, false)
			w.finalised()
			restrict := audit.Restrict{Header: w.header("manager"), Restricted: true, Told: told, Because: secret}
			w.must(restrict)
			before := len(w.state().Notices)
			w.must(w.reassign("qa", audit.RoleTeamManager, "newcomer"))
			w.at("2026-05-20T10:00").tick()
			w.tick()
			s := w.state()
			reminded := 0
			for _, n := range s.Notices[before:] {
				if n.To.Role.OfCase() && !slices.Contains(told, n.To.Person) {
					t.Errorf("%s: told %s", n.Topic, n.To)
				}
				if strings.HasPrefix(n.Step, loop.ClockActions) {
					reminded++
				}
			}
			if reminded == 0 {
				t.Error("nobody is reminded of the actions at all")
			}
			if due, err := w.store.Due(t.Context(), w.now, 100); err != nil || len(due) > 0 {
				t.Errorf("%d wake-ups never come to an end (%v)", len(due), err)
			}
		})
	}
}

// A step whose people may all not know of the case is told to the QA team.
func TestAStepThatWouldTellNobodyTellsTheQATeam(t *testing.T) {
	w := newWalk(t, false)
	src := strings.Replace(string(halton.ProcessPolicy()), "tell: [divisional_manager, qa_manager] }\n  tracker", "tell: [divisional_manager] }\n  tracker", 1)
	policy, err := loop.ParsePolicy("policy.yaml", []byte(src))
	if err != nil {
		t.Fatal(err)
	}
	w.env.Policy = policy
	w.engine.Env = w.env
	w.moderated()
	w.must(audit.Restrict{Header: w.header("manager"), Restricted: true, Told: []audit.PersonID{"lead"}, Because: secret})
	w.at("2026-05-20T10:00").tick()
	who := told(w.state(), loop.TopicOverdue)
	if !slices.Contains(who, "qa_team:") || slices.Contains(who, "divisional_manager:dm") {
		t.Errorf("told %v", who)
	}
}

// Who holds a role of the council beside one of the case is told as the council's.
func TestAManagerOfTheCouncilIsToldOfARestrictedCase(t *testing.T) {
	w := newWalk(t, false)
	w.people = w.people.With(audit.RoleQAManager, "dm")
	w.actionsDone()
	w.must(audit.Restrict{Header: w.header("manager"), Restricted: true, Told: []audit.PersonID{"lead"}, Because: secret})
	w.must(moderation.Reopen{Header: w.header("manager"), Because: secret})
	w.must(moderation.Discuss{Header: w.header("moderator"), HeldOn: day(t, "2026-05-05")})
	for _, v := range []moderation.View{moderation.AsAtAudit, moderation.Now} {
		w.must(moderation.Judge{Header: w.header("moderator"), View: v, Grade: "good", Rationale: secret})
	}
	before := len(w.told(loop.TopicActionsConfirmed))
	w.must(moderation.Finalise{Header: w.header("moderator"), Impact: secret})
	if who := w.told(loop.TopicActionsConfirmed)[before:]; !slices.Equal(who, []string{"qa_manager:dm"}) {
		t.Errorf("told %v", who)
	}
}

func TestNoNoticeButAnAlarmGoesBeyondThoseNamedOfARestrictedCase(t *testing.T) {
	always(t, each(func(w *town, s loop.StreamID, h *story) {
		state := loop.New(s)
		for _, r := range h.records {
			n, ok := decoded(w, r).(loop.Notified)
			file := state.Audit.Case
			if ok && !n.Critical && file.Restricted && n.To.Role.OfCase() && !slices.Contains(file.Told, n.To.Person) {
				w.Fatalf("%s: %s told %s, and only %v may know", s, n.Topic, n.To, file.Told)
			}
			var err error
			if state, err = loop.Fold(state, r); err != nil {
				w.Fatal(err)
			}
		}
	}))
}
