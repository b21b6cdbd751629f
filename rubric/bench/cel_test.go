package bench

import (
	"fmt"
	"testing"

	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"
)

// The best form of cel-go that we know: a program for each rule, its words bound
// as functions over bits.
type celEngine struct {
	rules   []celRules
	vars    map[string]any
	now     *form
	section int
	grades  [sections]int8
}

type celRules struct{ limits, suggest []cel.Program }

func newCELEngine(t testing.TB) *celEngine {
	t.Helper()
	e := &celEngine{vars: map[string]any{}}
	list := func(arg ref.Val) (*sectionBits, uint64) {
		return &e.now.sections[e.section], lists[e.section][arg.(types.Int)]
	}
	unary := func(name string, out *cel.Type, f func(arg ref.Val) ref.Val) cel.EnvOption {
		return cel.Function(name, cel.Overload(name+"_int", []*cel.Type{cel.IntType}, out, cel.UnaryBinding(f)))
	}
	none := func(name string, f func() ref.Val) cel.EnvOption {
		return cel.Function(name, cel.Overload(name+"_", []*cel.Type{}, cel.BoolType, cel.FunctionBinding(func(...ref.Val) ref.Val { return f() })))
	}
	count := func(in func(g int8, arg ref.Val) bool) func(ref.Val) ref.Val {
		return func(arg ref.Val) ref.Val {
			n := types.Int(0)
			for _, g := range e.grades {
				if in(g, arg) {
					n++
				}
			}
			return n
		}
	}
	env, err := cel.NewEnv(
		cel.Constant("good", cel.IntType, types.Int(0)), cel.Constant("bad", cel.IntType, types.Int(1)), cel.Constant("bottom", cel.IntType, types.Int(2)),
		unary("all_of", cel.BoolType, func(arg ref.Val) ref.Val { s, l := list(arg); return types.Bool(allOf(s, l)) }),
		unary("none_of", cel.BoolType, func(arg ref.Val) ref.Val { s, l := list(arg); return types.Bool(countBad(s, l) == 0) }),
		unary("count_of", cel.IntType, func(arg ref.Val) ref.Val { s, l := list(arg); return types.Int(countBad(s, l)) }),
		none("bottom_line_missed", func() ref.Val { return types.Bool(e.now.missed) }),
		none("every_good_line", func() ref.Val { return types.Bool(everyGoodLine(e.now)) }),
		unary("sections_at", cel.IntType, count(func(g int8, arg ref.Val) bool { return types.Int(g) == arg.(types.Int) })),
		unary("sections_below", cel.IntType, count(func(g int8, arg ref.Val) bool { return types.Int(g) < arg.(types.Int) })),
	)
	if err != nil {
		t.Fatal(err)
	}
	compile := func(conditions []string) (programs []cel.Program) {
		for _, c := range conditions {
			p, err := compileCEL(env, c)
			if err != nil {
				t.Fatal(fmt.Errorf("%s: %w", c, err))
			}
			programs = append(programs, p)
		}
		return programs
	}
	for part := range sections + 1 {
		limits, suggest := rulesOf(part)
		e.rules = append(e.rules, celRules{compile(limits), compile(suggest)})
	}
	return e
}

// compileCEL compiles a condition of expr's, whose words CEL spells otherwise.
func compileCEL(env *cel.Env, condition string) (cel.Program, error) {
	ast, issues := env.Compile(inCEL(condition))
	if issues.Err() != nil {
		return nil, issues.Err()
	}
	return env.Program(ast, cel.EvalOptions(cel.OptOptimize))
}

func (e *celEngine) holds(p cel.Program) bool {
	out, _, err := p.Eval(cel.NoVars())
	return err == nil && out == types.True
}

func (e *celEngine) grade(f *form, v *verdict) {
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

func (e *celEngine) part(part int) reason {
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
