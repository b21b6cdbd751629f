package sqlite

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"
)

// A fileLock keeps a second process from a database. It is an advisory lock of
// the operating system on a file beside the database, and not SQLite's own:
// SQLite's exclusive mode would shut out our own readers too, and its POSIX
// locks belong to the process, so that a second Open in the same process would
// not meet them. This one belongs to the open file: it meets both, and the
// kernel drops it when the process dies, by kill -9 too.
//
// The lock file is not removed: another process may be waiting to lock the very
// file that would go.
type fileLock struct{ file *os.File }

// errLocked says that somebody else has the lock.
var errLocked = errors.New("locked")

func lockFile(path string) (*fileLock, error) {
	name := path + ".lock"
	f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		problem := "the lock file beside it cannot be opened: allow this process to write to its folder"
		if errors.Is(err, fs.ErrNotExist) {
			problem = "its folder is not there, or nothing can be made in it"
		}
		return nil, &PathError{path, problem, err}
	}
	if err := lock(f); err != nil {
		defer f.Close()
		if errors.Is(err, errLocked) {
			return nil, &InUseError{path, ownerOf(f)}
		}
		return nil, fmt.Errorf("lock %s: %w", name, err)
	}
	// The number is for the eyes of whoever is refused; nothing depends on it.
	if err := f.Truncate(0); err == nil {
		_, _ = f.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0)
	}
	return &fileLock{f}, nil
}

// ownerOf reads the number that the owner left in the lock file.
func ownerOf(f *os.File) int {
	text := make([]byte, 20)
	n, _ := f.ReadAt(text, 0)
	pid, err := strconv.Atoi(strings.TrimSpace(string(text[:n])))
	if err != nil {
		return 0
	}
	return pid
}

// unlock lets others open the database; the number goes with the lock.
func (l *fileLock) unlock() error {
	_ = l.file.Truncate(0)
	return l.file.Close()
}
