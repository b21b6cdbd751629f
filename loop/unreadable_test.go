package loop_test

import (
	"context"
	"errors"
	"iter"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/loop"
)

// newerStore is a store one of whose records a newer version wrote.
type newerStore struct{ loop.Store }

func (s newerStore) Load(ctx context.Context, stream loop.StreamID, after loop.Version) iter.Seq2[loop.Record, error] {
	return func(yield func(loop.Record, error) bool) {
		for r, err := range s.Store.Load(ctx, stream, after) {
			if r.Version == 3 {
				r.Type = "loop.from_the_future"
			}
			if !yield(r, err) {
				return
			}
		}
	}
}

func TestAConcernClimbsItsLadderOnAHistoryThatCannotBeRead(t *testing.T) {
	for _, tc := range []struct {
		name    string
		history func(loop.Store) loop.Store
	}{
		{"broken", func(s loop.Store) loop.Store { return unreadableStore{s} }},
		{"of a newer version", func(s loop.Store) loop.Store { return newerStore{s} }},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := newWalk(t, false)
			w.finalised()
			kept := w.store
			w.engine.Store = tc.history(kept)
			w.must(loop.RaiseConcern{Header: w.header("anyone"), Concern: secret})
			w.at("2026-04-15T18:20").tick()
			w.tick()
			want := []string{"divisional_manager:deputy"}
			if diff := cmp.Diff(want, w.delivered(loop.TopicUnacknowledged)); diff != "" {
				t.Errorf("told after two hours (-want +got):\n%s", diff)
			}
			w.at("2026-04-15T20:20").tick()
			if n := len(w.delivered(loop.TopicUnacknowledged)); n != 2 {
				t.Errorf("%d told after four hours, want 2", n)
			}
			for _, n := range w.notifier.Delivered() {
				if n.Topic == string(loop.TopicUnacknowledged) && n.To.Role == audit.RoleDirector {
					w.must(loop.Acknowledge{Header: w.header("director"), Notice: n.ID})
				}
			}
			w.at("2026-04-16T03:00").tick()
			if n := len(w.delivered(loop.TopicUnacknowledged)); n != 2 {
				t.Errorf("%d told after the acknowledgement, want 2", n)
			}
			w.engine.Store = kept
			w.at("2026-04-22T09:00").tick()
			if w.delivered(loop.TopicReminder) == nil {
				t.Error("once the history can be read, nobody is reminded of the action")
			}
		})
	}
}

func TestNothingElseIsDecidedOnAHistoryThatCannotBeRead(t *testing.T) {
	w := newWalk(t, true)
	w.finalised()
	w.engine.Store = unreadableStore{w.store}
	w.at("2026-04-16T03:00")
	ticked, err := w.engine.Tick(context.Background())
	if err == nil || !strings.Contains(err.Error(), "version 3") || errors.Is(err, loop.ErrNewerHistory) || strings.Contains(err.Error(), "acknowledge/") {
		t.Errorf("ticked %+v with %v, want the ladder climbed and the other wake-ups refused for version 3", ticked, err)
	}
	if who := w.delivered(loop.TopicUnacknowledged); len(who) != 3 {
		t.Errorf("told %v that nobody acknowledged, want three rungs", who)
	}
	if who := w.delivered(loop.TopicNoPlan); who != nil {
		t.Errorf("told %v that there is no plan, which nobody can know", who)
	}
}

// delivered lists who was told of a topic, as role:person.
func (w *walk) delivered(topic loop.Topic) []string {
	var who []string
	for _, n := range w.notifier.Delivered() {
		if n.Topic == string(topic) {
			who = append(who, string(n.To.Role)+":"+string(n.To.Person))
		}
	}
	return who
}

func TestALadderClimbsThoughItsPolicyCannotBeRead(t *testing.T) {
	w := newWalk(t, true)
	w.finalised()
	changed := strings.Replace(string(w.env.Policy.Canonical()), `"version":"2023-05"`, `"version":"2024-01"`, 1)
	policy, err := loop.ParsePolicy("changed.json", []byte(changed))
	if err != nil {
		t.Fatal(err)
	}
	w.engine.Env.Policy, w.engine.Store = policy, lostDocuments{w.store}
	w.at("2026-04-15T18:20")
	if _, err := w.engine.Tick(context.Background()); err == nil || !strings.Contains(err.Error(), loop.ErrUnknownDocument.Error()) {
		t.Errorf("the other wake-ups: %v, want %v", err, loop.ErrUnknownDocument)
	}
	if diff := cmp.Diff([]string{"divisional_manager:deputy"}, w.delivered(loop.TopicUnacknowledged)); diff != "" {
		t.Errorf("told (-want +got):\n%s", diff)
	}
}

// lostDocuments is a store that has lost its documents.
type lostDocuments struct{ loop.Store }

func (lostDocuments) Document(context.Context, loop.Digest) ([]byte, error) {
	return nil, loop.ErrUnknownDocument
}
