package schemas

import _ "embed"

// AuditForm is the JSON Schema of a completed audit form (draft 2020-12). It is
// read-only.
//
//go:embed audit-form.schema.json
var AuditForm []byte

// ModerationForm is the JSON Schema of a completed moderation form (draft
// 2020-12). It is read-only.
//
//go:embed moderation-form.schema.json
var ModerationForm []byte
