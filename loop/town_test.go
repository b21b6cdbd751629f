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
	"github.com/practiceaudit/practiceaudit/moderation"
	"github.com/practiceaudit/practiceaudit/rubric"
)

// town is a small council in which people give commands at random: mostly those
// that come next, by somebody who may, and now and then anything by anyone.
type town struct {
	*rapid.T
	env      loop.Env
	store    *loop.MemoryStore
	now      time.Time
	streams  []loop.StreamID
	seen     map[loop.StreamID]*story
	done     []answered // every command that was accepted
	commands int
	mixed    uint64
}

// story is a stream as it was read step by step.
type story struct {
	records []loop.Record
	state   loop.State
	looked  int // how many records there were when it was last looked at
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
	env.Next = otherEnv(t, env, src)
	return env
}

func newTown(t *rapid.T, env loop.Env) *town {
	w := &town{T: t, env: env, store: loop.NewMemoryStore(), seen: map[loop.StreamID]*story{}}
	w.now = time.Date(2026, 3, 27, 15, 0, 0, 0, calendar.London()) // the clocks change two days later
	return w
}

// number draws a number from one to another, both included, each as likely as any:
// rapid's own prefer the small.
func (w *town) number(from, to int, label string) int {
	if w.mixed == 0 {
		w.mixed = 1 | rapid.Uint64().Draw(w.T, "life")
	}
	w.mixed = w.mixed*6364136223846793005 + 1442695040888963407
	n := uint64(to - from + 1)
	return from + int((uint64(rapid.IntRange(0, to-from).Draw(w.T, label))+w.mixed>>33)%n)
}

// one draws one of several.
func one[T any](w *town, of []T, label string) T { return of[w.number(0, len(of)-1, label)] }

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
	switch w.number(0, 9, "time") {
	case 0, 1, 2, 3, 4:
	case 5, 6:
		w.now = w.now.Add(time.Duration(w.number(1, 300, "minutes")) * time.Minute)
	case 7:
		w.now = w.now.AddDate(0, 0, w.number(1, 20, "days"))
	case 8:
		if due, err := w.store.Due(context.Background(), w.now.AddDate(1, 0, 0), 1); err == nil && len(due) > 0 && due[0].At.After(w.now) {
			w.now = due[0].At
		}
	case 9:
		w.wake()
	}
}

// step gives one command.
func (w *town) step() {
	if len(w.streams) > 0 && w.number(0, 14, "a cycle") == 14 {
		w.plan()
		return
	}
	stream := loop.StreamID(fmt.Sprintf("file-%d", len(w.streams)+1))
	if n := len(w.streams); n > 0 && w.number(0, 59, "new file") < 59 {
		stream = w.streams[0]
		if w.number(0, 4, "another file") == 4 {
			stream = one(w, w.streams, "file")
		}
	}
	s := w.of(stream).state
	names := nextOf(s)
	if w.number(0, 9, "anything") == 9 {
		names = allCommands
	}
	if s.Audit.Phase != audit.PhaseNone && w.number(0, 9, "ordinary life") == 9 {
		names = ordinaryOf(s)
	}
	name := one(w, names, "command")
	if name == "start" && w.now.Before(s.Audit.StartOn.Start()) && (w.number(0, 1, "wait") == 1) {
		w.now = s.Audit.StartOn.Start().Add(9 * time.Hour)
	}
	w.give(stream, draws[name](w, s, w.header(name, s)))
}

// wake gives the wake-ups that are due.
func (w *town) wake() {
	due, err := w.store.Due(context.Background(), w.now, 1000)
	if err != nil {
		w.Fatal(err)
	}
	for _, d := range due {
		if err := w.give(d.Stream, loop.NewWakeUp(d)); err != nil {
			w.Fatalf("%s: %v", d.ID, err)
		}
		w.read()
	}
}

// give gives a command, and one that is accepted is kept.
func (w *town) give(stream loop.StreamID, c loop.Command) error {
	receipt, follow, err := w.do(stream, c)
	if err != nil {
		var refused *audit.Refusal
		var answers *rubric.AnswerErrors
		if !errors.As(err, &refused) && !errors.As(err, &answers) {
			w.Fatalf("%s: %v is no refusal", c.Name(), err)
		}
		return err
	}
	w.done = append(w.done, answered{stream, c, receipt})
	for _, s := range append(follow, stream) {
		if !slices.Contains(w.streams, s) {
			w.streams = append(w.streams, s)
		}
	}
	return nil
}

// do plans a command and commits it, as an engine would.
func (w *town) do(stream loop.StreamID, c loop.Command) (receipt loop.Receipt, follow []loop.StreamID, err error) {
	s := w.of(stream).state
	env := w.envOf(s)
	if s.Audit.Origin != nil {
		env.Origin = &w.of(loop.StreamID(s.Audit.Origin.Stream)).state
	}
	batch, err := loop.Plan(s, c, env)
	if err != nil {
		return receipt, nil, err
	}
	for _, f := range batch.FollowUps {
		follow = append(follow, f.Stream)
	}
	receipt, err = w.store.Commit(context.Background(), batch)
	return receipt, follow, err
}

// envOf is what a stream is decided by, and as Next what it is not.
func (w *town) envOf(s loop.State) loop.Env {
	env, next, pins := w.env, *w.env.Next, s.Audit.Pins
	if pins.Policy == "" {
		return env
	}
	if pins.Rubric.Digest != env.Rubric.Ref().Digest {
		env.Rubric, next.Rubric = next.Rubric, env.Rubric
	}
	if pins.Policy != string(env.Policy.Digest()) {
		env.Policy, next.Policy = next.Policy, env.Policy
	}
	if pins.Calendar != env.Calendar.Edition() {
		env.Calendar, next.Calendar = next.Calendar, env.Calendar
	}
	env.Next = &next
	return env
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
	if len(may) == 0 || w.number(0, 9, "stranger") == 9 {
		may = staff
	}
	h.Actor = one(w, may, "who")
	h.Roles = signIn[h.Actor]
	return h
}

func (w *town) person() audit.PersonID { return one(w, staff, "person") }

// words are what people write; sometimes they forget to.
func (w *town) words() audit.FreeText {
	if w.number(0, 39, "words") == 39 {
		return " "
	}
	return secret
}

func (w *town) grade() rubric.Grade {
	return one(w, []rubric.Grade{"good", "inadequate", "requires_improvement"}, "grade")
}

func (w *town) date() calendar.Date {
	return calendar.DateOf(w.now).AddDays(w.number(-9, 3, "day"))
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
		next = append(next, "complete_action", "agree_date")
	}
	if slices.ContainsFunc(s.Tracker, func(t loop.Tracked) bool { return t.Completed != nil && t.Confirmed == nil }) {
		next = append(next, "confirm_action")
	}
	switch {
	case a.Phase == audit.PhaseNone:
		return []string{"select"}
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
	case m.Phase == moderation.PhaseNone && a.Kind == audit.Thematic:
		return append(next, "send_tracker", "close_loop", "close_loop")
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
	if _, planned := s.FollowUp(audit.DipSample); m.Phase == moderation.PhaseClosed && !planned {
		next = append(next, "choose_dip_sample", "choose_dip_sample")
	}
	return append(next, "send_tracker", "close_loop", "close_loop")
}

// ordinaryOf is what may happen beside the process in a state.
func ordinaryOf(s loop.State) []string {
	names := []string{
		"reassign", "reassign", "appoint_deputy", "restrict_case", "link_household", "renumber_case",
		"ask_advice", "give_advice", "suspend", "migrate", "migrate",
	}
	switch {
	case s.Suspended != nil:
		names = append(names, "resume", "resume", "resume")
	case s.Proposed != nil:
		return slices.Repeat([]string{"agree_withdrawal"}, 10)
	case s.Audit.Phase == audit.PhasePlanned:
		names = append(names, slices.Repeat([]string{"cancel_follow_up"}, 20)...)
	case s.Audit.Phase == audit.PhaseStarted:
		return append(names, "see_suggestion", "see_suggestion", "extend", "extend", "correct_case", "withdraw")
	case s.Audit.Phase == audit.PhaseFinalised:
		names = append(names, "correct", "correct", "reopen", "reflect_in_supervision", "withdraw")
	}
	switch s.Moderation.Phase {
	case moderation.PhaseAllocated:
		return append(names, "see_moderation_suggestion", "see_auditor_grade", "extend_moderation", "reassign_moderator", "reassign_moderator")
	case moderation.PhaseFinalised, moderation.PhaseChecked:
		if s.Moderation.Disagreement != nil {
			return append(names, slices.Repeat([]string{"settle"}, 30)...)
		}
		return append(names, "disagree", "disagree", "reopen_moderation", "reassign_moderator")
	case moderation.PhaseClosed:
		if _, planned := s.FollowUp(audit.DipSample); !planned {
			return append(names, "choose_dip_sample", "choose_dip_sample")
		}
		return append(names, "reopen_moderation", "reopen_moderation", "reflect_in_supervision")
	}
	return names
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
		{audit.RolePeerReviewer, "referral"}, {audit.RolePeerReviewer, "planning"},
	} {
		if _, ok := s.Audit.Judgement(j.as, j.section); !ok && (j.as != audit.RolePeerReviewer || len(s.Audit.PeerReviewers()) > 0) {
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
			if w.number(0, 9, "held") > 0 {
				people.Holders[r] = []audit.PersonID{w.person()}
			}
		}
		for range w.number(0, 2, "deputies") {
			role := one(w, []audit.Role{audit.RoleAuditor, audit.RoleModerator, audit.RolePractitioner, audit.RoleDivisionalManager}, "of")
			people.Deputies = append(people.Deputies, audit.Deputy{Role: role, Person: w.person()})
		}
		kind := one(w, []audit.Kind{audit.DeepDive, audit.DeepDive, audit.DeepDive, audit.Thematic}, "kind")
		return audit.Select{Header: h, Kind: kind, People: people, Case: audit.Case{Number: "104233", OpenedOn: calendar.DateOf(w.now).AddDays(-w.number(20, 200, "open"))}}
	},
	"start": func(w *town, _ loop.State, h audit.Header) loop.Command {
		c := audit.Start{Header: h, Auditor: w.person()}
		if w.env.Policy.Audit.PeerReviewed() {
			c.PeerReviewer = w.person()
		}
		return c
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
		if w.number(0, 1, "together") == 1 {
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
			next := one(w, left, "judgement")
			c.Section = next.section
			if who := s.Audit.People.Of(next.as); len(who) > 0 {
				c.Actor, c.Roles = who[0], signIn[who[0]]
			}
		}
		return c
	},
	"record_feedback": func(w *town, _ loop.State, h audit.Header) loop.Command {
		return audit.RecordFeedback{Header: h, Feedback: audit.Feedback{
			Source: one(w, w.env.Policy.Audit.FeedbackSources, "source"), Outcome: audit.FeedbackGiven, SoughtOn: w.date(), How: secret, Words: w.words(),
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
		if w.number(0, 3, "return") == 3 {
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
				held[a.ID] = one(w, []loop.Held{loop.HeldYes, loop.HeldPartly, loop.HeldNo}, "held")
			}
		}
		return loop.ReviewDipSample{Header: h, Held: held, Impact: w.words()}
	},
	"see_suggestion": func(w *town, _ loop.State, h audit.Header) loop.Command {
		return audit.SeeSuggestion{Header: h, Section: w.section()}
	},
	"correct": func(w *town, s loop.State, h audit.Header) loop.Command {
		facts, lines := w.answers()
		c := audit.Correct{Header: h, Facts: facts, Lines: lines, Because: w.words()}
		for range w.number(0, 2, "judgements") {
			c.Judgements = append(c.Judgements, audit.CorrectedJudgement{Section: w.section(), Grade: w.grade(), Rationale: w.words()})
		}
		c.Missed, c.NotMissed = w.missed(s.Audit.Missed)
		return c
	},
	"correct_case": func(w *town, _ loop.State, h audit.Header) loop.Command {
		return audit.CorrectCase{Header: h, OpenedOn: calendar.DateOf(w.now).AddDays(-w.number(20, 200, "open")), Team: "Riverside", Because: w.words()}
	},
	"reopen": func(w *town, _ loop.State, h audit.Header) loop.Command {
		return audit.Reopen{Header: h, Because: w.words()}
	},
	"extend": func(w *town, s loop.State, h audit.Header) loop.Command {
		return audit.Extend{Header: h, Due: s.Audit.Due.Due.AddDays(w.number(0, 9, "later")), With: w.person(), Because: w.words()}
	},
	"reassign": func(w *town, _ loop.State, h audit.Header) loop.Command {
		role := one(w, []audit.Role{audit.RoleAuditor, audit.RolePractitioner, audit.RoleDivisionalManager, audit.RoleModerator, audit.RoleIRM, audit.RolePeerReviewer}, "role")
		return audit.Reassign{Header: h, Role: role, To: []audit.PersonID{w.person()}, Why: one(w, audit.ReassignReasons(), "why"), Because: w.words()}
	},
	"appoint_deputy": func(w *town, _ loop.State, h audit.Header) loop.Command {
		role := one(w, []audit.Role{audit.RoleAuditor, audit.RoleModerator, audit.RolePractitioner, audit.RoleDivisionalManager, audit.RolePeerReviewer}, "of")
		return audit.AppointDeputy{Header: h, Deputy: audit.Deputy{Role: role, Person: w.person(), From: w.date(), Until: w.date().AddDays(5)}, Because: w.words()}
	},
	"restrict_case": func(w *town, _ loop.State, h audit.Header) loop.Command {
		return audit.Restrict{Header: h, Restricted: (w.number(0, 1, "restricted") == 1), Told: []audit.PersonID{w.person()}, Because: w.words()}
	},
	"link_household": func(w *town, _ loop.State, h audit.Header) loop.Command {
		return audit.LinkHousehold{Header: h, Streams: []string{"file-1"}, Because: w.words()}
	},
	"renumber_case": func(w *town, _ loop.State, h audit.Header) loop.Command {
		return audit.Renumber{Header: h, Number: "204233", Because: w.words()}
	},
	"see_moderation_suggestion": func(w *town, _ loop.State, h audit.Header) loop.Command {
		return moderation.SeeSuggestion{Header: h, View: w.view()}
	},
	"see_auditor_grade": func(_ *town, _ loop.State, h audit.Header) loop.Command {
		return moderation.SeeAuditorGrade{Header: h}
	},
	"disagree": func(w *town, _ loop.State, h audit.Header) loop.Command {
		return moderation.Disagree{Header: h, Because: w.words()}
	},
	"settle": func(w *town, _ loop.State, h audit.Header) loop.Command {
		return moderation.Settle{Header: h, Uphold: (w.number(0, 1, "upheld") == 1), Because: w.words()}
	},
	"extend_moderation": func(w *town, s loop.State, h audit.Header) loop.Command {
		return moderation.Extend{Header: h, Due: s.Moderation.Due.Due.AddDays(w.number(0, 9, "later")), With: w.person(), Because: w.words()}
	},
	"reassign_moderator": func(w *town, _ loop.State, h audit.Header) loop.Command {
		return moderation.Reassign{Header: h, Moderator: w.person(), Why: audit.ReassignLeft, Because: w.words()}
	},
	"reopen_moderation": func(w *town, _ loop.State, h audit.Header) loop.Command {
		return moderation.Reopen{Header: h, Because: w.words()}
	},
	"reflect_in_supervision": func(w *town, s loop.State, h audit.Header) loop.Command {
		return loop.ReflectInSupervision{Header: h, Action: w.tracked(s), HeldOn: w.date(), With: w.person(), Reflection: w.words()}
	},
	"ask_advice": func(w *town, _ loop.State, h audit.Header) loop.Command {
		return loop.AskAdvice{Header: h, Question: w.words()}
	},
	"give_advice": func(w *town, s loop.State, h audit.Header) loop.Command {
		return loop.GiveAdvice{Header: h, Question: w.number(0, len(s.Asked), "question"), Advice: w.words()}
	},
	"suspend": func(w *town, _ loop.State, h audit.Header) loop.Command {
		return loop.Suspend{Header: h, Ground: one(w, loop.SuspendGrounds(), "ground"), Because: w.words()}
	},
	"resume": func(w *town, _ loop.State, h audit.Header) loop.Command {
		return loop.Resume{Header: h, Because: w.words()}
	},
	"choose_dip_sample": func(w *town, _ loop.State, h audit.Header) loop.Command {
		return loop.ChooseDipSample{Header: h, Because: w.words()}
	},
	"migrate": func(w *town, s loop.State, h audit.Header) loop.Command {
		c, next := loop.Migrate{Header: h, Because: w.words()}, w.envOf(s).Next
		if w.number(0, 2, "rubric") == 2 {
			c.Rubric = loop.Digest(next.Rubric.Ref().Digest)
		}
		if w.number(0, 2, "policy") == 2 {
			c.Policy = next.Policy.Digest()
		}
		if w.number(0, 1, "calendar") == 1 {
			c.Calendar = loop.Digest(next.Calendar.Edition().Digest)
		}
		return c
	},
	"withdraw": func(w *town, _ loop.State, h audit.Header) loop.Command {
		return loop.Withdraw{Header: h, Ground: one(w, loop.WithdrawGrounds(), "ground"), Because: w.words(), Told: w.words()}
	},
	"agree_withdrawal": func(_ *town, _ loop.State, h audit.Header) loop.Command { return loop.AgreeWithdrawal{Header: h} },
	"cancel_follow_up": func(w *town, _ loop.State, h audit.Header) loop.Command {
		return loop.CancelFollowUp{Header: h, Because: w.words()}
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
		n := one(w, unread, "notice")
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
	changes := w.number(0, 3, "changes")
	if w.number(0, 3, "few") == 3 {
		facts, lines = map[string]string{}, map[string]map[string]rubric.Answer{}
	}
	for range changes {
		switch w.number(0, 3, "what") {
		case 0:
			facts["allocated"] = one(w, []string{"2026-01-09T17:00", "2026-01-12T10:05", ""}, "allocated")
		case 1:
			facts["consent"] = one(w, []string{"given", "refused", ""}, "consent")
		default:
			at := one(w, [][2]string{{"referral", "agreed"}, {"referral", "clear"}, {"planning", "alone"}}, "line")
			if lines[at[0]] == nil {
				lines[at[0]] = map[string]rubric.Answer{}
			}
			lines[at[0]][at[1]] = one(w, []rubric.Answer{rubric.Evidenced, rubric.Partly, rubric.NotEvidenced, ""}, "answer")
		}
	}
	return facts, lines
}

// missed are bottom lines that the rubric does not list, recorded or taken back.
func (w *town) missed(recorded []rubric.MissedBottomLine) (missed, not []rubric.MissedBottomLine) {
	switch w.number(0, 19, "unlisted") {
	case 0:
		missed = []rubric.MissedBottomLine{{Section: "planning", Text: "unlisted", Source: "elsewhere"}}
	case 1, 2, 3:
		not = recorded
	}
	return missed, not
}

func (w *town) section() string {
	return one(w, []string{"referral", "planning", audit.Overall}, "section")
}

func (w *town) view() moderation.View {
	return one(w, []moderation.View{moderation.AsAtAudit, moderation.Now}, "view")
}

func (w *town) action(s loop.State) audit.Action {
	return audit.Action{ID: fmt.Sprintf("A%d", len(s.Audit.Actions)+len(s.Moderation.Actions)+w.number(0, 1, "number")), Text: w.words(), Owner: w.person()}
}

func (w *town) tracked(s loop.State) string {
	if len(s.Tracker) == 0 {
		return "A0"
	}
	for _, t := range s.Tracker {
		if t.Confirmed == nil && (w.number(0, 1, "first") == 1) {
			return t.ID
		}
	}
	return one(w, s.Tracker, "action").ID
}
