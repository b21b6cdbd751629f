package schemas

import _ "embed"

// ProcessPolicy is the JSON Schema of a process policy file (draft 2020-12). It
// is read-only.
//
//go:embed process-policy.schema.json
var ProcessPolicy []byte
