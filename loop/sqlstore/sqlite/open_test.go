package sqlite_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/practiceaudit/practiceaudit/loop/sqlstore/sqlite"
)

// Whatever is there already and is not ours is refused, and left as it was.
func TestAFileThatIsNoDatabaseIsLeftAlone(t *testing.T) {
	for name, content := range map[string]string{
		"one byte":              "x",
		"shorter than a header": strings.Repeat("x", 99),
		"text":                  strings.Repeat("a letter about an audit\n", 500),
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "file")
			if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := sqlite.Open(context.Background(), path, nil)
			var not *sqlite.NotADatabaseError
			if !errors.As(err, &not) {
				t.Errorf("got %v", err)
			}
			if after, err := os.ReadFile(path); err != nil || string(after) != content {
				t.Errorf("the file has changed: %v", err)
			}
		})
	}
}

// A folder, a folder that is not there and an empty path hold no database.
func TestAPathThatCannotHoldADatabaseIsRefused(t *testing.T) {
	folder := t.TempDir()
	for name, path := range map[string]string{
		"a folder":             folder,
		"a folder not there":   filepath.Join(folder, "nowhere", "council.db"),
		"no path":              "",
		"something in the way": filepath.Join("/dev/null", "council.db"),
	} {
		t.Run(name, func(t *testing.T) {
			_, err := sqlite.Open(context.Background(), path, nil)
			var wrong *sqlite.PathError
			if !errors.As(err, &wrong) || wrong.Problem == "" {
				t.Errorf("got %v", err)
			}
		})
	}
}
