package frameworks_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"testing"

	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/examples/frameworks"
	"github.com/practiceaudit/practiceaudit/rubric"
	"github.com/practiceaudit/practiceaudit/rubric/rubrictest"
)

// files are the frameworks.
var files = map[string]func() []byte{
	frameworks.NumericScaleFile:   frameworks.NumericScale,
	frameworks.QualityRatingsFile: frameworks.QualityRatings,
}

func TestTheFilesOwnExamples(t *testing.T) {
	for file, read := range files {
		t.Run(file, func(t *testing.T) {
			rubrictest.Run(t, parse(t, file, read()), calendar.EnglandAndWales())
		})
	}
}

// What the examples show is worked out from their own answers: of each rule, a form
// on which it suggests and one on which a later rule does; of each limit, a form on
// which it applies and one on which it does not.
func TestTheExamplesShowEachRuleAndLimitBothWays(t *testing.T) {
	for file, read := range files {
		t.Run(file, func(t *testing.T) {
			r := parse(t, file, read())
			w := readBack(t, r)
			shown := map[string]bool{}
			for _, x := range w.Examples {
				note(shown, grade(t, r, x.answers()))
			}
			for part, rules := range w.parts() {
				for i := range rules.Suggest {
					name := fmt.Sprintf("%s, rule %d", part, i+1)
					if last := i == len(rules.Suggest)-1; !shown[name+" applies"] || !last && !shown[name+" does not"] {
						t.Errorf("%s: the examples do not show it both ways", name)
					}
				}
				for _, l := range rules.Limit {
					name := part + ", limit " + l.Name
					if !shown[name+" applies"] || !shown[name+" does not"] {
						t.Errorf("%s: the examples do not show it both ways", name)
					}
				}
			}
		})
	}
}

// note remembers what a result shows of each rule and limit.
func note(shown map[string]bool, res *rubric.Result) {
	part := func(name string, s rubric.Suggestion, limits []rubric.Limit) {
		for i := 1; i < s.Rule; i++ {
			shown[fmt.Sprintf("%s, rule %d does not", name, i)] = true
		}
		shown[fmt.Sprintf("%s, rule %d applies", name, s.Rule)] = true
		for _, l := range limits {
			if l.Determined {
				shown[name+", limit "+l.Name+map[bool]string{true: " applies", false: " does not"}[l.Applies]] = true
			}
		}
	}
	for _, s := range res.Sections() {
		part(s.Section, s.Suggestion, s.Limits)
	}
	part("overall", res.Overall().Suggestion, res.Overall().Limits)
}

// Each rule and limit names a source, or says in so many words that it is our
// reading; each limit has a name.
func TestEachRuleSaysWhereItComesFrom(t *testing.T) {
	for file, read := range files {
		rules := 0
		for part, p := range readBack(t, parse(t, file, read())).parts() {
			for _, rule := range append(p.Suggest, p.Limit...) {
				rules++
				if rule.Source == "" || rule.Because == "" || rule.Grade == "" && rule.Name == "" {
					t.Errorf("%s, %s: source, because or name is missing: %+v", file, part, rule)
				}
			}
		}
		if rules < 25 {
			t.Errorf("%s: only %d rules and limits were read", file, rules)
		}
	}
}

// What a caller does to a copy changes nothing.
// Every form of both frameworks is visited: nothing is found that the files do not
// explain, and the scale suggests no lower grade for a better score.
func TestEveryFormIsProved(t *testing.T) {
	sequential(t)
	for name, read := range files {
		a, err := parse(t, name, read()).Analyse(calendar.EnglandAndWales())
		if err != nil {
			t.Fatal(err)
		}
		if err := a.Err(); err != nil {
			t.Error(err)
		}
		if name == frameworks.NumericScaleFile && len(a.Findings) > 0 {
			t.Errorf("%s: %d findings", name, len(a.Findings))
		}
		t.Logf("%s: %v forms, %d findings, all explained", name, a.Forms, len(a.Findings))
	}
}

func TestFreshCopies(t *testing.T) {
	for file, read := range files {
		onDisk, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		clear(read())
		if !bytes.Equal(read(), onDisk) {
			t.Errorf("%s: the second copy is not the file as it stands", file)
		}
	}
}

// written is what these tests read of a rubric's canonical form.
type written struct {
	Sections map[string]rulesWritten
	Overall  rulesWritten
	Examples []exampleWritten
}

type rulesWritten struct {
	Limit, Suggest []struct{ Name, Grade, Because, Source string }
}

type exampleWritten struct {
	Given struct {
		Facts      map[string]any
		Judgements map[string]rubric.Grade
	}
}

func readBack(t *testing.T, r *rubric.Rubric) written {
	t.Helper()
	var w written
	if err := json.Unmarshal(r.Canonical(), &w); err != nil {
		t.Fatal(err)
	}
	if len(w.Sections) == 0 || len(w.Examples) == 0 {
		t.Fatal("no sections or no examples were read")
	}
	return w
}

// parts are the rules of the sections and, as overall, those of the whole.
func (w written) parts() map[string]rulesWritten {
	parts := map[string]rulesWritten{"overall": w.Overall}
	for name, rules := range w.Sections {
		parts[name] = rules
	}
	return parts
}

func (x exampleWritten) answers() rubric.Answers {
	a := rubric.Answers{Facts: map[string]string{}, Judgements: x.Given.Judgements}
	for name, v := range x.Given.Facts {
		a.Facts[name] = fmt.Sprint(v)
	}
	return a
}

func parse(t testing.TB, file string, src []byte) *rubric.Rubric {
	t.Helper()
	r, err := rubric.Parse(file, src)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func grade(t testing.TB, r *rubric.Rubric, a rubric.Answers) *rubric.Result {
	t.Helper()
	form, err := r.Form(a, nil)
	if err != nil {
		t.Fatal(err)
	}
	return form.Grade()
}

// expect checks what is suggested for a section, or with section "" for the whole.
func expect(t testing.TB, res *rubric.Result, section string, want rubric.Grade, given any) {
	t.Helper()
	if got, ok := res.Suggested(section); !ok || got != want {
		t.Errorf("%q: suggested %q (%t), want %q, of %v", section, got, ok, want, given)
	}
}

// The way to every grade of every section is found, and leads there: sums of many facts
// have one too.
func TestEveryGradeHasAWayOrIsOutOfReach(t *testing.T) {
	for file, read := range files {
		r := parse(t, file, read())
		a := rubric.Answers{Facts: map[string]string{}}
		for _, f := range r.Facts() {
			a.Facts[f.Name] = map[rubric.FactType]string{rubric.NumberFact: "1", rubric.YesNoFact: "no"}[f.Type]
		}
		form, err := r.Form(a, calendar.EnglandAndWales())
		if err != nil {
			t.Fatal(err)
		}
		parts := []string{""}
		for _, s := range r.Sections() {
			parts = append(parts, s.ID)
		}
		for _, part := range parts {
			for _, g := range r.Grades() {
				route, err := form.RouteTo(part, g)
				if err != nil || !route.Reached {
					t.Errorf("%s: to %s of %q: reached %t, %v", file, g, part, route.Reached, err)
					continue
				}
				changed := rubric.Answers{Facts: maps.Clone(a.Facts)}
				for _, c := range route.Changes {
					changed.Facts[c.Fact] = c.To
				}
				if got, ok := grade(t, r, changed).Suggested(part); !ok || got != g {
					t.Errorf("%s: the way to %s of %q leads to %s", file, g, part, got)
				}
			}
		}
	}
}
