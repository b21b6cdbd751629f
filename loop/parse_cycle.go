package loop

import (
	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/cycle"
	"github.com/practiceaudit/practiceaudit/internal/source"
)

// cycle reads the section about the monthly cycle.
func (r *policyReader) cycle(p *Policy) {
	n := r.root.Field("cycle")
	if n == nil { // the schema says that it is missing
		return
	}
	p.Cycle = cycle.Policy{
		NotAgainWithin: r.period(n.Field("not_again_within"), calendar.Days, calendar.Weeks, calendar.Months),
		Reserves:       r.number(n.Field("reserves")),
		Auditors:       r.duty(n.Field("auditors")),
		Moderators:     r.duty(n.Field("moderators")),
		Moderated:      p.Moderation.Kinds,
		May:            p.May,
	}
}

func (r *policyReader) duty(n *source.Node) cycle.Duty {
	d := cycle.Duty{Files: r.number(n.Field("files"))}
	for _, b := range n.Field("never").Each() {
		d.Never = append(d.Never, cycle.Bar(b.Scalar()))
	}
	return d
}
