package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"math"
	"time"

	"github.com/practiceaudit/practiceaudit/loop"
)

// reads are what the readers ask, prepared once on each of their connections.
type reads struct {
	load, lastVersion  *sql.Stmt
	feed, lastPosition *sql.Stmt
	due                *sql.Stmt
	pending, parked    *sql.Stmt
	document           *sql.Stmt
}

const (
	recordColumns = "stream, version, position, type, data, at, actor, command, digest"
	noticeColumns = "id, stream, topic, role, person, why, case_number, critical, subject, body, at, attempts"
)

func newReads(ctx context.Context, db *sql.DB) (*reads, error) {
	r := &reads{}
	for _, one := range []struct {
		to  **sql.Stmt
		sql string
	}{
		{&r.load, "SELECT " + recordColumns + " FROM records WHERE stream = ? AND version > ? AND version <= ? ORDER BY version LIMIT ?"},
		{&r.lastVersion, "SELECT coalesce(max(version), 0) FROM records WHERE stream = ?"},
		{&r.feed, "SELECT " + recordColumns + " FROM records WHERE position > ? AND position <= ? ORDER BY position LIMIT ?"},
		{&r.lastPosition, "SELECT coalesce(max(position), 0) FROM records"},
		{&r.due, "SELECT id, stream, at FROM wakes WHERE at <= ? ORDER BY at, stream, id LIMIT ?"},
		{&r.pending, "SELECT " + noticeColumns + ", cause FROM notices WHERE state = 'pending' AND retry <= ? ORDER BY sequence LIMIT ?"},
		{&r.parked, "SELECT " + noticeColumns + ", cause FROM notices WHERE state = 'parked' ORDER BY sequence LIMIT ?"},
		{&r.document, "SELECT data FROM documents WHERE digest = ?"},
	} {
		var err error
		if *one.to, err = db.PrepareContext(ctx, one.sql); err != nil {
			return nil, fmt.Errorf("%s: %w", one.sql, err)
		}
	}
	return r, nil
}

// A page is what is read at once and held in memory while the caller's loop
// runs: so many records, and not many more bytes.
const (
	pageRecords = 256
	pageBytes   = 1 << 20
)

// Load implements [loop.Store]. It reads page by page and holds no connection
// while the caller's loop runs; it ends where the stream ended when it began.
func (s *Store) Load(ctx context.Context, stream loop.StreamID, after loop.Version) iter.Seq2[loop.Record, error] {
	return s.pages(ctx, int64(min(after, math.MaxInt64)), pager{
		what: "load stream " + string(stream) + " of",
		read: func(after, upTo int64) (*sql.Rows, error) {
			return s.reads.load.QueryContext(ctx, stream, after, upTo, pageRecords+1)
		},
		last: func() *sql.Row { return s.reads.lastVersion.QueryRowContext(ctx, stream) },
		at:   func(r loop.Record) int64 { return int64(r.Version) },
	})
}

// Feed implements [loop.Store]. It reads page by page and holds no connection
// while the caller's loop runs; it ends where the feed ended when it began.
func (s *Store) Feed(ctx context.Context, after loop.Position) iter.Seq2[loop.Record, error] {
	return s.pages(ctx, int64(min(after, math.MaxInt64)), pager{
		what: "read the feed of",
		read: func(after, upTo int64) (*sql.Rows, error) {
			return s.reads.feed.QueryContext(ctx, after, upTo, pageRecords+1)
		},
		last: func() *sql.Row { return s.reads.lastPosition.QueryRowContext(ctx) },
		at:   func(r loop.Record) int64 { return int64(r.Position) },
	})
}

// A pager reads records that are counted somehow.
type pager struct {
	what string
	read func(after, upTo int64) (*sql.Rows, error)
	last func() *sql.Row         // the highest count now
	at   func(loop.Record) int64 // the count of a record
}

func (s *Store) pages(ctx context.Context, start int64, p pager) iter.Seq2[loop.Record, error] {
	return func(yield func(loop.Record, error) bool) {
		after, upTo := start, int64(math.MaxInt64)
		for more := true; more; {
			if err := ctx.Err(); err != nil {
				yield(loop.Record{}, err)
				return
			}
			var page []loop.Record
			var err error
			page, more, err = readPage(p.read(after, upTo))
			if err == nil && more && upTo == math.MaxInt64 {
				err = p.last().Scan(&upTo) // so that a loop that commits comes to an end
			}
			if err != nil {
				yield(loop.Record{}, s.failure(ctx, p.what, err))
				return
			}
			for _, r := range page {
				if err := ctx.Err(); err != nil {
					yield(loop.Record{}, err)
					return
				}
				if !yield(r, nil) {
					return
				}
				after = p.at(r)
			}
		}
	}
}

// readPage reads one page and whether there is more behind it.
func readPage(rows *sql.Rows, err error) (page []loop.Record, more bool, _ error) {
	if err != nil {
		return nil, false, err
	}
	defer rows.Close()
	for size := 0; rows.Next(); {
		if len(page) == pageRecords || size >= pageBytes {
			return page, true, rows.Close()
		}
		r, err := scanRecord(rows)
		if err != nil {
			return nil, false, err
		}
		page = append(page, r)
		size += len(r.Data)
	}
	return page, false, rows.Err()
}

func scanRecord(rows *sql.Rows) (r loop.Record, err error) {
	var at string
	if err := rows.Scan(&r.Stream, &r.Version, &r.Position, &r.Type, &r.Data, &at, &r.Actor, &r.Command, &r.Digest); err != nil {
		return r, err
	}
	if r.At, err = parse(at); err != nil {
		return r, fmt.Errorf("record %d of stream %s: %w", r.Version, r.Stream, err)
	}
	return r, nil
}

// Due implements [loop.Store]. Wake-ups of the same moment come by stream and
// id.
func (s *Store) Due(ctx context.Context, by time.Time, limit int) ([]loop.Wake, error) {
	var due []loop.Wake
	err := s.rows(ctx, "read the wake-ups of", s.reads.due, []any{bound(by), max(limit, 0)}, func(rows *sql.Rows) error {
		var w loop.Wake
		var at string
		if err := rows.Scan(&w.ID, &w.Stream, &at); err != nil {
			return err
		}
		var err error
		w.At, err = parse(at)
		due = append(due, w)
		return err
	})
	return due, err
}

// Pending implements [loop.Store].
func (s *Store) Pending(ctx context.Context, by time.Time, limit int) ([]loop.Notice, error) {
	var pending []loop.Notice
	err := s.rows(ctx, "read the notices of", s.reads.pending, []any{bound(by), max(limit, 0)}, func(rows *sql.Rows) error {
		n, err := scanNotice(rows)
		pending = append(pending, n.Notice)
		return err
	})
	return pending, err
}

// Parked implements [loop.Parker].
func (s *Store) Parked(ctx context.Context, limit int) ([]loop.ParkedNotice, error) {
	var parked []loop.ParkedNotice
	err := s.rows(ctx, "read the parked notices of", s.reads.parked, []any{max(limit, 0)}, func(rows *sql.Rows) error {
		n, err := scanNotice(rows)
		parked = append(parked, n)
		return err
	})
	return parked, err
}

func scanNotice(rows *sql.Rows) (p loop.ParkedNotice, err error) {
	n := &p.Notice
	var at string
	if err := rows.Scan(&n.ID, &n.Stream, &n.Topic, &n.To.Role, &n.To.Person, &n.Why, &n.Case, &n.Critical,
		&n.Subject, &n.Body, &at, &n.Attempts, &p.Cause); err != nil {
		return p, err
	}
	if n.At, err = parse(at); err != nil {
		return p, fmt.Errorf("notice %s: %w", n.ID, err)
	}
	return p, nil
}

// rows runs one query to its end.
func (s *Store) rows(ctx context.Context, doing string, query *sql.Stmt, args []any, each func(*sql.Rows) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	rows, err := query.QueryContext(ctx, args...)
	if err != nil {
		return s.failure(ctx, doing, err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := each(rows); err != nil {
			return s.failure(ctx, doing, err)
		}
	}
	if err := rows.Err(); err != nil {
		return s.failure(ctx, doing, err)
	}
	return nil
}

// Document implements [loop.Store].
func (s *Store) Document(ctx context.Context, digest loop.Digest) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	var data []byte
	err := s.reads.document.QueryRowContext(ctx, digest).Scan(&data)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil, fmt.Errorf("document %s: %w", digest, loop.ErrUnknownDocument)
	case err != nil:
		return nil, s.failure(ctx, "read document "+string(digest)+" of", err)
	}
	return data, nil
}
