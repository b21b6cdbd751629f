package calendar

import "slices"

// farthestMove is how many days a bank holiday has been moved at most, since 1950
// and in any part of the United Kingdom: the spring holiday of 2002, from 27 May
// to 4 June.
const farthestMove = 8

// Projected reports whether an answer is projected that hangs on which of the
// days between two dates, both included and in either order, are working days:
// whether one of them lies outside the official data (see [Coverage]) and is no
// Saturday, Sunday or closure.
//
// couldMove names the bank holidays not official yet that could then change the
// answer: those among the days or up to eight days away, since none has been
// moved further. It cannot name a day that is added for an occasion, and names
// none before the official data, where holidays do not move any more but have not
// been checked either. A date outside the calendar is a *RangeError, and no date
// a *DateError.
func (c *Calendar) Projected(a, b Date) (projected bool, couldMove []Skipped, err error) {
	if _, _, err := c.lookBoth(a, b); err != nil {
		return false, nil, err
	}
	first, last := earlier(a, b), later(a, b)
	if !c.anyUncertain(first, last) {
		return false, nil, nil
	}
	i, _ := slices.BinarySearchFunc(c.holidays, first.AddDays(-farthestMove), holiday.compareDate)
	for _, h := range c.holidays[i:] {
		if h.date.After(last.AddDays(farthestMove)) {
			break
		}
		if !h.closure && h.date.After(c.coverage.OfficialTo) {
			couldMove = append(couldMove, Skipped{Date: h.date, Reason: h.name})
		}
	}
	return true, couldMove, nil
}

// anyUncertain looks only at the days outside the official data.
func (c *Calendar) anyUncertain(first, last Date) bool {
	for d := first; !d.After(last) && d.Before(c.coverage.OfficialFrom); d = d.AddDays(1) {
		if c.uncertain(d) {
			return true
		}
	}
	for d := later(first, c.coverage.OfficialTo.AddDays(1)); !d.After(last); d = d.AddDays(1) {
		if c.uncertain(d) {
			return true
		}
	}
	return false
}

// uncertain reports whether another list of bank holidays could make d a working
// day or take it away.
func (c *Calendar) uncertain(d Date) bool {
	official := span{c.coverage.OfficialFrom, c.coverage.OfficialTo}
	return !official.holds(d) && !isWeekend(d) && !c.closed(d)
}
