package calendar

import "time"

// Deadline is a date by which something is due, and how it was worked out. It
// is plain data, to be stored as it is: a later edition of the calendar does
// not change it.
type Deadline struct {
	Start     Date      `json:"start"`             // London date of the event; it is not counted
	StartAt   time.Time `json:"start_at,omitzero"` // moment of the event, for hour periods only
	Period    Period    `json:"period"`
	Roll      Roll      `json:"roll"`
	Due       Date      `json:"due"`               // London date it is due
	Last      time.Time `json:"last"`              // last moment in time: the end of Due, or for hours the exact moment
	Edition   string    `json:"edition"`           // of the calendar that worked it out
	Projected bool      `json:"projected"`         // some date lies after the last official data
	Skipped   []Skipped `json:"skipped,omitempty"` // the non-working days passed over, in order of date
}

// IsZero reports whether d is no deadline.
func (d Deadline) IsZero() bool { return d.Due.IsZero() }

// Equal reports whether d and e are the same deadline, worked out the same
// way. Moments are compared as moments, whatever zone they were stored in.
func (d Deadline) Equal(e Deadline) bool {
	if len(d.Skipped) != len(e.Skipped) {
		return false
	}
	for i := range d.Skipped {
		if d.Skipped[i] != e.Skipped[i] {
			return false
		}
	}
	return d.Start == e.Start && d.StartAt.Equal(e.StartAt) &&
		d.Period == e.Period && d.Roll == e.Roll &&
		d.Due == e.Due && d.Last.Equal(e.Last) &&
		d.Edition == e.Edition && d.Projected == e.Projected
}

// Deadline works out when something is due that has the period p from the
// moment start, whose London date is not counted. Hours run on from the moment
// itself, through weekends and clock changes, so they take no Roll but NoRoll.
//
// The errors are a *DateError for the zero time, a *PeriodError for no period
// or rolled hours, a *RollError, and a *RangeError when the start or the
// result lies outside the calendar.
func (c *Calendar) Deadline(start time.Time, p Period, r Roll) (Deadline, error) {
	if start.IsZero() {
		return Deadline{}, noDate("the start")
	}
	date, err := c.dateOf(start)
	if err != nil {
		return Deadline{}, err
	}
	if p.unit != Hours {
		return c.DeadlineFrom(date, p, r)
	}
	if err := r.check(); err != nil {
		return Deadline{}, err
	}
	if r != NoRoll {
		return Deadline{}, &PeriodError{
			Text:    p.String(),
			Problem: "hours run through weekends and bank holidays and cannot be rolled",
			Want:    "a period in working days, or leave the roll out",
		}
	}
	start = start.Round(0) // without the monotonic clock, which no store keeps
	last := start.Add(time.Duration(p.n) * time.Hour).In(London())
	d := Deadline{Start: date, StartAt: start.In(London()), Period: p, Due: DateOf(last), Last: last}
	return c.complete(d)
}

// DeadlineFrom is Deadline from a London date. A period in hours needs a
// moment to start from and is a *PeriodError here.
func (c *Calendar) DeadlineFrom(start Date, p Period, r Roll) (Deadline, error) {
	d := Deadline{Start: start, Period: p, Roll: r}
	if err := r.check(); err != nil {
		return Deadline{}, err
	}
	fell, err := c.fall(start, p)
	if err != nil {
		return Deadline{}, err
	}
	if d.Due, err = c.Roll(fell, r); err != nil {
		return Deadline{}, err
	}
	switch {
	case p.unit == WorkingDays:
		d.Skipped, err = c.daysOff(start.AddDays(1), d.Due)
	case d.Due.After(fell):
		d.Skipped, err = c.daysOff(fell, d.Due)
	case d.Due.Before(fell):
		d.Skipped, err = c.daysOff(d.Due, fell)
	}
	if err != nil {
		return Deadline{}, err
	}
	d.Last = d.Due.End()
	return c.complete(d)
}

// Before returns the date a period before d: "2 working days before". Working
// days answer a working day, the other units the date as it falls. A period
// in hours is a *PeriodError.
func (c *Calendar) Before(d Date, p Period) (Date, error) {
	p.n = -p.n
	return c.fall(d, p)
}

// Within reports whether end comes within the period p of start: for hours,
// no more than that many elapsed hours later, across clock changes; for every
// other unit, no later than the last moment of the deadline with no roll. An
// end before its start is an *OrderError; the other errors are those of
// Deadline.
func (c *Calendar) Within(p Period, start, end time.Time) (bool, error) {
	if end.IsZero() {
		return false, noDate("the end")
	}
	d, err := c.Deadline(start, p, NoRoll)
	if err != nil {
		return false, err
	}
	if end.Round(0).Before(start.Round(0)) {
		return false, &OrderError{Start: start, End: end}
	}
	return !end.After(d.Last), nil
}

// fall returns the date that p from start falls on, before any roll. The
// number of units may be negative.
func (c *Calendar) fall(start Date, p Period) (Date, error) {
	if err := c.refuse(start); err != nil {
		return Date{}, err
	}
	var due Date
	switch p.unit {
	case Days:
		due = start.AddDays(int(p.n))
	case Weeks:
		due = start.AddDays(7 * int(p.n))
	case Months:
		due = start.AddMonths(int(p.n))
	case WorkingDays:
		return c.AddWorkingDays(start, int(p.n))
	case Hours:
		p.n = max(p.n, -p.n)
		return Date{}, &PeriodError{
			Text:    p.String(),
			Problem: "hours count from a moment, and only a date was given",
			Want:    "a period in days, or give the time of day as well",
		}
	default:
		return Date{}, &PeriodError{Problem: "the period is missing", Want: usualPeriods}
	}
	if err := c.refuse(due); err != nil {
		return Date{}, err
	}
	return due, nil
}

// daysOff returns the non-working days from first to last inclusive.
func (c *Calendar) daysOff(first, last Date) ([]Skipped, error) {
	var off []Skipped
	for d := first; !d.After(last); d = d.AddDays(1) {
		reason, isOff, err := c.DayOff(d)
		if err != nil {
			return nil, err
		}
		if isOff {
			off = append(off, Skipped{Date: d, Reason: reason})
		}
	}
	return off, nil
}

// complete adds what every deadline carries, and refuses one outside the
// calendar.
func (c *Calendar) complete(d Deadline) (Deadline, error) {
	for _, date := range []Date{d.Start, d.Due} {
		if err := c.refuse(date); err != nil {
			return Deadline{}, err
		}
	}
	_, _, official := c.Coverage()
	d.Edition = c.Edition().String()
	d.Projected = d.Start.After(official) || d.Due.After(official)
	return d, nil
}
