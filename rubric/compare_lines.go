package rubric

import (
	"fmt"
	"slices"
	"strings"
)

// sameLines finds for each new line the old one that it is, or -1: the one with its
// id, else one that either says it was or came to be.
func (s *sectionPair) sameLines() []int {
	from := sameNames(s.old.lineIDs(), s.new.lineIDs())
	taken := make([]bool, len(s.old.lines))
	for _, i := range from {
		if i >= 0 {
			taken[i] = true
		}
	}
	became := map[string]int{}
	for i := range s.old.lines {
		for _, id := range s.old.lines[i].was {
			became[id] = i
		}
	}
	for j := range from {
		l := &s.new.lines[j]
		for k := 0; k <= len(l.was) && from[j] < 0; k++ {
			var i int
			var found bool
			if k < len(l.was) {
				i, found = s.old.lineByID[l.was[k]]
			} else {
				i, found = became[l.id]
			}
			if found && !taken[i] {
				from[j], taken[i] = i, true
			}
		}
	}
	return from
}

// renames are the new ids of old lines that have another.
func (s *sectionPair) renames(into map[string]string) {
	for j, i := range s.sameLines() {
		if i >= 0 && s.old.lines[i].id != s.new.lines[j].id {
			into[s.old.lines[i].id] = s.new.lines[j].id
		}
	}
}

func (s *sectionPair) lines() {
	texts := func(lines []line) (out []string) {
		for i := range lines {
			out = append(out, lines[i].text)
		}
		return out
	}
	for _, p := range pairs(s.sameLines(), len(s.old.lines)) {
		switch {
		case p.old < 0:
			l := &s.new.lines[p.new]
			s.tell(Difference{Kind: Added, At: s.at(l.id), New: l.text, Grades: true}, "%s %s, in %s%s.",
				s.in("there is a new line,"), said(l.text), listed(s.new.listTitles(l), "and"), l.more(s.comparer.new))
		case p.new < 0:
			s.lineGone(&s.old.lines[p.old])
		default:
			s.line(&s.old.lines[p.old], &s.new.lines[p.new])
			if p.moved {
				l := &s.new.lines[p.new]
				s.tell(p.places(s.at(l.id)), "%s %s comes %s.", s.in("the line"), said(l.text), p.after(texts(s.old.lines), texts(s.new.lines)))
			}
		}
	}
}

// listTitles are the titles of the lists that a line stands in.
func (s *section) listTitles(l *line) (titles []string) {
	for _, i := range l.lists {
		titles = append(titles, said(s.lists[i].title))
	}
	return titles
}

func (s *section) listIDs(l *line) (ids []string) {
	for _, i := range l.lists {
		ids = append(ids, s.lists[i].id)
	}
	return ids
}

// more says what there is to a line beside its words and lists.
func (l *line) more(r *Rubric) string {
	words := ""
	if l.met != nil {
		words += "; it is " + l.counts() + " when " + l.met.root.words(r, false)
	}
	if l.notNeeded != nil {
		words += "; it is not needed when " + l.notNeeded.root.words(r, false)
	}
	if l.fixed {
		words += "; it is about a past that nothing done now can change"
	}
	return words
}

// counts is the word for a line that holds.
func (l *line) counts() string {
	if l.strength {
		return "met"
	}
	return "seen"
}

func (s *sectionPair) lineGone(l *line) {
	d := Difference{Kind: Removed, At: s.at(l.id), Old: l.text, Grades: true}
	if j := slices.IndexFunc(s.new.lines, func(n line) bool { return slices.Contains(n.was, l.id) }); j >= 0 {
		s.tell(d, "%s %s is gone; %s stands for it now.", s.in("the line"), said(l.text), said(s.new.lines[j].text))
		return
	}
	s.tell(d, "%s %s is gone; it stood in %s.", s.in("the line"), said(l.text), listed(s.old.listTitles(l), "and"))
}

func (s *sectionPair) line(old, new *line) {
	at, thing := s.at(new.id), s.in("the line "+said(new.text))
	if old.id != new.id {
		s.tell(Difference{Kind: Renamed, At: at, Old: old.id, New: new.id}, "%s has the name %s now; it was %s.", thing, new.id, old.id)
	}
	if !sameWords(old.text, new.text) {
		s.tell(Difference{Kind: Changed, At: at, Old: old.text, New: new.text}, "%s reads %s now.", s.in("the line "+said(old.text)), said(new.text))
	}
	if was, is := s.old.listIDs(old), s.new.listIDs(new); !sameSet(was, is) {
		s.tell(Difference{Kind: Moved, At: at, Old: strings.Join(was, ", "), New: strings.Join(is, ", "), Grades: true},
			"%s stands in %s now; it stood in %s.", thing, listed(s.new.listTitles(new), "and"), listed(s.old.listTitles(old), "and"))
	}
	s.lineConditions(at, thing, old, new)
	if old.fixed != new.fixed && s.comparer.old.fixedByFacts(old) == s.comparer.new.fixedByFacts(new) {
		s.tell(Difference{Kind: Changed, At: at, Old: fmt.Sprint(old.fixed), New: fmt.Sprint(new.fixed), Grades: old.bottomLine || new.bottomLine}, "%s %s.", thing, ofThePast(new.fixed))
	}
	s.wording(at, thing, "strand", old.strand, new.strand)
	s.wording(at, thing, "source", old.source, new.source)
	s.wording(at, thing, "note", old.note, new.note)
}

// fixedByFacts reports whether a line is about a fixed past because the facts are
// that it is worked out from: what changed is then told of those.
func (r *Rubric) fixedByFacts(l *line) bool {
	return l.met != nil && !slices.ContainsFunc(l.met.facts, func(f int) bool { return !r.facts[f].fixed })
}

// lineConditions compares how a line is worked out, and its exception.
func (s *sectionPair) lineConditions(at, thing string, old, new *line) {
	d := Difference{Kind: Changed, At: at, Grades: true}
	if x := s.condition(old.met, new.met, nil); x.differ {
		d.Old, d.New = x.oldText, x.newText
		switch {
		case new.met == nil:
			s.tell(d, "%s is answered by hand now; before, it was %s when %s.", thing, old.counts(), x.old)
		case old.met == nil:
			s.tell(d, "%s is worked out now, and no longer answered by hand: it is %s when %s.", thing, new.counts(), x.new)
		default:
			s.tell(d, "%s is now %s when %s; before, when %s.", thing, new.counts(), x.new, x.old)
		}
	}
	if x := s.condition(old.notNeeded, new.notNeeded, nil); x.differ {
		d.Old, d.New = x.oldText, x.newText
		switch {
		case new.notNeeded == nil:
			s.tell(d, "%s has no exception any more; it was not needed when %s.", thing, x.old)
		case old.notNeeded == nil:
			s.tell(d, "%s has an exception now: it is not needed when %s.", thing, x.new)
		default:
			s.tell(d, "%s is now not needed when %s; before, when %s.", thing, x.new, x.old)
		}
	}
}
