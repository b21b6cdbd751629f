// Package planted shows that tests notice mistakes: it plants each in a copy of a
// file, by go test -overlay, and runs the test that must fail.
package planted

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Mistake is one that somebody could make: what it is, its file, seen from the package
// under test, what is right there, what is planted in its place, and the test that
// must notice it.
type Mistake [5]string

// Run plants every mistake, each in a subtest of its own. The package is compiled
// anew for each, so it is skipped unless PRACTICEAUDIT_EFFORT asks for more than
// little; that each mistake has its place is looked at always. Args are given to
// the test that runs.
func Run(t *testing.T, mistakes []Mistake, args ...string) {
	t.Helper()
	overlays := make([]string, len(mistakes))
	for i, m := range mistakes {
		overlays[i] = plant(t, m)
	}
	if effort := os.Getenv("PRACTICEAUDIT_EFFORT"); effort == "" || effort == "small" {
		t.Skip("each mistake compiles the package again: set PRACTICEAUDIT_EFFORT to ci")
	}
	for i, m := range mistakes {
		what, noticedBy := m[0], m[4]
		t.Run(strings.ReplaceAll(what, " ", "_"), func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
			defer cancel()
			call := append([]string{"test", "-count=1", "-vet=off", "-ldflags=-w", "-overlay", overlays[i], "-run", "^" + noticedBy + "$", "."}, args...)
			run := exec.CommandContext(ctx, "go", call...)
			run.Env = append(os.Environ(), "PRACTICEAUDIT_EFFORT=small")
			out, err := run.CombinedOutput()
			switch {
			case err == nil:
				t.Errorf("%s does not notice it", noticedBy)
			case !strings.Contains(string(out), "--- FAIL: "+noticedBy):
				t.Errorf("it could not be run: %v\n%s", err, out)
			}
		})
	}
}

// plant writes a copy of the file with the mistake, and returns the overlay that
// puts it in the file's place.
func plant(t *testing.T, m Mistake) string {
	t.Helper()
	file, right, wrong := m[1], m[2], m[3]
	src, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(src), right); n != 1 {
		t.Fatalf("%s holds %q %d times, want once", file, right, n)
	}
	dir := t.TempDir()
	copied, overlay := filepath.Join(dir, filepath.Base(file)), filepath.Join(dir, "overlay.json")
	original, err := filepath.Abs(file)
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(map[string]map[string]string{"Replace": {original: copied}})
	if err != nil {
		t.Fatal(err)
	}
	for path, content := range map[string]string{copied: strings.Replace(string(src), right, wrong, 1), overlay: string(text)} {
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return overlay
}
