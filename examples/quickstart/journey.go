package main

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
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

// step is one thing that somebody did about one of the case's audits.
type step struct {
	form.Update
	content string // a digest of what it says
	id      audit.CommandID
}

// steps are all that the files speak of, in the order in which it was done, by
// the names under which what is stored knows them.
func (in *inputs) steps(before history) []step {
	var all []step
	add := func(of string, steps []form.Step) {
		for _, s := range steps {
			all = append(all, step{Update: form.Update{Of: of, Step: s}})
		}
	}
	for _, u := range in.updates {
		all = append(all, step{Update: u})
	}
	if in.audit != nil {
		add(form.OfAudit, in.audit.Steps())
	}
	if in.moderation != nil {
		add(form.OfAudit, in.moderation.Steps())
	}
	if in.reAudit != nil {
		add(form.OfReAudit, in.reAudit.Steps())
	}
	if in.reModeration != nil {
		add(form.OfReAudit, in.reModeration.Steps())
	}
	all = in.dated(all)
	slices.SortStableFunc(all, func(a, b step) int { return a.At.Compare(b.At) })
	for i := range all {
		all[i].content = content(all[i])
	}
	before.name(in.stream(), all)
	return all
}

// dated gives the steps that a draft does not date the moment at which its audit
// was started, or its moderator allocated, and leaves out those of what has not
// begun.
func (in *inputs) dated(steps []step) []step {
	began := map[string]time.Time{}
	for _, s := range steps {
		if s.Name == (audit.Start{}).Name() || s.Name == (moderation.Allocate{}).Name() {
			began[s.Of+s.Name] = s.At
		}
	}
	var kept []step
	for _, s := range steps {
		if s.At.IsZero() {
			stage := (audit.Start{}).Name()
			if _, ok := s.Command(audit.Header{}).(moderation.Command); ok {
				stage = (moderation.Allocate{}).Name()
			}
			s.At = began[s.Of+stage]
		}
		if !s.At.IsZero() {
			kept = append(kept, s)
		}
	}
	return kept
}

// content is a digest of all that a step says, but for its moment.
func content(s step) string {
	said := struct {
		By      audit.PersonID
		Notice  loop.Topic
		Command any
	}{s.By, s.Notice, nil}
	if s.Command != nil {
		said.Command = s.Command(audit.Header{})
	}
	data, err := json.Marshal(said)
	if err != nil {
		panic(err) // commands are plain data
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:8])
}

// stream names the audit. An app would draw a random id; here it derives from
// the case so that a second run finds it again.
func (in *inputs) stream() loop.StreamID {
	if in.audit == nil {
		return ""
	}
	sum := sha256.Sum256([]byte("quickstart\x00" + string(in.audit.Case)))
	return loop.StreamID(hex.EncodeToString(sum[:12]))
}

// journey plays the steps on a store, with the dates in the files as its clock.
type journey struct {
	in      *inputs
	engine  *loop.Engine
	now     time.Time
	before  history // what the store held of this case
	steps   []step
	streams map[string]loop.StreamID // by form.OfAudit and so on
	did     func(step, loop.State)   // called after each step
}

func newJourney(ctx context.Context, in *inputs, store loop.Store, notifier loop.Notifier) (*journey, error) {
	before, err := readHistory(ctx, store, in.stream())
	if err != nil {
		return nil, err
	}
	j := &journey{in: in, before: before, steps: in.steps(before), streams: map[string]loop.StreamID{form.OfAudit: in.stream()}, did: func(step, loop.State) {}}
	j.engine = &loop.Engine{Store: store, Notifier: notifier, Env: in.env, Now: func() time.Time { return j.now }}
	return j, nil
}

// play gives every command that is dated today or before, wakes what is due and
// delivers what is pending, moment by moment. It returns the steps still to come.
func (j *journey) play(ctx context.Context) ([]step, error) {
	steps := slices.DeleteFunc(slices.Clone(j.steps), func(s step) bool { return j.in.waiting[s.id] })
	return j.until(ctx, j.in.today.End(), steps, func(s step) error {
		stream, ok := j.streams[s.Of]
		if !ok {
			return noStream(s)
		}
		return j.do(ctx, stream, s)
	})
}

// until takes steps up to a moment, and lets the clock run to it.
func (j *journey) until(ctx context.Context, end time.Time, steps []step, do func(step) error) ([]step, error) {
	for i, s := range steps {
		if s.At.After(end) {
			return steps[i:], j.tick(ctx, end)
		}
		if err := j.tick(ctx, s.At); err != nil {
			return nil, err
		}
		if err := do(s); err != nil {
			return nil, err
		}
		if err := j.tick(ctx, s.At); err != nil {
			return nil, err
		}
	}
	return nil, j.tick(ctx, end)
}

func (j *journey) tick(ctx context.Context, now time.Time) error {
	j.now = now
	_, err := j.engine.Tick(ctx)
	return err
}

// do takes a step that has not been taken on an earlier run, and looks at what
// became of it.
func (j *journey) do(ctx context.Context, stream loop.StreamID, s step) error {
	if _, done := j.before.steps[s.id]; !done {
		command, err := j.command(ctx, stream, s)
		if err != nil {
			return err
		}
		if _, err := j.engine.Do(ctx, stream, command); err != nil {
			return err
		}
	}
	return j.look(ctx, stream, s)
}

// look finds the follow-ups that a step has led to.
func (j *journey) look(ctx context.Context, stream loop.StreamID, s step) error {
	state, err := j.engine.State(ctx, stream)
	if err != nil {
		return err
	}
	for _, f := range state.FollowUps {
		if s.Of == form.OfAudit {
			j.streams[followUps[f.Kind]] = f.Stream
		}
	}
	j.did(s, state)
	return nil
}

var followUps = map[audit.Kind]string{audit.DeepDive: form.OfReAudit, audit.DipSample: form.OfDipSample}

func noStream(s step) error {
	return &audit.Refusal{Command: s.Name, Rule: "stream", Message: fmt.Sprintf("there is no %s of this case by then", title(s.Of))}
}

func (j *journey) command(ctx context.Context, stream loop.StreamID, s step) (loop.Command, error) {
	h := audit.Header{ID: s.id, At: s.At, Actor: s.By, Roles: j.in.council.Roles(s.By, calendar.DateOf(s.At))}
	switch s.Name {
	case audit.Select{}.Name():
		return audit.Select{Header: h, Kind: audit.DeepDive, Case: j.in.file.Case, People: j.in.council.Of(j.in.file)}, nil
	case loop.Acknowledge{}.Name():
		id, err := j.notice(ctx, stream, s)
		return loop.Acknowledge{Header: h, Notice: id}, err
	}
	c := s.Command(h)
	// Whoever's form follows is allocated: where an update names somebody else,
	// that is a mistake that has been said.
	switch c := c.(type) {
	case audit.Start:
		c.Auditor = cmp.Or(j.in.allocated(s.Update), c.Auditor)
		return c, nil
	case moderation.Allocate:
		c.Moderator = cmp.Or(j.in.allocated(s.Update), c.Moderator)
		return c, nil
	case audit.Answer:
		state, err := j.engine.State(ctx, stream)
		return saving(c, state.Audit), err
	}
	return c, nil
}

// saving is the command that makes the saved answers those of a form: what an
// earlier draft said and this one does not is taken back.
func saving(c audit.Answer, now audit.State) audit.Answer {
	c.Facts = takenBack(c.Facts, now.Facts)
	c.Lines, c.Evidence = takenBackEach(c.Lines, now.Lines), takenBackEach(c.Evidence, now.Evidence)
	without := func(all, known []rubric.MissedBottomLine) []rubric.MissedBottomLine {
		return slices.DeleteFunc(slices.Clone(all), func(m rubric.MissedBottomLine) bool { return slices.Contains(known, m) })
	}
	c.Missed, c.NotMissed = without(c.Missed, now.Missed), without(now.Missed, c.Missed)
	return c
}

func takenBackEach[V ~string](said, saved map[string]map[string]V) map[string]map[string]V {
	all := map[string]map[string]V{}
	maps.Copy(all, said)
	for section := range saved {
		all[section] = takenBack(said[section], saved[section])
	}
	return all
}

// takenBack is said, with nothing for whatever was saved and is not said.
func takenBack[V ~string](said, saved map[string]V) map[string]V {
	all := maps.Clone(said)
	for k := range saved {
		if _, ok := said[k]; !ok {
			if all == nil {
				all = map[string]V{}
			}
			all[k] = ""
		}
	}
	return all
}

// notice finds the critical notice that a person acknowledges: the first on the
// topic that they had by then and have not acknowledged.
func (j *journey) notice(ctx context.Context, stream loop.StreamID, s step) (loop.NoticeID, error) {
	state, err := j.engine.State(ctx, stream)
	if err != nil {
		return "", err
	}
	var told []string
	for _, n := range state.Notices {
		switch {
		case !n.Critical || n.Topic != s.Notice || n.At.After(s.At) || state.Acknowledged(n.ID):
		case n.To.Person == s.By:
			return n.ID, nil
		case n.To.Person != "":
			told = append(told, string(n.To.Person))
		}
	}
	refusal := &audit.Refusal{Command: s.Name, Rule: "notice", Message: fmt.Sprintf("%s has no critical notice about %q to acknowledge by then", s.By, s.Notice)}
	if len(told) > 0 {
		refusal.Accept = "it waits for " + strings.Join(told, ", ")
	}
	return "", refusal
}

// states are those of the case's audits as they are now, in order.
func (j *journey) states(ctx context.Context) ([]loop.State, error) {
	var all []loop.State
	for _, of := range []string{form.OfAudit, form.OfReAudit, form.OfDipSample} {
		stream, ok := j.streams[of]
		if !ok {
			continue
		}
		s, err := j.engine.State(ctx, stream)
		if err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return all, nil
}
