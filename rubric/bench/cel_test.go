package bench

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"
)

// celEngine grades with a cel-go program for each rule. It comes in two forms: as
// CEL is written, with lists of answers and its own macros over them; and with
// functions of ours over bits, in which CEL only joins the conditions.
type celEngine struct {
	rules   []rules[cel.Program]
	overBit bool
	now     *form
	section int
	grades  [sections]int64
	vars    map[string]any // of the form as CEL has it
}

// Answers as CEL has them.
const (
	notApplicable = iota
	evidenced     // or seen
	partly
	notEvidenced // or not seen
)

// celForm is a form as lists of answers: those of each part, under the names of
// its lists.
type celForm [sections + 1]map[string]any

// newCELForm spreads a form's bits into lists.
func newCELForm(f *form) celForm {
	var out celForm
	var every []int64
	for i := range out {
		out[i] = map[string]any{}
		if i >= ruledSections {
			continue
		}
		s := &f.sections[i]
		for j, name := range []string{"good", "bad", "bottom"} {
			var answers []int64
			for bit := range 64 {
				m := uint64(1) << bit
				switch {
				case lists[i][j]&m == 0:
					continue
				case s.yes&m != 0:
					answers = append(answers, evidenced)
				case s.partly&m != 0:
					answers = append(answers, partly)
				case s.no&m != 0:
					answers = append(answers, notEvidenced)
				default:
					answers = append(answers, notApplicable)
				}
			}
			out[i][name] = answers
			if name == "good" {
				every = append(every, answers...)
			}
		}
	}
	out[sections]["good"], out[sections]["missed"], out[sections]["bad"], out[sections]["bottom"] = every, f.missed, []int64{}, []int64{}
	return out
}

// inLists are the rubric's conditions as CEL is written.
var inLists = map[string]string{
	"all_of(good)":         "(good.all(x, x == 0 || x == 1) && good.exists(x, x == 1))",
	"all_of(bottom)":       "(bottom.all(x, x == 0 || x == 1) && bottom.exists(x, x == 1))",
	"every_good_line()":    "(good.all(x, x == 0 || x == 1) && good.exists(x, x == 1))",
	"none_of(bad)":         "!bad.exists(x, x == 1 || x == 2)",
	"count_of(bad)":        "size(bad.filter(x, x == 1 || x == 2))",
	"bottom_line_missed()": "missed",
	"sections_at(0)":       "size(grades.filter(x, x == 0))",
	"sections_below(2)":    "size(grades.filter(x, x < 2))",
}

func newCELEngine(t testing.TB, overBits bool) *celEngine {
	t.Helper()
	e := &celEngine{overBit: overBits}
	env, err := e.environment()
	if err != nil {
		t.Fatal(err)
	}
	compile := func(conditions []string) (programs []cel.Program) {
		for _, c := range conditions {
			c = inCEL(c)
			if !overBits {
				for ours, theirs := range inLists {
					c = strings.ReplaceAll(c, ours, theirs)
				}
			}
			ast, issues := env.Compile(c)
			if issues.Err() != nil {
				t.Fatal(fmt.Errorf("%s: %w", c, issues.Err()))
			}
			p, err := env.Program(ast, cel.EvalOptions(cel.OptOptimize))
			if err != nil {
				t.Fatal(err)
			}
			programs = append(programs, p)
		}
		return programs
	}
	e.rules = rulesBy(compile)
	return e
}

func (e *celEngine) environment() (*cel.Env, error) {
	if !e.overBit {
		ints := cel.ListType(cel.IntType)
		return cel.NewEnv(cel.Variable("good", ints), cel.Variable("bad", ints), cel.Variable("bottom", ints), cel.Variable("grades", ints), cel.Variable("missed", cel.BoolType))
	}
	list := func(arg ref.Val) (*sectionBits, uint64) {
		return &e.now.sections[e.section], lists[e.section][arg.(types.Int)]
	}
	unary := func(name string, out *cel.Type, f func(arg ref.Val) ref.Val) cel.EnvOption {
		return cel.Function(name, cel.Overload(name+"_int", []*cel.Type{cel.IntType}, out, cel.UnaryBinding(f)))
	}
	none := func(name string, f func() ref.Val) cel.EnvOption {
		return cel.Function(name, cel.Overload(name+"_", []*cel.Type{}, cel.BoolType, cel.FunctionBinding(func(...ref.Val) ref.Val { return f() })))
	}
	count := func(in func(g int64, arg ref.Val) bool) func(ref.Val) ref.Val {
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
	return cel.NewEnv(
		cel.Constant("good", cel.IntType, types.Int(0)), cel.Constant("bad", cel.IntType, types.Int(1)), cel.Constant("bottom", cel.IntType, types.Int(2)),
		unary("all_of", cel.BoolType, func(arg ref.Val) ref.Val { s, l := list(arg); return types.Bool(allOf(s, l)) }),
		unary("none_of", cel.BoolType, func(arg ref.Val) ref.Val { s, l := list(arg); return types.Bool(countBad(s, l) == 0) }),
		unary("count_of", cel.IntType, func(arg ref.Val) ref.Val { s, l := list(arg); return types.Int(countBad(s, l)) }),
		none("bottom_line_missed", func() ref.Val { return types.Bool(e.now.missed) }),
		none("every_good_line", func() ref.Val { return types.Bool(everyGoodLine(e.now)) }),
		unary("sections_at", cel.IntType, count(func(g int64, arg ref.Val) bool { return types.Int(g) == arg.(types.Int) })),
		unary("sections_below", cel.IntType, count(func(g int64, arg ref.Val) bool { return types.Int(g) < arg.(types.Int) })),
	)
}

func (e *celEngine) holds(p cel.Program) bool {
	var out ref.Val
	var err error
	if e.overBit {
		out, _, err = p.Eval(cel.NoVars())
	} else {
		out, _, err = p.Eval(e.vars)
	}
	return err == nil && out == types.True
}

// grade grades a form; c is the same as CEL has it, for the engine that wants it.
func (e *celEngine) grade(f *form, c *celForm, v *verdict) {
	e.now = f
	for part := range e.rules {
		e.section = part
		if c != nil {
			e.vars = c[part]
		}
		if part == sections && c != nil {
			e.vars["grades"] = e.grades[:]
		}
		v[part] = e.rules[part].reason(part, e.holds)
		if part < sections {
			if e.grades[part] = int64(f.judged[part]); e.grades[part] < 0 {
				e.grades[part] = int64(v[part].grade)
			}
		}
	}
}
