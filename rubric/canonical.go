package rubric

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"

	"github.com/practiceaudit/practiceaudit/internal/source"
)

func digest(canonical []byte) string {
	sum := sha256.Sum256(canonical)
	return "sha256:" + hex.EncodeToString(sum[:])
}

// appendCanonical appends the node at a path of keys as JSON without white space or
// comments. The names of facts, sections, lists and lines stay in file order, which
// means something; other keys are in the order of the alphabet. What says no more
// than its absence would is left out, and a condition has single spaces.
func appendCanonical(b []byte, n *source.Node, path []string) []byte {
	switch n.Kind {
	case source.Mapping:
		fields := slices.Clone(n.Fields)
		if !keepsOrder(path) {
			slices.SortFunc(fields, func(a, b *source.Node) int { return strings.Compare(a.Key, b.Key) })
		}
		b = append(b, '{')
		first := len(b)
		for _, f := range fields {
			if saysNothing(f, path) {
				continue
			}
			if len(b) > first {
				b = append(b, ',')
			}
			b = append(appendText(b, f.Key), ':')
			b = appendCanonical(b, f, append(path, f.Key))
		}
		return append(b, '}')
	case source.List:
		b = append(b, '[')
		for i, item := range n.Items {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendCanonical(b, item, append(path, ""))
		}
		return append(b, ']')
	case source.Number, source.Bool:
		return append(b, n.Value...)
	case source.Null:
		return append(b, "null"...)
	}
	if isCondition(n.Key, path) {
		return appendText(b, singleSpaced(n.Value))
	}
	return appendText(b, n.Value)
}

// keepsOrder reports whether the keys at a path are the names of facts, sections,
// lists or lines.
func keepsOrder(path []string) bool {
	switch len(path) {
	case 1:
		return path[0] == "facts" || path[0] == "sections"
	case 3:
		return path[0] == "sections" && (path[2] == "lists" || path[2] == "lines")
	}
	return false
}

// saysNothing reports whether a key below a path, a fact's, a list's or a line's,
// has the value that its absence stands for. In an example the same words can be the
// name of a fact.
func saysNothing(f *source.Node, path []string) bool {
	return (f.Key == "fixed" || f.Key == "bottom_line") && f.Kind == source.Bool && f.Value == "false" && len(path) > 1 && path[0] != "examples"
}

// isCondition reports whether the text at a path is a condition. In an example only
// "by" can be one; the other words can be the name of a fact.
func isCondition(key string, path []string) bool {
	if path[0] == "examples" {
		return key == "by" && len(path) == 5 && path[2] == "expect"
	}
	return slices.Contains([]string{"when", "met when", "seen when", "not needed when"}, key)
}

func singleSpaced(s string) string { return strings.Join(strings.Fields(s), " ") }

func appendText(b []byte, s string) []byte {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	_ = e.Encode(s) // a string always encodes
	return append(b, bytes.TrimRight(out.Bytes(), "\n")...)
}
