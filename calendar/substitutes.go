package calendar

import "time"

// substitution is what is had instead of a holiday that falls on a Saturday or
// Sunday.
type substitution uint8

const (
	_ substitution = iota // nothing instead

	// mondayInstead has the Monday after.
	mondayInstead
	// mondayForSunday has the Monday after a Sunday, and nothing for a Saturday.
	mondayForSunday
	// christmasAndBoxing stands for both 25 and 26 December and has each on a
	// working day.
	christmasAndBoxing
	// newYearInScotland stands for both 1 and 2 January and has each on a
	// working day.
	newYearInScotland
)

func (s substitution) add(names map[Date]string, title string, d Date) {
	if d.IsZero() {
		return
	}
	switch s {
	case christmasAndBoxing:
		addChristmas(names, d)
		return
	case newYearInScotland:
		addScottishNewYear(names, d)
		return
	}
	name(names, d, title)
	if s == mondayInstead && isWeekend(d) || s == mondayForSunday && d.Weekday() == time.Sunday {
		name(names, monday(d), substituteFor(title))
	}
}

func substituteFor(title string) string { return "substitute day for " + title }

// addChristmas adds Christmas Day, Boxing Day and the days had instead: 27
// December by the Banking and Financial Dealings Act 1971 itself when the 25th
// or 26th is a Sunday (in Scotland the 26th for Christmas Day), the others by
// proclamation. When Christmas Day is a Sunday, Boxing Day keeps its Monday.
func addChristmas(names map[Date]string, christmas Date) {
	boxing := christmas.AddDays(1)
	name(names, christmas, "Christmas Day")
	name(names, boxing, "Boxing Day")
	forChristmas, forBoxing := substituteFor("Christmas Day"), substituteFor("Boxing Day")
	switch christmas.Weekday() {
	case time.Saturday:
		name(names, christmas.AddDays(2), forChristmas)
		name(names, christmas.AddDays(3), forBoxing)
	case time.Sunday:
		name(names, christmas.AddDays(2), forChristmas)
	case time.Friday:
		name(names, christmas.AddDays(3), forBoxing)
	}
}

// addScottishNewYear adds New Year's Day, 2 January and the days had instead.
// By the 1971 Act Sch 1 either of them on a Sunday is had on 3 January; a
// Saturday's is had by proclamation on 4 January. When New Year's Day is a
// Saturday and so 2 January a Sunday, GOV.UK gives the two days had instead their
// names in the order of the holidays (2011, 2022 and 2028).
func addScottishNewYear(names map[Date]string, newYear Date) {
	second := newYear.AddDays(1)
	name(names, newYear, newYearsDay)
	name(names, second, secondOfJanuary)
	switch newYear.Weekday() {
	case time.Saturday:
		name(names, newYear.AddDays(2), substituteFor(newYearsDay))
		name(names, newYear.AddDays(3), substituteFor(secondOfJanuary))
	case time.Sunday:
		name(names, newYear.AddDays(2), substituteFor(newYearsDay))
	case time.Friday:
		name(names, newYear.AddDays(3), substituteFor(secondOfJanuary))
	}
}

const (
	newYearsDay     = "New Year's Day"
	secondOfJanuary = "2nd January"
)

// monday is the Monday after a Saturday or Sunday.
func monday(d Date) Date {
	return d.AddDays((8 - int(d.Weekday())) % 7)
}
