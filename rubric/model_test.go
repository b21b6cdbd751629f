package rubric_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/practiceaudit/practiceaudit/rubric"
)

// A model is a random rubric that knows its own parts, so that a reading of the
// language that shares no code with the library can be held beside it.
type model struct {
	grades   []string
	services []string
	status   []string
	facts    []modelFact
	sections []*modelSection
	limits   []modelRule
	suggest  []modelRule
}

type modelFact struct {
	name, kind, unit string
	of               []string
	fixed            bool
	max              int // of a number; 0 for 100
	better           string
}

type modelSection struct {
	id               string
	services, status []string
	lists            []*modelList
	lines            []*modelLine
	limits, suggest  []modelRule
}

type modelList struct {
	id, kind   string
	bottomLine bool
	lines      []*modelLine
}

type modelLine struct {
	id         string
	lists      []*modelList
	strength   bool
	bottomLine bool
	fixed      bool
	met        string // a condition; "" if it is answered by hand
	notNeeded  string
}

// modelRule is a limit or a suggestion; grade "" is judged freely.
type modelRule struct{ grade, when string }

// dice draws a model. Everything comes from its seed.
type dice struct{ *rand.Rand }

func newDice(seed uint64) dice { return dice{rand.New(rand.NewPCG(seed, 0))} }

func (d dice) chance(percent int) bool { return d.IntN(100) < percent }

func pick[T any](d dice, from []T) T { return from[d.IntN(len(from))] }

func (d dice) between(lo, hi int) int { return lo + d.IntN(hi-lo+1) }

// model draws a rubric. Most are small; now and then a section has more lines
// than a word has bits.
func (d dice) model() *model {
	m := &model{grades: []string{"inadequate", "requires_improvement", "good", "outstanding"}[:d.between(2, 4)]}
	if d.chance(30) {
		m.services, m.status = []string{"early_help", "care"}, []string{"in_care", "on_plan"}
	}
	for i := range d.between(0, 7) {
		m.facts = append(m.facts, d.fact(i))
	}
	for i := range d.between(1, 4) {
		m.sections = append(m.sections, d.section(m, i))
	}
	for _, s := range m.sections {
		for _, l := range s.lists {
			if len(l.lines) == 0 { // an empty list can be named in no condition
				d.line(m, s, l)
			}
		}
	}
	for _, s := range m.sections {
		s.limits, s.suggest = d.rules(m, s)
	}
	m.limits, m.suggest = d.rules(m, nil)
	if d.chance(70) {
		m.limits = append(m.limits, modelRule{m.grades[0], "bottom_line_missed"})
	}
	return m
}

func (d dice) fact(i int) modelFact {
	f := modelFact{name: fmt.Sprintf("f%d", i), kind: pick(d, []string{"number", "date", "time", "duration", "yes_no", "choice"}), fixed: d.chance(40)}
	switch f.kind {
	case "number":
		f.unit = pick(d, []string{"", "visits"})
	case "duration":
		f.unit = pick(d, []string{"days", "working days", "hours"})
	case "choice":
		f.of = []string{"given", "refused", "unsafe"}[:d.between(2, 3)]
	}
	return f
}

func (d dice) section(m *model, i int) *modelSection {
	s := &modelSection{id: fmt.Sprintf("s%d", i)}
	if m.services != nil && d.chance(40) {
		s.services = m.services[:1]
	}
	if m.status != nil && d.chance(40) {
		s.status = m.status[d.IntN(2):]
	}
	for j, kind := range []string{"strength", "strength", "concern", "mixed"}[:d.between(1, 4)] {
		// The first two lists are named alike in every section, so that the whole
		// file can read them together.
		name := fmt.Sprintf("list%d_of_%s", j, s.id)
		if j < 3 {
			name = fmt.Sprintf("list%d", j)
		}
		s.lists = append(s.lists, &modelList{id: name, kind: kind, bottomLine: j == 0 && d.chance(60)})
	}
	n := d.between(1, 6)
	if d.chance(4) {
		n = d.between(60, 90)
	}
	for range n {
		d.line(m, s, pick(d, s.lists))
	}
	return s
}

// line adds a line to a list and perhaps to another that goes with it.
func (d dice) line(m *model, s *modelSection, in *modelList) {
	l := &modelLine{id: fmt.Sprintf("l%d_%s", len(s.lines), s.id), lists: []*modelList{in}, fixed: d.chance(20)}
	if other := pick(d, s.lists); d.chance(25) && other != in && !mixes(other.kind, in.kind) {
		l.lists = append(l.lists, other)
	}
	for _, x := range l.lists {
		x.lines = append(x.lines, l)
		l.strength = l.strength || x.kind == "strength"
		l.bottomLine = l.bottomLine || x.bottomLine
	}
	if len(m.facts) > 0 && d.chance(20) {
		l.met = d.condition(m, nil, true, 1)
	}
	if len(m.facts) > 0 && d.chance(15) {
		l.notNeeded = d.condition(m, nil, true, 1)
	}
	s.lines = append(s.lines, l)
}

func mixes(a, b string) bool {
	return a == "strength" && b == "concern" || a == "concern" && b == "strength"
}

func (d dice) rules(m *model, s *modelSection) (limits, suggest []modelRule) {
	for range d.between(0, 2) {
		limits = append(limits, modelRule{pick(d, m.grades), d.condition(m, s, false, 2)})
	}
	if s != nil && d.chance(15) {
		return limits, nil // judged freely
	}
	for range d.between(0, 3) {
		suggest = append(suggest, modelRule{pick(d, m.grades), d.condition(m, s, false, 2)})
	}
	last := modelRule{grade: pick(d, m.grades)}
	if d.chance(10) {
		last.grade = ""
	}
	return limits, append(suggest, last)
}

var comparisons = []string{"<", "<=", ">", ">=", "==", "!="}

// condition draws a condition for a section, for the whole file (nil), or from
// facts only.
func (d dice) condition(m *model, s *modelSection, factsOnly bool, depth int) string {
	if depth > 0 && d.chance(50) {
		side := func() string { return "(" + d.condition(m, s, factsOnly, depth-1) + ")" }
		switch d.IntN(4) {
		case 0:
			return "not " + side()
		case 1:
			return side() + " or " + side()
		}
		return side() + " and " + side()
	}
	if factsOnly || len(m.facts) > 0 && d.chance(20) {
		return d.factCondition(m)
	}
	if s == nil && d.chance(45) {
		return d.gradeCondition(m)
	}
	return d.lineCondition(m, s)
}

func (d dice) factCondition(m *model) string {
	f := pick(d, m.facts)
	same := func() (modelFact, bool) {
		var others []modelFact
		for _, o := range m.facts {
			if o.kind == f.kind && o.unit == f.unit && o.name != f.name {
				others = append(others, o)
			}
		}
		if len(others) == 0 {
			return f, false
		}
		return pick(d, others), true
	}
	op := pick(d, comparisons)
	switch f.kind {
	case "yes_no":
		return f.name
	case "choice":
		return fmt.Sprintf("%s %s %q", f.name, pick(d, []string{"==", "!="}), pick(d, f.of))
	case "number":
		if o, ok := same(); ok && d.chance(40) {
			return fmt.Sprintf("%s %s 2 * %s - %d", f.name, op, o.name, d.between(0, 3))
		}
		return fmt.Sprintf("%s %s %d", f.name, op, d.between(0, 5))
	}
	if o, ok := same(); ok && d.chance(60) {
		if f.kind != "duration" && d.chance(60) {
			first, second := f, o
			if second.name < first.name { // values are drawn in this order
				first, second = second, first
			}
			periods := []string{"1 day", "3 working days", "1 week", "same day", "1 month"}
			if f.kind == "time" {
				periods = append(periods, "24 hours")
			}
			return fmt.Sprintf("within(%q, %s, %s)", pick(d, periods), first.name, second.name)
		}
		return fmt.Sprintf("%s %s %s", f.name, op, o.name)
	}
	return fmt.Sprintf("%s %s %q", f.name, op, d.factValue(f, 0))
}

// factValue draws an answer; a later fact of dates is never before an earlier.
func (d dice) factValue(f modelFact, i int) string {
	switch f.kind {
	case "number":
		return fmt.Sprint(d.between(0, 5))
	case "date":
		return fmt.Sprintf("2026-03-%02d", 1+3*i+d.IntN(4))
	case "time":
		return fmt.Sprintf("2026-03-%02dT%02d:00", 1+3*i+d.IntN(3), 8*d.between(0, 2))
	case "duration":
		return fmt.Sprintf("%d %s", d.between(2, 6), f.unit)
	case "yes_no":
		return pick(d, []string{"yes", "no"})
	}
	return pick(d, f.of)
}

func (d dice) gradeCondition(m *model) string {
	op, g := pick(d, comparisons), pick(d, m.grades)
	switch d.IntN(5) {
	case 0:
		return fmt.Sprintf("grade(%s) %s %q", pick(d, m.sections).id, op, g)
	case 1:
		return fmt.Sprintf("grade(%s) %s grade(%s)", pick(d, m.sections).id, op, pick(d, m.sections).id)
	case 2:
		return fmt.Sprintf("sections_at_least(%q) %s sections_judged()", g, op)
	}
	count := pick(d, []string{"sections_at", "sections_below", "sections_at_least"})
	return fmt.Sprintf("%s(%q) %s %d", count, g, op, d.between(0, 3))
}

func (d dice) lineCondition(m *model, s *modelSection) string {
	in := s
	if in == nil {
		in = pick(d, m.sections)
	}
	op, l := pick(d, comparisons), pick(d, in.lists)
	list := l.id
	if d.chance(25) {
		states := []string{"seen", "not_seen", "applicable"}
		if l.kind == "strength" {
			states = []string{"evidenced", "partly", "not_evidenced", "applicable"}
		}
		list += fmt.Sprintf(", %q", pick(d, states))
	}
	switch d.IntN(8) {
	case 0:
		return "all(" + list + ")"
	case 1:
		return "any(" + list + ")"
	case 2:
		return "none(" + list + ")"
	case 3:
		return fmt.Sprintf("percent(%s) %s %d", list, op, pick(d, []int{0, 1, 33, 34, 50, 67, 99, 100}))
	case 4:
		line := pick(d, in.lines)
		states := []string{"seen", "applicable"}
		if line.strength {
			states = []string{"evidenced", "partly", "not_evidenced", "applicable"}
		}
		return fmt.Sprintf("%s(%s)", pick(d, states), line.id)
	case 5:
		return "bottom_line_missed"
	case 6:
		return fmt.Sprintf("count(%s) + 2 * count(%s) %s %d", list, pick(d, in.lists).id, op, d.between(0, 6))
	}
	if d.chance(30) {
		return fmt.Sprintf("%d %s count(%s)", d.between(0, 3), op, list)
	}
	return fmt.Sprintf("count(%s) %s %d", list, op, d.between(0, 3))
}

// yaml writes the model as a rubric file.
func (m *model) yaml() string {
	var b strings.Builder
	p := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	p("rubric: model\nversion: \"1\"\ntitle: A model\neffective: \"2026-01-01\"")
	p("grades: [%s]", strings.Join(m.grades, ", "))
	if m.services != nil {
		p("services: [%s]\nstatus: [%s]", strings.Join(m.services, ", "), strings.Join(m.status, ", "))
	}
	if len(m.facts) > 0 {
		p("facts:")
	}
	for _, f := range m.facts {
		extra := ""
		if f.unit != "" {
			extra = ", unit: " + f.unit
		}
		if f.of != nil {
			extra = ", of: [" + strings.Join(f.of, ", ") + "]"
		}
		if f.kind == "number" {
			extra += fmt.Sprintf(", min: 0, max: %d", cmp.Or(f.max, 100))
		}
		if f.better != "" {
			extra += ", better: " + f.better
		}
		p("  %s: { type: %s, ask: What is %s?, fixed: %t%s }", f.name, f.kind, f.name, f.fixed, extra)
	}
	p("sections:")
	for _, s := range m.sections {
		p("  %s:\n    title: Section %s", s.id, s.id)
		if s.services != nil || s.status != nil {
			p("    applies:")
		}
		if s.services != nil {
			p("      services: [%s]", strings.Join(s.services, ", "))
		}
		if s.status != nil {
			p("      status: [%s]", strings.Join(s.status, ", "))
		}
		p("    lists:")
		for _, l := range s.lists {
			p("      %s: { kind: %s, bottom_line: %t }", l.id, l.kind, l.bottomLine)
		}
		p("    lines:")
		for _, l := range s.lines {
			var in []string
			for _, x := range l.lists {
				in = append(in, x.id)
			}
			p("      %s:\n        in: [%s]\n        text: Line %s\n        fixed: %t", l.id, strings.Join(in, ", "), l.id, l.fixed)
			if l.met != "" && l.strength {
				p("        met when: '%s'", l.met)
			} else if l.met != "" {
				p("        seen when: '%s'", l.met)
			}
			if l.notNeeded != "" {
				p("        not needed when: '%s'", l.notNeeded)
			}
		}
		writeRules(p, "    ", s.limits, s.suggest)
	}
	p("overall:")
	writeRules(p, "  ", m.limits, m.suggest)
	return b.String()
}

func writeRules(p func(string, ...any), indent string, limits, suggest []modelRule) {
	if len(limits) > 0 {
		p("%slimit:", indent)
	}
	for _, l := range limits {
		p("%s  - { at_most: %s, when: '%s', because: it is so }", indent, l.grade, l.when)
	}
	if len(suggest) > 0 {
		p("%ssuggest:", indent)
	}
	for _, r := range suggest {
		grade := "grade: " + r.grade
		if r.grade == "" {
			grade = "judged: freely"
		}
		if r.when != "" {
			grade += ", when: '" + r.when + "'"
		}
		p("%s  - { %s }", indent, grade)
	}
}

// answers draws answers to the model; open is the share, in a hundred, that is
// left unanswered.
func (d dice) answers(m *model, open int) rubric.Answers {
	a := rubric.Answers{Facts: map[string]string{}, Lines: map[string]map[string]rubric.Answer{}, Judgements: map[string]rubric.Grade{}}
	if m.services != nil {
		a.Service = pick(d, m.services)
		for _, s := range m.status {
			if d.chance(50) {
				a.Status = append(a.Status, s)
			}
		}
	}
	for i, f := range m.facts {
		if !d.chance(open) {
			a.Facts[f.name] = d.factValue(f, i)
		}
	}
	for _, s := range m.sections {
		a.Lines[s.id] = map[string]rubric.Answer{}
		good := d.IntN(101) // some sections are good throughout, some bad
		for _, l := range s.lines {
			if l.fixed && l.bottomLine && d.chance(5) {
				a.Carried = append(a.Carried, rubric.LineRef{Section: s.id, Line: l.id})
			}
			if l.met != "" || d.chance(open) {
				continue
			}
			a.Lines[s.id][l.id] = d.answer(l, good)
		}
		if d.chance(40) {
			a.Judgements[s.id] = rubric.Grade(pick(d, m.grades))
		}
	}
	if d.chance(5) {
		a.MissedBottomLines = append(a.MissedBottomLines, rubric.MissedBottomLine{Section: pick(d, m.sections).id, Text: "another"})
	}
	if d.chance(3) {
		a.MissedBottomLines = append(a.MissedBottomLines, rubric.MissedBottomLine{Text: "of the whole file"})
	}
	return a
}

func (d dice) answer(l *modelLine, good int) rubric.Answer {
	switch {
	case !l.strength && d.chance(good):
		return rubric.NotSeen
	case !l.strength && d.chance(10):
		return rubric.Partly
	case !l.strength:
		return rubric.Seen
	case !l.bottomLine && d.chance(10):
		return rubric.NotApplicable
	case d.chance(good):
		return rubric.Evidenced
	case d.chance(40):
		return rubric.Partly
	}
	return rubric.NotEvidenced
}
