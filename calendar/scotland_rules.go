package calendar

import (
	"slices"
	"time"

	"github.com/rickar/cal/v2/gb"
)

// scotlandNation has no Easter Monday, and its summer holiday at the beginning
// of August. The first Monday in May was a bank holiday there from 1871, long
// before the rest of the United Kingdom had it.
//
// Two of its days are by the published lists and not by the letter of the law:
// no proclamation has been found for 4 January 2010 and 2011, had instead of a
// Saturday. GOV.UK lists the second.
var scotlandNation = nation{
	name:   nameScotland,
	fewest: 9,
	rules: []rule{
		goodFriday,
		// The Bank Holidays Act 1871 until the Banking and Financial Dealings Act
		// 1971, whose Schedule 1 added 2 January.
		{name: newYearsDay, from: firstYear, until: 1971, day: gb.NewYear, kind: mondayForSunday},
		{name: "New Year's Day and 2nd January", from: 1972, day: gb.NewYear, kind: newYearInScotland},
		{name: "Early May bank holiday", from: firstYear, day: gb.EarlyMay, movable: true},
		// By proclamation, each year since 1978: for 1999 in the London Gazette
		// of 30 June 1998, issue 55182.
		{name: "Spring bank holiday", from: 1978, day: gb.SpringHoliday, movable: true},
		{name: "Summer bank holiday", from: firstYear, day: gb.SummerHolidayScotland, movable: true},
		// St Andrew's Day Bank Holiday (Scotland) Act 2007 (asp 2) s 1: the Monday
		// after when it is a Saturday or Sunday.
		{name: "St Andrew's Day", from: 2007, day: on(time.November, 30), kind: mondayInstead},
		// Christmas Day by both Acts; Boxing Day by proclamation since 1974.
		{name: "Christmas Day", from: firstYear, until: 1973, day: gb.ChristmasDay, kind: mondayForSunday},
		{name: "Christmas Day and Boxing Day", from: 1974, day: gb.ChristmasDay, kind: christmasAndBoxing},
	},
	changes: slices.Concat([]change{
		// As well as 1 May, unlike elsewhere: HL Deb 16 December 1993 vol 550
		// cc135-6WA; HC Deb 2 March 1995 vol 255 c709W.
		{date: civil(1995, time.May, 8), name: "VE Day"},
		// GOV.UK's names, in 2023 alone; in 2012 and 2017, when New Year's Day was a
		// Sunday too, 2 January kept its Monday as the 1971 Act has it.
		{civil(2023, time.January, 2), civil(2023, time.January, 2), substituteFor(newYearsDay)},
		{civil(2023, time.January, 3), civil(2023, time.January, 3), substituteFor(secondOfJanuary)},
		// By proclamation under s 1(3) for the men's team in the World Cup finals,
		// announced on 4 February 2026 and by the Scottish Government on the 5th; no
		// Gazette found.
		{date: civil(2026, time.June, 15), name: "World Cup bank holiday"},
		spring2012,
	}, everywhere),
}
