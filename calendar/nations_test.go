package calendar_test

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/practiceaudit/practiceaudit/calendar"
)

// officialRecord is GOV.UK's list, kept outside the module.
const officialRecord = "../../shared/data/uk-bank-holidays-2011-2028.json"

func TestEveryDayAgreesWithGOVUK(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(officialRecord)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("no official record at %s: only the committed table of moves is checked", officialRecord)
	}
	if err != nil {
		t.Fatal(err)
	}
	var nations map[string]map[string][]struct{ Date calendar.Date }
	if err := json.Unmarshal(text, &nations); err != nil {
		t.Fatal(err)
	}
	official := map[calendar.Date]bool{}
	for year := 2011; year <= 2028; year++ {
		list := nations["england-and-wales"][strconv.Itoa(year)]
		if len(list) < 8 {
			t.Fatalf("the record of %d has %d holidays", year, len(list))
		}
		for _, h := range list {
			official[h.Date] = true
		}
	}
	cal := calendar.EnglandAndWales()
	days, wrong := 0, 0
	for d := date(t, "2011-01-01"); !d.After(date(t, "2028-12-31")); d = d.AddDays(1) {
		days++
		name, holiday := cal.Holiday(d)
		working := must(cal.IsWorkingDay(d))(t)
		weekend := d.Weekday()%6 == 0
		if holiday != official[d] || working == (weekend || official[d]) {
			wrong++
			t.Errorf("%s: holiday %q, working day %t; on GOV.UK a holiday: %t", d.Long(), name, working, official[d])
		}
	}
	t.Logf("%d of %d days differ", wrong, days)
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
		{"2012-06-04", "Spring bank holiday"},
		{"2012-06-05", "Queen's Diamond Jubilee"},
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
	cal := calendar.EnglandAndWales()
	for _, tt := range tests {
		d := date(t, tt.date)
		reason, off, err := cal.DayOff(d)
		if err != nil || reason != tt.want || off != (tt.want != working) {
			t.Errorf("%s: %q, off %t, %v; want %q", d.Long(), reason, off, err, tt.want)
		}
	}
}

// Since 1978 there have been eight a year, and more only for an occasion.
func TestEightHolidaysAYearUnlessThereIsAnOccasion(t *testing.T) {
	t.Parallel()
	got := map[int]int{}
	cal := calendar.EnglandAndWales()
	first, last, _ := cal.Coverage()
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

// The digest is in stored deadlines. When it must change, say in the change log
// which days moved.
func TestEditionNamesTheTable(t *testing.T) {
	t.Parallel()
	cal := calendar.EnglandAndWales()
	want := calendar.Edition{
		Name:   "england-and-wales/2028-12-31",
		Digest: "sha256:f49eb0ad91f73ab06cd045f66e35c8d6ce413653ea139581f065631ed2dbd6b2",
	}
	if diff := cmp.Diff(want, cal.Edition()); diff != "" {
		t.Errorf("edition (-want +got):\n%s", diff)
	}
	if got := cal.Edition().String(); got != "england-and-wales/2028-12-31 sha256:f49eb0ad91f7" {
		t.Errorf("edition in short: %q", got)
	}
	first, last, official := cal.Coverage()
	if first.String() != "1950-01-01" || last.String() != "2150-12-31" || official.String() != "2028-12-31" {
		t.Errorf("coverage %s to %s, official to %s", first, last, official)
	}
}
