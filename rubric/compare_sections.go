package rubric

import (
	"fmt"
	"slices"
	"strings"
)

func (c *comparer) sections() {
	titles := func(sections []section) (out []string) {
		for i := range sections {
			out = append(out, sections[i].title)
		}
		return out
	}
	for _, p := range pairs(sameNames(c.old.sectionIDs(), c.new.sectionIDs()), len(c.old.sections)) {
		switch {
		case p.old < 0:
			s := &c.new.sections[p.new]
			c.tell(Difference{Kind: Added, At: s.id, New: s.title, Grades: true}, "There is a new section, %s: %s.", said(s.title), s.holds())
		case p.new < 0:
			s := &c.old.sections[p.old]
			c.tell(Difference{Kind: Removed, At: s.id, Old: s.title, Grades: true}, "The section %s is gone: %s.", said(s.title), s.holds())
		default:
			s := &sectionPair{c, &c.old.sections[p.old], &c.new.sections[p.new]}
			s.compare()
			if p.moved {
				c.tell(p.places(s.new.id), "The section %s comes %s.", said(s.new.title), p.after(titles(c.old.sections), titles(c.new.sections)))
			}
		}
	}
}

// holds counts what stands in a section.
func (s *section) holds() string {
	var parts []string
	for _, x := range []struct {
		n    int
		what string
	}{{len(s.lists), "list"}, {len(s.lines), "line"}, {len(s.rules.limits), "limit"}, {len(s.rules.suggest), "rule"}} {
		if x.n == 1 {
			parts = append(parts, "1 "+x.what)
		} else if x.n > 1 {
			parts = append(parts, fmt.Sprintf("%d %ss", x.n, x.what))
		}
	}
	if len(s.rules.suggest) == 0 {
		parts = append(parts, "no rule that suggests a grade")
	}
	return listed(parts, "and")
}

// sectionPair is a section in both versions.
type sectionPair struct {
	*comparer
	old, new *section
}

func (s *sectionPair) at(name string) string { return s.new.id + "." + name }

// in begins a sentence about something in the section.
func (s *sectionPair) in(what string) string { return "In " + said(s.new.title) + ", " + what }

func (s *sectionPair) compare() {
	old, new := s.old, s.new
	thing := "The section " + said(new.title)
	if !sameWords(old.title, new.title) {
		s.tell(Difference{Kind: Changed, At: new.id, Old: old.title, New: new.title}, "The section %s is called %s now.", said(old.title), said(new.title))
	}
	s.wording(new.id, thing, "introduction", old.introduction, new.introduction)
	s.wording(new.id, thing, "source", old.source, new.source)
	s.wording(new.id, thing, "note", old.note, new.note)
	s.documents(new.id, "the section "+said(new.title), old.references, new.references)
	s.applies("is part of audits in ", "every service", "", old.services, new.services, s.comparer.old.services, s.comparer.new.services)
	s.applies("is for ", "every child", "a child with the status ", old.status, new.status, s.comparer.old.statuses, s.comparer.new.statuses)
	s.lists()
	s.lines()
	s.rules(s)
}

// applies compares to which services, or children, a section applies.
func (s *sectionPair) applies(is, every, some string, old, new []string, oldChoices, newChoices []choice) {
	if sameSet(old, new) {
		return
	}
	words := func(ids []string, choices []choice) string {
		var titles []string
		for _, c := range choices {
			if slices.Contains(ids, c.id) {
				titles = append(titles, said(c.title))
			}
		}
		if len(titles) == 0 {
			return every
		}
		return some + listed(titles, "or")
	}
	s.tell(Difference{Kind: Changed, At: s.new.id, Old: strings.Join(old, ", "), New: strings.Join(new, ", "), Grades: true},
		"The section %s %s%s now; before, %s.", said(s.new.title), is, words(new, newChoices), words(old, oldChoices))
}

func (s *sectionPair) lists() {
	names := func(lists []list) (ids, titles []string) {
		for _, l := range lists {
			ids, titles = append(ids, l.id), append(titles, l.title)
		}
		return ids, titles
	}
	oldIDs, oldTitles := names(s.old.lists)
	newIDs, newTitles := names(s.new.lists)
	for _, p := range pairs(sameNames(oldIDs, newIDs), len(oldIDs)) {
		switch {
		case p.old < 0:
			l := &s.new.lists[p.new]
			s.tell(Difference{Kind: Added, At: s.at(l.id), New: l.title, Grades: len(l.lines) > 0}, "%s %s, of %s.", s.in("there is a new list,"), said(l.title), l.kinds())
		case p.new < 0:
			l := &s.old.lists[p.old]
			s.tell(Difference{Kind: Removed, At: s.at(l.id), Old: l.title, Grades: len(l.lines) > 0}, "%s %s, of %s, is gone.", s.in("the list"), said(l.title), l.kinds())
		default:
			s.list(&s.old.lists[p.old], &s.new.lists[p.new])
			if p.moved {
				s.tell(p.places(s.at(newIDs[p.new])), "%s %s comes %s.", s.in("the list"), said(newTitles[p.new]), p.after(oldTitles, newTitles))
			}
		}
	}
}

// kinds says what the lines of a list are.
func (l *list) kinds() string {
	if l.bottomLine {
		return "bottom lines"
	}
	return map[ListKind]string{Strength: "strengths", Concern: "concerns", Mixed: "descriptions"}[l.kind]
}

func (s *sectionPair) list(old, new *list) {
	at, thing := s.at(new.id), s.in("the list "+said(new.title))
	if !sameWords(old.title, new.title) {
		s.tell(Difference{Kind: Changed, At: at, Old: old.title, New: new.title}, "%s is called %s now.", s.in("the list "+said(old.title)), said(new.title))
	}
	d := Difference{Kind: Changed, At: at, Old: string(old.kind), New: string(new.kind), Grades: true}
	if old.kind == new.kind {
		d.Old, d.New = fmt.Sprint(old.bottomLine), fmt.Sprint(new.bottomLine)
	}
	if was, is := old.kinds(), new.kinds(); was != is {
		s.tell(d, "%s is of %s now; it was of %s.", thing, is, was)
	}
	s.wording(at, thing, "source", old.source, new.source)
	s.wording(at, thing, "note", old.note, new.note)
}
