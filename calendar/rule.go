package calendar

import (
	"fmt"
	"time"
)

// Rule says how a deadline is counted. Its zero value but for the Period is the
// usual way: the day of the event is not counted, and there is time until the
// end of the day.
type Rule struct {
	Period Period
	Roll   Roll      // where the result goes when it is no working day
	Start  StartRule // where an event on a non-working day counts
	CutOff TimeOfDay // an event from this time on counts as the next day's; none is midnight
	By     TimeOfDay // by when on the date due; none is the end of the day
}

// StartRule says on which day an event counts that falls on a non-working day.
type StartRule uint8

const (
	// StartsAsItFalls, the zero value, counts the event on its own date, so that
	// one working day after a Saturday is Monday.
	StartsAsItFalls StartRule = iota
	// StartsNextWorkingDay takes the event as one of the next working day, so that
	// one working day after a Saturday is Tuesday. It is how documents are deemed
	// to be received (CPR 6.26).
	StartsNextWorkingDay
)

var startRuleNames = [...]string{StartsAsItFalls: "as it falls", StartsNextWorkingDay: "next working day"}

// String returns the words of a policy file: "as it falls" or "next working
// day".
func (s StartRule) String() string {
	if int(s) >= len(startRuleNames) {
		return fmt.Sprintf("StartRule(%d)", uint8(s))
	}
	return startRuleNames[s]
}

// MarshalText returns the words of String. A value that is none of the
// constants is a *StartRuleError.
func (s StartRule) MarshalText() ([]byte, error) {
	if int(s) >= len(startRuleNames) {
		return nil, &StartRuleError{Text: s.String()}
	}
	return []byte(s.String()), nil
}

// UnmarshalText reads the words of String; empty text is StartsAsItFalls.
// Anything else is a *StartRuleError.
func (s *StartRule) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*s = StartsAsItFalls
		return nil
	}
	for rule, name := range startRuleNames {
		if string(text) == name {
			*s = StartRule(rule)
			return nil
		}
	}
	return &StartRuleError{Text: shorten(string(text))}
}

// StartRuleError reports words that are no StartRule.
type StartRuleError struct {
	Text string // what was given, shortened when very long
}

// Error returns what was wrong and what would be right.
func (e *StartRuleError) Error() string {
	return fmt.Sprintf("%q does not say where an event on a non-working day counts; write as it falls or next working day", e.Text)
}

// DeadlineBy works out when something is due by a rule, from the moment of the
// event. Hours run on from the moment itself: they take no roll, start rule,
// cut-off or time of day. The errors are those of Deadline, a *StartRuleError,
// and a *PeriodError when the rule's time of day is past before the event, as "the
// same day, by 12:00" is for an event in the afternoon.
func (c *Calendar) DeadlineBy(start time.Time, r Rule) (Deadline, error) {
	if start.IsZero() {
		return Deadline{}, noDate("the start")
	}
	date, err := c.dateOf(start)
	if err != nil {
		return Deadline{}, err
	}
	start = start.Round(0).In(London()) // without the monotonic clock, which no store keeps
	d := Deadline{Start: date, Period: r.Period, Roll: r.Roll, StartRule: r.Start, CutOff: r.CutOff, By: r.By}
	if r.Period.unit == Hours {
		d.StartAt = start
		return c.inHours(d)
	}
	if !r.CutOff.IsZero() || !r.By.IsZero() {
		d.StartAt = start
	}
	if d, err = c.fromDate(d); err == nil && !r.By.IsZero() && d.Last.Before(start) {
		err = &PeriodError{
			Text:    r.Period.String(),
			Problem: fmt.Sprintf("by %s on %s is past already at the event, %s on %s", r.By, d.Due.Short(), start.Format("15:04"), date.Short()),
			Want:    "a longer period, a later time of day, or none for the end of the day",
		}
	}
	if err != nil {
		return Deadline{}, err
	}
	return d, nil
}

func (c *Calendar) inHours(d Deadline) (Deadline, error) {
	if err := d.Roll.check(); err != nil {
		return Deadline{}, err
	}
	if d.rule() != (Rule{Period: d.Period}) {
		return Deadline{}, &PeriodError{
			Text:    d.Period.String(),
			Problem: "hours run through weekends and bank holidays and cannot be rolled",
			Want:    "a period in working days, or leave the roll, the start rule and the times of day out",
		}
	}
	d.Last = d.StartAt.Add(time.Duration(d.Period.n) * time.Hour)
	d.Due = DateOf(d.Last)
	return c.complete(d)
}

// fromDate works out a deadline in anything but hours.
func (c *Calendar) fromDate(d Deadline) (Deadline, error) {
	from := d.event()
	if err := d.Roll.check(); err != nil {
		return Deadline{}, err
	}
	switch d.StartRule {
	case StartsAsItFalls:
	case StartsNextWorkingDay:
		var err error
		if from, err = c.Roll(from, Following); err != nil {
			return Deadline{}, err
		}
	default:
		return Deadline{}, &StartRuleError{Text: d.StartRule.String()}
	}
	if from != d.Start {
		d.From = from
	}
	fell, err := c.fall(from, d.Period)
	if err != nil {
		return Deadline{}, err
	}
	if d.Due, err = c.Roll(fell, d.Roll); err != nil {
		return Deadline{}, err
	}
	for _, s := range d.hangsOn() {
		off, err := c.daysOff(s.first, s.last)
		if err != nil {
			return Deadline{}, err
		}
		d.Skipped = append(d.Skipped, off...)
	}
	if d.Last = d.Due.End(); !d.By.IsZero() {
		d.Last = d.By.On(d.Due)
	}
	return c.complete(d)
}

// complete adds what every deadline carries, and refuses one outside the
// calendar.
func (c *Calendar) complete(d Deadline) (Deadline, error) {
	for _, date := range []Date{d.Start, d.Due} {
		if err := c.refuse(date); err != nil {
			return Deadline{}, err
		}
	}
	d.Edition = c.edition.String()
	for _, s := range d.hangsOn() {
		projected, couldMove, err := c.Projected(s.first, s.last)
		if err != nil {
			return Deadline{}, err
		}
		d.Projected = d.Projected || projected
		for _, day := range couldMove {
			if n := len(d.CouldMove); n == 0 || day.Date.After(d.CouldMove[n-1].Date) { // both ends of the count can lie near one
				d.CouldMove = append(d.CouldMove, day)
			}
		}
	}
	return d, nil
}
