package audit

import (
	"strings"

	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/rubric"
)

// CaseNumber is a child's number in the case system (Halton's is ECLIPSE). It
// is personal data; it is the only thing about a child that leaves the record.
type CaseNumber string

// FreeText is what people wrote: narrative, plans, words of families. It stays
// in the record: it never stands in a notice, a log line or an error.
type FreeText string

// Blank reports whether a text says nothing.
func (t FreeText) Blank() bool { return strings.TrimSpace(string(t)) == "" }

// Case is a child's file as the caseload tells of it.
type Case struct {
	Number     CaseNumber    `json:"number"`
	OpenedOn   calendar.Date `json:"opened_on"`
	Team       string        `json:"team,omitempty"`
	Service    string        `json:"service,omitempty"`
	Status     []string      `json:"status,omitempty"`
	Restricted bool          `json:"restricted,omitempty"` // of the line of management only those in Told get notices that are not critical
	Told       []PersonID    `json:"told,omitempty"`
}

// Kind is a kind of audit (QA framework, Glossary of Terms).
type Kind string

// The kinds of audit. A re-audit is a deep dive with an [Origin].
const (
	DeepDive  Kind = "deep_dive"
	Thematic  Kind = "thematic"
	DipSample Kind = "dip_sample"
	Closure   Kind = "closure" // before a case is closed, where the process policy asks for one
)

// Title is the kind as people say it.
func (k Kind) Title() string {
	switch k {
	case DeepDive:
		return "deep dive audit"
	case Thematic:
		return "thematic audit"
	case DipSample:
		return "dip sample"
	case Closure:
		return "closure audit"
	}
	return string(k)
}

// Origin links a re-audit or a dip sample to the audit that caused it.
type Origin struct {
	Stream  string           `json:"stream"`
	Because string           `json:"because"` // the grade that was found, "inadequate", or "closed" or "chosen"
	Carried []Action         `json:"carried,omitempty"`
	Fixed   []rubric.LineRef `json:"fixed,omitempty"` // missed bottom lines about a fixed past: judged there, not again
}

// Action is what somebody is to do. Whether it is done stands in the loop's
// tracker.
type Action struct {
	ID            string        `json:"id"`
	Text          FreeText      `json:"text"`
	Owner         PersonID      `json:"owner"`
	Section       string        `json:"section,omitempty"`
	Line          string        `json:"line,omitempty"`
	CaseDirection bool          `json:"case_direction,omitempty"` // becomes a Management oversight note
	AgreedDate    calendar.Date `json:"agreed_date,omitzero"`     // a realistic later date, if five working days are not possible
	AgreedWith    PersonID      `json:"agreed_with,omitempty"`
	AgreedBecause FreeText      `json:"agreed_because,omitempty"`
}

// Feedback is what a child, parent or carer said of the work, or why they were
// not heard (QA framework, Auditors: "Feedback must be sought … and recorded").
type Feedback struct {
	Source   string          `json:"source"` // as the process policy lists them: child, parents_carers
	Outcome  FeedbackOutcome `json:"outcome"`
	SoughtOn calendar.Date   `json:"sought_on,omitzero"`
	How      FreeText        `json:"how,omitempty"`
	Aid      FreeText        `json:"aid,omitempty"` // interpreter or communication aid
	Words    FreeText        `json:"words,omitempty"`
	Decider  PersonID        `json:"decider,omitempty"` // who decided that it was unsafe or not appropriate to ask

	Unhappy          bool          `json:"unhappy,omitempty"` // with the work; a meeting is then offered
	MeetingOfferedOn calendar.Date `json:"meeting_offered_on,omitzero"`
}

// FeedbackOutcome says what came of seeking feedback.
type FeedbackOutcome string

// The outcomes of seeking feedback.
const (
	FeedbackGiven             FeedbackOutcome = "given"
	FeedbackDeclined          FeedbackOutcome = "declined"
	FeedbackUnreachable       FeedbackOutcome = "unreachable"
	FeedbackNotAgeAppropriate FeedbackOutcome = "not_age_appropriate"
	FeedbackUnsafe            FeedbackOutcome = "unsafe_to_contact"
)

// FeedbackOutcomes lists the outcomes.
func FeedbackOutcomes() []FeedbackOutcome {
	return []FeedbackOutcome{FeedbackGiven, FeedbackDeclined, FeedbackUnreachable, FeedbackNotAgeAppropriate, FeedbackUnsafe}
}
