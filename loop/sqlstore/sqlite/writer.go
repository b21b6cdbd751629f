package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"runtime"
)

// A writer owns the one connection that writes. It takes the jobs that wait,
// does them in one transaction and answers each after the commit: callers who
// come together share one write to the disk.
type writer struct {
	path    string
	sql     *statements
	jobs    chan *job
	stopped chan struct{}
	done    chan struct{} // the goroutine has ended
}

// maxGroup bounds the jobs of one transaction, and so how long the first of
// them waits for the last.
const maxGroup = 256

// A job is one change to the store.
type job struct {
	// do works inside the transaction. It refuses having written nothing, or
	// fails, and the transaction with it. It may be run more than once.
	do  func(*statements) (refused, failed error)
	err error
	end chan struct{}
}

func newWriter(ctx context.Context, conn *sql.Conn, path string) (*writer, error) {
	prepared, err := prepare(ctx, conn)
	if err != nil {
		return nil, err
	}
	w := &writer{
		path: path, sql: prepared,
		jobs: make(chan *job), stopped: make(chan struct{}), done: make(chan struct{}),
	}
	go w.run()
	return w, nil
}

// submit has a job done. Until the writer takes it, ctx can call it off; from
// then on it waits the moment that a transaction takes, so that the answer is
// what has happened.
func (w *writer) submit(ctx context.Context, do func(*statements) (refused, failed error)) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	j := &job{do: do, end: make(chan struct{})}
	select {
	case w.jobs <- j:
	case <-ctx.Done():
		return ctx.Err()
	case <-w.stopped:
		return ErrClosed
	}
	<-j.end
	return j.err
}

// stop ends the writer after the jobs that it has taken.
func (w *writer) stop() error {
	close(w.stopped)
	<-w.done
	return w.sql.close()
}

func (w *writer) run() {
	defer close(w.done)
	for {
		select {
		case j := <-w.jobs:
			group := w.gather(j)
			w.commit(group)
			for _, j := range group {
				close(j.end)
			}
		case <-w.stopped:
			return
		}
	}
}

// gather takes every job that waits now.
func (w *writer) gather(first *job) []*job {
	group := []*job{first}
	runtime.Gosched() // let the callers just answered come back
	for len(group) < maxGroup {
		select {
		case j := <-w.jobs:
			group = append(group, j)
		default:
			return group
		}
	}
	return group
}

// commit does a group in one transaction. If that fails, each job gets a
// transaction of its own, so that one cannot spoil another's.
func (w *writer) commit(group []*job) {
	err := w.transaction(group)
	switch {
	case err == nil:
	case len(group) == 1:
		group[0].err = explain(w.path, "write to", err)
	default:
		for i := range group {
			w.commit(group[i : i+1])
		}
	}
}

func (w *writer) transaction(group []*job) (err error) {
	ctx := context.Background()
	if _, err := w.sql.begin.ExecContext(ctx); err != nil {
		return err
	}
	defer func() {
		if err == nil {
			return
		}
		_, back := w.sql.rollback.ExecContext(ctx)
		if back != nil && !endedAlready(back) {
			err = errors.Join(err, back)
		}
	}()
	for _, j := range group {
		refused, failed := j.do(w.sql)
		if failed != nil {
			return failed
		}
		j.err = refused
	}
	_, err = w.sql.commit.ExecContext(ctx)
	return err
}
