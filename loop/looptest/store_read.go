package looptest

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"github.com/practiceaudit/practiceaudit/loop"
)

var loadCases = []storeCase{
	{"load/unknown-stream-is-empty", "a stream that does not exist yields no records and no error", loadUnknown},
	{"load/oldest-first-and-complete", "records come back oldest first with every field as it was committed", loadComplete},
	{"load/after-a-version", "only records after the version asked for are yielded", loadAfter},
	{"load/streams-are-told-apart", "stream ids are opaque: case, spaces and accents count", loadOpaque},
	{"load/holds-nothing-while-the-loop-runs", "it is safe to commit, and to read, inside a loop over Load", loadHoldsNothing},
	{"load/may-be-left-early", "a loop over Load can be left at any record, and the next one starts afresh", loadBreak},
}

func loadUnknown(ctx context.Context, s loop.Store) error {
	return loads(ctx, s, "nobody", 0, nil)
}

func loadComplete(ctx context.Context, s loop.Store) error {
	one, two := newBatch("a", 0, 3, "c1"), newBatch("a", 3, 2, "c2")
	if err := commitAll(ctx, s, one, newBatch("b", 0, 2, "other"), two); err != nil {
		return err
	}
	return loads(ctx, s, "a", 0, append(one.Records, two.Records...))
}

func loadAfter(ctx context.Context, s loop.Store) error {
	b := newBatch("a", 0, 5, "c1")
	if err := commitAll(ctx, s, b); err != nil {
		return err
	}
	return errors.Join(
		loads(ctx, s, "a", 2, b.Records[2:]),
		loads(ctx, s, "a", 5, nil),
		loads(ctx, s, "a", 99, nil))
}

func loadOpaque(ctx context.Context, s loop.Store) error {
	names := []loop.StreamID{"a", "A", "a ", " a", "é", "e\u0301", "e", "a'b", `a"b`, "a/b", "a%b", "a_b", "日本"}
	var batches []loop.Batch
	for i, name := range names {
		batches = append(batches, newBatch(name, 0, 1, loop.CommandID(fmt.Sprintf("c%d", i))))
	}
	if err := commitAll(ctx, s, batches...); err != nil {
		return err
	}
	for _, b := range batches {
		if err := loads(ctx, s, b.Stream, 0, b.Records); err != nil {
			return err
		}
	}
	return nil
}

func loadHoldsNothing(ctx context.Context, s loop.Store) error {
	if err := commitAll(ctx, s, newBatch("a", 0, 3, "c1")); err != nil {
		return err
	}
	return workInside(ctx, s, s.Load(ctx, "a", 0), 3)
}

func loadBreak(ctx context.Context, s loop.Store) error {
	b := newBatch("a", 0, 3, "c1")
	if err := commitAll(ctx, s, b); err != nil {
		return err
	}
	return leaveEarly(s.Load(ctx, "a", 0), b.Records)
}

var feedCases = []storeCase{
	{"feed/everything-in-order", "the feed yields the records of all streams in the order of commit, at rising positions", feedOrder},
	{"feed/after-a-position", "only records after the position asked for are yielded", feedAfter},
	{"feed/nothing-appears-behind-a-reader", "while others commit, a reader that follows the feed meets every record once, in order", feedNeverGoesBack},
	{"feed/holds-nothing-while-the-loop-runs", "it is safe to commit, and to read, inside a loop over Feed", feedHoldsNothing},
	{"feed/may-be-left-early", "a loop over Feed can be left at any record, and the next one starts afresh", feedBreak},
	{"feed/is-longer-than-a-page", "a feed of a thousand records comes whole, however it is read", feedLong},
}

func feedOrder(ctx context.Context, s loop.Store) error {
	batches := []loop.Batch{newBatch("b", 0, 2, "c1"), newBatch("a", 0, 1, "c2"), newBatch("b", 2, 1, "c3")}
	var want []loop.Record
	for _, b := range batches {
		want = append(want, b.Records...)
	}
	if err := within("an empty store", feeds(ctx, s, 0, nil)); err != nil {
		return err
	}
	if err := commitAll(ctx, s, batches...); err != nil {
		return err
	}
	return feeds(ctx, s, 0, want)
}

// feeds checks what the feed holds after a position, and that it rises.
func feeds(ctx context.Context, s loop.Store, after loop.Position, want []loop.Record) error {
	got, err := collect(s.Feed(ctx, after))
	if err != nil {
		return fmt.Errorf("feed after %d: %w", after, err)
	}
	if err := sameRecords(got, want); err != nil {
		return fmt.Errorf("feed after %d: %w", after, err)
	}
	for _, r := range got {
		if r.Position <= after {
			return fmt.Errorf("position %d follows position %d", r.Position, after)
		}
		after = r.Position
	}
	return nil
}

func feedAfter(ctx context.Context, s loop.Store) error {
	b := newBatch("a", 0, 4, "c1")
	if err := commitAll(ctx, s, b); err != nil {
		return err
	}
	all, err := collect(s.Feed(ctx, 0))
	if err != nil {
		return err
	}
	for i, r := range all {
		if err := feeds(ctx, s, r.Position, b.Records[i+1:]); err != nil {
			return err
		}
	}
	return feeds(ctx, s, all[len(all)-1].Position+1000, nil)
}

func feedNeverGoesBack(ctx context.Context, s loop.Store) error {
	const writers, each = 8, 20
	written := make(chan error, writers)
	for w := range writers {
		go func() {
			stream := loop.StreamID(fmt.Sprintf("stream-%d", w))
			for i := range each {
				c := loop.CommandID(fmt.Sprintf("c%d-%d", w, i))
				if _, err := s.Commit(ctx, newBatch(stream, loop.Version(2*i), 2, c)); err != nil {
					written <- err
					return
				}
			}
			written <- nil
		}()
	}
	var met []loop.Record
	var at loop.Position
	var failed error
	for finished := 0; ; {
		for drained := false; !drained; {
			select {
			case err := <-written:
				failed = errors.Join(failed, err)
				finished++
			default:
				drained = true
			}
		}
		last := finished == writers // nobody writes any more: this pass is the last
		for r, err := range s.Feed(ctx, at) {
			if err != nil {
				return errors.Join(failed, err)
			}
			if r.Position <= at {
				return fmt.Errorf("position %d was yielded after position %d", r.Position, at)
			}
			at = r.Position
			met = append(met, r)
		}
		if last {
			break
		}
	}
	if failed != nil {
		return failed
	}
	all, err := collect(s.Feed(ctx, 0))
	if err != nil {
		return err
	}
	return errors.Join(
		equal("number of records committed and fed", len(all), writers*each*2),
		within("what the follower met, against the whole feed", sameRecords(met, all)))
}

func feedHoldsNothing(ctx context.Context, s loop.Store) error {
	if err := commitAll(ctx, s, newBatch("a", 0, 3, "c1")); err != nil {
		return err
	}
	return workInside(ctx, s, s.Feed(ctx, 0), 3)
}

func feedBreak(ctx context.Context, s loop.Store) error {
	b := newBatch("a", 0, 3, "c1")
	if err := commitAll(ctx, s, b); err != nil {
		return err
	}
	return leaveEarly(s.Feed(ctx, 0), b.Records)
}

func feedLong(ctx context.Context, s loop.Store) error {
	b := newBatch("a", 0, 1000, "c1")
	if err := commitAll(ctx, s, b); err != nil {
		return err
	}
	return errors.Join(feeds(ctx, s, 0, b.Records), loads(ctx, s, "a", 0, b.Records))
}

// workInside uses the store in every way inside a loop that must yield at least
// the first n records.
func workInside(ctx context.Context, s loop.Store, records iter.Seq2[loop.Record, error], n int) error {
	i := 0
	for _, err := range records {
		if err != nil {
			return err
		}
		if i++; i > n {
			continue // a loop may or may not see what is committed inside it
		}
		c := loop.CommandID(fmt.Sprintf("inside-%d", i))
		b := batchOfEverything(loop.StreamID("inside-"+c), 0, c)
		if err := commitAll(ctx, s, b); err != nil {
			return err
		}
		if err := s.Attempted(ctx, b.Notices[0].ID, loop.Outcome{Delivered: true}); err != nil {
			return err
		}
		if err := loads(ctx, s, b.Stream, 0, b.Records); err != nil {
			return err
		}
		if _, err := read(ctx, s); err != nil {
			return err
		}
	}
	if i < n {
		return fmt.Errorf("the loop saw %d records, want %d", i, n)
	}
	return nil
}

// leaveEarly leaves a loop at each of its records, then runs it whole.
func leaveEarly(records iter.Seq2[loop.Record, error], want []loop.Record) error {
	for leave := range len(want) {
		i := 0
		for r, err := range records {
			if err != nil {
				return err
			}
			if err := sameRecords([]loop.Record{r}, want[i:i+1]); err != nil {
				return err
			}
			if i == leave {
				break
			}
			i++
		}
	}
	got, err := collect(records)
	if err != nil {
		return err
	}
	return sameRecords(got, want)
}
