package audit

import (
	"time"

	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/rubric"
)

// Clock is a time limit as the process policy writes it.
type Clock struct {
	Period calendar.Period
	Roll   calendar.Roll
}

// Deadline works out when something is due by the clock that begins at a moment. Its
// errors are those of [calendar.Calendar.Deadline].
func (c Clock) Deadline(cal *calendar.Calendar, begins time.Time) (calendar.Deadline, error) {
	return cal.Deadline(begins, c.Period, c.Roll)
}

// Question is one question of the pre-audit reflection.
type Question struct {
	ID   string
	Text string
}

// Policy is the part of a council's process policy that is about the audit
// itself. Package loop reads it from the policy file. Treat it as read-only.
type Policy struct {
	OpenFor         calendar.Period // a file can be chosen once it has been open for so long
	StartDay        int             // day of the month on which audits start
	StartRoll       calendar.Roll
	Focus           calendar.Period // the audit looks especially at the time since
	Audit           Clock           // from allocation to finalising
	Actions         Clock           // from finalising to an action's completion
	Reflection      []Question
	FeedbackSources []string
	AlsoJudge       []Role            // whose judgement of each section finalising needs beside the auditor's: the practitioner's, a peer reviewer's
	Titles          Titles            // what the council calls the roles; nil if as the framework does
	ClosureAudit    bool              // a closure audit comes before every closure of a case
	JudgeFirst      bool              // a person judges before the suggestion, and for a moderator the auditor's grade, is shown
	CarryFixed      bool              // a re-audit does not judge a missed bottom line about a fixed past again
	May             map[string][]Role // who may give which command
}

// Env holds the values that decisions are made by. They are those that the
// audit was pinned to when it started.
type Env struct {
	Rubric       *rubric.Rubric
	Calendar     *calendar.Calendar
	Policy       Policy
	PolicyDigest string
	Origin       *Origin // of a follow-up that starts: what it carries from the audit that caused it
}

// Pins says what e is.
func (e Env) Pins() Pins {
	return Pins{Rubric: e.Rubric.Ref(), Policy: e.PolicyDigest, Calendar: e.Calendar.Edition()}
}
