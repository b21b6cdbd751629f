package form

import (
	"maps"
	"slices"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/internal/source"
	"github.com/practiceaudit/practiceaudit/loop"
)

// Council says who holds which role.
type Council struct {
	council  audit.People
	teams    map[string]audit.People
	deputies []audit.Deputy
	root     *source.Node
}

// ReadPeople reads who holds which role. The error is a rubric.Mistakes; what
// could be read is returned beside it, to hold other files against.
func ReadPeople(file string, src []byte) (*Council, error) {
	r := read(file, src, checkPeople, loop.Env{})
	if r.root == nil {
		return nil, r.mistakes.Err()
	}
	c := &Council{council: holders(r.root.Field("council")), teams: map[string]audit.People{}, root: r.root}
	for _, n := range r.root.Field("teams").Entries() {
		c.teams[n.Key] = holders(n)
	}
	for _, n := range r.root.Field("deputies").Each() {
		c.deputies = append(c.deputies, audit.Deputy{
			Role: audit.Role(n.Text("role")), Person: audit.PersonID(n.Text("person")), From: r.date(n.Field("from")), Until: r.date(n.Field("until")),
		})
	}
	return c, r.mistakes.Err()
}

func holders(n *source.Node) audit.People {
	p := audit.People{Holders: map[audit.Role][]audit.PersonID{}}
	for _, role := range n.Entries() {
		for _, who := range role.Each() {
			p.Holders[audit.Role(role.Key)] = append(p.Holders[audit.Role(role.Key)], audit.PersonID(who.Scalar()))
		}
	}
	return p
}

// Of returns the people of one case: the council's, its team's, and those whom
// the caseload names.
func (c *Council) Of(f File) audit.People {
	p := audit.People{Holders: maps.Clone(c.council.Holders), Deputies: slices.Clone(c.deputies)}
	maps.Copy(p.Holders, c.teams[f.Case.Team].Holders)
	p.Holders[audit.RolePractitioner] = slices.Clone(f.Practitioners)
	p.Holders[audit.RoleDivisionalManager] = []audit.PersonID{f.DivisionalManager}
	return p
}

// Everybody returns all whom the file names, in no order that matters, each once.
func (c *Council) Everybody() []audit.PersonID {
	var all []audit.PersonID
	for _, p := range append(slices.Collect(maps.Values(c.teams)), c.council) {
		for _, holders := range p.Holders {
			all = append(all, holders...)
		}
	}
	for _, d := range c.deputies {
		all = append(all, d.Person)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// Roles returns the council-wide roles that a person holds on a day, as their
// holder or as a deputy, for the header of their commands.
func (c *Council) Roles(who audit.PersonID, on calendar.Date) []audit.Role {
	p := audit.People{Holders: c.council.Holders, Deputies: c.deputies}
	var roles []audit.Role
	for _, r := range audit.Roles() {
		if r.OfCouncil() && p.Holds(r, who, on) {
			roles = append(roles, r)
		}
	}
	return roles
}
