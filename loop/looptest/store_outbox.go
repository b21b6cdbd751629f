package looptest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/practiceaudit/practiceaudit/loop"
)

var wakeCases = []storeCase{
	{"wake/replaced-per-stream", "a commit's wake-ups replace all of its stream's and no other's, also when there are none", wakeReplaced},
	{"wake/earliest-first-up-to-the-limit", "wake-ups come earliest first across all streams, at most limit, and none for limit 0", wakeOrder},
	{"wake/due-at-the-moment", "a wake-up is due at its moment, and not a nanosecond before", wakeBoundary},
	{"wake/kept", "a commit that keeps wake-ups leaves its stream's as they are, and begins its follow-ups with theirs", wakeKept},
	{"wake/due-until-replaced", "asking does not use a wake-up up: it is due until a commit replaces it", wakeStays},
}

// due checks the wake-ups due by a moment.
func due(ctx context.Context, s loop.Store, by time.Time, limit int, want ...loop.Wake) error {
	got, err := s.Due(ctx, by, limit)
	if err != nil {
		return err
	}
	return within(fmt.Sprintf("due by %s, limit %d", moment(by), limit), sameWakes(got, want))
}

func wakeReplaced(ctx context.Context, s loop.Store) error {
	hour := func(h int) time.Time { return monday.Add(time.Duration(h) * time.Hour) }
	a1, a2, a3 := newWake("a", "w1", hour(1)), newWake("a", "w2", hour(2)), newWake("a", "w3", hour(4))
	moved := newWake("a", "w2", hour(5))
	b1 := newWake("b", "w1-of-b", hour(3))
	steps := []struct {
		batch loop.Batch
		wakes []loop.Wake
		want  []loop.Wake
	}{
		{newBatch("a", 0, 1, "c1"), []loop.Wake{a2, a1}, []loop.Wake{a1, a2}},
		{newBatch("b", 0, 1, "c2"), []loop.Wake{b1}, []loop.Wake{a1, a2, b1}},
		{newBatch("a", 1, 1, "c3"), []loop.Wake{moved, a3}, []loop.Wake{b1, a3, moved}},
		{newBatch("a", 2, 0, "c4"), []loop.Wake{a1}, []loop.Wake{a1, b1}}, // a batch without records
		{newBatch("a", 2, 1, "c5"), nil, []loop.Wake{b1}},
		{newBatch("b", 1, 0, "c6"), nil, nil},
	}
	for _, step := range steps {
		step.batch.Wakes = step.wakes
		if err := commitAll(ctx, s, step.batch); err != nil {
			return err
		}
		if err := due(ctx, s, farAhead, plenty, step.want...); err != nil {
			return fmt.Errorf("after %s: %w", step.batch.Command, err)
		}
	}
	return nil
}

func wakeOrder(ctx context.Context, s loop.Store) error {
	var all []loop.Wake
	for i := range 6 {
		stream := loop.StreamID(fmt.Sprintf("s%d", i%3))
		all = append(all, newWake(stream, loop.WakeID(fmt.Sprintf("w%d", i)), monday.Add(time.Duration(i)*time.Minute)))
	}
	for i := range 3 {
		b := newBatch(loop.StreamID(fmt.Sprintf("s%d", i)), 0, 1, loop.CommandID(fmt.Sprintf("c%d", i)))
		b.Wakes = []loop.Wake{all[i+3], all[i]}
		if err := commitAll(ctx, s, b); err != nil {
			return err
		}
	}
	for limit := range 8 {
		if err := due(ctx, s, farAhead, limit, all[:min(limit, 6)]...); err != nil {
			return err
		}
	}
	return due(ctx, s, all[3].At, plenty, all[:4]...)
}

func wakeBoundary(ctx context.Context, s loop.Store) error {
	w := newWake("a", "w1", monday)
	b := newBatch("a", 0, 1, "c1")
	b.Wakes = []loop.Wake{w}
	if err := commitAll(ctx, s, b); err != nil {
		return err
	}
	return errors.Join(
		due(ctx, s, monday.Add(-time.Nanosecond), plenty),
		due(ctx, s, monday, plenty, w),
		due(ctx, s, monday.In(time.FixedZone("east", 3600)), plenty, w),
		due(ctx, s, monday.Add(time.Nanosecond), plenty, w),
		due(ctx, s, time.Time{}, plenty))
}

func wakeKept(ctx context.Context, s loop.Store) error {
	w := newWake("a", "w1", monday)
	b := newBatch("a", 0, 1, "c1")
	b.Wakes = []loop.Wake{w}
	kept := batchOfEverything("a", 1, "c2")
	kept.Wakes, kept.KeepWakes = nil, true
	if err := commitAll(ctx, s, b, kept); err != nil {
		return err
	}
	return due(ctx, s, farAhead, plenty, append([]loop.Wake{w}, kept.FollowUps[0].Wakes...)...)
}

func wakeStays(ctx context.Context, s loop.Store) error {
	b := batchOfEverything("a", 0, "c1")
	if err := commitAll(ctx, s, b); err != nil {
		return err
	}
	want := append(b.Wakes, b.FollowUps[0].Wakes...)
	return errors.Join(due(ctx, s, farAhead, plenty, want...), due(ctx, s, farAhead, plenty, want...))
}

var noticeCases = []storeCase{
	{"notice/pending-at-once", "a new notice is pending whatever the time asked for, with every field as it was committed", noticeAtOnce},
	{"notice/in-the-order-of-commit", "notices come in the order of commit, and within a batch as they stand there, at most limit", noticeOrder},
	{"notice/one-intent-one-notice", "a notice id that the store knows is the same notice: the first stays, and the batch is stored", noticeKnown},
	{"notice/retry-at", "after a retry a notice is pending at that moment, and not a nanosecond before; its place stays", noticeRetry},
	{"notice/attempts-are-counted", "every outcome recorded before delivery counts as an attempt", noticeAttempts},
	{"notice/delivered-stays-delivered", "a delivered notice is never pending again, whatever is recorded later", noticeDelivered},
	{"notice/parked", "a parked notice is not pending, whatever the time, until a retry takes it up again", noticeParked},
	{"notice/parked-are-listed", "a loop.Parker lists what is parked, with the cause, in the order of commit, at most limit", noticeParkedList},
	{"notice/unknown", "an outcome for an unknown notice is ErrUnknownNotice", noticeUnknown},
	{"notice/does-not-touch-the-history", "recording outcomes adds nothing to the feed", noticeNoHistory},
}

// pending checks the notices pending by a moment.
func pending(ctx context.Context, s loop.Store, by time.Time, limit int, want ...loop.Notice) error {
	got, err := s.Pending(ctx, by, limit)
	if err != nil {
		return err
	}
	return within(fmt.Sprintf("pending by %s, limit %d", moment(by), limit), sameNotices(got, want))
}

// commitNotices commits one batch with some notices on a stream of its own.
func commitNotices(ctx context.Context, s loop.Store, stream loop.StreamID, ids ...loop.NoticeID) ([]loop.Notice, error) {
	b := newBatch(stream, 0, 1, loop.CommandID("notices-of-"+stream))
	for _, id := range ids {
		b.Notices = append(b.Notices, newNotice(stream, id))
	}
	return slices.Clone(b.Notices), commitAll(ctx, s, b)
}

func noticeAtOnce(ctx context.Context, s loop.Store) error {
	b := newBatch("a", 0, 1, "c1")
	plain := newNotice("a", "n2")
	plain.To.Person, plain.Critical, plain.Body = "", false, "Grüße, 'quotes' and\nlines"
	plain.Attempts = 0
	b.Notices = []loop.Notice{newNotice("a", "n1"), plain}
	if err := commitAll(ctx, s, b); err != nil {
		return err
	}
	return errors.Join(
		pending(ctx, s, time.Time{}, plenty, b.Notices...),
		pending(ctx, s, monday.Add(-time.Hour), plenty, b.Notices...),
		pending(ctx, s, farAhead, plenty, b.Notices...))
}

func noticeOrder(ctx context.Context, s loop.Store) error {
	first, err := commitNotices(ctx, s, "b", "n9", "n3", "n5")
	if err != nil {
		return err
	}
	second, err := commitNotices(ctx, s, "a", "n1", "n7")
	if err != nil {
		return err
	}
	all := append(first, second...)
	for limit := range 7 {
		if err := pending(ctx, s, monday, limit, all[:min(limit, 5)]...); err != nil {
			return err
		}
	}
	return nil
}

func noticeKnown(ctx context.Context, s loop.Store) error {
	first, err := commitNotices(ctx, s, "a", "n1")
	if err != nil {
		return err
	}
	again := newBatch("b", 0, 1, "c2")
	changed, fresh := newNotice("b", "n1"), newNotice("b", "n2")
	changed.Subject = "another"
	again.Notices = []loop.Notice{changed, fresh}
	if err := commitAll(ctx, s, again); err != nil {
		return err
	}
	if err := pending(ctx, s, monday, plenty, first[0], fresh); err != nil {
		return err
	}
	if err := s.Attempted(ctx, "n1", loop.Outcome{Delivered: true}); err != nil {
		return err
	}
	third := newBatch("c", 0, 1, "c3")
	third.Notices = []loop.Notice{newNotice("c", "n1")}
	if err := commitAll(ctx, s, third); err != nil {
		return err
	}
	return within("a delivered notice, recorded again", pending(ctx, s, farAhead, plenty, fresh))
}

func noticeRetry(ctx context.Context, s loop.Store) error {
	n, err := commitNotices(ctx, s, "a", "n1", "n2")
	if err != nil {
		return err
	}
	at := monday.Add(time.Hour)
	if err := s.Attempted(ctx, "n1", loop.Outcome{Retry: at, Cause: "mailbox full"}); err != nil {
		return err
	}
	n[0].Attempts = 1
	if err := errors.Join(
		pending(ctx, s, at.Add(-time.Nanosecond), plenty, n[1]),
		pending(ctx, s, at, plenty, n...),
		pending(ctx, s, at.In(time.FixedZone("west", -3600)), 1, n[0]),
	); err != nil {
		return err
	}
	later := at.Add(time.Nanosecond)
	if err := s.Attempted(ctx, "n1", loop.Outcome{Retry: later, Cause: "mailbox full"}); err != nil {
		return err
	}
	n[0].Attempts = 2
	return errors.Join(pending(ctx, s, at, plenty, n[1]), pending(ctx, s, later, plenty, n...))
}

func noticeAttempts(ctx context.Context, s loop.Store) error {
	n, err := commitNotices(ctx, s, "a", "n1", "n2")
	if err != nil {
		return err
	}
	for i := range 3 {
		if err := s.Attempted(ctx, "n2", loop.Outcome{Retry: monday, Cause: "no answer"}); err != nil {
			return err
		}
		n[1].Attempts = i + 1
		if err := pending(ctx, s, monday, plenty, n...); err != nil {
			return err
		}
	}
	return nil
}

func noticeDelivered(ctx context.Context, s loop.Store) error {
	n, err := commitNotices(ctx, s, "a", "n1", "n2", "n3")
	if err != nil {
		return err
	}
	for _, o := range []loop.Outcome{
		{Delivered: true},
		{Retry: monday, Cause: "another machine tried too"},
		{Parked: "another machine gave up"},
		{Delivered: true},
	} {
		if err := s.Attempted(ctx, "n2", o); err != nil {
			return fmt.Errorf("%+v: %w", o, err)
		}
		if err := pending(ctx, s, farAhead, plenty, n[0], n[2]); err != nil {
			return fmt.Errorf("after %+v: %w", o, err)
		}
	}
	if p, ok := s.(loop.Parker); ok {
		parked, err := p.Parked(ctx, plenty)
		return errors.Join(err, equal("number parked", len(parked), 0))
	}
	return nil
}

func noticeParked(ctx context.Context, s loop.Store) error {
	n, err := commitNotices(ctx, s, "a", "n1", "n2")
	if err != nil {
		return err
	}
	if err := s.Attempted(ctx, "n1", loop.Outcome{Parked: "no such address"}); err != nil {
		return err
	}
	if err := pending(ctx, s, farAhead, plenty, n[1]); err != nil {
		return err
	}
	if err := s.Attempted(ctx, "n1", loop.Outcome{Retry: monday, Cause: "address corrected"}); err != nil {
		return err
	}
	n[0].Attempts = 2
	return within("taken up again", pending(ctx, s, monday, plenty, n...))
}

func noticeParkedList(ctx context.Context, s loop.Store) error {
	p, ok := s.(loop.Parker)
	if !ok {
		return errNotOffered
	}
	n, err := commitNotices(ctx, s, "a", "n1", "n2", "n3")
	if err != nil {
		return err
	}
	for _, id := range []loop.NoticeID{"n3", "n1"} {
		if err := s.Attempted(ctx, id, loop.Outcome{Parked: "no address for " + string(id)}); err != nil {
			return err
		}
	}
	n[0].Attempts, n[2].Attempts = 1, 1
	for limit := range 4 {
		parked, err := p.Parked(ctx, limit)
		if err != nil {
			return err
		}
		var notices []loop.Notice
		for _, one := range parked {
			notices = append(notices, one.Notice)
			if err := equal("the cause", one.Cause, "no address for "+string(one.Notice.ID)); err != nil {
				return err
			}
		}
		if err := sameNotices(notices, []loop.Notice{n[0], n[2]}[:min(limit, 2)]); err != nil {
			return fmt.Errorf("limit %d: %w", limit, err)
		}
	}
	if err := s.Attempted(ctx, "n1", loop.Outcome{Delivered: true}); err != nil {
		return err
	}
	parked, err := p.Parked(ctx, plenty)
	return errors.Join(err, equal("number parked, one delivered since", len(parked), 1))
}

func noticeUnknown(ctx context.Context, s loop.Store) error {
	for _, o := range []loop.Outcome{{Delivered: true}, {Retry: monday}, {Parked: "no such address"}} {
		if err := s.Attempted(ctx, "nobody", o); !errors.Is(err, loop.ErrUnknownNotice) {
			return fmt.Errorf("%+v: got error %v, want ErrUnknownNotice", o, err)
		}
	}
	return pending(ctx, s, farAhead, plenty)
}

func noticeNoHistory(ctx context.Context, s loop.Store) error {
	if _, err := commitNotices(ctx, s, "a", "n1"); err != nil {
		return err
	}
	before, err := read(ctx, s)
	if err != nil {
		return err
	}
	for _, o := range []loop.Outcome{{Retry: monday}, {Parked: "no such address"}, {Delivered: true}} {
		if err := s.Attempted(ctx, "n1", o); err != nil {
			return err
		}
	}
	return feeds(ctx, s, 0, before.feed)
}

var documentCases = []storeCase{
	{"document/kept", "a pinned document is kept byte for byte", documentKept},
	{"document/stored-once", "a document pinned again, by any stream, is stored once and no error", documentOnce},
	{"document/unknown", "an unknown digest is ErrUnknownDocument", documentUnknown},
}

func document(ctx context.Context, s loop.Store, digest loop.Digest, want []byte) error {
	got, err := s.Document(ctx, digest)
	if err != nil {
		return fmt.Errorf("document %s: %w", digest, err)
	}
	if !bytes.Equal(got, want) {
		return fmt.Errorf("document %s is %q, want %q", digest, short(got), short(want))
	}
	return nil
}

func documentKept(ctx context.Context, s loop.Store) error {
	b := newBatch("a", 0, 1, "c1")
	b.Documents = []loop.Document{
		{Digest: "sha256:rubric", Data: []byte("rubric: halton\x00\xff")},
		{Digest: "sha256:policy", Data: bytes.Repeat([]byte("policy "), 1<<17)},
		{Digest: "sha256:empty"},
	}
	if err := commitAll(ctx, s, b); err != nil {
		return err
	}
	for _, d := range b.Documents {
		if err := document(ctx, s, d.Digest, d.Data); err != nil {
			return err
		}
	}
	return nil
}

func documentOnce(ctx context.Context, s loop.Store) error {
	d := loop.Document{Digest: "sha256:rubric", Data: []byte("rubric: halton")}
	one, two := newBatch("a", 0, 1, "c1"), newBatch("b", 0, 1, "c2")
	one.Documents = []loop.Document{d, d}
	two.Documents = []loop.Document{d}
	if err := commitAll(ctx, s, one, two); err != nil {
		return err
	}
	return document(ctx, s, d.Digest, d.Data)
}

func documentUnknown(ctx context.Context, s loop.Store) error {
	if data, err := s.Document(ctx, "sha256:nothing"); !errors.Is(err, loop.ErrUnknownDocument) {
		return fmt.Errorf("got %q and error %v, want ErrUnknownDocument", data, err)
	}
	return nil
}
