package calendar

import (
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/gb"
)

// EnglandAndWales returns the calendar of England and Wales for 1950 to 2150.
// It is worked out once, when first asked for.
//
// Bank holidays from 2011 to the end of 2028 agree with GOV.UK day for day and
// name for name. Those from 1978 to 2010 are put together from the statutes,
// proclamations and answers in Parliament cited beside them in the code, as
// earlier ones are too, though less was found of them. Later ones follow the
// standing rules. Answers that hang on days before 1978 or after 2028 are
// projected: see [Calendar.Projected].
func EnglandAndWales() *Calendar { return englandAndWales() }

// Scotland returns the calendar of Scotland's bank holidays for 1950 to 2150,
// as EnglandAndWales does. What a Scottish council takes off instead of them is
// its own affair: add it with [Calendar.WithClosures].
func Scotland() *Calendar { return scotland() }

// NorthernIreland returns the calendar of Northern Ireland for 1950 to 2150, as
// EnglandAndWales does. Before 1978 its substitute days are those of England
// and Wales, which has not been checked against the Belfast Gazette.
func NorthernIreland() *Calendar { return northernIreland() }

// AnyPartOfUK returns the calendar on which a bank holiday in any part of the
// United Kingdom is no working day, which is how a public authority counts the
// twenty working days to answer a request (Freedom of Information Act 2000
// s 10(6)). The name of a holiday that is not had everywhere says where it is:
// "St Patrick's Day (Northern Ireland)".
func AnyPartOfUK() *Calendar { return anyPartOfUK() }

var (
	englandAndWales = sync.OnceValue(func() *Calendar { return buildNation(englandAndWalesNation) })
	scotland        = sync.OnceValue(func() *Calendar { return buildNation(scotlandNation) })
	northernIreland = sync.OnceValue(func() *Calendar { return buildNation(northernIrelandNation) })
	anyPartOfUK     = sync.OnceValue(func() *Calendar { return buildUnion(EnglandAndWales(), Scotland(), NorthernIreland()) })
)

// The names of the calendars, those of GOV.UK where it has one.
const (
	nameEnglandAndWales = "england-and-wales"
	nameScotland        = "scotland"
	nameNorthernIreland = "northern-ireland"
	nameAnyPartOfUK     = "any-part-of-uk"
)

// nationTitles are the parts of the United Kingdom, in the order in which
// AnyPartOfUK lists them.
var nationTitles = []struct{ name, title string }{
	{nameEnglandAndWales, "England and Wales"},
	{nameScotland, "Scotland"},
	{nameNorthernIreland, "Northern Ireland"},
}

const (
	firstYear         = 1950
	lastYear          = 2150
	firstOfficialYear = 1978 // the first year of which every day moved or added is accounted for, in every nation
	lastOfficialYear  = 2028 // the last year that GOV.UK had published when the rules were last checked
)

// nation is what the bank holidays of one part of the United Kingdom are worked
// out from. The order of its rules and changes means nothing.
type nation struct {
	name    string
	fewest  int // bank holidays a year since 2007, when Scotland had its last new one
	rules   []rule
	changes []change
}

// nationNamed returns the part of the United Kingdom that a list calls so.
func nationNamed(name string) (nation, bool) {
	for _, n := range []nation{englandAndWalesNation, scotlandNation, northernIrelandNation} {
		if n.name == name {
			return n, true
		}
	}
	return nation{}, false
}

// rule gives at most a few holidays a year.
type rule struct {
	name        string
	from, until int          // years; an until of 0 is still so
	day         *cal.Holiday // the day, by rickar/cal
	plus        int          // days after it
	kind        substitution // what is had instead on a Saturday or Sunday
	movable     bool         // it has been moved for an occasion, so that a list may have it up to farthestMove days away
}

// add gives the days of a year their names.
func (r rule) add(names map[Date]string, year int) {
	if r.holds(year) {
		r.kind.add(names, r.name, dateOfRule(r.day, year).AddDays(r.plus))
	}
}

// change is a holiday moved, or a day added once.
type change struct {
	not  Date // the holiday moved; no date for a day added
	date Date
	name string
}

func (r rule) holds(year int) bool {
	return year >= r.from && (r.until == 0 || year <= r.until)
}

func buildNation(n nation) *Calendar {
	names := make(map[Date]string, 10*(lastYear-firstYear+1))
	for year := firstYear; year <= lastYear; year++ {
		for _, r := range n.rules {
			r.add(names, year)
		}
	}
	for _, c := range n.changes {
		delete(names, c.not)
	}
	for _, c := range n.changes {
		name(names, c.date, c.name)
	}
	return newCalendar(n.name, Coverage{
		First: civil(firstYear, time.January, 1), Last: civil(lastYear, time.December, 31),
		OfficialFrom: civil(firstOfficialYear, time.January, 1), OfficialTo: civil(lastOfficialYear, time.December, 31),
	}, onWeekdays(names))
}

// name gives a date its holiday. Where two fall together the first in the
// alphabet stays, so that their order means nothing.
func name(names map[Date]string, d Date, s string) {
	if was, ok := names[d]; !ok || s < was {
		names[d] = s
	}
}

// buildUnion makes a calendar of every holiday of its parts, which are those of
// nationTitles in that order.
func buildUnion(parts ...*Calendar) *Calendar {
	lists := make([][]holiday, len(parts))
	for i, part := range parts {
		lists[i] = part.holidays
	}
	return newCalendar(nameAnyPartOfUK, parts[0].Coverage(), union(lists))
}

// union is every day of the lists, which are those of nationTitles in that
// order and each in order of date. The name is that of the first nation that has
// the day, and says which have it when not all do.
func union(lists [][]holiday) []holiday {
	longest := 0
	for _, list := range lists {
		longest = max(longest, len(list))
	}
	all := make([]holiday, 0, 2*longest)
	at := make([]int, len(lists))
	names := map[partHoliday]string{}
	for {
		var next Date
		for i, list := range lists {
			if at[i] < len(list) && (next.IsZero() || list[at[i]].date.Before(next)) {
				next = list[at[i]].date
			}
		}
		if next.IsZero() {
			return all
		}
		var h partHoliday
		for i, list := range lists {
			if at[i] < len(list) && list[at[i]].date == next {
				if h.in == 0 {
					h.name = list[at[i]].name
				}
				h.in |= 1 << i
				at[i]++
			}
		}
		if names[h] == "" {
			names[h] = h.String()
		}
		all = append(all, holiday{date: next, name: names[h]})
	}
}

// partHoliday is a holiday and the nations that have it: bit i for the ith of
// nationTitles.
type partHoliday struct {
	name string
	in   uint8
}

func (h partHoliday) String() string {
	var where []string
	for i, n := range nationTitles {
		if h.in&(1<<i) != 0 {
			where = append(where, n.title)
		}
	}
	if len(where) == len(nationTitles) {
		return h.name
	}
	return h.name + " (" + strings.Join(where, ", ") + ")"
}

// onWeekdays lists the holidays in order of date, without those on a Saturday
// or Sunday: they are no working days as it is.
func onWeekdays(names map[Date]string) []holiday {
	list := make([]holiday, 0, len(names))
	for _, date := range slices.SortedFunc(maps.Keys(names), Date.Compare) {
		if !date.IsZero() && !isWeekend(date) {
			list = append(list, holiday{date: date, name: names[date]})
		}
	}
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

// on is a rule of ours for a day of the year that rickar/cal does not have.
func on(m time.Month, day int) *cal.Holiday {
	return &cal.Holiday{Month: m, Day: day, Func: cal.CalcDayOfMonth}
}

// Rules that more than one part of the United Kingdom has.
var (
	// At common law, and in Scotland by the Banking and Financial Dealings Act
	// 1971 Sch 1.
	goodFriday = rule{name: "Good Friday", from: firstYear, day: gb.GoodFriday}
	// Bank Holidays Act 1871; the 1971 Act Sch 1. Not in Scotland.
	easterMonday = rule{name: "Easter Monday", from: firstYear, day: gb.EasterMonday}
)
