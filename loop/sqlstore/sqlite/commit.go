package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/practiceaudit/practiceaudit/loop"
)

// statements are what the writer says, prepared once on its connection.
type statements struct {
	begin, commit, rollback      *sql.Stmt
	findCommand, insertCommand   *sql.Stmt
	version, insertRecord        *sql.Stmt
	deleteWakes, insertWake      *sql.Stmt
	insertNotice, insertDocument *sql.Stmt
	noticeState, deliver, retry  *sql.Stmt
	park                         *sql.Stmt

	all []*sql.Stmt
}

func prepare(ctx context.Context, conn *sql.Conn) (*statements, error) {
	s := &statements{}
	for _, one := range []struct {
		to  **sql.Stmt
		sql string
	}{
		{&s.begin, "BEGIN IMMEDIATE"},
		{&s.commit, "COMMIT"},
		{&s.rollback, "ROLLBACK"},
		{&s.findCommand, "SELECT digest, stream, version, position FROM commands WHERE command = ?"},
		{&s.insertCommand, "INSERT INTO commands (command, digest, stream, version, position) VALUES (?, ?, ?, ?, ?)"},
		{&s.version, "SELECT coalesce(max(version), 0) FROM records WHERE stream = ?"},
		{&s.insertRecord, "INSERT INTO records (stream, version, type, data, at, actor, command, digest) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"},
		{&s.deleteWakes, "DELETE FROM wakes WHERE stream = ?"},
		{&s.insertWake, "INSERT INTO wakes (stream, id, at) VALUES (?, ?, ?)"},
		{&s.insertNotice, `INSERT INTO notices (id, stream, topic, role, person, why, case_number, critical, subject, body, at)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`},
		{&s.insertDocument, "INSERT INTO documents (digest, data) VALUES (?, ?) ON CONFLICT (digest) DO NOTHING"},
		{&s.noticeState, "SELECT state FROM notices WHERE id = ?"},
		{&s.deliver, "UPDATE notices SET attempts = attempts + 1, state = 'delivered', retry = '', cause = '' WHERE id = ?"},
		{&s.retry, "UPDATE notices SET attempts = attempts + 1, state = 'pending', retry = ?, cause = ? WHERE id = ?"},
		{&s.park, "UPDATE notices SET attempts = attempts + 1, state = 'parked', retry = '', cause = ? WHERE id = ?"},
	} {
		var err error
		if *one.to, err = conn.PrepareContext(ctx, one.sql); err != nil {
			return nil, errors.Join(fmt.Errorf("%s: %w", one.sql, err), s.close())
		}
		s.all = append(s.all, *one.to)
	}
	return s, nil
}

// close gives the statements back. SQLite keeps a file open as long as one of
// them is, though their connection be closed.
func (s *statements) close() error {
	var errs []error
	for _, one := range s.all {
		errs = append(errs, one.Close())
	}
	return errors.Join(errs...)
}

// Commit implements [loop.Store]: the whole batch in one transaction, durable
// when it returns. A batch that does not hang together is a [*loop.BatchError].
func (s *Store) Commit(ctx context.Context, b loop.Batch) (loop.Receipt, error) {
	if err := b.Check(); err != nil {
		return loop.Receipt{}, err
	}
	var receipt loop.Receipt
	err := s.writer.submit(ctx, func(q *statements) (refused, failed error) {
		receipt, refused, failed = q.write(b)
		return refused, failed
	})
	if err != nil {
		return loop.Receipt{}, err
	}
	return receipt, nil
}

// write looks at everything that could refuse a batch before it writes.
func (q *statements) write(b loop.Batch) (r loop.Receipt, refused, failed error) {
	ctx := context.Background()
	var digest loop.Digest
	err := q.findCommand.QueryRowContext(ctx, b.Command).Scan(&digest, &r.Stream, &r.Version, &r.Position)
	switch {
	case err == nil && digest == b.Digest:
		r.Replayed = true
		return r, nil, nil
	case err == nil:
		return r, fmt.Errorf("command %s: %w", b.Command, loop.ErrCommandReused), nil
	case !errors.Is(err, sql.ErrNoRows):
		return r, nil, err
	}
	if refused, failed := q.expect(b.Stream, b.Expected); refused != nil || failed != nil {
		return r, refused, failed
	}
	for _, f := range b.FollowUps {
		if refused, failed := q.expect(f.Stream, 0); refused != nil || failed != nil {
			return r, refused, failed
		}
	}
	r, failed = q.store(b)
	return r, nil, failed
}

// expect refuses unless a stream is at a version.
func (q *statements) expect(s loop.StreamID, want loop.Version) (refused, failed error) {
	var at loop.Version
	if err := q.version.QueryRowContext(context.Background(), s).Scan(&at); err != nil {
		return nil, err
	}
	if at != want {
		return &loop.ConflictError{Stream: s, Expected: want, Actual: at}, nil
	}
	return nil, nil
}

func (q *statements) store(b loop.Batch) (r loop.Receipt, err error) {
	ctx := context.Background()
	r = loop.Receipt{Stream: b.Stream, Version: b.Expected + loop.Version(len(b.Records))}
	if r.Position, err = q.append(b.Stream, b.Records); err != nil {
		return r, err
	}
	if !b.KeepWakes {
		if err := q.setWakes(b.Stream, b.Wakes); err != nil {
			return r, err
		}
	}
	for _, f := range b.FollowUps {
		if r.Position, err = q.append(f.Stream, f.Records); err != nil {
			return r, err
		}
		if err := q.setWakes(f.Stream, f.Wakes); err != nil {
			return r, err
		}
	}
	for _, n := range b.Notices {
		if _, err := q.insertNotice.ExecContext(ctx, n.ID, n.Stream, n.Topic, n.To.Role, n.To.Person, n.Why, n.Case,
			n.Critical, n.Subject, n.Body, text(n.At)); err != nil {
			return r, err
		}
	}
	for _, d := range b.Documents {
		if _, err := q.insertDocument.ExecContext(ctx, d.Digest, blob(d.Data)); err != nil {
			return r, err
		}
	}
	_, err = q.insertCommand.ExecContext(ctx, b.Command, b.Digest, r.Stream, int64(r.Version), int64(r.Position))
	return r, err
}

// append adds records to a stream and returns the position of the last; 0 if
// there is none.
func (q *statements) append(s loop.StreamID, records []loop.Record) (last loop.Position, err error) {
	ctx := context.Background()
	for _, r := range records {
		result, err := q.insertRecord.ExecContext(ctx, s, int64(r.Version), r.Type, blob(r.Data), text(r.At), r.Actor, r.Command, r.Digest)
		if err != nil {
			return 0, err
		}
		id, err := result.LastInsertId()
		if err != nil {
			return 0, err
		}
		last = loop.Position(id)
	}
	return last, nil
}

// setWakes replaces a stream's wake-ups.
func (q *statements) setWakes(s loop.StreamID, wakes []loop.Wake) error {
	ctx := context.Background()
	if _, err := q.deleteWakes.ExecContext(ctx, s); err != nil {
		return err
	}
	for _, w := range wakes {
		if _, err := q.insertWake.ExecContext(ctx, s, w.ID, text(w.At)); err != nil {
			return err
		}
	}
	return nil
}

// blob is data as bytes that are there, if none: nil would be stored as NULL.
func blob(data []byte) []byte {
	if data == nil {
		return []byte{}
	}
	return data
}

// Attempted implements [loop.Store]. An outcome that is not exactly one of
// delivered, retry and parked is a [*loop.OutcomeError].
func (s *Store) Attempted(ctx context.Context, id loop.NoticeID, o loop.Outcome) error {
	if err := o.Check(); err != nil {
		return err
	}
	return s.writer.submit(ctx, func(q *statements) (refused, failed error) {
		return q.attempted(id, o)
	})
}

func (q *statements) attempted(id loop.NoticeID, o loop.Outcome) (refused, failed error) {
	ctx := context.Background()
	var state string
	err := q.noticeState.QueryRowContext(ctx, id).Scan(&state)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return fmt.Errorf("notice %s: %w", id, loop.ErrUnknownNotice), nil
	case err != nil:
		return nil, err
	case state == "delivered":
		return nil, nil
	case o.Delivered:
		_, err = q.deliver.ExecContext(ctx, id)
	case o.Parked != "":
		_, err = q.park.ExecContext(ctx, o.Parked, id)
	default:
		_, err = q.retry.ExecContext(ctx, text(o.Retry), o.Cause, id)
	}
	return nil, err
}
