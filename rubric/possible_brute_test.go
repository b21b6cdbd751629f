package rubric_test

import (
	"fmt"
	"slices"
	"strings"

	"github.com/practiceaudit/practiceaudit/rubric"
)

// partial takes some answers out of a form: open says of the rest what it may turn out
// to be. Judgements stay.
func (b *brute) partial(d dice, full bruteForm) rubric.Answers {
	a := copied(full.a)
	share := d.IntN(101)
	raw := pick(d, b.raw)
	clear(a.Facts)
	for i, f := range b.m.facts {
		if !d.chance(share) && f.inTheMiddle(raw.values[i]) {
			a.Facts[f.name] = raw.values[i]
		}
	}
	for s := range a.Lines {
		for l := range a.Lines[s] {
			if d.chance(share) {
				delete(a.Lines[s], l)
			}
		}
	}
	if d.chance(20) {
		a.Service = ""
	}
	return a
}

// inTheMiddle reports whether other answers that are tried come well before and after.
func (f modelFact) inTheMiddle(v string) bool {
	switch f.kind {
	case "date", "time":
		return v >= "2026-02-26" && v < "2026-03-13"
	case "duration":
		return v < "7"
	}
	return true
}

// within reports whether a form can come of a partial one by answering what is open.
// Judgements that are missing there count as not given, but for sections that no rule
// suggests a grade for.
func (b *brute) comesOf(f bruteForm, a rubric.Answers) bool {
	for s, lines := range a.Lines {
		for l, v := range lines {
			if f.a.Lines[s][l] != v {
				return false
			}
		}
	}
	for i, s := range b.m.sections {
		given, ok := a.Judgements[s.id]
		mine, has := f.a.Judgements[s.id]
		free := f.outcomes[i].Applies && f.outcomes[i].Freely
		if ok && (!has || mine != given) || !ok && has && !free {
			return false
		}
	}
	return (a.Service == "" || a.Service == f.a.Service) && slices.Equal(a.Status, f.a.Status) &&
		slices.Equal(a.MissedBottomLines, f.a.MissedBottomLines) && slices.Equal(a.Carried, f.a.Carried)
}

// known are the answers to facts that go with those of a form, and their places.
func (b *brute) known(a rubric.Answers) (raw []rawFacts, places map[int]bool) {
	places = map[int]bool{}
	for _, r := range b.raw {
		fits := true
		for i, f := range b.m.facts {
			if v, ok := a.Facts[f.name]; ok && v != r.values[i] {
				fits = false
			}
		}
		if fits {
			raw = append(raw, r)
			places[r.at] = true
		}
	}
	return raw, places
}

// completions are the outcomes of all forms that can come of a partial one.
func (b *brute) completions(a rubric.Answers) []bruteForm {
	_, places := b.known(a)
	return b.completionsAt(a, places)
}

func (b *brute) completionsAt(a rubric.Answers, places map[int]bool) []bruteForm {
	var out []bruteForm
	for _, f := range b.forms {
		if places[f.facts] && b.comesOf(f, a) {
			out = append(out, f)
		}
	}
	return out
}

// parts adds up what forms come to, part by part.
func (b *brute) parts(forms []bruteForm) []rubric.PartOutcome {
	n := len(b.m.sections)
	out := make([]rubric.PartOutcome, n+1)
	for k := range out {
		first := true
		all := uint32(0)
		for _, f := range forms {
			p := f.outcomes[k]
			if !p.Applies {
				continue
			}
			if first {
				out[k], all, first = p, p.Limits, false
				continue
			}
			out[k].Possible |= p.Possible
			out[k].Limits |= p.Limits
			all &= p.Limits
			out[k].Freely = out[k].Freely && p.Freely
			if out[k].Rule != p.Rule {
				out[k].Rule = -1
			}
		}
		out[k].Limits, out[k].Open = all, out[k].Limits&^all
		if first {
			out[k] = rubric.PartOutcome{Rule: -1}
		}
	}
	return out
}

// possible checks that the grades still possible, the rule that applies and the limits
// that do are those of all forms that the open answers may still make, no more and no
// fewer.
func (b *brute) possible(d dice) error {
	for range 6 {
		a := b.partial(d, pick(d, b.forms))
		f, err := b.r.Form(a, b.cal)
		if err != nil {
			return err
		}
		want := b.parts(b.completions(a))
		for _, err := range []error{samePossible(f.Grade().Outcomes(nil), want), b.questions(f, a, want), b.oneMore(d, f, a)} {
			if err != nil {
				return fmt.Errorf("%w\n%+v", err, a)
			}
		}
	}
	return nil
}

func samePossible(got, want []rubric.PartOutcome) error {
	for k := range want {
		if want[k].Applies && got[k] != want[k] {
			return fmt.Errorf("part %d: %+v, all forms %+v", k, got[k], want[k])
		}
	}
	return nil
}

// oneMore checks that a form with one more answer is that of all its answers.
func (b *brute) oneMore(d dice, f *rubric.Form, a rubric.Answers) error {
	full := pick(d, b.completions(a))
	more := copied(a)
	var got *rubric.Form
	var err error
	if s := pick(d, b.m.sections); d.chance(60) {
		l := pick(d, s.lines)
		answer, ok := full.a.Lines[s.id][l.id]
		if !ok {
			return nil
		}
		more.Lines[s.id][l.id] = answer
		got, err = f.WithLine(s.id, l.id, answer)
	} else if len(b.m.facts) > 0 {
		raw, _ := b.known(a)
		i := d.IntN(len(b.m.facts))
		name, v := b.m.facts[i].name, pick(d, raw).values[i]
		more.Facts[name] = v
		got, err = f.WithFact(name, v)
	} else {
		return nil
	}
	if err != nil {
		return err
	}
	want, err := b.r.Form(more, b.cal)
	if err != nil {
		return err
	}
	x, y := got.Grade(), want.Grade()
	if !slices.Equal(x.Outcomes(nil), y.Outcomes(nil)) || x.Complete() != y.Complete() || x.Explain().Text() != y.Explain().Text() {
		return fmt.Errorf("with one more answer %+v, with all at once %+v\n%+v", x.Outcomes(nil), y.Outcomes(nil), more)
	}
	return nil
}

// questions checks how far each question narrows what is possible, and their order.
func (b *brute) questions(f *rubric.Form, a rubric.Answers, now []rubric.PartOutcome) error {
	var before *rubric.Question
	asked := map[string]bool{}
	for _, q := range f.Questions() {
		var sizes [][2]int
		for _, forms := range b.answers(q, a) {
			parts := b.parts(forms)
			if !parts[len(parts)-1].Applies {
				continue // no form has this answer
			}
			sizes = append(sizes, grades(parts))
		}
		most, least, ownLeast := 0, 99, 99
		for _, s := range sizes {
			most, least, ownLeast = max(most, s[0]), min(least, s[0]), min(ownLeast, s[1])
		}
		is := grades(now)
		if q.AtMost != most || q.AtLeast != least || q.Narrows != (least < is[0] || ownLeast < is[1]) {
			return fmt.Errorf("%+v: all forms: at most %d, at least %d", q, most, least)
		}
		if before != nil && (before.AtMost > q.AtMost || before.AtMost == q.AtMost && before.AtLeast > q.AtLeast) {
			return fmt.Errorf("%+v stands before %+v", *before, q)
		}
		before = &q
		asked[q.Section+"."+q.Line] = q.Line != ""
	}
	res := f.Grade()
	for _, s := range res.Sections() {
		for _, l := range s.Unanswered {
			if s.Applies && !asked[s.Section+"."+l] {
				return fmt.Errorf("%s.%s is not asked", s.Section, l)
			}
		}
	}
	return nil
}

func grades(parts []rubric.PartOutcome) (n [2]int) {
	for k, p := range parts {
		for rank := range 8 {
			if p.Possible&(1<<rank) != 0 {
				n[map[bool]int{true: 0, false: 1}[k == len(parts)-1]]++
			}
		}
	}
	return n
}

// answers are the forms that each answer to a question leaves.
func (b *brute) answers(q rubric.Question, a rubric.Answers) [][]bruteForm {
	var out [][]bruteForm
	switch {
	case q.Service:
		for _, s := range b.m.services {
			next := copied(a)
			next.Service = s
			out = append(out, b.completions(next))
		}
	case q.Line != "":
		for _, s := range b.m.sections {
			for _, l := range s.lines {
				for _, c := range b.choices(l) {
					if s.id == q.Section && l.id == q.Line && c != carried && c != "" {
						next := copied(a)
						next.Lines[s.id][l.id] = c
						out = append(out, b.completions(next))
					}
				}
			}
		}
	default:
		raw, _ := b.known(a)
		places := map[string]map[int]bool{} // by the answers to the facts that are asked
		for _, r := range raw {
			var asked []string
			for i, f := range b.m.facts {
				if slices.Contains(q.Facts, f.name) {
					asked = append(asked, r.values[i])
				}
			}
			key := strings.Join(asked, " ")
			if places[key] == nil {
				places[key] = map[int]bool{}
			}
			places[key][r.at] = true
		}
		seen := map[string]bool{}
		for _, p := range places {
			if key := fmt.Sprint(p); !seen[key] {
				seen[key] = true
				out = append(out, b.completionsAt(a, p))
			}
		}
	}
	return out
}
