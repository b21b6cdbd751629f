package audit

import "slices"

// A peer reviewer judges every section of a file at the same time as the auditor
// and without seeing how the auditor judged it, where the process policy asks for
// one (also_judge). Not Halton's, which has none.

// PeerReviewed reports whether a policy has audits judged by a peer reviewer too.
func (p Policy) PeerReviewed() bool { return slices.Contains(p.AlsoJudge, RolePeerReviewer) }

// PeerReviewers are all who acted as the peer reviewer: who was allocated, and
// whoever judged in that role.
func (s State) PeerReviewers() []PersonID { return s.Acted[RolePeerReviewer] }

// JudgementsShownTo are those judgements that an app shows to a person while a file
// is audited. The peer reviewer on the one side, auditor and practitioners on the
// other, see of each other's only those of sections that they have judged
// themselves, until the audit is finalised. Everybody else sees all.
func (s State) JudgementsShownTo(who PersonID) []Judged {
	peer := slices.Contains(s.PeerReviewers(), who)
	if s.Final != nil || !peer && !slices.Contains(s.Auditors(), who) && !slices.Contains(s.Practitioners(), who) {
		return slices.Clone(s.Judgements)
	}
	return slices.DeleteFunc(slices.Clone(s.Judgements), func(j Judged) bool {
		return peer != (j.As == RolePeerReviewer) && !s.judged(who, j.Section)
	})
}

// peerReviewed reports whether an audit has a peer reviewer: a dip sample, in which
// nothing is judged, has none.
func (s State) peerReviewed(env Env) bool { return env.Policy.PeerReviewed() && s.Kind != DipSample }

// judged reports whether a person has judged a section.
func (s State) judged(who PersonID, section string) bool {
	return slices.ContainsFunc(s.Judgements, func(j Judged) bool { return j.By == who && j.Section == section })
}

// peer refuses a start that does not name the peer reviewer whom the policy asks
// for, or names one of whom it says nothing.
func (c Start) peer(s State, env Env) Refusals {
	asked := s.peerReviewed(env)
	switch {
	case asked && c.PeerReviewer == "":
		return Refusals{refuse(c, "peer_reviewer", "no "+env.Policy.Titles.Of(RolePeerReviewer)+" is named", "")}
	case !asked && c.PeerReviewer != "":
		return Refusals{refuse(c, "peer_reviewer", "this audit has no "+env.Policy.Titles.Of(RolePeerReviewer), "a start without one")}
	case asked && c.PeerReviewer == c.Auditor:
		return Refusals{refuse(c, "separation.peer_reviewer", string(c.Auditor)+" cannot be both", "two different people")}
	case asked:
		return s.apart(c, RolePeerReviewer, []PersonID{c.PeerReviewer})
	}
	return nil
}
