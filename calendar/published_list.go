package calendar

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

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
	seen := map[string]bool{}
	for _, n := range nations.fields {
		name := strings.TrimPrefix(n.key, "common.nations.")
		part, known := nationNamed(name)
		switch {
		case !known:
			l.wrong(n, fmt.Sprintf("%q is no part of the United Kingdom with bank holidays of its own", shorten(n.key)), "england-and-wales, scotland or northern-ireland")
		case seen[name]:
			l.wrong(n, fmt.Sprintf("%s is listed a second time, as %q", name, n.key), "each nation once")
		default:
			seen[name] = true
			l.nation(part, n)
		}
	}
}

func (l *lister) nation(part nation, n *jsonValue) {
	before := len(l.mistakes)
	if d := n.field("division"); d != nil && d.text != part.name {
		l.wrong(d, fmt.Sprintf("the list of %s says that it is of another nation", part.name), strconv.Quote(part.name))
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
		l.whole(part, n, days)
	}
}

// event is one holiday of the list, and where it stands.
type event struct {
	holiday
	title string // without saying that it is a substitute day
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
		case isWeekend(d):
			l.wrong(date, fmt.Sprintf("%s is no working day, and so no bank holiday", d.Short()), "the day had instead")
		case badTitle(name, maxTitle) != "":
			l.wrong(title, badTitle(name, maxTitle), `a title such as "Boxing Day"`)
		default:
			days = append(days, event{holiday{date: d, name: name}, holidayTitle(title.text), date})
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
		key := once{e.date.Year(), strings.ToLower(e.title)}
		if was, ok := seen[key]; ok {
			l.wrong(e.at, fmt.Sprintf("%q is both %s and %s", e.title, was.date.Short(), e.date.Short()), "each holiday once a year")
		}
		seen[key] = e
	}
}

// whole accepts a list that says everything about every year from its first to
// its last.
func (l *lister) whole(part nation, n *jsonValue, days []event) {
	if len(days) == 0 {
		l.wrong(n, "the list of "+part.name+" is empty", "its holidays")
		return
	}
	before := len(l.mistakes)
	list := published{first: days[0].date.Year(), last: days[len(days)-1].date.Year()}
	for year := list.first; year <= list.last; year++ {
		inYear := slices.DeleteFunc(slices.Clone(days), func(e event) bool { return e.date.Year() != year })
		l.standing(part, n, year, inYear)
		if count := len(inYear); count < part.fewest && len(l.mistakes) == before {
			l.wrong(n, fmt.Sprintf("the list of %s has %d holidays in %d, and a whole year has %d or more", part.name, count, year, part.fewest), "every holiday of the year")
		}
	}
	if len(l.mistakes) > before {
		return
	}
	for _, e := range days {
		list.days = append(list.days, e.holiday)
	}
	l.nations[part.name] = list
}

// standing holds a year of the list to the holidays that every year has on the
// same days, and those of May and August, which have been moved, to the days
// that they have been moved to at most.
func (l *lister) standing(part nation, n *jsonValue, year int, days []event) {
	for _, r := range part.rules {
		names := map[Date]string{}
		r.add(names, year)
		if r.movable {
			l.moved(names, days)
			continue
		}
		rightful := onWeekdays(names)
		misplaced := false
		for _, e := range days {
			if isOf(names, e.title) && !hasDay(rightful, e.date) {
				l.wrong(e.at, fmt.Sprintf("%s cannot be %s", e.title, e.date.Short()), daysInWords(rightful))
				misplaced = true
			}
		}
		for _, h := range rightful {
			listed := slices.ContainsFunc(days, func(e event) bool { return e.date == h.date })
			if !listed && !misplaced {
				l.wrong(n, fmt.Sprintf("the list of %s lacks %s, %s", part.name, h.date.Short(), h.name), "every holiday of the year")
			}
		}
	}
}

// moved finds a movable holiday further from its usual day than any has been.
func (l *lister) moved(usual map[Date]string, days []event) {
	for day, name := range usual {
		first, last := day.AddDays(-farthestMove), day.AddDays(farthestMove)
		for _, e := range days {
			title, _, _ := strings.Cut(e.title, " (") // Early May bank holiday (VE Day)
			if title == name && (e.date.Before(first) || e.date.After(last)) {
				l.wrong(e.at, fmt.Sprintf("%s cannot be %s", e.title, e.date.Short()),
					fmt.Sprintf("%s, or a day from %s to %s", day.Short(), first.Short(), last.Short()))
			}
		}
	}
}

// isOf reports whether a title is that of one of the holidays, on the day itself
// or had instead.
func isOf(names map[Date]string, title string) bool {
	for _, name := range names {
		if name == title || name == substituteFor(title) {
			return true
		}
	}
	return false
}

func hasDay(days []holiday, d Date) bool {
	return slices.ContainsFunc(days, func(h holiday) bool { return h.date == d })
}

func daysInWords(days []holiday) string {
	words := make([]string, len(days))
	for i, h := range days {
		words[i] = h.date.Short()
	}
	return strings.Join(words, " or ")
}
