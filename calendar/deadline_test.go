package calendar_test

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/practiceaudit/practiceaudit/calendar"
)

func TestDeadlineWorking(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, start, period string
		roll                calendar.Roll
		due, working        string
	}{
		{
			"ten working days over a bank holiday", "2026-05-01", "10 working days", calendar.NoRoll, "2026-05-18",
			"10 working days after Fri 1 May 2026, not counting Sat 2, Sun 3, Mon 4 May (Early May bank holiday), Sat 9, Sun 10, Sat 16 and Sun 17 May: due Mon 18 May 2026",
		},
		{
			"from a Saturday", "2026-05-02", "1 working day", calendar.NoRoll, "2026-05-05",
			"1 working day after Sat 2 May 2026, not counting Sun 3 and Mon 4 May (Early May bank holiday): due Tue 5 May 2026",
		},
		{
			"nothing passed over", "2026-03-02", "3 working days", calendar.Following, "2026-03-05",
			"3 working days after Mon 2 Mar 2026: due Thu 5 Mar 2026",
		},
		{
			"over the year's end", "2026-12-23", "5 working days", calendar.NoRoll, "2027-01-04",
			"5 working days after Wed 23 Dec 2026, not counting Fri 25 Dec 2026 (Christmas Day), Sat 26, Sun 27, Mon 28 Dec 2026 (substitute day for Boxing Day), Fri 1 Jan 2027 (New Year's Day), Sat 2 and Sun 3 Jan 2027: due Mon 4 Jan 2027",
		},
		{
			"many weekends", "2026-03-23", "20 working days", calendar.NoRoll, "2026-04-22",
			"20 working days after Mon 23 Mar 2026, not counting 8 Saturdays and Sundays, Fri 3 Apr (Good Friday) and Mon 6 Apr (Easter Monday): due Wed 22 Apr 2026",
		},
		{
			"calendar days", "2026-04-07", "10 days", calendar.Following, "2026-04-17",
			"10 days after Tue 7 Apr 2026 is Fri 17 Apr 2026",
		},
		{
			"rolled on", "2026-04-01", "10 days", calendar.Following, "2026-04-13",
			"10 days after Wed 1 Apr 2026 is Sat 11 Apr 2026, a Saturday, so the next working day: Mon 13 Apr 2026",
		},
		{
			"not rolled", "2026-04-01", "10 days", calendar.NoRoll, "2026-04-11",
			"10 days after Wed 1 Apr 2026 is Sat 11 Apr 2026",
		},
		{
			"rolled back", "2026-04-01", "10 days", calendar.Preceding, "2026-04-10",
			"10 days after Wed 1 Apr 2026 is Sat 11 Apr 2026, a Saturday, so the working day before: Fri 10 Apr 2026",
		},
		{
			"rolled over Easter", "2026-03-31", "3 days", calendar.Following, "2026-04-07",
			"3 days after Tue 31 Mar 2026 is Fri 3 Apr 2026 (Good Friday), so the next working day, passing over Sat 4, Sun 5 and Mon 6 Apr (Easter Monday): Tue 7 Apr 2026",
		},
		{
			"rolled back over Easter", "2026-03-31", "6 days", calendar.Preceding, "2026-04-02",
			"6 days after Tue 31 Mar 2026 is Mon 6 Apr 2026 (Easter Monday), so the working day before, passing over Fri 3 Apr (Good Friday), Sat 4 and Sun 5 Apr: Thu 2 Apr 2026",
		},
		{
			"kept in its month", "2026-04-30", "1 month", calendar.ModifiedFollowing, "2026-05-29",
			"1 month after Thu 30 Apr 2026 is Sat 30 May 2026, a Saturday, and the next working day is in another month, so the working day before: Fri 29 May 2026",
		},
		{
			"kept in its month by a bank holiday", "2026-07-29", "1 month", calendar.ModifiedFollowing, "2026-08-28",
			"1 month after Wed 29 Jul 2026 is Sat 29 Aug 2026, a Saturday, and the next working day, after Sun 30 and Mon 31 Aug (Summer bank holiday), is in another month, so the working day before: Fri 28 Aug 2026",
		},
		{
			"month clamped", "2025-12-31", "2 months", calendar.NoRoll, "2026-02-28",
			"2 months after Wed 31 Dec 2025 is Sat 28 Feb 2026 (there is no 31 February)",
		},
		{
			"one week rolled", "2026-04-27", "1 week", calendar.Following, "2026-05-05",
			"1 week after Mon 27 Apr 2026 is Mon 4 May 2026 (Early May bank holiday), so the next working day: Tue 5 May 2026",
		},
		{
			"same day", "2026-03-02", "same day", calendar.NoRoll, "2026-03-02",
			"the same day, Mon 2 Mar 2026",
		},
		{
			"same day rolled", "2026-04-06", "same day", calendar.Following, "2026-04-07",
			"the same day, Mon 6 Apr 2026 (Easter Monday), so the next working day: Tue 7 Apr 2026",
		},
		{
			"projected", "2028-12-29", "3 working days", calendar.NoRoll, "2029-01-04",
			"3 working days after Fri 29 Dec 2028, not counting Sat 30, Sun 31 Dec 2028 and Mon 1 Jan 2029 (New Year's Day): due Thu 4 Jan 2029; projected, for the bank holidays of those years are not official: Mon 1 Jan 2029 (New Year's Day) could move",
		},
	}
	cal := calendar.EnglandAndWales()
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			start := date(t, tt.start)
			d := must(cal.DeadlineFrom(start, period(t, tt.period), tt.roll))(t)
			if d.Due.String() != tt.due {
				t.Errorf("due %s, want %s", d.Due, tt.due)
			}
			if diff := cmp.Diff(tt.working, d.Working()); diff != "" {
				t.Errorf("working (-want +got):\n%s", diff)
			}
			if !d.Last.Equal(d.Due.End()) || !d.StartAt.IsZero() || d.Edition != cal.Edition().String() {
				t.Errorf("deadline %+v", d)
			}
			if want := d.Due.Year() > 2028; d.Projected != want {
				t.Errorf("projected: %t, want %t", d.Projected, want)
			}
			if late := must(cal.Deadline(start.End(), period(t, tt.period), tt.roll))(t); !late.Equal(d) {
				t.Errorf("from the last moment of the day: %+v", late)
			}
		})
	}
	if got := (calendar.Deadline{}).Working(); got != "" {
		t.Errorf("no deadline works as %q", got)
	}
}

func TestDeadlineInHoursRunsOnAcrossWeekendsAndClockChanges(t *testing.T) {
	t.Parallel()
	tests := []struct{ start, period, last, working string }{
		{
			"2026-03-02T09:00:00Z", "24 hours", "2026-03-03T09:00:00Z",
			"24 hours after 09:00 on Mon 2 Mar 2026: due 09:00 on Tue 3 Mar 2026",
		},
		{
			"2026-04-03T16:30:20Z", "2 hours", "2026-04-03T18:30:20Z", // Good Friday
			"2 hours after 17:30:20 on Fri 3 Apr 2026: due 19:30:20 on Fri 3 Apr 2026",
		},
		{
			"2026-03-28T12:30:00Z", "24 hours", "2026-03-29T12:30:00Z",
			"24 hours after 12:30 GMT on Sat 28 Mar 2026, while the clocks go forward: due 13:30 BST on Sun 29 Mar 2026",
		},
		{
			"2026-10-24T11:30:00Z", "24 hours", "2026-10-25T11:30:00Z",
			"24 hours after 12:30 BST on Sat 24 Oct 2026, while the clocks go back: due 11:30 GMT on Sun 25 Oct 2026",
		},
		{
			"2026-03-27T15:00:00Z", "72 hours", "2026-03-30T15:00:00Z", // over a weekend
			"72 hours after 15:00 GMT on Fri 27 Mar 2026, while the clocks go forward: due 16:00 BST on Mon 30 Mar 2026",
		},
		{ // the first of two half past ones
			"2026-10-24T00:30:00Z", "24 hours", "2026-10-25T00:30:00Z",
			"24 hours after 01:30 BST on Sat 24 Oct 2026: due 01:30 BST on Sun 25 Oct 2026",
		},
	}
	cal := calendar.EnglandAndWales()
	for _, tt := range tests {
		start := moment(t, tt.start)
		for _, zone := range []*time.Location{time.UTC, calendar.London(), time.FixedZone("", -11*3600)} {
			d := must(cal.Deadline(start.In(zone), period(t, tt.period), calendar.NoRoll))(t)
			if !d.Last.Equal(moment(t, tt.last)) || d.Due != calendar.DateOf(d.Last) || !d.StartAt.Equal(start) || d.Start != calendar.DateOf(start) {
				t.Errorf("%s after %s: %+v", tt.period, tt.start, d)
			}
			if diff := cmp.Diff(tt.working, d.Working()); diff != "" {
				t.Errorf("working (-want +got):\n%s", diff)
			}
		}
	}
}

func TestTwentyFourElapsedHoursOnBothDaysTheClocksChange(t *testing.T) {
	t.Parallel()
	cal := calendar.EnglandAndWales()
	p := period(t, "24 hours")
	for _, day := range []string{"2026-03-28", "2026-03-29", "2026-07-01", "2026-10-24", "2026-10-25"} {
		for hour := range 25 {
			start := date(t, day).Start().Add(time.Duration(hour) * time.Hour)
			for late, want := range map[time.Duration]bool{-time.Hour: true, -1: true, 0: true, 1: false, time.Hour: false} {
				end := start.Add(24*time.Hour + late)
				if got := must(cal.Within(p, start, end))(t); got != want {
					t.Errorf("24 hours from %s to %s: %t, want %t", start, end, got, want)
				}
			}
		}
	}
}

func TestWithinRunsToTheLastMomentInLondon(t *testing.T) {
	t.Parallel()
	tests := []struct {
		period, start, end string
		want               bool
	}{
		{"same day", "2026-07-01T00:00:00+01:00", "2026-07-01T23:59:59.999999999+01:00", true},
		{"same day", "2026-07-01T00:00:00+01:00", "2026-07-02T00:00:00+01:00", false},
		{"same day", "2026-07-01T23:10:00Z", "2026-07-02T22:59:59Z", true},
		{"1 day", "2026-07-01T00:00:00+01:00", "2026-07-02T23:59:59.999999999+01:00", true},
		{"1 day", "2026-07-01T00:00:00+01:00", "2026-07-03T00:00:00+01:00", false},
		{"1 working day", "2026-05-01T09:00:00Z", "2026-05-05T22:00:00Z", true},
		{"1 working day", "2026-05-01T09:00:00Z", "2026-05-05T23:00:00Z", false},
		{"1 week", "2026-03-02T09:00:00Z", "2026-03-09T23:59:59Z", true},
		{"1 week", "2026-03-02T09:00:00Z", "2026-03-10T00:00:00Z", false},
		{"1 month", "2026-01-31T09:00:00Z", "2026-02-28T23:59:59Z", true}, // a Saturday: no roll
		{"1 month", "2026-01-31T09:00:00Z", "2026-03-01T00:00:00Z", false},
		{"24 hours", "2026-03-02T09:00:00Z", "2026-03-02T09:00:00Z", true},
	}
	cal := calendar.EnglandAndWales()
	for _, tt := range tests {
		if got := must(cal.Within(period(t, tt.period), moment(t, tt.start), moment(t, tt.end)))(t); got != tt.want {
			t.Errorf("%s from %s to %s: %t, want %t", tt.period, tt.start, tt.end, got, tt.want)
		}
	}
	var orderErr *calendar.OrderError
	for _, p := range []string{"24 hours", "1 day", "1 working day", "same day"} {
		_, err := cal.Within(period(t, p), moment(t, "2026-03-02T09:00:00Z"), moment(t, "2026-03-02T08:59:59Z"))
		if !errors.As(err, &orderErr) || !strings.Contains(err.Error(), "08:59:59 on Mon 2 Mar 2026, is before the start, 09:00:00") {
			t.Errorf("%s backwards: %v, want an *OrderError", p, err)
		}
	}
}

func TestBeforeCountsBack(t *testing.T) {
	t.Parallel()
	tests := []struct{ date, period, want string }{
		{"2026-05-06", "2 working days", "2026-05-01"},
		{"2026-05-04", "1 working day", "2026-05-01"},
		{"2026-05-06", "3 days", "2026-05-03"},
		{"2026-05-06", "1 week", "2026-04-29"},
		{"2026-03-31", "1 month", "2026-02-28"},
		{"2026-05-04", "same day", "2026-05-04"},
	}
	cal := calendar.EnglandAndWales()
	for _, tt := range tests {
		if got := must(cal.Before(date(t, tt.date), period(t, tt.period)))(t); got.String() != tt.want {
			t.Errorf("%s before %s is %s, want %s", tt.period, tt.date, got, tt.want)
		}
	}
	var periodErr *calendar.PeriodError
	if _, err := cal.Before(date(t, "2026-05-06"), period(t, "2 hours")); !errors.As(err, &periodErr) || periodErr.Text != "2 hours" {
		t.Errorf("2 hours before a date: %v", err)
	}
}

func TestDeadlinesThatCannotBe(t *testing.T) {
	t.Parallel()
	cal := calendar.EnglandAndWales()
	day, at := date(t, "2026-05-01"), moment(t, "2026-05-01T09:00:00Z")
	var (
		dateErr   *calendar.DateError
		periodErr *calendar.PeriodError
		rollErr   *calendar.RollError
		rangeErr  *calendar.RangeError
	)
	ask := func(_ calendar.Deadline, err error) error { return err }
	tests := []struct {
		name string
		err  error
		as   any
	}{
		{"no moment", ask(cal.Deadline(time.Time{}, period(t, "1 day"), calendar.NoRoll)), &dateErr},
		{"no date", ask(cal.DeadlineFrom(calendar.Date{}, period(t, "1 day"), calendar.NoRoll)), &dateErr},
		{"no period", ask(cal.DeadlineFrom(day, calendar.Period{}, calendar.NoRoll)), &periodErr},
		{"no period from a moment", ask(cal.Deadline(at, calendar.Period{}, calendar.NoRoll)), &periodErr},
		{"hours from a date", ask(cal.DeadlineFrom(day, period(t, "2 hours"), calendar.NoRoll)), &periodErr},
		{"hours rolled", ask(cal.Deadline(at, period(t, "2 hours"), calendar.Following)), &periodErr},
		{"unknown roll", ask(cal.DeadlineFrom(day, period(t, "1 day"), 99)), &rollErr},
		{"unknown roll of hours", ask(cal.Deadline(at, period(t, "1 hour"), 99)), &rollErr},
		{"from 1949", ask(cal.DeadlineFrom(date(t, "1949-12-31"), period(t, "1 day"), calendar.NoRoll)), &rangeErr},
		{"hours from 1949", ask(cal.Deadline(moment(t, "1949-12-31T23:00:00Z"), period(t, "2 hours"), calendar.NoRoll)), &rangeErr},
		{"days to 2151", ask(cal.DeadlineFrom(date(t, "2150-12-31"), period(t, "1 day"), calendar.NoRoll)), &rangeErr},
		{"weeks to 2151", ask(cal.DeadlineFrom(date(t, "2150-12-31"), period(t, "1 week"), calendar.NoRoll)), &rangeErr},
		{"months to 2151", ask(cal.DeadlineFrom(date(t, "2150-12-31"), period(t, "1 month"), calendar.NoRoll)), &rangeErr},
		{"working days to 2151", ask(cal.DeadlineFrom(date(t, "2150-12-31"), period(t, "1 working day"), calendar.NoRoll)), &rangeErr},
		{"hours to 2151", ask(cal.Deadline(moment(t, "2150-12-31T23:00:00Z"), period(t, "2 hours"), calendar.NoRoll)), &rangeErr},
		{"year 12000", ask(cal.Deadline(time.Date(12000, 1, 1, 0, 0, 0, 0, time.UTC), period(t, "2 hours"), calendar.NoRoll)), &rangeErr},
	}
	for _, tt := range tests {
		if !errors.As(tt.err, tt.as) {
			t.Errorf("%s: %T %v, want %T", tt.name, tt.err, tt.err, tt.as)
		}
	}
	// The last moment of the last day is still in the calendar.
	if d, err := cal.DeadlineFrom(date(t, "2150-12-30"), period(t, "1 day"), calendar.NoRoll); err != nil || d.Due.String() != "2150-12-31" {
		t.Errorf("the last day: %s, %v", d.Due, err)
	}
}

func TestLawDeadlineIsMonotoneInItsStart(t *testing.T) {
	cal := calendar.EnglandAndWales()
	check(t, func(t *rapid.T) {
		p := period(t, rapid.SampledFrom(datePeriods).Draw(t, "period"))
		r := rapid.SampledFrom(rolls).Draw(t, "roll")
		d := anyDate(t, "d")
		e := d.AddDays(rapid.IntRange(0, 8).Draw(t, "later"))
		a, b := must(cal.DeadlineFrom(d, p, r))(t), must(cal.DeadlineFrom(e, p, r))(t)
		if b.Due.Before(a.Due) || b.Last.Before(a.Last) {
			t.Fatalf("%s, %s: from %s due %s, from %s due %s", p, r, d, a.Due, e, b.Due)
		}
	})
}

func TestLawWorkingDayAndRolledDeadlinesFallOnWorkingDays(t *testing.T) {
	cal := calendar.EnglandAndWales()
	slow := naive{cal}
	check(t, func(t *rapid.T) {
		p := period(t, rapid.SampledFrom(datePeriods).Draw(t, "period"))
		r := rapid.SampledFrom(rolls).Draw(t, "roll")
		d := must(cal.DeadlineFrom(anyDate(t, "d"), p, r))(t)
		if p.Unit() == calendar.WorkingDays || r != calendar.NoRoll {
			if !slow.isWorking(slow.time(d.Due)) {
				t.Fatalf("%s: due %s", d.Working(), d.Due.Long())
			}
		}
	})
}

// The days are found once more, from the rule itself: those from the event to the
// day that it is taken as, and those between the day that the period fell on, or
// the start of the count, and the day due. Rolled back within its month, a date
// hangs on the rest of the month too.
func TestLawSkippedAreExactlyTheNonWorkingDaysThatDecide(t *testing.T) {
	cal := calendar.EnglandAndWales()
	slow := naive{cal}
	check(t, func(t *rapid.T) {
		r := anyRule(t)
		d := must(cal.DeadlineBy(anyStart(t, r).Start().Add(13*time.Hour), r))(t)
		var want []calendar.Skipped
		passOver := func(first, last calendar.Date) {
			for day := first; !day.After(last); day = day.AddDays(1) {
				if !slow.isWorking(slow.time(day)) {
					want = append(want, calendar.Skipped{Date: day, Reason: must(cal.DayOff(day))(t).Reason})
				}
			}
		}
		from := d.Start
		if !r.CutOff.IsZero() {
			from = from.AddDays(1) // the event is after it
		}
		if r.Start == calendar.StartsNextWorkingDay {
			event := from
			from = slow.addWorkingDays(event, 0)
			passOver(event, from)
		}
		fell := must(cal.DeadlineFrom(from, r.Period, calendar.NoRoll))(t).Due
		switch {
		case r.Period.Unit() == calendar.WorkingDays:
			passOver(from.AddDays(1), d.Due)
		case d.Due.After(fell):
			passOver(fell, d.Due)
		case d.Due.Before(fell) && r.Roll == calendar.ModifiedFollowing:
			passOver(d.Due, fell.AddDays(1-fell.Day()).AddMonths(1).AddDays(-1))
		case d.Due.Before(fell):
			passOver(d.Due, fell)
		}
		if diff := cmp.Diff(want, d.Skipped, cmp.Comparer(func(a, b calendar.Date) bool { return a == b })); diff != "" {
			t.Fatalf("%s\nskipped (-want +got):\n%s", d.Working(), diff)
		}
		for _, s := range d.Skipped {
			if s.Date.Weekday()%6 != 0 && !strings.Contains(d.Working(), "("+s.Reason+")") {
				t.Fatalf("%s\ndoes not name %s", d.Working(), s.Reason)
			}
		}
	})
}

func TestLawWithinHoldsUpToTheDeadlineAndNotAfter(t *testing.T) {
	cal := calendar.EnglandAndWales()
	check(t, func(t *rapid.T) {
		p := period(t, rapid.SampledFrom(append([]string{"1 hour", "2 hours", "24 hours"}, datePeriods...)).Draw(t, "period"))
		start := anyDate(t, "d").Start().Add(time.Duration(rapid.Int64Range(0, int64(24*time.Hour)-1).Draw(t, "time of day")))
		d := must(cal.Deadline(start, p, calendar.NoRoll))(t)
		if !must(cal.Within(p, start, d.Last))(t) {
			t.Fatalf("%s from %s: not within at %s", p, start, d.Last)
		}
		if must(cal.Within(p, start, d.Last.Add(1)))(t) {
			t.Fatalf("%s from %s: still within after %s", p, start, d.Last)
		}
	})
}

func TestLawBeforeUndoesAWorkingDayDeadline(t *testing.T) {
	cal := calendar.EnglandAndWales()
	check(t, func(t *rapid.T) {
		start := must(cal.Roll(anyDate(t, "d"), calendar.Following))(t)
		p := period(t, rapid.SampledFrom([]string{"1 working day", "5 working days", "10 working days", "4 weeks", "10 days", "same day"}).Draw(t, "period"))
		d := must(cal.DeadlineFrom(start, p, calendar.NoRoll))(t)
		if back := must(cal.Before(d.Due, p))(t); back != start {
			t.Fatalf("%s\nand as long before is %s", d.Working(), back)
		}
	})
}

func TestLawADeadlineStoredReadsBackEqual(t *testing.T) {
	cal := calendar.EnglandAndWales()
	check(t, func(t *rapid.T) {
		p := period(t, rapid.SampledFrom(append([]string{"24 hours"}, datePeriods...)).Draw(t, "period"))
		r := rapid.SampledFrom(rolls).Draw(t, "roll")
		if p.Unit() == calendar.Hours {
			r = calendar.NoRoll
		}
		d := must(cal.Deadline(anyDate(t, "d").Start().Add(90*time.Minute), p, r))(t)
		var back calendar.Deadline
		if err := json.Unmarshal(must(json.Marshal(d))(t), &back); err != nil {
			t.Fatalf("%v", err)
		}
		if !back.Equal(d) || !d.Equal(back) || back.Working() != d.Working() {
			t.Fatalf("stored %+v\nread back %+v", d, back)
		}
	})
}

// The names in this text are in stored events for good.
func TestDeadlineAsStored(t *testing.T) {
	t.Parallel()
	cal := calendar.EnglandAndWales()
	edition := cal.Edition().String()
	tests := []struct {
		deadline calendar.Deadline
		want     string
	}{
		{
			must(cal.DeadlineFrom(date(t, "2026-05-01"), period(t, "1 working day"), calendar.NoRoll))(t),
			`{"start":"2026-05-01","period":"1 working day","roll":"none","due":"2026-05-05","last":"2026-05-05T23:59:59.999999999+01:00","edition":"` + edition + `","projected":false,"skipped":[{"date":"2026-05-02","reason":"Saturday"},{"date":"2026-05-03","reason":"Sunday"},{"date":"2026-05-04","reason":"Early May bank holiday"}]}`,
		},
		{
			must(cal.Deadline(moment(t, "2029-01-02T09:00:00Z"), period(t, "24 hours"), calendar.NoRoll))(t),
			`{"start":"2029-01-02","start_at":"2029-01-02T09:00:00Z","period":"24 hours","roll":"none","due":"2029-01-03","last":"2029-01-03T09:00:00Z","edition":"` + edition + `","projected":false}`,
		},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, string(must(json.Marshal(tt.deadline))(t))); diff != "" {
			t.Errorf("stored text (-want +got):\n%s", diff)
		}
	}
}

func TestDeadlineEqualSeesEveryField(t *testing.T) {
	t.Parallel()
	cal := calendar.EnglandAndWales()
	d := must(cal.DeadlineFrom(date(t, "2026-05-01"), period(t, "10 working days"), calendar.NoRoll))(t)
	changes := map[string]func(*calendar.Deadline){
		"start rule":     func(e *calendar.Deadline) { e.StartRule = calendar.StartsNextWorkingDay },
		"cut-off":        func(e *calendar.Deadline) { e.CutOff = timeOfDay(t, "12:00") },
		"by":             func(e *calendar.Deadline) { e.By = timeOfDay(t, "12:00") },
		"from":           func(e *calendar.Deadline) { e.From = e.Start.AddDays(1) },
		"could move":     func(e *calendar.Deadline) { e.CouldMove = e.Skipped },
		"start":          func(e *calendar.Deadline) { e.Start = e.Start.AddDays(1) },
		"start at":       func(e *calendar.Deadline) { e.StartAt = e.Last },
		"period":         func(e *calendar.Deadline) { e.Period = period(t, "9 working days") },
		"roll":           func(e *calendar.Deadline) { e.Roll = calendar.Following },
		"due":            func(e *calendar.Deadline) { e.Due = e.Due.AddDays(1) },
		"last":           func(e *calendar.Deadline) { e.Last = e.Last.Add(1) },
		"edition":        func(e *calendar.Deadline) { e.Edition = "" },
		"projected":      func(e *calendar.Deadline) { e.Projected = true },
		"skipped fewer":  func(e *calendar.Deadline) { e.Skipped = e.Skipped[1:] },
		"skipped reason": func(e *calendar.Deadline) { e.Skipped = append([]calendar.Skipped{{}}, e.Skipped[1:]...) },
	}
	if fields := reflect.TypeFor[calendar.Deadline]().NumField(); len(changes) < fields {
		t.Errorf("only %d of %d fields are changed", len(changes), fields)
	}
	for name, change := range changes {
		e := d
		change(&e)
		if d.Equal(e) || e.Equal(d) {
			t.Errorf("equal although %s differs", name)
		}
	}
	e := d
	e.Last = e.Last.UTC()
	if !d.Equal(e) || d.IsZero() || !(calendar.Deadline{}).IsZero() || !(calendar.Deadline{}).Equal(calendar.Deadline{}) {
		t.Error("not equal in another zone, or the zero deadline is one")
	}
}
