package calendar_test

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/practiceaudit/practiceaudit/calendar"
)

const (
	publicShape     = "testdata/bank-holidays-public.json"
	repositoryShape = "testdata/bank-holidays-repository.json"
)

func readList(t fataler, path string) *calendar.BankHolidays {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatalf("%v", err)
	}
	defer f.Close()
	return must(calendar.ReadBankHolidays(f))(t)
}

func TestBothShapesOfTheGovernmentsListAreTheSame(t *testing.T) {
	t.Parallel()
	for nation, calendarOf := range nations {
		public := must(calendarOf().WithBankHolidays(readList(t, publicShape)))(t)
		repository := must(calendarOf().WithBankHolidays(readList(t, repositoryShape)))(t)
		if diff := cmp.Diff(string(public.Canonical()), string(repository.Canonical())); diff != "" {
			t.Errorf("%s (-public +repository):\n%s", nation, diff)
		}
		// The committed files hold what the rules say too, so nothing changes.
		if public.Edition() != calendarOf().Edition() {
			t.Errorf("%s: %s, the rules have %s:\n%s", nation, public.Edition(), calendarOf().Edition(),
				cmp.Diff(string(calendarOf().Canonical()), string(public.Canonical())))
		}
	}
}

func TestTheOfficialRecordItselfIsRead(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat(officialRecord); err != nil {
		t.Skipf("no official record at %s", officialRecord)
	}
	list := readList(t, officialRecord)
	for nation, official := range officialDays(t) {
		cal := must(nations[nation]().WithBankHolidays(list))(t)
		if cal.Edition() != nations[nation]().Edition() {
			t.Errorf("%s: with the record the edition is %s, by the rules %s:\n%s", nation, cal.Edition(), nations[nation]().Edition(),
				cmp.Diff(string(nations[nation]().Canonical()), string(cal.Canonical())))
		}
		for d := date(t, "2011-01-01"); d.Year() <= 2028; d = d.AddDays(1) {
			if _, ok := cal.Holiday(d); ok != official[d] {
				t.Errorf("%s, %s: holiday %t, want %t", nation, d.Long(), ok, official[d])
			}
		}
	}
}

// year is a list of one nation's year, in the public shape, with one event
// replaced or added.
func listOf(nation string, year int, more ...string) string {
	var events []string
	for i, title := range []string{"New Year's Day", "2nd January", "Good Friday", "Easter Monday", "Early May", "Spring", "Summer", "Christmas"} {
		events = append(events, fmt.Sprintf(`{"title":%q,"date":"%d-%02d-10","notes":""}`, title, year, i+1))
	}
	return fmt.Sprintf(`{%q:{"division":%q,"events":[%s]}}`, nation, nation, strings.Join(append(events, more...), ",\n"))
}

func TestALoadedListOverridesTheRulesForItsYearsOnly(t *testing.T) {
	t.Parallel()
	base := must(calendar.EnglandAndWales().WithClosures("halton", []calendar.Closure{{From: date(t, "2029-12-24"), To: date(t, "2029-12-31"), Name: "Christmas week"}}))(t)
	list := must(calendar.ReadBankHolidays(strings.NewReader(listOf("england-and-wales", 2029, `{"title":"A wedding’s day","date":"2029-09-19","notes":"Substitute day"}`))))(t)
	cal := must(base.WithBankHolidays(list))(t)
	checkDays(t, cal, []struct{ date, want string }{
		{"2028-12-25", "Christmas Day"},
		{"2029-01-01", ""},
		{"2029-01-10", "New Year's Day"},
		{"2029-09-19", "substitute day for A wedding's day"},
		{"2029-12-25", "Christmas week"}, // no bank holiday in this list, and still closed
		{"2029-12-31", "Christmas week"},
		{"2030-01-01", "New Year's Day"},
	})
	if official := cal.Coverage().OfficialTo; official.String() != "2029-12-31" {
		t.Errorf("official data to %s", official)
	}
	if cal.Edition() == base.Edition() || cal.Edition().Name != "england-and-wales+halton/2029-12-31" {
		t.Errorf("edition %s", cal.Edition())
	}
	if official := base.Coverage().OfficialTo; official.String() != "2028-12-31" {
		t.Error("the calendar itself has changed")
	}
	older := must(calendar.ReadBankHolidays(strings.NewReader(listOf("england-and-wales", 2020))))(t)
	if official := must(cal.WithBankHolidays(older))(t).Coverage().OfficialTo; official.String() != "2029-12-31" {
		t.Errorf("an older list takes official data back to %s", official)
	}
}

func TestListsThatCannotBeAreRefusedWithTheLine(t *testing.T) {
	t.Parallel()
	good := listOf("england-and-wales", 2029)
	year := func(y, date string) string {
		return strings.NewReplacer(`"events"`, `"`+y+`"`, `"2029-01-10"`, `"`+date+`"`).Replace(good)
	}
	tests := []struct{ name, text, want string }{
		{"empty", "", "cut off"},
		{"cut off in a list", good[:len(good)/2], "cut off"},
		{"cut off before the end", good[:len(good)-1], "cut off"},
		{"cut off in a text", good[:25], "cut off"},
		{"no JSON", "<html>", "not JSON"},
		{"a list", "[]", "no list of bank holidays"},
		{"null", "null", "no list of bank holidays"},
		{"nothing in it", "{}", "no list of bank holidays"},
		{"two lists", good + good, "follows the end"},
		{"not UTF-8", strings.Replace(good, "Spring", "\xff", 1), "not UTF-8"},
		{"wrong nation", strings.ReplaceAll(good, "england-and-wales", "wales"), `"wales" is no part of the United Kingdom`},
		{"nation that says it is another", strings.Replace(good, `"division":"england-and-wales"`, `"division":"scotland"`, 1), "of another nation"},
		{"nation twice", `{"scotland":{"events":[]},"scotland":{"events":[]}}`, "stands twice"},
		{"duplicate day", listOf("scotland", 2029, `{"title":"Christmas","date":"2029-08-10"}`), "listed twice"},
		{"contradictory day", listOf("scotland", 2029, `{"title":"Other","date":"2029-08-10"}`), `as "Christmas" and "Other"`},
		{"one holiday on two days", listOf("scotland", 2029, `{"title":"Christmas","date":"2029-12-25"}`), `"Christmas" is both Fri 10 Aug 2029 and Tue 25 Dec 2029`},
		{"impossible day", listOf("scotland", 2029, `{"title":"Other","date":"2029-02-29"}`), `line 9: "2029-02-29": there is no day 29 in February 2029`},
		{"two-digit year", listOf("scotland", 2029, `{"title":"Other","date":"25/12/29"}`), "all four digits"},
		{"American day", listOf("scotland", 2029, `{"title":"Other","date":"12/25/2029"}`), "no month 25"},
		{"day of no form", listOf("scotland", 2029, `{"title":"Other","date":"Christmas"}`), "not a date"},
		{"day as a number", listOf("scotland", 2029, `{"title":"Other","date":20291225}`), "without a date"},
		{"no title", listOf("scotland", 2029, `{"date":"2029-12-25"}`), "without a date or a title"},
		{"empty title", listOf("scotland", 2029, `{"title":" ","date":"2029-12-25"}`), "name is missing"},
		{"title of two lines", listOf("scotland", 2029, `{"title":"a\nb","date":"2029-12-25"}`), "cannot be seen"},
		{"endless title", listOf("scotland", 2029, `{"title":"`+strings.Repeat("x", 500)+`","date":"2029-12-25"}`), "longer than"},
		{"far year", listOf("scotland", 3029), "outside 1950 to 2150"},
		{"day under another year", year("2028", "2029-01-10"), "a day of 2029 stands under 2028"},
		{"key of two digits", year("29", "2029-01-10"), `"29" is no year`},
		{"key of five digits", year("02029", "2029-01-10"), `is no year`},
		{"year that is no list", `{"scotland":{"2029":{}}}`, "not a list"},
		{"few holidays", strings.Replace(good, `{"title":"Summer","date":"2029-07-10","notes":""},`, "", 1), "has 7 holidays in 2029"},
		{"year left out", strings.Replace(listOf("scotland", 2029), `]}}`, ","+strings.SplitN(listOf("scotland", 2031), "[", 2)[1], 1), "has 0 holidays in 2030"},
		{"no holidays", `{"scotland":{"events":[]}}`, "is empty"},
		{"depth", strings.Repeat("[", 100000), "far more"},
		{"width", "[" + strings.Repeat("1,", 100000) + "1]", "far more"},
	}
	for _, tt := range tests {
		list, err := calendar.ReadBankHolidays(strings.NewReader(tt.text))
		var dataErr *calendar.DataError
		if !errors.As(err, &dataErr) || list != nil {
			t.Errorf("%s: %v, %v; want a *DataError", tt.name, list, err)
		} else if !strings.Contains(err.Error(), tt.want) || len(err.Error()) > 20*700 {
			t.Errorf("%s: %.300v\nwant it to say: %s", tt.name, err, tt.want)
		}
	}
}

func TestAllMistakesOfAListAreReportedUpToALimit(t *testing.T) {
	t.Parallel()
	var bad []string
	for range 100 {
		bad = append(bad, `{"title":"Other","date":"2029-02-30"}`)
	}
	_, err := calendar.ReadBankHolidays(strings.NewReader(listOf("scotland", 2029, bad...)))
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok || len(joined.Unwrap()) != 20 {
		t.Fatalf("%v", err)
	}
	if first := joined.Unwrap()[0].Error(); !strings.HasPrefix(first, `line 9: "2029-02-30":`) {
		t.Errorf("the first is %s", first)
	}
}

// endless is a file that never ends; it counts what is read of it.
type endless struct{ read int }

func (e *endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	e.read += len(p)
	return len(p), nil
}

func TestAHugeFileIsReadToTheLimitOnly(t *testing.T) {
	t.Parallel()
	var dataErr *calendar.DataError
	file := &endless{}
	if _, err := calendar.ReadBankHolidays(io.LimitReader(file, 100<<20)); !errors.As(err, &dataErr) || !strings.Contains(err.Error(), "far too long") {
		t.Errorf("%v", err)
	}
	if file.read > 2*calendar.MaxBankHolidays {
		t.Errorf("%d bytes were read", file.read)
	}
	broken := errors.New("the line is down")
	if _, err := calendar.ReadBankHolidays(iotest.ErrReader(broken)); !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
	text := listOf("scotland", 2029)
	padded := text + strings.Repeat("\n", calendar.MaxBankHolidays-len(text))
	if _, err := calendar.ReadBankHolidays(strings.NewReader(padded)); err != nil {
		t.Errorf("a file of just the limit: %v", err)
	}
}

func TestListsThatDoNotFitTheCalendar(t *testing.T) {
	t.Parallel()
	var dataErr *calendar.DataError
	scots := must(calendar.ReadBankHolidays(strings.NewReader(listOf("scotland", 2029))))(t)
	for _, cal := range []*calendar.Calendar{calendar.EnglandAndWales(), calendar.AnyPartOfUK()} {
		if _, err := cal.WithBankHolidays(scots); !errors.As(err, &dataErr) || !strings.Contains(err.Error(), "says nothing of") {
			t.Errorf("Scotland's list: %v", err)
		}
	}
	gap := must(calendar.ReadBankHolidays(strings.NewReader(listOf("scotland", 2031))))(t)
	if _, err := calendar.Scotland().WithBankHolidays(gap); !errors.As(err, &dataErr) || !strings.Contains(err.Error(), "from 2029-01-01 would be unknown") {
		t.Errorf("a gap: %v", err)
	}
	if _, err := calendar.Scotland().WithBankHolidays(nil); !errors.As(err, &dataErr) {
		t.Errorf("no list: %v", err)
	}
	var rangeErr *calendar.RangeError
	short := must(calendar.ParseCalendar([]byte("scotland 2020-01-01 2025-12-31 2020-01-01 2025-12-31\n")))(t)
	if _, err := short.WithBankHolidays(scots); !errors.As(err, &rangeErr) || rangeErr.Year != 2029 {
		t.Errorf("outside: %v", err)
	}
	if _, err := (*calendar.Calendar)(nil).WithBankHolidays(scots); !errors.As(err, &rangeErr) {
		t.Errorf("no calendar: %v", err)
	}
	keyed := strings.NewReplacer(`"New Year's Day"`, `"bank_holidays.royal_visit"`).Replace(listOf("scotland", 2029))
	cal := must(calendar.Scotland().WithBankHolidays(must(calendar.ReadBankHolidays(strings.NewReader(keyed)))(t)))(t)
	if name, _ := cal.Holiday(date(t, "2029-01-10")); name != "Royal visit" {
		t.Errorf("an unknown key is named %q", name)
	}
}
