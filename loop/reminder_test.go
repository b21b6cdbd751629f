package loop_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/loop"
)

// due lists what was told of an action's date from a day on, by moment.
func (w *walk) due(from string) []string {
	var told []string
	for _, n := range w.state().Notices {
		if (n.Topic == loop.TopicReminder || n.Topic == loop.TopicOverdue) && !n.At.Before(day(w.t, from).Start()) {
			told = append(told, fmt.Sprintf("%s %s to %s", n.At.In(calendar.London()).Format("2 Jan 15:04"), n.Topic, n.To.Person))
		}
	}
	return told
}

func TestAReminderOfAMomentAlreadyPastIsNotSent(t *testing.T) {
	overdue := []string{"23 Apr 09:00 overdue to practitioner", "23 Apr 09:00 overdue to pm"}
	later := []string{"24 Apr 09:00 overdue to practitioner", "24 Apr 09:00 overdue to pm"}
	for _, tc := range []struct {
		name, agreed, due string
		want              []string
	}{
		{"agreed for the same day", "2026-04-22T10:00", "2026-04-22", overdue},
		{"agreed after the hour of the reminder", "2026-04-22T10:00", "2026-04-23", later},
		{"agreed before it", "2026-04-22T08:00", "2026-04-23", append([]string{"22 Apr 09:00 reminder to practitioner"}, later...)},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := newWalk(t, true)
			w.finalised()
			w.at("2026-04-20T10:00").tick()
			w.at(tc.agreed).must(loop.AgreeDate{Header: w.header("pm"), Action: "A1", Due: day(t, tc.due), With: "practitioner", Because: secret})
			w.tick()
			w.at("2026-05-20T10:00").tick()
			if diff := cmp.Diff(tc.want, w.due("2026-04-21")); diff != "" {
				t.Errorf("told (-want +got):\n%s", diff)
			}
		})
	}
}

func TestWhatIsOverdueIsToldHoweverLate(t *testing.T) {
	w := newWalk(t, true)
	w.met()
	w.must(audit.AddAction{Header: w.header("auditor"), Action: audit.Action{
		ID: "A2", Text: secret, Owner: "tm", AgreedDate: day(t, "2026-04-16"), AgreedWith: "tm", AgreedBecause: secret,
	}})
	w.at("2026-04-20T10:00").must(audit.Finalise{Header: w.header("auditor")})
	w.tick()
	if diff := cmp.Diff([]string{"17 Apr 09:00 overdue to tm", "17 Apr 09:00 overdue to pm"}, w.due("2026-04-01")); diff != "" {
		t.Errorf("told (-want +got):\n%s", diff)
	}
}

func TestAReminderThatIsDueIsNotLostToACommandBeforeTheTick(t *testing.T) {
	w := newWalk(t, true)
	w.finalised()
	w.tick()
	w.at("2026-04-21T11:00").must(loop.RecordPlan{Header: w.header("dm"), Plan: secret})
	w.tick()
	if diff := cmp.Diff([]string{"21 Apr 09:00 reminder to practitioner"}, w.due("2026-04-01")); diff != "" {
		t.Errorf("told (-want +got):\n%s", diff)
	}
}

func TestTheStandardIsNotRemindedOfBeforeItsDateWasAgreed(t *testing.T) {
	w := newWalk(t, true)
	w.closed()
	w.at("2026-05-18T10:00").must(loop.AgreeDate{Header: w.header("pm"), Action: "M1", Due: day(t, "2026-05-18"), With: "tm", Because: secret})
	w.tick()
	for _, n := range w.state().Notices {
		if n.Topic == loop.TopicReminder && !n.At.Before(day(t, "2026-05-12").Start()) {
			t.Errorf("%s to %s: %s", n.At, n.To.Person, n.Body)
		}
	}
}

func TestAPolicyMayRemindOnDaysOffToo(t *testing.T) {
	for words, want := range map[string]string{"working_days": "20 Apr 09:00 overdue to auditor", "every_day": "18 Apr 09:00 overdue to auditor"} {
		w := newWalk(t, false)
		w.env.Policy = policyWith(t, "send_on: working_days", "send_on: "+words, "{ after: 1 working day, tell: [auditor, qa_team] }", "{ after: 1 day, tell: [auditor, qa_team] }")
		w.engine.Env = w.env
		w.started() // due on Friday the 17th
		w.at("2026-04-21T10:00").tick()
		if told := w.due("2026-04-17"); len(told) == 0 || told[0] != want {
			t.Errorf("%s: told %v, want %s", words, told, want)
		}
	}
}
