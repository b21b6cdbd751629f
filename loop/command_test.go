package loop_test

import (
	"testing"
	"time"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/loop"
	"github.com/practiceaudit/practiceaudit/moderation"
)

func TestAPointerToACommandIsTheCommand(t *testing.T) {
	w := newWalk(t, true)
	w.finalised()
	concern := loop.RaiseConcern{Header: w.header("anyone"), Concern: secret}
	w.must(&concern)
	w.must(concern) // the same one again
	if n := len(w.state().Concerns); n != 1 {
		t.Errorf("%d concerns, want 1", n)
	}
	w.must(&moderation.Allocate{Header: w.header("qa"), Moderator: "moderator"})
	w.must(&loop.RecordPlan{Header: w.header("dm"), Plan: secret})
	if _, err := loop.Decide(w.state(), &loop.SendTracker{Header: w.header("manager")}, w.env); err == nil {
		t.Error("the tracker was sent before the moderation")
	}
}

func TestAConcernIsNotRefusedForItsTime(t *testing.T) {
	for _, tc := range []struct {
		name string
		at   time.Time
	}{
		{"none", time.Time{}},
		{"a year that cannot be written", time.Date(12026, 1, 1, 0, 0, 0, 0, time.UTC)},
		{"a year before the first", time.Date(-5, 1, 1, 0, 0, 0, 0, time.UTC)},
		{"the last day that can be written", time.Date(9999, 12, 31, 23, 0, 0, 0, time.UTC)},
		{"the end of time", time.Unix(1<<62, 0)},
		{"a zone that cannot be written", time.Date(2026, 4, 15, 17, 0, 0, 0, time.FixedZone("", 30*60*60))},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := newWalk(t, true)
			w.finalised()
			h := w.header("anyone")
			h.At = tc.at
			w.must(loop.RaiseConcern{Header: h, Concern: secret})
			if n := len(told(w.state(), loop.TopicConcern)); n != 3 {
				t.Errorf("%d told, want 3", n)
			}
		})
	}
}

func TestACommandOfATimeThatCannotBeWrittenIsRefusedInPlainWords(t *testing.T) {
	w := newWalk(t, true)
	w.finalised()
	c := loop.RecordPlan{Header: w.header("dm"), Plan: secret}
	c.At = time.Date(12026, 1, 1, 0, 0, 0, 0, time.UTC)
	w.wantRefused("header", c)
}

// forged is no command of the library, though it has the methods of one.
type forged struct{ loop.Command }

func TestWhatIsNoCommandIsRefusedWithoutAPanic(t *testing.T) {
	w := newWalk(t, true)
	w.finalised()
	for _, tc := range []struct {
		name string
		c    loop.Command
	}{
		{"nothing", nil},
		{"a pointer to no concern", (*loop.RaiseConcern)(nil)},
		{"a pointer to no command of the audit", (*audit.Finalise)(nil)},
		{"a type of somebody else's", forged{}},
		{"a pointer to one", &forged{}},
		{"a type that holds a command of the audit", struct{ audit.Command }{}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if _, err := loop.Decide(w.state(), tc.c, w.env); err == nil {
				t.Error("decided")
			}
			if _, err := loop.Plan(w.state(), tc.c, w.env); err == nil {
				t.Error("planned")
			}
			if rules := w.refusedBy(tc.c); len(rules) != 1 || rules[0] != "command" {
				t.Errorf("refused by %v, want command", rules)
			}
		})
	}
}
