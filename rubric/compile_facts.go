package rubric

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/expr-lang/expr/ast"

	"github.com/practiceaudit/practiceaudit/calendar"
)

// within is within("24 hours", start, end).
func (s *scope) within(node *ast.CallNode) boolNode {
	if len(node.Arguments) != 3 {
		s.wrong(node, `write a period and two facts in the brackets, as in within("24 hours", start, end)`)
		return never{}
	}
	text, ok := node.Arguments[0].(*ast.StringNode)
	if !ok {
		s.wrong(node.Arguments[0], `write a period in quotes, such as "24 hours"`)
		return never{}
	}
	period, err := calendar.ParsePeriod(text.Value)
	if err != nil {
		s.wrong(text, "%s", err)
		return never{}
	}
	w := within{period: period}
	for i, to := range []*int{&w.start, &w.end} {
		id, ok := node.Arguments[i+1].(*ast.IdentifierNode)
		if !ok {
			s.wrong(node.Arguments[i+1], "write the name of a date or time fact")
			return never{}
		}
		fact, ok := s.r.factByName[id.Value]
		if !ok {
			s.unknown(id, id.Value)
			return never{}
		}
		if t := s.r.facts[fact].typ; t != DateFact && t != TimeFact {
			s.wrong(id, "%s is a %s; write a date or time fact", id.Value, t)
			return never{}
		}
		*to = fact
		s.facts = addOnce(s.facts, fact)
	}
	start, end := &s.r.facts[w.start], &s.r.facts[w.end]
	switch {
	case start.typ != end.typ:
		s.wrong(node, "%s is a %s and %s a %s; both must be the same", start.name, start.typ, end.name, end.typ)
		return never{}
	case start.typ == DateFact && period.Unit() == calendar.Hours:
		s.wrong(text, "%s is a date, without a time: hours cannot be counted from it", start.name)
		return never{}
	}
	i := slices.Index(s.r.withins, w)
	if i < 0 {
		i = len(s.r.withins)
		s.r.withins = append(s.r.withins, w)
	}
	return withinIs(i)
}

// fact compares a choice, date, time or yes_no fact.
func (s *scope) fact(node *ast.BinaryNode, i int, op string, right ast.Node) boolNode {
	f := &s.r.facts[i]
	s.facts = addOnce(s.facts, i)
	if f.typ == YesNoFact {
		s.wrong(node, "%s is yes or no by itself; write %s or not %s", f.name, f.name, f.name)
		return never{}
	}
	if f.typ == ChoiceFact && op != "==" && op != "!=" {
		s.wrong(node, `%s is a choice; compare it with "==" or "!="`, f.name)
		return never{}
	}
	switch right := right.(type) {
	case *ast.IdentifierNode:
		j, ok := s.r.factByName[right.Value]
		switch {
		case !ok:
			s.unknown(right, right.Value)
		case s.r.facts[j].typ != f.typ || f.typ == ChoiceFact:
			s.wrong(right, "%s is a %s and %s a %s; they cannot be compared", f.name, f.typ, right.Value, s.r.facts[j].typ)
		case s.r.facts[j].length != f.length:
			s.wrong(right, "%s is in %s and %s in %s; they cannot be compared", f.name, f.unit, right.Value, s.r.facts[j].unit)
		default:
			s.facts = addOnce(s.facts, j)
			return &factCompare{op: op, fact: i, other: j}
		}
	case *ast.StringNode:
		v, problem := f.read(right.Value)
		if problem != "" {
			s.wrong(right, "%s", problem)
			break
		}
		shown := right.Value
		if f.typ == ChoiceFact {
			shown = f.of[v].title
		}
		return &factCompare{op: op, fact: i, other: -1, fixed: v, shown: shown}
	default:
		s.wrong(right, "%s is a %s; compare it with a %s in quotes", f.name, f.typ, f.typ)
	}
	return never{}
}

// read reads a fact as people write it, or says what is wrong with it.
func (f *fact) read(text string) (n int, problem string) {
	switch f.typ {
	case ChoiceFact:
		ids := idsOf(f.of)
		if i := slices.Index(ids, text); i >= 0 {
			return i, ""
		}
		return 0, fmt.Sprintf("%s is not %s; %s", f.name, quote(text), suggestion(text, ids))
	case DurationFact:
		if n := strings.Fields(text); len(n) > 1 && n[0] == "0" && strings.Join(n[1:], " ") == f.unit || text == "same day" {
			return 0, ""
		}
		p, err := calendar.ParsePeriod(text)
		switch {
		case err != nil:
			return 0, fmt.Sprintf("%s is a duration in %s: %s", f.name, f.unit, err)
		case p.Unit() == f.length:
			return p.N(), ""
		case p.Unit() == calendar.Weeks && f.length == calendar.Days:
			return 7 * p.N(), ""
		}
		return 0, fmt.Sprintf("%s is a duration in %s, not in %s", f.name, f.unit, p.Unit())
	case YesNoFact:
		switch text {
		case "yes", "true":
			return 1, ""
		case "no", "false":
			return 0, ""
		}
		return 0, fmt.Sprintf("%s is yes or no, not %s", f.name, quote(text))
	case DateFact:
		d, err := calendar.ParseDate(text)
		if err != nil {
			return 0, err.Error()
		}
		return int(d.Start().Unix()), ""
	case TimeFact:
		t, problem, err := londonTime(text)
		if day, _, joined := strings.Cut(text, "T"); err != nil && joined && len(text) == len("2026-03-02T09:00") {
			if _, err := calendar.ParseDate(day); err != nil {
				return 0, err.Error()
			}
		}
		if err != nil {
			return 0, fmt.Sprintf("%s is a date and time, such as 2026-03-02T09:00, not %s", f.name, quote(text))
		}
		return int(t.Unix()), problem
	}
	if _, err := fmt.Sscanf(text, "%d", &n); err != nil || fmt.Sprint(n) != text || n < f.min || n > f.max {
		return 0, fmt.Sprintf("%s is a whole number from %d to %d, not %s", f.name, f.min, f.max, quote(text))
	}
	return n, ""
}

// londonTime reads what London's clocks show. Of a time that they show twice, when
// they go back, it is the first; a time that they skip is a problem.
func londonTime(text string) (t time.Time, problem string, err error) {
	const layout = "2006-01-02T15:04"
	if t, err = time.ParseInLocation(layout, text, calendar.London()); err != nil {
		return t, "", err
	}
	if t.Format(layout) != text {
		return t, fmt.Sprintf("London's clocks skip %s: they go forward there", text), nil
	}
	if earlier := t.Add(-time.Hour); earlier.Format(layout) == text {
		t = earlier
	}
	return t, "", nil
}
