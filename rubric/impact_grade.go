package rubric

import (
	"bytes"
	"strings"
)

// FormRef says which stored form is meant.
type FormRef struct {
	Line int    `json:"line"`           // counted from 1
	Case string `json:"case,omitempty"` // the form's own reference, if it has one
}

// formGroup counts forms of a kind and names the first few.
type formGroup struct {
	forms int
	first []FormRef
}

const (
	firstForms      = 3  // of each kind that are named
	firstUnreadable = 10 // lines of which it is said what is wrong
	longestProblem  = 2000
)

// impactGrader grades forms under both versions and counts what comes of it.
type impactGrader struct {
	plan    *impactPlan
	reader  *FormReader
	carry   *carry
	sheet   *sheet
	bound   *sheetBinder
	was, is Result
	line    int    // that is graded
	ref     []byte // its reference to a case

	read, blank, ungraded, unread int
	unreadable                    []UnreadableLine
	asideLines                    []int // by old line, forms
	aside                         map[piece]int
	refusals                      map[piece]*formGroup
	counts                        [][]int // by part, then by outcome before and after
	moves                         []map[moveKey]*formGroup
	above                         [][2]int // by part, judgements above what limits leave, before and after
	leaveAside, refuse            func(piece)
}

func (p *impactPlan) grader() *impactGrader {
	g := &impactGrader{
		plan: p, reader: NewFormReader(p.old, p.cal), carry: newCarry(p.old, p.new),
		sheet: p.new.emptySheet(), bound: newSheetBinder(p.new, p.cal),
		asideLines: make([]int, p.old.lines), aside: map[piece]int{}, refusals: map[piece]*formGroup{}, above: make([][2]int, len(p.parts)),
	}
	for range p.parts {
		g.counts = append(g.counts, make([]int, p.old.outcomes()*p.new.outcomes()))
		g.moves = append(g.moves, map[moveKey]*formGroup{})
	}
	g.leaveAside = func(what piece) {
		if what.kind == linePiece {
			g.asideLines[what.at]++
		} else {
			g.aside[what]++
		}
	}
	g.refuse = func(what piece) { note(g.refusals, what, g) }
	return g
}

// note counts the form that is graded.
func note[K comparable](in map[K]*formGroup, key K, g *impactGrader) {
	of := in[key]
	if of == nil {
		of = &formGroup{}
		in[key] = of
	}
	if of.forms++; len(of.first) < firstForms {
		of.first = append(of.first, FormRef{g.line, string(g.ref)})
	}
}

func (g *impactGrader) batch(b *batch) {
	start := 0
	for i, end := range b.ends {
		line := b.text[start:end]
		start = end
		g.line = b.first + i
		if len(bytes.TrimSpace(line)) == 0 {
			g.blank++
		} else {
			g.grade(line)
		}
	}
}

func (g *impactGrader) grade(line []byte) {
	f, ref, err := g.reader.read(line)
	if err != nil {
		if g.unread++; len(g.unreadable) < firstUnreadable {
			g.unreadable = append(g.unreadable, UnreadableLine{Line: g.line, Problem: shortened(err.Error())})
		}
		return
	}
	g.read++
	g.ref = ref
	g.was.Grade(f)
	after := g.again()
	if after == nil {
		g.ungraded++
	} else {
		g.is.Grade(after)
	}
	for i := range g.plan.parts {
		g.part(i, f, after)
	}
}

// shortened keeps the start of what is wrong with a line, which may be as long as the
// line.
func shortened(problem string) string {
	if len(problem) <= longestProblem {
		return problem
	}
	return strings.ToValidUTF8(problem[:longestProblem], "") + " …"
}

// again is the form under the new version; nil if it cannot be graded.
func (g *impactGrader) again() *Form {
	refused := false
	g.carry.sheet(g.reader.sheet, g.sheet, g.leaveAside, func(what piece) {
		refused = true
		g.refuse(what)
	})
	if refused {
		return nil
	}
	if !g.bound.bind(g.sheet) {
		g.refuse(piece{kind: togetherPiece, at: g.plan.new.factByName[g.bound.errors[0].Fact]})
		return nil
	}
	return g.bound.f
}

// part counts what a section, or the file, comes to before and after.
func (g *impactGrader) part(i int, f, after *Form) {
	p := &g.plan.parts[i]
	var was, is part
	if p.old != nowhere {
		was = g.was.part(p.old)
	}
	from, to := g.plan.old.outcome(was), 2*len(g.plan.new.grades)+ungradedOutcome
	if after != nil {
		if p.new != nowhere {
			is = g.is.part(p.new)
		}
		to = g.plan.new.outcome(is)
	}
	g.counts[i][from*g.plan.new.outcomes()+to]++
	if p.old != nowhere && p.old < len(f.states) && was.applies && f.judgement(p.old) > was.atMost() {
		g.above[i][0]++
	}
	if after == nil {
		return
	}
	if p.new != nowhere && p.new < len(after.states) && is.applies && after.judgement(p.new) > is.atMost() {
		g.above[i][1]++
	}
	if p.stays[from] != to {
		note(g.moves[i], g.move(i, from, to, was, is), g)
	}
}

// moveKey tells moves of one part apart that have different reasons.
type moveKey struct {
	from, to int16
	was, is  decider
	section  int8 // of the file: the section of the old version whose grade moved, noSection or severalSections
	still    bool // the limit that decided before still applies
	already  bool // the limit that decides now applied before
}

const (
	noSection       = -1
	severalSections = -2
)

func (g *impactGrader) move(i, from, to int, was, is part) moveKey {
	p := &g.plan.parts[i]
	key := moveKey{
		from: int16(from), to: int16(to), section: noSection,
		was: p.oldRules.decided(was, len(g.plan.old.grades)-1), is: p.newRules.decided(is, len(g.plan.new.grades)-1),
	}
	if key.was.kind == byLimit {
		at := p.pairs.limits[key.was.at]
		key.still = at != nowhere && is.limits&(1<<at) != 0
	}
	if key.is.kind == byLimit {
		at := p.pairs.limitsOld[key.is.at]
		key.already = at != nowhere && was.limits&(1<<at) != 0
	}
	if i == 0 {
		key.section = g.movedSection()
	}
	return key
}

// movedSection is the section whose grade, as the rules of the file read it, is not
// what it was.
func (g *impactGrader) movedSection() int8 {
	moved := int8(noSection)
	for i, now := range g.carry.sections {
		var was, is ranks
		for set := g.was.env.grade(i); set != 0; set &= set - 1 {
			rank := set.worst()
			if rank < len(g.carry.grades) {
				rank = g.carry.grades[rank]
			}
			was |= 1 << (rank & 15) // a grade that is gone is none of the new version's
		}
		if now != nowhere {
			is = g.is.env.grade(now)
		}
		switch {
		case was == is:
		case moved == noSection:
			moved = int8(i)
		default:
			return severalSections
		}
	}
	return moved
}
