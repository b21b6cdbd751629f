package loop_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/loop"
)

// keepsSafe reports whether a wake-up is for a ladder, an action or the practice
// standards.
func keepsSafe(w loop.Wake) bool {
	for _, name := range []string{loop.LadderAcknowledge, loop.LadderPlan, loop.ClockActions, loop.ClockStandard} {
		if strings.Contains(string(w.ID), "/"+name+"/") {
			return true
		}
	}
	return false
}

// forSafety are the commands that keep a child safe, given in a state at a moment by
// everybody.
func (w *town) forSafety(s loop.State) (all []loop.Command) {
	for _, who := range staff {
		h := audit.Header{ID: "x", At: w.now, Actor: who, Roles: signIn[who]}
		all = append(all, loop.RaiseConcern{Header: h, Concern: secret}, loop.RecordPlan{Header: h, Plan: secret})
		for _, n := range s.Notices {
			all = append(all, loop.Acknowledge{Header: h, Notice: n.ID})
		}
		for _, t := range s.Tracker {
			all = append(all,
				loop.CompleteAction{Header: h, Action: t.ID, Evidence: secret}, loop.ConfirmAction{Header: h, Action: t.ID},
				loop.AgreeDate{Header: h, Action: t.ID, Due: h.On().AddDays(5), With: "hal", Because: secret})
		}
	}
	return all
}

// Whatever keeps a child safe is decided in a suspended audit as in any, and what
// would be told of it is told at the same moments, while the audit rests and after.
func TestASuspensionDelaysNothingThatKeepsAChildSafe(t *testing.T) {
	always(t, each(func(w *town, id loop.StreamID, h *story) {
		s, env := h.state, w.envOf(h.state)
		if s.Audit.Phase == audit.PhaseNone || s.Suspended != nil {
			return
		}
		s.Resumed = nil // a suspension before has had its effect
		rests := loop.Evolve(s, loop.Suspended{By: "bea", At: w.now, Ground: loop.GroundDeath, Because: secret})
		resumed := loop.Evolve(rests, loop.Resumed{By: "bea", At: w.now.AddDate(0, 1, 0), Because: secret})
		for name, other := range map[string]loop.State{"suspended": rests, "resumed": resumed} {
			if diff := cmp.Diff(w.wakesFor(s, env), w.wakesFor(other, env), cmpopts.EquateEmpty()); diff != "" {
				w.Fatalf("%s: wake-ups of a running audit and of one %s (-running +%s):\n%s", id, name, name, diff)
			}
			for _, c := range w.forSafety(s) {
				want, err := loop.Decide(s, c, env)
				got, otherErr := loop.Decide(other, c, env)
				if !reflect.DeepEqual(got, want) || (err == nil) != (otherErr == nil) {
					w.Fatalf("%s: %s by %s gives %v (%v) in a running audit, %v (%v) in one %s", id, c.Name(), c.Head().Actor, want, err, got, otherErr, name)
				}
			}
		}
	}))
}

// wakesFor are the wake-ups that keep a child safe, of a state.
func (w *town) wakesFor(s loop.State, env loop.Env) (kept []loop.Wake) {
	ask := loop.AskAdvice{Header: audit.Header{ID: "ask", At: w.now, Actor: "ann", Roles: signIn["ann"]}, Question: secret}
	batch, err := loop.Plan(s, ask, env)
	if err != nil {
		w.Fatal(err)
	}
	for _, wake := range batch.Wakes {
		if keepsSafe(wake) {
			kept = append(kept, wake)
		}
	}
	return kept
}
