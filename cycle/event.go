package cycle

import (
	"time"

	"github.com/practiceaudit/practiceaudit/audit"
)

// Event is something that has happened to a cycle. Events are kept for ever; the
// interface is sealed.
type Event interface {
	Type() string // a frozen name, "cycle.drawn"
	evolve(s State) State
}

// Names of the events, as stored. They never change.
const (
	TypeYearPlanned         = "cycle.year_planned"
	TypeMonthPlanned        = "cycle.month_planned"
	TypeDrawn               = "cycle.drawn"
	TypePicksConfirmed      = "cycle.picks_confirmed"
	TypeFileChosen          = "cycle.file_chosen"
	TypePickReplaced        = "cycle.pick_replaced"
	TypeAllocationProposed  = "cycle.allocation_proposed"
	TypeAllocationConfirmed = "cycle.allocation_confirmed"
	TypeAllocationSwapped   = "cycle.allocation_swapped"
	TypeMonthClosed         = "cycle.month_closed"
)

// Act says who did something, in which role, and when. Every event carries one.
type Act struct {
	By audit.PersonID `json:"by"`
	As audit.Role     `json:"as"`
	At time.Time      `json:"at"`
}

// YearPlanned holds the annual schedule.
type YearPlanned struct {
	Act
	Months []Scheduled `json:"months"`
}

// Scheduled is a month of the schedule and the stream that its cycle has.
type Scheduled struct {
	MonthPlan
	Stream string `json:"stream"`
}

// MonthPlanned says what is to be audited in a month.
type MonthPlanned struct {
	Act
	MonthPlan
	Year    string         `json:"year,omitempty"` // the stream of the schedule that it stands in
	Because audit.FreeText `json:"because,omitempty"`
}

// Drawn holds a draw: what is needed to do it again, and what it came to.
type Drawn struct {
	Act
	Part     string         `json:"part"`
	Digest   string         `json:"digest"` // of all files given, see the function Digest
	Given    int            `json:"given"`  // how many they were
	Excluded []Excluded     `json:"excluded,omitempty"`
	Sample   Sample         `json:"sample"`
	Policy   string         `json:"policy"` // digest of the process policy that said who may be drawn
	Because  audit.FreeText `json:"because,omitempty"`
}

// Excluded is a file that could not be drawn, and why.
type Excluded struct {
	Case audit.CaseNumber `json:"case"`
	Rule string           `json:"rule"` // "eligible", "recently_audited", "in_cycle" or another of a selection
	Why  string           `json:"why"`
}

// Begun is a file whose audit has begun, in a stream of its own.
type Begun struct {
	Case   audit.CaseNumber `json:"case"`
	Stream string           `json:"stream"`
}

// PicksConfirmed says that the picks of a part are audited.
type PicksConfirmed struct {
	Act
	Part  string  `json:"part"`
	Files []Begun `json:"files"`
}

// FileChosen says that a person chose a file, and why.
type FileChosen struct {
	Act
	Part    string         `json:"part"`
	File    Candidate      `json:"file"`
	Stream  string         `json:"stream"`
	Because audit.FreeText `json:"because"`
}

// PickReplaced says that a file left the month, and which came in its place.
type PickReplaced struct {
	Act
	Case    audit.CaseNumber `json:"case"`
	Instead *Pick            `json:"instead,omitempty"` // none for a file chosen by hand
	Stream  string           `json:"stream,omitempty"`  // of its audit, if the part was confirmed
	Because audit.FreeText   `json:"because"`
}

// AllocationProposed holds what was worked out for auditors or moderators, and
// from what.
type AllocationProposed struct {
	Act
	Role      audit.Role  `json:"role"`
	Algorithm string      `json:"algorithm"`
	Seed      string      `json:"seed"`
	Policy    string      `json:"policy"` // digest of the process policy
	Pool      []Member    `json:"pool"`
	Files     []Allocated `json:"files"`
}

// AllocationConfirmed says that the files go to these people.
type AllocationConfirmed struct {
	Act
	Role  audit.Role  `json:"role"`
	Files []Allocated `json:"files"`
}

// AllocationSwapped says that a person gave a file to somebody else.
type AllocationSwapped struct {
	Act
	Role    audit.Role       `json:"role"`
	Case    audit.CaseNumber `json:"case"`
	From    audit.PersonID   `json:"from,omitempty"`
	To      Member           `json:"to"`
	Because audit.FreeText   `json:"because"`
}

// MonthClosed says that the month's planning is closed.
type MonthClosed struct {
	Act
	Because audit.FreeText `json:"because,omitempty"`
}

// Type implements [Event].
func (YearPlanned) Type() string         { return TypeYearPlanned }
func (MonthPlanned) Type() string        { return TypeMonthPlanned }
func (Drawn) Type() string               { return TypeDrawn }
func (PicksConfirmed) Type() string      { return TypePicksConfirmed }
func (FileChosen) Type() string          { return TypeFileChosen }
func (PickReplaced) Type() string        { return TypePickReplaced }
func (AllocationProposed) Type() string  { return TypeAllocationProposed }
func (AllocationConfirmed) Type() string { return TypeAllocationConfirmed }
func (AllocationSwapped) Type() string   { return TypeAllocationSwapped }
func (MonthClosed) Type() string         { return TypeMonthClosed }
