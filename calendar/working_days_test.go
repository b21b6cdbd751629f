package calendar_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/practiceaudit/practiceaudit/calendar"
)

func TestEveryDayOf2020To2030AgreesWithTheNaiveWalk(t *testing.T) {
	t.Parallel()
	cal := calendar.EnglandAndWales()
	slow := naive{cal}
	for d := date(t, "2020-01-01"); d.Year() <= 2030; d = d.AddDays(1) {
		for _, n := range []int{-31, -10, -2, -1, 0, 1, 2, 5, 10, 31} {
			if got, want := must(cal.AddWorkingDays(d, n))(t), slow.addWorkingDays(d, n); got != want {
				t.Errorf("AddWorkingDays(%s, %d) = %s, the walk says %s", d, n, got, want)
			}
		}
		for _, r := range rolls {
			if got, want := must(cal.Roll(d, r))(t), slow.roll(d, r); got != want {
				t.Errorf("Roll(%s, %s) = %s, the walk says %s", d, r, got, want)
			}
		}
	}
}

func TestAnyDateAgreesWithTheNaiveWalk(t *testing.T) {
	cal := calendar.EnglandAndWales()
	slow := naive{cal}
	check(t, func(t *rapid.T) {
		d := anyDate(t, "d")
		n := rapid.IntRange(-600, 600).Draw(t, "n")
		if got, want := must(cal.AddWorkingDays(d, n))(t), slow.addWorkingDays(d, n); got != want {
			t.Fatalf("AddWorkingDays(%s, %d) = %s, the walk says %s", d, n, got, want)
		}
		e := d.AddDays(n)
		if got, want := must(cal.CountWorkingDaysAfter(d, e))(t), slow.countAfter(d, e); got != want {
			t.Fatalf("CountWorkingDaysAfter(%s, %s) = %d, the walk says %d", d, e, got, want)
		}
	})
}

func TestLawSubtractingUndoesAddingFromAWorkingDay(t *testing.T) {
	cal := calendar.EnglandAndWales()
	check(t, func(t *rapid.T) {
		d := must(cal.Roll(anyDate(t, "d"), calendar.Following))(t)
		n := rapid.IntRange(-1000, 1000).Draw(t, "n")
		there := must(cal.AddWorkingDays(d, n))(t)
		if back := must(cal.AddWorkingDays(there, -n))(t); back != d {
			t.Fatalf("%s and %d is %s, and back is %s", d, n, there, back)
		}
	})
}

func TestLawAddingInTwoStepsIsAddingAtOnce(t *testing.T) {
	cal := calendar.EnglandAndWales()
	check(t, func(t *rapid.T) {
		d := anyDate(t, "d")
		a, b := rapid.IntRange(1, 500).Draw(t, "a"), rapid.IntRange(1, 500).Draw(t, "b")
		if rapid.Bool().Draw(t, "backwards") {
			a, b = -a, -b
		}
		steps := must(cal.AddWorkingDays(must(cal.AddWorkingDays(d, a))(t), b))(t)
		if once := must(cal.AddWorkingDays(d, a+b))(t); once != steps {
			t.Fatalf("%s: %d then %d gives %s, %d gives %s", d, a, b, steps, a+b, once)
		}
	})
}

func TestLawALaterStartNeverGivesAnEarlierDate(t *testing.T) {
	cal := calendar.EnglandAndWales()
	check(t, func(t *rapid.T) {
		d := anyDate(t, "d")
		e := d.AddDays(rapid.IntRange(0, 10).Draw(t, "later"))
		n := rapid.IntRange(-300, 300).Draw(t, "n")
		if a, b := must(cal.AddWorkingDays(d, n))(t), must(cal.AddWorkingDays(e, n))(t); b.Before(a) {
			t.Fatalf("%d from %s is %s, but from %s it is %s", n, d, a, e, b)
		}
		r := rapid.SampledFrom(rolls).Draw(t, "roll")
		if a, b := must(cal.Roll(d, r))(t), must(cal.Roll(e, r))(t); b.Before(a) {
			t.Fatalf("%s rolled %s is %s, but %s is %s", d, r, a, e, b)
		}
	})
}

func TestLawTheCountOfWorkingDaysAddedIsTheirNumber(t *testing.T) {
	cal := calendar.EnglandAndWales()
	check(t, func(t *rapid.T) {
		d := anyDate(t, "d")
		n := rapid.IntRange(1, 1000).Draw(t, "n")
		due := must(cal.AddWorkingDays(d, n))(t)
		if got := must(cal.CountWorkingDaysAfter(d, due))(t); got != n {
			t.Fatalf("%d working days after %s is %s, which counts as %d", n, d, due, got)
		}
		if got := must(cal.CountWorkingDaysAfter(due, d))(t); got != -n {
			t.Fatalf("the other way round it counts as %d, want %d", got, -n)
		}
	})
}

func TestLawWorkingDaysAddedAndRolledNeverLandOnANonWorkingDay(t *testing.T) {
	cal := calendar.EnglandAndWales()
	slow := naive{cal}
	check(t, func(t *rapid.T) {
		d := anyDate(t, "d")
		n := rapid.IntRange(-1000, 1000).Draw(t, "n")
		if got := must(cal.AddWorkingDays(d, n))(t); !slow.isWorking(slow.time(got)) {
			t.Fatalf("%d working days from %s is %s", n, d, got.Long())
		}
		r := rapid.SampledFrom(rolls[1:]).Draw(t, "roll")
		got := must(cal.Roll(d, r))(t)
		if !slow.isWorking(slow.time(got)) {
			t.Fatalf("%s rolled %s is %s", d, r, got.Long())
		}
		if again := must(cal.Roll(got, r))(t); again != got {
			t.Fatalf("rolled twice it is %s", again)
		}
		if r == calendar.ModifiedFollowing && got.Month() != d.Month() {
			t.Fatalf("%s rolled %s is %s, in another month", d, r, got)
		}
	})
}

func TestDatesOutsideTheCalendarAreRangeErrorsThatNameTheYear(t *testing.T) {
	t.Parallel()
	cal := calendar.EnglandAndWales()
	first, last, inside := date(t, "1950-01-01"), date(t, "2150-12-31"), date(t, "2026-03-02")
	ask := func(_ any, err error) error { return err }
	off := func(d calendar.Date) error { _, err := cal.DayOff(d); return err }
	tests := []struct {
		name string
		err  error
		year int
	}{
		{"1949", ask(cal.IsWorkingDay(date(t, "1949-12-31"))), 1949},
		{"2151", ask(cal.IsWorkingDay(date(t, "2151-01-01"))), 2151},
		{"year 1", off(date(t, "0001-01-01")), 1},
		{"year 9999", off(date(t, "9999-12-31")), 9999},
		{"roll 1949", ask(cal.Roll(date(t, "1949-12-31"), calendar.Following)), 1949},
		{"roll 1949, none", ask(cal.Roll(date(t, "1949-12-31"), calendar.NoRoll)), 1949},
		{"roll off the front", ask(cal.Roll(first, calendar.Preceding)), 1949}, // 1 January 1950 was a Sunday
		{"add from 2151", ask(cal.AddWorkingDays(date(t, "2151-01-01"), -1)), 2151},
		{"add off the end", ask(cal.AddWorkingDays(last, 1)), 2151},
		{"add off the front", ask(cal.AddWorkingDays(first, -1)), 1949},
		{"a thousand million", ask(cal.AddWorkingDays(inside, 1e9)), 2151},
		{"less a thousand million", ask(cal.AddWorkingDays(inside, -1e9)), 1949},
		{"as many as there are", ask(cal.AddWorkingDays(inside, far)), 2151},
		{"as few as there are", ask(cal.AddWorkingDays(inside, -far-1)), 1949},
		{"count from 1949", ask(cal.CountWorkingDaysAfter(date(t, "1949-12-31"), inside)), 1949},
		{"count to 2151", ask(cal.CountWorkingDaysAfter(inside, date(t, "2151-01-01"))), 2151},
		{"7th of a month in 2151", ask(cal.MonthlyDay(2151, time.May, 7, calendar.Following)), 2151},
	}
	for _, tt := range tests {
		var rangeErr *calendar.RangeError
		if !errors.As(tt.err, &rangeErr) {
			t.Errorf("%s: %v, want a *RangeError", tt.name, tt.err)
		} else if rangeErr.Year != tt.year || rangeErr.First != first || rangeErr.Last != last {
			t.Errorf("%s: %+v, want the year %d", tt.name, rangeErr, tt.year)
		}
	}
	if _, ok := cal.Holiday(date(t, "2151-12-25")); ok {
		t.Error("a holiday outside the calendar")
	}
}

func TestNoDateAndNoCalendarAreErrorsNotPanics(t *testing.T) {
	t.Parallel()
	var none calendar.Date
	var missing *calendar.Calendar
	p := period(t, "10 working days")
	now := moment(t, "2026-03-02T09:00:00Z")
	for name, cal := range map[string]*calendar.Calendar{"nil": missing, "empty": {}, "real": calendar.EnglandAndWales()} {
		for _, d := range []calendar.Date{none, date(t, "2026-03-02")} {
			if name == "real" && !d.IsZero() {
				continue
			}
			errs := map[string]error{}
			_, errs["IsWorkingDay"] = cal.IsWorkingDay(d)
			_, errs["DayOff"] = cal.DayOff(d)
			_, _, errs["Projected"] = cal.Projected(d, d)
			_, errs["Roll"] = cal.Roll(d, calendar.ModifiedFollowing)
			_, errs["AddWorkingDays"] = cal.AddWorkingDays(d, 1)
			_, errs["AddWorkingDays far"] = cal.AddWorkingDays(d, 1e9)
			_, errs["CountWorkingDaysAfter"] = cal.CountWorkingDaysAfter(d, d)
			_, errs["DeadlineFrom"] = cal.DeadlineFrom(d, p, calendar.NoRoll)
			_, errs["Deadline"] = cal.Deadline(d.Start(), p, calendar.NoRoll)
			_, errs["Deadline in hours"] = cal.Deadline(d.Start(), period(t, "1 hour"), calendar.NoRoll)
			_, errs["Before"] = cal.Before(d, p)
			_, errs["Within"] = cal.Within(p, d.Start(), now)
			_, errs["Within end"] = cal.Within(p, now, d.Start())
			_, errs["Status"] = cal.Status(calendar.Deadline{Due: d}, d.Start())
			for method, err := range errs {
				if err == nil || err.Error() == "" {
					t.Errorf("%s calendar, date %q: %s gives no error", name, d, method)
				}
			}
			if _, ok := cal.Holiday(d); ok {
				t.Errorf("%s calendar: a holiday on %q", name, d)
			}
		}
	}
	if missing.Edition().String() != "" {
		t.Error("no calendar has an edition")
	}
	if missing.Coverage() != (calendar.Coverage{}) {
		t.Error("no calendar covers something")
	}
}

func TestTheLastWorkingDayOfTheCalendarCanBeReached(t *testing.T) {
	t.Parallel()
	cal := calendar.EnglandAndWales()
	if got := must(cal.AddWorkingDays(date(t, "2150-12-30"), 1))(t); got.String() != "2150-12-31" {
		t.Errorf("got %s", got)
	}
	if got := must(cal.AddWorkingDays(date(t, "1950-01-03"), -1))(t); got.String() != "1950-01-02" {
		t.Errorf("got %s", got)
	}
}

func TestModifiedFollowingKeepsToTheMonthOfItsOwnYear(t *testing.T) {
	t.Parallel()
	first := date(t, "2026-02-03")
	var closures []calendar.Closure
	for d := first; d.Before(date(t, "2027-02-10")); d = d.AddDays(30) {
		closures = append(closures, calendar.Closure{From: d, To: d.AddDays(29), Name: "closed"})
	}
	cal := must(calendar.EnglandAndWales().WithClosures("x", closures))(t)
	if got := must(cal.Roll(first, calendar.ModifiedFollowing))(t); got.String() != "2026-02-02" {
		t.Errorf("rolled to %s", got)
	}
}

func TestTheNextWorkingDayAfterTheCalendarIsBlamedOnTheYearAfter(t *testing.T) {
	t.Parallel()
	last := date(t, "2150-12-31")
	cal := must(calendar.EnglandAndWales().WithClosures("x", []calendar.Closure{{From: last, Name: "closed"}}))(t)
	var rangeErr *calendar.RangeError
	if d, err := cal.AddWorkingDays(last, 0); !errors.As(err, &rangeErr) || rangeErr.Year != 2151 {
		t.Errorf("%s, %v", d, err)
	}
}

func TestMonthlyDay(t *testing.T) {
	t.Parallel()
	cal := calendar.EnglandAndWales()
	tests := []struct {
		year  int
		month time.Month
		day   int
		roll  calendar.Roll
		want  string
	}{
		{2026, time.January, 7, calendar.Following, "2026-01-07"},
		{2026, time.February, 7, calendar.Following, "2026-02-09"},
		{2026, time.February, 7, calendar.Preceding, "2026-02-06"},
		{2026, time.February, 7, calendar.NoRoll, "2026-02-07"},
		{2026, time.May, 31, calendar.ModifiedFollowing, "2026-05-29"},
		{2012, time.June, 4, calendar.Following, "2012-06-06"},
	}
	for _, tt := range tests {
		if got := must(cal.MonthlyDay(tt.year, tt.month, tt.day, tt.roll))(t); got.String() != tt.want {
			t.Errorf("MonthlyDay(%d, %s, %d, %s) = %s, want %s", tt.year, tt.month, tt.day, tt.roll, got, tt.want)
		}
	}
	var dateErr *calendar.DateError
	if _, err := cal.MonthlyDay(2026, time.February, 30, calendar.Following); !errors.As(err, &dateErr) {
		t.Errorf("30 February: %v, want a *DateError", err)
	}
	var rollErr *calendar.RollError
	if _, err := cal.MonthlyDay(2026, time.February, 7, 99); !errors.As(err, &rollErr) {
		t.Errorf("roll 99: %v, want a *RollError", err)
	}
}

func TestManyGoroutinesAskAtOnce(t *testing.T) {
	t.Parallel()
	var wg sync.WaitGroup
	for i := range 16 {
		wg.Go(func() {
			cal := calendar.EnglandAndWales()
			d := must(calendar.NewDate(2026, time.May, 1+i))(t)
			if got := must(cal.AddWorkingDays(d, 0))(t); got.Before(d) {
				t.Errorf("%s rolls back to %s", d, got)
			}
			_, _ = cal.Holiday(d)
			_ = calendar.DateOf(d.End())
		})
	}
	wg.Wait()
}
