package loop_test

import (
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/rubric"
)

// What the caseload said of a file is corrected: all that is wrong with the
// correction is said at once, and from when the file could be chosen is counted anew.
func TestACaseIsCorrectedAndCountedAnew(t *testing.T) {
	w := newWalk(t, false)
	src, err := os.ReadFile("testdata/small-rubric.yaml")
	if err != nil {
		t.Fatal(err)
	}
	services := strings.Replace(string(src), "sections:", "services: [early_help, care]\nsections:", 1)
	if w.env.Rubric, err = rubric.Parse("small-rubric.yaml", []byte(services)); err != nil {
		t.Fatal(err)
	}
	w.engine.Env = w.env
	w.selected()
	c := audit.CorrectCase{Header: w.header("qa"), OpenedOn: day(t, "2026-03-30"), Service: "caer"}
	if rules := w.refusedBy(c); !slices.Equal(rules, []string{"because", "eligible", "case"}) {
		t.Errorf("refused by %v", rules)
	}
	var rs audit.Refusals
	if !errors.As(w.try(c), &rs) || rs[2].Command != "correct_case" || rs[2].Accept != "care" {
		t.Errorf("the service is refused with %+v", rs)
	}
	w.wantRefused("role", audit.CorrectCase{Header: w.header("auditor"), OpenedOn: day(t, "2026-01-05"), Because: secret})
	c = audit.CorrectCase{Header: w.header("qa"), OpenedOn: day(t, "2026-01-05"), Service: "care", Team: "Lakeside", Because: secret}
	w.must(c)
	if a := w.state().Audit; a.Case.Service != "care" || a.Eligible.Due != day(t, "2026-02-02") {
		t.Errorf("%+v, to be chosen from %s", a.Case, a.Eligible.Due)
	}
}

func TestAnAuditIsLinkedToOthersOnceEach(t *testing.T) {
	w := newWalk(t, false)
	w.started()
	link := func(streams ...string) audit.LinkHousehold {
		return audit.LinkHousehold{Header: w.header("qa"), Streams: streams, Because: secret}
	}
	w.wantRefused("household", link("stream-2", "stream-2"))
	w.wantRefused("household", link("stream-2", string(w.stream)))
	w.must(link("stream-3", "stream-2"))
	w.must(link("stream-2"))
	if got := w.state().Audit.Household; !slices.Equal(got, []string{"stream-2"}) {
		t.Errorf("linked to %v", got)
	}
}

// A follow-up is of the case as it was when it was planned; it is corrected in its
// own stream.
func TestAFollowUpsCaseIsCorrectedWithoutAskingSinceWhenItIsOpen(t *testing.T) {
	w := newWalk(t, true)
	w.finalised()
	planned, _ := w.state().FollowUp(audit.DeepDive)
	w.stream = planned.Stream
	w.must(audit.CorrectCase{Header: w.header("qa"), OpenedOn: day(t, "2026-04-10"), Because: secret})
	if a := w.state().Audit; !a.Eligible.IsZero() || a.Phase != audit.PhasePlanned {
		t.Errorf("%s, to be chosen from %s", a.Phase, a.Eligible.Due)
	}
}
