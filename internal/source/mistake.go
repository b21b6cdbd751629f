package source

import (
	"fmt"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Mistake is one thing wrong in a file, at the place where it stands.
type Mistake struct {
	File    string // as given to Parse
	Line    int    // 1-based; 0 when the mistake is about the file as a whole
	Column  int    // 1-based, counted in characters
	Message string // plain English, lower case, without the place
	Text    string // the line of the file, without its line break
}

// Error gives the place, the message, the line and a caret under the character
// that is meant.
func (m Mistake) Error() string {
	if m.Line <= 0 {
		return fmt.Sprintf("%s: %s", m.File, m.Message)
	}
	head := fmt.Sprintf("%s:%d:%d: %s", m.File, m.Line, m.Column, m.Message)
	line, column := window(m.Text, m.Column)
	return head + "\n    " + line + "\n    " + indent(line, column) + "^"
}

// How much of a long line a message shows, in characters, and how much of it
// stands before the place that is meant.
const (
	windowWidth  = 160
	windowBefore = 80
)

// window cuts a long line down to what surrounds the column.
func window(line string, column int) (string, int) {
	length := utf8.RuneCountInString(line)
	if length <= windowWidth {
		return line, column
	}
	from := max(0, min(column-1-windowBefore, length-windowWidth))
	rest := line[offsetOf(line, from):]
	end := offsetOf(rest, windowWidth)
	cut, at := rest[:end], column-from
	if from > 0 {
		cut, at = "…"+cut, at+1
	}
	if end < len(rest) {
		cut += "…"
	}
	return cut, at
}

// offsetOf is where the nth character of a line begins, in bytes.
func offsetOf(line string, n int) int {
	for i := range line {
		if n == 0 {
			return i
		}
		n--
	}
	return len(line)
}

// indent is the white space that puts a caret under the column: a tab stays a
// tab, an accent that combines takes no room, a wide character takes two.
func indent(line string, column int) string {
	var b strings.Builder
	at := 1
	for _, r := range line {
		if at >= column {
			break
		}
		at++
		switch {
		case r == '\t':
			b.WriteByte('\t')
		case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul),
			r >= 0xFF01 && r <= 0xFF60, r >= 0x1F300 && r <= 0x1FAFF: // full width; pictures
			b.WriteString("  ")
		default:
			b.WriteByte(' ')
		}
	}
	for ; at < column; at++ {
		b.WriteByte(' ')
	}
	return b.String()
}

// Mistakes is every mistake of a file, in file order. It is an error when it
// holds any; use Err to return it as one.
type Mistakes []Mistake

// Error lists all of them, one after another.
func (ms Mistakes) Error() string {
	parts := make([]string, len(ms))
	for i, m := range ms {
		parts[i] = m.Error()
	}
	return strings.Join(parts, "\n")
}

// Unwrap returns the mistakes one by one, for errors.As.
func (ms Mistakes) Unwrap() []error {
	errs := make([]error, len(ms))
	for i, m := range ms {
		errs[i] = m
	}
	return errs
}

// With adds what was found by reading a file that its schema, whose mistakes
// these are, may have found wrong already: where the schema speaks of a line, or
// something is missing altogether, the rest only follows from it.
func (ms Mistakes) With(read Mistakes) Mistakes {
	if len(ms) == 0 {
		return read
	}
	said := map[int]bool{0: true}
	for _, m := range ms {
		said[m.Line] = true
	}
	all := ms
	for _, m := range read {
		if !said[m.Line] {
			all = append(all, m)
		}
	}
	return all
}

// MaxMistakes is the most mistakes that one answer lists.
const MaxMistakes = 500

// Err returns the mistakes in file order, or nil if there are none. Of more
// than MaxMistakes the first are listed and the rest are counted.
func (ms Mistakes) Err() error {
	if len(ms) == 0 {
		return nil
	}
	all := ms.InOrder()
	if rest := len(all) - MaxMistakes; rest > 0 {
		last := all[MaxMistakes]
		last.Message = fmt.Sprintf("%d more mistakes from here on; mend these first", rest)
		all = append(all[:MaxMistakes:MaxMistakes], last)
	}
	return all
}

// InOrder returns a copy in file order, each mistake once.
func (ms Mistakes) InOrder() Mistakes {
	sorted := append(Mistakes(nil), ms...)
	sort.SliceStable(sorted, func(i, j int) bool {
		a, b := sorted[i], sorted[j]
		if a.Line != b.Line {
			return a.Line < b.Line
		}
		return a.Column < b.Column
	})
	kept := sorted[:0]
	for i, m := range sorted {
		if i > 0 && m == sorted[i-1] {
			continue
		}
		kept = append(kept, m)
	}
	return kept
}
