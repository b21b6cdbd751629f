package calendar_test

import (
	"testing"

	"github.com/practiceaudit/practiceaudit/internal/planted"
)

// mistakes are some that somebody could make here, each with the test that must
// notice it.
var mistakes = []planted.Mistake{
	// Data.
	{"Scotland's summer holiday at the end of August", "scotland_rules.go", "from: firstYear, day: gb.SummerHolidayScotland", "from: firstYear, day: gb.SummerHoliday", "TestHolidaysOfScotland"},
	{"St Andrew's Day a year too early", "scotland_rules.go", `from: 2007`, `from: 2006`, "TestHolidaysOfScotland"},
	{"VE Day moved in Scotland instead of added", "scotland_rules.go", `{date: civil(1995, time.May, 8)`, `{not: civil(1995, time.May, 1), date: civil(1995, time.May, 8)`, "TestHolidaysOfScotland"},
	{"nothing instead of 12 July on a Sunday", "northern_ireland_rules.go", "on(time.July, 12), kind: mondayInstead", "on(time.July, 12)", "TestHolidaysOfNorthernIreland"},
	{"the spring holiday of 2002 had twice", "england_and_wales_rules.go", "{civil(2002, time.May, 27), civil(2002", "{Date{}, civil(2002", "TestHolidaysMovedAndAdded"},
	{"one substitute for Christmas and Boxing Day", "substitutes.go", "name(names, christmas.AddDays(3), forBoxing)\n\tcase time.Sunday", "name(names, christmas.AddDays(2), forBoxing)\n\tcase time.Sunday", "TestHolidaysMovedAndAdded"},
	{"no substitute for 2 January on a Sunday", "substitutes.go", "name(names, newYear.AddDays(3), substituteFor(secondOfJanuary))\n\tcase time.Sunday", "case time.Sunday", "TestHolidaysOfScotland"},
	{"the last of two names stays", "nations.go", "!ok || s < was", "!ok || s != was", "TestLawShufflingTheRulesChangesNothing"},
	{"the last of two rules stays", "nations.go", "if was, ok := names[d]; !ok || s < was {", "if _, ok := names[d]; !ok || ok {", "TestLawShufflingTheRulesChangesNothing"},
	{"changes are made one after the other", "nations.go", "\t\tdelete(names, c.not)\n\t}\n\tfor _, c := range n.changes {\n", "\t\tdelete(names, c.not)\n", "TestLawShufflingTheRulesChangesNothing"},
	{"New Year's names the other way round", "substitutes.go", "name(names, newYear.AddDays(2), substituteFor(newYearsDay))\n\t\tname(names, newYear.AddDays(3), substituteFor(secondOfJanuary))", "name(names, newYear.AddDays(2), substituteFor(secondOfJanuary))\n\t\tname(names, newYear.AddDays(3), substituteFor(newYearsDay))", "TestHolidaysOfScotland"},
	{"a holiday of one nation is one of all", "nations.go", "if len(where) == len(nationTitles)", "if len(where) > 0", "TestHolidaysOfAnyPartOfTheUKSayWhere"},

	// Data at run time.
	{"a list takes the closures away", "bank_holidays.go", "return !h.closure && h.date", "return h.date", "TestALoadedListOverridesTheRulesForItsYearsOnly"},
	{"official data does not grow", "bank_holidays.go", "end.After(v.OfficialTo)", "end.Before(v.OfficialTo)", "TestALoadedListOverridesTheRulesForItsYearsOnly"},
	{"a day listed twice is let through", "published_list.go", "days[i-1].date == e.date", "days[i-1].holiday == e.holiday", "TestListsThatCannotBeAreRefusedWithTheLine"},
	{"a bank holiday on a Sunday is let through", "published_list.go", "case isWeekend(d):", "case false:", "TestListsThatCannotBeAreRefusedWithTheLine"},
	{"a nation given twice is let through", "published_list.go", "case seen[name]:", "case false:", "TestListsThatCannotBeAreRefusedWithTheLine"},
	{"one holiday in two spellings is let through", "published_list.go", "strings.ToLower(e.title)", "e.title", "TestListsThatCannotBeAreRefusedWithTheLine"},
	{"a year without Christmas Day is let through", "published_list.go", "l.standing(part, n, year, inYear)", "", "TestListsThatCannotBeAreRefusedWithTheLine"},
	{"May and August holidays may be any day of the year", "published_list.go", "l.moved(names, days)", "", "TestListsThatCannotBeAreRefusedWithTheLine"},
	{"a holiday nine days late is let through", "published_list.go", "e.date.After(last)", "e.date.After(last.AddDays(1))", "TestListsThatCannotBeAreRefusedWithTheLine"},
	{"eight holidays are enough anywhere", "published_list.go", "count < part.fewest", "count < 8", "TestListsThatCannotBeAreRefusedWithTheLine"},
	{"a year of two digits is of this century", "published_names.go", "if len(parts[2]) == 2 {", "if parts[2] = \"20\" + parts[2]; false {", "TestListsThatCannotBeAreRefusedWithTheLine"},

	// Arithmetic.
	{"the start counts", "working_days.go", "nth := day.upTo() + n", "nth := day.before() + n", "TestLawTheCountOfWorkingDaysAddedIsTheirNumber"},
	{"back from a Sunday is a day too far", "working_days.go", "nth = day.before() + 1 + n", "nth = day.upTo() + n", "TestAnyDateAgreesWithTheNaiveWalk"},
	{"Saturday is a working day", "calendar.go", "w == time.Saturday || w == time.Sunday", "w == time.Sunday", "TestLawWorkingDaysAddedAndRolledNeverLandOnANonWorkingDay"},
	{"rolled into another month", "working_days.go", "err == nil && !next.After(end)", "err == nil", "TestEveryDayOf2020To2030AgreesWithTheNaiveWalk"},
	{"clear days with one end", "working_days.go", "max(0, to.before()-from.upTo())", "max(0, to.upTo()-from.upTo())", "TestLawNotLessThanLeavesThatManyClearDaysAndNoDayToSpare"},
	{"not less than is three days more", "deadline.go", "\td = d.AddDays(1)\n", "\td = d.AddDays(3)\n", "TestLawNotLessAfterLeavesThePeriodClear"},
	{"not less than is two days less before", "deadline.go", "last = last.AddDays(-1)", "last = last.AddDays(-3)", "TestLawNotLessBeforeIsTheLastDateThatNotLessAfterLeadsFrom"},
	{"a month's end is not the last date before", "deadline.go", "clear == clear.monthEnd()", "false", "TestLawNotLessBeforeIsTheLastDateThatNotLessAfterLeadsFrom"},
	{"nothing after the end is before the beginning", "working_days.go", "c.beyond(n >= 0)", "c.beyond(n > 0)", "TestTheNextWorkingDayAfterTheCalendarIsBlamedOnTheYearAfter"},
	{"a month cut off has no more working days", "working_days.go", "case err != nil && c.coverage.Last.Before(end):", "case false:", "TestACalendarOfPartOfAYearSaysItsDates"},
	{"before is after", "deadline.go", "func (c *Calendar) Before(d Date, p Period) (Date, error) {\n\tp.n = -p.n", "func (c *Calendar) Before(d Date, p Period) (Date, error) {", "TestLawBeforeUndoesAWorkingDayDeadline"},
	{"a closure opens a bank holiday", "calendar.go", "for ; next < len(holidays) && holidays[next].date == d; next++ {\n\t\t\toff = true", "for ; next < len(holidays) && holidays[next].date == d; next++ {\n\t\t\toff = !off", "TestLawAClosureNeverBringsADeadlineForward"},

	// Months.
	{"months stick to their end", "date.go", "min(day, daysIn(y, m))", "min(day, 28)", "TestLawMonthsKeepTheDayUnlessTheMonthIsTooShort"},
	{"every fourth year is a leap year", "civil.go", "y%4 == 0 && (y%100 != 0 || y%400 == 0)", "y%4 == 0", "TestImpossibleDatesAreRefusedWithWhatWouldBeRight"},
	{"every month is counted from the one before", "sequences.go", "c.Roll(first.AddMonths(n), r)", "c.Roll(first, r); first = first.AddMonths(months)", "TestEveryMonthsKeepsToItsAnchor"},

	// Zones.
	{"the day of UTC", "london.go", "unix + offset + daysTo1970", "unix + 0*offset + daysTo1970", "TestTheDayTurnsAtMidnightInLondonWhateverTheZone"},
	{"summer time in winter", "london.go", "before: before, after: after", "before: after, after: before", "TestTheDayTurnsAtMidnightInLondonWhateverTheZone"},
	{"the day begins at midnight UTC", "london.go", "return utc - offset, ok", "return utc - 0*offset, ok", "TestTheDayTurnsAtMidnightInLondonWhateverTheZone"},
	{"24 hours are a day", "rule.go", "d.StartAt.Add(time.Duration(d.Period.n) * time.Hour)", "d.StartAt.AddDate(0, 0, int(d.Period.n)/24)", "TestTwentyFourElapsedHoursOnBothDaysTheClocksChange"},

	// Flags and rules.
	{"a projected deadline is said to be certain", "projected.go", "for d := later(first, c.coverage.OfficialTo.AddDays(1)); !d.After(last)", "for d := later(first, c.coverage.OfficialTo.AddDays(1)); d.Before(first)", "TestLawProjectedIsSaidWheneverLaterDaysCouldMoveTheDeadline"},
	{"days that are not rolled are said to be projected", "hangs_on.go", "\t\tif d.Roll == NoRoll {\n\t\t\treturn spans\n\t\t}\n", "", "TestLawProjectedIsSaidWheneverLaterDaysCouldMoveTheDeadline"},
	{"the cut-off itself is still in time", "hangs_on.go", "!d.StartAt.Before(d.CutOff.On(d.Start))", "d.StartAt.After(d.CutOff.On(d.Start))", "TestStartRulesAndCutOffs"},
	{"recalculated without the start rule", "recalculate.go", ", StartRule: d.StartRule}", "}", "TestLawRecalculationIsIdempotentAndItsCausesDiffer"},
	{"recalculated from the date due", "recalculate.go", "c.fromDate(Deadline{Start: d.Start,", "c.fromDate(Deadline{Start: d.Due,", "TestLawRecalculationIsIdempotentAndItsCausesDiffer"},
	{"recalculated without the time of day", "deadline.go", ", By: d.By}", "}", "TestLawRecalculationIsIdempotentAndItsCausesDiffer"},
	{"the days on the way to the start are not recorded", "hangs_on.go", "spans = append(spans, span{d.event(), d.from()})", "_ = spans", "TestLawSkippedAreExactlyTheNonWorkingDaysThatDecide"},
	{"the rest of the month is not recorded", "hangs_on.go", "return span{d.Due, fell.monthEnd()}", "return span{d.Due, fell}", "TestLawSkippedAreExactlyTheNonWorkingDaysThatDecide"},
	{"causes end with the old date due", "recalculate.go", "causes = append(causes, Cause{Date: s.Date, Is: s.Reason, Beyond: true})", "", "TestLawTheCausesAloneMoveTheDeadlineAsFar"},
	{"another nation's deadline is recalculated", "recalculate.go", "nationOf(d.Edition) != c.nation()", "false", "TestRecalculationsThatCannotBe"},
	{"no day could move", "projected.go", "couldMove = append(couldMove, Skipped{Date: h.date, Reason: h.name})", "", "TestLawAHolidayWhoseMoveMovesTheDeadlineIsNamed"},
	{"only the days themselves could move", "projected.go", "const farthestMove = 8", "const farthestMove = 0", "TestLawAHolidayWhoseMoveMovesTheDeadlineIsNamed"},
	{"closures could move", "projected.go", "!h.closure && h.date.After", "h.date.After", "TestProjectedDeadlinesInWords"},
	{"a closed day is projected", "projected.go", " && !c.closed(d)", "", "TestProjectedNamesTheHolidaysThatCouldMove"},
	{"old days are as sure as the official ones", "projected.go", "for d := first; !d.After(last) && d.Before(c.coverage.OfficialFrom)", "for d := first; d.Before(first)", "TestProjectedNamesTheHolidaysThatCouldMove"},
	{"deadlines are equal from another day", "deadline.go", " && d.From == e.From", "", "TestDeadlineEqualSeesEveryField"},
	{"deadlines are equal whatever could move", "deadline.go", "slices.Equal(d.CouldMove, e.CouldMove) && ", "", "TestDeadlineEqualSeesEveryField"},
	{"due by an hour past before the event", "rule.go", "d.Last.Before(start)", "false", "TestRulesThatCannotBe"},
	{"the second of two half past ones", "time_of_day.go", "offset == after", "offset != 3601", "TestLawATimeOfDayIsTheFirstMomentThatTheClocksShowIt"},
	{"the last moment is too late", "deadline.go", "return !end.After(d.Last), nil", "return end.Before(d.Last), nil", "TestLawWithinHoldsUpToTheDeadlineAndNotAfter"},
	{"overdue a moment too soon", "status.go", "case at.After(d.Last):", "case !at.Before(d.Last):", "TestStatusInWords"},
}

func TestPlantedMistakesAreNoticed(t *testing.T) {
	if len(mistakes) < 16 {
		t.Errorf("%d mistakes", len(mistakes))
	}
	// One seed, so that no mistake survives by chance.
	planted.Run(t, mistakes, "-rapid.checks=3000", "-rapid.seed=1", "-rapid.nofailfile")
}
