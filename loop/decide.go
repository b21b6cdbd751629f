package loop

import (
	"fmt"
	"slices"
	"strings"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/cycle"
	"github.com/practiceaudit/practiceaudit/moderation"
	"github.com/practiceaudit/practiceaudit/rubric"
)

// Env holds the values that decisions are made by. Once an audit has started
// they must be those it was pinned to, see [PinError].
type Env struct {
	Rubric   *rubric.Rubric
	Calendar *calendar.Calendar
	Policy   *Policy

	// Origin is the audit that caused the one to be decided. It is needed for
	// the start of a re-audit or a dip sample, which carries what both its
	// stages found; an [Engine] sees to it.
	Origin *State

	// Next is what a migration moves an audit to: its rubric, policy and calendar, as
	// far as they are there. Only [Migrate] and [DryRun] need it; an [Engine] gives its
	// own.
	Next *Env
}

// PinError says that an Env is not what the audit was pinned to when it started.
type PinError struct {
	What   string // "rubric", "process policy" or "calendar"
	Pinned string
	Given  string
}

func (e *PinError) Error() string {
	return fmt.Sprintf("this audit runs by %s %s, not by %s", e.What, e.Pinned, e.Given)
}

// check refuses an env that a stream is not pinned to.
func (e Env) check(s State) error {
	if e.Rubric == nil || e.Calendar == nil || e.Policy == nil {
		return fmt.Errorf("a rubric, a calendar and a process policy are needed to decide")
	}
	pins := s.Audit.Pins
	if pins.Policy == "" {
		return nil
	}
	given := e.audit().Pins()
	switch {
	case pins.Rubric.Digest != given.Rubric.Digest:
		return &PinError{"rubric", pins.Rubric.Digest, given.Rubric.Digest}
	case pins.Policy != given.Policy:
		return &PinError{"process policy", pins.Policy, given.Policy}
	case pins.Calendar != given.Calendar:
		return &PinError{"calendar", pins.Calendar.String(), given.Calendar.String()}
	}
	return nil
}

func (e Env) audit() audit.Env {
	return audit.Env{Rubric: e.Rubric, Calendar: e.Calendar, Policy: e.Policy.Audit, PolicyDigest: string(e.Policy.digest)}
}

// Decide says what happens if a command is given: the events, or an error that
// says why it may not happen. It changes nothing. A wake-up that has nothing
// left to do has no events.
func Decide(s State, c Command, env Env) ([]Event, error) {
	events, err := decideGiven(s, c, env)
	if err != nil && env.Policy != nil && env.Policy.Audit.Titles != nil {
		err = entitled(err, env.Policy.Audit.Titles)
	}
	return events, err
}

// entitled has the refusals of an error say the roles as the council does.
func entitled(err error, titles audit.Titles) error {
	for _, r := range audit.RefusalsOf(err) {
		r.Titles = titles
	}
	return err
}

func decideGiven(s State, c Command, env Env) ([]Event, error) {
	c, err := given(c)
	if err != nil {
		return nil, err
	}
	if c, ok := c.(RaiseConcern); ok {
		return c.decide(s, env), nil
	}
	if err := complete(c); err != nil {
		return nil, err
	}
	switch c := c.(type) { // what is not known of the history or its pins is in neither's way
	case Acknowledge:
		return c.decide(s)
	case WakeUp:
		if c.climbs(s, env) {
			return c.decide(s, env)
		}
	}
	if s.Newer {
		return nil, ErrNewerHistory
	}
	if err := env.check(s); err != nil {
		return nil, err
	}
	if saw := c.Head().Saw; saw != 0 && Version(saw) != s.Version {
		return nil, &ConflictError{Stream: s.Stream, Expected: Version(saw), Actual: s.Version}
	}
	if err := inOrder(s, c); err != nil {
		return nil, err
	}
	if err := s.ended(c); err != nil {
		return nil, err
	}
	if err := s.contact(c); err != nil {
		return nil, err
	}
	if c, ok := c.(cycle.Command); ok {
		return decideCycle(s, c, env)
	}
	if _, wake := c.(WakeUp); s.Cycle.Exists() && !wake {
		return nil, refuse(c, "phase", "this stream is a monthly cycle, not an audit", "the stream of one of its files")
	}
	switch c := c.(type) {
	case audit.Command:
		return decideAudit(s, c, env)
	case moderation.Command:
		return decideModeration(s, c, env)
	case WakeUp:
		return c.decide(s, env)
	}
	if s.Audit.Phase == audit.PhaseNone {
		return nil, refuse(c, "phase", "there is no such audit", "a file is selected first")
	}
	if r := s.People().Allow(c.Head(), c.Name(), env.Policy.May); r != nil && !ownAction(s, c) {
		return nil, r
	}
	if c, ok := c.(decider); ok {
		return c.decide(s, env)
	}
	return nil, refuse(c, "command", "this is not a command of the loop", "")
}

// decider is a command of this package that is given to an audit.
type decider interface {
	decide(s State, env Env) ([]Event, error)
}

// complete refuses a command that does not say who gives it, when, or under
// which id.
func complete(c Command) error {
	var rs audit.Refusals
	h := c.Head()
	for _, missing := range []struct {
		is   bool
		what string
	}{
		{h.ID == "", "its id"},
		{h.At.IsZero(), "the time"},
		{h.Actor == "", "who gives it"},
	} {
		if missing.is {
			rs = append(rs, refuse(c, "header", "the command does not say "+missing.what, ""))
		}
	}
	return rs.Err()
}

func refuse(c Command, rule, message, accept string) *audit.Refusal {
	return &audit.Refusal{Command: c.Name(), Rule: rule, Message: message, Accept: accept}
}

// ownAction reports whether a command completes an action by its owner.
func ownAction(s State, c Command) bool {
	done, ok := c.(CompleteAction)
	if !ok {
		return false
	}
	t, ok := s.tracked(done.Action)
	return ok && t.Owner == done.Actor
}

// decide never refuses. Where nobody is known to hold a role, the notice goes
// to the role; where there is no policy, to those whom the framework names.
func (c RaiseConcern) decide(s State, env Env) []Event {
	raised := ConcernRaised{By: c.Actor, At: c.At, Concern: c.Concern, OtherChildren: c.OtherChildren}
	text, ok := Text{}, false
	if env.Policy != nil {
		text, ok = env.Policy.Notices[TopicConcern]
	}
	if !ok {
		text = ConcernText
	}
	n := newNotices(s, c, env)
	n.alert(TopicConcern, text, fmt.Sprintf("concern-%d", len(s.Concerns)+1))
	return append([]Event{raised}, n.events...)
}

// ConcernText is how an immediate concern is told where no process policy can
// say it.
var ConcernText = Text{
	Tell:     []audit.Role{audit.RoleDivisionalManager, audit.RoleTeamManager, audit.RoleDirector},
	Critical: true,
	Subject:  "Immediate concern: case {case}",
	Body: "An immediate concern for a child's safety was raised on case {case} (reference {reference}). " +
		"Safeguarding procedures come first: follow them now. " +
		"Consider the other children in the household. Acknowledge this notice.",
}

// decide of an acknowledgement takes it from whoever was told, or holds the
// role that was told.
func (c Acknowledge) decide(s State) ([]Event, error) {
	i := slices.IndexFunc(s.Notices, func(n Notified) bool { return n.ID == c.Notice })
	if i < 0 || !s.Notices[i].Critical {
		return nil, refuse(c, "notice", "there is no critical notice of this id", "")
	}
	n := s.Notices[i]
	_, holds := s.People().Standing(c.Header, n.To.Role)
	if c.Actor != n.To.Person && !holds {
		return nil, &audit.Refusal{Command: c.Name(), Rule: "notice", Message: string(c.Actor) + " was not told by this notice", Roles: []audit.Role{n.To.Role}, People: s.People().Of(n.To.Role)}
	}
	if s.Acknowledged(c.Notice) {
		return nil, nil
	}
	return []Event{Acknowledged{Notice: c.Notice, By: c.Actor, At: c.At}}, nil
}

func (c RecordPlan) decide(s State, env Env) ([]Event, error) {
	if c.Plan.Blank() {
		return nil, refuse(c, "plan", "the plan says nothing", "what keeps the child safe, by whom and by when")
	}
	n := newNotices(s, c, env)
	if s.inadequate() {
		n.tell(TopicPlanRecorded)
	}
	return append([]Event{PlanRecorded{By: c.Actor, At: c.At, Plan: c.Plan}}, n.events...), nil
}

func (c SendTracker) decide(s State, env Env) ([]Event, error) {
	if !s.found(env) {
		return nil, refuse(c, "phase", "the moderation is not complete", "the tracker holds the actions of both stages")
	}
	n := newNotices(s, c, env)
	n.tell(TopicTracker)
	return append([]Event{TrackerSent{By: c.Actor, At: c.At}}, n.events...), nil
}

func (c CompleteAction) decide(s State, _ Env) ([]Event, error) {
	t, ok := s.tracked(c.Action)
	switch {
	case !ok:
		return nil, unknownAction(s, c, c.Action)
	case s.Closed != nil:
		return nil, refuse(c, "phase", "the loop is closed", "")
	case t.Completed != nil:
		return nil, refuse(c, "action", fmt.Sprintf("action %s is complete already", c.Action), "")
	case c.Evidence.Blank():
		return nil, refuse(c, "evidence", fmt.Sprintf("nothing shows that action %s is complete", c.Action), "the evidence")
	}
	return []Event{ActionCompleted{Action: c.Action, By: c.Actor, At: c.At, Evidence: c.Evidence}}, nil
}

func unknownAction(s State, c Command, id string) *audit.Refusal {
	ids := make([]string, len(s.Tracker))
	for i, t := range s.Tracker {
		ids[i] = t.ID
	}
	return refuse(c, "action", fmt.Sprintf("the tracker has no action %q", id), "one of "+strings.Join(ids, ", "))
}

func (c ConfirmAction) decide(s State, env Env) ([]Event, error) {
	t, ok := s.tracked(c.Action)
	switch {
	case !ok:
		return nil, unknownAction(s, c, c.Action)
	case t.Completed == nil:
		return nil, refuse(c, "action", fmt.Sprintf("action %s is not complete", c.Action), "it is completed first")
	case t.Confirmed != nil:
		return nil, refuse(c, "action", fmt.Sprintf("action %s is confirmed already", c.Action), "")
	case slices.Contains(s.Moderation.Moderators(), c.Actor):
		return nil, refuse(c, "separation.moderator", string(c.Actor)+" moderated this audit", "somebody who did not confirms its actions")
	case t.Completed.By == c.Actor:
		return nil, refuse(c, "separation.completed", string(c.Actor)+" completed this action", "somebody else confirms it")
	}
	confirmed := ActionConfirmed{Action: c.Action, By: c.Actor, At: c.At}
	events := []Event{confirmed}
	if after := Evolve(s, confirmed); len(after.open()) == 0 && s.found(env) {
		n := newNotices(s, c, env)
		n.tell(TopicActionsConfirmed)
		events = append(events, n.events...)
	}
	return events, nil
}

// open are the actions that are not complete and confirmed.
func (s State) open() []string {
	var ids []string
	for _, t := range s.Tracker {
		if t.Confirmed == nil {
			ids = append(ids, t.ID)
		}
	}
	return ids
}

func (c AgreeDate) decide(s State, _ Env) ([]Event, error) {
	var rs audit.Refusals
	t, ok := s.tracked(c.Action)
	if !ok {
		return nil, unknownAction(s, c, c.Action)
	}
	if t.Completed != nil {
		rs = append(rs, refuse(c, "action", fmt.Sprintf("action %s is complete already", c.Action), ""))
	}
	if c.Due.Before(c.On()) {
		rs = append(rs, refuse(c, "date", "the agreed date is missing or past", "a date from "+c.On().String()+" on"))
	}
	rs = append(rs, audit.CheckAgreed(c.Name(), "agreed", c.Header, c.With, c.Because)...)
	if err := rs.Err(); err != nil {
		return nil, err
	}
	return []Event{DateAgreed{Action: c.Action, Due: c.Due, By: c.Actor, With: c.With, Because: c.Because, At: c.At}}, nil
}

// decide closes the loop (QA framework, Divisional Managers: "when all
// identified actions have been completed and the case now reflects the expected
// practice standards").
func (c CloseLoop) decide(s State, env Env) ([]Event, error) {
	var rs audit.Refusals
	if s.Moderation.Phase != moderation.PhaseClosed && !s.unmoderated(env) {
		rs = append(rs, refuse(c, "phase", "the audit is not moderated and closed", "the moderation, its check and the final QA comments"))
	}
	if s.Closed != nil {
		rs = append(rs, refuse(c, "phase", "the loop is closed already", ""))
	}
	if slices.Contains(s.Moderation.Moderators(), c.Actor) {
		rs = append(rs, refuse(c, "separation.moderator", string(c.Actor)+" moderated this audit", "a Divisional Manager or deputy who did not"))
	}
	if open := s.open(); len(open) > 0 {
		rs = append(rs, refuse(c, "actions", "not complete and confirmed: "+strings.Join(open, ", "), "every action is"))
	}
	if c.Standard.Blank() {
		rs = append(rs, refuse(c, "standard", "it is not said how the case now reflects the expected practice standards", ""))
	}
	if err := rs.Err(); err != nil {
		return nil, err
	}
	n := newNotices(s, c, env)
	n.tell(TopicLoopClosed)
	return append([]Event{LoopClosed{By: c.Actor, At: c.At, Standard: c.Standard}}, n.events...), nil
}

func (c ReviewDipSample) decide(s State, env Env) ([]Event, error) {
	var rs audit.Refusals
	if s.Audit.Kind != audit.DipSample || s.Audit.Phase != audit.PhaseStarted {
		rs = append(rs, refuse(c, "phase", "this is not a dip sample that was started", ""))
	}
	if s.Sample != nil {
		rs = append(rs, refuse(c, "phase", "the dip sample is done already", ""))
	}
	if c.Impact.Blank() {
		rs = append(rs, refuse(c, "impact", "it is not said what difference the audit made", ""))
	}
	var carried []audit.Action
	if s.Audit.Origin != nil {
		carried = s.Audit.Origin.Carried
	}
	for _, a := range carried {
		if h := c.Held[a.ID]; h != HeldYes && h != HeldPartly && h != HeldNo {
			rs = append(rs, refuse(c, "held", fmt.Sprintf("it is not said whether action %s held", a.ID), "yes, partly or no"))
		}
	}
	for id := range c.Held {
		if !slices.ContainsFunc(carried, func(a audit.Action) bool { return a.ID == id }) {
			rs = append(rs, refuse(c, "held", fmt.Sprintf("the audit had no action %q", id), ""))
		}
	}
	if err := rs.Err(); err != nil {
		return nil, err
	}
	n := newNotices(s, c, env)
	n.tell(TopicDipSampled)
	return append([]Event{DipSampled{By: c.Actor, At: c.At, Held: c.Held, Impact: c.Impact, GoodPractice: c.GoodPractice}}, n.events...), nil
}
