package looptest

import (
	"context"
	"errors"
	"fmt"
	"reflect"

	"github.com/practiceaudit/practiceaudit/loop"
)

var callerCases = []storeCase{
	{"caller/batch-untouched", "a commit changes nothing of the batch that it is given", callerBatchUntouched},
	{"caller/slices-not-kept", "what the caller does to its slices after a commit does not reach the store", callerSlicesNotKept},
	{"caller/slices-given-away", "what a caller does to what it has read does not reach the store", callerSlicesGiven},
	{"context/cancelled-commit", "a commit with a cancelled context stores nothing and returns the context's error", cancelledCommit},
	{"context/cancelled-attempted", "an outcome with a cancelled context is not recorded and returns the context's error", cancelledAttempted},
	{"context/cancelled-reads", "reading with a cancelled context returns the context's error", cancelledReads},
	{"context/cancelled-inside-the-loop", "a loop whose context is cancelled ends: with the context's error, or with the records it had", cancelledInside},
}

func callerBatchUntouched(ctx context.Context, s loop.Store) error {
	b := batchOfEverything("a", 0, "c1")
	for range 2 { // the second is a replay
		if _, err := s.Commit(ctx, b); err != nil {
			return err
		}
		if !reflect.DeepEqual(b, batchOfEverything("a", 0, "c1")) {
			return fmt.Errorf("the batch is now %+v", b)
		}
	}
	return nil
}

// spoil overwrites everything behind a batch's slices.
func spoil(b *loop.Batch) {
	for i := range b.Records {
		clear(b.Records[i].Data)
		b.Records[i] = loop.Record{Stream: "spoilt"}
	}
	for i := range b.Documents {
		clear(b.Documents[i].Data)
		b.Documents[i] = loop.Document{Digest: "spoilt"}
	}
	for i := range b.FollowUps {
		clear(b.FollowUps[i].Records[0].Data)
		b.FollowUps[i].Records[0] = loop.Record{Stream: "spoilt"}
		b.FollowUps[i].Wakes[0] = loop.Wake{ID: "spoilt", At: monday}
	}
	b.Wakes[0] = loop.Wake{ID: "spoilt", At: monday}
	b.Notices[0] = loop.Notice{ID: "spoilt"}
}

func callerSlicesNotKept(ctx context.Context, s loop.Store) error {
	b, want := batchOfEverything("a", 0, "c1"), batchOfEverything("a", 0, "c1")
	if err := commitAll(ctx, s, b); err != nil {
		return err
	}
	spoil(&b)
	return holds(ctx, s, want)
}

// holds checks that a store holds just this batch of everything.
func holds(ctx context.Context, s loop.Store, b loop.Batch) error {
	f := b.FollowUps[0]
	return errors.Join(
		loads(ctx, s, b.Stream, 0, b.Records),
		loads(ctx, s, f.Stream, 0, f.Records),
		feeds(ctx, s, 0, append(append([]loop.Record{}, b.Records...), f.Records...)),
		due(ctx, s, farAhead, plenty, b.Wakes[0], f.Wakes[0]),
		pending(ctx, s, farAhead, plenty, b.Notices...),
		document(ctx, s, b.Documents[0].Digest, b.Documents[0].Data))
}

func callerSlicesGiven(ctx context.Context, s loop.Store) error {
	b := batchOfEverything("a", 0, "c1")
	if err := commitAll(ctx, s, b); err != nil {
		return err
	}
	got, err := read(ctx, s)
	if err != nil {
		return err
	}
	loaded, err := collect(s.Load(ctx, "a", 0))
	if err != nil {
		return err
	}
	doc, err := s.Document(ctx, b.Documents[0].Digest)
	if err != nil {
		return err
	}
	for _, r := range append(got.feed, loaded...) {
		clear(r.Data)
	}
	clear(doc)
	clear(got.wakes)
	clear(got.pending)
	return holds(ctx, s, b)
}

func cancelled(ctx context.Context) context.Context {
	ctx, cancel := context.WithCancel(ctx)
	cancel()
	return ctx
}

// saysCancelled checks an error of a call with a cancelled context.
func saysCancelled(what string, err error) error {
	if !errors.Is(err, context.Canceled) {
		return fmt.Errorf("%s: got error %v, want context.Canceled", what, err)
	}
	return nil
}

func cancelledCommit(ctx context.Context, s loop.Store) error {
	b := batchOfEverything("a", 0, "c1")
	err := unchanged(ctx, s, func() error {
		_, err := s.Commit(cancelled(ctx), b)
		return saysCancelled("commit", err)
	})
	if err != nil {
		return err
	}
	receipt, err := s.Commit(ctx, b)
	if err != nil {
		return fmt.Errorf("the same batch again: %w", err)
	}
	return equal("replayed", receipt.Replayed, false)
}

func cancelledAttempted(ctx context.Context, s loop.Store) error {
	if _, err := commitNotices(ctx, s, "a", "n1"); err != nil {
		return err
	}
	return unchanged(ctx, s, func() error {
		return saysCancelled("attempted", s.Attempted(cancelled(ctx), "n1", loop.Outcome{Delivered: true}))
	})
}

func cancelledReads(ctx context.Context, s loop.Store) error {
	b := batchOfEverything("a", 0, "c1")
	if err := commitAll(ctx, s, b); err != nil {
		return err
	}
	gone := cancelled(ctx)
	_, load := collect(s.Load(gone, "a", 0))
	_, feed := collect(s.Feed(gone, 0))
	_, wakes := s.Due(gone, farAhead, plenty)
	_, notices := s.Pending(gone, farAhead, plenty)
	_, doc := s.Document(gone, b.Documents[0].Digest)
	if err := errors.Join(saysCancelled("load", load), saysCancelled("feed", feed), saysCancelled("due", wakes),
		saysCancelled("pending", notices), saysCancelled("document", doc)); err != nil {
		return err
	}
	return within("afterwards", holds(ctx, s, b))
}

func cancelledInside(ctx context.Context, s loop.Store) error {
	b := newBatch("a", 0, 500, "c1")
	if err := commitAll(ctx, s, b); err != nil {
		return err
	}
	inner, cancel := context.WithCancel(ctx)
	defer cancel()
	i := 0
	for r, err := range s.Feed(inner, 0) {
		if err != nil {
			if err := saysCancelled("feed", err); err != nil {
				return err
			}
			break
		}
		if err := sameRecords([]loop.Record{r}, b.Records[i:i+1]); err != nil {
			return err
		}
		cancel()
		i++
	}
	return within("afterwards", feeds(ctx, s, 0, b.Records))
}

var reopenCases = []storeCase{
	{"reopen/everything-is-there", "after closing and opening again everything committed is there, and nothing else", reopenEverything},
}

func reopenEverything(ctx context.Context, s loop.Store) (err error) {
	r, ok := s.(Reopener)
	if !ok {
		return errNotOffered
	}
	one, two := batchOfEverything("a", 0, "c1"), batchOfEverything("b", 0, "c2")
	empty := newBatch("c", 0, 0, "c3")
	var receipts []loop.Receipt
	for _, b := range []loop.Batch{one, two, empty} {
		receipt, err := s.Commit(ctx, b)
		if err != nil {
			return err
		}
		receipts = append(receipts, receipt)
	}
	if err := s.Attempted(ctx, two.Notices[0].ID, loop.Outcome{Delivered: true}); err != nil {
		return err
	}
	if err := s.Attempted(ctx, one.Notices[0].ID, loop.Outcome{Retry: monday, Cause: "no answer"}); err != nil {
		return err
	}
	before, err := read(ctx, s)
	if err != nil {
		return err
	}
	again, err := r.Reopen()
	if err != nil {
		return fmt.Errorf("reopen: %w", err)
	}
	defer func() { err = errors.Join(err, closeIfCloser(again)) }()
	after, err := read(ctx, again)
	if err != nil {
		return err
	}
	if err := after.same(before); err != nil {
		return err
	}
	for i, b := range []loop.Batch{one, two, empty} {
		if err := replays(ctx, again, b, receipts[i]); err != nil {
			return err
		}
	}
	if err := document(ctx, again, one.Documents[0].Digest, one.Documents[0].Data); err != nil {
		return err
	}
	next := newBatch("a", 2, 1, "c4")
	if err := commitAll(ctx, again, next); err != nil {
		return err
	}
	return feeds(ctx, again, receipts[1].Position, next.Records)
}
