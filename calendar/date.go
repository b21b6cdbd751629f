package calendar

import (
	"cmp"
	"database/sql/driver"
	"fmt"
	"strings"
	"time"
)

// Date is a civil date in London, without a time of day. It is comparable
// with == and may be a map key. The zero value is no date at all.
//
// Dates run from 1 January of the year 1 to 31 December 9999 in the Gregorian
// calendar. Arithmetic that would leave that range, or that starts from no
// date, answers the zero Date, which every method of a Calendar then refuses.
type Date struct {
	n int32 // days since 31 December of the year before 1; 0 is no date
}

// lastDay is 9999-12-31, the last date that ISO 8601 writes with four digits.
const lastDay = 3652059

// NewDate returns the date of a year, month and day. An impossible date, such
// as 30 February, is a *DateError.
func NewDate(y int, m time.Month, d int) (Date, error) {
	switch {
	case y < 1 || y > 9999:
		return Date{}, &DateError{Text: isoText(y, m, d), Problem: fmt.Sprintf("there is no year %d here", y), Want: "a year from 1 to 9999"}
	case m < time.January || m > time.December:
		return Date{}, &DateError{Text: isoText(y, m, d), Problem: fmt.Sprintf("there is no month %d", int(m)), Want: "a month from 01 to 12"}
	case d < 1 || d > daysIn(y, m):
		return Date{}, &DateError{
			Text:    isoText(y, m, d),
			Problem: fmt.Sprintf("there is no day %d in %s %d", d, m, y),
			Want:    fmt.Sprintf("a day from 01 to %02d", daysIn(y, m)),
		}
	}
	return civil(y, m, d), nil
}

// ParseDate reads an ISO 8601 calendar date, such as "2026-03-02", and no
// other form: 02/03/2026 means two different days to two different readers.
// Anything else is a *DateError.
func ParseDate(s string) (Date, error) {
	if len(s) != len("2006-01-02") || s[4] != '-' || s[7] != '-' {
		return Date{}, notISO(s)
	}
	y, okYear := digits(s[:4])
	m, okMonth := digits(s[5:7])
	d, okDay := digits(s[8:])
	if !okYear || !okMonth || !okDay {
		return Date{}, notISO(s)
	}
	return NewDate(y, time.Month(m), d)
}

// DateOf returns the London date of the moment t, whatever zone t carries:
// 23:30 UTC on a summer evening is already tomorrow in London. The zero time,
// and a time outside the years 1 to 9999, have no date.
func DateOf(t time.Time) Date {
	if day, ok := clocks().dayOf(t.Unix()); ok {
		return Date{n: day}
	}
	if t.IsZero() {
		return Date{}
	}
	y, m, d := t.In(London()).Date()
	if y < 1 || y > 9999 {
		return Date{}
	}
	return civil(y, m, d)
}

// IsZero reports whether d is no date.
func (d Date) IsZero() bool { return d.n == 0 }

// Year returns the year, 0 for no date.
func (d Date) Year() int {
	y, _, _ := d.parts()
	return y
}

// Month returns the month, 0 for no date.
func (d Date) Month() time.Month {
	_, m, _ := d.parts()
	return m
}

// Day returns the day of the month, 0 for no date.
func (d Date) Day() int {
	_, _, day := d.parts()
	return day
}

// Weekday returns the day of the week. No date answers Sunday: ask IsZero
// first where it matters.
func (d Date) Weekday() time.Weekday {
	return time.Weekday(d.n % 7) // 0001-01-01, day 1, was a Monday
}

// AddDays returns the date n calendar days later, or earlier when n is
// negative.
func (d Date) AddDays(n int) Date {
	if d.IsZero() {
		return Date{}
	}
	return fromDays(int(d.n) + n) // a sum too large for an int wraps below the first day
}

// AddMonths returns the corresponding date n calendar months later, or earlier
// when n is negative, and the last day of that month when it has no
// corresponding date: 31 January and one month is 28 or 29 February, while 30
// September and four months is 30 January, not the 31st (Dodds v Walker
// [1981] 1 WLR 1027).
func (d Date) AddMonths(n int) Date {
	if d.IsZero() {
		return Date{}
	}
	y, m, day := d.parts()
	months := y*12 + int(m) - 1 + n // a sum too large for an int wraps below the first month
	if months < 12 || months > 9999*12+11 {
		return Date{}
	}
	y, m = months/12, time.Month(months%12+1)
	return civil(y, m, min(day, daysIn(y, m)))
}

// DaysUntil returns the number of calendar days from d to e, negative when e
// is the earlier. It is 0 when either is no date.
func (d Date) DaysUntil(e Date) int {
	if d.IsZero() || e.IsZero() {
		return 0
	}
	return int(e.n) - int(d.n)
}

// Compare returns -1 when d is before e, 0 when they are the same date, and +1
// when d is after e. No date comes before every date.
func (d Date) Compare(e Date) int { return cmp.Compare(d.n, e.n) }

// Before reports whether d is earlier than e.
func (d Date) Before(e Date) bool { return d.n < e.n }

// After reports whether d is later than e.
func (d Date) After(e Date) bool { return d.n > e.n }

func earlier(d, e Date) Date { return Date{n: min(d.n, e.n)} }

func later(d, e Date) Date { return Date{n: max(d.n, e.n)} }

// String returns the ISO 8601 form, "2026-03-09", and "" for no date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return string(d.appendISO(make([]byte, 0, len("2006-01-02"))))
}

// Long returns the date as a letter has it, "Monday 9 March 2026", and "" for
// no date.
func (d Date) Long() string {
	if d.IsZero() {
		return ""
	}
	y, m, day := d.parts()
	return fmt.Sprintf("%s %d %s %d", d.Weekday(), day, m, y)
}

// Short returns the date as a table has it, "Mon 9 Mar 2026", and "" for no
// date.
func (d Date) Short() string {
	if d.IsZero() {
		return ""
	}
	y, m, day := d.parts()
	return fmt.Sprintf("%s %d %s %d", d.Weekday().String()[:3], day, m.String()[:3], y)
}

// Start returns the first moment of the date in London. No date answers the
// zero time.
func (d Date) Start() time.Time {
	if d.IsZero() {
		return time.Time{}
	}
	if unix, ok := clocks().midnight(d.n); ok {
		return time.Unix(unix, 0).In(London())
	}
	y, m, day := d.parts()
	return time.Date(y, m, day, 0, 0, 0, 0, London())
}

// End returns the last moment of the date in London, 23:59:59.999999999. No
// date answers the zero time.
func (d Date) End() time.Time {
	if d.IsZero() {
		return time.Time{}
	}
	if unix, ok := clocks().midnight(d.n + 1); ok {
		return time.Unix(unix-1, int64(time.Second-1)).In(London())
	}
	y, m, day := d.parts()
	return time.Date(y, m, day+1, 0, 0, 0, 0, London()).Add(-time.Nanosecond)
}

// MarshalText returns the ISO 8601 form, empty for no date.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads the ISO 8601 form; empty text is no date. Anything else
// is a *DateError.
func (d *Date) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = Date{}
		return nil
	}
	parsed, err := ParseDate(string(text))
	if err != nil {
		return err
	}
	*d = parsed
	return nil
}

// Value stores the date in a database as ISO 8601 text, and no date as NULL.
func (d Date) Value() (driver.Value, error) {
	if d.IsZero() {
		return nil, nil
	}
	return d.String(), nil
}

// Scan reads a date from a database: ISO 8601 text, NULL for no date, or the
// time.Time that some drivers make of a DATE column: midnight of the date, in
// whatever zone. Anything else is a *DateError, and so is another time of day: of
// a moment DateOf knows the date in London, and nobody else's.
func (d *Date) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*d = Date{}
		return nil
	case string:
		return d.UnmarshalText([]byte(v))
	case []byte:
		return d.UnmarshalText(v)
	case time.Time:
		if v.IsZero() {
			*d = Date{}
			return nil
		}
		y, m, day := v.Date()
		if hour, minute, second := v.Clock(); hour != 0 || minute != 0 || second != 0 || v.Nanosecond() != 0 {
			return &DateError{
				Text:    v.Format(time.RFC3339Nano),
				Problem: "a moment from the database is not a date",
				Want:    "the column as a DATE, or scan a time.Time and take DateOf of it",
			}
		}
		scanned, err := NewDate(y, m, day)
		if err != nil {
			return err
		}
		*d = scanned
		return nil
	default:
		return &DateError{Problem: fmt.Sprintf("a %T from the database is not a date", src), Want: `text such as "2026-03-02"`}
	}
}

// DateError says why something is not a date.
type DateError struct {
	Text    string // what was given, shortened when very long
	Problem string // what is wrong with it
	Want    string // what would be right
}

// Error returns what was wrong and what would be right.
func (e *DateError) Error() string {
	s := e.Problem
	if e.Text != "" {
		s = fmt.Sprintf("date %q: %s", e.Text, e.Problem)
	}
	if e.Want != "" {
		s += "; write " + e.Want
	}
	return s
}

func notISO(s string) error {
	return &DateError{Text: shorten(s), Problem: "not a date this calendar reads", Want: `year-month-day, such as "2026-03-02"`}
}

func noDate(what string) error {
	return &DateError{Problem: what + " is missing", Want: `a date such as "2026-03-02"`}
}

// longestText is how much of a wrong text an error repeats.
const longestText = 60

func shorten(s string) string {
	if len(s) <= longestText {
		return s
	}
	return strings.ToValidUTF8(s[:longestText], "") + "…"
}

func isoText(y int, m time.Month, d int) string {
	return fmt.Sprintf("%04d-%02d-%02d", y, int(m), d)
}

// digits reads ASCII digits and nothing else; strconv.Atoi would take a sign.
func digits(s string) (int, bool) {
	n := 0
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		n = n*10 + int(s[i]-'0')
	}
	return n, true
}
