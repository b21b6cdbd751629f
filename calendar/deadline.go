package calendar

import (
	"slices"
	"time"
)

// Deadline is a date by which something is due, and how it was worked out. It
// is plain data, to be stored as it is: a later edition of the calendar does
// not change it.
type Deadline struct {
	Start     Date      `json:"start"`             // London date of the event; it is not counted
	StartAt   time.Time `json:"start_at,omitzero"` // moment of the event where the hour matters: for hour periods, cut-offs and times of day
	Period    Period    `json:"period"`
	Roll      Roll      `json:"roll"`
	StartRule StartRule `json:"start_rule,omitzero"`  // where an event on a non-working day counts
	CutOff    TimeOfDay `json:"cut_off,omitzero"`     // an event from this time on counts as the next day's
	By        TimeOfDay `json:"by,omitzero"`          // time of day on Due; none is the end of the day
	From      Date      `json:"from,omitzero"`        // the date counted from, when a start rule or cut-off makes it another than Start
	Due       Date      `json:"due"`                  // London date it is due
	Last      time.Time `json:"last"`                 // last moment in time: the end of Due or By on it, or for hours the exact moment
	Edition   string    `json:"edition"`              // of the calendar that worked it out
	Projected bool      `json:"projected"`            // it hangs on days outside the official data: see Calendar.Projected
	CouldMove []Skipped `json:"could_move,omitempty"` // the bank holidays, not official yet, whose move could move it
	Skipped   []Skipped `json:"skipped,omitempty"`    // the non-working days that it hangs on, in order of date: passed over on the way to From and to Due
}

// IsZero reports whether d is no deadline.
func (d Deadline) IsZero() bool { return d.Due.IsZero() }

// Equal reports whether d and e are the same deadline, worked out the same
// way. Moments are compared as moments, whatever zone they were stored in.
func (d Deadline) Equal(e Deadline) bool {
	return d.Start == e.Start && d.StartAt.Equal(e.StartAt) && d.rule() == e.rule() && d.From == e.From &&
		d.Due == e.Due && d.Last.Equal(e.Last) &&
		d.Edition == e.Edition && d.Projected == e.Projected &&
		slices.Equal(d.CouldMove, e.CouldMove) && slices.Equal(d.Skipped, e.Skipped)
}

func (d Deadline) rule() Rule {
	return Rule{Period: d.Period, Roll: d.Roll, Start: d.StartRule, CutOff: d.CutOff, By: d.By}
}

// Deadline works out when something is due that has the period p from the
// moment start, whose London date is not counted. Hours run on from the moment
// itself, through weekends and clock changes, so they take no Roll but NoRoll.
//
// The errors are a *DateError for the zero time, a *PeriodError for no period
// or rolled hours, a *RollError, and a *RangeError when the start or the
// result lies outside the calendar.
func (c *Calendar) Deadline(start time.Time, p Period, r Roll) (Deadline, error) {
	return c.DeadlineBy(start, Rule{Period: p, Roll: r})
}

// DeadlineFrom is Deadline from a London date. A period in hours needs a
// moment to start from and is a *PeriodError here.
func (c *Calendar) DeadlineFrom(start Date, p Period, r Roll) (Deadline, error) {
	return c.fromDate(Deadline{Start: start, Period: p, Roll: r})
}

// Before returns the date a period before d: "2 working days before". Working
// days answer a working day, the other units the date as it falls. A period
// in hours is a *PeriodError. Whether a number of working days is projected,
// [Calendar.Projected] says of d and the answer; the other units never are.
func (c *Calendar) Before(d Date, p Period) (Date, error) {
	p.n = -p.n
	return c.fall(d, p)
}

// NotLessAfter returns the first date by which not less than p has gone by since
// start: all of its days lie clear between the two (CPR 2.8(2) and (3)). Not less
// than 28 days after 1 October is 30 October. For working days it is a working
// day. The errors are those of DeadlineFrom; projected is as for Before.
func (c *Calendar) NotLessAfter(start Date, p Period) (Date, error) {
	d, err := c.fall(start, p)
	if err != nil {
		return Date{}, err
	}
	if p.unit == WorkingDays {
		return c.AddWorkingDays(d, 1)
	}
	d = d.AddDays(1)
	return d, c.refuse(d)
}

// NotLessBefore returns the last date that leaves not less than p until d, with
// all of its days clear between the two: at least 3 days before Friday 20
// October is Monday 16 October. For working days it is a working day. NotLessAfter
// leads from it to d or before, and from a later date past d; a month before 31
// May is therefore 30 April. The errors are those of DeadlineFrom; projected is
// as for Before.
func (c *Calendar) NotLessBefore(d Date, p Period) (Date, error) {
	p.n = -p.n
	last, err := c.fall(d, p)
	if err != nil {
		return Date{}, err
	}
	switch p.unit {
	case WorkingDays:
		return c.AddWorkingDays(last, -1)
	case Months:
		// The last clear day is the one before d. When its month ends with it, every
		// later day of the month counted back to leads to it too.
		clear := d.AddDays(-1)
		if last = p.after(clear); clear == clear.monthEnd() {
			last = last.monthEnd()
		}
	default:
		last = last.AddDays(-1)
	}
	return last, c.refuse(last)
}

// Within reports whether end comes within the period p of start: for hours,
// no more than that many elapsed hours later, across clock changes; for every
// other unit, no later than the last moment of the deadline with no roll. An
// end before its start is an *OrderError; the other errors are those of
// Deadline, which also says whether the answer is projected.
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
	switch p.unit {
	case Days, Weeks, Months:
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
	due := p.after(start)
	if err := c.refuse(due); err != nil {
		return Date{}, err
	}
	return due, nil
}

// after returns the date that days, weeks or months from d fall on, and d itself
// for the other units.
func (p Period) after(d Date) Date {
	switch p.unit {
	case Days:
		return d.AddDays(int(p.n))
	case Weeks:
		return d.AddDays(7 * int(p.n))
	case Months:
		return d.AddMonths(int(p.n))
	}
	return d
}

// daysOff returns the non-working days from first to last inclusive.
func (c *Calendar) daysOff(first, last Date) ([]Skipped, error) {
	var off []Skipped
	for d := first; !d.After(last); d = d.AddDays(1) {
		day, err := c.DayOff(d)
		if err != nil {
			return nil, err
		}
		if day.Off {
			off = append(off, Skipped{Date: d, Reason: day.Reason})
		}
	}
	return off, nil
}
