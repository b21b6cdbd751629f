package sqlite

import (
	"errors"
	"fmt"

	driver "modernc.org/sqlite"
	codes "modernc.org/sqlite/lib"
)

var (
	// ErrClosed says that the store was closed.
	ErrClosed = errors.New("this SQLite store is closed: open it again")

	// ErrNewerSchema says that a newer version of this package wrote the
	// database. It was not touched.
	ErrNewerSchema = errors.New("a newer version of practiceaudit wrote this database: upgrade this program, or restore a backup")
)

// PathError says that a path cannot hold a database. Nothing was made there.
type PathError struct {
	Path    string
	Problem string // what is wrong, and what would be right
	Err     error  // the operating system's word, if it gave one
}

func (e *PathError) Error() string {
	if e.Err != nil {
		return fmt.Sprintf("%s: %s (%v)", e.Path, e.Problem, e.Err)
	}
	return fmt.Sprintf("%s: %s", e.Path, e.Problem)
}

func (e *PathError) Unwrap() error { return e.Err }

// NotADatabaseError says that a file is something else. It was not touched.
type NotADatabaseError struct{ Path string }

func (e *NotADatabaseError) Error() string {
	return e.Path + ": this file is not an SQLite database (or is damaged from its first bytes on): name another file, or restore a backup"
}

// ForeignDatabaseError says that a database belongs to another program. It was
// not touched.
type ForeignDatabaseError struct {
	Path          string
	ApplicationID int32 // the other program's, 0 if it has none
}

func (e *ForeignDatabaseError) Error() string {
	return fmt.Sprintf("%s: this database belongs to another program (application id %#x, not %#x): name a file of its own for practiceaudit", e.Path, uint32(e.ApplicationID), applicationID)
}

// InUseError says that the database is open already, in another process or in
// this one.
type InUseError struct {
	Path string
	PID  int // of the process that has it open; 0 if it is not known
}

func (e *InUseError) Error() string {
	who := "another process"
	if e.PID != 0 {
		who = fmt.Sprintf("process %d", e.PID)
	}
	return fmt.Sprintf("%s: %s has this database open: one process at a time can, so stop that one first, or share its store", e.Path, who)
}

// MigrationError says that the schema of a database was not made by the
// migrations that this version knows.
type MigrationError struct {
	Path      string
	Migration string
	Problem   string
}

func (e *MigrationError) Error() string {
	return fmt.Sprintf("%s: migration %s: %s", e.Path, e.Migration, e.Problem)
}

// explain turns the errors of SQLite that have a plain cause into words.
func explain(path, doing string, err error) error {
	var e *driver.Error
	if !errors.As(err, &e) {
		return fmt.Errorf("%s %s: %w", doing, path, err)
	}
	switch e.Code() & 0xff {
	case codes.SQLITE_NOTADB:
		return &NotADatabaseError{path}
	case codes.SQLITE_CANTOPEN, codes.SQLITE_PERM:
		return &PathError{path, "this file cannot be opened: check who may read and write it and its folder", err}
	case codes.SQLITE_READONLY:
		return &PathError{path, "this database cannot be written: allow this process to write it and its folder", err}
	case codes.SQLITE_BUSY, codes.SQLITE_LOCKED:
		return fmt.Errorf("%s %s: another program is writing to it: close it there, then try again: %w", doing, path, err)
	case codes.SQLITE_FULL:
		return fmt.Errorf("%s %s: the disk is full: nothing was stored: %w", doing, path, err)
	}
	return fmt.Errorf("%s %s: %w", doing, path, err)
}

// endedAlready reports whether a rollback found nothing to roll back: after
// some failures, such as a full disk, SQLite has done so itself.
func endedAlready(err error) bool {
	var e *driver.Error
	return errors.As(err, &e) && e.Code()&0xff == codes.SQLITE_ERROR
}
