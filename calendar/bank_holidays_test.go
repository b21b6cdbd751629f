package calendar_test

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"testing/iotest"
	"time"

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

// listOf is a list of one nation's year, in the public shape, as the rules have
// it: a line for each holiday, and then more.
func listOf(nation string, year int, more ...string) string {
	return listOfYears(nation, year, year, more...)
}

func listOfYears(nation string, from, to int, more ...string) string {
	var events []string
	first, _ := calendar.NewDate(from, time.January, 1)
	last, _ := calendar.NewDate(to, time.December, 31)
	days, err := nations[nation]().Holidays(first, last)
	if err != nil {
		return err.Error()
	}
	for d, name := range days {
		title, substitute := strings.CutPrefix(name, "substitute day for ")
		notes := ""
		if substitute {
			notes = "Substitute day"
		}
		events = append(events, fmt.Sprintf(`{"title":%q,"date":%q,"notes":%q}`, title, d, notes))
	}
	return fmt.Sprintf(`{%q:{"division":%q,"events":[%s]}}`, nation, nation, strings.Join(append(events, more...), ",\n"))
}

func TestALoadedListOverridesTheRulesForItsYearsOnly(t *testing.T) {
	t.Parallel()
	base := must(calendar.EnglandAndWales().WithClosures("halton", []calendar.Closure{{From: date(t, "2029-12-24"), To: date(t, "2029-12-31"), Name: "Christmas week"}}))(t)
	text := listOf("england-and-wales", 2029, `{"title":"A wedding’s day","date":"2029-09-19","notes":"Substitute day"}`)
	text = strings.Replace(text, "2029-05-07", "2029-05-08", 1)
	list := must(calendar.ReadBankHolidays(strings.NewReader(text)))(t)
	cal := must(base.WithBankHolidays(list))(t)
	checkDays(t, cal, []struct{ date, want string }{
		{"2028-05-01", "Early May bank holiday"},
		{"2029-05-07", ""},
		{"2029-05-08", "Early May bank holiday"},
		{"2029-09-19", "substitute day for A wedding's day"},
		{"2029-12-25", "Christmas Day"},
		{"2029-12-31", "Christmas week"},
		{"2030-01-01", "New Year's Day"},
		{"2030-05-06", "Early May bank holiday"},
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

func TestAListOfEarlierYearsExtendsTheOfficialOnesWithoutAGap(t *testing.T) {
	t.Parallel()
	text := years(t, calendar.EnglandAndWales(), 2010, 2035)
	text = strings.Replace(text, " 2010-01-01 2028-12-31\n", " 2020-01-01 2028-12-31\n", 1)
	cal := must(calendar.ParseCalendar([]byte(text)))(t)
	tests := []struct {
		first, last int
		want        string
	}{{2015, 2019, "2015-01-01"}, {2015, 2018, "2020-01-01"}, {2015, 2022, "2015-01-01"}, {2021, 2029, "2020-01-01"}}
	for _, tt := range tests {
		list := must(calendar.ReadBankHolidays(strings.NewReader(listOfYears("england-and-wales", tt.first, tt.last))))(t)
		if got := must(cal.WithBankHolidays(list))(t).Coverage().OfficialFrom; got.String() != tt.want {
			t.Errorf("with a list of %d to %d, official from %s, want %s", tt.first, tt.last, got, tt.want)
		}
	}
}

func TestAListForACalendarThatBeginsAndEndsWithinAYear(t *testing.T) {
	t.Parallel()
	cal := must(calendar.ParseCalendar([]byte("england-and-wales 2026-04-01 2027-06-30 2026-04-01 2026-12-31\n")))(t)
	list := must(calendar.ReadBankHolidays(strings.NewReader(listOfYears("england-and-wales", 2026, 2027))))(t)
	got := must(cal.WithBankHolidays(list))(t)
	want := strings.Replace(years(t, calendar.EnglandAndWales(), 2026, 2027), " 2026-01-01 2027-12-31 2026-01-01 2027-12-31\n", " 2026-04-01 2027-06-30 2026-04-01 2027-06-30\n", 1)
	var lines []string
	for _, line := range strings.SplitAfter(want, "\n") {
		if strings.HasPrefix(line, "england") || line >= "2026-04-01" && line < "2027-07-01" {
			lines = append(lines, line)
		}
	}
	if diff := cmp.Diff(strings.Join(lines, ""), string(got.Canonical())); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestListsThatCannotBeAreRefusedWithTheLine(t *testing.T) {
	t.Parallel()
	good := listOf("england-and-wales", 2029)
	scots := func(pairs ...string) string { return strings.NewReplacer(pairs...).Replace(listOf("scotland", 2029)) }
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
		{"nation twice under two spellings", strings.TrimSuffix(scots(), "}") + ",\n" + `"common.nations.scotland":` + strings.TrimPrefix(listOf("scotland", 2030), `{"scotland":`), `line 10: scotland is listed a second time, as "common.nations.scotland"; want each nation once`},
		{"duplicate day", listOf("scotland", 2029, `{"title":"Christmas Day","date":"2029-12-25"}`), "line 10: \"2029-12-25\": Tue 25 Dec 2029 is listed twice"},
		{"contradictory day", listOf("scotland", 2029, `{"title":"Other","date":"2029-12-25"}`), `as "Christmas Day" and "Other"`},
		{"one holiday on two days", listOf("scotland", 2029, `{"title":"Spring bank holiday","date":"2029-06-05"}`), `"Spring bank holiday" is both Mon 28 May 2029 and Tue 5 Jun 2029`},
		{"one holiday in two spellings", listOf("scotland", 2029, `{"title":" SPRING Bank Holiday","date":"2029-06-05"}`), `line 10: "2029-06-05": "Spring bank holiday" is both`},
		{"one holiday under its key", listOf("scotland", 2029, `{"title":"bank_holidays.spring","date":"2029-06-05"}`), `"Spring bank holiday" is both`},
		{"one new holiday in two cases", listOf("scotland", 2029, `{"title":"royal visit","date":"2029-06-05"}`, `{"title":"Royal Visit ","date":"2029-06-06"}`), `line 11: "2029-06-06": "Royal Visit" is both Tue 5 Jun 2029 and Wed 6 Jun 2029; want each holiday once a year`},
		{"impossible day", listOf("scotland", 2029, `{"title":"Other","date":"2029-02-29"}`), `line 10: "2029-02-29": there is no day 29 in February 2029`},
		{"a Saturday", listOf("scotland", 2029, `{"title":"Other","date":"2029-06-02"}`), `line 10: "2029-06-02": Sat 2 Jun 2029 is no working day, and so no bank holiday; want the day had instead`},
		{"a Sunday", scots("2029-05-28", "2029-05-27"), `Sun 27 May 2029 is no working day`},
		{"two-digit year", listOf("scotland", 2029, `{"title":"Other","date":"25/12/29"}`), "all four digits"},
		{"American day", listOf("scotland", 2029, `{"title":"Other","date":"12/25/2029"}`), "no month 25"},
		{"day of no form", listOf("scotland", 2029, `{"title":"Other","date":"Christmas"}`), "not a date"},
		{"day as a number", listOf("scotland", 2029, `{"title":"Other","date":20291225}`), "without a date"},
		{"no title", listOf("scotland", 2029, `{"date":"2029-12-27"}`), "without a date or a title"},
		{"empty title", listOf("scotland", 2029, `{"title":" ","date":"2029-12-27"}`), "name is missing"},
		{"title of two lines", listOf("scotland", 2029, `{"title":"a\nb","date":"2029-12-27"}`), "cannot be seen"},
		{"endless title", listOf("scotland", 2029, `{"title":"`+strings.Repeat("x", 500)+`","date":"2029-12-27"}`), "longer than"},
		{"far year", strings.ReplaceAll(good, "2029-", "3029-"), "outside 1950 to 2150"},
		{"day under another year", strings.Replace(good, `"events"`, `"2028"`, 1), "a day of 2029 stands under 2028"},
		{"key of two digits", strings.Replace(good, `"events"`, `"29"`, 1), `"29" is no year`},
		{"key of five digits", strings.Replace(good, `"events"`, `"02029"`, 1), `is no year`},
		{"year that is no list", `{"scotland":{"2029":{}}}`, "not a list"},
		{"seven holidays", strings.Replace(good, "{\"title\":\"Summer bank holiday\",\"date\":\"2029-08-27\",\"notes\":\"\"},\n", "", 1), "line 1: the list of england-and-wales has 7 holidays in 2029, and a whole year has 8 or more; want every holiday of the year"},
		{"eight in Scotland", scots("{\"title\":\"Summer bank holiday\",\"date\":\"2029-08-06\",\"notes\":\"\"},\n", ""), "has 8 holidays in 2029, and a whole year has 9"},
		{"nine in Northern Ireland", strings.Replace(listOf("northern-ireland", 2029), "{\"title\":\"Summer bank holiday\",\"date\":\"2029-08-27\",\"notes\":\"\"},\n", "", 1), "has 9 holidays in 2029, and a whole year has 10"},
		{"year left out", strings.Replace(scots(), `]}}`, ","+strings.SplitN(listOf("scotland", 2031), "[", 2)[1], 1), "lacks Tue 1 Jan 2030, New Year's Day"},
		{"Christmas Day on Christmas Eve", scots("2029-12-25", "2029-12-24"), `line 8: "2029-12-24": Christmas Day cannot be Mon 24 Dec 2029; want Tue 25 Dec 2029 or Wed 26 Dec 2029`},
		{"no Christmas Day", scots("Christmas Day", "Royal visit", "2029-12-25", "2029-12-24"), "the list of scotland lacks Tue 25 Dec 2029, Christmas Day"},
		{"Christmas Day twice over", scots("Boxing Day", "Christmas Day"), `"Christmas Day" is both`},
		{"no Good Friday", scots("Good Friday", "Royal visit", "2029-03-30", "2029-06-15"), "lacks Fri 30 Mar 2029, Good Friday"},
		{"Good Friday a week late", scots("2029-03-30", "2029-04-06"), "Good Friday cannot be Fri 6 Apr 2029; want Fri 30 Mar 2029"},
		{"no New Year's Day", scots("New Year's Day", "Royal visit", "2029-01-01", "2029-06-15"), "lacks Mon 1 Jan 2029, New Year's Day"},
		{"New Year's Day not had instead", strings.NewReplacer("New Year's Day", "Royal visit", "2028-01-03", "2028-06-15").Replace(listOf("england-and-wales", 2028)), "lacks Mon 3 Jan 2028, substitute day for New Year's Day"},
		{"Boxing Day had instead too soon", strings.Replace(listOf("england-and-wales", 2026), "2026-12-28", "2026-12-24", 1), "Boxing Day cannot be Thu 24 Dec 2026; want Fri 25 Dec 2026 or Mon 28 Dec 2026"},
		{"Early May in June", scots("2029-05-07", "2029-06-07"), `line 4: "2029-06-07": Early May bank holiday cannot be Thu 7 Jun 2029; want Mon 7 May 2029, or a day from Sun 29 Apr 2029 to Tue 15 May 2029`},
		{"Early May for VE Day in June", scots("Early May bank holiday", "Early May bank holiday (VE Day)", "2029-05-07", "2029-06-07"), `Early May bank holiday (VE Day) cannot be Thu 7 Jun 2029`},
		{"the spring holiday nine days late", scots("2029-05-28", "2029-06-06"), "Spring bank holiday cannot be Wed 6 Jun 2029; want Mon 28 May 2029, or a day from Sun 20 May 2029 to Tue 5 Jun 2029"},
		{"the summer holiday in winter", strings.Replace(listOf("england-and-wales", 2027), "2027-08-30", "2027-01-18", 1), "Summer bank holiday cannot be Mon 18 Jan 2027; want Mon 30 Aug 2027, or a day from Sun 22 Aug 2027 to Tue 7 Sep 2027"},
		{"England's summer holiday in Scotland", scots("2029-08-06", "2029-08-27"), "Summer bank holiday cannot be Mon 27 Aug 2029; want Mon 6 Aug 2029, or a day from Sun 29 Jul 2029 to Tue 14 Aug 2029"},
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

// Whatever the rules give for a year can be read as a list of it.
func TestListsOfEveryYearSince2007AreRead(t *testing.T) {
	t.Parallel()
	for _, nation := range []string{"england-and-wales", "scotland", "northern-ireland"} {
		if _, err := calendar.ReadBankHolidays(strings.NewReader(listOfYears(nation, 2007, 2150))); err != nil {
			t.Errorf("%s: %v", nation, err)
		}
	}
}

// A holiday of May or August may be as far from its usual day as one has been:
// the spring holiday of 2002 was eight days late.
func TestListsMayMoveAHolidayAsFarAsOneHasBeen(t *testing.T) {
	t.Parallel()
	for _, moved := range []string{"2029-05-21", "2029-06-05"} {
		text := strings.Replace(listOf("scotland", 2029), "2029-05-28", moved, 1)
		if _, err := calendar.ReadBankHolidays(strings.NewReader(text)); err != nil {
			t.Errorf("%s: %v", moved, err)
		}
	}
	for _, year := range []int{1995, 2002, 2012, 2020, 2022} {
		if _, err := calendar.ReadBankHolidays(strings.NewReader(listOf("england-and-wales", year))); err != nil {
			t.Errorf("%d: %v", year, err)
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
	if first := joined.Unwrap()[0].Error(); !strings.HasPrefix(first, `line 10: "2029-02-30":`) {
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
	keyed := listOf("scotland", 2029, `{"title":"bank_holidays.royal_visit","date":"2029-06-05"}`)
	cal := must(calendar.Scotland().WithBankHolidays(must(calendar.ReadBankHolidays(strings.NewReader(keyed)))(t)))(t)
	if name, _ := cal.Holiday(date(t, "2029-06-05")); name != "Royal visit" {
		t.Errorf("an unknown key is named %q", name)
	}
}
