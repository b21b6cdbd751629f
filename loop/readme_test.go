package loop_test

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/loop"
	"github.com/practiceaudit/practiceaudit/loop/looptest"
	"github.com/practiceaudit/practiceaudit/rubric"
	"github.com/practiceaudit/practiceaudit/rubric/halton"
)

// embed is the README's embedding code, compiled and run.
func embed(ctx context.Context, notifier loop.Notifier, stream loop.StreamID, header audit.Header, file audit.Case, people audit.People) error {
	// readme:begin
	rules, err := rubric.Parse(halton.DeepDiveFile, halton.DeepDive())
	if err != nil {
		return err // every mistake in the file, each in its place
	}
	policy, err := loop.ParsePolicy(halton.ProcessPolicyFile, halton.ProcessPolicy())
	if err != nil {
		return err
	}
	env := loop.Env{Rubric: rules, Calendar: calendar.EnglandAndWales(), Policy: policy}
	engine := &loop.Engine{Store: loop.NewMemoryStore(), Notifier: notifier, Env: env, Now: time.Now}
	_, err = engine.Do(ctx, stream, audit.Select{Header: header, Kind: audit.DeepDive, Case: file, People: people})
	// readme:end
	return err
}

func TestTheReadmesCodeIsWhatIsCompiledHere(t *testing.T) {
	between := func(file, begin, end string) string {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		_, rest, found := strings.Cut(string(src), begin)
		code, _, closed := strings.Cut(rest, end)
		if !found || !closed {
			t.Fatalf("%s has nothing between %q and %q", file, begin, end)
		}
		return strings.TrimSpace(strings.ReplaceAll(code, "\n\t", "\n"))
	}
	readme := between("../README.md", "<!-- readme: embed -->\n```go\n", "\n```")
	here := between("readme_test.go", "// readme:begin\n", "// readme:end")
	if flat := func(s string) string { return strings.Join(strings.Fields(s), " ") }; flat(readme) != flat(here) {
		t.Errorf("README.md says\n%s\ncompiled is\n%s", readme, here)
	}
	err := embed(context.Background(), &looptest.Notifier{}, "s", audit.Header{ID: "c1", At: time.Date(2026, 4, 1, 10, 0, 0, 0, time.UTC), Actor: "qa", Roles: []audit.Role{audit.RoleQATeam}},
		audit.Case{Number: "1", OpenedOn: day(t, "2025-09-15")}, people)
	if err != nil {
		t.Error(err)
	}
}
