package loop_test

import (
	"errors"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/practiceaudit/practiceaudit/loop"
	"github.com/practiceaudit/practiceaudit/rubric"
	"github.com/practiceaudit/practiceaudit/rubric/halton"
)

var update = flag.Bool("update", false, "write the golden files anew")

// wrongPolicies say what is put in the place of what in Halton's policy.
var wrongPolicies = []struct{ name, old, new string }{
	{"a misspelt key", "clocks:", "cloks:"},
	{"a missing clock", "  tracker:\n    within: 1 week               # \"the action tracker within 1 week\"\n    roll: following\n    starts: when the moderation is finalised\n    remind:\n      - { before: 1 working day, tell: [qa_manager] }\n    escalate:\n      - { after: 1 working day, tell: [qa_manager] }\n", ""},
	{"a misspelt period", "within: 10 days", "within: 10 dais"},
	{"a period in the wrong unit", "open_for: 4 weeks", "open_for: 4 hours"},
	{"a day that no month has", "day: 7", "day: 32"},
	{"a misspelt roll", "roll: following                # our reading", "roll: folowing                # our reading"},
	{"an hour that is none", `send_at: "09:00"`, `send_at: "25:00"`},
	{"an hour that is no text", `send_at: "09:00"`, `send_at: 9`},
	{"deep dives that are not moderated", "moderated: [deep_dive]", "moderated: [thematic]"},
	{"a misspelt role", "check_moderation: [qa_principal_manager]", "check_moderation: [qa_principle_manager]"},
	{"a misspelt command", "  comment: [qa_principal_manager]", "  coment: [qa_principal_manager]"},
	{"a command that nobody may give", "  finalise: [auditor]", "  finalise: []"},
	{"a command that is not there", "  finalise: [auditor]\n", ""},
	{"a selection by a role that no file has yet", "  select: [qa_team]", "  select: [qa_team, team_manager]"},
	{"a withdrawal by two people of one role", "agree_withdrawal: [qa_manager, divisional_manager]", "agree_withdrawal: [qa_manager, qa_manager]"},
	{"a ladder that goes down", "- { after: 4 hours, tell: [director] }\n    - { after: 6", "- { after: 1 hour, tell: [director] }\n    - { after: 6"},
	{"a rung that tells nobody", "{ after: 6 hours, tell: [out_of_hours_manager] }", "{ after: 6 hours, tell: [] }"},
	{"a reminder that reminds nobody", "{ before: 2 working days, tell: [moderator] }", "{ before: 2 working days, tell: [] }"},
	{"an escalation that tells nobody", "{ after: 1 working day, tell: [qa_principal_manager, qa_manager] }", "{ after: 1 working day, tell: [] }"},
	{"a ladder in working days", "{ after: 6 hours,", "{ after: 6 working days,"},
	{"no ladder for want of a plan", "  plan:                          # while", "  plans:                         # while"},
	{"a share of dip samples that is none", "dip_sample: all ", "dip_sample: every fourth "},
	{"no reflection", "  - { id: proud, text:", "  - { text:"},
	{"several at once", "within: 10 days", "within: ten days\n    rol: following"},
}

// The answers are read by policy officers, who write no code: look at the
// golden file.
func TestEveryMistakeInAPolicyIsAnsweredInItsPlace(t *testing.T) {
	good := string(halton.ProcessPolicy())
	var b strings.Builder
	for _, tc := range wrongPolicies {
		if !strings.Contains(good, tc.old) {
			t.Errorf("%s: there is no %q to change", tc.name, tc.old)
			continue
		}
		_, err := loop.ParsePolicy("policy.yaml", []byte(strings.Replace(good, tc.old, tc.new, 1)))
		b.WriteString("== " + tc.name + "\n")
		var ms rubric.Mistakes
		if !errors.As(err, &ms) {
			t.Errorf("%s: %v is not a list of mistakes", tc.name, err)
			continue
		}
		b.WriteString(err.Error() + "\n")
	}
	const golden = "testdata/policy-mistakes.txt"
	if *update {
		if err := os.WriteFile(golden, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("-want +got (go test ./loop -update writes it anew):\n%s", diff)
	}
}

// A council can tell more people of a danger to a child, never fewer.
func TestWhoMustBeToldCannotBeTakenOutOfAPolicy(t *testing.T) {
	good := string(halton.ProcessPolicy())
	for _, topic := range []string{"concern", "inadequate_audit", "inadequate_moderation"} {
		at := strings.Index(good, "\n  "+topic+":")
		if at < 0 {
			t.Fatalf("the policy has no notice %s", topic)
		}
		tell := at + strings.Index(good[at:], "divisional_manager")
		changed := good[:tell] + "practice_lead" + good[tell+len("divisional_manager"):]
		if _, err := loop.ParsePolicy("policy.yaml", []byte(changed)); err == nil || !strings.Contains(err.Error(), "add divisional_manager") {
			t.Errorf("%s: %v", topic, err)
		}
	}
}

func TestAPolicyReadFromItsCanonicalFormIsTheSame(t *testing.T) {
	p, err := loop.ParsePolicy(halton.ProcessPolicyFile, halton.ProcessPolicy())
	if err != nil {
		t.Fatal(err)
	}
	again, err := loop.ParsePolicy("canonical.json", p.Canonical())
	if err != nil {
		t.Fatal(err)
	}
	if again.Digest() != p.Digest() {
		t.Errorf("got %s, want %s", again.Digest(), p.Digest())
	}
}

func FuzzParsePolicy(f *testing.F) {
	f.Add(string(halton.ProcessPolicy()))
	for _, tc := range wrongPolicies {
		f.Add(strings.Replace(string(halton.ProcessPolicy()), tc.old, tc.new, 1))
	}
	f.Fuzz(func(t *testing.T, src string) {
		p, err := loop.ParsePolicy("f", []byte(src))
		if (p == nil) == (err == nil) {
			t.Fatalf("%v and %v", p, err)
		}
	})
}
