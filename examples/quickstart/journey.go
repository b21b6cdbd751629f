package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/loop"
	"github.com/practiceaudit/practiceaudit/loop/form"
)

// step is one thing that somebody did about one of the case's audits.
type step struct {
	form.Update
	id audit.CommandID
}

// steps are all that the files speak of, in the order in which it was done.
// Their ids say what they are, so that a second run gives the same commands.
func (in *inputs) steps() []step {
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
	slices.SortStableFunc(all, func(a, b step) int { return a.At.Compare(b.At) })
	count := map[string]int{}
	for i := range all {
		name := all[i].Of + "/" + all[i].Name
		count[name]++
		all[i].id = audit.CommandID(fmt.Sprintf("%s/%d", name, count[name]))
	}
	return all
}

// stream names the audit. An app would draw a random id; here it derives from
// the case so that a second run finds it again.
func (in *inputs) stream() loop.StreamID {
	sum := sha256.Sum256([]byte("quickstart\x00" + string(in.audit.Case)))
	return loop.StreamID(hex.EncodeToString(sum[:12]))
}

// journey plays the steps on a store, with the dates in the files as its clock.
type journey struct {
	in      *inputs
	engine  *loop.Engine
	now     time.Time
	streams map[string]loop.StreamID // by form.OfAudit and so on
	acked   map[string]int           // acknowledgements given, by stream, topic and person
	did     func(step, loop.State)   // called after each step
}

func newJourney(in *inputs, store loop.Store, notifier loop.Notifier) *journey {
	j := &journey{in: in, streams: map[string]loop.StreamID{form.OfAudit: in.stream()}, acked: map[string]int{}, did: func(step, loop.State) {}}
	j.engine = &loop.Engine{Store: store, Notifier: notifier, Env: in.env, Now: func() time.Time { return j.now }}
	return j
}

// play gives every command that is dated today or before, wakes what is due and
// delivers what is pending, moment by moment. It returns the steps still to come.
func (j *journey) play(ctx context.Context) ([]step, error) {
	steps := j.in.steps()
	end := j.in.today.End()
	for i, s := range steps {
		if s.At.After(end) {
			return steps[i:], j.tick(ctx, end)
		}
		if err := j.tick(ctx, s.At); err != nil {
			return nil, err
		}
		if err := j.do(ctx, s); err != nil {
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

func (j *journey) do(ctx context.Context, s step) error {
	stream, ok := j.streams[s.Of]
	if !ok {
		return fmt.Errorf("%s: %s: there is no %s of this case by then", s.Place, title(s.Name), title(s.Of))
	}
	command, err := j.command(ctx, stream, s)
	if err != nil {
		return err
	}
	if _, err := j.engine.Do(ctx, stream, command); err != nil {
		return in(s, err)
	}
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

// in says where the step stands that went wrong.
func in(s step, err error) error {
	if errors.Is(err, loop.ErrCommandReused) {
		return fmt.Errorf("%s: this was stored before and has been changed since; what has happened stays: use another -db file", s.Place)
	}
	return fmt.Errorf("%s: %w", s.Place, err)
}

var followUps = map[audit.Kind]string{audit.DeepDive: form.OfReAudit, audit.DipSample: form.OfDipSample}

func (j *journey) command(ctx context.Context, stream loop.StreamID, s step) (loop.Command, error) {
	h := audit.Header{ID: audit.CommandID(j.in.stream()) + "/" + s.id, At: s.At, Actor: s.By, Roles: j.in.council.Roles(s.By)}
	switch s.Name {
	case audit.Select{}.Name():
		return audit.Select{Header: h, Kind: audit.DeepDive, Case: j.in.file.Case, People: j.in.council.Of(j.in.file)}, nil
	case loop.Acknowledge{}.Name():
		id, err := j.notice(ctx, stream, s)
		return loop.Acknowledge{Header: h, Notice: id}, err
	}
	return s.Command(h), nil
}

// notice finds the critical notice that a person acknowledges: their first on
// the topic, then their second, and so on.
func (j *journey) notice(ctx context.Context, stream loop.StreamID, s step) (loop.NoticeID, error) {
	state, err := j.engine.State(ctx, stream)
	if err != nil {
		return "", err
	}
	key := fmt.Sprint(s.Of, s.Notice, s.By)
	j.acked[key]++
	nth := 0
	for _, n := range state.Notices {
		if n.Critical && n.Topic == s.Notice && n.To.Person == s.By {
			if nth++; nth == j.acked[key] {
				return n.ID, nil
			}
		}
	}
	return "", fmt.Errorf("%s: %s has no critical notice about %q to acknowledge by then", s.Place, s.By, s.Notice)
}

// rehearse plays the whole of the files in memory first: what would be refused
// is said before anything is stored.
func (in *inputs) rehearse(ctx context.Context) error {
	_, err := newJourney(in, loop.NewMemoryStore(), silent{}).play(ctx)
	return err
}

// silent is a Notifier that tells nobody: a rehearsal.
type silent struct{}

func (silent) Notify(context.Context, loop.Notice) error { return nil }

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
