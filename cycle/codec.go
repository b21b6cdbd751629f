package cycle

import (
	"encoding/json"

	"github.com/practiceaudit/practiceaudit/internal/stored"
)

// decoders read the events of this package, by their type.
var decoders = stored.Types[Event]{
	TypeYearPlanned:         decode[YearPlanned],
	TypeMonthPlanned:        decode[MonthPlanned],
	TypeDrawn:               decode[Drawn],
	TypePicksConfirmed:      decode[PicksConfirmed],
	TypeFileChosen:          decode[FileChosen],
	TypePickReplaced:        decode[PickReplaced],
	TypeAllocationProposed:  decode[AllocationProposed],
	TypeAllocationConfirmed: decode[AllocationConfirmed],
	TypeAllocationSwapped:   decode[AllocationSwapped],
	TypeMonthClosed:         decode[MonthClosed],
}

// DecodeEvent reads an event as it is stored. ok is false if the type is not
// one of this package's.
func DecodeEvent(eventType string, data []byte) (e Event, ok bool, err error) {
	return decoders.Read(eventType, data)
}

// decode reads an event of one type.
func decode[E Event](data []byte) (Event, error) {
	var e E
	err := json.Unmarshal(data, &e)
	return e, err
}
