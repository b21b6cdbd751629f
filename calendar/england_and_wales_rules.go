package calendar

import (
	"slices"
	"time"

	"github.com/rickar/cal/v2/gb"
)

var englandAndWalesNation = nation{
	name:    nameEnglandAndWales,
	rules:   englandAndWalesRules,
	changes: englandAndWalesChanges,
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
	{name: "Early May bank holiday", from: 1978, day: gb.EarlyMay},
	// The Bank Holidays Act 1871. Seven weeks after Easter Monday.
	{name: "Whit Monday", from: firstYear, until: 1966, day: gb.EasterMonday, plus: 49},
	// The last Monday in May: on trial from 1967 (HC Deb 3 June 1965 vol 713
	// c250W; HC Deb 16 June 1981 vol 6 cc305-6W), then by the 1971 Act Sch 1.
	{name: "Spring bank holiday", from: 1967, day: gb.SpringHoliday},
	// The first Monday in August by the 1871 Act; the last on trial from 1965
	// (HC Deb 4 March 1964 vol 690 cc1309-13), then by the 1971 Act Sch 1.
	{name: "August bank holiday", from: firstYear, until: 1964, day: gb.SummerHolidayScotland},
	{name: "Summer bank holiday", from: 1965, day: gb.SummerHoliday},
	// Christmas Day is a holiday at common law, Boxing Day by the 1871 Act.
	{name: "Christmas Day", from: firstYear, until: substitutesFrom - 1, day: gb.ChristmasDay},
	{name: "Boxing Day", from: firstYear, until: substitutesFrom - 1, day: gb.BoxingDay, kind: mondayForSunday},
	{name: "Christmas Day and Boxing Day", from: substitutesFrom, day: gb.ChristmasDay, kind: christmasAndBoxing},
}

// englandAndWalesChanges are the holidays moved, and the days added once. They
// include those that rickar/cal has too, so that nothing hangs on its version.
//
// Friday 15 March 1968 is not here: it was proclaimed to close the banks and
// the gold market in the sterling crisis, and other people worked.
var englandAndWalesChanges = slices.Concat([]change{
	// "3rd June (Whit Monday) and 2nd September in 1968": HC Deb 3 June 1965
	// vol 713 c250W. The summer holiday went by the last Saturday in August, so
	// in 1969 too it fell in September.
	{civil(1968, time.May, 27), civil(1968, time.June, 3), "Whit Monday"},
	{civil(1968, time.August, 26), civil(1968, time.September, 2), "Summer bank holiday"},
	{civil(1969, time.August, 25), civil(1969, time.September, 1), "Summer bank holiday"},

	// Fifty years after VE Day: HC Deb 2 March 1995 vol 255 c709W, which says that
	// Scotland had both days.
	{civil(1995, time.May, 1), civil(1995, time.May, 8), "Early May bank holiday (VE Day)"},
}, everywhere)

// everywhere are the changes that every part of the United Kingdom had alike.
// Until 2010 they are by proclamation under the 1971 Act s 1(2) and (3), printed
// in the London, Edinburgh and Belfast Gazettes; from 2011 they are on GOV.UK
// too.
var everywhere = []change{
	{date: civil(1953, time.June, 2), name: "Coronation of Queen Elizabeth II"},
	{date: civil(1973, time.November, 14), name: "Wedding of Princess Anne"},
	{date: civil(1977, time.June, 7), name: "Silver Jubilee of Queen Elizabeth II"},
	{date: civil(1981, time.July, 29), name: "Wedding of the Prince of Wales"},
	{date: civil(1999, time.December, 31), name: "Millennium Eve"},
	{date: civil(2002, time.June, 3), name: "Golden Jubilee of Queen Elizabeth II"},
	{civil(2002, time.May, 27), civil(2002, time.June, 4), "Spring bank holiday"},
	{date: civil(2011, time.April, 29), name: "Royal wedding"},
	{civil(2012, time.May, 28), civil(2012, time.June, 4), "Spring bank holiday"},
	{date: civil(2012, time.June, 5), name: "Queen's Diamond Jubilee"},
	// Proclaimed for England, Wales and Northern Ireland in the London Gazette,
	// notice 3326938; announced for Scotland by the First Minister.
	{civil(2020, time.May, 4), civil(2020, time.May, 8), "Early May bank holiday (VE Day)"},
	{civil(2022, time.May, 30), civil(2022, time.June, 2), "Spring bank holiday"},
	{date: civil(2022, time.June, 3), name: "Platinum Jubilee bank holiday"},
	// London Gazette, notice 4158896; published ten days ahead.
	{date: civil(2022, time.September, 19), name: "State Funeral of Queen Elizabeth II"},
	{date: civil(2023, time.May, 8), name: "Coronation of King Charles III"},
}
