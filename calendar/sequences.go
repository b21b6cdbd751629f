package calendar

import (
	"iter"
	"slices"
)

// WorkingDays returns the working days from first to last, both included when
// they are working days, in order. Dates outside the calendar are a
// *RangeError, and no date a *DateError. A last before first gives none. Whether
// the days are projected, [Calendar.Projected] says of first and last.
func (c *Calendar) WorkingDays(first, last Date) (iter.Seq[Date], error) {
	from, to, err := c.lookBoth(first, last)
	if err != nil {
		return nil, err
	}
	days := c.working[min(from.before(), to.upTo()):to.upTo()]
	return slices.Values(days), nil
}

// Holidays returns the weekdays off from first to last, both included, in order:
// each bank holiday and closure with its name. Errors are those of WorkingDays,
// and DayOff says of each day whether it is projected.
func (c *Calendar) Holidays(first, last Date) (iter.Seq2[Date, string], error) {
	if _, _, err := c.lookBoth(first, last); err != nil {
		return nil, err
	}
	return func(yield func(Date, string) bool) {
		i, _ := slices.BinarySearchFunc(c.holidays, first, holiday.compareDate)
		for ; i < len(c.holidays) && !c.holidays[i].date.After(last); i++ {
			h := c.holidays[i]
			if i > 0 && c.holidays[i-1].date == h.date {
				continue // a closure on a bank holiday
			}
			if !yield(h.date, h.name) {
				return
			}
		}
	}, nil
}

// EveryMonths returns first and the corresponding dates every so many months
// later, each rolled, until the calendar ends: a report every two months, the
// 7th of each month or the next working day. They are all counted from first,
// so that the 31st is had again after a shorter month; with Preceding, and
// first a 31st, they are the last working days of the months.
//
// An interval below 1 or above MaxMonths is a *PeriodError; the other errors
// are those of Roll, for first. Whether a date is projected is as for Roll.
func (c *Calendar) EveryMonths(first Date, months int, r Roll) (iter.Seq[Date], error) {
	if months < 1 || months > MaxMonths {
		return nil, &PeriodError{Problem: "an interval of so many months", Want: "from 1 to 120 months"}
	}
	if _, err := c.Roll(first, r); err != nil {
		return nil, err
	}
	return func(yield func(Date) bool) {
		for n := 0; ; n += months {
			d, err := c.Roll(first.AddMonths(n), r)
			if err != nil || !yield(d) {
				return
			}
		}
	}, nil
}
