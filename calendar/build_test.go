package calendar

import (
	"testing"
	"time"

	"github.com/rickar/cal/v2"
)

// rickar/cal works in the zone of the machine. Some zones have days without a
// midnight, such as New Year's Day 1986 in Lima.
func TestTheTableIsTheSameInEveryZoneOfTheMachine(t *testing.T) {
	defer func(was *time.Location) { cal.DefaultLoc = was }(cal.DefaultLoc)
	want := EnglandAndWales().Edition()
	for _, name := range []string{
		"UTC", "Europe/London", "America/Sao_Paulo", "America/Havana", "America/Asuncion", "America/Santiago", "America/Lima",
		"Africa/Cairo", "Asia/Beirut", "Asia/Amman", "Asia/Tehran", "Asia/Gaza", "Pacific/Apia", "Pacific/Kiritimati", "Etc/GMT+12",
	} {
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		cal.DefaultLoc = zone
		if got := buildNation(englandAndWalesNation).Edition(); got != want {
			t.Errorf("with the machine in %s the edition is %s, want %s", name, got, want)
		}
	}
}

func TestHotPathsDoNotAllocate(t *testing.T) {
	c := EnglandAndWales()
	d := civil(2026, time.May, 1)
	at := time.Date(2026, time.July, 1, 23, 30, 0, 0, time.UTC)
	for name, f := range map[string]func(){
		"IsWorkingDay":          func() { _, _ = c.IsWorkingDay(d) },
		"Holiday":               func() { _, _ = c.Holiday(d) },
		"DayOff":                func() { _, _ = c.DayOff(d) },
		"AddWorkingDays":        func() { _, _ = c.AddWorkingDays(d, 250) },
		"CountWorkingDaysAfter": func() { _, _ = c.CountWorkingDaysAfter(d, d.AddDays(90)) },
		"Roll":                  func() { _, _ = c.Roll(d, ModifiedFollowing) },
		"Before":                func() { _, _ = c.Before(d, Period{2, WorkingDays}) },
		"DateOf":                func() { _ = DateOf(at) },
		"AddMonths":             func() { _ = d.AddMonths(3) },
		"Start":                 func() { _ = d.Start() },
		"End":                   func() { _ = d.End() },
		"CountClear":            func() { _, _ = c.CountClearWorkingDays(d, d.AddDays(90)) },
		"NotLessBefore":         func() { _, _ = c.NotLessBefore(d, Period{2, WorkingDays}) },
	} {
		if n := testing.AllocsPerRun(100, f); n != 0 {
			t.Errorf("%s allocates %v times", name, n)
		}
	}
}

func BenchmarkBuild(b *testing.B) {
	for _, n := range []nation{englandAndWalesNation, scotlandNation, northernIrelandNation} {
		b.Run(n.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				buildNation(n)
			}
		})
	}
	parts := []*Calendar{EnglandAndWales(), Scotland(), NorthernIreland()}
	b.Run(nameAnyPartOfUK, func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			buildUnion(parts...)
		}
	})
}
