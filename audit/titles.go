package audit

// Titles are what a council calls the roles, where it does not use the framework's
// own words: its auditor may be a team manager, its moderator a safeguarding unit.
type Titles map[Role]string

// Of is a role as people of the council say it.
func (t Titles) Of(r Role) string {
	if title, ok := t[r]; ok {
		return title
	}
	return r.Title()
}
