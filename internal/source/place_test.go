package source_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/practiceaudit/practiceaudit/internal/source"
)

// A writer writes one value into a file, and notes where each character of the
// value has come to stand: what MistakeAt has to work out from the file alone.
type writer struct {
	src          strings.Builder
	line, column int // of the next character
	value        []rune
	at           [][2]int // of each character of the value; 0, 0 for a fold
}

// syntax writes characters of the file that are none of the value.
func (w *writer) syntax(s string) {
	for _, r := range s {
		w.src.WriteRune(r)
		w.column++
		if r == '\n' {
			w.line, w.column = w.line+1, 1
		}
	}
}

// means writes what stands for one character of the value.
func (w *writer) means(r rune, written string) {
	w.value, w.at = append(w.value, r), append(w.at, [2]int{w.line, w.column})
	w.syntax(written)
}

// fold breaks the line where the value has a space.
func (w *writer) fold(indent string) {
	w.value, w.at = append(w.value, ' '), append(w.at, [2]int{})
	w.syntax("\n" + indent)
}

// words are what a value is made of: nothing in them is syntax in plain text.
var words = rapid.SliceOfN(rapid.StringOfN(rapid.RuneFrom([]rune("abzÉëß名🙂\u0301")), 1, 6, -1), 1, 6)

// write writes a value of some words in one of the ways of YAML.
func write(t *rapid.T) *writer {
	w := &writer{line: 1, column: 1}
	if rapid.Bool().Draw(t, "after a comment") {
		w.syntax("# né\n\n")
	}
	w.syntax("prénom:" + strings.Repeat(" ", rapid.IntRange(1, 4).Draw(t, "spaces")))
	style := rapid.SampledFrom([]string{"plain", "'", `"`, "|", ">", "|-", ">+"}).Draw(t, "style")
	all := words.Draw(t, "words")
	switch style[0] {
	case '|', '>':
		w.syntax(style + "\n")
		if rapid.Bool().Draw(t, "after a blank line") {
			w.means('\n', "\n")
		}
		for i, word := range all {
			switch {
			case i == 0:
				w.syntax("  ")
			case !rapid.Bool().Draw(t, "on the next line"):
				w.means(' ', " ")
			case style[0] == '>' && rapid.Bool().Draw(t, "after a blank line"):
				w.means('\n', "\n")
				w.syntax("\n  ")
			case style[0] == '>':
				w.fold("  ")
			default:
				w.means('\n', "\n")
				w.syntax("  ")
			}
			w.word(t, style, word)
		}
		w.syntax("\n")
		return w
	case '\'', '"':
		w.syntax(style)
	}
	for i, word := range all {
		switch {
		case i == 0:
		case rapid.Bool().Draw(t, "on the next line"):
			if style == `"` && rapid.Bool().Draw(t, "by a backslash") {
				w.means(' ', " ")
				w.syntax("\\\n   ")
				break
			}
			w.fold(rapid.SampledFrom([]string{" ", "    "}).Draw(t, "indent"))
		default:
			w.means(' ', " ")
		}
		w.word(t, style, word)
	}
	if style != "plain" {
		w.syntax(style)
	}
	w.syntax(" # end\nnext: 1\n")
	return w
}

// word writes one word, now and then with what its style has to escape.
func (w *writer) word(t *rapid.T, style, word string) {
	for _, r := range word {
		switch style {
		case "'":
			if rapid.IntRange(0, 3).Draw(t, "quote") == 0 {
				w.means('\'', "''")
			}
		case `"`:
			switch rapid.IntRange(0, 7).Draw(t, "escape") {
			case 0:
				w.means('"', `\"`)
			case 1:
				w.means('\\', `\\`)
			case 2:
				w.means('\t', `\t`)
			case 3:
				w.means(r, fmt.Sprintf(`\U%08X`, r))
				continue
			case 4:
				if r <= 0xFFFF {
					w.means(r, fmt.Sprintf(`\u%04X`, r))
					continue
				}
			case 5:
				if r <= 0xFF {
					w.means(r, fmt.Sprintf(`\x%02X`, r))
					continue
				}
			}
		}
		w.means(r, string(r))
	}
}

func TestMistakeAtFindsEachCharacterWhereItWasWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := write(t)
		src := w.src.String()
		if rapid.Bool().Draw(t, "CRLF") {
			src = strings.ReplaceAll(src, "\n", "\r\n")
		}
		if rapid.Bool().Draw(t, "BOM") {
			src = "\ufeff" + src
		}
		root, ms := source.Parse("f.yaml", []byte(src))
		if len(ms) > 0 {
			t.Fatalf("%v\n%s", ms, src)
		}
		n := root.Fields[0]
		got := strings.TrimRight(n.Value, "\n")
		if got != string(w.value) {
			t.Fatalf("read %q, wrote %q:\n%s", got, string(w.value), src)
		}
		for i, want := range w.at {
			if want == [2]int{} {
				continue
			}
			if m := n.MistakeAt(i, "here"); m.Line != want[0] || m.Column != want[1] {
				t.Fatalf("character %d %q of %q is at %d:%d, got %d:%d:\n%s", i, w.value[i], n.Value, want[0], want[1], m.Line, m.Column, src)
			}
		}
	})
}

func TestMistakeAtStaysInTheFileWhateverTheOffset(t *testing.T) {
	for _, src := range []string{"a: word\n", "a: 'it''s'\n", `a: "\u00e9"`, "a: |\n  one\n  two\n", "a: >\n\n\n", "a: ''", "a: |\n", "a:\n", "a: [x]", "a: 12"} {
		root, ms := source.Parse("f.yaml", []byte(src))
		if len(ms) > 0 {
			t.Fatal(ms)
		}
		for _, offset := range []int{-1, 0, 1, 3, 4, 100, 1 << 30} {
			inside(t, src, root.Fields[0].MistakeAt(offset, "here"))
		}
	}
}

// inside holds a mistake to a place that the file has: up to one character
// behind a line's last.
func inside(t fataler, src string, m source.Mistake) {
	t.Helper()
	if m.Line == 0 {
		return
	}
	lines := strings.Split(strings.TrimPrefix(src, "\ufeff"), "\n")
	if m.Line < 1 || m.Line > len(lines) {
		t.Fatalf("line %d of a file of %d lines: %q in %q", m.Line, len(lines), m.Message, src)
	}
	if length := len([]rune(lines[m.Line-1])); m.Column < 1 || m.Column > length+1 {
		t.Fatalf("column %d of a line of %d characters: %q in %q", m.Column, length, m.Message, src)
	}
}

// fataler is what *testing.T, *testing.F and *rapid.T share.
type fataler interface {
	Helper()
	Fatalf(format string, args ...any)
}
