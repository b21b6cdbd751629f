package loop_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/loop"
	"github.com/practiceaudit/practiceaudit/loop/looptest"
	"github.com/practiceaudit/practiceaudit/moderation"
	"github.com/practiceaudit/practiceaudit/rubric"
	"github.com/practiceaudit/practiceaudit/rubric/halton"
)

// halton returns Halton's rubric and policy with the calendar.
func haltonEnv(t testing.TB) loop.Env {
	t.Helper()
	rules, err := rubric.Parse(halton.DeepDiveFile, halton.DeepDive())
	if err != nil {
		t.Fatal(err)
	}
	policy, err := loop.ParsePolicy(halton.ProcessPolicyFile, halton.ProcessPolicy())
	if err != nil {
		t.Fatal(err)
	}
	return loop.Env{Rubric: rules, Calendar: calendar.EnglandAndWales(), Policy: policy}
}

// walk carries one file round the loop, command by command.
type walk struct {
	t        testing.TB
	env      loop.Env
	store    loop.Store
	engine   *loop.Engine
	notifier *looptest.Notifier
	stream   loop.StreamID
	now      time.Time
	late     bool // the case was allocated late: a bottom line is missed
	people   audit.People
	kind     audit.Kind
	commands int
	given    []loop.Command
}

func newWalk(t testing.TB, late bool) *walk {
	w := &walk{t: t, env: haltonEnv(t), store: loop.NewMemoryStore(), notifier: &looptest.Notifier{}, stream: "stream-1", late: late, people: people, kind: audit.DeepDive}
	w.engine = &loop.Engine{Store: w.store, Notifier: w.notifier, Env: w.env, Now: func() time.Time { return w.now }}
	return w
}

// at moves the walk's clock to a London moment.
func (w *walk) at(moment string) *walk {
	w.t.Helper()
	at, err := time.ParseInLocation("2006-01-02T15:04", moment, calendar.London())
	if err != nil {
		w.t.Fatal(err)
	}
	w.now = at
	return w
}

func (w *walk) header(who audit.PersonID) audit.Header {
	w.commands++
	return audit.Header{ID: audit.CommandID(fmt.Sprintf("c%d", w.commands)), At: w.now, Actor: who, Roles: councilRoles[who]}
}

var councilRoles = map[audit.PersonID][]audit.Role{
	"qa":      {audit.RoleQATeam},
	"manager": {audit.RoleQAManager},
	"checker": {audit.RoleQAPrincipalManager},
}

var people = audit.People{
	Holders: map[audit.Role][]audit.PersonID{
		audit.RolePractitioner:      {"practitioner"},
		audit.RolePracticeLead:      {"lead"},
		audit.RolePrincipalManager:  {"pm"},
		audit.RoleTeamManager:       {"tm"},
		audit.RoleDivisionalManager: {"dm"},
		audit.RoleDirector:          {"director"},
	},
	Deputies: []audit.Deputy{{Role: audit.RoleDivisionalManager, Person: "deputy"}},
}

// must gives a command that is expected to be accepted.
func (w *walk) must(c loop.Command) {
	w.t.Helper()
	if err := w.try(c); err != nil {
		w.t.Fatalf("%s: %v", c.Name(), err)
	}
	w.given = append(w.given, c)
}

func (w *walk) try(c loop.Command) error {
	_, err := w.engine.Do(context.Background(), w.stream, c)
	return err
}

func (w *walk) tick() {
	w.t.Helper()
	if _, err := w.engine.Tick(context.Background()); err != nil {
		w.t.Fatal(err)
	}
}

func (w *walk) state() loop.State {
	w.t.Helper()
	s, err := w.engine.State(context.Background(), w.stream)
	if err != nil {
		w.t.Fatal(err)
	}
	return s
}

func (w *walk) selected() {
	w.at("2026-04-01T10:00").must(audit.Select{
		Header: w.header("qa"), Kind: w.kind, People: w.people,
		Case: audit.Case{Number: "104233", OpenedOn: day(w.t, "2025-09-15"), Team: "Riverside"},
	})
}

func (w *walk) started() {
	w.selected()
	w.at("2026-04-07T09:00").must(audit.Start{Header: w.header("qa"), Auditor: "auditor"})
}

const secret = "words that only the record may hold"

// met takes an audit as far as everything that comes before finalising.
func (w *walk) met() {
	w.started()
	reflection := map[string]audit.FreeText{}
	for _, q := range w.env.Policy.Audit.Reflection {
		reflection[q.ID] = secret
	}
	w.at("2026-04-09T11:00").must(audit.Reflect{Header: w.header("practitioner"), Answers: reflection})
	w.at("2026-04-13T14:00").must(audit.Meet{Header: w.header("auditor"), HeldOn: day(w.t, "2026-04-13"), With: []audit.PersonID{"practitioner"}})
	w.at("2026-04-15T16:00").must(wholeAnswer(w.env.Rubric, w.header("auditor"), w.late))
	overall := rubric.Grade("good")
	if w.late {
		overall = "inadequate"
	}
	for _, s := range w.env.Rubric.Sections() {
		w.must(audit.Judge{Header: w.header("auditor"), Section: s.ID, Grade: "good", Rationale: secret})
		w.must(audit.Judge{Header: w.header("practitioner"), Section: s.ID, Grade: "good", Rationale: secret})
	}
	w.must(audit.Judge{Header: w.header("auditor"), Section: audit.Overall, Grade: overall, Rationale: secret})
	for _, from := range w.env.Policy.Audit.FeedbackSources {
		w.must(audit.RecordFeedback{Header: w.header("auditor"), Feedback: audit.Feedback{
			Source: from, Outcome: audit.FeedbackGiven, SoughtOn: day(w.t, "2026-04-14"), How: secret, Words: secret,
		}})
	}
	w.must(audit.AddAction{Header: w.header("auditor"), Action: audit.Action{ID: "A1", Text: secret, Owner: "practitioner"}})
}

func (w *walk) finalised() {
	w.met()
	w.at("2026-04-15T16:20").must(audit.Finalise{Header: w.header("auditor")})
}

func (w *walk) moderated() {
	w.finalised()
	w.at("2026-04-16T09:30").must(moderation.Allocate{Header: w.header("qa"), Moderator: "moderator"})
	w.at("2026-04-27T10:00").must(moderation.Discuss{Header: w.header("moderator"), HeldOn: day(w.t, "2026-04-27")})
	grade := w.state().Audit.Final.Grade
	w.at("2026-04-29T15:00")
	for _, v := range []moderation.View{moderation.AsAtAudit, moderation.Now} {
		w.must(moderation.Judge{Header: w.header("moderator"), View: v, Grade: grade, Rationale: secret})
	}
	w.must(moderation.AddAction{Header: w.header("moderator"), Action: audit.Action{ID: "M1", Text: secret, Owner: "tm"}})
	w.must(moderation.Finalise{Header: w.header("moderator"), Impact: secret})
}

func (w *walk) closed() {
	w.moderated()
	w.at("2026-05-01T10:30").must(moderation.Check{Header: w.header("checker")})
	w.must(moderation.Comment{Header: w.header("checker"), Comments: secret})
}

func (w *walk) actionsDone() {
	w.closed()
	w.at("2026-05-05T09:00").must(loop.SendTracker{Header: w.header("manager")})
	for _, id := range []string{"A1", "M1"} {
		w.must(loop.CompleteAction{Header: w.header("practitioner"), Action: id, Evidence: secret})
		w.must(loop.ConfirmAction{Header: w.header("pm"), Action: id})
	}
}

func (w *walk) loopClosed() {
	w.actionsDone()
	w.at("2026-05-07T10:00").must(loop.CloseLoop{Header: w.header("dm"), Standard: secret})
}

// wholeAnswer answers every line in the best way; late allocation misses a
// bottom line.
func wholeAnswer(r *rubric.Rubric, h audit.Header, late bool) audit.Answer {
	a := audit.Answer{Header: h, Facts: map[string]string{
		"referred_at": "2026-01-09T15:20", "allocated_at": "2026-01-09T17:00", "consent": "given",
	}, Lines: map[string]map[string]rubric.Answer{}}
	if late {
		a.Facts["allocated_at"] = "2026-01-12T10:05"
	}
	for _, s := range r.Sections() {
		strengths := map[string]bool{}
		for _, l := range s.Lists {
			strengths[l.ID] = l.Kind == rubric.Strength
		}
		a.Lines[s.ID] = map[string]rubric.Answer{}
		for _, l := range s.Lines {
			if l.Computed {
				continue
			}
			answer := rubric.NotSeen
			for _, list := range l.Lists {
				if strengths[list] {
					answer = rubric.Evidenced
				}
			}
			a.Lines[s.ID][l.ID] = answer
		}
	}
	return a
}

func day(t testing.TB, s string) calendar.Date {
	t.Helper()
	d, err := calendar.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}
