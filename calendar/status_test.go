package calendar_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/practiceaudit/practiceaudit/calendar"
)

func TestStatusInWords(t *testing.T) {
	t.Parallel()
	cal := calendar.EnglandAndWales()
	working := must(cal.DeadlineFrom(date(t, "2026-05-01"), period(t, "10 working days"), calendar.NoRoll))(t) // Mon 18 May
	saturday := must(cal.DeadlineFrom(date(t, "2026-05-01"), period(t, "8 days"), calendar.NoRoll))(t)         // Sat 9 May
	hours := must(cal.Deadline(moment(t, "2026-05-08T14:00:00Z"), period(t, "24 hours"), calendar.NoRoll))(t)  // 15:00 on Sat 9 May
	tests := []struct {
		name     string
		deadline calendar.Deadline
		at       string
		state    calendar.StatusState
		days     int
		want     string
	}{
		{"three days ahead", working, "2026-05-13T12:00:00Z", calendar.DueLater, 3, "due in 3 working days (Mon 18 May 2026)"},
		{"over the weekend", working, "2026-05-15T22:59:59Z", calendar.DueLater, 1, "due in 1 working day (Mon 18 May 2026)"},
		{"the evening before, in UTC", working, "2026-05-17T23:30:00Z", calendar.DueToday, 0, "due today"},
		{"last moment", working, "2026-05-18T22:59:59.999999999Z", calendar.DueToday, 0, "due today"},
		{"first moment late", working, "2026-05-18T23:00:00Z", calendar.Overdue, 1, "overdue by 1 working day"},
		{"two days late", working, "2026-05-20T12:00:00Z", calendar.Overdue, 2, "overdue by 2 working days"},
		{"the day before a Saturday", saturday, "2026-05-08T12:00:00Z", calendar.DueLater, 0, "due on Sat 9 May 2026, before the next working day"},
		{"on the Saturday", saturday, "2026-05-09T12:00:00Z", calendar.DueToday, 0, "due today"},
		{"on the Sunday after", saturday, "2026-05-10T12:00:00Z", calendar.Overdue, 0, "overdue since Sat 9 May 2026"},
		{"on the Monday after", saturday, "2026-05-11T12:00:00Z", calendar.Overdue, 1, "overdue by 1 working day"},
		{"hours, in time", hours, "2026-05-09T14:00:00Z", calendar.DueToday, 0, "due today by 15:00"},
		{"hours, late the same day", hours, "2026-05-09T14:00:00.000000001Z", calendar.Overdue, 0, "overdue since 15:00 on Sat 9 May 2026"},
		{"hours, two working days late", hours, "2026-05-12T12:00:00Z", calendar.Overdue, 2, "overdue by 2 working days"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := must(cal.Status(tt.deadline, moment(t, tt.at)))(t)
			if got.State != tt.state || got.WorkingDays != tt.days || got.String() != tt.want || got.Due != tt.deadline.Due {
				t.Errorf("%s, %d, %q; want %s, %d, %q", got.State, got.WorkingDays, got, tt.state, tt.days, tt.want)
			}
		})
	}
	if got := (calendar.Status{}).String(); got != "" {
		t.Errorf("no status is %q", got)
	}
	if got := calendar.StatusState(0).String(); got != "StatusState(0)" {
		t.Errorf("no state is %q", got)
	}
}

func TestStatusSaysWhenItIsProjected(t *testing.T) {
	t.Parallel()
	cal := calendar.EnglandAndWales()
	tests := []struct{ name, start, period, at, want string }{
		{"all of it official", "2028-12-01", "10 working days", "2028-12-04T12:00:00Z", "due in 9 working days (Fri 15 Dec 2028)"},
		{"a projected deadline", "2028-12-29", "3 working days", "2028-12-29T12:00:00Z", "due in 3 working days (Thu 4 Jan 2029), projected"},
		{"due today", "2028-12-29", "3 working days", "2029-01-04T12:00:00Z", "due today, projected"},
		{"days overdue that are not official", "2028-12-01", "10 working days", "2029-01-04T12:00:00Z", "overdue by 11 working days, projected"},
		{"a date that no bank holiday moves, and days to it that one would", "2028-12-27", "10 days", "2028-12-28T12:00:00Z", "due in 5 working days (Sat 6 Jan 2029), projected"},
		{"the same, on the day", "2028-12-27", "10 days", "2029-01-06T12:00:00Z", "due today"},
		{"before the official years", "1977-06-01", "5 working days", "1977-06-01T12:00:00Z", "due in 5 working days (Thu 9 Jun 1977), projected"},
	}
	for _, tt := range tests {
		d := must(cal.DeadlineFrom(date(t, tt.start), period(t, tt.period), calendar.NoRoll))(t)
		s := must(cal.Status(d, moment(t, tt.at)))(t)
		if s.String() != tt.want || s.Projected != strings.HasSuffix(tt.want, "projected") {
			t.Errorf("%s: %s, want %s", tt.name, s, tt.want)
		}
	}
}

func TestStatusThatCannotBe(t *testing.T) {
	t.Parallel()
	cal := calendar.EnglandAndWales()
	d := must(cal.DeadlineFrom(date(t, "2026-05-01"), period(t, "1 day"), calendar.NoRoll))(t)
	var dateErr *calendar.DateError
	if _, err := cal.Status(calendar.Deadline{}, d.Last); !errors.As(err, &dateErr) {
		t.Errorf("no deadline: %v", err)
	}
	if _, err := cal.Status(d, time.Time{}); !errors.As(err, &dateErr) {
		t.Errorf("no moment: %v", err)
	}
	var rangeErr *calendar.RangeError
	for _, year := range []int{1949, 2151, 12000} {
		if _, err := cal.Status(d, time.Date(year, 6, 1, 0, 0, 0, 0, time.UTC)); !errors.As(err, &rangeErr) || rangeErr.Year != year {
			t.Errorf("in %d: %v", year, err)
		}
	}
}

func TestLawADeadlineIsOverdueExactlyAfterItsLastMoment(t *testing.T) {
	cal := calendar.EnglandAndWales()
	check(t, func(t *rapid.T) {
		p := period(t, rapid.SampledFrom(append([]string{"24 hours"}, datePeriods...)).Draw(t, "period"))
		d := must(cal.Deadline(anyDate(t, "d").Start().Add(10*time.Hour), p, calendar.NoRoll))(t)
		at := d.Last.Add(time.Duration(rapid.Int64Range(-int64(100*time.Hour), int64(100*time.Hour)).Draw(t, "late")))
		s := must(cal.Status(d, at))(t)
		if (s.State == calendar.Overdue) != at.After(d.Last) {
			t.Fatalf("due %s, at %s: %s", d.Last, at, s)
		}
		if s.State == calendar.DueToday && calendar.DateOf(at) != d.Due {
			t.Fatalf("due %s, at %s: %s", d.Last, at, s)
		}
		if s.WorkingDays < 0 || s.String() == "" {
			t.Fatalf("due %s, at %s: %d working days, %q", d.Last, at, s.WorkingDays, s)
		}
	})
}
