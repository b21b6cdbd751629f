package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/practiceaudit/practiceaudit/rubric"
)

func (t *tool) explain() *cobra.Command {
	var to, section string
	c := &cobra.Command{
		Use:   "explain FORM",
		Short: "why a form comes to its grades, and the way to another",
		Long: `Explains the grades of a form: which rule applied, which lines decided it, what
limits the grade and why it is not a better one. With --to it also says the fewest
changes after which the rubric would suggest that grade.

` + formHelp,
		Example: `  practiceaudit explain form.yaml
  practiceaudit explain form.yaml --to good
  practiceaudit explain form.yaml --to good --section referral`,
		Args: takes("FORM"),
		RunE: func(c *cobra.Command, args []string) error {
			cal, err := t.calendar(c)
			if err != nil {
				return err
			}
			if section != "" && to == "" {
				return misused(c, "--section says whose grade --to is about; write --to too")
			}
			f, r, err := t.form(args[0], cal)
			if err != nil {
				return err
			}
			res := f.Grade()
			x := explained{rubric: r, Explanation: res.Explain()}
			if to != "" {
				if err := known(c, r, to, section); err != nil {
					return err
				}
				if !res.Complete() {
					return misused(c, "the way to a grade begins at a form without open answers; “practiceaudit grade %s” shows those of this one", args[0])
				}
				route, err := f.RouteTo(section, rubric.Grade(to))
				if err != nil {
					return err
				}
				x.Route = &routeJSON{section, route.Grade, route.Reached, changesOf(route.Changes), changesOf(route.Blocked)}
			}
			return t.explained(x)
		},
	}
	c.Flags().StringVar(&to, "to", "", "also the way to this `GRADE`, by its name in the rubric")
	c.Flags().StringVar(&section, "section", "", "the way of this `SECTION`, by its name in the rubric, and not of the file")
	return t.takesCalendar(c)
}

// known refuses a grade or section that the rubric does not have.
func known(c *cobra.Command, r *rubric.Rubric, grade, section string) error {
	if !slices.Contains(r.Grades(), rubric.Grade(grade)) {
		return misused(c, "%s has no grade %q; it has %s", r.Title(), grade, strings.Trim(fmt.Sprint(r.Grades()), "[]"))
	}
	if _, ok := r.Section(section); section != "" && !ok {
		var ids []string
		for _, s := range r.Sections() {
			ids = append(ids, s.ID)
		}
		return misused(c, "%s has no section %q; it has %s", r.Title(), section, strings.Join(ids, ", "))
	}
	return nil
}

// explained is an explanation and, where it was asked for, a route.
type explained struct {
	rubric      *rubric.Rubric
	Explanation rubric.Explanation `json:"explanation"`
	Route       *routeJSON         `json:"route,omitempty"`
}

type routeJSON struct {
	Section string       `json:"section,omitempty"` // "" for the file
	Grade   rubric.Grade `json:"grade"`
	Reached bool         `json:"reached"`
	Changes []changeJSON `json:"changes"`
	Blocked []changeJSON `json:"blocked"` // what is in the way and cannot be changed
}

type changeJSON struct {
	Section string `json:"section,omitempty"`
	Line    string `json:"line,omitempty"`
	Fact    string `json:"fact,omitempty"`
	Text    string `json:"text"`
	From    string `json:"from,omitempty"`
	To      string `json:"to,omitempty"`
}

func changesOf(changes []rubric.Change) []changeJSON {
	out := make([]changeJSON, len(changes))
	for i, c := range changes {
		out[i] = changeJSON(c)
	}
	return out
}

func (t *tool) explained(x explained) error {
	if t.json {
		return t.printJSON(x)
	}
	text := x.Explanation.Text()
	if x.Route != nil {
		text += "\n" + x.way()
	}
	_, err := fmt.Fprint(t.out, text)
	return err
}

// way says the route in words.
func (x explained) way() string {
	r, route := x.rubric, x.Route
	grade, of := r.GradeTitle(route.Grade), "the file as a whole"
	if s, ok := r.Section(route.Section); ok {
		of = s.Title
	}
	switch {
	case route.Reached && len(route.Changes) == 0:
		return fmt.Sprintf("The way to %s for %s: it is suggested already.\n", grade, of)
	case route.Reached:
		return fmt.Sprintf("The way to %s for %s, with the fewest changes:\n%sThis explains the rubric. What to do is for people to say.\n", grade, of, x.list(route.Changes))
	case len(route.Blocked) > 0:
		return fmt.Sprintf("There is no way to %s for %s. In the way, and not to be changed now:\n%s", grade, of, x.list(route.Blocked))
	}
	return fmt.Sprintf("There is no way to %s for %s: the rubric suggests it for no form.\n", grade, of)
}

func (x explained) list(changes []changeJSON) string {
	var b strings.Builder
	for _, c := range changes {
		fmt.Fprintf(&b, "  - “%s”", c.Text)
		if s, ok := x.rubric.Section(c.Section); ok {
			fmt.Fprintf(&b, " (%s)", s.Title)
		}
		from := words(c.From)
		if from == "" {
			from = "not answered"
		}
		fmt.Fprintf(&b, ": %s", from)
		if c.To != "" {
			fmt.Fprintf(&b, " → %s", words(c.To))
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// words is an answer as a person says it.
func words(answer string) string { return strings.ReplaceAll(answer, "_", " ") }
