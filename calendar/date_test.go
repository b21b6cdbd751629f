package calendar_test

import (
	"database/sql/driver"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/practiceaudit/practiceaudit/calendar"
)

// far is further than any number of days or months can lead.
const far = int(^uint(0) >> 1)

func TestEveryDateAgreesWithTimeAndTextRoundTrips(t *testing.T) {
	t.Parallel()
	want := time.Date(1, time.January, 1, 12, 0, 0, 0, time.UTC)
	d := must(calendar.NewDate(1, time.January, 1))(t)
	for !d.IsZero() {
		y, m, day := want.Date()
		if d.Year() != y || d.Month() != m || d.Day() != day || d.Weekday() != want.Weekday() {
			t.Fatalf("got %s (%s), time has %s", d, d.Weekday(), want)
		}
		if again := must(calendar.NewDate(y, m, day))(t); again != d {
			t.Fatalf("NewDate(%s) = %s", d, again)
		}
		// Reading the text of every day would take a second.
		if day == 1 || day == 29 {
			if back := date(t, d.String()); back != d || d.String() != want.Format(time.DateOnly) {
				t.Fatalf("text of %s reads back as %s", d, back)
			}
		}
		d, want = d.AddDays(1), want.AddDate(0, 0, 1)
	}
	if want.Format(time.DateOnly) != "10000-01-01" {
		t.Errorf("dates end before %s, want 10000-01-01", want.Format(time.DateOnly))
	}
}

func TestImpossibleDatesAreRefusedWithWhatWouldBeRight(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, text, want string }{
		{"empty", "", `write year-month-day, such as "2026-03-02"`},
		{"30 February", "2026-02-30", "write a day from 01 to 28"},
		{"29 February, no leap year", "2025-02-29", "write a day from 01 to 28"},
		{"29 February of a century", "1900-02-29", "write a day from 01 to 28"},
		{"31 April", "2026-04-31", "write a day from 01 to 30"},
		{"day 0", "2026-04-00", "write a day from 01 to 30"},
		{"month 13", "2026-13-01", "write a month from 01 to 12"},
		{"month 0", "2026-00-01", "write a month from 01 to 12"},
		{"year 0", "0000-01-01", "write a year from 1 to 9999"},
		{"British", "02/03/2026", `write year-month-day`},
		{"no leading zero", "2026-3-2", `write year-month-day`},
		{"with a time", "2026-03-02T09:00", `write year-month-day`},
		{"negative", "-026-03-02", `write year-month-day`},
		{"plus sign", "2026-+3-02", `write year-month-day`},
		{"week date", "2026-W10-1", `write year-month-day`},
		{"ordinal", "2026-061", `write year-month-day`},
		{"other digits", "२०२६-०३-०२", `write year-month-day`},
		{"not text", "\xff\xfe\x00", `write year-month-day`},
		{"huge", strings.Repeat("2026-03-02", 1<<16), `write year-month-day`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := calendar.ParseDate(tt.text)
			var dateErr *calendar.DateError
			if !errors.As(err, &dateErr) {
				t.Fatalf("ParseDate = %v, %v; want a *DateError", got, err)
			}
			if !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %q does not say %q", err, tt.want)
			}
			if len(err.Error()) > 300 {
				t.Errorf("error of %d bytes", len(err.Error()))
			}
			if !got.IsZero() {
				t.Errorf("got %s with an error", got)
			}
		})
	}
	for _, bad := range [][3]int{{2026, -1, 1}, {far, 1, 1}, {-5, 1, 1}, {2026, far, 1}, {2026, 1, far}, {2026, 1, -1}} {
		if d, err := calendar.NewDate(bad[0], time.Month(bad[1]), bad[2]); err == nil {
			t.Errorf("NewDate%v = %s, want an error", bad, d)
		}
	}
}

func TestDateForms(t *testing.T) {
	t.Parallel()
	d := date(t, "2026-03-09")
	if got := d.Long(); got != "Monday 9 March 2026" {
		t.Errorf("Long = %q", got)
	}
	if got := d.Short(); got != "Mon 9 Mar 2026" {
		t.Errorf("Short = %q", got)
	}
	var none calendar.Date
	if none.String() != "" || none.Long() != "" || none.Short() != "" || !none.Start().IsZero() || !none.End().IsZero() {
		t.Error("no date has a form")
	}
	if none.Year() != 0 || none.Month() != 0 || none.Day() != 0 || none.DaysUntil(d) != 0 {
		t.Error("no date has parts")
	}
	if !none.Before(d) || !d.After(none) || d.Compare(none) != 1 || none.Compare(d) != -1 || d.Compare(d) != 0 {
		t.Error("no date does not come first")
	}
	if first := must(calendar.NewDate(1, 1, 1))(t); none.DaysUntil(first) != 0 || first.AddDays(-1) != none {
		t.Error("the day before the first date is a date")
	}
}

func TestDateArithmeticThatLeavesTheYearsIsNoDate(t *testing.T) {
	t.Parallel()
	d := date(t, "2026-03-09")
	for _, n := range []int{far, -far, -far - 1, 1e9, -1e9, 4e6, -4e6} {
		if got := d.AddDays(n); !got.IsZero() {
			t.Errorf("AddDays(%d) = %s", n, got)
		}
		if got := d.AddMonths(n); !got.IsZero() {
			t.Errorf("AddMonths(%d) = %s", n, got)
		}
	}
	if got := date(t, "9999-11-30").AddMonths(1); got != date(t, "9999-12-30") {
		t.Errorf("9999-11-30 and a month = %q", got)
	}
	if got := date(t, "9999-12-01").AddMonths(1); !got.IsZero() {
		t.Errorf("9999-12-01 and a month = %q", got)
	}
	for _, s := range []string{"0001-01-31", "0001-01-15"} {
		if got := date(t, s).AddMonths(-1); !got.IsZero() {
			t.Errorf("%s less a month = %q", s, got)
		}
	}
	var none calendar.Date
	if !none.AddDays(1).IsZero() || !none.AddMonths(1).IsZero() {
		t.Error("something added to no date is a date")
	}
}

func TestMonthsRunToTheCorrespondingDateOrTheLastDay(t *testing.T) {
	t.Parallel()
	tests := []struct {
		start  string
		months int
		want   string
	}{
		{"2026-01-31", 1, "2026-02-28"},
		{"2028-01-31", 1, "2028-02-29"},
		{"2026-09-30", 4, "2027-01-30"}, // Dodds v Walker: no sticking to month ends
		{"2026-02-28", 1, "2026-03-28"},
		{"2026-08-31", 1, "2026-09-30"},
		{"2026-11-30", 3, "2027-02-28"},
		{"2027-12-31", 2, "2028-02-29"},
		{"2026-03-31", -1, "2026-02-28"},
		{"2026-01-15", -1, "2025-12-15"},
		{"2028-02-29", 12, "2029-02-28"},
		{"2028-02-29", 48, "2032-02-29"},
		{"2026-05-05", 0, "2026-05-05"},
	}
	for _, tt := range tests {
		if got := date(t, tt.start).AddMonths(tt.months); got.String() != tt.want {
			t.Errorf("%s and %d months = %s, want %s", tt.start, tt.months, got, tt.want)
		}
	}
}

func TestLawMonthsKeepTheDayUnlessTheMonthIsTooShort(t *testing.T) {
	check(t, func(t *rapid.T) {
		d := anyDate(t, "d")
		n := rapid.IntRange(-600, 600).Draw(t, "n")
		got := d.AddMonths(n)
		month := time.Date(d.Year(), d.Month()+time.Month(n), 1, 12, 0, 0, 0, time.UTC)
		if got.Year() != month.Year() || got.Month() != month.Month() {
			t.Fatalf("%s and %d months = %s, in another month than %s", d, n, got, month.Format("January 2006"))
		}
		last := month.AddDate(0, 1, -1).Day()
		if want := min(d.Day(), last); got.Day() != want {
			t.Fatalf("%s and %d months = %s, want day %d", d, n, got, want)
		}
	})
}

func TestLawDaysUntilUndoesAddDays(t *testing.T) {
	check(t, func(t *rapid.T) {
		d := anyDate(t, "d")
		n := rapid.IntRange(-20000, 20000).Draw(t, "n")
		e := d.AddDays(n)
		if got := d.DaysUntil(e); got != n {
			t.Fatalf("DaysUntil(%s, %s) = %d, want %d", d, e, got, n)
		}
		want := time.Date(d.Year(), d.Month(), d.Day()+n, 12, 0, 0, 0, time.UTC).Format(time.DateOnly)
		if e.String() != want {
			t.Fatalf("%s and %d days = %s, want %s", d, n, e, want)
		}
		if e.Compare(d) != -d.Compare(e) || d.Before(e) != (n > 0) || d.After(e) != (n < 0) {
			t.Fatalf("%s and %s are not in order", d, e)
		}
	})
}

// The day turns at midnight in London for whoever looks, from the Line Islands
// to the far side of the date line.
func TestTheDayTurnsAtMidnightInLondonWhateverTheZone(t *testing.T) {
	t.Parallel()
	for _, day := range []string{
		"2026-01-01", "2026-03-28", "2026-03-29", "2026-03-30", "2026-07-01", "2026-10-24", "2026-10-25", "2026-10-26",
		"1968-10-27", "1970-07-01", "1971-10-31", "2028-02-29",
	} {
		d := date(t, day)
		start, end := d.Start(), d.End()
		if h, m, s := start.Clock(); h != 0 || m != 0 || s != 0 || start.Location() != calendar.London() {
			t.Errorf("%s starts at %s", d, start)
		}
		if !end.Add(1).Equal(d.AddDays(1).Start()) {
			t.Errorf("%s ends at %s and the next day starts at %s", d, end, d.AddDays(1).Start())
		}
		if h, m, s := end.Clock(); h != 23 || m != 59 || s != 59 || end.Nanosecond() != 999999999 {
			t.Errorf("%s ends at %s", d, end)
		}
		for offset := -12 * 60; offset <= 14*60; offset += 15 {
			zone := time.FixedZone("", offset*60)
			for _, at := range []struct {
				moment time.Time
				want   calendar.Date
			}{
				{start.Add(-1), d.AddDays(-1)}, {start, d}, {start.Add(12 * time.Hour), d}, {end, d}, {end.Add(1), d.AddDays(1)},
			} {
				if got := calendar.DateOf(at.moment.In(zone)); got != at.want {
					t.Fatalf("DateOf(%s) = %s, want %s", at.moment.In(zone), got, at.want)
				}
			}
		}
	}
	if got := calendar.DateOf(moment(t, "2026-07-01T23:30:00Z")); got.String() != "2026-07-02" {
		t.Errorf("23:30 UTC on a summer evening is %s in London, want 2026-07-02", got)
	}
}

func TestTimesWithoutADate(t *testing.T) {
	t.Parallel()
	for _, at := range []time.Time{
		{}, time.Time{}.In(calendar.London()),
		time.Date(0, 6, 1, 0, 0, 0, 0, time.UTC), time.Date(-4000, 1, 1, 0, 0, 0, 0, time.UTC),
		time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC), time.Unix(1<<60, 0), time.Unix(-1<<60, 0),
	} {
		if got := calendar.DateOf(at); !got.IsZero() {
			t.Errorf("DateOf(%v) = %s", at, got)
		}
	}
}

func TestDateInJSONAndDatabases(t *testing.T) {
	t.Parallel()
	type row struct {
		On   calendar.Date
		None calendar.Date `json:",omitzero"`
		Map  map[calendar.Date]int
	}
	in := row{On: date(t, "2026-03-02"), Map: map[calendar.Date]int{date(t, "2026-03-03"): 1}}
	text := must(json.Marshal(in))(t)
	if want := `{"On":"2026-03-02","Map":{"2026-03-03":1}}`; string(text) != want {
		t.Errorf("JSON %s, want %s", text, want)
	}
	var out row
	if err := json.Unmarshal(text, &out); err != nil || out.On != in.On || out.Map[date(t, "2026-03-03")] != 1 {
		t.Errorf("JSON reads back as %+v, %v", out, err)
	}
	if err := json.Unmarshal([]byte(`{"On":""}`), &out); err != nil || !out.On.IsZero() {
		t.Errorf("empty text reads as %v, %v", out.On, err)
	}
	if err := json.Unmarshal([]byte(`{"On":"2026-02-30"}`), &out); err == nil {
		t.Error("30 February was read")
	}

	tokyo := time.FixedZone("JST", 9*3600)
	for _, src := range []any{"2026-03-02", []byte("2026-03-02"), time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC), time.Date(2026, 3, 2, 0, 0, 0, 0, tokyo)} {
		var d calendar.Date
		if err := d.Scan(src); err != nil || d != in.On {
			t.Errorf("Scan(%#v) = %s, %v", src, d, err)
		}
	}
	for _, src := range []any{nil, "", []byte{}, []byte(nil), time.Time{}} {
		d := in.On
		if err := d.Scan(src); err != nil || !d.IsZero() {
			t.Errorf("Scan(%#v) = %s, %v; want no date", src, d, err)
		}
	}
	at := time.Date(2026, 7, 1, 23, 30, 0, 0, time.UTC) // already the 2nd in London
	for _, src := range []any{at, at.Add(30*time.Minute - 1), at.Add(30*time.Minute + 1), at.Add(30 * time.Minute).In(calendar.London())} {
		d := in.On
		var dateErr *calendar.DateError
		if err := d.Scan(src); !errors.As(err, &dateErr) || d != in.On || !strings.Contains(err.Error(), "a moment from the database is not a date; write the column as a DATE, or scan a time.Time and take DateOf of it") {
			t.Errorf("Scan(%s) = %s, %v", src, d, err)
		}
	}
	for _, src := range []any{42, 4.2, true, "2026-02-30", []byte("nonsense"), strings.Repeat("9", 1<<20), []byte(strings.Repeat("9", 1<<20)), time.Date(12000, 1, 1, 0, 0, 0, 0, time.UTC)} {
		d := in.On
		var dateErr *calendar.DateError
		if err := d.Scan(src); !errors.As(err, &dateErr) {
			t.Errorf("Scan(%.40v) = %v, want a *DateError", src, err)
		} else if d != in.On {
			t.Errorf("Scan(%.40v) changed the date to %s", src, d)
		} else if len(err.Error()) > 300 {
			t.Errorf("Scan(%.40v): error of %d bytes", src, len(err.Error()))
		}
	}
	for d, want := range map[calendar.Date]driver.Value{in.On: "2026-03-02", {}: nil} {
		if got, err := d.Value(); err != nil || got != want {
			t.Errorf("Value of %q = %v, %v; want %v", d, got, err, want)
		}
	}
}
