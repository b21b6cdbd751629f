package audit

import (
	"cmp"
	"maps"
	"slices"
)

// Auditor, peer reviewer, moderator and practitioners are different people (our
// reading of "collaborative"): whoever acted for one of them, as its holder or as a deputy,
// does not act for another.

// acted returns s with a person among those who acted in a role; no role is the
// auditor's.
func (s State) acted(as Role, who PersonID) State {
	as = cmp.Or(as, RoleAuditor)
	all := addPerson(slices.Clip(s.Acted[as]), who)
	if len(all) == len(s.Acted[as]) {
		return s
	}
	s.Acted = maps.Clone(s.Acted)
	if s.Acted == nil {
		s.Acted = map[Role][]PersonID{}
	}
	s.Acted[as] = all
	return s
}

// Auditors are all who acted as the auditor: who was allocated, and whoever met
// the practitioners, answered, judged, recorded feedback, added an action or
// finalised in that role.
func (s State) Auditors() []PersonID { return s.Acted[RoleAuditor] }

// Practitioners are all who work with the child: those of the case, and whoever
// reflected or judged in that role.
func (s State) Practitioners() []PersonID {
	var who []PersonID
	for _, p := range slices.Concat(s.People.Of(RolePractitioner), s.Acted[RolePractitioner]) {
		who = addPerson(who, p)
	}
	return who
}

// reviewers are all who review or reviewed the child as the IRM of the case.
func (s State) reviewers() []PersonID {
	return slices.Concat(s.People.Of(RoleIRM), s.Acted[RoleIRM])
}

func addPerson(who []PersonID, p PersonID) []PersonID {
	if p == "" || slices.Contains(who, p) {
		return who
	}
	return append(who, p)
}

// standing is the role in which a person gives a command of an audit: the first
// that may give it, but a practitioner's or a peer reviewer's where the person is
// one and has not audited.
func (s State) standing(c Command, may map[string][]Role) Role {
	h, roles := c.Head(), may[c.Name()]
	if !slices.Contains(s.Auditors(), h.Actor) {
		switch {
		case slices.Contains(roles, RolePractitioner) && slices.Contains(s.Practitioners(), h.Actor):
			return RolePractitioner
		case slices.Contains(roles, RolePeerReviewer) && slices.Contains(s.PeerReviewers(), h.Actor):
			return RolePeerReviewer
		}
	}
	as, _ := s.People.Standing(h, roles...)
	return as
}

// separate refuses a command that the person gives in one role after having
// acted in another.
func (s State) separate(c Command, may map[string][]Role) *Refusal {
	actor, as := c.Head().Actor, s.standing(c, may)
	_, reflects := c.(Reflect) // which makes a practitioner of whoever does
	judges, works := as == RoleAuditor || as == RolePeerReviewer, as == RolePractitioner || reflects
	var rule, message string
	switch {
	case judges && slices.Contains(s.Practitioners(), actor):
		rule, message = "separation.practitioner", string(actor)+" works with this child and does not audit the file"
	case judges && slices.Contains(s.reviewers(), actor):
		rule, message = "separation.irm", string(actor)+" reviews this child and does not audit the file"
	case works && slices.Contains(s.Auditors(), actor):
		rule, message = "separation.auditor", string(actor)+" audits this file and does not act as the practitioner"
	case as == RolePeerReviewer && slices.Contains(s.Auditors(), actor):
		rule, message = "separation.auditor", string(actor)+" audits this file and does not judge it beside the auditor"
	case (works || as == RoleAuditor) && slices.Contains(s.PeerReviewers(), actor):
		rule, message = "separation.peer_reviewer", string(actor)+" judges this file beside its auditor and does nothing else in it"
	default:
		return nil
	}
	refusal := refuse(c, rule, message, "")
	refusal.Roles = []Role{as}
	for _, p := range s.People.holding(c.Head().On(), as) {
		if p != actor {
			refusal.People = addPerson(refusal.People, p)
		}
	}
	return refusal
}
