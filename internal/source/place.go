package source

import (
	"fmt"
	"strings"
)

// MistakeAt makes a mistake at one character of a text node's Value, counted in
// characters from 0, by following the value through the file: quotes, escapes
// and line breaks inside the text are allowed for.
func (n *Node) MistakeAt(offset int, format string, args ...any) Mistake {
	if n == nil {
		return Mistake{Message: fmt.Sprintf(format, args...)}
	}
	line, column := n.place(offset)
	return n.doc.mistake(line, column, fmt.Sprintf(format, args...))
}

// cursor walks over the characters of a file.
type cursor struct {
	lines        []string
	line, column int // from 0; column in characters
	runes        []rune
}

func (n *Node) cursor() *cursor {
	c := &cursor{lines: n.doc.lines, line: n.Line - 1, column: n.Column - 1}
	if c.line >= 0 && c.line < len(c.lines) {
		c.runes = []rune(c.lines[c.line])
	}
	return c
}

// peek returns the character k ahead on this line, '\n' at its end.
func (c *cursor) peek(k int) rune {
	if c.column+k < len(c.runes) {
		return c.runes[c.column+k]
	}
	return '\n'
}

// nextLine moves to the first character of the next line that is not white
// space, and reports whether there is one.
func (c *cursor) nextLine() bool {
	for c.line+1 < len(c.lines) {
		c.line++
		c.runes = []rune(c.lines[c.line])
		c.column = 0
		for c.column < len(c.runes) && (c.runes[c.column] == ' ' || c.runes[c.column] == '\t') {
			c.column++
		}
		if c.column < len(c.runes) {
			return true
		}
	}
	return false
}

// restIsBlank reports whether only white space is left on the line.
func (c *cursor) restIsBlank() bool {
	return c.column >= len(c.runes) || strings.TrimSpace(string(c.runes[c.column:])) == ""
}

// place is where the cursor stands, in the file's own counting: on a character of
// the line or at its end. What stands before a value and has no part in it, a
// type written with ! on a line of its own, could have led past the end.
func (c *cursor) place() (line, column int) {
	return c.line + 1, min(c.column, len(c.runes)) + 1
}

// place finds where the character at offset of the value stands in the file.
func (n *Node) place(offset int) (line, column int) {
	c := n.cursor()
	switch n.quoted {
	case '|', '>':
		return n.placeInBlock(c, offset)
	case '\'', '"':
		c.column++
	}
	for i, v := range []rune(n.Value) {
		if n.quoted == '"' {
			for c.peek(0) == '\\' && c.peek(1) == '\n' { // a line that goes on
				if !c.nextLine() {
					break
				}
			}
		}
		if i == offset {
			break
		}
		if (v == ' ' || v == '\n') && c.restIsBlank() {
			if rest := []rune(n.Value)[i+1:]; len(rest) > 0 && rest[0] != '\n' && !c.nextLine() {
				break
			}
			continue
		}
		c.column += n.width(c)
	}
	return c.place()
}

// placeInBlock is place for a text under | or >, whose lines lose the
// indentation of the first.
func (n *Node) placeInBlock(c *cursor, offset int) (line, column int) {
	ahead := *c
	if !ahead.nextLine() {
		return n.Line, n.Column
	}
	indent := ahead.column
	down := func() {
		c.line++
		c.runes = []rune(c.lines[c.line])
		c.column = min(indent, len(c.runes))
	}
	down()
	value := []rune(n.Value)
	for i, v := range value[:max(0, min(offset, len(value)))] {
		switch last := c.line+1 == len(c.lines); {
		case v != ' ' && v != '\n' || c.column < len(c.runes):
			c.column++
		case !last:
			down()
		}
		if n.quoted == '>' && v == '\n' && i+1 < len(value) && value[i+1] != '\n' { // one blank line more than breaks
			for c.restIsBlank() && c.line+1 < len(c.lines) {
				down()
			}
		}
	}
	return c.place()
}

// width is how many characters of the file stand for the next character of the
// value.
func (n *Node) width(c *cursor) int {
	switch {
	case n.quoted == '\'' && c.peek(0) == '\'' && c.peek(1) == '\'':
		return 2
	case n.quoted == '"' && c.peek(0) == '\\':
		switch c.peek(1) {
		case 'x':
			return 4
		case 'u':
			return 6
		case 'U':
			return 10
		}
		return 2
	}
	return 1
}
