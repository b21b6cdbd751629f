package audit

import "github.com/practiceaudit/practiceaudit/calendar"

// A closure audit comes before a case is closed, where the process policy asks for
// one (closure_audit). It is chosen and started on any day, and of a case that is
// open for however short a time. Not Halton's, which has none.

var sameDay, _ = calendar.ParsePeriod("same day")

// selectable are the kinds of audit that a person may choose a file for.
func (p Policy) selectable() []Kind {
	kinds := []Kind{DeepDive, Thematic, DipSample}
	if p.ClosureAudit {
		kinds = append(kinds, Closure)
	}
	return kinds
}

// eligible says from when a file may be chosen for a kind of audit, and refuses one
// that may not be on the given London date.
func (k Kind) eligible(c Case, on calendar.Date, env Env) (calendar.Deadline, *Refusal) {
	if k == Closure {
		env.Policy.OpenFor = sameDay
	}
	return Eligible(c, on, env)
}

// starts is the day from which an audit that is selected on a date can be started.
func (k Kind) starts(on calendar.Date, env Env) (calendar.Date, error) {
	if k == Closure {
		return on, nil
	}
	return NextStart(on, env)
}
