// Package report holds what the people around an audit read, as data: nothing
// here ranks practitioners (QA framework, Glossary: "not reflective of just one
// individual").
package report

import (
	"time"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/loop"
)

// Tracked is a row of the action tracker (QA framework, Closing the loop): one
// action of either stage.
type Tracked struct {
	Action      string         `json:"action"`
	Text        audit.FreeText `json:"text"` // personal data: for the record, never for a notice
	Stage       loop.Stage     `json:"stage"`
	Owner       audit.PersonID `json:"owner"`
	Due         calendar.Date  `json:"due"`
	Status      Status         `json:"status"`
	Overdue     int            `json:"overdue"` // working days that the action is, or was when completed, late
	CompletedBy audit.PersonID `json:"completed_by,omitempty"`
	CompletedOn calendar.Date  `json:"completed_on,omitzero"`
	Evidence    audit.FreeText `json:"evidence,omitempty"` // personal data, as Text is
	ConfirmedBy audit.PersonID `json:"confirmed_by,omitempty"`
	ConfirmedOn calendar.Date  `json:"confirmed_on,omitzero"`
	Reflections int            `json:"reflections"`           // upon its impact, in supervision: 0 shows which have none
	ReflectedOn calendar.Date  `json:"reflected_on,omitzero"` // the last of those supervisions
}

// Status is how far an action has come.
type Status string

// The statuses of an action.
const (
	Open      Status = "open"
	Completed Status = "completed" // not confirmed yet
	Confirmed Status = "confirmed"
)

// Tracker returns the action tracker of an audit at a moment: every action of
// audit and moderation, in the order in which they were asked for. Its error
// says that a date lies outside the calendar.
func Tracker(s loop.State, at time.Time, c *calendar.Calendar) ([]Tracked, error) {
	var rows []Tracked
	for _, t := range s.Tracker {
		row := Tracked{Action: t.ID, Text: t.Text, Stage: t.Stage, Owner: t.Owner, Due: t.Due.Due, Status: Open, Reflections: len(t.Reflections)}
		for _, r := range t.Reflections {
			if r.HeldOn.After(row.ReflectedOn) {
				row.ReflectedOn = r.HeldOn
			}
		}
		until := calendar.DateOf(at)
		if t.Completed != nil {
			row.Status, row.CompletedBy, row.CompletedOn = Completed, t.Completed.By, calendar.DateOf(t.Completed.At)
			row.Evidence = t.Completed.Evidence
			until = row.CompletedOn
		}
		if t.Confirmed != nil {
			row.Status, row.ConfirmedBy, row.ConfirmedOn = Confirmed, t.Confirmed.By, calendar.DateOf(t.Confirmed.At)
		}
		if until.After(row.Due) {
			late, err := c.CountWorkingDaysAfter(row.Due, until)
			if err != nil {
				return nil, err
			}
			row.Overdue = late
		}
		rows = append(rows, row)
	}
	return rows, nil
}
