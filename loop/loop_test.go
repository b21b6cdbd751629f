package loop_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/loop"
	"github.com/practiceaudit/practiceaudit/loop/looptest"
	"github.com/practiceaudit/practiceaudit/moderation"
	"github.com/practiceaudit/practiceaudit/rubric"
)

// told lists who has a notice on a topic, as role:person.
func told(s loop.State, topic loop.Topic) []string {
	var who []string
	for _, n := range s.Notices {
		if n.Topic == topic {
			who = append(who, string(n.To.Role)+":"+string(n.To.Person))
		}
	}
	return who
}

func TestInadequateFindingTellsManagerAndDirectorOnceTheSameDay(t *testing.T) {
	w := newWalk(t, true)
	w.finalised()
	s := w.state()
	want := []string{"divisional_manager:dm", "director:director"}
	if diff := cmp.Diff(want, told(s, loop.TopicInadequateAudit)); diff != "" {
		t.Errorf("told of the Inadequate audit (-want +got):\n%s", diff)
	}
	for _, n := range s.Notices {
		if n.Topic != loop.TopicInadequateAudit {
			continue
		}
		if calendar.DateOf(n.At) != calendar.DateOf(s.Audit.Final.At) {
			t.Errorf("the finding is of %s, its notice of %s", s.Audit.Final.At, n.At)
		}
		if !n.Critical || !strings.Contains(n.Subject, "no plan yet") {
			t.Errorf("notice %q, critical %t; want a critical one that says there is no plan yet", n.Subject, n.Critical)
		}
	}
}

func TestInadequateFindingSaysWhenAPlanIsRecorded(t *testing.T) {
	w := newWalk(t, true)
	w.met()
	w.must(loop.RecordPlan{Header: w.header("dm"), Plan: secret})
	w.at("2026-04-15T16:20").must(audit.Finalise{Header: w.header("auditor")})
	for _, n := range w.state().Notices {
		if n.Topic == loop.TopicInadequateAudit && !strings.Contains(n.Subject, "plan recorded") {
			t.Errorf("notice %q does not say that a plan is recorded", n.Subject)
		}
	}
	w.at("2026-04-15T23:59").tick()
	if who := told(w.state(), loop.TopicNoPlan); who != nil {
		t.Errorf("told %v that there is no plan; there is one", who)
	}
}

func TestAnInadequateFindingHasOneReAuditAndEveryClosureOneDipSample(t *testing.T) {
	w := newWalk(t, true)
	w.loopClosed()
	s := w.state()
	var kinds []audit.Kind
	for _, f := range s.FollowUps {
		kinds = append(kinds, f.Kind)
		follow, err := w.engine.State(context.Background(), f.Stream)
		if err != nil {
			t.Fatal(err)
		}
		if follow.Audit.Phase != audit.PhasePlanned || follow.Audit.StartOn != f.Start.Due || follow.Audit.Origin.Stream != string(w.stream) {
			t.Errorf("%s: phase %s, starts %s, from %s", f.Kind, follow.Audit.Phase, follow.Audit.StartOn, follow.Audit.Origin.Stream)
		}
	}
	if diff := cmp.Diff([]audit.Kind{audit.DeepDive, audit.DipSample}, kinds); diff != "" {
		t.Errorf("follow-ups (-want +got):\n%s", diff)
	}
	if s.FollowUps[0].Start.Due != day(t, "2026-05-15") || s.FollowUps[1].Start.Due != day(t, "2026-08-03") {
		t.Errorf("re-audit %s, dip sample %s; want one month after 15 April, and three after 1 May rolled to a Monday", s.FollowUps[0].Start.Due, s.FollowUps[1].Start.Due)
	}
}

func TestAGoodFileHasNoReAuditAndOneDipSample(t *testing.T) {
	w := newWalk(t, false)
	w.loopClosed()
	s := w.state()
	if len(s.FollowUps) != 1 || s.FollowUps[0].Kind != audit.DipSample {
		t.Errorf("follow-ups %v, want one dip sample", s.FollowUps)
	}
	if who := told(s, loop.TopicInadequateAudit); who != nil {
		t.Errorf("told %v of an Inadequate audit", who)
	}
}

func TestImmediateConcernIsNeverRefused(t *testing.T) {
	concern := func(h audit.Header) loop.RaiseConcern { return loop.RaiseConcern{Header: h, Concern: secret} }
	newer := loop.Evolve(loop.New("s"), loop.Unknown{Name: "loop.from_the_future"})
	env := haltonEnv(t)
	w := newWalk(t, true)
	w.loopClosed()
	for _, tc := range []struct {
		name  string
		state loop.State
		h     audit.Header
		env   loop.Env
	}{
		{"before there is an audit", loop.New("s"), audit.Header{ID: "c", At: time.Now(), Actor: "anyone"}, env},
		{"in a history of a newer version", newer, audit.Header{ID: "c", At: time.Now(), Actor: "anyone"}, env},
		{"after the loop is closed", w.state(), audit.Header{ID: "c", At: time.Now(), Actor: "anyone"}, env},
		{"with nothing in the header", w.state(), audit.Header{}, env},
		{"with neither rubric nor calendar nor policy", w.state(), audit.Header{ID: "c"}, loop.Env{}},
		{"by someone who looked at an old version", w.state(), audit.Header{ID: "c", Saw: 1}, env},
	} {
		t.Run(tc.name, func(t *testing.T) {
			b, err := loop.Plan(tc.state, concern(tc.h), tc.env)
			if err != nil {
				t.Fatalf("refused: %v", err)
			}
			var roles []audit.Role
			for _, n := range b.Notices {
				roles = append(roles, n.To.Role)
				if !n.Critical {
					t.Errorf("the notice to %s is not critical", n.To.Role)
				}
			}
			want := []audit.Role{audit.RoleDivisionalManager, audit.RoleTeamManager, audit.RoleDirector}
			if !slices.Equal(roles, want) {
				t.Errorf("told %v, want %v", roles, want)
			}
			if _, err := loop.NewMemoryStore().Commit(context.Background(), withoutHistory(b)); err != nil {
				t.Errorf("not storable: %v", err)
			}
		})
	}
}

// withoutHistory lets a batch be committed to an empty store.
func withoutHistory(b loop.Batch) loop.Batch {
	b.Expected = 0
	for i := range b.Records {
		b.Records[i].Version = loop.Version(i + 1)
	}
	return b
}

func TestAnUnansweredAlertClimbsItsLadder(t *testing.T) {
	w := newWalk(t, true)
	w.finalised()
	w.tick()
	w.at("2026-04-15T18:19").tick()
	if who := told(w.state(), loop.TopicUnacknowledged); who != nil {
		t.Errorf("told %v before two hours", who)
	}
	w.at("2026-04-15T18:20").tick()
	w.at("2026-04-19T03:00").tick() // a Sunday night: nothing waits for a working day
	want := []string{"divisional_manager:deputy", "director:director", "out_of_hours_manager:"}
	if diff := cmp.Diff(want, told(w.state(), loop.TopicUnacknowledged)); diff != "" {
		t.Errorf("told (-want +got):\n%s", diff)
	}
	w.tick()
	if got := len(told(w.state(), loop.TopicUnacknowledged)); got != 3 {
		t.Errorf("%d notices of the ladder after another tick, want 3", got)
	}
}

func TestAnAcknowledgedAlertDoesNotClimb(t *testing.T) {
	w := newWalk(t, true)
	w.finalised()
	for _, n := range w.state().Notices {
		if n.Topic == loop.TopicInadequateAudit {
			w.must(loop.Acknowledge{Header: w.header(n.To.Person), Notice: n.ID})
		}
	}
	w.at("2026-04-16T03:00").tick()
	if who := told(w.state(), loop.TopicUnacknowledged); who != nil {
		t.Errorf("told %v though it was acknowledged", who)
	}
	if who := told(w.state(), loop.TopicNoPlan); len(who) != 3 {
		t.Errorf("told %v that there is no plan, want three rungs: an acknowledgement is no plan", who)
	}
}

func TestEscalationForWantOfAPlanStaysOnTheSameDay(t *testing.T) {
	w := newWalk(t, true)
	w.met()
	w.at("2026-04-15T23:59").must(audit.Finalise{Header: w.header("auditor")})
	w.at("2026-04-16T09:00").tick()
	if n := len(told(w.state(), loop.TopicNoPlan)); n != 3 {
		t.Errorf("%d escalations, want 3", n)
	}
	for _, n := range w.state().Notices {
		if n.Topic == loop.TopicNoPlan && calendar.DateOf(n.At) != day(t, "2026-04-15") {
			t.Errorf("escalated on %s", n.At)
		}
	}
}

func TestTheSameCommandTwiceHasTheEffectOfOne(t *testing.T) {
	w := newWalk(t, true)
	w.finalised()
	ctx := context.Background()
	c := loop.RecordPlan{Header: w.header("dm"), Plan: secret}
	first, err := w.engine.Do(ctx, w.stream, c)
	if err != nil {
		t.Fatal(err)
	}
	w.must(loop.RaiseConcern{Header: w.header("pm"), Concern: secret})
	c.At = c.At.Add(time.Hour) // sent again later
	again, err := w.engine.Do(ctx, w.stream, c)
	if err != nil {
		t.Fatal(err)
	}
	if !again.Replayed || again.Version != first.Version || again.Position != first.Position {
		t.Errorf("first %+v, again %+v", first, again)
	}
	if n := len(w.state().Plans); n != 1 {
		t.Errorf("%d plans", n)
	}
	c.Plan = "another plan under the same id"
	if _, err := w.engine.Do(ctx, w.stream, c); !errors.Is(err, loop.ErrCommandReused) {
		t.Errorf("another command under the same id: %v", err)
	}
}

func TestReplayingTheRecordsGivesTheSameState(t *testing.T) {
	w := newWalk(t, true)
	w.loopClosed()
	var records []loop.Record
	planned := loop.New(w.stream)
	for r, err := range w.store.Load(context.Background(), w.stream, 0) {
		if err != nil {
			t.Fatal(err)
		}
		records = append(records, r)
		e, err := loop.DecodeEvent(r.Type, r.Data)
		if err != nil {
			t.Fatal(err)
		}
		planned = loop.Evolve(planned, e)
	}
	planned.Version, planned.Last = w.state().Version, w.state().Last
	if diff := cmp.Diff(w.state(), planned, exportState()); diff != "" {
		t.Errorf("fold and evolve differ:\n%s", diff)
	}
	if int(w.state().Version) != len(records) {
		t.Errorf("version %d after %d records", w.state().Version, len(records))
	}
}

func TestNoticesCarryNoFreeText(t *testing.T) {
	w := newWalk(t, true)
	w.loopClosed()
	w.at("2026-06-30T09:00").tick()
	delivered := w.notifier.Delivered()
	if len(delivered) < 20 {
		t.Fatalf("only %d notices: the walk tells too few to test", len(delivered))
	}
	for _, n := range delivered {
		if strings.Contains(n.Subject+n.Body+n.Why, secret) {
			t.Errorf("notice %s on %s carries free text", n.ID, n.Topic)
		}
		if n.Case != "104233" || strings.ContainsAny(n.Subject+n.Body, "{}") {
			t.Errorf("notice %s on %s: case %q, %q", n.ID, n.Topic, n.Case, n.Body)
		}
	}
}

func TestRefusalsSayWhichRule(t *testing.T) {
	for _, tc := range []struct {
		name string
		to   func(*walk)
		c    func(*walk) loop.Command
		rule string
	}{
		{"a file open for less than four weeks", func(w *walk) {}, func(w *walk) loop.Command {
			return audit.Select{Header: w.at("2026-04-01T10:00").header("qa"), Kind: audit.DeepDive, People: people, Case: audit.Case{Number: "1", OpenedOn: day(t, "2026-03-05")}}
		}, "eligible"},
		{"an auditor who works with the child", (*walk).selected, func(w *walk) loop.Command {
			return audit.Start{Header: w.at("2026-04-07T09:00").header("qa"), Auditor: "practitioner"}
		}, "separation.practitioner"},
		{"a start before the 7th", (*walk).selected, func(w *walk) loop.Command {
			return audit.Start{Header: w.at("2026-04-06T09:00").header("qa"), Auditor: "auditor"}
		}, "start"},
		{"a meeting before the reflection", (*walk).started, func(w *walk) loop.Command {
			return audit.Meet{Header: w.at("2026-04-08T09:00").header("auditor"), HeldOn: day(t, "2026-04-08")}
		}, "reflection"},
		{"a judgement above the limit", (*walk).met, func(w *walk) loop.Command {
			return audit.Judge{Header: w.header("auditor"), Section: audit.Overall, Grade: "good", Rationale: secret}
		}, "limit"},
		{"finalising by somebody else", (*walk).met, func(w *walk) loop.Command {
			return audit.Finalise{Header: w.header("pm")}
		}, "role"},
		{"a moderator who audited", (*walk).finalised, func(w *walk) loop.Command {
			return moderation.Allocate{Header: w.header("qa"), Moderator: "auditor"}
		}, "separation.auditor"},
		{"a moderator's grade above the limit", (*walk).moderatorAllocated, func(w *walk) loop.Command {
			return moderation.Judge{Header: w.header("moderator"), View: moderation.Now, Grade: "good", Rationale: secret}
		}, "limit"},
		{"final comments before the check", (*walk).moderated, func(w *walk) loop.Command {
			return moderation.Comment{Header: w.header("checker"), Comments: secret}
		}, "phase"},
		{"the tracker before the moderation", (*walk).finalised, func(w *walk) loop.Command {
			return loop.SendTracker{Header: w.header("manager")}
		}, "phase"},
		{"confirming one's own action", (*walk).ownAction, func(w *walk) loop.Command {
			return loop.ConfirmAction{Header: w.header("pm"), Action: "A1"}
		}, "separation.completed"},
		{"closing with open actions", (*walk).closed, func(w *walk) loop.Command {
			return loop.CloseLoop{Header: w.header("dm"), Standard: secret}
		}, "actions"},
		{"closing before the QA comments", (*walk).moderated, func(w *walk) loop.Command {
			return loop.CloseLoop{Header: w.header("dm"), Standard: secret}
		}, "phase"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := newWalk(t, true)
			tc.to(w)
			before := w.state()
			err := w.try(tc.c(w))
			var rs audit.Refusals
			var one *audit.Refusal
			switch {
			case errors.As(err, &rs):
			case errors.As(err, &one):
				rs = audit.Refusals{one}
			default:
				t.Fatalf("got %v, want a refusal", err)
			}
			if !slices.ContainsFunc(rs, func(r *audit.Refusal) bool { return r.Rule == tc.rule }) {
				t.Errorf("refused by %v, want rule %s", err, tc.rule)
			}
			if strings.Contains(err.Error(), secret) {
				t.Errorf("the refusal carries free text: %v", err)
			}
			if w.state().Version != before.Version {
				t.Errorf("something was stored")
			}
		})
	}
}

func (w *walk) moderatorAllocated() {
	w.finalised()
	w.at("2026-04-16T09:30").must(moderation.Allocate{Header: w.header("qa"), Moderator: "moderator"})
}

func (w *walk) ownAction() {
	w.closed()
	w.must(loop.CompleteAction{Header: w.header("pm"), Action: "A1", Evidence: secret})
}

func TestFinaliseSaysEverythingThatIsMissing(t *testing.T) {
	w := newWalk(t, true)
	w.started()
	err := w.try(audit.Finalise{Header: w.header("auditor")})
	var rs audit.Refusals
	if !errors.As(err, &rs) {
		t.Fatal(err)
	}
	rules := map[string]int{}
	for _, r := range rs {
		rules[r.Rule]++
	}
	// Six sections judged by nobody, the file too; eight bottom lines.
	want := map[string]int{"meeting": 1, "feedback": 2, "bottom_line": 8, "judgement": 7}
	if diff := cmp.Diff(want, rules); diff != "" {
		t.Errorf("refusals by rule (-want +got):\n%s", diff)
	}
}

func TestNewerHistoryIsReadAndNotDecided(t *testing.T) {
	w := newWalk(t, true)
	w.finalised()
	s := loop.Evolve(w.state(), loop.Unknown{Name: "loop.from_the_future", Data: []byte(`{"a":1}`)})
	if s.Audit.Final == nil || !s.Newer {
		t.Error("a newer event hides what is known")
	}
	if _, err := loop.Decide(s, loop.RecordPlan{Header: w.header("dm"), Plan: secret}, w.env); !errors.Is(err, loop.ErrNewerHistory) {
		t.Errorf("decided: %v", err)
	}
}

func TestAnAuditIsDecidedByWhatItWasPinnedTo(t *testing.T) {
	w := newWalk(t, true)
	w.finalised()
	other := w.env
	changed := strings.Replace(string(w.env.Policy.Canonical()), `"version":"2023-05"`, `"version":"2024-01"`, 1)
	policy, err := loop.ParsePolicy("changed.json", []byte(changed))
	if err != nil {
		t.Fatal(err)
	}
	other.Policy = policy
	var pin *loop.PinError
	if _, err := loop.Plan(w.state(), loop.RecordPlan{Header: w.header("dm"), Plan: secret}, other); !errors.As(err, &pin) {
		t.Errorf("planned under another policy: %v", err)
	}
	w.engine.Env = other // an upgrade: the engine finds the pinned policy in the store
	w.must(loop.RecordPlan{Header: w.header("dm"), Plan: secret})
}

func TestKilledAtEveryBoundaryNothingIsLostOrRepeated(t *testing.T) {
	whole := newWalk(t, true)
	whole.finalised()
	whole.at("2026-04-16T00:00").tick()
	want := whole.state()
	runs := 0
	for c := range looptest.EveryCrash() {
		runs++
		w := newWalk(t, true)
		w.met()
		commands := w.commands
		kept, notifier := w.store, w.notifier
		work := func() error {
			w.commands = commands
			w.at("2026-04-15T16:20")
			if err := w.try(audit.Finalise{Header: w.header("auditor")}); err != nil {
				return err
			}
			w.at("2026-04-16T00:00")
			_, err := w.engine.Tick(context.Background())
			return err
		}
		w.engine.Store, w.engine.Notifier = looptest.CrashStore(kept, c), looptest.CrashNotifier(notifier, c)
		if err := work(); err != nil && !errors.Is(err, looptest.ErrCrashed) {
			t.Fatalf("crashed %s: %v", c, err)
		}
		w.engine.Store, w.engine.Notifier = kept, notifier
		if err := work(); err != nil {
			t.Fatalf("crashed %s, then: %v", c, err)
		}
		if diff := cmp.Diff(want, w.state(), exportState()); diff != "" {
			t.Errorf("crashed %s: another state\n%s", c, diff)
		}
		ids := map[loop.NoticeID]bool{}
		for _, n := range notifier.Delivered() {
			ids[n.ID] = true
		}
		if len(ids) != len(want.Notices) {
			t.Errorf("crashed %s: %d notices arrived of %d", c, len(ids), len(want.Notices))
		}
	}
	if runs < 20 {
		t.Errorf("only %d boundaries", runs)
	}
}

// A concern is raised whatever is wrong with its id: used before for something
// else, or missing, the same words being said again on another day.
func TestAConcernIsRaisedWhateverItsID(t *testing.T) {
	w := newWalk(t, true)
	w.started()
	raise := func(id audit.CommandID, words audit.FreeText) {
		t.Helper()
		h := w.header("tm")
		h.ID = id
		w.must(loop.RaiseConcern{Header: h, Concern: words})
	}
	concerns := func(want int) {
		t.Helper()
		if s := w.state(); len(s.Concerns) != want || len(told(s, loop.TopicConcern)) != 3*want {
			t.Errorf("%d concerns, told %v; want %d, each told to three", len(s.Concerns), told(s, loop.TopicConcern), want)
		}
	}
	raise("c1", secret) // c1 selected the file
	concerns(1)
	raise("c1", secret)
	concerns(1)
	raise("c1", "other words")
	concerns(2)
	raise("", secret)
	raise("", secret)
	concerns(3)
	w.at("2026-04-20T09:00")
	raise("", secret)
	concerns(4)
}

// What nobody has looked at is no ground for a better grade: a limit that open
// answers may still bring is in the way when a grade becomes final.
func TestAGradeIsNotFinalWhileALimitBelowItIsOpen(t *testing.T) {
	w := newWalk(t, false)
	w.met()
	open := audit.Answer{Header: w.header("auditor"), Lines: map[string]map[string]rubric.Answer{"planning": {}}}
	planning, _ := w.env.Rubric.Section("planning")
	for _, l := range planning.Lines {
		open.Lines["planning"][l.ID] = ""
	}
	w.must(open)
	w.must(audit.Judge{Header: w.header("auditor"), Section: "planning", Grade: "outstanding", Rationale: secret})
	err := w.try(audit.Finalise{Header: w.header("auditor")})
	var refused *audit.Refusal
	if !errors.As(err, &refused) || refused.Rule != "limit" || !strings.Contains(err.Error(), "not settled") {
		t.Errorf("finalised an Outstanding that rests on nothing: %v", err)
	}
}

func TestAModeratorCannotLiftALimitByTakingAnAnswerAway(t *testing.T) {
	w := newWalk(t, true)
	w.finalised()
	w.at("2026-04-16T09:30").must(moderation.Allocate{Header: w.header("qa"), Moderator: "moderator"})
	w.must(moderation.Discuss{Header: w.header("moderator"), HeldOn: day(t, "2026-04-16")})
	w.must(moderation.Amend{Header: w.header("moderator"), View: moderation.AsAtAudit, Facts: map[string]string{"allocated_at": ""}, Because: secret})
	for _, v := range []moderation.View{moderation.AsAtAudit, moderation.Now} {
		w.must(moderation.Judge{Header: w.header("moderator"), View: v, Grade: "good", Rationale: secret})
	}
	var refused *audit.Refusal
	if err := w.try(moderation.Finalise{Header: w.header("moderator"), Impact: secret}); !errors.As(err, &refused) || refused.Rule != "limit" {
		t.Errorf("a missed bottom line was taken away: %v", err)
	}
}

// The QA Manager hears that all actions are complete also where they were so
// before the moderation ended.
func TestActionsCompletedBeforeTheModerationEndsAreTold(t *testing.T) {
	w := newWalk(t, false)
	w.finalised()
	w.must(loop.CompleteAction{Header: w.header("practitioner"), Action: "A1", Evidence: secret})
	w.must(loop.ConfirmAction{Header: w.header("pm"), Action: "A1"})
	w.at("2026-04-16T09:30").must(moderation.Allocate{Header: w.header("qa"), Moderator: "moderator"})
	w.must(moderation.Discuss{Header: w.header("moderator"), HeldOn: day(t, "2026-04-16")})
	for _, v := range []moderation.View{moderation.AsAtAudit, moderation.Now} {
		w.must(moderation.Judge{Header: w.header("moderator"), View: v, Grade: "good", Rationale: secret})
	}
	if who := told(w.state(), loop.TopicActionsConfirmed); who != nil {
		t.Errorf("told %v before the moderator could add actions", who)
	}
	w.must(moderation.Finalise{Header: w.header("moderator"), Impact: secret})
	if who := told(w.state(), loop.TopicActionsConfirmed); len(who) != 2 {
		t.Errorf("told %v, want the Divisional Manager and the QA Manager", who)
	}
}

// racing is a store in which another writer always comes first, once.
type racing struct {
	loop.Store
	first func()
}

func (r *racing) Commit(ctx context.Context, b loop.Batch) (loop.Receipt, error) {
	if first := r.first; first != nil {
		r.first = nil
		first()
	}
	return r.Store.Commit(ctx, b)
}

func TestAConcernIsRaisedThoughTheStreamMoves(t *testing.T) {
	w := newWalk(t, true)
	w.started()
	other := loop.Engine{Store: w.store, Notifier: w.notifier, Env: w.env, Now: func() time.Time { return w.now }}
	plan := loop.RecordPlan{Header: w.header("dm"), Plan: secret}
	w.engine.Store = &racing{Store: w.store, first: func() {
		if _, err := other.Do(context.Background(), w.stream, plan); err != nil {
			t.Error(err)
		}
	}}
	h := w.header("tm")
	h.Saw = uint64(w.state().Version)
	w.must(loop.RaiseConcern{Header: h, Concern: secret})
	if n := len(w.state().Concerns); n != 1 {
		t.Errorf("%d concerns, want 1", n)
	}
}
