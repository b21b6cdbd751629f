package sqlite_test

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
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

// All that was committed is in the one file once the store is closed, so that
// copying it is a backup, and nothing of it stays open.
func TestCloseFoldsTheLogIntoTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "council.db")
	for i := range 3 {
		s, err := sqlite.Open(t.Context(), path, nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Commit(t.Context(), oneEvent(i)); err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		for _, beside := range []string{"-wal", "-shm"} {
			if info, err := os.Stat(path + beside); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("after Close %d there is a %s: %v, %v", i+1, beside, info, err)
			}
		}
		if open := descriptors(t, path); len(open) > 0 {
			t.Errorf("after Close %d these are open: %v", i+1, open)
		}
	}

	src, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	backup := filepath.Join(t.TempDir(), "backup.db")
	if err := os.WriteFile(backup, src, 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := sqlite.Open(t.Context(), backup, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	events := 0
	for _, err := range s.Feed(t.Context(), 0) {
		if err != nil {
			t.Fatal(err)
		}
		events++
	}
	if events != 3 {
		t.Errorf("%d events in the copy, want 3", events)
	}
}

// An opening that fails after the file is open gives it back too.
func TestARefusedOpenLeavesNothingOpen(t *testing.T) {
	path := filepath.Join(t.TempDir(), "council.db")
	s, err := sqlite.Open(t.Context(), path, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec("UPDATE migrations SET checksum = 'another'"); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	var wrong *sqlite.MigrationError
	if _, err := sqlite.Open(t.Context(), path, nil); !errors.As(err, &wrong) {
		t.Errorf("got %v", err)
	}
	if open := descriptors(t, path); len(open) > 0 {
		t.Errorf("these are open: %v", open)
	}
}

// descriptors are the files open in this process whose path begins so; none
// where the operating system does not list them.
func descriptors(t *testing.T, path string) []string {
	t.Helper()
	const listed = "/proc/self/fd"
	all, err := os.ReadDir(listed)
	if err != nil {
		return nil
	}
	var open []string
	for _, one := range all {
		if to, err := os.Readlink(filepath.Join(listed, one.Name())); err == nil && strings.HasPrefix(to, path) {
			open = append(open, to)
		}
	}
	return open
}
