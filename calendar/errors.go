package calendar

import (
	"fmt"
	"time"
)

// RangeError reports a date outside the years a calendar covers.
type RangeError struct {
	Calendar string // the calendar's name
	Year     int    // the year asked for
	Date     Date   // the date asked for, or the first one outside on the way to it; no date when only the year is known
	First    Date   // the first date covered
	Last     Date   // the last date covered
}

// Error names the date or year, and the dates covered.
func (e *RangeError) Error() string {
	asked := fmt.Sprintf("the year %d", e.Year)
	if !e.Date.IsZero() {
		asked = e.Date.String()
	}
	if e.Calendar == "" {
		return asked + " cannot be looked up in an empty calendar; take EnglandAndWales, Scotland, NorthernIreland or AnyPartOfUK"
	}
	return fmt.Sprintf("%s is outside the calendar %s, which covers %s to %s", asked, e.Calendar, e.First, e.Last)
}

// NationError reports a deadline that was worked out by the calendar of another
// part of the United Kingdom, or by none.
type NationError struct {
	Deadline string // the edition of the deadline, "" for none
	Calendar string // the edition's name of the calendar asked
}

// Error names both, and the calendar to take.
func (e *NationError) Error() string {
	if e.Deadline == "" {
		return fmt.Sprintf("the deadline does not say by which calendar it was worked out, and cannot be compared with %s; work it out anew", e.Calendar)
	}
	return fmt.Sprintf("the deadline was worked out by %s and cannot be recalculated by %s; take a calendar of %s", e.Deadline, e.Calendar, nationOf(e.Deadline))
}

// OrderError reports an end before its start.
type OrderError struct {
	Start, End time.Time
}

// Error gives both moments in London time.
func (e *OrderError) Error() string {
	const layout = "15:04:05 on Mon 2 Jan 2006"
	return fmt.Sprintf("the end, %s, is before the start, %s; swap them or correct one",
		e.End.In(London()).Format(layout), e.Start.In(London()).Format(layout))
}
