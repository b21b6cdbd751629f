package rubric

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"unicode"

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
}

type line struct {
	id, text, note, source, strand string
	lists                          []int
	fixed, bottomLine              bool
	strength                       bool       // else a statement that is seen or not
	notApplicable                  bool       // a person may say so
	met                            *condition // "met when" or "seen when": computed
	notNeeded                      *condition
}

// rules are the limits and suggestions of a section, or of the whole file.
type rules struct {
	limits  []limitRule
	suggest []suggestRule
	plan    *plan // for complete forms; nil where there are too many questions for one
}

type limitRule struct {
	atMost                int // rank
	when                  *condition
	name, because, source string
}

type suggestRule struct {
	grade           int // rank, or freely
	when            *condition
	because, source string
}

// freely is the grade of a rule that leaves the judgement to people.
const freely = -1

const ourReading = "our reading"

// check holds a file to the schema.
var check = source.Against(schemas.Rubric)

// Parse reads a rubric from YAML or JSON, checks it and compiles it. The error
// is a [Mistakes] with everything that is wrong, each in its place: keys, names and
// conditions in one go, the examples once those are right.
func Parse(file string, src []byte) (*Rubric, error) {
	root, mistakes := source.Parse(file, src)
	if err := mistakes.Err(); err != nil {
		return nil, err
	}
	mistakes = check(root)
	p := &reader{r: &Rubric{factByName: map[string]int{}, sectionByID: map[string]int{}}, root: root, schema: mistakes, doubtful: map[named]bool{}}
	p.head()
	p.facts()
	p.sections()
	p.conditions()
	if mistakes = mistakes.With(p.mistakes); len(mistakes) == 0 {
		p.r.compileRules()
		p.examples()
		mistakes = p.mistakes
	}
	if err := mistakes.Err(); err != nil {
		return nil, err
	}
	p.r.canonical = appendCanonical(nil, root, nil)
	sum := sha256.Sum256(p.r.canonical)
	p.r.ref.Digest = "sha256:" + hex.EncodeToString(sum[:])
	return p.r, nil
}

// appendCanonical appends the node at a path of keys as JSON without white space or
// comments. The names of facts, sections, lists and lines stay in file order, which
// means something; other keys are in the order of the alphabet. What says no more
// than its absence would is left out, and a condition has single spaces.
func appendCanonical(b []byte, n *source.Node, path []string) []byte {
	switch n.Kind {
	case source.Mapping:
		fields := slices.Clone(n.Fields)
		if !keepsOrder(path) {
			slices.SortFunc(fields, func(a, b *source.Node) int { return strings.Compare(a.Key, b.Key) })
		}
		b = append(b, '{')
		first := len(b)
		for _, f := range fields {
			if (f.Key == "fixed" || f.Key == "bottom_line") && f.Kind == source.Bool && f.Value == "false" {
				continue
			}
			if len(b) > first {
				b = append(b, ',')
			}
			b = append(appendText(b, f.Key), ':')
			b = appendCanonical(b, f, append(path, f.Key))
		}
		return append(b, '}')
	case source.List:
		b = append(b, '[')
		for i, item := range n.Items {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendCanonical(b, item, append(path, ""))
		}
		return append(b, ']')
	case source.Number, source.Bool:
		return append(b, n.Value...)
	case source.Null:
		return append(b, "null"...)
	}
	if slices.Contains([]string{"when", "met when", "seen when", "not needed when", "by"}, n.Key) {
		return appendText(b, singleSpaced(n.Value))
	}
	return appendText(b, n.Value)
}

// keepsOrder reports whether the keys at a path are the names of facts, sections, lists
// or lines.
func keepsOrder(path []string) bool {
	switch len(path) {
	case 1:
		return path[0] == "facts" || path[0] == "sections"
	case 3:
		return path[0] == "sections" && (path[2] == "lists" || path[2] == "lines")
	}
	return false
}

func singleSpaced(s string) string { return strings.Join(strings.Fields(s), " ") }

func appendText(b []byte, s string) []byte {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	_ = e.Encode(s) // a string always encodes
	return append(b, bytes.TrimRight(out.Bytes(), "\n")...)
}

type reader struct {
	r        *Rubric
	root     *source.Node
	mistakes Mistakes

	// Where a condition or a rule reads what is wrong itself, nothing more is said.
	schema   Mistakes       // how the file does not fit its schema
	doubtful map[named]bool // facts, lists and lines
	unknown  uint64         // sections of which no lists or lines are known
}

// named is a list or a line by its section, or a fact by factsOnly.
type named struct {
	section int
	name    string
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

func spaced(id string) string { return string(bytes.ReplaceAll([]byte(id), []byte("_"), []byte(" "))) }

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
			name: n.Key, typ: FactType(n.Text("type")), ask: n.Text("ask"), unit: n.Text("unit"), min: -MaxNumber, max: MaxNumber,
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
		p.r.sectionByID[s.id] = len(p.r.sections)
		p.r.sections = append(p.r.sections, s)
	}
}

// known checks that a section names only services, or statuses, of the file.
func (p *reader) known(section *source.Node, key string, choices []choice, what string) {
	if p.wrongIn(p.root.Field(key)) {
		return
	}
	var ids []string
	for _, c := range choices {
		ids = append(ids, c.id)
	}
	for _, item := range section.Field("applies").Field(key).Each() {
		if !slices.Contains(ids, item.Scalar()) {
			p.wrong(item.Mistake("there is no %s %s; %s", what, quote(item.Scalar()), suggestion(item.Scalar(), ids)))
		}
	}
}

func (p *reader) lists(n *source.Node, s *section) {
	for _, l := range n.Field("lists").Entries() {
		x := list{id: l.Key, title: l.Text("title"), kind: ListKind(l.Text("kind")), bottomLine: l.True("bottom_line"), source: l.Text("source"), note: l.Text("note")}
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
			p.doubtful[named{len(p.r.sections), x.id}] = true
		}
		s.lists = append(s.lists, x)
	}
}

func (p *reader) lines(n *source.Node, s *section) {
	for _, l := range n.Field("lines").Entries() {
		x := line{id: l.Key, text: l.Text("text"), note: l.Text("note"), source: l.Text("source"), strand: l.Text("strand"), fixed: l.True("fixed")}
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
				p.doubtful[named{len(p.r.sections), x.id}] = true
				continue
			}
			if p.doubtful[named{len(p.r.sections), in.Scalar()}] {
				p.doubtful[named{len(p.r.sections), x.id}] = true
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

// doubts reports whether a condition may read what is wrong itself, so that what
// would be said of it only follows from that.
func (p *reader) doubts(n *source.Node, section int) bool {
	if len(p.schema) > 0 && p.factsUnread() || section >= 0 && p.unknown>>section&1 != 0 || section == wholeFile && p.unknown != 0 {
		return true
	}
	words := strings.FieldsFunc(n.Scalar(), func(r rune) bool { return r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	return slices.ContainsFunc(words, func(w string) bool {
		for i := range p.r.sections {
			if (section == i || section == wholeFile) && p.doubtful[named{i, w}] {
				return true
			}
		}
		return p.doubtful[named{factsOnly, w}] || len(p.r.grades) == 0 && (w == "grade" || strings.HasPrefix(w, "sections_"))
	})
}

// wrongIn reports whether anything is wrong in the lines of a node.
func (p *reader) wrongIn(n *source.Node) bool {
	if n == nil {
		return false
	}
	last := n.Last()
	return slices.ContainsFunc(slices.Concat(p.schema, p.mistakes), func(m Mistake) bool { return n.KeyLine <= m.Line && m.Line <= last })
}

func isMapping(n *source.Node) bool { return n != nil && n.Kind == source.Mapping }

// factsUnread reports whether the file seems to have facts, but not as it should:
// under another key, say.
func (p *reader) factsUnread() bool {
	if facts := p.root.Field("facts"); facts != nil {
		return !isMapping(facts)
	}
	return slices.ContainsFunc(p.root.Keys(), func(key string) bool { return source.Nearest(key, []string{"facts"}) != "" })
}

func (p *reader) rank(n *source.Node) int {
	rank := p.r.Rank(Grade(n.Scalar()))
	if rank < 0 && n != nil && len(p.r.grades) > 0 {
		p.wrong(n.Mistake("there is no grade %s; %s", quote(n.Scalar()), suggestion(n.Scalar(), p.r.gradeIDs())))
	}
	return rank
}

func (p *reader) rules(n *source.Node, section int) rules {
	var rs rules
	for _, l := range n.Field("limit").Each() {
		rs.limits = append(rs.limits, limitRule{
			atMost: p.rank(l.Field("at_most")), when: p.condition(l.Field("when"), section),
			name: l.Text("name"), because: l.Text("because"), source: sourceOf(l),
		})
	}
	suggest := n.Field("suggest").Each()
	for i, l := range suggest {
		rule := suggestRule{grade: freely, when: p.condition(l.Field("when"), section), because: l.Text("because"), source: sourceOf(l)}
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

func (s *section) public() Section {
	out := Section{
		ID: s.id, Title: s.title, Introduction: s.introduction, References: slices.Clone(s.references), Note: s.note,
		SourceRef: s.source, Services: slices.Clone(s.services), Status: slices.Clone(s.status), JudgedFreely: len(s.rules.suggest) == 0,
	}
	for _, l := range s.lists {
		out.Lists = append(out.Lists, List{ID: l.id, Title: l.title, Kind: l.kind, BottomLine: l.bottomLine, Source: l.source, Note: l.note})
	}
	for i := range s.lines {
		out.Lines = append(out.Lines, s.line(i))
	}
	return out
}

func (s *section) line(i int) Line {
	l := &s.lines[i]
	out := Line{
		ID: l.id, Text: l.text, Source: l.source, Note: l.note, Fixed: l.fixed, Computed: l.met != nil,
		Excepted: l.notNeeded != nil, BottomLine: l.bottomLine, Strand: l.strand, Answers: l.answers(),
	}
	for _, j := range l.lists {
		out.Lists = append(out.Lists, s.lists[j].id)
		if out.Source == "" {
			out.Source = s.lists[j].source
		}
	}
	return out
}

// answers are what a person may answer to a line.
func (l *line) answers() []Answer {
	switch {
	case l.met != nil:
		return nil
	case !l.strength:
		return []Answer{Seen, NotSeen}
	case !l.notApplicable:
		return []Answer{Evidenced, Partly, NotEvidenced}
	}
	return []Answer{Evidenced, Partly, NotEvidenced, NotApplicable}
}
