package loop_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/loop"
	"github.com/practiceaudit/practiceaudit/moderation"
	"github.com/practiceaudit/practiceaudit/rubric"
)

// Corrections and reopenings are paths to a grade too: each is held to the bottom
// lines as the oracle of grades_test.go reads them.

// regrade is one path of a file through them.
type regrade struct {
	*rapid.T
	w *walk
	s loop.State
	o oracle
}

var gradesDown = []rubric.Grade{"outstanding", "good", "requires_improvement", "inadequate"}

func (r *regrade) try(c loop.Command) bool {
	events, err := loop.Decide(r.s, c, r.w.env)
	for _, e := range events {
		r.s = loop.Evolve(r.s, e)
	}
	return err == nil
}

// said draws one thing to say of the file in a view, that can be said of it.
func (r *regrade) said(v moderation.View) (what, said string, ok bool) {
	what = rapid.SampledFrom([]string{"consent", "allocated_at", "referral.reason_identified", "planning.up_to_date", "first unlisted"}).Draw(r.T, "what")
	said = rapid.SampledFrom(mayBeSaid[what]).Draw(r.T, "said")
	return what, said, said != "" && (said != "not missed" || r.o.of(v, what) == "missed")
}

// correct corrects one thing, with the best judgement that is accepted.
func (r *regrade) correct() {
	what, said, ok := r.said(atAudit)
	if !ok {
		return
	}
	a := answer(audit.Header{}, what, said)
	c := audit.Correct{Header: r.w.header("auditor"), Facts: a.Facts, Lines: a.Lines, Evidence: a.Evidence, Missed: a.Missed, NotMissed: a.NotMissed, Because: secret}
	was := r.s.Audit.Final.Grade
	r.o[atAudit][what] = said
	kept := slices.Index(gradesDown, was) >= slices.Index(gradesDown, r.o.best(atAudit))
	if rapid.Bool().Draw(r.T, "without a judgement") {
		if r.try(c) != kept {
			r.Fatalf("%s %q with the grade %s kept: accepted is not %t", what, said, was, kept)
		}
		if !kept {
			r.judge(c)
		}
		return
	}
	r.judge(c)
}

func (r *regrade) judge(c audit.Correct) {
	for _, g := range gradesDown {
		c.Judgements = []audit.CorrectedJudgement{{Section: audit.Overall, Grade: g, Rationale: secret}}
		if r.try(c) {
			break
		}
	}
	if g := r.s.Audit.Final.Grade; g != r.o.best(atAudit) {
		r.Fatalf("corrected to %s, want %s", g, r.o.best(atAudit))
	}
}

// reopen goes back to the audit, says something else and finalises it again.
func (r *regrade) reopen() {
	if !r.try(audit.Reopen{Header: r.w.header("manager"), Because: secret}) {
		r.Fatal("not reopened")
	}
	r.o[moderation.AsAtAudit], r.o[moderation.Now] = map[string]string{}, map[string]string{}
	if what, said, ok := r.said(atAudit); ok && r.try(answer(r.w.header("auditor"), what, said)) {
		r.o[atAudit][what] = said
	}
	for _, g := range gradesDown {
		if r.try(audit.Judge{Header: r.w.header("auditor"), Section: audit.Overall, Grade: g, Rationale: secret}) && r.try(audit.Finalise{Header: r.w.header("auditor")}) {
			break
		}
	}
	if g := r.s.Audit.Final.Grade; r.s.Audit.Phase != audit.PhaseFinalised || g != r.o.best(atAudit) {
		r.Fatalf("reopened and %s as %s, want %s", r.s.Audit.Phase, g, r.o.best(atAudit))
	}
}

// moderate takes the moderation, begun or reopened, to its end.
func (r *regrade) moderate() {
	moderator := r.w.header("moderator")
	if !r.try(moderation.Allocate{Header: r.w.header("qa"), Moderator: "moderator"}) {
		r.try(moderation.Reopen{Header: r.w.header("manager"), Because: secret})
	}
	r.try(moderation.Discuss{Header: moderator, HeldOn: moderator.On()})
	v := rapid.SampledFrom([]moderation.View{moderation.AsAtAudit, moderation.Now}).Draw(r.T, "view")
	if what, said, ok := r.said(v); ok {
		a := answer(moderator, what, said)
		if r.try(moderation.Amend{Header: moderator, View: v, Facts: a.Facts, Lines: a.Lines, Evidence: a.Evidence, Missed: a.Missed, NotMissed: a.NotMissed, Because: secret}) {
			r.o[v][what] = said
		}
	}
	for _, then := range gradesDown {
		for _, now := range gradesDown {
			if r.s.Moderation.Phase == moderation.PhaseAllocated &&
				r.try(moderation.Judge{Header: moderator, View: moderation.AsAtAudit, Grade: then, Rationale: secret}) &&
				r.try(moderation.Judge{Header: moderator, View: moderation.Now, Grade: now, Rationale: secret}) {
				r.try(moderation.Finalise{Header: moderator, Impact: secret})
			}
		}
	}
	then, now := r.o.best(moderation.AsAtAudit), r.o.best(moderation.Now)
	if f := r.s.Moderation.Final; r.s.Moderation.Phase != moderation.PhaseFinalised || f.AsAtAudit != then || f.Now != now {
		r.Fatalf("moderated (%s) as %+v, want %s as it was and %s now", r.s.Moderation.Phase, f, then, now)
	}
}

func TestGradesKeepWithinTheBottomLinesThroughCorrectionsAndReopenings(t *testing.T) {
	sequential(t)
	w := newWalk(t, false)
	w.finalised()
	from := w.state()
	rapid.Check(t, func(t *rapid.T) {
		r := &regrade{T: t, w: w, s: from, o: oracle{atAudit: {}, moderation.AsAtAudit: {}, moderation.Now: {}}}
		for range rapid.IntRange(1, 9).Draw(t, "steps") {
			switch phase := r.s.Moderation.Phase; rapid.IntRange(0, 2).Draw(t, "step") {
			case 0:
				if phase == moderation.PhaseNone {
					r.correct()
				}
			case 1:
				r.reopen()
			case 2:
				r.moderate()
			}
		}
		reAudits := 0
		for _, f := range r.s.FollowUps {
			if f.Kind == audit.DeepDive {
				reAudits++
			}
		}
		if reAudits > 1 {
			t.Fatalf("%d re-audits", reAudits)
		}
	})
}
