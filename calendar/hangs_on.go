package calendar

// span is a run of days, both ends included.
type span struct{ first, last Date }

func (s span) holds(d Date) bool { return !d.Before(s.first) && !d.After(s.last) }

// hangsOn returns the days whose being working days or not decides when the
// deadline is due, in order of date. Hours, and days that are not rolled, hang on
// none.
func (d Deadline) hangsOn() []span {
	var spans []span
	if d.StartRule == StartsNextWorkingDay {
		spans = append(spans, span{d.event(), d.from()})
	}
	counted := span{d.from().AddDays(1), d.Due}
	if d.Period.unit != WorkingDays {
		if d.Roll == NoRoll {
			return spans
		}
		counted = d.rolledOver()
	}
	if len(spans) > 0 && counted.first == d.from() {
		counted.first = counted.first.AddDays(1) // "same day": the day counted from is asked about once
	}
	return append(spans, counted)
}

// rolledOver are the days between the one that the period fell on and the one
// due. A date rolled back because the next working day is in another month hangs
// on the rest of its own month too.
func (d Deadline) rolledOver() span {
	fell := d.fell()
	switch {
	case !d.Due.Before(fell):
		return span{fell, d.Due}
	case d.Roll == ModifiedFollowing:
		return span{d.Due, fell.monthEnd()}
	}
	return span{d.Due, fell}
}

// fell is the date that the period fell on, before any roll.
func (d Deadline) fell() Date {
	if d.Period.unit == WorkingDays || d.Period.unit == Hours {
		return d.Due
	}
	return d.Period.after(d.from())
}

// from is the date counted from.
func (d Deadline) from() Date {
	if d.From.IsZero() {
		return d.Start
	}
	return d.From
}

// event is the date that the event counts as, before any start rule.
func (d Deadline) event() Date {
	if !d.CutOff.IsZero() && !d.StartAt.Before(d.CutOff.On(d.Start)) {
		return d.Start.AddDays(1)
	}
	return d.Start
}
