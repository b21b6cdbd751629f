package cycle

import (
	"fmt"
	"slices"

	"github.com/practiceaudit/practiceaudit/audit"
)

// duties are the roles that files are allocated in.
var duties = []audit.Role{audit.RoleAuditor, audit.RoleModerator}

// needs reports whether a file has nobody in a role that it needs: a moderator
// only if audits of its kind are moderated.
func (s State) needs(f File, r audit.Role, p Policy) bool {
	part, _ := s.Part(f.Part)
	return f.who(r) == "" && (r == audit.RoleAuditor || slices.Contains(p.Moderated, part.Kind))
}

// inNeed are the files of the month that an allocation looks at: those that need
// somebody in a role, and those that have them, who count against their room.
func (s State) inNeed(r audit.Role, p Policy) (files []File, open int) {
	for _, f := range s.Audited() {
		if s.needs(f, r, p) {
			open++
		} else if f.who(r) == "" {
			continue
		}
		files = append(files, f)
	}
	return files, open
}

// noDuty refuses a role that files are not allocated in.
func noDuty(c Command, r audit.Role) *audit.Refusal {
	if slices.Contains(duties, r) {
		return nil
	}
	return refuse(c, "duty", fmt.Sprintf("files are not allocated to the %q of a cycle", r), "auditor or moderator")
}

func (c ProposeAllocation) decide(s State, a Act, env Env) ([]Event, error) {
	if r := noDuty(c, c.Role); r != nil {
		return nil, r
	}
	rs := c.wrong()
	files, open := s.inNeed(c.Role, env.Policy)
	if open == 0 {
		rs = append(rs, refuse(c, "phase", "no file is in need of a "+c.Role.Title(), "picks are confirmed first (confirm_picks)"))
	}
	for _, f := range files {
		if c.Role == audit.RoleModerator && f.Auditor == "" {
			rs = append(rs, refuse(c, "phase", fmt.Sprintf("case %s has no auditor", f.Case.Number), "auditors are allocated first"))
		}
	}
	if err := rs.Err(); err != nil {
		return nil, err
	}
	given, refused := Allocate(files, c.Pool, c.Role, env.Policy, c.Seed)
	if err := refused.Err(); err != nil {
		return nil, err
	}
	return []Event{AllocationProposed{
		Act: a, Role: c.Role, Algorithm: AllocationAlgorithm, Seed: c.Seed, Policy: env.Audit.PolicyDigest, Pool: c.Pool, Files: given,
	}}, nil
}

// The largest pool, in people, and the most files that one of them can take in a
// month: above them the allocation would take more than a moment.
const (
	maxPool  = 500
	MaxShare = 20
)

func (c ProposeAllocation) wrong() audit.Refusals {
	var rs audit.Refusals
	if !oneLine(c.Seed) {
		rs = append(rs, refuse(c, "seed", "the seed is missing or more than one line", "one line, such as the numbers of a public lottery"))
	}
	if len(c.Pool) == 0 || len(c.Pool) > maxPool {
		rs = append(rs, refuse(c, "pool", fmt.Sprintf("%d people are no pool", len(c.Pool)), fmt.Sprintf("1 to %d people", maxPool)))
	}
	seen := map[audit.PersonID]bool{}
	for _, m := range c.Pool {
		if seen[m.Person] {
			rs = append(rs, refuse(c, "pool", string(m.Person)+" stands in the pool twice", ""))
		}
		seen[m.Person] = true
		rs = append(rs, m.wrong(c)...)
	}
	return rs
}

func (m Member) wrong(c Command) audit.Refusals {
	var rs audit.Refusals
	if !oneLine(m.Person) {
		rs = append(rs, refuse(c, "pool", "a person is not named", "an id of one line"))
	}
	if m.SoFar < 0 || m.SoFar > maxSoFar || m.Files < 0 || m.Files > MaxShare {
		rs = append(rs, refuse(c, "pool", fmt.Sprintf("%s has %d files so far and takes %d this month", m.Person, m.SoFar, m.Files), fmt.Sprintf("0 to %d so far, 0 to %d this month", maxSoFar, MaxShare)))
	}
	return rs
}

// decide confirms a proposal that still fits: since it was made, files may have
// left the month or been given to somebody by hand.
func (c ConfirmAllocation) decide(s State, a Act, env Env) ([]Event, error) {
	if r := noDuty(c, c.Role); r != nil {
		return nil, r
	}
	p, ok := s.Proposed[c.Role]
	if !ok {
		return nil, refuse(c, "phase", "no allocation is proposed for the "+c.Role.Title()+"s", "it is proposed first (propose_allocation)")
	}
	var rs audit.Refusals
	for _, given := range p.Files {
		f, r := s.current(c, given.Case)
		if r == nil && f.who(c.Role) != "" {
			r = refuse(c, "case", fmt.Sprintf("case %s has a %s since", given.Case, c.Role.Title()), "")
		}
		if r == nil {
			r = s.fits(c, p.member(given.Person), c.Role, f, env.Policy)
		}
		if r != nil {
			r.Accept = "a new proposal (propose_allocation)"
			rs = append(rs, r)
			continue
		}
		s = s.change(given.Case, func(f File) File { return f.given(c.Role, given.Person) })
	}
	if err := rs.Err(); err != nil {
		return nil, err
	}
	return []Event{AllocationConfirmed{Act: a, Role: c.Role, Files: p.Files}}, nil
}

// member is a person of the pool.
func (p AllocationProposed) member(who audit.PersonID) Member {
	i := slices.IndexFunc(p.Pool, func(m Member) bool { return m.Person == who })
	if i < 0 {
		return Member{Person: who}
	}
	return p.Pool[i]
}

func (c SwapAllocation) decide(s State, a Act, env Env) ([]Event, error) {
	if r := noDuty(c, c.Role); r != nil {
		return nil, r
	}
	f, r := s.current(c, c.Case)
	if r != nil {
		return nil, r
	}
	rs := c.To.wrong(c)
	if blank(c.Because) {
		rs = append(rs, refuse(c, "because", "it is not said why somebody else gets this file", ""))
	}
	if f.Stream == "" {
		rs = append(rs, refuse(c, "phase", fmt.Sprintf("case %s is only proposed", c.Case), "its part is confirmed first (confirm_picks)"))
	}
	if part, _ := s.Part(f.Part); c.Role == audit.RoleModerator && !slices.Contains(env.Policy.Moderated, part.Kind) {
		rs = append(rs, refuse(c, "kind", "a "+part.Kind.Title()+" is not moderated", ""))
	}
	if f.who(c.Role) == c.To.Person {
		rs = append(rs, refuse(c, "case", fmt.Sprintf("%s has case %s already", c.To.Person, c.Case), "somebody else"))
	} else if r := s.fits(c, c.To, c.Role, f, env.Policy); r != nil {
		rs = append(rs, r)
	}
	if err := rs.Err(); err != nil {
		return nil, err
	}
	return []Event{AllocationSwapped{Act: a, Role: c.Role, Case: c.Case, From: f.who(c.Role), To: c.To, Because: c.Because}}, nil
}

// fits refuses to give a file to somebody who is barred from it, or has no room
// this month.
func (s State) fits(c Command, m Member, r audit.Role, f File, p Policy) *audit.Refusal {
	if b, barred := p.barred(m, r, f); barred {
		return refuse(c, b.rule(r), fmt.Sprintf("%s does not become the %s of case %s: %s", m.Person, r.Title(), f.Case.Number, b.Title()), "somebody else")
	}
	if has := Tally(r, s)[m.Person]; has >= m.most(r, p) {
		return refuse(c, "allocation.capacity", fmt.Sprintf("%s has %d files this month and takes no more", m.Person, has), "somebody with room, or more files for this person")
	}
	return nil
}

// rule is the rule by which somebody is kept from a role.
func (b Bar) rule(r audit.Role) string {
	switch {
	case b == BarPractitioner:
		return "separation.practitioner"
	case b == BarReviewer && r == audit.RoleAuditor:
		return "separation.irm"
	case b == BarOtherRole && r == audit.RoleModerator:
		return "separation.auditor"
	case b == BarOtherRole:
		return "separation.moderator"
	}
	return "allocation." + string(b)
}
