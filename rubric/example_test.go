package rubric_test

import (
	"fmt"
	"os"

	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/rubric"
)

// lateReferral is what an audit keeps of a file that is well kept but for a case
// allocated two days late.
var lateReferral = rubric.Answers{
	Facts: map[string]string{"referred_at": "2026-03-02T09:00", "allocated_at": "2026-03-04T10:00", "consent": "given"},
	Lines: map[string]map[string]rubric.Answer{"referral": {
		"reason_clear": rubric.Evidenced, "jargon_free": rubric.Evidenced, "evidence_based": rubric.Evidenced,
		"vital_missing": rubric.NotSeen, "not_clear": rubric.NotSeen,
	}},
	Judgements: map[string]rubric.Grade{"management_oversight": "good"},
}

func Example() {
	src, err := os.ReadFile("testdata/small.yaml")
	if err != nil {
		panic(err)
	}
	r, err := rubric.Parse("small.yaml", src)
	if err != nil {
		panic(err) // every mistake, each with its line and a caret
	}
	form, err := r.Form(lateReferral, calendar.EnglandAndWales())
	if err != nil {
		panic(err) // every mistake in the answers
	}
	fmt.Print(form.Grade().Explain().Text())
	// Output:
	// Referral: the rubric suggests Good.
	//   Why: Every Good line is evidenced (our reading).
	//   The rule: every line of “Good” that applies is evidenced and no line of “Inadequate” is seen.
	//     - “Jargon free” (Referral): evidenced
	//     - “Evidence based” (Referral): evidenced
	//     - “Vital information missing” (Referral): not seen
	//     - “Referral not clear” (Referral): not seen
	//   Why not Outstanding: no rule suggests it; it is given by judgement only.
	//
	// Management Oversight: judged freely; no rule suggests a grade.
	//   Judged: Good.
	//   Note: source incomplete.
	//
	// The file as a whole: the rubric suggests Inadequate. A limit leaves no more; the rules alone would suggest Good.
	//   Why the rules would suggest Good: the number of sections that are Good or better is the same as the number of sections that apply (our reading).
	//     - Referral: Good is suggested
	//     - Management Oversight: judged Good
	//   Limit: at most Inadequate. Files that do not evidence the bottom lines are graded inadequate (QA framework, The Collaborative Audit Process).
	//     - “Case allocated within 24 hours.” (Referral): not evidenced, from “When was the referral received?” 2026-03-02T09:00 and “When was the case allocated?” 2026-03-04T10:00; about a fixed past, which nothing done now changes
	//   Why not Requires improvement to be good: a limit above leaves less.
	//   Why not Good: its rule is met; and a limit above leaves less.
	//   Why not Outstanding: no rule suggests it; and a limit above leaves less.
	//
	// The rubric suggests and limits. The judgement is yours: read the evidence, and say in your own words why.
}
