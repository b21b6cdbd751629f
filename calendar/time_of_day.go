package calendar

import (
	"fmt"
	"time"
)

// TimeOfDay is an hour and minute on London's clocks, such as a cut-off at
// "16:30". It is comparable with ==. The zero value is no time of day, so
// midnight is not one: the end of a day is what there is without it.
type TimeOfDay struct {
	minutes int16 // since midnight
}

// ParseTimeOfDay reads an hour and minute, "00:01" to "23:59". Anything else is
// a *DateError.
func ParseTimeOfDay(s string) (TimeOfDay, error) {
	wrong := &DateError{Text: shorten(s), Problem: "not a time of day", Want: `hours and minutes from "00:01" to "23:59", such as "16:30"`}
	if len(s) != len("15:04") || s[2] != ':' {
		return TimeOfDay{}, wrong
	}
	hour, okHour := digits(s[:2])
	minute, okMinute := digits(s[3:])
	if !okHour || !okMinute || hour > 23 || minute > 59 || hour+minute == 0 {
		return TimeOfDay{}, wrong
	}
	return TimeOfDay{int16(hour*60 + minute)}, nil
}

// IsZero reports whether t is no time of day.
func (t TimeOfDay) IsZero() bool { return t.minutes == 0 }

// On returns the moment of the time on a date, on London's clocks. In the hour
// that the clocks leave out it is an hour later; of an hour that they show twice
// it is the first. No date, and no time of day, answer the zero time.
func (t TimeOfDay) On(d Date) time.Time {
	if t.IsZero() || d.IsZero() {
		return time.Time{}
	}
	// time.Date does not say which of two moments it takes. The clocks change once
	// a day at most, so the time is counted from midnight, and counted anew by the
	// later clock when they have changed by then and do show it after that.
	midnight := d.Start()
	at := midnight.Add(time.Duration(t.minutes) * time.Minute)
	_, before := midnight.Zone()
	_, after := at.Zone()
	shown := at.Add(time.Duration(before-after) * time.Second)
	if _, offset := shown.Zone(); offset == after {
		return shown
	}
	return at
}

// String returns the form that ParseTimeOfDay reads, and "" for no time of day.
func (t TimeOfDay) String() string {
	if t.IsZero() {
		return ""
	}
	return fmt.Sprintf("%02d:%02d", t.minutes/60, t.minutes%60)
}

// MarshalText returns the form of String, empty for no time of day.
func (t TimeOfDay) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// UnmarshalText reads what ParseTimeOfDay reads; empty text is no time of day.
// Anything else is a *DateError.
func (t *TimeOfDay) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*t = TimeOfDay{}
		return nil
	}
	parsed, err := ParseTimeOfDay(string(text))
	if err != nil {
		return err
	}
	*t = parsed
	return nil
}
