package calendar_test

import (
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/practiceaudit/practiceaudit/calendar"
)

// These examples stand in docs/working-days.md too, word for word; a test
// compares them.

func ExampleCalendar_DeadlineFrom() {
	cal := calendar.EnglandAndWales()
	served, _ := calendar.ParseDate("2006-10-02")
	period, _ := calendar.ParsePeriod("14 days")
	d, err := cal.DeadlineFrom(served, period, calendar.NoRoll)
	fmt.Println(d.Due.Long(), err)

	sent, _ := calendar.ParseDate("2026-05-22")
	period, _ = calendar.ParsePeriod("1 working day")
	d, _ = cal.DeadlineFrom(sent, period, calendar.NoRoll)
	fmt.Println(d.Due.Long())
	for _, day := range d.Skipped {
		fmt.Println(day)
	}
	// Output:
	// Monday 16 October 2006 <nil>
	// Tuesday 26 May 2026
	// Sat 23 May 2026
	// Sun 24 May 2026
	// Mon 25 May 2026: Spring bank holiday
}

func ExampleCalendar_DeadlineFrom_correspondingDate() {
	cal := calendar.EnglandAndWales()
	notice, _ := calendar.ParseDate("1978-09-30")
	period, _ := calendar.ParsePeriod("4 months")
	d, err := cal.DeadlineFrom(notice, period, calendar.NoRoll)
	fmt.Println(d.Due.Long(), err)
	fmt.Println(d.Last.Format("15:04:05 on 2 January"))
	// Output:
	// Tuesday 30 January 1979 <nil>
	// 23:59:59 on 30 January
}

func ExampleCalendar_NotLessAfter() {
	cal := calendar.EnglandAndWales()
	notice, _ := calendar.ParseDate("2006-10-01")
	period, _ := calendar.ParsePeriod("28 days")
	first, err := cal.NotLessAfter(notice, period)
	fmt.Println(first.Long(), err)

	hearing, _ := calendar.ParseDate("2008-10-20") // a Monday
	period, _ = calendar.ParsePeriod("3 working days")
	last, err := cal.NotLessBefore(hearing, period)
	fmt.Println(last.Long(), err)
	// Output:
	// Monday 30 October 2006 <nil>
	// Tuesday 14 October 2008 <nil>
}

func ExampleAnyPartOfUK() {
	received, _ := calendar.ParseDate("2026-03-02")
	period, _ := calendar.ParsePeriod("20 working days")
	for _, cal := range []*calendar.Calendar{calendar.EnglandAndWales(), calendar.AnyPartOfUK()} {
		d, _ := cal.DeadlineFrom(received, period, calendar.NoRoll)
		fmt.Println(d.Working())
	}
	// Output:
	// 20 working days after Mon 2 Mar 2026, not counting 8 Saturdays and Sundays: due Mon 30 Mar 2026
	// 20 working days after Mon 2 Mar 2026, not counting 8 Saturdays and Sundays and Tue 17 Mar (St Patrick's Day (Northern Ireland)): due Tue 31 Mar 2026
}

func ExampleDateOf_london() {
	sent := time.Date(2026, time.July, 1, 23, 30, 0, 0, time.UTC)
	fmt.Println(calendar.DateOf(sent).Long())
	// Output:
	// Thursday 2 July 2026
}

func ExampleCalendar_Deadline_hours() {
	cal := calendar.EnglandAndWales()
	referred := time.Date(2026, time.March, 28, 12, 30, 0, 0, calendar.London())
	period, _ := calendar.ParsePeriod("24 hours")
	d, _ := cal.Deadline(referred, period, calendar.NoRoll)
	fmt.Println(d.Working())
	// Output:
	// 24 hours after 12:30 GMT on Sat 28 Mar 2026, while the clocks go forward: due 13:30 BST on Sun 29 Mar 2026
}

func ExampleCalendar_DeadlineBy() {
	cal := calendar.EnglandAndWales()
	cutOff, _ := calendar.ParseTimeOfDay("16:30")
	period, _ := calendar.ParsePeriod("1 working day")
	sent := time.Date(2026, time.May, 1, 17, 0, 0, 0, calendar.London()) // Friday evening
	d, _ := cal.DeadlineBy(sent, calendar.Rule{Period: period, CutOff: cutOff, Start: calendar.StartsNextWorkingDay})
	fmt.Println(d.Working())
	// Output:
	// 1 working day after Fri 1 May 2026 (taken as Tue 5 May 2026, passing over Sat 2, Sun 3 and Mon 4 May (Early May bank holiday)): due Wed 6 May 2026
}

func ExampleCalendar_Roll() {
	cal := calendar.EnglandAndWales()
	saturday, _ := calendar.ParseDate("2026-05-30")
	for _, r := range []calendar.Roll{calendar.NoRoll, calendar.Following, calendar.Preceding, calendar.ModifiedFollowing} {
		d, _ := cal.Roll(saturday, r)
		fmt.Printf("%s: %s\n", r, d.Short())
	}
	// Output:
	// none: Sat 30 May 2026
	// following: Mon 1 Jun 2026
	// preceding: Fri 29 May 2026
	// modified following: Fri 29 May 2026
}

func ExampleCalendar_EveryMonths() {
	cal := calendar.EnglandAndWales()
	first, _ := calendar.ParseDate("2026-01-07")
	starts, _ := cal.EveryMonths(first, 1, calendar.Following)
	for d := range starts {
		if d.Month() > time.April {
			break
		}
		fmt.Println(d.Short())
	}
	last, _ := cal.LastWorkingDay(2026, time.May)
	fmt.Println(last.Short())
	// Output:
	// Wed 7 Jan 2026
	// Mon 9 Feb 2026
	// Mon 9 Mar 2026
	// Tue 7 Apr 2026
	// Fri 29 May 2026
}

func ExampleCalendar_Recalculate() {
	// The calendar as it stood before 10 September 2022, read from its stored text.
	text := string(calendar.EnglandAndWales().Canonical())
	text = strings.Replace(text, "2022-09-19 State Funeral of Queen Elizabeth II\n", "", 1)
	old, _ := calendar.ParseCalendar([]byte(text))
	start, _ := calendar.ParseDate("2022-09-09")
	period, _ := calendar.ParsePeriod("10 working days")
	before, _ := old.DeadlineFrom(start, period, calendar.NoRoll)

	change, err := calendar.EnglandAndWales().Recalculate(before)
	fmt.Println(change, err)
	// Output:
	// due Mon 26 Sep 2022, was Fri 23 Sep 2022: Mon 19 Sep 2022 is no working day any more (State Funeral of Queen Elizabeth II) <nil>
}

func ExampleDeadline_projected() {
	start, _ := calendar.ParseDate("2028-12-29")
	period, _ := calendar.ParsePeriod("3 working days")
	d, _ := calendar.EnglandAndWales().DeadlineFrom(start, period, calendar.NoRoll)
	fmt.Println(d.Projected, d.CouldMove[0].Date, d.CouldMove[0].Reason)
	// Output:
	// true 2029-01-01 New Year's Day
}

func ExampleCalendar_Projected() {
	cal := calendar.EnglandAndWales()
	seventh, _ := calendar.ParseDate("2029-05-07") // the first Monday, a bank holiday by rule
	second, _ := cal.AddWorkingDays(seventh, 2)
	projected, couldMove, _ := cal.Projected(seventh.AddDays(1), second)
	fmt.Println(second, projected, couldMove)
	// Output:
	// 2029-05-09 true [Mon 7 May 2029: Early May bank holiday]
}

func ExampleCalendar_WithBankHolidays() {
	file, err := os.Open("testdata/bank-holidays-public.json")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer file.Close()
	list, err := calendar.ReadBankHolidays(file)
	if err != nil {
		fmt.Println(err)
		return
	}
	cal, err := calendar.Scotland().WithBankHolidays(list)
	fmt.Println(cal.Edition().Name, err)
	// Output:
	// scotland/2028-12-31 <nil>
}

func ExampleCalendar_WithClosures() {
	from, _ := calendar.ParseDate("2026-12-29")
	to, _ := calendar.ParseDate("2026-12-31")
	cal, err := calendar.EnglandAndWales().WithClosures("halton", []calendar.Closure{{From: from, To: to, Name: "Christmas week"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	day, _ := cal.DayOff(to)
	fmt.Println(cal.Edition().Name, day.Reason, day.Off)
	// Output:
	// england-and-wales+halton/2028-12-31 Christmas week true
}

func ExampleCalendar_Holidays() {
	first, _ := calendar.ParseDate("2026-11-01")
	last, _ := calendar.ParseDate("2026-12-31")
	days, _ := calendar.Scotland().Holidays(first, last)
	for d, name := range days {
		fmt.Println(d.Short(), name)
	}
	// Output:
	// Mon 30 Nov 2026 St Andrew's Day
	// Fri 25 Dec 2026 Christmas Day
	// Mon 28 Dec 2026 substitute day for Boxing Day
}

func ExampleCalendar_CountClearWorkingDays() {
	cal := calendar.EnglandAndWales()
	friday, _ := calendar.ParseDate("2026-05-01")
	wednesday, _ := calendar.ParseDate("2026-05-06") // after the bank holiday
	after, _ := cal.CountWorkingDaysAfter(friday, wednesday)
	both, _ := cal.CountWorkingDaysBothIncluded(friday, wednesday)
	clear, _ := cal.CountClearWorkingDays(friday, wednesday)
	fmt.Println(after, both, clear)
	// Output:
	// 2 3 1
}
