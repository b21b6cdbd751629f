package cycle

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/practiceaudit/practiceaudit/audit"
)

// MaxFiles is the most files that one month may plan. Above it the allocation
// would take more than a moment.
const MaxFiles = 300

// maxTheme is the longest name of a theme, in bytes.
const maxTheme = 200

var partID = regexp.MustCompile(`^[a-z][a-z0-9_]{0,63}$`)

func (c PlanYear) decide(_ State, a Act, env Env) ([]Event, error) {
	var rs audit.Refusals
	if len(c.Months) == 0 {
		rs = append(rs, refuse(c, "month", "the schedule has no month", ""))
	}
	e := YearPlanned{Act: a}
	first, seen := Month(""), map[Month]bool{}
	for _, m := range c.Months {
		rs = append(rs, m.wrong(c)...)
		if seen[m.Month] {
			rs = append(rs, refuse(c, "month", m.Month.Long()+" stands in the schedule twice", "its parts together"))
		}
		seen[m.Month] = true
		if first == "" || m.Month < first {
			first = m.Month
		}
		e.Months = append(e.Months, Scheduled{m, streamOf(env.Stream, string(m.Month))})
	}
	if start, ok := first.First(); ok {
		for _, m := range c.Months {
			if day, ok := m.Month.First(); ok && !day.Before(start.AddMonths(12)) {
				rs = append(rs, refuse(c, "month", m.Month.Long()+" is not in the year that begins with "+first.Long(), "a schedule of its own"))
			}
		}
	}
	if err := rs.Err(); err != nil {
		return nil, err
	}
	slices.SortFunc(e.Months, func(x, y Scheduled) int { return strings.Compare(string(x.Month), string(y.Month)) })
	return []Event{e}, nil
}

// Begins are the first events of the months' own streams.
func (e YearPlanned) Begins(year string) map[string]MonthPlanned {
	begins := make(map[string]MonthPlanned, len(e.Months))
	for _, m := range e.Months {
		begins[m.Stream] = MonthPlanned{Act: e.Act, MonthPlan: m.MonthPlan, Year: year}
	}
	return begins
}

func (c PlanMonth) decide(s State, a Act, _ Env) ([]Event, error) {
	rs := c.MonthPlan.wrong(c)
	if s.Month != "" && c.Month != s.Month {
		rs = append(rs, refuse(c, "month", "this is the cycle of "+s.Month.Long(), string(s.Month)))
	}
	if s.Month != "" && blank(c.Because) {
		rs = append(rs, refuse(c, "because", s.Month.Long()+" is planned already", "the reason why it is planned anew"))
	}
	if err := rs.Err(); err != nil {
		return nil, err
	}
	return []Event{MonthPlanned{Act: a, MonthPlan: c.MonthPlan, Because: c.Because}}, nil
}

// wrong says everything that is wrong with the plan of a month.
func (m MonthPlan) wrong(c Command) audit.Refusals {
	var rs audit.Refusals
	add := func(rule, accept, format string, args ...any) {
		rs = append(rs, refuse(c, rule, fmt.Sprintf(format, args...), accept))
	}
	if _, ok := m.Month.First(); !ok {
		add("month", "a month such as 2026-04", "%q is not a month", m.Month)
	} else if m.Month < MonthOf(c.Head().On()) {
		add("month", "", "%s is past", m.Month.Long())
	}
	if len(m.Parts) == 0 {
		add("part", "", "%s has no part: nothing is audited", m.Month.Long())
	}
	files, seen := 0, map[string]bool{}
	for _, p := range m.Parts {
		if !partID.MatchString(p.ID) || seen[p.ID] {
			add("part", `an id of its own, lower case, such as "deep_dives"`, "%s: %q is not the id of a part, or taken", m.Month.Long(), p.ID)
		}
		seen[p.ID] = true
		if p.Files < 1 || p.Files > MaxFiles {
			add("files", fmt.Sprintf("1 to %d", MaxFiles), "%s, %s: %d files cannot be drawn", m.Month.Long(), p.ID, p.Files)
			continue
		}
		files += p.Files
		rs = append(rs, p.wrong(c, m.Month)...)
	}
	if files > MaxFiles {
		add("files", fmt.Sprintf("at most %d in a month", MaxFiles), "%s has %d files", m.Month.Long(), files)
	}
	return rs
}

func (p Part) wrong(c Command, m Month) audit.Refusals {
	var rs audit.Refusals
	add := func(rule, accept, format string, args ...any) {
		rs = append(rs, refuse(c, rule, fmt.Sprintf("%s, %s: ", m.Long(), p.ID)+fmt.Sprintf(format, args...), accept))
	}
	switch p.Kind {
	case audit.DeepDive, audit.Thematic:
	case audit.DipSample:
		add("kind", "deep_dive or thematic", "dip samples are planned when an audit closes, not by the month")
	default:
		add("kind", "deep_dive or thematic", "no such kind of audit: %q", p.Kind)
	}
	if p.Kind == audit.Thematic && blank(p.Theme) {
		add("theme", "its theme", "a thematic audit has a theme")
	}
	if p.Theme != "" && (!oneLine(p.Theme) || len(p.Theme) > maxTheme) {
		add("theme", fmt.Sprintf("one line of at most %d characters", maxTheme), "the theme is no name")
	}
	for i, by := range p.By {
		if !slices.Contains(Attributes(), by) || slices.Contains(p.By[:i], by) {
			add("strata", fmt.Sprintf("each of %v at most once", Attributes()), "files cannot be told apart by %q", by)
		}
	}
	return rs
}
