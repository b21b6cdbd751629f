package calendar

import "time"

// Roll returns d when it is a working day, and otherwise the working day that
// r says. NoRoll returns d as it is. An unknown Roll is a *RollError; a calendar
// that ends before the working day is found, or before the month does to which
// ModifiedFollowing keeps, is a *RangeError. Whether the answer is projected,
// [Calendar.Projected] says of d and the answer; for ModifiedFollowing rolled
// back, of the answer and the end of the month.
func (c *Calendar) Roll(d Date, r Roll) (Date, error) {
	if err := r.check(); err != nil {
		return Date{}, err
	}
	day, ok := c.look(d)
	if !ok {
		return Date{}, c.refuse(d)
	}
	if r == NoRoll || day.working() {
		return d, nil
	}
	switch r {
	case Preceding:
		return c.workingDay(day.upTo())
	case ModifiedFollowing:
		next, err := c.workingDay(day.upTo() + 1)
		switch end := d.monthEnd(); {
		case err == nil && !next.After(end):
			return next, nil
		case err != nil && c.coverage.Last.Before(end):
			return Date{}, err // the rest of the month is not known
		}
		return c.workingDay(day.upTo())
	default:
		return c.workingDay(day.upTo() + 1)
	}
}

// AddWorkingDays returns the nth working day after d, or, when n is negative,
// before it. The day of the event is not counted, so a d that is not a working
// day counts from the next one. With n of 0 it is d rolled to Following. The
// time taken does not depend on n; a result outside the calendar is a
// *RangeError. Whether the answer is projected, [Calendar.Projected] says of d
// and the answer.
func (c *Calendar) AddWorkingDays(d Date, n int) (Date, error) {
	day, ok := c.look(d)
	if !ok {
		return Date{}, c.refuse(d)
	}
	nth := day.upTo() + n
	if n <= 0 {
		nth = day.before() + 1 + n
	}
	if uint(nth-1) < uint(len(c.working)) {
		return c.working[nth-1], nil
	}
	return Date{}, c.beyond(n >= 0)
}

// CountWorkingDaysAfter returns the number of working days after start up to
// and including end: the number that AddWorkingDays takes from start to a
// working day end. The start is never counted. When end is before start it is
// minus the count the other way round. Whether the number is projected,
// [Calendar.Projected] says of the two dates, as for the other counts.
func (c *Calendar) CountWorkingDaysAfter(start, end Date) (int, error) {
	from, to, err := c.lookBoth(start, end)
	if err != nil {
		return 0, err
	}
	return to.upTo() - from.upTo(), nil
}

// CountWorkingDaysBothIncluded returns the number of working days from first to
// last with both of them, as a timesheet counts. A last before first is an
// *OrderError.
func (c *Calendar) CountWorkingDaysBothIncluded(first, last Date) (int, error) {
	from, to, err := c.lookInOrder(first, last)
	if err != nil {
		return 0, err
	}
	return to.upTo() - from.before(), nil
}

// CountClearWorkingDays returns the number of working days between start and
// end with neither of them: clear days, as CPR 2.8(3) has them. An end before
// start is an *OrderError.
func (c *Calendar) CountClearWorkingDays(start, end Date) (int, error) {
	from, to, err := c.lookInOrder(start, end)
	if err != nil {
		return 0, err
	}
	return max(0, to.before()-from.upTo()), nil
}

func (c *Calendar) lookBoth(a, b Date) (day, day, error) {
	from, ok := c.look(a)
	if !ok {
		return 0, 0, c.refuse(a)
	}
	to, ok := c.look(b)
	if !ok {
		return 0, 0, c.refuse(b)
	}
	return from, to, nil
}

func (c *Calendar) lookInOrder(a, b Date) (from, to day, err error) {
	if from, to, err = c.lookBoth(a, b); err == nil && b.Before(a) {
		err = &OrderError{Start: a.Start(), End: b.Start()}
	}
	return from, to, err
}

// MonthlyDay returns the given day of a month, rolled: "the 7th or the next
// working day" is MonthlyDay(year, month, 7, Following). A day the month does
// not have is a *DateError; the other errors, and whether the answer is
// projected, are those of Roll.
func (c *Calendar) MonthlyDay(year int, m time.Month, day int, r Roll) (Date, error) {
	d, err := NewDate(year, m, day)
	if err != nil {
		return Date{}, err
	}
	return c.Roll(d, r)
}

// LastWorkingDay returns the last working day of a month. The errors are those
// of MonthlyDay; a month closed from end to end is a *ClosedError. Whether the
// answer is projected, [Calendar.Projected] says of it and the end of the month.
func (c *Calendar) LastWorkingDay(year int, m time.Month) (Date, error) {
	first, err := NewDate(year, m, 1)
	if err != nil {
		return Date{}, err
	}
	last, err := c.Roll(civil(year, m, daysIn(year, m)), Preceding)
	if err == nil && last.Before(first) {
		return Date{}, &ClosedError{Calendar: c.edition.Name, Year: year, Month: m}
	}
	return last, err
}

// workingDay returns the nth working day of the table, counting from 1.
func (c *Calendar) workingDay(n int) (Date, error) {
	if n >= 1 && n <= len(c.working) {
		return c.working[n-1], nil
	}
	return Date{}, c.beyond(n > 0)
}

// beyond returns the error for a working day after the last of the table, or
// before the first.
func (c *Calendar) beyond(after bool) error {
	if after {
		return c.outside(c.Coverage().Last.AddDays(1))
	}
	return c.outside(c.Coverage().First.AddDays(-1))
}
