package rubric

import (
	"fmt"
	"strconv"
)

// compare compares two numbers of which only bounds are known.
func compare(op string, lo1, hi1, lo2, hi2 int) truth {
	switch op {
	case "<":
		return between(lo1 < hi2, hi1 < lo2)
	case "<=":
		return between(lo1 <= hi2, hi1 <= lo2)
	case ">":
		return compare("<", lo2, hi2, lo1, hi1)
	case ">=":
		return compare("<=", lo2, hi2, lo1, hi1)
	case "==":
		return between(lo1 <= hi2 && lo2 <= hi1, lo1 == hi1 && lo2 == hi2 && lo1 == lo2)
	default:
		return compare("==", lo1, hi1, lo2, hi2).not()
	}
}

var opposites = map[string]string{"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}

// quantity says a comparison as an amount, before a number.
var quantity = map[string]string{
	"<": "fewer than", "<=": "at most", ">": "more than", ">=": "at least", "==": "exactly", "!=": "not exactly",
}

// comparison compares two numbers.
type comparison struct {
	op          string
	left, right numberNode
}

func (n *comparison) eval(e *env) truth {
	lo1, hi1 := n.left.eval(e)
	lo2, hi2 := n.right.eval(e)
	return compare(n.op, lo1, hi1, lo2, hi2)
}

// decided: a comparison that came out because the left side is large points to
// what makes it large, and to what keeps the right side small.
func (n *comparison) decided(e *env, ev *evidence) {
	lo1, hi1 := n.left.eval(e)
	lo2, hi2 := n.right.eval(e)
	for _, what := range because(n.op, n.eval(e), compare("<", lo1, hi1, lo2, hi2)) {
		n.left.decided(e, ev, what)
		n.right.decided(e, ev, what.opposite())
	}
}

// because says what about the left side made a comparison come out so. Of two that
// are equal, both what makes it so large and what keeps it so small.
func because(op string, came, less truth) []aspect {
	large := came == yes
	switch {
	case !came.determined():
		return []aspect{whatIsOpen}
	case op == "<" || op == "<=":
		large = came == no
	case op == ">" || op == ">=":
	case (op == "==") == (came == yes):
		return []aspect{whatCounts, whatDoesNot}
	default:
		large = less == no
	}
	if large {
		return []aspect{whatCounts}
	}
	return []aspect{whatDoesNot}
}

func (n *comparison) words(r *Rubric, opposite bool) string {
	op := n.op
	if opposite {
		op = opposites[op]
	}
	if c, ok := n.left.(*countOf); ok {
		if k, ok := n.right.(number); ok {
			switch {
			case op == "==" && k == 0, op == "<=" && k == 0, op == "<" && k == 1:
				return fmt.Sprintf("no line of %s is %s", c.title(r), c.verb(r))
			case k == 1:
				return fmt.Sprintf("%s 1 line of %s is %s", quantity[op], c.title(r), c.verb(r))
			}
			return fmt.Sprintf("%s %d lines of %s are %s", quantity[op], k, c.title(r), c.verb(r))
		}
	}
	if c, ok := n.left.(*sectionsAt); ok {
		if k, ok := n.right.(number); ok {
			if op == "==" && k == 0 || op == "<=" && k == 0 || op == "<" && k == 1 {
				return "no section is " + c.phrase(r)
			}
			if k == 1 {
				return fmt.Sprintf("%s 1 section is %s", quantity[op], c.phrase(r))
			}
			return fmt.Sprintf("%s %d sections are %s", quantity[op], k, c.phrase(r))
		}
	}
	return fmt.Sprintf("%s is %s %s", n.left.words(r), relation[op], n.right.words(r))
}

// relation says a comparison between two things.
var relation = map[string]string{
	"<": "less than", "<=": "at most", ">": "more than", ">=": "at least", "==": "the same as", "!=": "not the same as",
}

// number is a number as written.
type number int

func (n number) eval(*env) (lo, hi int)          { return int(n), int(n) }
func (n number) decided(*env, *evidence, aspect) {}
func (n number) words(*Rubric) string            { return strconv.Itoa(int(n)) }

// arithmetic is + - or * of two numbers. Parse has made sure that no form can
// make it too large for 64 bits.
type arithmetic struct {
	op          string
	left, right numberNode
}

func (n *arithmetic) eval(e *env) (lo, hi int) {
	lo1, hi1 := n.left.eval(e)
	lo2, hi2 := n.right.eval(e)
	return bounds(n.op, lo1, hi1, lo2, hi2)
}

// bounds is what + - or * of two numbers lies between.
func bounds(op string, lo1, hi1, lo2, hi2 int) (lo, hi int) {
	switch op {
	case "+":
		return lo1 + lo2, hi1 + hi2
	case "-":
		return lo1 - hi2, hi1 - lo2
	}
	a, b, c, d := lo1*lo2, lo1*hi2, hi1*lo2, hi1*hi2
	return min(a, b, c, d), max(a, b, c, d)
}

func (n *arithmetic) decided(e *env, ev *evidence, what aspect) {
	n.left.decided(e, ev, what)
	if n.op == "-" {
		what = what.opposite()
	}
	n.right.decided(e, ev, what)
}

func (n *arithmetic) words(r *Rubric) string {
	sign := map[string]string{"+": "plus", "-": "minus", "*": "times"}[n.op]
	return fmt.Sprintf("(%s %s %s)", n.left.words(r), sign, n.right.words(r))
}
