package bench

import (
	"fmt"
	"testing"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/vm"
)

// The best form of expr that we know: a program for each rule, its words declared
// as functions over bits, with an environment that is made once.
type exprEngine struct {
	rules   []rules[*vm.Program] // sections, then the file
	machine vm.VM
	env     map[string]any
	now     *form
	section int
	grades  [sections]int8
}

func newExprEngine(t testing.TB) *exprEngine {
	t.Helper()
	e := &exprEngine{env: map[string]any{"good": 0, "bad": 1, "bottom": 2}}
	list := func(args []any) (*sectionBits, uint64) {
		return &e.now.sections[e.section], lists[e.section][args[0].(int)]
	}
	options := []expr.Option{
		expr.Env(e.env), expr.AsBool(),
		expr.Function("all_of", func(args ...any) (any, error) { s, l := list(args); return allOf(s, l), nil }, new(func(int) bool)),
		expr.Function("none_of", func(args ...any) (any, error) { s, l := list(args); return countBad(s, l) == 0, nil }, new(func(int) bool)),
		expr.Function("count_of", func(args ...any) (any, error) { s, l := list(args); return countBad(s, l), nil }, new(func(int) int)),
		expr.Function("bottom_line_missed", func(...any) (any, error) { return e.now.missed, nil }, new(func() bool)),
		expr.Function("every_good_line", func(...any) (any, error) { return everyGoodLine(e.now), nil }, new(func() bool)),
		expr.Function("sections_at", func(args ...any) (any, error) {
			n := 0
			for _, g := range e.grades {
				if int(g) == args[0].(int) {
					n++
				}
			}
			return n, nil
		}, new(func(int) int)),
		expr.Function("sections_below", func(args ...any) (any, error) {
			n := 0
			for _, g := range e.grades {
				if int(g) < args[0].(int) {
					n++
				}
			}
			return n, nil
		}, new(func(int) int)),
	}
	compile := func(conditions []string) (programs []*vm.Program) {
		for _, c := range conditions {
			p, err := expr.Compile(c, options...)
			if err != nil {
				t.Fatal(fmt.Errorf("%s: %w", c, err))
			}
			programs = append(programs, p)
		}
		return programs
	}
	e.rules = rulesBy(compile)
	return e
}

func (e *exprEngine) holds(p *vm.Program) bool {
	out, err := e.machine.Run(p, e.env)
	return err == nil && out.(bool)
}

func (e *exprEngine) grade(f *form, v *verdict) {
	e.now = f
	for part := range e.rules {
		e.section = part
		v[part] = e.rules[part].reason(part, e.holds)
		if part < sections {
			if e.grades[part] = f.judged[part]; e.grades[part] < 0 {
				e.grades[part] = v[part].grade
			}
		}
	}
}
