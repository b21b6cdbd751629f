package loop

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/practiceaudit/practiceaudit/audit"
)

// Plan is the one way in: it decides a command and works out everything that it
// leads to, as one [Batch] to be committed all or nothing. It is pure and
// changes nothing. A command that the stream has recorded before leads to an
// empty batch, to which the store answers with the first receipt.
//
// Its errors are those of [Decide]; [ErrCommandReused]; and, for a command that
// cannot be written as JSON, that of package json.
func Plan(s State, c Command, env Env) (Batch, error) {
	c, err := given(c)
	if err != nil {
		return Batch{}, err
	}
	digest, err := commandDigest(s.Stream, c)
	if err != nil {
		return Batch{}, err
	}
	b := Batch{Stream: s.Stream, Expected: s.Version, Command: commandID(s.Stream, c), Digest: digest}
	if i := slices.IndexFunc(s.commands, func(a applied) bool { return a.id == b.Command }); i >= 0 {
		if s.commands[i].digest != digest {
			if concern, ok := c.(RaiseConcern); ok {
				return Plan(s, concern.another(digest), env)
			}
			return Batch{}, ErrCommandReused
		}
		b.setWakes(s, env)
		return b, nil
	}
	events, err := Decide(s, c, env)
	if err != nil {
		return Batch{}, err
	}
	if m, ok := c.(Migrate); ok {
		env, _ = m.next(s, env) // decided: it is there
	}
	after := s.clipped()
	for i, e := range events {
		r, err := record(s.Stream, s.Version+Version(i+1), e, c, b)
		if err != nil {
			return Batch{}, err
		}
		b.Records = append(b.Records, r)
		after = after.evolve(e)
		if err := b.add(after, e, c, env); err != nil {
			return Batch{}, err
		}
	}
	after.Version = s.Version + Version(len(events))
	b.Notices = append(b.Notices, intents(after, events)...)
	b.setWakes(after, env)
	return b, nil
}

// add adds what an event brings with it beside its record: the documents that a
// start or a migration pins, the stream of a planned follow-up.
func (b *Batch) add(s State, e Event, c Command, env Env) error {
	switch e := e.(type) {
	case Audit:
		if _, ok := e.Event.(audit.Started); ok {
			b.pin(env)
		}
	case Migrated:
		b.pin(env)
	case FollowUpPlanned:
		f, err := begin(s, e, c, env, *b)
		if err != nil {
			return err
		}
		b.FollowUps = append(b.FollowUps, f)
	case Cycle:
		return b.addCycle(s, e.Event, c, env)
	}
	return nil
}

// pin adds the documents by which an audit is decided from now on.
func (b *Batch) pin(env Env) {
	b.Documents = append(b.Documents,
		Document{Digest(env.Rubric.Ref().Digest), env.Rubric.Canonical()},
		Document{env.Policy.Digest(), env.Policy.Canonical()},
		Document{Digest(env.Calendar.Edition().Digest), env.Calendar.Canonical()})
}

// begin works out the first event of a follow-up's stream.
func begin(s State, planned FollowUpPlanned, c Command, env Env, b Batch) (FollowUp, error) {
	command := audit.Plan{
		Header: c.Head(), Kind: planned.Kind, Case: s.Audit.Case, People: s.Audit.People.Without(audit.RoleAuditor).Without(audit.RolePeerReviewer),
		Origin: s.carried(planned.Because, env), Start: planned.Start,
	}
	state := New(planned.Stream)
	events, err := audit.Decide(state.Audit, command, env.audit())
	if err != nil {
		return FollowUp{}, err
	}
	f := FollowUp{Stream: planned.Stream}
	for i, e := range events {
		r, err := record(planned.Stream, Version(i+1), Audit{e}, c, b)
		if err != nil {
			return FollowUp{}, err
		}
		f.Records = append(f.Records, r)
		state = Evolve(state, Audit{e})
	}
	f.Wakes = state.wakes(env)
	return f, nil
}

func record(s StreamID, v Version, e Event, c Command, b Batch) (Record, error) {
	data, err := encode(e)
	if err != nil {
		return Record{}, fmt.Errorf("the event %s cannot be stored: %w", e.Type(), err)
	}
	return Record{
		Stream: s, Version: v, Type: e.Type(), Data: data, At: c.Head().At,
		Actor: c.Head().Actor, Command: b.Command, Digest: b.Digest,
	}, nil
}

// setWakes sets the stream's wake-ups. Without an env, which an immediate concern
// does not need, those stored stay.
func (b *Batch) setWakes(s State, env Env) {
	if b.KeepWakes = env.Policy == nil || env.Calendar == nil; !b.KeepWakes {
		b.Wakes = s.wakes(env)
	}
}

// commandDigest is the SHA-256 of a command with its stream. The header's time,
// roles and version are left out: the same command sent again later is still
// the same.
func commandDigest(s StreamID, c Command) (Digest, error) {
	data, err := json.Marshal(c)
	if err != nil {
		return "", err
	}
	fields := map[string]json.RawMessage{}
	if err := json.Unmarshal(data, &fields); err != nil {
		return "", err
	}
	for _, f := range []string{"id", "at", "roles", "saw"} {
		delete(fields, f)
	}
	if data, err = json.Marshal(fields); err != nil {
		return "", err
	}
	sum := sha256.Sum256(slices.Concat([]byte(s), []byte{0}, []byte(c.Name()), []byte{0}, data))
	return Digest("sha256:" + hex.EncodeToString(sum[:])), nil
}

// commandID is the command's id. An immediate concern without one gets its
// digest and time, so that a missing id does not delay it, the same concern
// sent twice is one, and the same words on another day are another.
func commandID(s StreamID, c Command) CommandID {
	if id := c.Head().ID; id != "" {
		return id
	}
	at := c.Head().At.UTC().Format(time.RFC3339Nano)
	digest, err := commandDigest(s, c)
	if err != nil {
		return CommandID("concern@" + at)
	}
	return CommandID(string(digest) + "@" + at)
}

// another gives a concern an id of its own where its id was used before for
// something else: a mistake in ids must not silence it.
func (c RaiseConcern) another(digest Digest) RaiseConcern {
	c.ID += "/" + CommandID(digest)
	return c
}
