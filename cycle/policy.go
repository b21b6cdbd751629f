package cycle

import (
	"slices"
	"strings"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/calendar"
)

// Policy is the part of a council's process policy that is about the monthly
// cycle, its section "cycle". Package loop reads it from the policy file. Treat
// it as read-only.
type Policy struct {
	NotAgainWithin calendar.Period // a file audited so recently is not drawn; a person may still choose it
	Reserves       int             // files of each stratum kept in draw order after the picks, to replace one
	Auditors       Duty
	Moderators     Duty
	Moderated      []audit.Kind            // the kinds of audit that get a moderator
	May            map[string][]audit.Role // who may give which command
}

// Duty is what is asked of the auditors, or of the moderators, of a month.
type Duty struct {
	Files int   // each person's files a month, unless the pool says otherwise
	Never []Bar // which files nobody of them gets, beside those that the rules below always keep from them
}

// Bar is a reason why a person does not get a file.
type Bar string

// The bars. A practitioner of the case, and whoever has the file in the other
// role, never gets it (auditor, moderator and practitioners are different
// people), and who reviews the child never audits it; otherwise the process policy
// says which of the last three hold.
const (
	BarPractitioner Bar = "practitioner"
	BarOtherRole    Bar = "other_role" // audits the file, and so does not moderate it, or the reverse
	BarOwnTeam      Bar = "own_team"
	BarLine         Bar = "line"     // stands in the case's line of management
	BarReviewer     Bar = "reviewer" // is the Independent Reviewing Manager who reviews the child
)

// Title is the bar as people say it, "works with this child".
func (b Bar) Title() string {
	switch b {
	case BarPractitioner:
		return "works with the child"
	case BarOtherRole:
		return "has the file in the other role"
	case BarOwnTeam:
		return "a file of the own team"
	case BarLine:
		return "in the case's line of management"
	case BarReviewer:
		return "reviews the child"
	}
	return string(b)
}

// duty is what the policy asks of a role: the auditors', or the moderators'.
func (p Policy) duty(r audit.Role) Duty {
	if r == audit.RoleModerator {
		return p.Moderators
	}
	return p.Auditors
}

// barred returns why a person does not get a file in a role; false if they may.
// Deputies count as holders whatever their dates: an audit outlasts a month.
func (p Policy) barred(m Member, r audit.Role, f File) (Bar, bool) {
	other := f.Moderator
	if r == audit.RoleModerator {
		other = f.Auditor
	}
	never := p.duty(r).Never
	switch {
	case f.holds(m.Person, func(r audit.Role) bool { return r == audit.RolePractitioner }):
		return BarPractitioner, true
	case other != "" && other == m.Person:
		return BarOtherRole, true
	case slices.Contains(never, BarOwnTeam) && m.of(f.Case.Team):
		return BarOwnTeam, true
	case (r != audit.RoleModerator || slices.Contains(never, BarReviewer)) && f.holds(m.Person, func(r audit.Role) bool { return r == audit.RoleIRM }):
		return BarReviewer, true
	case slices.Contains(never, BarLine) && f.holds(m.Person, func(r audit.Role) bool { return r != audit.RoleIRM && !r.OfCouncil() }):
		return BarLine, true
	}
	return "", false
}

// holds reports whether a person holds a role of a case that is of the given
// kind, or stands in for one.
func (c Candidate) holds(who audit.PersonID, of func(audit.Role) bool) bool {
	for r, holders := range c.People.Holders {
		if of(r) && slices.Contains(holders, who) {
			return true
		}
	}
	return slices.ContainsFunc(c.People.Deputies, func(d audit.Deputy) bool { return d.Person == who && of(d.Role) })
}

// of reports whether a team is one of the person's own. Upper and lower case are
// alike, as two systems seldom write a team's name the same.
func (m Member) of(team string) bool {
	team = strings.TrimSpace(team)
	return team != "" && slices.ContainsFunc(m.Teams, func(t string) bool { return strings.EqualFold(strings.TrimSpace(t), team) })
}
