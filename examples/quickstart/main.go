// Quickstart carries one child's file round the whole loop: it is chosen,
// audited, moderated, its actions are done and confirmed, and it is looked at
// again. Everything that varies lies in files beside it; copy them, change
// them, and run it on them:
//
//	go run ./examples/quickstart
//	go run ./examples/quickstart -form my/audit.yaml -caseload my/caseload.csv -db my.db
//
// It exits with 0, with 2 if an input has a mistake (every one is listed, and
// nothing is stored), and with 1 if something else went wrong.
package main

import (
	"context"
	"embed"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/loop"
	"github.com/practiceaudit/practiceaudit/loop/sqlstore/sqlite"
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
	form, caseload, people, db string
	today                      calendar.Date
	json                       bool
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	o, err := parseFlags(args, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return exitOK
	}
	if err != nil {
		return exitMistake
	}
	in, err := readInputs(o)
	if err == nil {
		err = in.rehearse(ctx)
	}
	if err != nil {
		fmt.Fprintln(stderr, err)
		fmt.Fprintln(stderr, "\nNothing was stored.")
		return exitMistake
	}
	store, closeStore, err := openStore(ctx, o.db)
	if err != nil {
		fmt.Fprintln(stderr, err)
		return exitMistake
	}
	p := newPage(stdout, o.json)
	err = errors.Join(in.tell(ctx, store, p), closeStore())
	if err != nil {
		fmt.Fprintln(stderr, err)
		return exitFailed
	}
	return exitOK
}

func parseFlags(args []string, stderr io.Writer) (options, error) {
	var o options
	flags := flag.NewFlagSet("quickstart", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&o.form, "form", "", "completed audit `form`; moderation.yaml, updates.yaml, re-audit.yaml and re-audit-moderation.yaml are read beside it, where they are there (default the shipped late-allocation/audit.yaml)")
	flags.StringVar(&o.caseload, "caseload", "", "caseload export, `CSV` (default the shipped caseload.csv)")
	flags.StringVar(&o.people, "people", "", "who holds which role, `YAML` (default the shipped people.yaml)")
	flags.StringVar(&o.db, "db", "", "database `file`, kept between runs (default a temporary one)")
	flags.BoolVar(&o.json, "json", false, "write JSON for machines")
	flags.Func("today", "the only clock: what is dated later has not happened yet, `YYYY-MM-DD` (default the last date in the files)", func(s string) (err error) {
		o.today, err = calendar.ParseDate(s)
		return err
	})
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

// openStore opens the database; a temporary one is removed when it is closed.
func openStore(ctx context.Context, path string) (loop.Store, func() error, error) {
	remove := func() error { return nil }
	if path == "" {
		dir, err := os.MkdirTemp("", "practiceaudit-quickstart-")
		if err != nil {
			return nil, nil, err
		}
		path = filepath.Join(dir, "quickstart.db")
		remove = func() error { return os.RemoveAll(dir) }
	}
	store, err := sqlite.Open(ctx, path, nil)
	if err != nil {
		return nil, nil, errors.Join(err, remove())
	}
	return store, func() error { return errors.Join(store.Close(), remove()) }, nil
}
