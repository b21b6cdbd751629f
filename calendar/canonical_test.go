package calendar_test

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/practiceaudit/practiceaudit/calendar"
)

func halton(t fataler) *calendar.Calendar {
	t.Helper()
	return must(calendar.EnglandAndWales().WithClosures("halton", []calendar.Closure{
		{From: date(t, "2026-12-24"), Name: "Christmas Eve"},
		{From: date(t, "2026-12-25"), To: date(t, "2027-01-03"), Name: "Christmas week"},
	}))(t)
}

func TestTheCanonicalTextReadsBackAsTheSameCalendar(t *testing.T) {
	t.Parallel()
	all := []*calendar.Calendar{halton(t)}
	for _, cal := range nations {
		all = append(all, cal())
	}
	for _, cal := range all {
		text := cal.Canonical()
		sum := sha256.Sum256(text)
		if got := "sha256:" + hex.EncodeToString(sum[:]); got != cal.Edition().Digest {
			t.Errorf("%s: the digest is of another text, %s", cal.Edition(), got)
		}
		again := must(calendar.ParseCalendar(text))(t)
		if again.Edition() != cal.Edition() {
			t.Errorf("%s reads back as %s", cal.Edition(), again.Edition())
		}
		for d := date(t, "2026-12-01"); d.Year() < 2031; d = d.AddDays(1) {
			for _, p := range []string{"10 working days", "1 month"} {
				want := must(cal.DeadlineFrom(d, period(t, p), calendar.Following))(t)
				if got := must(again.DeadlineFrom(d, period(t, p), calendar.Following))(t); !got.Equal(want) {
					t.Fatalf("%s from %s:\n%s\n%s", p, d, want.Working(), got.Working())
				}
			}
		}
	}
	if (*calendar.Calendar)(nil).Canonical() != nil || new(calendar.Calendar).Canonical() != nil {
		t.Error("no calendar has a text")
	}
}

func TestTheCanonicalTextIsPlain(t *testing.T) {
	t.Parallel()
	lines := strings.Split(string(halton(t).Canonical()), "\n")
	if lines[0] != "england-and-wales+halton 1950-01-01 2150-12-31 1978-01-01 2028-12-31" {
		t.Errorf("first line %q", lines[0])
	}
	var got []string
	for _, line := range lines {
		if strings.Contains(line, "2026-12-") || strings.Contains(line, "2027-01-") {
			got = append(got, line)
		}
	}
	want := []string{
		"closed 2026-12-24 Christmas Eve",
		"2026-12-25 Christmas Day",
		"closed 2026-12-25 Christmas week",
		"2026-12-28 substitute day for Boxing Day",
		"closed 2026-12-28 Christmas week",
		"closed 2026-12-29 Christmas week",
		"closed 2026-12-30 Christmas week",
		"closed 2026-12-31 Christmas week",
		"2027-01-01 New Year's Day",
		"closed 2027-01-01 Christmas week",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestACalendarOfPartOfAYearSaysItsDates(t *testing.T) {
	t.Parallel()
	cal := must(calendar.ParseCalendar([]byte("england-and-wales 2026-03-02 2026-05-29 2026-03-02 2026-05-29\n2026-04-03 Good Friday\n2026-04-06 Easter Monday\n2026-05-04 Early May bank holiday\n2026-05-25 Spring bank holiday\n")))(t)
	closed := must(cal.WithClosures("x", []calendar.Closure{{From: date(t, "2026-05-28"), To: date(t, "2026-05-29"), Name: "closed"}}))(t)
	ask := func(_ any, err error) error { return err }
	const covers = " is outside the calendar england-and-wales/2026-05-29, which covers 2026-03-02 to 2026-05-29"
	tests := []struct {
		name string
		err  error
		want string
	}{
		{"a day of the same year", ask(cal.IsWorkingDay(date(t, "2026-06-01"))), "2026-06-01" + covers},
		{"a day of another year", ask(cal.IsWorkingDay(date(t, "2027-01-01"))), "2027-01-01" + covers},
		{"a moment beyond the years with dates", ask(cal.Deadline(time.Date(12000, 1, 1, 0, 0, 0, 0, time.UTC), period(t, "1 day"), calendar.NoRoll)), "the year 12000" + covers},
		{"a working day too far", ask(cal.AddWorkingDays(date(t, "2026-05-29"), 1)), "2026-05-30" + covers},
		{"a working day too far back", ask(cal.AddWorkingDays(date(t, "2026-03-02"), -1)), "2026-03-01" + covers},
	}
	for _, tt := range tests {
		var rangeErr *calendar.RangeError
		if !errors.As(tt.err, &rangeErr) || tt.err.Error() != tt.want {
			t.Errorf("%s: %v\nwant %s", tt.name, tt.err, tt.want)
		}
	}
	// Whether the next working day is in May, only the rest of May could tell.
	var rangeErr *calendar.RangeError
	if d, err := closed.Roll(date(t, "2026-05-28"), calendar.ModifiedFollowing); !errors.As(err, &rangeErr) || rangeErr.Date.String() != "2026-05-30" {
		t.Errorf("rolled back at the edge: %s, %v", d, err)
	}
	whole := must(calendar.ParseCalendar([]byte("x 2026-05-01 2026-05-31 2026-05-01 2026-05-31\n")))(t)
	if d, err := whole.Roll(date(t, "2026-05-30"), calendar.ModifiedFollowing); err != nil || d.String() != "2026-05-29" {
		t.Errorf("rolled back when the month is known to its end: %s, %v", d, err)
	}
}

func TestChangedCanonicalTextsAreRefused(t *testing.T) {
	t.Parallel()
	text := string(halton(t).Canonical())
	const header = "x 2026-01-01 2026-12-31 2026-01-01 2026-12-31\n"
	var everyDay strings.Builder
	for d := date(t, "2026-01-01"); d.Year() == 2026; d = d.AddDays(1) {
		if d.Weekday()%6 != 0 {
			everyDay.WriteString(d.String() + " off\n")
		}
	}
	tests := []struct{ name, text, want string }{
		{"empty", "", "cut off"},
		{"cut off", text[:len(text)-1], "cut off"},
		{"no header", "2026-12-25 Christmas Day\n", "line 1"},
		{"bad name", "England 2026-01-01 2026-12-31 2026-01-01 2026-12-31\n", "line 1"},
		{"bad date", "x 2026-01-01 2026-13-31 2026-01-01 2026-12-31\n", "no month 13"},
		{"dates out of order", "x 2026-12-31 2026-01-01 2026-01-01 2026-12-31\n", "not in order"},
		{"official outside", "x 2026-01-01 2026-12-31 2026-01-01 2027-12-31\n", "not in order"},
		{"official before", "x 2026-01-01 2026-12-31 2025-01-01 2026-12-31\n", "not in order"},
		{"official backwards", "x 2026-01-01 2026-12-31 2026-07-01 2026-06-01\n", "not in order"},
		{"three dates", "x 2026-01-01 2026-12-31 2026-12-31\n", "a name and four dates"},
		{"years outside", "x 1026-01-01 2026-12-31 2026-01-01 2026-12-31\n", "not in order"},
		{"no holiday name", header + "2026-12-25\n", "line 2"},
		{"empty holiday name", header + "2026-12-25 \n", "line 2"},
		{"a carriage return", header + "2026-12-25 Christmas Day\r\n", "ends with a space"},
		{"not UTF-8", header + "2026-12-25 \xff\n", "UTF-8"},
		{"long name", header + "2026-12-25 " + strings.Repeat("x", 300) + "\n", "longer than"},
		{"weekend", header + "2026-12-26 Boxing Day\n", "is a Saturday"},
		{"outside", header + "2027-01-01 New Year's Day\n", "outside"},
		{"out of order", header + "2026-12-25 Christmas Day\n2026-05-04 Early May\n", "line 3"},
		{"twice", header + "2026-12-25 Christmas Day\n2026-12-25 Christmas Day\n", "line 3"},
		{"empty line", header + "\n", "line 2"},
		{"huge", strings.Repeat("x", calendar.MaxCanonical+1), "bytes long"},
	}
	for _, tt := range tests {
		var dataErr *calendar.DataError
		if cal, err := calendar.ParseCalendar([]byte(tt.text)); !errors.As(err, &dataErr) || cal != nil {
			t.Errorf("%s: %v, want a *DataError", tt.name, err)
		} else if !strings.Contains(err.Error(), tt.want) || len(err.Error()) > 500 {
			t.Errorf("%s: %.200v\nwant it to say: %s", tt.name, err, tt.want)
		}
	}
	var closedErr *calendar.ClosedError
	if _, err := calendar.ParseCalendar([]byte(header + everyDay.String())); !errors.As(err, &closedErr) || closedErr.Year != 2026 {
		t.Errorf("no working day: %v", err)
	}
}
