package calendar

import (
	"fmt"
	"time"
)

// StatusState says on which side of a deadline a moment lies. The zero value
// is no status.
type StatusState uint8

const (
	// DueLater is before the London date due.
	DueLater StatusState = 1 + iota
	// DueToday is on the London date due, and still in time.
	DueToday
	// Overdue is after the last moment in time.
	Overdue
)

// String returns "due later", "due today" or "overdue".
func (s StatusState) String() string {
	switch s {
	case DueLater:
		return "due later"
	case DueToday:
		return "due today"
	case Overdue:
		return "overdue"
	}
	return fmt.Sprintf("StatusState(%d)", uint8(s))
}

// Status is how a deadline stands at some moment.
type Status struct {
	State       StatusState
	WorkingDays int       // working days still to come up to the date due, or gone by since it; never negative
	Due         Date      // London date due
	At          time.Time // for hour periods and times of day, the exact moment due; else zero
	Projected   bool      // the deadline, or the number of working days, hangs on days outside the official data
}

// Status says how the deadline d stands at a moment. No deadline and the zero
// time are a *DateError, and dates outside the calendar a *RangeError.
func (c *Calendar) Status(d Deadline, at time.Time) (Status, error) {
	if d.IsZero() {
		return Status{}, noDate("the deadline")
	}
	if at.IsZero() {
		return Status{}, noDate("the moment to judge the deadline at")
	}
	today, err := c.dateOf(at)
	if err != nil {
		return Status{}, err
	}
	days, err := c.CountWorkingDaysAfter(today, d.Due)
	if err != nil {
		return Status{}, err
	}
	s := Status{State: DueLater, WorkingDays: max(days, -days), Due: d.Due, Projected: d.Projected}
	if today != d.Due && !s.Projected {
		if s.Projected, _, err = c.Projected(earlier(today, d.Due).AddDays(1), later(today, d.Due)); err != nil {
			return Status{}, err
		}
	}
	if d.Period.unit == Hours || !d.By.IsZero() {
		s.At = d.Last
	}
	switch {
	case at.After(d.Last):
		s.State = Overdue
	case today == d.Due:
		s.State = DueToday
	}
	return s, nil
}

// String returns the status in words: "due in 3 working days (Mon 18 May
// 2026)", "due today", "overdue by 2 working days", with ", projected" at the end
// when it is. It is "" for no status.
func (s Status) String() string {
	words := s.words()
	if s.Projected && words != "" {
		words += ", projected"
	}
	return words
}

func (s Status) words() string {
	switch s.State {
	case DueLater:
		if s.WorkingDays == 0 {
			return "due on " + s.Due.Short() + ", before the next working day"
		}
		return fmt.Sprintf("due in %s (%s)", workingDays(s.WorkingDays), s.Due.Short())
	case DueToday:
		if s.At.IsZero() {
			return "due today"
		}
		return "due today by " + s.At.In(London()).Format("15:04")
	case Overdue:
		if s.WorkingDays > 0 {
			return "overdue by " + workingDays(s.WorkingDays)
		}
		if s.At.IsZero() {
			return "overdue since " + s.Due.Short()
		}
		return "overdue since " + s.At.In(London()).Format("15:04") + " on " + s.Due.Short()
	}
	return ""
}

func workingDays(n int) string {
	if n == 1 {
		return "1 working day"
	}
	return fmt.Sprintf("%d working days", n)
}
