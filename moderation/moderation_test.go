package moderation_test

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/moderation"
	"github.com/practiceaudit/practiceaudit/rubric"
)

// What was amended as it was at audit holds now too; what is amended for now says
// nothing of then.
func TestTheTwoViewsOfAFile(t *testing.T) {
	a := audit.State{
		Facts: map[string]string{"consent": "given"}, Missed: []rubric.MissedBottomLine{{Text: "seen alone"}},
		Lines: map[string]map[string]rubric.Answer{"review": {"clear": rubric.Evidenced, "timely": rubric.Evidenced}},
	}
	s := moderation.State{}
	for _, e := range []moderation.Event{
		moderation.Amended{View: moderation.AsAtAudit, Facts: map[string]string{"consent": "refused"}, Lines: map[string]map[string]rubric.Answer{"review": {"clear": rubric.Partly}}},
		moderation.Amended{View: moderation.Now, Lines: map[string]map[string]rubric.Answer{"review": {"clear": rubric.Evidenced, "timely": rubric.NotEvidenced}}, NotMissed: []rubric.MissedBottomLine{{Text: "seen alone"}}},
	} {
		s = moderation.Evolve(s, e)
	}
	then, now := s.Answers(a, moderation.AsAtAudit), s.Answers(a, moderation.Now)
	if then.Facts["consent"] != "refused" || now.Facts["consent"] != "refused" {
		t.Errorf("consent then %s, now %s", then.Facts["consent"], now.Facts["consent"])
	}
	if diff := cmp.Diff(map[string]rubric.Answer{"clear": rubric.Partly, "timely": rubric.Evidenced}, then.Lines["review"]); diff != "" {
		t.Errorf("then (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]rubric.Answer{"clear": rubric.Evidenced, "timely": rubric.NotEvidenced}, now.Lines["review"]); diff != "" {
		t.Errorf("now (-want +got):\n%s", diff)
	}
	if len(then.MissedBottomLines) != 1 || len(now.MissedBottomLines) != 0 {
		t.Errorf("missed then %v, now %v", then.MissedBottomLines, now.MissedBottomLines)
	}
	if a.Lines["review"]["clear"] != rubric.Evidenced || len(a.Missed) != 1 {
		t.Error("the audit's own answers were changed")
	}
}

// What was found now stays, whatever is amended afterwards as it was at audit.
func TestAnAmendmentForNowOutlastsLaterOnesOfThen(t *testing.T) {
	missed := []rubric.MissedBottomLine{{Text: "seen alone"}}
	line := func(a rubric.Answer) map[string]map[string]rubric.Answer {
		return map[string]map[string]rubric.Answer{"review": {"clear": a}}
	}
	s := moderation.State{}
	for _, e := range []moderation.Amended{
		{View: moderation.Now, Facts: map[string]string{"consent": "refused"}, Lines: line(rubric.NotEvidenced), Missed: missed},
		{View: moderation.AsAtAudit, Facts: map[string]string{"consent": "given"}, Lines: line(rubric.Evidenced), Missed: missed},
		{View: moderation.AsAtAudit, NotMissed: missed},
	} {
		s = moderation.Evolve(s, e)
	}
	then, now := s.Answers(audit.State{}, moderation.AsAtAudit), s.Answers(audit.State{}, moderation.Now)
	if then.Facts["consent"] != "given" || then.Lines["review"]["clear"] != rubric.Evidenced || len(then.MissedBottomLines) != 0 {
		t.Errorf("then: %+v", then)
	}
	if now.Facts["consent"] != "refused" || now.Lines["review"]["clear"] != rubric.NotEvidenced || len(now.MissedBottomLines) != 1 {
		t.Errorf("now: %+v", now)
	}
}

func TestTheLatestJudgementOfAViewCountsAndAllAreKept(t *testing.T) {
	s := moderation.State{Moderator: "m"}
	for _, j := range []moderation.Judged{
		{By: "m", View: moderation.AsAtAudit, Grade: "good"}, {By: "deputy", View: moderation.Now, Grade: "good"}, {By: "m", View: moderation.AsAtAudit, Grade: "inadequate"},
	} {
		s = moderation.Evolve(s, j)
	}
	if j, ok := s.Judgement(moderation.AsAtAudit); !ok || j.Grade != "inadequate" || len(s.Judged) != 3 {
		t.Errorf("%+v of %d", j, len(s.Judged))
	}
	if _, ok := (moderation.State{}).Judgement(moderation.Now); ok {
		t.Error("a judgement that nobody gave")
	}
	if diff := cmp.Diff([]audit.PersonID{"m", "deputy"}, s.Moderators()); diff != "" {
		t.Errorf("who acted as the moderator (-want +got):\n%s", diff)
	}
}

func TestEveryEventIsReadBackAsItWasStored(t *testing.T) {
	at := time.Date(2026, 4, 16, 9, 30, 0, 0, time.UTC)
	for _, e := range []moderation.Event{
		moderation.Allocated{Moderator: "m", At: at}, moderation.Discussed{}, moderation.Amended{By: "m", View: moderation.Now, Because: "seen"},
		moderation.Judged{By: "m", At: at}, moderation.ActionAdded{By: "m"}, moderation.Finalised{By: "m", At: at, Now: "good"},
		moderation.Checked{By: "c"}, moderation.Returned{By: "c", Why: "unclear"}, moderation.Commented{By: "c", At: at},
		moderation.Reassigned{From: "m", Moderator: "n", Why: audit.ReassignLeft}, moderation.Extended{By: "m", With: "q"}, moderation.Reopened{By: "q", WithAudit: true},
		moderation.Disagreed{By: "a"}, moderation.Settled{By: "q", Upheld: true}, moderation.Seen{By: "m", View: moderation.Now},
	} {
		data, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		again, known, err := moderation.DecodeEvent(e.Type(), data)
		if err != nil || !known {
			t.Errorf("%s: %v", e.Type(), err)
			continue
		}
		if read, err := json.Marshal(again); err != nil || !bytes.Equal(read, data) {
			t.Errorf("%s was stored as %s and is read as %s, %v", e.Type(), data, read, err)
		}
		moderation.Evolve(moderation.State{}, e) // from any state
	}
	if _, known, err := moderation.DecodeEvent("moderation.from_the_future", nil); known || err != nil {
		t.Errorf("an unknown event: %v", err)
	}
}
