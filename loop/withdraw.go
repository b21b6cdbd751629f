package loop

import (
	"fmt"
	"slices"
	"time"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/moderation"
)

// WithdrawGround says why a file is no longer audited.
type WithdrawGround string

// The grounds of a withdrawal (our reading).
const (
	GroundClosed    WithdrawGround = "closed"     // the case was closed
	GroundMovedAway WithdrawGround = "moved_away" // the child moved to another team or authority
	GroundDuplicate WithdrawGround = "duplicate"  // the same child is audited under another number
	GroundOther     WithdrawGround = "other"
)

// WithdrawGrounds lists the grounds.
func WithdrawGrounds() []WithdrawGround {
	return []WithdrawGround{GroundClosed, GroundMovedAway, GroundDuplicate, GroundOther}
}

// Withdraw ends an audit before it is closed. After an Inadequate finding or a
// concern that takes two people in two of the roles that the process policy gives
// [AgreeWithdrawal] to, in Halton a Divisional Manager and the QA Manager: the first
// proposes, the other agrees. A proposal may be made anew; the latest counts.
// Notices, actions, a plan to keep the child safe and a re-audit that was planned
// all stand (our reading): actions that nothing had finalised yet are tracked from
// then on, with the days that the policy gives an action.
type Withdraw struct {
	audit.Header
	Ground  WithdrawGround `json:"ground"`
	Because audit.FreeText `json:"because"`
	Told    audit.FreeText `json:"told,omitempty"` // who told the new team or authority, and when
}

// AgreeWithdrawal agrees to a withdrawal that somebody else proposed, in another
// role.
type AgreeWithdrawal struct{ audit.Header }

// WithdrawalProposed says that one of the two who withdraw a file wants to.
type WithdrawalProposed struct {
	By      audit.PersonID `json:"by"`
	As      audit.Role     `json:"as"`
	At      time.Time      `json:"at"`
	Ground  WithdrawGround `json:"ground"`
	Because audit.FreeText `json:"because"`
	Told    audit.FreeText `json:"told,omitempty"`
}

// Withdrawn says that an audit is withdrawn, and who agreed if that was asked for.
type Withdrawn struct {
	By      audit.PersonID `json:"by"`
	As      audit.Role     `json:"as"`
	At      time.Time      `json:"at"`
	Ground  WithdrawGround `json:"ground"`
	Because audit.FreeText `json:"because"`
	Told    audit.FreeText `json:"told,omitempty"`
	Agreed  audit.PersonID `json:"agreed,omitempty"`

	ActionsDue calendar.Deadline `json:"actions_due"` // of those not tracked yet
}

// CancelFollowUp cancels a re-audit or a dip sample that was planned and has not
// started, in its own stream. An audit that went better since is no reason of
// itself: an upgrade does not cancel a re-audit (our reading).
type CancelFollowUp struct {
	audit.Header
	Because audit.FreeText `json:"because"`
}

// FollowUpCancelled says that a follow-up will not be, and why.
type FollowUpCancelled struct {
	By      audit.PersonID `json:"by"`
	At      time.Time      `json:"at"`
	Because audit.FreeText `json:"because"`
}

// Names of these events, as stored. They never change.
const (
	TypeWithdrawalProposed = "loop.withdrawal_proposed"
	TypeWithdrawn          = "loop.withdrawn"
	TypeFollowUpCancelled  = "loop.follow_up_cancelled"
)

// Name implements [Command].
func (Withdraw) Name() string        { return "withdraw" }
func (AgreeWithdrawal) Name() string { return "agree_withdrawal" }
func (CancelFollowUp) Name() string  { return "cancel_follow_up" }

// Type implements [Event].
func (WithdrawalProposed) Type() string { return TypeWithdrawalProposed }
func (Withdrawn) Type() string          { return TypeWithdrawn }
func (FollowUpCancelled) Type() string  { return TypeFollowUpCancelled }

// ended refuses what belongs to an audit that goes on, once it was withdrawn or
// cancelled. What keeps a child safe goes on, and so do the actions; what a family
// says is heard.
func (s State) ended(c Command) error {
	switch c.(type) {
	case audit.RecordFeedback, audit.Reassign, audit.AppointDeputy, audit.Restrict, audit.LinkHousehold, audit.Renumber,
		RecordPlan, CompleteAction, ConfirmAction, AgreeDate, ReflectInSupervision, AskAdvice, GiveAdvice, Migrate, WakeUp:
		return nil
	}
	switch {
	case s.Withdrawn != nil:
		return refuse(c, "phase", "the audit is withdrawn", "its actions and its plan go on")
	case s.Cancelled != nil:
		return refuse(c, "phase", "this follow-up is cancelled", "")
	case s.Sample != nil:
		return s.sampled(c)
	}
	return nil
}

// sampled refuses what would go on with a dip sample that is done.
func (s State) sampled(c Command) error {
	switch c.(type) {
	case audit.CorrectCase, audit.Extend, Withdraw:
		return refuse(c, "phase", "the dip sample is done", "")
	}
	return nil
}

// grave reports whether a file was found Inadequate, here or in the audit that
// caused this one, or a concern was raised on it: two people then withdraw it.
func (s State) grave() bool {
	return s.inadequate() || len(s.Concerns) > 0 || s.Audit.ReAudit()
}

// together are the roles of which two withdraw a file of which something grave is
// known.
func (p *Policy) together() []audit.Role { return p.May[AgreeWithdrawal{}.Name()] }

func (c Withdraw) decide(s State, env Env) ([]Event, error) {
	var rs audit.Refusals
	switch {
	case s.Moderation.Phase == moderation.PhaseClosed, s.Closed != nil:
		rs = append(rs, refuse(c, "phase", "the audit is closed", "it is kept"))
	case s.Audit.Phase == audit.PhasePlanned:
		rs = append(rs, refuse(c, "phase", "this follow-up has not started", "cancel_follow_up"))
	}
	if !slices.Contains(WithdrawGrounds(), c.Ground) {
		rs = append(rs, refuse(c, "ground", fmt.Sprintf("%q is not a ground to withdraw an audit", c.Ground), fmt.Sprintf("one of %v", WithdrawGrounds())))
	}
	rs = append(rs, audit.CheckBecause(c, c.Because)...)
	if c.Told.Blank() && (c.Ground == GroundMovedAway || s.grave()) {
		rs = append(rs, refuse(c, "told", "it is not said who told the new team or authority", "who was told, by whom and when, or that there is none"))
	}
	as, ok := s.People().Standing(c.Header, env.Policy.together()...)
	if s.grave() && !ok {
		rs = append(rs, &audit.Refusal{Command: c.Name(), Rule: "role", Message: "after an Inadequate finding or a concern two people in different roles withdraw an audit", Roles: env.Policy.together()})
	}
	if err := rs.Err(); err != nil {
		return nil, err
	}
	if s.grave() {
		return []Event{WithdrawalProposed{By: c.Actor, As: as, At: c.At, Ground: c.Ground, Because: c.Because, Told: c.Told}}, nil
	}
	as, _ = s.People().Standing(c.Header, env.Policy.May[c.Name()]...)
	return s.withdrawn(Withdrawn{By: c.Actor, As: as, At: c.At, Ground: c.Ground, Because: c.Because, Told: c.Told}, c, env)
}

// decide takes the agreement of the other of the two.
func (c AgreeWithdrawal) decide(s State, env Env) ([]Event, error) {
	p := s.Proposed
	if p == nil || s.Moderation.Phase == moderation.PhaseClosed || s.Closed != nil {
		return nil, refuse(c, "phase", "no withdrawal is proposed of an audit that goes on", "")
	}
	others := slices.DeleteFunc(slices.Clone(env.Policy.together()), func(r audit.Role) bool { return r == p.As })
	if _, ok := s.People().Standing(c.Header, others...); !ok || c.Actor == p.By {
		return nil, &audit.Refusal{Command: c.Name(), Rule: "separation.withdrawal", Message: "somebody else in another role agrees", Roles: others}
	}
	return s.withdrawn(Withdrawn{By: p.By, As: p.As, At: c.At, Ground: p.Ground, Because: p.Because, Told: p.Told, Agreed: c.Actor}, c, env)
}

func (s State) withdrawn(e Withdrawn, c Command, env Env) (events []Event, err error) {
	if e.ActionsDue, err = env.Policy.Audit.Actions.Deadline(env.Calendar, e.At); err != nil {
		return nil, err
	}
	n := newNotices(s, c, env)
	n.tell(TopicWithdrawn)
	return append([]Event{e}, n.events...), nil
}

func (c CancelFollowUp) decide(s State, env Env) ([]Event, error) {
	var rs audit.Refusals
	if s.Audit.Phase != audit.PhasePlanned {
		rs = append(rs, refuse(c, "phase", "this is not a follow-up that waits for its day", "an audit that has started is withdrawn"))
	}
	rs = append(rs, audit.CheckBecause(c, c.Because)...)
	if err := rs.Err(); err != nil {
		return nil, err
	}
	n := newNotices(s, c, env)
	n.values["what"] = what(s.Audit.Kind)
	n.tell(TopicFollowUpCancelled)
	return append([]Event{FollowUpCancelled{By: c.Actor, At: c.At, Because: c.Because}}, n.events...), nil
}
