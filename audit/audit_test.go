package audit_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/rubric"
	"github.com/practiceaudit/practiceaudit/rubric/halton"
)

func day(t *testing.T, s string) calendar.Date {
	t.Helper()
	d, err := calendar.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func period(t *testing.T, s string) calendar.Period {
	t.Helper()
	p, err := calendar.ParsePeriod(s)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// environment is Halton's rubric with as much policy as the test needs.
func environment(t *testing.T) audit.Env {
	t.Helper()
	r, err := rubric.Parse(halton.DeepDiveFile, halton.DeepDive())
	if err != nil {
		t.Fatal(err)
	}
	return audit.Env{Rubric: r, Calendar: calendar.EnglandAndWales(), Policy: audit.Policy{
		OpenFor: period(t, "4 weeks"), StartDay: 7, StartRoll: calendar.Following, Focus: period(t, "6 months"),
		FeedbackSources: []string{"child", "parents_carers"},
		May:             map[string][]audit.Role{"select": {audit.RoleQATeam}, "record_feedback": {audit.RoleAuditor}},
	}}
}

// QA framework: "open for a minimum of four weeks".
func TestAFileIsEligibleFromTwentyEightDaysAfterItWasOpened(t *testing.T) {
	env := environment(t)
	opened := day(t, "2026-03-02")
	for on, want := range map[string]bool{"2026-03-02": false, "2026-03-29": false, "2026-03-30": true, "2026-06-01": true} {
		from, refused := audit.Eligible(audit.Case{Number: "1", OpenedOn: opened}, day(t, on), env)
		if (refused == nil) != want || from.Due != day(t, "2026-03-30") {
			t.Errorf("on %s: eligible from %s, %v", on, from.Due, refused)
		}
	}
	for name, c := range map[string]audit.Case{"an unknown opening": {Number: "1"}, "one still to come": {Number: "1", OpenedOn: day(t, "2026-12-01")}} {
		if _, refused := audit.Eligible(c, day(t, "2026-06-01"), env); refused == nil || refused.Rule != "eligible" {
			t.Errorf("%s: %v", name, refused)
		}
	}
}

// QA framework: "on the 7th of each month"; our reading: or the next working day.
func TestAuditsStartOnTheSeventhOrTheNextWorkingDay(t *testing.T) {
	env := environment(t)
	for on, want := range map[string]string{
		"2026-04-01": "2026-04-07", // a Tuesday
		"2026-04-07": "2026-04-07",
		"2026-04-08": "2026-05-07",
		"2026-06-01": "2026-06-08", // the 7th is a Sunday
		"2026-06-08": "2026-06-08",
		"2026-11-08": "2026-11-09", // a Saturday
		"2026-12-20": "2027-01-07", // over the year's end
	} {
		if got, err := audit.NextStart(day(t, on), env); err != nil || got != day(t, want) {
			t.Errorf("from %s: %s, %v; want %s", on, got, err, want)
		}
	}
}

func TestADeputyStandsInFromOneDayToAnotherBothIncluded(t *testing.T) {
	p := audit.People{Deputies: []audit.Deputy{
		{Role: audit.RoleDirector, Person: "d", From: day(t, "2026-04-01"), Until: day(t, "2026-04-10")},
		{Role: audit.RoleDirector, Person: "always"},
	}}
	for on, want := range map[string]bool{"2026-03-31": false, "2026-04-01": true, "2026-04-10": true, "2026-04-11": false} {
		if p.Holds(audit.RoleDirector, "d", day(t, on)) != want || !p.Holds(audit.RoleDirector, "always", day(t, on)) {
			t.Errorf("on %s: %v", on, p.DeputiesOf(audit.RoleDirector, day(t, on)))
		}
	}
}

// Of roles, only those of the council are the app's to vouch for: that somebody is
// the auditor of an audit is for its record to say.
func TestASignInVouchesForCouncilRolesOnly(t *testing.T) {
	p := audit.People{Holders: map[audit.Role][]audit.PersonID{audit.RoleAuditor: {"a"}}}
	for _, r := range audit.Roles() {
		h := audit.Header{Actor: "x", Roles: []audit.Role{r}, At: time.Now()}
		if refused := p.Allow(h, "do", map[string][]audit.Role{"do": {r}}); (refused == nil) != r.OfCouncil() {
			t.Errorf("%s: %v", r, refused)
		}
	}
	refused := p.Allow(audit.Header{Actor: "x", At: time.Now()}, "do", map[string][]audit.Role{"do": {audit.RoleAuditor}})
	if refused == nil || !slices.Equal(refused.People, []audit.PersonID{"a"}) || !strings.Contains(refused.Error(), "auditor may: a") {
		t.Errorf("the refusal does not say who could: %v", refused)
	}
	if refused := p.Allow(audit.Header{Actor: "a"}, "do", nil); refused == nil || refused.Accept == "" {
		t.Errorf("what nobody may do: %v", refused)
	}
}

// Evolve makes a new state: the old one, and what it shares with the new, stay as
// they were.
func TestEvolveLeavesTheStateBeforeAsItWas(t *testing.T) {
	events := []audit.Event{
		audit.Selected{Kind: audit.DeepDive, Case: audit.Case{Number: "1"}},
		audit.Started{Auditor: "a", Origin: &audit.Origin{Stream: "x"}},
		audit.Reflected{By: "p", Answers: map[string]audit.FreeText{"q": "w"}},
		audit.Met{With: []audit.PersonID{"p"}},
		audit.Answered{
			By: "a", Facts: map[string]string{"consent": "given"}, Missed: []rubric.MissedBottomLine{{Text: "x"}},
			Lines: map[string]map[string]rubric.Answer{"review": {"clear_analysis": rubric.Evidenced}},
		},
		audit.Answered{By: "a", Facts: map[string]string{"consent": ""}, NotMissed: []rubric.MissedBottomLine{{Text: "x"}}, Lines: map[string]map[string]rubric.Answer{"review": {"clear_analysis": ""}}},
		audit.Judged{By: "a", As: audit.RoleAuditor, Section: "review", Grade: "good"},
		audit.FeedbackRecorded{By: "a", Feedback: audit.Feedback{Source: "child"}},
		audit.ActionAdded{By: "a", Action: audit.Action{ID: "A1"}},
		audit.Finalised{By: "a", Outcome: audit.Outcome{Grade: "good"}},
		audit.Reassigned{Role: audit.RolePractitioner, From: []audit.PersonID{"p"}, To: []audit.PersonID{"q", "r"}},
		audit.Reassigned{Role: audit.RoleAuditor, To: []audit.PersonID{"b"}}, audit.Reassigned{Role: audit.RoleAuditor},
		audit.DeputyAppointed{Deputy: audit.Deputy{Role: audit.RoleAuditor, Person: "d"}},
		audit.DeputyAppointed{Deputy: audit.Deputy{Role: audit.RoleAuditor, Person: "d", Until: day(t, "2026-04-10")}},
		audit.Extended{}, audit.SuggestionSeen{By: "b", Section: "review"},
		audit.Corrected{By: "b", Facts: map[string]string{"consent": ""}, Judgements: []audit.CorrectedJudgement{{Section: "review", Grade: "inadequate"}}, Outcome: audit.Outcome{Grade: "inadequate"}},
		audit.CaseCorrected{Team: "x", Status: []string{"y"}}, audit.Restriction{Restricted: true, Told: []audit.PersonID{"m"}},
		audit.Renumbered{From: "1", Number: "2"}, audit.HouseholdLinked{Streams: []string{"x"}}, audit.Reopened{},
	}
	states := []audit.State{{}}
	var kept [][]byte
	keep := func(s audit.State) []byte {
		data, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	kept = append(kept, keep(states[0]))
	for _, e := range events {
		s := audit.Evolve(states[len(states)-1], e)
		states, kept = append(states, s), append(kept, keep(s))
		for i, before := range states {
			if string(keep(before)) != string(kept[i]) {
				t.Fatalf("%s changed an earlier state: %s, was %s", e.Type(), keep(before), kept[i])
			}
			audit.Evolve(before, e) // from any state, in any order
		}
	}
	last := states[len(states)-1]
	if last.Facts["consent"] != "" || len(last.Missed) != 0 || len(last.Lines["review"]) != 0 {
		t.Errorf("what was taken back is still there: %+v", last)
	}
}

func TestEveryEventIsReadBackAsItWasStored(t *testing.T) {
	for _, e := range []audit.Event{
		audit.Selected{Kind: audit.DeepDive, On: day(t, "2026-04-01")}, audit.Planned{Kind: audit.DipSample}, audit.Started{Auditor: "a", At: time.Date(2026, 4, 7, 9, 0, 0, 0, time.UTC)},
		audit.Reflected{By: "p"}, audit.Met{WithoutPractitioner: "on leave"}, audit.Answered{By: "a", NotMissed: []rubric.MissedBottomLine{{Text: "x"}}},
		audit.Judged{By: "a"}, audit.FeedbackRecorded{By: "a"}, audit.ActionAdded{By: "a"}, audit.Finalised{By: "a", Outcome: audit.Outcome{Grade: "good"}},
		audit.Reassigned{Role: audit.RoleAuditor, To: []audit.PersonID{"b"}, Why: audit.ReassignLeft}, audit.DeputyAppointed{Deputy: audit.Deputy{Role: audit.RoleAuditor, Person: "d"}},
		audit.Extended{By: "a", With: "b"}, audit.SuggestionSeen{By: "a", Section: "review"},
		audit.Corrected{By: "a", Judgements: []audit.CorrectedJudgement{{Section: "review", SuggestionSeen: true}}, Outcome: audit.Outcome{Grade: "good"}},
		audit.CaseCorrected{By: "q", OpenedOn: day(t, "2026-03-01"), Status: []string{"y"}}, audit.Restriction{Restricted: true, Told: []audit.PersonID{"m"}},
		audit.Renumbered{From: "1", Number: "2"}, audit.HouseholdLinked{Streams: []string{"x"}}, audit.Reopened{By: "q", Because: "new facts"},
	} {
		data, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		again, known, err := audit.DecodeEvent(e.Type(), data)
		if err != nil || !known {
			t.Errorf("%s: %v", e.Type(), err)
			continue
		}
		if read, err := json.Marshal(again); err != nil || !bytes.Equal(read, data) {
			t.Errorf("%s was stored as %s and is read as %s, %v", e.Type(), data, read, err)
		}
		if _, known, err := audit.DecodeEvent(e.Type(), []byte("{broken")); err == nil || !known {
			t.Errorf("%s: broken bytes are read", e.Type())
		}
	}
	if _, known, err := audit.DecodeEvent("audit.from_the_future", nil); known || err != nil {
		t.Errorf("an unknown event: %v", err)
	}
}

// QA framework, Auditors: "Feedback must be sought … (if age appropriate)".
func TestFeedbackSaysHowItWasSoughtOrWhoDecidedNotTo(t *testing.T) {
	env := environment(t)
	s := audit.State{Phase: audit.PhaseStarted, Auditor: "a", People: audit.People{Holders: map[audit.Role][]audit.PersonID{audit.RoleAuditor: {"a"}}}}
	give := func(f audit.Feedback) error {
		_, err := audit.Decide(s, audit.RecordFeedback{Header: audit.Header{ID: "1", At: time.Date(2026, 4, 14, 12, 0, 0, 0, time.UTC), Actor: "a"}, Feedback: f}, env)
		return err
	}
	sought := audit.Feedback{Source: "child", SoughtOn: day(t, "2026-04-14"), How: "by telephone"}
	with := func(outcome audit.FeedbackOutcome, words audit.FreeText) audit.Feedback {
		f := sought
		f.Outcome, f.Words = outcome, words
		return f
	}
	for name, f := range map[string]audit.Feedback{
		"given, with words": with(audit.FeedbackGiven, "I like her"), "declined": with(audit.FeedbackDeclined, ""), "unreachable": with(audit.FeedbackUnreachable, ""),
		"unsafe, by whose decision":     {Source: "parents_carers", Outcome: audit.FeedbackUnsafe, Decider: "m"},
		"not age-appropriate, likewise": {Source: "child", Outcome: audit.FeedbackNotAgeAppropriate, Decider: "m"},
	} {
		if err := give(f); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	tomorrow := with(audit.FeedbackDeclined, "")
	tomorrow.SoughtOn = day(t, "2026-04-15")
	for name, f := range map[string]audit.Feedback{
		"given, without words": with(audit.FeedbackGiven, " "), "unsafe, by nobody": {Source: "child", Outcome: audit.FeedbackUnsafe},
		"an unknown outcome": with("shrugged", ""), "an unknown source": {Source: "neighbour", Outcome: audit.FeedbackUnsafe, Decider: "m"},
		"declined, but when and how": {Source: "child", Outcome: audit.FeedbackDeclined}, "sought tomorrow": tomorrow,
	} {
		var rs audit.Refusals
		if err := give(f); !errors.As(err, &rs) || strings.Contains(err.Error(), "by telephone") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// No answer of a file could be graded whose service the rubric does not know.
func TestAFileOfAServiceThatTheRubricDoesNotKnowIsNotSelected(t *testing.T) {
	env := environment(t)
	var err error
	if env.Rubric, err = rubric.Parse("small.yaml", []byte(`
rubric: small
version: "1"
title: Small
effective: "2026-01-01"
grades: [bad, good]
services: [early_help, care]
sections: { one: { title: One } }
`)); err != nil {
		t.Fatal(err)
	}
	choose := func(service string) error {
		_, err := audit.Decide(audit.State{}, audit.Select{
			Header: audit.Header{Actor: "qa", Roles: []audit.Role{audit.RoleQATeam}, At: day(t, "2026-06-01").Start()},
			Kind:   audit.DeepDive, Case: audit.Case{Number: "1", OpenedOn: day(t, "2026-03-02"), Service: service},
		}, env)
		return err
	}
	for _, service := range []string{"care", ""} {
		if err := choose(service); err != nil {
			t.Errorf("service %q: %v", service, err)
		}
	}
	if err := choose("caer"); err == nil || !strings.Contains(err.Error(), `there is no service "caer"`) || !strings.Contains(err.Error(), "care") {
		t.Errorf("an unknown service: %v", err)
	}
	env.Rubric = nil
	_ = choose("care") // refused or not, without a panic
}
