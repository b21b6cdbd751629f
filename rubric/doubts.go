package rubric

import (
	"slices"
	"strings"
	"unicode"

	"github.com/practiceaudit/practiceaudit/internal/source"
)

// Every mistake of a file is told at once, but not what only follows from another:
// of a fact with an unknown type, say, nothing more is said where a condition reads
// it. What follows finds out what is doubtful.

// named is a list or a line by its section, or by wholeFile for any section; or a
// fact by factsOnly.
type named struct {
	section int
	name    string
}

// doubt notes that a list or a line of the section that is being read is wrong
// itself.
func (p *reader) doubt(name string) {
	p.doubtful[named{len(p.r.sections), name}] = true
	p.doubtful[named{wholeFile, name}] = true
}

// doubts reports whether a condition may read what is wrong itself.
func (p *reader) doubts(n *source.Node, section int) bool {
	if len(p.schema) > 0 && p.factsUnread() || section >= 0 && p.unknown>>section&1 != 0 || section == wholeFile && p.unknown != 0 {
		return true
	}
	words := strings.FieldsFunc(n.Scalar(), func(r rune) bool { return r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	return slices.ContainsFunc(words, func(w string) bool {
		return p.doubtful[named{factsOnly, w}] || p.doubtful[named{section, w}] ||
			len(p.r.grades) == 0 && (w == "grade" || strings.HasPrefix(w, "sections_"))
	})
}

// wrongIn reports whether anything is wrong in the lines of a node.
func (p *reader) wrongIn(n *source.Node) bool {
	if n == nil {
		return false
	}
	last := n.Last()
	within := func(m Mistake) bool { return n.KeyLine <= m.Line && m.Line <= last }
	return slices.ContainsFunc(p.schema, within) || slices.ContainsFunc(p.mistakes, within)
}

func isMapping(n *source.Node) bool { return n != nil && n.Kind == source.Mapping }

// factsUnread reports whether the file seems to have facts, but not as it should:
// under another key, say.
func (p *reader) factsUnread() bool {
	if facts := p.root.Field("facts"); facts != nil {
		return !isMapping(facts)
	}
	return slices.ContainsFunc(p.root.Keys(), func(key string) bool { return source.Nearest(key, []string{"facts"}) != "" })
}

// tooLarge reports whether a file is above one of the limits that keep the reading
// of it short. The schema says which.
func tooLarge(root *source.Node) bool {
	above := func(n *source.Node, most int) bool { return max(len(n.Entries()), len(n.Each())) > most }
	sections := root.Field("sections").Entries()
	if len(sections) > MaxSections || above(root.Field("facts"), MaxFacts) || above(root.Field("grades"), MaxGrades) ||
		above(root.Field("services"), MaxServices) || above(root.Field("status"), MaxStatuses) {
		return true
	}
	for _, f := range root.Field("facts").Entries() {
		if above(f.Field("of"), MaxChoices) {
			return true
		}
	}
	for _, s := range append(slices.Clone(sections), root.Field("overall")) {
		if above(s.Field("lists"), MaxListsInSection) || above(s.Field("lines"), MaxLinesInSection) || above(s.Field("limit"), MaxRules) || above(s.Field("suggest"), MaxRules) {
			return true
		}
		for _, l := range s.Field("lines").Entries() {
			if above(l.Field("in"), MaxListsInSection) {
				return true
			}
		}
	}
	return false
}
