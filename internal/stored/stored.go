// Package stored reads events as they are stored: by one table for each package that
// has events, from the frozen name of a type to what reads it.
package stored

import "fmt"

// Types reads the events of one package, by the names of their types.
type Types[E any] map[string]func(data []byte) (E, error)

// Read reads an event. ok is false if the table has no such type; an error says that
// the bytes of a type that it has are broken.
func (types Types[E]) Read(eventType string, data []byte) (e E, ok bool, err error) {
	read, ok := types[eventType]
	if !ok {
		return e, false, nil
	}
	if e, err = read(data); err != nil {
		var none E
		return none, true, fmt.Errorf("stored event %s cannot be read: %w", eventType, err)
	}
	return e, true, nil
}
