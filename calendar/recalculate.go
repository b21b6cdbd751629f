package calendar

import (
	"iter"
	"strings"
)

// Change is a deadline before and after a new edition of the calendar.
type Change struct {
	Before Deadline
	After  Deadline
	Causes []Cause // the days that made the difference, in order of date; none when the date due stays
}

// Cause is a day that was a working day and is none any more, or the other way
// round.
type Cause struct {
	Date Date   `json:"date"`
	Was  string `json:"was,omitempty"` // why it was no working day; "" when it was one
	Is   string `json:"is,omitempty"`  // why it is none now; "" when it is one
}

// String returns "Mon 19 Sep 2022 is no working day any more (State Funeral of
// Queen Elizabeth II)".
func (c Cause) String() string {
	if c.Is != "" {
		return c.Date.Short() + " is no working day any more (" + c.Is + ")"
	}
	return c.Date.Short() + " is a working day now (it was off: " + c.Was + ")"
}

// Moved reports whether the last moment is another.
func (c Change) Moved() bool { return !c.Before.Last.Equal(c.After.Last) }

// String returns the change in one line: "due Tue 20 Sep 2022, was Mon 19 Sep
// 2022: Mon 19 Sep 2022 is no working day any more (…)".
func (c Change) String() string {
	if !c.Moved() {
		return "still due " + c.After.Due.Short()
	}
	line := "due " + c.After.Due.Short() + ", was " + c.Before.Due.Short()
	causes := make([]string, len(c.Causes))
	for i, cause := range c.Causes {
		causes[i] = cause.String()
	}
	if len(causes) > 0 {
		line += ": " + strings.Join(causes, "; ")
	}
	return line
}

// Recalculate works a deadline out again by this calendar, usually a newer
// edition of the one that it was worked out by, from the same start and by the
// same rule. Nothing stored changes: whoever runs the audit decides. The errors
// are those of DeadlineBy.
func (c *Calendar) Recalculate(d Deadline) (Change, error) {
	if d.IsZero() {
		return Change{}, noDate("the deadline")
	}
	after, err := c.again(d)
	if err != nil {
		return Change{}, err
	}
	change := Change{Before: d, After: after}
	if change.Moved() {
		change.Causes, err = c.causes(d)
	}
	return change, err
}

func (c *Calendar) again(d Deadline) (Deadline, error) {
	if d.Period.unit == Hours || !d.CutOff.IsZero() {
		return c.DeadlineBy(d.StartAt, d.rule())
	}
	again := Deadline{Start: d.Start, Period: d.Period, Roll: d.Roll, StartRule: d.StartRule, By: d.By}
	return c.fromDate(again)
}

// causes are the days that the old calendar was asked about and of which this
// one says otherwise.
func (c *Calendar) causes(before Deadline) ([]Cause, error) {
	for _, d := range []Date{before.from(), before.Due} {
		if err := c.refuse(d); err != nil {
			return nil, err
		}
	}
	var causes []Cause
	for d, was := range before.asked() {
		is, off, err := c.DayOff(d)
		if err != nil {
			return nil, err
		}
		if off != (was != "") {
			causes = append(causes, Cause{Date: d, Was: was, Is: is})
		}
	}
	return causes, nil
}

// asked returns the days whose state the deadline hangs on, with the reason why
// each was off, "" for a working day.
func (d Deadline) asked() iter.Seq2[Date, string] {
	was := map[Date]string{}
	for _, s := range d.Skipped {
		was[s.Date] = s.Reason
	}
	return func(yield func(Date, string) bool) {
		from := d.from()
		if d.StartRule == StartsNextWorkingDay {
			for day := d.event(); !day.After(from); day = day.AddDays(1) {
				reason := ""
				if day != from {
					reason = "not a working day"
				}
				if !yield(day, reason) {
					return
				}
			}
		}
		first, last := from.AddDays(1), d.Due
		if d.Period.unit != WorkingDays {
			if d.Roll == NoRoll {
				return
			}
			on, _ := d.fell()
			first = on.Date
			if last.Before(first) {
				first, last = last, first
			}
		}
		for day := first; !day.After(last); day = day.AddDays(1) {
			if !yield(day, was[day]) {
				return
			}
		}
	}
}

// from is the date counted from.
func (d Deadline) from() Date {
	if d.From.IsZero() {
		return d.Start
	}
	return d.From
}

// event is the date that the event counts as, before any start rule.
func (d Deadline) event() Date {
	if !d.CutOff.IsZero() && !d.StartAt.Before(d.CutOff.On(d.Start)) {
		return d.Start.AddDays(1)
	}
	return d.Start
}
