package loop_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/loop"
)

// climbed lists what a ladder told, by moment.
func (w *walk) climbed(topic loop.Topic) []string {
	var told []string
	for _, n := range w.state().Notices {
		if n.Topic == topic {
			told = append(told, fmt.Sprintf("%s %s %s", n.At.In(calendar.London()).Format("Mon 15:04"), n.To.Role, n.To.Person))
		}
	}
	return told
}

// Days off hold back reminders only; elapsed hours are counted as they pass, when the
// clocks change too.
func TestAnAlertClimbsThroughTheNightTheWeekendAndTheClockChange(t *testing.T) {
	w := newWalk(t, false)
	w.at("2026-03-27T10:00").must(audit.Select{Header: w.header("qa"), Kind: audit.DeepDive, People: w.people, Case: audit.Case{Number: "104233", OpenedOn: day(t, "2025-09-15")}})
	w.at("2026-03-28T23:30").must(loop.RaiseConcern{Header: w.header("anyone"), Concern: secret}) // a Saturday; at 01:00 it is 02:00
	w.at("2026-03-29T23:00").tick()
	want := []string{"Sun 02:30 divisional_manager deputy", "Sun 04:30 director director", "Sun 06:30 out_of_hours_manager "}
	if diff := cmp.Diff(want, w.climbed(loop.TopicUnacknowledged)); diff != "" {
		t.Errorf("told (-want +got):\n%s", diff)
	}
}

func TestAnAlertThatIsAnsweredClimbsNoFurther(t *testing.T) {
	w := newWalk(t, false)
	w.selected()
	w.at("2026-04-03T21:00").must(loop.RaiseConcern{Header: w.header("anyone"), Concern: secret}) // Good Friday
	w.at("2026-04-04T00:30").tick()
	rung := slices.IndexFunc(w.state().Notices, func(n loop.Notified) bool { return n.Topic == loop.TopicUnacknowledged })
	w.must(loop.Acknowledge{Header: w.header("deputy"), Notice: w.state().Notices[rung].ID})
	w.at("2026-04-05T12:00").tick()
	if diff := cmp.Diff([]string{"Fri 23:00 divisional_manager deputy"}, w.climbed(loop.TopicUnacknowledged)); diff != "" {
		t.Errorf("told (-want +got):\n%s", diff)
	}
}

// The ladder for want of a plan ends with the London day of the finding.
func TestAFindingWithoutAPlanEscalatesTheSameDayHoweverLate(t *testing.T) {
	w := newWalk(t, true)
	w.met()
	w.at("2026-04-15T22:30").must(audit.Finalise{Header: w.header("auditor")})
	w.at("2026-04-16T12:00").tick()
	want := []string{"Wed 23:30 divisional_manager dm", "Wed 23:59 divisional_manager deputy", "Wed 23:59 director director"}
	if diff := cmp.Diff(want, w.climbed(loop.TopicNoPlan)); diff != "" {
		t.Errorf("told (-want +got):\n%s", diff)
	}
}
