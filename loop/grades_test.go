package loop_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/loop"
	"github.com/practiceaudit/practiceaudit/moderation"
	"github.com/practiceaudit/practiceaudit/rubric"
)

// mayBeSaid is what the paths below say of a file, the best first: facts by their
// name, lines by section and name, and two bottom lines that the rubric does not
// list. An empty answer takes an earlier one back.
var mayBeSaid = map[string][]string{
	"consent":      {"given", "not_needed_or_unsafe_recorded", "refused", "not_recorded", ""},
	"allocated_at": {"2026-01-09T17:00", "2026-01-12T10:05", ""},

	"referral.contact_details_identifiable": {"evidenced", "partly", "not_evidenced", ""},
	"referral.reason_identified":            {"evidenced", "partly", "not_evidenced", ""},
	"referral.acted_on_promptly":            {"evidenced", "partly", "not_evidenced", ""},
	"planning.up_to_date":                   {"evidenced", "not_applicable", "partly", "not_evidenced", ""}, // a Good line

	"first unlisted":  {"not missed", "missed"},
	"second unlisted": {"not missed", "missed"},
}

const atAudit moderation.View = "audit" // what the auditor said

// oracle remembers the last that was said of each thing in each view, and grades
// by Halton's sentences alone.
type oracle map[moderation.View]map[string]string

// of is what holds in a view: what was said of now, else of then, else at audit.
func (o oracle) of(v moderation.View, what string) string {
	for _, from := range []moderation.View{moderation.Now, moderation.AsAtAudit, atAudit} {
		if from == moderation.Now && v != moderation.Now || from == moderation.AsAtAudit && v == atAudit {
			continue
		}
		if said, ok := o[from][what]; ok {
			return said
		}
	}
	return mayBeSaid[what][0]
}

// best is the best grade that may become final in a view. "Children's files that
// do not evidence the 'bottom lines' should be graded as inadequate"; our reading:
// Outstanding needs every Good line.
func (o oracle) best(v moderation.View) rubric.Grade {
	best := rubric.Grade("outstanding")
	for what := range mayBeSaid {
		switch said := o.of(v, what); {
		case slices.Contains([]string{"evidenced", "given", "not_needed_or_unsafe_recorded", "2026-01-09T17:00", "not missed", "not_applicable"}, said):
		case what != "planning.up_to_date":
			return "inadequate"
		default:
			best = "good"
		}
	}
	return best
}

// answer is the command that says one thing of the file.
func answer(h audit.Header, what, said string) audit.Answer {
	c := audit.Answer{Header: h}
	section, line, isLine := strings.Cut(what, ".")
	unlisted := []rubric.MissedBottomLine{{Section: "review", Text: what, Source: "elsewhere"}}
	switch {
	case isLine:
		c.Lines = map[string]map[string]rubric.Answer{section: {line: rubric.Answer(said)}}
		c.Evidence = map[string]map[string]audit.FreeText{section: {line: secret}}
	case said == "missed":
		c.Missed = unlisted
	case said == "not missed":
		c.NotMissed = unlisted
	default:
		c.Facts = map[string]string{what: said}
	}
	return c
}

func TestGradesKeepWithinTheBottomLinesWhateverThePath(t *testing.T) {
	sequential(t)
	w := newWalk(t, false)
	w.met()
	met, auditor, moderator := w.state(), w.header("auditor"), w.header("moderator")
	everything := make([]string, 0, len(mayBeSaid))
	for what := range mayBeSaid {
		everything = append(everything, what)
	}
	slices.Sort(everything)
	grades := []rubric.Grade{"outstanding", "good", "requires_improvement", "inadequate"}
	rapid.Check(t, func(t *rapid.T) {
		s, o := met, oracle{atAudit: {}, moderation.AsAtAudit: {}, moderation.Now: {}}
		try := func(c loop.Command) bool {
			events, err := loop.Decide(s, c, w.env)
			for _, e := range events {
				s = loop.Evolve(s, e)
			}
			return err == nil
		}
		say := func(v moderation.View, what, said string) {
			accept := said != "not missed" || o.of(v, what) == "missed"
			a := answer(auditor, what, said)
			var c loop.Command = a
			if v != atAudit {
				c = moderation.Amend{Header: moderator, View: v, Facts: a.Facts, Lines: a.Lines, Evidence: a.Evidence, Missed: a.Missed, NotMissed: a.NotMissed, Because: secret}
			}
			if try(c) != accept {
				t.Fatalf("%s %q in view %s: accepted is not %t", what, said, v, accept)
			}
			if accept {
				o[v][what] = said
			}
		}
		few := rapid.Permutation(everything).Draw(t, "few")[:2] // so that a path comes back to what it said
		path := func(views ...moderation.View) {
			for range rapid.IntRange(0, 8).Draw(t, "steps") {
				v := rapid.SampledFrom(views).Draw(t, "view")
				what := rapid.SampledFrom(few).Draw(t, "what")
				say(v, what, rapid.SampledFrom(mayBeSaid[what]).Draw(t, "said"))
			}
		}

		path(atAudit)
		for _, what := range everything { // an audit is finalised with no bottom line open
			if o.of(atAudit, what) == "" {
				say(atAudit, what, rapid.SampledFrom(mayBeSaid[what][:len(mayBeSaid[what])-1]).Draw(t, "at last"))
			}
		}
		for _, g := range grades {
			if try(audit.Judge{Header: auditor, Section: audit.Overall, Grade: g, Rationale: secret}) && try(audit.Finalise{Header: auditor}) {
				break
			}
		}
		switch f := s.Audit.Final; {
		case f == nil:
			t.Fatalf("not finalised, want %s", o.best(atAudit))
		case f.Grade != o.best(atAudit):
			t.Fatalf("finalised as %s, want %s", f.Grade, o.best(atAudit))
		}

		try(moderation.Allocate{Header: w.header("qa"), Moderator: "moderator"})
		try(moderation.Discuss{Header: moderator, HeldOn: moderator.On()})
		path(moderation.AsAtAudit, moderation.Now)
		for _, then := range grades {
			for _, now := range grades {
				if s.Moderation.Final == nil &&
					try(moderation.Judge{Header: moderator, View: moderation.AsAtAudit, Grade: then, Rationale: secret}) &&
					try(moderation.Judge{Header: moderator, View: moderation.Now, Grade: now, Rationale: secret}) {
					try(moderation.Finalise{Header: moderator, Impact: secret})
				}
			}
		}
		then, now := o.best(moderation.AsAtAudit), o.best(moderation.Now)
		switch f := s.Moderation.Final; {
		case f == nil:
			t.Fatalf("not moderated, want %s as it was, %s now", then, now)
		case f.AsAtAudit != then || f.Now != now:
			t.Fatalf("moderated as %s as it was, %s now; want %s and %s", f.AsAtAudit, f.Now, then, now)
		}
	})
}
