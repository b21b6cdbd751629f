package loop

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/moderation"
)

// Clock is a deadline that runs in a stream.
type Clock struct {
	Name    string // as the process policy names it, "moderation"
	Subject string // the action, for the clock of an action
	Due     calendar.Deadline
	Began   time.Time // when it began to run; zero if that is not known
}

// Clocks are the deadlines that run in a state, in the order of the process.
func (s State) Clocks() []Clock {
	var clocks []Clock
	ended := s.Withdrawn != nil || s.Cancelled != nil
	add := func(runs bool, name, subject string, due calendar.Deadline, began time.Time) {
		if runs && !due.IsZero() && (!ended || name == ClockActions) {
			clocks = append(clocks, Clock{name, subject, due, began})
		}
	}
	a, m := s.Audit, s.Moderation
	var audited, moderated time.Time
	if a.Final != nil {
		audited = a.Final.At
	}
	if m.Final != nil {
		moderated = m.Final.At
	}
	add(a.Phase == audit.PhasePlanned, startClock(a.Kind), "", a.Start, a.Focus.Start()) // it looks at practice since the finding that planned it
	add(a.Phase == audit.PhaseStarted && s.Sample == nil, ClockAudit, "", a.Due, a.Due.Start.Start())
	add(m.Phase == moderation.PhaseAllocated, ClockModeration, "", m.Due, m.Due.Start.Start())
	add(m.Phase == moderation.PhaseFinalised || m.Phase == moderation.PhaseChecked, ClockCheck, "", m.CheckDue, moderated)
	add(s.Sent == nil, ClockTracker, "", s.TrackerDue, later(audited, moderated))
	for _, t := range s.Tracker {
		add(t.Completed == nil && s.Closed == nil, ClockActions, t.ID, t.Due, t.Since)
	}
	due, since := s.standard()
	add(m.Final != nil && s.Closed == nil && !m.Anew, ClockStandard, "", due, since)
	return clocks
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

func startClock(k audit.Kind) string {
	if k == audit.DeepDive {
		return ClockReAudit
	}
	return ClockDipSample
}

// standard is by when the case is at the expected practice standards, and since
// when that is so: five working days from the moderation in Halton, or the latest
// date agreed for an action.
func (s State) standard() (calendar.Deadline, time.Time) {
	if s.Moderation.Final == nil {
		return calendar.Deadline{}, time.Time{}
	}
	due, since := s.Moderation.Final.Standard, s.Moderation.Final.At
	for _, t := range s.Tracker {
		if (t.Agreed != nil || !t.AgreedDate.IsZero()) && t.Due.Due.After(due.Due) {
			due = t.Due
			if t.Since.After(since) {
				since = t.Since
			}
		}
	}
	return due, since
}

// step is one reminder, escalation or rung that is still to come.
type step struct {
	key  string
	at   time.Time
	tell func(*notices)
}

// steps are those that are still to come in a state.
func (s State) steps(env Env) []step {
	var steps []step
	for _, c := range s.Clocks() {
		if s.Suspended != nil && rests(c.Name) {
			continue
		}
		if s.Resumed != nil && rests(c.Name) && s.Resumed.At.After(c.Began) {
			c.Began = s.Resumed.At
		}
		if at := s.newly(c); at.After(c.Began) {
			c.Began = at
		}
		for _, policyStep := range env.Policy.Steps[c.Name] {
			if st, ok := clockStep(c, policyStep, env); ok {
				steps = append(steps, st)
			}
		}
	}
	steps = append(steps, s.rungs(env)...)
	sent := map[string]bool{}
	for _, n := range s.Notices {
		sent[n.Step] = true
	}
	var left []step
	for _, st := range steps {
		if !sent[st.key] {
			left = append(left, st)
		}
	}
	return left
}

// clockStep says when a reminder or escalation of a clock goes out: at the
// policy's hour, of a working day unless it says every day. A reminder of a moment before the clock began
// to run is none; what is overdue is told however late.
func clockStep(c Clock, p Step, env Env) (step, bool) {
	topic, key, roll := TopicReminder, "before "+p.Before.String(), calendar.Following
	if env.Policy.EveryDay {
		roll = calendar.NoRoll
	}
	var day calendar.Date
	var err error
	if p.After.IsZero() {
		day, err = env.Calendar.Before(c.Due.Due, p.Before)
	} else {
		topic, key = TopicOverdue, "after "+p.After.String()
		var d calendar.Deadline
		d, err = env.Calendar.DeadlineFrom(c.Due.Due, p.After, roll)
		day = d.Due
	}
	if err != nil {
		return step{}, false
	}
	if day, err = env.Calendar.Roll(day, roll); err != nil {
		return step{}, false
	}
	at := time.Date(day.Year(), day.Month(), day.Day(), env.Policy.Hour, 0, 0, 0, calendar.London())
	if p.After.IsZero() && at.Before(c.Began) {
		return step{}, false
	}
	if c.Name == ClockReAudit || c.Name == ClockDipSample {
		topic = TopicFollowUpDue
	}
	return step{
		key: fmt.Sprintf("%s/%s/%s/%s", c.Name, c.Subject, key, c.Due.Due),
		at:  at,
		tell: func(n *notices) {
			n.values["what"], n.values["due"] = clockTitle(c, n.s), c.Due.Due.Long()
			if st, err := env.Calendar.Status(c.Due, n.c.Head().At); err == nil {
				n.values["status"] = st.String()
			}
			text := env.Policy.Notices[topic]
			text.Tell = p.Tell
			to := n.recipients(text)
			if t, ok := n.s.tracked(c.Subject); ok {
				to = distinct(append([]Recipient{{Role: audit.RoleActionOwner, Person: t.Owner}}, to...), false)
			}
			if len(to) == 0 { // what tells nobody would never be over
				to = []Recipient{{Role: audit.RoleQATeam}}
			}
			n.send(topic, text, to, "", n.step)
		},
	}, true
}

// clockTitle is a clock as people say it.
func clockTitle(c Clock, s State) string {
	switch c.Name {
	case ClockActions:
		return "action " + c.Subject
	case ClockStandard:
		return "bringing the case up to the expected practice standards"
	case ClockTracker:
		return "sending the action tracker"
	case ClockCheck:
		return "the quality assurance of the moderation"
	case ClockReAudit, ClockDipSample:
		return what(s.Audit.Kind)
	case ClockAudit:
		if s.Audit.ReAudit() {
			return "the re-audit"
		}
		return "the " + s.Audit.Kind.Title()
	}
	return "the " + c.Name
}

// rungs are the steps of the ladders that a state stands on: one for each alert
// that is not acknowledged, and one on the day of an Inadequate finding while
// there is no plan.
func (s State) rungs(env Env) []step {
	var steps []step
	for _, a := range s.alerts() {
		if !a.answered {
			for i, r := range env.Policy.Ladders[LadderAcknowledge] {
				steps = append(steps, rungStep(a, i, r, LadderAcknowledge, TopicUnacknowledged, rungTime(a.at, r, false)))
			}
		}
		if a.finding && len(s.Plans) == 0 {
			for i, r := range env.Policy.Ladders[LadderPlan] {
				steps = append(steps, rungStep(a, i, r, LadderPlan, TopicNoPlan, rungTime(a.at, r, true)))
			}
		}
	}
	return steps
}

// rungTime is when a rung is reached, no later than the end of the alert's
// London day if it must be the same day.
func rungTime(alert time.Time, r Rung, sameDay bool) time.Time {
	at := alert.Add(time.Duration(r.After.N()) * time.Hour)
	if end := calendar.DateOf(alert).End(); sameDay && at.After(end) {
		return end
	}
	return at
}

func rungStep(a alert, i int, r Rung, ladder string, topic Topic, at time.Time) step {
	return step{
		key: fmt.Sprintf("%s/%s/%d", ladder, a.name, i+1),
		at:  at,
		tell: func(n *notices) {
			text := n.env.Policy.Notices[topic]
			text.Tell, text.Critical = r.Tell, true
			n.send(topic, text, n.rungRecipients(r, text), a.name, n.step)
		},
	}
}

// rungRecipients are the holders of a rung's roles, or their deputies of that
// day; the role itself where there is none.
func (n *notices) rungRecipients(r Rung, text Text) []Recipient {
	if !r.Deputies {
		return n.recipients(text)
	}
	var to []Recipient
	for _, role := range r.Tell {
		deputies := n.s.People().DeputiesOf(role, n.c.Head().On())
		for _, d := range deputies {
			to = append(to, Recipient{Role: role, Person: d})
		}
		if len(deputies) == 0 {
			to = append(to, Recipient{Role: role})
		}
	}
	return to
}

// alert is something that critical notices were sent about.
type alert struct {
	name     string
	at       time.Time
	finding  bool // Inadequate, and so in need of a plan
	answered bool
}

// alerts are those of a state, in the order in which they were raised. One is
// answered when every notice that raised it is acknowledged, or any notice of
// its ladder.
func (s State) alerts() []alert {
	var alerts []alert
	at := map[string]int{}
	for _, n := range s.Notices {
		if n.Alert == "" {
			continue
		}
		i, known := at[n.Alert]
		if !known {
			i = len(alerts)
			at[n.Alert] = i
			alerts = append(alerts, alert{
				name: n.Alert, at: n.At, answered: true,
				finding: n.Topic == TopicInadequateAudit || n.Topic == TopicInadequateModeration,
			})
		}
		if n.Step == "" && !s.Acknowledged(n.ID) {
			alerts[i].answered = false
		}
	}
	for _, n := range s.Notices {
		if n.Topic == TopicUnacknowledged && s.Acknowledged(n.ID) {
			alerts[at[n.Alert]].answered = true
		}
	}
	return alerts
}

// wakes are the moments at which a state wants to be looked at again, the whole
// set.
func (s State) wakes(env Env) []Wake {
	var wakes []Wake
	for _, st := range s.steps(env) {
		wakes = append(wakes, st.wake(s.Stream))
	}
	return wakes
}

func (st step) wake(s StreamID) Wake {
	return Wake{ID: WakeID(fmt.Sprintf("%s/%s@%s", s, st.key, st.at.UTC().Format(time.RFC3339Nano))), Stream: s, At: st.at}
}

// climbs reports whether a wake-up is for a rung that is still to come on the
// ladder of an alert that nobody has acknowledged. A plan may stand in what
// cannot be read, so the ladder for want of one waits until it can.
func (c WakeUp) climbs(s State, env Env) bool {
	if env.Policy == nil || env.Calendar == nil {
		return false
	}
	return slices.ContainsFunc(s.steps(env), func(st step) bool {
		return strings.HasPrefix(st.key, LadderAcknowledge+"/") && CommandID(st.wake(s.Stream).ID) == c.ID
	})
}

// decide sends what the wake-up was set for, if it is still to be sent. Only the
// clock gives it, and as of the moment for which it was set: what a person sent
// before its time would be dated wrongly.
func (c WakeUp) decide(s State, env Env) ([]Event, error) {
	if !slices.Contains(c.Roles, audit.RoleSystem) {
		return nil, &audit.Refusal{Command: c.Name(), Rule: "role", Message: "a wake-up is given by the clock, not by a person", Roles: []audit.Role{audit.RoleSystem}}
	}
	n := newNotices(s, c, env)
	for i, w := range s.wakes(env) {
		if CommandID(w.ID) != c.ID {
			continue
		}
		if !w.At.Equal(c.At) {
			return nil, refuse(c, "time", "a wake-up is dated by the moment it was set for", w.At.Format(time.RFC3339))
		}
		st := s.steps(env)[i]
		n.step = st.key
		st.tell(n)
	}
	return n.events, nil
}
