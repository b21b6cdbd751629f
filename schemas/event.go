package schemas

import _ "embed"

// Event is the JSON Schema of a record of a history as it is exported: an event
// with its place, and for each type of event what stands in it (draft 2020-12). It
// is read-only.
//
//go:embed event.schema.json
var Event []byte
