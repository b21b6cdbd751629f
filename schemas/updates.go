package schemas

import _ "embed"

// Updates is the JSON Schema of a file of updates on a case (draft 2020-12). It
// is read-only.
//
//go:embed updates.schema.json
var Updates []byte

// People is the JSON Schema of a file that says who holds which role (draft
// 2020-12). It is read-only.
//
//go:embed people.schema.json
var People []byte
