package loop

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"time"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/moderation"
	"github.com/practiceaudit/practiceaudit/rubric"
)

// decideAudit lets the audit decide and adds what the loop does about it.
func decideAudit(s State, c audit.Command, env Env) ([]Event, error) {
	if _, ok := c.(audit.Plan); ok {
		return nil, refuse(c, "role", "a follow-up is planned by the loop when its cause arises, never by a person", "")
	}
	by := env.audit()
	if start, ok := c.(audit.Start); ok && s.Audit.Origin != nil {
		if env.Origin == nil || string(env.Origin.Stream) != s.Audit.Origin.Stream {
			return nil, refuse(start, "origin", "the audit that caused this one is not given", "its state in Env.Origin")
		}
		origin := env.Origin.carried(s.Audit.Origin.Because, env)
		by.Origin = &origin
	}
	if link, ok := c.(audit.LinkHousehold); ok && slices.Contains(link.Streams, string(s.Stream)) {
		return nil, refuse(c, "household", "an audit is not linked to itself", "the audits of other children")
	}
	switch s.Moderation.Phase {
	case moderation.PhaseFinalised, moderation.PhaseChecked, moderation.PhaseClosed:
		if _, ok := c.(audit.Correct); ok {
			return nil, refuse(c, "phase", "the moderation is finalised", "it is reopened before the audit is corrected")
		}
	}
	decided, err := audit.Decide(s.Audit, c, by)
	if err != nil {
		return nil, err
	}
	switch c.(type) {
	case audit.Select, audit.Start:
		if err := env.graded(c).Err(); err != nil {
			return nil, err
		}
	}
	var before rubric.Grade
	if s.Audit.Final != nil {
		before = s.Audit.Final.Grade
	}
	var events []Event
	for _, e := range decided {
		var more []Event
		events = append(events, Audit{e})
		s = Evolve(s, Audit{e})
		if err := apartFromModerators(s, c); err != nil {
			return nil, err
		}
		n := newNotices(s, c, env)
		switch e := e.(type) {
		case audit.Selected:
			n.tell(TopicSelected)
		case audit.Started:
			n.tell(allocated(s.Audit.Kind))
		case audit.Finalised:
			n.values["grade"] = env.Rubric.GradeTitle(e.Grade)
			n.tell(TopicFinalised)
			if env.finds(e.Grade) {
				more, err = n.inadequate(TopicInadequateAudit, "audit", e.Grade, e.At)
			}
			if err == nil && s.unmoderated(env) {
				more, err = s.trackerDue(more, e, env)
			}
		case audit.Reassigned:
			n.reassigned(e.Role, e.To)
		case audit.DeputyAppointed:
			if s.People().Holds(e.Deputy.Role, e.Deputy.Person, c.Head().On()) {
				n.handOver(e.Deputy.Role, []audit.PersonID{e.Deputy.Person})
			}
		case audit.Corrected:
			n.values["grade"] = env.Rubric.GradeTitle(e.Outcome.Grade)
			n.tell(TopicCorrected)
			if env.findsAnew(e.Outcome.Grade, before) {
				more, err = n.inadequate(TopicInadequateAudit, "audit", e.Outcome.Grade, e.At)
			}
		case audit.Reopened:
			n.tell(TopicReopened)
			if s.Moderation.Phase != moderation.PhaseNone {
				more = []Event{Moderation{moderation.Reopened{By: e.By, At: e.At, WithAudit: true, Because: e.Because}}}
			}
		}
		if err != nil {
			return nil, err
		}
		events = append(append(events, more...), n.events...)
	}
	return events, nil
}

// allocated is what the start of an audit is told as: a dip sample has no
// pre-audit reflection.
func allocated(k audit.Kind) Topic {
	if k == audit.DipSample {
		return TopicDipSampleAllocated
	}
	return TopicAllocated
}

// reassigned tells those who hold a role from now on, of what they take over too.
func (n *notices) reassigned(r audit.Role, to []audit.PersonID) {
	n.values["what"] = n.title(r)
	var also []Recipient
	for _, p := range to {
		also = append(also, Recipient{Role: r, Person: p})
	}
	n.tellAlso(TopicReassigned, also...)
	n.handOver(r, to)
}

// apartFromModerators refuses what makes somebody who moderated this audit its
// auditor or peer reviewer, or a practitioner of the case, by whatever path.
func apartFromModerators(s State, c Command) error {
	var rs audit.Refusals
	for _, p := range s.Moderation.Moderators() {
		if slices.Contains(s.auditedBy(), p) || slices.Contains(s.Audit.Practitioners(), p) {
			rs = append(rs, refuse(c, "separation.moderator", string(p)+" moderated this audit, and neither audits the file nor works with the child", "somebody who did not"))
		}
	}
	return rs.Err()
}

// auditedBy are all who acted as an auditor or a peer reviewer.
func (s State) auditedBy() []audit.PersonID {
	return slices.Concat(s.Audit.Auditors(), s.Audit.PeerReviewers())
}

// decideModeration lets the moderation decide and adds what the loop does.
func decideModeration(s State, c moderation.Command, env Env) ([]Event, error) {
	decided, err := moderation.Decide(s.Moderation, c, moderation.Env{Env: env.audit(), Audit: s.Audit, Moderation: env.Policy.Moderation})
	if err != nil {
		return nil, err
	}
	var events []Event
	for _, e := range decided {
		events = append(events, Moderation{e})
		s = Evolve(s, Moderation{e})
		n := newNotices(s, c, env)
		var more []Event
		switch e := e.(type) {
		case moderation.Allocated:
			n.tell(TopicModeratorAllocated)
		case moderation.Finalised:
			more, err = n.moderated(e)
		case moderation.Returned:
			n.tell(TopicReturned)
		case moderation.Reassigned:
			n.reassigned(audit.RoleModerator, []audit.PersonID{e.Moderator})
		case moderation.Reopened:
			n.tell(TopicReopened)
		case moderation.Disagreed:
			n.tell(TopicDisagreed)
		case moderation.Settled:
			n.tell(TopicSettled)
		case moderation.Commented:
			n.tell(TopicClosed)
			more, err = n.closed(e)
		}
		if err != nil {
			return nil, err
		}
		events = append(append(events, more...), n.events...)
	}
	return events, nil
}

// inadequate reports whether the file was found Inadequate at either stage.
func (s State) inadequate() bool {
	_, found := s.FollowUp(audit.DeepDive)
	return found
}

// moderated is what the end of a moderation leads to: the tracker's clock, and
// an alert if either of the moderator's grades is Inadequate.
func (n *notices) moderated(e moderation.Finalised) ([]Event, error) {
	n.tell(TopicModerated)
	if len(n.s.Tracker) > 0 && len(n.s.open()) == 0 {
		n.tell(TopicActionsConfirmed)
	}
	due, err := n.env.Policy.Tracker.Deadline(n.env.Calendar, e.At)
	if err != nil {
		return nil, err
	}
	events := []Event{TrackerDue{Due: due}}
	if grade, ok := n.env.worse(e.AsAtAudit, e.Now); ok {
		found, err := n.inadequate(TopicInadequateModeration, "moderation", grade, e.At)
		if err != nil {
			return nil, err
		}
		events = append(events, found...)
	}
	return events, nil
}

// inadequate raises the alert of an Inadequate finding, and plans the re-audit
// unless an earlier finding did (QA framework, Audit review process: "All
// inadequate audits will be re-audited one month after the findings").
func (n *notices) inadequate(t Topic, stage string, grade rubric.Grade, at time.Time) ([]Event, error) {
	n.alert(t, n.env.Policy.Notices[t], fmt.Sprintf("inadequate-%s-%d", stage, n.s.alertsAbout(t)+1))
	if n.s.inadequate() {
		return nil, nil
	}
	return n.followUp(audit.DeepDive, string(grade), n.env.Policy.ReAudit, at)
}

// alertsAbout counts the alerts that were raised on a topic: each finding has one
// of its own, with a ladder of its own.
func (s State) alertsAbout(t Topic) int {
	names := map[string]bool{}
	for _, n := range s.Notices {
		if n.Topic == t {
			names[n.Alert] = true
		}
	}
	return len(names)
}

// carried is what an audit hands on to a follow-up: the actions of both stages,
// and by policy the missed bottom lines about a fixed past, as moderated.
func (s State) carried(because string, env Env) audit.Origin {
	origin := audit.Origin{Stream: string(s.Stream), Because: because}
	for _, t := range s.Tracker {
		origin.Carried = append(origin.Carried, t.Action)
	}
	if env.Policy.Audit.CarryFixed {
		for _, ref := range s.missed() {
			if l, ok := env.Rubric.Line(ref.Section, ref.Line); ok && l.Fixed {
				origin.Fixed = append(origin.Fixed, ref)
			}
		}
	}
	return origin
}

// closed plans the dip sample (QA framework, Audit review process: "three
// months after the moderated audit has closed").
func (n *notices) closed(e moderation.Commented) ([]Event, error) {
	if _, planned := n.s.FollowUp(audit.DipSample); planned || !n.env.Policy.Samples(n.s.Stream) {
		return nil, nil
	}
	return n.followUp(audit.DipSample, "closed", n.env.Policy.DipSample, e.At)
}

func (n *notices) followUp(k audit.Kind, because string, clock audit.Clock, at time.Time) ([]Event, error) {
	start, err := clock.Deadline(n.env.Calendar, at)
	if err != nil {
		return nil, err
	}
	planned := FollowUpPlanned{Stream: followUpID(n.s.Stream, k), Kind: k, Because: because, Start: start}
	n.s = Evolve(n.s, planned)
	n.values["start"] = start.Due.Long()
	n.values["what"] = what(k)
	n.tell(TopicFollowUpPlanned)
	return []Event{planned}, nil
}

// followUpID derives a follow-up's stream from the audit's, so that there can
// be only one of each kind.
func followUpID(s StreamID, k audit.Kind) StreamID {
	sum := sha256.Sum256([]byte(string(s) + "\x00" + string(k)))
	return StreamID(hex.EncodeToString(sum[:12]))
}

func what(k audit.Kind) string {
	if k == audit.DeepDive {
		return "re-audit"
	}
	return k.Title()
}
