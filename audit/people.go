package audit

import (
	"maps"
	"slices"

	"github.com/practiceaudit/practiceaudit/calendar"
)

// PersonID is the app's own opaque id of a member of staff. It is never a
// child's or a family member's.
type PersonID string

// Role is a part that a person plays (QA framework, Roles & Responsibilities).
type Role string

// The roles of the framework. The auditor, the moderator and the practitioners
// are roles of one audit; the others belong to the case's line of management or
// to the council.
const (
	RoleQATeam             Role = "qa_team"
	RoleAuditor            Role = "auditor"
	RolePractitioner       Role = "practitioner"
	RoleModerator          Role = "moderator"
	RolePracticeLead       Role = "practice_lead"
	RolePrincipalManager   Role = "principal_manager"
	RoleTeamManager        Role = "team_manager"
	RoleDivisionalManager  Role = "divisional_manager"
	RoleDirector           Role = "director"
	RoleQAManager          Role = "qa_manager"
	RoleQAPrincipalManager Role = "qa_principal_manager"
	RoleOutOfHoursManager  Role = "out_of_hours_manager"
	RoleAuditLead          Role = "audit_lead"
	RolePeerReviewer       Role = "peer_reviewer"                 // who judges each section beside the auditor, if the process has one
	RoleIRM                Role = "independent_reviewing_manager" // who reviews the child's plan, and so does not audit the file
	RoleActionOwner        Role = "action_owner"                  // of a notice about an action, whoever its owner is
	RoleAsker              Role = "asker"                         // of a notice about advice, whoever asked for it
	RoleSystem             Role = "system"                        // a wake-up, not a person
)

// Roles lists every role, in the order of the framework.
func Roles() []Role {
	return []Role{
		RoleQATeam, RoleAuditor, RolePractitioner, RoleModerator, RolePracticeLead,
		RolePrincipalManager, RoleTeamManager, RoleDivisionalManager, RoleDirector,
		RoleQAManager, RoleQAPrincipalManager, RoleOutOfHoursManager, RoleAuditLead, RoleIRM, RolePeerReviewer, RoleSystem,
	}
}

var roleTitles = map[Role]string{
	RoleQATeam:             "QA team",
	RoleAuditor:            "auditor",
	RolePractitioner:       "practitioner",
	RoleModerator:          "moderator",
	RolePracticeLead:       "Practice Lead",
	RolePrincipalManager:   "Principal Manager",
	RoleTeamManager:        "team manager",
	RoleDivisionalManager:  "Divisional Manager",
	RoleDirector:           "Director for Operational Safeguarding",
	RoleQAManager:          "QA Manager",
	RoleQAPrincipalManager: "QA Audit and Practice Improvement Principal Manager",
	RoleOutOfHoursManager:  "out-of-hours manager",
	RoleAuditLead:          "Audit Lead",
	RoleIRM:                "Independent Reviewing Manager",
	RolePeerReviewer:       "peer reviewer",
	RoleActionOwner:        "owner of the action",
	RoleAsker:              "who asked",
	RoleSystem:             "the clock",
}

// Title is the role as people say it, "Divisional Manager".
func (r Role) Title() string {
	if t, ok := roleTitles[r]; ok {
		return t
	}
	return string(r)
}

// People says who holds which role for one case.
type People struct {
	Holders  map[Role][]PersonID `json:"holders,omitempty"`
	Deputies []Deputy            `json:"deputies,omitempty"`
}

// Deputy stands in for the holders of a role from one London date to another,
// both included. A zero date is open.
type Deputy struct {
	Role   Role          `json:"role"`
	Person PersonID      `json:"person"`
	From   calendar.Date `json:"from,omitzero"`
	Until  calendar.Date `json:"until,omitzero"`
}

// Of returns the holders of a role; nil if none is known.
func (p People) Of(r Role) []PersonID { return p.Holders[r] }

// DeputiesOf returns those who stand in for a role on a date.
func (p People) DeputiesOf(r Role, on calendar.Date) []PersonID {
	var who []PersonID
	for _, d := range p.Deputies {
		if d.Role == r && (d.From.IsZero() || !on.Before(d.From)) && (d.Until.IsZero() || !on.After(d.Until)) {
			who = append(who, d.Person)
		}
	}
	return who
}

// Holds reports whether a person holds a role on a date, as its holder or as a
// deputy.
func (p People) Holds(r Role, who PersonID, on calendar.Date) bool {
	return slices.Contains(p.Holders[r], who) || slices.Contains(p.DeputiesOf(r, on), who)
}

// holding are the holders and deputies of some roles on a date.
func (p People) holding(on calendar.Date, roles ...Role) []PersonID {
	var who []PersonID
	for _, r := range roles {
		who = slices.Concat(who, p.Of(r), p.DeputiesOf(r, on))
	}
	return who
}

// With returns p with the holders of one role replaced; p stays as it was.
func (p People) With(r Role, who ...PersonID) People {
	holders := maps.Clone(p.Holders)
	if holders == nil {
		holders = map[Role][]PersonID{}
	}
	holders[r] = slices.Clone(who)
	p.Holders = holders
	return p
}

// Without returns p with nobody known to hold a role.
func (p People) Without(r Role) People {
	holders := maps.Clone(p.Holders)
	delete(holders, r)
	p.Holders = holders
	return p
}
