package bench

import "math/bits"

// What a good programmer would write for Halton's deep dive of 2023-05 and
// nothing else. It is frozen: it is the limit that the library is measured by,
// and changes only when that rubric does. The masks are the lines of each list in
// file order; TestEveryEngineGivesTheSameVerdict holds it to the file.

const (
	inadequate = iota
	requiresImprovement
	good
	outstanding
)

func handwritten(f *form, v *verdict) {
	s := &f.sections
	v[0] = referral(&s[0])
	v[1] = section(&s[1], 0xfff, 0x3f80000)
	v[2] = section(&s[2], 0x3fff, 0xfff000000)
	v[3] = section(&s[3], 0x1fff, 0x1fc00000)
	v[4] = section(&s[4], 0x3f, 0x1fe000)
	v[5] = reason{grade: -1, rule: -1}

	atInadequate, belowGood := 0, 0
	for i := range f.judged {
		grade := f.judged[i]
		if grade < 0 {
			grade = v[i].grade
		}
		if grade == inadequate {
			atInadequate++
		}
		if grade < good {
			belowGood++
		}
	}
	whole := reason{grade: requiresImprovement, rule: 2}
	switch {
	case atInadequate >= 2:
		whole = reason{grade: inadequate, rule: 0}
	case atInadequate == 0 && belowGood <= 1:
		whole = reason{grade: good, rule: 1}
	}
	if f.missed {
		whole.limits = 1
		whole.grade = inadequate
	}
	missing := lacking(&s[0], 0xfffc00) | lacking(&s[1], 0xfff) | lacking(&s[2], 0x3fff) | lacking(&s[3], 0x1fff) | lacking(&s[4], 0x3f)
	some := s[0].yes&0xfffc00 | s[1].yes&0xfff | s[2].yes&0x3fff | s[3].yes&0x1fff | s[4].yes&0x3f
	if missing != 0 || some == 0 {
		whole.limits |= 2
	}
	v[6] = whole
}

func referral(s *sectionBits) reason {
	r := section(s, 0xfffc00, 0x1ff000000)
	if r.rule == 1 && (lacking(s, 0x2fb) != 0 || s.yes&0x2fb == 0) {
		r.grade, r.rule = requiresImprovement, 2
	}
	return r
}

// section grades by the two rules that the sections share.
func section(s *sectionBits, goodLines, inadequateLines uint64) reason {
	r := reason{grade: requiresImprovement, rule: 2}
	all := lacking(s, goodLines) == 0 && s.yes&goodLines != 0
	if !all {
		r.limits = 1
	}
	switch seen := (s.yes | s.partly) & inadequateLines; {
	case bits.OnesCount64(seen) >= 3:
		r.grade, r.rule = inadequate, 0
	case all && seen == 0:
		r.grade, r.rule = good, 1
	}
	return r
}

// lacking are the lines of a list that apply and are not fully evidenced.
func lacking(s *sectionBits, lines uint64) uint64 { return (s.partly | s.no) & lines }
