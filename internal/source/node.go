package source

import (
	"fmt"
	"slices"
)

// Kind says what a Node is.
type Kind uint8

// The kinds of node. The zero Kind is no node at all.
const (
	Null    Kind = 1 + iota // nothing written, or null
	Text                    // words; also dates and times, quoted or not
	Number                  // a whole number or a decimal, unquoted
	Bool                    // true or false, unquoted
	Mapping                 // keys and values
	List                    // items
)

// String names the kind as a person would.
func (k Kind) String() string {
	switch k {
	case Null:
		return "nothing"
	case Text:
		return "text"
	case Number:
		return "a number"
	case Bool:
		return "true or false"
	case Mapping:
		return "keys and values"
	case List:
		return "a list"
	}
	return "unknown"
}

// Node is one value of a file and where it stands. It is not changed after
// Parse and may be read by many goroutines at once. Every method may be called
// on a nil Node, which is what looking up an absent key gives.
type Node struct {
	Kind   Kind
	Line   int // of the value, 1-based
	Column int // of the value, 1-based, in characters

	// Key is the name under which the node stands in its mapping, else "".
	// KeyLine and KeyColumn are where that name stands; for an item of a list
	// and for the whole file they are those of the value.
	Key                string
	KeyLine, KeyColumn int

	Fields []*Node // of a Mapping, in file order
	Items  []*Node // of a List

	// Value is the text of a Text node as the file means it, and of a Number
	// or Bool in its plainest spelling: "-12", "0.5", "true".
	Value string

	doc    *document
	byKey  map[string]*Node
	quoted rune // ' or " or | or > or 0 for plain
}

// Field returns the value under a key, or nil if there is none.
func (n *Node) Field(key string) *Node {
	if n == nil {
		return nil
	}
	return n.byKey[key]
}

// Text returns the text under a key, or "" if the key is absent or holds no
// single value. A number or a true or false gives its spelling.
func (n *Node) Text(key string) string { return n.Field(key).Scalar() }

// Scalar returns the node's own text, "" if it is not a single value.
func (n *Node) Scalar() string {
	if n == nil {
		return ""
	}
	return n.Value
}

// IsScalar reports whether the node is a single value: text, number, true or
// false.
func (n *Node) IsScalar() bool {
	return n != nil && (n.Kind == Text || n.Kind == Number || n.Kind == Bool)
}

// True reports whether the value under a key is true.
func (n *Node) True(key string) bool {
	f := n.Field(key)
	return f != nil && f.Kind == Bool && f.Value == "true"
}

// Keys returns the keys of a mapping in file order.
func (n *Node) Keys() []string {
	if n == nil {
		return nil
	}
	keys := make([]string, len(n.Fields))
	for i, f := range n.Fields {
		keys[i] = f.Key
	}
	return keys
}

// Entries returns the fields of a mapping in file order; none of anything else.
func (n *Node) Entries() []*Node {
	if n == nil {
		return nil
	}
	return n.Fields
}

// Each returns the items of a list, or the single node itself where a list was
// allowed to be written as one value; nil for a nil or empty node.
func (n *Node) Each() []*Node {
	switch {
	case n == nil || n.Kind == Null:
		return nil
	case n.Kind == List:
		return n.Items
	default:
		return []*Node{n}
	}
}

// Last returns the last line on which something of the node begins.
func (n *Node) Last() int {
	last := n.Line
	for _, inside := range slices.Concat(n.Fields, n.Items) {
		last = max(last, inside.Last())
	}
	return last
}

// Mistake makes a mistake at the node's value.
func (n *Node) Mistake(format string, args ...any) Mistake {
	if n == nil {
		return Mistake{Message: fmt.Sprintf(format, args...)}
	}
	return n.doc.mistake(n.Line, n.Column, fmt.Sprintf(format, args...))
}

// KeyMistake makes a mistake at the node's key; at its value if it has none.
func (n *Node) KeyMistake(format string, args ...any) Mistake {
	if n == nil {
		return Mistake{Message: fmt.Sprintf(format, args...)}
	}
	return n.doc.mistake(n.KeyLine, n.KeyColumn, fmt.Sprintf(format, args...))
}
