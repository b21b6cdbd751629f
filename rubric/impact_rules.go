package rubric

import "math/bits"

// decider is what decided a part's outcome in one version.
type decider struct {
	kind deciderKind
	at   int8 // the rule or the limit, by its place
}

type deciderKind uint8

const (
	byAbsence deciderKind = iota // it is not part of the audit
	byNothing                    // what is not answered can still change it
	byPeople                     // no rule suggests a grade
	byRule
	byRules // whichever of several applies
	byLimit
)

// decided says what decided a part: the limit that is in the way of a better grade, if
// one is, else the rule that applies.
func (rs *rules) decided(p part, best int) decider {
	switch {
	case !p.applies:
		return decider{kind: byAbsence}
	case p.free == yes && p.atMost() == best:
		return decider{kind: byPeople}
	case p.free != yes && !p.determined():
		return decider{kind: byNothing}
	}
	grade := p.atMost()
	if p.free != yes {
		grade = p.possible.worst()
	}
	freely := p.free == yes || p.rule < 0
	if freely || rs.suggest[p.rule].grade > grade {
		for i := range rs.limits {
			if p.limits&(1<<i) != 0 && rs.limits[i].atMost == grade {
				return decider{byLimit, int8(i)}
			}
		}
	}
	if p.rule < 0 {
		return decider{kind: byRules}
	}
	return decider{byRule, int8(p.rule)}
}

// atMost is the best grade that the limits which surely apply leave.
func (p part) atMost() int { return bits.Len16(uint16(p.most)) - 1 }

// rulePairs says which rules, and which limits, of two versions are the same ones, if
// perhaps changed; nowhere for none.
type rulePairs struct {
	rules, limits       []int // by the place in the old version
	rulesOld, limitsOld []int // by the place in the new version
}

// pairRules pairs what asks the same for the same grade, then what asks the same, then
// limits of one name or reason and rules for one grade.
func pairRules(oldRules, newRules *rules, sameGrade func(a, b int) bool) rulePairs {
	var p rulePairs
	a, b := oldRules.suggest, newRules.suggest
	p.rules, p.rulesOld = pairUp(len(a), len(b),
		func(i, j int) bool { return a[i].when.same(b[j].when) && sameGrade(a[i].grade, b[j].grade) },
		func(i, j int) bool { return a[i].when.same(b[j].when) },
		func(i, j int) bool { return a[i].when != nil && b[j].when != nil && sameGrade(a[i].grade, b[j].grade) })
	x, y := oldRules.limits, newRules.limits
	p.limits, p.limitsOld = pairUp(len(x), len(y),
		func(i, j int) bool { return x[i].when.same(y[j].when) && sameGrade(x[i].atMost, y[j].atMost) },
		func(i, j int) bool { return x[i].when.same(y[j].when) },
		func(i, j int) bool { return x[i].name != "" && x[i].name == y[j].name },
		func(i, j int) bool { return x[i].because != "" && x[i].because == y[j].because })
	return p
}

func (c *condition) same(other *condition) bool {
	if c == nil || other == nil {
		return c == other
	}
	return c.text == other.text
}

// pairUp pairs n things with m others, by the first test that holds of two that are
// still alone.
func pairUp(n, m int, tests ...func(i, j int) bool) (there, back []int) {
	there, back = make([]int, n), make([]int, m)
	for i := range there {
		there[i] = nowhere
	}
	for j := range back {
		back[j] = nowhere
	}
	for _, test := range tests {
		for i := range there {
			for j := range back {
				if there[i] == nowhere && back[j] == nowhere && test(i, j) {
					there[i], back[j] = j, i
				}
			}
		}
	}
	return there, back
}

// readsBottomLines reports whether a condition asks whether a bottom line is missed.
func readsBottomLines(n boolNode) bool {
	switch n := n.(type) {
	case *bottomLine:
		return true
	case *negation:
		return readsBottomLines(n.inside)
	case *both:
		return readsBottomLines(n.left) || readsBottomLines(n.right)
	}
	return false
}

// asBefore reports whether what decided before and what decides now ask the same in
// both versions, and in the same order. Then it is the answers that count otherwise.
func (part *impactPart) asBefore(key moveKey) bool {
	old, now := part.oldRules, part.newRules
	switch key.was.kind {
	case byRule:
		at := part.pairs.rules[key.was.at]
		if at == nowhere || !old.suggest[key.was.at].when.same(now.suggest[at].when) {
			return false
		}
	case byLimit:
		at := part.pairs.limits[key.was.at]
		if at == nowhere || !old.limits[key.was.at].when.same(now.limits[at].when) {
			return false
		}
	}
	switch key.is.kind {
	case byRule:
		at := part.pairs.rulesOld[key.is.at]
		return at != nowhere && old.suggest[at].when.same(now.suggest[key.is.at].when) && !part.swapped(key)
	case byLimit:
		at := part.pairs.limitsOld[key.is.at]
		return at != nowhere && old.limits[at].when.same(now.limits[key.is.at].when)
	}
	return true
}

// swapped reports whether the rule that applies now comes before the one that did, and
// came after it.
func (part *impactPart) swapped(key moveKey) bool {
	if key.was.kind != byRule || key.is.kind != byRule {
		return false
	}
	before, after := part.pairs.rulesOld[key.is.at], part.pairs.rules[key.was.at]
	return before > int(key.was.at) && after > int(key.is.at)
}
