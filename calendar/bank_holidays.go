package calendar

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// MaxBankHolidays is how many bytes ReadBankHolidays reads. GOV.UK's file has
// about 60,000.
const MaxBankHolidays = 1 << 20

// fewestHolidays is how many bank holidays every part of the United Kingdom has
// in a year at least, since 1978. A list with fewer of a year is cut off.
const fewestHolidays = 8

// mostMistakes is how many mistakes of a file are reported.
const mostMistakes = 20

// BankHolidays is the government's list of bank holidays, read from a file. It
// is immutable and safe for concurrent use.
type BankHolidays struct {
	nations map[string]published
}

// published are the holidays of whole years, in order of date.
type published struct {
	first, last int // years
	days        []holiday
}

// ReadBankHolidays reads the government's list in either of the shapes in which
// it is published, up to MaxBankHolidays bytes: the one of
// www.gov.uk/bank-holidays.json, with ISO dates in lists of "events", and the
// one of the source code of GOV.UK, with dates such as 25/12/2026 in lists by
// year. [Calendar.WithBankHolidays] puts it to use.
//
// The errors are *DataError, joined when there are several, each with its line:
// a file that is cut off, too long or no JSON; a nation that is none; a day that
// cannot be; a year of two digits; a day or a title twice in a year; a day under
// another year; a year left out, or with fewer than eight holidays. An error of
// the reader itself is wrapped. Nothing is taken from a file with a mistake.
func ReadBankHolidays(r io.Reader) (*BankHolidays, error) {
	text, err := io.ReadAll(io.LimitReader(r, MaxBankHolidays+1))
	if err != nil {
		return nil, fmt.Errorf("the bank holidays cannot be read: %w", err)
	}
	if len(text) > MaxBankHolidays {
		return nil, &DataError{Problem: "the file is far too long for a list of bank holidays", Want: fmt.Sprintf("at most %d bytes", MaxBankHolidays)}
	}
	root, err := readJSON(text)
	if err != nil {
		return nil, err
	}
	l := lister{nations: map[string]published{}}
	l.file(root)
	if len(l.mistakes) > 0 {
		return nil, errors.Join(l.mistakes...)
	}
	return &BankHolidays{nations: l.nations}, nil
}

// WithBankHolidays returns the calendar with the government's list in place of
// the rules, for the years that the list covers; closures stay. Official data
// then reaches to the end of the list, if it did not reach further before. The
// calendar itself stays as it was.
//
// A list without the calendar's part of the United Kingdom, or that would leave
// a gap after the years known so far, is a *DataError; years outside the
// calendar are a *RangeError.
func (c *Calendar) WithBankHolidays(b *BankHolidays) (*Calendar, error) {
	if c == nil || len(c.days) == 0 {
		return nil, c.outside(firstYear)
	}
	list, err := b.of(c.nation())
	if err != nil {
		return nil, err
	}
	first, last, official := c.Coverage()
	for _, year := range []int{list.first, list.last} {
		if year < first.Year() || year > last.Year() {
			return nil, c.outside(year)
		}
	}
	if list.first > official.Year()+1 {
		return nil, &DataError{
			Problem: fmt.Sprintf("the list begins in %d, and the years from %d would be unknown", list.first, official.Year()+1),
			Want:    "a list without a gap",
		}
	}
	table := slices.DeleteFunc(slices.Clone(c.holidays), func(h holiday) bool {
		return !h.closure && h.date.Year() >= list.first && h.date.Year() <= list.last
	})
	table = append(table, list.days...)
	slices.SortFunc(table, holiday.compare)
	if end := civil(list.last, 12, 31); end.After(official) {
		official = end
	}
	return checkedCalendar(c.name, first, last, official, table)
}

// nation is the part of the United Kingdom that the calendar is made for.
func (c *Calendar) nation() string {
	nation, _, _ := strings.Cut(c.name, "+")
	return nation
}

// of returns the list of one part of the United Kingdom, or of all together.
func (b *BankHolidays) of(nation string) (published, error) {
	if nation != nameAnyPartOfUK {
		if b != nil {
			if list, ok := b.nations[nation]; ok {
				return list, nil
			}
		}
		return published{}, &DataError{Problem: fmt.Sprintf("the list says nothing of %s", nation), Want: "a list of that nation"}
	}
	all := published{first: firstYear, last: lastYear}
	parts := make([][]holiday, len(nationTitles))
	for i, n := range nationTitles {
		list, err := b.of(n.name)
		if err != nil {
			return published{}, err
		}
		all.first, all.last = max(all.first, list.first), min(all.last, list.last)
		parts[i] = list.days
	}
	if all.first > all.last {
		return published{}, &DataError{Problem: "the lists of the nations have no year in common", Want: "the same years for each"}
	}
	all.days = slices.DeleteFunc(union(parts), func(h holiday) bool {
		return h.date.Year() < all.first || h.date.Year() > all.last
	})
	return all, nil
}

// lister turns the file into lists and gathers the mistakes.
type lister struct {
	nations  map[string]published
	mistakes []error
}

func (l *lister) wrong(n *jsonValue, problem, want string) {
	if len(l.mistakes) < mostMistakes {
		l.mistakes = append(l.mistakes, &DataError{Line: n.line, Text: shorten(n.text), Problem: problem, Want: want})
	}
}

func (l *lister) file(root *jsonValue) {
	nations := root
	if d := root.field("divisions"); d != nil {
		nations = d
	}
	if nations.kind != jsonObject || len(nations.fields) == 0 {
		l.wrong(nations, "the file holds no list of bank holidays", `the nations, each with its "events" or its years`)
		return
	}
	for _, n := range nations.fields {
		name := strings.TrimPrefix(n.key, "common.nations.")
		known := slices.ContainsFunc(nationTitles, func(t struct{ name, title string }) bool { return t.name == name })
		if !known {
			l.wrong(n, fmt.Sprintf("%q is no part of the United Kingdom with bank holidays of its own", shorten(n.key)), "england-and-wales, scotland or northern-ireland")
			continue
		}
		l.nation(name, n)
	}
}

func (l *lister) nation(name string, n *jsonValue) {
	before := len(l.mistakes)
	if d := n.field("division"); d != nil && d.text != name {
		l.wrong(d, fmt.Sprintf("the list of %s says that it is of another nation", name), strconv.Quote(name))
	}
	var days []event
	for _, f := range n.fields {
		year, isYear := digits(f.key)
		switch {
		case f.key == "events":
			days = append(days, l.events(f, 0)...)
		case isYear && len(f.key) == 4:
			days = append(days, l.events(f, year)...)
		case f.kind == jsonArray || isYear:
			l.wrong(f, fmt.Sprintf("%q is no year", shorten(f.key)), `a year of four digits, or "events"`)
		}
	}
	slices.SortStableFunc(days, func(a, b event) int { return a.date.Compare(b.date) })
	l.contradictions(days)
	if len(l.mistakes) == before {
		l.whole(name, n, days)
	}
}

// event is one holiday of the list, and where it stands.
type event struct {
	holiday
	title string
	at    *jsonValue
}

func (l *lister) events(list *jsonValue, year int) []event {
	if list.kind != jsonArray {
		l.wrong(list, fmt.Sprintf("%q is not a list of holidays", list.key), "[ … ]")
		return nil
	}
	days := make([]event, 0, len(list.items))
	for _, item := range list.items {
		date, title := item.field("date"), item.field("title")
		if date == nil || date.kind != jsonString || title == nil || title.kind != jsonString {
			l.wrong(item, "a holiday without a date or a title", `"date" and "title", each with a text`)
			continue
		}
		d, err := publishedDate(date.text)
		name := holidayName(title.text, item.field("notes").string())
		switch {
		case err != nil:
			l.wrong(date, err.Problem, err.Want)
		case d.Year() < firstYear || d.Year() > lastYear:
			l.wrong(date, fmt.Sprintf("the year %d is outside %d to %d", d.Year(), firstYear, lastYear), "")
		case year != 0 && d.Year() != year:
			l.wrong(date, fmt.Sprintf("a day of %d stands under %d", d.Year(), year), "the date and the year alike")
		case badTitle(name, maxTitle) != "":
			l.wrong(title, badTitle(name, maxTitle), `a title such as "Boxing Day"`)
		default:
			days = append(days, event{holiday{date: d, name: name}, title.text, date})
		}
	}
	return days
}

// contradictions finds a day listed twice, and a holiday had twice in a year.
func (l *lister) contradictions(days []event) {
	type once struct {
		year  int
		title string
	}
	seen := map[once]event{}
	for i, e := range days {
		if i > 0 && days[i-1].date == e.date {
			l.wrong(e.at, fmt.Sprintf("%s is listed twice, as %q and %q", e.date.Short(), days[i-1].title, e.title), "each day once")
			continue
		}
		key := once{e.date.Year(), e.title}
		if was, ok := seen[key]; ok {
			l.wrong(e.at, fmt.Sprintf("%q is both %s and %s", e.title, was.date.Short(), e.date.Short()), "each holiday once a year")
		}
		seen[key] = e
	}
}

// whole accepts a list that says everything about every year from its first to
// its last.
func (l *lister) whole(name string, n *jsonValue, days []event) {
	if len(days) == 0 {
		l.wrong(n, "the list of "+name+" is empty", "its holidays")
		return
	}
	count := map[int]int{}
	list := published{first: days[0].date.Year(), last: days[len(days)-1].date.Year()}
	for _, e := range days {
		count[e.date.Year()]++
		if !isWeekend(e.date) {
			list.days = append(list.days, e.holiday)
		}
	}
	for year := list.first; year <= list.last; year++ {
		if count[year] < fewestHolidays {
			l.wrong(n, fmt.Sprintf("the list of %s has %d holidays in %d, and a whole year has %d or more", name, count[year], year, fewestHolidays), "every holiday of the year")
		}
	}
	l.nations[name] = list
}

// publishedDate reads "2026-12-25" and "25/12/2026".
func publishedDate(s string) (Date, *DateError) {
	parts := strings.Split(s, "/")
	if len(parts) == 3 && len(parts[0]) == 2 && len(parts[1]) == 2 {
		if len(parts[2]) == 2 {
			return Date{}, &DateError{Text: s, Problem: "a year of two digits can be of either century", Want: "all four digits of the year"}
		}
		s = parts[2] + "-" + parts[1] + "-" + parts[0]
	}
	d, err := ParseDate(s)
	var wrong *DateError
	errors.As(err, &wrong)
	return d, wrong
}

// holidayName is the name as this package writes it: with a plain apostrophe,
// and for a substitute day saying so.
func holidayName(title, notes string) string {
	if key, ok := strings.CutPrefix(title, "bank_holidays."); ok {
		title = titleOfKey(key)
	}
	title = strings.ReplaceAll(strings.TrimSpace(title), "’", "'")
	if notes = strings.ToLower(notes); strings.HasPrefix(notes, "substitute") || notes == "common.substitute_day" {
		return substituteFor(title)
	}
	return title
}

// titleOfKey is the title for which GOV.UK's source code has a key. A key that
// is not known here is read as the words it is made of.
func titleOfKey(key string) string {
	if title, ok := keyTitles[key]; ok {
		return title
	}
	title := strings.ReplaceAll(key, "_", " ")
	if title != "" && title[0] >= 'a' && title[0] <= 'z' {
		title = string(title[0]-'a'+'A') + title[1:]
	}
	return title
}

var keyTitles = map[string]string{
	"new_year":            newYearsDay,
	"2nd_january":         secondOfJanuary,
	"st_patrick":          stPatricksDay,
	"good_friday":         "Good Friday",
	"easter_monday":       "Easter Monday",
	"early_may":           "Early May bank holiday",
	"early_may_ve":        "Early May bank holiday (VE Day)",
	"spring":              "Spring bank holiday",
	"battle_boyne":        battleOfTheBoyne,
	"summer":              "Summer bank holiday",
	"late_august":         "Summer bank holiday",
	"st_andrew":           "St Andrew's Day",
	"christmas":           "Christmas Day",
	"boxing_day":          "Boxing Day",
	"queen_diamond":       "Queen's Diamond Jubilee",
	"queen_platinum":      "Platinum Jubilee bank holiday",
	"queens_bank_holiday": "State Funeral of Queen Elizabeth II",
	"kings_coronation":    "Coronation of King Charles III",
	"world_cup":           "World Cup bank holiday",
}
