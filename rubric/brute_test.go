package rubric_test

import (
	"fmt"
	"maps"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/rubric"
)

// tiny draws a rubric so small that all its forms can be graded one by one.
func (d dice) tiny() *model {
	m := &model{grades: []string{"inadequate", "requires_improvement", "good"}[:d.between(2, 3)]}
	if d.chance(15) {
		m.services, m.status = []string{"early_help", "care"}, []string{"in_care", "on_plan"}
	}
	for i := range d.between(0, 2) {
		f := d.fact(i)
		f.max = 7
		if f.kind != "yes_no" && f.kind != "choice" && d.chance(50) {
			f.better = pick(d, []string{"higher", "lower"})
		}
		m.facts = append(m.facts, f)
	}
	for i := range d.between(1, 2) {
		s := &modelSection{id: fmt.Sprintf("s%d", i)}
		if m.services != nil && d.chance(40) {
			s.services = m.services[:d.between(1, 2)]
		}
		if m.status != nil && d.chance(40) {
			s.status = m.status[d.IntN(2):]
		}
		for j, kind := range []string{"strength", "concern", "mixed"}[d.IntN(2):d.between(2, 3)] {
			s.lists = append(s.lists, &modelList{id: "list_" + kind, kind: kind, bottomLine: kind == "strength" && j == 0 && d.chance(60)})
		}
		for _, l := range s.lists {
			d.line(m, s, l)
		}
		if d.chance(40) {
			d.line(m, s, pick(d, s.lists))
		}
		m.sections = append(m.sections, s)
	}
	for _, s := range m.sections {
		s.limits, s.suggest = d.rules(m, s)
	}
	m.limits, m.suggest = d.rules(m, nil)
	return m
}

// values are all answers to a fact that could make a difference, and many that make
// none.
func (f modelFact) values() []string {
	var out []string
	switch f.kind {
	case "number":
		for n := range f.max + 1 {
			out = append(out, fmt.Sprint(n))
		}
	case "date":
		for d := time.Date(2026, 1, 20, 12, 0, 0, 0, time.UTC); d.Before(time.Date(2026, 4, 20, 0, 0, 0, 0, time.UTC)); d = d.AddDate(0, 0, 1) {
			out = append(out, d.Format("2006-01-02"))
		}
	case "time":
		for d := time.Date(2026, 1, 20, 0, 0, 0, 0, time.UTC); d.Before(time.Date(2026, 4, 16, 0, 0, 0, 0, time.UTC)); d = d.Add(4 * time.Hour) {
			if near := d.Month() == 3 && d.Day() < 5; near || d.Hour() == 12 {
				out = append(out, d.Format("2006-01-02T15:04"))
			}
		}
	case "duration":
		for n := range 9 {
			out = append(out, fmt.Sprintf("%d %s", n, f.unit))
		}
	case "yes_no":
		return []string{"no", "yes"}
	default:
		return f.of
	}
	return out
}

// brute is every form of a tiny rubric, graded.
type brute struct {
	m     *model
	r     *rubric.Rubric
	cal   *calendar.Calendar
	facts []map[string]string // answers that some condition on facts tells apart
	steps map[[2]int]bool     // between places in facts, by a better answer to one fact
	raw   []rawFacts
	names []string // of all conditions, by their place in holds
	code  []byte   // of the form that is being made
	forms []bruteForm
	now   int
}

type bruteForm struct {
	a        rubric.Answers
	facts    int // place in brute.facts
	cost     int
	outcomes []rubric.PartOutcome
	code     string // the answers: facts, who, each line, each judgement and what is added
	holds    []int8 // by place in brute.names: 1 yes, -1 no, 0 the section does not apply
}

// says is how a condition came out on a form: 1 yes, -1 no, 0 not at all.
func (b *brute) says(f bruteForm, at string) int8 {
	if i := slices.Index(b.names, at); i >= 0 && i < len(f.holds) {
		return f.holds[i]
	}
	return 0
}

// rawFacts are answers to all facts, and their place in brute.facts.
type rawFacts struct {
	values []string // by fact
	at     int
}

const mostForms = 3_000

// factAnswers are ways to answer all facts, one for each way in which the conditions
// on facts come out. Facts that no condition relates are told apart one by one.
func (b *brute) factAnswers() []map[string]string {
	ref := newReference(b.m, b.cal)
	var atoms []string
	for _, text := range b.m.conditions() {
		atoms = append(atoms, factAtoms(b.m, text)...)
	}
	slices.Sort(atoms)
	atoms = slices.Compact(atoms)
	seen, raw := map[string]int{}, map[string]int{}
	values := func(facts map[string]string) []string {
		var out []string
		for _, f := range b.m.facts {
			out = append(out, facts[f.name])
		}
		return out
	}
	var out []map[string]string
	var descend func(i int, facts map[string]string)
	descend = func(i int, facts map[string]string) {
		if i < len(b.m.facts) {
			for _, v := range b.m.facts[i].values() {
				facts[b.m.facts[i].name] = v
				descend(i+1, facts)
			}
			return
		}
		key, ok := ref.told(facts, atoms)
		if !ok {
			return
		}
		if _, is := seen[key]; !is {
			seen[key] = len(out)
			out = append(out, maps.Clone(facts))
		}
		b.raw = append(b.raw, rawFacts{values(facts), seen[key]})
		raw[strings.Join(values(facts), " ")] = seen[key]
	}
	descend(0, map[string]string{})
	b.betterSteps(raw)
	return out
}

// betterSteps finds every step from one answer to a better one.
func (b *brute) betterSteps(raw map[string]int) {
	b.steps = map[[2]int]bool{}
	var descend func(i int, facts map[string]string)
	descend = func(i int, facts map[string]string) {
		if i < len(b.m.facts) {
			for _, v := range b.m.facts[i].values() {
				facts[b.m.facts[i].name] = v
				descend(i+1, facts)
			}
			return
		}
		for _, f := range b.m.facts {
			was, values := facts[f.name], f.values()
			if f.better == "" || was != values[0] {
				continue
			}
			if f.better == "lower" {
				slices.Reverse(values)
			}
			var passed []int
			for _, v := range values {
				facts[f.name] = v
				var values []string
				for _, x := range b.m.facts {
					values = append(values, facts[x.name])
				}
				at, ok := raw[strings.Join(values, " ")]
				if !ok || len(passed) > 0 && passed[len(passed)-1] == at {
					continue
				}
				for _, from := range passed {
					b.steps[[2]int{from, at}] = from != at
				}
				passed = append(passed, at)
			}
			facts[f.name] = was
		}
	}
	if slices.ContainsFunc(b.m.facts, func(f modelFact) bool { return f.better != "" }) {
		descend(0, map[string]string{})
	}
}

// told says how the atoms come out; not ok where a within ends before it starts.
func (r *reference) told(facts map[string]string, atoms []string) (string, bool) {
	r.now = sheet{env: map[string]any{}}
	for _, f := range r.m.facts {
		if f.kind == "yes_no" {
			r.now.env[f.name] = facts[f.name] == "yes"
		} else {
			r.now.env[f.name] = r.fact(f.name, facts[f.name])
		}
	}
	var key strings.Builder
	for _, a := range atoms {
		if args, is := strings.CutPrefix(a, "within("); is {
			parts := strings.Split(strings.TrimSuffix(args, ")"), ", ")
			if r.now.env[parts[2]].(int) < r.now.env[parts[1]].(int) {
				return "", false
			}
		}
		fmt.Fprint(&key, r.holds(a), " ")
	}
	return key.String(), true
}

// conditions are all conditions of a model.
func (m *model) conditions() []string {
	var out []string
	rules := func(all ...[]modelRule) {
		for _, rs := range all {
			for _, r := range rs {
				out = append(out, r.when)
			}
		}
	}
	for _, s := range m.sections {
		for _, l := range s.lines {
			out = append(out, l.met, l.notNeeded)
		}
		rules(s.limits, s.suggest)
	}
	rules(m.limits, m.suggest)
	return slices.DeleteFunc(out, func(s string) bool { return s == "" })
}

// factAtoms are the parts of a condition between and, or, not and their brackets that
// read facts.
func factAtoms(m *model, text string) []string {
	for _, word := range []string{" and ", " or ", "not "} {
		text = strings.ReplaceAll(text, word, "\n")
	}
	var out []string
	for _, atom := range strings.Split(text, "\n") {
		for strings.Count(atom, "(") < strings.Count(atom, ")") {
			atom = strings.TrimSuffix(strings.TrimSpace(atom), ")")
		}
		for strings.HasPrefix(atom, "(") {
			atom = atom[1:]
		}
		for strings.Count(atom, "(") < strings.Count(atom, ")") {
			atom = strings.TrimSuffix(strings.TrimSpace(atom), ")")
		}
		atom = strings.TrimSpace(atom)
		if slices.ContainsFunc(m.facts, func(f modelFact) bool { return strings.Contains(atom, f.name) }) {
			out = append(out, atom)
		}
	}
	return out
}

// visitAll makes every form; false if there are too many.
func (b *brute) visitAll() bool {
	b.facts = b.factAnswers()
	a := rubric.Answers{Facts: map[string]string{}, Lines: map[string]map[string]rubric.Answer{}, Judgements: map[string]rubric.Grade{}}
	n := max(1, len(b.facts))
	for _, s := range b.m.sections {
		n *= 2 * (len(b.m.grades) + 1)
		for _, l := range s.lines {
			n *= len(b.choices(l))
		}
		a.Lines[s.id] = map[string]rubric.Answer{}
	}
	if n *= 2; b.m.services != nil {
		n *= 8
	}
	if n > mostForms || len(b.facts) == 0 {
		return false
	}
	for i, facts := range b.facts {
		a.Facts, b.now = facts, i
		for k, who := range b.who() {
			a.Service, a.Status = who.Service, who.Status
			b.code = append(b.code[:0], byte(i), byte(i>>8), byte(k))
			b.lines(0, 0, &a, 0)
		}
	}
	return true
}

func (b *brute) who() []rubric.Answers {
	if b.m.services == nil {
		return []rubric.Answers{{}}
	}
	var out []rubric.Answers
	for _, service := range b.m.services {
		for _, status := range [][]string{nil, {"in_care"}, {"on_plan"}, {"in_care", "on_plan"}} {
			out = append(out, rubric.Answers{Service: service, Status: status})
		}
	}
	return out
}

// carried stands for a line that an earlier audit judged.
const carried rubric.Answer = "carried"

// choices are what a line can be answered; "" where facts decide it.
func (b *brute) choices(l *modelLine) []rubric.Answer {
	var c []rubric.Answer
	switch {
	case l.met != "":
		c = []rubric.Answer{""}
	case l.strength && l.bottomLine:
		c = []rubric.Answer{rubric.Evidenced, rubric.Partly, rubric.NotEvidenced}
	case l.strength:
		c = []rubric.Answer{rubric.Evidenced, rubric.Partly, rubric.NotEvidenced, rubric.NotApplicable}
	default:
		c = []rubric.Answer{rubric.NotSeen, rubric.Seen}
	}
	if l.bottomLine && (l.fixed || l.met != "" && b.fixedFacts(l.met)) {
		c = append(c, carried)
	}
	return c
}

// fixedFacts reports whether all facts of a condition are about a fixed past: what is
// worked out from them is too.
func (b *brute) fixedFacts(condition string) bool {
	return !slices.ContainsFunc(b.m.facts, func(f modelFact) bool { return strings.Contains(condition, f.name) && !f.fixed })
}

// lines answers every line of every section, and then judges and adds.
func (b *brute) lines(i, j int, a *rubric.Answers, cost int) {
	if i == len(b.m.sections) {
		b.judge(0, a, cost)
		return
	}
	s := b.m.sections[i]
	if j == len(s.lines) {
		b.lines(i+1, 0, a, cost)
		return
	}
	l := s.lines[j]
	b.code = append(b.code, 0)
	place := len(b.code) - 1
	defer func() { b.code = b.code[:place] }()
	for k, c := range b.choices(l) {
		b.code = append(b.code[:place], byte(k))
		switch c {
		case "":
			b.lines(i, j+1, a, cost)
		case carried:
			before := len(a.Carried)
			a.Carried = append(a.Carried, rubric.LineRef{Section: s.id, Line: l.id})
			b.lines(i, j+1, a, cost+1)
			a.Carried = a.Carried[:before]
		default:
			a.Lines[s.id][l.id] = c
			b.lines(i, j+1, a, cost+min(k, 1))
			delete(a.Lines[s.id], l.id)
		}
	}
}

func (b *brute) judge(i int, a *rubric.Answers, cost int) {
	if i > len(b.m.sections) {
		b.add(a, cost)
		return
	}
	id := ""
	if i < len(b.m.sections) {
		id = b.m.sections[i].id
	}
	place := len(b.code)
	defer func() { b.code = b.code[:place] }()
	for missed := range 2 {
		b.code = append(b.code[:place], byte(missed))
		before := len(a.MissedBottomLines)
		if missed == 1 {
			a.MissedBottomLines = append(a.MissedBottomLines, rubric.MissedBottomLine{Section: id, Text: "another"})
		}
		if id != "" {
			b.code = append(b.code, 0)
		}
		b.judge(i+1, a, cost+missed)
		if id != "" {
			for k, g := range b.m.grades {
				b.code = append(b.code[:place], byte(missed), byte(k+1))
				a.Judgements[id] = rubric.Grade(g)
				b.judge(i+1, a, cost+missed+1)
				delete(a.Judgements, id)
			}
		}
		a.MissedBottomLines = a.MissedBottomLines[:before]
	}
}

func (b *brute) add(a *rubric.Answers, cost int) {
	f, err := b.r.Form(*a, b.cal)
	if err != nil {
		panic(fmt.Sprintf("%v\n%+v", err, *a))
	}
	res := f.Grade()
	form := bruteForm{a: copied(*a), facts: b.now, cost: cost, outcomes: res.Outcomes(nil), code: string(b.code)}
	if !b.judgedFreely(form) { // the same form with a judgement is visited too
		form.outcomes[len(b.m.sections)] = rubric.PartOutcome{}
	}
	res.Conditions(func(at string, holds bool) {
		if form.outcomes[len(b.m.sections)].Applies || !strings.HasPrefix(at, "overall.") {
			i := slices.Index(b.names, at)
			if i < 0 {
				i = len(b.names)
				b.names = append(b.names, at)
			}
			for len(form.holds) <= i {
				form.holds = append(form.holds, 0)
			}
			form.holds[i] = map[bool]int8{true: 1, false: -1}[holds]
		}
	})
	b.forms = append(b.forms, form)
}

// judgedFreely reports whether every section that no rule suggests a grade for is
// judged.
func (b *brute) judgedFreely(form bruteForm) bool {
	for i, s := range b.m.sections {
		if p := form.outcomes[i]; p.Applies && p.Freely && form.a.Judgements[s.id] == "" {
			return false
		}
	}
	return true
}

func copied(a rubric.Answers) rubric.Answers {
	c := a
	c.Facts, c.Judgements, c.Lines = maps.Clone(a.Facts), maps.Clone(a.Judgements), map[string]map[string]rubric.Answer{}
	for s, l := range a.Lines {
		c.Lines[s] = maps.Clone(l)
	}
	c.MissedBottomLines, c.Carried = slices.Clone(a.MissedBottomLines), slices.Clone(a.Carried)
	return c
}

// tinyRubrics calls do with random tiny rubrics and all their forms, on all cores.
func tinyRubrics(t *testing.T, rubrics int, do func(b *brute, d dice) error) {
	t.Helper()
	var next, tried, forms atomic.Int64
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for !t.Failed() && int(tried.Load()) < rubrics {
				seed := uint64(next.Add(1))
				d := newDice(seed)
				m := d.tiny()
				r, err := rubric.Parse("tiny.yaml", []byte(m.yaml()))
				if err != nil {
					t.Errorf("seed %d: %v\n%s", seed, err, m.yaml())
					return
				}
				b := &brute{m: m, r: r, cal: calendar.EnglandAndWales()}
				if !b.visitAll() {
					continue
				}
				if err := do(b, d); err != nil {
					t.Errorf("seed %d: %v\n%s", seed, err, m.yaml())
				}
				tried.Add(1)
				forms.Add(int64(len(b.forms)))
			}
		}()
	}
	wg.Wait()
	t.Logf("%d rubrics, %d forms", tried.Load(), forms.Load())
}
