package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/loop"
	"github.com/practiceaudit/practiceaudit/loop/looptest"
	"github.com/practiceaudit/practiceaudit/loop/sqlstore/sqlite"
)

var update = flag.Bool("update", false, "write the golden transcripts anew; review them afterwards")

// quickstart runs the program in process.
func quickstart(args ...string) (code int, stdout, stderr string) {
	var out, errs bytes.Buffer
	code = run(context.Background(), args, &out, &errs)
	return code, out.String(), errs.String()
}

// golden compares a transcript with the one that was reviewed.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got == string(want) {
		return
	}
	gotLines, wantLines := strings.Split(got, "\n"), strings.Split(string(want), "\n")
	for i := range max(len(gotLines), len(wantLines)) {
		g, w := at(gotLines, i), at(wantLines, i)
		if g != w {
			t.Fatalf("%s:%d: got\n%s\nwant\n%s\n(go test ./examples/quickstart -update writes it anew)", path, i+1, g, w)
		}
	}
}

func at(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return "(end)"
}

func TestTranscripts(t *testing.T) {
	for _, tc := range []struct {
		golden string
		args   []string
	}{
		{"late-allocation.txt", nil},
		{"good.txt", []string{"-form", "good/audit.yaml"}},
		{"late-allocation-on-the-day-of-the-finding.txt", []string{"-today", "2026-04-15"}},
	} {
		t.Run(tc.golden, func(t *testing.T) {
			code, out, errs := quickstart(tc.args...)
			if code != exitOK || errs != "" {
				t.Fatalf("exit %d: %s", code, errs)
			}
			golden(t, tc.golden, out)
		})
	}
}

var totals = regexp.MustCompile(`(\d+) events stored; new in this run: (\d+) events, (\d+) notices`)

func TestSecondRunOnTheSameDatabaseAddsNothing(t *testing.T) {
	for _, form := range []string{"late-allocation/audit.yaml", "good/audit.yaml"} {
		db := filepath.Join(t.TempDir(), "quickstart.db")
		code, first, errs := quickstart("-form", form, "-db", db)
		if code != exitOK {
			t.Fatalf("%s: exit %d: %s", form, code, errs)
		}
		code, second, errs := quickstart("-form", form, "-db", db)
		if code != exitOK {
			t.Fatalf("%s, second run: exit %d: %s", form, code, errs)
		}
		a, b := totals.FindStringSubmatch(first), totals.FindStringSubmatch(second)
		if a == nil || b == nil || a[1] != b[1] || b[2] != "0" || b[3] != "0" || a[1] != a[2] || a[3] == "0" {
			t.Errorf("%s: first run %v, second run %v", form, a, b)
		}
	}
}

func TestRunsOfDayAfterDayComeToTheSameAsOne(t *testing.T) {
	dir := t.TempDir()
	whole, parts := filepath.Join(dir, "whole.db"), filepath.Join(dir, "parts.db")
	if code, _, errs := quickstart("-db", whole); code != exitOK {
		t.Fatalf("exit %d: %s", code, errs)
	}
	for _, today := range []string{"2026-04-01", "2026-04-07", "2026-04-15", "2026-04-16", "2026-05-01", "2026-05-07", "2026-05-26", "2026-06-10", "2026-08-05"} {
		if code, _, errs := quickstart("-db", parts, "-today", today); code != exitOK {
			t.Fatalf("%s: exit %d: %s", today, code, errs)
		}
	}
	if a, b := recorded(t, whole), recorded(t, parts); a != b {
		t.Errorf("one run:\n%s\nday after day:\n%s", a, b)
	}
}

// recorded is every stored event in one string.
func recorded(t *testing.T, db string) string {
	t.Helper()
	store, err := sqlite.Open(context.Background(), db, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	return feed(t, store)
}

func feed(t *testing.T, store loop.Store) string {
	t.Helper()
	var b strings.Builder
	for r, err := range store.Feed(context.Background(), 0) {
		if err != nil {
			t.Fatal(err)
		}
		b.WriteString(string(r.Stream) + " " + r.Type + " " + string(r.Data) + "\n")
	}
	return b.String()
}

// killed plays the shipped files, stops at a boundary, plays them again on what
// is left, and holds the result to a run that was never stopped. At most the one
// notice that was in flight when the run was stopped may arrive a second time,
// under the same id: nothing outside the database could promise more.
type killed struct {
	in      *inputs
	want    string // what is stored in the end
	notices int
}

func newKilled(t *testing.T) *killed {
	t.Helper()
	in, _, err := prepare(context.Background(), options{})
	if err != nil {
		t.Fatal(err)
	}
	k := &killed{in: in}
	kept, all := loop.NewMemoryStore(), &looptest.Notifier{}
	if err := k.play(kept, all); err != nil {
		t.Fatal(err)
	}
	k.want, k.notices = feed(t, kept), len(all.Delivered())
	return k
}

func (k *killed) play(store loop.Store, n loop.Notifier) error {
	j, err := newJourney(context.Background(), k.in, store, n)
	if err != nil {
		return err
	}
	_, err = j.play(context.Background())
	return err
}

// at stops at a boundary; reopen returns the store as a new run finds it. It
// reports whether there was such a boundary.
func (k *killed) at(t *testing.T, boundary int, store loop.Store, reopen func() loop.Store) bool {
	t.Helper()
	c, notifier := &looptest.Crasher{At: boundary}, &looptest.Notifier{}
	if err := k.play(looptest.CrashStore(store, c), looptest.CrashNotifier(notifier, c)); err != nil && !errors.Is(err, looptest.ErrCrashed) {
		t.Fatalf("crashed %s: %v", c, err)
	}
	if !c.Crashed() {
		return false
	}
	store = reopen()
	if err := k.play(store, notifier); err != nil {
		t.Fatalf("crashed %s, then: %v", c, err)
	}
	if got := feed(t, store); got != k.want {
		t.Fatalf("crashed %s: another history", c)
	}
	ids := map[loop.NoticeID]bool{}
	for _, n := range notifier.Delivered() {
		ids[n.ID] = true
	}
	if len(ids) != k.notices {
		t.Errorf("crashed %s: %d notices of %d", c, len(ids), k.notices)
	}
	if again := notifier.Duplicates(); again > 1 {
		t.Errorf("crashed %s: %d notices arrived twice; one crash can repeat one", c, again)
	}
	return true
}

// On the store in memory, which keeps every promise but durability: there are
// hundreds of boundaries.
func TestKilledAtEveryBoundaryARunResumesAndRepeatsNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("long, and nothing in it runs at the same time as anything else")
	}
	k := newKilled(t)
	// Every boundary takes some minutes: CI and whoever asks for it try them
	// all, everybody else one in twenty.
	stride := 20
	if effort := os.Getenv("PRACTICEAUDIT_EFFORT"); effort != "" && effort != "small" {
		stride = 1
	}
	crashed, last := 0, 0
	for at := 1; ; at += stride {
		store := loop.NewMemoryStore()
		if !k.at(t, at, store, func() loop.Store { return store }) {
			break
		}
		crashed, last = crashed+1, at
	}
	t.Logf("killed %d times, up to boundary %d; %d notices", crashed, last, k.notices)
	if last < 4*k.notices {
		t.Errorf("only %d boundaries for %d notices", last, k.notices)
	}
}

// The same over SQLite, at a handful of boundaries from the first to one of the
// last: the file is closed and opened again, as by a new run. That a commit
// survives a process that is killed in the middle of it is shown by the store's
// own tests.
func TestKilledOverSQLiteARunResumesAndRepeatsNothing(t *testing.T) {
	k := newKilled(t)
	for _, at := range []int{1, 2, 37, 150, 301, 420} {
		db := filepath.Join(t.TempDir(), "quickstart.db")
		open := func() *sqlite.Store {
			store, err := sqlite.Open(context.Background(), db, nil)
			if err != nil {
				t.Fatal(err)
			}
			return store
		}
		store := open()
		if !k.at(t, at, store, func() loop.Store {
			if err := store.Close(); err != nil {
				t.Fatal(err)
			}
			store = open()
			return store
		}) {
			t.Errorf("there is no boundary %d", at)
		}
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	}
}

// changed copies a shipped folder and changes one of its files.
func changed(t *testing.T, folder, name string, change func(string) string) string {
	t.Helper()
	dir := t.TempDir()
	if err := fs.WalkDir(shipped, folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		src, err := shipped.ReadFile(path)
		if filepath.Base(path) == name && change != nil {
			text := change(string(src))
			if text == string(src) {
				t.Fatalf("nothing changed in %s", path)
			}
			src = []byte(text)
		}
		return errors.Join(err, os.WriteFile(filepath.Join(dir, filepath.Base(path)), src, 0o644))
	}); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, "audit.yaml")
}

// swap changes text in a file, each pair of words after another.
func swap(pairs ...string) func(string) string {
	return func(s string) string { return strings.NewReplacer(pairs...).Replace(s) }
}

func TestWrongInputIsAnsweredAllAtOnceAndNothingIsStored(t *testing.T) {
	for _, tc := range []struct {
		name   string
		file   string
		change func(string) string
		want   []string // each in the answer, and on a line with its place
	}{
		{"an unknown line", "audit.yaml", swap("jargon_free: evidenced\n      diversity", "jargon_fre: evidenced\n      diversity"), []string{"jargon_fre", "jargon_free"}},
		{"a misspelt answer", "audit.yaml", swap("reason_identified: evidenced", "reason_identified: evidensed"), []string{"evidensed", `evidenced`}},
		{"a hand answer to a computed line", "audit.yaml", swap("reason_identified: evidenced", "reason_identified: evidenced\n      allocated_24h: evidenced"), []string{"allocated_at"}},
		{"a judgement above the limit", "audit.yaml", swap("overall: { grade: inadequate", "overall: { grade: good"), []string{"Case allocated within 24 hours", "Inadequate"}},
		{"a missing section", "audit.yaml", swap("  management_oversight:\n    auditor: { grade: good, rationale: Supervision asks what changed for her and records the answer. }\n    practitioner: { grade: good, rationale: My manager reads the file before we meet. }\n", ""), []string{"management_oversight"}},
		{"bad YAML", "audit.yaml", swap("facts:", "facts: ["), []string{"audit.yaml:"}},
		{"a misspelt key", "audit.yaml", swap("meeting:", "meating:"), []string{"meating", "meeting"}},
		{"an unknown fact", "audit.yaml", swap("consent: given", "consend: given"), []string{"consend", "consent"}},
		{"a misspelt grade", "moderation.yaml", swap("grade: inadequate\n  rationale: I agree", "grade: inadequat\n  rationale: I agree"), []string{"inadequat", "inadequate"}},
		{"an amended answer to no line", "moderation.yaml", swap("analytical_previous_contacts", "analytical_previous_contact"), []string{"analytical_previous_contacts"}},
		{"a moderator's grade above the limit", "moderation.yaml", swap("grade: inadequate\n  rationale: The children", "grade: good\n  rationale: The children"), []string{"Case allocated within 24 hours"}},
		{"an update out of order", "updates.yaml", swap("2026-04-07T09:00", "2026-03-07T09:00"), []string{"in the order"}},
		{"an update of no kind", "updates.yaml", swap("do: send_tracker }\n  - { at: 2026-05-05T12", "do: send_trakker }\n  - { at: 2026-05-05T12"), []string{"send_trakker"}},
		{"a moderator who audited", "updates.yaml", swap("do: allocate_moderator, person: r.patel }\n  - { at: 2026-04-20", "do: allocate_moderator, person: k.osei }\n  - { at: 2026-04-20"), []string{"k.osei is allocated here, and the form is by r.patel"}},
		{"two mistakes", "audit.yaml", swap("reason_identified: evidenced", "reason_identified: evidensed", "consent: given", "consent: givven"), []string{"evidensed", "givven"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			form := changed(t, "late-allocation", tc.file, tc.change)
			db := filepath.Join(t.TempDir(), "quickstart.db")
			code, out, errs := quickstart("-form", form, "-db", db)
			if code != exitMistake {
				t.Errorf("exit %d, want %d", code, exitMistake)
			}
			for _, want := range append(tc.want, tc.file+":", "Nothing was stored.") {
				if !strings.Contains(errs, want) {
					t.Errorf("the answer does not speak of %q:\n%s", want, errs)
				}
			}
			if !regexp.MustCompile(regexp.QuoteMeta(tc.file) + `:\d+:\d+: `).MatchString(errs) {
				t.Errorf("no place in\n%s", errs)
			}
			if out != "" {
				t.Errorf("printed before it read everything:\n%s", out)
			}
			if _, err := os.Stat(db); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("a database was made: %v", err)
			}
		})
	}
}

func TestCaseloadWithAFutureDateIsRefused(t *testing.T) {
	csv := "case number,opened on,team,practitioner,Divisional Manager\n104233,2025-09-15,Riverside,j.murray,d.shah\n1,2027-01-01,Riverside,j.murray,d.shah\n2,2026-02-30,Riverside,j.murray,d.shah\n"
	path := filepath.Join(t.TempDir(), "caseload.csv")
	if err := os.WriteFile(path, []byte(csv), 0o644); err != nil {
		t.Fatal(err)
	}
	code, _, errs := quickstart("-caseload", path)
	if code != exitMistake || !strings.Contains(errs, "caseload.csv:3:3: case 1 is opened on 2027-01-01") || !strings.Contains(errs, "caseload.csv:4:3: ") {
		t.Errorf("exit %d:\n%s", code, errs)
	}
}

func TestDuplicateCaseNumbersAreListedAndTheRestLoaded(t *testing.T) {
	src, err := shipped.ReadFile("caseload.csv")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "caseload.csv")
	if err := os.WriteFile(path, append(src, "103990,2024-11-28,Riverside,b.adeyemi,d.shah\n"...), 0o644); err != nil {
		t.Fatal(err)
	}
	code, out, errs := quickstart("-caseload", path)
	if code != exitOK || !strings.Contains(out, "Line 7 repeats case 103990 of line 3") || !strings.Contains(out, "104640") {
		t.Errorf("exit %d: %s%s", code, errs, out)
	}
}

func TestDatabasesThatAreNone(t *testing.T) {
	dir := t.TempDir()
	note, empty := filepath.Join(dir, "note.txt"), filepath.Join(dir, "empty.db")
	if err := os.WriteFile(note, []byte("not a database, but long enough to be taken for the header of one"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(empty, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for name, db := range map[string]string{
		"a text file":          note,
		"an empty file":        empty,
		"a folder":             dir,
		"a path below a file":  filepath.Join(note, "quickstart.db"),
		"a folder that is not": filepath.Join(dir, "nowhere", "quickstart.db"),
	} {
		t.Run(name, func(t *testing.T) {
			code, out, errs := quickstart("-db", db)
			if code != exitMistake || out != "" || !strings.Contains(errs, filepath.Base(db)) || !strings.HasSuffix(errs, "\nNothing was stored.\n") {
				t.Errorf("exit %d, %q, %q", code, out, errs)
			}
		})
	}
	if src, err := os.ReadFile(note); err != nil || !strings.HasPrefix(string(src), "not a database") {
		t.Errorf("the text file was touched: %q, %v", src, err)
	}
	after, err := os.ReadDir(dir)
	if err != nil || len(after) != len(before) {
		t.Errorf("something was left in the folder: %v, %v", after, err)
	}
}

// A run that is stopped while it makes the database leaves an empty file, and a
// number in the lock file beside it.
func TestADatabaseThatWasNotMadeToTheEndIsMade(t *testing.T) {
	db := filepath.Join(t.TempDir(), "quickstart.db")
	for name, text := range map[string]string{db: "", db + ".lock": "4711\n"} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if code, _, errs := quickstart("-db", db, "-today", "2026-04-01"); code != exitOK {
		t.Errorf("exit %d: %s", code, errs)
	}
}

func TestWrongFlags(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, args := range [][]string{
		{"-today", "yesterday"}, {"-today", "2026-02-30"}, {"-form", "nowhere.yaml"}, {"audit.yaml"}, {"-nonsense"},
		{"-db", ""}, {"-form", ""}, {"-caseload="}, {"-people", ""}, {"-rubric", ""}, {"-policy", ""},
		{"-db", "a.db", "-db", "b.db"}, {"-today", "2026-04-01", "-today", "2026-04-02"}, {"-form", "a.yaml", "-form", "a.yaml"},
	} {
		code, out, errs := quickstart(args...)
		if code != exitMistake || out != "" || errs == "" {
			t.Errorf("%v: exit %d, %q, %q", args, code, out, errs)
		}
		if len(args) == 4 && !strings.Contains(errs, "given twice") {
			t.Errorf("%v: %q", args, errs)
		}
	}
	if _, err := os.Stat("b.db"); !errors.Is(err, fs.ErrNotExist) {
		t.Error("one of two databases was made")
	}
}

func TestFilesThatCannotBeReadAreSaidAndNothingElseIs(t *testing.T) {
	dir := t.TempDir()
	long := filepath.Join(dir, "long.yaml")
	if err := os.WriteFile(long, make([]byte, mostRead+1), 0o644); err != nil {
		t.Fatal(err)
	}
	binary := filepath.Join(dir, "binary.yaml")
	if err := os.WriteFile(binary, []byte("\x1b[2J\xff\xfe\n\xff\xff\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	empty := filepath.Join(dir, "empty.yaml")
	if err := os.WriteFile(empty, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for form, want := range map[string]string{
		dir:                                dir + ": this is a folder; name a file in it",
		filepath.Join(dir, "nowhere.yaml"): "nowhere.yaml: there is no such file",
		long:                               "long.yaml: this file is too long: at most 16 MB are read",
		binary:                             "binary.yaml:1:1: ",
		empty:                              "empty.yaml:1:1: the file is empty",
	} {
		code, out, errs := quickstart("-form", form)
		if code != exitMistake || out != "" || !strings.Contains(errs, want) || strings.Contains(errs, "caseload") || strings.Contains(errs, "\x1b") || !utf8.ValidString(errs) {
			t.Errorf("%s: exit %d:\n%q%s", form, code, out, errs)
		}
	}
}

func TestJSON(t *testing.T) {
	code, out, errs := quickstart("-json")
	if code != exitOK {
		t.Fatalf("exit %d: %s", code, errs)
	}
	var doc struct {
		Case    string
		Notices []struct{ ID, Subject string }
		Tracker []struct{ Due calendar.Date }
		Grade   struct{ Overall struct{ Judgement string } }
		Later   []struct {
			By          string
			Explanation struct{ Judgement string }
		} `json:"later_grades"`
		Sampled []struct{ Held map[string]loop.Held } `json:"dip_samples"`
		Summary struct {
			NewEvents int `json:"new_events"`
		}
	}
	if err := json.Unmarshal([]byte(out), &doc); err != nil {
		t.Fatal(err)
	}
	if doc.Case != "104233" || len(doc.Notices) < 20 || len(doc.Tracker) != 3 || doc.Summary.NewEvents < 50 {
		t.Errorf("%+v", doc)
	}
	if doc.Grade.Overall.Judgement != "Inadequate" || len(doc.Later) != 5 || len(doc.Sampled) != 1 || doc.Sampled[0].Held["M1"] != loop.HeldPartly {
		t.Errorf("%+v, %+v, %+v", doc.Grade, doc.Later, doc.Sampled)
	}
	for _, g := range doc.Later {
		if g.By == "" || g.Explanation.Judgement == "" {
			t.Errorf("%+v", g)
		}
	}
}

// A date that was agreed later was not counted, and the page says who agreed it.
func TestAnAgreedDateSaysWhoAgreedIt(t *testing.T) {
	at := "  - { at: 2026-05-06T14:00, by: t.ward, do: complete_action"
	form := changed(t, "late-allocation", "updates.yaml", swap(at,
		"  - { at: 2026-05-06T12:00, by: p.evans, do: agree_date, action: M1, person: t.ward, due: 2026-05-12, text: The log is away. }\n"+at))
	code, out, errs := quickstart("-form", form)
	want := "action M1: Tue 12 May 2026\n      agreed by p.evans with t.ward, and not counted\n"
	if code != exitOK || !strings.Contains(out, want) {
		t.Errorf("exit %d: %s%s", code, errs, out)
	}
}

// A program that reads the JSON meets one style of keys, and a list where there
// may be one: before anything has happened, and on a run that repeats nothing.
func TestJSONKeysAndLists(t *testing.T) {
	db := filepath.Join(t.TempDir(), "quickstart.db")
	for _, args := range [][]string{
		{"-today", "2026-03-31"}, {"-db", db}, {"-db", db}, {"-form", "good/audit.yaml"},
	} {
		code, out, errs := quickstart(append(args, "-json")...)
		if code != exitOK {
			t.Fatalf("%v: exit %d: %s", args, code, errs)
		}
		for _, key := range regexp.MustCompile(`(?m)^ *"[^"]*": `).FindAllString(out, -1) {
			// Actions are keyed by the ids that the forms give them.
			if name := strings.Trim(key, ` ":`); !regexp.MustCompile(`^([a-z]+(_[a-z]+)*|[AM]\d)$`).MatchString(name) {
				t.Errorf("%v: the key %q", args, name)
			}
		}
		for _, null := range regexp.MustCompile(`"[^"]*": null`).FindAllString(out, -1) {
			if null != `"grade": null` { // which is no list
				t.Errorf("%v: %s", args, null)
			}
		}
	}
}

// A run on a kept database says whom an earlier one has told, each notice where
// it belongs, and tells nobody anew.
func TestAKeptDatabaseTellsOfEarlierNotices(t *testing.T) {
	db := filepath.Join(t.TempDir(), "quickstart.db")
	_, first, _ := quickstart("-db", db)
	_, second, _ := quickstart("-db", db)
	if !strings.Contains(second, "new in this run: 0 events, 0 notices") {
		t.Errorf("the second run:\n%s", second)
	}
	if got, want := journeyOf(strings.ReplaceAll(second, "; told earlier)", ")")), journeyOf(first); got != want {
		t.Errorf("the second run:\n%s\nthe first:\n%s", got, want)
	}
	if told := strings.Count(second, "→"); told == 0 || told != strings.Count(second, "; told earlier)") {
		t.Errorf("%d notices, and not all told earlier:\n%s", told, second)
	}

	parts := filepath.Join(t.TempDir(), "parts.db")
	_, until, _ := quickstart("-db", parts, "-today", "2026-04-28")
	_, after, _ := quickstart("-db", parts)
	if got, want := journeyOf(strings.ReplaceAll(after, "; told earlier)", ")")), journeyOf(first); got != want {
		t.Errorf("in two parts:\n%s\nin one:\n%s", got, want)
	}
	if got, want := strings.Count(after, "; told earlier)"), strings.Count(until, "→"); got != want {
		t.Errorf("%d notices told earlier, %d were", got, want)
	}
}

// journeyOf is that part of a transcript.
func journeyOf(transcript string) string {
	_, rest, _ := strings.Cut(transcript, "\nJourney ")
	journey, _, _ := strings.Cut(rest, "\nDeadlines ")
	return journey
}
