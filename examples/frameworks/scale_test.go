package frameworks_test

import (
	"math/rand/v2"
	"os"
	"strconv"
	"testing"

	"github.com/practiceaudit/practiceaudit/examples/frameworks"
	"github.com/practiceaudit/practiceaudit/rubric"
)

// scaled are the sections of the scale from 0 to 10, with the facts that hold their
// scores. The first counts twice.
var scaled = []struct{ section, fact string }{
	{"voice_of_the_child", "voice"}, {"childs_journey", "journey"}, {"quality_of_work", "work"},
	{"recording_of_work", "recording"}, {"management_oversight", "oversight"},
}

// bands say what each score from 0 to 10 is.
var bands = [11]rubric.Grade{
	"inadequate", "inadequate", "inadequate", "inadequate", "requires_improvement", "requires_improvement",
	"good", "good", "outstanding", "outstanding", "outstanding",
}

// scaledFile works out the grade of a file from its sections' scores and from the
// grades that count for them, as a person would: the average first, then what a
// section of 3 or less, the quota and a section below Good leave of it.
func scaledFile(scores [5]int, counted [5]rubric.Grade) rubric.Grade {
	grade, sum, lowest, below := rubric.Grade("inadequate"), scores[0], 10, 0
	for i, score := range scores {
		sum += score
		lowest = min(lowest, score)
		if counted[i] == "inadequate" || counted[i] == "requires_improvement" {
			below++
		}
	}
	switch average := sum / 6; {
	case average >= 8:
		grade = "outstanding"
	case average >= 6:
		grade = "good"
	case average >= 4:
		grade = "requires_improvement"
	}
	if grade == "outstanding" && below > 0 {
		grade = "good"
	}
	if grade == "good" || grade == "outstanding" {
		if lowest <= 3 || below > 2 {
			return "requires_improvement"
		}
	}
	return grade
}

// Every form that the scale can have, without judgements by people.
func TestScoresFallIntoTheirBandsAndTheQuotaHolds(t *testing.T) {
	sequential(t)
	r := parse(t, frameworks.NumericScaleFile, frameworks.NumericScale())
	forms, seen := 11*11*11*11*11, map[rubric.Grade]int{}
	for i := range forms {
		var scores [5]int
		for s := range scores {
			scores[s] = i % 11
			i /= 11
		}
		seen[checkScaled(t, r, scores, nil)]++
		if t.Failed() {
			return
		}
	}
	t.Logf("%d forms: %v", forms, seen)
	if len(seen) != 4 {
		t.Errorf("some grade never came out: %v", seen)
	}
}

// A judgement by people counts for the quota, and a score of 3 or less holds all the
// same.
func TestJudgementsCountForTheQuotaAndNotForTheScores(t *testing.T) {
	r := parse(t, frameworks.NumericScaleFile, frameworks.NumericScale())
	random := rand.New(rand.NewPCG(5, 7))
	grades, mattered := r.Grades(), 0
	for range effort(5_000, 100_000) {
		var scores [5]int
		judged := map[string]rubric.Grade{}
		for s := range scores {
			scores[s] = random.IntN(11)
			if random.IntN(2) == 0 {
				judged[scaled[s].section] = grades[random.IntN(len(grades))]
			}
		}
		if checkScaled(t, r, scores, judged) != checkScaled(t, r, scores, nil) {
			mattered++
		}
		if t.Failed() {
			return
		}
	}
	if mattered == 0 {
		t.Error("no judgement ever mattered")
	}
}

// checkScaled grades a form and returns the grade of the file.
func checkScaled(t *testing.T, r *rubric.Rubric, scores [5]int, judged map[string]rubric.Grade) rubric.Grade {
	t.Helper()
	facts := map[string]string{}
	var counted [5]rubric.Grade
	for s, score := range scores {
		facts[scaled[s].fact] = strconv.Itoa(score)
		if counted[s] = bands[score]; judged[scaled[s].section] != "" {
			counted[s] = judged[scaled[s].section]
		}
	}
	res := grade(t, r, rubric.Answers{Facts: facts, Judgements: judged})
	for s, score := range scores {
		expect(t, res, scaled[s].section, bands[score], facts)
	}
	want := scaledFile(scores, counted)
	expect(t, res, "", want, facts)
	return want
}

// effort is how many random cases a test tries: PRACTICEAUDIT_EFFORT is small (also
// if it is not set), ci, or a number.
func effort(small, ci int) int {
	switch e := os.Getenv("PRACTICEAUDIT_EFFORT"); e {
	case "", "small":
		return small
	case "ci":
		return ci
	default:
		if n, err := strconv.Atoi(e); err == nil {
			return n
		}
		return small
	}
}

// sequential skips a long test that runs nothing at the same time as anything else
// where only that is looked for: under the race detector, with -short.
func sequential(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("long, and nothing in it runs at the same time as anything else")
	}
}
