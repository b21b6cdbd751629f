package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// desk is a folder of files that a user has copied, and a database beside it.
type desk struct {
	t       *testing.T
	dir, db string
}

func newDesk(t *testing.T, folder string) *desk {
	t.Helper()
	form := changed(t, folder, "", nil)
	d := &desk{t: t, dir: filepath.Dir(form)}
	d.db = filepath.Join(t.TempDir(), "quickstart.db")
	for _, name := range []string{"people.yaml", "caseload.csv"} {
		src, err := shipped.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		d.write(name, string(src))
	}
	return d
}

func (d *desk) write(name, text string) {
	d.t.Helper()
	if err := os.WriteFile(filepath.Join(d.dir, name), []byte(text), 0o644); err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) read(name string) string {
	d.t.Helper()
	src, err := os.ReadFile(filepath.Join(d.dir, name))
	if err != nil {
		d.t.Fatal(err)
	}
	return string(src)
}

// change puts words in the place of others in a file.
func (d *desk) change(name string, pairs ...string) *desk {
	d.t.Helper()
	src := d.read(name)
	for i := 0; i < len(pairs); i += 2 {
		if !strings.Contains(src, pairs[i]) {
			d.t.Fatalf("%s has no %q", name, pairs[i])
		}
		src = strings.Replace(src, pairs[i], pairs[i+1], 1)
	}
	d.write(name, src)
	return d
}

// alone takes away the forms that follow the audit's.
func (d *desk) alone() {
	d.t.Helper()
	for _, name := range []string{"moderation.yaml", "re-audit.yaml", "re-audit-moderation.yaml"} {
		if err := os.Remove(filepath.Join(d.dir, name)); err != nil {
			d.t.Fatal(err)
		}
	}
}

func (d *desk) run(args ...string) (code int, out, errs string) {
	d.t.Helper()
	return quickstart(append([]string{
		"-form", filepath.Join(d.dir, "audit.yaml"), "-people", filepath.Join(d.dir, "people.yaml"),
		"-caseload", filepath.Join(d.dir, "caseload.csv"), "-db", d.db,
	}, args...)...)
}

// must runs what has no mistake and returns its output and what is stored.
func (d *desk) must(args ...string) (out, stored string) {
	d.t.Helper()
	code, out, errs := d.run(args...)
	if code != exitOK {
		d.t.Fatalf("exit %d:\n%s", code, errs)
	}
	return out, recorded(d.t, d.db)
}

// refused runs what has a mistake: nothing is printed, stored or sent.
func (d *desk) refused(args ...string) (errs string) {
	d.t.Helper()
	before := ""
	if _, err := os.Stat(d.db); err == nil {
		before = recorded(d.t, d.db)
	}
	code, out, errs := d.run(args...)
	if code != exitMistake || out != "" || !strings.HasSuffix(errs, "Nothing was stored.\n") {
		d.t.Errorf("exit %d, printed %q:\n%s", code, out, errs)
	}
	if before != "" && recorded(d.t, d.db) != before {
		d.t.Error("something was stored")
	}
	return errs
}

// says fails unless each is said, at the place that stands before it, with a
// caret.
func says(t *testing.T, errs string, want ...string) {
	t.Helper()
	for _, w := range want {
		if !strings.Contains(errs, w) {
			t.Errorf("not said: %q in\n%s", w, errs)
		}
	}
	placed, carets := regexp.MustCompile(`(?m)^\S+:\d+:\d+: `).FindAllString(errs, -1), regexp.MustCompile(`(?m)^ +\^$`).FindAllString(errs, -1)
	if len(placed) != len(carets) {
		t.Errorf("%d places and %d carets in\n%s", len(placed), len(carets), errs)
	}
}

const anotherConcern = "  - { at: 2026-04-13T15:01, by: t.ward, do: raise_concern, text: She has a bruise. }\n"

// before puts a line of updates before the one that holds some words.
func (d *desk) before(words, line string) *desk {
	d.t.Helper()
	src := d.read("updates.yaml")
	i := strings.Index(src, words)
	if i < 0 {
		d.t.Fatalf("updates.yaml has no %q", words)
	}
	i = strings.LastIndex(src[:i], "  - ")
	d.write("updates.yaml", src[:i]+line+src[i:])
	return d
}

// As it happened to a user: an edited past word and a line put in came to light
// after dozens of events had been stored and notices sent.
func TestAMistakeAfterAStoredRunStoresAndSendsNothing(t *testing.T) {
	d := newDesk(t, "late-allocation")
	d.must("-today", "2026-04-15")
	d.change("audit.yaml", "now I know whom to ring", "now I know who to ring").before("do: raise_concern", anotherConcern)
	says(t, d.refused(), "audit.yaml:194:5: this was stored on an earlier run", "another -db file")
}

func TestAPastEntryThatWasChangedIsRefusedWhereItStands(t *testing.T) {
	d := newDesk(t, "late-allocation")
	d.must()
	for name, tc := range map[string]struct{ file, old, new, want string }{
		"the words of a concern":   {"updates.yaml", "The lock on the back door", "The lock on the front door", "updates.yaml:6:5: this was stored on an earlier run as something else"},
		"the moment of a concern":  {"updates.yaml", "2026-04-13T15:05", "2026-04-13T15:04", "updates.yaml:6:9: this was stored on an earlier run as of Mon 13 Apr 2026 15:05"},
		"who raised it":            {"updates.yaml", "    by: k.osei\n    do: raise", "    by: j.murray\n    do: raise", "updates.yaml:7:9: this was stored on an earlier run as done by k.osei"},
		"an answer":                {"audit.yaml", "reason_identified: evidenced", "reason_identified: partly", "audit.yaml:21:1: this was stored"},
		"a judgement":              {"audit.yaml", "grade: requires_improvement, rationale: The decision", "grade: inadequate, rationale: The decision", "audit.yaml:55:5: this was stored"},
		"the day of the finding":   {"audit.yaml", "finalised: 2026-04-15T16:20", "finalised: 2026-04-15T16:25", "audit.yaml:20:12: this was stored on an earlier run as of Wed 15 Apr 2026 16:20"},
		"a moderator's rationale":  {"moderation.yaml", "I agree with the auditor", "I agree", "moderation.yaml:6:1: this was stored"},
		"what an action asks":      {"audit.yaml", "See both children alone", "See both children", "audit.yaml:196:5: this was stored"},
		"the last entry, moved on": {"updates.yaml", "2026-08-05T15:00", "2026-08-06T15:00", "updates.yaml:47:9: this was stored on an earlier run as of Wed 5 Aug 2026 15:00"},
	} {
		t.Run(name, func(t *testing.T) {
			one := &desk{t: t, dir: filepath.Dir(changed(t, "late-allocation", tc.file, swap(tc.old, tc.new))), db: d.db}
			one.write("people.yaml", d.read("people.yaml"))
			one.write("caseload.csv", d.read("caseload.csv"))
			errs := one.refused()
			says(t, errs, tc.want)
			if strings.Contains(errs, "holds no role") || strings.Contains(errs, "by then") {
				t.Errorf("what only follows from it is said too:\n%s", errs)
			}
		})
	}
}

// An entry put in is told, once; those around it keep their names, and nothing
// about them is told again.
func TestAnEntryPutInOrTakenOutOrMovedRenamesNothing(t *testing.T) {
	d := newDesk(t, "late-allocation")
	_, before := d.must("-today", "2026-04-14")
	out, after := d.before("do: raise_concern", anotherConcern).must("-today", "2026-04-14")
	more, ok := strings.CutPrefix(after, before)
	if !ok {
		t.Fatal("what was stored has changed")
	}
	if n := strings.Count(more, "loop.concern_raised"); n != 1 || strings.Contains(more, "back door") {
		t.Errorf("%d concerns more:\n%s", n, more)
	}
	// Nobody has acknowledged it, and the files say that it is past: so its
	// ladder is climbed at once.
	if n := strings.Count(out, "→") - strings.Count(out, "; told earlier)"); n != strings.Count(more, "loop.notified") || n != 6 {
		t.Errorf("%d notices sent and %d stored, want three of the concern and three of its ladder:\n%s", n, strings.Count(more, "loop.notified"), out)
	}

	// Taken out, and two of the same moment the other way round.
	d.change("updates.yaml", anotherConcern, "", "2026-04-13T15:20, by: d.shah", "2026-04-13T15:10, by: d.shah")
	if got := d.refused("-today", "2026-04-14"); !strings.Contains(got, "as of Mon 13 Apr 2026 15:20") {
		t.Errorf("moved in time: %s", got)
	}
	d.change("updates.yaml", "2026-04-13T15:10, by: d.shah", "2026-04-13T15:20, by: d.shah")
	out, last := d.must("-today", "2026-04-14")
	if last != after || !strings.Contains(out, "In the database and in no file any more: audit: raise concern by t.ward on Mon 13 Apr 2026 15:01. What has happened stays.") {
		t.Errorf("taken out, stored changed %v:\n%s", last != after, out)
	}
}

func TestEntriesAlikeToTheLetterAreSeveral(t *testing.T) {
	d := newDesk(t, "late-allocation")
	line := "  - { at: 2026-04-13T15:01, by: t.ward, do: record_plan, text: We visit tonight. }\n"
	d.change("people.yaml", "    divisional_manager: [d.shah]", "    divisional_manager: [d.shah, t.ward]")
	d.change("caseload.csv", "104233,2025-09-15,Riverside,j.murray,d.shah", "104233,2025-09-15,Riverside,j.murray,t.ward")
	d.write("updates.yaml", strings.Split(d.read("updates.yaml"), "  - at: 2026-04-13")[0]+line+line)
	d.alone()
	_, stored := d.must("-today", "2026-04-14")
	if n := strings.Count(stored, "loop.plan_recorded"); n != 2 {
		t.Errorf("%d plans, want both", n)
	}
	if _, again := d.must("-today", "2026-04-14"); again != stored {
		t.Error("the second run added something")
	}
}

// A rung of the ladder that fell due overnight is known to the next day's
// rehearsal: the wake-ups are copied too.
func TestWhatFellDueBetweenTwoRunsIsRehearsed(t *testing.T) {
	d := newDesk(t, "late-allocation")
	d.alone()
	d.write("audit.yaml", "case: \"104233\"\nauditor: k.osei\n")
	updates := strings.Split(d.read("updates.yaml"), "  - at: 2026-04-13")[0] + "  - { at: 2026-04-13T23:30, by: t.ward, do: raise_concern, text: He was seen at the gate. }\n"
	d.write("updates.yaml", updates)
	d.must()
	d.write("updates.yaml", updates+"  - { at: 2026-04-14T01:40, by: a.finch, do: acknowledge, notice: unacknowledged }\n")
	if out, _ := d.must(); !strings.Contains(out, "a.finch    audit: acknowledges: a notice that nobody had acknowledged") {
		t.Errorf("told:\n%s", out)
	}
}

func TestTheClockDoesNotRunBackwards(t *testing.T) {
	d := newDesk(t, "late-allocation")
	d.must("-today", "2026-04-15")
	says(t, d.refused("-today", "2026-04-14"), "-today 2026-04-14: the database holds what was done until 2026-04-15")
}

func TestAChangeOfPeopleIsSaidAndTheAuditGoesOn(t *testing.T) {
	d := newDesk(t, "late-allocation")
	_, before := d.must("-today", "2026-04-15")
	d.change("people.yaml", "practice_lead: [l.byrne]", "practice_lead: [l.byrne, r.new]")
	out, after := d.must("-today", "2026-04-15")
	if before != after || !strings.Contains(out, "have changed since it was selected") {
		t.Errorf("stored changed %v:\n%s", before != after, out)
	}
}

func TestOnlyWhatIsKnownByTodayIsTold(t *testing.T) {
	code, out, errs := quickstart("-today", "2026-04-01")
	if code != exitOK {
		t.Fatalf("exit %d: %s", code, errs)
	}
	if strings.Contains(out, "Judged") || strings.Contains(out, "suggests Inadequate") || !strings.Contains(out, "There are no answers yet.") {
		t.Errorf("told before it happened:\n%s", out)
	}
	code, out, errs = quickstart("-today", "2026-03-31", "-json")
	var doc struct {
		Case     string
		Grade    any
		Caseload []struct{ Chosen bool }
	}
	if err := json.Unmarshal([]byte(out), &doc); err != nil || code != exitOK {
		t.Fatalf("exit %d, %v: %s", code, err, errs)
	}
	for _, c := range doc.Caseload {
		if c.Chosen {
			t.Error("chosen before the selection")
		}
	}
	if doc.Case != "104233" || doc.Grade != nil {
		t.Errorf("%+v", doc)
	}
}

// Mistakes of every file, of the database and of what is to happen, in one go.
func TestEveryMistakeOfEveryFileAtOnce(t *testing.T) {
	d := newDesk(t, "late-allocation")
	d.change("audit.yaml", "reason_identified: evidenced", "reason_identified: evidensed", "with: [j.murray]", "with: [j.muray]")
	d.change("moderation.yaml", "grade: inadequate\n  rationale: I agree", "grade: inadequat\n  rationale: I agree")
	d.change("re-audit.yaml", "overall: { grade: good", "overall: { grade: god")
	d.change("re-audit-moderation.yaml", "finalised: 2026-06-04T11:00", "finalised: yesterday")
	d.change("updates.yaml", "at: 2026-05-05T09:00, by: m.grant", "at: 2026-05-05T09:00, by: m.grnt", "action: M1, text", "action: M2, text", "do: close_loop\n", "do: close_lop\n")
	d.change("people.yaml", "  director: [h.quinn]\n", "")
	d.change("caseload.csv", "104502,2025-12-01,Castlefields", "104502,2025-12-01,Castlefeilds")
	d.db = filepath.Join(d.dir, "nowhere", "quickstart.db")
	says(t, d.refused(),
		"audit.yaml:26:26: \"evidensed\" is not an answer", "audit.yaml:19:10: j.muray is not a practitioner of this case; did you mean \"j.murray\"?",
		"moderation.yaml:10:10: there is no grade \"inadequat\"", "re-audit.yaml:", "there is no grade \"god\"", "re-audit-moderation.yaml:5:12: \"yesterday\" is not a date and time",
		"updates.yaml:31:33: send tracker: m.grnt holds no role that may do this (QA Manager may: m.grant); did you mean \"m.grant\"?",
		"updates.yaml:34:70: no form has an action \"M2\"; did you mean", "\"close_lop\" is not one of",
		"people.yaml:4:1: nobody is named as Director", "caseload.csv:5:19: the people file has no team \"Castlefeilds\"; did you mean \"Castlefields\"?",
		"nowhere is not there: make it first")
}

// What would be refused is said all at once too, each where it stands; what may
// only follow from another is not.
func TestARehearsalGoesOnAfterARefusal(t *testing.T) {
	d := newDesk(t, "late-allocation")
	d.change("updates.yaml",
		"at: 2026-04-07T09:00", "at: 2026-04-02T09:00", // too early
		"15:10, by: t.ward, do: acknowledge, notice: concern", "15:10, by: w.doyle, do: acknowledge, notice: concern", // of the other team
		"2026-04-16T09:30, by: q.lewis", "2026-04-16T09:30, by: q.lewes",
		"by: p.evans, do: confirm_action, action: A1", "by: j.murray, do: confirm_action, action: A1", // who completed it
		"do: start, of: dip_sample, person: l.byrne", "do: start, of: dip_sample, person: j.murray",
	)
	errs := d.refused()
	says(t, errs,
		"updates.yaml:5:11: start: it is too early; this audit starts on Tuesday 7 April 2026",
		"updates.yaml:11:67: acknowledge: w.doyle has no critical notice about \"concern\" to acknowledge by then; it waits for d.shah, t.ward, h.quinn",
		"updates.yaml:21:33: allocate moderator: q.lewes holds no role that may do this (QA team may: q.lewis); did you mean \"q.lewis\"?",
		"updates.yaml:23:33: confirm action: j.murray holds no role",
	)
	if n := strings.Count(errs, "^\n"); n > 5 {
		t.Errorf("%d mistakes, want five at most:\n%s", n, errs)
	}
	d = newDesk(t, "late-allocation")
	d.change("updates.yaml", "person: r.patel }\n  - { at: 2026-04-20", "person: k.osei }\n  - { at: 2026-04-20").change("moderation.yaml", "moderator: r.patel", "moderator: k.osei")
	says(t, d.refused(), "updates.yaml:21:74: allocate moderator: k.osei audited this file; a moderator who is somebody else")
}

// A draft is saved as far as it goes, again when it is reworded, and finalised in
// the end, all on one database.
func TestADraftIsSavedRewordedAndFinalised(t *testing.T) {
	d := newDesk(t, "late-allocation")
	whole := d.read("audit.yaml")
	d.change("audit.yaml", "finalised: 2026-04-15T16:20\n", "", "      reason_identified: evidenced\n", "", "jargon_free: evidenced", "jargon_free: partly")
	out, _ := d.must()
	for _, want := range []string{"The audit is a draft", "audit: answers the rubric's lines", "audit: raises an immediate concern", "Waiting for the draft to be finalised:", "Wed 15 Apr 2026 16:40  h.quinn    audit: acknowledges a notice", "Wed 15 Apr 2026 17:50  d.shah     audit: records the plan", "Running: the end of the deep dive audit", "audit: records the feedback sought"} {
		if !strings.Contains(out, want) {
			t.Errorf("not told: %q in\n%s", want, out)
		}
	}
	if strings.Contains(out, "finalises the audit: ") || strings.Contains(out, "Inadequate: case") {
		t.Errorf("finalised:\n%s", out)
	}
	if out, _ = d.must(); totals.FindStringSubmatch(out)[2] != "0" {
		t.Errorf("the same draft again: %s", totals.FindString(out))
	}
	// Reworded, and back again.
	first := d.read("audit.yaml")
	for _, answer := range []string{"partly", "evidenced", "partly"} {
		d.write("audit.yaml", strings.Replace(first, "views_sought: evidenced", "views_sought: "+answer, 1))
		out, _ = d.must()
		if totals.FindStringSubmatch(out)[2] != "1" {
			t.Errorf("views_sought: %s: %s, want one event", answer, totals.FindString(out))
		}
	}
	// An answer that the draft no longer has is taken back, with its evidence.
	d.write("audit.yaml", strings.Replace(first, "      absent_parents: { answer: partly, evidence: The father is named; nobody spoke with him. }\n", "", 1))
	_, stored := d.must()
	last := stored[strings.LastIndex(strings.TrimSpace(stored), "\n")+1:]
	if strings.Count(last, `"absent_parents":""`) != 2 {
		t.Errorf("not taken back: %s", last)
	}

	d.write("audit.yaml", whole)
	out, _ = d.must()
	if !strings.Contains(out, "finalises the audit: Inadequate") || !strings.Contains(out, "The loop of the re-audit was closed") || strings.Contains(out, "in no file any more") {
		t.Errorf("finalised:\n%s", out)
	}
	if out, _ = d.must(); totals.FindStringSubmatch(out)[2] != "0" {
		t.Errorf("the same again: %s", totals.FindString(out))
	}
}

func TestAHandfulOfLinesIsADraft(t *testing.T) {
	d := newDesk(t, "late-allocation")
	d.write("audit.yaml", "case: \"104233\"\nauditor: k.osei\nsections: { referral: { answers: { reason_identified: evidenced } } }\n")
	d.alone()
	d.write("updates.yaml", strings.Split(d.read("updates.yaml"), "  - at: 2026-04-13")[0])
	out, _ := d.must("-today", "2026-04-10")
	if !strings.Contains(out, "Tue 7 Apr 2026 09:00  k.osei     audit: answers the rubric's lines") || !strings.Contains(out, "not settled") && !strings.Contains(out, "still possible") && !strings.Contains(out, "open") {
		t.Errorf("told:\n%s", out)
	}
}

func TestAModerationInDraftHoldsUpWhatFollowsIt(t *testing.T) {
	d := newDesk(t, "late-allocation")
	d.change("moderation.yaml", "finalised: 2026-04-29T15:00\n", "")
	out, _ := d.must()
	for _, want := range []string{"Fri 1 May 2026 11:00  s.okafor   audit: adds the final QA comments", "The loop of the re-audit was closed", "Running: the moderation of the deep dive audit, overdue"} {
		if !strings.Contains(out, want) {
			t.Errorf("not told: %q in\n%s", want, out)
		}
	}
	if strings.Contains(out, "finalises the moderation: Inadequate") {
		t.Errorf("finalised:\n%s", out)
	}
	d.change("updates.yaml", "by: s.okafor, do: check_moderation }", "by: m.grant, do: check_moderation }")
	says(t, d.refused(), "check moderation: m.grant holds no role that may do this")
}
