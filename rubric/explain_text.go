package rubric

import (
	"fmt"
	"slices"
	"strings"
)

// Text is the explanation for a terminal or a letter.
func (x Explanation) Text() string { return x.write(plainText) }

// Markdown is the explanation as Markdown, for a page or a ticket. What people
// wrote in the rubric and the answers is escaped.
func (x Explanation) Markdown() string { return x.write(markdown) }

// style is how a writer sets out what an explanation says.
type style struct {
	title  string // formats for: the name of a part, a point about it, a line under a point
	point  string
	detail string
	bold   string
	escape func(string) string
}

var (
	plainText = style{title: "%s\n", point: "  %s\n", detail: "    - %s\n", bold: "%s", escape: singleSpaced}
	markdown  = style{title: "\n### %s\n\n", point: "- %s\n", detail: "  - %s\n", bold: "**%s**", escape: escapeMarkdown}
)

// escapeMarkdown keeps the words of a rubric from being read as Markdown or HTML.
func escapeMarkdown(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch r {
		case '\\', '`', '*', '_', '{', '}', '[', ']', '<', '>', '#', '|', '~':
			b.WriteByte('\\')
		case '&':
			b.WriteString("&amp;")
			continue
		case '\n', '\r':
			r = ' '
		}
		b.WriteRune(r)
	}
	return b.String()
}

// mostLines is how many lines a text names before it says how many are left.
const mostLines = 6

// explainer writes an explanation in a style.
type explainer struct {
	style
	b strings.Builder
}

func (x Explanation) write(s style) string {
	w := &explainer{style: s}
	for i, p := range slices.Concat(x.Sections, []PartExplanation{x.Overall}) {
		if i > 0 && s.title == plainText.title {
			w.b.WriteByte('\n')
		}
		w.part(p)
	}
	for _, c := range x.Contradictory {
		if s.title == plainText.title {
			w.b.WriteByte('\n')
		}
		fmt.Fprintf(&w.b, w.title, "Do these two answers in "+w.escape(c.Section)+" go together?")
		for _, l := range c.Lines {
			w.detailf("%s", w.line(l))
		}
	}
	if x.Unproved != "" {
		fmt.Fprintf(&w.b, "\n%s\n", w.escape(sentence("This rubric is unproved: "+x.Unproved)))
	}
	return strings.TrimPrefix(w.b.String(), "\n") + "\n" + w.escape(x.Closing) + "\n"
}

func (w *explainer) pointf(format string, args ...any) {
	fmt.Fprintf(&w.b, w.point, fmt.Sprintf(format, args...))
}

func (w *explainer) detailf(format string, args ...any) {
	fmt.Fprintf(&w.b, w.detail, fmt.Sprintf(format, args...))
}

func (w *explainer) strong(s string) string { return fmt.Sprintf(w.bold, w.escape(s)) }

func (w *explainer) part(p PartExplanation) {
	name := w.escape(p.Title)
	if p.MayNotApply {
		name += " (if it is part of this audit, which is not known yet)"
	}
	switch {
	case !p.Applies:
		fmt.Fprintf(&w.b, w.title, name+": not part of this audit.")
		return
	case p.Freely:
		fmt.Fprintf(&w.b, w.title, name+": judged freely; no rule suggests a grade.")
	case p.Suggested == "":
		fmt.Fprintf(&w.b, w.title, name+": not determined yet. Still possible: "+w.escape(strings.Join(p.Possible, ", "))+".")
	case p.Ruled != "":
		fmt.Fprintf(&w.b, w.title, fmt.Sprintf("%s: the rubric suggests %s. A limit leaves no more; the rules alone would suggest %s.", name, w.strong(p.Suggested), w.escape(p.Ruled)))
	default:
		fmt.Fprintf(&w.b, w.title, fmt.Sprintf("%s: the rubric suggests %s.", name, w.strong(p.Suggested)))
	}
	w.rule(p)
	switch {
	case p.Counts != "":
		w.pointf("Judged: %s. A limit leaves no more than %s, and for the file it counts as that.", w.strong(p.Judgement), w.strong(p.Counts))
	case p.Judgement != "":
		w.pointf("Judged: %s.", w.strong(p.Judgement))
	}
	for _, l := range p.Limits {
		w.limit(l)
	}
	for _, o := range p.Better {
		w.obstacles(o)
	}
	if len(p.Excepted) > 0 {
		w.pointf("Bottom lines that are not needed here:")
		w.lines(p.Excepted)
	}
	if n := len(p.Unanswered); n > 0 {
		w.pointf("Not answered yet: %d of its lines.", n)
	}
	for _, ask := range p.Open {
		w.pointf("Not answered yet: %s", w.escape(ask))
	}
	if p.Note != "" {
		w.pointf("Note: %s", w.escape(sentence(p.Note)))
	}
}

// rule says which rule suggests the grade, why, and what decided it.
func (w *explainer) rule(p PartExplanation) {
	switch {
	case p.Freely || p.Suggested == "":
		return
	case p.Source == "":
		w.pointf("Why: what is not answered yet can change which rule applies, but not the grade.")
		return
	}
	because := trim(p.Because)
	switch {
	case because == "" && p.Rule == "":
		because = "no other rule applies"
	case because == "":
		because = p.Rule
	}
	why := "Why"
	if p.Ruled != "" {
		why = "Why the rules would suggest " + w.escape(p.Ruled)
	}
	w.pointf("%s: %s (%s).", why, w.escape(because), w.escape(p.Source))
	if p.Because != "" && p.Rule != "" {
		w.pointf("The rule: %s.", w.escape(p.Rule))
	}
	w.grounds(p.Grounds)
}

func (w *explainer) limit(l LimitExplanation) {
	if l.Determined {
		w.pointf("Limit: at most %s. %s (%s).", w.strong(l.AtMost), w.escape(trim(l.Because)), w.escape(l.Source))
	} else {
		w.pointf("Perhaps limited to %s: it depends on what is not answered yet. %s (%s).", w.strong(l.AtMost), w.escape(trim(l.Because)), w.escape(l.Source))
	}
	w.grounds(l.Grounds)
}

func (w *explainer) obstacles(o Obstacles) {
	var why []string
	switch {
	case o.Needs != "" && len(o.Limits) > 0 && o.Grounds.empty():
		why = append(why, "its rule is met")
	case o.Needs != "":
		why = append(why, "its rule asks that "+o.Needs)
	case o.None && len(o.Limits) == 0:
		why = append(why, "no rule suggests it; it is given by judgement only")
	case o.None:
		why = append(why, "no rule suggests it")
	}
	if len(o.Limits) > 0 {
		why = append(why, "a limit above leaves less")
	}
	if len(why) == 0 {
		why = append(why, "an earlier rule applies")
	}
	end := "."
	if o.Needs != "" && !o.Grounds.empty() {
		end = ". In the way:"
	}
	w.pointf("Why not %s: %s%s", w.strong(o.Grade), w.escape(strings.Join(why, "; and ")), end)
	if o.Needs != "" {
		w.grounds(o.Grounds)
	}
}

func (w *explainer) grounds(g Grounds) {
	for _, s := range g.Sections {
		switch {
		case s.Absent:
			w.detailf("%s: not part of this audit", w.escape(s.Section))
		case s.Grade == "":
			w.detailf("%s: not determined yet", w.escape(s.Section))
		case s.Judged:
			w.detailf("%s: judged %s", w.escape(s.Section), w.escape(s.Grade))
		default:
			w.detailf("%s: %s is suggested", w.escape(s.Section), w.escape(s.Grade))
		}
	}
	for _, f := range g.Facts {
		w.detailf("%s %s%s", w.escape(f.Ask), w.escape(f.Answer), past(f.Fixed))
	}
	w.lines(g.Lines)
}

func (w *explainer) lines(lines []LineExplanation) {
	for i, l := range lines {
		if i == mostLines {
			w.detailf("and %d more", len(lines)-i)
			return
		}
		w.detailf("%s", w.line(l))
	}
}

func (w *explainer) line(l LineExplanation) string {
	where := ""
	if l.Section != "" {
		where = " (" + w.escape(l.Section) + ")"
	}
	why := ""
	if l.Because != "" {
		why = ", as " + w.escape(l.Because)
	}
	for i, f := range l.From {
		why += [...]string{", from ", " and "}[min(i, 1)] + fmt.Sprintf("“%s” %s", w.escape(f.Ask), w.escape(f.Answer))
	}
	return fmt.Sprintf("“%s”%s: %s%s%s", w.escape(l.Text), where, l.Answer, why, past(l.Fixed))
}

func past(fixed bool) string {
	if fixed {
		return "; about a fixed past, which nothing done now changes"
	}
	return ""
}

func trim(s string) string { return strings.TrimSuffix(strings.TrimSpace(s), ".") }

// sentence ends a note as a sentence ends.
func sentence(s string) string {
	if strings.HasSuffix(s, ".") || strings.HasSuffix(s, "?") || strings.HasSuffix(s, "!") {
		return s
	}
	return s + "."
}
