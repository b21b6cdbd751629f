package rubric

import (
	"fmt"
	"slices"
	"strings"

	"github.com/expr-lang/expr/ast"

	"github.com/practiceaudit/practiceaudit/internal/source"
)

// Where a condition stands decides which words it may use.
const (
	wholeFile = -1 // in overall
	factsOnly = -2 // in "met when" and its like
)

// scope compiles one condition. Whatever is not in its vocabulary is a mistake.
type scope struct {
	r        *Rubric
	n        *source.Node
	section  int // or wholeFile, or factsOnly
	facts    []int
	parts    []conditionPart
	mistakes Mistakes
}

// compile compiles the condition in a node; nil if there is none.
func (r *Rubric) compile(n *source.Node, section int) (*condition, Mistakes) {
	if n == nil {
		return nil, nil
	}
	tree, ms := parseCondition(n)
	if len(ms) > 0 {
		return nil, ms
	}
	s := &scope{r: r, n: n, section: section}
	root := s.boolean(tree)
	if len(s.mistakes) > 0 {
		return nil, s.mistakes
	}
	slices.Sort(s.facts)
	return &condition{text: singleSpaced(n.Value), root: root, facts: s.facts, node: n, parts: s.parts}, nil
}

func (s *scope) wrong(node ast.Node, format string, args ...any) {
	s.mistakes = append(s.mistakes, s.n.MistakeAt(node.Location().From, format, args...))
}

// never stands for a part that could not be compiled.
type never struct{}

func (never) eval(*env) truth { return no }

func (never) decided(*env, *evidence) {}

func (never) words(*Rubric, bool) string { return "" }

func (s *scope) boolean(node ast.Node) boolNode {
	b := s.yesOrNo(node)
	s.parts = append(s.parts, conditionPart{b, node.String(), node.Location().From})
	return b
}

func (s *scope) yesOrNo(node ast.Node) boolNode {
	switch node := node.(type) {
	case *ast.BinaryNode:
		switch node.Operator {
		case "and", "or":
			return &both{left: s.boolean(node.Left), right: s.boolean(node.Right), or: node.Operator == "or"}
		case "<", "<=", ">", ">=", "==", "!=":
			return s.comparison(node)
		case "&&":
			s.wrong(node, `two comparisons in a row; join them with "and", as in a < b and b < c`)
			return never{}
		}
		s.wrong(node, "this is a number; a condition compares it with another")
	case *ast.UnaryNode:
		if node.Operator == "not" {
			return &negation{s.boolean(node.Node)}
		}
		s.wrong(node, "this is a number; a condition compares it with another")
	case *ast.IdentifierNode:
		return s.word(node)
	case *ast.CallNode:
		return s.call(node)
	default:
		s.wrong(node, "this is not a condition; it is neither yes nor no")
	}
	return never{}
}

// word is a name that is yes or no by itself.
func (s *scope) word(node *ast.IdentifierNode) boolNode {
	if node.Value == "bottom_line_missed" {
		if s.section == factsOnly {
			s.wrong(node, "%s cannot be used here; only facts can", node.Value)
			return never{}
		}
		return &bottomLine{section: s.section}
	}
	if i, ok := s.r.factByName[node.Value]; ok {
		f := &s.r.facts[i]
		if f.typ == YesNoFact {
			s.facts = addOnce(s.facts, i)
			return factYes(i)
		}
		s.wrong(node, "%s is a %s; compare it with something", node.Value, f.typ)
		return never{}
	}
	s.unknown(node, node.Value)
	return never{}
}

func (s *scope) unknown(node ast.Node, word string) {
	words := append([]string(nil), functions...)
	for _, f := range s.r.facts {
		words = append(words, f.name)
	}
	if s.section != factsOnly {
		words = append(words, "bottom_line_missed")
		words = append(words, s.listNames()...)
	}
	switch s.names(word) {
	case "list":
		s.wrong(node, "%s is a list; say what of it, as in all(%s), any(%s) or count(%s) > 2", word, word, word, word)
		return
	case "line":
		s.wrong(node, "%s is a line; say what of it, as in evidenced(%s) or seen(%s)", word, word, word)
		return
	}
	if near := source.Nearest(word, words); near != "" {
		s.wrong(node, "unknown word %s; did you mean %q?", quote(word), near)
		return
	}
	s.wrong(node, "unknown word %s", quote(word))
}

// names says what a word names here: a list, a line or nothing.
func (s *scope) names(word string) string {
	if s.section == factsOnly {
		return ""
	}
	if slices.Contains(s.listNames(), word) {
		return "list"
	}
	for i := range s.r.sections {
		if _, ok := s.r.sections[i].lineByID[word]; ok && (s.section == i || s.section == wholeFile) {
			return "line"
		}
	}
	return ""
}

func (s *scope) listNames() []string {
	var names []string
	for i := range s.r.sections {
		if s.section == i || s.section == wholeFile {
			for _, l := range s.r.sections[i].lists {
				if !slices.Contains(names, l.id) {
					names = append(names, l.id)
				}
			}
		}
	}
	return names
}

// call is a function that is yes or no.
func (s *scope) call(node *ast.CallNode) boolNode {
	name := callee(node)
	switch name {
	case "all", "any", "none":
		l, ok := s.list(node, name)
		switch {
		case !ok:
		case name == "all":
			return &allOf{l}
		case name == "any":
			return &anyOf{l}
		default:
			return &negation{&anyOf{l}}
		}
	case "evidenced", "partly", "not_evidenced", "seen", "applicable":
		return s.line(node, name)
	case "within":
		return s.within(node)
	default:
		s.wrong(node, "%s is a number or a grade; compare it with something", name)
	}
	return never{}
}

func callee(node *ast.CallNode) string {
	if id, ok := node.Callee.(*ast.IdentifierNode); ok {
		return id.Value
	}
	return ""
}

func only(node *ast.CallNode) ast.Node {
	if len(node.Arguments) != 1 {
		return nil
	}
	return node.Arguments[0]
}

// list reads the list, and the state if there is one, of a list function.
func (s *scope) list(node *ast.CallNode, name string) (listOf, bool) {
	if s.section == factsOnly {
		s.wrong(node, "%s cannot be used here; only facts can", name)
		return listOf{}, false
	}
	var id *ast.IdentifierNode
	if len(node.Arguments) >= 1 && len(node.Arguments) <= 2 {
		id, _ = node.Arguments[0].(*ast.IdentifierNode)
	}
	if id == nil {
		s.wrong(node, "write the name of a list in the brackets, as in %s(%s)", name, strings.Join(s.listNames(), " or "))
		return listOf{}, false
	}
	l := listOf{name: id.Value}
	for i := range s.r.sections {
		if s.section != i && s.section != wholeFile {
			continue
		}
		if j := slices.IndexFunc(s.r.sections[i].lists, func(x list) bool { return x.id == id.Value }); j >= 0 {
			l.from = append(l.from, listRef{i, j})
		}
	}
	if len(l.from) == 0 {
		if near := source.Nearest(id.Value, s.listNames()); near != "" {
			s.wrong(id, "there is no list %s here; did you mean %q?", quote(id.Value), near)
		} else {
			s.wrong(id, "there is no list %s here; there is %s", quote(id.Value), strings.Join(s.listNames(), ", "))
		}
		return l, false
	}
	for _, ref := range l.from[1:] {
		first, kind := &s.r.sections[l.from[0].section], s.r.sections[ref.section].lists[ref.list].kind
		if was := first.lists[l.from[0].list].kind; kind != was {
			s.wrong(id, "%s is a list of kind %s in %s and of kind %s in %s; they cannot be read together", id.Value, was, first.id, kind, s.r.sections[ref.section].id)
			return l, false
		}
	}
	if l.size(s.r) == 0 {
		s.wrong(id, "the list %s has no lines", id.Value)
		return l, false
	}
	if len(node.Arguments) == 2 {
		return s.state(node.Arguments[1], l)
	}
	return l, true
}

func (s *scope) state(node ast.Node, l listOf) (listOf, bool) {
	state, ok := node.(*ast.StringNode)
	allowed := []string{"seen", "not_seen", "applicable"}
	if s.r.sections[l.from[0].section].lists[l.from[0].list].kind == Strength {
		allowed = []string{"evidenced", "partly", "not_evidenced", "applicable"}
	}
	if !ok || !slices.Contains(allowed, state.Value) {
		s.wrong(node, `write one of "%s"`, strings.Join(allowed, `", "`))
		return l, false
	}
	l.state = state.Value
	return l, true
}

// line is a function of one line.
func (s *scope) line(node *ast.CallNode, name string) boolNode {
	id, ok := only(node).(*ast.IdentifierNode)
	switch {
	case s.section == factsOnly:
		s.wrong(node, "%s cannot be used here; only facts can", name)
		return never{}
	case !ok:
		s.wrong(node, "write the name of a line in the brackets of %s", name)
		return never{}
	}
	var found *lineIs
	var ids []string
	for i := range s.r.sections {
		if s.section != i && s.section != wholeFile {
			continue
		}
		sec := &s.r.sections[i]
		for j := range sec.lines {
			ids = append(ids, sec.lines[j].id)
			if sec.lines[j].id != id.Value {
				continue
			}
			if found != nil {
				s.wrong(id, "the line %s stands in more than one section", id.Value)
				return never{}
			}
			strength := sec.lines[j].strength
			if name == "seen" && strength || name != "seen" && name != "applicable" && !strength {
				s.wrong(node, "%s does not go with the line %s: %s", name, id.Value, answersOf(strength))
				return never{}
			}
			found = &lineIs{section: i, line: j, state: name, in: lineStates[name]}
		}
	}
	if found == nil {
		near := source.Nearest(id.Value, ids)
		if near != "" {
			s.wrong(id, "there is no line %s here; did you mean %q?", quote(id.Value), near)
		} else {
			s.wrong(id, "there is no line %s here", quote(id.Value))
		}
		return never{}
	}
	return found
}

var lineStates = map[string]outcomes{
	"evidenced": isYes, "partly": isPartly, "not_evidenced": isNo, "seen": isPresent, "applicable": isApplicable,
}

func answersOf(strength bool) string {
	if strength {
		return "it is evidenced, partly or not_evidenced"
	}
	return "it is seen or not_seen"
}

func suggestion(word string, known []string) string {
	if near := source.Nearest(word, known); near != "" {
		return fmt.Sprintf("did you mean %q?", near)
	}
	if len(known) == 0 {
		return "there is none"
	}
	return "there is " + strings.Join(known, ", ")
}
