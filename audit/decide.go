package audit

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/rubric"
)

// Decide says what happens to an audit if a command is given: the events, or a
// [*Refusal] or [Refusals] saying why it may not happen. It changes nothing.
func Decide(s State, c Command, env Env) ([]Event, error) {
	if plan, ok := c.(Plan); ok {
		return plan.decide(s, env)
	}
	if r := s.People.Allow(c.Head(), c.Name(), env.Policy.May); r != nil {
		if sel, ok := c.(Select); ok { // who names people does not thereby give them, or himself, a role
			r.People = slices.DeleteFunc(sel.People.holding(sel.On(), r.Roles...), func(p PersonID) bool { return p == sel.Actor })
			r.Accept = "a role of the council, as the sign-in vouches for it"
		}
		return nil, r
	}
	if r := s.inPhase(c); r != nil {
		return nil, r
	}
	if r := s.separate(c, env.Policy.May); r != nil {
		return nil, r
	}
	return c.decide(s, env)
}

func refuse(c Command, rule, message, accept string) *Refusal {
	return &Refusal{Command: c.Name(), Rule: rule, Message: message, Accept: accept}
}

// phases says in which phases each command has a place.
var phases = map[string][]Phase{
	Select{}.Name():         {PhaseNone},
	Start{}.Name():          {PhaseSelected, PhasePlanned},
	Reflect{}.Name():        {PhaseStarted},
	Meet{}.Name():           {PhaseStarted},
	Answer{}.Name():         {PhaseStarted},
	Judge{}.Name():          {PhaseStarted},
	RecordFeedback{}.Name(): {PhaseStarted, PhaseFinalised},
	AddAction{}.Name():      {PhaseStarted},
	Finalise{}.Name():       {PhaseStarted},
	SeeSuggestion{}.Name():  {PhaseStarted},
	Extend{}.Name():         {PhaseStarted},
	Correct{}.Name():        {PhaseFinalised},
	Reopen{}.Name():         {PhaseFinalised},
	CorrectCase{}.Name():    {PhaseSelected, PhasePlanned, PhaseStarted},
	Reassign{}.Name():       {PhaseSelected, PhasePlanned, PhaseStarted, PhaseFinalised},
	AppointDeputy{}.Name():  {PhaseSelected, PhasePlanned, PhaseStarted, PhaseFinalised},
	Restrict{}.Name():       {PhaseSelected, PhasePlanned, PhaseStarted, PhaseFinalised},
	LinkHousehold{}.Name():  {PhaseSelected, PhasePlanned, PhaseStarted, PhaseFinalised},
	Renumber{}.Name():       {PhaseSelected, PhasePlanned, PhaseStarted, PhaseFinalised},
}

// PhasesOf returns the phases in which a command of this package has a place, by its
// name; none for any other name.
func PhasesOf(command string) []Phase { return slices.Clone(phases[command]) }

func (s State) inPhase(c Command) *Refusal {
	switch c.(type) {
	case Reflect, Meet, Answer, Judge, RecordFeedback, AddAction, Finalise, SeeSuggestion:
		if s.Kind == DipSample {
			return refuse(c, "kind", "a dip sample is not audited again: nothing in it is answered, judged or finalised", "its review (review_dip_sample), which says whether each action held and what difference the audit made")
		}
	}
	allowed := phases[c.Name()]
	if slices.Contains(allowed, s.Phase) {
		return nil
	}
	names := make([]string, len(allowed))
	for i, p := range allowed {
		names[i] = p.title()
	}
	return refuse(c, "phase", "the audit is "+s.Phase.title(), "this is done when it is "+strings.Join(names, " or "))
}

func (p Phase) title() string {
	if p == PhaseNone {
		return "not there yet"
	}
	return string(p)
}

func (c Select) decide(s State, env Env) ([]Event, error) {
	var rs Refusals
	if c.Case.Number == "" {
		rs = append(rs, refuse(c, "case", "the case number is missing", ""))
	}
	if kinds := env.Policy.selectable(); !slices.Contains(kinds, c.Kind) {
		rs = append(rs, refuse(c, "kind", fmt.Sprintf("no such kind of audit: %q", c.Kind), fmt.Sprintf("one of %v", kinds)))
	}
	rs = append(rs, unknown(c, c.Case, env.Rubric)...)
	eligible, r := c.Kind.eligible(c.Case, c.On(), env)
	if r != nil {
		rs = append(rs, r)
	}
	if err := rs.Err(); err != nil {
		return nil, err
	}
	start, err := c.Kind.starts(c.On(), env)
	if err != nil {
		return nil, err
	}
	return []Event{Selected{
		Kind: c.Kind, Case: c.Case, People: c.People, On: c.On(),
		Eligible: eligible, StartOn: start, Focus: env.Policy.focus(start),
	}}, nil
}

// unknown refuses a service or status that the rubric does not tell apart: later, no
// answer could be graded.
func unknown(c Command, file Case, r *rubric.Rubric) (rs Refusals) {
	_, err := r.Form(rubric.Answers{Service: file.Service, Status: file.Status}, nil)
	var wrong *rubric.AnswerErrors
	if errors.As(err, &wrong) {
		for _, e := range wrong.Errors {
			accept := "one that the rubric names"
			if e.Did != "" {
				accept = e.Did
			}
			rs = append(rs, refuse(c, "case", e.Message, accept))
		}
	}
	return rs
}

// Eligible says from when a file may be chosen for audit, and refuses one that
// may not be on the given London date (QA framework: "open for a minimum of
// four weeks").
func Eligible(c Case, on calendar.Date, env Env) (calendar.Deadline, *Refusal) {
	refusal := func(message, accept string) *Refusal {
		return &Refusal{Command: Select{}.Name(), Rule: "eligible", Message: message, Accept: accept}
	}
	if c.OpenedOn.IsZero() {
		return calendar.Deadline{}, refusal("it is not known since when case "+string(c.Number)+" is open", "give the date it was opened on")
	}
	if c.OpenedOn.After(on) {
		return calendar.Deadline{}, refusal(fmt.Sprintf("case %s is opened on %s, which is still to come", c.Number, c.OpenedOn), "")
	}
	from, err := env.Calendar.DeadlineFrom(c.OpenedOn, env.Policy.OpenFor, calendar.NoRoll)
	if err != nil {
		return from, refusal(err.Error(), "")
	}
	if on.Before(from.Due) {
		return from, refusal(fmt.Sprintf("case %s has not been open for %s", c.Number, env.Policy.OpenFor), "it can be chosen from "+from.Due.Long())
	}
	return from, nil
}

// NextStart is the next day on which audits start, on or after a date (QA
// framework: "the 7th of each month"; our reading: or the next working day).
func NextStart(on calendar.Date, env Env) (calendar.Date, error) {
	year, month := on.Year(), on.Month()
	start, err := env.Calendar.MonthlyDay(year, month, env.Policy.StartDay, env.Policy.StartRoll)
	if err != nil || !start.Before(on) {
		return start, err
	}
	next := on.AddDays(1 - on.Day()).AddMonths(1)
	return env.Calendar.MonthlyDay(next.Year(), next.Month(), env.Policy.StartDay, env.Policy.StartRoll)
}

// focus is the day since which an audit looks especially at.
func (p Policy) focus(start calendar.Date) calendar.Date {
	switch p.Focus.Unit() {
	case calendar.Months:
		return start.AddMonths(-p.Focus.N())
	case calendar.Weeks:
		return start.AddDays(-7 * p.Focus.N())
	}
	return start.AddDays(-p.Focus.N())
}

func (c Plan) decide(s State, env Env) ([]Event, error) {
	if s.Phase != PhaseNone {
		return nil, refuse(c, "phase", "this follow-up is there already", "")
	}
	return []Event{Planned{
		Kind: c.Kind, Case: c.Case, People: c.People, Origin: c.Origin,
		Start: c.Start, Focus: c.Start.Start,
	}}, nil
}

func (c Start) decide(s State, env Env) ([]Event, error) {
	var rs Refusals
	if c.Auditor == "" {
		rs = append(rs, refuse(c, "auditor", "no auditor is named", ""))
	}
	rs = append(rs, s.apart(c, RoleAuditor, []PersonID{c.Auditor})...)
	rs = append(rs, c.peer(s, env)...)
	if c.On().Before(s.StartOn) {
		rs = append(rs, refuse(c, "start", "it is too early", "this audit starts on "+s.StartOn.Long()))
	}
	if err := rs.Err(); err != nil {
		return nil, err
	}
	due, err := env.Policy.Audit.Deadline(env.Calendar, c.At)
	if err != nil {
		return nil, err
	}
	return []Event{Started{Auditor: c.Auditor, PeerReviewer: c.PeerReviewer, At: c.At, Pins: env.Pins(), Due: due, Origin: env.Origin}}, nil
}

func (c Reflect) decide(s State, env Env) ([]Event, error) {
	var rs Refusals
	for _, q := range env.Policy.Reflection {
		if strings.TrimSpace(string(c.Answers[q.ID])) == "" {
			rs = append(rs, refuse(c, "reflection", fmt.Sprintf("the question %q is not answered", q.ID), q.Text))
		}
	}
	for id := range c.Answers {
		if !slices.ContainsFunc(env.Policy.Reflection, func(q Question) bool { return q.ID == id }) {
			rs = append(rs, refuse(c, "reflection", fmt.Sprintf("the reflection has no question %q", id), ""))
		}
	}
	if err := rs.Err(); err != nil {
		return nil, err
	}
	return []Event{Reflected{By: c.Actor, Answers: c.Answers}}, nil
}

func (c Meet) decide(s State, env Env) ([]Event, error) {
	var rs Refusals
	if len(env.Policy.Reflection) > 0 && len(s.Reflections) == 0 && c.WithoutReflection.Blank() {
		rs = append(rs, refuse(c, "reflection", "the practitioner's pre-audit reflection comes before the meeting", "the reflection, or the reason why there is none (the practitioner left, is on leave)"))
	}
	if len(c.With) == 0 && c.WithoutPractitioner.Blank() {
		rs = append(rs, refuse(c, "meeting", "no practitioner took part in the meeting", "who took part, or the reason why nobody could (the practitioner left, is on leave)"))
	}
	if c.HeldOn.IsZero() || c.HeldOn.After(c.On()) {
		rs = append(rs, refuse(c, "meeting", "the day of the meeting is missing or still to come", ""))
	}
	for _, p := range c.With {
		if !slices.Contains(s.People.Of(RolePractitioner), p) {
			rs = append(rs, &Refusal{Command: c.Name(), Rule: "meeting", Message: string(p) + " is not a practitioner of this case", Roles: []Role{RolePractitioner}, People: s.People.Of(RolePractitioner)})
		}
	}
	if err := rs.Err(); err != nil {
		return nil, err
	}
	return []Event{Met{
		By: c.Actor, As: s.standing(c, env.Policy.May), HeldOn: c.HeldOn, With: c.With,
		WithoutReflection: c.WithoutReflection, WithoutPractitioner: c.WithoutPractitioner,
	}}, nil
}

func (c Answer) decide(s State, env Env) ([]Event, error) {
	if r := NotRecorded(c.Name(), c.NotMissed, s.Missed); r != nil {
		return nil, r
	}
	e := Answered{By: c.Actor, As: s.standing(c, env.Policy.May), Facts: c.Facts, Lines: c.Lines, Evidence: c.Evidence, Missed: c.Missed, NotMissed: c.NotMissed}
	if _, _, err := Evolve(s, e).Grade(env); err != nil {
		return nil, err
	}
	if r := EvidenceOf(c, c.Evidence, env.Rubric); r != nil {
		return nil, r
	}
	return []Event{e}, nil
}

// NotRecorded refuses to take back missed bottom lines that are not recorded.
func NotRecorded(command string, back, recorded []rubric.MissedBottomLine) error {
	var rs Refusals
	for _, m := range back {
		if !slices.Contains(recorded, m) {
			rs = append(rs, &Refusal{Command: command, Rule: "bottom_line", Message: "a missed bottom line is taken back that is not recorded", Accept: "one that is, with the same section, words and source"})
		}
	}
	return rs.Err()
}

// EvidenceOf refuses evidence of lines that the rubric does not have.
func EvidenceOf(c interface{ Name() string }, evidence map[string]map[string]FreeText, r *rubric.Rubric) error {
	var rs Refusals
	for section, lines := range evidence {
		for line := range lines {
			if _, ok := r.Line(section, line); !ok {
				rs = append(rs, &Refusal{Command: c.Name(), Rule: "evidence", Message: fmt.Sprintf("the rubric has no line %s.%s to note evidence of", section, line)})
			}
		}
	}
	slices.SortFunc(rs, func(a, b *Refusal) int { return strings.Compare(a.Message, b.Message) })
	return rs.Err()
}

func (c Judge) decide(s State, env Env) ([]Event, error) {
	e := Judged{By: c.Actor, As: s.standing(c, env.Policy.May), Section: c.Section, Grade: c.Grade, Rationale: c.Rationale, SuggestionSeen: c.SuggestionSeen || s.saw(c.Actor, c.Section), At: c.At}
	rs := CheckJudgement(c.Name(), c.Section, c.Grade, c.Rationale, env.Rubric)
	if len(rs) == 0 {
		_, res, err := Evolve(s, e).Grade(env)
		if err != nil {
			return nil, err
		}
		if r := Above(c.Name(), c.Section, c.Grade, res, env.Rubric); r != nil {
			rs = append(rs, r)
		}
	}
	if err := rs.Err(); err != nil {
		return nil, err
	}
	return []Event{e}, nil
}

// CheckJudgement refuses a judgement of a section or grade that the rubric does
// not have, or without a rationale.
func CheckJudgement(command, section string, g rubric.Grade, rationale FreeText, r *rubric.Rubric) Refusals {
	var rs Refusals
	if !r.HasSection(section) && section != Overall {
		rs = append(rs, &Refusal{Command: command, Rule: "section", Message: fmt.Sprintf("the rubric has no section %q", section)})
	}
	if r.Rank(g) < 0 {
		rs = append(rs, &Refusal{Command: command, Rule: "grade", Message: fmt.Sprintf("%q is not a grade", g), Accept: fmt.Sprintf("one of %v", r.Grades())})
	}
	if rationale.Blank() {
		rs = append(rs, &Refusal{Command: command, Rule: "rationale", Message: "the judgement of " + section + " has no rationale", Accept: "the evidence seen and what the reflective discussion added"})
	}
	return rs
}

// Above refuses a grade better than a limit leaves; nil if none is in the way.
// An undetermined limit is in nobody's way until finalising.
func Above(command, section string, g rubric.Grade, res *rubric.Result, r *rubric.Rubric) *Refusal {
	id := section
	if section == Overall {
		id = ""
	}
	most, limit := res.MostAllowed(id)
	if limit == nil || r.Rank(g) <= r.Rank(most) {
		return nil
	}
	return &Refusal{
		Command: command, Rule: "limit",
		Message: fmt.Sprintf("%s is judged %s, but is at most %s: %s%s", section, r.GradeTitle(g), r.GradeTitle(most), limit.Because, deciding(limit.Lines, r)),
		Accept:  r.GradeTitle(most) + " or lower",
	}
}

// Unsettled refuses a grade that a limit may turn out to forbid, because answers
// are still open; nil if none may. It is asked when a grade becomes final: what
// nobody has looked at is no ground for a better grade.
func Unsettled(command, section string, g rubric.Grade, res *rubric.Result, r *rubric.Rubric) *Refusal {
	id := section
	if section == Overall {
		id = ""
	}
	most, limit := res.MostCertain(id)
	if limit == nil || limit.Determined || r.Rank(g) <= r.Rank(most) {
		return nil
	}
	return &Refusal{
		Command: command, Rule: "limit",
		Message: fmt.Sprintf("%s is judged %s, and whether it is at most %s is not settled: %s%s", section, r.GradeTitle(g), r.GradeTitle(most), limit.Because, deciding(limit.Lines, r)),
		Accept:  "the answers still open, or " + r.GradeTitle(most) + " or lower",
	}
}

func deciding(lines []rubric.LineRef, r *rubric.Rubric) string {
	if len(lines) == 0 || len(lines) > 3 {
		return ""
	}
	texts := make([]string, len(lines))
	for i, ref := range lines {
		texts[i] = ref.Text
		if l, ok := r.Line(ref.Section, ref.Line); ok {
			texts[i] = l.Text
		}
		texts[i] = fmt.Sprintf("%q", texts[i])
	}
	return " (" + strings.Join(texts, ", ") + ")"
}

func (c RecordFeedback) decide(s State, env Env) ([]Event, error) {
	var rs Refusals
	f := c.Feedback
	if !slices.Contains(env.Policy.FeedbackSources, f.Source) {
		rs = append(rs, refuse(c, "feedback", fmt.Sprintf("%q is not a source of feedback", f.Source), "one of "+strings.Join(env.Policy.FeedbackSources, ", ")))
	}
	switch f.Outcome {
	case FeedbackGiven:
		if f.Words.Blank() {
			rs = append(rs, refuse(c, "feedback", "feedback was given, but not what was said", "their words"))
		}
	case FeedbackUnsafe, FeedbackNotAgeAppropriate:
		if f.Decider == "" {
			rs = append(rs, refuse(c, "feedback", "it is not said who decided not to ask", "the person who decided"))
		}
	case FeedbackDeclined, FeedbackUnreachable:
	default:
		rs = append(rs, refuse(c, "feedback", fmt.Sprintf("%q is not an outcome of seeking feedback", f.Outcome), fmt.Sprintf("one of %v", FeedbackOutcomes())))
	}
	if f.Unhappy && (f.MeetingOfferedOn.IsZero() || f.MeetingOfferedOn.After(c.On())) {
		rs = append(rs, refuse(c, "feedback", "the family is unhappy, and it is not said when a meeting was offered to them", "the day on which it was, not after today"))
	}
	sought := f.Outcome == FeedbackGiven || f.Outcome == FeedbackDeclined || f.Outcome == FeedbackUnreachable
	if sought && (f.SoughtOn.IsZero() || f.SoughtOn.After(c.On()) || f.How.Blank()) {
		rs = append(rs, refuse(c, "feedback", "it is not said when and how feedback of "+f.Source+" was sought", "a day not after today, and how"))
	}
	if err := rs.Err(); err != nil {
		return nil, err
	}
	return []Event{FeedbackRecorded{By: c.Actor, As: s.standing(c, env.Policy.May), Feedback: f}}, nil
}

func (c AddAction) decide(s State, env Env) ([]Event, error) {
	if err := CheckAction(c.Name(), c.Header, c.Action, s.Actions, env).Err(); err != nil {
		return nil, err
	}
	return []Event{ActionAdded{By: c.Actor, As: s.standing(c, env.Policy.May), Action: c.Action}}, nil
}

// CheckAction refuses an action that is incomplete or whose id is taken.
func CheckAction(command string, h Header, a Action, others []Action, env Env) Refusals {
	var rs Refusals
	add := func(message, accept string) {
		rs = append(rs, &Refusal{Command: command, Rule: "action", Message: message, Accept: accept})
	}
	if a.ID == "" || slices.ContainsFunc(others, func(o Action) bool { return o.ID == a.ID }) {
		add(fmt.Sprintf("the action's id %q is missing or taken", a.ID), "an id of its own")
	}
	if a.Text.Blank() {
		add("the action says nothing", "what is to be done")
	}
	if a.Owner == "" {
		add("the action has no owner", "the person who will do it")
	}
	if a.Section != "" {
		_, line := env.Rubric.Line(a.Section, a.Line)
		if !env.Rubric.HasSection(a.Section) || a.Line != "" && !line {
			add(fmt.Sprintf("the rubric has no line %s.%s", a.Section, a.Line), "")
		}
	}
	if !a.AgreedDate.IsZero() {
		rs = append(rs, CheckAgreed(command, "action", h, a.AgreedWith, a.AgreedBecause)...)
		if a.AgreedDate.Before(h.On()) {
			add("the agreed date is past", "a date from "+h.On().String()+" on")
		}
	}
	return rs
}
