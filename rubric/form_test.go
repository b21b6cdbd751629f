package rubric_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/rubric"
)

// formWith is the whole and good form of right.yaml, changed.
func formWith(t testing.TB, change func(*rubric.Answers)) *rubric.Form {
	t.Helper()
	r := rightRubric(t)
	a := explained(t, r)["good"]
	change(&a)
	return mustForm(t, r, a)
}

// refusedForm is the mistakes of a form.
func refusedForm(t *testing.T, change func(*rubric.Answers)) string {
	t.Helper()
	r := rightRubric(t)
	a := explained(t, r)["good"]
	change(&a)
	_, err := r.Form(a, calendar.EnglandAndWales())
	var wrong *rubric.AnswerErrors
	if !errors.As(err, &wrong) {
		t.Fatalf("the form is taken: %v", err)
	}
	return err.Error()
}

func TestAServiceOrStatusThatTheRubricDoesNotKnowIsRefused(t *testing.T) {
	for want, change := range map[string]func(*rubric.Answers){
		`service: there is no service "Care"; did you mean "care"?`:                func(a *rubric.Answers) { a.Service = "Care" },
		`service: there is no service "caer"; did you mean "care"?`:                func(a *rubric.Answers) { a.Service = "caer" },
		`status: there is no status "incare"; did you mean "in_care"?`:             func(a *rubric.Answers) { a.Status = []string{"incare"} },
		`service: there is no service "children with disabilities"`:                func(a *rubric.Answers) { a.Service = "children with disabilities" },
		`status: there is no status "x"` + "\n" + `status: there is no status "y"`: func(a *rubric.Answers) { a.Status = []string{"in_care", "x", "y"} },
	} {
		if got := refusedForm(t, change); got != want {
			t.Errorf("got %s\nwant %s", got, want)
		}
	}
}

// While the service is not known it is not known whether the referral is part of
// the audit: its bottom line, missed, may or may not limit the file.
func TestWithoutAServiceWhatDependsOnItIsNotDetermined(t *testing.T) {
	late := func(a *rubric.Answers) { a.Facts["allocated"] = "2026-03-05T10:00" }
	of := func(service string) *rubric.Result {
		return formWith(t, func(a *rubric.Answers) { late(a); a.Service = service }).Grade()
	}
	known, open := of("care"), of("")
	if got := known.Overall().Suggestion; !got.Determined || got.Grade != "inadequate" {
		t.Fatalf("with the service: %v", got)
	}
	got := open.Overall()
	if got.Suggestion.Determined || !slices.Equal(got.Suggestion.Possible, []rubric.Grade{"inadequate", "good"}) {
		t.Errorf("without it: %v", got.Suggestion)
	}
	if limit := got.Limits[0]; limit.Determined {
		t.Errorf("without it the limit is determined: %+v", limit)
	}
	if open.Complete() || !known.Complete() {
		t.Error("a form without its service is complete")
	}
	s, _ := open.Section("referral")
	if !s.Applies || !s.MayNotApply || len(s.Unanswered) > 0 {
		t.Errorf("the section is %+v", s)
	}
	if text := open.Explain().Text(); !strings.Contains(text, "Referral (if it is part of this audit, which is not known yet)") {
		t.Errorf("the explanation does not say so:\n%s", text)
	}
	// A status that is not given does not hold: the referral is then surely absent.
	absent := formWith(t, func(a *rubric.Answers) { late(a); a.Service, a.Status = "", nil }).Grade()
	if s, _ := absent.Section("referral"); s.Applies || s.MayNotApply {
		t.Errorf("without its status the section is %+v", s)
	}
}

// Whatever a section that may not apply is graded, the file's rules see that it may
// have no grade.
func TestASectionThatMayNotApplyMayHaveNoGrade(t *testing.T) {
	for condition, want := range map[string]bool{
		`sections_at("good") >= 2`:                       false,
		`sections_at("good") <= 2`:                       true,
		`sections_judged() >= 2`:                         false,
		`sections_judged() >= 1`:                         true,
		`grade(referral) >= "inadequate"`:                false,
		`grade(referral) == grade(planning)`:             false,
		`not (grade(planning) == "good")`:                true,
		`count(good_lines) >= 1`:                         true,
		`count(good_lines) >= 2`:                         false,
		`applicable(unclear)`:                            false,
		`sections_at_least("good") == sections_judged()`: true, // with it or without it
	} {
		src := rightWith(t, `when: 'sections_at("inadequate") >= 1'`, "when: '"+condition+"'")
		r, err := rubric.Parse("right.yaml", []byte(src))
		if err != nil {
			t.Fatal(err)
		}
		a := explained(t, r)["good"]
		a.Service = ""
		a.MissedBottomLines = nil
		got := mustForm(t, r, a).Grade().Overall().Suggestion
		if (got.Rule != 0) != want {
			t.Errorf("%s: rule %d is certain, want certain %t", condition, got.Rule, want)
		}
	}
}

func TestAFormKeepsTheAnswersItWasMadeOf(t *testing.T) {
	r := rightRubric(t)
	a := explained(t, r)["late"]
	f := mustForm(t, r, a)
	before := f.Grade().Explain().Text()
	clear(a.Facts)
	a.Lines["referral"]["unclear"] = rubric.Seen
	a.Status[0], a.Judgements["planning"] = "", "inadequate"
	if after := f.Grade().Explain().Text(); after != before {
		t.Errorf("changing the answers changed the form:\n%s", after)
	}
}

func TestAFactThatNothingOfTheAuditReadsIsNotAskedFor(t *testing.T) {
	whole := func(a *rubric.Answers) {
		for _, name := range []string{"plans", "opened", "closed", "waited", "travelled", "alone"} { // no rule reads them
			delete(a.Facts, name)
		}
	}
	res := formWith(t, whole).Grade()
	if open := res.UnansweredFacts(); len(open) > 0 || !res.Complete() {
		t.Errorf("asked for %v", open)
	}
	res = formWith(t, func(a *rubric.Answers) { whole(a); delete(a.Facts, "visits") }).Grade()
	if open := res.UnansweredFacts(); !slices.Equal(open, []string{"visits"}) || res.Complete() {
		t.Errorf("asked for %v", open)
	}
	res = formWith(t, func(a *rubric.Answers) { whole(a); delete(a.Facts, "visits"); a.Status = nil }).Grade()
	if open := res.UnansweredFacts(); len(open) > 0 || !res.Complete() {
		t.Errorf("the referral is no part of the audit, and asked for is %v", open)
	}
}

func TestADurationCanBeNothing(t *testing.T) {
	for _, text := range []string{"0 working days", "same day"} {
		formWith(t, func(a *rubric.Answers) { a.Facts["waited"] = text })
	}
	for _, text := range []string{"0", "0 days", "0 hours", "-1 working days", "00 working days"} {
		refusedForm(t, func(a *rubric.Answers) { a.Facts["waited"] = text })
	}
}

func TestATimeIsOneThatLondonsClocksShow(t *testing.T) {
	if got := refusedForm(t, func(a *rubric.Answers) { a.Facts["received"] = "2026-03-29T01:30" }); !strings.Contains(got, "London's clocks skip 2026-03-29T01:30") {
		t.Error(got)
	}
	// Shown twice, it is the first: from then to the same on the next day's clocks are
	// 25 hours.
	for allocated, missed := range map[string]int{"2026-10-26T00:30": 0, "2026-10-26T00:31": 1} {
		res := formWith(t, func(a *rubric.Answers) { a.Facts["received"], a.Facts["allocated"] = "2026-10-25T01:30", allocated }).Grade()
		if got := res.BottomLinesMissed(); len(got) != missed {
			t.Errorf("allocated at %s: missed %v", allocated, got)
		}
	}
}

func TestOnlyBottomLinesAboutAFixedPastAreCarried(t *testing.T) {
	carry := func(line string) func(*rubric.Answers) {
		return func(a *rubric.Answers) { a.Carried = []rubric.LineRef{{Section: "referral", Line: line}} }
	}
	if res := formWith(t, carry("quick")).Grade(); len(res.BottomLinesExcepted()) != 1 {
		t.Error("a fixed bottom line is not carried")
	}
	for _, line := range []string{"agreed", "clear", "nothing"} {
		refusedForm(t, carry(line))
	}
	refusedForm(t, func(a *rubric.Answers) { a.Carried = make([]rubric.LineRef, 100) })
	refusedForm(t, func(a *rubric.Answers) { a.MissedBottomLines = make([]rubric.MissedBottomLine, rubric.MaxMissed+1) })
}

// A limit binds the judgement too: one made before the limit was found counts for no
// more in the file.
func TestAJudgementCountsForNoMoreThanItsSectionsLimits(t *testing.T) {
	src := rightWith(t, "at_most: good, when: any(bad_lines)", "at_most: inadequate, when: any(bad_lines)")
	r, err := rubric.Parse("right.yaml", []byte(src))
	if err != nil {
		t.Fatal(err)
	}
	for unclear, want := range map[rubric.Answer]string{rubric.Seen: "inadequate", rubric.NotSeen: "good", "": "undetermined: one of [inadequate good]"} {
		a := explained(t, r)["good"]
		a.Lines["referral"]["unclear"] = unclear
		a.Judgements["referral"] = "good"
		res := mustForm(t, r, a).Grade()
		if got := res.Overall().Suggestion.String(); got != want {
			t.Errorf("unclear %q, judged good: the file is %s, want %s", unclear, got, want)
		}
		said := strings.Contains(res.Explain().Text(), "A limit leaves no more than inadequate, and for the file it counts as that.")
		if said != (unclear == rubric.Seen) {
			t.Errorf("unclear %q: %s", unclear, res.Explain().Text())
		}
	}
}

// A grade that follows from whichever rule applies is determined; the rule is not.
func TestARuleIsNamedOnlyWhenItIsCertain(t *testing.T) {
	src := rightWith(t, "- { grade: good, when: all(good_lines) }", "- { grade: requires_improvement, when: partly(clear), because: Nearly clear }")
	for _, parse := range []func(string, []byte) (*rubric.Rubric, error){rubric.Parse, rubric.ParseUnvisited} {
		r, err := parse("right.yaml", []byte(src))
		if err != nil {
			t.Fatal(err)
		}
		a := explained(t, r)["good"]
		a.Lines["referral"]["clear"] = ""
		res := mustForm(t, r, a).Grade()
		s, _ := res.Section("referral")
		got := s.Suggestion
		if !got.Determined || got.Grade != "requires_improvement" || got.Rule != 0 || got.Because+got.When+got.Source+string(got.RuleGrade) != "" || got.Lines != nil || got.Capped {
			t.Errorf("%+v", got)
		}
		if text := res.Explain().Text(); !strings.Contains(text, "can change which rule applies, but not the grade") {
			t.Error(text)
		}
	}
}

// While people may still be left to judge freely, nothing is suggested for certain,
// not even the one grade that a limit leaves.
func TestAGradeThatMayBeJudgedFreelyIsNotSuggested(t *testing.T) {
	src := strings.NewReplacer("- { grade: requires_improvement }", "- { judged: freely }", "at_most: good, when: any(bad_lines)", "at_most: inadequate, when: seen(unclear)").
		Replace(rightWith(t, "title: A small rubric", "title: Another"))
	r, err := rubric.Parse("right.yaml", []byte(src))
	if err != nil {
		t.Fatal(err)
	}
	a := explained(t, r)["good"]
	a.Lines["referral"]["unclear"], a.Lines["referral"]["clear"] = rubric.Seen, ""
	s, _ := mustForm(t, r, a).Grade().Section("referral")
	if s.Suggestion.Determined || s.Suggestion.None {
		t.Errorf("%+v", s.Suggestion)
	}
}
