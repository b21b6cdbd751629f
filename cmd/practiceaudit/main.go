// Practiceaudit is the policy officer's tool: it checks and proves a rubric, runs
// its examples, grades and explains a form, compares two versions and says whom a
// new version would move.
//
//	practiceaudit check FILE                           mistakes, doubts and proofs of a rubric, or of a process policy
//	practiceaudit test FILE                            its examples, and what they do not show yet
//	practiceaudit grade FORM                           what a rubric says of a form
//	practiceaudit explain FORM                         why, and the way to another grade
//	practiceaudit compare OLD NEW                      two versions in plain English
//	practiceaudit impact OLD NEW --forms FILE.jsonl    past forms under a new version
//
// It reads files and writes none. Results go to the standard output, as text or
// with --json, mistakes and progress to the standard error. It ends with
//
//	0  all is well
//	1  there is something to look at: a finding, an example that comes out
//	   otherwise, a run that was stopped or met forms that it could not read
//	2  the command was not understood, or a file is not there
//	3  a file has mistakes
//
// docs/policy-officers.md goes from nothing to a rubric with it.
package main

import (
	"context"
	"io"
	"os"
)

func main() {
	os.Exit(run(context.Background(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// run does what the arguments say and returns how it ended.
func run(ctx context.Context, args []string, in io.Reader, out, errs io.Writer) int {
	t := &tool{in: in, out: out, errs: errs}
	root := t.root()
	root.SetArgs(args)
	root.SetIn(in)
	root.SetOut(out)
	root.SetErr(errs)
	return t.ended(root.ExecuteContext(ctx))
}
