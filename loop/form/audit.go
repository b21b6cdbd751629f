package form

import (
	"slices"
	"time"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/internal/source"
	"github.com/practiceaudit/practiceaudit/loop"
	"github.com/practiceaudit/practiceaudit/rubric"
)

// Audit is an audit form: what its people would tell the system step by step.
type Audit struct {
	Case        audit.CaseNumber
	Auditor     audit.PersonID
	Answers     rubric.Answers // with the auditor's judgements of the sections
	Overall     rubric.Grade
	FinalisedAt time.Time // zero while the form is a draft
	steps       []Step
	actions     []string
	root        *source.Node
	missed      []rubric.LineRef // bottom lines
	graded      bool             // it is known what the answers come to
}

// Steps are what the form says was done, in order, from the reflection to
// finalising. A draft's actions are not among them: they can be reworded until
// they are set.
func (f *Audit) Steps() []Step { return slices.Clone(f.steps) }

// Draft reports whether the form is there and not finalised.
func (f *Audit) Draft() bool { return f != nil && f.root.Field("finalised") == nil }

// ReadAudit reads an audit form and checks it against the rubric and the process
// policy of env. At a re-audit, origin says what is carried from the audit
// before; it is nil otherwise. The error is a rubric.Mistakes; what could be read
// is returned beside it, to hold other files against.
func ReadAudit(file string, src []byte, env loop.Env, origin *audit.Origin) (*Audit, error) {
	return readAudit(file, src, env, origin, true)
}

// ReadReAudit is [ReadAudit] of a re-audit where the audit that caused it and its
// moderation are forms too; the moderation is nil where there is none. Where
// their answers have mistakes, it is not known what is carried, and no judgement
// is held to a limit.
func ReadReAudit(file string, src []byte, env loop.Env, first *Audit, moderated *Moderation) (*Audit, error) {
	origin := &audit.Origin{}
	known, missed := first != nil && first.graded, []rubric.LineRef(nil)
	if known {
		missed = first.missed
	}
	if moderated != nil && !moderated.FinalisedAt.IsZero() {
		known, missed = known && moderated.graded, moderated.missed
	}
	for _, ref := range missed {
		if l, ok := env.Rubric.Line(ref.Section, ref.Line); ok && l.Fixed && env.Policy.Audit.CarryFixed {
			origin.Fixed = append(origin.Fixed, ref)
		}
	}
	return readAudit(file, src, env, origin, known)
}

func readAudit(file string, src []byte, env loop.Env, origin *audit.Origin, known bool) (*Audit, error) {
	r := read(file, src, checkAudit, env)
	if r.root == nil {
		return nil, r.mistakes.Err()
	}
	return r.audit(origin, known), r.mistakes.Err()
}

// audit reads the form. Where it is not known what a re-audit carries, nothing
// is held to a limit.
func (r *reader) audit(origin *audit.Origin, known bool) *Audit {
	root := r.root
	f := &Audit{
		Case: audit.CaseNumber(root.Text("case")), Auditor: audit.PersonID(root.Text("auditor")),
		Overall: rubric.Grade(root.Field("overall").Text("grade")), FinalisedAt: r.moment(root.Field("finalised")),
		root: root,
	}
	r.inOrder(root.Field("reflection").Field("at"), root.Field("meeting").Field("at"), "the meeting comes after the reflection")
	r.inOrder(root.Field("meeting").Field("at"), root.Field("finalised"), "finalising comes after the meeting")

	reflection := r.reflection()
	meeting := r.meeting(reflection)
	answer := r.answer()
	judgements := r.judgements(f.Auditor, reflection)
	given := slices.DeleteFunc(slices.Clone(judgements), func(j judgement) bool { return r.env.Rubric.Rank(j.Grade) < 0 }) // said where the grade stands
	f.Answers = answers(answer, given, origin)
	res := r.grade(f.Answers, r.locate)
	f.graded = res != nil && known
	if f.graded {
		f.missed = res.BottomLinesMissed()
	}
	limits := res
	if !known {
		limits = nil
	}
	for _, n := range root.Field("sections").Entries() {
		r.judged(n.Field("auditor"), n.Key, limits, true)
		r.judged(n.Field("practitioner"), n.Key, limits, false)
	}
	r.judged(root.Field("overall"), audit.Overall, limits, true)
	r.wholeness(res)

	add := func(s Step) { f.steps = append(f.steps, s) }
	at, when := f.FinalisedAt, root.Field("finalised")
	for _, s := range []*Step{reflection, meeting} {
		if s != nil {
			add(*s)
		}
	}
	for _, s := range []*Step{meeting, reflection} { // which date what a draft says
		if at.IsZero() && s != nil {
			at, when = s.At, s.entry.when
		}
	}
	in := func(n *source.Node) entry { return entry{n, root.Field("auditor"), when} }
	if len(answer.Facts)+len(answer.Lines)+len(answer.Missed) > 0 {
		n := root.Field("sections")
		if n == nil {
			n = root
		}
		add(step(in(n), f.Auditor, at, answer, func(c *audit.Answer, h audit.Header) { c.Header = h }))
	}
	for _, j := range judgements {
		e := in(j.node)
		if j.as == audit.RolePractitioner {
			e.who = r.practitioner(reflection)
		}
		add(step(e, j.by, at, j.Judge, func(c *audit.Judge, h audit.Header) { c.Header = h }))
	}
	for _, fb := range r.feedback(at) {
		e := in(fb.node)
		if !fb.at.Equal(at) {
			e.when = fb.node.Field("on")
		}
		add(step(e, f.Auditor, fb.at, audit.RecordFeedback{Feedback: fb.Feedback}, func(c *audit.RecordFeedback, h audit.Header) { c.Header = h }))
	}
	for _, a := range r.actions(root.Field("actions"), at) {
		f.actions = append(f.actions, a.ID)
		if f.Draft() {
			continue
		}
		add(step(in(a.node), f.Auditor, at, audit.AddAction{Action: a.Action}, func(c *audit.AddAction, h audit.Header) { c.Header = h }))
	}
	if root.Field("finalised") != nil {
		add(step(in(root.Field("finalised")), f.Auditor, at, audit.Finalise{}, func(c *audit.Finalise, h audit.Header) { c.Header = h }))
	}
	return f
}

func (r *reader) reflection() *Step {
	n := r.root.Field("reflection")
	if n == nil {
		return nil
	}
	answers := map[string]audit.FreeText{}
	var questions []string
	for _, q := range r.env.Policy.Audit.Reflection {
		questions = append(questions, q.ID)
	}
	misnamed := false
	for _, f := range n.Fields {
		switch {
		case f.Key == "by" || f.Key == "at":
		case !slices.Contains(questions, f.Key):
			r.wrong(f.KeyMistake("%s", unknown("question", f.Key, questions)))
			misnamed = true
		default:
			answers[f.Key] = audit.FreeText(f.Scalar())
		}
	}
	for _, q := range r.env.Policy.Audit.Reflection {
		if n.Field(q.ID) == nil && !misnamed { // else what is missing may be what was meant
			r.wrong(n.KeyMistake("the reflection does not answer %q: %s", q.ID, q.Text))
		}
	}
	s := step(entry{n, n.Field("by"), n.Field("at")}, audit.PersonID(n.Text("by")), r.moment(n.Field("at")), audit.Reflect{Answers: answers}, func(c *audit.Reflect, h audit.Header) { c.Header = h })
	return &s
}

func (r *reader) meeting(reflection *Step) *Step {
	n := r.root.Field("meeting")
	if n == nil {
		return nil
	}
	m := audit.Meet{WithoutReflection: audit.FreeText(n.Text("without_reflection")), WithoutPractitioner: audit.FreeText(n.Text("without_practitioner"))}
	at := r.moment(n.Field("at"))
	if !at.IsZero() {
		m.HeldOn = calendar.DateOf(at)
	}
	for _, w := range n.Field("with").Each() {
		m.With = append(m.With, audit.PersonID(w.Scalar()))
	}
	if len(m.With) == 0 && m.WithoutPractitioner == "" {
		r.wrong(n.KeyMistake("nobody of the practitioners took part: name them in with, or say in without_practitioner why nobody could"))
	}
	if reflection == nil && m.WithoutReflection == "" {
		r.wrong(n.KeyMistake("the practitioner's reflection comes before the meeting: add reflection, or say in without_reflection why there is none"))
	}
	s := step(entry{n, r.root.Field("auditor"), n.Field("at")}, audit.PersonID(r.root.Text("auditor")), at, m, func(c *audit.Meet, h audit.Header) { c.Header = h })
	return &s
}

func (r *reader) answer() audit.Answer {
	l := newLines()
	for _, section := range r.root.Field("sections").Entries() {
		l.add(section.Key, section.Field("answers"))
	}
	a := audit.Answer{Facts: facts(r.root.Field("facts")), Lines: l.answers, Evidence: l.evidence}
	for _, m := range r.root.Field("missed").Each() {
		a.Missed = append(a.Missed, rubric.MissedBottomLine{Section: m.Text("section"), Text: m.Text("text"), Source: m.Text("source")})
	}
	return a
}

// judgement is one of a form and who gives it.
type judgement struct {
	as audit.Role
	by audit.PersonID
	audit.Judge
	node *source.Node
}

func (r *reader) judgements(auditor audit.PersonID, reflection *Step) []judgement {
	var all []judgement
	add := func(n *source.Node, as audit.Role, by audit.PersonID, section string) {
		if n == nil {
			return
		}
		all = append(all, judgement{as, by, audit.Judge{
			Section: section, Grade: rubric.Grade(n.Text("grade")), Rationale: audit.FreeText(n.Text("rationale")), SuggestionSeen: n.True("suggestion_seen"),
		}, n})
	}
	practitioner := audit.PersonID(r.practitioner(reflection).Scalar())
	for _, n := range r.root.Field("sections").Entries() {
		add(n.Field("auditor"), audit.RoleAuditor, auditor, n.Key)
		add(n.Field("practitioner"), audit.RolePractitioner, practitioner, n.Key)
	}
	add(r.root.Field("overall"), audit.RoleAuditor, auditor, audit.Overall)
	return all
}

// practitioner is what says who judges beside the auditor: who gave the
// reflection, or came to the meeting.
func (r *reader) practitioner(reflection *Step) *source.Node {
	if with := r.root.Field("meeting").Field("with").Each(); reflection == nil && len(with) > 0 {
		return with[0]
	}
	return r.root.Field("reflection").Field("by")
}

// answers are a form's answers as the rubric reads them.
func answers(a audit.Answer, judgements []judgement, origin *audit.Origin) rubric.Answers {
	s := audit.Evolve(audit.State{Origin: origin}, audit.Answered{Facts: a.Facts, Lines: a.Lines, Missed: a.Missed})
	for _, j := range judgements {
		s = audit.Evolve(s, audit.Judged{As: j.as, Section: j.Section, Grade: j.Grade})
	}
	return s.Answers()
}

// locate finds the place of a mistake in the answers.
func (r *reader) locate(e rubric.AnswerError) *source.Node {
	if e.Fact != "" {
		if n := r.root.Field("facts").Field(e.Fact); n != nil {
			return n
		}
		return r.root.Field("facts")
	}
	section := r.root.Field("sections").Field(e.Section)
	line := section.Field("answers").Field(e.Line)
	switch {
	case line == nil && section != nil:
		return section
	case line != nil && line.Kind == source.Mapping && !e.Key:
		return line.Field("answer")
	}
	return line
}

// wholeness says what a finished form lacks: sections, judgements, bottom
// lines, feedback. A draft may lack them.
func (r *reader) wholeness(res *rubric.Result) {
	if r.root.Field("finalised") == nil {
		return
	}
	sections := r.root.Field("sections")
	if res != nil {
		for _, s := range res.Sections() {
			n := sections.Field(s.Section)
			switch {
			case !s.Applies:
			case n == nil:
				r.wrong(sections.KeyMistake("the section %q is missing", s.Section))
			case n.Field("auditor") == nil:
				r.wrong(n.KeyMistake("the auditor's judgement of %q is missing", s.Section))
			case n.Field("practitioner") == nil && slices.Contains(r.env.Policy.Audit.AlsoJudge, audit.RolePractitioner) && r.root.Field("meeting").Field("with") != nil:
				r.wrong(n.KeyMistake("the practitioner's judgement of %q is missing", s.Section))
			}
		}
		for _, ref := range res.BottomLinesUnanswered() {
			if n := sections.Field(ref.Section); n != nil {
				l, _ := r.env.Rubric.Line(ref.Section, ref.Line)
				r.wrong(n.KeyMistake("the bottom line %s is not answered: %s", ref.Line, l.Text))
			}
		}
	}
	heard, sources := r.root.Field("feedback"), r.env.Policy.Audit.FeedbackSources
	if slices.ContainsFunc(heard.Each(), func(n *source.Node) bool { return !slices.Contains(sources, n.Text("from")) }) {
		return // whose feedback is missing may be who was meant
	}
	for _, from := range sources {
		if !slices.ContainsFunc(heard.Each(), func(n *source.Node) bool { return n.Text("from") == from }) {
			r.wrong(heard.KeyMistake("no feedback of %s is recorded: what they said, or why they were not heard", from))
		}
	}
}

// heard is one entry of feedback, where it stands and when it is recorded.
type heard struct {
	audit.Feedback
	node *source.Node
	at   time.Time
}

// feedback reads what the family said. It is recorded with the rest of the form,
// but what was sought later on the day on which it was: at noon, there being no
// hour.
func (r *reader) feedback(at time.Time) []heard {
	var all []heard
	for _, n := range r.root.Field("feedback").Each() {
		h := heard{audit.Feedback{
			Source: n.Text("from"), Outcome: audit.FeedbackOutcome(n.Text("outcome")), SoughtOn: r.date(n.Field("on")),
			How: audit.FreeText(n.Text("how")), Aid: audit.FreeText(n.Text("aid")), Words: audit.FreeText(n.Text("words")),
			Decider: audit.PersonID(n.Text("decided_by")),
			Unhappy: n.True("unhappy"), MeetingOfferedOn: r.date(n.Field("meeting_offered_on")),
		}, n, at}
		if on := h.SoughtOn; !on.IsZero() && on.After(calendar.DateOf(at)) {
			h.at = time.Date(on.Year(), on.Month(), on.Day(), 12, 0, 0, 0, calendar.London())
		}
		r.checkFeedback(h, at)
		all = append(all, h)
	}
	return all
}

// checkFeedback says what an entry lacks, where it stands: what came of asking
// decides what has to be said.
func (r *reader) checkFeedback(h heard, at time.Time) {
	n, sources := h.node, r.env.Policy.Audit.FeedbackSources
	if from := n.Field("from"); from != nil && !slices.Contains(sources, h.Source) {
		r.wrong(from.Mistake("%s", unknown("source of feedback", h.Source, sources)))
	}
	needs := map[audit.FeedbackOutcome][]string{
		audit.FeedbackGiven:             {"on", "how", "words"},
		audit.FeedbackDeclined:          {"on", "how"},
		audit.FeedbackUnreachable:       {"on", "how"},
		audit.FeedbackNotAgeAppropriate: {"decided_by"},
		audit.FeedbackUnsafe:            {"decided_by"},
	}
	means := map[string]string{
		"on": "the day on which it was sought", "how": "how it was sought", "words": "what they said", "decided_by": "who decided not to ask",
	}
	for _, key := range needs[h.Outcome] {
		if n.Field(key) == nil {
			r.wrong(n.Mistake("the outcome %q needs %q: %s", h.Outcome, key, means[key]))
		}
	}
	offered := n.Field("meeting_offered_on")
	switch {
	case h.Unhappy && offered == nil:
		r.wrong(n.Mistake("they are unhappy, and it is not said when a meeting was offered to them: add \"meeting_offered_on\""))
	case !h.at.IsZero() && h.MeetingOfferedOn.After(calendar.DateOf(h.at)):
		r.wrong(offered.Mistake("the feedback is recorded on %s, before this day", calendar.DateOf(h.at).Long()))
	}
	final := r.root.Field("finalised")
	if met, err := ParseMoment(r.root.Field("meeting").Text("at")); err == nil && met.After(at) {
		return // it is finalised that stands wrong
	}
	if final == nil || at.IsZero() || !h.at.After(at) || !slices.Contains(sources, h.Source) {
		return
	}
	sooner := func(o *source.Node) bool {
		on, err := calendar.ParseDate(o.Text("on"))
		return o.Text("from") == h.Source && (err != nil || !on.After(calendar.DateOf(at)))
	}
	if !slices.ContainsFunc(r.root.Field("feedback").Each(), sooner) {
		r.wrong(n.Field("on").Mistake("the audit was finalised (%s) before feedback of %s was sought; seek it first, or say why it was not sought", final.Scalar(), h.Source))
	}
}
