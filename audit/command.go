package audit

import (
	"time"

	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/rubric"
)

// CommandID names one command for ever; the same command sent twice has the
// effect of one.
type CommandID string

// Header says who asks, when, and as what. Every command carries one.
type Header struct {
	ID    CommandID `json:"id"`
	At    time.Time `json:"at"` // the moment that deadlines and notices are dated by
	Actor PersonID  `json:"actor"`
	Roles []Role    `json:"roles,omitempty"` // council roles, as the app's sign-in vouches for them
	Saw   uint64    `json:"saw,omitempty"`   // version the person was looking at; 0 if not said
}

// Head returns the header itself, so that whatever embeds one has it.
func (h Header) Head() Header { return h }

// On is the London date of the command.
func (h Header) On() calendar.Date { return calendar.DateOf(h.At) }

// Command asks for a change of one audit. The interface is sealed: the types of
// this package are all there are.
type Command interface {
	Head() Header
	Name() string // the name that the process policy uses, "finalise"
	decide(s State, env Env) ([]Event, error)
}

// Select chooses a file for audit (QA framework, The Quality Assurance Audit
// and Practice Improvement Team). It begins a stream: nothing is recorded of who
// holds a role, so the app's sign-in vouches for that of whoever gives it.
type Select struct {
	Header
	Kind   Kind   `json:"kind"`
	Case   Case   `json:"case"`
	People People `json:"people"`
}

// Plan begins the stream of a re-audit or dip sample. It is given by the loop,
// never by a person.
type Plan struct {
	Header
	Kind   Kind              `json:"kind"`
	Case   Case              `json:"case"`
	People People            `json:"people"`
	Origin Origin            `json:"origin"`
	Start  calendar.Deadline `json:"start"`
}

// Start starts the audit and allocates it to an auditor.
type Start struct {
	Header
	Auditor      PersonID `json:"auditor"`
	PeerReviewer PersonID `json:"peer_reviewer,omitempty"` // where the policy asks for one
}

// Reflect records the practitioner's pre-audit reflection.
type Reflect struct {
	Header
	Answers map[string]FreeText `json:"answers"` // by the id of the policy's question
}

// Meet records the meeting of auditor and practitioners.
type Meet struct {
	Header
	HeldOn              calendar.Date `json:"held_on"`
	With                []PersonID    `json:"with,omitempty"`
	WithoutReflection   FreeText      `json:"without_reflection,omitempty"`   // why, if it was not possible
	WithoutPractitioner FreeText      `json:"without_practitioner,omitempty"` // why, if none took part
}

// Answer saves answers, as many as are known yet. An empty answer takes an
// earlier one back.
type Answer struct {
	Header
	Facts     map[string]string                   `json:"facts,omitempty"`
	Lines     map[string]map[string]rubric.Answer `json:"lines,omitempty"`
	Evidence  map[string]map[string]FreeText      `json:"evidence,omitempty"`
	Missed    []rubric.MissedBottomLine           `json:"missed,omitempty"`     // bottom lines missed that the rubric does not list; added to those recorded
	NotMissed []rubric.MissedBottomLine           `json:"not_missed,omitempty"` // taken back from those recorded
}

// Overall stands for the whole file where a section is named.
const Overall = "overall"

// Judge records a person's judgement of one section, or of the file. A later one
// of the same person is kept beside the earlier. The practitioner's is kept
// beside the auditor's; neither can be above a limit, and the grade of the file
// is the auditor's.
type Judge struct {
	Header
	Section        string       `json:"section"` // or Overall
	Grade          rubric.Grade `json:"grade"`
	Rationale      FreeText     `json:"rationale"`
	SuggestionSeen bool         `json:"suggestion_seen,omitempty"`
}

// RecordFeedback records what the family said, or why it was not heard. It can
// be late: after finalising too.
type RecordFeedback struct {
	Header
	Feedback Feedback `json:"feedback"`
}

// AddAction records an action that the auditor asks for.
type AddAction struct {
	Header
	Action Action `json:"action"`
}

// Finalise finalises the audit. It goes to the QA team for moderation.
type Finalise struct{ Header }

func (Select) Name() string         { return "select" }
func (Plan) Name() string           { return "plan_follow_up" }
func (Start) Name() string          { return "start" }
func (Reflect) Name() string        { return "reflect" }
func (Meet) Name() string           { return "meet" }
func (Answer) Name() string         { return "answer" }
func (Judge) Name() string          { return "judge" }
func (RecordFeedback) Name() string { return "record_feedback" }
func (AddAction) Name() string      { return "add_action" }
func (Finalise) Name() string       { return "finalise" }
