package cycle_test

import "github.com/practiceaudit/practiceaudit/calendar"

func date(s string) calendar.Date {
	d, err := calendar.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}
