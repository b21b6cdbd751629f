package loop

import (
	"fmt"
	"reflect"
	"slices"
	"time"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/cycle"
	"github.com/practiceaudit/practiceaudit/moderation"
)

// Command asks for a change of one stream: a command of package audit, of
// package moderation, of package cycle, or one of those below, or a pointer to
// one. No unexported method can seal an interface whose types stand in four
// packages: [Decide] and [Plan] refuse every other type instead.
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

// commandPackages are those whose types are commands.
var commandPackages = []string{
	reflect.TypeFor[audit.Select]().PkgPath(),
	reflect.TypeFor[moderation.Allocate]().PkgPath(),
	reflect.TypeFor[cycle.MakeDraw]().PkgPath(),
	reflect.TypeFor[RaiseConcern]().PkgPath(),
}

// given returns a command as a value of its own type, which a pointer's methods
// hide, and refuses what is none. It calls no method of a stranger's type.
//
// A time that cannot be written is refused; that of a concern counts as not
// given.
func given(c Command) (Command, error) {
	v := reflect.ValueOf(c)
	if v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	if !v.IsValid() {
		return nil, &audit.Refusal{Command: "command", Rule: "command", Message: "none is given"}
	}
	if !slices.Contains(commandPackages, v.Type().PkgPath()) {
		return nil, &audit.Refusal{
			Command: fmt.Sprintf("%T", c), Rule: "command", Message: "this is not a command of the loop",
			Accept: "a command of package audit, moderation, cycle or loop",
		}
	}
	c = v.Interface().(Command)
	if concern, ok := c.(RaiseConcern); ok {
		if !writable(concern.At) {
			concern.At = concern.At.UTC()
		}
		if !writable(concern.At) || !writable(concern.At.AddDate(2, 0, 0)) { // its ladder has to fit too
			concern.At = time.Time{}
		}
		return concern, nil
	}
	if !writable(c.Head().At) {
		return nil, refuse(c, "header", "the time cannot be written", "a year from 0 to 9999")
	}
	return c, nil
}

// writable reports whether a time can be written with its zone.
func writable(t time.Time) bool {
	_, err := t.MarshalJSON()
	return err == nil && storable(t)
}
