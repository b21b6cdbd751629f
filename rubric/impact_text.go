package rubric

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Text is the report for a terminal or a letter. It names the most frequent reasons;
// the report itself has all.
func (x *ImpactReport) Text() string {
	w := &impactWriter{ungraded: x.Ungraded}
	w.linef("What version %s of %s makes of the forms graded under version %s", x.New.Version, x.New.ID, x.Old.Version)
	w.linef("")
	w.linef("%s read.", countForms(x.Forms))
	if x.Unread > 0 {
		w.linef("%s no form of version %s, and left out:", countLines(x.Unread), x.Old.Version)
		for _, u := range x.Unreadable {
			w.pointf("line %d: %s", u.Line, strings.ReplaceAll(u.Problem, "\n", "\n    "))
		}
		w.morePoints(x.Unread-len(x.Unreadable), "lines")
	}
	if x.Ungraded > 0 {
		w.linef("%s cannot be graded under version %s:", countForms(x.Ungraded), x.New.Version)
		for _, r := range x.Refused {
			w.reason("", r)
		}
	}
	if len(x.LeftAside) > 0 {
		w.linef("Left aside:")
		for _, c := range x.LeftAside[:min(mostReasons, len(x.LeftAside))] {
			w.pointf("%s: in %s", singleSpaced(c.What), countForms(c.Forms))
		}
		w.morePoints(len(x.LeftAside)-mostReasons, "answers")
	}
	if len(x.NewlyAsked) > 0 {
		w.linef("Asked only by version %s, and answered by no form:", x.New.Version)
		for _, asked := range x.NewlyAsked[:min(mostReasons, len(x.NewlyAsked))] {
			w.pointf("%s", singleSpaced(asked))
		}
		w.morePoints(len(x.NewlyAsked)-mostReasons, "questions")
	}
	if x.Forms > 0 {
		for _, p := range slices.Concat([]PartImpact{x.File}, x.Sections) {
			w.part(p)
		}
	}
	w.linef("\n%s", x.Closing)
	return w.b.String()
}

// mostReasons is how many of a kind a text says before it says how many are left.
const mostReasons = 8

type impactWriter struct {
	b        strings.Builder
	ungraded int
}

func (w *impactWriter) linef(format string, args ...any) { fmt.Fprintf(&w.b, format+"\n", args...) }

func (w *impactWriter) pointf(format string, args ...any) {
	fmt.Fprintf(&w.b, "  - "+format+"\n", args...)
}

func (w *impactWriter) morePoints(n int, what string) {
	if n > 0 {
		w.pointf("and %s more %s", grouped(n), what)
	}
}

func (w *impactWriter) part(p PartImpact) {
	w.linef("\n%s", singleSpaced(p.Title))
	w.linef("  %s", p.totals(w.ungraded))
	if p.Better+p.Worse+p.Otherwise > 0 {
		w.table(p)
	}
	shown := p.Moves[:min(mostReasons, len(p.Moves))]
	for _, m := range shown {
		w.reason(fmt.Sprintf("%s → %s", m.From, m.To), m.ImpactReason)
	}
	rest := 0
	for _, m := range p.Moves[len(shown):] {
		rest += m.Forms
	}
	if rest > 0 {
		w.pointf("and %s for %d other reasons", countForms(rest), len(p.Moves)-len(shown))
	}
	if p.JudgedAboveBefore != p.JudgedAboveAfter {
		w.linef("  Judged above what the limits leave: %s, before %s.", countForms(p.JudgedAboveAfter), countForms(p.JudgedAboveBefore))
	}
}

func (p PartImpact) totals(ungraded int) string {
	said := []string{"the same " + grouped(p.Same)}
	for _, c := range []struct {
		what  string
		forms int
	}{{"worse", p.Worse}, {"better", p.Better}, {"otherwise moved", p.Otherwise}, {"cannot be graded", ungraded}} {
		if c.forms > 0 {
			said = append(said, c.what+" "+grouped(c.forms))
		}
	}
	return sentenceOf(strings.Join(said, ", "))
}

func (w *impactWriter) reason(move string, r ImpactReason) {
	if move != "" {
		move += ", "
	}
	var first []string
	for _, f := range r.First {
		if f.Case != "" {
			first = append(first, fmt.Sprintf("%s (line %d)", f.Case, f.Line))
		} else {
			first = append(first, fmt.Sprintf("line %d", f.Line))
		}
	}
	such := ""
	if r.Forms > len(r.First) {
		such = ", …"
	}
	w.pointf("%s%s: %s\n      %s%s", move, countForms(r.Forms), singleSpaced(r.Because), strings.Join(first, ", "), such)
}

// table writes the matrix: outcomes before at the left, those after on top.
func (w *impactWriter) table(p PartImpact) {
	const left, column = 22, 13
	heads := [][]string{wrapped("Before ↓   After →", left)}
	for _, after := range p.After {
		heads = append(heads, wrapped(after, column-2))
	}
	w.row(heads, left, column)
	for i, before := range p.Before {
		cells := [][]string{wrapped(before, left)}
		for _, forms := range p.Moved[i] {
			cell := "-"
			if forms > 0 {
				cell = grouped(forms)
			}
			cells = append(cells, []string{cell})
		}
		w.row(cells, left, column)
	}
}

// row writes cells of several lines beside one another; the last lines stand level.
func (w *impactWriter) row(cells [][]string, left, column int) {
	height := 0
	for _, c := range cells {
		height = max(height, len(c))
	}
	for y := range height {
		line := ""
		for x, c := range cells {
			text := ""
			if at := y - (height - len(c)); at >= 0 {
				text = c[at]
			}
			if x == 0 {
				line += "  " + text + strings.Repeat(" ", max(0, left-utf8.RuneCountInString(text)))
			} else {
				line += strings.Repeat(" ", max(1, column-utf8.RuneCountInString(text))) + text
			}
		}
		w.linef("%s", strings.TrimRight(line, " "))
	}
}

// wrapped breaks words into lines of a width.
func wrapped(text string, width int) []string {
	var lines []string
	for _, word := range strings.Fields(text) {
		last := len(lines) - 1
		if last >= 0 && utf8.RuneCountInString(lines[last]+" "+word) <= width {
			lines[last] += " " + word
		} else {
			lines = append(lines, word)
		}
	}
	return lines
}

func countForms(n int) string {
	if n == 1 {
		return "1 form"
	}
	return grouped(n) + " forms"
}

func countLines(n int) string {
	if n == 1 {
		return "1 line is"
	}
	return grouped(n) + " lines are"
}

// grouped is a number with its thousands apart.
func grouped(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
