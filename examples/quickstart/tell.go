package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/loop"
	"github.com/practiceaudit/practiceaudit/loop/form"
	"github.com/practiceaudit/practiceaudit/loop/report"
	"github.com/practiceaudit/practiceaudit/moderation"
	"github.com/practiceaudit/practiceaudit/rubric"
)

// tell carries the file round the loop and puts on the page what a person wants
// to know of it.
func (in *inputs) tell(ctx context.Context, store loop.Store, p *page) error {
	before, err := count(ctx, store)
	if err != nil {
		return err
	}
	p.doc.Case = in.audit.Case
	p.heading("The file", "Case %s, as of %s", in.audit.Case, in.today.Long())
	for _, w := range in.env.Rubric.Warnings(in.today) {
		p.line("Note: %s.", w)
	}
	in.tellCaseload(p)
	if err := in.tellGrade(p); err != nil {
		return err
	}

	p.heading("Journey", "What happened, and who was told")
	notices := &printing{page: p}
	j, err := newJourney(ctx, in, store, notices)
	if err != nil {
		return err
	}
	if notices.earlier, err = j.toldEarlier(ctx, store, in.audit.Case); err != nil {
		return err
	}
	again := j.takenAlready()
	j.did = func(s step, after loop.State) {
		was, before := j.before.steps[s.id]
		notices.told(func(t told) bool { return before && t.position < was.position || !before && !t.At.After(s.At) })
		p.step(s, in.says(s, after))
		if before {
			again--
			notices.told(func(t told) bool { return t.command == s.id || again == 0 })
		}
	}
	ahead, err := j.play(ctx)
	if err != nil {
		return err
	}
	notices.told(func(told) bool { return true })
	states, err := j.states(ctx)
	if err != nil {
		return err
	}
	if err := in.tellLaterGrades(p, states); err != nil {
		return err
	}
	in.tellDeadlines(p, states)
	if err := in.tellTracker(p, states); err != nil {
		return err
	}
	in.tellFollowUps(p, states, ahead)
	in.tellKept(p, j.before, states[0])
	after, err := count(ctx, store)
	if err != nil {
		return err
	}
	p.summary(summary{
		Events: after, NewEvents: after - before, NewNotices: notices.delivered,
	})
	return p.end()
}

// count is how many events a store holds.
func count(ctx context.Context, store loop.Store) (int, error) {
	n := 0
	for _, err := range store.Feed(ctx, 0) {
		if err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// tellCaseload says which files could be chosen on the day of the selection.
func (in *inputs) tellCaseload(p *page) {
	on, selected := in.today, false
	for _, u := range in.updates {
		if u.Name == (audit.Select{}).Name() && in.known(u.At) {
			on, selected = calendar.DateOf(u.At), true
		}
	}
	p.heading("Caseload", "Which files could be chosen on %s", on.Long())
	env := audit.Env{Rubric: in.env.Rubric, Calendar: in.env.Calendar, Policy: in.env.Policy.Audit}
	for _, f := range in.caseload.Files {
		eligible, refusal := audit.Eligible(f.Case, on, env)
		row := candidate{Case: f.Case.Number, Team: f.Case.Team, OpenedOn: f.Case.OpenedOn, From: eligible.Due, Eligible: refusal == nil, Chosen: selected && f.Case.Number == in.audit.Case}
		if refusal != nil {
			row.Why = refusal.Message
		}
		p.candidate(row)
	}
	for _, d := range in.caseload.Duplicates {
		p.line("Line %d repeats case %s of line %d and was passed over.", d.Line, d.Number, d.First)
	}
}

// known reports whether something had happened by today.
func (in *inputs) known(at time.Time) bool { return !at.After(in.today.End()) }

// tellGrade says what the rubric makes of the answers, and why, once they are
// given.
func (in *inputs) tellGrade(p *page) error {
	p.heading("Grade", "What the rubric makes of the answers")
	var answered, judged bool
	for _, s := range in.steps(in.before) {
		if s.Of == form.OfAudit && in.known(s.At) {
			answered = answered || s.Name == (audit.Answer{}).Name()
			judged = judged || s.Name == (audit.Judge{}).Name()
		}
	}
	if !answered {
		p.line("There are no answers yet.")
		return nil
	}
	answers := in.audit.Answers
	if !judged {
		answers.Judgements = nil
	}
	f, err := in.env.Rubric.Form(answers, in.env.Calendar)
	if err != nil {
		return err
	}
	if in.audit.Draft() {
		p.line("The audit is a draft: what is not answered yet is open.")
		p.printf("\n")
	}
	x := f.Grade().Explain()
	if judged {
		x.Overall.Judgement = in.gradeTitle(in.audit.Overall)
	}
	p.explanation(x)
	return nil
}

// gradeTitle is a grade as people say it, and nothing where none is given.
func (in *inputs) gradeTitle(g rubric.Grade) string {
	if g == "" {
		return ""
	}
	return in.env.Rubric.GradeTitle(g)
}

// tellLaterGrades says how the grades after the auditor's came about: the
// moderator's two, and those of the re-audit.
func (in *inputs) tellLaterGrades(p *page, states []loop.State) error {
	p.heading("Later grades", "What the moderator and the re-audit made of it, and why")
	told := false
	tell := func(title, by string, a rubric.Answers, g rubric.Grade, rationale audit.FreeText) error {
		f, err := in.env.Rubric.Form(a, in.env.Calendar)
		if err != nil {
			return err
		}
		whole := f.Grade().Explain()
		x := whole.Overall
		x.Title, x.Judgement = title, in.gradeTitle(g)
		for _, section := range whole.Sections {
			x.Excepted = append(x.Excepted, section.Excepted...)
		}
		p.laterGrade(x, by, rationale)
		told = true
		return nil
	}
	for _, s := range states {
		if s.Audit.ReAudit() && s.Audit.Final != nil {
			j, _ := s.Audit.Judgement(audit.RoleAuditor, audit.Overall)
			if err := tell("The re-audit, the file as a whole", string(j.By), s.Audit.Answers(), j.Grade, j.Rationale); err != nil {
				return err
			}
		}
		if s.Moderation.Final == nil {
			continue
		}
		for _, v := range []struct {
			view  moderation.View
			title string
		}{{moderation.AsAtAudit, "as it was at audit"}, {moderation.Now, "now"}} {
			j, _ := s.Moderation.Judgement(v.view)
			title := fmt.Sprintf("The moderation of the %s, the file %s", auditTitle(s), v.title)
			if err := tell(title, string(j.By), s.Moderation.Answers(s.Audit, v.view), j.Grade, j.Rationale); err != nil {
				return err
			}
		}
	}
	if !told {
		p.line("There are none yet.")
	}
	return nil
}

func (in *inputs) tellDeadlines(p *page, states []loop.State) {
	p.heading("Deadlines", "Each deadline and how it was counted")
	for _, s := range states {
		name := auditTitle(s)
		p.deadline(name, "the file could be chosen from", s.Audit.Eligible)
		end := "finalising it"
		if s.Audit.Kind == audit.DipSample {
			end = "reviewing it"
		}
		p.deadline(name, end, s.Audit.Due)
		if s.Audit.Final != nil && s.Audit.Kind != audit.DipSample {
			p.deadline(name, "the auditor's actions", s.Audit.Final.ActionsDue)
		}
		p.deadline(name, "the moderation", s.Moderation.Due)
		p.deadline(name, "the check and final QA comments", s.Moderation.CheckDue)
		if s.Moderation.Final != nil {
			p.deadline(name, "the case at the expected practice standards", s.Moderation.Final.Standard)
		}
		p.deadline(name, "the action tracker", s.TrackerDue)
		for _, t := range s.Tracker {
			p.deadlineAs(name, "action "+t.ID, t.Due, counted(t))
		}
		for _, f := range s.FollowUps {
			p.deadline(name, "the "+followUpTitle(f)+" starts", f.Start)
		}
	}
}

// counted is how the date of an action was counted, if it was.
func counted(t loop.Tracked) string {
	switch {
	case t.Agreed != nil:
		return fmt.Sprintf("agreed by %s with %s, and not counted", t.Agreed.By, t.Agreed.With)
	case !t.AgreedDate.IsZero():
		return "agreed when the action was set, and not counted"
	}
	return t.Due.Working()
}

func (in *inputs) tellTracker(p *page, states []loop.State) error {
	p.heading("Tracker", "Every action of audit and moderation")
	tracked := false
	for _, s := range states {
		rows, err := report.Tracker(s, in.today.End(), in.env.Calendar)
		if err != nil {
			return err
		}
		for _, row := range rows {
			p.tracked(row)
			tracked = true
		}
	}
	if !tracked {
		p.line("There is none.")
	}
	return nil
}

func (in *inputs) tellFollowUps(p *page, states []loop.State, ahead []step) {
	p.heading("Follow-ups", "What follows, and what is still to come")
	for _, s := range states {
		for _, f := range s.FollowUps {
			p.followUp(auditTitle(s), f, stateOf(states, f))
		}
		if s.Sample != nil {
			p.sampled(*s.Sample)
		}
		if s.Closed != nil {
			p.line("The loop of the %s was closed by %s on %s.", auditTitle(s), s.Closed.By, london(s.Closed.At))
		}
	}
	var waiting []step
	for _, s := range in.steps(in.before) {
		if in.waiting[s.id] {
			waiting = append(waiting, s)
		}
	}
	p.each("Waiting for the draft to be finalised", waiting)
	p.each("Still to come", ahead)
	for _, s := range states {
		for _, c := range s.Clocks() {
			status, err := in.env.Calendar.Status(c.Due, in.today.End())
			if err == nil {
				p.line("Running: %s of the %s, %s.", clockTitle(c), auditTitle(s), status)
			}
		}
	}
}

// tellKept says where the files and what was stored before have parted.
func (in *inputs) tellKept(p *page, before history, now loop.State) {
	_, gone := before.changed(in.steps(before))
	for _, s := range gone {
		p.line("In the database and in no file any more: %s. What has happened stays.", s)
	}
	was, _ := json.Marshal([]any{now.Audit.Case, now.Audit.People.Without(audit.RoleAuditor)})
	is, _ := json.Marshal([]any{in.file.Case, in.council.Of(in.file)})
	if now.Audit.Phase != audit.PhaseNone && !bytes.Equal(was, is) {
		p.line("The caseload or the people of this case have changed since it was selected. It goes on with those of that day.")
	}
}

// stateOf says how far a follow-up has come.
func stateOf(states []loop.State, f loop.FollowUpPlanned) string {
	for _, s := range states {
		if s.Stream != f.Stream {
			continue
		}
		switch {
		case s.Sample != nil:
			return "done on " + london(s.Sample.At)
		case s.Closed != nil:
			return "loop closed on " + london(s.Closed.At)
		}
		return string(s.Audit.Phase)
	}
	return "planned"
}

// clockTitle is a clock as people say it, before "of the audit".
func clockTitle(c loop.Clock) string {
	switch c.Name {
	case loop.ClockAudit:
		return "the end"
	case loop.ClockActions:
		return "action " + c.Subject
	case loop.ClockCheck:
		return "the check and final QA comments"
	case loop.ClockStandard:
		return "the expected practice standards"
	case loop.ClockTracker:
		return "the action tracker"
	case loop.ClockReAudit, loop.ClockDipSample:
		return "the start"
	}
	return "the " + title(c.Name)
}

func auditTitle(s loop.State) string {
	if s.Audit.ReAudit() {
		return "re-audit"
	}
	return s.Audit.Kind.Title()
}

func followUpTitle(f loop.FollowUpPlanned) string {
	if f.Kind == audit.DeepDive {
		return "re-audit"
	}
	return f.Kind.Title()
}

// title is a name as people say it.
func title(name string) string {
	if name == form.OfReAudit {
		return "re-audit"
	}
	return strings.ReplaceAll(name, "_", " ")
}

func london(t time.Time) string {
	t = t.In(calendar.London())
	return calendar.DateOf(t).Short() + t.Format(" 15:04")
}

// toldEarlier are the notices of earlier runs, but for those that are still to be
// delivered.
func (j *journey) toldEarlier(ctx context.Context, store loop.Store, number audit.CaseNumber) ([]told, error) {
	pending, err := store.Pending(ctx, time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC), math.MaxInt32)
	if err != nil {
		return nil, err
	}
	var all []told
	for _, t := range j.before.told {
		if !slices.ContainsFunc(pending, func(n loop.Notice) bool { return n.ID == t.ID }) {
			t.Case = number
			all = append(all, t)
		}
	}
	return all, nil
}

// takenAlready is how many steps an earlier run has taken.
func (j *journey) takenAlready() int {
	n := 0
	for _, s := range j.steps {
		if _, done := j.before.steps[s.id]; done && j.in.known(s.At) && !j.in.waiting[s.id] {
			n++
		}
	}
	return n
}

// printing is a Notifier that a person can see.
type printing struct {
	page      *page
	delivered int
	earlier   []told // on earlier runs, and not on the page yet
}

func (n *printing) Notify(_ context.Context, notice loop.Notice) error {
	n.delivered++
	n.page.notice(notice, false)
	return nil
}

// told puts the notices of earlier runs on the page, up to the first that is to
// wait.
func (n *printing) told(now func(told) bool) {
	for len(n.earlier) > 0 && now(n.earlier[0]) {
		n.page.notice(n.earlier[0].Notice, true)
		n.earlier = n.earlier[1:]
	}
}
