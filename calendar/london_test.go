package calendar

import (
	"testing"
	"time"
)

// The table against package time: every day, and every half hour for two days
// around every clock change, of every year it covers and a little beyond.
func TestTheTableOfClockChangesAgreesWithTheZoneData(t *testing.T) {
	t.Parallel()
	zone, err := time.LoadLocation("Europe/London")
	if err != nil {
		t.Fatal(err)
	}
	agree := func(at time.Time) {
		y, m, d := at.In(zone).Date()
		if got := DateOf(at); got != civil(y, m, d) {
			t.Fatalf("DateOf(%s) = %s, and package time has %s", at, got, civil(y, m, d))
		}
	}
	changes, days := 0, 0
	at := time.Date(firstYear-2, time.January, 1, 0, 0, 0, 0, zone)
	for d := DateOf(at); d.Year() < lastYear+2; d = d.AddDays(1) {
		days++
		y, m, day := d.parts()
		start, next := time.Date(y, m, day, 0, 0, 0, 0, zone), time.Date(y, m, day+1, 0, 0, 0, 0, zone)
		if !d.Start().Equal(start) || !d.End().Equal(next.Add(-1)) {
			t.Fatalf("%s runs from %s to %s, and in package time from %s to before %s", d, d.Start(), d.End(), start, next)
		}
		agree(start.Add(-1))
		agree(start)
		if next.Sub(start) == 24*time.Hour {
			continue
		}
		changes++
		for half := -48; half <= 96; half++ {
			agree(start.Add(time.Duration(half) * 30 * time.Minute))
			agree(start.Add(time.Duration(half)*30*time.Minute - 1))
		}
	}
	if changes < 390 || days < 73000 {
		t.Errorf("only %d changes and %d days were looked at", changes, days)
	}
}

func TestNoSlotHoldsTwoClockChanges(t *testing.T) {
	t.Parallel()
	c := clocks()
	for i, slot := range c.slots {
		from := c.first + int64(i)<<clockShift
		changes := 0
		for h := int64(1); h < 1<<clockShift/3600; h++ {
			if zoneOffset(from+h*3600) != zoneOffset(from+h*3600-3600) {
				changes++
			}
		}
		if changes > 1 {
			t.Errorf("slot %d from %d holds %d changes", i, from, changes)
		}
		if slot.before != slot.after && (zoneOffset(slot.at-1) != slot.before || zoneOffset(slot.at) != slot.after) {
			t.Errorf("slot %d: no change at %d", i, slot.at)
		}
	}
}
