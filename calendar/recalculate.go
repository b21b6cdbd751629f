package calendar

import (
	"slices"
	"strings"
)

// Change is a deadline before and after a new edition of the calendar.
type Change struct {
	Before Deadline
	After  Deadline
	Causes []Cause // the days that made the difference, in order of date; none when the date due stays
}

// Cause is a day that was a working day and is none any more, or the other way
// round; or one that the deadline passes over only now that another day moved
// it.
type Cause struct {
	Date   Date   `json:"date"`
	Was    string `json:"was,omitempty"`    // why it was no working day; "" when it was one
	Is     string `json:"is,omitempty"`     // why it is none now; "" when it is one
	Beyond bool   `json:"beyond,omitempty"` // the deadline did not hang on it before, so what it was then is not known
}

// String returns "Mon 19 Sep 2022 is no working day any more (State Funeral of
// Queen Elizabeth II)".
func (c Cause) String() string {
	switch {
	case c.Beyond:
		return c.Date.Short() + " is passed over as well (" + c.Is + ")"
	case c.Is != "":
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
// same rule. Nothing stored changes: whoever runs the audit decides. A deadline
// worked out by the calendar of another part of the United Kingdom is a
// *NationError; the other errors are those of DeadlineBy.
func (c *Calendar) Recalculate(d Deadline) (Change, error) {
	if d.IsZero() {
		return Change{}, noDate("the deadline")
	}
	after, err := c.again(d)
	if err != nil {
		return Change{}, err
	}
	if d.Edition == "" || nationOf(d.Edition) != c.nation() {
		return Change{}, &NationError{Deadline: d.Edition, Calendar: c.edition.Name}
	}
	change := Change{Before: d, After: after}
	if change.Moved() {
		change.Causes, err = c.causes(d, after)
	}
	return change, err
}

func (c *Calendar) again(d Deadline) (Deadline, error) {
	if d.Period.unit == Hours || !d.CutOff.IsZero() || !d.By.IsZero() {
		return c.DeadlineBy(d.StartAt, d.rule())
	}
	return c.fromDate(Deadline{Start: d.Start, Period: d.Period, Roll: d.Roll, StartRule: d.StartRule})
}

// causes are the days on which the old deadline hung and of which this calendar
// says otherwise, and the holidays and closures on which only the new one hangs.
func (c *Calendar) causes(before, after Deadline) ([]Cause, error) {
	was := map[Date]string{}
	for _, s := range before.Skipped {
		was[s.Date] = s.Reason
	}
	asked := before.hangsOn()
	var causes []Cause
	for _, s := range asked {
		for d := s.first; !d.After(s.last); d = d.AddDays(1) {
			is, err := c.DayOff(d)
			if err != nil {
				return nil, err
			}
			if is.Off != (was[d] != "") {
				causes = append(causes, Cause{Date: d, Was: was[d], Is: is.Reason})
			}
		}
	}
	for _, s := range after.Skipped {
		known := slices.ContainsFunc(asked, func(a span) bool { return a.holds(s.Date) })
		if !known && !s.isWeekend() {
			causes = append(causes, Cause{Date: s.Date, Is: s.Reason, Beyond: true})
		}
	}
	slices.SortFunc(causes, func(a, b Cause) int { return a.Date.Compare(b.Date) })
	return causes, nil
}
