package rubric

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// exampleYAML writes answers, and what is to come of them, as the file could hold them
// under "examples". A list whose lines are all answered alike stands for them.
func (r *Rubric) exampleYAML(name string, a Answers, expect []string) string {
	var b strings.Builder
	p := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	p("- name: %s", quoted(name))
	p("  given:")
	if a.Service != "" {
		p("    service: %s", a.Service)
	}
	if len(a.Status) > 0 {
		p("    status: [%s]", strings.Join(a.Status, ", "))
	}
	var facts []string
	for i := range r.facts {
		if text, ok := a.Facts[r.facts[i].name]; ok {
			facts = append(facts, r.facts[i].name+": "+plain(text))
		}
	}
	if len(facts) > 0 {
		p("    facts: { %s }", strings.Join(facts, ", "))
	}
	for i := range r.sections {
		if lines := a.Lines[r.sections[i].id]; len(lines) > 0 {
			p("    %s: { %s }", r.sections[i].id, strings.Join(r.sections[i].short(lines), ", "))
		}
	}
	var judged []string
	for i := range r.sections {
		if g, ok := a.Judgements[r.sections[i].id]; ok {
			judged = append(judged, r.sections[i].id+": "+string(g))
		}
	}
	if len(judged) > 0 {
		p("    judgements: { %s }", strings.Join(judged, ", "))
	}
	if len(a.MissedBottomLines) > 0 {
		p("    missed_bottom_lines:")
	}
	for _, m := range a.MissedBottomLines {
		section := ""
		if m.Section != "" {
			section = "section: " + m.Section + ", "
		}
		p("      - { %stext: %s }", section, quoted(m.Text))
	}
	if len(a.Carried) > 0 {
		p("    carried:")
	}
	for _, c := range a.Carried {
		p("      - { section: %s, line: %s }", c.Section, c.Line)
	}
	p("  expect:")
	for _, line := range expect {
		p("    %s", line)
	}
	return b.String()
}

// quoted puts a text into quotes as YAML reads them.
func quoted(s string) string { return strconv.Quote(s) }

// plain leaves a value without quotes where YAML reads it as it looks.
func plain(s string) string {
	if strings.ContainsAny(s, ":#{}[],&*!|>'\"%@`") {
		return quoted(s)
	}
	return s
}

// short says the answers of a section by its lists, as far as most lines of a list
// are answered alike, and then the lines that are not.
func (s *section) short(lines map[string]Answer) []string {
	said := map[string]Answer{}
	var out []string
	for k := range s.lists {
		usual, ok := s.usual(k, lines, said)
		if !ok {
			continue
		}
		out = append(out, s.lists[k].id+": "+string(usual))
		for _, j := range s.answeredWith(k) {
			said[s.lines[j].id] = usual
		}
	}
	for j := range s.lines {
		id := s.lines[j].id
		if a, ok := lines[id]; ok && said[id] != a {
			out = append(out, id+": "+string(a))
		}
	}
	return out
}

// usual is the answer that most lines of a list have, and whether the list can be said
// at once: all its lines are answered, and those that another list has said already
// are answered alike or stand by themselves.
func (s *section) usual(k int, lines, said map[string]Answer) (Answer, bool) {
	spread := s.answeredWith(k)
	count := map[Answer]int{}
	for _, j := range spread {
		a, ok := lines[s.lines[j].id]
		if !ok {
			return "", false
		}
		count[a]++
	}
	var usual Answer
	for _, a := range everyAnswer {
		if count[Answer(a)] > count[usual] {
			usual = Answer(a)
		}
	}
	for _, j := range spread {
		id := s.lines[j].id
		if was, ok := said[id]; ok && was != usual && lines[id] == was {
			return "", false
		}
	}
	return usual, len(spread) > 1 && s.takes(spread, usual)
}

// takes reports whether all lines take an answer.
func (s *section) takes(lines []int, a Answer) bool {
	return !slices.ContainsFunc(lines, func(j int) bool { return !slices.Contains(s.lines[j].answers(), a) })
}

// expectations are what comes of a form for the part that a finding is about: of a
// section that, of the file the file.
func (p *prover) expectations(at string, a Answers) []string {
	f, err := p.r.Form(a, p.sp.cal)
	if err != nil {
		return []string{"overall: {}"} // a form that shows a finding is a form
	}
	res := f.Grade()
	id, _, _ := strings.Cut(at, ".")
	if s, ok := res.Section(id); ok {
		return []string{fmt.Sprintf("%s: { %s }", id, strings.Join(expects(s.Suggestion, res, id), ", "))}
	}
	return []string{fmt.Sprintf("overall: { %s }", strings.Join(expects(res.Overall().Suggestion, res, ""), ", "))}
}

func expects(s Suggestion, res *Result, section string) []string {
	var out []string
	switch {
	case s.None:
		out = append(out, "judged: freely")
	case s.Determined:
		out = append(out, "suggest: "+string(s.Grade))
	default:
		out = append(out, "undetermined: true")
	}
	if most, limit := res.MostAllowed(section); limit != nil {
		out = append(out, "at_most: "+string(most))
	}
	return out
}
