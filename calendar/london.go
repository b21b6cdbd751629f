package calendar

import (
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
