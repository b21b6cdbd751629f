package loop

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/practiceaudit/practiceaudit/audit"
)

// notices gathers the notice intents of one command.
type notices struct {
	s      State
	c      Command
	env    Env
	events []Event
	values map[string]string // of placeholders that this notice alone has
	step   string            // of the clock or ladder that sends them
}

func newNotices(s State, c Command, env Env) *notices {
	return &notices{s: s, c: c, env: env, values: map[string]string{}}
}

// words are what the placeholders of a notice stand for. They are worked out for
// what is told, which most commands do not lead to.
func (n *notices) words() map[string]string {
	s := n.s
	words := map[string]string{
		"case":      string(s.Audit.Case.Number),
		"reference": string(s.Stream),
		"audit":     s.Audit.Kind.Title(),
		"plan":      "no plan yet",
		"grade":     string(s.Grade()),
	}
	if words["case"] == "" {
		words["case"] = "(number not known)"
	}
	if s.Audit.ReAudit() {
		words["audit"] = "re-audit"
	}
	if n.env.Rubric != nil {
		words["grade"] = n.env.Rubric.GradeTitle(s.Grade())
	}
	if len(s.Plans) > 0 {
		words["plan"] = "plan recorded"
	}
	if !s.Audit.StartOn.IsZero() {
		words["start"] = s.Audit.StartOn.Long()
	}
	maps.Copy(words, n.values)
	return words
}

// tell adds one notice to each recipient that the policy names for a topic.
func (n *notices) tell(t Topic) {
	text := n.env.Policy.Notices[t]
	switch t {
	case TopicAllocated, TopicDipSampleAllocated:
		n.values["due"] = n.s.Audit.Due.Due.Long()
	case TopicModeratorAllocated, TopicReturned:
		n.values["due"] = n.s.Moderation.Due.Due.Long()
	case TopicModerated:
		n.values["due"] = n.s.Moderation.CheckDue.Due.Long()
	}
	n.send(t, text, n.recipients(text), "", "")
}

// tellAlso is as tell, and tells some whom no policy has to name.
func (n *notices) tellAlso(t Topic, also ...Recipient) {
	text := n.env.Policy.Notices[t]
	n.send(t, text, distinct(append(n.unrestricted(also, text), n.recipients(text)...), text.Critical), "", "")
}

// alert adds critical notices, which a person must acknowledge.
func (n *notices) alert(t Topic, text Text, name string) {
	text.Critical = true
	n.send(t, text, n.recipients(text), name, "")
}

func (n *notices) send(t Topic, text Text, to []Recipient, alert, step string) {
	if len(to) == 0 {
		return
	}
	words := n.words()
	for _, r := range to {
		n.events = append(n.events, Notified{
			ID:       n.id(t, r, step),
			Topic:    t,
			To:       r,
			Why:      n.why(r, text.Critical),
			Critical: text.Critical,
			Alert:    alert,
			Step:     step,
			Subject:  fill(text.Subject, words),
			Body:     fill(text.Body, words),
			At:       n.c.Head().At,
		})
	}
}

// id derives a notice's id from the command that caused it, so that the same
// command never intends a second.
func (n *notices) id(t Topic, r Recipient, step string) NoticeID {
	parts := []string{string(n.s.Stream), string(commandID(n.s.Stream, n.c)), string(t), string(r.Role), string(r.Person), step}
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return NoticeID(hex.EncodeToString(sum[:12]))
}

// title is a role as people of the council say it.
func (n *notices) title(r audit.Role) string {
	if n.env.Policy == nil {
		return r.Title()
	}
	return n.env.Policy.Audit.Titles.Of(r)
}

func (n *notices) why(r Recipient, critical bool) string {
	w := "as " + n.title(r.Role)
	if r.Role != audit.RoleActionOwner && r.Role != audit.RoleAsker && !r.Role.OfCouncil() {
		w += " of this case"
	}
	if critical {
		w += ", to acknowledge"
	}
	return w
}

// recipients are the holders of the roles that a text names, each person once;
// the role itself where nobody is known to hold it. A critical notice goes to
// every role, whoever holds it, and of a restricted case too.
func (n *notices) recipients(text Text) []Recipient {
	people := n.s.People()
	var to []Recipient
	for _, role := range text.Tell {
		holders := people.Of(role)
		if len(holders) == 0 {
			to = append(to, Recipient{Role: role})
			continue
		}
		for _, p := range holders {
			to = append(to, Recipient{Role: role, Person: p})
		}
	}
	return distinct(n.unrestricted(to, text), text.Critical)
}

// unrestricted leaves, of the line of management of a restricted case, those who
// may be told of it by a notice that is not critical.
func (n *notices) unrestricted(to []Recipient, text Text) []Recipient {
	if !n.s.Audit.Case.Restricted || text.Critical {
		return to
	}
	return slices.DeleteFunc(to, func(r Recipient) bool {
		return r.Role.OfCase() && !slices.Contains(n.s.Audit.Case.Told, r.Person)
	})
}

// distinct keeps one recipient a person, or one a role and person.
func distinct(to []Recipient, byRole bool) []Recipient {
	var kept []Recipient
	for _, r := range to {
		if !slices.ContainsFunc(kept, func(k Recipient) bool {
			return k == r || !byRole && r.Person != "" && k.Person == r.Person
		}) {
			kept = append(kept, r)
		}
	}
	return kept
}

// intents are the notices among events, as a store keeps them.
func intents(s State, events []Event) []Notice {
	var out []Notice
	for _, e := range events {
		if n, ok := e.(Notified); ok {
			out = append(out, Notice{
				ID: n.ID, Stream: s.Stream, Topic: string(n.Topic), To: n.To, Why: n.Why,
				Case: s.Audit.Case.Number, Critical: n.Critical, Subject: n.Subject, Body: n.Body, At: n.At,
			})
		}
	}
	return out
}

// String is the notice in one line, without its body.
func (n Notice) String() string {
	to := n.To.Role.Title()
	if n.To.Person != "" {
		to = fmt.Sprintf("%s (%s)", n.To.Person, to)
	}
	return fmt.Sprintf("to %s: %s", to, n.Subject)
}
