package audit

import (
	"maps"
	"slices"

	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/rubric"
)

// Phase is how far an audit has come.
type Phase string

// The phases of an audit, in order. The empty phase is an audit that does not
// exist.
const (
	PhaseNone      Phase = ""
	PhasePlanned   Phase = "planned"  // a follow-up that waits for its day
	PhaseSelected  Phase = "selected" // chosen and notified
	PhaseStarted   Phase = "started"
	PhaseFinalised Phase = "finalised"
)

// State is an audit as its events tell of it. It is a value: [Evolve] returns a
// new one and leaves the old as it was. Treat what it holds as read-only.
type State struct {
	Phase    Phase
	Kind     Kind
	Case     Case
	People   People
	Origin   *Origin
	Eligible calendar.Deadline
	StartOn  calendar.Date
	Start    calendar.Deadline // of a follow-up: how its day was worked out
	Focus    calendar.Date
	Cycle    string // the stream of the monthly cycle that chose it, if one did
	Theme    string // of a themed audit
	Pins     Pins
	Auditor  PersonID
	Due      calendar.Deadline
	Acted    map[Role][]PersonID // all who acted as auditor, practitioner or peer reviewer, or were the IRM before another, each once

	Formerly  []CaseNumber // numbers that the case had before
	Household []string     // streams of audits of children in the same household

	Reflections []Reflected
	Meetings    []Met
	Facts       map[string]string
	Lines       map[string]map[string]rubric.Answer
	Evidence    map[string]map[string]FreeText
	Missed      []rubric.MissedBottomLine
	Judgements  []Judged // every one, in the order in which they were made
	Seen        []SuggestionSeen
	Feedback    []FeedbackRecorded
	Actions     []Action
	Final       *Finalised
}

// Evolve returns the state after an event. It is total: it never refuses.
func Evolve(s State, e Event) State {
	if e == nil {
		return s
	}
	return e.evolve(s)
}

func (e Selected) evolve(s State) State {
	s.Phase, s.Kind, s.Case, s.People = PhaseSelected, e.Kind, e.Case, e.People
	s.Eligible, s.StartOn, s.Focus = e.Eligible, e.StartOn, e.Focus
	s.Cycle, s.Theme = e.Cycle, e.Theme
	return s
}

func (e Planned) evolve(s State) State {
	s.Phase, s.Kind, s.Case, s.People = PhasePlanned, e.Kind, e.Case, e.People
	s.Origin, s.Start, s.StartOn, s.Focus = &e.Origin, e.Start, e.Start.Due, e.Focus
	return s
}

func (e Started) evolve(s State) State {
	s.Phase, s.Auditor, s.Pins, s.Due = PhaseStarted, e.Auditor, e.Pins, e.Due
	s.People = s.People.With(RoleAuditor, e.Auditor)
	if e.Origin != nil {
		s.Origin = e.Origin
	}
	if e.PeerReviewer != "" {
		s.People = s.People.With(RolePeerReviewer, e.PeerReviewer)
		s = s.acted(RolePeerReviewer, e.PeerReviewer)
	}
	return s.acted(RoleAuditor, e.Auditor)
}

func (e Reflected) evolve(s State) State {
	s.Reflections = append(slices.Clip(s.Reflections), e)
	return s.acted(RolePractitioner, e.By)
}

func (e Met) evolve(s State) State {
	s.Meetings = append(slices.Clip(s.Meetings), e)
	return s.acted(e.As, e.By)
}

func (e Answered) evolve(s State) State {
	s.Facts = overlay(s.Facts, e.Facts)
	s.Lines = overlayEach(s.Lines, e.Lines)
	s.Evidence = overlayEach(s.Evidence, e.Evidence)
	s.Missed = slices.Concat(without(s.Missed, e.NotMissed), e.Missed)
	return s.acted(e.As, e.By)
}

func (e Judged) evolve(s State) State {
	s.Judgements = append(slices.Clip(s.Judgements), e)
	return s.acted(e.As, e.By)
}

func (e FeedbackRecorded) evolve(s State) State {
	s.Feedback = append(slices.Clip(s.Feedback), e)
	return s.acted(e.As, e.By)
}

func (e ActionAdded) evolve(s State) State {
	s.Actions = append(slices.Clip(s.Actions), e.Action)
	return s.acted(e.As, e.By)
}

func (e Finalised) evolve(s State) State {
	s.Phase, s.Final = PhaseFinalised, &e
	return s.acted(e.As, e.By)
}

// without returns what is recorded but for what is taken back.
func without(recorded, back []rubric.MissedBottomLine) []rubric.MissedBottomLine {
	if len(back) == 0 {
		return recorded
	}
	return slices.DeleteFunc(slices.Clone(recorded), func(m rubric.MissedBottomLine) bool { return slices.Contains(back, m) })
}

// overlay returns base with the entries of top laid over it; an empty value
// takes an entry away.
func overlay[V ~string](base, top map[string]V) map[string]V {
	if len(top) == 0 {
		return base
	}
	out := maps.Clone(base)
	if out == nil {
		out = make(map[string]V, len(top))
	}
	for k, v := range top {
		if v == "" {
			delete(out, k)
		} else {
			out[k] = v
		}
	}
	return out
}

// overlayEach is overlay for each section.
func overlayEach[V ~string](base, top map[string]map[string]V) map[string]map[string]V {
	if len(top) == 0 {
		return base
	}
	out := maps.Clone(base)
	if out == nil {
		out = make(map[string]map[string]V, len(top))
	}
	for section, entries := range top {
		out[section] = overlay(out[section], entries)
	}
	return out
}

// Judgement returns the latest judgement that a role gave of a section (or of
// the file: [Overall]).
func (s State) Judgement(as Role, section string) (Judged, bool) {
	for _, j := range slices.Backward(s.Judgements) {
		if j.As == as && j.Section == section {
			return j, true
		}
	}
	return Judged{}, false
}

// Answers returns the answers as the rubric reads them, with the auditor's
// judgements of the sections.
func (s State) Answers() rubric.Answers {
	a := rubric.Answers{
		Service:           s.Case.Service,
		Status:            s.Case.Status,
		Facts:             s.Facts,
		Lines:             s.Lines,
		MissedBottomLines: s.Missed,
		Judgements:        map[string]rubric.Grade{},
	}
	for _, j := range s.Judgements {
		if j.As == RoleAuditor && j.Section != Overall {
			a.Judgements[j.Section] = j.Grade
		}
	}
	if s.Origin != nil {
		a.Carried = s.Origin.Fixed
	}
	return a
}

// Grade works out what the rubric says of the answers so far.
func (s State) Grade(env Env) (*rubric.Form, *rubric.Result, error) {
	return Grade(s.Answers(), env)
}

// Grade works out what the rubric says of some answers.
func Grade(a rubric.Answers, env Env) (*rubric.Form, *rubric.Result, error) {
	form, err := env.Rubric.Form(a, env.Calendar)
	if err != nil {
		return nil, nil, err
	}
	return form, form.Grade(), nil
}

// HeardFrom reports whether feedback of a source is recorded.
func (s State) HeardFrom(source string) bool {
	return slices.ContainsFunc(s.Feedback, func(f FeedbackRecorded) bool { return f.Feedback.Source == source })
}

// ReAudit reports whether the audit looks again at a file found Inadequate.
func (s State) ReAudit() bool { return s.Kind == DeepDive && s.Origin != nil }
