package schemas

import _ "embed"

// Answers is the JSON Schema of a form that rubric.ParseForm reads: answers to a
// rubric, without an audit around them (draft 2020-12). It is read-only.
//
//go:embed answers.schema.json
var Answers []byte
