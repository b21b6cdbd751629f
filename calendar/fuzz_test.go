package calendar_test

import (
	"bytes"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/practiceaudit/practiceaudit/calendar"
)

func FuzzParseDate(f *testing.F) {
	for _, seed := range []string{
		"2026-03-02", "2024-02-29", "2025-02-29", "0001-01-01", "9999-12-31", "0000-00-00", "", "02/03/2026",
		"2026-3-2", "2026-03-02T00:00:00Z", "-026-03-02", "२०२६-०३-०२", "\x00\xff", strings.Repeat("2", 100),
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := calendar.ParseDate(s)
		if err != nil {
			if !d.IsZero() || err.Error() == "" || len(err.Error()) > 700 {
				t.Fatalf("ParseDate(%q) = %q with error %q", s, d, err)
			}
			return
		}
		if d.String() != s || d.IsZero() {
			t.Fatalf("ParseDate(%q) = %q", s, d)
		}
		if again, err := calendar.NewDate(d.Year(), d.Month(), d.Day()); err != nil || again != d {
			t.Fatalf("%q is made of the parts of %q, %v", s, again, err)
		}
		if calendar.DateOf(d.Start()) != d && d.Year() > 1 || calendar.DateOf(d.End()) != d {
			t.Fatalf("%q starts on %s and ends on %s", s, calendar.DateOf(d.Start()), calendar.DateOf(d.End()))
		}
		cal := calendar.EnglandAndWales()
		first, last := cal.Coverage().First, cal.Coverage().Last
		if _, err := cal.IsWorkingDay(d); (err == nil) != (!d.Before(first) && !d.After(last)) {
			t.Fatalf("IsWorkingDay(%s): %v", d, err)
		}
	})
}

func FuzzParsePeriod(f *testing.F) {
	for _, seed := range []string{
		"10 working days", "1 week", "4 weeks", "1 month", "3 months", "24 hours", "2 hours", "same day", "10 days",
		"0 days", "-1 days", "10", "", "ten days", "10 business days", "1000000000 working days", "1 year",
		"10\u00a0days", "\xff days", strings.Repeat("9", 100),
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p, err := calendar.ParsePeriod(s)
		if err != nil {
			if !p.IsZero() || err.Error() == "" || len(err.Error()) > 900 {
				t.Fatalf("ParsePeriod(%q) = %q with error %q", s, p, err)
			}
			return
		}
		if p.IsZero() || p.N() < 0 {
			t.Fatalf("ParsePeriod(%q) = %q, %d", s, p, p.N())
		}
		if again, err := calendar.ParsePeriod(p.String()); err != nil || again != p {
			t.Fatalf("%q is written %q, which reads as %q, %v", s, p, again, err)
		}
		start := must(calendar.ParseDate("2026-05-01"))(t).Start()
		d, err := calendar.EnglandAndWales().Deadline(start, p, calendar.NoRoll)
		if err != nil || d.Last.Before(start) || d.Working() == "" {
			t.Fatalf("%q from %s: %+v, %v", p, start, d, err)
		}
	})
}

// Each sample must be read: one that moved away would leave the fuzzer without a
// seed, and nobody would notice. The seeds are a year of one nation, and the
// calendars are short, so that much can be tried.
func FuzzReadBankHolidaysPublic(f *testing.F) { fuzzBankHolidays(f, publicShape) }

func FuzzReadBankHolidaysRepository(f *testing.F) { fuzzBankHolidays(f, repositoryShape) }

func fuzzBankHolidays(f *testing.F, sample string) {
	text, err := os.ReadFile(sample)
	if err != nil {
		f.Fatal(err)
	}
	if _, err := calendar.ReadBankHolidays(bytes.NewReader(text)); err != nil {
		f.Fatalf("the sample %s is not read: %v", sample, err)
	}
	small := map[string]*calendar.Calendar{}
	for nation, cal := range nations {
		small[nation] = must(calendar.ParseCalendar([]byte(years(f, cal(), 2025, 2029))))(f)
		if nation == "any-part-of-uk" {
			continue
		}
		seed := oneYear(f, text, nation)
		if _, err := calendar.ReadBankHolidays(bytes.NewReader(seed)); err != nil {
			f.Fatalf("the seed of %s is not read: %v\n%s", nation, err, seed)
		}
		f.Add(seed)
		f.Add(seed[:len(seed)/2])
		for _, change := range [][2]string{{"2026", "26"}, {nation, "wales"}, {"12/2026", "13/2026"}, {"2026-12-25", "2026-12-24"}, {`"title"`, `"date"`}, {"Boxing", "\\ud800"}} {
			if changed := bytes.ReplaceAll(seed, []byte(change[0]), []byte(change[1])); !bytes.Equal(changed, seed) {
				f.Add(changed)
			}
		}
	}
	f.Add(oneYear(f, text, "england-and-wales", "scotland", "northern-ireland"))
	f.Add([]byte(`{"scotland":{"events":[{}]}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		list, err := calendar.ReadBankHolidays(bytes.NewReader(text))
		if err != nil {
			if list != nil || err.Error() == "" || len(err.Error()) > 20*1000 {
				t.Fatalf("%v with an error of %d bytes", list, len(err.Error()))
			}
			return
		}
		for _, cal := range small {
			cal, err := cal.WithBankHolidays(list)
			if err != nil {
				continue
			}
			again, err := calendar.ParseCalendar(cal.Canonical())
			if err != nil || again.Edition() != cal.Edition() {
				t.Fatalf("the canonical text of %s is not read back: %v", cal.Edition(), err)
			}
		}
	})
}

// oneYear takes the year 2026 of some nations out of a sample of either shape.
func oneYear(f *testing.F, text []byte, nations ...string) []byte {
	f.Helper()
	var file map[string]any
	if err := json.Unmarshal(text, &file); err != nil {
		f.Fatal(err)
	}
	divisions, inRepository := file["divisions"].(map[string]any)
	if !inRepository {
		divisions = file
	}
	small := map[string]any{}
	for _, nation := range nations {
		list, _ := divisions[nation].(map[string]any)
		if list == nil {
			list, _ = divisions["common.nations."+nation].(map[string]any)
		}
		small[nation] = map[string]any{"2026": list["2026"]}
		if events, public := list["events"].([]any); public {
			small[nation] = map[string]any{"division": nation, "events": slices.DeleteFunc(events, func(e any) bool {
				day, _ := e.(map[string]any)["date"].(string)
				return !strings.HasPrefix(day, "2026-")
			})}
		}
	}
	if inRepository {
		small = map[string]any{"divisions": small}
	}
	seed, err := json.Marshal(small)
	if err != nil {
		f.Fatal(err)
	}
	return seed
}

func FuzzParseCalendar(f *testing.F) {
	for _, cal := range []*calendar.Calendar{halton(f), calendar.AnyPartOfUK()} {
		text := []byte(years(f, cal, 2026, 2027))
		if _, err := calendar.ParseCalendar(text); err != nil {
			f.Fatalf("the seed is not read: %v", err)
		}
		f.Add(text)
	}
	f.Add([]byte("x 2026-01-01 2026-12-31 2026-01-01 2026-12-31\nclosed 2026-05-05 x\n"))
	f.Add([]byte("x+y 2026-01-03 2026-01-03 2026-01-03 2026-01-03\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		cal, err := calendar.ParseCalendar(text)
		if err != nil {
			if cal != nil || len(err.Error()) > 1000 {
				t.Fatalf("%v, %v", cal, err)
			}
			return
		}
		if !bytes.Equal(cal.Canonical(), text) {
			t.Fatalf("%q is written %q", text, cal.Canonical())
		}
	})
}
