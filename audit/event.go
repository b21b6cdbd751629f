package audit

import (
	"time"

	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/rubric"
)

// Event is something that has happened to an audit. Events are kept for ever;
// the interface is sealed.
type Event interface {
	Type() string // a frozen name, "audit.selected"
	evolve(s State) State
}

// Names of the events, as stored. They never change.
const (
	TypeSelected         = "audit.selected"
	TypePlanned          = "audit.planned"
	TypeStarted          = "audit.started"
	TypeReflected        = "audit.reflected"
	TypeMet              = "audit.met"
	TypeAnswered         = "audit.answered"
	TypeJudged           = "audit.judged"
	TypeFeedbackRecorded = "audit.feedback_recorded"
	TypeActionAdded      = "audit.action_added"
	TypeFinalised        = "audit.finalised"
)

// Selected says that a file was chosen and from what period it is judged.
type Selected struct {
	Kind     Kind              `json:"kind"`
	Case     Case              `json:"case"`
	People   People            `json:"people"`
	On       calendar.Date     `json:"on"`
	Eligible calendar.Deadline `json:"eligible"`        // from when the file could be chosen
	StartOn  calendar.Date     `json:"start_on"`        // the policy's day of the month, or the next working day
	Focus    calendar.Date     `json:"focus"`           // the audit looks at the whole journey, especially from here
	Cycle    string            `json:"cycle,omitempty"` // the stream of the monthly cycle that chose it, if one did
	Theme    string            `json:"theme,omitempty"` // of a themed audit
}

// Planned says that a re-audit or dip sample will follow, and when.
type Planned struct {
	Kind   Kind              `json:"kind"`
	Case   Case              `json:"case"`
	People People            `json:"people"`
	Origin Origin            `json:"origin"`
	Start  calendar.Deadline `json:"start"`
	Focus  calendar.Date     `json:"focus"`
}

// Pins are what an audit is graded and timed by from its start on.
type Pins struct {
	Rubric   rubric.Ref       `json:"rubric"`
	Policy   string           `json:"policy"` // digest
	Calendar calendar.Edition `json:"calendar"`
}

// Started says that the audit was started and who audits.
type Started struct {
	Auditor      PersonID          `json:"auditor"`
	PeerReviewer PersonID          `json:"peer_reviewer,omitempty"`
	At           time.Time         `json:"at"`
	Pins         Pins              `json:"pins"`
	Due          calendar.Deadline `json:"due"`
	Origin       *Origin           `json:"origin,omitempty"` // of a follow-up: what it carries, as known at its start
}

// Reflected holds the practitioner's pre-audit reflection.
type Reflected struct {
	By      PersonID            `json:"by"`
	Answers map[string]FreeText `json:"answers"`
}

// Met says that auditor and practitioners met.
type Met struct {
	By                  PersonID      `json:"by"`
	As                  Role          `json:"as"` // here and below: the role that By acted in; the auditor's if it is empty
	HeldOn              calendar.Date `json:"held_on"`
	With                []PersonID    `json:"with,omitempty"`
	WithoutReflection   FreeText      `json:"without_reflection,omitempty"`
	WithoutPractitioner FreeText      `json:"without_practitioner,omitempty"`
}

// Answered holds answers as they were saved.
type Answered struct {
	By        PersonID                            `json:"by"`
	As        Role                                `json:"as"`
	Facts     map[string]string                   `json:"facts,omitempty"`
	Lines     map[string]map[string]rubric.Answer `json:"lines,omitempty"`
	Evidence  map[string]map[string]FreeText      `json:"evidence,omitempty"`
	Missed    []rubric.MissedBottomLine           `json:"missed,omitempty"`
	NotMissed []rubric.MissedBottomLine           `json:"not_missed,omitempty"`
}

// Judged holds one person's judgement.
type Judged struct {
	By             PersonID     `json:"by"`
	As             Role         `json:"as"` // RoleAuditor, RolePractitioner or RolePeerReviewer
	Section        string       `json:"section"`
	Grade          rubric.Grade `json:"grade"`
	Rationale      FreeText     `json:"rationale"`
	SuggestionSeen bool         `json:"suggestion_seen,omitempty"`
	At             time.Time    `json:"at"`
}

// FeedbackRecorded holds what a family said, or why it was not heard.
type FeedbackRecorded struct {
	By       PersonID `json:"by"`
	As       Role     `json:"as"`
	Feedback Feedback `json:"feedback"`
}

// ActionAdded holds an action of the auditor's.
type ActionAdded struct {
	By     PersonID `json:"by"`
	As     Role     `json:"as"`
	Action Action   `json:"action"`
}

// Finalised says how the audit ended.
type Finalised struct {
	By PersonID  `json:"by"`
	As Role      `json:"as"`
	At time.Time `json:"at"`
	Outcome
	ActionsDue calendar.Deadline `json:"actions_due"`
}

// Outcome is the grade of an audit, and what it rests on.
type Outcome struct {
	Grade     rubric.Grade     `json:"grade"`
	Suggested rubric.Grade     `json:"suggested,omitempty"`
	AtMost    rubric.Grade     `json:"at_most,omitempty"` // the limit, if one applied
	Missed    []rubric.LineRef `json:"missed,omitempty"`
	Excepted  []rubric.LineRef `json:"excepted,omitempty"`
}

func (Selected) Type() string         { return TypeSelected }
func (Planned) Type() string          { return TypePlanned }
func (Started) Type() string          { return TypeStarted }
func (Reflected) Type() string        { return TypeReflected }
func (Met) Type() string              { return TypeMet }
func (Answered) Type() string         { return TypeAnswered }
func (Judged) Type() string           { return TypeJudged }
func (FeedbackRecorded) Type() string { return TypeFeedbackRecorded }
func (ActionAdded) Type() string      { return TypeActionAdded }
func (Finalised) Type() string        { return TypeFinalised }
