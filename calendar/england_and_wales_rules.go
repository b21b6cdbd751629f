package calendar

import (
	"time"

	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/gb"
)

// substitutesFrom is the first Christmas under the Banking and Financial
// Dealings Act 1971, which had the Royal Assent on 16 December 1971.
const substitutesFrom = 1971

// englandAndWalesRules give one holiday a year, on a weekday by their nature.
// An until of 0 is still so.
var englandAndWalesRules = []struct {
	name        string
	day         *cal.Holiday
	plus        int // days after it
	from, until int
}{
	// At common law.
	{"Good Friday", gb.GoodFriday, 0, 1950, 0},
	// Bank Holidays Act 1871; Banking and Financial Dealings Act 1971 Sch 1.
	{"Easter Monday", gb.EasterMonday, 0, 1950, 0},
	// By proclamation under the 1971 Act s 1(3).
	{"Early May bank holiday", gb.EarlyMay, 0, 1978, 0},
	// The 1871 Act. Seven weeks after Easter Monday.
	{"Whit Monday", gb.EasterMonday, 49, 1950, 1966},
	// The last Monday in May: on trial from 1967 (HC Deb 3 June 1965 vol 713
	// c250W; HC Deb 16 June 1981 vol 6 cc305-6W), then by the 1971 Act Sch 1.
	{"Spring bank holiday", gb.SpringHoliday, 0, 1967, 0},
	// The first Monday in August by the 1871 Act; the last on trial from 1965
	// (HC Deb 4 March 1964 vol 690 cc1309-13), then by the 1971 Act Sch 1.
	{"August bank holiday", gb.SummerHolidayScotland, 0, 1950, 1964},
	{"Summer bank holiday", gb.SummerHoliday, 0, 1965, 0},
}

// englandAndWalesChanges are the holidays moved, and the days added once. They
// include those that rickar/cal has too, so that nothing hangs on its version.
//
// Friday 15 March 1968 is not here: it was proclaimed to close the banks and
// the gold market in the sterling crisis, and other people worked.
var englandAndWalesChanges = []struct {
	not  Date // the holiday moved; no date for a day added
	date Date
	name string
}{
	// Proclaimed for the coronation of Elizabeth II.
	{Date{}, civil(1953, time.June, 2), "Coronation of Queen Elizabeth II"},

	// "3rd June (Whit Monday) and 2nd September in 1968": HC Deb 3 June 1965
	// vol 713 c250W. The summer holiday went by the last Saturday in August, so
	// in 1969 too it fell in September.
	{civil(1968, time.May, 27), civil(1968, time.June, 3), "Whit Monday"},
	{civil(1968, time.August, 26), civil(1968, time.September, 2), "Summer bank holiday"},
	{civil(1969, time.August, 25), civil(1969, time.September, 1), "Summer bank holiday"},

	// From here on by proclamation under the 1971 Act s 1(2) and (3), printed in
	// the London Gazette.
	{Date{}, civil(1973, time.November, 14), "Wedding of Princess Anne"},
	{Date{}, civil(1977, time.June, 7), "Silver Jubilee of Queen Elizabeth II"},
	{Date{}, civil(1981, time.July, 29), "Wedding of the Prince of Wales"},
	{civil(1995, time.May, 1), civil(1995, time.May, 8), "Early May bank holiday (VE Day)"},
	{Date{}, civil(1999, time.December, 31), "Millennium Eve"},
	{Date{}, civil(2002, time.June, 3), "Golden Jubilee of Queen Elizabeth II"},
	{civil(2002, time.May, 27), civil(2002, time.June, 4), "Spring bank holiday"},

	// From here on as published on GOV.UK.
	{Date{}, civil(2011, time.April, 29), "Royal wedding"},
	{civil(2012, time.May, 28), civil(2012, time.June, 4), "Spring bank holiday"},
	{Date{}, civil(2012, time.June, 5), "Queen's Diamond Jubilee"},
	{civil(2020, time.May, 4), civil(2020, time.May, 8), "Early May bank holiday (VE Day)"},
	{civil(2022, time.May, 30), civil(2022, time.June, 2), "Spring bank holiday"},
	{Date{}, civil(2022, time.June, 3), "Platinum Jubilee bank holiday"},
	{Date{}, civil(2022, time.September, 19), "State Funeral of Queen Elizabeth II"},
	{Date{}, civil(2023, time.May, 8), "Coronation of King Charles III"},
}
