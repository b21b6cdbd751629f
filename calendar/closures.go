package calendar

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Closure is a time when a council does not work beside the bank holidays, such
// as the days between Christmas and New Year. Closed is closed: no day of it is
// a working day.
type Closure struct {
	From Date
	To   Date // the last day of it; no date for a single day
	Name string
}

// Limits on what WithClosures accepts.
const (
	MaxClosures    = 2000 // closures
	MaxClosureDays = 62   // days of one closure
)

// WithClosures returns the calendar of a council that is closed on more days
// than the nation. The name is the council's, in small letters, digits and
// hyphens; it becomes part of the edition's. A closure on a bank holiday,
// Saturday or Sunday changes nothing (it is kept, should the holiday move), and the order of closures means nothing.
// The calendar itself stays as it was.
//
// A closure that cannot be is a *ClosureError, the first of them; one
// outside the years covered a *RangeError; and closures that leave a year
// without a working day a *ClosedError.
func (c *Calendar) WithClosures(council string, closures []Closure) (*Calendar, error) {
	if c == nil || len(c.days) == 0 {
		return nil, c.outsideYear(firstYear)
	}
	if !goodName(council) || strings.Contains(council, "+") || len(c.name)+1+len(council) > maxTitle {
		return nil, &ClosureError{Problem: fmt.Sprintf("%q cannot be the council's name", shorten(council)), Want: `a short name in small letters, digits and hyphens, such as "halton"`}
	}
	if len(closures) > MaxClosures {
		return nil, &ClosureError{Problem: fmt.Sprintf("there are %d closures", len(closures)), Want: fmt.Sprintf("at most %d", MaxClosures)}
	}
	names := map[Date]string{}
	for i, closure := range closures {
		if err := c.close(names, closure); err != nil {
			if wrong, ok := err.(*ClosureError); ok {
				wrong.Index = i
			}
			return nil, err
		}
	}
	table := slices.Clone(c.holidays)
	for _, h := range onWeekdays(names) {
		if !c.closed(h.date) {
			table = append(table, holiday{h.date, h.name, true})
		}
	}
	slices.SortFunc(table, holiday.compare)
	return checkedCalendar(c.name+"+"+council, c.coverage, table)
}

// closed reports whether there is a closure on d, beside a bank holiday or not.
func (c *Calendar) closed(d Date) bool {
	_, found := slices.BinarySearchFunc(c.holidays, holiday{date: d, closure: true}, holiday.compare)
	return found
}

// Check returns a *ClosureError when the closure cannot be: no first day, a
// last day before it, more than MaxClosureDays, or no name that can be printed.
func (cl Closure) Check() error {
	to := cl.To
	if to.IsZero() {
		to = cl.From
	}
	days := cl.From.DaysUntil(to) + 1
	wrong := &ClosureError{Closure: cl}
	switch {
	case cl.From.IsZero():
		wrong.Problem, wrong.Want = "the first day is missing", `a date such as "2026-12-28"`
	case days < 1:
		wrong.Problem, wrong.Want = fmt.Sprintf("the last day, %s, is before the first, %s", to.Short(), cl.From.Short()), "the earlier date first"
	case days > MaxClosureDays:
		wrong.Problem, wrong.Want = fmt.Sprintf("it is %d days long", days), fmt.Sprintf("at most %d days, or several closures", MaxClosureDays)
	default:
		if wrong.Problem = badTitle(cl.Name, maxTitle); wrong.Problem == "" {
			return nil
		}
		wrong.Want = `a short name such as "Christmas week"`
	}
	return wrong
}

func (c *Calendar) close(names map[Date]string, cl Closure) error {
	if err := cl.Check(); err != nil {
		return err
	}
	if cl.To.IsZero() {
		cl.To = cl.From
	}
	for d := cl.From; !d.After(cl.To); d = d.AddDays(1) {
		if err := c.refuse(d); err != nil {
			return err
		}
		name(names, d, cl.Name)
	}
	return nil
}

// ClosureError says why a closure cannot be.
type ClosureError struct {
	Index   int // of the closure in the list, from 0
	Closure Closure
	Problem string // what is wrong with it
	Want    string // what would be right
}

// Error returns what was wrong and what would be right.
func (e *ClosureError) Error() string {
	s := e.Problem
	if e.Closure != (Closure{}) {
		s = fmt.Sprintf("closure %q: %s", shorten(e.Closure.Name), e.Problem)
	}
	if e.Want != "" {
		s += "; write " + e.Want
	}
	return s
}

// ClosedError reports a year or month in which no day is a working day.
type ClosedError struct {
	Calendar string // the calendar's name
	Year     int
	Month    time.Month // 0 for the whole year
}

// Error names the year or the month.
func (e *ClosedError) Error() string {
	when := strconv.Itoa(e.Year)
	if e.Month != 0 {
		when = e.Month.String() + " " + when
	}
	return fmt.Sprintf("no day of %s is a working day in the calendar %s; leave out some closures", when, e.Calendar)
}
