// Package schemas holds the bare JSON Schemas of the files that councils edit,
// so that any YAML or JSON editor can check and complete them, and so that
// anyone may import them: it imports nothing of this module.
package schemas

import _ "embed"

// Rubric is the JSON Schema of a rubric file (draft 2020-12). It is read-only.
//
//go:embed rubric.schema.json
var Rubric []byte
