package loop

import (
	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/calendar"
)

// Command asks for a change of one stream: a command of package audit, of
// package moderation, or one of those below. [Decide] refuses any other.
type Command interface {
	Head() audit.Header
	Name() string // the name that the process policy uses, "close_loop"
}

// RaiseConcern raises an immediate concern for a child's safety. Anyone may, in
// any state and at any hour, and nothing refuses or delays it: the Divisional
// Manager, the team manager and the Director are told at once (our reading of
// "ensure concerns are actioned in a timely manner when safe practice may be
// compromised"). Safeguarding procedures come first: this does not replace them.
type RaiseConcern struct {
	audit.Header
	Concern       audit.FreeText `json:"concern"`
	OtherChildren audit.FreeText `json:"other_children,omitempty"` // what is known of other children in the household
}

// Acknowledge says that a person has read a critical notice.
type Acknowledge struct {
	audit.Header
	Notice NoticeID `json:"notice"`
}

// RecordPlan records the Divisional Manager's plan to keep the child safe. The
// plan stays in the record; notices only say that there is one.
type RecordPlan struct {
	audit.Header
	Plan audit.FreeText `json:"plan"`
}

// SendTracker sends the action tracker to the managers.
type SendTracker struct{ audit.Header }

// CompleteAction says that an action is done, with the evidence.
type CompleteAction struct {
	audit.Header
	Action   string         `json:"action"`
	Evidence audit.FreeText `json:"evidence"`
}

// ConfirmAction confirms that an action is done. Whoever completed it cannot.
type ConfirmAction struct {
	audit.Header
	Action string `json:"action"`
}

// AgreeDate agrees another date for an action ("a realistic time frame should
// be agreed").
type AgreeDate struct {
	audit.Header
	Action  string         `json:"action"`
	Due     calendar.Date  `json:"due"`
	With    audit.PersonID `json:"with"`
	Because audit.FreeText `json:"because"`
}

// CloseLoop is the Divisional Manager's word that all actions are complete and
// the case now reflects the expected practice standards.
type CloseLoop struct {
	audit.Header
	Standard audit.FreeText `json:"standard"` // how the case now reflects the standards
}

// Held says whether what an action achieved has lasted.
type Held string

// What a dip sample finds of an action.
const (
	HeldYes    Held = "yes"
	HeldPartly Held = "partly"
	HeldNo     Held = "no"
)

// ReviewDipSample records a dip sample: for each action whether it held, and
// what difference the audit made.
type ReviewDipSample struct {
	audit.Header
	Held         map[string]Held `json:"held"` // by action
	Impact       audit.FreeText  `json:"impact"`
	GoodPractice audit.FreeText  `json:"good_practice,omitempty"`
}

// WakeUp is a due [Wake] as a command. Its id is the wake's, and its time the
// moment for which the wake was set, so that two machines that wake the same
// stream give the same command. An [Engine] gives it; people do not.
type WakeUp struct{ audit.Header }

// NewWakeUp returns the command that a due wake becomes.
func NewWakeUp(w Wake) WakeUp {
	return WakeUp{audit.Header{
		ID: CommandID(w.ID), At: w.At, Actor: "clock", Roles: []audit.Role{audit.RoleSystem},
	}}
}

// Name implements [Command].
func (RaiseConcern) Name() string    { return "raise_concern" }
func (Acknowledge) Name() string     { return "acknowledge" }
func (RecordPlan) Name() string      { return "record_plan" }
func (SendTracker) Name() string     { return "send_tracker" }
func (CompleteAction) Name() string  { return "complete_action" }
func (ConfirmAction) Name() string   { return "confirm_action" }
func (AgreeDate) Name() string       { return "agree_date" }
func (CloseLoop) Name() string       { return "close_loop" }
func (ReviewDipSample) Name() string { return "review_dip_sample" }
func (WakeUp) Name() string          { return "wake_up" }
