package moderation

import (
	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/rubric"
)

// View says which of the moderator's two grades is meant.
type View string

const (
	// AsAtAudit is the file as it was when the auditor judged it. It serves
	// consistency between auditors and moderators.
	AsAtAudit View = "as_at_audit"
	// Now is the file as the moderator finds it, with what was done since. It
	// serves the child.
	Now View = "now"
)

// Title is the view as people say it.
func (v View) Title() string {
	if v == AsAtAudit {
		return "as it was at audit"
	}
	return string(v)
}

// Command asks for a change of one audit's moderation. The interface is sealed.
type Command interface {
	Head() audit.Header
	Name() string                                            // the name that the process policy uses, "moderate.judge"
	decide(s State, as audit.Role, env Env) ([]Event, error) // as the role that the person gives it in
}

// Allocate sends a finalised audit to its moderator.
type Allocate struct {
	audit.Header
	Moderator audit.PersonID `json:"moderator"`
}

// Discuss records the collaborative discussion of moderator and auditor.
type Discuss struct {
	audit.Header
	HeldOn calendar.Date `json:"held_on"`
}

// Amend changes answers, in one view, with the evidence for each: for a line
// under its name, for facts and for bottom lines that the rubric does not list in
// Because. What was so at audit and is not amended for now stays as it was.
type Amend struct {
	audit.Header
	View     View                                 `json:"view"`
	Facts    map[string]string                    `json:"facts,omitempty"`
	Lines    map[string]map[string]rubric.Answer  `json:"lines,omitempty"`
	Evidence map[string]map[string]audit.FreeText `json:"evidence,omitempty"`

	Missed    []rubric.MissedBottomLine `json:"missed,omitempty"`     // bottom lines missed that the rubric does not list
	NotMissed []rubric.MissedBottomLine `json:"not_missed,omitempty"` // of those recorded, the ones that are not missed
	Because   audit.FreeText            `json:"because,omitempty"`    // what was seen
}

// Judge records the moderator's grade of the file in one view.
type Judge struct {
	audit.Header
	View           View           `json:"view"`
	Grade          rubric.Grade   `json:"grade"`
	Rationale      audit.FreeText `json:"rationale"`
	SuggestionSeen bool           `json:"suggestion_seen,omitempty"`
	AuditorSeen    bool           `json:"auditor_seen,omitempty"` // the auditor's grade had been seen
}

// AddAction records an additional action of the moderator's.
type AddAction struct {
	audit.Header
	Action audit.Action `json:"action"`
}

// Finalise finalises the moderation. It goes to the QA Audit and Practice
// Improvement Principal Manager.
type Finalise struct {
	audit.Header
	Impact audit.FreeText `json:"impact"` // of the actions completed since the audit
}

// Check records the quality assurance of the moderation. A moderation that is
// not in order goes back to the moderator.
type Check struct {
	audit.Header
	Return audit.FreeText `json:"return,omitempty"` // why it goes back; empty if it is in order
}

// Comment adds the final QA comments, which close the audit.
type Comment struct {
	audit.Header
	Comments audit.FreeText `json:"comments"`
}

// Name implements [Command].
func (Allocate) Name() string  { return "allocate_moderator" }
func (Discuss) Name() string   { return "discuss" }
func (Amend) Name() string     { return "amend" }
func (Judge) Name() string     { return "moderate_judge" }
func (AddAction) Name() string { return "moderate_add_action" }
func (Finalise) Name() string  { return "finalise_moderation" }
func (Check) Name() string     { return "check_moderation" }
func (Comment) Name() string   { return "comment" }
