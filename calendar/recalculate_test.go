package calendar_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/practiceaudit/practiceaudit/calendar"
)

// beforeTheFuneral is the calendar as it stood before 10 September 2022.
func beforeTheFuneral(t fataler) *calendar.Calendar {
	t.Helper()
	text := strings.Replace(string(calendar.EnglandAndWales().Canonical()), "2022-09-19 State Funeral of Queen Elizabeth II\n", "", 1)
	return must(calendar.ParseCalendar([]byte(text)))(t)
}

func TestRecalculationSaysWhatMovedAndWhy(t *testing.T) {
	t.Parallel()
	old, now := beforeTheFuneral(t), calendar.EnglandAndWales()
	tests := []struct{ name, start, period, want string }{
		{
			"over the new day", "2022-09-09", "10 working days",
			"due Mon 26 Sep 2022, was Fri 23 Sep 2022: Mon 19 Sep 2022 is no working day any more (State Funeral of Queen Elizabeth II)",
		},
		{
			"on the new day", "2022-09-12", "5 working days",
			"due Tue 20 Sep 2022, was Mon 19 Sep 2022: Mon 19 Sep 2022 is no working day any more (State Funeral of Queen Elizabeth II)",
		},
		{
			"rolled off the new day", "2022-09-12", "1 week",
			"due Tue 20 Sep 2022, was Mon 19 Sep 2022: Mon 19 Sep 2022 is no working day any more (State Funeral of Queen Elizabeth II)",
		},
		{"before it", "2022-09-12", "4 working days", "still due Fri 16 Sep 2022"},
		{"after it", "2022-09-20", "4 working days", "still due Mon 26 Sep 2022"},
		{"days over it", "2022-09-12", "14 days", "still due Mon 26 Sep 2022"},
	}
	for _, tt := range tests {
		before := must(old.DeadlineFrom(date(t, tt.start), period(t, tt.period), calendar.Following))(t)
		change := must(now.Recalculate(before))(t)
		if got := change.String(); got != tt.want {
			t.Errorf("%s: %s\nwant %s", tt.name, got, tt.want)
		}
		if !change.Before.Equal(before) || change.After.Edition != now.Edition().String() || change.Moved() != (len(change.Causes) > 0) {
			t.Errorf("%s: %+v", tt.name, change)
		}
		back := must(old.Recalculate(change.After))(t)
		if !back.After.Equal(before) {
			t.Errorf("%s: and back it is %s", tt.name, back.After.Working())
		}
		if change.Moved() && back.Causes[0].String() != "Mon 19 Sep 2022 is a working day now (it was off: State Funeral of Queen Elizabeth II)" {
			t.Errorf("%s: back because %s", tt.name, back.Causes)
		}
	}
	at := moment(t, "2022-09-16T15:30:00Z") // Friday 16:30
	before := must(old.DeadlineBy(at, calendar.Rule{Period: period(t, "1 working day"), Start: calendar.StartsNextWorkingDay, CutOff: timeOfDay(t, "16:30")}))(t)
	change := must(now.Recalculate(before))(t)
	if want := "due Wed 21 Sep 2022, was Tue 20 Sep 2022: Mon 19 Sep 2022 is no working day any more (State Funeral of Queen Elizabeth II)"; change.String() != want {
		t.Errorf("with a cut-off: %s", change)
	}
}

func TestRecalculationsThatCannotBe(t *testing.T) {
	t.Parallel()
	cal := calendar.EnglandAndWales()
	var dateErr *calendar.DateError
	if _, err := cal.Recalculate(calendar.Deadline{}); !errors.As(err, &dateErr) {
		t.Errorf("no deadline: %v", err)
	}
	if _, err := cal.Recalculate(calendar.Deadline{Due: date(t, "2026-05-05")}); !errors.As(err, &dateErr) {
		t.Errorf("no start: %v", err)
	}
	var rangeErr *calendar.RangeError
	far := must(cal.DeadlineFrom(date(t, "2026-05-05"), period(t, "1 working day"), calendar.NoRoll))(t)
	far.Due, far.Last = date(t, "9999-12-31"), date(t, "9999-12-31").End()
	if _, err := cal.Recalculate(far); !errors.As(err, &rangeErr) {
		t.Errorf("a deadline changed by hand: %v", err)
	}
	var nationErr *calendar.NationError
	here := must(cal.DeadlineFrom(date(t, "2026-05-01"), period(t, "10 working days"), calendar.NoRoll))(t)
	for _, other := range []*calendar.Calendar{calendar.Scotland(), calendar.AnyPartOfUK()} {
		change, err := other.Recalculate(here)
		if !errors.As(err, &nationErr) || nationErr.Deadline != here.Edition || nationErr.Calendar != other.Edition().Name || !strings.Contains(err.Error(), "take a calendar of england-and-wales") {
			t.Errorf("by another nation: %v, %v", change, err)
		}
	}
	if _, err := halton(t).Recalculate(here); err != nil {
		t.Errorf("by a council of the same nation: %v", err)
	}
	here.Edition = ""
	if _, err := cal.Recalculate(here); !errors.As(err, &nationErr) || !strings.Contains(err.Error(), "work it out anew") {
		t.Errorf("worked out by no calendar: %v", err)
	}
	var missing *calendar.Calendar
	if _, err := missing.Recalculate(far); err == nil {
		t.Error("no calendar recalculates")
	}
}

func TestLawRecalculationIsIdempotentAndItsCausesDiffer(t *testing.T) {
	check(t, func(t *rapid.T) {
		r := calendar.Rule{Period: period(t, "24 hours")}
		if rapid.IntRange(0, 9).Draw(t, "hours") > 0 {
			r = anyRule(t)
		}
		start := anyStart(t, r)
		old := calendar.EnglandAndWales()
		now := must(old.WithClosures("x", anyClosures(t, startOrDue(t, start, r))))(t)
		if rapid.Bool().Draw(t, "taken away") {
			old, now = now, old
		}
		before := must(old.DeadlineBy(start.Start().Add(13*time.Hour), r))(t)
		change := must(now.Recalculate(before))(t)
		if want := must(now.DeadlineBy(start.Start().Add(13*time.Hour), r))(t); !change.After.Equal(want) {
			t.Fatalf("recalculated %s\nfrom the start %s", change.After.Working(), want.Working())
		}
		again := must(now.Recalculate(change.After))(t)
		if again.Moved() || len(again.Causes) > 0 || !again.After.Equal(change.After) {
			t.Fatalf("again: %s", again)
		}
		if change.Moved() != (len(change.Causes) > 0) {
			t.Fatalf("%s\n%s\nmoved because of %v", before.Working(), change.After.Working(), change.Causes)
		}
		for _, c := range change.Causes {
			if c.Beyond {
				if is := must(now.DayOff(c.Date))(t); c.Was != "" || c.Is != is.Reason || c.Date.Weekday()%6 == 0 {
					t.Fatalf("cause %+v", c)
				}
				continue
			}
			if was := must(old.DayOff(c.Date))(t).Reason; c.Was != was {
				t.Fatalf("cause %+v, and it was %q", c, was)
			}
			if must(old.IsWorkingDay(c.Date))(t) != (c.Was == "") || must(now.IsWorkingDay(c.Date))(t) != (c.Is == "") || (c.Was == "") == (c.Is == "") {
				t.Fatalf("cause %+v", c)
			}
		}
	})
}

// startOrDue is where a closure can matter.
func startOrDue(t *rapid.T, start calendar.Date, r calendar.Rule) calendar.Date {
	if r.Period.Unit() == calendar.Hours || rapid.Bool().Draw(t, "closed near the start") {
		return start
	}
	return must(calendar.EnglandAndWales().DeadlineFrom(start, r.Period, calendar.NoRoll))(t).Due
}

// Nothing but the days named is needed to give the new date from the old
// calendar.
func TestLawTheCausesAloneMoveTheDeadlineAsFar(t *testing.T) {
	check(t, func(t *rapid.T) {
		r := anyRule(t)
		start := anyStart(t, r)
		old := calendar.EnglandAndWales()
		now := must(old.WithClosures("x", anyClosures(t, startOrDue(t, start, r))))(t)
		at := start.Start().Add(13 * time.Hour)
		before := must(old.DeadlineBy(at, r))(t)
		change := must(now.Recalculate(before))(t)
		var closures []calendar.Closure
		for _, c := range change.Causes {
			closures = append(closures, calendar.Closure{From: c.Date, Name: c.Is})
		}
		if got := must(must(old.WithClosures("x", closures))(t).DeadlineBy(at, r))(t); got.Due != change.After.Due {
			t.Fatalf("%s\n%s\nwith the causes alone: %s", before.Working(), change, got.Working())
		}
	})
}

func TestEveryDayThatMovedADeadlineIsNamed(t *testing.T) {
	t.Parallel()
	now := calendar.EnglandAndWales()
	without := func(line string) *calendar.Calendar {
		text := strings.Replace(string(now.Canonical()), line+"\n", "", 1)
		return must(calendar.ParseCalendar([]byte(text)))(t)
	}
	closed := func(days ...string) *calendar.Calendar {
		var list []calendar.Closure
		for _, day := range days {
			list = append(list, calendar.Closure{From: date(t, day), Name: "closed"})
		}
		return must(now.WithClosures("halton", list))(t)
	}
	tests := []struct {
		name, start string
		rule        calendar.Rule
		old, now    *calendar.Calendar
		want        string
	}{
		{
			"rolled back within its month no more", "2026-07-29", calendar.Rule{Period: period(t, "1 month"), Roll: calendar.ModifiedFollowing},
			now, without("2026-08-31 Summer bank holiday"),
			"due Mon 31 Aug 2026, was Fri 28 Aug 2026: Mon 31 Aug 2026 is a working day now (it was off: Summer bank holiday)",
		},
		{
			"rolled back within its month at last", "2026-07-29", calendar.Rule{Period: period(t, "1 month"), Roll: calendar.ModifiedFollowing},
			without("2026-08-31 Summer bank holiday"), now,
			"due Fri 28 Aug 2026, was Mon 31 Aug 2026: Mon 31 Aug 2026 is no working day any more (Summer bank holiday)",
		},
		{
			"a count that reaches further", "2026-03-02", calendar.Rule{Period: period(t, "5 working days")},
			now, closed("2026-03-05", "2026-03-10"),
			"due Wed 11 Mar 2026, was Mon 9 Mar 2026: Thu 5 Mar 2026 is no working day any more (closed); Tue 10 Mar 2026 is passed over as well (closed)",
		},
		{
			"a roll that reaches further", "2026-03-02", calendar.Rule{Period: period(t, "1 week"), Roll: calendar.Following},
			now, closed("2026-03-09", "2026-03-10"),
			"due Wed 11 Mar 2026, was Mon 9 Mar 2026: Mon 9 Mar 2026 is no working day any more (closed); Tue 10 Mar 2026 is passed over as well (closed)",
		},
		{
			"a start with its holiday", "2026-05-02", calendar.Rule{Period: period(t, "1 week"), Start: calendar.StartsNextWorkingDay},
			now, without("2026-05-04 Early May bank holiday"),
			"due Mon 11 May 2026, was Tue 12 May 2026: Mon 4 May 2026 is a working day now (it was off: Early May bank holiday)",
		},
		{
			"a start that is taken further on", "2026-05-02", calendar.Rule{Period: period(t, "1 week"), Start: calendar.StartsNextWorkingDay},
			now, closed("2026-05-05", "2026-05-06"),
			"due Thu 14 May 2026, was Tue 12 May 2026: Tue 5 May 2026 is no working day any more (closed); Wed 6 May 2026 is passed over as well (closed)",
		},
	}
	for _, tt := range tests {
		before := must(tt.old.DeadlineBy(date(t, tt.start).Start().Add(9*time.Hour), tt.rule))(t)
		if got := must(tt.now.Recalculate(before))(t).String(); got != tt.want {
			t.Errorf("%s: %s\nwant %s", tt.name, got, tt.want)
		}
	}
}

func TestHolidaysAndWorkingDaysInOrder(t *testing.T) {
	t.Parallel()
	cal := halton(t)
	var got []string
	for d, name := range must(cal.Holidays(date(t, "2026-12-24"), date(t, "2027-01-01")))(t) {
		got = append(got, d.Short()+": "+name)
	}
	want := []string{
		"Thu 24 Dec 2026: Christmas Eve", "Fri 25 Dec 2026: Christmas Day", "Mon 28 Dec 2026: substitute day for Boxing Day",
		"Tue 29 Dec 2026: Christmas week", "Wed 30 Dec 2026: Christmas week", "Thu 31 Dec 2026: Christmas week", "Fri 1 Jan 2027: New Year's Day",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for range must(cal.Holidays(date(t, "2026-12-24"), date(t, "2027-01-01")))(t) {
		break
	}
	for first := date(t, "2026-12-18"); first.Before(date(t, "2027-01-06")); first = first.AddDays(1) {
		for days := -3; days < 20; days++ {
			last := first.AddDays(days)
			var walk, got []calendar.Date
			for d := first; !d.After(last); d = d.AddDays(1) {
				if must(cal.IsWorkingDay(d))(t) {
					walk = append(walk, d)
				}
			}
			for d := range must(cal.WorkingDays(first, last))(t) {
				got = append(got, d)
			}
			if diff := cmp.Diff(walk, got, cmp.Comparer(func(a, b calendar.Date) bool { return a == b })); diff != "" {
				t.Fatalf("%s to %s (-walk +got):\n%s", first, last, diff)
			}
		}
	}
	var rangeErr *calendar.RangeError
	if _, err := cal.WorkingDays(date(t, "2150-12-31"), date(t, "2151-01-01")); !errors.As(err, &rangeErr) {
		t.Errorf("%v", err)
	}
	if _, err := cal.Holidays(date(t, "1949-12-31"), date(t, "2026-01-01")); !errors.As(err, &rangeErr) {
		t.Errorf("%v", err)
	}
}

func TestEveryMonthsKeepsToItsAnchor(t *testing.T) {
	t.Parallel()
	cal := calendar.EnglandAndWales()
	tests := []struct {
		name, first string
		months      int
		roll        calendar.Roll
		want        []string
	}{
		{"the 7th or next working day", "2026-01-07", 1, calendar.Following, []string{"2026-01-07", "2026-02-09", "2026-03-09", "2026-04-07"}},
		{"every two months", "2026-01-31", 2, calendar.NoRoll, []string{"2026-01-31", "2026-03-31", "2026-05-31", "2026-07-31"}},
		{"the end of the month, clamped", "2026-01-31", 1, calendar.NoRoll, []string{"2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"}},
		{"last working days", "2026-01-31", 1, calendar.Preceding, []string{"2026-01-30", "2026-02-27", "2026-03-31", "2026-04-30"}},
	}
	for _, tt := range tests {
		var got []string
		for d := range must(cal.EveryMonths(date(t, tt.first), tt.months, tt.roll))(t) {
			if got = append(got, d.String()); len(got) == len(tt.want) {
				break
			}
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
	n := 0
	for d := range must(cal.EveryMonths(date(t, "2026-01-31"), 1, calendar.Preceding))(t) {
		if last := must(cal.LastWorkingDay(d.Year(), d.Month()))(t); last != d {
			t.Fatalf("%s, the last working day is %s", d, last)
		}
		n++
	}
	if n != (2150-2026+1)*12 {
		t.Errorf("%d months", n)
	}
	var periodErr *calendar.PeriodError
	for _, months := range []int{0, -1, 121, far} {
		if _, err := cal.EveryMonths(date(t, "2026-01-31"), months, calendar.NoRoll); !errors.As(err, &periodErr) {
			t.Errorf("every %d months: %v", months, err)
		}
	}
	var dateErr *calendar.DateError
	if _, err := cal.EveryMonths(calendar.Date{}, 1, calendar.NoRoll); !errors.As(err, &dateErr) {
		t.Errorf("%v", err)
	}
	if _, err := cal.LastWorkingDay(2026, 13); !errors.As(err, &dateErr) {
		t.Errorf("%v", err)
	}
}

func TestCountsSayWhichEndsTheyCount(t *testing.T) {
	t.Parallel()
	cal := calendar.EnglandAndWales()
	tests := []struct {
		start, end         string
		after, both, clear int
	}{
		{"2026-05-01", "2026-05-05", 1, 2, 0}, // Friday to Tuesday over a bank holiday
		{"2026-05-01", "2026-05-06", 2, 3, 1},
		{"2026-05-02", "2026-05-03", 0, 0, 0},
		{"2026-05-05", "2026-05-05", 0, 1, 0},
		{"2026-05-02", "2026-05-05", 1, 1, 0},
	}
	for _, tt := range tests {
		start, end := date(t, tt.start), date(t, tt.end)
		after, both, clear := must(cal.CountWorkingDaysAfter(start, end))(t), must(cal.CountWorkingDaysBothIncluded(start, end))(t), must(cal.CountClearWorkingDays(start, end))(t)
		if after != tt.after || both != tt.both || clear != tt.clear {
			t.Errorf("%s to %s: %d after, %d with both, %d clear", start, end, after, both, clear)
		}
	}
	var orderErr *calendar.OrderError
	if _, err := cal.CountWorkingDaysBothIncluded(date(t, "2026-05-05"), date(t, "2026-05-04")); !errors.As(err, &orderErr) {
		t.Errorf("%v", err)
	}
	if _, err := cal.CountClearWorkingDays(date(t, "2026-05-05"), date(t, "2026-05-04")); !errors.As(err, &orderErr) {
		t.Errorf("%v", err)
	}
}
