package cycle

import (
	"encoding/json"
	"fmt"
)

// decoders read the events of this package, by their type.
var decoders = map[string]func([]byte) (Event, error){
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
	read, ok := decoders[eventType]
	if !ok {
		return nil, false, nil
	}
	if e, err = read(data); err != nil {
		return nil, true, fmt.Errorf("stored event %s cannot be read: %w", eventType, err)
	}
	return e, true, nil
}

func decode[E Event](data []byte) (Event, error) {
	var e E
	err := json.Unmarshal(data, &e)
	return e, err
}
