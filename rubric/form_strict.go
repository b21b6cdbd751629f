package rubric

import (
	"bytes"
	"encoding/json"
	"slices"
)

// byteOrderMark may stand before a form, as some programs write it.
var byteOrderMark = []byte("\uFEFF")

// strict refuses what encoding/json takes and whoever wrote it did not mean: a key
// that stands in one object twice, a key of the form in other letters than its own,
// and null in the place of a form. It is given JSON.
func strict(src []byte) error {
	d := json.NewDecoder(bytes.NewReader(src))
	var objects []map[string]bool // those that are open, and nil for an array
	key := false                  // whether a key comes next
	for {
		t, err := d.Token()
		if err != nil {
			return nil
		}
		depth := len(objects)
		switch t := t.(type) {
		case json.Delim:
			switch t {
			case '{':
				objects, key = append(objects, map[string]bool{}), true
				continue
			case '[':
				objects, key = append(objects, nil), false
				continue
			}
			objects = objects[:depth-1]
		case nil:
			if depth == 0 {
				return &StoredFormError{Message: "this is null, not a form"}
			}
		case string:
			if !key {
				break
			}
			if objects[depth-1][t] {
				return &StoredFormError{Byte: int(d.InputOffset()), Message: "a key stands here for the second time; write it once"}
			}
			if depth == 1 && !slices.Contains(storedKeys, t) {
				return unknownKey(t)
			}
			objects[depth-1][t], key = true, false
			continue
		}
		key = len(objects) > 0 && objects[len(objects)-1] != nil // a value has ended
	}
}
