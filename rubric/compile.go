package rubric

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/expr-lang/expr/ast"

	"github.com/practiceaudit/practiceaudit/calendar"
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
	return &condition{text: strings.TrimSpace(n.Value), root: root, facts: s.facts}, nil
}

func (s *scope) wrong(node ast.Node, format string, args ...any) {
	s.mistakes = append(s.mistakes, s.n.MistakeAt(node.Location().From, format, args...))
}

// never stands for a part that could not be compiled.
type never struct{}

func (never) eval(*env) truth            { return no }
func (never) decided(*env, *evidence)    {}
func (never) words(*Rubric, bool) string { return "" }

func (s *scope) boolean(node ast.Node) boolNode {
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
	if near := source.Nearest(word, words); near != "" {
		s.wrong(node, "unknown word %s; did you mean %q?", quote(word), near)
		return
	}
	s.wrong(node, "unknown word %s", quote(word))
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

func only(node *ast.CallNode) ast.Node {
	if len(node.Arguments) != 1 {
		return nil
	}
	return node.Arguments[0]
}

// within is within("24 hours", start, end).
func (s *scope) within(node *ast.CallNode) boolNode {
	if len(node.Arguments) != 3 {
		s.wrong(node, `write a period and two facts in the brackets, as in within("24 hours", start, end)`)
		return never{}
	}
	text, ok := node.Arguments[0].(*ast.StringNode)
	if !ok {
		s.wrong(node.Arguments[0], `write a period in quotes, such as "24 hours"`)
		return never{}
	}
	period, err := calendar.ParsePeriod(text.Value)
	if err != nil {
		s.wrong(text, "%s", err)
		return never{}
	}
	w := within{period: period}
	for i, to := range []*int{&w.start, &w.end} {
		id, ok := node.Arguments[i+1].(*ast.IdentifierNode)
		if !ok {
			s.wrong(node.Arguments[i+1], "write the name of a date or time fact")
			return never{}
		}
		fact, ok := s.r.factByName[id.Value]
		if !ok {
			s.unknown(id, id.Value)
			return never{}
		}
		if t := s.r.facts[fact].typ; t != DateFact && t != TimeFact {
			s.wrong(id, "%s is a %s; write a date or time fact", id.Value, t)
			return never{}
		}
		*to = fact
		s.facts = addOnce(s.facts, fact)
	}
	start, end := &s.r.facts[w.start], &s.r.facts[w.end]
	switch {
	case start.typ != end.typ:
		s.wrong(node, "%s is a %s and %s a %s; both must be the same", start.name, start.typ, end.name, end.typ)
		return never{}
	case start.typ == DateFact && period.Unit() == calendar.Hours:
		s.wrong(text, "%s is a date, without a time: hours cannot be counted from it", start.name)
		return never{}
	}
	i := slices.Index(s.r.withins, w)
	if i < 0 {
		i = len(s.r.withins)
		s.r.withins = append(s.r.withins, w)
	}
	return withinIs(i)
}

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

func suggestion(word string, known []string) string {
	if near := source.Nearest(word, known); near != "" {
		return fmt.Sprintf("did you mean %q?", near)
	}
	return "there is " + strings.Join(known, ", ")
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

func (r *Rubric) gradeIDs() []string {
	ids := make([]string, len(r.grades))
	for i, g := range r.grades {
		ids[i] = g.id
	}
	return ids
}

// fact compares a choice, date, time or yes_no fact.
func (s *scope) fact(node *ast.BinaryNode, i int, op string, right ast.Node) boolNode {
	f := &s.r.facts[i]
	s.facts = addOnce(s.facts, i)
	if f.typ == YesNoFact {
		s.wrong(node, "%s is yes or no by itself; write %s or not %s", f.name, f.name, f.name)
		return never{}
	}
	if f.typ == ChoiceFact && op != "==" && op != "!=" {
		s.wrong(node, `%s is a choice; compare it with "==" or "!="`, f.name)
		return never{}
	}
	switch right := right.(type) {
	case *ast.IdentifierNode:
		j, ok := s.r.factByName[right.Value]
		switch {
		case !ok:
			s.unknown(right, right.Value)
		case s.r.facts[j].typ != f.typ || f.typ == ChoiceFact:
			s.wrong(right, "%s is a %s and %s a %s; they cannot be compared", f.name, f.typ, right.Value, s.r.facts[j].typ)
		case s.r.facts[j].length != f.length:
			s.wrong(right, "%s is in %s and %s in %s; they cannot be compared", f.name, f.unit, right.Value, s.r.facts[j].unit)
		default:
			s.facts = addOnce(s.facts, j)
			return &factCompare{op: op, fact: i, other: j}
		}
	case *ast.StringNode:
		v, problem := f.read(right.Value)
		if problem != "" {
			s.wrong(right, "%s", problem)
			break
		}
		shown := right.Value
		if f.typ == ChoiceFact {
			shown = f.of[v].title
		}
		return &factCompare{op: op, fact: i, other: -1, fixed: v, shown: shown}
	default:
		s.wrong(right, "%s is a %s; compare it with a %s in quotes", f.name, f.typ, f.typ)
	}
	return never{}
}

// read reads a fact as people write it, or says what is wrong with it.
func (f *fact) read(text string) (n int, problem string) {
	switch f.typ {
	case ChoiceFact:
		var ids []string
		for i, c := range f.of {
			if c.id == text {
				return i, ""
			}
			ids = append(ids, c.id)
		}
		return 0, fmt.Sprintf("%s is not %s; %s", f.name, quote(text), suggestion(text, ids))
	case DurationFact:
		p, err := calendar.ParsePeriod(text)
		switch {
		case err != nil:
			return 0, fmt.Sprintf("%s is a duration in %s: %s", f.name, f.unit, err)
		case p.Unit() == f.length:
			return p.N(), ""
		case p.Unit() == calendar.Weeks && f.length == calendar.Days:
			return 7 * p.N(), ""
		}
		return 0, fmt.Sprintf("%s is a duration in %s, not in %s", f.name, f.unit, p.Unit())
	case YesNoFact:
		switch text {
		case "yes", "true":
			return 1, ""
		case "no", "false":
			return 0, ""
		}
		return 0, fmt.Sprintf("%s is yes or no, not %s", f.name, quote(text))
	case DateFact:
		d, err := calendar.ParseDate(text)
		if err != nil {
			return 0, err.Error()
		}
		return int(d.Start().Unix()), ""
	case TimeFact:
		t, err := time.ParseInLocation("2006-01-02T15:04", text, calendar.London())
		if day, _, _ := strings.Cut(text, "T"); err != nil && len(text) == len("2026-03-02T09:00") {
			if _, err := calendar.ParseDate(day); err != nil {
				return 0, err.Error()
			}
		}
		if err != nil {
			return 0, fmt.Sprintf("%s is a date and time, such as 2026-03-02T09:00, not %s", f.name, quote(text))
		}
		return int(t.Unix()), ""
	}
	if _, err := fmt.Sscanf(text, "%d", &n); err != nil || fmt.Sprint(n) != text || n < f.min || n > f.max {
		return 0, fmt.Sprintf("%s is a whole number from %d to %d, not %s", f.name, f.min, f.max, quote(text))
	}
	return n, ""
}

func (s *scope) number(node ast.Node) numberNode {
	n, lo, hi := s.bounded(node)
	if lo < -maxValue || hi > maxValue {
		s.wrong(node, "this number can become too large to be exact")
	}
	return n
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
				s.wrong(node, "this number can become too large to be exact")
				return number(0), 0, 0
			}
		}
		if node.Operator != "*" {
			s.sameUnit(node, left, right)
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
