package rubric

import "github.com/practiceaudit/practiceaudit/calendar"

// impactPlan is what grading under two versions needs to know of them.
type impactPlan struct {
	old, new *Rubric
	cal      *calendar.Calendar
	carry    *carry
	parts    []impactPart // the file, the sections of the new version, those that are gone
}

// impactPart is the file, or a section of either version.
type impactPart struct {
	old, new           int // its place among the parts of a Result; nowhere for none
	oldRules, newRules *rules
	pairs              rulePairs
	stays              []int // by outcome before, the same one after; nowhere for none
}

// The outcomes of a part of a rubric with n grades: each grade, then freely judged and
// at most each grade, then these.
const (
	undeterminedOutcome = iota
	absentOutcome
	ungradedOutcome // only after: the form cannot be graded
	otherOutcomes
)

func (r *Rubric) outcomes() int { return 2*len(r.grades) + otherOutcomes }

func (r *Rubric) outcome(p part) int {
	n := len(r.grades)
	switch {
	case !p.applies:
		return 2*n + absentOutcome
	case p.free == yes:
		return n + p.atMost()
	case p.determined():
		return p.possible.worst()
	}
	return 2*n + undeterminedOutcome
}

func newImpactPlan(from, to *Rubric, cal *calendar.Calendar) *impactPlan {
	p := &impactPlan{old: from, new: to, cal: cal, carry: newCarry(from, to)}
	p.part(len(from.sections), len(to.sections), &from.overall, &to.overall)
	for i := range to.sections {
		s := &to.sections[i]
		if j, ok := from.sectionByID[s.id]; ok {
			p.part(j, i, &from.sections[j].rules, &s.rules)
		} else {
			p.part(nowhere, i, &rules{}, &s.rules)
		}
	}
	for j := range from.sections {
		if p.carry.sections[j] == nowhere {
			p.part(j, nowhere, &from.sections[j].rules, &rules{})
		}
	}
	return p
}

func (p *impactPlan) part(from, to int, oldRules, newRules *rules) {
	grades := p.carry.grades
	sameGrade := func(a, b int) bool { return a == b && a == freely || a != freely && grades[a] == b }
	part := impactPart{old: from, new: to, oldRules: oldRules, newRules: newRules, pairs: pairRules(oldRules, newRules, sameGrade)}
	n, m := len(grades), len(p.new.grades)
	part.stays = make([]int, p.old.outcomes())
	for i := range part.stays {
		switch {
		case i < n:
			part.stays[i] = grades[i]
		case i == 2*n-1: // judged freely, without a limit
			part.stays[i] = 2*m - 1
		case i < 2*n && grades[i-n] != nowhere && grades[i-n] != m-1:
			part.stays[i] = m + grades[i-n]
		case i < 2*n:
			part.stays[i] = nowhere
		default:
			part.stays[i] = i - 2*n + 2*m
		}
	}
	p.parts = append(p.parts, part)
}
