package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"os/signal"

	"github.com/spf13/cobra"

	"github.com/practiceaudit/practiceaudit/rubric"
)

func (t *tool) impact() *cobra.Command {
	var forms string
	c := &cobra.Command{
		Use:   "impact OLD NEW --forms FILE.jsonl",
		Short: "past forms under a new version: who moves, and why",
		Long: `Grades past forms under the version of a rubric that they were filled in for, and
again under a new one, and says which grades move and why. Grades that people gave
are not changed by it.

The file of forms has one on each line, in JSON: the answers by section and line,
or by section and list, and if you like a reference to the case:

  {"case": "A-17", "facts": {"visits": "3"}, "lines": {"referral": {"good_lines": "evidenced"}}}

It is read line by line, however long it is. Ctrl-C stops, and shows what was
counted until then.`,
		Example: `  practiceaudit impact our-rubric-2025.yaml our-rubric-2026.yaml --forms audits.jsonl
  practiceaudit impact halton our-rubric.yaml --forms - --json < audits.jsonl`,
		Args: takes("OLD", "NEW"),
		RunE: func(c *cobra.Command, args []string) error {
			cal, err := t.calendar(c)
			if err != nil {
				return err
			}
			if forms == "" {
				return misused(c, "impact needs the past forms; write --forms and a file of them")
			}
			old, new, err := t.versions(args)
			if err != nil {
				return err
			}
			in, called, err := t.open(forms)
			if err != nil {
				return err
			}
			defer in.Close()
			ctx, stop := signal.NotifyContext(c.Context(), os.Interrupt)
			defer stop()
			context.AfterFunc(ctx, stop) // a second Ctrl-C ends it, though the next line may never come
			report, err := rubric.Impact(ctx, old, new, cal, lines(called, in), rubric.ImpactOptions{Progress: t.progress()})
			return t.moved(report, err)
		},
	}
	c.Flags().StringVar(&forms, "forms", "", "the `FILE` of past forms, one on each line; - for the standard input")
	return t.takesCalendar(c)
}

// moved tells what became of the forms. Of a run that was stopped, or whose file
// could not be read to its end, it tells what was counted.
func (t *tool) moved(report *rubric.ImpactReport, err error) error {
	if report == nil {
		return err
	}
	stopped := errors.Is(err, context.Canceled)
	if err != nil && !stopped {
		fmt.Fprintf(t.errs, "practiceaudit: %v; what follows was counted until then\n", err)
	}
	if stopped {
		fmt.Fprintln(t.errs, "practiceaudit: stopped; what follows was counted until then")
	}
	var printed error
	if t.json {
		printed = t.printJSON(report)
	} else {
		_, printed = fmt.Fprint(t.out, report.Text())
	}
	none := report.Forms == 0 && report.Unread == 0
	if none {
		fmt.Fprintln(t.errs, "practiceaudit: the file holds no forms")
	}
	switch {
	case printed != nil:
		return printed
	case err != nil || report.Unread > 0 || none:
		return errToLookAt
	}
	return nil
}

// lines are those of a file, each good until the next is asked for. Of one that is
// longer than a form may be, as much is given as shows that it is.
func lines(called string, in io.Reader) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		r := bufio.NewReaderSize(in, 1<<16)
		var long []byte // of a line that the reader does not hold at once
		keep := func(piece []byte) {
			long = append(long, piece[:min(len(piece), rubric.MaxStoredForm+1-len(long))]...)
		}
		for {
			line, err := r.ReadSlice('\n')
			if long = long[:0]; err == bufio.ErrBufferFull {
				for ; err == bufio.ErrBufferFull; line, err = r.ReadSlice('\n') {
					keep(line)
				}
				keep(bytes.TrimSuffix(line, []byte("\n")))
				line = long
			}
			if err != nil && err != io.EOF {
				yield(nil, unread(called, err))
				return
			}
			if !yield(bytes.TrimSuffix(line, []byte("\n")), nil) || err == io.EOF {
				return
			}
		}
	}
}

// progress shows how many forms are done, where a person watches.
func (t *tool) progress() func(int) {
	f, ok := t.errs.(*os.File)
	if !ok {
		return nil
	}
	if info, err := f.Stat(); err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return nil
	}
	return func(done int) { fmt.Fprintf(f, "\r%s  \r", count(done, "form")) }
}
