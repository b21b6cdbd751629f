package calendar

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxCanonical is how many bytes ParseCalendar reads. A nation's own text of 200
// years has about 50,000.
const MaxCanonical = 4 << 20

// closedMark begins the line of a closure.
const closedMark = "closed "

// Canonical returns the calendar as a plain text that anybody can read and
// check, from which [ParseCalendar] makes the same calendar. The digest of the
// Edition is the SHA-256 of this text, so an audit that stores it beside its
// edition can be worked out again years later, whatever rules and data there
// are then.
//
// The first line is the name, the first and last dates covered, and the first
// and last dates of official data. Then comes a line for each weekday off: the
// date and the name, with "closed" before the date when it is a closure.
//
//	england-and-wales+halton 1950-01-01 2150-12-31 1978-01-01 2028-12-31
//	2026-12-25 Christmas Day
//	closed 2026-12-29 Christmas week
func (c *Calendar) Canonical() []byte {
	if c == nil || len(c.days) == 0 {
		return nil
	}
	b := make([]byte, 0, 80+40*len(c.holidays))
	b = append(b, c.name...)
	for _, d := range []Date{c.coverage.First, c.coverage.Last, c.coverage.OfficialFrom, c.coverage.OfficialTo} {
		b = d.appendISO(append(b, ' '))
	}
	b = append(b, '\n')
	for _, h := range c.holidays {
		if h.closure {
			b = append(b, closedMark...)
		}
		b = append(h.date.appendISO(b), ' ')
		b = append(append(b, h.name...), '\n')
	}
	return b
}

// ParseCalendar reads back what Canonical wrote, and nothing else. A text that
// has been changed, cut off or put in another order is a *DataError that names
// the line, or a *ClosedError.
func ParseCalendar(text []byte) (*Calendar, error) {
	if len(text) > MaxCanonical {
		return nil, &DataError{Problem: fmt.Sprintf("the calendar is %d bytes long", len(text)), Want: fmt.Sprintf("at most %d", MaxCanonical)}
	}
	if !bytes.HasSuffix(text, []byte("\n")) {
		return nil, &DataError{Problem: "the calendar is cut off, or is none", Want: "the whole text that Canonical returned"}
	}
	lines := strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
	c, err := parseHeader(lines[0])
	if err != nil {
		return nil, err
	}
	for i, line := range lines[1:] {
		h, problem := parseHoliday(line)
		switch {
		case problem != "":
		case h.date.Before(c.coverage.First) || h.date.After(c.coverage.Last):
			problem = "the date lies outside the years covered"
		case isWeekend(h.date):
			problem = "the date is a " + h.date.Weekday().String() + ", which is off as it is"
		case len(c.holidays) > 0 && c.holidays[len(c.holidays)-1].compare(h) >= 0:
			problem = "the date is not after the one before"
		}
		if problem != "" {
			return nil, &DataError{Line: i + 2, Text: shorten(line), Problem: problem, Want: "the text that Canonical returned"}
		}
		c.holidays = append(c.holidays, h)
	}
	return checkedCalendar(c.name, c.coverage, c.holidays)
}

type header struct {
	name     string
	coverage Coverage
	holidays []holiday
}

func parseHeader(line string) (header, error) {
	words := strings.Split(line, " ")
	wrong := &DataError{Line: 1, Text: shorten(line), Problem: "not the first line of a calendar", Want: "a name and four dates"}
	if len(words) != 5 || !goodName(words[0]) {
		return header{}, wrong
	}
	h := header{name: words[0]}
	v := &h.coverage
	for i, to := range []*Date{&v.First, &v.Last, &v.OfficialFrom, &v.OfficialTo} {
		var err error
		if *to, err = ParseDate(words[i+1]); err != nil {
			wrong.Problem = err.Error()
			return header{}, wrong
		}
	}
	inOrder := slices.IsSortedFunc([]Date{v.First, v.OfficialFrom, v.OfficialTo, v.Last}, Date.Compare)
	if !inOrder || v.First.Year() < firstYear || v.Last.Year() > lastYear {
		wrong.Problem = "the dates are not in order within the years 1950 to 2150"
		return header{}, wrong
	}
	return h, nil
}

func parseHoliday(line string) (holiday, string) {
	rest, closure := strings.CutPrefix(line, closedMark)
	date, title, found := strings.Cut(rest, " ")
	d, err := ParseDate(date)
	switch {
	case !found:
		return holiday{}, "no name after the date"
	case err != nil:
		return holiday{}, err.Error()
	}
	if problem := badTitle(title, 2*maxTitle); problem != "" { // a name may say for which nations
		return holiday{}, problem
	}
	return holiday{date: d, name: title, closure: closure}, ""
}

// maxTitle is the longest name of a holiday or closure, in bytes.
const maxTitle = 120

// badTitle says why a text cannot be the name of a holiday.
func badTitle(s string, longest int) string {
	switch {
	case strings.TrimSpace(s) == "":
		return "the name is missing"
	case s != strings.TrimSpace(s):
		return "the name begins or ends with a space"
	case len(s) > longest:
		return fmt.Sprintf("the name is longer than %d bytes", longest)
	case !utf8.ValidString(s):
		return "the name is not UTF-8"
	case strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) }):
		return "the name holds a character that cannot be seen"
	}
	return ""
}

// goodName accepts words of small letters, digits and hyphens, joined by "+".
func goodName(s string) bool {
	return len(s) <= maxTitle && !slices.ContainsFunc(strings.Split(s, "+"), func(word string) bool {
		return word == "" || strings.Trim(word, "abcdefghijklmnopqrstuvwxyz0123456789-") != ""
	})
}

// checkedCalendar is newCalendar for holidays that somebody supplied: a year
// without a working day is a *ClosedError.
func checkedCalendar(name string, coverage Coverage, holidays []holiday) (*Calendar, error) {
	c := newCalendar(name, coverage, holidays)
	for from := coverage.First; !from.After(coverage.Last); {
		until := earlier(civil(from.Year(), 12, 31), coverage.Last)
		start, _ := c.look(from)
		end, _ := c.look(until)
		if end.upTo() == start.before() {
			return nil, &ClosedError{Calendar: name, Year: from.Year()}
		}
		from = until.AddDays(1)
	}
	return c, nil
}
