package cycle

import (
	"fmt"
	"time"

	"github.com/practiceaudit/practiceaudit/calendar"
)

// Month is a month as it is written, "2026-04".
type Month string

// MonthOf is the month of a date.
func MonthOf(d calendar.Date) Month { return Month(fmt.Sprintf("%04d-%02d", d.Year(), d.Month())) }

// First is the first day of the month; false if it is not a month.
func (m Month) First() (calendar.Date, bool) {
	d, err := calendar.ParseDate(string(m) + "-01")
	if err != nil || MonthOf(d) != m {
		return calendar.Date{}, false
	}
	return d, true
}

// Long is the month as people say it, "April 2026".
func (m Month) Long() string {
	d, ok := m.First()
	if !ok {
		return string(m)
	}
	return d.Start().In(calendar.London()).Format("January 2006")
}

// start is the day on which the audits of a month start when they are begun on a
// day: the policy's day of the month, or the next working day if that is past.
func (e Env) start(m Month, on calendar.Date) (calendar.Date, error) {
	first, ok := m.First()
	if !ok {
		return calendar.Date{}, fmt.Errorf("%q is not a month: write 2026-04", m)
	}
	p := e.Audit.Policy
	start, err := e.Audit.Calendar.MonthlyDay(first.Year(), time.Month(first.Month()), p.StartDay, p.StartRoll)
	if err != nil || !start.Before(on) {
		return start, err
	}
	return e.Audit.Calendar.Roll(on, calendar.Following)
}
