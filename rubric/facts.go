package rubric

import (
	"fmt"

	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/internal/source"
)

// fact is a compiled Fact.
type fact struct {
	name   string
	typ    FactType
	ask    string
	unit   string
	length calendar.Unit // of a duration
	min    int
	max    int
	of     []choice
	fixed  bool
	better string
	source string
	note   string
	node   *source.Node
	readBy uint64 // sections whose lines or rules read it, and wholeFileBit
}

func (f *fact) public() Fact {
	return Fact{
		Name: f.name, Type: f.typ, Ask: f.ask, Unit: f.unit, Min: f.min, Max: f.max, Of: options(f.of),
		Fixed: f.fixed, Better: f.better, Source: f.source, Note: f.note,
	}
}

// value is a fact as known: a number as it is, a date or time in seconds, a
// duration in its unit, yes as 1 and no as 0, a choice as its place among the
// choices.
type value struct {
	known bool
	n     int
}

// factNumber is a number fact by its name.
type factNumber int

func (n factNumber) eval(e *env) (lo, hi int) {
	if v := e.f.facts[n]; v.known {
		return v.n, v.n
	}
	return e.r.facts[n].min, e.r.facts[n].max
}

func (n factNumber) decided(_ *env, ev *evidence, _ aspect) { ev.fact(int(n)) }
func (n factNumber) words(r *Rubric) string                 { return r.facts[n].says() }

func (f *fact) says() string { return "the answer to “" + f.ask + "”" }

// factYes is a yes_no fact by its name.
type factYes int

func (n factYes) eval(e *env) truth {
	if v := e.f.facts[n]; v.known {
		return truthOf(v.n == 1)
	}
	return undetermined
}

func (n factYes) decided(_ *env, ev *evidence) { ev.fact(int(n)) }

func (n factYes) words(r *Rubric, opposite bool) string {
	if opposite {
		return r.facts[n].says() + " is no"
	}
	return r.facts[n].says() + " is yes"
}

// factCompare compares a choice, date, time or duration with a fixed value or
// with another fact of the same kind.
type factCompare struct {
	op    string
	fact  int
	other int // a fact, or -1
	fixed int // as in value, where other is -1
	shown string
}

func (n *factCompare) eval(e *env) truth {
	v, w := e.f.facts[n.fact], value{known: true, n: n.fixed}
	if n.other >= 0 {
		w = e.f.facts[n.other]
	}
	if !v.known || !w.known {
		return undetermined
	}
	return compare(n.op, v.n, v.n, w.n, w.n)
}

func (n *factCompare) decided(_ *env, ev *evidence) {
	ev.fact(n.fact)
	if n.other >= 0 {
		ev.fact(n.other)
	}
}

func (n *factCompare) words(r *Rubric, opposite bool) string {
	op := n.op
	if opposite {
		op = opposites[op]
	}
	f := &r.facts[n.fact]
	what := "“" + n.shown + "”"
	if n.other >= 0 {
		what = r.facts[n.other].says()
	}
	is := map[string]string{"==": "is", "!=": "is not", "<": "is before", "<=": "is no later than", ">": "is after", ">=": "is no earlier than"}[op]
	if f.typ == DurationFact {
		is = map[string]string{"==": "is", "!=": "is not", "<": "is less than", "<=": "is at most", ">": "is more than", ">=": "is at least"}[op]
	}
	return fmt.Sprintf("%s %s %s", f.says(), is, what)
}

// within is within("period", start, end), worked out once for a form, because
// only that has the calendar.
type within struct {
	period     calendar.Period
	start, end int // facts, both dates or both times
}

// withinIs is a within(…) in a condition, by its place in Rubric.withins.
type withinIs int

func (n withinIs) eval(e *env) truth { return e.f.withins[n] }

func (n withinIs) decided(e *env, ev *evidence) {
	ev.fact(e.r.withins[n].start)
	ev.fact(e.r.withins[n].end)
}

func (n withinIs) words(r *Rubric, opposite bool) string {
	w := r.withins[n]
	is := "is"
	if opposite {
		is = "is not"
	}
	return fmt.Sprintf("%s %s within %s of %s", r.facts[w.end].says(), is, w.period, r.facts[w.start].says())
}
