package frameworks_test

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/examples/frameworks"
	"github.com/practiceaudit/practiceaudit/loop"
	"github.com/practiceaudit/practiceaudit/loop/looptest"
	"github.com/practiceaudit/practiceaudit/moderation"
)

func TestNothingIsFoundInTheThreeStages(t *testing.T) {
	p, err := loop.ParsePolicy(frameworks.ThreeStagesFile, frameworks.ThreeStages())
	if err != nil {
		t.Fatal(err)
	}
	for _, cal := range []*calendar.Calendar{calendar.EnglandAndWales(), calendar.Scotland(), calendar.NorthernIreland()} {
		if l := p.Lint(cal); len(l.Findings) > 0 || len(l.Stale) > 0 {
			t.Errorf("%s: %v", cal.Edition().Name, l.Err())
		}
	}
	onDisk, err := os.ReadFile(frameworks.ThreeStagesFile)
	if err != nil {
		t.Fatal(err)
	}
	clear(frameworks.ThreeStages())
	if string(frameworks.ThreeStages()) != string(onDisk) {
		t.Error("the second copy is not the file as it stands")
	}
}

// One audit from its selection to the closing of the loop: every person of the
// council does their part, and tries what is not theirs.
func TestAnAuditOfThreeStages(t *testing.T) {
	c := council(t)

	// The file is chosen in November and starts on 1 December.
	c.at("2026-11-20T10:00")
	c.refused("kind", c.chosen("closing", "2026-06-01"), "closure")
	c.must(c.chosen(audit.DeepDive, "2026-06-01"))
	c.at("2026-12-01T09:00")
	c.refused("peer_reviewer", audit.Start{Header: c.by("support"), Auditor: "otherteam"}, "no peer reviewer is named")
	c.refused("separation.peer_reviewer", audit.Start{Header: c.by("support"), Auditor: "otherteam", PeerReviewer: "otherteam"}, "both")
	c.refused("separation.practitioner", audit.Start{Header: c.by("support"), Auditor: "otherteam", PeerReviewer: "worker"}, "works with this child")
	c.must(audit.Start{Header: c.by("support"), Auditor: "otherteam", PeerReviewer: "peer"})
	if due := c.state().Audit.Due.Due; due != date(t, "2026-12-15") {
		t.Errorf("due on %s", due)
	}
	if diff := cmp.Diff([]string{"otherteam", "peer", "worker"}, c.told(loop.TopicAllocated)); diff != "" {
		t.Errorf("told that it has started (-want +got):\n%s", diff)
	}

	// Two people judge at the same time, and neither sees what the other wrote.
	c.at("2026-12-08T14:00")
	c.must(audit.Meet{Header: c.by("otherteam"), HeldOn: date(t, "2026-12-08"), With: []audit.PersonID{"worker"}})
	c.must(audit.Answer{Header: c.by("otherteam"), Facts: map[string]string{"voice": "5", "journey": "5", "work": "5", "recording": "6", "oversight": "5"}})
	for _, s := range c.sections() {
		c.must(audit.Judge{Header: c.by("peer"), Section: s, Grade: "requires_improvement", Rationale: words})
	}
	if shown := c.state().Audit.JudgementsShownTo("otherteam"); len(shown) != 0 {
		t.Errorf("the auditing team manager sees %v before judging", shown)
	}
	first := c.sections()[0]
	c.must(audit.Judge{Header: c.by("otherteam"), Section: first, Grade: "good", Rationale: words})
	if shown := c.state().Audit.JudgementsShownTo("otherteam"); len(shown) != 2 || shown[0].Section != first {
		t.Errorf("after judging one section the auditing team manager sees %v", shown)
	}
	c.refused("judgement", audit.Finalise{Header: c.by("otherteam")}, "not judged by the auditing team manager")
	for _, s := range c.sections()[1:] {
		c.must(audit.Judge{Header: c.by("otherteam"), Section: s, Grade: "requires_improvement", Rationale: words})
	}
	c.must(audit.Judge{Header: c.by("otherteam"), Section: audit.Overall, Grade: "requires_improvement", Rationale: words})
	c.refused("role", audit.Answer{Header: c.by("peer"), Facts: map[string]string{"voice": "9"}}, "auditing team manager may: otherteam")
	c.refused("role", audit.Finalise{Header: c.by("peer")}, "auditing team manager may")
	for _, from := range []string{"child", "parents_carers", "professionals"} {
		c.must(audit.RecordFeedback{Header: c.by("peer"), Feedback: audit.Feedback{Source: from, Outcome: audit.FeedbackGiven, SoughtOn: date(t, "2026-12-07"), How: words, Words: words}})
	}
	c.must(audit.AddAction{Header: c.by("peer"), Action: audit.Action{ID: "A1", Text: words, Owner: "worker"}})

	// Requires improvement is told at once too, and leads to a re-audit.
	c.must(audit.Finalise{Header: c.by("otherteam")})
	if diff := cmp.Diff([]string{"director", "head", "service"}, c.told(loop.TopicInadequateAudit)); diff != "" {
		t.Errorf("told of the finding (-want +got):\n%s", diff)
	}
	for _, n := range c.state().Notices {
		if n.Topic == loop.TopicInadequateAudit && (n.Subject != "Requires improvement to be good: case 7001, no plan yet" || !n.Critical || calendar.DateOf(n.At) != date(t, "2026-12-08")) {
			t.Errorf("%+v", n)
		}
		if n.Topic == loop.TopicInadequateAudit && n.To.Person == "head" && n.Why != "as Head of Service of this case, to acknowledge" {
			t.Errorf("why: %s", n.Why)
		}
	}
	again, ok := c.state().FollowUp(audit.DeepDive)
	if !ok || again.Because != "requires_improvement" || again.Start.Due != date(t, "2027-02-08") {
		t.Errorf("re-audit %+v", again)
	}
	c.acknowledge()
	c.must(loop.RecordPlan{Header: c.by("teammanager"), Plan: words})

	// The safeguarding unit: nobody of the first two stages is of the third.
	c.refused("separation.peer_reviewer", moderation.Allocate{Header: c.by("support"), Moderator: "peer"}, "beside its auditor")
	c.refused("separation.auditor", moderation.Allocate{Header: c.by("support"), Moderator: "otherteam"}, "audited this file")
	c.must(moderation.Allocate{Header: c.by("support"), Moderator: "unit"})
	c.refused("separation.moderator", audit.Reassign{Header: c.by("support"), Role: audit.RolePeerReviewer, To: []audit.PersonID{"unit"}, Why: audit.ReassignOther, Because: words}, "")
	c.refused("role", moderation.Discuss{Header: c.by("peer"), HeldOn: date(t, "2026-12-08")}, "safeguarding unit may: unit")
	c.at("2026-12-10T11:00")
	c.must(moderation.Discuss{Header: c.by("unit"), HeldOn: date(t, "2026-12-10")})
	for _, v := range []moderation.View{moderation.AsAtAudit, moderation.Now} {
		c.must(moderation.Judge{Header: c.by("unit"), View: v, Grade: "requires_improvement", Rationale: words})
	}
	c.must(moderation.AddAction{Header: c.by("unit"), Action: audit.Action{ID: "U1", Text: words, Owner: "worker"}})
	c.must(moderation.Finalise{Header: c.by("unit"), Impact: words})
	if got := c.told(loop.TopicInadequateModeration); len(got) != 3 {
		t.Errorf("told of the safeguarding unit's finding: %v", got)
	}
	if len(c.state().FollowUps) != 1 {
		t.Errorf("follow-ups %+v", c.state().FollowUps)
	}
	c.acknowledge()
	c.must(moderation.Check{Header: c.by("headofunit")})
	c.must(moderation.Comment{Header: c.by("headofunit"), Comments: words})

	// The loop: tracker, actions, the Head of Service's word. No dip sample follows.
	c.at("2026-12-14T09:00")
	c.must(loop.SendTracker{Header: c.by("psw")})
	for _, id := range []string{"A1", "U1"} {
		c.must(loop.CompleteAction{Header: c.by("worker"), Action: id, Evidence: words})
		c.refused("role", loop.ConfirmAction{Header: c.by("head"), Action: id}, "Service Manager may")
		c.must(loop.ConfirmAction{Header: c.by("teammanager"), Action: id})
	}
	c.must(loop.CloseLoop{Header: c.by("head"), Standard: words})
	s := c.state()
	if s.Closed == nil || len(s.FollowUps) != 1 || len(s.Clocks()) != 0 {
		t.Errorf("closed %v, follow-ups %v, clocks %v", s.Closed, s.FollowUps, s.Clocks())
	}
	for _, n := range s.Notices {
		if strings.Contains(n.Subject+n.Body, words) {
			t.Errorf("what people wrote stands in a notice: %s", n.Subject)
		}
	}
}

// A closure audit comes before every closure: on any day, and of a case that has
// been open for a few days only.
func TestACaseIsClosedAfterItsClosureAudit(t *testing.T) {
	c := council(t)
	c.at("2026-12-17T15:00")
	file := audit.Case{Number: "7001", OpenedOn: date(t, "2026-12-14")}
	c.notClosed(file, "closure_audit")

	c.refused("eligible", c.chosen(audit.DeepDive, "2026-12-14"), "6 weeks")
	c.must(c.chosen(audit.Closure, "2026-12-14"))
	c.must(audit.Start{Header: c.by("support"), Auditor: "otherteam", PeerReviewer: "peer"})
	c.notClosed(file, "closure_audit")

	c.must(audit.Meet{Header: c.by("otherteam"), HeldOn: date(t, "2026-12-17"), WithoutPractitioner: words})
	c.must(audit.Answer{Header: c.by("otherteam"), Facts: map[string]string{"voice": "2", "journey": "5", "work": "3", "recording": "3", "oversight": "3"}})
	for _, s := range c.sections() {
		c.must(audit.Judge{Header: c.by("peer"), Section: s, Grade: "inadequate", Rationale: words})
		c.must(audit.Judge{Header: c.by("otherteam"), Section: s, Grade: "inadequate", Rationale: words})
	}
	c.must(audit.Judge{Header: c.by("otherteam"), Section: audit.Overall, Grade: "inadequate", Rationale: words})
	for _, from := range []string{"child", "parents_carers", "professionals"} {
		c.must(audit.RecordFeedback{Header: c.by("otherteam"), Feedback: audit.Feedback{Source: from, Outcome: audit.FeedbackUnsafe, Decider: "head"}})
	}
	c.must(audit.AddAction{Header: c.by("otherteam"), Action: audit.Action{ID: "A1", Text: words, Owner: "worker"}})
	c.must(audit.Finalise{Header: c.by("otherteam")})
	c.notClosed(file, "closure_audit", "acknowledged", "plan", "actions", "re_audit")

	c.acknowledge()
	c.must(loop.RecordPlan{Header: c.by("head"), Plan: words})
	c.must(moderation.Allocate{Header: c.by("headofunit"), Moderator: "unit"})
	c.must(moderation.Discuss{Header: c.by("unit"), HeldOn: date(t, "2026-12-17")})
	for _, v := range []moderation.View{moderation.AsAtAudit, moderation.Now} {
		c.must(moderation.Judge{Header: c.by("unit"), View: v, Grade: "inadequate", Rationale: words})
	}
	c.must(moderation.Finalise{Header: c.by("unit"), Impact: words})
	c.acknowledge()
	c.must(moderation.Check{Header: c.by("headofunit")})
	c.must(moderation.Comment{Header: c.by("headofunit"), Comments: words})
	c.must(loop.CompleteAction{Header: c.by("worker"), Action: "A1", Evidence: words})
	c.must(loop.ConfirmAction{Header: c.by("service"), Action: "A1"})
	c.notClosed(file, "re_audit")

	planned, _ := c.state().FollowUp(audit.DeepDive)
	c.stream = planned.Stream
	c.must(loop.CancelFollowUp{Header: c.by("psw"), Because: words})
	c.notClosed(file)

	// Opened again later, it has another before it is closed again.
	file.OpenedOn = date(t, "2027-03-01")
	c.notClosed(file, "closure_audit")
	file.Number = "7002"
	c.notClosed(file, "closure_audit")
}

// words are what people wrote.
const words = "words that only the record may hold"

// councilWalk is one council with the files that it audits.
type councilWalk struct {
	t       *testing.T
	env     loop.Env
	engine  *loop.Engine
	now     time.Time
	stream  loop.StreamID
	streams map[loop.StreamID]bool
	given   int
}

func council(t *testing.T) *councilWalk {
	t.Helper()
	p, err := loop.ParsePolicy(frameworks.ThreeStagesFile, frameworks.ThreeStages())
	if err != nil {
		t.Fatal(err)
	}
	c := &councilWalk{t: t, stream: "first", streams: map[loop.StreamID]bool{}}
	c.env = loop.Env{Rubric: parse(t, frameworks.NumericScaleFile, frameworks.NumericScale()), Calendar: calendar.EnglandAndWales(), Policy: p}
	c.engine = &loop.Engine{Store: loop.NewMemoryStore(), Notifier: &looptest.Notifier{}, Env: c.env, Now: func() time.Time { return c.now }}
	return c
}

func (c *councilWalk) at(moment string) {
	c.t.Helper()
	at, err := time.ParseInLocation("2006-01-02T15:04", moment, calendar.London())
	if err != nil {
		c.t.Fatal(err)
	}
	c.now = at
}

func (c *councilWalk) by(who audit.PersonID) audit.Header {
	c.given++
	roles := map[audit.PersonID][]audit.Role{
		"support": {audit.RoleQATeam}, "psw": {audit.RoleQAManager}, "headofunit": {audit.RoleQAPrincipalManager}, "director": {audit.RoleDirector},
	}
	return audit.Header{ID: audit.CommandID(fmt.Sprint(c.given)), At: c.now, Actor: who, Roles: roles[who]}
}

func (c *councilWalk) chosen(k audit.Kind, opened string) audit.Select {
	return audit.Select{
		Header: c.by("support"), Kind: k, Case: audit.Case{Number: "7001", OpenedOn: date(c.t, opened)},
		People: audit.People{Holders: map[audit.Role][]audit.PersonID{
			audit.RolePractitioner: {"worker"}, audit.RoleTeamManager: {"teammanager"}, audit.RolePrincipalManager: {"service"},
			audit.RoleDivisionalManager: {"head"}, audit.RoleDirector: {"director"},
		}},
	}
}

func (c *councilWalk) must(command loop.Command) {
	c.t.Helper()
	c.streams[c.stream] = true
	if _, err := c.engine.Do(c.t.Context(), c.stream, command); err != nil {
		c.t.Fatalf("%s: %v", command.Name(), err)
	}
}

// refused holds a command to the rule that refuses it, and what is said.
func (c *councilWalk) refused(rule string, command loop.Command, says string) {
	c.t.Helper()
	_, err := c.engine.Do(c.t.Context(), c.stream, command)
	if err == nil || !slices.Contains(audit.RefusalsOf(err).Rules(), rule) || !strings.Contains(err.Error(), says) {
		c.t.Errorf("%s by %s: %v, want %s: … %s", command.Name(), command.Head().Actor, err, rule, says)
	}
}

// notClosed holds the closing of a case to the rules that are in its way.
func (c *councilWalk) notClosed(file audit.Case, want ...string) {
	c.t.Helper()
	var audits []loop.State
	for _, stream := range slices.Sorted(maps.Keys(c.streams)) {
		c.stream = stream
		audits = append(audits, c.state())
		for _, f := range c.state().FollowUps {
			if !c.streams[f.Stream] {
				c.stream = f.Stream
				audits = append(audits, c.state())
			}
		}
	}
	c.stream = "first"
	if diff := cmp.Diff(want, audit.RefusalsOf(loop.MayClose(file, audits, c.env.Policy)).Rules()); diff != "" {
		c.t.Errorf("in the way of closing (-want +got):\n%s", diff)
	}
}

func (c *councilWalk) state() loop.State {
	c.t.Helper()
	s, err := c.engine.State(c.t.Context(), c.stream)
	if err != nil {
		c.t.Fatal(err)
	}
	return s
}

func (c *councilWalk) sections() []string {
	var ids []string
	for _, s := range c.env.Rubric.Sections() {
		ids = append(ids, s.ID)
	}
	return ids
}

// told are those who were told of a topic.
func (c *councilWalk) told(topic loop.Topic) []string {
	var who []string
	for _, n := range c.state().Notices {
		if n.Topic == topic {
			who = append(who, string(n.To.Person))
		}
	}
	slices.Sort(who)
	return who
}

// acknowledge has everybody acknowledge what they were told.
func (c *councilWalk) acknowledge() {
	c.t.Helper()
	for _, n := range c.state().Notices {
		if n.Critical {
			c.must(loop.Acknowledge{Header: c.by(n.To.Person), Notice: n.ID})
		}
	}
}

func date(t *testing.T, s string) calendar.Date {
	t.Helper()
	d, err := calendar.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}
