package rubric

import (
	"fmt"
	"slices"
	"strings"
)

// newlyAsked are the lines and facts that only the new version asks.
func (p *impactPlan) newlyAsked() []string {
	var asked []string
	for i := range p.new.sections {
		asked = append(asked, p.askedLines(i)...)
	}
	return append(asked, p.askedFacts(len(p.new.sections))...)
}

// asked are those that a part, or for the file any section, reads.
func (p *impactPlan) asked(part int) []string {
	if part == len(p.new.sections) {
		return p.newlyAsked()
	}
	return append(p.askedLines(part), p.askedFacts(part)...)
}

func (p *impactPlan) askedLines(section int) []string {
	s := &p.new.sections[section]
	answered := map[int]bool{}
	for old, now := range p.carry.lines {
		if _, l := p.old.line(old); now != nowhere && l.met == nil {
			answered[now] = true
		}
	}
	first := 0
	for i := range section {
		first += len(p.new.sections[i].lines)
	}
	var asked []string
	for j := range s.lines {
		if l := &s.lines[j]; l.met == nil && !answered[first+j] {
			asked = append(asked, fmt.Sprintf("“%s” (%s)", l.text, s.title))
		}
	}
	return asked
}

func (p *impactPlan) askedFacts(part int) []string {
	var asked []string
	for i := range p.new.facts {
		f := &p.new.facts[i]
		if _, ok := p.old.factByName[f.name]; !ok && (part == len(p.new.sections) || f.readBy&(1<<part) != 0) {
			asked = append(asked, "“"+f.ask+"”")
		}
	}
	return asked
}

// otherLines says, in brackets, which lines of a part, or of any for the file, count
// otherwise than before; "" if there are none.
func (p *impactPlan) otherLines(part int) string {
	var changed []string
	asked := map[int]bool{}
	first := 0
	for i := range p.old.sections {
		s := &p.old.sections[i]
		for j := range s.lines {
			l, now := &s.lines[j], p.carry.lines[first+j]
			asked[now] = true
			if part != len(p.new.sections) && part != p.carry.sections[i] || part == nowhere {
				continue
			}
			if now == nowhere {
				changed = append(changed, fmt.Sprintf("“%s” is not asked any more", l.text))
			} else if t, k := p.new.line(now); !s.counts(l).equal(t.counts(k)) {
				changed = append(changed, fmt.Sprintf("“%s” counts otherwise", l.text))
			}
		}
		first += len(s.lines)
	}
	first = 0
	for i := range p.new.sections {
		for j := range p.new.sections[i].lines {
			if !asked[first+j] && (part == i || part == len(p.new.sections)) {
				changed = append(changed, fmt.Sprintf("“%s” is new", p.new.sections[i].lines[j].text))
			}
		}
		first += len(p.new.sections[i].lines)
	}
	if len(changed) > 3 {
		changed = append(changed[:2], fmt.Sprintf("%d more lines are changed", len(changed)-2))
	}
	if len(changed) == 0 {
		return ""
	}
	return " (" + strings.Join(changed, "; ") + ")"
}

// lineCounts is what a line counts for: its lists and their kinds, and what works it
// out.
type lineCounts struct {
	lists          []string
	met, notNeeded string
}

func (s *section) counts(l *line) lineCounts {
	var c lineCounts
	for _, i := range l.lists {
		c.lists = append(c.lists, s.lists[i].id+" "+string(s.lists[i].kind))
	}
	slices.Sort(c.lists)
	if l.met != nil {
		c.met = l.met.text
	}
	if l.notNeeded != nil {
		c.notNeeded = l.notNeeded.text
	}
	return c
}

func (c lineCounts) equal(other lineCounts) bool {
	return slices.Equal(c.lists, other.lists) && c.met == other.met && c.notNeeded == other.notNeeded
}

// leftAside says what forms answer and the new version does not ask.
func (p *impactPlan) leftAside(what piece) string {
	switch what.kind {
	case linePiece, carriedPiece:
		s, l := p.old.line(what.at)
		words := fmt.Sprintf("the line “%s” (%s)", l.text, s.title)
		switch {
		case what.kind == carriedPiece:
			return words + ", judged in an earlier audit, which the new version does not ask"
		case p.carry.lines[what.at] != nowhere:
			return words + ", which the new version works out from facts"
		}
		return words + ", which the new version does not ask"
	case factPiece:
		return "“" + p.old.facts[what.at].ask + "”, which the new version does not ask"
	case statusPiece:
		return "the status “" + p.old.statuses[what.at].title + "”, which the new version does not tell apart"
	}
	return "a judgement of " + p.old.sections[what.at].title + ", which is not in the new version"
}

// refusal says which answer the new version does not take.
func (p *impactPlan) refusal(what piece) string {
	switch what.kind {
	case mergedPiece:
		s, l := p.old.line(what.at)
		return fmt.Sprintf("The line “%s” (%s) is one with another in the new version, and the two are answered otherwise.", l.text, s.title)
	case linePiece:
		s, l := p.old.line(what.at)
		_, now := p.new.line(p.carry.lines[what.at])
		var words []string
		for _, answer := range now.answers() {
			words = append(words, string(answer))
		}
		return fmt.Sprintf("The line “%s” (%s) is answered %s; the new version takes %s.", l.text, s.title, answerOf[what.as], strings.Join(words, ", "))
	case factPiece:
		return fmt.Sprintf("The answer to “%s” is none that the new version takes.", p.old.facts[what.at].ask)
	case togetherPiece:
		return fmt.Sprintf("The answer to “%s” and one that the new version compares it with do not go together.", p.new.facts[what.at].ask)
	case servicePiece:
		return "The new version does not tell apart the service that holds the case."
	case judgementPiece:
		return fmt.Sprintf("%s is judged %s, which is no grade of the new version.", p.old.sections[what.at].title, p.old.grades[what.as].title)
	case missedPiece:
		return fmt.Sprintf("A bottom line that the auditor added is about %s, which is not in the new version.", p.old.sections[what.at].title)
	}
	s, l := p.old.line(what.at)
	return fmt.Sprintf("The line “%s” (%s) was judged in an earlier audit; the new version has it judged again.", l.text, s.title)
}
