package rubric_test

import (
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

// places are the lines and facts that differ between two forms, in the rubric's order;
// not ok where the second is none that a route may lead to.
func (b *brute) places(from, to bruteForm) (places []string, fixed int, ok bool) {
	for _, f := range b.m.facts {
		if from.a.Facts[f.name] != to.a.Facts[f.name] {
			places = append(places, f.name)
			if f.fixed {
				fixed++
			}
		}
	}
	for _, s := range b.m.sections {
		for _, l := range s.lines {
			x, y := from.a.Lines[s.id][l.id], to.a.Lines[s.id][l.id]
			if x == y {
				continue
			}
			if y == rubric.NotApplicable || x == "" || y == "" {
				return nil, 0, false
			}
			places = append(places, s.id+"."+l.id)
			if l.fixed {
				fixed++
			}
		}
	}
	same := slices.Equal(from.a.MissedBottomLines, to.a.MissedBottomLines) && slices.Equal(from.a.Carried, to.a.Carried) &&
		from.a.Service == to.a.Service && slices.Equal(from.a.Status, to.a.Status) && fmt.Sprint(from.a.Judgements) == fmt.Sprint(to.a.Judgements)
	return places, fixed, same
}

func (b *brute) shortest(from bruteForm, part int, grade string, route rubric.Route) error {
	var best []string
	found := false
	for _, to := range b.forms {
		p := to.outcomes[part]
		places, fixed, ok := b.places(from, to)
		if !ok || fixed > 0 || !p.Applies || p.Freely || p.Possible != 1<<rank(b.m, grade) {
			continue
		}
		if !found || len(places) < len(best) || len(places) == len(best) && b.first(places, best) {
			best, found = places, true
		}
	}
	// A group of facts can come out alike on other answers than those that are tried
	// here, so that fewer of them change: with facts, only that there is a route.
	if found && !route.Reached {
		return fmt.Errorf("there is one: %v", best)
	}
	if !route.Reached {
		return nil
	}
	var places []string
	a := copied(from.a)
	for _, c := range route.Changes {
		if c.Fact != "" {
			places = append(places, c.Fact)
			a.Facts[c.Fact] = c.To
		} else {
			if c.To == string(rubric.NotApplicable) {
				return fmt.Errorf("it answers that a line does not apply")
			}
			places = append(places, c.Section+"."+c.Line)
			a.Lines[c.Section][c.Line] = rubric.Answer(c.To)
		}
	}
	f, err := b.r.Form(a, b.cal)
	if err != nil {
		return err
	}
	res := f.Grade()
	id := ""
	if part < len(b.m.sections) {
		id = b.m.sections[part].id
	}
	if g, ok := res.Suggested(id); !ok || g != rubric.Grade(grade) {
		return fmt.Errorf("its changes lead to %v", g)
	}
	// A form of which a section is left to people is not among those tried for the file.
	tried := len(b.m.facts) == 0 && (id != "" || !slices.ContainsFunc(res.Sections(), func(s rubric.SectionResult) bool {
		return s.Applies && s.Suggestion.None && s.Judgement == ""
	}))
	switch {
	case tried && !found:
		return fmt.Errorf("there is none")
	case found && (len(places) > len(best) || tried && !slices.Equal(places, best)):
		return fmt.Errorf("the shortest is %v", best)
	}
	return nil
}

// first reports whether of two sets of places the first stands first in the rubric.
func (b *brute) first(x, y []string) bool {
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
	return slices.CompareFunc(x, y, func(a, b string) int { return at(a) - at(b) }) < 0
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
