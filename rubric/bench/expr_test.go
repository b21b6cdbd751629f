package bench

import (
	"fmt"
	"math/bits"
	"testing"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/vm"
)

// The best form of expr that we know: a program for each rule, its words declared
// as functions over bits, with an environment that is made once.
type exprEngine struct {
	rules   []exprRules // sections, then the file
	machine vm.VM
	env     map[string]any
	now     *form
	section int
	grades  [sections]int8
}

type exprRules struct{ limits, suggest []*vm.Program }

// rulesOf are the conditions of a part, as the rubric file has them.
func rulesOf(part int) (limits, suggest []string) {
	switch part {
	case 0:
		return []string{"not all_of(good)"}, []string{"count_of(bad) >= 3", "all_of(good) and none_of(bad) and all_of(bottom)"}
	case sections:
		return []string{"bottom_line_missed()", "not every_good_line()"}, []string{`sections_at(0) >= 2`, `sections_at(0) == 0 and sections_below(2) <= 1`}
	case ruledSections:
		return nil, nil
	}
	return []string{"not all_of(good)"}, []string{"count_of(bad) >= 3", "all_of(good) and none_of(bad)"}
}

// Lists by section: good, bad (Inadequate) and bottom lines.
var lists = [ruledSections][3]uint64{
	{0xfffc00, 0x1ff000000, 0x2fb}, {0xfff, 0x3f80000, 0}, {0x3fff, 0xfff000000, 0}, {0x1fff, 0x1fc00000, 0}, {0x3f, 0x1fe000, 0},
}

func allOf(s *sectionBits, list uint64) bool {
	return (s.partly|s.no)&list == 0 && s.yes&list != 0
}

func countBad(s *sectionBits, list uint64) int { return bits.OnesCount64((s.yes | s.partly) & list) }

func everyGoodLine(f *form) bool {
	some := false
	for i := range lists {
		s, list := &f.sections[i], lists[i][0]
		if (s.partly|s.no)&list != 0 {
			return false
		}
		some = some || s.yes&list != 0
	}
	return some
}

// suggested are the grades of the rules of a part, in order; the last has no
// condition.
var suggested = [3]int8{inadequate, good, requiresImprovement}

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
	for part := range sections + 1 {
		limits, suggest := rulesOf(part)
		e.rules = append(e.rules, exprRules{compile(limits), compile(suggest)})
	}
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
		v[part] = e.part(part)
		if part < sections {
			if e.grades[part] = f.judged[part]; e.grades[part] < 0 {
				e.grades[part] = v[part].grade
			}
		}
	}
}

func (e *exprEngine) part(part int) reason {
	if part == ruledSections {
		return reason{grade: -1, rule: -1}
	}
	rules := &e.rules[part]
	r := reason{rule: int8(len(rules.suggest))}
	for i, p := range rules.suggest {
		if e.holds(p) {
			r.rule = int8(i)
			break
		}
	}
	r.grade = suggested[r.rule]
	for i, p := range rules.limits {
		if e.holds(p) {
			r.limits |= 1 << i
		}
	}
	if part == sections && r.limits&1 != 0 {
		r.grade = inadequate
	}
	return r
}
