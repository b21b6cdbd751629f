package calendar_test

import (
	"bytes"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/gb"

	"github.com/practiceaudit/practiceaudit/calendar"
)

func BenchmarkAddWorkingDays(b *testing.B) {
	table := calendar.EnglandAndWales()
	slow := naive{table}
	rickar := rickarCalendar()
	start := date(b, "2026-03-02")
	at := start.Start().Add(9 * time.Hour)
	for _, way := range []struct {
		name string
		add  func(n int) calendar.Date
	}{
		{"date", func(n int) calendar.Date {
			due, _ := table.AddWorkingDays(start, n)
			return due
		}},
		{"time", func(n int) calendar.Date {
			due, _ := table.AddWorkingDays(calendar.DateOf(at), n)
			_ = due.Start()
			return due
		}},
		{"rickar", func(n int) calendar.Date {
			return calendar.DateOf(rickar.WorkdaysFrom(at, n))
		}},
		{"naive", func(n int) calendar.Date {
			return slow.addWorkingDays(start, n)
		}},
	} {
		for _, n := range []int{5, 10, 250} {
			b.Run(fmt.Sprintf("%s/%d", way.name, n), func(b *testing.B) {
				want := slow.addWorkingDays(start, n)
				b.ReportAllocs()
				for b.Loop() {
					if got := way.add(n); got != want {
						b.Fatalf("%d working days after %s is %s, want %s", n, start, got, want)
					}
				}
			})
		}
	}
}

func BenchmarkIsWorkingDay(b *testing.B) {
	table, rickar := calendar.EnglandAndWales(), rickarCalendar()
	slow := naive{table}
	d := date(b, "2026-05-04")
	at := d.Start().Add(9 * time.Hour)
	for _, way := range []struct {
		name string
		is   func() bool
	}{
		{"date", func() bool { is, _ := table.IsWorkingDay(d); return is }},
		{"time", func() bool { is, _ := table.IsWorkingDay(calendar.DateOf(at)); return is }},
		{"rickar", func() bool { return rickar.IsWorkday(at) }},
		{"naive", func() bool { return slow.isWorking(at) }},
	} {
		b.Run(way.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if way.is() {
					b.Fatalf("%s is a working day", d)
				}
			}
		})
	}
}

// The number of working days of a month, both ends counted, as
// rickar.WorkdaysInRange does.
func BenchmarkCountBetween(b *testing.B) {
	table, rickar := calendar.EnglandAndWales(), rickarCalendar()
	slow := naive{table}
	first, last := date(b, "2026-05-01"), date(b, "2026-05-31")
	from, to := first.Start().Add(9*time.Hour), last.Start().Add(9*time.Hour)
	for _, way := range []struct {
		name  string
		count func() int
	}{
		{"date", func() int { n, _ := table.CountWorkingDaysBothIncluded(first, last); return n }},
		{"time", func() int {
			n, _ := table.CountWorkingDaysBothIncluded(calendar.DateOf(from), calendar.DateOf(to))
			return n
		}},
		{"rickar", func() int { return rickar.WorkdaysInRange(from, to) }},
		{"naive", func() int { return slow.countAfter(first.AddDays(-1), last) }},
	} {
		b.Run(way.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if got := way.count(); got != 19 {
					b.Fatalf("%d working days", got)
				}
			}
		})
	}
}

func rickarCalendar() *cal.BusinessCalendar {
	c := cal.NewBusinessCalendar()
	c.AddHoliday(gb.Holidays...)
	return c
}

func BenchmarkDeadline(b *testing.B) {
	table := calendar.EnglandAndWales()
	at := moment(b, "2026-05-01T09:00:00Z")
	for _, text := range []string{"24 hours", "10 days", "1 month", "10 working days"} {
		p := period(b, text)
		b.Run(text, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := table.Deadline(at, p, calendar.NoRoll); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkReadBankHolidays(b *testing.B) {
	text, err := os.ReadFile(publicShape)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		list, err := calendar.ReadBankHolidays(bytes.NewReader(text))
		if err != nil {
			b.Fatal(err)
		}
		if _, err := calendar.EnglandAndWales().WithBankHolidays(list); err != nil {
			b.Fatal(err)
		}
	}
}
