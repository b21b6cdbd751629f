package main

import (
	"fmt"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/loop"
	"github.com/practiceaudit/practiceaudit/moderation"
)

// says is what a step comes to, as people say it.
func (in *inputs) says(s step, after loop.State) string {
	grade := in.env.Rubric.GradeTitle
	switch s.Name {
	case audit.Finalise{}.Name():
		return "finalises the audit: " + grade(after.Audit.Final.Grade)
	case moderation.Finalise{}.Name():
		final := after.Moderation.Final
		return fmt.Sprintf("finalises the moderation: %s as it was at audit, %s now", grade(final.AsAtAudit), grade(final.Now))
	case loop.Acknowledge{}.Name():
		return "acknowledges: " + acknowledged[s.Notice]
	}
	return plainly(s)
}

// plainly is what a step comes to, before anything is known of it but its name.
func plainly(s step) string {
	if words, ok := doing[s.Name]; ok {
		return words
	}
	return title(s.Name)
}

var doing = map[string]string{
	audit.Select{}.Name():         "selects the file",
	audit.Start{}.Name():          "starts",
	audit.Reflect{}.Name():        "gives the pre-audit reflection",
	audit.Meet{}.Name():           "records the meeting of auditor and practitioner",
	audit.Answer{}.Name():         "answers the rubric's lines, with the evidence",
	audit.Judge{}.Name():          "judges, with a rationale each",
	audit.RecordFeedback{}.Name(): "records the feedback sought of the family",
	audit.AddAction{}.Name():      "sets an action",
	audit.Finalise{}.Name():       "finalises the audit",

	moderation.Allocate{}.Name():  "allocates the moderator",
	moderation.Discuss{}.Name():   "records the discussion with the auditor",
	moderation.Amend{}.Name():     "amends answers, with the evidence",
	moderation.Judge{}.Name():     "gives both grades, with a rationale each",
	moderation.AddAction{}.Name(): "sets a further action",
	moderation.Finalise{}.Name():  "finalises the moderation",
	moderation.Check{}.Name():     "checks the moderation",
	moderation.Comment{}.Name():   "adds the final QA comments",

	loop.Acknowledge{}.Name():     "acknowledges a notice",
	loop.RaiseConcern{}.Name():    "raises an immediate concern",
	loop.RecordPlan{}.Name():      "records the plan to keep the child safe",
	loop.SendTracker{}.Name():     "sends the action tracker",
	loop.CompleteAction{}.Name():  "completes an action",
	loop.ConfirmAction{}.Name():   "confirms that an action is complete",
	loop.AgreeDate{}.Name():       "agrees a later date for an action",
	loop.CloseLoop{}.Name():       "confirms the practice standards and closes the loop",
	loop.ReviewDipSample{}.Name(): "records the dip sample",
}

var acknowledged = map[loop.Topic]string{
	loop.TopicConcern:              "immediate concern",
	loop.TopicInadequateAudit:      "graded Inadequate at audit",
	loop.TopicInadequateModeration: "graded Inadequate at moderation",
	loop.TopicNoPlan:               "still no plan",
	loop.TopicUnacknowledged:       "a notice that nobody had acknowledged",
}
