package rubric_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/practiceaudit/practiceaudit/rubric"
)

// Of random tiny rubrics, whose forms can all be graded one by one: what Analyse proves
// is what they show; the grades still possible of an incomplete form are those of the
// forms that it can become, and each next question narrows them as said; a route is a
// shortest one.
//
//	PRACTICEAUDIT_EFFORT=10000 go test ./rubric -run WhatIsProvedIsWhatAllFormsShow -v -timeout 60m
func TestWhatIsProvedIsWhatAllFormsShow(t *testing.T) {
	kinds := kindsFound{of: map[rubric.FindingKind]int{}}
	tinyRubrics(t, effort(200, 10_000), func(b *brute, d dice) error {
		for _, holds := range []func() error{func() error { return b.analysis(d, &kinds) }, func() error { return b.possible(d) }, func() error { return b.routes(d) }} {
			if err := holds(); err != nil {
				return err
			}
		}
		return nil
	})
	t.Logf("findings: %v", kinds.of)
	for _, k := range findings {
		if kinds.of[k.kind] == 0 {
			t.Errorf("no rubric had a finding of the kind %s", k.kind)
		}
	}
}

// kindsFound counts findings by their kind.
type kindsFound struct {
	mu sync.Mutex
	of map[rubric.FindingKind]int
}

// analysis checks what Analyse proves.
func (b *brute) analysis(d dice, kinds *kindsFound) error {
	a, err := b.r.Analyse(b.cal)
	if err != nil {
		return err
	}
	found := map[string]rubric.Finding{}
	for _, f := range a.Findings {
		found[string(f.Kind)+" "+f.At] = f
	}
	for at, want := range b.expected() {
		f, ok := found[at]
		if !ok {
			return fmt.Errorf("not found: %s", at)
		}
		delete(found, at)
		if cost, is := b.costOf(f.Form); f.Form != nil && (!is || want >= 0 && cost != want) {
			return fmt.Errorf("%s: the form costs %d, the smallest %d, and is a form: %t\n%+v", at, cost, want, is, *f.Form)
		}
	}
	for at, f := range found {
		if !strings.Contains(f.At, ":") && f.Kind != rubric.UnreadLines && f.Kind != rubric.UnreadFact && f.Kind != rubric.SameRules {
			return fmt.Errorf("found, and not so: %s: %s", at, f.Text)
		}
	}
	for _, f := range a.Findings {
		kinds.mu.Lock()
		kinds.of[f.Kind]++
		kinds.mu.Unlock()
		if f.Kind == rubric.EvidenceLowers {
			if err := b.falls(f); err != nil {
				return err
			}
		}
	}
	if d.chance(4) { // expr takes its time
		if err := b.partFindings(a); err != nil {
			return err
		}
	}
	if want := b.mostWithMissed(); a.MostWithMissed != want {
		return fmt.Errorf("with a missed bottom line %s, all forms %s", a.MostWithMissed, want)
	}
	return nil
}

// falls checks that the two forms of a finding differ in one answer, and that the grade
// is lower in the second.
func (b *brute) falls(f rubric.Finding) error {
	part := func(a *rubric.Answers) (rubric.Suggestion, rubric.Grade) {
		form, err := b.r.Form(*a, b.cal)
		if err != nil {
			panic(err)
		}
		res := form.Grade()
		if s, ok := res.Section(f.At); ok {
			most, _ := res.MostAllowed(f.At)
			return s.Suggestion, most
		}
		most, _ := res.MostAllowed("")
		return res.Overall().Suggestion, most
	}
	from, mostFrom := part(f.Form)
	to, mostTo := part(f.Then)
	lower := b.r.Rank(mostTo) < b.r.Rank(mostFrom) || from.Determined && to.Determined && b.r.Rank(to.Grade) < b.r.Rank(from.Grade)
	differ := 0
	for name := range f.Form.Facts {
		if f.Form.Facts[name] != f.Then.Facts[name] {
			differ = 1 // the facts of one group may be other answers that come out alike
		}
	}
	for s, lines := range f.Form.Lines {
		for l, a := range lines {
			if f.Then.Lines[s][l] != a {
				differ++
			}
		}
	}
	if !lower || differ != 1 || !maps.Equal(f.Form.Judgements, f.Then.Judgements) {
		return fmt.Errorf("%s does not fall: %v, at most %s, and %v, at most %s; %d answers differ\n%+v\n%+v", f.At, from, mostFrom, to, mostTo, differ, *f.Form, *f.Then)
	}
	return nil
}

// fallen are the costs of the smallest forms of which the grade of a part falls with
// more evidence.
func (b *brute) fallen() map[string]int {
	byCode := make(map[string]int, len(b.forms))
	for i, f := range b.forms {
		byCode[f.code] = i
	}
	out := map[string]int{}
	compare := func(i int, code []byte) {
		k, ok := byCode[string(code)]
		if !ok {
			return
		}
		for part := range b.forms[i].outcomes {
			x, y := b.forms[i].outcomes[part], b.forms[k].outcomes[part]
			id := "overall"
			if part < len(b.m.sections) {
				id = b.m.sections[part].id
			}
			lower := x.Applies && y.Applies && (b.most(part, y) < b.most(part, x) || !x.Freely && !y.Freely && y.Possible < x.Possible)
			if was, ok := out["evidence_lowers "+id]; lower && (!ok || b.forms[i].cost < was) {
				out["evidence_lowers "+id] = b.forms[i].cost
			}
		}
	}
	for i, f := range b.forms {
		place := 2
		for _, s := range b.m.sections {
			for _, l := range s.lines {
				place++
				if _, ok := better[f.a.Lines[s.id][l.id]]; !ok || !l.strength && !slices.ContainsFunc(l.lists, func(x *modelList) bool { return x.kind == "concern" }) {
					continue
				}
				code := []byte(f.code)
				code[place]-- // the choices stand best first
				compare(i, code)
			}
		}
		for step, is := range b.steps {
			if is && step[0] == f.facts {
				code := []byte(f.code)
				code[0], code[1] = byte(step[1]), byte(step[1]>>8)
				compare(i, code)
			}
		}
	}
	return out
}

var better = map[rubric.Answer]rubric.Answer{rubric.NotEvidenced: rubric.Partly, rubric.Partly: rubric.Evidenced, rubric.Seen: rubric.NotSeen}

func (b *brute) most(part int, p rubric.PartOutcome) int {
	limits := b.m.limits
	if part < len(b.m.sections) {
		limits = b.m.sections[part].limits
	}
	most := len(b.m.grades) - 1
	for i, l := range limits {
		if p.Limits&(1<<i) != 0 {
			most = min(most, rank(b.m, l.grade))
		}
	}
	return most
}

// expected are the findings that all forms show, each with the cost of the smallest
// form that shows it; -1 where none does or none is asked for.
func (b *brute) expected() map[string]int {
	out := b.fallen()
	ids := []string{}
	for _, s := range b.m.sections {
		ids = append(ids, s.id)
	}
	ids = append(ids, "overall")
	rules := append([]*modelSection{}, b.m.sections...)
	rules = append(rules, &modelSection{id: "overall", limits: b.m.limits, suggest: b.m.suggest})
	both := map[string][2]bool{}
	for _, f := range b.forms {
		for i, h := range f.holds {
			if h != 0 {
				c := both[b.names[i]]
				c[(h+1)/2] = true
				both[b.names[i]] = c
			}
		}
	}
	for at, c := range both {
		kind := "never_holds"
		if strings.Contains(at, ".limit.") {
			kind = "limit_never_applies"
		} else if strings.Contains(at, ".suggest.") {
			kind = "rule_never_applies"
		}
		switch {
		case !c[1]:
			out[kind+" "+at] = -1
		case !c[0]:
			out["always_holds "+at] = b.cheapest(func(f bruteForm) bool { return b.says(f, at) > 0 })
		}
	}
	for k, s := range rules {
		applies := map[int]bool{}
		suggested, left := uint16(0), uint16(0)
		for _, f := range b.forms {
			p := f.outcomes[k]
			if !p.Applies {
				continue
			}
			applies[p.Rule] = true
			if !p.Freely {
				suggested |= p.Possible
			}
			left |= 1<<(b.most(k, p)+1) - 1
		}
		for i := range s.suggest {
			at := fmt.Sprintf("%s.suggest.%d", ids[k], i+1)
			if _, said := out["rule_never_applies "+at]; applies[i] || said {
				continue
			}
			kind := "rule_never_applies "
			for j := range i {
				if s.suggest[j].when != "" && s.suggest[i].when != "" && b.same(fmt.Sprintf("%s.suggest.%d", ids[k], j+1), at) && b.appliesWith(k, j, at) {
					kind = "same_rules "
				}
			}
			out[kind+at] = b.cheapest(func(f bruteForm) bool { return f.outcomes[k].Applies && b.says(f, at) >= 0 })
		}
		for g, id := range b.m.grades {
			switch {
			case left&(1<<g) == 0:
				out["grade_out_of_reach "+ids[k]+"."+id] = -1
			case len(s.suggest) > 0 && suggested&(1<<g) == 0:
				out["grade_not_suggested "+ids[k]+"."+id] = -1
			}
		}
		if n := len(s.suggest); n > 1 && s.suggest[n-1].grade == "" && applies[n-1] {
			out["gap "+ids[k]] = b.cheapest(func(f bruteForm) bool { return f.outcomes[k].Applies && f.outcomes[k].Rule == n-1 })
		}
	}
	if b.mostWithMissed() == rubric.Grade(b.m.grades[len(b.m.grades)-1]) {
		for _, s := range b.m.sections {
			for _, l := range s.lines {
				if l.bottomLine {
					out["bottom_line_no_limit overall"] = -1
				}
			}
		}
	}
	return out
}

func rank(m *model, grade string) int {
	for i, g := range m.grades {
		if g == grade {
			return i
		}
	}
	return -1
}

// same reports whether two conditions hold of the same forms.
func (b *brute) same(x, y string) bool {
	for _, f := range b.forms {
		if b.says(f, x) != b.says(f, y) {
			return false
		}
	}
	return true
}

// appliesWith reports whether a rule applies on some form of which a condition holds.
func (b *brute) appliesWith(part, rule int, at string) bool {
	for _, f := range b.forms {
		if f.outcomes[part].Rule == rule && f.outcomes[part].Applies && b.says(f, at) > 0 {
			return true
		}
	}
	return false
}

func (b *brute) cheapest(is func(bruteForm) bool) int {
	best := -1
	for _, f := range b.forms {
		if is(f) && (best < 0 || f.cost < best) {
			best = f.cost
		}
	}
	return best
}

// costOf counts what departs from a file in which everything is as it should be, and
// whether the answers are a form.
func (b *brute) costOf(a *rubric.Answers) (int, bool) {
	if a == nil {
		return 0, false
	}
	cost := len(a.Judgements) + len(a.MissedBottomLines) + len(a.Carried)
	for _, s := range b.m.sections {
		for _, l := range s.lines {
			switch a.Lines[s.id][l.id] {
			case "", rubric.Evidenced, rubric.NotSeen:
			default:
				cost++
			}
		}
	}
	_, err := b.r.Form(*a, b.cal)
	return cost, err == nil
}

func (b *brute) mostWithMissed() rubric.Grade {
	most := 0
	for _, f := range b.forms {
		missed := len(f.a.MissedBottomLines) > 0
		if !f.outcomes[len(b.m.sections)].Applies {
			continue
		}
		form, _ := b.r.Form(f.a, b.cal)
		res := form.Grade()
		missed = missed || len(res.BottomLinesMissed()) > 0
		if g, _ := res.MostAllowed(""); missed {
			most = max(most, b.r.Rank(g))
		}
	}
	return rubric.Grade(b.m.grades[most])
}
