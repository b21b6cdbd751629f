package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/loop"
	"github.com/practiceaudit/practiceaudit/loop/form"
	"github.com/practiceaudit/practiceaudit/moderation"
	"github.com/practiceaudit/practiceaudit/rubric"
)

// rehearsal plays the whole of the files in memory, on a copy of what is stored:
// what would be refused is said before anything is stored or sent. It goes on
// after a refusal, so as to say everything at once, and says nothing of what may
// only follow from an earlier one.
type rehearsal struct {
	*journey
	wrong   mistakes
	doubt   map[string]bool // audits of which something was refused or has mistakes
	waiting map[audit.CommandID]bool
	held    map[string]bool // audits of which something waits: what comes later waits too, so that all happens in its order
}

// rehearse adds what the rehearsal finds to what reading the files found. The
// error is of the store.
func (in *inputs) rehearse(ctx context.Context, r *fileReader, store loop.Store) error {
	kept, err := asItWas(ctx, store)
	if err != nil {
		return err
	}
	j, err := newJourney(ctx, in, kept, silent{})
	if err != nil {
		return err
	}
	re := &rehearsal{journey: j, doubt: map[string]bool{}, waiting: map[audit.CommandID]bool{}, held: map[string]bool{}}
	re.doubt[form.OfAudit] = r.anyIn("audit.yaml", "moderation.yaml", "updates.yaml")
	re.doubt[form.OfReAudit] = re.doubt[form.OfAudit] || r.anyIn("re-audit.yaml", "re-audit-moderation.yaml")
	re.doubt[form.OfDipSample] = re.doubt[form.OfAudit]

	in.before = j.before
	steps := slices.Clone(j.steps)
	changed, _ := j.before.changed(steps)
	for _, s := range steps {
		if o, ok := changed[s.id]; ok {
			re.wrong.add(o.said(s))
			re.doubt[s.Of] = true
		}
	}
	steps = slices.DeleteFunc(steps, func(s step) bool { _, ok := changed[s.id]; return ok })
	end := in.today.End()
	for _, s := range steps {
		if s.At.After(end) {
			end = s.At
		}
	}
	if _, err := j.until(ctx, end, steps, func(s step) error { return re.try(ctx, s) }); err != nil {
		return err
	}
	in.waiting = re.waiting
	for _, file := range re.wrong.files {
		r.wrong.more(re.wrong.of[file])
	}
	r.wrong.add(in.settleToday(r.options.today, j.before))
	r.wrong.add(in.pinned(j.before))
	return nil
}

// anyIn reports whether there are mistakes in any of the files beside the form.
func (r *fileReader) anyIn(names ...string) bool {
	return slices.ContainsFunc(names, func(name string) bool { return r.wrong.in(r.form(name).name) })
}

// settleToday is the day on which nothing more is known: the one asked for, which
// is not before what is stored, or the last on which something happened.
func (in *inputs) settleToday(asked calendar.Date, h history) error {
	if asked.IsZero() {
		in.today = in.lastDate()
	}
	if last := calendar.DateOf(h.last); !h.last.IsZero() && last.After(in.today) {
		if !asked.IsZero() {
			return fmt.Errorf("-today %s: the database holds what was done until %s; name that day or a later one", asked, last)
		}
		in.today = last
	}
	return nil
}

// pinned refuses rules that are not those which the stored audits started with
// and run by to their end.
func (in *inputs) pinned(h history) error {
	for _, p := range h.pins {
		for _, f := range []struct{ flag, is, was string }{
			{"-rubric", in.env.Rubric.Ref().Digest, p.Rubric.Digest},
			{"-policy", string(in.env.Policy.Digest()), p.Policy},
		} {
			if f.is != f.was {
				return fmt.Errorf("%s: the audit in the database was started under another one (%s) and runs by it to its end: give that one, or another -db file", f.flag, f.was)
			}
		}
	}
	return nil
}

// try takes a step; a refusal is noted, and is no error.
func (r *rehearsal) try(ctx context.Context, s step) error {
	stream, ok := r.streams[s.Of]
	if !ok {
		return r.refused(s, noStream(s))
	}
	err := r.do(ctx, stream, s)
	if err == nil {
		if _, done := r.before.steps[s.id]; r.held[s.Of] && !done && !urgent(s) {
			r.waiting[s.id] = true
		}
		return nil
	}
	if noted := r.refused(s, err); noted != nil || r.waiting[s.id] {
		return noted
	}
	if r.mended(ctx, stream, s, err) {
		return r.look(ctx, stream, s)
	}
	r.doubt[s.Of] = true
	return nil
}

// refused notes why a step is refused, unless that may only follow from what was
// noted before, or a draft leaves it for later. Anything but a refusal is
// returned.
func (r *rehearsal) refused(s step, err error) error {
	var reasons audit.Refusals
	var one *audit.Refusal
	var pin *loop.PinError
	var answers *rubric.AnswerErrors
	switch {
	case errors.As(err, &reasons):
	case errors.As(err, &one):
		reasons = audit.Refusals{one}
	case errors.As(err, &pin), errors.As(err, &answers), errors.Is(err, loop.ErrCommandReused):
		if !r.doubted(s) {
			r.wrong.add(s.Refused(err, nil))
		}
		return nil
	default:
		return err
	}
	left := r.in.left(s)
	var own audit.Refusals
	for _, why := range reasons {
		if !left && !r.doubted(s) || byItself(why) {
			own = append(own, why)
		}
	}
	if len(own) > 0 {
		r.wrong.add(s.Refused(own, r.in.council.Everybody()))
	} else if left {
		r.waiting[s.id], r.held[s.Of] = true, true
	}
	return nil
}

// urgent reports whether a step waits for nothing: an immediate concern and its
// acknowledgement.
func urgent(s step) bool {
	return s.Name == loop.RaiseConcern{}.Name() || s.Name == loop.Acknowledge{}.Name() && s.Notice == loop.TopicConcern
}

func (r *rehearsal) doubted(s step) bool {
	_, there := r.streams[s.Of]
	return r.doubt[s.Of] || !there && r.doubt[form.OfAudit]
}

// byItself reports whether a refusal is about the entry alone, whatever came
// before it.
func byItself(why *audit.Refusal) bool {
	kind, _, _ := strings.Cut(why.Rule, ".")
	switch kind {
	case "role": // unless it is a role that an earlier entry was to give
		return len(why.People) > 0 && !slices.Contains(why.Roles, audit.RoleAuditor) && !slices.Contains(why.Roles, audit.RoleModerator)
	case "separation", "evidence", "plan", "comments", "standard", "rationale", "date", "agreed":
		return true
	}
	return false
}

// mended takes a refused step as it was probably meant, so that what comes after
// can be looked at: done by somebody who may, or on the day on which it may be.
func (r *rehearsal) mended(ctx context.Context, stream loop.StreamID, s step, err error) bool {
	take := func(s step) bool {
		command, err := r.command(ctx, stream, s)
		if err == nil {
			_, err = r.engine.Do(ctx, stream, command)
		}
		return err == nil
	}
	var why *audit.Refusal
	if !errors.As(err, &why) {
		return false
	}
	switch why.Rule {
	case "role":
		return slices.ContainsFunc(why.People, func(who audit.PersonID) bool { s.By = who; return take(s) })
	case "start":
		state, err := r.engine.State(ctx, stream)
		on := state.Audit.StartOn
		s.At = time.Date(on.Year(), on.Month(), on.Day(), 9, 0, 0, 0, calendar.London())
		return err == nil && take(s)
	}
	return false
}

// left reports whether a draft leaves a step for later: it needs what is not
// finalised yet.
func (in *inputs) left(s step) bool {
	a, m := in.audit, in.moderation
	switch s.Of {
	case form.OfReAudit:
		if in.audit.Draft() {
			return true // there is none yet
		}
		a, m = in.reAudit, in.reModeration
	case form.OfDipSample:
		return a.Draft() || m.Draft()
	}
	if s.Command == nil {
		return false
	}
	switch s.Command(audit.Header{}).(type) {
	case audit.Command, loop.RaiseConcern, loop.RecordPlan:
		return false
	case moderation.Check, moderation.Comment:
		return a.Draft() || m.Draft()
	case moderation.Command:
		return a.Draft()
	case loop.Acknowledge:
		return s.Notice != loop.TopicConcern && a.Draft() || s.Notice == loop.TopicInadequateModeration && m.Draft()
	}
	return a.Draft() || m.Draft()
}

// silent is a Notifier that tells nobody: a rehearsal.
type silent struct{}

func (silent) Notify(context.Context, loop.Notice) error { return nil }
