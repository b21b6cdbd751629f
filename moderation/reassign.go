package moderation

import (
	"fmt"
	"slices"
	"time"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/calendar"
)

// Reassign gives a moderation that is under way to another moderator. Who
// moderated before still counts as one who did.
type Reassign struct {
	audit.Header
	Moderator audit.PersonID       `json:"moderator"`
	Why       audit.ReassignReason `json:"why"`
	Because   audit.FreeText       `json:"because"`
}

// Reassigned names the moderator from then on.
type Reassigned struct {
	By        audit.PersonID       `json:"by"`
	At        time.Time            `json:"at"`
	From      audit.PersonID       `json:"from"`
	Moderator audit.PersonID       `json:"moderator"`
	Why       audit.ReassignReason `json:"why"`
	Because   audit.FreeText       `json:"because"`
}

// Extend agrees a later date for a moderation that is under way.
type Extend struct {
	audit.Header
	Due     calendar.Date  `json:"due"`
	With    audit.PersonID `json:"with"` // who agreed
	Because audit.FreeText `json:"because"`
}

// Extended says until when a moderation has time, and who agreed.
type Extended struct {
	By      audit.PersonID    `json:"by"`
	At      time.Time         `json:"at"`
	Before  calendar.Deadline `json:"before"`
	Due     calendar.Deadline `json:"due"` // agreed, and so without a period
	With    audit.PersonID    `json:"with"`
	Because audit.FreeText    `json:"because"`
}

// Reopen takes a moderation that was finalised, checked or closed with the final QA
// comments back to its moderator. What was amended stands; the discussion and both
// grades are given anew. All earlier grades are kept.
type Reopen struct {
	audit.Header
	Because audit.FreeText `json:"because"`
}

// Reopened says that a moderation begins anew: because it was reopened, or the
// audit before it was, and then it waits for the audit.
type Reopened struct {
	By        audit.PersonID    `json:"by"`
	At        time.Time         `json:"at"`
	WithAudit bool              `json:"with_audit,omitempty"`
	Due       calendar.Deadline `json:"due,omitzero"` // none with the audit
	Because   audit.FreeText    `json:"because"`
}

// Names of these events, as stored. They never change.
const (
	TypeReassigned = "moderation.reassigned"
	TypeExtended   = "moderation.extended"
	TypeReopened   = "moderation.reopened"
)

// Name implements [Command].
func (Reassign) Name() string { return "reassign_moderator" }
func (Extend) Name() string   { return "extend_moderation" }
func (Reopen) Name() string   { return "reopen_moderation" }

// Type implements [Event].
func (Reassigned) Type() string { return TypeReassigned }
func (Extended) Type() string   { return TypeExtended }
func (Reopened) Type() string   { return TypeReopened }

func (c Reassign) decide(s State, _ audit.Role, env Env) ([]Event, error) {
	rs := mayModerate(c, c.Moderator, env)
	if !slices.Contains(audit.ReassignReasons(), c.Why) {
		rs = append(rs, refuse(c, "reason", fmt.Sprintf("%q is not a reason to reassign", c.Why), fmt.Sprintf("one of %v", audit.ReassignReasons())))
	}
	if c.Moderator == c.Actor {
		rs = append(rs, audit.Self(c.Name()))
	}
	rs = append(rs, audit.CheckBecause(c, c.Because)...)
	if err := rs.Err(); err != nil {
		return nil, err
	}
	return []Event{Reassigned{By: c.Actor, At: c.At, From: s.Moderator, Moderator: c.Moderator, Why: c.Why, Because: c.Because}}, nil
}

func (e Reassigned) evolve(s State) State {
	s.Moderator = e.Moderator
	return s.acted(audit.RoleModerator, e.Moderator)
}

func (c Extend) decide(s State, _ audit.Role, _ Env) ([]Event, error) {
	if err := audit.CheckExtension(c.Name(), c.Header, s.Due, c.Due, c.With, c.Because).Err(); err != nil {
		return nil, err
	}
	return []Event{Extended{By: c.Actor, At: c.At, Before: s.Due, Due: audit.Agreed(s.Due, c.Due), With: c.With, Because: c.Because}}, nil
}

func (e Extended) evolve(s State) State {
	s.Due = e.Due
	return s
}

func (c Reopen) decide(_ State, _ audit.Role, env Env) ([]Event, error) {
	if err := audit.CheckBecause(c, c.Because).Err(); err != nil {
		return nil, err
	}
	due, err := env.Moderation.Moderation.Deadline(env.Calendar, c.At)
	if err != nil {
		return nil, err
	}
	return []Event{Reopened{By: c.Actor, At: c.At, Due: due, Because: c.Because}}, nil
}

func (e Reopened) evolve(s State) State {
	s.Phase, s.Due, s.Anew = PhaseAllocated, e.Due, true
	s.Checked, s.Commented, s.Disagreement = nil, nil, nil
	s.Earlier.Discussed, s.Earlier.Judged = len(s.Discussed), len(s.Judged)
	if e.WithAudit {
		s.Phase, s.Moderator = PhaseNone, ""
		s.Earlier.Amended = len(s.Amended)
	}
	return s
}

// mayModerate refuses a moderator who is nobody, or holds or held a role that is
// kept apart.
func mayModerate(c Command, who audit.PersonID, env Env) (rs audit.Refusals) {
	if who == "" {
		rs = append(rs, refuse(c, "moderator", "no moderator is named", ""))
	}
	if slices.Contains(env.Audit.Auditors(), who) {
		rs = append(rs, refuse(c, "separation.auditor", string(who)+" audited this file", "a moderator who is somebody else"))
	}
	if slices.Contains(env.Audit.PeerReviewers(), who) {
		rs = append(rs, refuse(c, "separation.peer_reviewer", string(who)+" judged this file beside its auditor", "a moderator who is somebody else"))
	}
	if slices.Contains(env.Audit.Practitioners(), who) {
		rs = append(rs, refuse(c, "separation.practitioner", string(who)+" works with this child", "a moderator who is not a practitioner of the case"))
	}
	return rs
}
