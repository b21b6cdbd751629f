package calendar

import (
	"fmt"
	"strings"
)

// Skipped is a non-working day that a deadline passed over, or a bank holiday
// that could move it.
type Skipped struct {
	Date   Date   `json:"date"`
	Reason string `json:"reason"` // the name of the bank holiday or closure, "Saturday" or "Sunday"
}

// String returns "Mon 25 May 2026: Spring bank holiday", or "Sat 23 May 2026",
// and "" for no day.
func (s Skipped) String() string {
	if s.Date.IsZero() || s.isWeekend() {
		return s.Date.Short()
	}
	return s.Date.Short() + ": " + s.Reason
}

func (s Skipped) isWeekend() bool { return isWeekend(s.Date) }

// weekendDaysNamed is how many Saturdays and Sundays are listed one by one
// before they are only counted.
const weekendDaysNamed = 6

// listSkipped names days as "Sat 2, Sun 3 and Mon 4 May (Early May bank
// holiday)". Of many weekends it gives the number only.
func (d Deadline) listSkipped(days []Skipped) string {
	var items []string
	named := days
	if weekend := countWeekend(days); weekend > weekendDaysNamed {
		items = append(items, fmt.Sprintf("%d Saturdays and Sundays", weekend))
		named = withoutWeekend(days)
	}
	for i, day := range named {
		monthEnds := i+1 == len(named) || named[i+1].Date.Month() != day.Date.Month()
		items = append(items, d.nameSkipped(day, monthEnds))
	}
	return inWords(items)
}

// nameSkipped leaves out the month where the next day named will give it, and
// the year where the deadline lies within one.
func (d Deadline) nameSkipped(day Skipped, monthEnds bool) string {
	y, m, n := day.Date.parts()
	item := fmt.Sprintf("%s %d", day.Date.Weekday().String()[:3], n)
	if monthEnds || !day.isWeekend() {
		item += " " + m.String()[:3]
		if d.Start.Year() != d.Due.Year() {
			item += fmt.Sprintf(" %d", y)
		}
	}
	if !day.isWeekend() {
		item += " (" + day.Reason + ")"
	}
	return item
}

func countWeekend(days []Skipped) int {
	return len(days) - len(withoutWeekend(days))
}

func withoutWeekend(days []Skipped) []Skipped {
	var holidays []Skipped
	for _, day := range days {
		if !day.isWeekend() {
			holidays = append(holidays, day)
		}
	}
	return holidays
}

func inWords(items []string) string {
	if len(items) < 2 {
		return strings.Join(items, "")
	}
	last := len(items) - 1
	return strings.Join(items[:last], ", ") + " and " + items[last]
}
