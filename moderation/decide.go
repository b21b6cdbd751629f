package moderation

import (
	"fmt"
	"slices"
	"strings"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/rubric"
)

// Policy is the part of a council's process policy that is about moderation.
type Policy struct {
	Moderation audit.Clock  // from the moderator's allocation
	Check      audit.Clock  // from the moderation's end to the QA check and comments
	Standard   audit.Clock  // from the moderation's end to the expected practice standards
	Kinds      []audit.Kind // the kinds of audit that are moderated
	May        map[string][]audit.Role
}

// Env holds the values that decisions are made by: the audit's own, with the
// audit that is moderated.
type Env struct {
	audit.Env
	Audit      audit.State
	Moderation Policy
}

// Decide says what happens to a moderation if a command is given: the events,
// or an [*audit.Refusal] or [audit.Refusals]. It changes nothing.
func Decide(s State, c Command, env Env) ([]Event, error) {
	people := env.Audit.People
	if s.Moderator != "" {
		people = people.With(audit.RoleModerator, s.Moderator)
	}
	if r := people.Allow(c.Head(), c.Name(), env.Moderation.May); r != nil {
		return nil, r
	}
	if r := s.inPhase(c, env); r != nil {
		return nil, r
	}
	as, _ := people.Standing(c.Head(), env.Moderation.May[c.Name()]...)
	if r := s.separate(c, as, env); r != nil {
		return nil, r
	}
	return c.decide(s, as, env)
}

// separate refuses a command from somebody who acted in another role: who audited
// the file or works with the child does not moderate it, and nobody checks or
// comments on what they did themselves.
func (s State) separate(c Command, as audit.Role, env Env) *audit.Refusal {
	actor, does := c.Head().Actor, "moderate it"
	switch c.(type) {
	case Check, Comment, Settle:
		does = "check it, settle it or comment on it"
		if slices.Contains(s.Moderators(), actor) {
			return refuse(c, "separation.moderator", string(actor)+" moderated this audit and does not "+does, "somebody who did not")
		}
	case Amend, Judge, AddAction, Finalise: // in whatever role a policy lets them
	default:
		if as != audit.RoleModerator {
			return nil
		}
	}
	switch {
	case slices.Contains(env.Audit.Auditors(), actor):
		return refuse(c, "separation.auditor", string(actor)+" audited this file and does not "+does, "somebody who did not")
	case slices.Contains(env.Audit.PeerReviewers(), actor):
		return refuse(c, "separation.peer_reviewer", string(actor)+" judged this file beside its auditor and does not "+does, "somebody who did not")
	case slices.Contains(env.Audit.Practitioners(), actor):
		return refuse(c, "separation.practitioner", string(actor)+" works with this child and does not "+does, "somebody who does not")
	}
	return nil
}

func viewOf(c Command, v View) *audit.Refusal {
	if v == AsAtAudit || v == Now {
		return nil
	}
	return refuse(c, "view", fmt.Sprintf("%q is not a view", v), "as_at_audit or now")
}

func refuse(c Command, rule, message, accept string) *audit.Refusal {
	return &audit.Refusal{Command: c.Name(), Rule: rule, Message: message, Accept: accept}
}

// phases says in which phases each command has its place.
var phases = map[string][]Phase{
	Allocate{}.Name():        {PhaseNone},
	Discuss{}.Name():         {PhaseAllocated},
	Amend{}.Name():           {PhaseAllocated},
	Judge{}.Name():           {PhaseAllocated},
	SeeSuggestion{}.Name():   {PhaseAllocated},
	SeeAuditorGrade{}.Name(): {PhaseAllocated},
	AddAction{}.Name():       {PhaseAllocated},
	Extend{}.Name():          {PhaseAllocated},
	Finalise{}.Name():        {PhaseAllocated},
	Reassign{}.Name():        {PhaseAllocated, PhaseFinalised, PhaseChecked},
	Check{}.Name():           {PhaseFinalised},
	Disagree{}.Name():        {PhaseFinalised, PhaseChecked},
	Settle{}.Name():          {PhaseFinalised, PhaseChecked},
	Comment{}.Name():         {PhaseChecked},
	Reopen{}.Name():          {PhaseFinalised, PhaseChecked, PhaseClosed},
}

// PhasesOf returns the phases in which a command of this package has a place, by its
// name; none for any other name.
func PhasesOf(command string) []Phase { return slices.Clone(phases[command]) }

func (s State) inPhase(c Command, env Env) *audit.Refusal {
	if env.Audit.Phase != audit.PhaseFinalised {
		return refuse(c, "phase", "the audit is not finalised", "it is moderated after that")
	}
	if !slices.Contains(env.Moderation.Kinds, env.Audit.Kind) {
		return refuse(c, "kind", "a "+env.Audit.Kind.Title()+" is not moderated", "")
	}
	allowed := phases[c.Name()]
	if slices.Contains(allowed, s.Phase) {
		return nil
	}
	names := make([]string, len(allowed))
	for i, p := range allowed {
		names[i] = p.title()
	}
	return refuse(c, "phase", "the moderation is "+s.Phase.title(), "this is done when it is "+strings.Join(names, " or "))
}

func (p Phase) title() string {
	if p == PhaseNone {
		return "not allocated yet"
	}
	return string(p)
}

func (c Allocate) decide(_ State, _ audit.Role, env Env) ([]Event, error) {
	if err := mayModerate(c, c.Moderator, env).Err(); err != nil {
		return nil, err
	}
	due, err := env.Moderation.Moderation.Deadline(env.Calendar, c.At)
	if err != nil {
		return nil, err
	}
	return []Event{Allocated{Moderator: c.Moderator, At: c.At, Due: due}}, nil
}

func (c Discuss) decide(_ State, as audit.Role, _ Env) ([]Event, error) {
	if c.HeldOn.IsZero() || c.HeldOn.After(c.On()) {
		return nil, refuse(c, "discussion", "the day of the discussion is missing or still to come", "")
	}
	return []Event{Discussed{By: c.Actor, As: as, HeldOn: c.HeldOn}}, nil
}

func (c AddAction) decide(s State, as audit.Role, env Env) ([]Event, error) {
	others := slices.Concat(env.Audit.Actions, s.Actions)
	if err := audit.CheckAction(c.Name(), c.Header, c.Action, others, env.Env).Err(); err != nil {
		return nil, err
	}
	return []Event{ActionAdded{By: c.Actor, As: as, Action: c.Action}}, nil
}

func (c Amend) decide(s State, as audit.Role, env Env) ([]Event, error) {
	var rs audit.Refusals
	if r := viewOf(c, c.View); r != nil {
		rs = append(rs, r)
	}
	for section, lines := range c.Lines {
		for line := range lines {
			if c.Evidence[section][line].Blank() {
				rs = append(rs, refuse(c, "evidence", "the amended answer "+section+"."+line+" has no evidence", "what was seen"))
			}
		}
	}
	if len(c.Facts)+len(c.Missed)+len(c.NotMissed) > 0 && c.Because.Blank() {
		rs = append(rs, refuse(c, "evidence", "amended facts, or bottom lines that the rubric does not list, have no evidence", "what was seen, in because"))
	}
	slices.SortFunc(rs, func(a, b *audit.Refusal) int { return strings.Compare(a.Message, b.Message) })
	if err := rs.Err(); err != nil {
		return nil, err
	}
	if err := audit.EvidenceOf(c, c.Evidence, env.Rubric); err != nil {
		return nil, err
	}
	if err := audit.NotRecorded(c.Name(), c.NotMissed, s.Answers(env.Audit, c.View).MissedBottomLines); err != nil {
		return nil, err
	}
	e := Amended{
		By: c.Actor, As: as, View: c.View, Facts: c.Facts, Lines: c.Lines, Evidence: c.Evidence,
		Missed: c.Missed, NotMissed: c.NotMissed, Because: c.Because,
	}
	if _, _, err := audit.Grade(Evolve(s, e).Answers(env.Audit, c.View), env.Env); err != nil {
		return nil, err
	}
	return []Event{e}, nil
}

func (c Judge) decide(s State, as audit.Role, env Env) ([]Event, error) {
	rs := audit.CheckJudgement(c.Name(), audit.Overall, c.Grade, c.Rationale, env.Rubric)
	if r := viewOf(c, c.View); r != nil {
		rs = append(rs, r)
	}
	if len(rs) == 0 {
		_, res, err := audit.Grade(s.Answers(env.Audit, c.View), env.Env)
		if err != nil {
			return nil, err
		}
		if r := audit.Above(c.Name(), audit.Overall, c.Grade, res, env.Rubric); r != nil {
			rs = append(rs, r)
		}
	}
	if err := rs.Err(); err != nil {
		return nil, err
	}
	return []Event{Judged{
		By: c.Actor, As: as, View: c.View, Grade: c.Grade, Rationale: c.Rationale, At: c.At,
		SuggestionSeen: c.SuggestionSeen || s.saw(c.Actor, c.View), AuditorSeen: c.AuditorSeen || s.saw(c.Actor, ""),
	}}, nil
}

// decide finalises a moderation that has its discussion, both grades, and says
// what the completed actions did. Both grades are checked against the limits of
// the answers as amended by then.
func (c Finalise) decide(s State, as audit.Role, env Env) ([]Event, error) {
	var rs audit.Refusals
	if len(s.Discussed) == s.Earlier.Discussed {
		rs = append(rs, refuse(c, "discussion", "moderator and auditor have not discussed the file", "the discussion"))
	}
	if c.Impact.Blank() {
		rs = append(rs, refuse(c, "impact", "the impact of the actions completed since the audit is missing", "what they changed, or that none is complete"))
	}
	var now *rubric.Result
	for _, v := range []View{AsAtAudit, Now} {
		j, ok := s.Judgement(v)
		if !ok {
			rs = append(rs, refuse(c, "judgement", "the moderator's grade "+v.Title()+" is missing", ""))
		}
		_, res, err := audit.Grade(s.Answers(env.Audit, v), env.Env)
		if err != nil {
			return nil, err
		}
		if ok {
			if r := audit.Above(c.Name(), audit.Overall, j.Grade, res, env.Rubric); r != nil {
				rs = append(rs, r)
			} else if r := audit.Unsettled(c.Name(), audit.Overall, j.Grade, res, env.Rubric); r != nil {
				rs = append(rs, r)
			}
		}
		now = res
	}
	if err := rs.Err(); err != nil {
		return nil, err
	}
	e := Finalised{By: c.Actor, As: as, At: c.At, Impact: c.Impact, Missed: now.BottomLinesMissed()}
	asAt, _ := s.Judgement(AsAtAudit)
	current, _ := s.Judgement(Now)
	e.AsAtAudit, e.Now = asAt.Grade, current.Grade
	if most, limit := now.MostAllowed(""); limit != nil {
		e.AtMost = most
	}
	var err error
	if e.CheckDue, err = env.Moderation.Check.Deadline(env.Calendar, c.At); err != nil {
		return nil, err
	}
	if e.Standard, err = env.Moderation.Standard.Deadline(env.Calendar, c.At); err != nil {
		return nil, err
	}
	return []Event{e}, nil
}

func (c Comment) decide(s State, _ audit.Role, _ Env) ([]Event, error) {
	var rs audit.Refusals
	if c.Comments.Blank() {
		rs = append(rs, refuse(c, "comments", "the final QA comments are missing", ""))
	}
	if s.Disagreement != nil {
		rs = append(rs, refuse(c, "disagreement", "the auditor disagrees with the moderation", "the disagreement is settled first"))
	}
	if err := rs.Err(); err != nil {
		return nil, err
	}
	return []Event{Commented{By: c.Actor, At: c.At, Comments: c.Comments}}, nil
}

func (c Check) decide(_ State, _ audit.Role, env Env) ([]Event, error) {
	if c.Return.Blank() {
		return []Event{Checked{By: c.Actor}}, nil
	}
	due, err := env.Moderation.Moderation.Deadline(env.Calendar, c.At)
	if err != nil {
		return nil, err
	}
	return []Event{Returned{By: c.Actor, Why: c.Return, Due: due}}, nil
}
