package bench

import "math/bits"

// What the rivals that read conditions have in common.

// rules are a part's rules, a program for each condition.
type rules[P any] struct{ limits, suggest []P }

// rulesBy compiles the rules of each section, then of the file.
func rulesBy[P any](compile func(conditions []string) []P) []rules[P] {
	var all []rules[P]
	for part := range sections + 1 {
		limits, suggest := rulesOf(part)
		all = append(all, rules[P]{compile(limits), compile(suggest)})
	}
	return all
}

// reason is what the rules of a part come to.
func (rs *rules[P]) reason(part int, holds func(P) bool) reason {
	if part == ruledSections {
		return reason{grade: -1, rule: -1}
	}
	r := reason{rule: int8(len(rs.suggest))}
	for i, p := range rs.suggest {
		if holds(p) {
			r.rule = int8(i)
			break
		}
	}
	r.grade = suggested[r.rule]
	for i, p := range rs.limits {
		if holds(p) {
			r.limits |= 1 << i
		}
	}
	if part == sections && r.limits&1 != 0 {
		r.grade = inadequate
	}
	return r
}

// rulesOf are the conditions of a part, as the rubric file has them.
func rulesOf(part int) (limits, suggest []string) {
	switch part {
	case 0:
		return []string{"not all_of(good)"}, []string{"count_of(bad) >= 3", "all_of(good) and none_of(bad) and all_of(bottom)"}
	case sections:
		return []string{"bottom_line_missed()", "not every_good_line()"}, []string{`sections_at(0) >= 2`, `sections_at(0) == 0 and sections_below(2) <= 1`}
	case ruledSections:
		return nil, nil
	}
	return []string{"not all_of(good)"}, []string{"count_of(bad) >= 3", "all_of(good) and none_of(bad)"}
}

// Lists by section: good, bad (Inadequate) and bottom lines.
var lists = [ruledSections][3]uint64{
	{0xfffc00, 0x1ff000000, 0x2fb}, {0xfff, 0x3f80000, 0}, {0x3fff, 0xfff000000, 0}, {0x1fff, 0x1fc00000, 0}, {0x3f, 0x1fe000, 0},
}

func allOf(s *sectionBits, list uint64) bool {
	return (s.partly|s.no)&list == 0 && s.yes&list != 0
}

func countBad(s *sectionBits, list uint64) int { return bits.OnesCount64((s.yes | s.partly) & list) }

func everyGoodLine(f *form) bool {
	some := false
	for i := range lists {
		s, list := &f.sections[i], lists[i][0]
		if (s.partly|s.no)&list != 0 {
			return false
		}
		some = some || s.yes&list != 0
	}
	return some
}

// suggested are the grades of the rules of a part, in order; the last has no
// condition.
var suggested = [3]int8{inadequate, good, requiresImprovement}
