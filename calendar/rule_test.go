package calendar_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/practiceaudit/practiceaudit/calendar"
)

func timeOfDay(t fataler, s string) calendar.TimeOfDay {
	t.Helper()
	return must(calendar.ParseTimeOfDay(s))(t)
}

func TestStartRulesAndCutOffs(t *testing.T) {
	t.Parallel()
	cal := calendar.EnglandAndWales()
	tests := []struct {
		name, at, period string
		start            calendar.StartRule
		cutOff, by       string
		last, working    string
	}{
		{
			"a Saturday as it falls", "2026-05-02T10:00:00Z", "1 working day", calendar.StartsAsItFalls, "", "", "2026-05-05T22:59:59.999999999Z",
			"1 working day after Sat 2 May 2026, not counting Sun 3 and Mon 4 May (Early May bank holiday): due Tue 5 May 2026",
		},
		{
			"a Saturday as the next working day", "2026-05-02T10:00:00Z", "1 working day", calendar.StartsNextWorkingDay, "", "", "2026-05-06T22:59:59.999999999Z",
			"1 working day after Sat 2 May 2026 (taken as Tue 5 May 2026, passing over Sat 2, Sun 3 and Mon 4 May (Early May bank holiday)): due Wed 6 May 2026",
		},
		{
			"a working day is its own next", "2026-05-05T10:00:00Z", "1 working day", calendar.StartsNextWorkingDay, "", "", "2026-05-06T22:59:59.999999999Z",
			"1 working day after Tue 5 May 2026: due Wed 6 May 2026",
		},
		{
			"before the cut-off", "2026-05-05T15:29:59.999Z", "1 day", calendar.StartsAsItFalls, "16:30", "", "2026-05-06T22:59:59.999999999Z",
			"1 day after Tue 5 May 2026 is Wed 6 May 2026",
		},
		{
			"at the cut-off", "2026-05-05T15:30:00Z", "1 day", calendar.StartsAsItFalls, "16:30", "", "2026-05-07T22:59:59.999999999Z",
			"1 day after Tue 5 May 2026 (taken as Wed 6 May 2026) is Thu 7 May 2026",
		},
		{
			"after the cut-off on a Friday", "2026-05-01T16:00:00Z", "1 working day", calendar.StartsNextWorkingDay, "16:30", "17:00", "2026-05-06T16:00:00Z",
			"1 working day after Fri 1 May 2026 (taken as Tue 5 May 2026, passing over Sat 2, Sun 3 and Mon 4 May (Early May bank holiday)): due Wed 6 May 2026, by 17:00",
		},
		{
			"by an hour", "2026-05-05T10:00:00Z", "10 working days", calendar.StartsAsItFalls, "", "12:00", "2026-05-19T11:00:00Z",
			"10 working days after Tue 5 May 2026, not counting Sat 9, Sun 10, Sat 16 and Sun 17 May: due Tue 19 May 2026, by 12:00",
		},
		{
			"a month from the day it is taken as", "2026-08-30T10:00:00Z", "6 months", calendar.StartsNextWorkingDay, "", "", "2027-03-01T23:59:59.999999999Z",
			"6 months after Sun 30 Aug 2026 (taken as Tue 1 Sep 2026, passing over Sun 30 and Mon 31 Aug 2026 (Summer bank holiday)) is Mon 1 Mar 2027",
		},
		{
			"the same day as the next working day", "2026-05-02T10:00:00Z", "same day", calendar.StartsNextWorkingDay, "", "", "2026-05-05T22:59:59.999999999Z",
			"the same day as Sat 2 May 2026 (taken as Tue 5 May 2026, passing over Sat 2, Sun 3 and Mon 4 May (Early May bank holiday))",
		},
	}
	for _, tt := range tests {
		rule := calendar.Rule{Period: period(t, tt.period), Start: tt.start}
		if tt.cutOff != "" {
			rule.CutOff = timeOfDay(t, tt.cutOff)
		}
		if tt.by != "" {
			rule.By = timeOfDay(t, tt.by)
		}
		d := must(cal.DeadlineBy(moment(t, tt.at), rule))(t)
		if !d.Last.Equal(moment(t, tt.last)) || d.Working() != tt.working {
			t.Errorf("%s: last %s\n%s\nwant %s", tt.name, d.Last, d.Working(), tt.working)
		}
		var back calendar.Deadline
		if err := json.Unmarshal(must(json.Marshal(d))(t), &back); err != nil || !back.Equal(d) {
			t.Errorf("%s: reads back as %+v, %v", tt.name, back, err)
		}
	}
	d := must(cal.DeadlineBy(moment(t, "2026-05-05T10:00:00Z"), calendar.Rule{Period: period(t, "1 day"), By: timeOfDay(t, "12:00")}))(t)
	if s := must(cal.Status(d, moment(t, "2026-05-06T10:00:00Z")))(t); s.String() != "due today by 12:00" {
		t.Errorf("%s", s)
	}
	if s := must(cal.Status(d, moment(t, "2026-05-06T11:00:01Z")))(t); s.State != calendar.Overdue {
		t.Errorf("%s", s)
	}
}

func TestRulesThatCannotBe(t *testing.T) {
	t.Parallel()
	cal := calendar.EnglandAndWales()
	at := moment(t, "2026-05-05T10:00:00Z")
	var periodErr *calendar.PeriodError
	noon := timeOfDay(t, "12:00")
	for _, r := range []calendar.Rule{{Start: calendar.StartsNextWorkingDay}, {CutOff: noon}, {By: noon}} {
		r.Period = period(t, "2 hours")
		if _, err := cal.DeadlineBy(at, r); !errors.As(err, &periodErr) {
			t.Errorf("%+v: %v, want a *PeriodError", r, err)
		}
	}
	rule := calendar.Rule{Period: period(t, "same day"), By: noon}
	if d, err := cal.DeadlineBy(at, rule); err != nil || !d.StartAt.Equal(at) { // 11:00 in London
		t.Errorf("the same day by noon, from the morning: %+v, %v", d, err)
	}
	if _, err := cal.DeadlineBy(at.Add(time.Hour), rule); err != nil {
		t.Errorf("from noon itself: %v", err)
	}
	afternoon := at.Add(time.Hour + time.Second)
	if d, err := cal.DeadlineBy(afternoon, rule); !errors.As(err, &periodErr) || !d.IsZero() || !strings.Contains(err.Error(), `period "same day": by 12:00 on Tue 5 May 2026 is past already at the event, 12:00 on Tue 5 May 2026`) {
		t.Errorf("from the afternoon: %+v, %v", d, err)
	}
	saturday := moment(t, "2026-05-09T10:00:00Z")
	if d, err := cal.DeadlineBy(saturday, calendar.Rule{Period: period(t, "1 day"), Roll: calendar.Preceding, By: noon}); !errors.As(err, &periodErr) {
		t.Errorf("rolled back to the day before the event: %+v, %v", d, err)
	}
	var ruleErr *calendar.StartRuleError
	if _, err := cal.DeadlineBy(at, calendar.Rule{Period: period(t, "1 day"), Start: 99}); !errors.As(err, &ruleErr) {
		t.Errorf("start rule 99: %v", err)
	}
	if _, err := calendar.StartRule(99).MarshalText(); !errors.As(err, &ruleErr) {
		t.Errorf("start rule 99 is written: %v", err)
	}
	var s calendar.StartRule
	if err := s.UnmarshalText([]byte("tomorrow")); !errors.As(err, &ruleErr) || !strings.Contains(err.Error(), "write as it falls or next working day") {
		t.Errorf("%v", err)
	}
	if err := s.UnmarshalText([]byte("next working day")); err != nil || s != calendar.StartsNextWorkingDay || s.UnmarshalText(nil) != nil || s != calendar.StartsAsItFalls {
		t.Errorf("%s, %v", s, err)
	}
	var dateErr *calendar.DateError
	for _, text := range []string{"", "00:00", "24:00", "12:60", "9:30", "+1:30", "12.30", "noon", strings.Repeat("1", 1<<20)} {
		if got, err := calendar.ParseTimeOfDay(text); !errors.As(err, &dateErr) || !got.IsZero() || len(err.Error()) > 300 {
			t.Errorf("ParseTimeOfDay(%.20q) = %s, %v", text, got, err)
		}
	}
	if noon.String() != "12:00" || (calendar.TimeOfDay{}).String() != "" || !(calendar.TimeOfDay{}).On(date(t, "2026-05-05")).IsZero() || !noon.On(calendar.Date{}).IsZero() {
		t.Error("times of day")
	}
}

// CPR 2.8: its own worked examples, of October 2006 and 2008 by their weekdays.
func TestClearDaysAsTheCivilProcedureRulesHaveThem(t *testing.T) {
	t.Parallel()
	cal := calendar.EnglandAndWales()
	tests := []struct{ what, got, want string }{
		{"3 days before a hearing on Friday 20 October", must(cal.NotLessBefore(date(t, "2006-10-20"), period(t, "3 days")))(t).String(), "2006-10-16"},
		{"at least 28 days after notice on 1 October", must(cal.NotLessAfter(date(t, "2006-10-01"), period(t, "28 days")))(t).String(), "2006-10-30"},
		{"14 days from service on 2 October", must(cal.DeadlineFrom(date(t, "2006-10-02"), period(t, "14 days"), calendar.NoRoll))(t).Due.String(), "2006-10-16"},
		{"3 days before Monday 20 October, no weekend counted", must(cal.NotLessBefore(date(t, "2008-10-20"), period(t, "3 working days")))(t).String(), "2008-10-14"},
		{"1 month clear before 31 March", must(cal.NotLessBefore(date(t, "2026-03-31"), period(t, "1 month")))(t).String(), "2026-02-28"},
		{"1 month clear before 31 May", must(cal.NotLessBefore(date(t, "2026-05-31"), period(t, "1 month")))(t).String(), "2026-04-30"},
		{"1 month clear before the 1st", must(cal.NotLessBefore(date(t, "2026-05-01"), period(t, "1 month")))(t).String(), "2026-03-31"},
		{"1 month clear before 1 March", must(cal.NotLessBefore(date(t, "2026-03-01"), period(t, "1 month")))(t).String(), "2026-01-31"},
		{"2 weeks clear", must(cal.NotLessBefore(date(t, "2026-05-31"), period(t, "2 weeks")))(t).String(), "2026-05-16"},
		{"1 month clear", must(cal.NotLessAfter(date(t, "2026-01-31"), period(t, "1 month")))(t).String(), "2026-03-01"},
		{"1 working day clear from a Friday", must(cal.NotLessAfter(date(t, "2026-05-01"), period(t, "1 working day")))(t).String(), "2026-05-06"},
		{"same day clear", must(cal.NotLessAfter(date(t, "2026-05-01"), period(t, "same day")))(t).String(), "2026-05-02"},
	}
	for _, tt := range tests {
		if tt.got != tt.want {
			t.Errorf("%s: %s, want %s", tt.what, tt.got, tt.want)
		}
	}
	var periodErr *calendar.PeriodError
	if _, err := cal.NotLessAfter(date(t, "2026-05-01"), period(t, "24 hours")); !errors.As(err, &periodErr) {
		t.Errorf("hours: %v", err)
	}
	var rangeErr *calendar.RangeError
	if _, err := cal.NotLessAfter(date(t, "2150-12-30"), period(t, "1 day")); !errors.As(err, &rangeErr) {
		t.Errorf("outside: %v", err)
	}
	for _, p := range []string{"1 day", "1 week", "1 month", "1 working day"} {
		if d, err := cal.NotLessBefore(date(t, "1950-01-02"), period(t, p)); !errors.As(err, &rangeErr) {
			t.Errorf("%s before the second day of the calendar: %s, %v", p, d, err)
		}
	}
}

func TestLawNotLessThanLeavesThatManyClearDaysAndNoDayToSpare(t *testing.T) {
	cal := calendar.AnyPartOfUK()
	check(t, func(t *rapid.T) {
		d := anyDate(t, "d")
		n := rapid.IntRange(1, 100).Draw(t, "n")
		p := period(t, itoa(n)+" working days")
		after, before := must(cal.NotLessAfter(d, p))(t), must(cal.NotLessBefore(d, p))(t)
		if got := must(cal.CountClearWorkingDays(d, after))(t); got != n {
			t.Fatalf("%s after %s is %s, with %d clear", p, d, after, got)
		}
		if got := must(cal.CountClearWorkingDays(before, d))(t); got != n {
			t.Fatalf("%s before %s is %s, with %d clear", p, d, before, got)
		}
	})
}

// A working day that is asked about stands for the next one: between a Thursday
// and a Sunday, Friday lies clear, though the first date that NotLessAfter has is
// Monday.
func TestLawNotLessBeforeIsTheLastDateThatNotLessAfterLeadsFrom(t *testing.T) {
	cal := calendar.EnglandAndWales()
	check(t, func(t *rapid.T) {
		d := anyDate(t, "d")
		if rapid.Bool().Draw(t, "the last of its month") {
			d = d.AddDays(1 - d.Day()).AddMonths(1).AddDays(-1)
		}
		p := period(t, rapid.SampledFrom([]string{"same day", "1 day", "10 days", "2 weeks", "1 month", "3 months", "13 months", "1 working day", "10 working days"}).Draw(t, "period"))
		start := must(cal.NotLessBefore(d, p))(t)
		by, later := d, start.AddDays(1)
		if p.Unit() == calendar.WorkingDays {
			by, later = must(cal.Roll(d, calendar.Following))(t), must(cal.AddWorkingDays(start, 1))(t)
		}
		if after := must(cal.NotLessAfter(start, p))(t); after.After(by) {
			t.Fatalf("%s before %s is %s, and that long after it is %s", p, d, start, after)
		}
		if after := must(cal.NotLessAfter(later, p))(t); !after.After(by) {
			t.Fatalf("%s before %s is %s, but from %s it is %s still", p, d, start, later, after)
		}
	})
}

// For the other units clear days are counted one by one.
func TestLawNotLessAfterLeavesThePeriodClear(t *testing.T) {
	cal := calendar.EnglandAndWales()
	check(t, func(t *rapid.T) {
		start := anyDate(t, "start")
		p := period(t, rapid.SampledFrom([]string{"same day", "1 day", "10 days", "1 week", "4 weeks", "1 month", "3 months"}).Draw(t, "period"))
		last := must(cal.DeadlineFrom(start, p, calendar.NoRoll))(t).Due
		if after := must(cal.NotLessAfter(start, p))(t); after != last.AddDays(1) {
			t.Fatalf("%s from %s run to %s, and not less than that long after is %s", p, start, last, after)
		}
	})
}

func TestLawTheStartNeverCounts(t *testing.T) {
	cal := calendar.EnglandAndWales()
	check(t, func(t *rapid.T) {
		start := anyDate(t, "start")
		for _, unit := range []string{"day", "working day", "week", "month"} {
			d := must(cal.DeadlineFrom(start, period(t, "1 "+unit), calendar.NoRoll))(t)
			if !d.Due.After(start) {
				t.Fatalf("%s", d.Working())
			}
		}
	})
}
