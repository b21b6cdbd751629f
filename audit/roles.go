package audit

import "slices"

// vouched are the roles that an app's sign-in can vouch for. The others are
// held in one audit or one case's line of management, and only the record says
// by whom.
var vouched = []Role{RoleQATeam, RoleDirector, RoleQAManager, RoleQAPrincipalManager, RoleOutOfHoursManager, RoleAuditLead}

// OfCouncil reports whether a role is held in the council as a whole, and not in
// one audit or one case's line of management.
func (r Role) OfCouncil() bool { return slices.Contains(vouched, r) }

// OfCase reports whether a role belongs to a case's line of management, and not to
// an audit or the council.
func (r Role) OfCase() bool {
	switch r {
	case RolePractitioner, RolePracticeLead, RolePrincipalManager, RoleTeamManager, RoleDivisionalManager, RoleIRM:
		return true
	}
	return false
}

// Standing returns the first of the given roles that the person who gives a
// command holds in this audit, as its holder or a deputy on that day.
func (p People) Standing(h Header, roles ...Role) (Role, bool) {
	for _, r := range roles {
		if p.Holds(r, h.Actor, h.On()) || slices.Contains(vouched, r) && slices.Contains(h.Roles, r) {
			return r, true
		}
	}
	return "", false
}

// Allow answers a command from somebody who holds none of the roles that may
// give it; nil if they do hold one.
func (p People) Allow(h Header, command string, may map[string][]Role) *Refusal {
	roles := may[command]
	if _, ok := p.Standing(h, roles...); ok {
		return nil
	}
	refusal := &Refusal{Command: command, Rule: "role", Message: string(h.Actor) + " holds no role that may do this", Roles: roles}
	refusal.People = p.holding(h.On(), roles...)
	if len(roles) == 0 {
		refusal.Accept = "the process policy lets nobody do this"
	}
	return refusal
}
