package main

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/practiceaudit/practiceaudit/rubric"
)

// tool is one run of the command.
type tool struct {
	in        io.Reader
	out, errs io.Writer
	json      bool
	nation    string
	readIn    bool // the standard input has been read
}

// How a run ends.
const (
	allIsWell = iota
	somethingToLookAt
	notUnderstood
	mistakesInAFile
)

const exitCodes = `It ends with
  0  all is well
  1  something to look at: a finding, an example that comes out otherwise,
     a run that was stopped or met forms that it could not read
  2  the command was not understood, or a file is not there
  3  a file has mistakes
`

// errToLookAt ends a run that has said what there is to look at.
var errToLookAt = errors.New("there is something to look at")

// wrongUse is a command that was not understood.
type wrongUse struct {
	command string // whose help says what would be right
	problem string
}

func (w *wrongUse) Error() string { return w.problem }

func misused(c *cobra.Command, format string, args ...any) error {
	return &wrongUse{c.CommandPath(), fmt.Sprintf(format, args...)}
}

// ended says what a run came to, and returns the exit code for it.
func (t *tool) ended(err error) int {
	var ms rubric.Mistakes
	var misuse *wrongUse
	switch {
	case err == nil:
		return allIsWell
	case errors.Is(err, errToLookAt):
		return somethingToLookAt
	case errors.As(err, &ms):
		if t.json {
			err = t.printJSON(struct {
				Mistakes []mistake `json:"mistakes"`
			}{mistakes(ms)})
		} else {
			_, err = fmt.Fprintln(t.errs, ms)
		}
		if err == nil {
			return mistakesInAFile
		}
	case errors.As(err, &misuse):
		fmt.Fprintf(t.errs, "practiceaudit: %s\nFor help: %s --help\n", misuse.problem, misuse.command)
		return notUnderstood
	}
	fmt.Fprintf(t.errs, "practiceaudit: %v\n", err)
	return notUnderstood
}

const helpTemplate = `{{.Long}}

Use:
  {{.UseLine}}
{{if .HasAvailableSubCommands}}
Commands:
{{range .Commands}}{{if .IsAvailableCommand}}  {{rpad .Name 9}}{{.Short}}
{{end}}{{end}}{{end}}
Examples:
{{.Example}}

Options:
{{.LocalFlags.FlagUsages}}
` + exitCodes

func (t *tool) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "practiceaudit COMMAND",
		Short: "A policy officer's tool for rubrics",
		Long: `A policy officer's tool for rubrics: the files by which practice audits are
graded. It reads files and writes none. A FILE is a rubric in YAML, "halton" for
Halton's own, or "-" for the standard input.`,
		Example: `  practiceaudit check our-rubric.yaml
  practiceaudit explain form.yaml --to good
  practiceaudit check --help`,
		SilenceErrors:         true,
		SilenceUsage:          true,
		DisableFlagsInUseLine: true,
		CompletionOptions:     cobra.CompletionOptions{HiddenDefaultCmd: true},
		Args:                  noSuchCommand,
		RunE:                  func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	root.SuggestionsMinimumDistance = 2
	root.SetHelpTemplate(helpTemplate)
	root.SetUsageTemplate(helpTemplate)
	root.SetFlagErrorFunc(wrongOption)
	cobra.EnableCommandSorting = false // they stand in the order in which they are met
	root.AddCommand(t.check(), t.test(), t.grade(), t.explain(), t.compare(), t.impact())
	for _, c := range root.Commands() {
		c.DisableFlagsInUseLine = true
		c.Flags().BoolVar(&t.json, "json", false, "the answer as JSON, for another program")
	}
	return root
}

// noSuchCommand refuses a first word that is no command.
func noSuchCommand(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	if near := c.SuggestionsFor(args[0]); len(near) > 0 {
		return misused(c, "there is no command %q; did you mean %q?", args[0], near[0])
	}
	var names []string
	for _, sub := range c.Commands() {
		if sub.IsAvailableCommand() {
			names = append(names, sub.Name())
		}
	}
	return misused(c, "there is no command %q; there is %s", args[0], strings.Join(names, ", "))
}

// takes refuses another number of files than those that are named.
func takes(names ...string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if len(args) == len(names) {
			return nil
		}
		return misused(c, "%s takes %s, and got %s; write %s", c.Name(), count(len(names), "file"), count(len(args), "file"), c.UseLine())
	}
}

// wrongOption says in plain words what is wrong with an option.
func wrongOption(c *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	var bare *pflag.ValueRequiredError
	var value *pflag.InvalidValueError
	switch {
	case errors.As(err, &unknown):
		var names []string
		c.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, "--"+f.Name) })
		dashes := "--"
		if unknown.GetSpecifiedShortnames() != "" {
			dashes = "-"
		}
		return misused(c, "there is no option %s%s; there is %s", dashes, unknown.GetSpecifiedName(), strings.Join(names, ", "))
	case errors.As(err, &bare):
		return misused(c, "the option --%s needs a value after it", bare.GetSpecifiedName())
	case errors.As(err, &value):
		return misused(c, "the option --%s cannot be %q", value.GetFlag().Name, value.GetValue())
	}
	return misused(c, "%s", err)
}
