package loop

import (
	"fmt"
	"slices"
	"time"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/calendar"
)

// AskAdvice asks the QA Manager for advice, "at any stage" (QA framework, Roles &
// Responsibilities).
type AskAdvice struct {
	audit.Header
	Question audit.FreeText `json:"question"`
}

// GiveAdvice gives advice, on a question asked or without one.
type GiveAdvice struct {
	audit.Header
	Question int            `json:"question,omitempty"` // its number, from 1; 0 if nobody asked
	Advice   audit.FreeText `json:"advice"`
}

// AdviceAsked holds a question.
type AdviceAsked struct {
	By       audit.PersonID `json:"by"`
	At       time.Time      `json:"at"`
	Question audit.FreeText `json:"question"`
}

// AdviceGiven holds advice.
type AdviceGiven struct {
	By       audit.PersonID `json:"by"`
	At       time.Time      `json:"at"`
	Question int            `json:"question,omitempty"`
	Advice   audit.FreeText `json:"advice"`
}

// ReflectInSupervision records how the impact of an action was reflected upon in
// supervision (QA framework: "impact of the actions … reflected upon in
// supervision"). It can be after the loop is closed.
type ReflectInSupervision struct {
	audit.Header
	Action     string         `json:"action"`
	HeldOn     calendar.Date  `json:"held_on"`
	With       audit.PersonID `json:"with"` // the other of supervisor and supervised
	Reflection audit.FreeText `json:"reflection"`
}

// ReflectedInSupervision holds a reflection upon an action.
type ReflectedInSupervision struct {
	Action     string         `json:"action"`
	By         audit.PersonID `json:"by"`
	At         time.Time      `json:"at"`
	HeldOn     calendar.Date  `json:"held_on"`
	With       audit.PersonID `json:"with"`
	Reflection audit.FreeText `json:"reflection"`
}

// Names of these events, as stored. They never change.
const (
	TypeAdviceAsked            = "loop.advice_asked"
	TypeAdviceGiven            = "loop.advice_given"
	TypeReflectedInSupervision = "loop.reflected_in_supervision"
)

// Name implements [Command].
func (AskAdvice) Name() string            { return "ask_advice" }
func (GiveAdvice) Name() string           { return "give_advice" }
func (ReflectInSupervision) Name() string { return "reflect_in_supervision" }

// Type implements [Event].
func (AdviceAsked) Type() string            { return TypeAdviceAsked }
func (AdviceGiven) Type() string            { return TypeAdviceGiven }
func (ReflectedInSupervision) Type() string { return TypeReflectedInSupervision }

func (c AskAdvice) decide(s State, env Env) ([]Event, error) {
	if c.Question.Blank() {
		return nil, refuse(c, "question", "the question says nothing", "")
	}
	n := newNotices(s, c, env)
	n.tell(TopicAdviceAsked)
	return append([]Event{AdviceAsked{By: c.Actor, At: c.At, Question: c.Question}}, n.events...), nil
}

func (c GiveAdvice) decide(s State, env Env) ([]Event, error) {
	var rs audit.Refusals
	if c.Question < 0 || c.Question > len(s.Asked) {
		rs = append(rs, refuse(c, "question", fmt.Sprintf("there is no question %d", c.Question), fmt.Sprintf("1 to %d, or 0 for advice that nobody asked for", len(s.Asked))))
	}
	if c.Advice.Blank() {
		rs = append(rs, refuse(c, "advice", "the advice says nothing", ""))
	}
	if err := rs.Err(); err != nil {
		return nil, err
	}
	n := newNotices(s, c, env)
	if c.Question > 0 {
		n.tellAlso(TopicAdviceGiven, Recipient{Role: audit.RoleAsker, Person: s.Asked[c.Question-1].By})
	} else {
		n.tell(TopicAdviceGiven)
	}
	return append([]Event{AdviceGiven{By: c.Actor, At: c.At, Question: c.Question, Advice: c.Advice}}, n.events...), nil
}

func (c ReflectInSupervision) decide(s State, _ Env) ([]Event, error) {
	if _, ok := s.tracked(c.Action); !ok {
		return nil, unknownAction(s, c, c.Action)
	}
	var rs audit.Refusals
	if c.HeldOn.IsZero() || c.HeldOn.After(c.On()) {
		rs = append(rs, refuse(c, "supervision", "the day of the supervision is missing or still to come", ""))
	}
	if c.With == "" || c.With == c.Actor {
		rs = append(rs, refuse(c, "supervision", "supervision is between two people", "the other of supervisor and supervised"))
	}
	if c.Reflection.Blank() {
		rs = append(rs, refuse(c, "supervision", "the reflection says nothing", "what difference the action made"))
	}
	if err := rs.Err(); err != nil {
		return nil, err
	}
	return []Event{ReflectedInSupervision{Action: c.Action, By: c.Actor, At: c.At, HeldOn: c.HeldOn, With: c.With, Reflection: c.Reflection}}, nil
}

func (t *Tracked) reflect(e ReflectedInSupervision) {
	t.Reflections = append(slices.Clip(t.Reflections), e)
}
