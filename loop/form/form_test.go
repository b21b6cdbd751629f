package form_test

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/loop"
	"github.com/practiceaudit/practiceaudit/loop/form"
	"github.com/practiceaudit/practiceaudit/rubric"
	"github.com/practiceaudit/practiceaudit/rubric/halton"
)

var update = flag.Bool("update", false, "write the golden files anew")

// examples are the files that users copy: what is wrong is made from them.
const examples = "../../examples/quickstart"

func example(t testing.TB, name string) string {
	t.Helper()
	src, err := os.ReadFile(filepath.Join(examples, name))
	if errors.Is(err, os.ErrNotExist) {
		t.Skipf("%s is not here: these tests run in a checkout of the whole repository", filepath.Join(examples, name))
	}
	if err != nil {
		t.Fatal(err)
	}
	return string(src)
}

func haltonEnv(t testing.TB) loop.Env {
	t.Helper()
	rules, err := rubric.Parse(halton.DeepDiveFile, halton.DeepDive())
	if err != nil {
		t.Fatal(err)
	}
	policy, err := loop.ParsePolicy(halton.ProcessPolicyFile, halton.ProcessPolicy())
	if err != nil {
		t.Fatal(err)
	}
	return loop.Env{Rubric: rules, Calendar: calendar.EnglandAndWales(), Policy: policy}
}

// read reads a file of the kind that its name says.
func read(t testing.TB, env loop.Env, name, src string) error {
	t.Helper()
	var err error
	switch name {
	case "audit.yaml":
		_, err = form.ReadAudit(name, []byte(src), env, nil)
	case "moderation.yaml":
		var a *form.Audit
		if a, err = form.ReadAudit("audit.yaml", []byte(example(t, "late-allocation/audit.yaml")), env, nil); err != nil {
			t.Fatal(err)
		}
		_, err = form.ReadModeration(name, []byte(src), env, a)
	case "updates.yaml":
		_, err = form.ReadUpdates(name, []byte(src), env)
	case "people.yaml":
		_, err = form.ReadPeople(name, []byte(src))
	case "caseload.csv":
		_, err = form.ReadCaseload(name, []byte(src), day(t, "2026-04-01"))
	}
	return err
}

// wrong says what is put in the place of what, in which file.
var wrong = []struct{ name, file, old, new string }{
	{"a case number that is no text", "audit.yaml", `case: "104233"`, "case: 104233"},
	{"no case number", "audit.yaml", "case: \"104233\"\n", ""},
	{"no auditor", "audit.yaml", "auditor: k.osei\n", ""},
	{"a misspelt key", "audit.yaml", "reflection:", "reflexion:"},
	{"a misspelt fact", "audit.yaml", "consent: given", "konsent: given"},
	{"a misspelt choice", "audit.yaml", "consent: given", "consent: gifen"},
	{"a time without a day", "audit.yaml", "allocated_at: 2026-01-12T10:05", "allocated_at: 10:05"},
	{"a day that is none", "audit.yaml", "allocated_at: 2026-01-12T10:05", "allocated_at: 2026-02-30T10:05"},
	{"an unknown line", "audit.yaml", "      reason_identified: evidenced", "      reason_identifed: evidenced"},
	{"an unknown line with a misspelt answer", "audit.yaml", "      reason_identified: evidenced", "      reason_identifed: evidensed"},
	{"a misspelt answer", "audit.yaml", "reason_identified: evidenced", "reason_identified: evidensed"},
	{"a misspelt answer with evidence", "audit.yaml", "{ answer: partly, evidence: The father", "{ answer: partley, evidence: The father"},
	{"an answer of another kind of line", "audit.yaml", "reason_identified: evidenced", "reason_identified: seen"},
	{"a bottom line answered not applicable", "audit.yaml", "reason_identified: evidenced", "reason_identified: not_applicable"},
	{"an answer by hand to a computed line", "audit.yaml", "      reason_identified: evidenced", "      allocated_24h: evidenced\n      reason_identified: evidenced"},
	{"a line twice", "audit.yaml", "      reason_identified: evidenced", "      reason_identified: evidenced\n      reason_identified: partly"},
	{"an unknown section", "audit.yaml", "  basic_information:\n", "  basic_informations:\n"},
	{"a missing section", "audit.yaml", "  management_oversight:\n    auditor: { grade: good, rationale: Supervision asks what changed for her and records the answer. }\n    practitioner: { grade: good, rationale: My manager reads the file before we meet. }\n", ""},
	{"a misspelt grade", "audit.yaml", "auditor: { grade: requires_improvement, rationale: The decision", "auditor: { grade: requires_improvment, rationale: The decision"},
	{"a judgement without a rationale", "audit.yaml", "auditor: { grade: requires_improvement, rationale: The decision was sound and well recorded; the sister was missed and allocation waited over the weekend. }", "auditor: { grade: requires_improvement }"},
	{"a judgement above the limit", "audit.yaml", "overall: { grade: inadequate", "overall: { grade: outstanding"},
	{"a bottom line not answered", "audit.yaml", "      reason_identified: evidenced\n", ""},
	{"no answer to a question of the reflection", "audit.yaml", "  proud: The family network meeting found an aunt whom nobody had asked.\n", ""},
	{"an unknown question of the reflection", "audit.yaml", "  proud:", "  prowd:"},
	{"no reflection", "audit.yaml", "reflection:\n  by: j.murray\n  at: 2026-04-09T11:00\n  difference: She comes to school every day now and says that she sleeps.\n  voice: Her drawings and what she said about them are in the assessment.\n  proud: The family network meeting found an aunt whom nobody had asked.\n  change: I would see both parents apart at the first visit.\n", ""},
	{"a meeting before the reflection", "audit.yaml", "at: 2026-04-13T14:00", "at: 2026-04-08T14:00"},
	{"an unknown source of feedback", "audit.yaml", "from: child", "from: chld"},
	{"feedback given without words", "audit.yaml", ", words: She listens. I want my sister to have somebody too.", ""},
	{"feedback without a day", "audit.yaml", " on: 2026-04-14, how: by telephone,", " how: by telephone,"},
	{"feedback without a way", "audit.yaml", " how: by telephone,", ""},
	{"feedback not sought, nobody having decided so", "audit.yaml", "outcome: given, on: 2026-04-14, how: by telephone, words: It took long at first but now I know whom to ring.", "outcome: unsafe_to_contact"},
	{"an unhappy family without a meeting", "audit.yaml", "outcome: given, on: 2026-04-14, how: by telephone,", "outcome: given, on: 2026-04-14, unhappy: true, how: by telephone,"},
	{"a meeting offered after the feedback is recorded", "audit.yaml", "outcome: given, on: 2026-04-14, how: by telephone,", "outcome: given, on: 2026-04-14, unhappy: true, meeting_offered_on: 2026-04-24, how: by telephone,"},
	{"feedback of an unknown outcome", "audit.yaml", "{ from: child, outcome: given", "{ from: child, outcome: givn"},
	{"feedback sought after finalising", "audit.yaml", "outcome: given, on: 2026-04-14, how: by telephone", "outcome: given, on: 2026-04-24, how: by telephone"},
	{"an agreed date that is past", "audit.yaml", "date: 2026-05-05", "date: 2026-04-05"},
	{"a practitioner's judgement above the limit", "audit.yaml", "practitioner: { grade: requires_improvement, rationale: I did not", "practitioner: { grade: outstanding, rationale: I did not"},
	{"finalised before the meeting", "audit.yaml", "finalised: 2026-04-15T16:20", "finalised: 2026-04-12T16:20"},

	{"a misspelt grade", "moderation.yaml", "grade: inadequate\n  rationale: I agree", "grade: inadequat\n  rationale: I agree"},
	{"a grade above the limit", "moderation.yaml", "grade: inadequate\n  rationale: The children", "grade: good\n  rationale: The children"},
	{"an unknown line", "moderation.yaml", "analytical_previous_contacts", "analytical_previous_contact"},
	{"an amended answer without evidence", "moderation.yaml", "{ answer: partly, evidence: The contact of 2023 is listed but not weighed. }", "partly"},
	{"no discussion", "moderation.yaml", "discussion: 2026-04-27T10:00\n", ""},
	{"no second grade", "moderation.yaml", "  grade: inadequate\n  rationale: The children are seen and safe. The late allocation stays a missed bottom line of this audit.\n", ""},
	{"a draft with a grade and no rationale", "moderation.yaml", "finalised: 2026-04-29T15:00\nas_at_audit:\n  answers:\n    referral:\n      analytical_previous_contacts: { answer: partly, evidence: The contact of 2023 is listed but not weighed. }\n  grade: inadequate\n  rationale: I agree with the auditor. The weekend is no reason, and nobody asked about the sister.\n", "as_at_audit: { grade: inadequate }\n"},
	{"an action about no line", "moderation.yaml", "line: referral.allocated_24h", "line: referral.allocated_24"},

	{"no such thing to do", "updates.yaml", "do: record_plan", "do: record_plans"},
	{"out of order", "updates.yaml", "at: 2026-04-13T15:05", "at: 2026-03-13T15:05"},
	{"no words", "updates.yaml", "    text: I read the file today. Every action is done and it meets our practice standards.\n", ""},
	{"nobody named", "updates.yaml", "do: start, person: k.osei }\n  - at", "do: start }\n  - at"},
	{"an unknown notice", "updates.yaml", "do: acknowledge, notice: no_plan", "do: acknowledge, notice: no_plans"},

	{"an unknown role", "people.yaml", "  qa_manager:", "  qa_manger:"},
	{"an unknown role of a team", "people.yaml", "    team_manager: [t.ward]", "    team_manger: [t.ward]"},
	{"an unknown role of a deputy", "people.yaml", "role: divisional_manager", "role: divisional_manger"},

	{"a column missing", "caseload.csv", "opened on", "opened"},
	{"a future date", "caseload.csv", "2026-03-20", "2026-05-20"},
	{"a day that is none", "caseload.csv", "2026-03-20", "2026-02-30"},
	{"no case number", "caseload.csv", "104871,", ","},
	{"a column too many", "caseload.csv", "104871,2026-03-20", "104871,2026-03-20,more"},
	{"an open quote", "caseload.csv", "104871,", "\"104871,"},
	{"several at once", "caseload.csv", "104871,2026-03-20,Riverside,j.murray,d.shah\n104502,2025-12-01", ",yesterday,Riverside,j.murray,d.shah\n104502,2027-01-01"},
}

// The answers are read by practice leads and policy officers, who write no
// code: look at the golden file.
func TestEveryMistakeIsAnsweredInItsPlace(t *testing.T) {
	env := haltonEnv(t)
	var b strings.Builder
	for _, tc := range wrong {
		path := tc.file
		if strings.HasSuffix(path, ".yaml") && path != "people.yaml" {
			path = "late-allocation/" + path
		}
		src := example(t, path)
		if strings.Count(src, tc.old) == 0 {
			t.Errorf("%s, %s: there is no %q to change", tc.file, tc.name, tc.old)
			continue
		}
		err := read(t, env, tc.file, strings.Replace(src, tc.old, tc.new, 1))
		b.WriteString("== " + tc.file + ": " + tc.name + "\n")
		if err == nil {
			t.Errorf("%s, %s: accepted", tc.file, tc.name)
			continue
		}
		var ms rubric.Mistakes
		if !errors.As(err, &ms) || len(ms) == 0 {
			t.Errorf("%s, %s: %T is not a list of mistakes", tc.file, tc.name, err)
		}
		for _, m := range ms {
			if m.Line < 1 || m.Column < 1 || m.File != tc.file {
				t.Errorf("%s, %s: no place: %v", tc.file, tc.name, m)
			}
		}
		b.WriteString(err.Error() + "\n")
	}
	const golden = "testdata/mistakes.txt"
	if *update {
		if err := os.WriteFile(golden, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("-want +got (go test ./loop/form -update writes it anew):\n%s", diff)
	}
}

func TestTheExamplesHaveNoMistakes(t *testing.T) {
	env := haltonEnv(t)
	for path, name := range map[string]string{
		"late-allocation/audit.yaml": "audit.yaml", "late-allocation/moderation.yaml": "moderation.yaml", "late-allocation/updates.yaml": "updates.yaml",
		"people.yaml": "people.yaml", "caseload.csv": "caseload.csv", "good/audit.yaml": "audit.yaml",
	} {
		if err := read(t, env, name, example(t, path)); err != nil {
			t.Errorf("%s:\n%v", path, err)
		}
	}
}

func TestDuplicateCaseNumbersAreListedAndTheRestLoaded(t *testing.T) {
	src := example(t, "caseload.csv") + "104871,2026-01-20,Castlefields,x,y\n"
	c, err := form.ReadCaseload("caseload.csv", []byte(src), day(t, "2026-04-01"))
	if err != nil {
		t.Fatal(err)
	}
	first, _ := c.File("104871")
	if len(c.Files) != 5 || len(c.Duplicates) != 1 || c.Duplicates[0].Line != 7 || c.Duplicates[0].First != 4 || first.Case.Team != "Riverside" {
		t.Errorf("%d files, duplicates %+v, first %+v", len(c.Files), c.Duplicates, first)
	}
}

// As spreadsheets write them: a byte order mark, Windows line breaks, English
// dates, columns in another order, columns of no interest.
func TestACaseloadIsReadAsSpreadsheetsWriteIt(t *testing.T) {
	src := "\xef\xbb\xbfTeam,Case_Number,Ward,DIVISIONAL MANAGER,Practitioner,Opened on\r\nRiverside,104233,7,d.shah,j.murray; n.ward,15/09/2025\r\n"
	c, err := form.ReadCaseload("caseload.csv", []byte(src), day(t, "2026-04-01"))
	if err != nil {
		t.Fatal(err)
	}
	f, ok := c.File("104233")
	if !ok || f.Case.OpenedOn != day(t, "2025-09-15") || f.DivisionalManager != "d.shah" || len(f.Practitioners) != 2 {
		t.Errorf("%+v", f)
	}
}

func TestWithoutADayToHoldThemAgainstFutureDatesPass(t *testing.T) {
	if _, err := form.ReadCaseload("c.csv", []byte(example(t, "caseload.csv")), calendar.Date{}); err != nil {
		t.Error(err)
	}
}

// What a sign-in vouches for is a role of the council, held or stood in for that day.
func TestADeputyHoldsARoleOfTheCouncilFromOneDayToAnother(t *testing.T) {
	src := strings.Replace(example(t, "people.yaml"), "deputies:\n", "deputies:\n  - { role: qa_team, person: a.finch, from: 2026-04-01, until: 2026-04-03 }\n", 1)
	council, err := form.ReadPeople("people.yaml", []byte(src))
	if err != nil {
		t.Fatal(err)
	}
	for on, want := range map[string][]audit.Role{"2026-03-31": nil, "2026-04-01": {audit.RoleQATeam}, "2026-04-04": nil} {
		if diff := cmp.Diff(want, council.Roles("a.finch", day(t, on))); diff != "" {
			t.Errorf("on %s (-want +got):\n%s", on, diff)
		}
	}
}

// FuzzRead reads any text as each kind of file: an answer, never a panic.
func FuzzRead(f *testing.F) {
	for _, path := range []string{"late-allocation/audit.yaml", "late-allocation/updates.yaml", "people.yaml", "caseload.csv"} {
		f.Add(example(f, path))
	}
	for _, src := range []string{"", "case: 1\n", "sections: { referral: 3 }\n", "updates: [ {} ]\n", "a,b\n\"", "council: []\n"} {
		f.Add(src)
	}
	env := haltonEnv(f)
	f.Fuzz(func(t *testing.T, src string) {
		// What has mistakes is held against the rest too.
		a, err := form.ReadAudit("f", []byte(src), env, nil)
		if err == nil && a == nil {
			t.Error("neither an audit nor a mistake")
		}
		m, _ := form.ReadModeration("f", []byte(src), env, a)
		_, _ = form.ReadReAudit("f", []byte(src), env, a, m)
		c, _ := form.ReadCaseload("f", []byte(src), calendar.Date{})
		council, _ := form.ReadPeople("f", []byte(src))
		updates, _ := form.ReadUpdates("f", []byte(src), env)
		if council != nil {
			council.Check(env.Policy, c)
		}
		for _, u := range updates {
			u.CheckPerson("somebody")
			u.Mistake("role", "here")
		}
		if a != nil {
			a.CheckCase(c)
			a.CheckPeople(audit.People{})
			for _, s := range a.Steps() {
				s.Refused(errors.New("refused"), nil)
			}
		}
	})
}

func day(t testing.TB, s string) calendar.Date {
	t.Helper()
	d, err := calendar.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}
