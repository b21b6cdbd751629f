package rubric

import (
	"fmt"
	"slices"
	"time"

	"github.com/practiceaudit/practiceaudit/calendar"
)

// prover finds out what is true of every form, and for what is not the form that
// shows it at least cost: the fewest answers that are not as they should be, a
// judgement that is not the suggestion and what an auditor adds among them.
type prover struct {
	r    *Rubric
	sp   *space
	a    *Analysis
	ways [][]*paths // by section and root

	examples []*env // of the file, graded
}

// look is what a watch finds out of all forms, and the cheapest form for each.
type look struct {
	outcomes []outcome
	cost     []int
	form     func(i int) *Answers
}

// cheapest is the outcome of least cost that is as asked for; -1 if there is none.
func (l *look) cheapest(is func(outcome) bool) int {
	best := -1
	for i, o := range l.outcomes {
		if l.cost[i] >= 0 && is(o) && (best < 0 || l.cost[i] < l.cost[best]) {
			best = i
		}
	}
	return best
}

// shown is the cheapest form that is as asked for; nil if there is none.
func (l *look) shown(is func(outcome) bool) *Answers {
	if i := l.cheapest(is); i >= 0 {
		return l.form(i)
	}
	return nil
}

// section looks at a section by itself, and of its lines only at those that the watch
// reads.
func (p *prover) section(i int, w watch) *look {
	gauges := w.gauges()
	s := p.sp.sectionFor(i, w, nil, func(line int) bool {
		return slices.ContainsFunc(gauges, func(g int) bool {
			_, ok := p.sp.queries.gauges[g].lines[[2]int{i, line}]
			return ok
		})
	})
	l := &look{}
	for _, label := range s.labels {
		l.outcomes, l.cost = append(l.outcomes, label.outcome), append(l.cost, -1)
	}
	best, ways := make([]int, len(s.labels)), make([]*paths, len(s.diagram.roots))
	for root := range s.diagram.roots {
		ways[root] = s.ways(root)
		for i := range s.labels {
			if c := ways[root].to(i); c >= 0 && (l.cost[i] < 0 || c < l.cost[i]) {
				l.cost[i], best[i] = c, root
			}
		}
	}
	l.form = func(label int) *Answers {
		a := newAnswers()
		p.applies(a, i)
		p.fill(a, s, s.cellsOf(best[label]), ways[best[label]].choices(len(s.questions_), label))
		return a
	}
	return l
}

// ways are the cheapest through a section.
func (s *sectionSpace) ways(root int) *paths {
	return s.diagram.cheapest(root, func(q, _, choice int) int { return s.cost(q, choice) })
}

// cost is 1 for an answer that is not as it should be.
func (s *sectionSpace) cost(q, choice int) int {
	ask := s.questions_[q]
	switch {
	case ask.group >= 0:
		return 0
	case ask.line < 0:
		return choice
	case choice == isWorkedOut || choice == s.sp.r.sections[s.index].lines[ask.line].asItShouldBe():
		return 0
	}
	return 1
}

func (l *line) asItShouldBe() int {
	if l.strength {
		return saysYes
	}
	return saysNo
}

// cellsOf are cells that lead to a root, by group.
func (s *sectionSpace) cellsOf(root int) map[int]int {
	cells := map[int]int{}
	for _, g := range slices.Backward(s.shared) {
		n := len(s.views[g].first)
		cells[g], root = s.views[g].first[root%n], root/n
	}
	return cells
}

func newAnswers() *Answers {
	return &Answers{Facts: map[string]string{}, Lines: map[string]map[string]Answer{}, Judgements: map[string]Grade{}}
}

// fill answers a section: its lines, and the facts of its groups.
func (p *prover) fill(a *Answers, s *sectionSpace, cells map[int]int, choices []int) {
	sec := &p.r.sections[s.index]
	lines := map[string]Answer{}
	for j := range sec.lines {
		if l := &sec.lines[j]; l.met == nil {
			lines[l.id] = l.answer(l.asItShouldBe())
		}
	}
	for q, ask := range s.questions_ {
		switch choice := choices[q]; {
		case ask.group >= 0:
			p.facts(a, ask.group, choice)
		case ask.line < 0 && choice == 1:
			a.MissedBottomLines = append(a.MissedBottomLines, MissedBottomLine{Section: sec.id, Text: "another bottom line"})
		case ask.line >= 0 && choice != isWorkedOut:
			if l := &sec.lines[ask.line]; choice == saysNotApplicable && l.bottomLine {
				a.Carried = append(a.Carried, LineRef{Section: sec.id, Line: l.id})
				delete(lines, l.id)
			} else {
				lines[l.id] = l.answer(choice)
			}
		}
	}
	for g, c := range cells {
		p.facts(a, g, c)
	}
	if len(lines) > 0 {
		a.Lines[sec.id] = lines
	}
}

// answer is a choice as people answer it.
func (l *line) answer(choice int) Answer {
	if l.strength {
		return [...]Answer{NotApplicable, Evidenced, Partly, NotEvidenced}[choice]
	}
	return [...]Answer{saysYes: Seen, saysNo: NotSeen}[choice]
}

func (p *prover) facts(a *Answers, group, c int) {
	g := p.sp.groups[group]
	for i, f := range g.facts {
		a.Facts[p.r.facts[f].name] = p.r.facts[f].write(g.cells[c].values[i])
	}
}

// write is an answer to a fact as people write it.
func (f *fact) write(n int) string {
	switch f.typ {
	case YesNoFact:
		return [...]string{"no", "yes"}[n]
	case ChoiceFact:
		return f.of[n].id
	case DurationFact:
		return fmt.Sprintf("%d %s", n, f.unit)
	case DateFact:
		return calendar.DateOf(time.Unix(int64(n), 0)).String()
	case TimeFact:
		return time.Unix(int64(n), 0).In(calendar.London()).Format("2006-01-02T15:04")
	}
	return fmt.Sprint(n)
}

// applies gives a service and statuses with which a section is part of the audit.
func (p *prover) applies(a *Answers, section int) {
	s := &p.r.sections[section]
	if len(s.services) > 0 {
		a.Service = s.services[0]
	}
	if len(s.status) > 0 {
		a.Status = s.status[:1]
	}
}

// who gives the service, and the fewest statuses, with which just those sections
// apply.
func (p *prover) who(a *Answers, mask uint32) {
	r := p.r
	for _, service := range r.servicesOrNone() {
		var held []string
		mine := func(held []string) uint32 {
			return r.applying(service, func(i int) bool {
				return slices.ContainsFunc(held, func(x string) bool { return slices.Contains(r.sections[i].status, x) })
			})
		}
		for _, c := range r.statuses {
			if with := append(slices.Clone(held), c.id); mine(with)&^mask == 0 {
				held = with
			}
		}
		if mine(held) != mask {
			continue
		}
		for _, c := range r.statuses {
			if without := slices.DeleteFunc(slices.Clone(held), func(x string) bool { return x == c.id }); mine(without) == mask {
				held = without
			}
		}
		a.Service, a.Status = service, held
		return
	}
}

// file looks at the file as a whole.
func (p *prover) file(w watch) *look {
	f := p.sp.fileOf(w)
	ways := p.fileWays(f)
	l := &look{outcomes: f.labels}
	for i := range f.labels {
		l.cost = append(l.cost, ways.to(i))
	}
	l.form = func(label int) *Answers { return p.fileForm(f, ways.choices(len(f.questions_), label)) }
	return l
}

// fileWays are the cheapest ways through the file.
func (p *prover) fileWays(f *fileSpace) *paths {
	return f.diagram.cheapest(0, func(q, node, choice int) int { return p.fileCost(f, q, node, choice) })
}

func (p *prover) fileCost(f *fileSpace, q, node, choice int) int {
	ask := f.questions_[q]
	switch {
	case ask.who || ask.group >= 0:
		return 0
	case ask.section < 0:
		return choice
	}
	s := p.sp.sections[ask.section]
	if choice >= s.absent(false) {
		return choice - s.absent(false)
	}
	label, rank := choice/len(p.r.grades), choice%len(p.r.grades)
	return p.ways[ask.section][f.rootAt(q, node, s)].to(label) + s.judging(label, rank)
}

// rootAt is the root of a section at a node of the file.
func (f *fileSpace) rootAt(q, node int, s *sectionSpace) int {
	cells := f.marks[f.diagram.layers[q].marks[node]]
	return s.root(func(group int) int { return cells[slices.Index(f.cells, group)] - 1 })
}

// judging is 1 where the file reads a grade that a person gave.
func (s *sectionSpace) judging(label, rank int) int {
	if p := s.labels[label].part.part(0); p.free == no && p.possible == 1<<rank {
		return 0
	}
	return 1
}

// fileForm is the whole form of some choices.
func (p *prover) fileForm(f *fileSpace, choices []int) *Answers {
	a := newAnswers()
	cells := map[int]int{}
	for q, ask := range f.questions_ {
		choice := choices[q]
		switch {
		case ask.who:
			p.who(a, p.sp.masks[choice])
		case ask.group >= 0:
			cells[ask.group] = choice
			p.facts(a, ask.group, choice)
		case ask.section < 0 && choice == 1:
			a.MissedBottomLines = append(a.MissedBottomLines, MissedBottomLine{Text: "another bottom line"})
		case ask.section >= 0:
			p.fillSection(a, ask.section, choice, cells)
		}
	}
	return a
}

func (p *prover) fillSection(a *Answers, section, choice int, cells map[int]int) {
	s := p.sp.sections[section]
	id := p.r.sections[section].id
	if choice >= s.absent(false) {
		if choice == s.absent(true) {
			a.MissedBottomLines = append(a.MissedBottomLines, MissedBottomLine{Section: id, Text: "another bottom line"})
		}
		return
	}
	label, rank := choice/len(p.r.grades), choice%len(p.r.grades)
	root := s.root(func(group int) int { return cells[group] })
	p.fill(a, s, nil, p.ways[section][root].choices(len(s.questions_), label))
	if s.judging(label, rank) == 1 {
		a.Judgements[id] = p.r.gradeAt(rank)
	}
}
