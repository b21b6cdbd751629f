package calendar

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// fewestHolidays is how many bank holidays every part of the United Kingdom has
// in a year at least, since 1978. A list with fewer of a year is cut off.
const fewestHolidays = 8

// mostMistakes is how many mistakes of a file are reported.
const mostMistakes = 20

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
