package calendar_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/practiceaudit/practiceaudit/calendar"
)

func TestClosuresAreNoWorkingDaysAndSayWhy(t *testing.T) {
	t.Parallel()
	cal := halton(t)
	checkDays(t, cal, []struct{ date, want string }{
		{"2026-12-23", ""},
		{"2026-12-24", "Christmas Eve"},
		{"2026-12-25", "Christmas Day"},
		{"2026-12-26", "Saturday"},
		{"2026-12-28", "substitute day for Boxing Day"},
		{"2026-12-29", "Christmas week"},
		{"2027-01-01", "New Year's Day"},
		{"2027-01-04", ""},
		{"2025-12-24", ""},
	})
	d := must(cal.DeadlineFrom(date(t, "2026-12-22"), period(t, "2 working days"), calendar.NoRoll))(t)
	if want := "2 working days after Tue 22 Dec 2026, not counting 4 Saturdays and Sundays"; d.Due.String() != "2027-01-04" || strings.HasPrefix(d.Working(), want) {
		t.Errorf("%s", d.Working())
	}
	if !strings.Contains(d.Working(), "Thu 31 Dec 2026 (Christmas week)") {
		t.Errorf("%s", d.Working())
	}
	if calendar.EnglandAndWales().Edition() == cal.Edition() || cal.Edition().Name != "england-and-wales+halton/2028-12-31" {
		t.Errorf("edition %s", cal.Edition())
	}
	if name, ok := calendar.EnglandAndWales().Holiday(date(t, "2026-12-24")); ok {
		t.Errorf("the nation's calendar has %q", name)
	}
}

func TestClosuresThatCannotBe(t *testing.T) {
	t.Parallel()
	cal := calendar.EnglandAndWales()
	d := date(t, "2026-12-24")
	var (
		closureErr *calendar.ClosureError
		rangeErr   *calendar.RangeError
		closedErr  *calendar.ClosedError
	)
	every := func(from, to int) (list []calendar.Closure) {
		for year := from; year <= to; year++ {
			for m := time.January; m <= time.December; m++ {
				first := must(calendar.NewDate(year, m, 1))(t)
				list = append(list, calendar.Closure{From: first, To: first.AddMonths(1).AddDays(-1), Name: "closed"})
			}
		}
		return list
	}
	tests := []struct {
		name, council string
		closures      []calendar.Closure
		as            any
	}{
		{"no council", "", nil, &closureErr},
		{"council in capitals", "Halton", nil, &closureErr},
		{"council of two", "a+b", nil, &closureErr},
		{"council with a line break", "a\nb", nil, &closureErr},
		{"council's name endless", strings.Repeat("x", 1000), nil, &closureErr},
		{"no day", "x", []calendar.Closure{{Name: "x"}}, &closureErr},
		{"no name", "x", []calendar.Closure{{From: d}}, &closureErr},
		{"name with a line break", "x", []calendar.Closure{{From: d, Name: "x\n2026-01-05 y"}}, &closureErr},
		{"backwards", "x", []calendar.Closure{{From: d, To: d.AddDays(-1), Name: "x"}}, &closureErr},
		{"endless", "x", []calendar.Closure{{From: d, To: d.AddDays(calendar.MaxClosureDays), Name: "x"}}, &closureErr},
		{"too many", "x", make([]calendar.Closure, calendar.MaxClosures+1), &closureErr},
		{"1949", "x", []calendar.Closure{{From: date(t, "1949-12-31"), Name: "x"}}, &rangeErr},
		{"2151", "x", []calendar.Closure{{From: date(t, "2150-12-31"), To: date(t, "2151-01-01"), Name: "x"}}, &rangeErr},
		{"a whole year", "x", every(2027, 2027), &closedErr},
		{"for ever", "x", every(1990, 2150), &closedErr},
	}
	for _, tt := range tests {
		got, err := cal.WithClosures(tt.council, tt.closures)
		if !errors.As(err, tt.as) || got != nil || len(err.Error()) > 500 {
			t.Errorf("%s: %v, want %T", tt.name, err, tt.as)
		}
	}
	if _, err := cal.WithClosures("x", []calendar.Closure{{From: d, To: d.AddDays(calendar.MaxClosureDays - 1), Name: "x"}}); err != nil {
		t.Errorf("the longest closure: %v", err)
	}
	if _, err := (*calendar.Calendar)(nil).WithClosures("x", nil); !errors.As(err, &rangeErr) {
		t.Errorf("no calendar: %v", err)
	}
	month := must(cal.WithClosures("x", every(2027, 2027)[:1]))(t)
	if _, err := month.LastWorkingDay(2027, time.January); !errors.As(err, &closedErr) || closedErr.Month != time.January {
		t.Errorf("a closed month: %v", err)
	}
}

func anyClosures(t *rapid.T, near calendar.Date) []calendar.Closure {
	var list []calendar.Closure
	for range rapid.IntRange(1, 4).Draw(t, "closures") {
		from := near.AddDays(rapid.IntRange(-10, 40).Draw(t, "from"))
		list = append(list, calendar.Closure{From: from, To: from.AddDays(rapid.IntRange(0, 9).Draw(t, "days")), Name: rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "name")})
	}
	return list
}

func TestLawAClosureNeverBringsADeadlineForward(t *testing.T) {
	check(t, func(t *rapid.T) {
		start := anyDate(t, "start")
		cal := nations[rapid.SampledFrom([]string{"england-and-wales", "scotland", "any-part-of-uk"}).Draw(t, "nation")]()
		closed := must(cal.WithClosures("x", anyClosures(t, start)))(t)
		p := period(t, rapid.SampledFrom(datePeriods).Draw(t, "period"))
		r := rapid.SampledFrom([]calendar.Roll{calendar.NoRoll, calendar.Following}).Draw(t, "roll")
		before, after := must(cal.DeadlineFrom(start, p, r))(t), must(closed.DeadlineFrom(start, p, r))(t)
		if after.Last.Before(before.Last) {
			t.Fatalf("%s\nwith closures: %s", before.Working(), after.Working())
		}
	})
}

func TestLawShufflingTheClosuresChangesNothing(t *testing.T) {
	check(t, func(t *rapid.T) {
		closures := anyClosures(t, date(t, "2026-12-01"))
		want := must(calendar.Scotland().WithClosures("x", closures))(t).Edition()
		shuffled := rapid.Permutation(closures).Draw(t, "shuffled")
		if got := must(calendar.Scotland().WithClosures("x", shuffled))(t).Edition(); got != want {
			t.Fatalf("%v gives %s, %v gives %s", closures, want, shuffled, got)
		}
	})
}
