package loop_test

import (
	"strings"
	"testing"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/loop"
	"github.com/practiceaudit/practiceaudit/rubric/halton"
)

// Of a council's own titles, every refusal and notice speaks.
func TestACouncilsTitlesAreSaid(t *testing.T) {
	titled := changed(t, "\nselect:\n", "\ntitles:\n  auditor: team leader\n  divisional_manager: Head of Service\nselect:\n")
	w := newWalk(t, true).under(titled)
	w.met()
	err := w.try(audit.Finalise{Header: w.header("practitioner")})
	if err == nil || !strings.Contains(err.Error(), "(team leader may: auditor)") {
		t.Errorf("%v", err)
	}
	w.must(audit.Finalise{Header: w.header("auditor")})
	found := false
	for _, n := range w.state().Notices {
		found = found || n.Why == "as Head of Service of this case, to acknowledge"
		if strings.Contains(n.Why, "Divisional") {
			t.Errorf("%s: %s", n.Topic, n.Why)
		}
	}
	if !found {
		t.Error("the Head of Service is told nothing")
	}
	w.must(w.reassign("qa", audit.RoleAuditor, "another"))
	if got := w.state().Notices[len(w.state().Notices)-1].Subject; got != "Case 104233: you are now its team leader" {
		t.Error(got)
	}
	_, err = loop.ParsePolicy("policy.yaml", []byte(strings.Replace(string(halton.ProcessPolicy()), "\nselect:\n", "\ntitles:\n  auditer: team leader\nselect:\n", 1)))
	if err == nil || !strings.Contains(err.Error(), `"auditer"`) || !strings.Contains(err.Error(), `did you mean "auditor"?`) {
		t.Errorf("%v", err)
	}
}

func TestWithoutQuestionsTheMeetingNeedsNoReflection(t *testing.T) {
	src := string(halton.ProcessPolicy())
	from, to := strings.Index(src, "reflection:\n"), strings.Index(src, "\nfeedback:")
	p, err := loop.ParsePolicy("policy.yaml", []byte(src[:from]+"reflection: []\n"+src[to:]))
	if err != nil {
		t.Fatal(err)
	}
	w := newWalk(t, false)
	w.started()
	met := audit.Meet{Header: w.at("2026-04-13T14:00").header("auditor"), HeldOn: day(t, "2026-04-13"), With: []audit.PersonID{"practitioner"}}
	w.wantRefused("reflection", met)
	w = newWalk(t, false).under(p)
	w.started()
	met.Header = w.at("2026-04-13T14:00").header("auditor")
	w.must(met)
}
