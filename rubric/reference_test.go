package rubric_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/vm"

	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/rubric"
)

// reference reads a model's conditions a third time: by expr's own parser and
// virtual machine, over plain answers, with the words of the language as
// functions that count in loops. It shares no code with the library but the
// calendar.
type reference struct {
	m        *model
	cal      *calendar.Calendar
	programs map[string]*vm.Program // by scope and condition
	machine  vm.VM
	decided  map[string][2]int // how often each word came out no and yes
	now      sheet
}

// sheet is the form that the functions look at.
type sheet struct {
	section *modelSection // nil for the whole file
	applies map[string]bool
	states  map[*modelLine]string // "", "yes", "partly", "no"; "" does not apply
	missed  map[string]bool       // by section; "" for the whole file
	grades  map[string]int        // rank by section that applies
	env     map[string]any
}

func newReference(m *model, cal *calendar.Calendar) *reference {
	return &reference{m: m, cal: cal, programs: map[string]*vm.Program{}, decided: map[string][2]int{}}
}

// counted notes how a word came out.
func (r *reference) counted(word string, holds bool) bool {
	c := r.decided[word]
	if holds {
		c[1]++
	} else {
		c[0]++
	}
	r.decided[word] = c
	return holds
}

// lines are those of a list that apply, and how many count.
func (r *reference) lines(args []any) (of, counted int) {
	name, state := args[0].(string), ""
	if len(args) > 1 {
		state = args[1].(string)
	}
	for _, s := range r.m.sections {
		if r.now.section != nil && r.now.section != s {
			continue
		}
		for _, l := range s.lists {
			if l.id != name {
				continue
			}
			for _, line := range l.lines {
				is := r.now.states[line]
				if is == "" {
					continue
				}
				of++
				if counts(state, l.kind, is) {
					counted++
				}
			}
		}
	}
	return of, counted
}

func counts(state, kind, is string) bool {
	switch state {
	case "evidenced":
		return is == "yes"
	case "partly":
		return is == "partly"
	case "not_evidenced", "not_seen":
		return is == "no"
	case "seen":
		return is != "no"
	case "applicable":
		return true
	}
	return is == "yes" || is == "partly" && kind != "strength"
}

func (r *reference) line(id string) string {
	for _, s := range r.m.sections {
		for _, l := range s.lines {
			if l.id == id {
				return r.now.states[l]
			}
		}
	}
	return ""
}

func (r *reference) rank(grade string) int { return slices.Index(r.m.grades, grade) }

func (r *reference) sections(in func(rank int) bool) int {
	n := 0
	for _, rank := range r.now.grades {
		if in(rank) {
			n++
		}
	}
	return n
}

// functions are the words of the language.
func (r *reference) functions() []expr.Option {
	yesNo := func(name string, f func(args []any) bool) expr.Option {
		return expr.Function(name, func(args ...any) (any, error) { return r.counted(name, f(args)), nil })
	}
	number := func(name string, f func(args []any) int) expr.Option {
		return expr.Function(name, func(args ...any) (any, error) { return f(args), nil })
	}
	line := func(name string, in ...string) expr.Option {
		return yesNo(name, func(args []any) bool { return slices.Contains(in, r.line(args[0].(string))) })
	}
	return []expr.Option{
		yesNo("and_", func(args []any) bool { return args[0].(bool) && args[1].(bool) }),
		yesNo("or_", func(args []any) bool { return args[0].(bool) || args[1].(bool) }),
		yesNo("not_", func(args []any) bool { return !args[0].(bool) }),
		expr.Function("compare", func(args ...any) (any, error) {
			op := args[0].(string)
			return r.counted(op, compareInts(op, args[1].(int), args[2].(int))), nil
		}),
		yesNo("all", func(args []any) bool { of, n := r.lines(args); return of > 0 && n == of }),
		yesNo("any", func(args []any) bool { _, n := r.lines(args); return n > 0 }),
		yesNo("none", func(args []any) bool { _, n := r.lines(args); return n == 0 }),
		number("count", func(args []any) int { _, n := r.lines(args); return n }),
		yesNo("percent_is", func(args []any) bool {
			of, n := r.lines(args[2:])
			return of > 0 && compareInts(args[0].(string), 100*n, args[1].(int)*of)
		}),
		line("evidenced", "yes"), line("partly", "partly"), line("not_evidenced", "no"),
		line("seen", "yes", "partly"), line("applicable", "yes", "partly", "no"),
		yesNo("within", func(args []any) bool {
			period, err := calendar.ParsePeriod(args[0].(string))
			if err != nil {
				panic(err)
			}
			in, err := r.cal.Within(period, time.Unix(int64(args[1].(int)), 0), time.Unix(int64(args[2].(int)), 0))
			if err != nil {
				panic(err)
			}
			return in
		}),
		yesNo("grade_is", func(args []any) bool {
			mine, ok := r.now.grades[args[1].(string)]
			theirs, other := args[2].(int), true
			if id, isSection := args[3].(string); isSection {
				theirs, other = r.now.grades[id]
			}
			return ok && other && compareInts(args[0].(string), mine, theirs)
		}),
		number("sections_at", func(args []any) int {
			return r.sections(func(rank int) bool { return rank == r.rank(args[0].(string)) })
		}),
		number("sections_below", func(args []any) int {
			return r.sections(func(rank int) bool { return rank < r.rank(args[0].(string)) })
		}),
		number("sections_at_least", func(args []any) int {
			return r.sections(func(rank int) bool { return rank >= r.rank(args[0].(string)) })
		}),
		number("sections_judged", func([]any) int { return len(r.now.grades) }),
	}
}

func compareInts(op string, a, b int) bool {
	switch op {
	case "<":
		return a < b
	case "<=":
		return a <= b
	case ">":
		return a > b
	case ">=":
		return a >= b
	case "==":
		return a == b
	}
	return a != b
}

// translator writes a condition's names and dates as the virtual machine can
// take them.
type translator struct{ r *reference }

func (t translator) Visit(node *ast.Node) {
	switch n := (*node).(type) {
	case *ast.CallNode:
		callee, _ := n.Callee.(*ast.IdentifierNode)
		if callee == nil || slices.Contains([]string{"within", "compare", "and_", "or_", "not_"}, callee.Value) {
			return
		}
		for i, arg := range n.Arguments {
			if id, ok := arg.(*ast.IdentifierNode); ok {
				n.Arguments[i] = &ast.StringNode{Value: id.Value}
			}
		}
	case *ast.BinaryNode:
		left, _ := n.Left.(*ast.CallNode)
		if left != nil {
			switch left.Callee.(*ast.IdentifierNode).Value {
			case "percent":
				ast.Patch(node, call("percent_is", append([]ast.Node{&ast.StringNode{Value: n.Operator}, n.Right}, left.Arguments...)...))
				return
			case "grade":
				rank, other := ast.Node(&ast.IntegerNode{}), ast.Node(&ast.IntegerNode{})
				switch right := n.Right.(type) {
				case *ast.StringNode:
					rank = &ast.IntegerNode{Value: t.r.rank(right.Value)}
				case *ast.CallNode:
					other = right.Arguments[0]
				}
				ast.Patch(node, call("grade_is", &ast.StringNode{Value: n.Operator}, left.Arguments[0], rank, other))
				return
			}
		}
		fact, isFact := n.Left.(*ast.IdentifierNode)
		if value, isText := n.Right.(*ast.StringNode); isFact && isText {
			n.Right = &ast.IntegerNode{Value: t.r.fact(fact.Value, value.Value)}
		}
		switch n.Operator { // as calls, so that they are counted
		case "and", "or":
			ast.Patch(node, call(n.Operator+"_", n.Left, n.Right))
		case "<", "<=", ">", ">=", "==", "!=":
			ast.Patch(node, call("compare", &ast.StringNode{Value: n.Operator}, n.Left, n.Right))
		}
	case *ast.UnaryNode:
		if n.Operator == "not" {
			ast.Patch(node, call("not_", n.Node))
		}
	}
}

func call(name string, args ...ast.Node) ast.Node {
	return &ast.CallNode{Callee: &ast.IdentifierNode{Value: name}, Arguments: args}
}

// fact is the number that stands for a fact's answer.
func (r *reference) fact(name, text string) int {
	f := r.m.facts[slices.IndexFunc(r.m.facts, func(f modelFact) bool { return f.name == name })]
	switch f.kind {
	case "date", "time":
		layout := "2006-01-02T15:04"
		t, err := time.ParseInLocation(layout[:len(text)], text, calendar.London())
		if err != nil {
			panic(err)
		}
		return int(t.Unix())
	case "choice":
		return slices.Index(f.of, text)
	}
	n, err := strconv.Atoi(strings.Fields(text)[0])
	if err != nil {
		panic(err)
	}
	return n
}

// holds runs a condition on the sheet.
func (r *reference) holds(condition string) bool {
	if condition == "" {
		return true
	}
	program := r.programs[condition]
	if program == nil {
		options := append(r.functions(), expr.DisableAllBuiltins(), expr.Patch(translator{r}), expr.AllowUndefinedVariables(), expr.Optimize(false))
		var err error
		if program, err = expr.Compile(condition, options...); err != nil {
			panic(fmt.Sprintf("%s: %v", condition, err))
		}
		r.programs[condition] = program
	}
	out, err := r.machine.Run(program, r.now.env)
	if err != nil {
		panic(fmt.Sprintf("%s: %v", condition, err))
	}
	return out.(bool)
}

// grade works out a whole form, complete but for judgements.
func (r *reference) grade(a rubric.Answers) []rubric.PartOutcome {
	r.now = sheet{applies: map[string]bool{}, states: map[*modelLine]string{}, missed: map[string]bool{}, grades: map[string]int{}, env: map[string]any{}}
	for _, f := range r.m.facts {
		if f.kind == "yes_no" {
			r.now.env[f.name] = a.Facts[f.name] == "yes"
		} else {
			r.now.env[f.name] = r.fact(f.name, a.Facts[f.name])
		}
	}
	for _, s := range r.m.sections {
		r.now.applies[s.id] = applies(s, a)
		for _, l := range s.lines {
			state := r.state(s, l, a)
			r.now.states[l] = state
			if l.bottomLine && (state == "partly" || state == "no") {
				r.now.missed[s.id] = true
			}
		}
	}
	for _, x := range a.MissedBottomLines {
		r.now.missed[x.Section] = true
	}
	var parts []rubric.PartOutcome
	for _, s := range r.m.sections {
		if !r.now.applies[s.id] {
			parts = append(parts, rubric.PartOutcome{Rule: -1})
			continue
		}
		r.now.section = s
		r.now.env["bottom_line_missed"] = r.now.missed[s.id]
		parts = append(parts, r.part(s.limits, s.suggest))
	}
	for i, s := range r.m.sections {
		if !r.now.applies[s.id] {
			continue
		}
		if g, ok := a.Judgements[s.id]; ok {
			r.now.grades[s.id] = r.rank(string(g))
			for k, l := range s.limits { // no judgement counts for more than the section's limits leave
				if parts[i].Limits&(1<<k) != 0 {
					r.now.grades[s.id] = min(r.now.grades[s.id], r.rank(l.grade))
				}
			}
		} else {
			for rank := range r.m.grades {
				if parts[i].Possible == 1<<rank {
					r.now.grades[s.id] = rank
				}
			}
			if _, ok := r.now.grades[s.id]; !ok {
				return parts // a section judged freely and not judged yet: the file stays open
			}
		}
	}
	r.now.section = nil
	r.now.env["bottom_line_missed"] = len(r.now.missed) > 0
	return append(parts, r.part(r.m.limits, r.m.suggest))
}

func applies(s *modelSection, a rubric.Answers) bool {
	if s.services != nil && !slices.Contains(s.services, a.Service) {
		return false
	}
	if s.status == nil {
		return true
	}
	for _, status := range a.Status {
		if slices.Contains(s.status, status) {
			return true
		}
	}
	return false
}

func (r *reference) state(s *modelSection, l *modelLine, a rubric.Answers) string {
	carried := slices.ContainsFunc(a.Carried, func(ref rubric.LineRef) bool { return ref.Section == s.id && ref.Line == l.id })
	if !r.now.applies[s.id] || carried || l.notNeeded != "" && r.counted("not needed when", r.holds(l.notNeeded)) {
		return ""
	}
	if l.met != "" {
		if r.counted("met when", r.holds(l.met)) {
			return "yes"
		}
		return "no"
	}
	return map[rubric.Answer]string{
		rubric.Evidenced: "yes", rubric.Seen: "yes", rubric.Partly: "partly", rubric.NotEvidenced: "no", rubric.NotSeen: "no", rubric.NotApplicable: "",
	}[a.Lines[s.id][l.id]]
}

func (r *reference) part(limits, suggest []modelRule) rubric.PartOutcome {
	p := rubric.PartOutcome{Applies: true, Rule: -1, Freely: true}
	most := len(r.m.grades) - 1
	for i, rule := range suggest {
		if !r.counted("rule", r.holds(rule.when)) {
			continue
		}
		p.Rule, p.Freely = i, rule.grade == ""
		break
	}
	for i, l := range limits {
		if r.counted("limit", r.holds(l.when)) {
			p.Limits |= 1 << i
			most = min(most, r.rank(l.grade))
		}
	}
	for rank := range r.m.grades {
		if p.Freely && rank <= most || !p.Freely && rank == min(most, r.rank(suggest[p.Rule].grade)) {
			p.Possible |= 1 << rank
		}
	}
	return p
}
