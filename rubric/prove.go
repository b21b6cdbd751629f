package rubric

import (
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/internal/source"
)

// proved is a part, a section or the whole file, while it is proved.
type proved struct {
	id, title string // "referral", "Referral"; of the file "overall", "the file"
	section   int    // or wholeFile
	rules     *rules
	node      *source.Node
	look      *look // what its rules come to
	watch     watch
}

// prove finds everything out.
func (p *prover) prove(cal *calendar.Calendar) {
	p.sp = spaceOf(p.r, cal, &budget{20 * MaxVisit}, true, nil)
	for _, s := range p.sp.sections {
		ways := make([]*paths, len(s.diagram.roots))
		for root := range ways {
			ways[root] = s.ways(root)
		}
		p.ways = append(p.ways, ways)
	}
	p.count()
	for i := range p.r.sections {
		s := &p.r.sections[i]
		part := &proved{id: s.id, title: s.title, section: i, rules: &s.rules, node: s.rules.node, watch: p.sp.watches[i], look: p.section(i, p.sp.watches[i])}
		p.lines(part)
		p.part(part)
	}
	w := p.sp.watches[len(p.r.sections)]
	whole := &proved{id: "overall", title: "the file", section: wholeFile, rules: &p.r.overall, node: p.r.overall.node, watch: w, look: p.file(w)}
	p.part(whole)
	p.bottomLines(whole)
	p.monotone()
	p.unread()
}

// part finds out what is true of one part's rules.
func (p *prover) part(x *proved) {
	for i := range x.rules.limits {
		l := &x.rules.limits[i]
		at := fmt.Sprintf("%s.limit.%d", x.id, i+1)
		p.condition(x, at, l.when, x.watch.each[i], LimitNeverApplies, l.node)
	}
	for i := range x.rules.suggest {
		p.rule(x, i)
	}
	p.same(x)
	p.grades(x)
	p.gap(x)
}

// lookAt looks at a watch of the part.
func (p *prover) lookAt(x *proved, w watch) *look {
	p.sp.steps.left = 4 * MaxVisit // each look is a visit of its own
	if x.section == wholeFile {
		return p.file(w)
	}
	return p.section(x.section, w)
}

func holds(o outcome) bool     { return o.each&1 == 1 }
func holdsNone(o outcome) bool { return o.each&1 == 0 }

// condition finds out whether a condition, and each of its parts, comes out both ways,
// and which examples show it. never is the finding where it holds of no form.
func (p *prover) condition(x *proved, at string, c *condition, q *query, never FindingKind, node *source.Node) {
	l := p.lookAt(x, watch{each: []*query{q}})
	p.cover(x, at, c, l)
	so, not := l.cheapest(holds), l.cheapest(holdsNone)
	switch {
	case so < 0:
		p.find(Finding{Kind: never, At: at, Text: p.neverText(never, x, at, c) + p.why(x, c, true), Place: node.Mistake("")}, nil)
	case not < 0:
		text := fmt.Sprintf("The condition of %s holds of every form: %s", p.named(x, at), c.root.words(p.r, false))
		p.find(Finding{Kind: AlwaysHolds, At: at, Text: text + p.why(x, c, false), Place: c.node.Mistake("")}, l.form(so))
	default:
		p.parts(x, at, c)
	}
}

func (p *prover) neverText(kind FindingKind, x *proved, at string, c *condition) string {
	if kind == NeverHolds {
		return fmt.Sprintf("The condition of %s holds of no form: %s", p.named(x, at), c.root.words(p.r, false))
	}
	return fmt.Sprintf("%s can never apply: no form has it that %s", capital(p.named(x, at)), c.root.words(p.r, false))
}

// named is a rule, a limit or a line's condition as a person calls it.
func (p *prover) named(x *proved, at string) string {
	words := strings.Split(strings.TrimPrefix(at, x.id+"."), ".")
	switch {
	case len(words) == 2 && words[0] == "limit":
		return "limit " + words[1] + " of " + x.title
	case len(words) == 2 && words[0] == "suggest":
		return "rule " + words[1] + " of " + x.title
	}
	return fmt.Sprintf("the line “%s” of %s (%s)", words[0], x.title, strings.Join(words[1:], " "))
}

func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// why names the part of a condition that makes the whole of it come out one way.
func (p *prover) why(x *proved, c *condition, never bool) string {
	for _, part := range c.parts[:max(0, len(c.parts)-1)] {
		if !comparesNumbers(part.node) {
			continue
		}
		l := p.lookAt(x, watch{each: []*query{p.sp.queries.of(part.node)}})
		if never && l.cheapest(holds) < 0 || !never && l.cheapest(holdsNone) < 0 {
			return fmt.Sprintf(" (because of %s)", part.text)
		}
	}
	return "."
}

func comparesNumbers(n boolNode) bool {
	switch n.(type) {
	case *comparison, *percentOf:
		return true
	}
	return false
}

// parts finds the parts of a condition that come out one way only, the outermost of
// those inside one another.
func (p *prover) parts(x *proved, at string, c *condition) {
	var walk func(n boolNode)
	walk = func(n boolNode) {
		if n != c.root {
			l := p.lookAt(x, watch{each: []*query{p.sp.queries.of(n)}})
			so, not := l.cheapest(holds), l.cheapest(holdsNone)
			if so < 0 || not < 0 {
				p.partFinding(x, at, c, n, so, not, l)
				return
			}
		}
		switch n := n.(type) {
		case *both:
			walk(n.left)
			walk(n.right)
		case *negation:
			walk(n.inside)
		}
	}
	walk(c.root)
}

func (p *prover) partFinding(x *proved, at string, c *condition, n boolNode, so, not int, l *look) {
	i := slices.IndexFunc(c.parts, func(part conditionPart) bool { return part.node == n })
	if i < 0 {
		return
	}
	part := c.parts[i]
	kind, form := NeverHolds, (*Answers)(nil)
	text := fmt.Sprintf("In %s, no form has it that %s.", p.named(x, at), n.words(p.r, false))
	if not < 0 {
		kind, form = AlwaysHolds, l.form(so)
		text = fmt.Sprintf("In %s, every form has it that %s: saying so changes nothing.", p.named(x, at), n.words(p.r, false))
	}
	if comparesNumbers(n) {
		kind = ThresholdOutOfReach
	}
	p.find(Finding{Kind: kind, At: at + ": " + part.text, Text: text, Place: c.node.MistakeAt(part.offset, "")}, form)
}

// rule finds out whether a rule that suggests ever applies.
func (p *prover) rule(x *proved, k int) {
	rule := &x.rules.suggest[k]
	at := fmt.Sprintf("%s.suggest.%d", x.id, k+1)
	q := x.watch.first[k]
	if q == nil {
		q = &query{op: isSo, hold: true}
	}
	applies := x.look.cheapest(func(o outcome) bool { return o.first == k }) >= 0
	if rule.when != nil {
		never := RuleNeverApplies
		p.condition(x, at, rule.when, q, never, rule.node)
	}
	if applies {
		return
	}
	l := p.lookAt(x, watch{each: []*query{q}, first: append(slices.Clone(x.watch.first[:k]), nil)})
	var before []string
	same := -1
	for i := range k {
		if l.cheapest(func(o outcome) bool { return holds(o) && o.first == i }) >= 0 {
			before = append(before, fmt.Sprint(i+1))
			if p.sameAs(x, x.watch.first[i], x.watch.first[k]) {
				same = i
			}
		}
	}
	shown := l.shown(holds)
	if shown == nil {
		return // its condition holds of no form, which has been said
	}
	text := fmt.Sprintf("Rule %d of %s can never apply: rule %s always applies first.", k+1, x.title, before[0])
	kind := RuleNeverApplies
	switch {
	case same >= 0:
		kind, text = SameRules, fmt.Sprintf("Rules %d and %d of %s say the same: rule %d always applies first, so that rule %d can never apply.", same+1, k+1, x.title, same+1, k+1)
	case len(before) > 1:
		text = fmt.Sprintf("Rule %d of %s can never apply: of rules %s, one always applies first.", k+1, x.title, joined(before))
	}
	p.find(Finding{Kind: kind, At: at, Text: text, Place: rule.node.Mistake("")}, shown)
}

func joined(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}

// sameAs reports whether two conditions hold of the same forms.
func (p *prover) sameAs(x *proved, a, b *query) bool {
	if a == nil || b == nil {
		return false
	}
	l := p.lookAt(x, watch{each: []*query{a, b}})
	return l.cheapest(func(o outcome) bool { return o.each == 1 || o.each == 2 }) < 0
}

// same finds limits that say the same.
func (p *prover) same(x *proved) {
	limits := x.rules.limits
	for j := range limits {
		for i := range j {
			if limits[i].atMost == limits[j].atMost && p.sameAs(x, x.watch.each[i], x.watch.each[j]) {
				at := fmt.Sprintf("%s.limit.%d", x.id, j+1)
				text := fmt.Sprintf("Limits %d and %d of %s say the same of every form.", i+1, j+1, x.title)
				p.find(Finding{Kind: SameRules, At: at, Text: text, Place: limits[j].node.Mistake("")}, x.look.shown(func(o outcome) bool { return o.each&(1<<j) != 0 }))
				break
			}
		}
	}
}

// grades finds grades that are never suggested, and those that nobody can give.
func (p *prover) grades(x *proved) {
	var suggested, left ranks
	for i, o := range x.look.outcomes {
		if x.look.cost[i] < 0 {
			continue
		}
		part := x.rules.comesTo(o, len(p.r.grades)).part(0)
		left |= upTo(part.most.worst())
		if part.free == no {
			suggested |= part.possible
		}
	}
	for rank, g := range p.r.grades {
		f := Finding{At: x.id + "." + g.id, Place: p.gradesPlace(x).KeyMistake("")}
		switch {
		case !left.has(rank):
			f.Kind, f.Text = GradeOutOfReach, fmt.Sprintf("Nobody can give %s to %s: on every form a limit leaves less.", g.title, x.title)
		case len(x.rules.suggest) > 0 && !suggested.has(rank):
			f.Kind, f.Text = GradeNotSuggested, fmt.Sprintf("%s is never suggested for %s; people may still give it.", g.title, x.title)
		default:
			continue
		}
		p.find(f, nil)
	}
}

// gradesPlace is where the rules of a part stand, or would.
func (p *prover) gradesPlace(x *proved) *source.Node {
	for _, key := range []string{"suggest", "limit"} {
		if n := x.node.Field(key); n != nil {
			return n
		}
	}
	if x.node == nil {
		return p.r.root.Field("sections")
	}
	return x.node
}

// gap finds forms for which no rule suggests, though some do for others.
func (p *prover) gap(x *proved) {
	n := len(x.rules.suggest)
	if n < 2 || x.rules.suggest[n-1].grade != freely {
		return
	}
	if shown := x.look.shown(func(o outcome) bool { return o.first == n-1 }); shown != nil {
		text := fmt.Sprintf("For some forms no rule suggests a grade of %s: none of rules 1 to %d applies.", x.title, n-1)
		p.find(Finding{Kind: Gap, At: x.id, Text: text, Place: x.rules.suggest[n-1].node.Mistake("")}, shown)
	}
}

// lines finds out about the conditions of a section's lines.
func (p *prover) lines(x *proved) {
	s := &p.r.sections[x.section]
	for j := range s.lines {
		l, of := &s.lines[j], p.sp.lines[x.section][j]
		if l.met != nil {
			key := "met when"
			if !l.strength {
				key = "seen when"
			}
			p.condition(x, fmt.Sprintf("%s.%s.%s", s.id, l.id, key), l.met, of.met, NeverHolds, l.met.node)
		}
		if l.notNeeded != nil {
			p.condition(x, fmt.Sprintf("%s.%s.not needed when", s.id, l.id), l.notNeeded, of.notNeeded, NeverHolds, l.notNeeded.node)
		}
	}
}

// bottomLines proves how good a grade a form with a missed bottom line can get.
func (p *prover) bottomLines(x *proved) {
	missed := uint64(1) << len(x.rules.limits)
	most, shown := 0, -1
	for i, o := range x.look.outcomes {
		if x.look.cost[i] < 0 || o.each&missed == 0 {
			continue
		}
		if of := x.rules.comesTo(o, len(p.r.grades)).most().worst(); shown < 0 || of > most || of == most && x.look.cost[i] < x.look.cost[shown] {
			most, shown = of, i
		}
	}
	p.a.MostWithMissed = p.r.gradeAt(most)
	hasOwn := slices.ContainsFunc(p.r.sections, func(s section) bool {
		return slices.ContainsFunc(s.lines, func(l line) bool { return l.bottomLine })
	})
	if hasOwn && most == len(p.r.grades)-1 && shown >= 0 {
		text := fmt.Sprintf("A form with a missed bottom line can be graded %s: no limit of overall holds it.", p.r.grades[most].title)
		p.find(Finding{Kind: BottomLineNoLimit, At: "overall", Text: text, Place: p.gradesPlace(x).KeyMistake("")}, x.look.form(shown))
	}
}

// unread finds lines and facts that nothing reads.
func (p *prover) unread() {
	read := map[[2]int]bool{}
	for i, w := range p.sp.watches {
		if i == len(p.r.sections) {
			w.each = w.each[:len(p.r.overall.limits)]
		}
		for _, g := range w.gauges() {
			for key := range p.sp.queries.gauges[g].lines {
				read[key] = true
			}
		}
	}
	for i := range p.r.sections {
		s := &p.r.sections[i]
		for k := range s.lists {
			var titles []string
			for _, j := range s.lists[k].lines {
				if s.lines[j].lists[0] == k && !read[[2]int{i, j}] {
					titles = append(titles, s.lines[j].id)
				}
			}
			if len(titles) == 0 {
				continue
			}
			of := fmt.Sprintf("%d of the %d lines", len(titles), len(s.lists[k].lines))
			if len(titles) == len(s.lists[k].lines) {
				of = "the lines"
			}
			text := fmt.Sprintf("No rule reads %s of “%s” in %s: %s.", of, s.lists[k].title, s.title, strings.Join(titles, ", "))
			p.find(Finding{Kind: UnreadLines, At: s.id + "." + s.lists[k].id, Text: text, Place: s.lists[k].node.KeyMistake("")}, nil)
		}
	}
	for i := range p.r.facts {
		f := &p.r.facts[i]
		if !slices.ContainsFunc(p.sp.groups, func(g *group) bool { return slices.Contains(g.facts, i) }) {
			text := fmt.Sprintf("Nothing reads the fact %s.", f.name)
			p.find(Finding{Kind: UnreadFact, At: "facts." + f.name, Text: text, Place: f.node.KeyMistake("")}, nil)
		}
	}
}

// count counts the forms.
func (p *prover) count() {
	n := big.NewInt(1)
	times := func(k int) { n.Mul(n, big.NewInt(int64(max(k, 1)))) }
	for i := range p.r.sections {
		s := &p.r.sections[i]
		for j := range s.lines {
			choices := 0
			for c := s.lines[j].choices(); c != 0; c &= c - 1 {
				choices++
			}
			times(choices)
		}
		times(len(p.r.grades) + 1) // judged, or not
		times(2)                   // a bottom line of it that an auditor added as missed, or none
	}
	times(2)
	for _, g := range p.sp.groups {
		times(len(g.cells))
	}
	times(len(p.sp.masks))
	p.a.Forms = n
}

// find adds a finding, with the form that shows it.
func (p *prover) find(f Finding, shown *Answers) {
	at := f.At
	for n := 2; slices.ContainsFunc(p.a.Findings, func(o Finding) bool { return o.Kind == f.Kind && o.At == f.At }); n++ {
		f.At = fmt.Sprintf("%s (%d)", at, n)
	}
	f.Place.Message = f.Text
	f.Form = shown
	if shown != nil {
		f.Shown = p.r.exampleYAML(shownName(f), *shown, p.expectations(f.At, *shown))
	}
	p.a.Findings = append(p.a.Findings, f)
}

func shownName(f Finding) string {
	return strings.ReplaceAll(string(f.Kind), "_", " ") + ": " + f.At
}
