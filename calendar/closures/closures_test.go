package closures_test

import (
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/calendar/closures"
)

const sample = "testdata/closures.yaml"

func readSample(t testing.TB) []byte {
	t.Helper()
	src, err := os.ReadFile(sample)
	if err != nil {
		t.Fatal(err)
	}
	return src
}

func TestTheSampleIsApplied(t *testing.T) {
	t.Parallel()
	file, err := closures.Parse(sample, readSample(t))
	if err != nil {
		t.Fatal(err)
	}
	cal, err := file.Apply(calendar.EnglandAndWales())
	if err != nil {
		t.Fatal(err)
	}
	if got := cal.Edition().Name; got != "england-and-wales+halton/2028-12-31" {
		t.Errorf("edition %s", got)
	}
	first, _ := calendar.ParseDate("2026-12-24")
	last, _ := calendar.ParseDate("2027-01-04")
	days, err := cal.Holidays(first, last)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for d, name := range days {
		got = append(got, d.Short()+": "+name)
	}
	want := []string{
		"Thu 24 Dec 2026: Christmas Eve", "Fri 25 Dec 2026: Christmas Day", "Mon 28 Dec 2026: substitute day for Boxing Day",
		"Tue 29 Dec 2026: Christmas week", "Wed 30 Dec 2026: Christmas week", "Thu 31 Dec 2026: Christmas week", "Fri 1 Jan 2027: New Year's Day",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestMistakesAreAllSaidEachInItsPlace(t *testing.T) {
	t.Parallel()
	const src = `council: Halton Council
closures:
  "2026":
    - { on: 2026-12-24, name: Christmas Eve, until: 2026-12-25 }
    - { on: 2026-12-29 }
  "26":
    - { on: 2026-12-30, name: x }
`
	const want = `closures.yaml:1:10: "Halton Council" is not a short name in small letters, digits and hyphens
    council: Halton Council
             ^
closures.yaml:4:46: unknown key "until"; the keys here are: from, name, on, to
        - { on: 2026-12-24, name: Christmas Eve, until: 2026-12-25 }
                                                 ^
closures.yaml:5:7: "name" is missing
        - { on: 2026-12-29 }
          ^
closures.yaml:6:3: "26" is not a year from 1950 to 2150
      "26":
      ^`
	_, err := closures.Parse("closures.yaml", []byte(src))
	if err == nil {
		t.Fatal("no mistake")
	}
	if diff := cmp.Diff(want, err.Error()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestWhatTheSchemaCannotSay(t *testing.T) {
	t.Parallel()
	const src = `council: halton
closures:
  "2026":
    - { on: 2026-02-30, name: a }
    - { on: 2026-03-02, from: 2026-03-03, name: b }
    - { from: 2026-03-03, name: c }
    - { from: 2026-03-05, to: 2026-03-04, name: d }
    - { from: 2026-03-05, to: 2026-09-04, name: e }
    - { on: 2027-03-05, name: f }
    - { from: 2026-04-08, to: 2026-04-10, name: g }
    - { on: 2026-04-09, name: h }
`
	_, err := closures.Parse("closures.yaml", []byte(src))
	var mistakes closures.Mistakes
	if !errors.As(err, &mistakes) {
		t.Fatal(err)
	}
	want := []string{
		"4: there is no day 30 in February 2026", "5: a closure is a single day", "6: write \"on\" for a single day",
		"7: the last day, Wed 4 Mar 2026, is before the first", "8: it is 184 days long", "9: this is a day of 2027, and it stands under 2026",
		"11: Thu 9 Apr 2026 is closed twice: here and in \"g\"",
	}
	if len(mistakes) != len(want) {
		t.Fatalf("%d mistakes, want %d:\n%v", len(mistakes), len(want), err)
	}
	for i, m := range mistakes {
		line, text, _ := strings.Cut(want[i], ": ")
		if line != itoa(m.Line) || !strings.Contains(m.Message, text) || m.Column == 0 || m.Text == "" {
			t.Errorf("%s\nwant %s", m.Error(), want[i])
		}
	}
}

func itoa(n int) string {
	if n < 10 {
		return string(rune('0' + n))
	}
	return itoa(n/10) + itoa(n%10)
}

func TestFilesThatAreNone(t *testing.T) {
	t.Parallel()
	for name, src := range map[string]string{
		"empty": "", "a list": "- a", "text": "closed", "no closures": "council: x", "binary": "\x00\xff", "huge": strings.Repeat("x", 2<<20),
		"a number for a year": "council: x\nclosures:\n  2026: []\n", "alias": "council: &a x\nclosures: {}\n", "no mapping": "council: x\nclosures: []\n",
		"a name with a line break": "council: x\nclosures:\n  \"2026\":\n    - { on: 2026-03-02, name: \"a\\nb\" }\n",
	} {
		file, err := closures.Parse("closures.yaml", []byte(src))
		var mistakes closures.Mistakes
		if !errors.As(err, &mistakes) || file != nil || len(mistakes) == 0 {
			t.Errorf("%s: %v, %v", name, file, err)
		}
	}
	var closureErr *calendar.ClosureError
	if _, err := (*closures.File)(nil).Apply(calendar.Scotland()); !errors.As(err, &closureErr) {
		t.Errorf("no file: %v", err)
	}
}

func FuzzParse(f *testing.F) {
	src := readSample(f)
	if _, err := closures.Parse(sample, src); err != nil {
		f.Fatalf("the seed is not read: %v", err)
	}
	f.Add(src)
	f.Add([]byte(`{"council":"x","closures":{"2026":[{"on":"2026-12-24","name":"y"}]}}`))
	f.Add([]byte("council: x\nclosures:\n  \"2026\":\n    - { from: 2026-12-24, to: 2027-01-04, name: y }\n"))
	f.Fuzz(func(t *testing.T, src []byte) {
		file, err := closures.Parse("closures.yaml", src)
		if err != nil {
			return
		}
		cal, err := file.Apply(calendar.EnglandAndWales())
		if err != nil {
			var (
				rangeErr  *calendar.RangeError
				closedErr *calendar.ClosedError
			)
			if !errors.As(err, &rangeErr) && !errors.As(err, &closedErr) {
				t.Fatalf("what was read is not applied: %v", err)
			}
			return
		}
		if again, err := calendar.ParseCalendar(cal.Canonical()); err != nil || again.Edition() != cal.Edition() {
			t.Fatalf("%s is not read back: %v", cal.Edition(), err)
		}
	})
}
