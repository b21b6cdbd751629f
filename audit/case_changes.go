package audit

import (
	"slices"
	"time"
)

// Restrict says who of a case's line of management may be told of it by notices
// that are not critical; or, with Restricted false, that everyone may again.
// Whoever audits or moderates the file, or owns an action, is told what is theirs,
// and critical notices go to all. A reminder that nobody of those it is for may get
// goes to the QA team (our reading). A case that has several audits, or a re-audit
// planned, is restricted in each.
type Restrict struct {
	Header
	Restricted bool       `json:"restricted"`
	Told       []PersonID `json:"told,omitempty"`
	Because    FreeText   `json:"because"`
}

// Restriction says who may be told of a case from then on.
type Restriction struct {
	By         PersonID   `json:"by"`
	At         time.Time  `json:"at"`
	Restricted bool       `json:"restricted"`
	Told       []PersonID `json:"told,omitempty"`
	Because    FreeText   `json:"because"`
}

// LinkHousehold says which other audits are of children in the same household, by
// their streams: all of them, so that leaving one out unlinks it. Each audit says it
// for itself.
type LinkHousehold struct {
	Header
	Streams []string `json:"streams"`
	Because FreeText `json:"because"`
}

// HouseholdLinked holds the audits of children in the same household.
type HouseholdLinked struct {
	By      PersonID  `json:"by"`
	At      time.Time `json:"at"`
	Streams []string  `json:"streams"`
	Because FreeText  `json:"because"`
}

// Renumber gives the case its right number: it was a duplicate, or two were merged.
// A case that has several audits is renumbered in each.
type Renumber struct {
	Header
	Number  CaseNumber `json:"number"`
	Because FreeText   `json:"because"`
}

// Renumbered holds the case's number from then on.
type Renumbered struct {
	By      PersonID   `json:"by"`
	At      time.Time  `json:"at"`
	From    CaseNumber `json:"from"`
	Number  CaseNumber `json:"number"`
	Because FreeText   `json:"because"`
}

// Names of these events, as stored. They never change.
const (
	TypeRestriction     = "audit.restriction"
	TypeHouseholdLinked = "audit.household_linked"
	TypeRenumbered      = "audit.renumbered"
)

func (Restrict) Name() string      { return "restrict_case" }
func (LinkHousehold) Name() string { return "link_household" }
func (Renumber) Name() string      { return "renumber_case" }

func (Restriction) Type() string     { return TypeRestriction }
func (HouseholdLinked) Type() string { return TypeHouseholdLinked }
func (Renumbered) Type() string      { return TypeRenumbered }

func (c Restrict) decide(State, Env) ([]Event, error) {
	rs := CheckBecause(c, c.Because)
	if c.Restricted && len(c.Told) == 0 {
		rs = append(rs, refuse(c, "restricted", "nobody would be told of this case", "those who may be"))
	}
	if err := rs.Err(); err != nil {
		return nil, err
	}
	return []Event{Restriction{By: c.Actor, At: c.At, Restricted: c.Restricted, Told: c.Told, Because: c.Because}}, nil
}

func (e Restriction) evolve(s State) State {
	s.Case.Restricted, s.Case.Told = e.Restricted, e.Told
	return s
}

func (c LinkHousehold) decide(State, Env) ([]Event, error) {
	rs := CheckBecause(c, c.Because)
	if slices.Contains(c.Streams, "") || len(slices.Compact(slices.Sorted(slices.Values(c.Streams)))) < len(c.Streams) {
		rs = append(rs, refuse(c, "household", "one of the audits to be linked is not named, or is named twice", "each by its stream, once"))
	}
	if err := rs.Err(); err != nil {
		return nil, err
	}
	return []Event{HouseholdLinked{By: c.Actor, At: c.At, Streams: c.Streams, Because: c.Because}}, nil
}

func (e HouseholdLinked) evolve(s State) State {
	s.Household = e.Streams
	return s
}

func (c Renumber) decide(s State, _ Env) ([]Event, error) {
	rs := CheckBecause(c, c.Because)
	if c.Number == "" || c.Number == s.Case.Number {
		rs = append(rs, refuse(c, "case", "the case's new number is missing, or is the one that it has", ""))
	}
	if err := rs.Err(); err != nil {
		return nil, err
	}
	return []Event{Renumbered{By: c.Actor, At: c.At, From: s.Case.Number, Number: c.Number, Because: c.Because}}, nil
}

func (e Renumbered) evolve(s State) State {
	s.Formerly = append(slices.Clip(s.Formerly), s.Case.Number)
	s.Case.Number = e.Number
	return s
}
