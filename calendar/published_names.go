package calendar

import (
	"errors"
	"strings"
)

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

// holidayName is the name as this package writes it: holidayTitle, and for a
// substitute day saying so.
func holidayName(title, notes string) string {
	title = holidayTitle(title)
	if notes = strings.ToLower(notes); strings.HasPrefix(notes, "substitute") || notes == "common.substitute_day" {
		return substituteFor(title)
	}
	return title
}

// holidayTitle is the title in words, with a plain apostrophe, and in the case in
// which GOV.UK writes it now: in 2011 it had "Summer Bank Holiday".
func holidayTitle(title string) string {
	title = strings.TrimSpace(title)
	if key, ok := strings.CutPrefix(title, "bank_holidays."); ok {
		title = titleOfKey(key)
	}
	title = strings.ReplaceAll(title, "’", "'")
	for _, known := range keyTitles {
		if strings.EqualFold(title, known) {
			return known
		}
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
	"royal_wedding":       "Royal wedding",
	"queen_diamond":       "Queen's Diamond Jubilee",
	"queen_platinum":      "Platinum Jubilee bank holiday",
	"queens_bank_holiday": "State Funeral of Queen Elizabeth II",
	"kings_coronation":    "Coronation of King Charles III",
	"world_cup":           "World Cup bank holiday",
}
