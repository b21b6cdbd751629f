package rubric

import (
	"strings"

	"github.com/expr-lang/expr/ast"
)

var mirrored = map[string]string{"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}

func (s *scope) comparison(node *ast.BinaryNode) boolNode {
	for _, side := range []ast.Node{node.Left, node.Right} {
		if u, ok := side.(*ast.UnaryNode); ok && u.Operator == "not" {
			s.wrong(u, `"not" binds to what follows it at once; write not (a %s b)`, node.Operator)
			return never{}
		}
	}
	left, right, op := node.Left, node.Right, node.Operator
	if _, ok := left.(*ast.StringNode); ok || isCall(right, "percent") || isCall(right, "grade") && !isCall(left, "grade") {
		left, right, op = right, left, mirrored[op]
	}
	switch {
	case isCall(left, "percent"):
		return s.percent(left.(*ast.CallNode), op, right)
	case isCall(left, "grade"):
		return s.grade(left.(*ast.CallNode), op, right)
	}
	if id, ok := left.(*ast.IdentifierNode); ok {
		if i, ok := s.r.factByName[id.Value]; ok && s.r.facts[i].typ != NumberFact {
			return s.fact(node, i, op, right)
		}
	}
	c := &comparison{op: op, left: s.number(left), right: s.number(right)}
	s.sameUnit(node, c.left, c.right)
	return c
}

func isCall(node ast.Node, name string) bool {
	c, ok := node.(*ast.CallNode)
	return ok && callee(c) == name
}

func (s *scope) percent(node *ast.CallNode, op string, right ast.Node) boolNode {
	l, ok := s.list(node, "percent")
	bound, isInt := right.(*ast.IntegerNode)
	if !isInt || bound.Value < 0 || bound.Value > 100 {
		s.wrong(right, "percent is compared with a whole number from 0 to 100")
		return never{}
	}
	if !ok {
		return never{}
	}
	return &percentOf{listOf: l, op: op, bound: bound.Value}
}

func (s *scope) grade(node *ast.CallNode, op string, right ast.Node) boolNode {
	section, ok := s.gradeOf(node)
	if !ok {
		return never{}
	}
	if isCall(right, "grade") {
		other, ok := s.gradeOf(right.(*ast.CallNode))
		if !ok {
			return never{}
		}
		return &gradeIs{op: op, section: section, other: other}
	}
	rank, ok := s.rank(right)
	if !ok {
		return never{}
	}
	return &gradeIs{op: op, section: section, other: -1, rank: rank}
}

func (s *scope) gradeOf(node *ast.CallNode) (int, bool) {
	id, ok := only(node).(*ast.IdentifierNode)
	switch {
	case s.section != wholeFile:
		s.wrong(node, "grade can be used only in overall")
		return 0, false
	case !ok:
		s.wrong(node, "write the name of one section in the brackets of grade")
		return 0, false
	}
	i, ok := s.r.sectionByID[id.Value]
	if !ok {
		s.wrong(id, "there is no section %s; %s", quote(id.Value), suggestion(id.Value, s.r.sectionIDs()))
	}
	return i, ok
}

func (s *scope) rank(node ast.Node) (int, bool) {
	g, ok := node.(*ast.StringNode)
	if ok {
		if rank := s.r.Rank(Grade(g.Value)); rank >= 0 {
			return rank, true
		}
		s.wrong(node, "there is no grade %s; %s", quote(g.Value), suggestion(g.Value, s.r.gradeIDs()))
		return 0, false
	}
	s.wrong(node, `write a grade in quotes, one of "%s"`, strings.Join(s.r.gradeIDs(), `", "`))
	return 0, false
}

func (r *Rubric) gradeIDs() []string { return idsOf(r.grades) }

func (s *scope) number(node ast.Node) numberNode {
	n, lo, hi := s.bounded(node)
	if lo < -maxValue || hi > maxValue {
		s.tooLarge(node)
	}
	return n
}

func (s *scope) tooLarge(node ast.Node) {
	s.wrong(node, "this number can become too large to be exact; give the facts that it reads a min and a max")
}

// bounded compiles a number and says what it lies between on any form.
func (s *scope) bounded(node ast.Node) (n numberNode, lo, hi int) {
	switch node := node.(type) {
	case *ast.IntegerNode:
		return number(node.Value), node.Value, node.Value
	case *ast.UnaryNode:
		if node.Operator == "-" {
			right, lo, hi := s.bounded(node.Node)
			return &arithmetic{op: "-", left: number(0), right: right}, -hi, -lo
		}
	case *ast.BinaryNode:
		if node.Operator != "+" && node.Operator != "-" && node.Operator != "*" {
			break
		}
		left, lo1, hi1 := s.bounded(node.Left)
		right, lo2, hi2 := s.bounded(node.Right)
		for _, v := range []int{lo1, hi1, lo2, hi2} {
			if v < -MaxNumber || v > MaxNumber {
				s.tooLarge(node)
				return number(0), 0, 0
			}
		}
		if node.Operator != "*" {
			s.sameUnit(node, left, right)
		} else if !written(left) && !written(right) {
			s.wrong(node, "one side of * is a number as written, as in 2 * %s", node.Left.String())
		}
		lo, hi = bounds(node.Operator, lo1, hi1, lo2, hi2)
		return &arithmetic{op: node.Operator, left: left, right: right}, lo, hi
	case *ast.IdentifierNode:
		i, ok := s.r.factByName[node.Value]
		if !ok {
			s.unknown(node, node.Value)
			return number(0), 0, 0
		}
		if f := &s.r.facts[i]; f.typ == NumberFact {
			s.facts = addOnce(s.facts, i)
			return factNumber(i), f.min, f.max
		}
		s.wrong(node, "%s is a %s; it cannot be compared with a number", node.Value, s.r.facts[i].typ)
		return number(0), 0, 0
	case *ast.CallNode:
		if n, hi, ok := s.counted(node); ok {
			return n, 0, hi
		}
		return number(0), 0, 0
	}
	s.wrong(node, "this is not a whole number; only whole numbers, + - and * can be used here")
	return number(0), 0, 0
}

// written reports whether a number is the same on every form.
func written(n numberNode) bool {
	switch n := n.(type) {
	case number:
		return true
	case *arithmetic:
		return written(n.left) && written(n.right)
	}
	return false
}

// counted is a function that is a number.
func (s *scope) counted(node *ast.CallNode) (numberNode, int, bool) {
	name := callee(node)
	switch name {
	case "count":
		l, ok := s.list(node, name)
		return &countOf{l}, l.size(s.r), ok
	case "sections_at", "sections_below", "sections_at_least", "sections_judged":
		if s.section != wholeFile {
			s.wrong(node, "%s can be used only in overall", name)
			return nil, 0, false
		}
		n := &sectionsAt{in: upTo(len(s.r.grades) - 1)}
		if name != "sections_judged" {
			arg := only(node)
			if arg == nil {
				s.wrong(node, "write a grade in quotes in the brackets of %s", name)
				return nil, 0, false
			}
			rank, ok := s.rank(arg)
			if !ok {
				return nil, 0, false
			}
			n.rank = rank
			switch name {
			case "sections_at":
				n.op, n.in = "==", 1<<rank
			case "sections_below":
				n.op, n.in = "<", upTo(rank)&^(1<<rank)
			case "sections_at_least":
				n.op, n.in = ">=", upTo(len(s.r.grades)-1)&^upTo(rank)|1<<rank
			}
		}
		return n, len(s.r.sections), true
	case "percent", "grade":
		s.wrong(node, "%s is compared by itself, without arithmetic", name)
	default:
		s.wrong(node, "%s is yes or no; it cannot be compared with a number", name)
	}
	return nil, 0, false
}

// sameUnit refuses to compare or add numbers of different things: visits and
// days, say. A number as written, a count and a product are of no unit.
func (s *scope) sameUnit(node ast.Node, left, right numberNode) {
	l, r := s.unit(left), s.unit(right)
	if l != nil && r != nil && l.unit != r.unit {
		s.wrong(node, "%s counts %s and %s counts %s; they cannot be compared or added", l.name, l.counts(), r.name, r.counts())
	}
}

// unit is the fact that gives a number its unit; nil if none does.
func (s *scope) unit(n numberNode) *fact {
	switch n := n.(type) {
	case factNumber:
		return &s.r.facts[n]
	case *arithmetic:
		if n.op == "*" {
			return nil
		}
		if left := s.unit(n.left); left != nil {
			return left
		}
		return s.unit(n.right)
	}
	return nil
}

func (f *fact) counts() string {
	if f.unit == "" {
		return "something without a unit"
	}
	return f.unit
}
