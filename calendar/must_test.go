package calendar_test

import (
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/practiceaudit/practiceaudit/calendar"
)

// fataler is what *testing.T, *testing.B and *rapid.T share.
type fataler interface {
	Helper()
	Fatalf(format string, args ...any)
}

// must fails the test on an error: must(calendar.ParseDate(s))(t).
func must[T any](v T, err error) func(t fataler) T {
	return func(t fataler) T {
		t.Helper()
		if err != nil {
			t.Fatalf("unexpected error: %v", err)
		}
		return v
	}
}

func date(t fataler, s string) calendar.Date {
	t.Helper()
	return must(calendar.ParseDate(s))(t)
}

func period(t fataler, s string) calendar.Period {
	t.Helper()
	return must(calendar.ParsePeriod(s))(t)
}

func moment(t fataler, s string) time.Time {
	t.Helper()
	return must(time.Parse(time.RFC3339Nano, s))(t)
}

// anyDate draws from the calendar's years, leaving room at both ends for the
// period that is then added. Most mistakes are made at the ends of months and
// about holidays, so most draws are from there.
func anyDate(t *rapid.T, label string) calendar.Date {
	first := date(t, "1955-01-01")
	d := first.AddDays(rapid.IntRange(0, first.DaysUntil(date(t, "2145-12-31"))).Draw(t, label))
	switch rapid.SampledFrom([]string{"any", "month end", "winter", "spring"}).Draw(t, label+" from") {
	case "month end":
		return d.AddDays(1 - d.Day()).AddDays(rapid.IntRange(-4, 1).Draw(t, label+" offset"))
	case "winter":
		christmas := must(calendar.NewDate(d.Year(), time.December, 25))(t)
		return christmas.AddDays(rapid.IntRange(-4, 10).Draw(t, label+" offset"))
	case "spring":
		may := must(calendar.NewDate(d.Year(), time.May, 1))(t)
		return may.AddDays(rapid.IntRange(-40, 40).Draw(t, label+" offset"))
	}
	return d
}

var rolls = []calendar.Roll{calendar.NoRoll, calendar.Following, calendar.Preceding, calendar.ModifiedFollowing}

var datePeriods = []string{
	"same day", "1 day", "10 days", "28 days", "1 week", "4 weeks", "1 month", "3 months", "13 months",
	"1 working day", "5 working days", "10 working days", "250 working days",
}

// naive is the second implementation: it walks day by day on time.Time and
// asks only for the weekday and the list of holidays.
type naive struct{ *calendar.Calendar }

func (c naive) isWorking(d time.Time) bool {
	if d.Weekday() == time.Saturday || d.Weekday() == time.Sunday {
		return false
	}
	_, holiday := c.Holiday(c.date(d))
	return !holiday
}

func (naive) date(d time.Time) calendar.Date {
	out, _ := calendar.NewDate(d.Year(), d.Month(), d.Day())
	return out
}

func (naive) time(d calendar.Date) time.Time {
	return time.Date(d.Year(), d.Month(), d.Day(), 12, 0, 0, 0, time.UTC)
}

func (c naive) addWorkingDays(from calendar.Date, n int) calendar.Date {
	d, step := c.time(from), 1
	if n < 0 {
		n, step = -n, -1
	}
	if n == 0 {
		for !c.isWorking(d) {
			d = d.AddDate(0, 0, 1)
		}
	}
	for n > 0 {
		d = d.AddDate(0, 0, step)
		if c.isWorking(d) {
			n--
		}
	}
	return c.date(d)
}

func (c naive) countAfter(start, end calendar.Date) int {
	if end.Before(start) {
		return -c.countAfter(end, start)
	}
	n := 0
	for d := c.time(start).AddDate(0, 0, 1); !d.After(c.time(end)); d = d.AddDate(0, 0, 1) {
		if c.isWorking(d) {
			n++
		}
	}
	return n
}

func (c naive) roll(from calendar.Date, r calendar.Roll) calendar.Date {
	walk := func(step int) calendar.Date {
		d := c.time(from)
		for !c.isWorking(d) {
			d = d.AddDate(0, 0, step)
		}
		return c.date(d)
	}
	switch r {
	case calendar.Following:
		return walk(1)
	case calendar.Preceding:
		return walk(-1)
	case calendar.ModifiedFollowing:
		if next := walk(1); next.Month() == from.Month() {
			return next
		}
		return walk(-1)
	default:
		return from
	}
}

// anyRule draws a rule in days of some kind, of events at 13:00.
func anyRule(t *rapid.T) calendar.Rule {
	r := calendar.Rule{
		Period: period(t, rapid.SampledFrom(datePeriods).Draw(t, "period")),
		Roll:   rapid.SampledFrom(rolls).Draw(t, "roll"),
		Start:  rapid.SampledFrom([]calendar.StartRule{calendar.StartsAsItFalls, calendar.StartsNextWorkingDay}).Draw(t, "start rule"),
	}
	if rapid.Bool().Draw(t, "cut-off") {
		r.CutOff = timeOfDay(t, "12:00")
	}
	if (r.Roll == calendar.NoRoll || r.Roll == calendar.Following) && rapid.Bool().Draw(t, "by") { // rolled back, it could be by an hour before the event
		r.By = timeOfDay(t, "17:00")
	}
	return r
}

// monthEnds are last days of a month with a non-working day among the last four.
var monthEnds = sync.OnceValue(func() (ends []calendar.Date) {
	first, _ := calendar.NewDate(1955, time.January, 31)
	months, _ := calendar.EnglandAndWales().EveryMonths(first, 1, calendar.NoRoll)
	for d := range months {
		for left := range 4 {
			if working, _ := calendar.EnglandAndWales().IsWorkingDay(d.AddDays(-left)); !working && d.Year() < 2146 {
				ends = append(ends, d)
				break
			}
		}
	}
	return ends
})

// anyStart draws the date of an event under a rule, half of them so that it is due
// at the end of a month, where ModifiedFollowing may turn back.
func anyStart(t *rapid.T, r calendar.Rule) calendar.Date {
	if rapid.Bool().Draw(t, "due at a month's end") {
		end := rapid.SampledFrom(monthEnds()).Draw(t, "month's end").AddDays(-rapid.IntRange(0, 3).Draw(t, "days left"))
		if start, err := calendar.EnglandAndWales().Before(end, r.Period); err == nil {
			return start
		}
	}
	return anyDate(t, "start")
}

func check(t *testing.T, property func(*rapid.T)) {
	t.Helper()
	t.Parallel()
	rapid.Check(t, property)
}
