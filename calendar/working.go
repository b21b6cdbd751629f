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
		line += "; bank holidays that far ahead are not yet official"
		if len(d.CouldMove) > 0 {
			line += ": " + d.listSkipped(d.CouldMove) + " could move"
		}
	}
	return line
}

// startWords is the day of the event, and the day that it is taken as one of.
func (d Deadline) startWords() string {
	if d.From.IsZero() {
		return d.Start.Short()
	}
	return d.Start.Short() + " (taken as " + d.From.Short() + ")"
}

func (d Deadline) workingDaysWorking() string {
	line := fmt.Sprintf("%s after %s", d.Period, d.startWords())
	if len(d.Skipped) > 0 {
		line += ", not counting " + d.listSkipped(d.Skipped)
	}
	return line + ": due " + d.Due.Short()
}

// fell returns the day the period fell on before any roll, with the reason
// when that was no working day, and the days passed over after it.
func (d Deadline) fell() (on Skipped, rest []Skipped) {
	n := len(d.Skipped)
	switch {
	case n == 0:
		return Skipped{Date: d.Due}, nil
	case d.rolledOn():
		return d.Skipped[0], d.Skipped[1:]
	default:
		return d.Skipped[n-1], d.Skipped[:n-1]
	}
}

func (d Deadline) rolledOn() bool {
	return len(d.Skipped) > 0 && d.Skipped[0].Date.Before(d.Due)
}

func (d Deadline) fellWorking() string {
	on, _ := d.fell()
	if d.Period.n == 0 {
		return "the same day, " + on.Date.Short()
	}
	line := fmt.Sprintf("%s after %s is %s", d.Period, d.startWords(), on.Date.Short())
	if d.Period.unit == Months && on.Date.Day() < d.from().Day() {
		line += fmt.Sprintf(" (there is no %d %s)", d.from().Day(), on.Date.Month())
	}
	return line
}

func (d Deadline) rollWorking() string {
	on, rest := d.fell()
	if on.Reason == "" {
		return ""
	}
	line := " (" + on.Reason + "),"
	if on.isWeekend() {
		line = ", a " + on.Reason + ","
	}
	switch {
	case d.rolledOn():
		line += " so the next working day"
	case d.Roll == ModifiedFollowing:
		line += " and the next working day is in another month, so the working day before"
	default:
		line += " so the working day before"
	}
	if slices.ContainsFunc(rest, func(s Skipped) bool { return !s.isWeekend() }) {
		line += ", passing over " + d.listSkipped(rest)
	}
	return line + ": " + d.Due.Short()
}

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
