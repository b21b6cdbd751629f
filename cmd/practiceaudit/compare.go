package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/practiceaudit/practiceaudit/rubric"
)

func (t *tool) compare() *cobra.Command {
	return &cobra.Command{
		Use:   "compare OLD NEW",
		Short: "two versions of a rubric in plain English",
		Long: `Says what a new version of a rubric changes from an old one: first what can move
a grade, then what cannot. A line that was given another name is recognised if the
new version says under "was" which name it had.`,
		Example: `  practiceaudit compare our-rubric-2025.yaml our-rubric-2026.yaml
  practiceaudit compare halton our-rubric.yaml --json`,
		Args: takes("OLD", "NEW"),
		RunE: func(_ *cobra.Command, args []string) error {
			old, new, err := t.versions(args)
			if err != nil {
				return err
			}
			c, err := rubric.Compare(old, new)
			if err != nil {
				return err
			}
			if t.json {
				return t.printJSON(c)
			}
			_, err = fmt.Fprint(t.out, c.Text())
			return err
		},
	}
}

// versions reads two versions of a rubric; the mistakes of both are told at once.
func (t *tool) versions(names []string) (old, new *rubric.Rubric, err error) {
	old, err = t.rubric(names[0])
	mistakes, wrong := err.(rubric.Mistakes)
	if err != nil && !wrong {
		return nil, nil, err
	}
	new, err = t.rubric(names[1])
	theirs, wrong := err.(rubric.Mistakes)
	if err != nil && !wrong {
		return nil, nil, err
	}
	if mistakes = append(mistakes, theirs...); len(mistakes) > 0 {
		return nil, nil, mistakes
	}
	return old, new, nil
}
