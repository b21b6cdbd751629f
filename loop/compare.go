package loop

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/moderation"
	"github.com/practiceaudit/practiceaudit/rubric"
)

// Comparison sets what a re-audit finds beside what was found by the audit that
// caused it: the file's grades, the judgement of each section, and every line and
// fact that either of them answers. It says what changed; whether that is better is
// for people to say.
type Comparison struct {
	Found    Grades // by the audit that caused the re-audit
	Again    Grades // by the re-audit
	Sections []SectionCompared
	Lines    []LineCompared
	Facts    []FactCompared
}

// Grades are the grades of a file as a whole, each as judged last; empty where there
// is none.
type Grades struct {
	Audit     rubric.Grade // the auditor's
	AsAtAudit rubric.Grade // the moderator's two
	Now       rubric.Grade
}

// SectionCompared is the auditors' judgement of a section.
type SectionCompared struct {
	Section      string
	Found, Again rubric.Grade
}

// LineCompared is the answer to a line: as it was at the audit, with what its
// moderator amended; as the moderator saw it at the end; and as it was at the
// re-audit, with what its own moderator amended. A bottom line from elsewhere has a
// text and no line.
type LineCompared struct {
	Section, Line, Text string
	Found, Now, Again   rubric.Answer
	Missed, MissedAgain bool // a bottom line found missed, as moderated if it was; a computed line has nothing but this
	Carried             bool // about a fixed past: judged in the audit, and not again
}

// Changed reports whether the re-audit finds something else than was found.
func (l LineCompared) Changed() bool { return l.Again != l.Found || l.MissedAgain != l.Missed }

// FactCompared is a fact, in the same three views.
type FactCompared struct {
	Fact              string
	Found, Now, Again string
}

// CompareReAudit sets a re-audit beside the audit that caused it, criterion by
// criterion (our reading of "re-audited"). Both may still go on. Sections, lines and
// facts come in the order of their ids; one that another version of the rubric calls
// otherwise stands there under both. The error says that the second is no re-audit of
// the first.
func CompareReAudit(origin, again State) (Comparison, error) {
	if !again.Audit.ReAudit() || again.Audit.Origin.Stream != string(origin.Stream) {
		return Comparison{}, fmt.Errorf("the audit %s is no re-audit of %s", again.Stream, origin.Stream)
	}
	found, now := origin.Moderation.Answers(origin.Audit, moderation.AsAtAudit), origin.Moderation.Answers(origin.Audit, moderation.Now)
	then := again.Moderation.Answers(again.Audit, moderation.AsAtAudit)
	c := Comparison{Found: origin.grades(), Again: again.grades()}
	for _, section := range keys(found.Judgements, then.Judgements) {
		c.Sections = append(c.Sections, SectionCompared{section, found.Judgements[section], then.Judgements[section]})
	}
	c.Lines = compareLines(found, now, then, origin.missed(), again.missed())
	for _, fact := range keys(found.Facts, now.Facts, then.Facts) {
		c.Facts = append(c.Facts, FactCompared{fact, found.Facts[fact], now.Facts[fact], then.Facts[fact]})
	}
	return c, nil
}

// grades are those of a file as a whole.
func (s State) grades() (g Grades) {
	overall, _ := s.Audit.Judgement(audit.RoleAuditor, audit.Overall)
	asAt, _ := s.Moderation.Judgement(moderation.AsAtAudit)
	now, _ := s.Moderation.Judgement(moderation.Now)
	return Grades{overall.Grade, asAt.Grade, now.Grade}
}

func compareLines(found, now, then rubric.Answers, missed, missedAgain []rubric.LineRef) []LineCompared {
	rows := map[rubric.LineRef]LineCompared{}
	set := func(section, line, text string, change func(*LineCompared)) {
		key := rubric.LineRef{Section: section, Line: line}
		if line == "" {
			key.Text = text
		}
		row := rows[key]
		row.Section, row.Line, row.Text = section, line, cmp.Or(row.Text, text)
		change(&row)
		rows[key] = row
	}
	answers := func(a rubric.Answers, change func(*LineCompared, rubric.Answer)) {
		for section, lines := range a.Lines {
			for line, answer := range lines {
				set(section, line, "", func(l *LineCompared) { change(l, answer) })
			}
		}
	}
	refs := func(of []rubric.LineRef, change func(*LineCompared)) {
		for _, r := range of {
			set(r.Section, r.Line, r.Text, change)
		}
	}
	answers(found, func(l *LineCompared, a rubric.Answer) { l.Found = a })
	answers(now, func(l *LineCompared, a rubric.Answer) { l.Now = a })
	answers(then, func(l *LineCompared, a rubric.Answer) { l.Again = a })
	refs(missed, func(l *LineCompared) { l.Missed = true })
	refs(missedAgain, func(l *LineCompared) { l.MissedAgain = true })
	refs(then.Carried, func(l *LineCompared) { l.Carried = true })
	return slices.SortedFunc(maps.Values(rows), func(a, b LineCompared) int {
		return cmp.Or(cmp.Compare(a.Section, b.Section), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Text, b.Text))
	})
}

// keys are those of all maps, in order.
func keys[V any](of ...map[string]V) []string {
	all := map[string]bool{}
	for _, m := range of {
		for k := range m {
			all[k] = true
		}
	}
	return slices.Sorted(maps.Keys(all))
}
