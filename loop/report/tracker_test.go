package report_test

import (
	"testing"
	"time"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/loop"
	"github.com/practiceaudit/practiceaudit/loop/report"
)

func day(t *testing.T, s string) calendar.Date {
	t.Helper()
	d, err := calendar.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// An action is late by the working days since it was due, until it is completed.
func TestTheTrackerSaysWhereEachActionStands(t *testing.T) {
	due := calendar.Deadline{Due: day(t, "2026-04-30")} // a Thursday before the early May bank holiday
	at := func(s string) time.Time { return day(t, s).Start().Add(10 * time.Hour) }
	action := func(id string) audit.Action { return audit.Action{ID: id, Owner: "p"} }
	s := loop.State{Tracker: []loop.Tracked{
		{Action: action("open"), Stage: loop.StageAudit, Due: due},
		{Action: action("late"), Stage: loop.StageAudit, Due: due, Completed: &loop.ActionCompleted{By: "p", At: at("2026-05-05")}},
		{Action: action("done"), Stage: loop.StageModeration, Due: due, Completed: &loop.ActionCompleted{By: "p", At: at("2026-04-29"), Evidence: "seen"}, Reflections: []loop.ReflectedInSupervision{{HeldOn: day(t, "2026-05-06")}, {HeldOn: day(t, "2026-05-05")}}, Confirmed: &loop.ActionConfirmed{By: "m", At: at("2026-05-01")}},
	}}
	rows, err := report.Tracker(s, at("2026-05-06"), calendar.EnglandAndWales())
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []struct {
		id      string
		status  report.Status
		overdue int
	}{{"open", report.Open, 3}, {"late", report.Completed, 2}, {"done", report.Confirmed, 0}} {
		if r := rows[i]; r.Action != want.id || r.Status != want.status || r.Overdue != want.overdue {
			t.Errorf("row %d: %s is %s, %d working days late; want %v", i, r.Action, r.Status, r.Overdue, want)
		}
	}
	if rows[2].ConfirmedBy != "m" || rows[2].ConfirmedOn != day(t, "2026-05-01") || rows[2].Stage != loop.StageModeration || rows[2].Evidence != "seen" {
		t.Errorf("%+v", rows[2])
	}
	if rows[0].Reflections != 0 || rows[2].Reflections != 2 || rows[2].ReflectedOn != day(t, "2026-05-06") {
		t.Errorf("reflected upon in supervision: %+v", rows)
	}
	if _, err := report.Tracker(s, time.Date(2300, 1, 1, 0, 0, 0, 0, time.UTC), calendar.EnglandAndWales()); err == nil {
		t.Error("a date outside the calendar is counted to")
	}
}
