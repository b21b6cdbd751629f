package loop

import "fmt"

// upcaster brings what an earlier version of this library stored to what this one
// reads. What it cannot bring over is an error: nothing is guessed.
type upcaster func(data []byte) (eventType string, now []byte, err error)

// upcasters are, by the type as it was stored, all that was ever stored otherwise
// than it is now. This is the one place where the past is told apart: what [Evolve]
// sees is always of today. Stored bytes stay as they are.
//
// It is empty: since the first version no event has changed its meaning. A field that
// is new needs none, if its zero value means what went before.
var upcasters = map[string]upcaster{}

// decodeBy is as [DecodeEvent], after the past was brought over.
func decodeBy(up map[string]upcaster, eventType string, data []byte) (Event, error) {
	for range len(up) + 1 { // a chain is no longer than there are links
		over, old := up[eventType]
		if !old {
			return decodeCurrent(eventType, data)
		}
		was := eventType
		var err error
		if eventType, data, err = over(data); err != nil {
			return nil, fmt.Errorf("stored event %s cannot be read: %w", was, err)
		}
	}
	return nil, fmt.Errorf("stored event %s cannot be read: what brings it over goes in a circle", eventType)
}
