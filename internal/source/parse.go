package source

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// Limits on a file. They are far above what a person writes.
const (
	MaxSource = 1 << 20 // bytes
	MaxDepth  = 32      // mappings and lists inside one another
	MaxNodes  = 100_000 // values, mappings and lists
)

// Parse reads a file. The name is used in mistakes only. The node is nil when
// the file cannot be read at all; otherwise it holds everything that could be
// read, beside the mistakes.
func Parse(name string, src []byte) (*Node, Mistakes) {
	if len(src) > MaxSource {
		return nil, Mistakes{{File: name, Message: fmt.Sprintf(
			"the file is too long: %d bytes, and at most %d are read", len(src), MaxSource)}}
	}
	if bytes.HasPrefix(src, []byte("\xff\xfe")) || bytes.HasPrefix(src, []byte("\xfe\xff")) {
		return nil, Mistakes{{File: name, Message: "the file is saved as UTF-16; save it as UTF-8"}}
	}
	src = bytes.TrimPrefix(src, []byte("\xef\xbb\xbf"))
	d := newDocument(name, string(src))
	if ms := d.unreadable(); len(ms) > 0 {
		return nil, ms
	}
	tree, ms := d.load()
	if len(ms) > 0 {
		return nil, ms
	}
	root := d.convert(tree, 1)
	return root, d.mistakes.InOrder()
}

// document is the text of a file and the mistakes found while reading it.
type document struct {
	name     string
	lines    []string // without line breaks
	mistakes Mistakes
	nodes    int // converted so far
}

func newDocument(name, src string) *document {
	lines := strings.Split(src, "\n")
	for i, l := range lines {
		lines[i] = strings.TrimSuffix(l, "\r")
	}
	return &document{name: name, lines: lines}
}

func (d *document) mistake(line, column int, message string) Mistake {
	m := Mistake{File: d.name, Line: line, Column: column, Message: message}
	if line >= 1 && line <= len(d.lines) {
		m.Text = d.lines[line-1]
	}
	return m
}

func (d *document) add(line, column int, format string, args ...any) {
	d.mistakes = append(d.mistakes, d.mistake(line, column, fmt.Sprintf(format, args...)))
}

// unreadable finds characters that no one could see or that change how the file
// is read: one mistake a line is enough, and one a file that is not text.
func (d *document) unreadable() Mistakes {
	var ms Mistakes
	for i, line := range d.lines {
		column := 0
		for at, r := range line {
			column++
			if r == utf8.RuneError && !utf8.FullRuneInString(line[at:]) || r == utf8.RuneError && invalidAt(line, at) {
				m := d.mistake(i+1, column, "this is not readable text; save the file as UTF-8")
				m.Text = visible(m.Text)
				return append(ms, m) // what follows would be read wrongly too
			}
			if hidden(r) {
				m := d.mistake(i+1, column, fmt.Sprintf("the character %U cannot be seen and is not allowed; delete it", r))
				m.Text = visible(m.Text)
				ms = append(ms, m)
				break
			}
		}
	}
	return ms
}

func invalidAt(s string, at int) bool {
	_, size := utf8.DecodeRuneInString(s[at:])
	return size == 1
}

// visible shows hidden characters as a box, so that a message is safe to print
// and its caret stands where it should.
func visible(s string) string {
	return strings.Map(func(r rune) rune {
		if hidden(r) {
			return '\uFFFD'
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
}

// hidden reports control characters, odd line breaks, marks that turn the
// direction of text, and characters without width.
func hidden(r rune) bool {
	switch {
	case r == '\t' || r == '\n':
		return false
	case unicode.IsControl(r):
		return true
	case r == 0x2028 || r == 0x2029: // line breaks to some programs only
		return true
	case r >= 0x202A && r <= 0x202E, r >= 0x2066 && r <= 0x2069, r == 0x200E, r == 0x200F:
		return true
	case r == 0xFEFF || r == 0x200B || r == 0xFFFE || r == 0xFFFF:
		return true
	}
	return false
}

// load has the YAML library read the one document of the file.
func (d *document) load() (tree *yaml.Node, ms Mistakes) {
	defer func() {
		if v := recover(); v != nil { // the library's own slip is still an answer to the caller
			tree, ms = nil, Mistakes{{File: d.name, Message: "this cannot be read as YAML"}}
		}
	}()
	loader, err := yaml.NewLoader(strings.NewReader(strings.Join(d.lines, "\n")))
	if err != nil {
		return nil, Mistakes{{File: d.name, Message: "this cannot be read as YAML"}}
	}
	var first, second yaml.Node
	if err := loader.Load(&first); err == io.EOF {
		return nil, Mistakes{d.mistake(1, 1, "the file is empty")}
	} else if err != nil {
		return nil, Mistakes{d.syntax(err)}
	}
	if err := loader.Load(&second); err == nil {
		line, column := second.Line, second.Column
		return nil, Mistakes{d.mistake(line, column, "a second document starts here; a file holds one, so take out the line --- or ...")}
	} else if err != io.EOF {
		return nil, Mistakes{d.syntax(err)}
	}
	if first.Kind == yaml.DocumentNode {
		if len(first.Content) == 0 {
			return nil, Mistakes{d.mistake(1, 1, "the file is empty")}
		}
		first = *first.Content[0]
	}
	if first.Kind == yaml.ScalarNode && first.Value == "" && first.Style == 0 {
		return nil, Mistakes{d.mistake(1, 1, "the file is empty")}
	}
	return &first, nil
}

// syntax puts the YAML library's own messages into plain English.
func (d *document) syntax(err error) Mistake {
	var le *yaml.LoadError
	if !errors.As(err, &le) {
		return Mistake{File: d.name, Message: "this cannot be read as YAML: " + err.Error()}
	}
	line, column := d.within(max(le.Mark.Line, 1), max(le.Mark.Column, 1))
	if tab := d.tabIndent(line); tab > 0 {
		return d.mistake(line, tab, "a tab cannot be used to indent; use spaces")
	}
	context := le.ContextMsg
	start, starts := "", ""
	if le.ContextMark.Line > 0 && le.ContextMark.Line != line {
		start = fmt.Sprintf(" that starts on line %d", le.ContextMark.Line)
		starts = fmt.Sprintf(" that start on line %d", le.ContextMark.Line)
	}
	message := le.Message
	has := func(parts ...string) bool {
		for _, p := range parts {
			if strings.Contains(message, p) {
				return true
			}
		}
		return false
	}
	text := ""
	switch {
	case has("mapping values are not allowed"):
		text = `a ": " is not expected here; put text that holds a colon in quotes, or check the indentation` + d.colonBefore(line)
	case has("could not find expected ':'"):
		line, column = le.ContextMark.Line, le.ContextMark.Column
		text = `a key needs ": " and a value after it, and an item of a list "- " before it`
	case has("did not find expected ',' or '}'"):
		text = "the { }" + start + " is not closed here; a comma or } is missing, or text with a special character needs quotes: ' around text that holds \", and the other way round"
	case has("did not find expected ',' or ']'"):
		text = "the [ ]" + start + " is not closed here; a comma or ] is missing, or text with a special character needs quotes: ' around text that holds \", and the other way round"
	case has("did not find expected '-' indicator"):
		text = "the list" + start + ` goes on here, but this line does not start with "- "; check the indentation`
	case has("did not find expected key") && d.afterQuote(line, column):
		text = `the text in quotes has ended before this; inside '…' an apostrophe is written twice, and inside "…" a quote is written \"`
	case has("did not find expected key"):
		text = "this line does not fit the keys" + starts + "; check the indentation, and that a text starting with a quote ends with it"
	case has("found unexpected end of stream", "found unexpected document indicator") && strings.Contains(context, "quoted"):
		line, column = le.ContextMark.Line, le.ContextMark.Column
		text = "the text in quotes that starts here has no closing quote"
	case has("found character that cannot start any token"):
		text = "a text cannot start with this character; put the text in quotes"
	case has("did not find expected alphabetic or numeric character", "unknown anchor"):
		text = "a text cannot start with & or *; put the text in quotes"
	case has("did not find expected node content") && line == len(d.lines) && strings.TrimSpace(d.lines[line-1]) == "":
		text = "the file ends here though a [ or { is not closed"
	case has("did not find expected node content"):
		text = "a value is missing here, or text needs quotes"
	case has("did not find expected comment or line break"):
		text = "after | or > the text starts on the next line; put text that starts with one of them in quotes"
	case has("comment without preceding whitespace"):
		text = "a # for a note needs a space before it; put text that holds a # in quotes"
	case has("found unknown escape character", "did not find expected hexadecimal number", "invalid Unicode character escape"):
		text = `a \ inside "…" starts a special character, and this one is not known; write \\ or use '…'`
	case has("tab"):
		text = "a tab cannot be used here; use spaces"
	case has("block sequence entries are not allowed"):
		text = `a "- " is not expected here; put it on a line of its own, or put the text in quotes`
	case has("exceeded max depth"):
		text = fmt.Sprintf("more than %d mappings and lists stand inside one another", MaxDepth)
	case has("<document start>", "directive", "non-alphabetical"):
		text = "this line is not expected here; check the indentation, and that no line starts with %"
	default:
		text = "this cannot be read as YAML: " + message
	}
	return d.mistake(line, column, text)
}

// colonBefore speaks of a colon without a space on the line before, which turns
// a key and its value into one text.
func (d *document) colonBefore(line int) string {
	if line < 2 {
		return ""
	}
	before := strings.TrimSpace(d.lines[line-2])
	if !strings.Contains(before, ":") || strings.Contains(before, ": ") || strings.HasSuffix(before, ":") {
		return ""
	}
	return "; on the line before, the colon has no space after it"
}

// afterQuote reports whether a quote is the last character before a place.
func (d *document) afterQuote(line, column int) bool {
	before := d.lines[line-1]
	before = strings.TrimRight(before[:offsetOf(before, column-1)], " ")
	return strings.HasSuffix(before, "'") || strings.HasSuffix(before, `"`)
}

// tabIndent finds a tab in the white space at the start of a line: its column,
// or 0.
func (d *document) tabIndent(line int) int {
	for i, r := range d.lines[line-1] {
		switch r {
		case '\t':
			return i + 1
		case ' ':
		default:
			return 0
		}
	}
	return 0
}
