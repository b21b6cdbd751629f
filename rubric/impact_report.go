package rubric

import (
	"cmp"
	"maps"
	"slices"
)

// ImpactReport says what a new version of a rubric makes of forms stored under an old
// one. It is plain data; [ImpactReport.Text] writes it for a reader. Where forms are
// named they are the first of their kind.
type ImpactReport struct {
	Old Ref `json:"old"`
	New Ref `json:"new"`

	Forms      int              `json:"forms"`                // that were read and graded under the old version
	Blank      int              `json:"blank,omitempty"`      // lines with nothing on them
	Unread     int              `json:"unread,omitempty"`     // lines that are no form of the old version
	Unreadable []UnreadableLine `json:"unreadable,omitempty"` // the first few of those

	// Ungraded forms are in no move: the new version does not take an answer of theirs.
	// Refused says which answers, the most frequent first; a form with several counts
	// for each.
	Ungraded int            `json:"ungraded,omitempty"`
	Refused  []ImpactReason `json:"refused,omitempty"`

	// LeftAside is what forms answer and the new version does not ask, the most
	// frequent first. NewlyAsked is what no stored form can answer.
	LeftAside  []ImpactCount `json:"left_aside,omitempty"`
	NewlyAsked []string      `json:"newly_asked,omitempty"`

	File     PartImpact   `json:"file"`
	Sections []PartImpact `json:"sections,omitempty"` // those of the new version, then those that are gone

	Closing string `json:"closing"` // what this does not change
}

// UnreadableLine is a line that is no form of the old version, and why.
type UnreadableLine struct {
	Line    int    `json:"line"` // counted from 1
	Problem string `json:"problem"`
}

// ImpactReason counts forms that something is the reason of.
type ImpactReason struct {
	Because string    `json:"because"` // in a sentence
	Forms   int       `json:"forms"`
	First   []FormRef `json:"first"`
}

// ImpactCount counts forms that say something.
type ImpactCount struct {
	What  string `json:"what"`
	Forms int    `json:"forms"`
}

// PartImpact is what moves in one section, or in the file as a whole.
type PartImpact struct {
	Section string `json:"section"` // "" for the file
	Title   string `json:"title"`

	// Before and After are outcomes in words: every grade, worst first, and of the
	// others those that occur. Moved counts the forms for each pair: Moved[i][j] went
	// from Before[i] to After[j].
	Before []string `json:"before"`
	After  []string `json:"after"`
	Moved  [][]int  `json:"moved"`

	// Better and Worse count forms whose suggested grade went up or down, Same those
	// that came to the same, Otherwise those that moved from or to something that is
	// no grade. Together with the forms that cannot be graded they are all.
	Better    int `json:"better"`
	Worse     int `json:"worse"`
	Same      int `json:"same"`
	Otherwise int `json:"otherwise"`

	// Moves are the reasons: first those of the limits on a missed bottom line, then
	// the most frequent first.
	Moves []Move `json:"moves,omitempty"`

	// JudgedAboveBefore and JudgedAboveAfter count forms in which a person's judgement
	// of the section is above what its limits leave.
	JudgedAboveBefore int `json:"judged_above_before,omitempty"`
	JudgedAboveAfter  int `json:"judged_above_after,omitempty"`
}

// Move is forms that moved alike, and why.
type Move struct {
	From       string `json:"from"`
	To         string `json:"to"`
	BottomLine bool   `json:"bottom_line,omitempty"` // a limit on a missed bottom line decided, or decides
	ImpactReason
}

const impactClosing = "This is what the rubrics suggest. No grade that a person gave is changed by it."

// report adds up what each grader counted.
func (p *impactPlan) report(graders []*impactGrader) *ImpactReport {
	x := &ImpactReport{Old: p.old.ref, New: p.new.ref, Closing: impactClosing, NewlyAsked: p.newlyAsked()}
	sum := p.grader()
	for _, g := range graders {
		sum.join(g)
	}
	x.Forms, x.Blank, x.Unread, x.Unreadable, x.Ungraded = sum.read, sum.blank, sum.unread, sum.unreadable, sum.ungraded
	for what, of := range sum.refusals {
		x.Refused = append(x.Refused, ImpactReason{p.refusal(what), of.forms, of.first})
	}
	slices.SortFunc(x.Refused, byForms)
	for at, forms := range sum.asideLines {
		if forms > 0 {
			sum.aside[piece{kind: linePiece, at: at}] = forms
		}
	}
	for what, forms := range sum.aside {
		x.LeftAside = append(x.LeftAside, ImpactCount{p.leftAside(what), forms})
	}
	slices.SortFunc(x.LeftAside, func(a, b ImpactCount) int {
		return cmp.Or(cmp.Compare(b.Forms, a.Forms), cmp.Compare(a.What, b.What))
	})
	for i := range p.parts {
		part := p.partImpact(i, sum)
		if i == 0 {
			x.File = part
		} else {
			x.Sections = append(x.Sections, part)
		}
	}
	return x
}

func byForms(a, b ImpactReason) int {
	return cmp.Or(cmp.Compare(b.Forms, a.Forms), cmp.Compare(a.Because, b.Because))
}

// join adds what another grader counted.
func (g *impactGrader) join(other *impactGrader) {
	g.read, g.blank, g.unread, g.ungraded = g.read+other.read, g.blank+other.blank, g.unread+other.unread, g.ungraded+other.ungraded
	g.unreadable = append(g.unreadable, other.unreadable...)
	slices.SortFunc(g.unreadable, func(a, b UnreadableLine) int { return cmp.Compare(a.Line, b.Line) })
	g.unreadable = g.unreadable[:min(len(g.unreadable), firstUnreadable)]
	for i, n := range other.asideLines {
		g.asideLines[i] += n
	}
	for what, n := range other.aside {
		g.aside[what] += n
	}
	joinGroups(g.refusals, other.refusals)
	for i := range g.counts {
		for j, n := range other.counts[i] {
			g.counts[i][j] += n
		}
		joinGroups(g.moves[i], other.moves[i])
		g.above[i][0] += other.above[i][0]
		g.above[i][1] += other.above[i][1]
	}
}

func joinGroups[K comparable](into, from map[K]*formGroup) {
	for key, of := range from {
		if into[key] == nil {
			into[key] = &formGroup{}
		}
		sum := into[key]
		sum.forms += of.forms
		sum.first = append(sum.first, of.first...)
		slices.SortFunc(sum.first, func(a, b FormRef) int { return cmp.Compare(a.Line, b.Line) })
		sum.first = sum.first[:min(len(sum.first), firstForms)]
	}
}

func (p *impactPlan) partImpact(i int, sum *impactGrader) PartImpact {
	part := &p.parts[i]
	x := PartImpact{Title: "The file as a whole", JudgedAboveBefore: sum.above[i][0], JudgedAboveAfter: sum.above[i][1]}
	switch {
	case i == 0:
	case part.new != nowhere:
		x.Section, x.Title = p.new.sections[part.new].id, p.new.sections[part.new].title
	default:
		x.Section, x.Title = p.old.sections[part.old].id, p.old.sections[part.old].title
	}
	p.matrix(&x, part, sum.counts[i])
	p.moves(&x, i, sum.moves[i])
	return x
}

// matrix leaves out the outcomes that are no grade and do not occur.
func (p *impactPlan) matrix(x *PartImpact, part *impactPart, counts []int) {
	n, m := p.old.outcomes(), p.new.outcomes()
	var rows, columns []int
	for from := range n {
		if from < len(p.old.grades) || slices.ContainsFunc(counts[from*m:(from+1)*m], positive) {
			rows = append(rows, from)
			x.Before = append(x.Before, p.old.outcomeWords(from))
		}
	}
	for to := range m {
		occurs := to < len(p.new.grades)
		for from := range n {
			occurs = occurs || counts[from*m+to] > 0
		}
		if occurs {
			columns = append(columns, to)
			x.After = append(x.After, p.new.outcomeWords(to))
		}
	}
	for _, from := range rows {
		var row []int
		for _, to := range columns {
			forms := counts[from*m+to]
			row = append(row, forms)
			stays := part.stays[from]
			switch {
			case to == 2*len(p.new.grades)+ungradedOutcome:
			case to == stays:
				x.Same += forms
			case from >= len(p.old.grades) || to >= len(p.new.grades) || stays == nowhere:
				x.Otherwise += forms
			case to > stays:
				x.Better += forms
			default:
				x.Worse += forms
			}
		}
		x.Moved = append(x.Moved, row)
	}
}

func positive(n int) bool { return n > 0 }

// moves gives each move its reason; those that read alike are one.
func (p *impactPlan) moves(x *PartImpact, i int, moves map[moveKey]*formGroup) {
	alike := map[[3]string]map[bool]*formGroup{}
	for _, key := range slices.Collect(maps.Keys(moves)) {
		text := [3]string{p.old.outcomeWords(int(key.from)), p.new.outcomeWords(int(key.to)), p.because(i, key)}
		if alike[text] == nil {
			alike[text] = map[bool]*formGroup{}
		}
		joinGroups(alike[text], map[bool]*formGroup{p.bottomLine(i, key): moves[key]})
	}
	for text, groups := range alike {
		for bottom, of := range groups {
			x.Moves = append(x.Moves, Move{text[0], text[1], bottom, ImpactReason{text[2], of.forms, of.first}})
		}
	}
	slices.SortFunc(x.Moves, func(a, b Move) int {
		switch {
		case a.BottomLine && !b.BottomLine:
			return -1
		case b.BottomLine && !a.BottomLine:
			return 1
		}
		return cmp.Or(byForms(a.ImpactReason, b.ImpactReason), cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To))
	})
}

func (p *impactPlan) bottomLine(i int, key moveKey) bool {
	part := &p.parts[i]
	return key.was.kind == byLimit && readsBottomLines(part.oldRules.limits[key.was.at].when.root) ||
		key.is.kind == byLimit && readsBottomLines(part.newRules.limits[key.is.at].when.root)
}
