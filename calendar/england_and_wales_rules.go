package calendar

import (
	"slices"
	"time"

	"github.com/rickar/cal/v2/gb"
)

var englandAndWalesNation = nation{
	name:    nameEnglandAndWales,
	fewest:  8,
	rules:   englandAndWalesRules,
	changes: slices.Concat(englandAndWalesChanges, []change{spring2012}, everywhere),
}

// substitutesFrom is the first Christmas under the Banking and Financial
// Dealings Act 1971, which had the Royal Assent on 16 December 1971. Before it
// only Boxing Day on a Sunday had a substitute (Holidays Extension Act 1875):
// in 1970, with Boxing Day on a Saturday, the holidays were "on the traditional
// days" (HC Deb 11 November 1970 vol 806 c212W).
const substitutesFrom = 1971

var englandAndWalesRules = []rule{
	goodFriday,
	easterMonday,
	// By proclamation under the 1971 Act s 1(3), as the early May holiday is; on
	// a Saturday or Sunday the Monday after is proclaimed instead.
	{name: newYearsDay, from: 1974, day: gb.NewYear, kind: mondayInstead},
	{name: "Early May bank holiday", from: 1978, day: gb.EarlyMay, movable: true},
	// The Bank Holidays Act 1871. Seven weeks after Easter Monday.
	{name: "Whit Monday", from: firstYear, until: 1966, day: gb.EasterMonday, plus: 49},
	// The last Monday in May: on trial from 1967 (HC Deb 3 June 1965 vol 713
	// c250W; HC Deb 16 June 1981 vol 6 cc305-6W), then by the 1971 Act Sch 1.
	{name: "Spring bank holiday", from: 1967, day: gb.SpringHoliday, movable: true},
	// The first Monday in August by the 1871 Act; the last on trial from 1965
	// (HC Deb 4 March 1964 vol 690 cc1309-13), then by the 1971 Act Sch 1.
	{name: "August bank holiday", from: firstYear, until: 1964, day: gb.SummerHolidayScotland},
	{name: "Summer bank holiday", from: 1965, day: gb.SummerHoliday, movable: true},
	// Christmas Day is a holiday at common law, Boxing Day by the 1871 Act.
	{name: "Christmas Day", from: firstYear, until: substitutesFrom - 1, day: gb.ChristmasDay},
	{name: "Boxing Day", from: firstYear, until: substitutesFrom - 1, day: gb.BoxingDay, kind: mondayForSunday},
	{name: "Christmas Day and Boxing Day", from: substitutesFrom, day: gb.ChristmasDay, kind: christmasAndBoxing},
}

// englandAndWalesChanges are the holidays moved that Scotland did not move. Changes
// include those that rickar/cal has too, so that nothing hangs on its version.
//
// Friday 15 March 1968 is not here: it was proclaimed to close the banks and
// the gold market in the sterling crisis, and other people worked.
var englandAndWalesChanges = []change{
	// "3rd June (Whit Monday) and 2nd September in 1968": HC Deb 3 June 1965
	// vol 713 c250W. The summer holiday went by the last Saturday in August, so
	// in 1969 too it fell in September.
	{civil(1968, time.May, 27), civil(1968, time.June, 3), "Whit Monday"},
	{civil(1968, time.August, 26), civil(1968, time.September, 2), "Summer bank holiday"},
	{civil(1969, time.August, 25), civil(1969, time.September, 1), "Summer bank holiday"},

	// Fifty years after VE Day: HC Deb 2 March 1995 vol 255 c709W, which says that
	// Scotland had both days.
	{civil(1995, time.May, 1), civil(1995, time.May, 8), "Early May bank holiday (VE Day)"},
}

// everywhere are the changes that every part of the United Kingdom had alike.
// Those under the Banking and Financial Dealings Act 1971 are by proclamation, by
// s 1(2) for a day instead of another and s 1(3) for a day added, printed in the
// London, Edinburgh and Belfast Gazettes. A Gazette that is named has been read,
// unless the line says otherwise; where none is named none was found, and the
// source is the answer or announcement given. From 2011 all are on GOV.UK.
var everywhere = []change{
	// Proclamations; neither Gazette nor answer found, so that the days rest on what
	// everybody remembers. The last of them is the only one within the official
	// years.
	{date: civil(1953, time.June, 2), name: "Coronation of Queen Elizabeth II"},
	{date: civil(1973, time.November, 14), name: "Wedding of Princess Anne"},
	{date: civil(1977, time.June, 7), name: "Silver Jubilee of Queen Elizabeth II"},
	{date: civil(1981, time.July, 29), name: "Wedding of the Prince of Wales"},
	// London Gazette, issue 55541, notice 3, as others cite it; not read.
	{date: civil(1999, time.December, 31), name: "Millennium Eve"},
	// HC Deb 23 November 2000 vol 357 cc294-5W: 4 June "in place of the Spring Bank
	// Holiday, which would otherwise fall on 27 May", and 3 June added.
	{date: civil(2002, time.June, 3), name: "Golden Jubilee of Queen Elizabeth II"},
	{civil(2002, time.May, 27), civil(2002, time.June, 4), "Spring bank holiday"},
	// Proclaimed on 15 December 2010: London Gazette, issue 59637, and Edinburgh
	// Gazette, issue 26880, as others cite them; not read.
	{date: civil(2011, time.April, 29), name: "Royal wedding"},
	// GOV.UK's names, in 2011 alone; in 2016 and 2022 Boxing Day kept its Monday.
	{civil(2011, time.December, 26), civil(2011, time.December, 26), substituteFor("Christmas Day")},
	{civil(2011, time.December, 27), civil(2011, time.December, 27), substituteFor("Boxing Day")},
	// Announced by the Lord President in the House of Lords on 5 January 2010, with
	// the spring holiday moved to the day before.
	{date: civil(2012, time.June, 5), name: "Queen's Diamond Jubilee"},
	// Proclaimed for England, Wales and Northern Ireland in the London Gazette,
	// notice 3326938; announced for Scotland by the First Minister.
	{civil(2020, time.May, 4), civil(2020, time.May, 8), "Early May bank holiday (VE Day)"},
	// Announced by the Department for Digital, Culture, Media and Sport on 12
	// November 2020.
	{civil(2022, time.May, 30), civil(2022, time.June, 2), "Spring bank holiday"},
	{date: civil(2022, time.June, 3), name: "Platinum Jubilee bank holiday"},
	// London Gazette, notice 4158896, for England, Wales and Northern Ireland; a
	// second proclamation for Scotland was approved with it, ten days ahead.
	{date: civil(2022, time.September, 19), name: "State Funeral of Queen Elizabeth II"},
	// Announced by the Prime Minister for the whole United Kingdom on 6 November
	// 2022.
	{date: civil(2023, time.May, 8), name: "Coronation of King Charles III"},
}

// spring2012 made way for the Diamond Jubilee. GOV.UK calls it a substitute day,
// but not in Northern Ireland.
var spring2012 = change{civil(2012, time.May, 28), civil(2012, time.June, 4), substituteFor("Spring bank holiday")}
