package loop_test

import (
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/practiceaudit/practiceaudit/loop"
)

// Two futures of one state, each begun before the other is done, leave it and each
// other as they were.
func TestStatesAreValues(t *testing.T) {
	sequential(t)
	env := smallEnv(t)
	cases, failed := 0, false
	rapid.Check(t, func(r *rapid.T) {
		if cases++; cases%each10th != 0 && !failed {
			return
		}
		defer func() { failed = failed || r.Failed() }()
		w := newTown(r, env)
		w.live(lifetime, func() {})
		for _, s := range w.streams {
			var events []loop.Event
			for _, record := range w.of(s).records {
				events = append(events, decoded(w, record))
			}
			at := w.number(0, len(events), "at")
			before := loop.Evolve(loop.New(s), events[:at]...)
			future := loop.Evolve(before, events[at:]...)
			other := slices.Clone(events)
			slices.Reverse(other)
			loop.Evolve(before, other...)
			step := loop.New(s)
			for _, e := range events {
				step = loop.Evolve(step, e)
			}
			if !reflect.DeepEqual(step, future) {
				r.Fatalf("%s: another future of version %d changed this one", s, at)
			}
			if !reflect.DeepEqual(before, loop.Evolve(loop.New(s), events[:at]...)) {
				r.Fatalf("%s: what came after version %d changed it", s, at)
			}
		}
	})
}
