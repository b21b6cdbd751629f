package cycle

import (
	"github.com/practiceaudit/practiceaudit/audit"
)

// Command asks for a change of one month's cycle, or of a year's schedule. The
// interface is sealed.
type Command interface {
	Head() audit.Header
	Name() string // the name that the process policy uses, "draw"
	decide(s State, a Act, env Env) ([]Event, error)
}

// PlanYear plans the annual schedule (QA framework: "The annual schedule of
// auditing activity"). The stream it is given to holds the schedule; each month
// begins a stream of its own.
type PlanYear struct {
	audit.Header
	Months []MonthPlan `json:"months"` // at most twelve, within twelve months
}

// PlanMonth plans one month that no schedule planned, or plans it anew while
// nothing of it has been drawn or chosen.
type PlanMonth struct {
	audit.Header
	MonthPlan
	Because audit.FreeText `json:"because,omitempty"` // why, if it was planned before
}

// MonthPlan says what is to be audited in a month.
type MonthPlan struct {
	Month Month  `json:"month"`
	Parts []Part `json:"parts"`
}

// Part is one part of a month: its deep dives, or one themed audit.
type Part struct {
	ID    string     `json:"id"`              // lower case, "deep_dives"
	Kind  audit.Kind `json:"kind"`            // DeepDive or Thematic; dip samples are planned by the loop
	Theme string     `json:"theme,omitempty"` // of a themed audit, "Neglect"; the council's words, never about a child
	Strata
}

// Strata says how many files are drawn, and what they are told apart by.
type Strata struct {
	Files int         `json:"files"`
	By    []Attribute `json:"by,omitempty"` // none: all files alike
}

// Attribute is what a stratum tells files apart by.
type Attribute string

// The attributes of a file.
const (
	ByService Attribute = "service"
	ByTeam    Attribute = "team"
	ByStatus  Attribute = "status" // all that a child's status lists, together
)

// Attributes lists the attributes.
func Attributes() []Attribute { return []Attribute{ByService, ByTeam, ByStatus} }

// MakeDraw draws a part's files at random, see [Draw]. The result is a proposal
// until a person confirms it. The app gives the whole caseload that the part is
// drawn from; who may not be drawn is found out, listed and told why.
type MakeDraw struct {
	audit.Header
	Part       string         `json:"part"`
	Population []Candidate    `json:"population"`
	Seed       string         `json:"seed"`              // one line; best something that nobody of the council chose
	Because    audit.FreeText `json:"because,omitempty"` // why the part is drawn again, if it was drawn before
}

// ConfirmPicks says that the picks of a part are to be audited. Each begins a
// stream of its own, and its people are notified.
type ConfirmPicks struct {
	audit.Header
	Part string `json:"part"`
}

// ChooseFile chooses a file by hand, beside those that are drawn, one that was
// audited recently too. Its audit begins at once.
type ChooseFile struct {
	audit.Header
	Part    string         `json:"part"`
	File    Candidate      `json:"file"`
	Because audit.FreeText `json:"because"`
}

// ReplacePick takes a file out of the month; the next of its stratum in draw
// order takes its place. A file chosen by hand has no next. An audit that has
// begun is withdrawn in its own stream.
type ReplacePick struct {
	audit.Header
	Case    audit.CaseNumber `json:"case"`
	Because audit.FreeText   `json:"because"`
}

// ProposeAllocation works out who audits, or moderates, the files that have
// nobody yet, see [Allocate]. The result is a proposal until a person confirms
// it.
type ProposeAllocation struct {
	audit.Header
	Role audit.Role `json:"role"` // RoleAuditor or RoleModerator
	Pool []Member   `json:"pool"`
	Seed string     `json:"seed"` // breaks ties
}

// ConfirmAllocation says that the latest proposal for a role holds. Audits are
// then started, and moderators allocated, each in its audit's own stream.
type ConfirmAllocation struct {
	audit.Header
	Role audit.Role `json:"role"`
}

// SwapAllocation gives a file to somebody else, or to somebody first, by hand.
// Where its audit has been started already, it is reassigned in its own stream
// too.
type SwapAllocation struct {
	audit.Header
	Role    audit.Role       `json:"role"`
	Case    audit.CaseNumber `json:"case"`
	To      Member           `json:"to"`
	Because audit.FreeText   `json:"because"`
}

// CloseMonth closes the month's planning. The audits go on in their streams.
type CloseMonth struct {
	audit.Header
	Because audit.FreeText `json:"because,omitempty"` // why, if something is not done
}

// Name implements [Command].
func (PlanYear) Name() string          { return "plan_year" }
func (PlanMonth) Name() string         { return "plan_month" }
func (MakeDraw) Name() string          { return "draw" }
func (ConfirmPicks) Name() string      { return "confirm_picks" }
func (ChooseFile) Name() string        { return "choose_file" }
func (ReplacePick) Name() string       { return "replace_pick" }
func (ProposeAllocation) Name() string { return "propose_allocation" }
func (ConfirmAllocation) Name() string { return "confirm_allocation" }
func (SwapAllocation) Name() string    { return "swap_allocation" }
func (CloseMonth) Name() string        { return "close_month" }

// Commands are the names of all commands, in the order of the cycle.
func Commands() []string {
	return []string{
		PlanYear{}.Name(), PlanMonth{}.Name(), MakeDraw{}.Name(), ConfirmPicks{}.Name(), ChooseFile{}.Name(), ReplacePick{}.Name(),
		ProposeAllocation{}.Name(), ConfirmAllocation{}.Name(), SwapAllocation{}.Name(), CloseMonth{}.Name(),
	}
}
