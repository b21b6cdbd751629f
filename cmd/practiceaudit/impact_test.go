package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/practiceaudit/practiceaudit/rubric"
)

// allLines collects what lines gives, cut where it may be cut.
func allLines(in io.Reader) (got []string, err error) {
	for line, e := range lines("forms.jsonl", in) {
		if e != nil {
			return got, e
		}
		got = append(got, string(line))
	}
	return got, nil
}

func TestLinesOfAnyLengthAreThoseOfTheText(t *testing.T) {
	draw := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		var want []string
		for range draw.IntN(6) {
			length := []int{0, 1, 100, 1<<16 - 1, 1 << 16, 1<<16 + 1, 1 << 18, rubric.MaxStoredForm, rubric.MaxStoredForm + 1}[draw.IntN(9)]
			want = append(want, strings.Repeat("x", length))
		}
		text := strings.Join(want, "\n")
		got, err := allLines(iotest.HalfReader(strings.NewReader(text)))
		if err != nil {
			t.Fatal(err)
		}
		if len(want) == 0 {
			want = []string{""}
		}
		if !slices.Equal(got, want) {
			t.Fatalf("%d lines of a text of %d bytes, not %d", len(got), len(text), len(want))
		}
	}
}

func TestALineThatIsTooLongIsCutAndTheNextIsWhole(t *testing.T) {
	got, err := allLines(strings.NewReader(strings.Repeat("x", 3*rubric.MaxStoredForm) + "\n{}\n"))
	if err != nil || len(got) != 3 || len(got[0]) != rubric.MaxStoredForm+1 || got[1] != "{}" {
		t.Errorf("%d lines, %v", len(got), err)
	}
}

func TestAFileThatBreaksOffSaysSo(t *testing.T) {
	got, err := allLines(io.MultiReader(strings.NewReader("{}\n{"), iotest.ErrReader(errors.New("the disk is gone"))))
	if len(got) != 1 || err == nil || err.Error() != "the file forms.jsonl cannot be read: the disk is gone" {
		t.Errorf("%q, %v", got, err)
	}
}

// endless gives forms without end, and stops the run after some.
type endless struct {
	left int
	stop func()
}

func (e *endless) Read(p []byte) (int, error) {
	if e.left--; e.left == 0 {
		e.stop()
	}
	return copy(p, "{}\n"), nil
}

func TestARunThatIsStoppedShowsWhatWasCounted(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var out, errs bytes.Buffer
	code := run(ctx, []string{"impact", "halton", "halton", "--forms", "-"}, &endless{100_000, stop}, &out, &errs)
	if code != somethingToLookAt {
		t.Errorf("it ended with %d", code)
	}
	if !strings.Contains(errs.String(), "stopped; what follows was counted until then") || !strings.Contains(out.String(), "read.") {
		t.Errorf("it said\n%s%s", &errs, &out)
	}
}

// Progress is for a person who watches, not for a file.
func TestProgressIsShownAtATerminalOnly(t *testing.T) {
	f, err := os.Create(t.TempDir() + "/errors.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, errs := range []io.Writer{f, &bytes.Buffer{}} {
		if (&tool{errs: errs}).progress() != nil {
			t.Errorf("it would be written to %T", errs)
		}
	}
}
