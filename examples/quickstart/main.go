// Quickstart carries one child's file round the whole loop: it is chosen,
// audited, moderated, its actions are done and confirmed, and it is looked at
// again. Everything that varies lies in files beside it; copy them, change
// them, and run it on them:
//
//	go run ./examples/quickstart
//	go run ./examples/quickstart -form my/audit.yaml -caseload my/caseload.csv -db my.db
//
// What the files say is first rehearsed in memory, on a copy of what the
// database holds. It exits with 0, with 2 if an input has a mistake (every one is
// listed, and nothing is stored or sent), and with 1 if something else went wrong.
package main

import (
	"context"
	"embed"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/practiceaudit/practiceaudit/calendar"
)

// shipped are the files that lie beside this program.
//
//go:embed caseload.csv people.yaml late-allocation good
var shipped embed.FS

func main() { os.Exit(run(context.Background(), os.Args[1:], os.Stdout, os.Stderr)) }

// Exit codes.
const (
	exitOK      = 0
	exitFailed  = 1
	exitMistake = 2
)

// options are the flags.
type options struct {
	form, caseload, people, rubric, policy, db string
	today                                      calendar.Date
	json                                       bool
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	o, err := parseFlags(args, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return exitOK
	}
	if err != nil {
		return exitMistake
	}
	in, db, err := prepare(ctx, o)
	if err == nil {
		err = db.create(ctx)
	}
	if err != nil {
		fmt.Fprintln(stderr, errors.Join(err, db.close()))
		fmt.Fprintln(stderr, "\nNothing was stored.")
		return exitMistake
	}
	p := newPage(stdout, o.json)
	if err := errors.Join(in.tell(ctx, db.store, p), db.close()); err != nil {
		fmt.Fprintln(stderr, err)
		fmt.Fprintln(stderr, "\nWhat was stored by then stays. Run it again to go on from there.")
		return exitFailed
	}
	return exitOK
}

func parseFlags(args []string, stderr io.Writer) (options, error) {
	var o options
	flags := flag.NewFlagSet("quickstart", flag.ContinueOnError)
	flags.SetOutput(stderr)
	file := func(to *string, name, usage string) {
		flags.Func(name, usage, once(func(s string) error {
			if *to = s; s == "" {
				return errors.New("name a file, or leave the flag out")
			}
			return nil
		}))
	}
	file(&o.form, "form", "audit `form`, finished or a draft; moderation.yaml, updates.yaml, re-audit.yaml and re-audit-moderation.yaml are read beside it, where they are there (default the shipped late-allocation/audit.yaml)")
	file(&o.caseload, "caseload", "caseload export, `CSV` (default the shipped caseload.csv)")
	file(&o.people, "people", "who holds which role, `YAML` (default the shipped people.yaml)")
	file(&o.rubric, "rubric", "rubric `file` to grade by (default Halton's)")
	file(&o.policy, "policy", "process policy `file`: clocks, roles, notices (default Halton's)")
	file(&o.db, "db", "database `file`, kept between runs and made if it is not there (default a temporary one)")
	flags.BoolVar(&o.json, "json", false, "write JSON for machines")
	flags.Func("today", "the only clock: what is dated later has not happened yet, `YYYY-MM-DD` (default the last date in the files)", once(func(s string) (err error) {
		o.today, err = calendar.ParseDate(s)
		return err
	}))
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	if flags.NArg() > 0 {
		err := fmt.Errorf("unexpected %q: every input has a flag", flags.Arg(0))
		fmt.Fprintln(stderr, err)
		return o, err
	}
	return o, nil
}

// once refuses a flag that is given twice, of which only one could count.
func once(set func(string) error) func(string) error {
	given := false
	return func(s string) error {
		if given {
			return errors.New("this flag is given twice")
		}
		given = true
		return set(s)
	}
}
