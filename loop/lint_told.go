package loop

import (
	"fmt"
	"slices"
	"strings"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/moderation"
)

// ends are the commands that end a clock, move its day or find somebody else to end
// it.
var ends = map[string][]string{
	ClockAudit:      {audit.Finalise{}.Name(), audit.Extend{}.Name(), audit.Reassign{}.Name()},
	ClockActions:    {CompleteAction{}.Name(), AgreeDate{}.Name()},
	ClockModeration: {moderation.Finalise{}.Name(), moderation.Extend{}.Name(), moderation.Reassign{}.Name()},
	ClockCheck:      {moderation.Check{}.Name(), moderation.Comment{}.Name()},
	ClockStandard:   {CloseLoop{}.Name()},
	ClockTracker:    {SendTracker{}.Name()},
	ClockReAudit:    {audit.Start{}.Name()},
	ClockDipSample:  {audit.Start{}.Name()},
}

// escalations finds those that tell nobody who could act. The owner of an action
// is told too, and is whom the escalation is about.
func (l *linter) escalations() {
	for _, name := range l.clockNames() {
		for i, st := range l.after(name) {
			if !l.could(st.Tell, ends[name]) {
				l.find(EscalationWithoutPower, fmt.Sprintf("clocks.%s.escalate.%d", name, i+1),
					"this tells nobody who could do anything about it; add one of those who may give the command %s: %s", strings.Join(ends[name], " or "), l.whoMay(ends[name]))
			}
		}
	}
	plan := []string{RecordPlan{}.Name()}
	if rungs := l.Ladders[LadderPlan]; len(rungs) > 0 && !slices.ContainsFunc(rungs, func(r Rung) bool { return l.could(r.Tell, plan) }) {
		l.find(EscalationWithoutPower, "ladders."+LadderPlan, "no rung tells anybody who may record the plan; add %s", l.whoMay(plan))
	}
}

// could reports whether one of the roles may give one of the commands.
func (l *linter) could(roles []audit.Role, commands []string) bool {
	return slices.ContainsFunc(commands, func(command string) bool {
		return slices.ContainsFunc(roles, func(r audit.Role) bool { return slices.Contains(l.May[command], r) })
	})
}

func (l *linter) whoMay(commands []string) string {
	var roles []string
	for _, command := range commands {
		for _, r := range l.May[command] {
			if !slices.Contains(roles, string(r)) {
				roles = append(roles, string(r))
			}
		}
	}
	return strings.Join(roles, ", ")
}

// ladders finds those that lead nowhere, and the rungs that come too late.
func (l *linter) ladders() {
	for _, name := range []string{LadderAcknowledge, LadderPlan} {
		rungs := l.Ladders[name]
		if len(rungs) == 0 {
			continue
		}
		at := "ladders." + name
		switch top := rungs[len(rungs)-1]; {
		case !slices.ContainsFunc(rungs, func(r Rung) bool { return slices.ContainsFunc(r.Tell, audit.Role.OfCouncil) }):
			l.find(LadderWithoutEnd, at, "this ladder never leaves the case's own people: if they do not answer, nobody else is told; end it with a role of the council, such as director")
		case slices.ContainsFunc(rungs[:len(rungs)-1], top.tellsAs):
			l.find(LadderWithoutEnd, at, "the last rung tells only those whom an earlier one told: if they did not answer then, nobody else is told; end it with somebody above them")
		}
	}
	for i, r := range l.Ladders[LadderPlan] {
		if left := 24 - l.Hour; r.After.N() >= left {
			l.find(RungAfterTheDay, fmt.Sprintf("ladders.%s.%d", LadderPlan, i+1),
				"the plan is needed on the day of the finding, and even of a finding at %02d:00 this rung would come on the next: it is sent at the end of the day instead; write fewer than %d hours", l.Hour, left)
		}
	}
}

// tellsAs reports whether two rungs tell the same.
func (r Rung) tellsAs(o Rung) bool {
	return r.Deputies == o.Deputies && !slices.ContainsFunc(r.Tell, func(role audit.Role) bool { return !slices.Contains(o.Tell, role) })
}

// alerts are the topics that raise an alert, which a ladder then climbs; a ladder
// sends the notices of the others.
var (
	alerts  = []Topic{TopicConcern, TopicInadequateAudit, TopicInadequateModeration}
	climbed = []Topic{TopicNoPlan, TopicUnacknowledged}
)

// critical finds the critical notices of which no deputy hears.
func (l *linter) critical() {
	for _, t := range Topics() {
		text := l.Notices[t]
		switch {
		case slices.Contains(alerts, t):
			if !slices.ContainsFunc(l.Ladders[LadderAcknowledge], func(r Rung) bool { return r.Deputies && overlap(r.Tell, text.Tell) }) {
				l.find(CriticalWithoutDeputy, "notices."+string(t), "nobody stands in for those who do not acknowledge this: no rung of the ladder “acknowledge” tells a deputy of theirs; add one with deputies: true")
			}
		case text.Critical && !slices.Contains(climbed, t):
			l.find(CriticalWithoutDeputy, "notices."+string(t), "nobody stands in for those who do not acknowledge this: only a concern and a finding have a ladder; take critical out")
		}
	}
}

func overlap(a, b []audit.Role) bool {
	return slices.ContainsFunc(a, func(r audit.Role) bool { return slices.Contains(b, r) })
}

// said are the placeholders that have a value in the notices of some topics only;
// the others always have one.
var said = map[string][]Topic{
	"grade": {
		TopicFinalised, TopicInadequateAudit, TopicInadequateModeration, TopicPlanRecorded, TopicNoPlan, TopicModeratorAllocated, TopicModerated,
		TopicReturned, TopicClosed, TopicTracker, TopicActionsConfirmed, TopicLoopClosed, TopicFollowUpPlanned, TopicCorrected, TopicReopened,
		TopicDisagreed, TopicSettled,
	},
	"due": {
		TopicAllocated, TopicDipSampleAllocated, TopicModeratorAllocated, TopicReturned, TopicModerated, TopicFollowUpDue, TopicReminder, TopicOverdue,
	},
	"what":   {TopicReassigned, TopicFollowUpPlanned, TopicFollowUpDue, TopicFollowUpCancelled, TopicReminder, TopicOverdue},
	"status": {TopicFollowUpDue, TopicReminder, TopicOverdue},
	"start":  selected,
	"audit":  selected,
}

// selected are the topics of a file that was selected: a concern needs none.
var selected = slices.DeleteFunc(Topics(), func(t Topic) bool { return t == TopicConcern || t == TopicUnacknowledged })

// words finds placeholders that have no value in the notice where they stand.
func (l *linter) words() {
	for _, t := range Topics() {
		for _, part := range []struct{ key, text string }{{"subject", l.Notices[t].Subject}, {"body", l.Notices[t].Body}} {
			for _, name := range Placeholders() {
				topics, some := said[name]
				if some && !slices.Contains(topics, t) && strings.Contains(part.text, "{"+name+"}") {
					l.find(PlaceholderWithoutValue, fmt.Sprintf("notices.%s.%s.%s", t, part.key, name),
						"{%s} is not known, or not always, when this is told, and nothing would stand there; say it without", name)
				}
			}
		}
	}
}
