package main

import (
	"context"
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
	"github.com/practiceaudit/practiceaudit/moderation"
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
	before       history                  // what is stored of this case
	waiting      map[audit.CommandID]bool // steps that a draft leaves for later
}

// prepare reads every file, opens the database if there is one, and rehearses:
// whatever is wrong with any of it is said at once, and nothing has been stored.
// The database is to be closed in any case.
func prepare(ctx context.Context, o options) (*inputs, *database, error) {
	r := &fileReader{options: o}
	in := r.read()
	db, err := openDatabase(ctx, o.db)
	r.wrong.add(err)
	if in.comparable() {
		if err := in.rehearse(ctx, r, db.store); err != nil {
			r.wrong.add(err)
		}
	}
	return in, db, r.wrong.err()
}

// read reads every file. What has mistakes is read as far as possible, so that
// the rest can be held against it.
func (r *fileReader) read() *inputs {
	in := &inputs{today: r.options.today}
	in.env = r.environment()
	if in.env.Rubric == nil || in.env.Policy == nil {
		r.shapes()
	} else {
		r.forms(in)
	}
	in.council = read(r, r.beside(r.options.people, "people.yaml"), true, form.ReadPeople)
	if in.today.IsZero() {
		in.today = in.lastDate()
	}
	in.caseload = read(r, r.beside(r.options.caseload, "caseload.csv"), true, func(name string, src []byte) (*form.Caseload, error) {
		return form.ReadCaseload(name, src, in.today)
	})
	in.match(r)
	return in
}

// forms reads the forms and the updates.
func (r *fileReader) forms(in *inputs) {
	in.audit = read(r, r.form("audit.yaml"), true, func(name string, src []byte) (*form.Audit, error) {
		return form.ReadAudit(name, src, in.env, nil)
	})
	in.moderation = read(r, r.form("moderation.yaml"), false, func(name string, src []byte) (*form.Moderation, error) {
		return form.ReadModeration(name, src, in.env, in.audit)
	})
	in.reAudit = read(r, r.form("re-audit.yaml"), false, func(name string, src []byte) (*form.Audit, error) {
		return form.ReadReAudit(name, src, in.env, in.audit, in.moderation)
	})
	in.reModeration = read(r, r.form("re-audit-moderation.yaml"), false, func(name string, src []byte) (*form.Moderation, error) {
		return form.ReadModeration(name, src, in.env, in.reAudit)
	})
	updates := read(r, r.form("updates.yaml"), false, func(name string, src []byte) (*[]form.Update, error) {
		u, err := form.ReadUpdates(name, src, in.env)
		return &u, err
	})
	if updates != nil {
		in.updates = *updates
	}
}

// shapes says what is wrong with the forms while there is no rubric or policy to
// hold them to.
func (r *fileReader) shapes() {
	for i, f := range []struct {
		name string
		kind form.Kind
	}{
		{"audit.yaml", form.AuditForm}, {"moderation.yaml", form.ModerationForm}, {"re-audit.yaml", form.AuditForm},
		{"re-audit-moderation.yaml", form.ModerationForm}, {"updates.yaml", form.UpdatesFile},
	} {
		read(r, r.form(f.name), i == 0, func(name string, src []byte) (*struct{}, error) {
			return nil, form.CheckShape(f.kind, name, src)
		})
	}
}

// comparable reports whether enough was read to play it through.
func (in *inputs) comparable() bool {
	return in.audit != nil && in.council != nil && in.caseload != nil && in.file.Line > 0
}

// match holds the files against each other.
func (in *inputs) match(r *fileReader) {
	if in.council != nil && in.caseload != nil && in.env.Policy != nil {
		r.wrong.more(in.council.Check(in.env.Policy, in.caseload))
	}
	if in.audit == nil {
		return
	}
	if in.caseload != nil {
		if in.file, _ = in.caseload.File(in.audit.Case); in.file.Line == 0 && in.audit.Case != "" {
			r.wrong.more(in.audit.CheckCase(in.caseload))
		}
	}
	people := func(a *form.Audit) {
		if a != nil && in.council != nil && in.file.Line > 0 {
			r.wrong.more(a.CheckPeople(in.council.Of(in.file)))
		}
	}
	people(in.audit)
	people(in.reAudit)
	if in.reAudit != nil {
		r.wrong.more(in.reAudit.CheckSameCase(in.audit))
	}
	for _, m := range []*form.Moderation{in.moderation, in.reModeration} {
		if m != nil {
			r.wrong.more(m.CheckSameCase(in.audit))
		}
	}
	for _, u := range in.updates {
		r.wrong.more(u.CheckPerson(in.allocated(u)))
		if u.Of != form.OfReAudit {
			r.wrong.more(u.CheckActions(in.audit, in.moderation))
		} else if in.reAudit != nil {
			r.wrong.more(u.CheckActions(in.reAudit, in.reModeration))
		}
	}
}

// allocated is whose form follows where an update allocates somebody; empty
// where none does.
func (in *inputs) allocated(u form.Update) audit.PersonID {
	a, m := in.audit, in.moderation
	if u.Of == form.OfReAudit {
		a, m = in.reAudit, in.reModeration
	}
	switch {
	case u.Of == form.OfDipSample:
	case u.Name == audit.Start{}.Name() && a != nil:
		return a.Auditor
	case u.Name == moderation.Allocate{}.Name() && m != nil:
		return m.Moderator
	}
	return ""
}

// lastDate is the last London date on which somebody did something by the files.
func (in *inputs) lastDate() calendar.Date {
	var last time.Time
	for _, s := range in.steps(in.before) {
		if s.At.After(last) && !in.waiting[s.id] {
			last = s.At
		}
	}
	return calendar.DateOf(last)
}

// fileReader reads files and gathers what is wrong with them.
type fileReader struct {
	options
	wrong mistakes
}

// environment is what everything is decided by; of a rubric or a policy with
// mistakes nothing.
func (r *fileReader) environment() loop.Env {
	rules := rulesOf(r, r.options.rubric, halton.DeepDiveFile, halton.DeepDive, rubric.Parse)
	policy := rulesOf(r, r.options.policy, halton.ProcessPolicyFile, halton.ProcessPolicy, loop.ParsePolicy)
	return loop.Env{Rubric: rules, Calendar: calendar.EnglandAndWales(), Policy: policy}
}

// rulesOf reads a file of rules: the user's, or Halton's.
func rulesOf[T any](r *fileReader, given, name string, src func() []byte, parse func(string, []byte) (*T, error)) *T {
	whole := func(name string, src []byte) (*T, error) {
		rules, err := parse(name, src)
		if err != nil {
			return nil, err // nothing is decided by half of them
		}
		return rules, nil
	}
	if given != "" {
		return read(r, source{given, false}, true, whole)
	}
	rules, err := whole(name, src())
	r.wrong.add(err)
	return rules
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
	info, err := os.Stat(s.name) // before it is opened: opening a pipe would wait for somebody to write to it
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("%s: there is no such file: %w", s.name, fs.ErrNotExist)
	case err != nil:
		return nil, fmt.Errorf("%s: this file cannot be read: %w", s.name, err)
	case info.IsDir():
		return nil, fmt.Errorf("%s: this is a folder; name a file in it", s.name)
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s: this is a pipe or a device; name a file on a disk", s.name)
	}
	f, err := os.Open(s.name)
	if err != nil {
		return nil, fmt.Errorf("%s: this file cannot be read: %w", s.name, err)
	}
	defer f.Close()
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

// read reads one file, as far as it can be read where it has mistakes; nil if it
// is not there.
func read[T any](r *fileReader, s source, needed bool, parse func(string, []byte) (*T, error)) *T {
	src, err := s.read()
	if errors.Is(err, fs.ErrNotExist) && !needed {
		return nil
	}
	if err != nil {
		r.wrong.add(err)
		return nil
	}
	parsed, err := parse(s.name, src)
	r.wrong.add(err)
	return parsed
}
