package form_test

import (
	"testing"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/loop/form"
)

func TestAnUnhappyFamilysMeetingIsReadFromAForm(t *testing.T) {
	src := draft + "meeting: { at: 2026-04-13T14:00, with: [j.murray], without_reflection: on leave }\n" +
		"feedback: [{ from: child, outcome: given, on: 2026-04-10, how: at school, words: No., unhappy: true, meeting_offered_on: 2026-04-11 }]\n"
	f, err := form.ReadAudit("draft.yaml", []byte(src), haltonEnv(t), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range f.Steps() {
		if c, ok := s.Command(audit.Header{}).(audit.RecordFeedback); ok {
			if !c.Feedback.Unhappy || c.Feedback.MeetingOfferedOn.String() != "2026-04-11" {
				t.Errorf("%+v", c.Feedback)
			}
			return
		}
	}
	t.Error("no feedback is read")
}
