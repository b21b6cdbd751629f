package calendar_test

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"
	"testing"

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
	if lines[0] != "england-and-wales+halton 1950-01-01 2150-12-31 2028-12-31" {
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

func TestChangedCanonicalTextsAreRefused(t *testing.T) {
	t.Parallel()
	text := string(halton(t).Canonical())
	const header = "x 2026-01-01 2026-12-31 2026-12-31\n"
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
		{"bad name", "England 2026-01-01 2026-12-31 2026-12-31\n", "line 1"},
		{"bad date", "x 2026-01-01 2026-13-31 2026-12-31\n", "no month 13"},
		{"dates out of order", "x 2026-12-31 2026-01-01 2026-12-31\n", "not in order"},
		{"official outside", "x 2026-01-01 2026-12-31 2027-12-31\n", "not in order"},
		{"years outside", "x 1026-01-01 2026-12-31 2026-12-31\n", "not in order"},
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
