package loop

import (
	"slices"

	"github.com/practiceaudit/practiceaudit/audit"
)

// handOver tells those who come to a role at once of the alerts that went to it and
// that nobody has answered, and of a finding that still has no plan: whom the first
// notice reached may be gone, and a child's safety does not wait for the ladder.
func (n *notices) handOver(r audit.Role, to []audit.PersonID) {
	for _, a := range n.s.alerts() {
		switch {
		case !a.answered && n.s.toldOf(a, r):
			n.sendOn(TopicUnacknowledged, a, r, to)
		case a.finding && len(n.s.Plans) == 0 && slices.Contains(n.env.Policy.Notices[TopicNoPlan].Tell, r):
			n.sendOn(TopicNoPlan, a, r, to)
		}
	}
}

// sendOn tells people about an alert in the words of its ladder, but for those whom
// a notice of it names already.
func (n *notices) sendOn(t Topic, a alert, r audit.Role, to []audit.PersonID) {
	text := n.env.Policy.Notices[t]
	text.Critical = true
	for _, p := range to {
		if !slices.ContainsFunc(n.s.Notices, func(e Notified) bool { return e.Alert == a.name && e.To.Person == p }) {
			n.send(t, text, []Recipient{{Role: r, Person: p}}, a.name, "handover/"+a.name)
		}
	}
}

// toldOf reports whether a notice of an alert, or of its ladder, went to a role.
func (s State) toldOf(a alert, r audit.Role) bool {
	return slices.ContainsFunc(s.Notices, func(e Notified) bool { return e.Alert == a.name && e.To.Role == r })
}
