package looptest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/practiceaudit/practiceaudit/loop"
)

var commitCases = []storeCase{
	{"commit/receipt", "the receipt gives the stream's new version and the position of the last record written", commitReceipt},
	{"commit/expected-version", "a batch for another version than the stream's is a *ConflictError with both versions", commitExpected},
	{"commit/conflict-stores-nothing", "a conflict leaves nothing behind, not even the command id", commitConflictStoresNothing},
	{"commit/one-winner", "of many commits on one version at once exactly one wins; the others are conflicts", commitOneWinner},
	{"commit/different-streams-all-win", "commits on different streams at once do not conflict", commitDifferentStreams},
	{"commit/all-at-once", "what a commit stores appears together: a reader never sees the records without the rest", commitAllAtOnce},
	{"commit/large-record", "a record of 1 MiB is kept as it is", commitLarge},
	{"commit/bytes-as-they-are", "data is bytes: empty, with zero bytes, not UTF-8", commitBytes},
	{"commit/times-to-the-nanosecond", "a time comes back as the same instant, to the nanosecond, from any zone and year", commitTimes},
}

func commitReceipt(ctx context.Context, s loop.Store) error {
	var last loop.Position
	for i, b := range []loop.Batch{newBatch("a", 0, 3, "c1"), newBatch("b", 0, 1, "c2"), batchOfEverything("a", 3, "c3")} {
		got, err := s.Commit(ctx, b)
		if err != nil {
			return err
		}
		feed, err := collect(s.Feed(ctx, last))
		if err != nil {
			return err
		}
		if len(feed) == 0 {
			return errors.New("what was committed is not in the feed")
		}
		last = feed[len(feed)-1].Position
		want := loop.Receipt{Stream: b.Stream, Version: b.Expected + loop.Version(len(b.Records)), Position: last}
		if err := equal(fmt.Sprintf("receipt %d", i), got, want); err != nil {
			return err
		}
	}
	return nil
}

func commitExpected(ctx context.Context, s loop.Store) error {
	if err := commitAll(ctx, s, newBatch("a", 0, 2, "c1")); err != nil {
		return err
	}
	for _, expected := range []loop.Version{0, 1, 3, 99} {
		c := loop.CommandID(fmt.Sprintf("at-%d", expected))
		if err := conflicts(ctx, s, newBatch("a", expected, 1, c), loop.ConflictError{Stream: "a", Expected: expected, Actual: 2}); err != nil {
			return err
		}
		empty := newBatch("a", expected, 0, c+"-empty")
		if err := conflicts(ctx, s, empty, loop.ConflictError{Stream: "a", Expected: expected, Actual: 2}); err != nil {
			return within("a batch without records", err)
		}
	}
	return conflicts(ctx, s, newBatch("new", 1, 1, "c3"), loop.ConflictError{Stream: "new", Expected: 1, Actual: 0})
}

// conflicts commits a batch that must be refused in just this way.
func conflicts(ctx context.Context, s loop.Store, b loop.Batch, want loop.ConflictError) error {
	receipt, err := s.Commit(ctx, b)
	var conflict *loop.ConflictError
	switch {
	case err == nil:
		return fmt.Errorf("commit on %s at %d was accepted: %+v", b.Stream, b.Expected, receipt)
	case !errors.As(err, &conflict):
		return fmt.Errorf("commit on %s at %d: %w: this is not a *ConflictError", b.Stream, b.Expected, err)
	}
	return equal("the conflict", *conflict, want)
}

func commitConflictStoresNothing(ctx context.Context, s loop.Store) error {
	if err := commitAll(ctx, s, batchOfEverything("a", 0, "c1")); err != nil {
		return err
	}
	late := batchOfEverything("a", 1, "c2")
	err := unchanged(ctx, s, func() error {
		return conflicts(ctx, s, late, loop.ConflictError{Stream: "a", Expected: 1, Actual: 2})
	})
	if err != nil {
		return err
	}
	if _, err := s.Document(ctx, late.Documents[0].Digest); !errors.Is(err, loop.ErrUnknownDocument) {
		return fmt.Errorf("its document was kept (%v)", err)
	}
	if err := s.Attempted(ctx, late.Notices[0].ID, loop.Outcome{Delivered: true}); !errors.Is(err, loop.ErrUnknownNotice) {
		return fmt.Errorf("its notice was kept (%v)", err)
	}
	again, err := s.Commit(ctx, batchOfEverything("a", 2, "c2"))
	if err != nil {
		return fmt.Errorf("the same command, planned again: %w", err)
	}
	return equal("replayed", again.Replayed, false)
}

// atOnce runs f n times at the same time.
func atOnce(n int, f func(i int)) {
	var all sync.WaitGroup
	start := make(chan struct{})
	for i := range n {
		all.Go(func() {
			<-start
			f(i)
		})
	}
	close(start)
	all.Wait()
}

const crowd = 16

func commitOneWinner(ctx context.Context, s loop.Store) error {
	batches, errs := make([]loop.Batch, crowd), make([]error, crowd)
	atOnce(crowd, func(i int) {
		batches[i] = newBatch("a", 0, 2, loop.CommandID(fmt.Sprintf("c%d", i)))
		_, errs[i] = s.Commit(ctx, batches[i])
	})
	winner, winners := 0, 0
	for i, err := range errs {
		var conflict *loop.ConflictError
		switch {
		case err == nil:
			winner = i
			winners++
		case !errors.As(err, &conflict):
			return fmt.Errorf("one of the others: %w: this is not a *ConflictError", err)
		}
	}
	if err := equal("number of winners", winners, 1); err != nil {
		return err
	}
	return loads(ctx, s, "a", 0, batches[winner].Records)
}

func commitDifferentStreams(ctx context.Context, s loop.Store) error {
	batches, errs := make([]loop.Batch, crowd), make([]error, crowd)
	atOnce(crowd, func(i int) {
		batches[i] = newBatch(loop.StreamID(fmt.Sprintf("s%d", i)), 0, 2, loop.CommandID(fmt.Sprintf("c%d", i)))
		_, errs[i] = s.Commit(ctx, batches[i])
	})
	for i, b := range batches {
		if errs[i] != nil {
			return errs[i]
		}
		if err := loads(ctx, s, b.Stream, 0, b.Records); err != nil {
			return err
		}
	}
	return nil
}

func commitAllAtOnce(ctx context.Context, s loop.Store) error {
	const rounds = 20
	written := make(chan error, 1)
	go func() {
		for i := range rounds {
			c := loop.CommandID(fmt.Sprintf("c%d", i))
			if _, err := s.Commit(ctx, batchOfEverything("a", loop.Version(2*i), c)); err != nil {
				written <- err
				return
			}
		}
		written <- nil
	}()
	for finished := false; !finished; {
		select {
		case err := <-written:
			if err != nil {
				return err
			}
			finished = true // and look once more
		default:
		}
		records, err := collect(s.Load(ctx, "a", 0))
		if err != nil {
			return err
		}
		if len(records)%2 != 0 {
			return fmt.Errorf("%d records were there: half a batch", len(records))
		}
		pending, err := s.Pending(ctx, farAhead, plenty)
		if err != nil {
			return err
		}
		if len(pending) < len(records)/2 {
			return fmt.Errorf("%d batches were there with %d notices", len(records)/2, len(pending))
		}
	}
	return nil
}

func commitLarge(ctx context.Context, s loop.Store) error {
	b := newBatch("a", 0, 3, "c1")
	b.Records[1].Data = bytes.Repeat([]byte("0123456789abcdef"), 1<<20/16)
	if err := commitAll(ctx, s, b); err != nil {
		return err
	}
	return errors.Join(loads(ctx, s, "a", 0, b.Records), feeds(ctx, s, 0, b.Records))
}

func commitBytes(ctx context.Context, s loop.Store) error {
	b := newBatch("a", 0, 4, "c1")
	for i, data := range [][]byte{{}, nil, []byte("a\x00b"), {0xff, 0xfe, 0x00, 0x80}} {
		b.Records[i].Data = data
	}
	if err := commitAll(ctx, s, b); err != nil {
		return err
	}
	return loads(ctx, s, "a", 0, b.Records)
}

func commitTimes(ctx context.Context, s loop.Store) error {
	times := []time.Time{
		{},
		monday,
		monday.Add(time.Nanosecond),
		monday.In(time.FixedZone("east", 5*3600+1800)),
		time.Date(2026, 10, 25, 1, 30, 0, 999_999_999, time.FixedZone("BST", 3600)),
		time.Date(1926, 1, 1, 0, 0, 0, 0, time.UTC),
		time.Date(9999, 12, 31, 23, 59, 59, 999_999_999, time.UTC),
	}
	b := newBatch("a", 0, len(times), "c1")
	for i, at := range times {
		b.Records[i].At = at
		b.Wakes = append(b.Wakes, newWake("a", loop.WakeID(fmt.Sprintf("w%d", i)), at))
		n := newNotice("a", loop.NoticeID(fmt.Sprintf("n%d", i)))
		n.At = at
		b.Notices = append(b.Notices, n)
	}
	if err := commitAll(ctx, s, b); err != nil {
		return err
	}
	pending, err := s.Pending(ctx, farAhead, plenty)
	if err != nil {
		return err
	}
	due, err := s.Due(ctx, times[len(times)-1], plenty)
	if err != nil {
		return err
	}
	// earliest first: year 1, 1926, then March 2026 three times, October, 9999
	byTime := []loop.Wake{b.Wakes[0], b.Wakes[5], b.Wakes[1], b.Wakes[3], b.Wakes[2], b.Wakes[4], b.Wakes[6]}
	for i := range min(len(due), len(byTime)) {
		if !due[i].At.Equal(byTime[i].At) {
			return fmt.Errorf("wake-up %d is at %v, want %v", i, moment(due[i].At), moment(byTime[i].At))
		}
	}
	return errors.Join(
		loads(ctx, s, "a", 0, b.Records),
		sameNotices(pending, b.Notices),
		equal("number of wake-ups due", len(due), len(byTime)))
}

var replayCases = []storeCase{
	{"replay/first-receipt", "the same command again returns its first receipt, marked replayed, though the stream has moved on", replayFirstReceipt},
	{"replay/stores-nothing", "a replay stores nothing again, whatever has become of its notices and wake-ups since", replayStoresNothing},
	{"replay/at-once", "the same command from many callers at once is stored once; all get the same receipt", replayAtOnce},
	{"replay/empty-batch", "a batch without records is remembered by its command id too, with position 0", replayEmpty},
	{"replay/another-command", "a command id with another digest is ErrCommandReused and stores nothing", replayAnotherCommand},
	{"replay/before-the-version", "the command id is looked at before the version", replayBeforeVersion},
}

func replayFirstReceipt(ctx context.Context, s loop.Store) error {
	b := newBatch("a", 0, 2, "c1")
	first, err := s.Commit(ctx, b)
	if err != nil {
		return err
	}
	if err := commitAll(ctx, s, newBatch("a", 2, 3, "c2"), newBatch("b", 0, 1, "c3")); err != nil {
		return err
	}
	return replays(ctx, s, b, first)
}

// replays commits a batch again and compares the receipt with the first.
func replays(ctx context.Context, s loop.Store, b loop.Batch, first loop.Receipt) error {
	again, err := s.Commit(ctx, b)
	if err != nil {
		return fmt.Errorf("command %s again: %w", b.Command, err)
	}
	first.Replayed = true
	return equal("the receipt of the replay", again, first)
}

func replayStoresNothing(ctx context.Context, s loop.Store) error {
	b := batchOfEverything("a", 0, "c1")
	first, err := s.Commit(ctx, b)
	if err != nil {
		return err
	}
	if err := s.Attempted(ctx, b.Notices[0].ID, loop.Outcome{Delivered: true}); err != nil {
		return err
	}
	if err := commitAll(ctx, s, newBatch("a", 2, 1, "c2")); err != nil { // it has no wake-ups any more
		return err
	}
	return unchanged(ctx, s, func() error { return replays(ctx, s, b, first) })
}

func replayAtOnce(ctx context.Context, s loop.Store) error {
	b := batchOfEverything("a", 0, "c1")
	receipts, errs := make([]loop.Receipt, crowd), make([]error, crowd)
	atOnce(crowd, func(i int) { receipts[i], errs[i] = s.Commit(ctx, b) })
	fresh := 0
	for i, r := range receipts {
		if errs[i] != nil {
			return errs[i]
		}
		if !r.Replayed {
			fresh++
		}
		r.Replayed = receipts[0].Replayed
		if err := equal("one of the receipts", r, receipts[0]); err != nil {
			return err
		}
	}
	if err := equal("number of receipts not marked replayed", fresh, 1); err != nil {
		return err
	}
	return loads(ctx, s, "a", 0, b.Records)
}

func replayEmpty(ctx context.Context, s loop.Store) error {
	for _, b := range []loop.Batch{newBatch("new", 0, 0, "c1"), newBatch("a", 0, 2, "c2"), newBatch("a", 2, 0, "c3")} {
		first, err := s.Commit(ctx, b)
		if err != nil {
			return err
		}
		if len(b.Records) > 0 {
			continue
		}
		if err := equal("receipt", first, loop.Receipt{Stream: b.Stream, Version: b.Expected}); err != nil {
			return err
		}
		if err := replays(ctx, s, b, first); err != nil {
			return err
		}
	}
	return loads(ctx, s, "new", 0, nil)
}

func replayAnotherCommand(ctx context.Context, s loop.Store) error {
	if err := commitAll(ctx, s, newBatch("a", 0, 2, "c1"), newBatch("b", 0, 0, "empty")); err != nil {
		return err
	}
	for _, b := range []loop.Batch{batchOfEverything("a", 2, "c1"), batchOfEverything("b", 0, "empty")} {
		b.Digest = "sha256:another"
		if err := unchanged(ctx, s, func() error { return reused(ctx, s, b) }); err != nil {
			return err
		}
	}
	return nil
}

func reused(ctx context.Context, s loop.Store, b loop.Batch) error {
	receipt, err := s.Commit(ctx, b)
	if !errors.Is(err, loop.ErrCommandReused) {
		return fmt.Errorf("command %s with another digest: got %+v and error %v, want ErrCommandReused", b.Command, receipt, err)
	}
	return nil
}

func replayBeforeVersion(ctx context.Context, s loop.Store) error {
	b := newBatch("a", 0, 2, "c1")
	first, err := s.Commit(ctx, b)
	if err != nil {
		return err
	}
	if err := commitAll(ctx, s, newBatch("a", 2, 1, "c2")); err != nil {
		return err
	}
	if err := replays(ctx, s, newBatch("a", 99, 0, "c1"), first); err != nil {
		return err
	}
	other := newBatch("a", 1, 1, "c1")
	other.Digest = "sha256:another"
	return reused(ctx, s, other)
}

var followUpCases = []storeCase{
	{"follow-up/begins-in-the-same-commit", "a follow-up's records and wake-ups are there with the batch that begins it", followUpBegins},
	{"follow-up/begins-once", "if a follow-up's stream exists, the whole batch is a *ConflictError and stores nothing", followUpOnce},
	{"follow-up/one-winner", "of many batches at once that begin the same follow-up exactly one wins", followUpOneWinner},
}

func followUpBegins(ctx context.Context, s loop.Store) error {
	b := batchOfEverything("a", 0, "c1")
	f := b.FollowUps[0]
	if err := commitAll(ctx, s, b); err != nil {
		return err
	}
	due, err := s.Due(ctx, farAhead, plenty)
	if err != nil {
		return err
	}
	if err := errors.Join(
		loads(ctx, s, f.Stream, 0, f.Records),
		feeds(ctx, s, 0, append(b.Records, f.Records...)),
		sameWakes(due, append(b.Wakes, f.Wakes...)),
	); err != nil {
		return err
	}
	next := newBatch(f.Stream, 1, 1, "c2")
	if err := commitAll(ctx, s, next); err != nil {
		return fmt.Errorf("the follow-up goes on as a stream of its own: %w", err)
	}
	return loads(ctx, s, f.Stream, 1, next.Records)
}

func followUpOnce(ctx context.Context, s loop.Store) error {
	exists := newBatch("re-audit", 0, 3, "c1")
	if err := commitAll(ctx, s, exists, newBatch("a", 0, 1, "c2")); err != nil {
		return err
	}
	b := batchOfEverything("a", 1, "c3")
	again := b.FollowUps[0]
	again.Stream, again.Wakes = "re-audit", nil
	again.Records = newRecords("re-audit", 0, 1, "c3")
	b.FollowUps = append(b.FollowUps, again) // the first of the two could begin
	return unchanged(ctx, s, func() error {
		return conflicts(ctx, s, b, loop.ConflictError{Stream: "re-audit", Expected: 0, Actual: 3})
	})
}

func followUpOneWinner(ctx context.Context, s loop.Store) error {
	errs := make([]error, crowd)
	atOnce(crowd, func(i int) {
		c := loop.CommandID(fmt.Sprintf("c%d", i))
		b := newBatch(loop.StreamID("from-"+c), 0, 1, c)
		b.FollowUps = []loop.FollowUp{{Stream: "re-audit", Records: newRecords("re-audit", 0, 1, c)}}
		_, errs[i] = s.Commit(ctx, b)
	})
	winners := 0
	for _, err := range errs {
		var conflict *loop.ConflictError
		switch {
		case err == nil:
			winners++
		case !errors.As(err, &conflict):
			return fmt.Errorf("one of the others: %w: this is not a *ConflictError", err)
		}
	}
	feed, err := collect(s.Feed(ctx, 0))
	if err != nil {
		return err
	}
	return errors.Join(equal("number of winners", winners, 1), equal("number of records", len(feed), 2))
}
