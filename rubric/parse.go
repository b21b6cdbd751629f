package rubric

import (
	"slices"
	"strconv"
	"strings"

	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/internal/source"
	"github.com/practiceaudit/practiceaudit/schemas"
)

// section, list and line are a compiled Section, List and Line.
type section struct {
	id, title, introduction, note, source string
	references, services, status          []string
	lists                                 []list
	lines                                 []line
	lineByID                              map[string]int
	rules                                 rules
	group                                 int // of 64 lines of a complete form, where its own begin
}

type list struct {
	id, title, source, note string
	kind                    ListKind
	bottomLine              bool
	lines                   []int
	node                    *source.Node
}

type line struct {
	id, text, note, source, strand string
	lists                          []int
	was                            []string // its names in earlier versions
	fixed, bottomLine              bool
	strength                       bool       // else a statement that is seen or not
	notApplicable                  bool       // a person may say so
	met                            *condition // "met when" or "seen when": computed
	notNeeded                      *condition
	node                           *source.Node
}

// rules are the limits and suggestions of a section, or of the whole file.
type rules struct {
	limits  []limitRule
	suggest []suggestRule
	plan    *plan // for complete forms; nil where there are too many questions for one
	node    *source.Node
}

type limitRule struct {
	atMost                int // rank
	when                  *condition
	name, because, source string
	node                  *source.Node
}

type suggestRule struct {
	grade           int // rank, or freely
	when            *condition
	because, source string
	node            *source.Node
}

// freely is the grade of a rule that leaves the judgement to people.
const freely = -1

const ourReading = "our reading"

// check holds a file to the schema.
var check = source.Against(schemas.Rubric)

// Parse reads a rubric from YAML or JSON, checks it and compiles it. The error
// is a [Mistakes] with everything that is wrong, each in its place: keys, names and
// conditions in one go, the examples once those are right. Of a file that is above
// one of the limits only what the schema says is told.
func Parse(file string, src []byte) (*Rubric, error) { return parse(file, src, false, MaxVisit) }

// ParseUnproved reads a rubric as [Parse] does, but also takes one of which not every
// form can be visited. All that comes of it says so: see [Rubric.Unproved].
func ParseUnproved(file string, src []byte) (*Rubric, error) { return parse(file, src, true, MaxVisit) }

// parse reads a rubric that takes at most so many steps to visit, or that may be
// unproved.
func parse(file string, src []byte, unproved bool, steps int) (*Rubric, error) {
	root, mistakes := source.Parse(file, src)
	if err := mistakes.Err(); err != nil {
		return nil, err
	}
	if mistakes = source.AnotherKind(root, source.Rubric); len(mistakes) > 0 {
		return nil, mistakes
	}
	mistakes = check(root)
	if tooLarge(root) {
		return nil, mistakes.Err()
	}
	p := &reader{r: &Rubric{factByName: map[string]int{}, sectionByID: map[string]int{}, spaces: &spaces{of: map[calendar.Edition]*space{}}}, root: root, schema: mistakes, doubtful: map[named]bool{}}
	p.head()
	p.facts()
	p.sections()
	p.conditions()
	if mistakes = mistakes.With(p.mistakes); len(mistakes) == 0 {
		p.r.compileRules()
		p.proved(unproved, steps)
		p.examples()
		p.accepted()
		mistakes = p.mistakes
	}
	if err := mistakes.Err(); err != nil {
		return nil, err
	}
	p.r.root = root
	p.r.canonical = appendCanonical(nil, root, nil)
	p.r.ref.Digest = digest(p.r.canonical)
	return p.r, nil
}

type reader struct {
	r        *Rubric
	root     *source.Node
	mistakes Mistakes

	// Where a condition or a rule reads what is wrong itself, nothing more is said;
	// see doubts.go.
	schema   Mistakes       // how the file does not fit its schema
	doubtful map[named]bool // facts, lists and lines
	unknown  uint64         // sections of which no lists or lines are known
}

func (p *reader) wrong(m Mistake) { p.mistakes = append(p.mistakes, m) }

func texts(n *source.Node) []string {
	var out []string
	for _, item := range n.Each() {
		out = append(out, item.Scalar())
	}
	return out
}

func (p *reader) date(key string) calendar.Date {
	n := p.root.Field(key)
	if n == nil {
		return calendar.Date{}
	}
	d, err := calendar.ParseDate(n.Scalar())
	if err != nil {
		p.wrong(n.Mistake("%s", err))
	}
	return d
}

// choices reads a list of ids, or of ids with titles.
func (p *reader) choices(n *source.Node) []choice {
	var out []choice
	for _, item := range n.Each() {
		c := choice{id: item.Scalar(), title: item.Scalar()}
		if item.Kind == source.Mapping {
			c = choice{id: item.Text("id"), title: item.Text("title")}
		}
		if c.title == "" || c.title == c.id {
			c.title = spaced(c.id)
		}
		if slices.ContainsFunc(out, func(o choice) bool { return o.id == c.id }) {
			p.wrong(item.Mistake("%q stands here twice", c.id))
		}
		out = append(out, c)
	}
	return out
}

func spaced(id string) string { return strings.ReplaceAll(id, "_", " ") }

func (p *reader) head() {
	r := p.r
	r.ref = Ref{ID: p.root.Text("rubric"), Version: p.root.Text("version")}
	r.title, r.source, r.note = p.root.Text("title"), p.root.Text("source"), p.root.Text("note")
	r.effective, r.reviewBy = p.date("effective"), p.date("review_by")
	if !r.reviewBy.IsZero() && r.reviewBy.Before(r.effective) {
		p.wrong(p.root.Field("review_by").Mistake("the review is before %s, the day from which the rubric is used", r.effective))
	}
	r.references = texts(p.root.Field("references"))
	r.grades = p.choices(p.root.Field("grades"))
	r.services = p.choices(p.root.Field("services"))
	r.statuses = p.choices(p.root.Field("status"))
	if p.wrongIn(p.root.Field("grades")) {
		r.grades = nil
	}
}

func (p *reader) facts() {
	for _, n := range p.root.Field("facts").Entries() {
		f := fact{
			node: n, name: n.Key, typ: FactType(n.Text("type")), ask: n.Text("ask"), unit: n.Text("unit"), min: -MaxNumber, max: MaxNumber,
			of: p.choices(n.Field("of")), fixed: n.True("fixed"), better: n.Text("better"), source: n.Text("source"), note: n.Text("note"),
		}
		if reserved(n.Key) {
			p.wrong(n.KeyMistake("%q is a word of the language; name the fact otherwise", n.Key))
		}
		if (f.typ == ChoiceFact) != (len(f.of) > 0) {
			p.wrong(n.KeyMistake("a choice, and only a choice, says in \"of\" what can be chosen"))
		}
		p.unit(n, &f)
		for key, to := range map[string]*int{"min": &f.min, "max": &f.max} {
			if b := n.Field(key); b != nil {
				v, err := strconv.Atoi(b.Scalar())
				if err != nil || f.typ != NumberFact || v < -MaxNumber || v > MaxNumber {
					p.wrong(b.Mistake("%s is a whole number of at most %d, and only for a number", key, MaxNumber))
				}
				*to = v
			}
		}
		if f.min > f.max {
			p.wrong(n.KeyMistake("min is more than max"))
		}
		if f.better != "" && (f.typ == YesNoFact || f.typ == ChoiceFact) {
			p.wrong(n.Field("better").KeyMistake("a %s is neither lower nor higher; leave \"better\" out", f.typ))
		}
		p.doubtful[named{factsOnly, f.name}] = p.wrongIn(n)
		p.r.factByName[f.name] = len(p.r.facts)
		p.r.facts = append(p.r.facts, f)
	}
}

// unit reads what a duration is measured in.
func (p *reader) unit(n *source.Node, f *fact) {
	u := n.Field("unit")
	switch {
	case f.typ == NumberFact:
	case f.typ != DurationFact && u != nil:
		p.wrong(u.KeyMistake("only a number or a duration has a unit"))
	case f.typ == DurationFact && u == nil:
		p.wrong(n.KeyMistake("a duration says in \"unit\" what it is measured in: %s", durationUnits))
	case f.typ == DurationFact:
		period, err := calendar.ParsePeriod("2 " + f.unit)
		if err != nil || period.Unit().String() != f.unit {
			p.wrong(u.Mistake("a duration is measured in %s", durationUnits))
		}
		f.length = period.Unit()
	}
}

const durationUnits = "hours, days, working days, weeks or months"

// notSections are the keys of an example beside which no section can stand.
var notSections = []string{"facts", "service", "status", "judgements", "missed_bottom_lines", "carried", "overall"}

func (p *reader) sections() {
	for _, n := range p.root.Field("sections").Entries() {
		s := section{
			id: n.Key, title: n.Text("title"), introduction: n.Text("introduction"), note: n.Text("note"), source: n.Text("source"),
			references: texts(n.Field("references")), services: texts(n.Field("applies").Field("services")),
			status: texts(n.Field("applies").Field("status")), lineByID: map[string]int{},
		}
		if slices.Contains(notSections, s.id) || reserved(s.id) {
			p.wrong(n.KeyMistake("a section cannot be named %q", s.id))
		}
		p.known(n, "services", p.r.services, "service")
		p.known(n, "status", p.r.statuses, "status")
		if len(p.schema) > 0 && (!isMapping(n.Field("lists")) || !isMapping(n.Field("lines"))) {
			p.unknown |= 1 << len(p.r.sections)
		}
		p.lists(n, &s)
		p.lines(n, &s)
		p.was(n, &s)
		p.r.sectionByID[s.id] = len(p.r.sections)
		p.r.sections = append(p.r.sections, s)
	}
}

// known checks that a section names only services, or statuses, of the file.
func (p *reader) known(section *source.Node, key string, choices []choice, what string) {
	if p.wrongIn(p.root.Field(key)) {
		return
	}
	ids := idsOf(choices)
	for _, item := range section.Field("applies").Field(key).Each() {
		if !slices.Contains(ids, item.Scalar()) {
			p.wrong(item.Mistake("there is no %s %s; %s", what, quote(item.Scalar()), suggestion(item.Scalar(), ids)))
		}
	}
}

func (p *reader) lists(n *source.Node, s *section) {
	for _, l := range n.Field("lists").Entries() {
		x := list{node: l, id: l.Key, title: l.Text("title"), kind: ListKind(l.Text("kind")), bottomLine: l.True("bottom_line"), source: l.Text("source"), note: l.Text("note")}
		if x.title == "" {
			x.title = spaced(x.id)
		}
		_, isFact := p.r.factByName[x.id]
		switch {
		case p.r.Rank(Grade(x.id)) >= 0:
			p.wrong(l.KeyMistake("the list %q is named like a grade; name it %s_lines", x.id, x.id))
		case reserved(x.id) || isFact:
			p.wrong(l.KeyMistake("%q is a word of the language or a fact; name the list otherwise", x.id))
		case x.bottomLine && x.kind != Strength:
			p.wrong(l.KeyMistake("bottom lines are met when they are evidenced: the kind of this list is strength"))
		}
		if p.wrongIn(l) {
			p.doubt(x.id)
		}
		s.lists = append(s.lists, x)
	}
}

func (p *reader) lines(n *source.Node, s *section) {
	for _, l := range n.Field("lines").Entries() {
		x := line{node: l, id: l.Key, text: l.Text("text"), note: l.Text("note"), source: l.Text("source"), strand: l.Text("strand"), fixed: l.True("fixed")}
		kinds := map[ListKind]bool{}
		for _, in := range l.Field("in").Each() {
			i := slices.IndexFunc(s.lists, func(y list) bool { return y.id == in.Scalar() })
			if i < 0 {
				var ids []string
				for _, y := range s.lists {
					ids = append(ids, y.id)
				}
				if len(ids) > 0 || len(p.schema) == 0 {
					p.wrong(in.Mistake("there is no list %s in this section; %s", quote(in.Scalar()), suggestion(in.Scalar(), ids)))
				}
				p.doubt(x.id)
				continue
			}
			if p.doubtful[named{len(p.r.sections), in.Scalar()}] {
				p.doubt(x.id)
			}
			if slices.Contains(x.lists, i) {
				p.wrong(in.Mistake("the line stands in %s twice", in.Scalar()))
			}
			kinds[s.lists[i].kind] = true
			x.bottomLine = x.bottomLine || s.lists[i].bottomLine
			x.lists = append(x.lists, i)
			s.lists[i].lines = append(s.lists[i].lines, len(s.lines))
		}
		_, clash := p.r.factByName[x.id]
		switch {
		case reserved(x.id):
			p.wrong(l.KeyMistake("%q is a word of the language; name the line otherwise", x.id))
		case kinds[Strength] && kinds[Concern]:
			p.wrong(l.Field("in").Mistake("a line cannot be a strength and a concern at once"))
		case slices.ContainsFunc(s.lists, func(y list) bool { return y.id == x.id }) || clash:
			p.wrong(l.KeyMistake("%q is the name of a list or a fact too", x.id))
		}
		met, other := l.Field("met when"), l.Field("seen when")
		switch {
		case p.doubtful[named{len(p.r.sections), x.id}]:
		case kinds[Strength] && other != nil:
			p.wrong(other.KeyMistake(`a strength is met, not seen: write "met when"`))
		case !kinds[Strength] && met != nil:
			p.wrong(met.KeyMistake(`this line is seen, not met: write "seen when"`))
		}
		x.strength, x.notApplicable = kinds[Strength], kinds[Strength] && !x.bottomLine
		s.lineByID[x.id] = len(s.lines)
		s.lines = append(s.lines, x)
	}
}

// was reads the names that lines had in earlier versions. Each leads to one line, and
// to none that still stands.
func (p *reader) was(n *source.Node, s *section) {
	of := map[string]string{}
	for i, l := range n.Field("lines").Entries() {
		for _, was := range l.Field("was").Each() {
			id := was.Scalar()
			_, stands := s.lineByID[id]
			other, taken := of[id]
			switch {
			case id == l.Key:
				p.wrong(was.Mistake("%s is the line's name now; \"was\" holds the names that it had before", quote(id)))
			case stands:
				p.wrong(was.Mistake("the line %s still stands in this section; \"was\" holds names that are gone", quote(id)))
			case taken && other == l.Key:
				p.wrong(was.Mistake("%s stands here twice", quote(id)))
			case taken:
				p.wrong(was.Mistake("%s was %s already; an earlier name leads to one line", quote(other), quote(id)))
			}
			of[id] = l.Key
			s.lines[i].was = append(s.lines[i].was, id)
		}
	}
}

// conditions compiles every condition, once all names are known.
func (p *reader) conditions() {
	for i, n := range p.root.Field("sections").Entries() {
		s := &p.r.sections[i]
		for j, l := range n.Field("lines").Entries() {
			x := &s.lines[j]
			met := l.Field("met when")
			if met == nil {
				met = l.Field("seen when")
			}
			x.met = p.condition(met, factsOnly)
			x.notNeeded = p.condition(l.Field("not needed when"), factsOnly)
			if x.met != nil && !slices.ContainsFunc(x.met.facts, func(f int) bool { return !p.r.facts[f].fixed }) {
				x.fixed = true
			}
		}
		s.rules = p.rules(n, i)
	}
	p.r.overall = p.rules(p.root.Field("overall"), wholeFile)
	p.r.noteReaders()
}

// noteReaders notes which sections, and whether the rules of the whole file, read
// each fact.
func (r *Rubric) noteReaders() {
	note := func(bit int, conditions ...*condition) {
		for _, c := range conditions {
			if c != nil {
				for _, f := range c.facts {
					r.facts[f].readBy |= 1 << bit
				}
			}
		}
	}
	rules := func(bit int, rs *rules) {
		for i := range rs.limits {
			note(bit, rs.limits[i].when)
		}
		for i := range rs.suggest {
			note(bit, rs.suggest[i].when)
		}
	}
	for i := range r.sections {
		s := &r.sections[i]
		for j := range s.lines {
			note(i, s.lines[j].met, s.lines[j].notNeeded)
		}
		rules(i, &s.rules)
	}
	rules(wholeFileBit, &r.overall)
}

func (p *reader) condition(n *source.Node, section int) *condition {
	if p.doubts(n, section) {
		return nil
	}
	c, ms := p.r.compile(n, section)
	p.mistakes = append(p.mistakes, ms...)
	return c
}

func (p *reader) rank(n *source.Node) int {
	rank := p.r.Rank(Grade(n.Scalar()))
	if rank < 0 && n != nil && len(p.r.grades) > 0 {
		p.wrong(n.Mistake("there is no grade %s; %s", quote(n.Scalar()), suggestion(n.Scalar(), p.r.gradeIDs())))
	}
	return rank
}

func (p *reader) rules(n *source.Node, section int) rules {
	rs := rules{node: n}
	for _, l := range n.Field("limit").Each() {
		rs.limits = append(rs.limits, limitRule{
			atMost: p.rank(l.Field("at_most")), when: p.condition(l.Field("when"), section),
			name: l.Text("name"), because: l.Text("because"), source: sourceOf(l), node: l,
		})
	}
	suggest := n.Field("suggest").Each()
	for i, l := range suggest {
		rule := suggestRule{grade: freely, when: p.condition(l.Field("when"), section), because: l.Text("because"), source: sourceOf(l), node: l}
		last := i == len(suggest)-1
		switch {
		case (l.Field("grade") == nil) == (l.Field("judged") == nil):
			p.wrong(l.Mistake(`a rule has a grade, or "judged: freely"`))
		case l.Field("grade") != nil:
			rule.grade = p.rank(l.Field("grade"))
		case !last:
			p.wrong(l.Mistake(`only the last rule can be "judged: freely"`))
		}
		if last != (l.Field("when") == nil) {
			p.wrong(l.Mistake(`every rule but the last has "when"; the last has none, so that one always applies`))
		}
		rs.suggest = append(rs.suggest, rule)
	}
	return rs
}

func sourceOf(n *source.Node) string {
	if s := n.Text("source"); s != "" {
		return s
	}
	return ourReading
}
