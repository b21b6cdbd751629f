package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/loop"
	"github.com/practiceaudit/practiceaudit/rubric"
)

func (t *tool) check() *cobra.Command {
	var today string
	c := &cobra.Command{
		Use:   "check FILE",
		Short: "mistakes, doubts and proofs of a rubric, or of a process policy",
		Long: `Reads a rubric and says everything that is wrong in it, each mistake with its
place and what to write instead. If nothing is, it runs the file's examples and
visits every form that there can be: the rules that can never apply, the grades
that nobody can reach, and how far a missed bottom line holds a file back.

Of a process policy it says the mistakes too, and what can hardly be meant: a cycle
that does not fit its month, a command that nobody can give, a ladder that leads
nowhere. Halton's own is "halton-process".`,
		Example: `  practiceaudit check our-rubric.yaml
  practiceaudit check halton
  practiceaudit check our-process.yaml
  practiceaudit check our-rubric.yaml --today 2026-09-01 --json`,
		Args: takes("FILE"),
		RunE: func(c *cobra.Command, args []string) error {
			cal, err := t.calendar(c)
			if err != nil {
				return err
			}
			day := calendar.DateOf(time.Now())
			if today != "" {
				if day, err = calendar.ParseDate(today); err != nil {
					return misused(c, "--today: %v", err)
				}
			}
			called, src, err := t.file(args[0])
			if err != nil {
				return err
			}
			if loop.IsPolicy(src) {
				return t.checkPolicy(called, src, cal, day)
			}
			r, err := rubric.Parse(called, src)
			if err != nil {
				return err
			}
			a, err := r.Analyse(cal)
			if err != nil {
				return err
			}
			return t.checked(checked{name: args[0], rubric: r, warnings: r.Warnings(day), examples: r.RunExamples(cal), analysis: a})
		},
	}
	c.Flags().StringVar(&today, "today", "", "the `DAY` to check for, such as 2026-09-01, if it is not today's")
	return t.takesCalendar(c)
}

// checked is what there is to say about a rubric without mistakes.
type checked struct {
	name     string // as the person wrote it
	rubric   *rubric.Rubric
	warnings []string
	examples []rubric.ExampleOutcome
	analysis *rubric.Analysis
}

func (x checked) failed() []rubric.ExampleOutcome { return failed(x.examples) }

// failed are the examples that come out otherwise than the file expects.
func failed(examples []rubric.ExampleOutcome) []rubric.ExampleOutcome {
	return slices.DeleteFunc(slices.Clone(examples), func(o rubric.ExampleOutcome) bool { return len(o.Mistakes) == 0 })
}

// toLookAt counts what keeps the file from being as it should be.
func (x checked) toLookAt() int {
	return len(x.failed()) + len(x.analysis.Unexplained()) + len(x.analysis.Stale)
}

func (t *tool) checked(x checked) error {
	var err error
	if t.json {
		err = t.printJSON(x.json())
	} else {
		_, err = fmt.Fprint(t.out, x.text())
	}
	if err == nil && x.toLookAt() > 0 {
		return errToLookAt
	}
	return err
}

// text is the answer for a reader.
func (x checked) text() string {
	var b strings.Builder
	r, a := x.rubric, x.analysis
	fmt.Fprintf(&b, "%s\n%s\n\n", title(r), size(r))
	for _, w := range x.warnings {
		fmt.Fprintf(&b, "Take note: %s\n", sentence(w))
	}
	fmt.Fprintf(&b, "Examples: %s\n", x.exampleLine())
	fmt.Fprintf(&b, "Proved: every form that there can be was visited: %s of them.\n", readable(a.Forms))
	fmt.Fprintf(&b, "Bottom lines: %s\n", guarantee(r, a.MostWithMissed))

	findings := a.Unexplained()
	for _, f := range findings {
		fmt.Fprintf(&b, "\n%s\n", found(f))
	}
	for _, m := range a.Stale {
		fmt.Fprintf(&b, "\n%s\n", m)
	}
	fmt.Fprintf(&b, "\n%s\n", conclusion(x.toLookAt(), len(a.Findings)-len(findings)))
	return b.String()
}

func title(r *rubric.Rubric) string {
	return fmt.Sprintf("%s, version %s", r.Title(), r.Ref().Version)
}

// size says how large a rubric is.
func size(r *rubric.Rubric) string {
	lines := 0
	for _, s := range r.Sections() {
		lines += len(s.Lines)
	}
	return fmt.Sprintf("%s, %s, %s, %s", count(len(r.Grades()), "grade"), count(len(r.Sections()), "section"), count(lines, "line"), count(len(r.Facts()), "fact"))
}

func (x checked) exampleLine() string {
	switch {
	case len(x.examples) == 0:
		return fmt.Sprintf("none. They show what a change changes; “practiceaudit test %s” has ready ones.", x.name)
	case len(x.failed()) > 0:
		return fmt.Sprintf("%s “practiceaudit test %s” shows which.", exampleLine(x.examples), x.name)
	}
	return exampleLine(x.examples)
}

// exampleLine says how many examples come out as the file expects.
func exampleLine(examples []rubric.ExampleOutcome) string {
	switch all, failed := len(examples), len(failed(examples)); {
	case failed == 0 && all == 1:
		return "the one that the file has comes out as it expects."
	case failed == 0:
		return fmt.Sprintf("all %d come out as the file expects.", all)
	case failed == 1:
		return fmt.Sprintf("1 of %d comes out otherwise than the file expects.", all)
	default:
		return fmt.Sprintf("%d of %d come out otherwise than the file expects.", failed, all)
	}
}

// guarantee says how far a missed bottom line holds a file back.
func guarantee(r *rubric.Rubric, most rubric.Grade) string {
	switch most {
	case "":
		return "no form has a missed bottom line."
	case r.Best():
		return fmt.Sprintf("nothing holds back a file with a missed bottom line: it can still get %s.", r.GradeTitle(most))
	}
	return fmt.Sprintf("no file with a missed bottom line gets above %s, whatever is suggested and whoever judges.", r.GradeTitle(most))
}

// quotedAt is the place of a finding as YAML reads it inside { }.
func quotedAt(at string) string {
	if !strings.ContainsAny(at, ":,\"'(){}[]<>=") {
		return at
	}
	return "'" + strings.ReplaceAll(at, "'", "''") + "'"
}

// found is a finding in its place, with the smallest form that shows it.
func found(f rubric.Finding) string {
	text := f.Place.Error()
	if f.Shown != "" {
		text += "\n  A smallest form that shows it:\n" + indented(f.Shown, 4)
	}
	if more := differences(f.Form, f.Then); len(more) > 0 {
		text += "\n  The same form with this changed has the lower grade:\n" + indented(strings.Join(more, "\n"), 4)
	}
	return text + meantToBe(string(f.Kind), f.At)
}

// meantToBe says how a file explains a finding.
func meantToBe(kind, at string) string {
	return fmt.Sprintf("\n  If it is meant to be so, say why in the file, under “accepted:”\n    - { finding: %s, at: %s, because: … }", kind, quotedAt(at))
}

// differences are the answers that one form has otherwise than another.
func differences(from, to *rubric.Answers) (changed []string) {
	if from == nil || to == nil {
		return nil
	}
	for _, fact := range slices.Sorted(maps.Keys(to.Facts)) {
		if was, is := from.Facts[fact], to.Facts[fact]; was != is {
			changed = append(changed, fmt.Sprintf("%s: %s instead of %s", fact, is, was))
		}
	}
	for _, section := range slices.Sorted(maps.Keys(to.Lines)) {
		for _, line := range slices.Sorted(maps.Keys(to.Lines[section])) {
			if was, is := from.Lines[section][line], to.Lines[section][line]; was != is {
				changed = append(changed, fmt.Sprintf("%s.%s: %s instead of %s", section, line, is, was))
			}
		}
	}
	return changed
}

// conclusion is the last line: is there anything to do?
func conclusion(toLookAt, explained int) string {
	said := ""
	switch explained {
	case 0:
	case 1:
		said = " 1 finding is explained in the file."
	default:
		said = fmt.Sprintf(" %d findings are explained in the file.", explained)
	}
	switch toLookAt {
	case 0:
		return "Nothing to look at." + said
	case 1:
		return "1 thing to look at." + said
	default:
		return fmt.Sprintf("%d things to look at.%s", toLookAt, said)
	}
}

type checkedJSON struct {
	Rubric         about         `json:"rubric"`
	Warnings       []string      `json:"warnings"`
	Examples       int           `json:"examples"`
	Failed         []exampleJSON `json:"failed"`
	Forms          string        `json:"forms"` // exact
	MostWithMissed rubric.Grade  `json:"most_with_missed_bottom_line"`
	Findings       []findingJSON `json:"findings"`
	Stale          []mistake     `json:"stale"` // explanations that explain nothing any more
	ToLookAt       int           `json:"to_look_at"`
}

type findingJSON struct {
	Kind     rubric.FindingKind `json:"kind"`
	At       string             `json:"at"`
	Text     string             `json:"text"`
	Place    place              `json:"place"`
	Form     *rubric.Answers    `json:"form,omitempty"`
	Then     *rubric.Answers    `json:"then,omitempty"`
	Accepted string             `json:"accepted,omitempty"`
}

// json is the answer for another program.
func (x checked) json() checkedJSON {
	a := x.analysis
	out := checkedJSON{
		Rubric: aboutOf(x.rubric), Warnings: append([]string{}, x.warnings...), Examples: len(x.examples), Failed: examplesJSON(x.failed()),
		Forms: a.Forms.String(), MostWithMissed: a.MostWithMissed, Findings: []findingJSON{}, Stale: mistakes(a.Stale), ToLookAt: x.toLookAt(),
	}
	for _, f := range a.Findings {
		out.Findings = append(out.Findings, findingJSON{f.Kind, f.At, f.Text, placeOf(f.Place), f.Form, f.Then, f.Accepted})
	}
	return out
}
