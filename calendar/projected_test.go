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

func TestProjectedNamesTheHolidaysThatCouldMove(t *testing.T) {
	t.Parallel()
	week := must(calendar.EnglandAndWales().WithClosures("halton", []calendar.Closure{{From: date(t, "2028-12-27"), To: date(t, "2029-01-05"), Name: "Christmas week"}}))(t)
	tests := []struct {
		name, from, to string
		closed         *calendar.Calendar
		projected      bool
		want           []string
	}{
		{"official years", "2028-12-01", "2028-12-31", nil, false, nil},
		{"into the years after", "2028-12-30", "2029-01-04", nil, true, []string{"Mon 1 Jan 2029: New Year's Day"}},
		{"a holiday just before", "2029-05-08", "2029-05-10", nil, true, []string{"Mon 7 May 2029: Early May bank holiday"}},
		{"a holiday eight days ahead", "2029-12-10", "2029-12-17", nil, true, []string{"Tue 25 Dec 2029: Christmas Day"}},
		{"a holiday nine days ahead", "2029-12-10", "2029-12-16", nil, true, nil},
		{"two in a row", "2029-12-18", "2029-12-18", nil, true, []string{"Tue 25 Dec 2029: Christmas Day", "Wed 26 Dec 2029: Boxing Day"}},
		{"a weekend", "2029-05-05", "2029-05-06", nil, false, nil},
		{"before the official years", "1977-12-26", "1978-01-05", nil, true, nil},
		{"the first official day", "1978-01-01", "1978-01-05", nil, false, nil},
		{"from long before to long after", "1950-01-01", "2029-01-02", nil, true, []string{"Mon 1 Jan 2029: New Year's Day"}},
		{"closed whatever is proclaimed", "2029-01-01", "2029-01-05", week, false, nil},
		{"a closed holiday that could move to an open day", "2029-01-05", "2029-01-08", week, true, []string{"Mon 1 Jan 2029: New Year's Day"}},
	}
	for _, tt := range tests {
		cal := tt.closed
		if cal == nil {
			cal = calendar.EnglandAndWales()
		}
		for _, ends := range [][2]string{{tt.from, tt.to}, {tt.to, tt.from}} {
			projected, couldMove, err := cal.Projected(date(t, ends[0]), date(t, ends[1]))
			var got []string
			for _, s := range couldMove {
				got = append(got, s.String())
			}
			if diff := cmp.Diff(tt.want, got); diff != "" || projected != tt.projected || err != nil {
				t.Errorf("%s, from %s to %s: %t, %v (-want +got):\n%s", tt.name, ends[0], ends[1], projected, err, diff)
			}
		}
	}
	var rangeErr *calendar.RangeError
	if _, _, err := calendar.EnglandAndWales().Projected(date(t, "2150-12-31"), date(t, "2151-01-01")); !errors.As(err, &rangeErr) {
		t.Errorf("%v", err)
	}
}

func TestADayOffSaysWhetherItIsProjected(t *testing.T) {
	t.Parallel()
	cal := must(calendar.EnglandAndWales().WithClosures("halton", []calendar.Closure{{From: date(t, "2029-01-02"), Name: "closed"}}))(t)
	tests := []struct {
		date string
		want calendar.Day
	}{
		{"2028-12-25", calendar.Day{Off: true, Reason: "Christmas Day"}},
		{"2028-12-29", calendar.Day{}},
		{"2029-01-01", calendar.Day{Off: true, Reason: "New Year's Day", Projected: true}},
		{"2029-01-02", calendar.Day{Off: true, Reason: "closed"}},
		{"2029-01-03", calendar.Day{Projected: true}},
		{"2029-01-06", calendar.Day{Off: true, Reason: "Saturday"}},
		{"1977-12-30", calendar.Day{Projected: true}},
		{"1978-01-02", calendar.Day{Off: true, Reason: "substitute day for New Year's Day"}},
	}
	for _, tt := range tests {
		if got := must(cal.DayOff(date(t, tt.date)))(t); got != tt.want {
			t.Errorf("%s: %+v, want %+v", tt.date, got, tt.want)
		}
	}
}

func TestProjectedDeadlinesInWords(t *testing.T) {
	t.Parallel()
	closed := must(calendar.EnglandAndWales().WithClosures("halton", []calendar.Closure{{From: date(t, "2028-12-29"), To: date(t, "2029-01-03"), Name: "Christmas week"}}))(t)
	tests := []struct {
		name, start string
		rule        calendar.Rule
		cal         *calendar.Calendar
		want        string
	}{
		{
			"a holiday just outside the count", "2029-05-07", calendar.Rule{Period: period(t, "3 working days")}, calendar.EnglandAndWales(),
			"3 working days after Mon 7 May 2029: due Thu 10 May 2029; projected, for the bank holidays of those years are not official: Mon 7 May (Early May bank holiday) could move",
		},
		{
			"the start only", "2029-05-07", calendar.Rule{Period: period(t, "1 week"), Start: calendar.StartsNextWorkingDay}, calendar.EnglandAndWales(),
			"1 week after Mon 7 May 2029 (taken as Tue 8 May 2029, passing over Mon 7 May (Early May bank holiday)) is Tue 15 May 2029; projected, for the bank holidays of those years are not official: Mon 7 May (Early May bank holiday) could move",
		},
		{
			"named once though both ends are near it", "2029-05-05", calendar.Rule{Period: period(t, "1 week"), Start: calendar.StartsNextWorkingDay, Roll: calendar.Following}, calendar.EnglandAndWales(),
			"1 week after Sat 5 May 2029 (taken as Tue 8 May 2029, passing over Sat 5, Sun 6 and Mon 7 May (Early May bank holiday)) is Tue 15 May 2029; projected, for the bank holidays of those years are not official: Mon 7 May (Early May bank holiday) could move",
		},
		{
			"closures do not move", "2028-12-28", calendar.Rule{Period: period(t, "1 working day")}, closed,
			"1 working day after Thu 28 Dec 2028, not counting Fri 29 Dec 2028 (Christmas week), Sat 30, Sun 31 Dec 2028, Mon 1 Jan 2029 (New Year's Day), Tue 2 Jan 2029 (Christmas week) and Wed 3 Jan 2029 (Christmas week): due Thu 4 Jan 2029; projected, for the bank holidays of those years are not official: Mon 1 Jan 2029 (New Year's Day) could move",
		},
		{
			"before the official years", "1977-06-01", calendar.Rule{Period: period(t, "5 working days")}, calendar.EnglandAndWales(),
			"5 working days after Wed 1 Jun 1977, not counting Sat 4, Sun 5 and Tue 7 Jun (Silver Jubilee of Queen Elizabeth II): due Thu 9 Jun 1977; projected, for the bank holidays of those years are not official",
		},
		{"a date that no holiday moves", "1977-06-01", calendar.Rule{Period: period(t, "1 week")}, calendar.EnglandAndWales(), "1 week after Wed 1 Jun 1977 is Wed 8 Jun 1977"},
	}
	for _, tt := range tests {
		d := must(tt.cal.DeadlineBy(date(t, tt.start).Start().Add(9*time.Hour), tt.rule))(t)
		if got := d.Working(); got != tt.want {
			t.Errorf("%s: %s\nwant %s", tt.name, got, tt.want)
		}
	}
}

// Whoever marks a deadline as not projected says that nothing the government may
// yet publish can move it; whoever marks it says that something can, though the
// end of a month may hold it where it is: a start moved from 29 to 30 January is
// due on 28 February all the same.
func TestLawProjectedIsSaidWheneverLaterDaysCouldMoveTheDeadline(t *testing.T) {
	cal := calendar.EnglandAndWales()
	official := cal.Coverage().OfficialTo
	check(t, func(t *rapid.T) {
		start := official.AddDays(rapid.IntRange(-90, 60).Draw(t, "start"))
		r := calendar.Rule{
			Period: period(t, rapid.SampledFrom([]string{"same day", "3 days", "1 week", "1 month", "1 working day", "10 working days", "60 working days"}).Draw(t, "period")),
			Roll:   rapid.SampledFrom(rolls).Draw(t, "roll"),
			Start:  rapid.SampledFrom([]calendar.StartRule{calendar.StartsAsItFalls, calendar.StartsNextWorkingDay}).Draw(t, "start rule"),
		}
		at := start.Start().Add(12 * time.Hour)
		d := must(cal.DeadlineBy(at, r))(t)
		moved := false
		for day := official.AddDays(1); day.Before(official.AddDays(200)) && !moved; day = day.AddDays(1) {
			closed := must(cal.WithClosures("x", []calendar.Closure{{From: day, Name: "proclaimed"}}))(t)
			moved = must(closed.DeadlineBy(at, r))(t).Due != d.Due
			if day.After(d.Due.AddDays(10)) {
				break
			}
		}
		if moved && !d.Projected {
			t.Fatalf("%s\nis said to be certain", d.Working())
		}
		clamped := r.Period.Unit() == calendar.Months && r.Start == calendar.StartsNextWorkingDay
		if d.Projected && !moved && len(d.CouldMove) == 0 && !clamped {
			t.Fatalf("%s\nis said to hang on projections", d.Working())
		}
		for _, s := range d.CouldMove {
			if !d.Projected || !s.Date.After(official) || !strings.Contains(d.Working(), s.Reason) {
				t.Fatalf("%s\nnames %v", d.Working(), s)
			}
		}
	})
}

// Each bank holiday that is not official yet is moved in turn, as far as any has
// been.
func TestLawAHolidayWhoseMoveMovesTheDeadlineIsNamed(t *testing.T) {
	text := years(t, calendar.EnglandAndWales(), 2026, 2033)
	cal := must(calendar.ParseCalendar([]byte(text)))(t)
	var projected []calendar.Date
	for d := range must(cal.Holidays(date(t, "2029-01-01"), date(t, "2030-12-31")))(t) {
		projected = append(projected, d)
	}
	check(t, func(t *rapid.T) {
		holiday := rapid.SampledFrom(projected).Draw(t, "holiday")
		to := holiday.AddDays(rapid.SampledFrom([]int{-8, -7, -3, -1, 1, 2, 3, 4, 7, 8}).Draw(t, "moved by"))
		if name, taken := cal.Holiday(to); taken || to.Weekday()%6 == 0 || to.Year() < 2029 {
			t.Skipf("%s has %q", to, name)
		}
		name, _ := cal.Holiday(holiday)
		moved := must(calendar.ParseCalendar([]byte(move(text, holiday, to, name))))(t)
		r := anyRule(t)
		start := holiday.AddDays(rapid.IntRange(-20, 12).Draw(t, "start"))
		if rapid.Bool().Draw(t, "due about then") {
			start = must(cal.Before(start, r.Period))(t)
		}
		at := start.Start().Add(13 * time.Hour)
		d, other := must(cal.DeadlineBy(at, r))(t), must(moved.DeadlineBy(at, r))(t)
		if d.Due == other.Due {
			return
		}
		named := false
		for _, s := range d.CouldMove {
			named = named || s == calendar.Skipped{Date: holiday, Reason: name}
		}
		if !named || !d.Projected || !strings.Contains(d.Working(), name) {
			t.Fatalf("%s\nis due %s when %s moves to %s", d.Working(), other.Due.Short(), holiday.Short(), to.Short())
		}
	})
}

// years is the text of the calendar for some years only.
func years(t fataler, cal *calendar.Calendar, first, last int) string {
	t.Helper()
	lines := strings.SplitAfter(string(cal.Canonical()), "\n")
	from, to := must(calendar.NewDate(first, time.January, 1))(t), must(calendar.NewDate(last, time.December, 31))(t)
	official := cal.Coverage()
	if official.OfficialFrom.Before(from) {
		official.OfficialFrom = from
	}
	if official.OfficialTo.After(to) {
		official.OfficialTo = to
	}
	name, _, _ := strings.Cut(lines[0], " ")
	text := strings.Join([]string{name, from.String(), to.String(), official.OfficialFrom.String(), official.OfficialTo.String()}, " ") + "\n"
	for _, line := range lines[1:] {
		if day := strings.TrimPrefix(line, "closed "); day >= from.String() && day < to.AddDays(1).String() {
			text += line
		}
	}
	return text
}

// move takes a holiday out of the text of a calendar and puts it in elsewhere.
func move(text string, from, to calendar.Date, name string) string {
	text = strings.Replace(text, from.String()+" "+name+"\n", "", 1)
	lines := strings.SplitAfter(text, "\n")
	for i, line := range lines {
		if i > 0 && line > to.String() || line == "" {
			return strings.Join(lines[:i], "") + to.String() + " " + name + "\n" + strings.Join(lines[i:], "")
		}
	}
	return text
}
