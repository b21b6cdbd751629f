package source_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/practiceaudit/practiceaudit/internal/source"
)

var update = flag.Bool("update", false, "write the golden answers anew; review them afterwards")

// A wrongFile is a small file and what it shows. Its answer stands in a golden
// file, with the carets, and was reviewed there.
type wrongFile struct{ name, src string }

// golden compares the answers to wrong files with those reviewed.
func golden(t *testing.T, name string, files []wrongFile, answer func(wrongFile) source.Mistakes) {
	t.Helper()
	var b strings.Builder
	for _, f := range files {
		ms := answer(f)
		if len(ms) == 0 {
			t.Errorf("%s: no mistake found", f.name)
		}
		fmt.Fprintf(&b, "== %s\n%s\n", f.name, ms.Error())
	}
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	reviewed, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	want, got := strings.Split(string(reviewed), "\n== "), strings.Split(b.String(), "\n== ")
	for i := range max(len(want), len(got)) {
		switch {
		case i >= len(want):
			t.Errorf("not in %s:\n== %s", path, got[i])
		case i >= len(got):
			t.Errorf("only in %s:\n== %s", path, want[i])
		case want[i] != got[i]:
			t.Errorf("got\n== %s\nwant\n== %s", got[i], want[i])
		}
	}
}

func parse(f wrongFile) source.Mistakes {
	_, ms := source.Parse("file.yaml", []byte(f.src))
	return ms
}

var unreadable = []wrongFile{
	{"empty", ""},
	{"white space only", " \n\n"},
	{"comments only", "# nothing yet\n"},
	{"a marker only", "---\n"},
	{"UTF-16, little end first", "\xff\xfea\x00:\x00 \x001\x00"},
	{"UTF-16, big end first", "\xfe\xff\x00a\x00:"},
	{"Latin-1", "name: Zo\xeb\n"},
	{"half a character at the end", "name: Zo\xc3"},
	{"an escape character", "a: \x1b[31mred\n"},
	{"a NUL", "a: b\x00c\n"},
	{"text turned round", "a: \u202Eneddih\n"},
	{"no width", "a: pay\u200Bload\n"},
	{"a second byte order mark", "\ufeff\ufeffa: 1\n"},
	{"a line break of old Macs", "a: 1\rb: 2\n"},
	{"a line break that only some see", "a: 1\u2028b: 2\n"},
	{"two lines unreadable, each answered", "a: \x01\x02\nb: fine\nc: \xff\n"},
	{"two documents", "a: 1\n---\nb: 2\n"},
	{"two documents, the second broken", "a: 1\n---\nb: [\n"},
	{"a document after the end marker", "a: 1\n...\nb: 2\n"},
	{"a percent sign first", "%a: 1\n"},
	{"a colon in plain text", "a: note: this\n"},
	{"a key without a colon", "a: 1\nb\nc: 3\n"},
	{"several keys without a space", "a:\n  b:1\n  c:2\n  d: 3\n"},
	{"a key without a space after its colon", "a:1\nb: 2\n"},
	{"a brace not closed", "a: { b: 1\nc: 2\n"},
	{"a bracket not closed", "a: [1, 2\nb: 3\n"},
	{"a bracket closed with a brace", "a: [1, 2}\n"},
	{"a bracket closed twice", "a: [1]]\n"},
	{"a list that goes on without its dash", "- a\nb\n"},
	{"a key that goes on as a list", "a: 1\n- b\n"},
	{"a list on the key's own line", "a: - b\n"},
	{"indentation that fits nothing", "a:\n    b: 1\n  c: 2\n"},
	{"a key further in than those before", "a: 1\n  b: 2\n"},
	{"a quote not closed", "a: \"text\nb: 2\n"},
	{"a single quote not closed", "a: 'text\nb: 2\n"},
	{"a quote not closed before a marker", "a: 'text\n---\nb: 2\n"},
	{"text after a quote", "a: \"text\" more\n"},
	{"an apostrophe inside single quotes", "a: 'the child's voice'\n"},
	{"a percent sign in a value", "a: %5\n"},
	{"an at sign", "a: @home\n"},
	{"a backtick", "a: `text`\n"},
	{"an ampersand alone", "a: & b\n"},
	{"an asterisk alone", "a: * b\n"},
	{"an unknown escape", `a: "C:\Users"` + "\n"},
	{"a broken hexadecimal escape", `a: "\xZZ"` + "\n"},
	{"half of a surrogate", `a: "\uD800"` + "\n"},
	{"a tab to indent", "a:\n\tb: 1\n"},
	{"a tab to indent after spaces", "a:\n  \tb: 1\n"},
	{"a tab in a list", "-\ta: 1\n\tb: 2\n"},
	{"a comma too many", "a: [1,,2]\n"},
	{"a comma to start with", "a: [, 1]\n"},
	{"an unknown alias", "a: *nowhere\n"},
	{"a block with a wrong head", "a: |x\n  text\n"},
	{"a comment right after a quote", "a: \"text\"#comment\n"},
	{"a question mark key not closed", "? a\n? [b\n"},
	{"too deep to read", strings.Repeat("[", 20000)},
}

var refused = []wrongFile{
	{"a key twice", "grade: good\nother: 1\ngrade: inadequate\n"},
	{"a key twice, differently quoted", "grade: good\n'grade': inadequate\n\"gr\\x61de\": 3\n"},
	{"a key twice in braces", "{ a: 1, a: 2 }\n"},
	{"a key twice in a list's item", "- a: 1\n  b: 2\n  a: 3\n"},
	{"an anchor", "a: &base 1\nb: 2\n"},
	{"an anchor and its alias", "a: &base { x: 1 }\nb: *base\n"},
	{"an anchor of a key", "&k a: 1\n"},
	{"an alias as a key", "a: &k b\n*k : 1\n"},
	{"a merge key", "base: { a: 1 }\nb:\n  <<: { a: 2 }\n"},
	{"aliases that would explode", "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n"},
	{"a value that holds itself", "a: &a [*a]\n"},
	{"a tag", "a: !!str 12\n"},
	{"a tag that says nothing", "a: ! x\nb: ! [y]\n"},
	{"a tag of somebody's own", "a: !secret x\n"},
	{"a tag of a mapping", "a: !!map { b: 1 }\n"},
	{"a tag of a list on its own line", "a: !!seq\n  - 1\n"},
	{"a tag of a key", "!!str a: 1\n"},
	{"a tag and an anchor", "a: !!str &x 12\nb: &y !!str 12\n"},
	{"a number as a key", "1: one\n2.5: more\n"},
	{"true and null as keys", "true: a\nnull: b\n~: c\n"},
	{"an octal-looking key", "007: a\n"},
	{"nothing as a key", ": a\n"},
	{"an empty text as a key", "'': a\n"},
	{"a list as a key", "[a, b]: c\n"},
	{"a mapping as a key", "{ a: b }: c\n"},
	{"a mapping as a key by a question mark", "? a: b\n: c\n"},
	{"octal-looking numbers", "a: 010\nb: -007\nc: +08\n"},
	{"a case number with a nought", "case: 0104233\n"},
	{"numbers with underscores", "a: 1_000\nb: 1_000.5\n"},
	{"numbers of other bases", "a: 0x1F\nb: 0o17\nc: 0b101\n"},
	{"numbers with exponents", "a: 1e3\nb: 1.5E-3\nc: .5e1\n"},
	{"numbers half written", "a: .5\nb: 5.\nc: +5\nd: 00.5\n"},
	{"not a number, and infinite", "a: .nan\nb: .NaN\nc: .inf\nd: -.INF\n"},
	{"a number too long", "a: 1234567890123456\nb: 0.12345678901234567890\n"},
	{"a very long number", "a: " + strings.Repeat("9", 200) + "\n"},
	{"hidden characters written as escapes", `a: "\x00"` + "\n" + `b: "\e[31m"` + "\n" + `c: "\u202E"` + "\n" + `d: "\N"` + "\n"},
	{"a hidden character in a key", `"a\u200Bb": 1` + "\n"},
	{"too deep", "a: " + strings.Repeat("[", 32) + strings.Repeat("]", 32) + "\n"},
	{"JSON is read the same", "{\n  \"a\": 010,\n  \"a\": .nan\n}\n"},
	{"all mistakes at once, in file order", "z: 010\na: &x 1\nz: 2\nb: *x\n1: .inf\n"},
}

var carets = []wrongFile{
	{"after accents", "prénom: Zoë, née 010\nâge: 010\n"},
	{"after wide characters", "名前: 010\n"},
	{"after a combining accent", "e\u0301te\u0301: 010\n"},
	{"after an emoji", "🙂: 010\n"},
	{"after tabs between values", "a:\t\t010\n"},
	{"with CRLF", "a: 1\r\nb: 010\r\nc: 1\r\n"},
	{"after a byte order mark, on line 1", "\ufeffa: 010\n"},
	{"on the last line without a break", "a: 1\nb: 010"},
	{"after blank lines and comments", "\n# comment\n\n  # another\na: 010\n"},
	{"in the middle of a long line", "a: [" + strings.Repeat("word, ", 100) + "010, " + strings.Repeat("word, ", 100) + "end]\n"},
	{"at the start of a long line", "a: [010, " + strings.Repeat("word, ", 100) + "end]\n"},
	{"at the end of a long line", "a: [" + strings.Repeat("word, ", 100) + "010]\n"},
	{"in a long line of accents and tabs", "a: [" + strings.Repeat("é,\t", 100) + "010, " + strings.Repeat("ü,", 200) + "end]\n"},
	{"at the end of a file that stops short", "a: [1,\n  2,\n"},
}

func TestEveryMistakeOfAFileThatCannotBeRead(t *testing.T) {
	golden(t, "unreadable.txt", unreadable, parse)
	for _, f := range unreadable {
		if root, _ := source.Parse("file.yaml", []byte(f.src)); root != nil {
			t.Errorf("%s: read all the same", f.name)
		}
	}
}

func TestEveryMistakeOfWhatYAMLAllowsAndWeDoNot(t *testing.T) {
	golden(t, "refused.txt", refused, parse)
	for _, f := range refused {
		if root, _ := source.Parse("file.yaml", []byte(f.src)); root == nil {
			t.Errorf("%s: nothing was read, though the rest of the file is good", f.name)
		}
	}
}

func TestCaretsStandUnderTheCharacterThatIsMeant(t *testing.T) {
	golden(t, "carets.txt", carets, parse)
}
