package rubric_test

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/practiceaudit/practiceaudit/rubric"
)

// routes checks that a route is a smallest set of changes among all forms, the first in
// the rubric's order of those, and that its changes made lead to the grade.
func (b *brute) routes(d dice) error {
	for range 4 {
		from := pick(d, b.forms)
		f, err := b.r.Form(from.a, b.cal)
		if err != nil {
			return err
		}
		for part := range from.outcomes {
			id := ""
			if part < len(b.m.sections) {
				id = b.m.sections[part].id
			}
			g := pick(d, b.m.grades)
			route, err := f.RouteTo(id, rubric.Grade(g))
			if !from.outcomes[part].Applies {
				if err == nil {
					return fmt.Errorf("%s: a route of what does not apply, or is still to be judged", id)
				}
				continue
			}
			if err != nil {
				return err
			}
			if err := b.shortest(from, part, g, route); err != nil {
				return fmt.Errorf("to %s of %q: %w\n%+v\n%+v", g, id, err, route, from.a)
			}
		}
	}
	return nil
}

// difference is what a route from one form to another has to change.
type difference struct {
	places  []string // lines and facts, in the rubric's order
	blocked int      // of them, and of judgements and what an auditor added, those that no route changes
}

// less is the order in which routes are looked for.
func (b *brute) less(x, y difference) bool {
	return cmp.Or(x.blocked-y.blocked, len(x.places)-len(y.places), b.order(x.places, y.places)) < 0
}

// factsTo is the least difference between the facts of a form and answers that come out
// as those of another.
func (b *brute) factsTo(from, to bruteForm) difference {
	best, found := difference{}, false
	for _, raw := range b.raw {
		if raw.at != to.facts {
			continue
		}
		var d difference
		for i, f := range b.m.facts {
			if from.a.Facts[f.name] != raw.values[i] {
				d.places = append(d.places, f.name)
				d.blocked += bit(f.fixed)
			}
		}
		if !found || b.less(d, best) {
			best, found = d, true
		}
	}
	return best
}

// differs says what changes between two forms; not ok where the second is none that
// anything leads to. facts remembers what of the facts does.
func (b *brute) differs(from, to bruteForm, facts map[int]difference) (d difference, ok bool) {
	if from.facts != to.facts {
		least, ok := facts[to.facts]
		if !ok {
			least = b.factsTo(from, to)
			facts[to.facts] = least
		}
		d.places, d.blocked = slices.Clip(least.places), least.blocked
	}
	for _, s := range b.m.sections {
		for _, l := range s.lines {
			x, y := from.a.Lines[s.id][l.id], to.a.Lines[s.id][l.id]
			if x == y {
				continue
			}
			if y == rubric.NotApplicable || x == "" || y == "" {
				return d, false
			}
			d.places = append(d.places, s.id+"."+l.id)
			d.blocked += bit(l.fixed)
		}
		d.blocked += bit(from.a.Judgements[s.id] != to.a.Judgements[s.id])
	}
	for _, m := range to.a.MissedBottomLines {
		if !slices.Contains(from.a.MissedBottomLines, m) {
			return d, false
		}
	}
	d.blocked += len(from.a.MissedBottomLines) - len(to.a.MissedBottomLines)
	return d, slices.Equal(from.a.Carried, to.a.Carried) && from.a.Service == to.a.Service && slices.Equal(from.a.Status, to.a.Status)
}

// whole reports whether every answer to every fact was tried: of dates, times and
// durations some were.
func (b *brute) whole() bool {
	return !slices.ContainsFunc(b.m.facts, func(f modelFact) bool { return !slices.Contains([]string{"number", "yes_no", "choice"}, f.kind) })
}

// leavesToPeople reports whether some form leaves a section to people: of the file, such
// a form is not among those tried.
func (b *brute) leavesToPeople() bool {
	return slices.ContainsFunc(b.forms, func(f bruteForm) bool {
		return slices.ContainsFunc(f.outcomes[:len(b.m.sections)], func(p rubric.PartOutcome) bool { return p.Applies && p.Freely })
	})
}

// shortest holds a route to the best there is among all forms.
func (b *brute) shortest(from bruteForm, part int, grade string, route rubric.Route) error {
	best, found := difference{}, false
	facts := map[int]difference{}
	for _, to := range b.forms {
		p := to.outcomes[part]
		if !p.Applies || p.Freely || p.Possible != 1<<rank(b.m, grade) {
			continue
		}
		if d, ok := b.differs(from, to, facts); ok && (!found || b.less(d, best)) {
			best, found = d, true
		}
	}
	free := found && best.blocked == 0
	whole := b.whole() && (part < len(b.m.sections) || !b.leavesToPeople())
	switch {
	case free && !route.Reached:
		return fmt.Errorf("there is one: %v", best.places)
	case !route.Reached && whole && found && len(route.Blocked) != best.blocked:
		return fmt.Errorf("%d things are in the way", best.blocked)
	case !route.Reached && whole && !found && len(route.Blocked)+len(route.Changes) > 0:
		return fmt.Errorf("no form reaches the grade, and something is in the way")
	case !route.Reached:
		return nil
	case whole && !free:
		return fmt.Errorf("there is none")
	}
	places, err := b.follow(from, part, grade, route)
	if err != nil {
		return err
	}
	if free && (len(places) > len(best.places) || whole && !slices.Equal(places, best.places)) {
		return fmt.Errorf("the shortest is %v", best.places)
	}
	return nil
}

// follow makes the changes of a route, and says where they are.
func (b *brute) follow(from bruteForm, part int, grade string, route rubric.Route) (places []string, err error) {
	a := copied(from.a)
	for _, c := range route.Changes {
		if c.Fact != "" {
			places = append(places, c.Fact)
			a.Facts[c.Fact] = c.To
			continue
		}
		if c.To == string(rubric.NotApplicable) {
			return nil, fmt.Errorf("it answers that a line does not apply")
		}
		places = append(places, c.Section+"."+c.Line)
		a.Lines[c.Section][c.Line] = rubric.Answer(c.To)
	}
	f, err := b.r.Form(a, b.cal)
	if err != nil {
		return nil, err
	}
	id := ""
	if part < len(b.m.sections) {
		id = b.m.sections[part].id
	}
	if g, ok := f.Grade().Suggested(id); !ok || g != rubric.Grade(grade) {
		return nil, fmt.Errorf("its changes lead to %v", g)
	}
	return places, nil
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

// order says which of two sets of places stands first in the rubric.
func (b *brute) order(x, y []string) int {
	var order []string
	for _, f := range b.m.facts {
		order = append(order, f.name)
	}
	for _, s := range b.m.sections {
		for _, l := range s.lines {
			order = append(order, s.id+"."+l.id)
		}
	}
	at := func(p string) int { return slices.Index(order, p) }
	return slices.CompareFunc(x, y, func(a, b string) int { return at(a) - at(b) })
}

func TestARouteOfAnIncompleteFormIsRefused(t *testing.T) {
	f := mustForm(t, rightRubric(t), rubric.Answers{})
	if _, err := f.RouteTo("", "good"); !errors.Is(err, rubric.ErrIncomplete) {
		t.Error(err)
	}
	f = formWith(t, func(*rubric.Answers) {})
	for _, wrong := range [][2]string{{"refferal", "good"}, {"", "goood"}, {"planning", ""}} {
		if _, err := f.RouteTo(wrong[0], rubric.Grade(wrong[1])); err == nil || errors.Is(err, rubric.ErrIncomplete) {
			t.Errorf("%v: %v", wrong, err)
		}
	}
	var none *rubric.Form
	if _, err := none.RouteTo("", "good"); err == nil {
		t.Error("a route from no form")
	}
}
