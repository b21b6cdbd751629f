package loop

import (
	"fmt"
	"slices"
	"time"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/calendar"
)

// Month is one month's audits at their latest: allocated on the day they start,
// finalised on the day they are due and sent to their moderators at once.
type Month struct {
	Start     calendar.Date // of the month's audits
	Audited   calendar.Date // the last day of the audit
	Moderated calendar.Date // the last day of the moderation
	Next      calendar.Date // on which the next month's audits start
}

// Overruns reports whether a cycle is not over when the next begins.
func (c Month) Overruns() bool { return !c.Moderated.Before(c.Next) }

// Months are the monthly cycles that a policy gives, of which the next still starts
// within the given days, both included. Those that the calendar does not answer for
// are left out.
func (p *Policy) Months(cal *calendar.Calendar, first, last calendar.Date) []Month {
	var cycles []Month
	for on := first.AddDays(1 - first.Day()); !on.After(last); on = on.AddMonths(1) {
		c, ok := p.cycle(cal, on, p.Audit.Audit)
		if ok && !c.Start.Before(first) && !c.Next.After(last) {
			cycles = append(cycles, c)
		}
		if on == on.AddMonths(1) { // no date is later
			break
		}
	}
	return cycles
}

// cycle is the cycle of a month, whose first day is given, with a clock for its
// audit.
func (p *Policy) cycle(cal *calendar.Calendar, month calendar.Date, clock audit.Clock) (Month, bool) {
	next := month.AddMonths(1)
	start, err1 := cal.MonthlyDay(month.Year(), month.Month(), p.Audit.StartDay, p.Audit.StartRoll)
	audited, err2 := cal.DeadlineFrom(start, clock.Period, clock.Roll)
	moderated, err3 := cal.DeadlineFrom(audited.Due, p.Moderation.Moderation.Period, p.Moderation.Moderation.Roll)
	then, err4 := cal.MonthlyDay(next.Year(), next.Month(), p.Audit.StartDay, p.Audit.StartRoll)
	return Month{start, audited.Due, moderated.Due, then}, err1 == nil && err2 == nil && err3 == nil && err4 == nil
}

func (l *linter) cycles() {
	all := l.cal.Coverage()
	cycles := l.Months(l.cal, all.First, all.Last)
	over := overrunning(cycles)
	if len(over) == 0 {
		return
	}
	from, to := l.latest()
	late := slices.DeleteFunc(slices.Clone(cycles), func(c Month) bool { return c.Start.Year() < from || c.Next.Year() > to })
	example := over[0]
	if of := overrunning(late); len(of) > 0 {
		example = of[0]
	}
	l.find(CycleOverrunsMonth, "clocks.moderation",
		"an audit within %s and a moderation within %s do not fit every month: %d of the %d monthly cycles from %d to %d end on or after the day on which the next starts (of those from %d to %d, whose bank holidays are published, %d of %d). The cycle of %s ends on %s, and the next starts on %s; %s",
		l.Audit.Audit.Period, l.Moderation.Moderation.Period, len(over), len(cycles), cycles[0].Start.Year(), cycles[len(cycles)-1].Next.Year(),
		from, to, len(overrunning(late)), len(late),
		example.Start.Long(), example.Moderated.Long(), example.Next.Long(), l.fitting(cycles))
}

func overrunning(cycles []Month) []Month {
	return slices.DeleteFunc(slices.Clone(cycles), func(c Month) bool { return !c.Overruns() })
}

// fitting says which shorter audit would fit every one of some cycles.
func (l *linter) fitting(cycles []Month) string {
	clock := l.Audit.Audit
	for n := clock.Period.N() - 1; n > 0; n-- {
		var err error
		if clock.Period, err = calendar.ParsePeriod(fmt.Sprintf("%d %s", n, clock.Period.Unit())); err != nil {
			break
		}
		if !slices.ContainsFunc(cycles, func(c Month) bool {
			month := c.Start.AddDays(1 - c.Start.Day())
			if c.Start.Day() < l.Audit.StartDay { // it rolled into the next month
				month = month.AddMonths(-1)
			}
			short, ok := l.cycle(l.cal, month, clock)
			return !ok || short.Overruns()
		}) {
			return fmt.Sprintf("with an audit within %s every one would fit", clock.Period)
		}
	}
	return "shorten the moderation, or count the audit in calendar days"
}

// reminders finds those that come before their clock begins: no one is sent.
func (l *linter) reminders() {
	for _, name := range l.clockNames() {
		for i, st := range l.before(name) {
			if n, of, day := l.early(l.clock(name), st); n > 0 {
				from, to := l.latest()
				l.find(ReminderBeforeClock, fmt.Sprintf("clocks.%s.remind.%d", name, i+1),
					"a reminder %s before the end of %s is not after the clock begins, and so not sent, on %d of the %d working days from %d to %d on which it could begin, such as %s; write a shorter time",
					st.Before, l.clock(name).Period, n, of, from, to, day.Long())
			}
		}
	}
}

// early counts the working days on which a clock could begin, and those for which
// a reminder would come no later than the day itself.
func (l *linter) early(clock audit.Clock, st Step) (early, of int, such calendar.Date) {
	for day := range l.workingDays() {
		due, err := l.cal.DeadlineFrom(day, clock.Period, clock.Roll)
		if err != nil {
			continue
		}
		on, err := l.cal.Before(due.Due, st.Before)
		if err == nil {
			on, err = l.cal.Roll(on, calendar.Following)
		}
		if err != nil {
			continue
		}
		if of++; !on.After(day) {
			if early++; early == 1 {
				such = day
			}
		}
	}
	return early, of, such
}

// standard finds a day for the expected practice standards that comes before the
// actions of an audit that was finalised and moderated on one day.
func (l *linter) standard() {
	for day := range l.workingDays() {
		standard, err1 := l.cal.DeadlineFrom(day, l.Moderation.Standard.Period, l.Moderation.Standard.Roll)
		actions, err2 := l.cal.DeadlineFrom(day, l.Audit.Actions.Period, l.Audit.Actions.Roll)
		if err1 == nil && err2 == nil && standard.Due.Before(actions.Due) {
			l.find(StandardBeforeActions, "clocks.standard",
				"the file is to be at the expected practice standards within %s, and its actions have %s: of an audit that ends on %s the standard is due on %s, the actions on %s; give the standard as long as the actions",
				l.Moderation.Standard.Period, l.Audit.Actions.Period, day.Long(), standard.Due.Long(), actions.Due.Long())
			return
		}
	}
}

// workingDays are those of the latest years with published bank holidays.
func (l *linter) workingDays() func(yield func(calendar.Date) bool) {
	from, to := l.latest()
	first, err1 := calendar.NewDate(from, time.January, 1)
	last, err2 := calendar.NewDate(to, time.December, 31)
	days, err3 := l.cal.WorkingDays(first, last)
	if err1 != nil || err2 != nil || err3 != nil {
		return func(func(calendar.Date) bool) {}
	}
	return days
}

// latest are the latest years whose bank holidays are published, of which findings
// give examples.
func (l *linter) latest() (from, to int) {
	all := l.cal.Coverage()
	return max(all.OfficialTo.Year()-5, all.First.Year()), all.OfficialTo.Year()
}

// clockNames are the clocks of a policy, in the order of the process.
func (l *linter) clockNames() []string {
	return []string{ClockAudit, ClockActions, ClockModeration, ClockCheck, ClockStandard, ClockTracker, ClockReAudit, ClockDipSample}
}

// before are a clock's reminders, after its escalations, each in file order.
func (p *Policy) before(clock string) []Step { return p.stepsOf(clock, true) }

func (p *Policy) after(clock string) []Step { return p.stepsOf(clock, false) }

func (p *Policy) stepsOf(clock string, reminders bool) []Step {
	return slices.DeleteFunc(slices.Clone(p.Steps[clock]), func(st Step) bool { return st.After.IsZero() != reminders })
}
