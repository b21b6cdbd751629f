package source_test

import (
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/practiceaudit/practiceaudit/internal/source"
)

// schema has each keyword that the project's schemas use.
const schema = `{
	"type": "object",
	"required": ["name"],
	"additionalProperties": false,
	"properties": {
		"name": { "type": "string", "minLength": 1, "maxLength": 20 },
		"kind": { "enum": ["strength", "concern", "mixed"] },
		"days": { "type": "integer", "minimum": 1, "maximum": 31 },
		"open": { "type": "boolean" },
		"on": { "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "x-mistake": "is not a date such as 2026-03-02" },
		"list": { "type": "array", "minItems": 1, "maxItems": 2, "uniqueItems": true, "items": { "type": "string" } },
		"more": { "type": "object", "propertyNames": { "pattern": "^[a-z_]+$" }, "additionalProperties": { "type": "integer" } }
	}
}`

// wrong are files that can be read and break their schema.
var wrong = []struct{ name, src string }{
	{"not keys and values", "- a\n- b\n"},
	{"a missing key", "kind: mixed\n"},
	{"a misspelt key", "name: a\nkinds: mixed\n"},
	{"an unknown key", "name: a\nelephant: 3\n"},
	{"a misspelt value", "name: a\nkind: strenght\n"},
	{"a value of the wrong kind", "name: a\ndays: ten\nopen: maybe\nlist: { b: c }\nmore: 3\n"},
	{"a number too large", "name: a\ndays: 32\n"},
	{"a number too small", "name: a\ndays: 0\n"},
	{"a number that is not whole", "name: a\ndays: 1.5\n"},
	{"text too long", "name: " + strings.Repeat("é", 21) + "\n"},
	{"nothing where there is something", "name:\n"},
	{"a date that is none", "name: a\non: 2 March\n"},
	{"too many items", "name: a\nlist: [b, c, d]\n"},
	{"no items", "name: a\nlist: []\n"},
	{"an item twice", "name: a\nlist: [b, b]\n"},
	{"a key of the wrong form", "name: a\nmore: { Not_Lower: 1 }\n"},
	{"several at once", "kinds: mixed\ndays: 99\non: today\n"},
	{"after wide and combining letters", "name: a\nmore: { \"日本\": x, \"e\u0301\": y }\n"},
	{"in a long line", "name: a\nlist: [" + strings.Repeat("b, ", 100) + "{ c: d }]\n"},
	{"with Windows line breaks", "name: a\r\nkind: mixd\r\n"},
	{"with a byte order mark", "\xef\xbb\xbfname: a\nkind: mixd\n"},
}

var check = source.Against([]byte(schema))

func mistakesIn(src string) source.Mistakes {
	root, ms := source.Parse("file.yaml", []byte(src))
	if root == nil || len(ms) > 0 {
		return ms
	}
	return check(root)
}

// The answers are read by people who write no code: look at the golden file.
func TestWhatBreaksASchemaIsAnsweredInItsPlace(t *testing.T) {
	var b strings.Builder
	for _, tc := range wrong {
		ms := mistakesIn(tc.src)
		if len(ms) == 0 {
			t.Errorf("%s: accepted", tc.name)
		}
		b.WriteString("== " + tc.name + "\n")
		for _, m := range ms {
			if strings.ContainsAny(m.Error(), "\x1b\u200b\u202e") || !utf8.ValidString(m.Error()) {
				t.Errorf("%s: not safe to print: %q", tc.name, m.Error())
			}
			b.WriteString(m.Error() + "\n")
		}
	}
	const golden = "testdata/schema.txt"
	if *update {
		if err := os.WriteFile(golden, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("-want +got (go test ./internal/source -update writes it anew):\n%s", diff)
	}
}

func TestAGoodFileHasNoMistakes(t *testing.T) {
	for name, src := range map[string]string{
		"plain":               "name: a\nkind: mixed\ndays: 31\nopen: true\non: 2026-03-02\nlist: [b, c]\nmore: { b_c: -3 }\n",
		"JSON":                `{"name": "a", "days": 1, "on": "2026-03-02", "more": {"b": 2}}`,
		"quoted":              "name: 'a'\non: \"2026-03-02\"\n",
		"folded":              "name: >-\n  a\n  b\n",
		"Windows line breaks": "name: a\r\nkind: mixed\r\n",
	} {
		if ms := mistakesIn(src); len(ms) > 0 {
			t.Errorf("%s: %v", name, ms)
		}
	}
}

// An unquoted date is text as written, whatever YAML makes of dates.
func TestADateIsReadAsItIsWritten(t *testing.T) {
	root, ms := source.Parse("f", []byte("a: 2026-03-02\nb: 2026-03-02T09:00\nc: 09:00\n"))
	if len(ms) > 0 {
		t.Fatal(ms)
	}
	for key, want := range map[string]string{"a": "2026-03-02", "b": "2026-03-02T09:00", "c": "09:00"} {
		if n := root.Field(key); n.Kind != source.Text || n.Value != want {
			t.Errorf("%s is %s %q", key, n.Kind, n.Value)
		}
	}
}
