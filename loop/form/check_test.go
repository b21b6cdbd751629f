package form_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/loop"
	"github.com/practiceaudit/practiceaudit/loop/form"
	"github.com/practiceaudit/practiceaudit/rubric"
)

// files are the examples, some of them changed.
type files struct {
	env      loop.Env
	audit    *form.Audit
	moderate *form.Moderation
	updates  []form.Update
	council  *form.Council
	caseload *form.Caseload
}

// readFiles reads the examples with what stands first in each pair changed to
// what stands second. Mistakes within one file are the caller's affair.
func readFiles(t *testing.T, pairs ...string) files {
	t.Helper()
	change := func(name string) []byte {
		return []byte(strings.NewReplacer(pairs...).Replace(example(t, name)))
	}
	f := files{env: haltonEnv(t)}
	f.audit, _ = form.ReadAudit("audit.yaml", change("late-allocation/audit.yaml"), f.env, nil)
	f.moderate, _ = form.ReadModeration("moderation.yaml", change("late-allocation/moderation.yaml"), f.env, f.audit)
	f.updates, _ = form.ReadUpdates("updates.yaml", change("late-allocation/updates.yaml"), f.env)
	f.council, _ = form.ReadPeople("people.yaml", change("people.yaml"))
	f.caseload, _ = form.ReadCaseload("caseload.csv", change("caseload.csv"), calendar.Date{})
	return f
}

// disagreements are all that is wrong between the files.
func (f files) disagreements() string {
	ms := f.audit.CheckCase(f.caseload)
	if file, ok := f.caseload.File(f.audit.Case); ok {
		ms = append(ms, f.audit.CheckPeople(f.council.Of(file))...)
	}
	ms = append(ms, f.moderate.CheckSameCase(f.audit)...)
	for _, u := range f.updates {
		if u.Of != form.OfReAudit {
			ms = append(ms, u.CheckActions(f.audit, f.moderate)...)
		}
		switch {
		case u.Of != form.OfAudit:
		case u.Name == "start":
			ms = append(ms, u.CheckPerson(f.audit.Auditor)...)
		case u.Name == "allocate_moderator":
			ms = append(ms, u.CheckPerson(f.moderate.Moderator)...)
		}
	}
	if ms = append(ms, f.council.Check(f.env.Policy, f.caseload)...); len(ms) == 0 {
		return ""
	}
	return ms.Error()
}

func TestFilesThatDisagreeAreAnsweredWhereTheyDo(t *testing.T) {
	if got := readFiles(t).disagreements(); got != "" {
		t.Errorf("the examples disagree:\n%s", got)
	}
	for name, tc := range map[string]struct {
		change []string
		want   string
	}{
		"a case that the caseload has not": {
			[]string{"case: \"104233\"\nauditor", "case: \"104234\"\nauditor", "case: \"104233\"\nmoderator", "case: \"104234\"\nmoderator"},
			"audit.yaml:4:7: the caseload has no case 104234, which the form is about; did you mean \"104233\"?\n    case: \"104234\"\n          ^",
		},
		"a moderation of another case": {
			[]string{"case: \"104233\"\nmoderator", "case: \"104871\"\nmoderator"},
			"moderation.yaml:2:7: this form is about case 104871, and the audit about 104233\n    case: \"104871\"\n          ^",
		},
		"a practitioner misspelt in the meeting": {
			[]string{"with: [j.murray]", "with: [j.muray]"},
			"audit.yaml:19:10: j.muray is not a practitioner of this case; did you mean \"j.murray\"?\n      with: [j.muray]\n             ^",
		},
		"a practitioner misspelt in the reflection": {
			[]string{"  by: j.murray\n  at", "  by: j.murrey\n  at"},
			"audit.yaml:11:7: j.murrey is not a practitioner of this case; did you mean \"j.murray\"?\n      by: j.murrey\n          ^",
		},
		"an auditor misspelt": {
			[]string{"do: start, person: k.osei }\n  - at", "do: start, person: k.ossei }\n  - at"},
			"updates.yaml:5:61: k.ossei is allocated here, and the form is by k.osei: write the same in both",
		},
		"an action of no form": {
			[]string{"do: confirm_action, action: M1", "do: confirm_action, action: M7"},
			"updates.yaml:35:70: no form has an action \"M7\"; did you mean \"M1\"?",
		},
		"an action of no form in a dip sample": {
			[]string{"A2: yes, M1: partly", "A2: yes, extra: partly"},
			"updates.yaml:51:31: no form has an action \"extra\"; there is A1, A2, M1",
		},
		"a team misspelt": {
			[]string{"104233,2025-09-15,Riverside", "104233,2025-09-15,Riversid"},
			"caseload.csv:2:19: the people file has no team \"Riversid\"; did you mean \"Riverside\"?\n    104233,2025-09-15,Riversid,j.murray,d.shah\n                      ^",
		},
		"a Divisional Manager misspelt": {
			[]string{"Riverside,j.murray,d.shah\n103990", "Riverside,j.murray,d.shaw\n103990"},
			"caseload.csv:2:38: d.shaw is not a Divisional Manager of Riverside in the people file; did you mean \"d.shah\"?\n    104233,2025-09-15,Riverside,j.murray,d.shaw\n                                         ^",
		},
		"a practitioner misspelt in the caseload": {
			[]string{"Castlefields,n.ward,e.lloyd", "Castlefields,c.hughes; n.wardd,e.lloyd"},
			"caseload.csv:5:42: n.wardd is not a practitioner of Castlefields in the people file; did you mean \"n.ward\"?",
		},
		"no director": {
			[]string{"  director: [h.quinn]\n", ""},
			"people.yaml:4:1: nobody is named as Director for Operational Safeguarding, whom the process policy tells of something; add director: [person]\n    council:\n    ^",
		},
		"a team without its Principal Manager": {
			[]string{"    principal_manager: [g.price]\n", ""},
			"nobody is named as Principal Manager, whom the process policy tells of something; add principal_manager: [person]\n      Castlefields:",
		},
	} {
		t.Run(name, func(t *testing.T) {
			if got := readFiles(t, tc.change...).disagreements(); !strings.HasPrefix(got, tc.want) && !strings.Contains(got, ": "+tc.want) {
				t.Errorf("got\n%s\nwant\n%s", got, tc.want)
			}
		})
	}
}

// A mistake in one file hides none in another: a moderation is read beside an
// audit with mistakes, and is not blamed for them.
func TestAFormIsReadBesideOneWithMistakes(t *testing.T) {
	env := haltonEnv(t)
	wrongAudit := strings.Replace(example(t, "late-allocation/audit.yaml"), "reason_identified: evidenced", "reason_identified: evidensed", 1)
	a, err := form.ReadAudit("audit.yaml", []byte(wrongAudit), env, nil)
	if a == nil || err == nil {
		t.Fatalf("%v, %v", a, err)
	}
	moderated := example(t, "late-allocation/moderation.yaml")
	if _, err := form.ReadModeration("moderation.yaml", []byte(moderated), env, a); err != nil {
		t.Errorf("the moderation is blamed for the audit's mistakes:\n%v", err)
	}
	_, err = form.ReadModeration("moderation.yaml", []byte(strings.Replace(moderated, "answer: partly", "answer: partley", 1)), env, nil)
	if want := `moderation.yaml:9:47: "partley" is not an answer to this line`; err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("got %v, want %s", err, want)
	}
	again := example(t, "late-allocation/re-audit.yaml")
	if _, err := form.ReadReAudit("re-audit.yaml", []byte(again), env, a, nil); err != nil {
		t.Errorf("the re-audit is blamed for the audit's mistakes:\n%v", err)
	}
	_, err = form.ReadReAudit("re-audit.yaml", []byte(strings.Replace(again, "overall: { grade: good", "overall: { grade: god", 1)), env, nil, nil)
	reAudited, _ := form.ReadReAudit("re-audit.yaml", []byte(again), env, a, nil)
	if _, err := form.ReadModeration("re-audit-moderation.yaml", []byte(example(t, "late-allocation/re-audit-moderation.yaml")), env, reAudited); err != nil {
		t.Errorf("the re-audit's moderation is blamed for the audit's mistakes:\n%v", err)
	}
	if err == nil || !strings.Contains(err.Error(), `did you mean "good"?`) {
		t.Errorf("a misspelt grade beside an audit that cannot be read: %v", err)
	}
}

// What a re-audit carries is what the moderator found, once there is one.
func TestAReAuditOfFormsCarriesWhatTheModeratorFound(t *testing.T) {
	env := haltonEnv(t)
	again := []byte(example(t, "late-allocation/re-audit.yaml"))
	f := readFiles(t)
	if _, err := form.ReadReAudit("re-audit.yaml", again, env, f.audit, f.moderate); err != nil {
		t.Errorf("carried by both:\n%v", err)
	}
	inTime := strings.Replace(example(t, "late-allocation/moderation.yaml"), "as_at_audit:\n", "as_at_audit:\n  facts: { allocated_at: 2026-01-09T17:00 }\n  because: The decision log.\n", 1)
	m, err := form.ReadModeration("moderation.yaml", []byte(inTime), env, f.audit)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := form.ReadReAudit("re-audit.yaml", again, env, f.audit, m); err == nil || !strings.Contains(err.Error(), "Case allocated within 24 hours") {
		t.Errorf("the moderator found it met, and it is missed again: %v", err)
	}
}

func TestARefusedStepIsSaidWhereTheFileSaysIt(t *testing.T) {
	f := readFiles(t)
	refusal := func(rule string) error {
		return audit.Refusals{{Command: "c", Rule: rule, Message: "no"}}
	}
	step := func(name string) form.Step {
		for _, u := range f.updates {
			if u.Name == name {
				return u.Step
			}
		}
		for _, s := range f.audit.Steps() {
			if s.Name == name {
				return s
			}
		}
		t.Fatalf("no %s", name)
		return form.Step{}
	}
	for _, tc := range []struct{ name, rule, place string }{
		{"start", "role", "updates.yaml:5:33"},
		{"start", "separation.practitioner", "updates.yaml:5:61"},
		{"start", "start", "updates.yaml:5:11"},
		{"start", "phase", "updates.yaml:5:46"},
		{"start", "something new", "updates.yaml:5:5"},
		{"complete_action", "action", "updates.yaml:22:72"},
		{"complete_action", "evidence", "updates.yaml:22:82"},
		{"close_loop", "separation.moderator", "updates.yaml:37:9"},
		{"record_feedback", "feedback", "audit.yaml:193:5"},
		{"add_action", "action", "audit.yaml:196:11"},
		{"meet", "meeting", "audit.yaml:19:9"},
		{"finalise", "role", "audit.yaml:5:10"},
		{"finalise", "phase", "audit.yaml:20:1"},
	} {
		ms := step(tc.name).Refused(refusal(tc.rule), nil)
		if got := ms.Error(); !strings.HasPrefix(got, tc.place+": ") || !strings.HasSuffix(got, "^") {
			t.Errorf("%s refused by %q: got\n%s\nwant it at %s", tc.name, tc.rule, got, tc.place)
		}
	}
	who := audit.Refusals{{Command: "start", Rule: "role", Message: "q.levis holds no role that may do this", People: []audit.PersonID{"q.lewis"}}}
	s := step("start")
	s.By = "q.levis"
	if got := s.Refused(who, f.council.Everybody()).Error(); !strings.Contains(got, `did you mean "q.lewis"?`) {
		t.Errorf("no right spelling:\n%s", got)
	}
	if got := s.Refused(errors.New("the disk is full"), nil).Error(); !strings.Contains(got, "updates.yaml:5:5: the disk is full") {
		t.Errorf("another error:\n%s", got)
	}
}

// draft cuts a form down to what an auditor has on the day.
const draft = `case: "104233"
auditor: k.osei
`

// What is not final can be reworded: actions are set, and a moderator's
// amendments given, when the form is finalised.
func TestADraftHoldsBackWhatCouldNotBeTakenBack(t *testing.T) {
	f := readFiles(t, "finalised: 2026-04-15T16:20\n", "", "finalised: 2026-04-29T15:00\n", "")
	if !f.audit.Draft() || !f.moderate.Draft() {
		t.Fatal("no drafts")
	}
	for _, s := range f.audit.Steps() {
		if s.Name == "add_action" || s.Name == "finalise" {
			t.Errorf("a draft of an audit gives %s", s.Name)
		}
	}
	if steps := f.moderate.Steps(); len(steps) != 1 || steps[0].Name != "discuss" {
		t.Errorf("a draft of a moderation gives %d steps", len(steps))
	}
}

func TestADraftIsNoMistake(t *testing.T) {
	env := haltonEnv(t)
	meeting := "reflection: { by: j.murray, at: 2026-04-09T11:00, difference: a, voice: b, proud: c, change: d }\nmeeting: { at: 2026-04-13T14:00, with: [j.murray] }\n"
	answers := "sections: { referral: { answers: { reason_identified: evidenced } } }\n"
	heard := "feedback: [{ from: child, outcome: given, on: 2026-04-14, how: at school, words: Yes. }, { from: parents_carers, outcome: declined, on: 2026-04-10, how: by telephone }]\n"
	at := func(moments ...string) (all []time.Time) {
		for _, m := range moments {
			moment := time.Time{}
			if m != "" {
				var err error
				if moment, err = form.ParseMoment(m); err != nil {
					t.Fatal(err)
				}
			}
			all = append(all, moment)
		}
		return all
	}
	for name, tc := range map[string]struct {
		src  string
		want []time.Time // of its steps
	}{
		"who and what":                 {draft, nil},
		"answers without a moment":     {draft + answers, at("")},
		"answers after the reflection": {draft + meeting[:strings.Index(meeting, "meeting")] + answers, at("2026-04-09T11:00", "2026-04-09T11:00")},
		"answers after the meeting":    {draft + meeting + answers, at("2026-04-09T11:00", "2026-04-13T14:00", "2026-04-13T14:00")},
		"feedback sought later":        {draft + meeting + heard, at("2026-04-09T11:00", "2026-04-13T14:00", "2026-04-14T12:00", "2026-04-13T14:00")},
	} {
		t.Run(name, func(t *testing.T) {
			f, err := form.ReadAudit("draft.yaml", []byte(tc.src), env, nil)
			if err != nil {
				t.Fatalf("\n%v", err)
			}
			var got []time.Time
			for _, s := range f.Steps() {
				got = append(got, s.At)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("steps dated (-want +got):\n%s", diff)
			}
			if name == "feedback sought later" {
				for _, s := range f.Steps() {
					if c, ok := s.Command(audit.Header{}).(audit.RecordFeedback); ok && c.Feedback.SoughtOn.After(calendar.DateOf(s.At)) {
						t.Errorf("sought on %s and recorded on %s", c.Feedback.SoughtOn, s.At)
					}
				}
			}
		})
	}
	a, _ := form.ReadAudit("draft.yaml", []byte(draft), env, nil)
	for name, src := range map[string]string{
		"who and what": "case: \"104233\"\nmoderator: r.patel\n",
		"amendments":   "case: \"104233\"\nmoderator: r.patel\nas_at_audit: { answers: { referral: { reason_identified: { answer: partly, evidence: Not all. } } } }\n",
	} {
		if _, err := form.ReadModeration("draft.yaml", []byte(src), env, a); err != nil {
			t.Errorf("a draft of a moderation, %s:\n%v", name, err)
		}
	}
	for k, src := range map[form.Kind]string{form.AuditForm: draft + "finalised: 2026-04-15T16:20\n", form.ModerationForm: "case: \"1\"\n", form.UpdatesFile: "updates: 3\n"} {
		var ms rubric.Mistakes
		if err := form.CheckShape(k, "f", []byte(src)); !errors.As(err, &ms) {
			t.Errorf("kind %d: %v", k, err)
		}
	}
	if err := form.CheckShape(form.AuditForm, "f", []byte(draft)); err != nil {
		t.Error(err)
	}
}
