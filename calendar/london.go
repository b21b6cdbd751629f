package calendar

import (
	"sort"
	"sync"
	"time"
	_ "time/tzdata" // a council's server may have no zone files of its own
)

// London returns the zone that every date here is read in. The zone data is
// embedded in the program.
func London() *time.Location { return london() }

var london = sync.OnceValue(func() *time.Location {
	loc, err := time.LoadLocation("Europe/London")
	if err != nil {
		// Not reached: time/tzdata is linked in. UTC is right in winter, and
		// nothing here may panic.
		return time.UTC
	}
	return loc
})

// The day of a moment and the moments of a day are worked out from the seconds
// since 1970 and a table of the clock changes, about five times faster than
// package time finds the offset. Outside the years of the table package time
// answers.

const (
	secondsPerDay = 86400
	daysTo1970    = 719163 // 1970-01-01, counted as Date counts
	clockShift    = 22     // a slot of the table is 2^22 seconds, 48 days; no two changes are so close
)

// clockChanges is London's offset from UTC at every moment from first on.
type clockChanges struct {
	first int64 // seconds since 1970
	slots []clockSlot
}

// clockSlot says that the offset changes at a moment. In a slot without a change
// both offsets are the same.
type clockSlot struct {
	at            int64
	before, after int32
}

var clocks = sync.OnceValue(func() *clockChanges {
	start := time.Date(firstYear-1, time.December, 1, 0, 0, 0, 0, time.UTC)
	end := time.Date(lastYear+1, time.February, 1, 0, 0, 0, 0, time.UTC)
	c := &clockChanges{first: start.Unix(), slots: make([]clockSlot, (end.Unix()-start.Unix())>>clockShift)}
	for i := range c.slots {
		from := c.first + int64(i)<<clockShift
		before, after := zoneOffset(from), zoneOffset(from+1<<clockShift-1)
		c.slots[i] = clockSlot{at: from, before: before, after: after}
		if before != after {
			c.slots[i].at += int64(sort.Search(1<<clockShift, func(s int) bool { return zoneOffset(from+int64(s)) == after }))
		}
	}
	return c
})

func zoneOffset(unix int64) int32 {
	_, offset := time.Unix(unix, 0).In(London()).Zone()
	return int32(offset)
}

// offset returns how many seconds London is ahead of UTC, and false outside the
// table.
func (c *clockChanges) offset(unix int64) (int64, bool) {
	i := (unix - c.first) >> clockShift
	if i < 0 || i >= int64(len(c.slots)) {
		return 0, false
	}
	slot := &c.slots[i]
	if unix >= slot.at {
		return int64(slot.after), true
	}
	return int64(slot.before), true
}

// dayOf returns the number of the London day of a moment, and false outside the
// table.
func (c *clockChanges) dayOf(unix int64) (int32, bool) {
	offset, ok := c.offset(unix)
	if !ok {
		return 0, false
	}
	return int32((unix + offset + daysTo1970*secondsPerDay) / secondsPerDay), true
}

// midnight returns the first second of a London day, and false outside the
// table. The clocks change in the small hours, never at midnight, so the offset
// an hour before midnight UTC is that of midnight.
func (c *clockChanges) midnight(day int32) (int64, bool) {
	utc := (int64(day) - daysTo1970) * secondsPerDay
	offset, ok := c.offset(utc - 3600)
	return utc - offset, ok
}
