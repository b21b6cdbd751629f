package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/practiceaudit/practiceaudit/rubric"
)

func (t *tool) test() *cobra.Command {
	return t.takesCalendar(&cobra.Command{
		Use:   "test FILE",
		Short: "the rubric's own examples, and what they do not show yet",
		Long: `Runs the examples of a rubric and says which come out as the file expects. Then
it names each condition that no example shows to hold, or not to hold, with
examples that would, ready to be pasted into the file. Read them first: is that
the grade that you want?`,
		Example: `  practiceaudit test our-rubric.yaml
  practiceaudit test our-rubric.yaml --json`,
		Args: takes("FILE"),
		RunE: func(c *cobra.Command, args []string) error {
			cal, err := t.calendar(c)
			if err != nil {
				return err
			}
			r, err := t.rubric(args[0])
			if err != nil {
				return err
			}
			a, err := r.Analyse(cal)
			if err != nil {
				return err
			}
			return t.tested(tested{rubric: r, examples: r.RunExamples(cal), conditions: a.Coverage})
		},
	})
}

// tested is what came of a rubric's examples.
type tested struct {
	rubric     *rubric.Rubric
	examples   []rubric.ExampleOutcome
	conditions []rubric.ConditionCoverage
}

func (t *tool) tested(x tested) error {
	var err error
	if t.json {
		err = t.printJSON(x.json())
	} else {
		_, err = fmt.Fprint(t.out, x.text())
	}
	if err == nil && len(failed(x.examples)) > 0 {
		return errToLookAt
	}
	return err
}

// text is the answer for a reader.
func (x tested) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\n", title(x.rubric))
	if len(x.examples) == 0 {
		b.WriteString("The file has no examples yet.\n")
	}
	for _, o := range x.examples {
		if len(o.Mistakes) == 0 {
			fmt.Fprintf(&b, "  as expected  %s\n", o.Name)
			continue
		}
		fmt.Fprintf(&b, "  OTHERWISE    %s\n%s\n", o.Name, indented(o.Mistakes.Error(), 15))
	}
	if len(x.examples) > 0 {
		fmt.Fprintf(&b, "\nExamples: %s\n", exampleLine(x.examples))
	}
	b.WriteString(x.coverage())
	return b.String()
}

// coverage says which conditions the examples do not show both to hold and not to
// hold, and which examples would.
func (x tested) coverage() string {
	var lacking []rubric.ConditionCoverage
	for _, c := range x.conditions {
		if len(c.Missing) > 0 {
			lacking = append(lacking, c)
		}
	}
	all := len(x.conditions)
	switch {
	case all == 0:
		return "No rule of the file has a condition.\n"
	case len(lacking) == 0:
		return fmt.Sprintf("Conditions: %d. The examples show each to hold and not to hold, as far as it can.\n", all)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "Conditions: %d. The examples show %d of them to hold and not to hold. Still to be shown:\n\n", all, all-len(lacking))
	var missing []string
	for _, c := range lacking {
		fmt.Fprintf(&b, "  %s:%d:%d: %s\n    %s\n", c.Place.File, c.Place.Line, c.Place.Column, c.When, notShown(c))
		for _, m := range c.Missing {
			if !slices.Contains(missing, m) {
				missing = append(missing, m)
			}
		}
	}
	b.WriteString("\nExamples that show it. Read them, and paste those that are right under “examples:”\n\n")
	for _, m := range missing {
		b.WriteString(indented(m, 2) + "\n")
	}
	return b.String()
}

func notShown(c rubric.ConditionCoverage) string {
	switch {
	case c.Holds == "" && c.HoldsNot == "":
		return "no example shows it to hold, none shows it not to hold"
	case c.Holds == "":
		return "no example shows it to hold"
	}
	return "no example shows it not to hold"
}

type exampleJSON struct {
	Name       string    `json:"name"`
	AsExpected bool      `json:"as_expected"`
	Mistakes   []mistake `json:"mistakes"`
}

func examplesJSON(outcomes []rubric.ExampleOutcome) []exampleJSON {
	out := make([]exampleJSON, len(outcomes))
	for i, o := range outcomes {
		out[i] = exampleJSON{o.Name, len(o.Mistakes) == 0, mistakes(o.Mistakes)}
	}
	return out
}

type conditionJSON struct {
	At       string   `json:"at"`
	When     string   `json:"when"`
	Place    place    `json:"place"`
	Holds    string   `json:"holds,omitempty"`     // the name of an example that shows it
	HoldsNot string   `json:"holds_not,omitempty"` // likewise
	Missing  []string `json:"missing"`             // examples in YAML
}

type testedJSON struct {
	Rubric     about           `json:"rubric"`
	Examples   []exampleJSON   `json:"examples"`
	Conditions []conditionJSON `json:"conditions"`
}

// json is the answer for another program.
func (x tested) json() testedJSON {
	out := testedJSON{Rubric: aboutOf(x.rubric), Examples: examplesJSON(x.examples), Conditions: []conditionJSON{}}
	for _, c := range x.conditions {
		out.Conditions = append(out.Conditions, conditionJSON{c.At, c.When, placeOf(c.Place), c.Holds, c.HoldsNot, append([]string{}, c.Missing...)})
	}
	return out
}
