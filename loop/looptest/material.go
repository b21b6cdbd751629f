package looptest

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/loop"
)

// Everything is dated from one Monday morning, to the nanosecond.
var monday = time.Date(2026, 3, 2, 9, 0, 0, 123456789, time.UTC)

// newBatch is a batch of n records for a stream at version expected.
func newBatch(s loop.StreamID, expected loop.Version, n int, c loop.CommandID) loop.Batch {
	return loop.Batch{
		Stream: s, Expected: expected, Command: c, Digest: digest(c),
		Records: newRecords(s, expected, n, c),
	}
}

func newRecords(s loop.StreamID, after loop.Version, n int, c loop.CommandID) []loop.Record {
	var records []loop.Record
	for i := range n {
		v := after + loop.Version(i) + 1
		records = append(records, loop.Record{
			Stream: s, Version: v, Type: fmt.Sprintf("kit.event_%d", v),
			Data:  fmt.Appendf(nil, `{"stream":%q,"version":%d}`, s, v),
			At:    monday.Add(time.Duration(v) * time.Nanosecond),
			Actor: audit.PersonID("person-" + string(c)), Command: c, Digest: digest(c),
		})
	}
	return records
}

func newWake(s loop.StreamID, id loop.WakeID, at time.Time) loop.Wake {
	return loop.Wake{ID: id, Stream: s, At: at}
}

// newNotice is a notice in which every field says something.
func newNotice(s loop.StreamID, id loop.NoticeID) loop.Notice {
	return loop.Notice{
		ID: id, Stream: s, Topic: "inadequate",
		To:  loop.Recipient{Role: audit.RoleDivisionalManager, Person: "person-7"},
		Why: "divisional manager of the case", Case: "E-0042", Critical: true,
		Subject: "Audit of E-0042", Body: "Graded Inadequate. No plan yet.",
		At: monday.Add(time.Nanosecond),
	}
}

// digest stands for a command's: any text would do for a store.
func digest(c loop.CommandID) loop.Digest { return "sha256:" + loop.Digest(c) }

// batchOfEverything touches all that a commit can touch.
func batchOfEverything(s loop.StreamID, expected loop.Version, c loop.CommandID) loop.Batch {
	b := newBatch(s, expected, 2, c)
	name := string(c)
	b.Wakes = []loop.Wake{newWake(s, loop.WakeID("wake-"+name), monday)}
	b.Notices = []loop.Notice{newNotice(s, loop.NoticeID("notice-"+name))}
	b.Documents = []loop.Document{{Digest: loop.Digest("sha256:doc-" + name), Data: []byte("document of " + name)}}
	next := s + "/follow-up-" + loop.StreamID(name)
	b.FollowUps = []loop.FollowUp{{
		Stream: next, Records: newRecords(next, 0, 1, c),
		Wakes: []loop.Wake{newWake(next, loop.WakeID("follow-up-wake-"+name), monday.Add(time.Nanosecond))},
	}}
	return b
}

// contents is all that can be read from a store.
type contents struct {
	feed    []loop.Record
	wakes   []loop.Wake
	pending []loop.Notice
}

const plenty = 1_000_000

var farAhead = monday.AddDate(100, 0, 0)

func read(ctx context.Context, s loop.Store) (c contents, err error) {
	if c.feed, err = collect(s.Feed(ctx, 0)); err != nil {
		return c, fmt.Errorf("feed: %w", err)
	}
	if c.wakes, err = s.Due(ctx, farAhead, plenty); err != nil {
		return c, fmt.Errorf("due: %w", err)
	}
	slices.SortStableFunc(c.wakes, func(a, b loop.Wake) int { // the port leaves open how those of one moment follow each other
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Stream, b.Stream), cmp.Compare(a.ID, b.ID))
	})
	if c.pending, err = s.Pending(ctx, farAhead, plenty); err != nil {
		return c, fmt.Errorf("pending: %w", err)
	}
	return c, nil
}

func (c contents) same(want contents) error {
	return errors.Join(
		within("feed", sameRecords(c.feed, want.feed)),
		within("due", sameWakes(c.wakes, want.wakes)),
		within("pending", sameNotices(c.pending, want.pending)))
}

// unchanged runs f and reports what of the store it changed.
func unchanged(ctx context.Context, s loop.Store, f func() error) error {
	before, err := read(ctx, s)
	if err != nil {
		return err
	}
	if err := f(); err != nil {
		return err
	}
	after, err := read(ctx, s)
	if err != nil {
		return err
	}
	return within("the store changed", after.same(before))
}

func collect(records iter.Seq2[loop.Record, error]) ([]loop.Record, error) {
	var all []loop.Record
	for r, err := range records {
		if err != nil {
			return all, err
		}
		all = append(all, r)
	}
	return all, nil
}

// commitAll commits batches one after another.
func commitAll(ctx context.Context, s loop.Store, batches ...loop.Batch) error {
	for _, b := range batches {
		if _, err := s.Commit(ctx, b); err != nil {
			return fmt.Errorf("commit of %s on %s: %w", b.Command, b.Stream, err)
		}
	}
	return nil
}

// loads checks what a stream holds.
func loads(ctx context.Context, s loop.Store, stream loop.StreamID, after loop.Version, want []loop.Record) error {
	got, err := collect(s.Load(ctx, stream, after))
	if err != nil {
		return fmt.Errorf("load %s after %d: %w", stream, after, err)
	}
	return within(fmt.Sprintf("load %s after %d", stream, after), sameRecords(got, want))
}

// sameRecords compares records; a wanted position of 0 is any.
func sameRecords(got, want []loop.Record) error {
	return same("record", got, want, func(g, w loop.Record) []field {
		if w.Position == 0 {
			g.Position = 0
		}
		return []field{
			{"Stream", g.Stream, w.Stream}, {"Version", g.Version, w.Version}, {"Position", g.Position, w.Position},
			{"Type", g.Type, w.Type}, {"Data", short(g.Data), short(w.Data)}, {"Data's bytes equal", bytes.Equal(g.Data, w.Data), true},
			{"At", moment(g.At), moment(w.At)}, {"Actor", g.Actor, w.Actor}, {"Command", g.Command, w.Command}, {"Digest", g.Digest, w.Digest},
		}
	})
}

func sameWakes(got, want []loop.Wake) error {
	return same("wake-up", got, want, func(g, w loop.Wake) []field {
		return []field{{"ID", g.ID, w.ID}, {"Stream", g.Stream, w.Stream}, {"At", moment(g.At), moment(w.At)}}
	})
}

func sameNotices(got, want []loop.Notice) error {
	return same("notice", got, want, func(g, w loop.Notice) []field {
		gAt, wAt := moment(g.At), moment(w.At)
		g.At, w.At = time.Time{}, time.Time{}
		return []field{{"ID", g.ID, w.ID}, {"Attempts", g.Attempts, w.Attempts}, {"At", gAt, wAt}, {"fields", g, w}}
	})
}

type field struct {
	name      string
	got, want any
}

// same compares two lists and tells the first difference.
func same[T any](what string, got, want []T, fields func(got, want T) []field) error {
	for i := range min(len(got), len(want)) {
		for _, f := range fields(got[i], want[i]) {
			if f.got != f.want {
				return fmt.Errorf("%s %d: %s is %v, want %v", what, i, f.name, f.got, f.want)
			}
		}
	}
	if len(got) != len(want) {
		return fmt.Errorf("there are %d %ss, want %d", len(got), what, len(want))
	}
	return nil
}

func equal[T comparable](what string, got, want T) error {
	if got != want {
		return fmt.Errorf("%s is %v, want %v", what, got, want)
	}
	return nil
}

// within says where an error was seen.
func within(where string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", where, err)
}

// moment is the instant that two times must share, whatever their zone.
func moment(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

func short(data []byte) string {
	if len(data) > 80 {
		return fmt.Sprintf("%s… (%d bytes)", data[:80], len(data))
	}
	return string(data)
}
