package rubric_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/practiceaudit/practiceaudit/rubric"
)

// edition is a model being edited. What cannot be said by changing the model is
// changed in its text afterwards.
type edition struct {
	*model
	dice
	afterwards []func(yaml string) string
	touched    map[string]bool // each part is edited once, so that what is to be told is plain
	renamed    map[rubric.LineRef]string
}

// edit changes an edition and says what is to be told: kind, place and whether it can
// move a grade. It says nothing where it finds nothing to change.
type edit func(e *edition) []string

// fresh reports whether nothing has touched these parts yet, and touches them.
func (e *edition) fresh(parts ...string) bool {
	for _, p := range parts {
		if e.touched[p] {
			return false
		}
	}
	for _, p := range parts {
		e.touched[p] = true
	}
	return true
}

func (e *edition) replace(old, new string) {
	e.afterwards = append(e.afterwards, func(yaml string) string { return strings.Replace(yaml, old, new, 1) })
}

func (e *edition) yaml() string {
	src := e.model.yaml()
	for _, f := range e.afterwards {
		src = f(src)
	}
	return src
}

// someLine draws a line that nothing has touched.
func (e *edition) someLine() (*modelSection, *modelLine, bool) {
	s := pick(e.dice, e.sections)
	l := pick(e.dice, s.lines)
	return s, l, !e.touched[s.id] && e.fresh(s.id+"."+l.id)
}

// part is where rules stand: a section's, or the whole file's.
func (e *edition) part() (at string, limits, suggest *[]modelRule, s *modelSection) {
	if e.chance(30) {
		return "overall", &e.limits, &e.suggest, nil
	}
	s = pick(e.dice, e.sections)
	return s.id, &s.limits, &s.suggest, s
}

// countOf draws a condition that is in no model.
func (e *edition) countOf(s *modelSection) string {
	if s == nil {
		s = pick(e.dice, e.sections)
	}
	return fmt.Sprintf("count(%s) == %d", pick(e.dice, s.lists).id, e.between(1000, 1_000_000))
}

func unlike(rules []modelRule) bool {
	seen := map[string]bool{}
	for _, r := range rules {
		if seen[r.when] {
			return false
		}
		seen[r.when] = true
	}
	return true
}

func (e *edition) otherGrade(than string) string {
	for {
		if g := pick(e.dice, e.grades); g != than {
			return g
		}
	}
}

var wordings = map[string]edit{
	"a line has another name": func(e *edition) []string {
		s, l, ok := e.someLine()
		if !ok {
			return nil
		}
		was, is := l.id, "renamed_"+l.id
		name := regexp.MustCompile(`\b` + was + `\b`)
		e.afterwards = append(e.afterwards, func(yaml string) string {
			yaml = name.ReplaceAllString(yaml, is)
			yaml = strings.Replace(yaml, "text: Line "+is, "text: Line "+was, 1)
			return strings.Replace(yaml, "      "+is+":\n", "      "+is+":\n        was: "+was+"\n", 1)
		})
		e.renamed[rubric.LineRef{Section: s.id, Line: was}] = is
		return []string{"renamed " + s.id + "." + is + " false"}
	},
	"a line reads otherwise": func(e *edition) []string {
		s, l, ok := e.someLine()
		if !ok {
			return nil
		}
		e.replace("text: Line "+l.id+"\n", "text: Another "+l.id+"\n")
		return []string{"changed " + s.id + "." + l.id + " false"}
	},
	"a line has a note": func(e *edition) []string {
		s, l, ok := e.someLine()
		if !ok {
			return nil
		}
		e.replace("text: Line "+l.id+"\n", "text: Line "+l.id+"\n        note: As printed.\n")
		return []string{"changed " + s.id + "." + l.id + " false"}
	},
	"a line comes last": func(e *edition) []string {
		s := pick(e.dice, e.sections)
		i := e.IntN(len(s.lines))
		l := s.lines[i]
		if i+2 >= len(s.lines) || !e.fresh(s.id+" lines", s.id+"."+l.id) {
			return nil
		}
		s.lines = append(slices.Delete(slices.Clone(s.lines), i, i+1), l)
		return []string{"moved " + s.id + "." + l.id + " false"}
	},
	"a question reads otherwise": func(e *edition) []string {
		if len(e.facts) == 0 {
			return nil
		}
		f := pick(e.dice, e.facts)
		if !e.fresh("facts." + f.name) {
			return nil
		}
		e.replace("ask: What is "+f.name+"?", "ask: Which is "+f.name+"?")
		return []string{"changed facts." + f.name + " false"}
	},
	"a section has another title": func(e *edition) []string {
		s := pick(e.dice, e.sections)
		if e.touched[s.id] || !e.fresh(s.id+" title") {
			return nil
		}
		e.replace("title: Section "+s.id+"\n", "title: Part "+s.id+"\n")
		return []string{"changed " + s.id + " false"}
	},
	"the first section comes last": func(e *edition) []string {
		if len(e.sections) < 3 || !e.fresh("sections") {
			return nil
		}
		first := e.sections[0]
		e.sections = append(slices.Clone(e.sections[1:]), first)
		return []string{"moved " + first.id + " false"}
	},
	"a rule has a reason": func(e *edition) []string {
		at, _, suggest, _ := e.part()
		if len(*suggest) == 0 || e.touched[at] || !e.fresh(at+" suggest") {
			return nil
		}
		// Of the last rule, which alone has no condition.
		e.afterwards = append(e.afterwards, func(yaml string) string {
			from := strings.Index(yaml, "\n  "+at+":\n")
			if at == "overall" {
				from = strings.Index(yaml, "\noverall:\n")
			}
			for _, line := range strings.Split(yaml[from:], "\n") {
				if strings.Contains(line, "- { grade: ") && !strings.Contains(line, "when") || strings.Contains(line, "- { judged: freely }") {
					return yaml[:from] + strings.Replace(yaml[from:], line, strings.TrimSuffix(line, " }")+", because: It is so }", 1)
				}
			}
			return yaml
		})
		return []string{fmt.Sprintf("changed %s.suggest.%d false", at, len(*suggest))}
	},
}

var changes = map[string]edit{
	"a question is new": func(e *edition) []string {
		if !e.fresh("facts.more") {
			return nil
		}
		e.facts = append([]modelFact{{name: "more", kind: "yes_no"}}, e.facts...)
		return []string{"added facts.more either"} // a later edit may read it
	},
	"a line stands in another list": func(e *edition) []string {
		s, l, ok := e.someLine()
		if !ok {
			return nil
		}
		var lists []*modelList
		for _, x := range s.lists {
			if e.chance(50) && (x.kind == "strength") == l.strength {
				lists = append(lists, x)
			}
		}
		same := !slices.ContainsFunc(lists, func(x *modelList) bool { return !slices.Contains(l.lists, x) })
		if len(lists) == 0 || same && len(lists) == len(l.lists) {
			return nil
		}
		l.lists = lists
		return []string{"moved " + s.id + "." + l.id + " true"}
	},
	"a line is worked out otherwise": func(e *edition) []string {
		s, l, ok := e.someLine()
		if !ok || len(e.facts) == 0 {
			return nil
		}
		met := e.factCondition(e.model)
		if met == l.met {
			met = "not (" + met + ")"
		}
		if e.chance(20) && l.met != "" {
			met = ""
		}
		l.met = met
		return []string{"changed " + s.id + "." + l.id + " true"}
	},
	"a line has another exception": func(e *edition) []string {
		s, l, ok := e.someLine()
		if !ok || len(e.facts) == 0 {
			return nil
		}
		notNeeded := "not (" + e.factCondition(e.model) + ")"
		if notNeeded == l.notNeeded {
			return nil
		}
		l.notNeeded = notNeeded
		return []string{"changed " + s.id + "." + l.id + " true"}
	},
	"a line is about a fixed past": func(e *edition) []string {
		s, l, ok := e.someLine()
		if !ok || l.met != "" || !e.fresh(s.id+"."+s.lists[0].id) { // which may become bottom lines
			return nil
		}
		l.fixed = !l.fixed
		return []string{fmt.Sprintf("changed %s.%s %t", s.id, l.id, l.bottomLine)}
	},
	"a line is new": func(e *edition) []string {
		s := pick(e.dice, e.sections)
		if e.touched[s.id] || !e.fresh(s.id+" lines", s.id+".new_"+s.id) {
			return nil
		}
		l := &modelLine{id: "new_" + s.id, lists: s.lists[:1], strength: s.lists[0].kind == "strength", bottomLine: s.lists[0].bottomLine}
		s.lines = slices.Insert(slices.Clone(s.lines), e.IntN(len(s.lines)+1), l)
		return []string{"added " + s.id + "." + l.id + " true"}
	},
	"a line is gone": func(e *edition) []string {
		s, l, ok := e.someLine()
		if !ok || !e.fresh(s.id+" lines") {
			return nil
		}
		s.lines = slices.DeleteFunc(slices.Clone(s.lines), func(x *modelLine) bool { return x == l })
		return []string{"removed " + s.id + "." + l.id + " true"}
	},
	"a list is of bottom lines, or not": func(e *edition) []string {
		s := pick(e.dice, e.sections)
		l := s.lists[0]
		if e.touched[s.id] || !e.fresh(s.id+"."+l.id) {
			return nil
		}
		l.bottomLine = !l.bottomLine
		return []string{"changed " + s.id + "." + l.id + " true"}
	},
	"a section is new": func(e *edition) []string {
		if !e.fresh("more", "sections") {
			return nil
		}
		list := &modelList{id: "list_of_more", kind: "mixed"}
		s := &modelSection{id: "more", lists: []*modelList{list}, lines: []*modelLine{{id: "l0_more", lists: []*modelList{list}}}}
		e.sections = slices.Insert(slices.Clone(e.sections), e.IntN(len(e.sections)+1), s)
		e.touched["more.l0_more"] = true
		return []string{"added more true"}
	},
	"a section is gone": func(e *edition) []string {
		s := pick(e.dice, e.sections)
		for p := range e.touched {
			if p == s.id || strings.HasPrefix(p, s.id+".") || strings.HasPrefix(p, s.id+" ") || p == "sections" {
				return nil
			}
		}
		e.touched[s.id], e.touched["sections"] = true, true
		e.sections = slices.DeleteFunc(slices.Clone(e.sections), func(x *modelSection) bool { return x == s })
		return []string{"removed " + s.id + " true"}
	},
	"a section applies to others": func(e *edition) []string {
		s := pick(e.dice, e.sections)
		if e.services == nil || e.touched[s.id] || !e.fresh(s.id+" services") {
			return nil
		}
		if s.services == nil {
			s.services = e.services[1:]
		} else {
			s.services = nil
		}
		return []string{"changed " + s.id + " true"}
	},
	"a question is about a fixed past": func(e *edition) []string {
		if len(e.facts) == 0 {
			return nil
		}
		i := e.IntN(len(e.facts))
		f := &e.facts[i]
		if !e.fresh("facts." + f.name) {
			return nil
		}
		f.fixed = !f.fixed
		return []string{"changed facts." + f.name + " either"}
	},
	"a better grade": func(e *edition) []string {
		if !e.fresh("grades") {
			return nil
		}
		e.grades = append(slices.Clone(e.grades), "excellent")
		return []string{"added grades.excellent true"}
	},
	"a rule is new": func(e *edition) []string {
		at, _, suggest, s := e.part()
		if len(*suggest) == 0 || e.touched[at] || !e.fresh(at+" suggest") {
			return nil
		}
		i := e.IntN(len(*suggest))
		*suggest = slices.Insert(slices.Clone(*suggest), i, modelRule{pick(e.dice, e.grades), e.countOf(s)})
		return []string{fmt.Sprintf("added %s.suggest.%d true", at, i+1)}
	},
	"a rule is gone": func(e *edition) []string {
		at, _, suggest, _ := e.part()
		if len(*suggest) < 2 || !unlike(*suggest) || e.touched[at] || !e.fresh(at+" suggest") {
			return nil
		}
		i := e.IntN(len(*suggest) - 1)
		*suggest = slices.Delete(slices.Clone(*suggest), i, i+1)
		return []string{fmt.Sprintf("removed %s.suggest.%d true", at, i+1)}
	},
	"the first rule is read third": func(e *edition) []string {
		at, _, suggest, _ := e.part()
		if len(*suggest) < 4 || !unlike(*suggest) || e.touched[at] || !e.fresh(at+" suggest") {
			return nil
		}
		r := *suggest
		*suggest = append([]modelRule{r[1], r[2], r[0]}, r[3:]...)
		return []string{fmt.Sprintf("moved %s.suggest.3 true", at)}
	},
	"a rule asks something else": func(e *edition) []string {
		at, _, suggest, s := e.part()
		if len(*suggest) < 2 || !unlike(*suggest) || e.touched[at] || !e.fresh(at+" suggest") {
			return nil
		}
		i := e.IntN(len(*suggest) - 1)
		*suggest = slices.Clone(*suggest)
		(*suggest)[i].when = e.countOf(s)
		return []string{fmt.Sprintf("changed %s.suggest.%d true", at, i+1)}
	},
	"a rule gives another grade": func(e *edition) []string {
		at, _, suggest, _ := e.part()
		if len(*suggest) == 0 || !unlike(*suggest) || e.touched[at] || !e.fresh(at+" suggest") {
			return nil
		}
		i := e.IntN(len(*suggest))
		*suggest = slices.Clone(*suggest)
		(*suggest)[i].grade = e.otherGrade((*suggest)[i].grade)
		return []string{fmt.Sprintf("changed %s.suggest.%d true", at, i+1)}
	},
	"a limit is new": func(e *edition) []string {
		at, limits, _, s := e.part()
		if e.touched[at] || !e.fresh(at+" limit") {
			return nil
		}
		i := e.IntN(len(*limits) + 1)
		*limits = slices.Insert(slices.Clone(*limits), i, modelRule{pick(e.dice, e.grades), e.countOf(s)})
		return []string{fmt.Sprintf("added %s.limit.%d true", at, i+1)}
	},
	"a limit is gone": func(e *edition) []string {
		at, limits, _, _ := e.part()
		if len(*limits) == 0 || !unlike(*limits) || e.touched[at] || !e.fresh(at+" limit") {
			return nil
		}
		i := e.IntN(len(*limits))
		*limits = slices.Delete(slices.Clone(*limits), i, i+1)
		return []string{fmt.Sprintf("removed %s.limit.%d true", at, i+1)}
	},
	"a limit leaves another grade": func(e *edition) []string {
		at, limits, _, _ := e.part()
		if len(*limits) == 0 || !unlike(*limits) || e.touched[at] || !e.fresh(at+" limit") {
			return nil
		}
		i := e.IntN(len(*limits))
		*limits = slices.Clone(*limits)
		(*limits)[i].grade = e.otherGrade((*limits)[i].grade)
		return []string{fmt.Sprintf("changed %s.limit.%d true", at, i+1)}
	},
	"a limit applies to something else": func(e *edition) []string {
		at, limits, _, s := e.part()
		if len(*limits) == 0 || !unlike(*limits) || e.touched[at] || !e.fresh(at+" limit") {
			return nil
		}
		i := e.IntN(len(*limits))
		*limits = slices.Clone(*limits)
		(*limits)[i].when = e.countOf(s)
		return []string{fmt.Sprintf("changed %s.limit.%d true", at, i+1)}
	},
}
