package calendar

import (
	"fmt"
	"slices"
)

// Working returns the calculation in one line, for whoever must check it: the
// start, the period, every bank holiday passed over by name, the weekends in
// brief, and the date due. It is "" for no deadline.
func (d Deadline) Working() string {
	if d.IsZero() {
		return ""
	}
	var line string
	switch d.Period.unit {
	case Hours:
		line = d.hoursWorking()
	case WorkingDays:
		line = d.workingDaysWorking()
	default:
		line = d.fellWorking() + d.rollWorking()
	}
	if !d.By.IsZero() {
		line += ", by " + d.By.String()
	}
	if d.Projected {
		line += "; projected, for the bank holidays of those years are not official"
		if len(d.CouldMove) > 0 {
			line += ": " + d.listSkipped(d.CouldMove) + " could move"
		}
	}
	return line
}

// startWords is the day of the event, and the day that it is taken as one of with
// the days passed over on the way there.
func (d Deadline) startWords() string {
	if d.From.IsZero() {
		return d.Start.Short()
	}
	taken := d.Start.Short() + " (taken as " + d.From.Short()
	if passed := d.skipped(d.event(), d.From); len(passed) > 0 {
		taken += ", passing over " + d.listSkipped(passed)
	}
	return taken + ")"
}

// skipped returns the non-working days from first to last that are recorded.
func (d Deadline) skipped(first, last Date) []Skipped {
	within := span{first, last}
	return slices.DeleteFunc(slices.Clone(d.Skipped), func(s Skipped) bool { return !within.holds(s.Date) })
}

func (d Deadline) workingDaysWorking() string {
	line := fmt.Sprintf("%s after %s", d.Period, d.startWords())
	if passed := d.skipped(d.from().AddDays(1), d.Due); len(passed) > 0 {
		line += ", not counting " + d.listSkipped(passed)
	}
	return line + ": due " + d.Due.Short()
}

func (d Deadline) fellWorking() string {
	fell := d.fell()
	if d.Period.n == 0 && d.From.IsZero() {
		return "the same day, " + fell.Short()
	}
	if d.Period.n == 0 {
		return "the same day as " + d.startWords()
	}
	line := fmt.Sprintf("%s after %s is %s", d.Period, d.startWords(), fell.Short())
	if d.Period.unit == Months && fell.Day() < d.from().Day() {
		line += fmt.Sprintf(" (there is no %d %s)", d.from().Day(), fell.Month())
	}
	return line
}

func (d Deadline) rollWorking() string {
	fell := d.fell()
	on := d.skipped(fell, fell)
	if d.Due == fell || len(on) == 0 {
		return ""
	}
	line := " (" + on[0].Reason + "),"
	if on[0].isWeekend() {
		line = ", a " + on[0].Reason + ","
	}
	after := d.rolledOver()
	passed := d.skipped(d.Due, fell.AddDays(-1))
	switch {
	case d.Due.After(fell):
		line += " so the next working day"
		passed = d.skipped(fell.AddDays(1), after.last)
	case d.Roll == ModifiedFollowing:
		line += " and the next working day"
		if rest := d.skipped(fell.AddDays(1), after.last); anyHoliday(rest) {
			line += ", after " + d.listSkipped(rest) + ","
		}
		line += " is in another month, so the working day before"
	default:
		line += " so the working day before"
	}
	if anyHoliday(passed) {
		line += ", passing over " + d.listSkipped(passed)
	}
	return line + ": " + d.Due.Short()
}

func anyHoliday(days []Skipped) bool { return countWeekend(days) < len(days) }

// hoursWorking names the zone where the clocks change on the way, and says
// that they do.
func (d Deadline) hoursWorking() string {
	start, last := d.StartAt.In(London()), d.Last.In(London())
	layout := "15:04"
	if start.Second() != 0 || start.Nanosecond() != 0 {
		layout = "15:04:05"
	}
	_, first := d.Start.Start().Zone()
	_, final := d.Due.End().Zone()
	if first != final {
		layout += " MST"
	}
	_, before := start.Zone()
	_, after := last.Zone()
	var note string
	switch {
	case before < after:
		note = ", while the clocks go forward"
	case before > after:
		note = ", while the clocks go back"
	}
	return fmt.Sprintf("%s after %s on %s%s: due %s on %s", d.Period,
		start.Format(layout), d.Start.Short(), note, last.Format(layout), d.Due.Short())
}
