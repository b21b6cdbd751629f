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
	official Date   // the last date that official data covers
	first    Date
	days     []day     // every day since first
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
	Name   string `json:"name"`   // nation and the last date that official data covers
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

// Coverage returns the first and last dates that the calendar answers for, and
// the last date covered by official data: bank holidays after it are worked
// out by rule and may yet be moved.
func (c *Calendar) Coverage() (first, last, official Date) {
	if c == nil || len(c.days) == 0 {
		return Date{}, Date{}, Date{}
	}
	return c.first, c.first.AddDays(len(c.days) - 1), c.official
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

// DayOff reports whether d is a non-working day, and why: the name of the bank
// holiday or closure, or "Saturday" or "Sunday".
func (c *Calendar) DayOff(d Date) (reason string, off bool, err error) {
	working, err := c.IsWorkingDay(d)
	if err != nil || working {
		return "", false, err
	}
	if name, ok := c.Holiday(d); ok {
		return name, true, nil
	}
	return d.Weekday().String(), true, nil
}

// look returns the entry of d, and false for no date and one outside.
func (c *Calendar) look(d Date) (day, bool) {
	if c == nil {
		return 0, false
	}
	i := uint(int(d.n) - int(c.first.n)) // no date is day 0, before every first
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
	return c.outside(d.Year())
}

// dateOf returns the London date of t, which must be one of the years 1 to 9999
// for there to be one.
func (c *Calendar) dateOf(t time.Time) (Date, error) {
	d := DateOf(t)
	if d.IsZero() {
		return Date{}, c.outside(t.Year())
	}
	return d, nil
}

func (c *Calendar) outside(year int) error {
	if c == nil || len(c.days) == 0 {
		return &RangeError{Year: year}
	}
	first, last, _ := c.Coverage()
	return &RangeError{Calendar: c.edition.Name, Year: year, First: first.Year(), Last: last.Year()}
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
func newCalendar(name string, first, last, official Date, holidays []holiday) *Calendar {
	days := first.DaysUntil(last) + 1
	c := &Calendar{
		name:     name,
		official: official,
		first:    first,
		days:     make([]day, 0, days),
		working:  make([]Date, 0, days*5/7+2),
		holidays: holidays,
	}
	next := 0
	for d := first; !d.After(last); d = d.AddDays(1) {
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
	c.edition = Edition{Name: name + "/" + official.String(), Digest: "sha256:" + hex.EncodeToString(sum[:])}
	return c
}
