package form

import (
	"slices"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/internal/source"
	"github.com/practiceaudit/practiceaudit/loop"
	"github.com/practiceaudit/practiceaudit/moderation"
)

// Which audit of a case an update is about.
const (
	OfAudit     = "audit"
	OfReAudit   = "re_audit"
	OfDipSample = "dip_sample"
)

// Update is one line of a file of updates: what somebody other than auditor and
// moderator did, and about which audit.
type Update struct {
	Of string // OfAudit, OfReAudit or OfDipSample
	Step
	// Notice is the topic of the critical notice that an acknowledgement is
	// about: its id is known only once it was sent.
	Notice loop.Topic
	// Person is who is allocated.
	Person audit.PersonID
}

// ReadUpdates reads what was done about a case and its follow-ups, in the order
// in which it was done. The selection of a file ("select") has no command: its
// case and people come from elsewhere. The error is a rubric.Mistakes; what could
// be read is returned beside it, to hold other files against.
func ReadUpdates(file string, src []byte, env loop.Env) ([]Update, error) {
	r := read(file, src, checkUpdates, env)
	if r.root == nil {
		return nil, r.mistakes.Err()
	}
	var updates []Update
	var last *source.Node
	for _, n := range r.root.Field("updates").Each() {
		r.inOrder(last, n.Field("at"), "updates stand in the order in which they were done")
		last = n.Field("at")
		if u := r.update(n); u.Name != "" && !u.At.IsZero() {
			updates = append(updates, u)
		}
	}
	return updates, r.mistakes.Err()
}

func (r *reader) update(n *source.Node) Update {
	by, at := audit.PersonID(n.Text("by")), r.moment(n.Field("at"))
	text, action := audit.FreeText(n.Text("text")), n.Text("action")
	u := Update{Of: n.Text("of"), Notice: loop.Topic(n.Text("notice")), Person: audit.PersonID(n.Text("person"))}
	e := entry{n, n.Field("by"), n.Field("at")}
	if u.Of == "" {
		u.Of = OfAudit
	}
	switch do := n.Text("do"); do {
	case "select":
		u.Step = Step{By: by, At: at, Name: do, Place: e.place(), entry: e}
	case "start":
		u.Step = step(e, by, at, audit.Start{Auditor: audit.PersonID(r.need(n, "person"))}, func(c *audit.Start, h audit.Header) { c.Header = h })
	case "raise_concern":
		c := loop.RaiseConcern{Concern: text, OtherChildren: audit.FreeText(n.Text("other_children"))}
		u.Step = step(e, by, at, c, func(c *loop.RaiseConcern, h audit.Header) { c.Header = h })
	case "acknowledge":
		topic := r.need(n, "notice")
		var topics []string
		for _, t := range loop.Topics() {
			topics = append(topics, string(t))
		}
		if topic != "" && !slices.Contains(topics, topic) {
			r.wrong(n.Field("notice").Mistake("%s", unknown("notice", topic, topics)))
		}
		u.Step = step(e, by, at, loop.Acknowledge{}, func(c *loop.Acknowledge, h audit.Header) { c.Header = h })
	case "record_plan":
		r.need(n, "text")
		u.Step = step(e, by, at, loop.RecordPlan{Plan: text}, func(c *loop.RecordPlan, h audit.Header) { c.Header = h })
	case "allocate_moderator":
		c := moderation.Allocate{Moderator: audit.PersonID(r.need(n, "person"))}
		u.Step = step(e, by, at, c, func(c *moderation.Allocate, h audit.Header) { c.Header = h })
	case "check_moderation":
		u.Step = step(e, by, at, moderation.Check{Return: text}, func(c *moderation.Check, h audit.Header) { c.Header = h })
	case "comment":
		r.need(n, "text")
		u.Step = step(e, by, at, moderation.Comment{Comments: text}, func(c *moderation.Comment, h audit.Header) { c.Header = h })
	case "send_tracker":
		u.Step = step(e, by, at, loop.SendTracker{}, func(c *loop.SendTracker, h audit.Header) { c.Header = h })
	case "complete_action":
		r.need(n, "action")
		r.need(n, "text")
		c := loop.CompleteAction{Action: action, Evidence: text}
		u.Step = step(e, by, at, c, func(c *loop.CompleteAction, h audit.Header) { c.Header = h })
	case "confirm_action":
		r.need(n, "action")
		u.Step = step(e, by, at, loop.ConfirmAction{Action: action}, func(c *loop.ConfirmAction, h audit.Header) { c.Header = h })
	case "agree_date":
		r.need(n, "action")
		r.need(n, "text")
		r.need(n, "due")
		c := loop.AgreeDate{Action: action, Due: r.date(n.Field("due")), With: audit.PersonID(r.need(n, "person")), Because: text}
		u.Step = step(e, by, at, c, func(c *loop.AgreeDate, h audit.Header) { c.Header = h })
	case "close_loop":
		r.need(n, "text")
		u.Step = step(e, by, at, loop.CloseLoop{Standard: text}, func(c *loop.CloseLoop, h audit.Header) { c.Header = h })
	case "review_dip_sample":
		r.need(n, "text")
		c := loop.ReviewDipSample{Held: map[string]loop.Held{}, Impact: text}
		for _, f := range n.Field("held").Entries() {
			c.Held[f.Key] = loop.Held(f.Scalar())
		}
		u.Step = step(e, by, at, c, func(c *loop.ReviewDipSample, h audit.Header) { c.Header = h })
	}
	return u
}

// need returns what an update of its kind has to say.
func (r *reader) need(n *source.Node, key string) string {
	f := n.Field(key)
	if f == nil {
		r.wrong(n.Field("do").Mistake("%s needs %s", n.Text("do"), key))
	}
	return f.Scalar()
}
