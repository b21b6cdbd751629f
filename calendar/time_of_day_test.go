package calendar_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/practiceaudit/practiceaudit/calendar"
)

func TestATimeOfDayShownTwiceIsTheFirstAndOneLeftOutIsAnHourLater(t *testing.T) {
	t.Parallel()
	tests := []struct{ date, time, want string }{
		{"2026-10-25", "00:59", "2026-10-24T23:59:00Z"},
		{"2026-10-25", "01:00", "2026-10-25T00:00:00Z"}, // shown again at 01:00Z
		{"2026-10-25", "01:30", "2026-10-25T00:30:00Z"},
		{"2026-10-25", "01:59", "2026-10-25T00:59:00Z"},
		{"2026-10-25", "02:00", "2026-10-25T02:00:00Z"},
		{"2026-10-25", "23:59", "2026-10-25T23:59:00Z"},
		{"2027-10-31", "01:30", "2027-10-31T00:30:00Z"},
		{"1995-10-22", "01:30", "1995-10-22T00:30:00Z"},
		{"1971-10-31", "01:59", "1971-10-31T00:59:00Z"}, // the end of British Standard Time, at 03:00
		{"1971-10-31", "02:00", "1971-10-31T01:00:00Z"},
		{"1971-10-31", "02:30", "1971-10-31T01:30:00Z"},
		{"1971-10-31", "03:00", "1971-10-31T03:00:00Z"},
		{"2026-03-29", "00:59", "2026-03-29T00:59:00Z"},
		{"2026-03-29", "01:00", "2026-03-29T01:00:00Z"}, // shown as 02:00
		{"2026-03-29", "01:30", "2026-03-29T01:30:00Z"},
		{"2026-03-29", "02:00", "2026-03-29T01:00:00Z"},
		{"2026-03-29", "02:30", "2026-03-29T01:30:00Z"},
		{"1968-02-18", "02:30", "1968-02-18T02:30:00Z"},
		{"2026-07-01", "09:00", "2026-07-01T08:00:00Z"},
		{"2026-12-25", "09:00", "2026-12-25T09:00:00Z"},
		{"0100-06-01", "09:00", "0100-06-01T09:01:15Z"}, // before there was a common time
	}
	for _, tt := range tests {
		if got := timeOfDay(t, tt.time).On(date(t, tt.date)); !got.Equal(moment(t, tt.want)) {
			t.Errorf("%s on %s is %s, want %s", tt.time, tt.date, got.UTC(), tt.want)
		}
	}
}

// Found once more by looking at the clock in every half hour of the day.
func TestLawATimeOfDayIsTheFirstMomentThatTheClocksShowIt(t *testing.T) {
	check(t, func(t *rapid.T) {
		d := anyDate(t, "d")
		month := rapid.SampledFrom([]time.Month{d.Month(), time.February, time.March, time.April, time.October, time.November}).Draw(t, "month")
		if rapid.Bool().Draw(t, "Sunday") { // when the clocks change
			first := must(calendar.NewDate(d.Year(), month, 1))(t)
			d = first.AddDays((7-int(first.Weekday()))%7 + 7*rapid.SampledFrom([]int{0, 1, 2, 3, 3, 4, 4, 4}).Draw(t, "week"))
		}
		half := rapid.OneOf(rapid.IntRange(1, 5), rapid.IntRange(1, 47)).Draw(t, "half hour") // the clocks change early
		text := time.Date(2000, 1, 1, 0, 30*half, 0, 0, time.UTC).Format("15:04")
		var want time.Time
		for at := d.Start(); want.IsZero() && !at.After(d.End()); at = at.Add(30 * time.Minute) {
			if at.Format("15:04") == text {
				want = at
			}
		}
		if want.IsZero() { // the clocks leave it out
			want = d.Start().Add(time.Duration(half) * 30 * time.Minute)
		}
		if got := timeOfDay(t, text).On(d); !got.Equal(want) {
			t.Fatalf("%s on %s is %s, want %s", text, d, got, want)
		}
	})
}
