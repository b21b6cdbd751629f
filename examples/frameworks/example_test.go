package frameworks_test

import (
	"fmt"

	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/examples/frameworks"
	"github.com/practiceaudit/practiceaudit/rubric"
)

// Five scores from 0 to 10: the average would be Good, and the quota is used up.
func ExampleNumericScale() {
	r, err := rubric.Parse(frameworks.NumericScaleFile, frameworks.NumericScale())
	if err != nil {
		panic(err) // every mistake, each with its line and a caret
	}
	form, err := r.Form(rubric.Answers{
		Facts:      map[string]string{"voice": "9", "journey": "8", "work": "5", "recording": "5", "oversight": "4"},
		Judgements: map[string]rubric.Grade{"quality_of_work": "requires_improvement"},
	}, calendar.EnglandAndWales())
	if err != nil {
		panic(err) // every mistake in the answers
	}
	fmt.Print(form.Grade().Explain().Text())
	// Output:
	// Voice of the child: the rubric suggests Outstanding.
	//   Why: The score is from 8 to 10 (our reading).
	//   The rule: the answer to “Voice of the child” is at least 8.
	//     - Voice of the child 9 out of 10
	//
	// The child's journey: the rubric suggests Outstanding.
	//   Why: The score is from 8 to 10 (our reading).
	//   The rule: the answer to “The child's journey” is at least 8.
	//     - The child's journey 8 out of 10
	//
	// Quality of the work: the rubric suggests Requires improvement to be good.
	//   Why: The score is 4 or 5 (our reading).
	//   The rule: the answer to “Quality of the work” is at least 4.
	//     - Quality of the work 5 out of 10
	//   Judged: Requires improvement to be good.
	//   Why not Good: its rule asks that the answer to “Quality of the work” is at least 6. In the way:
	//     - Quality of the work 5 out of 10
	//   Why not Outstanding: its rule asks that the answer to “Quality of the work” is at least 8. In the way:
	//     - Quality of the work 5 out of 10
	//
	// Recording: the rubric suggests Requires improvement to be good.
	//   Why: The score is 4 or 5 (our reading).
	//   The rule: the answer to “Recording” is at least 4.
	//     - Recording 5 out of 10
	//   Why not Good: its rule asks that the answer to “Recording” is at least 6. In the way:
	//     - Recording 5 out of 10
	//   Why not Outstanding: its rule asks that the answer to “Recording” is at least 8. In the way:
	//     - Recording 5 out of 10
	//
	// Management oversight: the rubric suggests Requires improvement to be good.
	//   Why: The score is 4 or 5 (our reading).
	//   The rule: the answer to “Management oversight” is at least 4.
	//     - Management oversight 4 out of 10
	//   Why not Good: its rule asks that the answer to “Management oversight” is at least 6. In the way:
	//     - Management oversight 4 out of 10
	//   Why not Outstanding: its rule asks that the answer to “Management oversight” is at least 8. In the way:
	//     - Management oversight 4 out of 10
	//   Note: Not among Lincolnshire's principles: ours.
	//
	// The file as a whole: the rubric suggests Requires improvement to be good. A limit leaves no more; the rules alone would suggest Good.
	//   Why the rules would suggest Good: The average score is 6 or more, the voice of the child counted twice (our reading).
	//   The rule: (((((2 times the answer to “Voice of the child”) plus the answer to “The child's journey”) plus the answer to “Quality of the work”) plus the answer to “Recording”) plus the answer to “Management oversight”) is at least (6 times 6).
	//     - Voice of the child 9 out of 10
	//     - The child's journey 8 out of 10
	//     - Quality of the work 5 out of 10
	//     - Recording 5 out of 10
	//     - Management oversight 4 out of 10
	//   Limit: at most Requires improvement to be good. A Good file has no more than two sections below Good (our reading).
	//     - Quality of the work: judged Requires improvement to be good
	//     - Recording: Requires improvement to be good is suggested
	//     - Management oversight: Requires improvement to be good is suggested
	//   Limit: at most Good. An Outstanding file has no section below Good (our reading).
	//     - Quality of the work: judged Requires improvement to be good
	//     - Recording: Requires improvement to be good is suggested
	//     - Management oversight: Requires improvement to be good is suggested
	//   Why not Good: its rule is met; and a limit above leaves less.
	//   Why not Outstanding: its rule asks that (((((2 times the answer to “Voice of the child”) plus the answer to “The child's journey”) plus the answer to “Quality of the work”) plus the answer to “Recording”) plus the answer to “Management oversight”) is at least (8 times 6); and a limit above leaves less. In the way:
	//     - Voice of the child 9 out of 10
	//     - The child's journey 8 out of 10
	//     - Quality of the work 5 out of 10
	//     - Recording 5 out of 10
	//     - Management oversight 4 out of 10
	//
	// The rubric suggests and limits. The judgement is yours: read the evidence, and say in your own words why.
}

// Safe has 25 of 32 points, 78%, and a 1 among its scores.
func ExampleQualityRatings() {
	r, err := rubric.Parse(frameworks.QualityRatingsFile, frameworks.QualityRatings())
	if err != nil {
		panic(err)
	}
	facts := map[string]string{"breach": "no"}
	for _, fact := range r.Facts() {
		if fact.Type == rubric.NumberFact {
			facts[fact.Name] = "3"
		}
	}
	facts["learning"], facts["safeguarding"], facts["staffing"], facts["medicines"] = "4", "1", "4", "4"
	form, err := r.Form(rubric.Answers{Facts: facts}, calendar.EnglandAndWales())
	if err != nil {
		panic(err)
	}
	x := form.Grade().Explain()
	for _, p := range append(x.Sections, x.Overall) {
		fmt.Printf("%s: %s. %s\n", p.Title, p.Suggested, p.Because)
		for _, l := range p.Limits {
			fmt.Printf("  but at most %s: %s\n", l.AtMost, l.Because)
		}
	}
	fmt.Println(x.Closing)
	// Output:
	// Safe: Requires improvement. The score is from 63 to 87%.
	//   but at most Requires improvement: The score is in the good range, but a quality statement is scored 1.
	// Effective: Good. The score is from 63 to 87%.
	// Caring: Good. The score is from 63 to 87%.
	// Responsive: Good. The score is from 63 to 87%.
	// Well-led: Good. The score is from 63 to 87%.
	// The file as a whole: Good. No key question is inadequate, and no more than one requires improvement.
	// The rubric suggests and limits. The judgement is yours: read the evidence, and say in your own words why.
}
