// Package sqlite keeps a council's records in one SQLite file. It is the
// embedded default store: no server, no cgo, a file to back up.
//
//	store, err := sqlite.Open(ctx, "/var/lib/audits/council.db", nil)
//	if err != nil {
//		return err
//	}
//	defer store.Close()
//	engine := loop.Engine{Store: store, …}
//
// It keeps every promise of [loop.Store], which package looptest states and
// tests, and is a [loop.Parker].
//
// # Durability
//
// A commit that was acknowledged is on the disk: write-ahead log with
// synchronous=FULL (and F_FULLFSYNC on macOS). Commits that arrive together
// share one write to the disk. After a crash a commit may be there though its
// caller never heard: send the command again, with its id.
//
// # One process
//
// A file belongs to one process, which holds a lock on the file beside it
// (path + ".lock") from [Open] to Close. A second Open is refused with an
// [*InUseError]. The operating system drops the lock when a process ends,
// however it ends; the empty-handed lock file may stay and does no harm.
// Other programs may read the database meanwhile, for example to back it up:
//
//	sqlite3 council.db "VACUUM INTO 'backup.db'"
//
// Keep the file on a local disk: SQLite's write-ahead log does not work over a
// network.
//
// # Compatibility
//
// A newer version of this package brings a file up to date when it opens it;
// an older one then refuses it with [ErrNewerSchema]. There is no way back but
// a backup.
package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/practiceaudit/practiceaudit/loop"
)

// Options are how a [Store] is to work; nil and the zero value are sensible.
type Options struct {
	// Readers is how many connections read at the same time. 0 is 4.
	Readers int

	// BusyTimeout is how long to wait for another program that is writing to
	// the file, such as a person with the sqlite3 shell. 0 is 5 seconds.
	BusyTimeout time.Duration
}

// Store is a [loop.Store] in an SQLite file. Use [Open]; it is safe for
// concurrent use.
type Store struct {
	path    string
	lock    *fileLock
	writer  *writer
	db      *sql.DB   // of conn alone
	conn    *sql.Conn // the writer's
	readers *sql.DB
	reads   *reads

	close  sync.Once
	closed chan struct{}
}

var (
	_ loop.Store  = (*Store)(nil)
	_ loop.Parker = (*Store)(nil)
)

// Open opens the store in a file, and makes the file if there is none. The
// context is for opening only. Nothing is written to a file that is refused:
//
//   - [*PathError]: the path cannot hold a database that this process may write
//   - [*NotADatabaseError]: there is a file, and it is not a database
//   - [*ForeignDatabaseError]: it is another program's database
//   - [*InUseError]: another process, or this one, has it open
//   - [ErrNewerSchema]: a newer version of this package wrote it
//   - [*MigrationError]: its schema is not what this version expects
func Open(ctx context.Context, path string, o *Options) (*Store, error) {
	if o == nil {
		o = &Options{}
	}
	path, err := resolve(path)
	if err != nil {
		return nil, err
	}
	if err := inspect(ctx, path); err != nil {
		return nil, err
	}
	lock, err := lockFile(path)
	if err != nil {
		return nil, err
	}
	s := &Store{path: path, lock: lock, closed: make(chan struct{})}
	if err := s.open(ctx, *o); err != nil {
		return nil, errors.Join(err, s.release())
	}
	return s, nil
}

func (s *Store) open(ctx context.Context, o Options) error {
	if o.Readers <= 0 {
		o.Readers = 4
	}
	if o.BusyTimeout <= 0 {
		o.BusyTimeout = 5 * time.Second
	}
	busy := fmt.Sprint(o.BusyTimeout.Milliseconds())
	if err := create(s.path); err != nil {
		return err
	}
	var err error
	if s.db, err = sql.Open("sqlite", dsn(s.path, "_busy_timeout", busy)); err != nil {
		return fmt.Errorf("open %s: %w", s.path, err)
	}
	if s.conn, err = s.db.Conn(ctx); err != nil {
		return explain(s.path, "open", err)
	}
	if err := prepareFile(ctx, s.conn, s.path); err != nil {
		return err
	}
	s.readers, err = sql.Open("sqlite", dsn(s.path, "_busy_timeout", busy, "_query_only", "1"))
	if err != nil {
		return fmt.Errorf("open %s: %w", s.path, err)
	}
	s.readers.SetMaxOpenConns(o.Readers)
	s.readers.SetMaxIdleConns(o.Readers)
	if s.reads, err = newReads(ctx, s.readers); err != nil {
		return explain(s.path, "open", err)
	}
	if s.writer, err = newWriter(ctx, s.conn, s.path); err != nil {
		return explain(s.path, "open", err)
	}
	return nil
}

// prepareFile brings the schema up to date and sets how the file is written.
// The order matters: a new file gets its application id in one rollback-journal
// transaction with its tables, so that it is never a database of nobody's.
func prepareFile(ctx context.Context, conn *sql.Conn, path string) error {
	if err := migrate(ctx, conn, path, embedded()); err != nil {
		return err
	}
	var mode string
	if err := conn.QueryRowContext(ctx, "PRAGMA journal_mode = WAL").Scan(&mode); err != nil {
		return explain(path, "turn on the write-ahead log of", err)
	}
	if mode != "wal" {
		return &PathError{Path: path, Problem: "the write-ahead log cannot be turned on here (journal mode " + mode + "): keep the file on a local disk"}
	}
	for _, pragma := range []string{"synchronous = FULL", "fullfsync = 1", "checkpoint_fullfsync = 1"} {
		if _, err := conn.ExecContext(ctx, "PRAGMA "+pragma); err != nil {
			return explain(path, "set "+pragma+" on", err)
		}
	}
	return nil
}

// Close waits for the commits that have begun, closes the file and lets others
// open it. What is called later returns [ErrClosed]. A second Close does
// nothing.
func (s *Store) Close() (err error) {
	s.close.Do(func() {
		close(s.closed)
		err = s.release()
	})
	return err
}

// release gives back whatever has been opened: the writer's connection after the
// others, because the last folds the write-ahead log into the file, and the lock
// last.
func (s *Store) release() error {
	var errs []error
	if s.writer != nil {
		errs = append(errs, s.writer.stop())
	}
	if s.readers != nil {
		errs = append(errs, s.readers.Close())
	}
	if s.conn != nil {
		errs = append(errs, s.conn.Close()) // db.Close alone would leave it open
	}
	if s.db != nil {
		errs = append(errs, s.db.Close())
	}
	return errors.Join(append(errs, s.lock.unlock())...)
}

// failure says what an error of the database means to the caller.
func (s *Store) failure(ctx context.Context, doing string, err error) error {
	select {
	case <-s.closed:
		return ErrClosed
	default:
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return explain(s.path, doing, err)
}

// dsn is the driver's name for a file: a URI, so that any character may stand
// in the path.
func dsn(path string, settings ...string) string {
	slashed := filepath.ToSlash(path)
	if !strings.HasPrefix(slashed, "/") {
		slashed = "/" + slashed // C:/…
	}
	q := url.Values{}
	for i := 0; i < len(settings); i += 2 {
		q.Set(settings[i], settings[i+1])
	}
	u := url.URL{Scheme: "file", Path: slashed, RawQuery: q.Encode()}
	return u.String()
}
