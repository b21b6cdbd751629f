package loop

import (
	"slices"
	"strings"

	"github.com/practiceaudit/practiceaudit/audit"
)

// Topic is what a notice is about. Who is told, and in what words, stands in
// the process policy.
type Topic string

// The topics of notices.
const (
	TopicSelected             Topic = "selected"
	TopicAllocated            Topic = "allocated"
	TopicFinalised            Topic = "finalised"
	TopicInadequateAudit      Topic = "inadequate_audit"
	TopicInadequateModeration Topic = "inadequate_moderation"
	TopicConcern              Topic = "concern"
	TopicPlanRecorded         Topic = "plan_recorded"
	TopicNoPlan               Topic = "no_plan"
	TopicUnacknowledged       Topic = "unacknowledged"
	TopicModeratorAllocated   Topic = "moderator_allocated"
	TopicModerated            Topic = "moderated"
	TopicReturned             Topic = "returned"
	TopicClosed               Topic = "closed"
	TopicTracker              Topic = "tracker"
	TopicActionsConfirmed     Topic = "actions_confirmed"
	TopicLoopClosed           Topic = "loop_closed"
	TopicReminder             Topic = "reminder"
	TopicOverdue              Topic = "overdue"
	TopicFollowUpPlanned      Topic = "follow_up_planned"
	TopicFollowUpDue          Topic = "follow_up_due"
	TopicDipSampled           Topic = "dip_sampled"
	TopicDipSampleAllocated   Topic = "dip_sample_allocated"
	TopicReassigned           Topic = "reassigned"
	TopicCorrected            Topic = "corrected"
	TopicReopened             Topic = "reopened"
	TopicDisagreed            Topic = "disagreed"
	TopicSettled              Topic = "settled"
	TopicSuspended            Topic = "suspended"
	TopicResumed              Topic = "resumed"
	TopicWithdrawn            Topic = "withdrawn"
	TopicFollowUpCancelled    Topic = "follow_up_cancelled"
	TopicMigrated             Topic = "migrated"
	TopicAdviceAsked          Topic = "advice_asked"
	TopicAdviceGiven          Topic = "advice_given"
)

// Topics lists every topic, in the order of the process.
func Topics() []Topic {
	return []Topic{
		TopicConcern, TopicSelected, TopicAllocated, TopicFinalised, TopicInadequateAudit,
		TopicPlanRecorded, TopicNoPlan, TopicUnacknowledged, TopicModeratorAllocated,
		TopicModerated, TopicInadequateModeration, TopicReturned, TopicClosed, TopicTracker,
		TopicActionsConfirmed, TopicLoopClosed, TopicFollowUpPlanned, TopicFollowUpDue,
		TopicDipSampleAllocated, TopicDipSampled, TopicReassigned, TopicCorrected, TopicReopened,
		TopicDisagreed, TopicSettled, TopicSuspended, TopicResumed, TopicWithdrawn, TopicFollowUpCancelled,
		TopicMigrated, TopicAdviceAsked, TopicAdviceGiven, TopicReminder, TopicOverdue,
	}
}

// Text is a topic's recipients and words. The words may hold the placeholders
// of [Placeholders] and nothing else that varies: free text and names cannot
// get into a notice.
type Text struct {
	Tell     []audit.Role
	Critical bool // a person must acknowledge it
	Subject  string
	Body     string
}

// Placeholders are what the words of a notice may hold, each in braces.
func Placeholders() []string {
	return []string{"case", "reference", "audit", "grade", "plan", "what", "due", "status", "start"}
}

// fill puts values into a text's placeholders.
func fill(text string, values map[string]string) string {
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(text, "{")
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		name, after, ok := strings.Cut(rest, "}")
		if !ok || !slices.Contains(Placeholders(), name) {
			b.WriteByte('{')
			text = rest
			continue
		}
		b.WriteString(values[name])
		text = after
	}
}
