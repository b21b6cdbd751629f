package loop_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/cycle"
	"github.com/practiceaudit/practiceaudit/loop"
	"github.com/practiceaudit/practiceaudit/rubric"
	"github.com/practiceaudit/practiceaudit/rubric/halton"
)

func TestHaltonsCycleIsOneFileAMonthForEach(t *testing.T) {
	p := haltonEnv(t).Policy.Cycle
	if p.NotAgainWithin.String() != "12 months" || p.Reserves != 10 || p.Auditors.Files != 1 || p.Moderators.Files != 1 {
		t.Errorf("the cycle is %+v", p)
	}
	if diff := cmp.Diff([]cycle.Bar{cycle.BarOwnTeam, cycle.BarLine}, p.Auditors.Never); diff != "" {
		t.Errorf("what auditors never get (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]audit.Kind{audit.DeepDive}, p.Moderated); diff != "" {
		t.Errorf("what is moderated (-want +got):\n%s", diff)
	}
}

// Each mistake is answered in its place: on the line that is wrong.
func TestEveryMistakeInACyclesPolicyIsAnsweredInItsPlace(t *testing.T) {
	good := string(halton.ProcessPolicy())
	for _, tc := range []struct{ name, old, new, line, message string }{
		{"no cycle", "cycle:\n", "cycles:\n", "cycles:", `unknown key "cycles"; did you mean "cycle"?`},
		{"a period in working days", "not_again_within: 12 months", "not_again_within: 12 working days", "not_again_within", "this period is counted in days or weeks or months, not in working days"},
		{"too many reserves", "reserves: 10 ", "reserves: 1000 ", "reserves", `"1000" is not a number of files from 0 to 100`},
		{"reserves in words", "reserves: 10 ", "reserves: ten ", "reserves", `"reserves" should be a whole number, and is text`},
		{"nobody has a file", "files: 1                     # \"will audit", "files: 0                     # \"will audit", "files: 0", `"0" is not a number of files from 1 to 20`},
		{"a misspelt bar", "never: [own_team, line", "never: [own_tem, line", "never: [own_tem", `"own_tem" is not one of own_team, line, reviewer; did you mean "own_team"?`},
		{"a role of a case", "confirm_picks: [qa_team]", "confirm_picks: [team_manager]", "confirm_picks: [team", "a cycle belongs to no case, so it has no team manager: name roles of the council, such as qa_team"},
		{"a command that nobody may give", "  draw: [qa_team]\n", "  draw: []\n", "  draw: []", "nobody may give the command draw: name a role"},
		{"a command that is not there", "  draw: [qa_team]\n", "", "may:", "it is not said who may give the command draw"},
	} {
		if !strings.Contains(good, tc.old) {
			t.Errorf("%s: there is no %q to change", tc.name, tc.old)
			continue
		}
		_, err := loop.ParsePolicy("policy.yaml", []byte(strings.Replace(good, tc.old, tc.new, 1)))
		var ms rubric.Mistakes
		if !errors.As(err, &ms) || len(ms) == 0 {
			t.Errorf("%s: %v is no list of mistakes", tc.name, err)
			continue
		}
		if !strings.Contains(ms[0].Message, tc.message) || !strings.Contains(ms[0].Text, tc.line) {
			t.Errorf("%s: %v\nwant %s, on the line %s", tc.name, err, tc.message, tc.line)
		}
	}
}
