package calendar_test

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/practiceaudit/practiceaudit/calendar"
)

// officialRecord is GOV.UK's list, kept outside the module.
const officialRecord = "../../shared/data/uk-bank-holidays-2011-2028.json"

// officialDays reads the record with none of the code under test. The days of
// any part of the United Kingdom are those of the three together.
func officialDays(t *testing.T) map[string]map[calendar.Date]bool {
	t.Helper()
	const all = "any-part-of-uk"
	days := map[string]map[calendar.Date]bool{all: {}}
	for nation, names := range officialNames(t) {
		days[nation] = map[calendar.Date]bool{}
		for d := range names {
			days[nation][d], days[all][d] = true, true
		}
	}
	return days
}

// titles are the words for which GOV.UK's source code has a key.
var titles = map[string]string{
	"new_year": "New Year's Day", "2nd_january": "2nd January", "st_patrick": "St Patrick's Day", "good_friday": "Good Friday",
	"easter_monday": "Easter Monday", "early_may": "Early May bank holiday", "early_may_ve": "Early May bank holiday (VE Day)",
	"spring": "Spring bank holiday", "battle_boyne": "Battle of the Boyne (Orangemen's Day)", "summer": "Summer bank holiday",
	"late_august": "Summer bank holiday", "st_andrew": "St Andrew's Day", "christmas": "Christmas Day", "boxing_day": "Boxing Day",
	"queen_diamond": "Queen's Diamond Jubilee", "queen_platinum": "Platinum Jubilee bank holiday", "world_cup": "World Cup bank holiday",
	"queens_bank_holiday": "State Funeral of Queen Elizabeth II", "kings_coronation": "Coronation of King Charles III",
}

// officialNames is the record by nation and date. A substitute day says so.
func officialNames(t *testing.T) map[string]map[calendar.Date]string {
	t.Helper()
	text, err := os.ReadFile(officialRecord)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("no official record at %s: only the committed tables of moves are checked", officialRecord)
	}
	if err != nil {
		t.Fatal(err)
	}
	var nations map[string]map[string][]struct{ Date, Title, Notes string }
	if err := json.Unmarshal(text, &nations); err != nil {
		t.Fatal(err)
	}
	days := map[string]map[calendar.Date]string{}
	for nation, years := range nations {
		days[nation] = map[calendar.Date]string{}
		for year := 2011; year <= 2028; year++ {
			list := years[strconv.Itoa(year)]
			if len(list) < 8 {
				t.Fatalf("the record of %s in %d has %d holidays", nation, year, len(list))
			}
			for _, h := range list {
				name := h.Title
				if key, ok := strings.CutPrefix(name, "bank_holidays."); ok {
					if name, ok = titles[key]; !ok {
						t.Fatalf("the record has the key %s", key)
					}
				}
				if h.Notes == "Substitute day" || h.Notes == "common.substitute_day" {
					name = "substitute day for " + name
				}
				days[nation][date(t, h.Date)] = name
			}
		}
	}
	if len(days) != 3 {
		t.Fatalf("the record has %d nations", len(days))
	}
	return days
}

var nations = map[string]func() *calendar.Calendar{
	"england-and-wales": calendar.EnglandAndWales,
	"scotland":          calendar.Scotland,
	"northern-ireland":  calendar.NorthernIreland,
	"any-part-of-uk":    calendar.AnyPartOfUK,
}

func TestEveryDayAgreesWithGOVUK(t *testing.T) {
	t.Parallel()
	official := officialDays(t)
	for nation, calendarOf := range nations {
		cal := calendarOf()
		days, wrong := 0, 0
		for d := date(t, "2011-01-01"); !d.After(date(t, "2028-12-31")); d = d.AddDays(1) {
			days++
			name, holiday := cal.Holiday(d)
			working := must(cal.IsWorkingDay(d))(t)
			weekend := d.Weekday()%6 == 0
			if holiday != official[nation][d] || working == (weekend || official[nation][d]) {
				wrong++
				t.Errorf("%s, %s: holiday %q, working day %t; on GOV.UK a holiday: %t", nation, d.Long(), name, working, official[nation][d])
			}
		}
		t.Logf("%s: %d of %d days differ", nation, wrong, days)
	}
}

// Only the case of letters may differ: in 2011 GOV.UK wrote "Summer Bank Holiday".
func TestEveryNameAgreesWithGOVUK(t *testing.T) {
	t.Parallel()
	for nation, names := range officialNames(t) {
		for d, want := range names {
			if got, _ := nations[nation]().Holiday(d); !strings.EqualFold(got, want) {
				t.Errorf("%s, %s: %q, on GOV.UK %q", nation, d.Long(), got, want)
			}
		}
	}
}

// The walk asks the record and the weekday, and nothing of the package but the
// next date.
func TestEveryStartAgreesWithANaiveWalkOverTheOfficialRecord(t *testing.T) {
	t.Parallel()
	for nation, official := range officialDays(t) {
		cal := nations[nation]()
		last := date(t, "2028-12-31")
		starts := 0
		for start := date(t, "2011-01-01"); !start.After(last); start = start.AddDays(1) {
			n, due := 0, start
			for _, want := range []int{1, 5, 10, 20, 60} {
				for n < want && !due.After(last) {
					if due = due.AddDays(1); due.Weekday()%6 != 0 && !official[due] {
						n++
					}
				}
				if due.After(last) {
					break
				}
				starts++
				if got := must(cal.AddWorkingDays(start, want))(t); got != due {
					t.Fatalf("%s: %d working days after %s is %s, the walk says %s", nation, want, start, got, due)
				}
			}
		}
		t.Logf("%s: %d starts and numbers of days, none differs", nation, starts)
		if starts < 32500 {
			t.Errorf("%s: only %d were looked at", nation, starts)
		}
	}
}

func TestHolidaysOfScotland(t *testing.T) {
	t.Parallel()
	checkDays(t, calendar.Scotland(), []struct{ date, want string }{
		{"1978-01-02", "2nd January"}, // New Year's Day was the Sunday
		{"1978-01-03", "substitute day for New Year's Day"},
		{"1978-03-27", ""}, // no Easter Monday
		{"1978-05-01", "Early May bank holiday"},
		{"1977-05-30", ""},
		{"1978-05-29", "Spring bank holiday"},
		{"1978-08-07", "Summer bank holiday"},
		{"1978-08-28", ""},
		{"1981-07-29", "Wedding of the Prince of Wales"},
		{"1983-01-03", "substitute day for New Year's Day"},
		{"1983-01-04", "substitute day for 2nd January"},
		{"1988-01-04", "substitute day for 2nd January"},
		{"1994-12-27", "substitute day for Christmas Day"},
		{"1995-05-01", "Early May bank holiday"},
		{"1995-05-08", "VE Day"},
		{"1998-12-28", "substitute day for Boxing Day"}, // London Gazette 55182
		{"1999-01-04", "substitute day for 2nd January"},
		{"1999-05-31", "Spring bank holiday"},
		{"1999-12-31", "Millennium Eve"},
		{"2000-01-03", "substitute day for New Year's Day"},
		{"2000-01-04", "substitute day for 2nd January"},
		{"2002-05-27", ""},
		{"2002-06-03", "Golden Jubilee of Queen Elizabeth II"},
		{"2002-06-04", "Spring bank holiday"},
		{"2005-01-04", "substitute day for 2nd January"},
		{"2006-11-30", ""},
		{"2007-11-30", "St Andrew's Day"},
		{"2008-12-01", "substitute day for St Andrew's Day"},
		{"2009-11-30", "St Andrew's Day"},
		{"2010-01-04", "substitute day for 2nd January"},
		{"2011-01-03", "substitute day for New Year's Day"},
		{"2011-01-04", "substitute day for 2nd January"},
		{"2017-01-02", "2nd January"},
		{"2017-01-03", "substitute day for New Year's Day"},
		{"2023-01-02", "substitute day for New Year's Day"},
		{"2023-01-03", "substitute day for 2nd January"},
		{"2026-06-15", "World Cup bank holiday"},
	})
}

func TestHolidaysOfNorthernIreland(t *testing.T) {
	t.Parallel()
	checkDays(t, calendar.NorthernIreland(), []struct{ date, want string }{
		{"1978-01-02", "substitute day for New Year's Day"},
		{"1978-03-17", "St Patrick's Day"},
		{"1979-03-19", "substitute day for St Patrick's Day"},
		{"1980-07-14", "substitute day for Battle of the Boyne (Orangemen's Day)"},
		{"1985-03-18", "substitute day for St Patrick's Day"},
		{"1986-07-14", "substitute day for Battle of the Boyne (Orangemen's Day)"},
		{"1987-07-13", "substitute day for Battle of the Boyne (Orangemen's Day)"},
		{"1995-05-01", ""},
		{"1995-05-08", "Early May bank holiday (VE Day)"},
		{"1998-07-13", "substitute day for Battle of the Boyne (Orangemen's Day)"},
		{"1999-07-12", "Battle of the Boyne (Orangemen's Day)"},
		{"1999-12-31", "Millennium Eve"},
		{"2002-06-04", "Spring bank holiday"},
		{"2007-11-30", ""},
		{"2009-07-13", "substitute day for Battle of the Boyne (Orangemen's Day)"},
		{"2010-08-30", "Summer bank holiday"},
		{"2010-08-02", ""},
	})
}

// Freedom of Information Act 2000 s 10(6): a bank holiday "in any part of the
// United Kingdom".
func TestHolidaysOfAnyPartOfTheUKSayWhere(t *testing.T) {
	t.Parallel()
	checkDays(t, calendar.AnyPartOfUK(), []struct{ date, want string }{
		{"2026-01-01", "New Year's Day"},
		{"2026-01-02", "2nd January (Scotland)"},
		{"2026-03-17", "St Patrick's Day (Northern Ireland)"},
		{"2026-04-06", "Easter Monday (England and Wales, Northern Ireland)"},
		{"2026-06-15", "World Cup bank holiday (Scotland)"},
		{"2026-08-03", "Summer bank holiday (Scotland)"},
		{"2026-08-31", "Summer bank holiday (England and Wales, Northern Ireland)"},
		{"2026-11-30", "St Andrew's Day (Scotland)"},
		{"1995-05-01", "Early May bank holiday (Scotland)"},
		{"1995-05-08", "Early May bank holiday (VE Day)"},
	})
	uk := calendar.AnyPartOfUK()
	first, last := uk.Coverage().First, uk.Coverage().Last
	for d := first; !d.After(last); d = d.AddDays(1) {
		off := false
		for name, cal := range nations {
			if name != "any-part-of-uk" {
				off = off || !must(cal().IsWorkingDay(d))(t)
			}
		}
		if must(uk.IsWorkingDay(d))(t) == off {
			t.Fatalf("%s", d.Long())
		}
	}
}

func TestHolidaysMovedAndAdded(t *testing.T) {
	t.Parallel()
	const working = ""
	tests := []struct{ date, want string }{
		{"1950-01-02", working}, // New Year's Day not before 1974
		{"1950-04-07", "Good Friday"},
		{"1950-05-29", "Whit Monday"},
		{"1950-08-07", "August bank holiday"},
		{"1950-08-28", working},
		{"1953-05-25", "Whit Monday"},
		{"1953-06-02", "Coronation of Queen Elizabeth II"},
		{"1954-12-27", "substitute day for Boxing Day"},
		{"1954-12-28", working},
		{"1964-05-18", "Whit Monday"},
		{"1964-08-03", "August bank holiday"},
		{"1965-06-07", "Whit Monday"},
		{"1965-05-31", working},
		{"1965-08-02", working},
		{"1965-08-30", "Summer bank holiday"},
		{"1966-05-30", "Whit Monday"},
		{"1967-05-15", working}, // Whit Monday by the moon
		{"1967-05-29", "Spring bank holiday"},
		{"1967-08-28", "Summer bank holiday"},
		{"1968-03-15", working},
		{"1968-05-27", working},
		{"1968-06-03", "Whit Monday"},
		{"1968-08-26", working},
		{"1968-09-02", "Summer bank holiday"},
		{"1969-05-26", "Spring bank holiday"},
		{"1969-08-25", working},
		{"1969-09-01", "Summer bank holiday"},
		{"1970-05-18", working},
		{"1970-08-31", "Summer bank holiday"},
		{"1970-12-28", working}, // Boxing Day was the Saturday
		{"1971-05-31", "Spring bank holiday"},
		{"1971-12-27", "substitute day for Christmas Day"},
		{"1973-01-01", working},
		{"1973-11-14", "Wedding of Princess Anne"},
		{"1974-01-01", "New Year's Day"},
		{"1977-01-03", "substitute day for New Year's Day"},
		{"1977-05-02", working},
		{"1977-06-06", working},
		{"1977-06-07", "Silver Jubilee of Queen Elizabeth II"},
		{"1978-01-02", "substitute day for New Year's Day"},
		{"1978-05-01", "Early May bank holiday"},
		{"1981-07-29", "Wedding of the Prince of Wales"},
		{"1981-12-28", "substitute day for Boxing Day"},
		{"1994-12-26", "Boxing Day"},
		{"1994-12-27", "substitute day for Christmas Day"},
		{"1995-05-01", working},
		{"1995-05-08", "Early May bank holiday (VE Day)"},
		{"1999-12-27", "substitute day for Christmas Day"},
		{"1999-12-28", "substitute day for Boxing Day"},
		{"1999-12-31", "Millennium Eve"},
		{"2000-01-03", "substitute day for New Year's Day"},
		{"2002-05-27", working},
		{"2002-06-03", "Golden Jubilee of Queen Elizabeth II"},
		{"2002-06-04", "Spring bank holiday"},
		{"2011-04-29", "Royal wedding"},
		{"2012-05-28", working},
		{"2012-06-04", "substitute day for Spring bank holiday"},
		{"2012-06-05", "Queen's Diamond Jubilee"},
		{"2011-12-26", "substitute day for Christmas Day"},
		{"2011-12-27", "substitute day for Boxing Day"},
		{"2016-12-26", "Boxing Day"},
		{"2016-12-27", "substitute day for Christmas Day"},
		{"2020-05-04", working},
		{"2020-05-08", "Early May bank holiday (VE Day)"},
		{"2021-12-27", "substitute day for Christmas Day"},
		{"2021-12-28", "substitute day for Boxing Day"},
		{"2022-01-03", "substitute day for New Year's Day"},
		{"2022-05-30", working},
		{"2022-06-02", "Spring bank holiday"},
		{"2022-06-03", "Platinum Jubilee bank holiday"},
		{"2022-09-19", "State Funeral of Queen Elizabeth II"},
		{"2023-05-01", "Early May bank holiday"},
		{"2023-05-08", "Coronation of King Charles III"},
		{"2026-12-28", "substitute day for Boxing Day"},
		{"2038-04-26", "Easter Monday"}, // the latest Easter there is
		{"2150-12-25", "Christmas Day"},
	}
	checkDays(t, calendar.EnglandAndWales(), tests)
}

func checkDays(t *testing.T, cal *calendar.Calendar, tests []struct{ date, want string }) {
	t.Helper()
	for _, tt := range tests {
		d := date(t, tt.date)
		day, err := cal.DayOff(d)
		if err != nil || day.Reason != tt.want || day.Off != (tt.want != "") {
			t.Errorf("%s: %+v, %v; want %q", d.Long(), day, err, tt.want)
		}
	}
}

// Since 1978 there have been eight a year, and more only for an occasion.
func TestEightHolidaysAYearUnlessThereIsAnOccasion(t *testing.T) {
	t.Parallel()
	got := map[int]int{}
	cal := calendar.EnglandAndWales()
	first, last := cal.Coverage().First, cal.Coverage().Last
	for d := first; !d.After(last); d = d.AddDays(1) {
		name, ok := cal.Holiday(d)
		if !ok {
			continue
		}
		if d.Weekday()%6 == 0 || name == "" {
			t.Errorf("%q on %s", name, d.Long())
		}
		got[d.Year()]++
	}
	for year := 1978; year <= 2150; year++ {
		if got[year] == 8 {
			delete(got, year)
		}
	}
	want := map[int]int{1981: 9, 1999: 9, 2002: 9, 2011: 9, 2012: 9, 2022: 10, 2023: 9}
	for year := 1950; year < 1978; year++ {
		want[year] = 6
		if year >= 1974 {
			want[year] = 7
		}
	}
	for _, year := range []int{1953, 1973, 1977} {
		want[year]++
	}
	// Christmas Day or Boxing Day lost to a weekend, with no substitute yet.
	for _, year := range []int{1953, 1954, 1955, 1959, 1960, 1964, 1965, 1966, 1970} {
		want[year]--
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("holidays a year other than eight (-want +got):\n%s", diff)
	}
}

// Since 1978 Scotland has had eight a year, and nine with St Andrew's Day;
// Northern Ireland ten.
func TestHolidaysAYearInScotlandAndNorthernIreland(t *testing.T) {
	t.Parallel()
	extra := map[int]int{1981: 1, 1999: 1, 2002: 1, 2011: 1, 2012: 1, 2022: 2, 2023: 1}
	count := func(cal *calendar.Calendar, year int) int {
		n := 0
		for range must(cal.Holidays(must(calendar.NewDate(year, time.January, 1))(t), must(calendar.NewDate(year, time.December, 31))(t)))(t) {
			n++
		}
		return n
	}
	for year := 1978; year <= 2150; year++ {
		scotland := 8 + extra[year]
		if year >= 2007 {
			scotland++
		}
		if year == 1995 || year == 2026 {
			scotland++
		}
		if got := count(calendar.Scotland(), year); got != scotland {
			t.Errorf("Scotland has %d in %d, want %d", got, year, scotland)
		}
		if got := count(calendar.NorthernIreland(), year); got != 10+extra[year] {
			t.Errorf("Northern Ireland has %d in %d, want %d", got, year, 10+extra[year])
		}
	}
}

// The digest is in stored deadlines. When it must change, say in the change log
// which days moved.
func TestEditionNamesTheTable(t *testing.T) {
	t.Parallel()
	cal := calendar.EnglandAndWales()
	want := calendar.Edition{
		Name:   "england-and-wales/2028-12-31",
		Digest: "sha256:e156625f7e0435935f97386852ebc6b4eb8f9cf7b0bba4eb0b8b959b01091b0c",
	}
	if diff := cmp.Diff(want, cal.Edition()); diff != "" {
		t.Errorf("edition (-want +got):\n%s", diff)
	}
	if got := cal.Edition().String(); got != "england-and-wales/2028-12-31 sha256:e156625f7e04" {
		t.Errorf("edition in short: %q", got)
	}
	coverage := calendar.Coverage{
		First: date(t, "1950-01-01"), Last: date(t, "2150-12-31"),
		OfficialFrom: date(t, "1978-01-01"), OfficialTo: date(t, "2028-12-31"),
	}
	for name, nation := range nations {
		if got := nation().Coverage(); got != coverage {
			t.Errorf("%s: coverage %+v", name, got)
		}
	}
}
