package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/practiceaudit/practiceaudit/rubric/halton"
)

// A policy officer tries an edited rubric and an edited process on the examples.
func TestEditedRulesAreTried(t *testing.T) {
	d := newDesk(t, "late-allocation")
	d.write("rubric.yaml", strings.Replace(string(halton.DeepDive()), `within("24 hours", referred_at, allocated_at)`, `within("96 hours", referred_at, allocated_at)`, 1))
	d.write("policy.yaml", strings.Replace(string(halton.ProcessPolicy()), "within: 10 days ", "within: 20 days ", 1))
	rules, policy := filepath.Join(d.dir, "rubric.yaml"), filepath.Join(d.dir, "policy.yaml")
	if d.read("rubric.yaml") == string(halton.DeepDive()) || d.read("policy.yaml") == string(halton.ProcessPolicy()) {
		t.Fatal("nothing was edited")
	}
	out, _ := d.must("-rubric", rules, "-policy", policy, "-today", "2026-04-15")
	for _, want := range []string{"20 days after Tue 7 Apr 2026 is Mon 27 Apr 2026", "The file as a whole: the rubric suggests Requires improvement"} {
		if !strings.Contains(out, want) {
			t.Errorf("not told: %q in\n%s", want, out)
		}
	}
	// What has started under them runs by them to its end.
	if errs := d.refused("-rubric", rules); !strings.Contains(errs, "-policy: the audit in the database was started under another one (sha256:") {
		t.Errorf("another policy:\n%s", errs)
	}
	if errs := d.refused("-policy", policy); !strings.Contains(errs, "-rubric: the audit in the database was started under another one (sha256:") {
		t.Errorf("another rubric:\n%s", errs)
	}
	d.must("-rubric", rules, "-policy", policy)
}

// Their mistakes are said with those of all other files.
func TestMistakesInEditedRulesAreSaidWithAllOthers(t *testing.T) {
	d := newDesk(t, "late-allocation")
	d.write("rubric.yaml", strings.Replace(string(halton.DeepDive()), "referred_at:", "refered_at:", 1))
	d.write("policy.yaml", strings.Replace(string(halton.ProcessPolicy()), "open_for: 4 weeks", "open_for: 4 weaks", 1))
	d.change("audit.yaml", "meeting:", "meating:").change("updates.yaml", "do: close_loop\n", "do: close_lop\n").change("caseload.csv", "2025-12-01", "2025-13-01").change("people.yaml", "qa_manager:", "qa_manger:")
	says(t, d.refused("-rubric", filepath.Join(d.dir, "rubric.yaml"), "-policy", filepath.Join(d.dir, "policy.yaml")),
		"rubric.yaml:", "referred_at", "policy.yaml:", "weaks", "audit.yaml:17:1: unknown key \"meating\"", "\"close_lop\" is not one of", "caseload.csv:5:8:", "people.yaml:6:3: unknown key \"qa_manger\"")
	d = newDesk(t, "late-allocation")
	says(t, d.refused("-rubric", filepath.Join(d.dir, "nowhere.yaml")), "nowhere.yaml: there is no such file")
}
