package calendar_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/gb"

	"github.com/practiceaudit/practiceaudit/calendar"
)

func BenchmarkAddWorkingDays(b *testing.B) {
	table := calendar.EnglandAndWales()
	slow := naive{table}
	rickar := cal.NewBusinessCalendar()
	rickar.AddHoliday(gb.Holidays...)
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
	table := calendar.EnglandAndWales()
	d := date(b, "2026-05-04")
	b.ReportAllocs()
	for b.Loop() {
		if working, err := table.IsWorkingDay(d); working || err != nil {
			b.Fatal(working, err)
		}
	}
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
