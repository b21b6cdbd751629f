package calendar

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// MaxBankHolidays is how many bytes ReadBankHolidays reads. GOV.UK's file has
// about 60,000.
const MaxBankHolidays = 1 << 20

// BankHolidays is the government's list of bank holidays, read from a file. It
// is immutable and safe for concurrent use.
type BankHolidays struct {
	nations map[string]published
}

// published are the holidays of whole years, in order of date.
type published struct {
	first, last int // years
	days        []holiday
}

// ReadBankHolidays reads the government's list in either of the shapes in which
// it is published, up to MaxBankHolidays bytes: the one of
// www.gov.uk/bank-holidays.json, with ISO dates in lists of "events", and the
// one of the source code of GOV.UK, with dates such as 25/12/2026 in lists by
// year. [Calendar.WithBankHolidays] puts it to use.
//
// The errors are *DataError, joined when there are several, each with its line:
// a file that is cut off, too long or no JSON; a nation that is none, or given
// twice; a day that cannot be, or is a Saturday or Sunday; a year of two digits; a
// day or a title twice in a year; a day under another year; a year left out, or
// with fewer holidays than the nation has had each year since 2007; and a year
// without a holiday that is always on the same day, such as Good Friday and
// Christmas Day, or with it on another. An error of the reader itself is wrapped.
// Nothing is taken from a file with a mistake.
func ReadBankHolidays(r io.Reader) (*BankHolidays, error) {
	text, err := io.ReadAll(io.LimitReader(r, MaxBankHolidays+1))
	if err != nil {
		return nil, fmt.Errorf("the bank holidays cannot be read: %w", err)
	}
	if len(text) > MaxBankHolidays {
		return nil, &DataError{Problem: "the file is far too long for a list of bank holidays", Want: fmt.Sprintf("at most %d bytes", MaxBankHolidays)}
	}
	root, err := readJSON(text)
	if err != nil {
		return nil, err
	}
	l := lister{nations: map[string]published{}}
	l.file(root)
	if len(l.mistakes) > 0 {
		return nil, errors.Join(l.mistakes...)
	}
	return &BankHolidays{nations: l.nations}, nil
}

// WithBankHolidays returns the calendar with the government's list in place of
// the rules, for the years that the list covers; closures stay. Official data
// then reaches to the end of the list, if it did not reach further before. The
// calendar itself stays as it was.
//
// A list without the calendar's part of the United Kingdom, or that would leave
// a gap after the years known so far, is a *DataError; years outside the
// calendar are a *RangeError.
func (c *Calendar) WithBankHolidays(b *BankHolidays) (*Calendar, error) {
	if c == nil || len(c.days) == 0 {
		return nil, c.outsideYear(firstYear)
	}
	list, err := b.of(c.nation())
	if err != nil {
		return nil, err
	}
	coverage := c.Coverage()
	for _, year := range []int{list.first, list.last} {
		if year < coverage.First.Year() || year > coverage.Last.Year() {
			return nil, c.outsideYear(year)
		}
	}
	begin, end := civil(list.first, 1, 1), civil(list.last, 12, 31)
	if begin.After(coverage.OfficialTo.AddDays(1)) {
		return nil, &DataError{
			Problem: fmt.Sprintf("the list begins in %d, and the days from %s would be unknown", list.first, coverage.OfficialTo.AddDays(1)),
			Want:    "a list without a gap",
		}
	}
	table := slices.DeleteFunc(slices.Clone(c.holidays), func(h holiday) bool {
		return !h.closure && h.date.Year() >= list.first && h.date.Year() <= list.last
	})
	for _, h := range list.days {
		if c.refuse(h.date) == nil { // the calendar may begin or end within a year
			table = append(table, h)
		}
	}
	slices.SortFunc(table, holiday.compare)
	coverage.extend(begin, end)
	return checkedCalendar(c.name, coverage, table)
}

// extend counts the days from begin to end as official. Days before the official
// ones stay as they are when there would be a gap between.
func (v *Coverage) extend(begin, end Date) {
	if begin.Before(v.OfficialFrom) && !end.AddDays(1).Before(v.OfficialFrom) {
		v.OfficialFrom = later(begin, v.First)
	}
	if end.After(v.OfficialTo) {
		v.OfficialTo = earlier(end, v.Last)
	}
}

// nation is the part of the United Kingdom that the calendar is made for.
func (c *Calendar) nation() string { return nationOf(c.name) }

// nationOf is what a calendar's name or an edition begins with.
func nationOf(name string) string {
	if i := strings.IndexAny(name, "+/"); i >= 0 {
		return name[:i]
	}
	return name
}

// of returns the list of one part of the United Kingdom, or of all together.
func (b *BankHolidays) of(nation string) (published, error) {
	if nation != nameAnyPartOfUK {
		if b != nil {
			if list, ok := b.nations[nation]; ok {
				return list, nil
			}
		}
		return published{}, &DataError{Problem: fmt.Sprintf("the list says nothing of %s", nation), Want: "a list of that nation"}
	}
	all := published{first: firstYear, last: lastYear}
	parts := make([][]holiday, len(nationTitles))
	for i, n := range nationTitles {
		list, err := b.of(n.name)
		if err != nil {
			return published{}, err
		}
		all.first, all.last = max(all.first, list.first), min(all.last, list.last)
		parts[i] = list.days
	}
	if all.first > all.last {
		return published{}, &DataError{Problem: "the lists of the nations have no year in common", Want: "the same years for each"}
	}
	all.days = slices.DeleteFunc(union(parts), func(h holiday) bool {
		return h.date.Year() < all.first || h.date.Year() > all.last
	})
	return all, nil
}
