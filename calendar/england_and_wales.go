package calendar

import (
	"slices"
	"sync"
	"time"

	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/gb"
)

// EnglandAndWales returns the calendar of England and Wales for 1950 to 2150.
// It is worked out once, when first asked for.
//
// Bank holidays from 2011 to the end of 2028 agree with GOV.UK day for day.
// Earlier ones are put together from the statutes, proclamations and answers
// in Parliament cited beside them. Later ones follow the standing rules, and
// every Deadline that reaches them is marked Projected.
func EnglandAndWales() *Calendar { return englandAndWales() }

var englandAndWales = sync.OnceValue(buildEnglandAndWales)

func buildEnglandAndWales() *Calendar {
	const firstYear, lastYear = 1950, 2150
	names := make(map[Date]string, 8*(lastYear-firstYear+1))
	for year := firstYear; year <= lastYear; year++ {
		for _, rule := range englandAndWalesRules {
			if year >= rule.from && (rule.until == 0 || year <= rule.until) {
				names[dateOfRule(rule.day, year).AddDays(rule.plus)] = rule.name
			}
		}
		addNewYear(names, year)
		addChristmas(names, year)
	}
	for _, change := range englandAndWalesChanges {
		delete(names, change.not)
		names[change.date] = change.name
	}
	return newCalendar("england-and-wales",
		civil(firstYear, time.January, 1), civil(lastYear, time.December, 31),
		civil(2028, time.December, 31), onWeekdays(names))
}

// onWeekdays lists the holidays in order of date, without those on a Saturday
// or Sunday: they are no working days as it is.
func onWeekdays(names map[Date]string) []holiday {
	list := make([]holiday, 0, len(names))
	for date, name := range names {
		if !date.IsZero() && !isWeekend(date) {
			list = append(list, holiday{date, name})
		}
	}
	slices.SortFunc(list, func(a, b holiday) int { return a.date.Compare(b.date) })
	return list
}

// dateOfRule reads a rule of rickar/cal. That package answers with midnight in
// the machine's own zone, and some zones have days without a midnight, so the
// date is read at noon. A year the rule leaves out is no date.
func dateOfRule(h *cal.Holiday, year int) Date {
	day, _ := h.Calc(year)
	if day.IsZero() {
		return Date{}
	}
	y, m, d := day.Add(12 * time.Hour).Date()
	return civil(y, m, d)
}

// addNewYear adds New Year's Day, a bank holiday by proclamation since 1974
// (Banking and Financial Dealings Act 1971 s 1(3)); on a Saturday or Sunday
// the Monday after is proclaimed instead.
func addNewYear(names map[Date]string, year int) {
	if year < 1974 {
		return
	}
	day := dateOfRule(gb.NewYear, year)
	names[day] = "New Year's Day"
	if isWeekend(day) {
		names[monday(day)] = "substitute day for New Year's Day"
	}
}

// addChristmas adds Christmas Day, a holiday at common law, and Boxing Day, by
// the Bank Holidays Act 1871 and the 1971 Act. Since the 1971 Act came into
// force, both are had on a working day: 27 December by the Act itself when the
// 25th or 26th is a Sunday, the 28th by proclamation. Before, only Boxing Day
// on a Sunday had a substitute (Holidays Extension Act 1875): in 1970, with
// Boxing Day on a Saturday, the holidays were "on the traditional days" (HC
// Deb 11 November 1970 vol 806 c212W).
func addChristmas(names map[Date]string, year int) {
	christmas, boxing := dateOfRule(gb.ChristmasDay, year), dateOfRule(gb.BoxingDay, year)
	names[christmas], names[boxing] = "Christmas Day", "Boxing Day"
	const forChristmas, forBoxing = "substitute day for Christmas Day", "substitute day for Boxing Day"
	switch christmas.Weekday() {
	case time.Saturday:
		if year < substitutesFrom {
			names[monday(boxing)] = forBoxing
			return
		}
		names[monday(christmas)] = forChristmas
		names[monday(boxing).AddDays(1)] = forBoxing
	case time.Sunday:
		if year >= substitutesFrom {
			names[boxing.AddDays(1)] = forChristmas
		}
	case time.Friday:
		if year >= substitutesFrom {
			names[monday(boxing)] = forBoxing
		}
	}
}

// monday is the Monday after a Saturday or Sunday.
func monday(d Date) Date {
	return d.AddDays((8 - int(d.Weekday())) % 7)
}
