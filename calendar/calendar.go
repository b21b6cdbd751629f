package calendar

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"time"
)

// Calendar knows the working days of one part of the United Kingdom, or of one
// council in it. It is immutable and safe for concurrent use. Every answer
// comes from a table of the years it covers; a date outside them is a
// *RangeError, and no date a *DateError. The zero Calendar covers nothing.
type Calendar struct {
	edition  Edition
	name     string // the nation's name, with those of its closures
	coverage Coverage
	days     []day     // every day of the coverage
	working  []Date    // every working day, in order
	holidays []holiday // every weekday off, in order of date
}

// day holds the number of working days up to and including it, doubled, plus 1
// when it is one itself.
type day uint32

func (d day) working() bool { return d&1 == 1 }

// upTo is the number of working days up to and including the day.
func (d day) upTo() int { return int(d >> 1) }

// before is the number of working days before the day.
func (d day) before() int { return int(d>>1) - int(d&1) }

// holiday is a weekday off and why: a bank holiday, or a day on which the
// council is closed.
type holiday struct {
	date    Date
	name    string
	closure bool
}

// Edition says exactly which table answered, so that a deadline worked out
// today can be checked years later.
type Edition struct {
	Name   string `json:"name"`   // nation, council if any, and the last date that official data covers
	Digest string `json:"digest"` // "sha256:" and the digest of the table of holidays
}

// String returns the name and the first twelve digits of the digest.
func (e Edition) String() string {
	if e == (Edition{}) {
		return ""
	}
	digest := e.Digest
	if len(digest) > len("sha256:")+12 {
		digest = digest[:len("sha256:")+12]
	}
	return e.Name + " " + digest
}

// Edition returns the name and digest of the table.
func (c *Calendar) Edition() Edition {
	if c == nil {
		return Edition{}
	}
	return c.edition
}

// Coverage returns the dates that the calendar answers for, and those of them
// that official data covers; no dates for no calendar.
func (c *Calendar) Coverage() Coverage {
	if c == nil {
		return Coverage{}
	}
	return c.coverage
}

// Coverage is what a calendar answers for.
//
// From OfficialFrom to OfficialTo its bank holidays are those that the
// government has published. Later ones are worked out by rule and may yet be
// moved; earlier ones are put together from the statutes, and nobody has checked
// them day by day. Answers that hang on either are projected: see
// [Calendar.Projected].
type Coverage struct {
	First, Last              Date
	OfficialFrom, OfficialTo Date
}

// IsWorkingDay reports whether d is no Saturday, Sunday, bank holiday or
// closure.
func (c *Calendar) IsWorkingDay(d Date) (bool, error) {
	day, ok := c.look(d)
	if !ok {
		return false, c.refuse(d)
	}
	return day.working(), nil
}

// Holiday returns the name of the bank holiday on d, such as "Spring bank
// holiday", or of the council's closure. It is false for every other date, one
// the calendar does not cover included. A holiday on a Saturday or Sunday is
// listed on the working day taken instead, as GOV.UK does.
func (c *Calendar) Holiday(d Date) (name string, ok bool) {
	if c == nil {
		return "", false
	}
	i, found := slices.BinarySearchFunc(c.holidays, d, holiday.compareDate)
	if !found {
		return "", false
	}
	return c.holidays[i].name, true
}

func (h holiday) compareDate(d Date) int { return h.date.Compare(d) }

// Day is what a calendar knows of a date.
type Day struct {
	Off       bool   // it is no working day
	Reason    string // why not: the name of the bank holiday or closure, "Saturday" or "Sunday"; "" for a working day
	Projected bool   // it is a weekday outside the official data, and no closure, and could turn out otherwise
}

// DayOff reports whether d is a non-working day, why, and whether that is
// projected.
func (c *Calendar) DayOff(d Date) (Day, error) {
	working, err := c.IsWorkingDay(d)
	if err != nil {
		return Day{}, err
	}
	day := Day{Off: !working, Projected: c.uncertain(d)}
	if day.Off {
		day.Reason = d.Weekday().String()
		if name, ok := c.Holiday(d); ok {
			day.Reason = name
		}
	}
	return day, nil
}

// look returns the entry of d, and false for no date and one outside.
func (c *Calendar) look(d Date) (day, bool) {
	if c == nil {
		return 0, false
	}
	i := uint(int(d.n) - int(c.coverage.First.n)) // no date is day 0, before every first
	if i >= uint(len(c.days)) {
		return 0, false
	}
	return c.days[i], true
}

// refuse returns the error for a date that look does not find, and nil for one
// that it does.
func (c *Calendar) refuse(d Date) error {
	if d.IsZero() {
		return noDate("the date")
	}
	if _, ok := c.look(d); ok {
		return nil
	}
	return c.outside(d)
}

// dateOf returns the London date of t, which must be one of the years 1 to 9999
// for there to be one.
func (c *Calendar) dateOf(t time.Time) (Date, error) {
	d := DateOf(t)
	if d.IsZero() {
		return Date{}, c.outsideYear(t.Year())
	}
	return d, nil
}

func (c *Calendar) outside(d Date) error {
	return &RangeError{Calendar: c.Edition().Name, Date: d, Year: d.Year(), First: c.Coverage().First, Last: c.Coverage().Last}
}

// outsideYear is for a year of which no date is at hand.
func (c *Calendar) outsideYear(year int) error {
	return &RangeError{Calendar: c.Edition().Name, Year: year, First: c.Coverage().First, Last: c.Coverage().Last}
}

// isWeekend reports a Saturday or Sunday.
func isWeekend(d Date) bool {
	w := d.Weekday()
	return w == time.Saturday || w == time.Sunday
}

// compare orders holidays by date, a bank holiday before a closure on it.
func (h holiday) compare(other holiday) int {
	if h.date == other.date && h.closure != other.closure {
		if other.closure {
			return -1
		}
		return 1
	}
	return h.date.Compare(other.date)
}

// newCalendar builds the table. The holidays are in order, none on a Saturday or
// Sunday; a date may have one bank holiday and one closure.
func newCalendar(name string, coverage Coverage, holidays []holiday) *Calendar {
	days := coverage.First.DaysUntil(coverage.Last) + 1
	c := &Calendar{
		name:     name,
		coverage: coverage,
		days:     make([]day, 0, days),
		working:  make([]Date, 0, days*5/7+2),
		holidays: holidays,
	}
	next := 0
	for d := coverage.First; !d.After(coverage.Last); d = d.AddDays(1) {
		off := isWeekend(d)
		for ; next < len(holidays) && holidays[next].date == d; next++ {
			off = true
		}
		var bit day
		if !off {
			c.working = append(c.working, d)
			bit = 1
		}
		c.days = append(c.days, day(len(c.working))<<1|bit)
	}
	sum := sha256.Sum256(c.Canonical())
	c.edition = Edition{Name: name + "/" + coverage.OfficialTo.String(), Digest: "sha256:" + hex.EncodeToString(sum[:])}
	return c
}
