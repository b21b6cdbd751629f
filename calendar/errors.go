package calendar

import (
	"fmt"
	"time"
)

// RangeError reports a date outside the years a calendar covers.
type RangeError struct {
	Calendar string // the calendar's name
	Year     int    // the year asked for, or the first year outside when the date asked for is further still
	First    int    // the first year covered
	Last     int    // the last year covered
}

// Error names the year and the years covered.
func (e *RangeError) Error() string {
	if e.Calendar == "" {
		return fmt.Sprintf("the year %d cannot be looked up in an empty calendar; take EnglandAndWales, Scotland, NorthernIreland or AnyPartOfUK", e.Year)
	}
	return fmt.Sprintf("the year %d is outside the calendar %s, which covers %d to %d", e.Year, e.Calendar, e.First, e.Last)
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
