package loop

import (
	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/cycle"
	"github.com/practiceaudit/practiceaudit/internal/source"
	"github.com/practiceaudit/practiceaudit/moderation"
	"github.com/practiceaudit/practiceaudit/rubric"
)

// Policy is a council's process: its clocks, roles, notices and ladders.
// [ParsePolicy] reads it from a file. It is immutable once read; treat what it
// holds as read-only.
type Policy struct {
	ID         string
	Version    string
	Title      string
	ReviewBy   calendar.Date // when it is to be looked at again; zero if nothing says so
	Audit      audit.Policy
	Moderation moderation.Policy
	Cycle      cycle.Policy

	May       map[string][]audit.Role // who may give the commands of this package
	Tracker   audit.Clock             // from the moderation's end to the sending of the tracker
	ReAudit   audit.Clock             // from the first Inadequate finding to the re-audit's start
	DipSample audit.Clock             // from the audit's closing to the dip sample's start
	Sample    int                     // one in so many closed audits is dip sampled: 1 is all, 0 none but those chosen
	Steps     map[string][]Step       // reminders and escalations, by clock
	Findings  []rubric.Grade          // the grades that are told at once, need a plan and lead to a re-audit; the rubric's worst if there are none
	Hour      int                     // of the day, London, at which those are sent
	EveryDay  bool                    // on days off too; ladders always are
	Ladders   map[string][]Rung       // by ladder
	Notices   map[Topic]Text

	root      *source.Node // the file, for the places of findings
	canonical []byte
	digest    Digest
}

// Step is a reminder before, or an escalation after, a clock's day. Exactly one
// of Before and After is set; "same day" is the day itself.
type Step struct {
	Before calendar.Period
	After  calendar.Period
	Tell   []audit.Role
}

// Rung is one step of a ladder: so long after the alert, unless somebody
// answered it.
type Rung struct {
	After    calendar.Period // elapsed hours, working day or not
	Tell     []audit.Role
	Deputies bool // the deputies of those roles, not their holders
}

// The ladders of a process policy.
const (
	LadderAcknowledge = "acknowledge" // while a critical notice is unread
	LadderPlan        = "plan"        // on the day of an Inadequate finding, while there is no plan
)

// The clocks of a process policy.
const (
	ClockAudit      = "audit"
	ClockActions    = "actions"
	ClockModeration = "moderation"
	ClockCheck      = "check"
	ClockStandard   = "standard"
	ClockTracker    = "tracker"
	ClockReAudit    = "re_audit"
	ClockDipSample  = "dip_sample"
)

// clock is a clock of the policy by its name; the zero clock if there is none.
func (p *Policy) clock(name string) audit.Clock {
	switch name {
	case ClockAudit:
		return p.Audit.Audit
	case ClockActions:
		return p.Audit.Actions
	case ClockModeration:
		return p.Moderation.Moderation
	case ClockCheck:
		return p.Moderation.Check
	case ClockStandard:
		return p.Moderation.Standard
	case ClockTracker:
		return p.Tracker
	case ClockReAudit:
		return p.ReAudit
	case ClockDipSample:
		return p.DipSample
	}
	return audit.Clock{}
}

// Digest is the SHA-256 of the policy's canonical form; an audit is pinned to
// it.
func (p *Policy) Digest() Digest { return p.digest }

// Canonical is the policy's canonical form: JSON from which [ParsePolicy] reads
// the same policy.
func (p *Policy) Canonical() []byte { return append([]byte(nil), p.canonical...) }
