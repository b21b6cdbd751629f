package loop

import (
	"slices"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/moderation"
)

// An audit of a kind that is not moderated ends with its first stage: its tracker is due
// then, and its loop closes once its actions are done (our reading; the framework says
// what follows a moderation only).

// unmoderated reports whether a finalised audit has no moderation to come.
func (s State) unmoderated(env Env) bool {
	return s.Audit.Phase == audit.PhaseFinalised && s.Moderation.Phase == moderation.PhaseNone &&
		!slices.Contains(env.Policy.Moderation.Kinds, s.Audit.Kind)
}

// found reports whether all stages of an audit have found what they find, so that the
// tracker holds every action.
func (s State) found(env Env) bool {
	return s.unmoderated(env) || s.Moderation.Final != nil && !s.Moderation.Anew
}

// trackerDue adds the tracker's clock to what the end of an audit leads to.
func (s State) trackerDue(events []Event, f audit.Finalised, env Env) ([]Event, error) {
	due, err := env.Policy.Tracker.Deadline(env.Calendar, f.At)
	return append(events, TrackerDue{Due: due}), err
}
