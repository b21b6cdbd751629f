package rubric

import (
	"fmt"
	"slices"
)

func (c *comparer) facts() {
	names := func(facts []fact) (names, asks []string) {
		for i := range facts {
			names, asks = append(names, facts[i].name), append(asks, facts[i].ask)
		}
		return names, asks
	}
	oldNames, oldAsks := names(c.old.facts)
	newNames, newAsks := names(c.new.facts)
	for _, p := range pairs(sameNames(oldNames, newNames), len(oldNames)) {
		switch {
		case p.old < 0:
			f := &c.new.facts[p.new]
			c.tell(Difference{Kind: Added, At: "facts." + f.name, New: f.ask, Grades: f.readBy != 0},
				"There is a new question, %s, answered with %s.", said(f.ask), f.answeredWith())
		case p.new < 0:
			f := &c.old.facts[p.old]
			c.tell(Difference{Kind: Removed, At: "facts." + f.name, Old: f.ask, Grades: f.readBy != 0}, "The question %s is no longer asked.", said(f.ask))
		default:
			c.fact(&c.old.facts[p.old], &c.new.facts[p.new])
			if p.moved {
				c.tell(p.places("facts."+newNames[p.new]), "The question %s comes %s.", said(newAsks[p.new]), p.after(oldAsks, newAsks))
			}
		}
	}
}

func (c *comparer) fact(old, new *fact) {
	at := "facts." + new.name
	thing := "The question " + said(new.ask)
	if !sameWords(old.ask, new.ask) {
		c.tell(Difference{Kind: Changed, At: at, Old: old.ask, New: new.ask}, "The question %s reads %s now.", said(old.ask), said(new.ask))
	}
	if old.typ == ChoiceFact && new.typ == ChoiceFact {
		c.answersOf(at, thing, old, new)
	} else if was, is := old.answeredWith(), new.answeredWith(); was != is {
		// The unit of a number is only said.
		d := Difference{Kind: Changed, At: at, Old: was, New: is, Grades: old.typ != new.typ || old.length != new.length || old.min != new.min || old.max != new.max}
		c.tell(d, "%s is answered with %s now; it was with %s.", thing, is, was)
	}
	if old.fixed != new.fixed {
		c.tell(Difference{Kind: Changed, At: at, Old: fmt.Sprint(old.fixed), New: fmt.Sprint(new.fixed), Grades: c.old.decidesBottomLine(old.name) || c.new.decidesBottomLine(new.name)},
			"%s %s.", thing, ofThePast(new.fixed))
	}
	if old.better != new.better {
		c.tell(Difference{Kind: Changed, At: at, Old: old.better, New: new.better}, "%s: %s answer is better practice now; before, it was %s.", thing, betterAnswer(new.better), betterAnswer(old.better))
	}
	c.wording(at, thing, "source", old.source, new.source)
	c.wording(at, thing, "note", old.note, new.note)
}

// decidesBottomLine reports whether a bottom line is worked out from a fact: such a
// line about a fixed past can be carried.
func (r *Rubric) decidesBottomLine(name string) bool {
	i := r.factByName[name]
	return slices.ContainsFunc(r.sections, func(s section) bool {
		return slices.ContainsFunc(s.lines, func(l line) bool { return l.bottomLine && l.met != nil && slices.Contains(l.met.facts, i) })
	})
}

// answersOf compares what can be chosen.
func (c *comparer) answersOf(at, thing string, old, new *fact) {
	for _, p := range pairs(sameNames(idsOf(old.of), idsOf(new.of)), len(old.of)) {
		switch {
		case p.old < 0:
			x := new.of[p.new]
			c.tell(Difference{Kind: Added, At: at, New: x.id, Grades: true}, "%s can also be answered %s now.", thing, said(x.title))
			continue
		case p.new < 0:
			x := old.of[p.old]
			c.tell(Difference{Kind: Removed, At: at, Old: x.id, Grades: true}, "%s can no longer be answered %s.", thing, said(x.title))
			continue
		}
		o, n := old.of[p.old], new.of[p.new]
		if !sameWords(o.title, n.title) {
			c.tell(Difference{Kind: Changed, At: at, Old: o.title, New: n.title}, "%s: the answer %s reads %s now.", thing, said(o.title), said(n.title))
		}
		if p.moved {
			c.tell(p.places(at), "%s: the answer %s comes %s.", thing, said(n.title), p.after(titlesOf(old.of), titlesOf(new.of)))
		}
	}
}

// answeredWith says what answer a fact takes.
func (f *fact) answeredWith() string {
	switch f.typ {
	case DateFact:
		return "a date"
	case TimeFact:
		return "a date and time"
	case YesNoFact:
		return "yes or no"
	case DurationFact:
		return "a period in " + f.unit
	case ChoiceFact:
		titles := titlesOf(f.of)
		for i := range titles {
			titles[i] = said(titles[i])
		}
		return "one of " + listed(titles, "and")
	}
	words := "a whole number"
	if f.unit != "" {
		words = "a number of " + f.unit
	}
	switch {
	case f.min > -MaxNumber && f.max < MaxNumber:
		return fmt.Sprintf("%s from %d to %d", words, f.min, f.max)
	case f.min > -MaxNumber:
		return fmt.Sprintf("%s of at least %d", words, f.min)
	case f.max < MaxNumber:
		return fmt.Sprintf("%s of at most %d", words, f.max)
	}
	return words
}

func betterAnswer(better string) string {
	if better == "" {
		return "neither a lower nor a higher"
	}
	return "a " + better
}

// ofThePast says whether a question or a line is marked as fixed.
func ofThePast(fixed bool) string {
	if fixed {
		return "is marked now as about a past that nothing done now can change"
	}
	return "is no longer marked as about a past that nothing done now can change"
}
