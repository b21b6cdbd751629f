package loop_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/loop"
	"github.com/practiceaudit/practiceaudit/loop/looptest"
	"github.com/practiceaudit/practiceaudit/moderation"
	"github.com/practiceaudit/practiceaudit/rubric"
)

// town is a small council in which people give commands at random: mostly those
// that come next, by somebody who may, and now and then anything by anyone.
type town struct {
	*rapid.T
	env      loop.Env
	store    *loop.MemoryStore
	engine   *loop.Engine
	now      time.Time
	streams  []loop.StreamID
	seen     map[loop.StreamID]*story
	done     []answered // every command that was accepted
	commands int
}

// story is a stream as it was read step by step.
type story struct {
	records []loop.Record
	state   loop.State
}

// answered is a command that was accepted, and the answer.
type answered struct {
	stream  loop.StreamID
	command loop.Command
	receipt loop.Receipt
}

// Eight people, so that one often holds two roles, with what the sign-in says of
// each.
var (
	staff  = []audit.PersonID{"ann", "bea", "cal", "dev", "eva", "fay", "gil", "hal"}
	signIn = map[audit.PersonID][]audit.Role{
		"ann": {audit.RoleQATeam}, "bea": {audit.RoleQAManager}, "cal": {audit.RoleQAPrincipalManager},
		"dev": {audit.RoleDirector}, "eva": {audit.RoleQATeam, audit.RoleQAPrincipalManager}, "fay": {audit.RoleQAManager},
	}
)

func smallEnv(t testing.TB) loop.Env {
	t.Helper()
	src, err := os.ReadFile("testdata/small-rubric.yaml")
	if err != nil {
		t.Fatal(err)
	}
	env := haltonEnv(t)
	if env.Rubric, err = rubric.Parse("small-rubric.yaml", src); err != nil {
		t.Fatal(err)
	}
	return env
}

func newTown(t *rapid.T, env loop.Env) *town {
	w := &town{T: t, env: env, store: loop.NewMemoryStore(), seen: map[loop.StreamID]*story{}}
	w.now = time.Date(2026, 3, 27, 15, 0, 0, 0, calendar.London()) // the clocks change two days later
	w.engine = &loop.Engine{Store: w.store, Notifier: &looptest.Notifier{}, Env: env, Now: func() time.Time { return w.now }}
	return w
}

// live lets the town go on for so many steps and calls check after each.
func (w *town) live(steps int, check func()) {
	for range steps {
		w.pass()
		w.step()
		w.read()
		check()
	}
}

// pass lets time go by: none, minutes, hours, days, or to the next wake-up.
func (w *town) pass() {
	switch rapid.IntRange(0, 9).Draw(w.T, "time") {
	case 0, 1, 2, 3, 4:
	case 5, 6:
		w.now = w.now.Add(time.Duration(rapid.IntRange(1, 300).Draw(w.T, "minutes")) * time.Minute)
	case 7:
		w.now = w.now.AddDate(0, 0, rapid.IntRange(1, 20).Draw(w.T, "days"))
	case 8:
		if due, err := w.store.Due(context.Background(), w.now.AddDate(1, 0, 0), 1); err == nil && len(due) > 0 && due[0].At.After(w.now) {
			w.now = due[0].At
		}
	case 9:
		if _, err := w.engine.Tick(context.Background()); err != nil {
			w.Fatalf("a tick: %v", err)
		}
	}
}

// step gives one command.
func (w *town) step() {
	stream := loop.StreamID(fmt.Sprintf("file-%d", len(w.streams)+1))
	if n := len(w.streams); n > 0 && rapid.IntRange(0, 59).Draw(w.T, "new file") > 0 {
		stream = w.streams[0]
		if rapid.IntRange(0, 4).Draw(w.T, "another file") == 0 {
			stream = rapid.SampledFrom(w.streams).Draw(w.T, "file")
		}
	}
	s := w.of(stream).state
	names := nextOf(s)
	if rapid.IntRange(0, 9).Draw(w.T, "anything") == 9 {
		names = allCommands
	}
	name := rapid.SampledFrom(names).Draw(w.T, "command")
	if name == "start" && w.now.Before(s.Audit.StartOn.Start()) && rapid.Bool().Draw(w.T, "wait") {
		w.now = s.Audit.StartOn.Start().Add(9 * time.Hour)
	}
	w.give(stream, draws[name](w, s, w.header(name, s)))
}

// give gives a command, and one that is accepted is kept.
func (w *town) give(stream loop.StreamID, c loop.Command) error {
	receipt, err := w.engine.Do(context.Background(), stream, c)
	if err != nil {
		var refused *audit.Refusal
		var answers *rubric.AnswerErrors
		if !errors.As(err, &refused) && !errors.As(err, &answers) {
			w.Fatalf("%s: %v is no refusal", c.Name(), err)
		}
		return err
	}
	w.done = append(w.done, answered{stream, c, receipt})
	if !slices.Contains(w.streams, stream) {
		w.streams = append(w.streams, stream)
	}
	for _, f := range w.of(stream).follow(w, stream) {
		if !slices.Contains(w.streams, f) {
			w.streams = append(w.streams, f)
		}
	}
	return nil
}

func (h *story) follow(w *town, s loop.StreamID) []loop.StreamID {
	state, err := w.engine.State(context.Background(), s)
	if err != nil {
		w.Fatal(err)
	}
	var all []loop.StreamID
	for _, f := range state.FollowUps {
		all = append(all, f.Stream)
	}
	return all
}

func (w *town) of(s loop.StreamID) *story {
	if w.seen[s] == nil {
		w.seen[s] = &story{state: loop.New(s)}
	}
	return w.seen[s]
}

// read folds what is new in each stream.
func (w *town) read() {
	for _, s := range w.streams {
		h := w.of(s)
		for r, err := range w.store.Load(context.Background(), s, h.state.Version) {
			if err == nil {
				h.state, err = loop.Fold(h.state, r)
			}
			if err != nil {
				w.Fatal(err)
			}
			h.records = append(h.records, r)
		}
	}
}

// header is given by somebody who may, mostly.
func (w *town) header(command string, s loop.State) audit.Header {
	w.commands++
	h := audit.Header{ID: audit.CommandID(fmt.Sprintf("c%d", w.commands)), At: w.now}
	var may []audit.PersonID
	for _, p := range staff {
		if _, ok := s.People().Standing(audit.Header{Actor: p, At: w.now, Roles: signIn[p]}, w.env.Policy.May[command]...); ok {
			may = append(may, p)
		}
	}
	if len(may) == 0 || rapid.IntRange(0, 9).Draw(w.T, "stranger") == 9 {
		may = staff
	}
	h.Actor = rapid.SampledFrom(may).Draw(w.T, "who")
	h.Roles = signIn[h.Actor]
	return h
}

func (w *town) person() audit.PersonID { return rapid.SampledFrom(staff).Draw(w.T, "person") }

// words are what people write; sometimes they forget to.
func (w *town) words() audit.FreeText {
	if rapid.IntRange(0, 39).Draw(w.T, "words") == 39 {
		return " "
	}
	return secret
}

func (w *town) grade() rubric.Grade {
	return rapid.SampledFrom([]rubric.Grade{"good", "inadequate", "requires_improvement"}).Draw(w.T, "grade")
}

func (w *town) date() calendar.Date {
	return calendar.DateOf(w.now).AddDays(rapid.IntRange(-9, 3).Draw(w.T, "day"))
}

// nextOf are the commands that come next in a state, those that it waits for more
// than once.
func nextOf(s loop.State) []string {
	a, m := s.Audit, s.Moderation
	var next []string
	if slices.ContainsFunc(s.Notices, func(n loop.Notified) bool { return n.Critical && !s.Acknowledged(n.ID) }) {
		next = append(next, "acknowledge")
	}
	if len(s.FollowUps) > 0 && len(s.Plans) == 0 {
		next = append(next, "record_plan")
	}
	if slices.ContainsFunc(s.Tracker, func(t loop.Tracked) bool { return t.Completed == nil }) {
		next = append(next, "complete_action")
	}
	if slices.ContainsFunc(s.Tracker, func(t loop.Tracked) bool { return t.Completed != nil && t.Confirmed == nil }) {
		next = append(next, "confirm_action")
	}
	switch {
	case a.Phase == audit.PhaseNone:
		return []string{"select", "select", "select", "raise_concern"}
	case a.Phase == audit.PhasePlanned, a.Phase == audit.PhaseSelected:
		return append(next, "start", "start", "start")
	case a.Phase == audit.PhaseStarted && a.Kind == audit.DipSample:
		return append(next, "review_dip_sample", "review_dip_sample")
	case a.Phase == audit.PhaseStarted:
		if len(a.Reflections) == 0 {
			next = append(next, "reflect", "reflect")
		}
		if len(a.Meetings) == 0 {
			next = append(next, "meet", "meet")
		}
		next = append(next, "answer", "add_action", "finalise")
		if len(unjudged(s)) > 0 {
			next = append(next, "judge", "judge", "judge", "judge")
		}
		if !a.HeardFrom("child") || !a.HeardFrom("parents_carers") {
			return append(next, "record_feedback", "record_feedback")
		}
		return append(next, "finalise", "finalise", "judge")
	case m.Phase == moderation.PhaseNone:
		return append(next, "allocate_moderator", "allocate_moderator")
	case m.Phase == moderation.PhaseAllocated:
		next = append(next, "amend", "moderate_add_action", "moderate_judge", "finalise_moderation")
		if len(m.Discussed) == 0 {
			return append(next, "discuss", "discuss")
		}
		for _, v := range []moderation.View{moderation.AsAtAudit, moderation.Now} {
			if _, ok := m.Judgement(v); !ok {
				return append(next, "moderate_judge", "moderate_judge", "moderate_judge")
			}
		}
		return append(next, "finalise_moderation", "finalise_moderation")
	case m.Phase == moderation.PhaseFinalised:
		return append(next, "check_moderation", "check_moderation")
	case m.Phase == moderation.PhaseChecked:
		return append(next, "comment", "comment")
	}
	return append(next, "send_tracker", "close_loop", "close_loop")
}

// judgement is one that finalising asks for.
type judgement struct {
	as      audit.Role
	section string
}

func unjudged(s loop.State) (left []judgement) {
	for _, j := range []judgement{
		{audit.RoleAuditor, "referral"}, {audit.RoleAuditor, "planning"}, {audit.RoleAuditor, audit.Overall},
		{audit.RolePractitioner, "referral"}, {audit.RolePractitioner, "planning"},
	} {
		if _, ok := s.Audit.Judgement(j.as, j.section); !ok {
			left = append(left, j)
		}
	}
	return left
}

// draws make a command of each name.
var draws = map[string]func(*town, loop.State, audit.Header) loop.Command{
	"select": func(w *town, _ loop.State, h audit.Header) loop.Command {
		people := audit.People{Holders: map[audit.Role][]audit.PersonID{}}
		for _, r := range []audit.Role{audit.RolePractitioner, audit.RolePrincipalManager, audit.RoleTeamManager, audit.RoleDivisionalManager, audit.RoleDirector} {
			if rapid.IntRange(0, 9).Draw(w.T, "held") > 0 {
				people.Holders[r] = []audit.PersonID{w.person()}
			}
		}
		for range rapid.IntRange(0, 2).Draw(w.T, "deputies") {
			role := rapid.SampledFrom([]audit.Role{audit.RoleAuditor, audit.RoleModerator, audit.RolePractitioner, audit.RoleDivisionalManager}).Draw(w.T, "of")
			people.Deputies = append(people.Deputies, audit.Deputy{Role: role, Person: w.person()})
		}
		kind := rapid.SampledFrom([]audit.Kind{audit.DeepDive, audit.DeepDive, audit.DeepDive, audit.Thematic}).Draw(w.T, "kind")
		return audit.Select{Header: h, Kind: kind, People: people, Case: audit.Case{Number: "104233", OpenedOn: calendar.DateOf(w.now).AddDays(-rapid.IntRange(20, 200).Draw(w.T, "open"))}}
	},
	"start": func(w *town, _ loop.State, h audit.Header) loop.Command {
		return audit.Start{Header: h, Auditor: w.person()}
	},
	"reflect": func(w *town, _ loop.State, h audit.Header) loop.Command {
		answers := map[string]audit.FreeText{}
		for _, q := range w.env.Policy.Audit.Reflection {
			answers[q.ID] = w.words()
		}
		return audit.Reflect{Header: h, Answers: answers}
	},
	"meet": func(w *town, s loop.State, h audit.Header) loop.Command {
		c := audit.Meet{Header: h, HeldOn: w.date(), WithoutReflection: w.words()}
		if rapid.Bool().Draw(w.T, "together") {
			c.With = s.Audit.People.Of(audit.RolePractitioner)
		} else {
			c.WithoutPractitioner = w.words()
		}
		return c
	},
	"answer": func(w *town, s loop.State, h audit.Header) loop.Command {
		facts, lines := w.answers()
		missed, not := w.missed(s.Audit.Missed)
		return audit.Answer{Header: h, Facts: facts, Lines: lines, Missed: missed, NotMissed: not}
	},
	"judge": func(w *town, s loop.State, h audit.Header) loop.Command {
		c := audit.Judge{Header: h, Section: audit.Overall, Grade: w.grade(), Rationale: w.words()}
		if left := unjudged(s); len(left) > 0 {
			next := rapid.SampledFrom(left).Draw(w.T, "judgement")
			c.Section = next.section
			if who := s.Audit.People.Of(next.as); len(who) > 0 {
				c.Actor, c.Roles = who[0], signIn[who[0]]
			}
		}
		return c
	},
	"record_feedback": func(w *town, _ loop.State, h audit.Header) loop.Command {
		return audit.RecordFeedback{Header: h, Feedback: audit.Feedback{
			Source: rapid.SampledFrom(w.env.Policy.Audit.FeedbackSources).Draw(w.T, "source"), Outcome: audit.FeedbackGiven, SoughtOn: w.date(), How: secret, Words: w.words(),
		}}
	},
	"add_action": func(w *town, s loop.State, h audit.Header) loop.Command {
		return audit.AddAction{Header: h, Action: w.action(s)}
	},
	"finalise": func(_ *town, _ loop.State, h audit.Header) loop.Command { return audit.Finalise{Header: h} },
	"allocate_moderator": func(w *town, s loop.State, h audit.Header) loop.Command {
		c := moderation.Allocate{Header: h, Moderator: w.person()}
		for range 3 { // mostly somebody who may
			if slices.Contains(s.Audit.Auditors(), c.Moderator) || slices.Contains(s.Audit.Practitioners(), c.Moderator) {
				c.Moderator = w.person()
			}
		}
		return c
	},
	"discuss": func(w *town, _ loop.State, h audit.Header) loop.Command {
		return moderation.Discuss{Header: h, HeldOn: w.date()}
	},
	"amend": func(w *town, s loop.State, h audit.Header) loop.Command {
		facts, lines := w.answers()
		c := moderation.Amend{Header: h, View: w.view(), Facts: facts, Lines: lines, Because: secret, Evidence: map[string]map[string]audit.FreeText{}}
		for section, of := range lines {
			c.Evidence[section] = map[string]audit.FreeText{}
			for line := range of {
				c.Evidence[section][line] = secret
			}
		}
		c.Missed, c.NotMissed = w.missed(s.Moderation.Answers(s.Audit, c.View).MissedBottomLines)
		return c
	},
	"moderate_judge": func(w *town, _ loop.State, h audit.Header) loop.Command {
		return moderation.Judge{Header: h, View: w.view(), Grade: w.grade(), Rationale: w.words()}
	},
	"moderate_add_action": func(w *town, s loop.State, h audit.Header) loop.Command {
		return moderation.AddAction{Header: h, Action: w.action(s)}
	},
	"finalise_moderation": func(w *town, _ loop.State, h audit.Header) loop.Command {
		return moderation.Finalise{Header: h, Impact: w.words()}
	},
	"check_moderation": func(w *town, _ loop.State, h audit.Header) loop.Command {
		c := moderation.Check{Header: h}
		if rapid.IntRange(0, 3).Draw(w.T, "return") == 0 {
			c.Return = secret
		}
		return c
	},
	"comment": func(w *town, _ loop.State, h audit.Header) loop.Command {
		return moderation.Comment{Header: h, Comments: w.words()}
	},
	"record_plan": func(w *town, _ loop.State, h audit.Header) loop.Command {
		return loop.RecordPlan{Header: h, Plan: w.words()}
	},
	"send_tracker": func(_ *town, _ loop.State, h audit.Header) loop.Command { return loop.SendTracker{Header: h} },
	"complete_action": func(w *town, s loop.State, h audit.Header) loop.Command {
		return loop.CompleteAction{Header: h, Action: w.tracked(s), Evidence: w.words()}
	},
	"confirm_action": func(w *town, s loop.State, h audit.Header) loop.Command {
		return loop.ConfirmAction{Header: h, Action: w.tracked(s)}
	},
	"agree_date": func(w *town, s loop.State, h audit.Header) loop.Command {
		return loop.AgreeDate{Header: h, Action: w.tracked(s), Due: w.date().AddDays(10), With: w.person(), Because: w.words()}
	},
	"close_loop": func(w *town, _ loop.State, h audit.Header) loop.Command {
		return loop.CloseLoop{Header: h, Standard: w.words()}
	},
	"review_dip_sample": func(w *town, s loop.State, h audit.Header) loop.Command {
		held := map[string]loop.Held{}
		if s.Audit.Origin != nil {
			for _, a := range s.Audit.Origin.Carried {
				held[a.ID] = rapid.SampledFrom([]loop.Held{loop.HeldYes, loop.HeldPartly, loop.HeldNo}).Draw(w.T, "held")
			}
		}
		return loop.ReviewDipSample{Header: h, Held: held, Impact: w.words()}
	},
	"raise_concern": func(w *town, _ loop.State, h audit.Header) loop.Command {
		return loop.RaiseConcern{Header: h, Concern: w.words()}
	},
	"acknowledge": func(w *town, s loop.State, h audit.Header) loop.Command {
		var unread []loop.Notified
		for _, n := range s.Notices {
			if n.Critical && !s.Acknowledged(n.ID) {
				unread = append(unread, n)
			}
		}
		if len(unread) == 0 {
			return loop.Acknowledge{Header: h, Notice: "none"}
		}
		n := rapid.SampledFrom(unread).Draw(w.T, "notice")
		if n.To.Person != "" {
			h.Actor, h.Roles = n.To.Person, signIn[n.To.Person]
		}
		return loop.Acknowledge{Header: h, Notice: n.ID}
	},
}

var allCommands = func() []string {
	var all []string
	for name := range draws {
		all = append(all, name)
	}
	slices.Sort(all)
	return all
}()

// answers are all answers, mostly the best, or a few of any kind.
func (w *town) answers() (map[string]string, map[string]map[string]rubric.Answer) {
	facts := map[string]string{"received": "2026-01-09T15:20", "allocated": "2026-01-09T17:00", "consent": "given"}
	lines := map[string]map[string]rubric.Answer{
		"referral": {"agreed": rubric.Evidenced, "clear": rubric.Evidenced},
		"planning": {"alone": rubric.Evidenced},
	}
	changes := rapid.IntRange(0, 3).Draw(w.T, "changes")
	if rapid.IntRange(0, 3).Draw(w.T, "few") == 3 {
		facts, lines = map[string]string{}, map[string]map[string]rubric.Answer{}
	}
	for range changes {
		switch rapid.IntRange(0, 3).Draw(w.T, "what") {
		case 0:
			facts["allocated"] = rapid.SampledFrom([]string{"2026-01-09T17:00", "2026-01-12T10:05", ""}).Draw(w.T, "allocated")
		case 1:
			facts["consent"] = rapid.SampledFrom([]string{"given", "refused", ""}).Draw(w.T, "consent")
		default:
			at := rapid.SampledFrom([][2]string{{"referral", "agreed"}, {"referral", "clear"}, {"planning", "alone"}}).Draw(w.T, "line")
			if lines[at[0]] == nil {
				lines[at[0]] = map[string]rubric.Answer{}
			}
			lines[at[0]][at[1]] = rapid.SampledFrom([]rubric.Answer{rubric.Evidenced, rubric.Partly, rubric.NotEvidenced, ""}).Draw(w.T, "answer")
		}
	}
	return facts, lines
}

// missed are bottom lines that the rubric does not list, recorded or taken back.
func (w *town) missed(recorded []rubric.MissedBottomLine) (missed, not []rubric.MissedBottomLine) {
	switch rapid.IntRange(0, 19).Draw(w.T, "unlisted") {
	case 0:
		missed = []rubric.MissedBottomLine{{Section: "planning", Text: "unlisted", Source: "elsewhere"}}
	case 1, 2, 3:
		not = recorded
	}
	return missed, not
}

func (w *town) view() moderation.View {
	return rapid.SampledFrom([]moderation.View{moderation.AsAtAudit, moderation.Now}).Draw(w.T, "view")
}

func (w *town) action(s loop.State) audit.Action {
	return audit.Action{ID: fmt.Sprintf("A%d", len(s.Audit.Actions)+len(s.Moderation.Actions)+rapid.IntRange(0, 1).Draw(w.T, "number")), Text: w.words(), Owner: w.person()}
}

func (w *town) tracked(s loop.State) string {
	if len(s.Tracker) == 0 {
		return "A0"
	}
	for _, t := range s.Tracker {
		if t.Confirmed == nil && rapid.Bool().Draw(w.T, "first") {
			return t.ID
		}
	}
	return rapid.SampledFrom(s.Tracker).Draw(w.T, "action").ID
}
