package calendar_test

import (
	"errors"
	"fmt"
	"time"

	"github.com/practiceaudit/practiceaudit/calendar"
)

func Example() {
	cal := calendar.EnglandAndWales()
	start, err := calendar.ParseDate("2026-05-01")
	if err != nil {
		fmt.Println(err)
		return
	}
	period, err := calendar.ParsePeriod("10 working days")
	if err != nil {
		fmt.Println(err)
		return
	}
	deadline, err := cal.DeadlineFrom(start, period, calendar.NoRoll)
	if err != nil {
		fmt.Println(err)
		return
	}
	status, err := cal.Status(deadline, time.Date(2026, time.May, 13, 9, 30, 0, 0, time.UTC))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(deadline.Due.Long())
	fmt.Println(deadline.Working())
	fmt.Println(status)
	// Output:
	// Monday 18 May 2026
	// 10 working days after Fri 1 May 2026, not counting Sat 2, Sun 3, Mon 4 May (Early May bank holiday), Sat 9, Sun 10, Sat 16 and Sun 17 May: due Mon 18 May 2026
	// due in 3 working days (Mon 18 May 2026)
}

func ExampleCalendar_Deadline() {
	cal := calendar.EnglandAndWales()
	finding := time.Date(2026, time.March, 31, 16, 45, 0, 0, calendar.London())
	month, _ := calendar.ParsePeriod("1 month")
	day, _ := calendar.ParsePeriod("24 hours")

	reaudit, _ := cal.Deadline(finding, month, calendar.Following)
	fmt.Println(reaudit.Working())
	acknowledged, _ := cal.Deadline(finding, day, calendar.NoRoll)
	fmt.Println(acknowledged.Working())
	// Output:
	// 1 month after Tue 31 Mar 2026 is Thu 30 Apr 2026 (there is no 31 April)
	// 24 hours after 16:45 on Tue 31 Mar 2026: due 16:45 on Wed 1 Apr 2026
}

func ExampleCalendar_MonthlyDay() {
	cal := calendar.EnglandAndWales()
	for m := time.February; m <= time.April; m++ {
		started, _ := cal.MonthlyDay(2026, m, 7, calendar.Following)
		fmt.Println(started.Short())
	}
	// Output:
	// Mon 9 Feb 2026
	// Mon 9 Mar 2026
	// Tue 7 Apr 2026
}

func ExampleCalendar_DayOff() {
	cal := calendar.EnglandAndWales()
	d, _ := calendar.ParseDate("2026-05-25")
	day, err := cal.DayOff(d)
	fmt.Println(day.Reason, day.Off, err)

	d, _ = calendar.ParseDate("2151-05-25")
	_, err = cal.DayOff(d)
	fmt.Println(err)
	// Output:
	// Spring bank holiday true <nil>
	// 2151-05-25 is outside the calendar england-and-wales/2028-12-31, which covers 1950-01-01 to 2150-12-31
}

func ExampleCalendar_Within() {
	cal := calendar.EnglandAndWales()
	referred := time.Date(2026, time.March, 28, 12, 0, 0, 0, calendar.London())
	allocated := time.Date(2026, time.March, 29, 12, 30, 0, 0, calendar.London())
	day, _ := calendar.ParsePeriod("24 hours")
	ok, err := cal.Within(day, referred, allocated) // the clocks went forward: 23½ hours
	fmt.Println(ok, err)
	// Output:
	// true <nil>
}

func ExampleParsePeriod() {
	_, err := calendar.ParsePeriod("10 business days")
	fmt.Println(err)
	var periodErr *calendar.PeriodError
	fmt.Println(errors.As(err, &periodErr), periodErr.Want)
	// Output:
	// period "10 business days": "business days" is not a unit this calendar counts in; write "10 working days"
	// true "10 working days"
}

func ExampleDate_AddMonths() {
	for _, s := range []string{"2026-01-31", "2026-09-30"} {
		d, _ := calendar.ParseDate(s)
		fmt.Println(d.AddMonths(1), d.AddMonths(4))
	}
	// Output:
	// 2026-02-28 2026-05-31
	// 2026-10-30 2027-01-30
}

func ExampleDateOf() {
	fmt.Println(calendar.DateOf(time.Date(2026, time.July, 1, 23, 30, 0, 0, time.UTC)).Long())
	// Output:
	// Thursday 2 July 2026
}
