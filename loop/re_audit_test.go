package loop_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/loop"
	"github.com/practiceaudit/practiceaudit/moderation"
	"github.com/practiceaudit/practiceaudit/rubric"
)

func TestAReAuditIsComparedLineByLineWithWhatWasFound(t *testing.T) {
	w := newWalk(t, true)
	w.moderatorAllocated()
	w.must(moderation.Discuss{Header: w.header("moderator"), HeldOn: day(t, "2026-04-16")})
	amend := func(v moderation.View, line string, a rubric.Answer) {
		w.must(moderation.Amend{
			Header: w.header("moderator"), View: v, Lines: map[string]map[string]rubric.Answer{"planning": {line: a}},
			Evidence: map[string]map[string]audit.FreeText{"planning": {line: secret}},
		})
	}
	line := firstStrength(t, w.env.Rubric, "planning")
	amend(moderation.AsAtAudit, line, rubric.NotEvidenced)
	amend(moderation.Now, line, rubric.Partly)
	for _, v := range []moderation.View{moderation.AsAtAudit, moderation.Now} {
		w.must(moderation.Judge{Header: w.header("moderator"), View: v, Grade: "inadequate", Rationale: secret})
	}
	w.must(moderation.Finalise{Header: w.header("moderator"), Impact: secret})
	origin := w.state()
	planned, _ := origin.FollowUp(audit.DeepDive)

	w.stream = planned.Stream
	w.at("2026-05-15T09:00").must(audit.Start{Header: w.header("qa"), Auditor: "second"})
	answers := wholeAnswer(w.env.Rubric, w.header("second"), true)
	w.must(answers)
	w.must(audit.Judge{Header: w.header("second"), Section: "planning", Grade: "good", Rationale: secret})
	again := w.state()

	c, err := loop.CompareReAudit(origin, again)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(loop.Grades{Audit: "inadequate", AsAtAudit: "inadequate", Now: "inadequate"}, c.Found); diff != "" {
		t.Errorf("found (-want +got):\n%s", diff)
	}
	i := slices.IndexFunc(c.Lines, func(l loop.LineCompared) bool { return l.Section == "planning" && l.Line == line })
	if want := (loop.LineCompared{Section: "planning", Line: line, Found: rubric.NotEvidenced, Now: rubric.Partly, Again: rubric.Evidenced}); i < 0 || c.Lines[i] != want || !want.Changed() {
		t.Errorf("the line is not compared: %+v", c.Lines)
	}
	i = slices.IndexFunc(c.Lines, func(l loop.LineCompared) bool { return l.Carried })
	if i < 0 || !c.Lines[i].Missed || c.Lines[i].MissedAgain || c.Lines[i].Text == "" {
		t.Errorf("what was missed in the past is not carried: %+v", c.Lines)
	}
	if changed := slices.DeleteFunc(slices.Clone(c.Lines), func(l loop.LineCompared) bool { return !l.Changed() }); len(changed) != 2 {
		t.Errorf("changed %+v", changed)
	}
	i = slices.IndexFunc(c.Sections, func(s loop.SectionCompared) bool { return s.Section == "planning" })
	if i < 0 || c.Sections[i] != (loop.SectionCompared{Section: "planning", Found: "good", Again: "good"}) || len(c.Sections) != len(w.env.Rubric.Sections()) {
		t.Errorf("sections %+v", c.Sections)
	}
	if !slices.Contains(c.Facts, loop.FactCompared{Fact: "allocated_at", Found: "2026-01-12T10:05", Now: "2026-01-12T10:05", Again: "2026-01-12T10:05"}) {
		t.Errorf("facts %+v", c.Facts)
	}
	for _, pair := range [][2]loop.State{{again, origin}, {origin, origin}, {loop.New("x"), again}, {}} {
		if _, err := loop.CompareReAudit(pair[0], pair[1]); err == nil {
			t.Errorf("%s is compared with %s", pair[1].Stream, pair[0].Stream)
		}
	}
}

// firstStrength is a line of a section that is evidenced or not.
func firstStrength(t *testing.T, r *rubric.Rubric, section string) string {
	t.Helper()
	for _, s := range r.Sections() {
		for _, l := range s.Lines {
			if s.ID == section && !l.Computed && slices.Contains(l.Lists, s.Lists[0].ID) && s.Lists[0].Kind == rubric.Strength {
				return l.ID
			}
		}
	}
	t.Fatalf("%s has no line to be evidenced", section)
	return ""
}
