// Package form reads completed forms: an audit, a moderation, as people wrote
// them in YAML or JSON. Every mistake is answered at once, each with file,
// line, column, a caret and what would be right; nothing is half read.
//
//	f, err := form.ReadAudit("audit.yaml", src, env, nil)
//	if err != nil {
//		return err // a rubric.Mistakes
//	}
//	for _, step := range f.Steps() {
//		if _, err := engine.Do(ctx, stream, step.Command(header)); err != nil {
//			return step.Refused(err, nil) // said where the form says it
//		}
//	}
//
// A form without "finalised" is a draft: what it lacks is no mistake, and its
// steps go as far as it does.
package form

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/internal/source"
	"github.com/practiceaudit/practiceaudit/loop"
	"github.com/practiceaudit/practiceaudit/rubric"
	"github.com/practiceaudit/practiceaudit/schemas"
)

// ParseMoment reads a London date and time, "2026-03-12T14:30".
func ParseMoment(s string) (time.Time, error) {
	t, err := time.ParseInLocation("2006-01-02T15:04", s, calendar.London())
	if err != nil {
		return t, fmt.Errorf("%q is not a date and time; write it as 2026-03-12T14:30", s)
	}
	return t, nil
}

// Step is one thing that a file says was done: by whom, when, and as a command
// once it has a header.
type Step struct {
	By      audit.PersonID
	At      time.Time // zero where a draft does not say
	Name    string    // the command's
	Place   string    // file:line:column of what says so
	Command func(audit.Header) loop.Command

	entry entry
}

// entry is where a step stands in its file.
type entry struct {
	node *source.Node // the entry itself
	who  *source.Node // what says who did it
	when *source.Node // what says when
}

// step makes a step of a command; set puts the header into it.
func step[C loop.Command](e entry, by audit.PersonID, at time.Time, c C, set func(*C, audit.Header)) Step {
	return Step{By: by, At: at, Name: c.Name(), Place: e.place(), entry: e, Command: func(h audit.Header) loop.Command {
		set(&c, h)
		return c
	}}
}

func (e entry) place() string {
	m := e.node.KeyMistake("")
	return fmt.Sprintf("%s:%d:%d", m.File, m.Line, m.Column)
}

// reader reads one form and gathers what is wrong with it.
type reader struct {
	root     *source.Node
	env      loop.Env
	mistakes source.Mistakes
}

// What holds each kind of file to its schema.
var (
	checkAudit      = source.Against(schemas.AuditForm)
	checkModeration = source.Against(schemas.ModerationForm)
	checkUpdates    = source.Against(schemas.Updates)
	checkPeople     = source.Against(schemas.People)
)

// read parses a form and holds it to its schema. The reader's root is nil if
// the file is not YAML at all.
func read(file string, src []byte, check func(*source.Node) source.Mistakes, env loop.Env) *reader {
	root, mistakes := source.Parse(file, src)
	if len(mistakes) > 0 {
		return &reader{env: env, mistakes: mistakes}
	}
	return &reader{root: root, env: env, mistakes: check(root)}
}

func (r *reader) wrong(m source.Mistake) { r.mistakes = append(r.mistakes, m) }

func (r *reader) moment(n *source.Node) time.Time {
	if n == nil {
		return time.Time{}
	}
	t, err := ParseMoment(n.Scalar())
	if err != nil {
		r.wrong(n.Mistake("%s", err))
	}
	return t
}

func (r *reader) date(n *source.Node) calendar.Date {
	if n == nil {
		return calendar.Date{}
	}
	d, err := calendar.ParseDate(n.Scalar())
	if err != nil {
		r.wrong(n.Mistake("%s", err))
	}
	return d
}

// inOrder says when one moment of a form lies before another that precedes it.
func (r *reader) inOrder(before, after *source.Node, what string) {
	if before == nil || after == nil {
		return
	}
	a, errA := ParseMoment(before.Scalar())
	b, errB := ParseMoment(after.Scalar())
	if errA == nil && errB == nil && b.Before(a) {
		r.wrong(after.Mistake("%s (%s)", what, before.Scalar()))
	}
}

func facts(n *source.Node) map[string]string {
	if n == nil {
		return nil
	}
	m := map[string]string{}
	for _, f := range n.Fields {
		m[f.Key] = f.Scalar()
	}
	return m
}

// lines are answers with notes of the evidence, by section and line.
type lines struct {
	answers  map[string]map[string]rubric.Answer
	evidence map[string]map[string]audit.FreeText
}

func newLines() lines {
	return lines{map[string]map[string]rubric.Answer{}, map[string]map[string]audit.FreeText{}}
}

// add adds a section's answers: each is a word, or a word with its evidence.
func (l lines) add(section string, answers *source.Node) {
	for _, n := range answers.Entries() {
		answer := n
		if n.Kind == source.Mapping {
			answer = n.Field("answer")
			if text := n.Text("evidence"); text != "" {
				if l.evidence[section] == nil {
					l.evidence[section] = map[string]audit.FreeText{}
				}
				l.evidence[section][n.Key] = audit.FreeText(text)
			}
		}
		if l.answers[section] == nil {
			l.answers[section] = map[string]rubric.Answer{}
		}
		l.answers[section][n.Key] = rubric.Answer(answer.Scalar())
	}
}

// grade grades the answers; nil if they cannot be, and then every mistake in
// them is answered where locate finds it.
func (r *reader) grade(a rubric.Answers, locate func(rubric.AnswerError) *source.Node) *rubric.Result {
	f, err := r.env.Rubric.Form(a, r.env.Calendar)
	if err == nil {
		return f.Grade()
	}
	var all *rubric.AnswerErrors
	if !errors.As(err, &all) {
		r.wrong(r.root.Mistake("%s", err))
		return nil
	}
	for _, e := range all.Errors {
		message := e.Message
		if e.Did != "" && !strings.Contains(message, "did you mean") {
			message += fmt.Sprintf("; did you mean %q?", e.Did)
		}
		n := locate(e)
		if n == nil {
			n = r.root
		}
		if e.Key {
			r.wrong(n.KeyMistake("%s", message))
		} else {
			r.wrong(n.Mistake("%s", message))
		}
	}
	return nil
}

// judged holds a judgement to the rubric and, if the answers could be graded,
// to its limits; to those that open answers may still bring if it is final.
func (r *reader) judged(n *source.Node, section string, res *rubric.Result, final bool) {
	grade := n.Field("grade")
	if grade == nil {
		return
	}
	g := rubric.Grade(grade.Scalar())
	if r.env.Rubric.Rank(g) < 0 {
		var known []string
		for _, k := range r.env.Rubric.Grades() {
			known = append(known, string(k))
		}
		r.wrong(grade.Mistake("%s", unknown("grade", string(g), known)))
		return
	}
	if res == nil {
		return
	}
	refusal := audit.Above("judge", section, g, res, r.env.Rubric)
	if refusal == nil && final && r.root.Field("finalised") != nil {
		refusal = audit.Unsettled("finalise", section, g, res, r.env.Rubric)
	}
	if refusal != nil {
		r.wrong(grade.Mistake("%s; write %s", refusal.Message, refusal.Accept))
	}
}

// action is one that a form asks for, and where.
type action struct {
	audit.Action
	node *source.Node
}

// actions reads the actions that are set at a moment.
func (r *reader) actions(list *source.Node, at time.Time) []action {
	var actions []action
	for _, n := range list.Each() {
		a := audit.Action{
			ID: n.Text("id"), Text: audit.FreeText(n.Text("do")), Owner: audit.PersonID(n.Text("owner")),
			CaseDirection: n.True("case_direction"),
		}
		if slices.ContainsFunc(actions, func(o action) bool { return o.ID == a.ID }) {
			r.wrong(n.Field("id").Mistake("the action %q stands here twice; give each an id of its own", a.ID))
		}
		if line := n.Field("line"); line != nil {
			a.Section, a.Line, _ = strings.Cut(line.Scalar(), ".")
			r.known(line, a.Section, a.Line)
		}
		if agreed := n.Field("agreed"); agreed != nil {
			a.AgreedDate = r.date(agreed.Field("date"))
			a.AgreedWith = audit.PersonID(agreed.Text("with"))
			a.AgreedBecause = audit.FreeText(agreed.Text("because"))
			if set := calendar.DateOf(at); !at.IsZero() && !a.AgreedDate.IsZero() && a.AgreedDate.Before(set) {
				r.wrong(agreed.Field("date").Mistake("the agreed date lies before the day on which the action is set; write one from %s on", set))
			}
		}
		actions = append(actions, action{a, n})
	}
	return actions
}

// known refuses a section or line that the rubric does not have.
func (r *reader) known(n *source.Node, section, line string) {
	s, ok := r.env.Rubric.Section(section)
	if !ok {
		r.wrong(n.Mistake("%s", unknown("section", section, r.sectionIDs())))
		return
	}
	if _, ok := r.env.Rubric.Line(section, line); line != "" && !ok {
		var ids []string
		for _, l := range s.Lines {
			ids = append(ids, l.ID)
		}
		r.wrong(n.Mistake("%s", unknown("line", line, ids)))
	}
}

func (r *reader) sectionIDs() []string {
	var ids []string
	for _, s := range r.env.Rubric.Sections() {
		ids = append(ids, s.ID)
	}
	return ids
}

func unknown(what, word string, known []string) string {
	if near := source.Nearest(word, known); near != "" {
		return fmt.Sprintf("there is no %s %q; did you mean %q?", what, word, near)
	}
	return fmt.Sprintf("there is no %s %q; one of %s", what, word, strings.Join(known, ", "))
}
