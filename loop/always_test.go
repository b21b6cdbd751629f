package loop_test

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/loop"
	"github.com/practiceaudit/practiceaudit/moderation"
	"github.com/practiceaudit/practiceaudit/rubric"
)

// What must always hold, whoever gives which command in which order. Each is
// looked at after every step of a town's life.

const (
	lifetime = 120 // steps
	each10th = 10  // there are many properties, and a life is long: each takes a tenth of the cases
)

func always(t *testing.T, check func(*town)) {
	alwaysBy(t, smallEnv, check)
}

// alwaysBy looks at the life of a town with other rules.
func alwaysBy(t *testing.T, rules func(testing.TB) loop.Env, check func(*town)) {
	sequential(t)
	env := rules(t)
	cases, failed := 0, false
	rapid.Check(t, func(r *rapid.T) {
		if cases++; cases%each10th != 0 && !failed { // a failure is tried again, to make it smaller
			return
		}
		defer func() { failed = failed || r.Failed() }()
		w := newTown(r, env)
		w.live(lifetime, func() { check(w) })
	})
}

// each looks at one stream after another, of those in which something happened.
func each(check func(*town, loop.StreamID, *story)) func(*town) {
	return func(w *town) {
		for _, s := range w.streams {
			if h := w.of(s); h.looked < len(h.records) {
				h.looked = len(h.records)
				check(w, s, h)
			}
		}
	}
}

// missesABottomLine says of answers whether a bottom line is not fully met, by the
// framework's sentences alone: by the other rubric, that the referral is clear is one.
func missesABottomLine(a rubric.Answers, by rubric.Ref) bool {
	if by.Version == "2" && a.Lines["referral"]["clear"] != rubric.Evidenced {
		return true
	}
	quick := a.Facts["received"] != "" && a.Facts["allocated"] == "2026-01-09T17:00" ||
		slices.ContainsFunc(a.Carried, func(l rubric.LineRef) bool { return l.Line == "quick" })
	agreed := a.Facts["consent"] == "refused" || a.Lines["referral"]["agreed"] == rubric.Evidenced
	alone := a.Lines["planning"]["alone"] == rubric.Evidenced
	return !quick || !agreed || !alone || len(a.MissedBottomLines) > 0
}

func TestNoFileWithAMissedBottomLineIsGradedAboveInadequate(t *testing.T) {
	always(t, each(func(w *town, s loop.StreamID, h *story) {
		a, m := h.state.Audit, h.state.Moderation
		if a.Final != nil && a.Phase == audit.PhaseFinalised && a.Final.Grade != "inadequate" && missesABottomLine(a.Answers(), a.Pins.Rubric) {
			w.Fatalf("%s is finalised as %s and misses a bottom line: %+v", s, a.Final.Grade, a.Answers())
		}
		if m.Phase == moderation.PhaseNone || m.Phase == moderation.PhaseAllocated {
			return // not moderated, or not for good
		}
		for v, g := range map[moderation.View]rubric.Grade{moderation.AsAtAudit: m.Final.AsAtAudit, moderation.Now: m.Final.Now} {
			if g != "inadequate" && missesABottomLine(m.Answers(a, v), a.Pins.Rubric) {
				w.Fatalf("%s is moderated as %s (%s) and misses a bottom line: %+v", s, g, v, m.Answers(a, v))
			}
		}
	}))
}

func TestNoDeepDiveClosesUnmoderated(t *testing.T) {
	always(t, each(func(w *town, s loop.StreamID, h *story) {
		moderated := false
		for _, r := range h.records {
			switch r.Type {
			case audit.TypeFinalised:
				moderated = false
			case moderation.TypeFinalised:
				moderated = true
			case moderation.TypeCommented, loop.TypeLoopClosed:
				if h.state.Audit.Kind == audit.DeepDive && !moderated {
					w.Fatalf("%s: %s without a moderation", s, r.Type)
				}
			}
		}
	}))
}

// finding is a record that finds a file Inadequate.
type finding struct {
	loop.Record
	topic loop.Topic
}

// findings are those of a stream. A correction is one if the audit it corrects was
// none.
func (h *story) findings(t *town) (all []finding) {
	last := rubric.Grade("")
	for _, r := range h.records {
		switch e := decoded(t, r).(type) {
		case loop.Audit:
			switch e := e.Event.(type) {
			case audit.Finalised:
				if last = e.Grade; last == "inadequate" {
					all = append(all, finding{r, loop.TopicInadequateAudit})
				}
			case audit.Corrected:
				if e.Outcome.Grade == "inadequate" && last != "inadequate" {
					all = append(all, finding{r, loop.TopicInadequateAudit})
				}
				last = e.Outcome.Grade
			}
		case loop.Moderation:
			if f, ok := e.Event.(moderation.Finalised); ok && (f.AsAtAudit == "inadequate" || f.Now == "inadequate") {
				all = append(all, finding{r, loop.TopicInadequateModeration})
			}
		}
	}
	return all
}

func decoded(t *town, r loop.Record) loop.Event {
	e, err := loop.DecodeEvent(r.Type, r.Data)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestEveryInadequateFindingIsToldOnceAndAConcernIsNeverRefused(t *testing.T) {
	told := each(func(w *town, s loop.StreamID, h *story) {
		type about struct {
			command loop.CommandID
			topic   loop.Topic
			role    audit.Role
			day     calendar.Date
		}
		intents, left := map[about]int{}, 0
		for _, n := range h.state.Notices {
			if n.Topic == loop.TopicInadequateAudit || n.Topic == loop.TopicInadequateModeration {
				left++
			}
		}
		for _, r := range h.records {
			if n, ok := decoded(w, r).(loop.Notified); ok {
				intents[about{r.Command, n.Topic, n.To.Role, calendar.DateOf(n.At)}]++
			}
		}
		for _, r := range h.findings(w) {
			for _, role := range []audit.Role{audit.RoleDivisionalManager, audit.RoleDirector} {
				if n := intents[about{r.Command, r.topic, role, calendar.DateOf(r.At)}]; n != 1 {
					w.Fatalf("%s: the finding of %s was told %d times to the %s", s, r.At, n, role)
				}
				left--
			}
		}
		if left != 0 {
			w.Fatalf("%s: %d notices of an Inadequate finding more than there are findings", s, left)
		}
	})
	always(t, func(w *town) {
		told(w)
		stream, h := loop.StreamID("nowhere"), audit.Header{}
		if n := len(w.streams); n > 0 {
			stream = w.streams[w.commands%n]
		}
		state := w.of(stream).state
		events, err := loop.Decide(state, loop.RaiseConcern{Header: h}, loop.Env{})
		if err != nil || len(events) < 4 {
			w.Fatalf("%s: a concern by nobody, of nothing, at no time: %d events, %v", stream, len(events), err)
		}
	})
}

func TestEveryFindingHasOneReAuditAndEveryClosureOneDipSample(t *testing.T) {
	always(t, each(func(w *town, s loop.StreamID, h *story) {
		want, got := map[audit.Kind]bool{audit.DeepDive: len(h.findings(w)) > 0}, map[audit.Kind]int{}
		policy := ""
		for _, r := range h.records {
			switch {
			case r.Type == audit.TypeStarted:
				policy = decoded(w, r).(loop.Audit).Event.(audit.Started).Pins.Policy
			case r.Type == loop.TypeMigrated:
				policy = decoded(w, r).(loop.Migrated).Pins.Policy
			case r.Type == moderation.TypeCommented:
				want[audit.DipSample] = want[audit.DipSample] || policy == string(w.env.Policy.Digest()) || w.env.Next.Policy.Samples(s)
			case r.Type == loop.TypeDipSampleChosen:
				want[audit.DipSample] = true
			case r.Type == loop.TypeFollowUpPlanned:
				planned := decoded(w, r).(loop.FollowUpPlanned)
				got[planned.Kind]++
				if follow := w.of(planned.Stream).state.Audit; follow.Origin == nil || follow.Origin.Stream != string(s) {
					w.Fatalf("%s: the planned %s is not there: %+v", s, planned.Kind, follow)
				}
			}
		}
		for _, k := range []audit.Kind{audit.DeepDive, audit.DipSample} {
			if n := got[k]; n > 1 || (n == 1) != want[k] {
				w.Fatalf("%s: %d follow-ups of kind %s, there should be one: %t", s, n, k, want[k])
			}
		}
	}))
}

func TestAuditorModeratorAndPractitionersAreDifferentPeople(t *testing.T) {
	always(t, each(func(w *town, s loop.StreamID, h *story) {
		a, m := h.state.Audit, h.state.Moderation
		auditors, moderators := append(a.Auditors(), a.Auditor), append(m.Moderators(), m.Moderator)
		for _, p := range staff {
			as := 0
			for _, of := range [][]audit.PersonID{auditors, moderators, a.Practitioners()} {
				if slices.Contains(of, p) {
					as++
				}
			}
			if as > 1 {
				w.Fatalf("%s: %s is two of auditor %v, moderator %v, practitioner %v", s, p, auditors, moderators, a.Practitioners())
			}
			if slices.Contains(auditors, p) && slices.Contains(a.People.Of(audit.RoleIRM), p) {
				w.Fatalf("%s: %s audits the file and reviews the child", s, p)
			}
		}
	}))
}

func TestTheLoopClosesWithEveryActionDoneAndByAManagerWhoDidNotModerate(t *testing.T) {
	always(t, each(func(w *town, s loop.StreamID, h *story) {
		closed := h.state.Closed
		if closed == nil {
			return
		}
		for _, t := range h.state.Tracker {
			switch {
			case t.Completed == nil || t.Confirmed == nil:
				w.Fatalf("%s is closed with action %s open", s, t.ID)
			case t.Completed.By == t.Confirmed.By:
				w.Fatalf("%s: %s confirmed what they completed", s, t.Confirmed.By)
			}
		}
		if slices.Contains(h.state.Moderation.Moderators(), closed.By) {
			w.Fatalf("%s is closed by %s, who moderated it", s, closed.By)
		}
		last := h.records[len(h.records)-1].Command
		now := slices.ContainsFunc(h.records, func(r loop.Record) bool { return r.Command == last && r.Type == loop.TypeLoopClosed }) // later, others may hold the role
		if now && !h.state.Audit.People.Holds(audit.RoleDivisionalManager, closed.By, calendar.DateOf(closed.At)) {
			w.Fatalf("%s is closed by %s, who is no Divisional Manager", s, closed.By)
		}
	}))
}

func TestAllIsKeptAndReplayingGivesTheSameState(t *testing.T) {
	always(t, each(func(w *town, s loop.StreamID, h *story) {
		replayed, at, judged := loop.New(s), 0, 0
		for r, err := range w.store.Load(context.Background(), s, 0) {
			if err != nil {
				w.Fatal(err)
			}
			if at >= len(h.records) || !reflect.DeepEqual(r, h.records[at]) {
				w.Fatalf("%s: record %d is not what it was", s, at+1)
			}
			switch e := decoded(w, r).(type) {
			case loop.Audit:
				if c, ok := e.Event.(audit.Corrected); ok {
					judged += len(c.Judgements)
				}
			}
			if r.Type == audit.TypeJudged || r.Type == moderation.TypeJudged {
				judged++
			}
			if replayed, err = loop.Fold(replayed, r); err != nil {
				w.Fatal(err)
			}
			at++
		}
		if at != len(h.records) || !reflect.DeepEqual(replayed, h.state) {
			w.Fatalf("%s: replaying %d records gives another state", s, at)
		}
		if n := len(replayed.Audit.Judgements) + len(replayed.Moderation.Judged); n != judged {
			w.Fatalf("%s: %d of %d judgements are kept", s, n, judged)
		}
	}))
}

func TestNoDeadlineFallsOnADayOffAndNoneComesEarlierForALaterStart(t *testing.T) {
	always(t, each(func(w *town, s loop.StreamID, h *story) {
		cal := w.envOf(h.state).Calendar
		for _, c := range h.state.Clocks() {
			if c.Due.Edition != cal.Edition().String() && h.state.Audit.Phase == audit.PhasePlanned {
				cal = w.env.Next.Calendar // moved, and not started
			}
			if c.Due.Period.IsZero() {
				continue // agreed between people
			}
			if working, err := cal.IsWorkingDay(c.Due.Due); err != nil || !working {
				w.Fatalf("%s: the clock %s is due on %s, a day off (%v)", s, c.Name, c.Due.Due.Long(), err)
			}
			for later := range 5 {
				d, err := cal.DeadlineFrom(c.Due.Start.AddDays(later), c.Due.Period, c.Due.Roll)
				if err != nil || d.Due.Before(c.Due.Due) || later == 0 && d.Due != c.Due.Due {
					w.Fatalf("%s: the clock %s is due on %s, and on %s if it starts %d days later (%v)", s, c.Name, c.Due.Due, d.Due, later, err)
				}
			}
		}
	}))
}

func TestAnAuditIsGradedByTheRubricItStartedWith(t *testing.T) {
	other := haltonEnv(t).Rubric
	always(t, each(func(w *town, s loop.StreamID, h *story) {
		var pinned *audit.Pins
		for _, r := range h.records {
			switch r.Type {
			case audit.TypeStarted:
				pins := decoded(w, r).(loop.Audit).Event.(audit.Started).Pins
				pinned = &pins
			case loop.TypeMigrated:
				if pinned != nil {
					pins := decoded(w, r).(loop.Migrated).Pins
					pinned = &pins
				}
			}
		}
		if pinned == nil {
			return
		}
		if h.state.Audit.Pins != *pinned {
			w.Fatalf("%s: pinned to %+v, started with %+v", s, h.state.Audit.Pins, *pinned)
		}
		var refused *loop.PinError
		_, err := loop.Decide(h.state, audit.Finalise{Header: audit.Header{ID: "x", At: w.now, Actor: "ann"}}, loop.Env{Rubric: other, Calendar: w.env.Calendar, Policy: w.env.Policy})
		if !errors.As(err, &refused) {
			w.Fatalf("%s: decided by another rubric: %v", s, err)
		}
	}))
}

func TestAnyCommandTwiceHasTheEffectOfOne(t *testing.T) {
	always(t, func(w *town) {
		if len(w.done) == 0 {
			return
		}
		before := w.feed()
		for _, g := range []answered{w.done[len(w.done)-1], w.done[w.commands%len(w.done)]} {
			receipt, _, err := w.do(g.stream, g.command)
			first := g.receipt
			first.Replayed = true
			if err != nil || receipt != first {
				w.Fatalf("%s again: %+v, %v; the first was %+v", g.command.Name(), receipt, err, g.receipt)
			}
		}
		if after := w.feed(); after != before {
			w.Fatalf("the feed grew from %d to %d", before, after)
		}
	})
}

// feed is how many records there are.
func (w *town) feed() int {
	n := 0
	for range w.store.Feed(context.Background(), 0) {
		n++
	}
	return n
}

// A town that never comes somewhere shows nothing of it: every command of the policy
// is given in one and, if there are towns enough, accepted.
func TestATownGivesEveryCommand(t *testing.T) {
	sequential(t)
	env := smallEnv(t)
	accepted := map[string]int{}
	lives := 0
	rapid.Check(t, func(r *rapid.T) {
		if lives++; lives%2 != 0 {
			return
		}
		w := newTown(r, env)
		w.live(lifetime, func() {})
		for _, a := range w.done {
			accepted[a.command.Name()]++
		}
	})
	for name := range env.Policy.May {
		switch {
		case draws[name] == nil:
			t.Errorf("no town gives %s", name)
		case accepted[name] == 0 && lives > 400:
			t.Errorf("%s was never accepted", name)
		}
	}
	t.Log(accepted)
}

// sequential skips a long test that runs nothing at the same time as anything else
// where only that is looked for: under the race detector, with -short.
func sequential(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("long, and nothing in it runs at the same time as anything else")
	}
}
