package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/rubric"
	"github.com/practiceaudit/practiceaudit/rubric/halton"
)

// builtIn is the name of the rubric that needs no file, and builtInProcess that of
// the process policy.
const builtIn, builtInProcess = "halton", "halton-process"

// standardInput is what stands for the standard input, and what it is called.
const standardInput, standardInputName = "-", "standard input"

// read reads a file that a person named, and says what messages call it.
func (t *tool) read(name string) (called string, src []byte, err error) {
	in, called, err := t.open(name)
	if err != nil {
		return "", nil, err
	}
	defer in.Close()
	src, err = io.ReadAll(io.LimitReader(in, rubric.MaxSource+1))
	if err != nil {
		return "", nil, unread(called, err)
	}
	if len(src) > rubric.MaxSource {
		return "", nil, rubric.Mistakes{{File: called, Message: fmt.Sprintf("the file is too long: at most %s bytes are read", grouped(fmt.Sprint(rubric.MaxSource)))}}
	}
	return called, src, nil
}

// open opens a file that a person named. The standard input is read once only.
func (t *tool) open(name string) (in io.ReadCloser, called string, err error) {
	if name == standardInput {
		if t.readIn {
			return nil, "", errors.New("- stands for the standard input, which can be read for one file only")
		}
		t.readIn = true
		return io.NopCloser(t.in), standardInputName, nil
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, "", unread(name, err)
	}
	if is, err := f.Stat(); err == nil && is.IsDir() {
		f.Close()
		return nil, "", fmt.Errorf("%s is a folder, not a file", name)
	}
	return f, name, nil
}

// unread says in plain words why a file cannot be read.
func unread(name string, err error) error {
	var path *fs.PathError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("there is no file %s", name)
	case errors.As(err, &path):
		return fmt.Errorf("the file %s cannot be read: %v", name, path.Err)
	}
	return fmt.Errorf("the file %s cannot be read: %v", name, err)
}

// file reads a rubric or a process policy that a person named.
func (t *tool) file(name string) (called string, src []byte, err error) {
	switch name {
	case builtIn:
		return halton.DeepDiveFile, halton.DeepDive(), nil
	case builtInProcess:
		return halton.ProcessPolicyFile, halton.ProcessPolicy(), nil
	}
	return t.read(name)
}

// rubric reads a rubric that a person named.
func (t *tool) rubric(name string) (*rubric.Rubric, error) {
	called, src, err := t.file(name)
	if err != nil {
		return nil, err
	}
	return rubric.Parse(called, src)
}

// form reads a form that a person named, and the rubric that it names: a path from
// where the form lies.
func (t *tool) form(name string, cal *calendar.Calendar) (*rubric.Form, *rubric.Rubric, error) {
	called, src, err := t.read(name)
	if err != nil {
		return nil, nil, err
	}
	var r *rubric.Rubric
	f, err := rubric.ParseForm(called, src, cal, func(named string) (*rubric.Rubric, error) {
		if named == standardInput {
			return nil, errors.New("the rubric of a form is a file; write its path from here")
		}
		if named != builtIn && name != standardInput && !filepath.IsAbs(named) {
			named = filepath.Join(filepath.Dir(name), filepath.FromSlash(named))
		}
		var err error
		r, err = t.rubric(named)
		return r, err
	})
	return f, r, err
}

// nations are the calendars that there are.
var nations = []struct {
	name string
	of   func() *calendar.Calendar
}{
	{"england_and_wales", calendar.EnglandAndWales},
	{"scotland", calendar.Scotland},
	{"northern_ireland", calendar.NorthernIreland},
}

// takesCalendar gives a command the option that says where working days are
// counted.
func (t *tool) takesCalendar(c *cobra.Command) *cobra.Command {
	c.Flags().StringVar(&t.nation, "calendar", nations[0].name, "whose bank holidays count: `NATION` is england_and_wales, scotland or\nnorthern_ireland")
	return c
}

func (t *tool) calendar(c *cobra.Command) (*calendar.Calendar, error) {
	var names []string
	for _, n := range nations {
		names = append(names, n.name)
	}
	i := slices.Index(names, t.nation)
	if i < 0 {
		return nil, misused(c, "there is no calendar %q; there is %s", t.nation, strings.Join(names, ", "))
	}
	return nations[i].of(), nil
}
