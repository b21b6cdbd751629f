package form

import (
	"maps"
	"slices"
	"time"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/internal/source"
	"github.com/practiceaudit/practiceaudit/loop"
	"github.com/practiceaudit/practiceaudit/moderation"
	"github.com/practiceaudit/practiceaudit/rubric"
)

// Moderation is a moderation form.
type Moderation struct {
	Case        audit.CaseNumber
	Moderator   audit.PersonID
	AsAtAudit   rubric.Grade
	Now         rubric.Grade
	FinalisedAt time.Time // zero while the form is a draft
	steps       []Step
	actions     []string
	root        *source.Node
	missed      []rubric.LineRef // bottom lines, as the moderator finds the file now
	graded      bool
}

// Steps are what the form says was done, in order, from the discussion to
// finalising. Of a draft they are the discussion alone: an amendment that was
// given is not taken back by leaving it out again.
func (f *Moderation) Steps() []Step { return slices.Clone(f.steps) }

// Draft reports whether the form is there and not finalised.
func (f *Moderation) Draft() bool { return f != nil && f.root.Field("finalised") == nil }

// ReadModeration reads a moderation form and checks it against the rubric and
// the answers of the audit that it moderates. Of an audit that is nil, or whose
// answers have mistakes, nothing is known: then the form is checked by itself.
// The error is a rubric.Mistakes; what could be read is returned beside it, to
// hold other files against.
func ReadModeration(file string, src []byte, env loop.Env, audited *Audit) (*Moderation, error) {
	r := read(file, src, checkModeration, env)
	if r.root == nil {
		return nil, r.mistakes.Err()
	}
	return r.moderation(audited), r.mistakes.Err()
}

func (r *reader) moderation(audited *Audit) *Moderation {
	root := r.root
	f := &Moderation{
		Case: audit.CaseNumber(root.Text("case")), Moderator: audit.PersonID(root.Text("moderator")),
		AsAtAudit:   rubric.Grade(root.Field("as_at_audit").Text("grade")),
		Now:         rubric.Grade(root.Field("now").Text("grade")),
		FinalisedAt: r.moment(root.Field("finalised")),
		root:        root, graded: audited != nil && audited.graded,
	}
	r.inOrder(root.Field("discussion"), root.Field("finalised"), "finalising comes after the discussion")
	discussed := r.moment(root.Field("discussion"))
	at, when := discussed, root.Field("discussion")
	in := func(n *source.Node) entry { return entry{n, root.Field("moderator"), when} }
	add := func(s Step) {
		if !f.Draft() || s.Name == (moderation.Discuss{}).Name() {
			f.steps = append(f.steps, s)
		}
	}
	if !discussed.IsZero() {
		add(step(in(when), f.Moderator, at, moderation.Discuss{HeldOn: calendar.DateOf(discussed)}, func(c *moderation.Discuss, h audit.Header) { c.Header = h }))
	}
	if !f.FinalisedAt.IsZero() {
		at, when = f.FinalisedAt, root.Field("finalised")
	}
	var answers rubric.Answers
	if f.graded {
		answers = audited.Answers
	}
	for _, view := range []moderation.View{moderation.AsAtAudit, moderation.Now} {
		n := root.Field(string(view))
		if n == nil {
			continue // of a draft
		}
		l := newLines()
		for _, section := range n.Field("answers").Entries() {
			l.add(section.Key, section)
		}
		changed := facts(n.Field("facts"))
		amended := amended(answers, changed, l)
		res := r.grade(amended, r.locateIn(n))
		if res != nil {
			answers = amended
		}
		if f.graded = f.graded && res != nil; !f.graded {
			res = nil // what the audit's answers come to is not known
		} else {
			f.missed = res.BottomLinesMissed()
		}
		r.judged(n, audit.Overall, res, true)
		if len(changed) > 0 || len(l.answers) > 0 {
			amend := moderation.Amend{View: view, Facts: changed, Lines: l.answers, Evidence: l.evidence, Because: audit.FreeText(n.Text("because"))}
			if len(changed) > 0 && n.Field("because") == nil {
				r.wrong(n.Field("facts").KeyMistake("amended facts need evidence: say in because what was seen"))
			}
			add(step(in(n), f.Moderator, at, amend, func(c *moderation.Amend, h audit.Header) { c.Header = h }))
		}
		judge := moderation.Judge{
			View: view, Grade: rubric.Grade(n.Text("grade")), Rationale: audit.FreeText(n.Text("rationale")),
			SuggestionSeen: n.True("suggestion_seen"), AuditorSeen: n.True("auditor_seen"),
		}
		if judge.Grade != "" {
			if n.Field("rationale") == nil && root.Field("finalised") == nil {
				r.wrong(n.Field("grade").Mistake("a grade has a rationale, in a draft too; add it, or leave out the grade"))
			}
			add(step(in(n), f.Moderator, at, judge, func(c *moderation.Judge, h audit.Header) { c.Header = h }))
		}
	}
	for _, a := range r.actions(root.Field("actions"), at) {
		f.actions = append(f.actions, a.ID)
		add(step(in(a.node), f.Moderator, at, moderation.AddAction{Action: a.Action}, func(c *moderation.AddAction, h audit.Header) { c.Header = h }))
	}
	if root.Field("finalised") != nil {
		final := moderation.Finalise{Impact: audit.FreeText(root.Text("impact"))}
		add(step(in(root.Field("finalised")), f.Moderator, at, final, func(c *moderation.Finalise, h audit.Header) { c.Header = h }))
	}
	return f
}

// amended returns answers with a moderator's laid over them.
func amended(a rubric.Answers, changed map[string]string, l lines) rubric.Answers {
	a.Facts, a.Lines = maps.Clone(a.Facts), maps.Clone(a.Lines)
	if a.Facts == nil {
		a.Facts = map[string]string{}
	}
	maps.Copy(a.Facts, changed)
	if a.Lines == nil {
		a.Lines = map[string]map[string]rubric.Answer{}
	}
	for section, answers := range l.answers {
		all := maps.Clone(a.Lines[section])
		if all == nil {
			all = map[string]rubric.Answer{}
		}
		maps.Copy(all, answers)
		a.Lines[section] = all
	}
	return a
}

// locateIn finds the place of a mistake in one view's answers.
func (r *reader) locateIn(view *source.Node) func(rubric.AnswerError) *source.Node {
	return func(e rubric.AnswerError) *source.Node {
		if e.Fact != "" {
			return view.Field("facts").Field(e.Fact)
		}
		section := view.Field("answers").Field(e.Section)
		line := section.Field(e.Line)
		switch {
		case line == nil && section != nil:
			return section
		case line != nil && !e.Key:
			return line.Field("answer")
		}
		return line
	}
}
