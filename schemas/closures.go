package schemas

import _ "embed"

// Closures is the JSON Schema of a file of council closures (draft 2020-12). It
// is read-only.
//
//go:embed closures.schema.json
var Closures []byte
