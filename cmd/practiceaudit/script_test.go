package main

import (
	"errors"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/practiceaudit/practiceaudit/rubric/halton"
)

var update = flag.Bool("update", false, "write what the commands say now into the scripts and the page, to be read before they are committed")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"practiceaudit": main})
}

// Each file of testdata is a story: what a policy officer types, what the command
// answers and how it ends. "ends 3 practiceaudit …" runs a command that ends with 3;
// "halton FILE 'OLD => NEW' …" writes Halton's process policy with changes.
func TestScripts(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	if len(files) < 8 {
		t.Fatalf("only %d scripts are there", len(files))
	}
	testscript.Run(t, testscript.Params{
		Files:               files,
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		Cmds:                map[string]func(*testscript.TestScript, bool, []string){"ends": ends, "halton": edited},
	})
}

// ends runs a command and holds it to its exit code.
func ends(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: ends CODE COMMAND …")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	var exit *exec.ExitError
	if err := ts.Exec(args[1], args[2:]...); errors.As(err, &exit) {
		got = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("it ended with %d, not %d", got, want)
	}
}

// edited writes Halton's process policy with the first match of each regular
// expression replaced.
func edited(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: halton FILE 'OLD => NEW' …")
	}
	policy := halton.ProcessPolicy()
	for _, change := range args[1:] {
		old, new, _ := strings.Cut(change, " => ")
		at := regexp.MustCompile(old).FindIndex(policy)
		if at == nil {
			ts.Fatalf("Halton's policy has no %s", old)
		}
		policy = slices.Concat(policy[:at[0]], []byte(new), policy[at[1]:])
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), policy, 0o600))
}
