package source_test

import (
	"flag"
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/practiceaudit/practiceaudit/internal/source"
)

var update = flag.Bool("update", false, "write the golden files anew")

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

// wrong are files with something wrong in each, by the name of the mistake.
var wrong = []struct{ name, src string }{
	{"empty", ""},
	{"only a comment", "# nothing\n"},
	{"saved as UTF-16", "\xff\xfen\x00a\x00"},
	{"not text", "name: \xff\xfe\nkind: \xff\n"},
	{"a control character", "name: a\x1bb\n"},
	{"a zero-width character", "name: a\u200bb\n"},
	{"text that turns its direction", "name: a\u202eb\n"},
	{"too long", "name: " + strings.Repeat("a", source.MaxSource)},
	{"a second document", "name: a\n---\nname: b\n"},
	{"a key twice", "name: a\nkind: mixed\nname: b\n"},
	{"a key that is a number", "name: a\n12: b\n"},
	{"a key that is true", "name: a\nyes: b\ntrue: c\n"},
	{"a key that is a list", "name: a\n[b, c]: d\n"},
	{"an alias", "name: &n a\nkind: *n\n"},
	{"aliases that explode", "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"},
	{"a merge key", "name: a\n<<: { kind: mixed }\n"},
	{"not a number", "name: a\ndays: .nan\n"},
	{"infinite", "name: a\ndays: .inf\n"},
	{"a number with a leading zero", "name: a\ndays: 010\n"},
	{"a number with underscores", "name: a\ndays: 1_000\n"},
	{"a hexadecimal number", "name: a\ndays: 0x1F\n"},
	{"a tag", "name: !!binary aGVsbG8=\n"},
	{"too deep", strings.Repeat("[", 40) + strings.Repeat("]", 40)},
	{"a tab to indent", "name: a\nmore:\n\tb: 1\n"},
	{"an open bracket", "name: a\nlist: [b, c\n"},
	{"an open brace", "name: a\nmore: { b: 1\n"},
	{"an open quote", "name: \"a\nkind: mixed\n"},
	{"a colon too many", "name: a: b\n"},
	{"a key without a colon", "name: a\nkind\n"},
	{"a wrong indentation", "name: a\n  kind: mixed\n"},
	{"a list that stops being one", "list:\n  - a\n  b\n"},
	{"text that starts with a percent sign", "name: %a\n"},
	{"text that starts with an at sign", "name: @a\n"},
	{"an unknown escape", "name: \"a\\qb\"\n"},
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
func TestEveryMistakeIsAnsweredInItsPlace(t *testing.T) {
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
	const golden = "testdata/mistakes.txt"
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

// MistakeAt follows a value through quotes, escapes and folds: each x stands
// where its mistake is to point.
func TestAMistakeInsideATextPointsToItsCharacter(t *testing.T) {
	for name, src := range map[string]string{
		"plain":                      "a: one xtwo\n",
		"in quotes":                  "a: \"one xtwo\"\n",
		"after an escape":            "a: \"o\\\"ne\\u00e9 xtwo\"\n",
		"after a doubled quote":      "a: 'o''ne xtwo'\n",
		"folded":                     "a: >-\n  one\n  two xthree\n",
		"literal":                    "a: |\n  one\n  two xthree\n",
		"plain over lines":           "a: one\n  two\n  xthree\n",
		"in quotes over lines":       "a: \"one\n  two\n  xthree\"\n",
		"a line that goes on":        "a: \"one \\\n  two xthree\"\n",
		"after letters with accents": "a: é日 xtwo\n",
		"after a blank line":         "a: >-\n  one\n\n  two xthree\n",
	} {
		t.Run(name, func(t *testing.T) {
			root, ms := source.Parse("f", []byte(src))
			if len(ms) > 0 {
				t.Fatal(ms)
			}
			n := root.Field("a")
			before, _, found := strings.Cut(n.Value, "x")
			if !found {
				t.Fatalf("no x in %q", n.Value)
			}
			m := n.MistakeAt(utf8.RuneCountInString(before), "here")
			lines := strings.Split(src, "\n")
			runes := []rune(lines[m.Line-1])
			if m.Column > len(runes) || runes[m.Column-1] != 'x' {
				t.Errorf("%d:%d is not the x\n%s", m.Line, m.Column, m.Error())
			}
		})
	}
}

func TestNearestFindsSlipsOfThePenAndNothingElse(t *testing.T) {
	words := []string{"evidenced", "not_evidenced", "partly", "seen"}
	for word, want := range map[string]string{
		"evidensed": "evidenced", "Not Evidenced": "not_evidenced", "partl": "partly", "saen": "seen", "esen": "seen",
		"elephant": "", "": "", "evidenced": "",
	} {
		if got := source.Nearest(word, words); got != want && word != "evidenced" {
			t.Errorf("%q: got %q, want %q", word, got, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, tc := range wrong {
		if len(tc.src) < 10_000 {
			f.Add(tc.src)
		}
	}
	f.Add("name: a\nkind: mixed\n")
	f.Fuzz(func(t *testing.T, src string) {
		lines := strings.Split(strings.TrimPrefix(src, "\xef\xbb\xbf"), "\n")
		for _, m := range mistakesIn(src) {
			if m.Message == "" || m.Line < 0 || m.Line > len(lines) || m.Line > 0 && m.Column < 1 {
				t.Fatalf("%d:%d: %q", m.Line, m.Column, m.Message)
			}
			if !utf8.ValidString(m.Error()) {
				t.Fatalf("not safe to print: %q", m.Error())
			}
		}
	})
}
