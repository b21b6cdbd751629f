package source

import (
	"fmt"
	"regexp"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// convert turns the YAML library's node into ours, and records what we do not
// accept.
func (d *document) convert(y *yaml.Node, depth int) *Node {
	y.Line, y.Column = d.within(y.Line, y.Column)
	n := &Node{Kind: Null, Line: y.Line, Column: y.Column, KeyLine: y.Line, KeyColumn: y.Column, doc: d}
	if d.nodes++; d.nodes > MaxNodes {
		if d.nodes == MaxNodes+1 {
			d.add(y.Line, y.Column, "the file is too long: more than %d values", MaxNodes)
		}
		return n
	}
	if depth > MaxDepth {
		d.add(y.Line, y.Column, "more than %d mappings and lists stand inside one another", MaxDepth)
		return n
	}
	if y.Kind == yaml.AliasNode {
		d.add(y.Line, y.Column, "*%s stands for a value written elsewhere; write the value out here", y.Value)
		return n
	}
	if y.Anchor != "" {
		d.add(y.Line, y.Column, "&%s names a value for use elsewhere; take the name out and write values where they are used", y.Anchor)
	}
	if tagged(y) {
		d.add(y.Line, y.Column, "a type written with ! is not used here; take it out, and put text in quotes if need be")
	}
	switch y.Kind {
	case yaml.MappingNode:
		n.Kind = Mapping
		d.convertFields(n, y, depth)
	case yaml.SequenceNode:
		n.Kind = List
		for _, item := range y.Content {
			n.Items = append(n.Items, d.convert(item, depth+1))
		}
	case yaml.ScalarNode:
		d.convertScalar(n, y)
	}
	return n
}

// within is a place in the file: where the YAML library has a value that is not
// written stand behind the last line, the end of that line.
func (d *document) within(line, column int) (int, int) {
	if line <= len(d.lines) {
		return line, column
	}
	return len(d.lines), utf8.RuneCountInString(d.lines[len(d.lines)-1]) + 1
}

func tagged(y *yaml.Node) bool { return y.Style&yaml.TaggedStyle != 0 || y.Tag == "!" }

func (d *document) convertFields(n *Node, y *yaml.Node, depth int) {
	n.byKey = make(map[string]*Node, len(y.Content)/2)
	for i := 0; i+1 < len(y.Content); i += 2 {
		key, value := y.Content[i], y.Content[i+1]
		if !d.goodKey(key) {
			continue
		}
		if first, again := n.byKey[key.Value]; again {
			d.add(key.Line, key.Column, "%q is written twice; the first is on line %d", shorten(key.Value), first.KeyLine)
			continue
		}
		f := d.convert(value, depth+1)
		f.Key, f.KeyLine, f.KeyColumn = key.Value, key.Line, key.Column
		n.Fields, n.byKey[f.Key] = append(n.Fields, f), f
	}
}

// goodKey accepts words only, whether quoted or not.
func (d *document) goodKey(key *yaml.Node) bool {
	k := &Node{Line: key.Line, Column: key.Column}
	switch key.Kind {
	case yaml.AliasNode:
		d.add(key.Line, key.Column, "a key is written out, not taken from elsewhere with *")
		return false
	case yaml.ScalarNode:
		before := len(d.mistakes)
		d.convertScalar(k, key)
		if len(d.mistakes) > before {
			return false
		}
	default:
		d.add(key.Line, key.Column, "a key is a word, not a list or a mapping")
		return false
	}
	switch {
	case key.Anchor != "":
		d.add(key.Line, key.Column, "&%s names a value for use elsewhere; take the name out", key.Anchor)
	case tagged(key):
		d.add(key.Line, key.Column, "a type written with ! is not used here; take it out")
	case k.Kind == Text && key.Value == "<<" && k.quoted == 0:
		d.add(key.Line, key.Column, "<< takes keys from elsewhere; write the keys out here")
	case k.Kind == Null || key.Value == "":
		d.add(key.Line, key.Column, "a key is missing before the colon")
	case k.Kind != Text:
		d.add(key.Line, key.Column, "a key is a word, and %s is %s; put it in quotes if it is meant as a word", key.Value, k.Kind)
	default:
		return true
	}
	return false
}

var (
	wholeNumber = regexp.MustCompile(`^-?(0|[1-9][0-9]*)$`)
	decimal     = regexp.MustCompile(`^-?(0|[1-9][0-9]*)\.[0-9]+$`)

	leadingZero = regexp.MustCompile(`^[-+]?0[0-9]+$`)
	// oddNumber is what one YAML reader or another takes for a number although
	// a person would not write it so.
	oddNumber = regexp.MustCompile(`^([-+]?[0-9][0-9_]*_[0-9_]*(\.[0-9_]*)?|[-+]?0[xob][0-9a-fA-F_]+|[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)[eE][-+]?[0-9]+|\+[0-9]+(\.[0-9]*)?|[-+]?\.[0-9]+|[-+]?[0-9]+\.|-?0[0-9]+\.[0-9]*|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))$`)
)

// maxDigits keeps every number exact in 64 bits.
const maxDigits = 15

// convertScalar settles what a single value means: one way for every reader.
func (d *document) convertScalar(n *Node, y *yaml.Node) {
	n.Kind, n.Value = Text, y.Value
	switch {
	case y.Style&yaml.SingleQuotedStyle != 0:
		n.quoted = '\''
	case y.Style&yaml.DoubleQuotedStyle != 0:
		n.quoted = '"'
	case y.Style&yaml.LiteralStyle != 0:
		n.quoted = '|'
	case y.Style&yaml.FoldedStyle != 0:
		n.quoted = '>'
	}
	for _, r := range n.Value {
		if hidden(r) || r == utf8.RuneError && !utf8.ValidString(n.Value) {
			d.add(n.Line, n.Column, "this text holds the character %U, which cannot be seen and is not allowed; take it out", r)
			n.Value = visible(n.Value)
			break
		}
	}
	if n.quoted != 0 {
		return
	}
	switch v := y.Value; {
	case v == "" || v == "~" || v == "null" || v == "Null" || v == "NULL":
		n.Kind, n.Value = Null, ""
	case v == "true" || v == "True" || v == "TRUE":
		n.Kind, n.Value = Bool, "true"
	case v == "false" || v == "False" || v == "FALSE":
		n.Kind, n.Value = Bool, "false"
	case wholeNumber.MatchString(v) || decimal.MatchString(v):
		if len(v) > maxDigits {
			d.add(n.Line, n.Column, "%s is too long a number; put it in quotes if it is text", shorten(v))
			return
		}
		n.Kind = Number
	case leadingZero.MatchString(v):
		d.add(n.Line, n.Column, "%s starts with 0, which some programs read in eights; write %q in quotes if it is text, else leave out the 0", shorten(v), shorten(v))
	case oddNumber.MatchString(v):
		d.add(n.Line, n.Column, "%s is a number in a way that programs read differently; write plain digits, or %q in quotes if it is text", shorten(v), shorten(v))
	}
}

// shorten keeps a quoted piece of a file readable in a message.
func shorten(s string) string {
	const limit = 60
	if utf8.RuneCountInString(s) <= limit {
		return s
	}
	return fmt.Sprintf("%s…", string([]rune(s)[:limit]))
}
