package rubric

import "slices"

// ListKind says what it means for a line of the list to be there.
type ListKind string

// The kinds of list.
const (
	Strength ListKind = "strength" // what good practice looks like: evidenced is good
	Concern  ListKind = "concern"  // what should not be there: seen is bad
	Mixed    ListKind = "mixed"    // a description, neither good nor bad in itself
)

// Option is one thing that may be chosen, and the words a person reads for it.
type Option struct {
	ID    string
	Title string
}

// FactType is the type of a fact.
type FactType string

// The types of fact.
const (
	NumberFact   FactType = "number"   // a whole number, with a unit
	DateFact     FactType = "date"     // a civil date in London, "2026-03-02"
	TimeFact     FactType = "time"     // a London date and time, "2026-03-02T09:00"
	DurationFact FactType = "duration" // a period in its Unit, "10 working days"
	YesNoFact    FactType = "yes_no"   // "yes" or "no"
	ChoiceFact   FactType = "choice"   // the id of one of Of
)

// Fact is something asked about the file that is not a line: when the referral
// was received, how many visits there were.
type Fact struct {
	Name   string
	Type   FactType
	Ask    string   // the question to put to a person
	Unit   string   // of a number, as a person says it: "visits"; of a duration, "working days"
	Min    int      // of a number
	Max    int      // of a number
	Of     []Option // of a choice
	Fixed  bool     // about a past that nothing done now can change
	Better string   // "higher" or "lower" where one is better, else ""
	Source string
	Note   string
}

// Section is a part of the audit that is judged by itself.
type Section struct {
	ID           string
	Title        string
	Introduction string   // as the source prints it
	References   []string // documents to consider for this section
	Note         string   // such as "source incomplete"
	SourceRef    string   // where the section's words come from
	Services     []string // the services it applies to; none means all
	Status       []string // it applies to a child of any of these; none means every child
	Lists        []List
	Lines        []Line
	JudgedFreely bool // has no rule that suggests a grade
}

// List is a list of lines with a heading.
type List struct {
	ID         string
	Title      string
	Kind       ListKind
	BottomLine bool // its lines must be fully evidenced, see BottomLinesMissed
	Source     string
	Note       string
}

// Line is one line of the audit form.
type Line struct {
	ID         string
	Text       string   // verbatim
	Lists      []string // the lists it stands in; it is asked once
	Was        []string // the names it had in earlier versions of the rubric; often none
	Source     string
	Note       string
	Fixed      bool     // about a past that nothing done now can change: never in advice
	Computed   bool     // worked out from facts, never answered by hand
	Excepted   bool     // has an exception of its own, "not needed when"
	BottomLine bool     // stands in a list of bottom lines
	Strand     string   // the theme it shares with lines of other grades, or ""
	Facts      []string // the facts that its conditions read
	Answers    []Answer // what a person may answer; none for a computed line
}

// LineRef points to a line of a section. For a bottom line that an auditor
// added, Line is "" and Text holds the auditor's words; its Section is "" when
// it is about the whole file.
type LineRef struct {
	Section string
	Line    string
	Text    string
}

// Sections returns the sections in file order.
func (r *Rubric) Sections() []Section {
	out := make([]Section, len(r.sections))
	for i := range r.sections {
		out[i] = r.sections[i].public()
	}
	return out
}

// Section returns a section by its id, and whether there is one.
func (r *Rubric) Section(id string) (Section, bool) {
	i, ok := r.sectionByID[id]
	if !ok {
		return Section{}, false
	}
	return r.sections[i].public(), true
}

// HasSection reports whether the rubric has a section of that id.
func (r *Rubric) HasSection(id string) bool {
	_, ok := r.sectionByID[id]
	return ok
}

// Line returns a line by its section and its own id, and whether there is one.
func (r *Rubric) Line(section, line string) (Line, bool) {
	i, ok := r.sectionByID[section]
	if !ok {
		return Line{}, false
	}
	j, ok := r.sections[i].lineByID[line]
	if !ok {
		return Line{}, false
	}
	return r.sections[i].line(j), true
}

// Facts returns the facts in file order.
func (r *Rubric) Facts() []Fact {
	out := make([]Fact, len(r.facts))
	for i := range r.facts {
		out[i] = r.facts[i].public()
	}
	return out
}

// Fact returns a fact by its name, and whether there is one.
func (r *Rubric) Fact(name string) (Fact, bool) {
	i, ok := r.factByName[name]
	if !ok {
		return Fact{}, false
	}
	return r.facts[i].public(), true
}

// Services returns the services the rubric tells apart; none if it tells none
// apart.
func (r *Rubric) Services() []Option { return options(r.services) }

// Statuses returns the statuses of a child the rubric tells apart; none if it
// tells none apart.
func (r *Rubric) Statuses() []Option { return options(r.statuses) }

func options(choices []choice) []Option {
	out := make([]Option, len(choices))
	for i, c := range choices {
		out[i] = Option{ID: c.id, Title: c.title}
	}
	return out
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
		ID: l.id, Text: l.text, Was: slices.Clone(l.was), Source: l.source, Note: l.note, Fixed: l.fixed, Computed: l.met != nil,
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
