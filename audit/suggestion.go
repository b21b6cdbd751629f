package audit

import (
	"slices"
	"time"
)

// SeeSuggestion records that a person is shown what the rubric suggests for a
// section, or for the file ([Overall]). By policy they judge first ("the machine
// proposes, people judge"; our reading).
type SeeSuggestion struct {
	Header
	Section string `json:"section"`
}

// SuggestionSeen says that somebody was shown a suggestion.
type SuggestionSeen struct {
	By      PersonID  `json:"by"`
	As      Role      `json:"as"`
	At      time.Time `json:"at"`
	Section string    `json:"section"`
}

// TypeSuggestionSeen is the event's name, as stored. It never changes.
const TypeSuggestionSeen = "audit.suggestion_seen"

func (SeeSuggestion) Name() string  { return "see_suggestion" }
func (SuggestionSeen) Type() string { return TypeSuggestionSeen }

func (c SeeSuggestion) decide(s State, env Env) ([]Event, error) {
	if !env.Rubric.HasSection(c.Section) && c.Section != Overall {
		return nil, refuse(c, "section", "the rubric has no section "+c.Section, "")
	}
	if env.Policy.JudgeFirst && !s.judged(c.Actor, c.Section) {
		return nil, refuse(c, "judge_first", string(c.Actor)+" has not judged "+c.Section, "a judgement of one's own comes before the suggestion")
	}
	return []Event{SuggestionSeen{By: c.Actor, As: s.standing(c, env.Policy.May), At: c.At, Section: c.Section}}, nil
}

func (e SuggestionSeen) evolve(s State) State {
	s.Seen = append(slices.Clip(s.Seen), e)
	return s.acted(e.As, e.By)
}

// saw reports whether a person was shown the suggestion for a section.
func (s State) saw(who PersonID, section string) bool {
	return slices.ContainsFunc(s.Seen, func(e SuggestionSeen) bool { return e.By == who && e.Section == section })
}
