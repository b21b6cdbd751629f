// Package closures reads the file in which a council writes on which days it is
// closed beside the bank holidays.
//
//	# yaml-language-server: $schema=../../schemas/closures.schema.json
//	council: halton
//	closures:
//	  "2026":
//	    - { on: 2026-12-24, name: Christmas Eve }
//	    - { from: 2026-12-29, to: 2026-12-31, name: Christmas week }
//
//	file, err := closures.Parse("closures.yaml", src)
//	cal, err := file.Apply(calendar.EnglandAndWales())
//
// It stands beside package calendar so that whoever only counts days need not
// link a YAML reader.
package closures

import (
	"fmt"

	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/internal/source"
	"github.com/practiceaudit/practiceaudit/schemas"
)

// Mistakes is everything that is wrong in a file, each in its place: the file,
// line and column, the line with a caret, and what to write instead.
type Mistakes = source.Mistakes

// File is what a file of closures says.
type File struct {
	Council  string // a short name in small letters
	Closures []calendar.Closure
}

// Apply returns the calendar of the council: the nation's with the closures.
// The errors are those of [calendar.Calendar.WithClosures].
func (f *File) Apply(nation *calendar.Calendar) (*calendar.Calendar, error) {
	if f == nil {
		f = &File{}
	}
	return nation.WithClosures(f.Council, f.Closures)
}

// check holds a file to the schema.
var check = source.Against(schemas.Closures)

// Parse reads a file of closures from YAML or JSON, up to a MiB. The error is a
// Mistakes.
func Parse(file string, src []byte) (*File, error) {
	root, mistakes := source.Parse(file, src)
	if len(mistakes) == 0 {
		mistakes = check(root)
	}
	if err := mistakes.Err(); err != nil {
		return nil, err
	}
	r := reader{taken: map[calendar.Date]string{}}
	f := &File{Council: root.Text("council")}
	for _, year := range root.Field("closures").Fields {
		for _, item := range year.Items {
			if c, ok := r.closure(year.Key, item); ok {
				f.Closures = append(f.Closures, c)
			}
		}
	}
	if len(f.Closures) > calendar.MaxClosures {
		r.wrong(root.Mistake("there are %d closures; at most %d are read", len(f.Closures), calendar.MaxClosures))
	}
	if err := r.mistakes.Err(); err != nil {
		return nil, err
	}
	return f, nil
}

// reader gathers what the schema cannot say.
type reader struct {
	mistakes source.Mistakes
	taken    map[calendar.Date]string // days closed so far, and by what
}

func (r *reader) wrong(m source.Mistake) { r.mistakes = append(r.mistakes, m) }

func (r *reader) closure(year string, n *source.Node) (calendar.Closure, bool) {
	before := len(r.mistakes)
	c := calendar.Closure{Name: n.Text("name")}
	on, from, to := n.Field("on"), n.Field("from"), n.Field("to")
	switch {
	case on != nil && (from != nil || to != nil):
		r.wrong(on.KeyMistake(`a closure is a single day, with "on", or a range, with "from" and "to", not both`))
	case on != nil:
		c.From = r.date(on)
	case from != nil && to != nil:
		c.From, c.To = r.date(from), r.date(to)
	default:
		r.wrong(n.Mistake(`write "on" for a single day, or "from" and "to" for a range`))
	}
	if len(r.mistakes) > before {
		return c, false
	}
	place := on
	if place == nil {
		place = from
	}
	if err := c.Check(); err != nil {
		r.wrong(place.Mistake("%s", err))
		return c, false
	}
	if got := fmt.Sprintf("%04d", c.From.Year()); got != year {
		r.wrong(place.Mistake("this is a day of %s, and it stands under %s", got, year))
	}
	r.take(c, place)
	return c, len(r.mistakes) == before
}

func (r *reader) date(n *source.Node) calendar.Date {
	d, err := calendar.ParseDate(n.Scalar())
	if err != nil {
		r.wrong(n.Mistake("%s", err))
	}
	return d
}

// take notes the days of a closure. A day in two closures is a slip, though
// nothing would change.
func (r *reader) take(c calendar.Closure, place *source.Node) {
	to := c.To
	if to.IsZero() {
		to = c.From
	}
	for d := c.From; !d.After(to); d = d.AddDays(1) {
		if other, again := r.taken[d]; again {
			r.wrong(place.Mistake("%s is closed twice: here and in %q", d.Short(), other))
			return
		}
		r.taken[d] = c.Name
	}
}
