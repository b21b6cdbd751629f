package rubric

import (
	"fmt"
	"regexp"
	"strings"
)

// partPair is the rules of one section, or of the whole file, in both versions.
type partPair struct {
	*comparer
	at, in  string            // "overall", "For the file as a whole, "
	renames map[string]string // of the lines that the conditions can name
}

// rules compares the limits and the rules that suggest of a section; of the whole
// file for nil.
func (c *comparer) rules(s *sectionPair) {
	p := &partPair{comparer: c, at: "overall", in: "For the file as a whole, ", renames: map[string]string{}}
	old, new := &c.old.overall, &c.new.overall
	if s != nil {
		p.at, p.in = s.new.id, s.in("")
		old, new = &s.old.rules, &s.new.rules
		s.renames(p.renames)
	} else {
		for i := range c.new.sections {
			if j, ok := c.old.sectionByID[c.new.sections[i].id]; ok {
				(&sectionPair{c, &c.old.sections[j], &c.new.sections[i]}).renames(p.renames)
			}
		}
	}
	p.limits(old.limits, new.limits)
	p.suggestions(old.suggest, new.suggest)
}

func (p *partPair) limits(old, new []limitRule) {
	keys := func(r *Rubric, limits []limitRule, renames map[string]string) (keys []ruleKey) {
		for i := range limits {
			l := &limits[i]
			keys = append(keys, ruleKey{r.grades[l.atMost].id, spelt(l.when, renames), l.name})
		}
		return keys
	}
	for _, m := range pairs(sameRules(keys(p.old, old, p.renames), keys(p.new, new, nil)), len(old)) {
		switch {
		case m.old < 0:
			l := &new[m.new]
			p.tell(Difference{Kind: Added, At: p.place("limit", m.new), New: l.when.text, Grades: true},
				"%sthere is a new limit: at most %s when %s%s.", p.in, p.new.grades[l.atMost].title, l.when.root.words(p.new, false), forReason(l.because))
		case m.new < 0:
			l := &old[m.old]
			p.tell(Difference{Kind: Removed, At: p.place("limit", m.old), Old: l.when.text, Grades: true},
				"%sa limit is gone: at most %s when %s.", p.in, p.old.grades[l.atMost].title, l.when.root.words(p.old, false))
		default:
			p.limit(m, &old[m.old], &new[m.new])
		}
	}
}

func (p *partPair) place(list string, i int) string { return fmt.Sprintf("%s.%s.%d", p.at, list, i+1) }

func (p *partPair) limit(m pair, old, new *limitRule) {
	at := p.place("limit", m.new)
	was, is := &p.old.grades[old.atMost], &p.new.grades[new.atMost]
	thing := fmt.Sprintf("%slimit %d (at most %s)", p.in, m.new+1, is.title)
	x := p.condition(old.when, new.when, p.renames)
	if was.id != is.id {
		when := ""
		if !x.differ {
			when = " when " + x.new
		}
		p.tell(Difference{Kind: Changed, At: at, Old: was.id, New: is.id, Grades: true},
			"%slimit %d now leaves at most %s%s; before, at most %s.", p.in, m.new+1, is.title, when, was.title)
	}
	if x.differ {
		p.tell(Difference{Kind: Changed, At: at, Old: x.oldText, New: x.newText, Grades: true}, "%s now applies when %s; before, when %s.", thing, x.new, x.old)
	}
	if m.moved {
		p.tell(m.places(at), "%s, when %s, is limit %d now; it was limit %d.", p.in+"the limit to at most "+is.title, new.when.root.words(p.new, false), m.new+1, m.old+1)
	}
	p.wording(at, thing, "name", old.name, new.name)
	p.wording(at, thing, "reason", old.because, new.because)
	p.wording(at, thing, "source", old.source, new.source)
}

func (p *partPair) suggestions(old, new []suggestRule) {
	keys := func(r *Rubric, suggest []suggestRule, renames map[string]string) (keys []ruleKey) {
		for i := range suggest {
			keys = append(keys, ruleKey{r.suggested(&suggest[i]).id, spelt(suggest[i].when, renames), ""})
		}
		return keys
	}
	for _, m := range pairs(sameRules(keys(p.old, old, p.renames), keys(p.new, new, nil)), len(old)) {
		switch {
		case m.old < 0:
			rule := &new[m.new]
			p.tell(Difference{Kind: Added, At: p.place("suggest", m.new), New: rule.when.written(), Grades: true},
				"%sthere is a new rule %d: it %s %s%s.", p.in, m.new+1, p.new.suggests(rule, "suggests", "leaves"), rule.whenWords(p.new), forReason(rule.because))
		case m.new < 0:
			rule := &old[m.old]
			p.tell(Difference{Kind: Removed, At: p.place("suggest", m.old), Old: rule.when.written(), Grades: true},
				"%srule %d of the old version is gone: it %s %s.", p.in, m.old+1, p.old.suggests(rule, "suggested", "left"), rule.whenWords(p.old))
		default:
			p.suggestion(m, &old[m.old], &new[m.new])
		}
	}
}

func (p *partPair) suggestion(m pair, old, new *suggestRule) {
	at, thing := p.place("suggest", m.new), fmt.Sprintf("%srule %d", p.in, m.new+1)
	suggests := p.new.suggests(new, "suggests", "leaves")
	was, is := p.old.suggested(old), p.new.suggested(new)
	x := p.condition(old.when, new.when, p.renames)
	if was.id != is.id {
		when := ""
		if !x.differ {
			when = " " + new.whenWords(p.new)
		}
		p.tell(Difference{Kind: Changed, At: at, Old: was.id, New: is.id, Grades: true},
			"%s now %s%s; before, it %s.", thing, suggests, when, p.old.suggests(old, "suggested", "left"))
	}
	if x.differ {
		p.tell(Difference{Kind: Changed, At: at, Old: x.oldText, New: x.newText, Grades: true}, "%s now %s when %s; before, when %s.", thing, suggests, x.new, x.old)
	}
	if m.moved {
		d := m.places(at)
		d.Grades = true
		p.tell(d, "%sthe rule that %s %s is rule %d now; it was rule %d.", p.in, suggests, new.whenWords(p.new), m.new+1, m.old+1)
	}
	thing += " (" + is.title + ")"
	p.wording(at, thing, "reason", old.because, new.because)
	p.wording(at, thing, "source", old.source, new.source)
}

// suggested is the grade of a rule; "freely" where people judge.
func (r *Rubric) suggested(rule *suggestRule) choice {
	if rule.grade == freely {
		return choice{"freely", "judged freely"}
	}
	return r.grades[rule.grade]
}

// suggests says what a rule does, with the verbs in the tense that is asked for.
func (r *Rubric) suggests(rule *suggestRule, suggests, leaves string) string {
	if rule.grade == freely {
		return leaves + " the judgement to people"
	}
	return suggests + " " + r.grades[rule.grade].title
}

func (rule *suggestRule) whenWords(r *Rubric) string {
	if rule.when == nil {
		return "when no other rule applies"
	}
	return "when " + rule.when.root.words(r, false)
}

// forReason ends what is said of a new rule.
func forReason(because string) string {
	if because == "" {
		return ""
	}
	return ", for the reason " + said(because)
}

// written is a condition as the file has it; "" for none.
func (c *condition) written() string {
	if c == nil {
		return ""
	}
	return c.text
}

// conditionPair is what a sentence says of two conditions.
type conditionPair struct {
	differ           bool
	old, new         string // in words
	oldText, newText string // as written
}

func (c *comparer) condition(old, new *condition, renames map[string]string) conditionPair {
	x := conditionPair{differ: spelt(old, renames) != spelt(new, nil), oldText: old.written(), newText: new.written()}
	if old != nil {
		x.old = old.root.words(c.old, false)
	}
	if new != nil {
		x.new = new.root.words(c.new, false)
	}
	if x.differ && x.old == x.new { // two lines of the same words, or other brackets
		x.old, x.new = said(x.oldText)+" holds", said(x.newText)+" holds"
	}
	return x
}

var conditionWords = regexp.MustCompile(`"[^"]*"|'[^']*'|\w+|[<>=!]=|\S`)

// spelt is a condition with spaces and quotes of one kind, and names of lines as the
// new version has them; "" for none.
func spelt(c *condition, renames map[string]string) string {
	words := conditionWords.FindAllString(c.written(), -1)
	for i := range words {
		if words[i][0] == '\'' {
			words[i] = `"` + strings.Trim(words[i], "'") + `"`
		}
		if i < 2 {
			continue
		}
		if _, ofLine := lineStates[words[i-2]]; !ofLine || words[i-1] != "(" {
			continue
		}
		if id, ok := renames[words[i]]; ok {
			words[i] = id
		}
	}
	return strings.Join(words, " ")
}
