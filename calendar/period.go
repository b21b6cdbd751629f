package calendar

import (
	"fmt"
	"strconv"
	"strings"
)

// Unit is what a Period counts in. The zero value is no unit, that of the zero
// Period.
type Unit uint8

const (
	// Hours are elapsed hours, across clock changes and non-working days.
	Hours Unit = 1 + iota
	// Days are calendar days in London.
	Days
	// WorkingDays are days that are no Saturday, Sunday or bank holiday.
	WorkingDays
	// Weeks are seven calendar days.
	Weeks
	// Months are calendar months, to the corresponding date.
	Months
)

// The longest period of each unit. A longer one in a policy is a slip of the
// keyboard.
const (
	MaxHours       = 8784 // a leap year
	MaxDays        = 3660 // about ten years
	MaxWorkingDays = 520  // about two years; a Deadline lists every day passed over
	MaxWeeks       = 520  // about ten years
	MaxMonths      = 120  // ten years
)

type unitWords struct {
	one, many string
	most      int32
}

var units = [...]unitWords{
	Hours:       {"hour", "hours", MaxHours},
	Days:        {"day", "days", MaxDays},
	WorkingDays: {"working day", "working days", MaxWorkingDays},
	Weeks:       {"week", "weeks", MaxWeeks},
	Months:      {"month", "months", MaxMonths},
}

// String returns the plural, "working days", and "" for no unit.
func (u Unit) String() string {
	if int(u) >= len(units) {
		return fmt.Sprintf("Unit(%d)", uint8(u))
	}
	return units[u].many
}

// Period is a length of time as a policy writes it: "10 working days",
// "1 week", "24 hours", "same day". It is comparable with ==; the zero value
// is no period.
type Period struct {
	n    int32
	unit Unit
}

const sameDay = "same day"

// ParsePeriod reads a period: a whole number and a unit (hours, days, working
// days, weeks or months), or "same day". Case, extra spaces and a plural too
// many do not matter. Anything else is a *PeriodError.
func ParsePeriod(s string) (Period, error) {
	if len(s) > longestText {
		return Period{}, &PeriodError{Text: shorten(s), Problem: "far too long for a period", Want: usualPeriods}
	}
	words := strings.Fields(strings.ToLower(s))
	if len(words) == 0 {
		return Period{}, &PeriodError{Problem: "the period is empty", Want: usualPeriods}
	}
	if len(words) == 2 && words[0] == "same" && words[1] == "day" {
		return Period{0, Days}, nil
	}
	n, err := periodNumber(s, words)
	if err != nil {
		return Period{}, err
	}
	return periodOf(s, n, words[1:])
}

// N returns the number of units; 0 for "same day" and for no period.
func (p Period) N() int { return int(p.n) }

// Unit returns what the period counts in; Days for "same day", and no unit
// for no period.
func (p Period) Unit() Unit { return p.unit }

// IsZero reports whether p is no period. "same day" is a period.
func (p Period) IsZero() bool { return p == Period{} }

// String returns the period as ParsePeriod reads it, always spelt the same
// way, and "" for no period.
func (p Period) String() string {
	switch {
	case p.IsZero():
		return ""
	case p.n == 0:
		return sameDay
	case p.n == 1:
		return "1 " + units[p.unit].one
	}
	return strconv.Itoa(int(p.n)) + " " + units[p.unit].many
}

// MarshalText returns the form of String, empty for no period.
func (p Period) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText reads what ParsePeriod reads; empty text is no period.
// Anything else is a *PeriodError.
func (p *Period) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*p = Period{}
		return nil
	}
	parsed, err := ParsePeriod(string(text))
	if err != nil {
		return err
	}
	*p = parsed
	return nil
}

// PeriodError says why something is not a period, or not one that fits.
type PeriodError struct {
	Text    string // the period given, shortened when very long
	Word    string // the word at fault, when it is one word
	Problem string // what is wrong with it
	Want    string // what would be right
}

// Error returns what was wrong and what would be right.
func (e *PeriodError) Error() string {
	s := e.Problem
	if e.Text != "" {
		s = fmt.Sprintf("period %q: %s", e.Text, e.Problem)
	}
	if e.Want != "" {
		s += "; write " + e.Want
	}
	return s
}

const usualPeriods = `a number and a unit, such as "10 working days", "2 weeks", "1 month" or "24 hours", or "same day"`

func periodNumber(s string, words []string) (int32, error) {
	word := words[0]
	n, ok := digits(word)
	switch {
	case !ok:
		return 0, &PeriodError{Text: s, Word: word, Problem: fmt.Sprintf("%q is not a whole number in figures", word), Want: usualPeriods}
	case len(strings.TrimLeft(word, "0")) > 9:
		return 0, &PeriodError{Text: s, Word: word, Problem: fmt.Sprintf("%s is far too many", word), Want: usualPeriods}
	case n == 0:
		return 0, &PeriodError{Text: s, Word: word, Problem: "a period of nothing", Want: `"same day"`}
	}
	return int32(n), nil
}

func periodOf(s string, n int32, words []string) (Period, error) {
	unit := strings.Join(words, " ")
	for u, w := range units {
		if unit == "" || unit != w.one && unit != w.many {
			continue
		}
		if n > w.most {
			return Period{}, &PeriodError{
				Text:    s,
				Word:    strconv.Itoa(int(n)),
				Problem: fmt.Sprintf("%d is too many %s", n, w.many),
				Want:    fmt.Sprintf("at most %d %s", w.most, w.many),
			}
		}
		return Period{n, Unit(u)}, nil
	}
	if unit == "" {
		return Period{}, &PeriodError{
			Text:    s,
			Problem: fmt.Sprintf("it does not say %d of what", n),
			Want:    periodOrMost(n, 1, WorkingDays) + " to leave out weekends and bank holidays, or " + periodOrMost(n, 1, Days) + " to count every day",
		}
	}
	return Period{}, &PeriodError{Text: s, Word: unit, Problem: fmt.Sprintf("%q is not a unit this calendar counts in", unit), Want: unitInstead(n, unit)}
}

// unitInstead guesses what was meant from the words people use most.
func unitInstead(n int32, unit string) string {
	switch strings.TrimSuffix(unit, "s") {
	case "business day", "workday", "work day", "workingday":
		return periodOrMost(n, 1, WorkingDays)
	case "calendar day", "consecutive day":
		return periodOrMost(n, 1, Days)
	case "clear day":
		return periodOrMost(n, 1, Days) + ` where "not less than" is asked for (NotLessAfter and NotLessBefore leave that many days clear)`
	case "clear working day", "clear business day":
		return periodOrMost(n, 1, WorkingDays) + ` where "not less than" is asked for (NotLessAfter and NotLessBefore leave that many days clear)`
	case "calendar month":
		return periodOrMost(n, 1, Months)
	case "fortnight":
		return periodOrMost(n, 2, Weeks)
	case "year":
		return periodOrMost(n, 12, Months)
	case "hr", "h":
		return periodOrMost(n, 1, Hours)
	}
	return "hours, days, working days, weeks or months"
}

// periodOrMost writes n times so many units, or the most there can be of them.
func periodOrMost(n, times int32, u Unit) string {
	if most := units[u].most; n > most/times {
		return fmt.Sprintf("at most %d %s", most, units[u].many)
	}
	return strconv.Quote(Period{n * times, u}.String())
}
