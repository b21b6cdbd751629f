package audit

import (
	"fmt"
	"slices"
	"time"

	"github.com/practiceaudit/practiceaudit/calendar"
)

// ReassignReason says why somebody else now holds a role.
type ReassignReason string

// The reasons for a reassignment (our reading).
const (
	ReassignLeave    ReassignReason = "leave"    // the holder is away
	ReassignLeft     ReassignReason = "left"     // the holder left the post or the council
	ReassignConflict ReassignReason = "conflict" // the holder is too close to the case
	ReassignOther    ReassignReason = "other"
)

// ReassignReasons lists the reasons.
func ReassignReasons() []ReassignReason {
	return []ReassignReason{ReassignLeave, ReassignLeft, ReassignConflict, ReassignOther}
}

// Reassign gives a role of this audit to other people: the auditor's, the
// practitioners' (several may work with one child), or one of the case's line of
// management. Nobody at all may be named, but for the auditor: a notice then goes
// to the role. The moderator's is reassigned by the moderation. Whoever held a role
// of the three that are kept apart, or reviewed the child, still counts as one of
// them. Nobody names themselves.
type Reassign struct {
	Header
	Role    Role           `json:"role"`
	To      []PersonID     `json:"to"` // all who hold it from now on
	Why     ReassignReason `json:"why"`
	Because FreeText       `json:"because"`
}

// Reassigned says who holds a role from then on.
type Reassigned struct {
	By      PersonID       `json:"by"`
	At      time.Time      `json:"at"`
	Role    Role           `json:"role"`
	From    []PersonID     `json:"from,omitempty"`
	To      []PersonID     `json:"to,omitempty"`
	Why     ReassignReason `json:"why"`
	Because FreeText       `json:"because"`
}

// AppointDeputy lets somebody stand in for the holders of a role, from one London
// date to another, both included. Naming the same person for the same role again
// changes the dates: until today ends it.
type AppointDeputy struct {
	Header
	Deputy  Deputy   `json:"deputy"`
	Because FreeText `json:"because"`
}

// DeputyAppointed says who stands in for whom, and when.
type DeputyAppointed struct {
	By      PersonID  `json:"by"`
	At      time.Time `json:"at"`
	Deputy  Deputy    `json:"deputy"`
	Because FreeText  `json:"because"`
}

// Extend agrees a later date for an audit that is under way.
type Extend struct {
	Header
	Due     calendar.Date `json:"due"`
	With    PersonID      `json:"with"` // who agreed
	Because FreeText      `json:"because"`
}

// Extended says until when an audit has time, and who agreed.
type Extended struct {
	By      PersonID          `json:"by"`
	At      time.Time         `json:"at"`
	Before  calendar.Deadline `json:"before"`
	Due     calendar.Deadline `json:"due"` // agreed, and so without a period
	With    PersonID          `json:"with"`
	Because FreeText          `json:"because"`
}

// Names of these events, as stored. They never change.
const (
	TypeReassigned      = "audit.reassigned"
	TypeDeputyAppointed = "audit.deputy_appointed"
	TypeExtended        = "audit.extended"
)

func (Reassign) Name() string      { return "reassign" }
func (AppointDeputy) Name() string { return "appoint_deputy" }
func (Extend) Name() string        { return "extend" }

func (Reassigned) Type() string      { return TypeReassigned }
func (DeputyAppointed) Type() string { return TypeDeputyAppointed }
func (Extended) Type() string        { return TypeExtended }

// reassignable are the roles that one audit or its case's line of management has.
func reassignable() []Role {
	return slices.DeleteFunc(Roles(), func(r Role) bool { return r == RoleModerator || r == RoleSystem })
}

func (c Reassign) decide(s State, env Env) ([]Event, error) {
	var rs Refusals
	switch {
	case c.Role == RoleModerator:
		rs = append(rs, refuse(c, "reassign", "the moderator's part is of the moderation", "reassign_moderator"))
	case !slices.Contains(reassignable(), c.Role):
		rs = append(rs, refuse(c, "reassign", fmt.Sprintf("no such role of an audit: %q", c.Role), ""))
	case c.Role == RolePeerReviewer && !s.peerReviewed(env):
		rs = append(rs, refuse(c, "reassign", "this audit has no "+env.Policy.Titles.Of(c.Role), ""))
	case c.Role == RolePeerReviewer && s.Auditor == "":
		rs = append(rs, refuse(c, "reassign", "nobody reviews this file yet", "a "+env.Policy.Titles.Of(c.Role)+" is named when it starts"))
	case c.Role == RolePeerReviewer && len(c.To) != 1:
		rs = append(rs, refuse(c, "reassign", "an audit has one "+env.Policy.Titles.Of(c.Role), "the person who reviews from now on"))
	case c.Role == RoleAuditor && s.Auditor == "":
		rs = append(rs, refuse(c, "reassign", "nobody audits this file yet", "an auditor is named when it starts"))
	case c.Role == RoleAuditor && len(c.To) != 1:
		rs = append(rs, refuse(c, "reassign", "an audit has one auditor", "the person who audits from now on"))
	}
	if slices.Contains(c.To, "") {
		rs = append(rs, refuse(c, "reassign", "one of those named is nobody", ""))
	}
	if !slices.Contains(ReassignReasons(), c.Why) {
		rs = append(rs, refuse(c, "reason", fmt.Sprintf("%q is not a reason to reassign", c.Why), fmt.Sprintf("one of %v", ReassignReasons())))
	}
	rs = append(rs, CheckBecause(c, c.Because)...)
	rs = append(rs, s.apart(c, c.Role, c.To)...)
	for _, p := range c.To {
		if p == c.Actor && !slices.Contains(s.People.Of(c.Role), p) {
			rs = append(rs, Self(c.Name()))
		}
	}
	if err := rs.Err(); err != nil {
		return nil, err
	}
	return []Event{Reassigned{By: c.Actor, At: c.At, Role: c.Role, From: s.People.Of(c.Role), To: c.To, Why: c.Why, Because: c.Because}}, nil
}

func (e Reassigned) evolve(s State) State {
	if e.Role == RolePractitioner || e.Role == RoleIRM { // they worked with the child
		for _, p := range s.People.Of(e.Role) {
			s = s.acted(e.Role, p)
		}
	}
	s.People = s.People.With(e.Role, e.To...)
	switch {
	case len(e.To) == 0:
		return s
	case e.Role == RolePeerReviewer:
		return s.acted(e.Role, e.To[0])
	case e.Role != RoleAuditor:
		return s
	}
	s.Auditor = e.To[0]
	return s.acted(RoleAuditor, s.Auditor)
}

func (c AppointDeputy) decide(State, Env) ([]Event, error) {
	var rs Refusals
	d := c.Deputy
	if !slices.Contains(Roles(), d.Role) || d.Role == RoleSystem {
		rs = append(rs, refuse(c, "deputy", fmt.Sprintf("no such role: %q", d.Role), ""))
	}
	if d.Person == "" {
		rs = append(rs, refuse(c, "deputy", "no deputy is named", ""))
	}
	if d.Person == c.Actor && d.Person != "" {
		rs = append(rs, Self(c.Name()))
	}
	if !d.Until.IsZero() && d.Until.Before(d.From) {
		rs = append(rs, refuse(c, "deputy", "the deputy's last day is before the first", ""))
	}
	rs = append(rs, CheckBecause(c, c.Because)...)
	if err := rs.Err(); err != nil {
		return nil, err
	}
	return []Event{DeputyAppointed{By: c.Actor, At: c.At, Deputy: d, Because: c.Because}}, nil
}

func (e DeputyAppointed) evolve(s State) State {
	others := slices.DeleteFunc(slices.Clone(s.People.Deputies), func(d Deputy) bool {
		return d.Role == e.Deputy.Role && d.Person == e.Deputy.Person
	})
	s.People.Deputies = append(others, e.Deputy)
	return s
}

func (c Extend) decide(s State, _ Env) ([]Event, error) {
	if err := CheckExtension(c.Name(), c.Header, s.Due, c.Due, c.With, c.Because).Err(); err != nil {
		return nil, err
	}
	return []Event{Extended{By: c.Actor, At: c.At, Before: s.Due, Due: Agreed(s.Due, c.Due), With: c.With, Because: c.Because}}, nil
}

func (e Extended) evolve(s State) State {
	s.Due = e.Due
	return s
}

// CheckExtension refuses a date that is no extension of a deadline, or that
// nobody else agreed to.
func CheckExtension(command string, h Header, running calendar.Deadline, due calendar.Date, with PersonID, why FreeText) Refusals {
	var rs Refusals
	if !due.After(running.Due) || due.Before(h.On()) {
		rs = append(rs, &Refusal{Command: command, Rule: "date", Message: "an extension is later than the date that it extends", Accept: "a date after " + running.Due.Long()})
	}
	return append(rs, CheckAgreed(command, "agreed", h, with, why)...)
}

// CheckAgreed refuses, by a rule, a date that is agreed with nobody else or for no
// reason.
func CheckAgreed(command, rule string, h Header, with PersonID, why FreeText) Refusals {
	var rs Refusals
	if with == "" || why.Blank() {
		rs = append(rs, &Refusal{Command: command, Rule: rule, Message: "a date is agreed with somebody, for a reason", Accept: "who agreed, and why"})
	}
	if with == h.Actor {
		rs = append(rs, &Refusal{Command: command, Rule: rule, Message: "nobody agrees a date with themselves", Accept: "somebody else who agreed"})
	}
	return rs
}

// Agreed is a deadline that people moved to a date: it began when the one before
// did, and has no period.
func Agreed(before calendar.Deadline, due calendar.Date) calendar.Deadline {
	return calendar.Deadline{Start: before.Start, Due: due, Last: due.End()}
}

// CheckBecause refuses a command that does not say why.
func CheckBecause(c interface{ Name() string }, why FreeText) Refusals {
	if why.Blank() {
		return Refusals{&Refusal{Command: c.Name(), Rule: "because", Message: "it is not said why", Accept: "the reason"}}
	}
	return nil
}

// Self refuses to give oneself a role (our reading): whoever may change who holds
// one does not thereby come to approve what they did themselves.
func Self(command string) *Refusal {
	return &Refusal{Command: command, Rule: "separation.self", Message: "nobody gives themselves a role", Accept: "somebody else who may names them"}
}

// apart refuses people for a role who hold or held one that is kept apart from it.
func (s State) apart(c Command, r Role, to []PersonID) (rs Refusals) {
	judges, works := r == RoleAuditor || r == RolePeerReviewer, r == RolePractitioner || r == RoleIRM
	for _, p := range to {
		switch {
		case judges && slices.Contains(s.Practitioners(), p):
			rs = append(rs, refuse(c, "separation.practitioner", string(p)+" works with this child", "somebody who is not a practitioner of the case"))
		case judges && slices.Contains(s.reviewers(), p):
			rs = append(rs, refuse(c, "separation.irm", string(p)+" reviews this child", "somebody who does not"))
		case (works || r == RolePeerReviewer) && slices.Contains(s.Auditors(), p):
			rs = append(rs, refuse(c, "separation.auditor", string(p)+" audits or audited this file", "somebody who does not"))
		case (works || r == RoleAuditor) && slices.Contains(s.PeerReviewers(), p):
			rs = append(rs, refuse(c, "separation.peer_reviewer", string(p)+" judges or judged this file beside its auditor", "somebody who does not"))
		}
	}
	return rs
}
