package audit

import "github.com/practiceaudit/practiceaudit/calendar"

// In returns the selection as the monthly cycle makes it: in the cycle's stream,
// on the theme of a themed audit, starting on a day of the cycle's month.
func (e Selected) In(cycle, theme string, start calendar.Date, p Policy) Selected {
	e.Cycle, e.Theme = cycle, theme
	e.StartOn, e.Focus = start, p.focus(start)
	return e
}
