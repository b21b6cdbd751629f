package rubric

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Comparison says what one version of a rubric changes from another. It is plain
// data; [Comparison.Text] writes it for a reader.
type Comparison struct {
	Old Ref `json:"old"`
	New Ref `json:"new"`

	// Changes come in the order of the new version's file, what is gone where it
	// stood. There are none where the two versions say the same, however differently
	// they are written.
	Changes []Difference `json:"changes"`
}

// Difference is one thing that two versions of a rubric do not say alike.
type Difference struct {
	Kind DifferenceKind `json:"kind"`

	// At is where it stands in the file: "title", "grades.good", "facts.consent",
	// "referral" for a section, "referral.good_lines" and "referral.allocated_24h" for
	// a list and a line of it, "referral.suggest.2" and "overall.limit.1" for a rule
	// and a limit, counted from 1. It is about the new version; for what is gone,
	// about the old.
	At string `json:"at"`

	// Text is the difference as a sentence, with both wordings where one changed, and
	// conditions in words.
	Text string `json:"text"`

	// Old and New are what the file said and says: words, a condition as it is
	// written, the id of a grade, ids of lists with commas between them, "true" and
	// "false"; of what moved among its own kind, its places, counted from 1. "" stands
	// for nothing.
	Old string `json:"old,omitempty"`
	New string `json:"new,omitempty"`

	// Grades is false where the difference by itself surely moves no grade of any
	// form that both versions read: where it is one of words, say, or of the order of
	// lines. A form that answers what is gone is refused by the new version.
	Grades bool `json:"grades"`
}

// DifferenceKind says what happened to a part of a rubric.
type DifferenceKind string

// The kinds of difference.
const (
	Added   DifferenceKind = "added"   // it is new
	Removed DifferenceKind = "removed" // it is gone
	Changed DifferenceKind = "changed" // it says something else
	Moved   DifferenceKind = "moved"   // it stands elsewhere: a line in other lists, anything among its own kind
	Renamed DifferenceKind = "renamed" // a line has another id, and says so by its "was"
)

// Compare says in plain English what a new version of a rubric changes from an old
// one. Sections, lists, facts, grades, services and statuses are the same if their
// ids are; a line also if one version says in "was" that it had the other's id. A
// rule is the same if its condition is, however it is spaced; else if it is a limit
// of the same name; else if it gives the same grade in the same place. What is new or
// gone with its section is not told by itself.
//
// The versions may be of different rubrics. The error is that one of them does not
// come from [Parse].
func Compare(old, new *Rubric) (Comparison, error) {
	if old == nil || new == nil || len(old.grades) == 0 || len(new.grades) == 0 {
		return Comparison{}, errors.New("no comparison without two rubrics: read each with rubric.Parse")
	}
	c := &comparer{old: old, new: new, told: []Difference{}}
	c.head()
	c.choices()
	c.facts()
	c.sections()
	c.overall()
	return Comparison{Old: old.ref, New: new.ref, Changes: c.told}, nil
}

// Text is the comparison for a terminal or a letter: first what can move a grade.
func (c Comparison) Text() string {
	name, than := c.New.ID+" version "+c.New.Version, "version "+c.Old.Version
	if c.Old.ID != c.New.ID {
		than = c.Old.ID + " " + than
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s, compared with %s\n", name, than)
	if len(c.Changes) == 0 {
		b.WriteString("\nThe two versions say the same.\n")
	}
	for _, part := range []struct {
		heading string
		grades  bool
	}{{"What can move a grade:", true}, {"What moves no grade:", false}} {
		for _, d := range c.Changes {
			if d.Grades != part.grades {
				continue
			}
			if part.heading != "" {
				fmt.Fprintf(&b, "\n%s\n", part.heading)
				part.heading = ""
			}
			fmt.Fprintf(&b, "  - %s\n", singleSpaced(d.Text))
		}
	}
	return b.String()
}

// comparer collects the differences of two versions.
type comparer struct {
	old, new *Rubric
	told     []Difference
}

func (c *comparer) tell(d Difference, format string, args ...any) {
	d.Text = fmt.Sprintf(format, args...)
	if strings.HasSuffix(d.Text, ".”.") {
		d.Text = strings.TrimSuffix(d.Text, ".") // the quoted words end the sentence
	}
	c.told = append(c.told, d)
}

// wording tells of words of a thing that no rule reads: its note, say.
func (c *comparer) wording(at, thing, what, old, new string) {
	d := Difference{Kind: Changed, At: at, Old: old, New: new}
	switch {
	case sameWords(old, new):
	case old == "":
		c.tell(d, "%s has %s now: %s.", thing, oneOf(what), said(new))
	case new == "":
		c.tell(d, "%s has no %s any more; it was %s.", thing, what, said(old))
	default:
		c.tell(d, "%s has the %s %s now; it was %s.", thing, what, said(new), said(old))
	}
}

// said is how a sentence quotes the words of a file.
func said(words string) string { return "“" + singleSpaced(words) + "”" }

// sameWords reports whether two texts differ in white space at most.
func sameWords(a, b string) bool { return singleSpaced(a) == singleSpaced(b) }

func oneOf(what string) string {
	if strings.ContainsRune("aeiou", rune(what[0])) {
		return "an " + what
	}
	return "a " + what
}

// listed joins what a sentence enumerates.
func listed(words []string, joint string) string {
	if n := len(words); n > 1 {
		return strings.Join(words[:n-1], ", ") + " " + joint + " " + words[n-1]
	}
	return strings.Join(words, "")
}

func (c *comparer) head() {
	old, new := c.old, c.new
	if !sameWords(old.title, new.title) {
		c.tell(Difference{Kind: Changed, At: "title", Old: old.title, New: new.title}, "The rubric is called %s now; it was called %s.", said(new.title), said(old.title))
	}
	if old.effective != new.effective {
		c.tell(Difference{Kind: Changed, At: "effective", Old: old.effective.String(), New: new.effective.String()},
			"The rubric is to be used from %s; the old version is from %s.", new.effective.Long(), old.effective.Long())
	}
	if d := (Difference{Kind: Changed, At: "review_by"}); old.reviewBy != new.reviewBy {
		switch {
		case new.reviewBy.IsZero():
			d.Old = old.reviewBy.String()
			c.tell(d, "No day is given for the review of the rubric any more; it was %s.", old.reviewBy.Long())
		case old.reviewBy.IsZero():
			d.New = new.reviewBy.String()
			c.tell(d, "The rubric is to be reviewed by %s; no day was given.", new.reviewBy.Long())
		default:
			d.Old, d.New = old.reviewBy.String(), new.reviewBy.String()
			c.tell(d, "The rubric is to be reviewed by %s now; it was %s.", new.reviewBy.Long(), old.reviewBy.Long())
		}
	}
	c.wording("source", "The rubric", "source", old.source, new.source)
	c.wording("note", "The rubric", "note", old.note, new.note)
	c.documents("references", "the whole file", old.references, new.references)
}

// documents compares the documents to consider for a section or the file.
func (c *comparer) documents(at, whose string, old, new []string) {
	for _, p := range pairs(sameNames(old, new), len(old)) {
		switch {
		case p.old < 0:
			c.tell(Difference{Kind: Added, At: at, New: new[p.new]}, "%s is a new document to consider for %s.", said(new[p.new]), whose)
		case p.new < 0:
			c.tell(Difference{Kind: Removed, At: at, Old: old[p.old]}, "%s is no longer a document to consider for %s.", said(old[p.old]), whose)
		case p.moved:
			c.tell(p.places(at), "Of the documents to consider for %s, %s comes %s.", whose, said(new[p.new]), p.after(old, new))
		}
	}
}

// choices compares the grades, services and statuses.
func (c *comparer) choices() {
	limited := func(of func(s *section) []string) bool {
		return slices.ContainsFunc(slices.Concat(c.old.sections, c.new.sections), func(s section) bool { return len(of(&s)) > 0 })
	}
	for _, x := range []struct {
		key, what      string
		old, new       []choice
		grades, ranked bool
	}{
		{"grades", "grade", c.old.grades, c.new.grades, true, true},
		{"services", "service", c.old.services, c.new.services, limited(func(s *section) []string { return s.services }), false},
		{"status", "status of a child", c.old.statuses, c.new.statuses, limited(func(s *section) []string { return s.status }), false},
	} {
		for _, p := range pairs(sameNames(idsOf(x.old), idsOf(x.new)), len(x.old)) {
			switch {
			case p.old < 0:
				n := x.new[p.new]
				c.tell(Difference{Kind: Added, At: x.key + "." + n.id, New: n.title, Grades: x.grades}, "There is a new %s, %s.", x.what, said(n.title))
				continue
			case p.new < 0:
				o := x.old[p.old]
				c.tell(Difference{Kind: Removed, At: x.key + "." + o.id, Old: o.title, Grades: x.grades}, "The %s %s is gone.", x.what, said(o.title))
				continue
			}
			o, n := x.old[p.old], x.new[p.new]
			at := x.key + "." + n.id
			if !sameWords(o.title, n.title) {
				c.tell(Difference{Kind: Changed, At: at, Old: o.title, New: n.title}, "The %s %s is called %s now.", x.what, said(o.title), said(n.title))
			}
			if d := p.places(at); p.moved && x.ranked {
				d.Grades = true
				c.tell(d, "Counted from the worst, the grade %s comes %s.", said(n.title), p.after(titlesOf(x.old), titlesOf(x.new)))
			} else if p.moved {
				c.tell(d, "The %s %s comes %s.", x.what, said(n.title), p.after(titlesOf(x.old), titlesOf(x.new)))
			}
		}
	}
}

func titlesOf(choices []choice) []string {
	titles := make([]string, len(choices))
	for i, c := range choices {
		titles[i] = c.title
	}
	return titles
}

// aside is what a file says that no grade is worked out from and that a rubric keeps
// only in its canonical form.
type aside struct {
	Overall  struct{ Source, Note string }
	Examples []json.RawMessage
}

func (r *Rubric) aside() aside {
	var x aside
	_ = json.Unmarshal(r.canonical, &x) // Parse wrote it
	return x
}

func (c *comparer) overall() {
	old, new := c.old.aside(), c.new.aside()
	c.wording("overall", "What is said of the file as a whole", "source", old.Overall.Source, new.Overall.Source)
	c.wording("overall", "What is said of the file as a whole", "note", old.Overall.Note, new.Overall.Note)
	c.rules(nil)
	texts := func(examples []json.RawMessage) (out []string) {
		for _, x := range examples {
			out = append(out, string(x))
		}
		return out
	}
	same := 0
	all := pairs(sameNames(texts(old.Examples), texts(new.Examples)), len(old.Examples))
	for _, p := range all {
		same += b2i(p.old >= 0 && p.new >= 0)
	}
	if same < len(all) {
		c.tell(Difference{Kind: Changed, At: "examples", Old: fmt.Sprint(len(old.Examples)), New: fmt.Sprint(len(new.Examples))},
			"The file's own tests differ: the old version has %d, the new one %d, and the same in both: %d.", len(old.Examples), len(new.Examples), same)
	}
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}
