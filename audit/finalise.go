package audit

import (
	"fmt"
	"strings"

	"github.com/practiceaudit/practiceaudit/rubric"
)

// decide finalises an audit once it is whole: every section that applies judged
// with a rationale, every bottom line answered, each source of feedback
// recorded, and no judgement above a limit that applies or may. All that is missing is said at once.
func (c Finalise) decide(s State, env Env) ([]Event, error) {
	_, res, err := s.Grade(env)
	if err != nil {
		return nil, err
	}
	rs := c.unmet(s, env)
	rs = append(rs, unanswered(c, res, env)...)
	rs = append(rs, unjudged(c, s, res, env)...)
	if err := rs.Err(); err != nil {
		return nil, err
	}

	due, err := env.Policy.Actions.Deadline(env.Calendar, c.At)
	if err != nil {
		return nil, err
	}
	return []Event{Finalised{By: c.Actor, As: s.standing(c, env.Policy.May), At: c.At, Outcome: s.outcome(res), ActionsDue: due}}, nil
}

// outcome is how an audit ends that can be finalised.
func (s State) outcome(res *rubric.Result) Outcome {
	overall, _ := s.Judgement(RoleAuditor, Overall)
	o := Outcome{Grade: overall.Grade, Missed: res.BottomLinesMissed(), Excepted: res.BottomLinesExcepted()}
	o.Suggested, _ = res.Suggested("")
	if most, limit := res.MostAllowed(""); limit != nil {
		o.AtMost = most
	}
	return o
}

// unmet lists the steps that come before finalising and have not been taken.
func (c Finalise) unmet(s State, env Env) Refusals {
	var rs Refusals
	if len(s.Meetings) == 0 {
		rs = append(rs, refuse(c, "meeting", "auditor and practitioner have not met", "the meeting"))
	}
	for _, source := range env.Policy.FeedbackSources {
		if !s.HeardFrom(source) {
			rs = append(rs, refuse(c, "feedback", "no feedback of "+strings.ReplaceAll(source, "_", " ")+" is recorded", "what they said, or why they were not heard"))
		}
	}
	return rs
}

// unanswered lists bottom lines without an answer.
func unanswered(c Command, res *rubric.Result, env Env) Refusals {
	var rs Refusals
	for _, ref := range res.BottomLinesUnanswered() {
		text := ref.Line
		if l, ok := env.Rubric.Line(ref.Section, ref.Line); ok {
			text = l.Text
		}
		rs = append(rs, refuse(c, "bottom_line", fmt.Sprintf("the bottom line %q (%s.%s) is not answered", text, ref.Section, ref.Line), ""))
	}
	return rs
}

// unjudged lists missing judgements and those above a limit.
func unjudged(c Command, s State, res *rubric.Result, env Env) Refusals {
	var rs Refusals
	judges := []Role{RoleAuditor}
	for _, r := range env.Policy.AlsoJudge {
		if r != RolePractitioner || s.practitionerMet() {
			judges = append(judges, r)
		}
	}
	var sections []string
	for _, section := range res.Sections() {
		if section.Applies {
			sections = append(sections, section.Section)
		}
	}
	for _, section := range sections {
		for _, role := range judges {
			if _, ok := s.Judgement(role, section); !ok {
				rs = append(rs, refuse(c, "judgement", fmt.Sprintf("%s is not judged by the %s", section, env.Policy.Titles.Of(role)), ""))
			}
		}
	}
	if _, ok := s.Judgement(RoleAuditor, Overall); !ok {
		rs = append(rs, refuse(c, "judgement", "the file as a whole is not judged by the "+env.Policy.Titles.Of(RoleAuditor), ""))
	}
	for _, section := range append(sections, Overall) {
		if j, ok := s.Judgement(RoleAuditor, section); ok {
			if r := Above(c.Name(), section, j.Grade, res, env.Rubric); r != nil {
				rs = append(rs, r)
			} else if r := Unsettled(c.Name(), section, j.Grade, res, env.Rubric); r != nil {
				rs = append(rs, r)
			}
		}
	}
	return rs
}

// practitionerMet reports whether a practitioner took part in a meeting, and so
// can judge.
func (s State) practitionerMet() bool {
	for _, m := range s.Meetings {
		if len(m.With) > 0 {
			return true
		}
	}
	return false
}
