package frameworks_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/practiceaudit/practiceaudit/examples/frameworks"
	"github.com/practiceaudit/practiceaudit/rubric"
)

// keyQuestion is one of CQC's five, with the facts that hold the scores of its
// quality statements.
type keyQuestion struct {
	section    string
	statements []string
}

var keyQuestions = []keyQuestion{
	{"safe", []string{"learning", "systems", "safeguarding", "risks", "environments", "staffing", "infection", "medicines"}},
	{"effective", []string{"needs", "practice", "teamwork", "healthier", "outcomes", "consent"}},
	{"caring", []string{"kindness", "individuals", "independence", "responding", "wellbeing"}},
	{"responsive", []string{"person", "continuity", "information", "listening", "access", "equity", "future"}},
	{"well_led", []string{"direction", "leaders", "speaking_up", "equality", "governance", "partnerships", "improvement", "sustainable"}},
}

// scores are the i-th of all combinations of scores that a key question can have.
func (q keyQuestion) scores(i int) []int {
	scores := make([]int, len(q.statements))
	for s := range scores {
		scores[s] = 1 + i%4
		i /= 4
	}
	return scores
}

func (q keyQuestion) combinations() int { return 1 << (2 * len(q.statements)) }

// ratingOf works out the rating of a key question as a person would with the page
// in hand: add up, divide, round, look up the band, look for a 1 or a 2.
func ratingOf(scores, weights []int) rubric.Grade {
	points, most, lowest := 0, 0, 4
	for i, score := range scores {
		points += weights[i] * score
		most += weights[i] * 4
		lowest = min(lowest, score)
	}
	percent, left := 100*points/most, 100*points%most
	if left >= most-left {
		percent++
	}
	switch {
	case percent <= 38:
		return "inadequate"
	case percent <= 62:
		return "requires_improvement"
	case percent <= 87:
		if lowest == 1 {
			return "requires_improvement"
		}
		return "good"
	default:
		if lowest == 1 || lowest == 2 {
			return "good"
		}
		return "outstanding"
	}
}

// wholeOf follows the rating principles.
func wholeOf(ratings []rubric.Grade, breach bool) rubric.Grade {
	n := map[rubric.Grade]int{}
	for _, rating := range ratings {
		n[rating]++
	}
	whole := rubric.Grade("requires_improvement") // one is inadequate: our reading
	switch {
	case n["inadequate"] >= 2:
		whole = "inadequate"
	case n["requires_improvement"] >= 2:
	case n["outstanding"] >= 2 && n["outstanding"]+n["good"] == 5:
		whole = "outstanding"
	case n["inadequate"] == 0:
		whole = "good"
	}
	if breach && (whole == "good" || whole == "outstanding") {
		whole = "requires_improvement"
	}
	return whole
}

func equalWeights(n int) []int {
	weights := make([]int, n)
	for i := range weights {
		weights[i] = 1
	}
	return weights
}

// Every combination of scores that a key question can have is graded, beside ever
// other ones of the other key questions.
func TestRatingsAreTheSharesOfPointsWithTheirLimits(t *testing.T) {
	sequential(t)
	r := parse(t, frameworks.QualityRatingsFile, frameworks.QualityRatings())
	forms := keyQuestions[0].combinations()
	seen := map[string]int{}
	for i := range forms {
		facts, want := map[string]string{}, make([]rubric.Grade, len(keyQuestions))
		for k, q := range keyQuestions {
			// An odd number of steps at a time meets every combination.
			scores := q.scores(i * (2*k + 1) % q.combinations())
			for s, statement := range q.statements {
				facts[statement] = strconv.Itoa(scores[s])
			}
			want[k] = ratingOf(scores, equalWeights(len(scores)))
		}
		breach := i%3 == 0
		facts["breach"] = map[bool]string{true: "yes", false: "no"}[breach]
		res := grade(t, r, rubric.Answers{Facts: facts})
		for k, q := range keyQuestions {
			expect(t, res, q.section, want[k], facts)
			seen[q.section+" "+string(want[k])]++
		}
		whole := wholeOf(want, breach)
		expect(t, res, "", whole, facts)
		seen[string(whole)]++
		if t.Failed() {
			return
		}
	}
	t.Logf("%d forms: %v", forms, seen)
	if len(seen) != 4*(len(keyQuestions)+1) {
		t.Errorf("some rating never came out: %v", seen)
	}
}

// The whole is graded from every combination of five ratings, each reached by scores.
func TestTheWholeFollowsTheRatingPrinciples(t *testing.T) {
	r := parse(t, frameworks.QualityRatingsFile, frameworks.QualityRatings())
	grades := r.Grades()
	for i := range 1 << (2 * len(keyQuestions)) {
		for _, breach := range []string{"yes", "no"} {
			facts, ratings := map[string]string{"breach": breach}, make([]rubric.Grade, len(keyQuestions))
			for k, q := range keyQuestions {
				score := i >> (2 * k) & 3 // the same throughout, so a rating of the same rank
				ratings[k] = grades[score]
				for _, statement := range q.statements {
					facts[statement] = strconv.Itoa(score + 1)
				}
			}
			res := grade(t, r, rubric.Answers{Facts: facts})
			expect(t, res, "", wholeOf(ratings, breach == "yes"), facts)
		}
	}
}

// The bands are published in whole percents. What is worked out here by hand is
// what the reading of the gaps between them comes to.
func TestHalfAPercentIsRoundedUp(t *testing.T) {
	for _, test := range []struct {
		points, statements int
		want               rubric.Grade
	}{
		{12, 8, "inadequate"},           // 37.5%, so 38%
		{9, 6, "inadequate"},            // 37.5%
		{10, 6, "requires_improvement"}, // 41.7%
		{11, 7, "requires_improvement"}, // 39.3%
		{19, 8, "requires_improvement"}, // 59.4%
		{20, 8, "good"},                 // 62.5%, so 63%
		{15, 6, "good"},                 // 62.5%
		{21, 8, "good"},                 // 65.6%
		{27, 8, "good"},                 // 84.4%
		{28, 8, "outstanding"},          // 87.5%, so 88%
		{21, 6, "outstanding"},          // 87.5%
	} {
		scores := equalWeights(test.statements)
		for i := range test.points - test.statements {
			scores[i%test.statements]++
		}
		if got := ratingOf(scores, equalWeights(test.statements)); got != test.want {
			t.Errorf("%d points of %d: %s, want %s", test.points, 4*test.statements, got, test.want)
		}
	}
}

// A council that wants one statement to count more changes what the file says of
// weights, and nothing else.
func TestAStatementCanBeMadeToCountTwice(t *testing.T) {
	sequential(t)
	rules, _, _ := strings.Cut(string(frameworks.QualityRatings()), "\nexamples:\n")
	before, rest, _ := strings.Cut(rules, "\n  safe:\n")
	safe, after, found := strings.Cut(rest, "\n  effective:\n")
	if !found {
		t.Fatal("the file is not laid out as this test expects")
	}
	weighted := strings.NewReplacer("+ safeguarding +", "+ 2 * safeguarding +", ") + 16 ", ") + 18 ", " * 32\n", " * 36\n").Replace(safe)
	r := parse(t, frameworks.QualityRatingsFile, []byte(before+"\n  safe:\n"+weighted+"\n  effective:\n"+after))
	q, differs := keyQuestions[0], 0
	weights := equalWeights(len(q.statements))
	weights[2] = 2
	for i := 0; i < q.combinations(); i += 7 {
		scores, facts := q.scores(i), map[string]string{}
		for s, statement := range q.statements {
			facts[statement] = strconv.Itoa(scores[s])
		}
		want := ratingOf(scores, weights)
		expect(t, grade(t, r, rubric.Answers{Facts: facts}), q.section, want, facts)
		if want != ratingOf(scores, equalWeights(len(scores))) {
			differs++
		}
	}
	if differs == 0 {
		t.Error("the weight never mattered")
	}
}
