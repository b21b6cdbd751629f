package rubric

import (
	"fmt"
	"unicode"
	"unicode/utf8"
)

// outcomeWords names an outcome as the matrix does.
func (r *Rubric) outcomeWords(outcome int) string {
	n := len(r.grades)
	switch {
	case outcome < n:
		return r.grades[outcome].title
	case outcome == 2*n-1:
		return "Judged freely"
	case outcome < 2*n:
		return "Judged freely, at most " + r.grades[outcome-n].title
	}
	return [...]string{"Not determined", "Not part of the audit", "Cannot be graded"}[outcome-2*n]
}

// because says in a sentence why a part moved.
func (p *impactPlan) because(i int, key moveKey) string {
	part := &p.parts[i]
	reason := p.reason(part, key)
	if key.section == noSection && key.was.kind >= byPeople && key.is.kind >= byPeople && part.asBefore(key) {
		reason += p.otherLines(part.new)
	}
	switch key.section {
	case noSection:
		return sentenceOf(reason)
	case severalSections:
		return sentenceOf("the grades of several sections moved: " + reason)
	}
	return sentenceOf(fmt.Sprintf("the grade of %s moved: %s", p.old.sections[key.section].title, reason))
}

func sentenceOf(s string) string {
	first, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + s[n:] + "."
}

func (p *impactPlan) reason(part *impactPart, key moveKey) string {
	switch {
	case part.new == nowhere:
		return "the section is not in the new version"
	case key.is.kind == byAbsence:
		return "the section is no part of such an audit any more"
	case key.is.kind == byNothing && key.was.kind == byLimit && !p.stands(part, key):
		return p.noLonger(part, key) + "; " + p.open(part)
	case key.is.kind == byNothing:
		return p.open(part)
	case part.old == nowhere:
		return "the section is new, and " + p.decides(part, key)
	case key.was.kind == byAbsence:
		return "the section was no part of such an audit before, and now " + p.decides(part, key)
	case key.was.kind == byNothing:
		return "what the form does not answer no longer matters: " + p.decides(part, key)
	case key.was.kind == byLimit && !(key.is.kind == byLimit && part.pairs.limits[key.was.at] == int(key.is.at)):
		return p.decides(part, key) + "; " + p.noLonger(part, key)
	case key.was.kind == byRule && key.is.kind == byRule && part.pairs.rules[key.was.at] != int(key.is.at):
		return p.decides(part, key) + " where " + p.oldRule(part, int(key.was.at)) + " did"
	}
	return p.decides(part, key)
}

// open says what of a part is not answered.
func (p *impactPlan) open(part *impactPart) string {
	if asked := p.asked(part.new); len(asked) == 1 {
		return asked[0] + " is asked only by the new version, and the form does not answer it"
	} else if len(asked) > 1 {
		return fmt.Sprintf("%s and %d more are asked only by the new version, and the form does not answer them", asked[0], len(asked)-1)
	}
	return "the new version reads what the form does not answer"
}

// decides says what decides now.
func (p *impactPlan) decides(part *impactPart, key moveKey) string {
	at := int(key.is.at)
	switch key.is.kind {
	case byPeople:
		return "no rule or limit applies, and people judge freely"
	case byRules:
		return "one rule or another applies, whatever is answered"
	case byRule:
		return p.newRule(part, at, key)
	}
	limit, before := &part.newRules.limits[at], part.pairs.limitsOld[at]
	words := "“" + limit.gist(p.new) + "”"
	switch {
	case before == nowhere:
		return "the new limit " + words + " applies"
	case key.already && p.carry.grades[part.oldRules.limits[before].atMost] != limit.atMost:
		return fmt.Sprintf("the limit %s leaves at most %s, where it left %s", words, p.new.grades[limit.atMost].title, p.old.grades[part.oldRules.limits[before].atMost].title)
	case key.already:
		return "the limit " + words + " applies as before"
	case !part.oldRules.limits[before].when.same(limit.when):
		return "the limit " + words + ", whose condition is changed, applies"
	}
	return "the limit " + words + " now applies"
}

// newRule says that a rule applies, and what is new about it.
func (p *impactPlan) newRule(part *impactPart, at int, key moveKey) string {
	rule, before := &part.newRules.suggest[at], part.pairs.rulesOld[at]
	words := fmt.Sprintf("rule %d (%s)", at+1, rule.gist(p.new))
	if before == nowhere {
		return "the new " + words + " applies"
	}
	was := &part.oldRules.suggest[before]
	switch {
	case !was.when.same(rule.when) && (rule.when == nil || rule.because == ""):
		return words + ", whose condition is changed, applies"
	case !was.when.same(rule.when):
		return fmt.Sprintf("%s, which now asks that %s, applies", words, rule.when.root.words(p.new, false))
	case part.swapped(key):
		return words + ", which now comes first, applies"
	case key.was.kind == byRule && before == int(key.was.at):
		return fmt.Sprintf("%s gives another grade than it did (%s)", words, was.gist(p.old))
	}
	return words + " applies"
}

func (p *impactPlan) oldRule(part *impactPart, at int) string {
	rule, now := &part.oldRules.suggest[at], part.pairs.rules[at]
	words := fmt.Sprintf("rule %d (%s)", at+1, rule.gist(p.old))
	switch {
	case now == nowhere:
		return words + ", which is gone,"
	case !rule.when.same(part.newRules.suggest[now].when):
		return words + ", whose condition is changed,"
	}
	return words
}

// stands reports whether the limit that decided before still leaves the same.
func (p *impactPlan) stands(part *impactPart, key moveKey) bool {
	limit, now := &part.oldRules.limits[key.was.at], part.pairs.limits[key.was.at]
	return key.still && p.carry.grades[limit.atMost] == part.newRules.limits[now].atMost
}

// noLonger says why the limit that decided before does not.
func (p *impactPlan) noLonger(part *impactPart, key moveKey) string {
	limit, now := &part.oldRules.limits[key.was.at], part.pairs.limits[key.was.at]
	words := "the limit “" + limit.gist(p.old) + "”"
	switch {
	case now == nowhere:
		return words + " is not in the new version"
	case p.stands(part, key):
		return words + " still applies"
	case key.still:
		return fmt.Sprintf("%s leaves at most %s, where it left %s", words, p.new.grades[part.newRules.limits[now].atMost].title, p.old.grades[limit.atMost].title)
	}
	if !limit.when.same(part.newRules.limits[now].when) {
		words += ", whose condition is changed,"
	}
	if key.is.kind == byNothing {
		return words + " is no longer certain to apply"
	}
	return words + " no longer applies"
}

// gist is a rule in a few words: its grade, and why.
func (rule *suggestRule) gist(r *Rubric) string {
	grade := "judged freely"
	if rule.grade != freely {
		grade = r.grades[rule.grade].title
	}
	switch {
	case rule.because != "":
		return grade + ": " + trim(singleSpaced(rule.because))
	case rule.when != nil:
		return grade + ": " + rule.when.root.words(r, false)
	}
	return grade + ": no other rule applies"
}

func (l *limitRule) gist(r *Rubric) string {
	if l.because != "" {
		return trim(singleSpaced(l.because))
	}
	return l.when.root.words(r, false)
}
