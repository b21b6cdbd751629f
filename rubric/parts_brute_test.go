package rubric_test

import (
	"fmt"
	"strings"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/conf"
	"github.com/expr-lang/expr/parser"

	"github.com/practiceaudit/practiceaudit/rubric"
)

// partFindings checks what Analyse says of parts of conditions: expr reads each part on every
// form, and the outermost that come out one way only are those that are found.
func (b *brute) partFindings(a *rubric.Analysis) error {
	found := map[string][]rubric.Finding{}
	for _, f := range a.Findings {
		if at, _, ok := strings.Cut(f.At, ": "); ok {
			found[at] = append(found[at], f)
		}
	}
	for at, c := range b.partsOf() {
		if n := len(found[at]); n != len(c.oneWay) {
			return fmt.Errorf("%s has %d parts that come out one way only, %v, and %d are found: %v", at, len(c.oneWay), c.oneWay, n, found[at])
		}
		for i, f := range found[at] {
			want := c.oneWay[i]
			_, text, _ := strings.Cut(f.At, ": ")
			if always := f.Form != nil; always != want.always {
				return fmt.Errorf("%s: %q always holds: %t, not %t", at, text, want.always, always)
			}
			if cost, ok := b.costOf(f.Form); f.Form != nil && (!ok || cost != want.cost) {
				return fmt.Errorf("%s: the form of %q costs %d, the smallest %d", at, text, cost, want.cost)
			}
		}
	}
	return nil
}

// oneWay is a part of a condition that comes out one way only.
type oneWay struct {
	text   string
	always bool
	cost   int // of the smallest form on which it holds
}

// partly is a condition in its parts.
type partly struct {
	section *modelSection // nil for the whole file
	root    ast.Node
	both    map[ast.Node]*[2]bool
	cost    map[ast.Node]int
	text    map[ast.Node]string
	oneWay  []oneWay
}

// partsOf looks at each part of each condition of a rule on all forms.
func (b *brute) partsOf() map[string]*partly {
	ref, words := newReference(b.m, b.cal), conf.CreateNew()
	for _, option := range append(ref.functions(), expr.DisableAllBuiltins()) {
		option(words)
	}
	all := map[string]*partly{}
	conditions := func(id string, s *modelSection, limits, suggest []modelRule) {
		for name, rules := range map[string][]modelRule{"limit": limits, "suggest": suggest} {
			for i, rule := range rules {
				if rule.when != "" {
					tree, err := parser.ParseWithConfig(rule.when, words)
					if err != nil {
						panic(err)
					}
					all[fmt.Sprintf("%s.%s.%d", id, name, i+1)] = &partly{section: s, root: tree.Node, both: map[ast.Node]*[2]bool{}, cost: map[ast.Node]int{}, text: map[ast.Node]string{}}
				}
			}
		}
	}
	for _, s := range b.m.sections {
		conditions(s.id, s, s.limits, s.suggest)
	}
	conditions("overall", nil, b.m.limits, b.m.suggest)
	for _, f := range b.forms {
		ref.grade(f.a)
		for _, c := range all {
			whole := c.section == nil
			if whole && !f.outcomes[len(b.m.sections)].Applies || !whole && !ref.now.applies[c.section.id] {
				continue // the file stays open, or the section is no part of it
			}
			ref.now.section = c.section
			if missed := ref.now.missed; whole {
				ref.now.env["bottom_line_missed"] = len(missed) > 0
			} else {
				ref.now.env["bottom_line_missed"] = missed[c.section.id]
			}
			c.look(ref, c.root, f.cost)
		}
	}
	for _, c := range all {
		if came := c.both[c.root]; came != nil && came[0] && came[1] { // else the condition itself is a finding
			c.outermost(c.root)
		}
	}
	return all
}

// inside are the parts that a node joins.
func inside(n ast.Node) []ast.Node {
	switch n := n.(type) {
	case *ast.BinaryNode:
		switch n.Operator {
		case "and", "or", "&&", "||":
			return []ast.Node{n.Left, n.Right}
		}
	case *ast.UnaryNode:
		if n.Operator == "not" || n.Operator == "!" {
			return []ast.Node{n.Node}
		}
	}
	return nil
}

func (c *partly) look(ref *reference, n ast.Node, cost int) {
	if c.both[n] == nil {
		c.both[n], c.cost[n], c.text[n] = &[2]bool{}, -1, n.String()
	}
	holds := ref.holds(c.text[n])
	if c.both[n][bit(holds)] = true; holds && (c.cost[n] < 0 || cost < c.cost[n]) {
		c.cost[n] = cost
	}
	for _, part := range inside(n) {
		c.look(ref, part, cost)
	}
}

func (c *partly) outermost(n ast.Node) {
	if came := c.both[n]; n != c.root && came != nil && came[0] != came[1] {
		c.oneWay = append(c.oneWay, oneWay{n.String(), came[1], c.cost[n]})
		return
	}
	for _, part := range inside(n) {
		c.outermost(part)
	}
}
