package rubric

import "slices"

// carry takes what a stored form says by one version of a rubric over to another. What
// the new version does not ask is left aside; what it asks but does not take as it was
// answered stops the form from being graded.
type carry struct {
	old, new *Rubric
	sections []int // by old place, the new one; nowhere for none
	grades   []int
	facts    []int
	same     []bool // facts whose answers mean what they meant
	lines    []int  // of all sections
	kinds    []lineKind
	last     []lastFact // by old fact, what the new version read last
}

const nowhere = -1

// piece is one thing that a form says, by its place in the old version.
type piece struct {
	kind pieceKind
	at   int        // a line of all lines, a fact, a section or a status
	as   answerCode // of a line; of a judgement its rank
}

type pieceKind uint8

const (
	linePiece      pieceKind = iota
	mergedPiece              // a line that became one with another, answered otherwise
	factPiece                // an answer to a fact
	togetherPiece            // two facts that do not go together
	servicePiece             // at is 0
	statusPiece              // a status
	judgementPiece           // of a section
	missedPiece              // a bottom line that an auditor added to a section
	carriedPiece             // a line that an earlier audit judged
)

func newCarry(from, to *Rubric) *carry {
	c := &carry{old: from, new: to, last: make([]lastFact, len(from.facts))}
	for i := range from.grades {
		c.grades = append(c.grades, to.Rank(from.gradeAt(i)))
	}
	for i := range from.facts {
		f, at := &from.facts[i], nowhere
		if j, ok := to.factByName[f.name]; ok {
			at = j
		}
		c.facts = append(c.facts, at)
		c.same = append(c.same, at != nowhere && f.means(&to.facts[at]))
	}
	var firstOf []int // of all new lines, each section's first
	for i := range to.sections {
		firstOf = append(firstOf, len(c.kinds))
		for j := range to.sections[i].lines {
			c.kinds = append(c.kinds, to.sections[i].lines[j].kind())
		}
	}
	for i := range from.sections {
		s := &from.sections[i]
		now, ok := to.sectionByID[s.id]
		if !ok {
			now = nowhere
		}
		c.sections = append(c.sections, now)
		for j := range s.lines {
			at := nowhere
			if now != nowhere {
				if k := to.sections[now].lineOnce(s.lines[j].id); k >= 0 {
					at = firstOf[now] + k
				}
			}
			c.lines = append(c.lines, at)
		}
	}
	return c
}

// means reports whether the answers to a fact are those of another version of it.
func (f *fact) means(other *fact) bool {
	return f.typ == other.typ && f.length == other.length && f.min == other.min && f.max == other.max && slices.Equal(idsOf(f.of), idsOf(other.of))
}

// lineOnce finds the line that has an id, or had it in an earlier version; -1 if there
// is none.
func (s *section) lineOnce(id string) int {
	if j, ok := s.lineByID[id]; ok {
		return j
	}
	return slices.IndexFunc(s.lines, func(l line) bool { return slices.Contains(l.was, id) })
}

// sheet fills to with what from says. It reports each piece that is left aside, and
// each that cannot be taken; then to is good for nothing.
func (c *carry) sheet(from, to *sheet, aside, refused func(piece)) {
	to.clear()
	for k, answer := range from.answers {
		if answer == 0 || answer == blank {
			continue
		}
		at := c.lines[k]
		switch {
		case at == nowhere || c.kinds[at] == computed:
			aside(piece{kind: linePiece, at: k})
		case taken[c.kinds[at]&3][answer&7] == 0:
			refused(piece{linePiece, k, answer})
		case to.answers[at] != 0 && to.answers[at] != answer:
			refused(piece{mergedPiece, k, answer})
		default:
			to.answers[at] = answer
		}
	}
	for i := range from.facts {
		if from.facts[i].known {
			c.fact(i, from, to, aside, refused)
		}
	}
	c.child(from, to, aside, refused)
	for i, now := range c.sections {
		switch judged := from.judgements[i]; {
		case judged == 0:
		case now == nowhere:
			aside(piece{kind: judgementPiece, at: i})
		case c.grades[judged-1] == nowhere:
			refused(piece{judgementPiece, i, answerCode(judged - 1)})
		default:
			to.judgements[now] = uint8(c.grades[judged-1] + 1)
		}
	}
	to.extras = from.extras
	for _, x := range from.extras {
		if i, ok := c.old.sectionByID[x.Section]; ok && c.sections[i] == nowhere {
			refused(piece{kind: missedPiece, at: i})
		}
	}
	c.carried(from, to, aside, refused)
}

func (c *carry) fact(i int, from, to *sheet, aside, refused func(piece)) {
	at := c.facts[i]
	if at == nowhere {
		aside(piece{kind: factPiece, at: i})
		return
	}
	to.said[at], to.facts[at] = from.said[i], from.facts[i]
	if c.same[i] {
		return
	}
	last := &c.last[i]
	if last.text != from.said[i] {
		n, problem := c.new.facts[at].read(from.said[i])
		*last = lastFact{from.said[i], value{known: problem == "", n: n}}
	}
	if to.facts[at] = last.value; !last.value.known {
		refused(piece{kind: factPiece, at: i})
	}
}

// child takes over the service and the statuses.
func (c *carry) child(from, to *sheet, aside, refused func(piece)) {
	if to.service = from.service; !tellsApart(c.new.services, from.service) {
		refused(piece{kind: servicePiece})
	}
	for _, status := range from.status {
		if tellsApart(c.new.statuses, status) {
			to.status = append(to.status, status)
		} else {
			aside(piece{kind: statusPiece, at: slices.Index(idsOf(c.old.statuses), status)})
		}
	}
}

// tellsApart reports whether an id is known where ids are told apart at all.
func tellsApart(choices []choice, id string) bool {
	return id == "" || len(choices) == 0 || slices.ContainsFunc(choices, func(c choice) bool { return c.id == id })
}

func (c *carry) carried(from, to *sheet, aside, refused func(piece)) {
	for _, ref := range from.carried {
		k, at := c.old.lineAt(ref), nowhere
		if k != nowhere {
			at = c.lines[k]
		}
		if at == nowhere {
			aside(piece{kind: carriedPiece, at: k})
			continue
		}
		s, l := c.new.line(at)
		if !l.fixed || !l.bottomLine {
			refused(piece{kind: carriedPiece, at: k})
		}
		to.carried = append(to.carried, LineRef{Section: s.id, Line: l.id})
	}
}

// lineAt is the place of a line among all lines.
func (r *Rubric) lineAt(ref LineRef) int {
	first := 0
	for i := range r.sections {
		if s := &r.sections[i]; s.id == ref.Section {
			if j, ok := s.lineByID[ref.Line]; ok {
				return first + j
			}
			return nowhere
		}
		first += len(r.sections[i].lines)
	}
	return nowhere
}

// line is the line at a place among all lines.
func (r *Rubric) line(at int) (*section, *line) {
	for i := range r.sections {
		s := &r.sections[i]
		if at < len(s.lines) {
			return s, &s.lines[at]
		}
		at -= len(s.lines)
	}
	return nil, nil
}
