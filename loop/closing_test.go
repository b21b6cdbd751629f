package loop_test

import (
	"strings"
	"testing"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/loop"
	"github.com/practiceaudit/practiceaudit/moderation"
)

// A closure audit is chosen on any day, of a case that is open for however short a
// time, and starts at once; a deep dive of the same council waits for its day.
func TestAClosureAuditWaitsForNoDay(t *testing.T) {
	w := newWalk(t, false).under(changed(t, "closure_audit: none", "closure_audit: all"))
	w.at("2026-04-14T10:00")
	closing := audit.Select{Header: w.header("qa"), Kind: audit.Closure, People: people, Case: audit.Case{Number: "104233", OpenedOn: day(t, "2026-04-13")}}
	future := closing
	future.Case.OpenedOn = day(t, "2026-04-15")
	w.wantRefused("eligible", future)
	deep := closing
	deep.Kind = audit.DeepDive
	w.wantRefused("eligible", deep)
	w.must(closing)
	w.must(audit.CorrectCase{Header: w.header("qa"), OpenedOn: day(t, "2026-04-14"), Because: secret})
	w.must(audit.Start{Header: w.header("qa"), Auditor: "auditor"})
	s := w.state()
	if s.Audit.StartOn != calendar.DateOf(w.now) || s.Audit.Due.Due != day(t, "2026-04-24") || s.Audit.Eligible.Due != day(t, "2026-04-14") {
		t.Errorf("starts on %s, due on %s, eligible from %s", s.Audit.StartOn, s.Audit.Due.Due, s.Audit.Eligible.Due)
	}
}

func TestWhatStandsInTheWayOfClosingACase(t *testing.T) {
	p := changed(t, "closure_audit: none", "closure_audit: all", "moderated: [deep_dive] ", "moderated: [deep_dive, closure] ")
	w := newWalk(t, true).under(p)
	w.finalised()
	file := audit.Case{Number: "104233", OpenedOn: day(t, "2025-09-15")}
	inTheWay := func(p *loop.Policy, audits ...loop.State) string {
		return strings.Join(audit.RefusalsOf(loop.MayClose(file, audits, p)).Rules(), " ")
	}
	deep := w.state()
	for _, tc := range []struct{ name, got, want string }{
		{"nothing was audited", inTheWay(p), "closure_audit"},
		{"a deep dive found it Inadequate", inTheWay(p, deep), "closure_audit acknowledged plan actions"},
		{"a council without closure audits", inTheWay(haltonEnv(t).Policy, deep), ""},
		{"no policy", inTheWay(nil, deep), ""},
	} {
		if tc.got != tc.want {
			t.Errorf("%s: %q, want %q", tc.name, tc.got, tc.want)
		}
	}

	c := newWalk(t, false).under(p)
	c.kind = audit.Closure
	c.moderated()
	if got := inTheWay(p, c.state()); got != "closure_audit actions" {
		t.Errorf("moderated and not closed: %s", got)
	}
	c.at("2026-05-01T10:30").must(moderation.Check{Header: c.header("checker")})
	c.must(moderation.Comment{Header: c.header("checker"), Comments: secret})
	for _, id := range []string{"A1", "M1"} {
		c.must(loop.CompleteAction{Header: c.header("practitioner"), Action: id, Evidence: secret})
		c.must(loop.ConfirmAction{Header: c.header("pm"), Action: id})
	}
	whole := c.state()
	if got := inTheWay(p, whole); got != "" {
		t.Errorf("all is done, and in the way is %s", got)
	}
	c.must(audit.Renumber{Header: c.header("qa"), Number: "200001", Because: secret})
	if got := inTheWay(p, c.state()); got != "" {
		t.Errorf("under its former number: %s", got)
	}
	earlier := whole
	earlier.Audit.StartOn = whole.Audit.StartOn.AddDays(-30)
	earlier.Moderation.Phase = moderation.PhaseFinalised
	if got := inTheWay(p, earlier, whole); got != "" {
		t.Errorf("an earlier closure audit is in the way: %s", got)
	}
	if got := inTheWay(p, whole, earlier); got != "" {
		t.Errorf("an earlier closure audit is in the way: %s", got)
	}
	whole.Newer = true
	if err := loop.MayClose(file, []loop.State{whole}, p); err != loop.ErrNewerHistory {
		t.Errorf("a history that cannot be read whole: %v", err)
	}
	whole.Newer, whole.Withdrawn = false, &loop.Withdrawn{}
	if got := inTheWay(p, whole); got != "closure_audit" {
		t.Errorf("withdrawn: %s", got)
	}
}

func TestAClosureAuditNeedsNoModerationThatThePolicyDoesNotAskFor(t *testing.T) {
	p := changed(t, "closure_audit: none", "closure_audit: all")
	c := newWalk(t, false).under(p)
	c.kind = audit.Closure
	c.finalised()
	c.must(loop.CompleteAction{Header: c.header("practitioner"), Action: "A1", Evidence: secret})
	c.must(loop.ConfirmAction{Header: c.header("pm"), Action: "A1"})
	file := audit.Case{Number: "104233", OpenedOn: day(t, "2025-09-15")}
	if err := loop.MayClose(file, []loop.State{c.state()}, p); err != nil {
		t.Error(err)
	}
	c.wantRefused("kind", moderation.Allocate{Header: c.header("qa"), Moderator: "moderator"})
}
