package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// resolve returns the one name of a database file, however it was spelt, or
// says why there cannot be one. It makes nothing.
func resolve(path string) (string, error) {
	if path == "" {
		return "", &PathError{Path: `""`, Problem: "no path: name a file, such as council.db"}
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		return "", &PathError{path, "this path has no place", err}
	}
	info, err := os.Stat(abs)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return resolveNew(abs)
	case err != nil:
		return "", &PathError{abs, "this path cannot be looked at: name a file in a folder that exists and that this process may enter", err}
	case info.IsDir():
		return "", &PathError{Path: abs, Problem: "this is a folder: name a file in it, such as " + filepath.Join(abs, "council.db")}
	case !info.Mode().IsRegular():
		return "", &PathError{Path: abs, Problem: "this is not a regular file: name a file on a disk"}
	}
	real, err := filepath.EvalSymlinks(abs)
	if err != nil {
		return "", &PathError{abs, "this path cannot be followed", err}
	}
	return real, nil
}

// resolveNew resolves the path of a file that is not there yet.
func resolveNew(abs string) (string, error) {
	folder := filepath.Dir(abs)
	real, err := filepath.EvalSymlinks(folder)
	if err != nil {
		return "", &PathError{abs, "its folder " + folder + " is not there: make it first", err}
	}
	return filepath.Join(real, filepath.Base(abs)), nil
}

// headerSize is how many bytes every SQLite database begins with.
const headerSize = 100

// inspect looks at what a file holds without locking it, or writing to it, or
// leaving anything beside it. It reads through SQLite and not through a file
// handle of its own: closing one would drop the locks, on POSIX systems, of any
// connection that this process has to the same file.
func inspect(ctx context.Context, path string) error {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) || err == nil && info.Size() == 0 {
		return nil // there is nothing of anybody's
	}
	if err == nil && info.Size() < headerSize {
		return &NotADatabaseError{path} // which SQLite itself would take for an empty database
	}
	db, err := sql.Open("sqlite", dsn(path, "mode", "ro", "immutable", "1"))
	if err != nil {
		return explain(path, "open", err)
	}
	defer db.Close()
	var id int32
	if err := db.QueryRowContext(ctx, "PRAGMA application_id").Scan(&id); err != nil {
		return explain(path, "read", err)
	}
	if id != applicationID {
		return &ForeignDatabaseError{path, id}
	}
	return nil
}

// create makes a missing file, for its owner's eyes only: SQLite would let
// everybody read it, and gives the files that it puts beside it the same mode.
func create(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	switch {
	case errors.Is(err, fs.ErrExist):
		return nil
	case err != nil:
		return &PathError{path, "this file cannot be made: allow this process to write to its folder", err}
	}
	return f.Close()
}
