package loop

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/practiceaudit/practiceaudit/audit"
)

// Engine gives commands to a store, wakes what is due and delivers what is
// pending: [Plan] over a [Store] and a [Notifier]. It is safe for concurrent
// use, by any number of engines on one store. It starts no goroutine: call
// [Engine.Tick] as often as notices may wait, every few seconds say.
type Engine struct {
	Store    Store
	Notifier Notifier
	Env      Env              // for audits that have not started yet
	Now      func() time.Time // the app's clock

	mu     sync.Mutex
	pinned map[Digest]any // *rubric.Rubric, *Policy or *calendar.Calendar, by digest
}

// Attempts is how often a notice that nobody must acknowledge is tried before
// it is parked for a person to look at. Critical notices are tried for ever.
const Attempts = 20

// conflicts is how often a command is planned again because another came first.
const conflicts = 100

// State returns a stream as it is now.
func (e *Engine) State(ctx context.Context, s StreamID) (State, error) {
	state := New(s)
	for r, err := range e.Store.Load(ctx, s, 0) {
		if err != nil {
			return state, err
		}
		if state, err = state.fold(r); err != nil {
			return state, &unreadError{s, r.Version, err}
		}
	}
	return state, nil
}

// unreadError says which record of a stream cannot be read.
type unreadError struct {
	stream  StreamID
	version Version
	err     error
}

func (e *unreadError) Error() string {
	return fmt.Sprintf("stream %s, version %d: %v", e.stream, e.version, e.err)
}

func (e *unreadError) Unwrap() error { return e.err }

// readable returns a stream as far as its records can be read; a record that
// cannot counts as one of a newer version.
func (e *Engine) readable(ctx context.Context, s StreamID) (State, error) {
	state := New(s)
	for r, err := range e.Store.Load(ctx, s, 0) {
		if err != nil {
			return state, err
		}
		folded, err := state.fold(r)
		if err != nil {
			unknown := Unknown{Name: r.Type, Data: r.Data}
			folded = state.evolve(unknown).recorded(unknown, r)
		}
		state = folded
	}
	return state, nil
}

// Do gives a command to a stream and returns once what it led to is durable.
// The same command given again is answered with the first receipt. Its errors
// are those of [Plan] and of the store.
func (e *Engine) Do(ctx context.Context, s StreamID, c Command) (Receipt, error) {
	c, err := given(c)
	if err != nil {
		return Receipt{}, err
	}
	for range conflicts {
		var receipt Receipt
		receipt, err = e.once(ctx, s, c)
		var conflict *ConflictError
		_, concern := c.(RaiseConcern)
		if !errors.As(err, &conflict) || c.Head().Saw != 0 && !concern {
			return receipt, err
		}
	}
	return Receipt{}, err
}

func (e *Engine) once(ctx context.Context, s StreamID, c Command) (Receipt, error) {
	state, unread, err := e.stateFor(ctx, s, c)
	if err != nil {
		return Receipt{}, err
	}
	env, err := e.EnvOf(ctx, state)
	if err != nil && !urgent(c) {
		return Receipt{}, err
	}
	unread = errors.Join(unread, err)
	if _, starts := c.(audit.Start); starts && state.Audit.Origin != nil {
		origin, err := e.State(ctx, StreamID(state.Audit.Origin.Stream))
		if err != nil {
			return Receipt{}, err
		}
		env.Origin = &origin
	}
	batch, err := Plan(state, c, env)
	switch {
	case unread != nil && errors.Is(err, ErrNewerHistory): // that is only what it counts as
		return Receipt{}, unread
	case err != nil:
		return Receipt{}, errors.Join(unread, err)
	}
	receipt, err := e.Store.Commit(ctx, batch)
	if c, ok := c.(RaiseConcern); ok && errors.Is(err, ErrCommandReused) {
		return e.once(ctx, s, c.another(batch.Digest))
	}
	return receipt, err
}

// urgent reports whether a command is tried though not everything can be read:
// what keeps a child safe does not wait for a repair. [Decide] has the last word.
func urgent(c Command) bool {
	switch c.(type) {
	case RaiseConcern, Acknowledge, WakeUp:
		return true
	}
	return false
}

// stateFor returns the state that a command is decided on. Where a record cannot
// be read, an urgent command gets the rest, and unread says which it is.
func (e *Engine) stateFor(ctx context.Context, s StreamID, c Command) (state State, unread, err error) {
	state, err = e.State(ctx, s)
	var broken *unreadError
	if urgent(c) && errors.As(err, &broken) {
		state, err = e.readable(ctx, s)
		return state, broken, err
	}
	return state, nil, err
}

// Ticked says what one [Engine.Tick] did.
type Ticked struct {
	Woken     int // wake-ups given
	Delivered int
	Failed    int // deliveries to be tried again, or parked
}

// batchSize is how many wake-ups or notices a tick asks the store for at a time.
const batchSize = 100

// Tick wakes everything that is due and delivers everything that is pending.
// A notice that cannot be delivered is tried again later and holds up no other.
// The error joins what went wrong; the rest was done.
func (e *Engine) Tick(ctx context.Context) (Ticked, error) {
	var t Ticked
	now := e.Now()
	err := e.wake(ctx, now, &t)
	return t, errors.Join(err, e.deliver(ctx, now, &t))
}

func (e *Engine) wake(ctx context.Context, now time.Time, t *Ticked) error {
	tried := map[WakeID]bool{}
	var errs []error
	for {
		due, err := e.Store.Due(ctx, now, batchSize+len(tried))
		if err != nil {
			return errors.Join(append(errs, err)...)
		}
		progress := false
		for _, w := range due {
			if tried[w.ID] {
				continue
			}
			tried[w.ID], progress = true, true
			if _, err := e.Do(ctx, w.Stream, NewWakeUp(w)); err != nil {
				errs = append(errs, fmt.Errorf("wake-up %s: %w", w.ID, err))
				continue
			}
			t.Woken++
		}
		if !progress {
			return errors.Join(errs...)
		}
	}
}

func (e *Engine) deliver(ctx context.Context, now time.Time, t *Ticked) error {
	tried := map[NoticeID]bool{}
	for {
		pending, err := e.Store.Pending(ctx, now, batchSize+len(tried))
		if err != nil {
			return err
		}
		progress := false
		for _, n := range pending {
			if tried[n.ID] {
				continue
			}
			tried[n.ID], progress = true, true
			outcome := e.attempt(ctx, n, now)
			if err := e.Store.Attempted(ctx, n.ID, outcome); err != nil {
				return fmt.Errorf("notice %s: %w", n.ID, err)
			}
			if outcome.Delivered {
				t.Delivered++
			} else {
				t.Failed++
			}
		}
		if !progress {
			return nil
		}
	}
}

// attempt delivers a notice once and says what is to become of it.
func (e *Engine) attempt(ctx context.Context, n Notice, now time.Time) Outcome {
	err := e.Notifier.Notify(ctx, n)
	switch {
	case err == nil:
		return Outcome{Delivered: true}
	case n.Attempts+1 >= Attempts && !n.Critical:
		return Outcome{Parked: err.Error()}
	}
	return Outcome{Retry: now.Add(backoff(n.Attempts)), Cause: err.Error()}
}

// backoff doubles from half a minute to an hour.
func backoff(attempts int) time.Duration {
	return min(30*time.Second<<min(attempts, 10), time.Hour)
}
