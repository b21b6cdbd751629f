package loop

import (
	"context"
	"fmt"

	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/rubric"
)

// EnvOf returns what a stream is decided by: the engine's own Env until the
// audit starts, from then on the rubric, the policy and the calendar that it was
// pinned to, read from the store if they are no longer the engine's. Its Next is
// always the engine's own: what a migration moves to.
func (e *Engine) EnvOf(ctx context.Context, s State) (Env, error) {
	env, pins := e.Env, s.Audit.Pins
	env.Next = &Env{Rubric: env.Rubric, Calendar: env.Calendar, Policy: env.Policy}
	if pins.Policy == "" || env.Rubric == nil || env.Policy == nil {
		return env, nil
	}
	if pins.Rubric.Digest != env.Rubric.Ref().Digest {
		r, err := document(ctx, e, Digest(pins.Rubric.Digest), rubric.Parse)
		if err != nil {
			return env, err
		}
		env.Rubric = r
	}
	if pins.Policy != string(env.Policy.Digest()) {
		p, err := document(ctx, e, Digest(pins.Policy), ParsePolicy)
		if err != nil {
			return env, err
		}
		env.Policy = p
	}
	if env.Calendar != nil && pins.Calendar != env.Calendar.Edition() {
		c, err := document(ctx, e, Digest(pins.Calendar.Digest), func(_ string, src []byte) (*calendar.Calendar, error) { return calendar.ParseCalendar(src) })
		if err != nil {
			return env, err
		}
		env.Calendar = c
	}
	return env, nil
}

// document reads a pinned document once and keeps what it says.
func document[T any](ctx context.Context, e *Engine, d Digest, parse func(string, []byte) (*T, error)) (*T, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if known, ok := e.pinned[d].(*T); ok {
		return known, nil
	}
	data, err := e.Store.Document(ctx, d)
	if err != nil {
		return nil, err
	}
	parsed, err := parse(string(d), data)
	if err != nil {
		return nil, fmt.Errorf("the pinned document %s cannot be read by this version: %w", d, err)
	}
	if e.pinned == nil {
		e.pinned = map[Digest]any{}
	}
	e.pinned[d] = parsed
	return parsed, nil
}
