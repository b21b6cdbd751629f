package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"time"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/loop"
	"github.com/practiceaudit/practiceaudit/loop/form"
	"github.com/practiceaudit/practiceaudit/rubric"
	"github.com/practiceaudit/practiceaudit/rubric/halton"
)

// inputs are what the files say.
type inputs struct {
	env          loop.Env
	today        calendar.Date
	caseload     *form.Caseload
	council      *form.Council
	file         form.File // of the case that is audited
	audit        *form.Audit
	moderation   *form.Moderation // nil where there is none yet
	reAudit      *form.Audit
	reModeration *form.Moderation
	updates      []form.Update
}

// readInputs reads every file before anything is done, and answers every
// mistake in any of them.
func readInputs(o options) (*inputs, error) {
	r := fileReader{options: o}
	in := &inputs{today: o.today}
	in.env = r.environment()
	if r.err != nil {
		return nil, r.err
	}
	in.audit = read(&r, r.form("audit.yaml"), true, func(name string, src []byte) (*form.Audit, error) {
		return form.ReadAudit(name, src, in.env, nil)
	})
	if in.audit != nil {
		in.moderation = read(&r, r.form("moderation.yaml"), false, func(name string, src []byte) (*form.Moderation, error) {
			return form.ReadModeration(name, src, in.env, in.audit.Answers)
		})
		origin := &audit.Origin{Fixed: fixed(in.audit, in.env)}
		in.reAudit = read(&r, r.form("re-audit.yaml"), false, func(name string, src []byte) (*form.Audit, error) {
			return form.ReadAudit(name, src, in.env, origin)
		})
	}
	if in.reAudit != nil {
		in.reModeration = read(&r, r.form("re-audit-moderation.yaml"), false, func(name string, src []byte) (*form.Moderation, error) {
			return form.ReadModeration(name, src, in.env, in.reAudit.Answers)
		})
	}
	updates := read(&r, r.form("updates.yaml"), false, func(name string, src []byte) (*[]form.Update, error) {
		u, err := form.ReadUpdates(name, src, in.env)
		return &u, err
	})
	if updates != nil {
		in.updates = *updates
	}
	if in.today.IsZero() {
		in.today = in.lastDate()
	}
	in.council = read(&r, r.beside(o.people, "people.yaml"), true, form.ReadPeople)
	in.caseload = read(&r, r.beside(o.caseload, "caseload.csv"), true, func(name string, src []byte) (*form.Caseload, error) {
		return form.ReadCaseload(name, src, in.today)
	})
	if r.err != nil {
		return nil, r.err
	}
	return in, in.match(o)
}

// match holds the files against each other.
func (in *inputs) match(o options) error {
	var errs []error
	var ok bool
	if in.file, ok = in.caseload.File(in.audit.Case); !ok {
		errs = append(errs, fmt.Errorf("the caseload has no case %s, which the form is about", in.audit.Case))
	}
	for _, f := range []struct {
		name string
		is   bool
		of   audit.CaseNumber
	}{
		{"moderation.yaml", in.moderation != nil, caseOf(in.moderation)},
		{"re-audit-moderation.yaml", in.reModeration != nil, caseOf(in.reModeration)},
	} {
		if f.is && f.of != in.audit.Case {
			errs = append(errs, fmt.Errorf("%s is about case %s; the audit is about %s", f.name, f.of, in.audit.Case))
		}
	}
	if in.reAudit != nil && in.reAudit.Case != in.audit.Case {
		errs = append(errs, fmt.Errorf("re-audit.yaml is about case %s; the audit is about %s", in.reAudit.Case, in.audit.Case))
	}
	return errors.Join(errs...)
}

func caseOf(m *form.Moderation) audit.CaseNumber {
	if m == nil {
		return ""
	}
	return m.Case
}

// fixed are the bottom lines about a fixed past that an audit missed: its
// re-audit carries them.
func fixed(a *form.Audit, env loop.Env) []rubric.LineRef {
	f, err := env.Rubric.Form(a.Answers, env.Calendar)
	if err != nil {
		return nil
	}
	var refs []rubric.LineRef
	for _, ref := range f.Grade().BottomLinesMissed() {
		if l, ok := env.Rubric.Line(ref.Section, ref.Line); ok && l.Fixed {
			refs = append(refs, ref)
		}
	}
	return refs
}

// lastDate is the last London date that a file speaks of.
func (in *inputs) lastDate() calendar.Date {
	var last time.Time
	for _, s := range in.steps() {
		if s.At.After(last) {
			last = s.At
		}
	}
	return calendar.DateOf(last)
}

// fileReader reads files and gathers what is wrong with them.
type fileReader struct {
	options
	err error
}

func (r *fileReader) environment() loop.Env {
	rules, err := rubric.Parse(halton.DeepDiveFile, halton.DeepDive())
	r.err = errors.Join(r.err, err)
	policy, err := loop.ParsePolicy(halton.ProcessPolicyFile, halton.ProcessPolicy())
	r.err = errors.Join(r.err, err)
	return loop.Env{Rubric: rules, Calendar: calendar.EnglandAndWales(), Policy: policy}
}

// source is a file: a user's on disk, or one of those shipped.
type source struct {
	name    string
	shipped bool
}

// form is a file that lies beside the audit form.
func (r *fileReader) form(name string) source {
	if r.options.form == "" {
		return source{path.Join("late-allocation", name), true}
	}
	if name == "audit.yaml" {
		return source{r.options.form, false}
	}
	return source{filepath.Join(filepath.Dir(r.options.form), name), false}
}

func (r *fileReader) beside(given, name string) source {
	if given == "" {
		return source{name, true}
	}
	return source{given, false}
}

func (s source) read() ([]byte, error) {
	if s.shipped {
		return fs.ReadFile(shipped, s.name)
	}
	f, err := os.Open(s.name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("%s: there is no such file: %w", s.name, fs.ErrNotExist)
	case err != nil:
		return nil, fmt.Errorf("%s: this file cannot be read: %w", s.name, err)
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && info.IsDir() {
		return nil, fmt.Errorf("%s: this is a folder; name a file in it", s.name)
	}
	src, err := io.ReadAll(io.LimitReader(f, mostRead+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("%s: this file cannot be read: %w", s.name, err)
	case len(src) > mostRead:
		return nil, fmt.Errorf("%s: this file is too long: at most %d MB are read", s.name, mostRead>>20)
	}
	return src, nil
}

// mostRead is how much of any file is read, in bytes: a caseload of some
// hundred thousand cases.
const mostRead = 16 << 20

// read reads one file; nil if it is not there and need not be, or is wrong.
func read[T any](r *fileReader, s source, needed bool, parse func(string, []byte) (*T, error)) *T {
	src, err := s.read()
	if errors.Is(err, fs.ErrNotExist) && !needed {
		return nil
	}
	if err != nil {
		r.err = errors.Join(r.err, err)
		return nil
	}
	parsed, err := parse(s.name, src)
	if err != nil {
		r.err = errors.Join(r.err, err)
		return nil
	}
	return parsed
}
