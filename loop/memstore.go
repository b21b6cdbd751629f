package loop

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"slices"
	"sync"
	"time"
)

// MemoryStore is a [Store] that keeps everything in memory: for tests, trials
// and simulations. It keeps every promise of the port but durability. It is a
// [Parker] too.
//
// Use [NewMemoryStore]; the zero value is invalid.
type MemoryStore struct {
	mu        sync.RWMutex
	records   []*Record // the feed: the record at position p is records[p-1], never changed again
	streams   map[StreamID][]*Record
	commands  map[CommandID]memoryCommand
	wakes     map[StreamID][]Wake
	notices   []*memoryNotice // not delivered yet, in the order of commit
	noticeIDs map[NoticeID]*memoryNotice
	documents map[Digest][]byte
}

type memoryCommand struct {
	digest  Digest
	receipt Receipt
}

type memoryNotice struct {
	notice    Notice
	delivered bool
	parked    string    // the cause
	retry     time.Time // zero: at once
}

var (
	_ Store  = (*MemoryStore)(nil)
	_ Parker = (*MemoryStore)(nil)
)

// NewMemoryStore returns an empty store.
func NewMemoryStore() *MemoryStore {
	return &MemoryStore{
		streams:   map[StreamID][]*Record{},
		commands:  map[CommandID]memoryCommand{},
		wakes:     map[StreamID][]Wake{},
		noticeIDs: map[NoticeID]*memoryNotice{},
		documents: map[Digest][]byte{},
	}
}

// Load implements [Store].
func (m *MemoryStore) Load(ctx context.Context, s StreamID, after Version) iter.Seq2[Record, error] {
	return m.read(ctx, uint64(after), func() []*Record { return m.streams[s] })
}

// Feed implements [Store].
func (m *MemoryStore) Feed(ctx context.Context, after Position) iter.Seq2[Record, error] {
	return m.read(ctx, uint64(after), func() []*Record { return m.records })
}

// read yields copies of the records after the first n. The slices only ever
// grow, so what was there at the start can be read without the lock.
func (m *MemoryStore) read(ctx context.Context, after uint64, of func() []*Record) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		m.mu.RLock()
		records := of()
		m.mu.RUnlock()
		if err := ctx.Err(); err != nil {
			yield(Record{}, err)
			return
		}
		for _, r := range records[min(after, uint64(len(records))):] {
			if err := ctx.Err(); err != nil {
				yield(Record{}, err)
				return
			}
			c := *r
			c.Data = slices.Clone(r.Data)
			if !yield(c, nil) {
				return
			}
		}
	}
}

// Commit implements [Store]. A batch that does not hang together is a
// [*BatchError].
func (m *MemoryStore) Commit(ctx context.Context, b Batch) (Receipt, error) {
	if err := b.Check(); err != nil {
		return Receipt{}, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return Receipt{}, err
	}
	if c, ok := m.commands[b.Command]; ok {
		if c.digest != b.Digest {
			return Receipt{}, fmt.Errorf("command %s: %w", b.Command, ErrCommandReused)
		}
		c.receipt.Replayed = true
		return c.receipt, nil
	}
	if at := m.version(b.Stream); at != b.Expected {
		return Receipt{}, &ConflictError{b.Stream, b.Expected, at}
	}
	for _, f := range b.FollowUps {
		if at := m.version(f.Stream); at != 0 {
			return Receipt{}, &ConflictError{f.Stream, 0, at}
		}
	}
	// Nothing refuses the batch from here on.
	receipt := Receipt{Stream: b.Stream, Version: b.Expected + Version(len(b.Records))}
	receipt.Position = m.append(b.Stream, b.Records)
	if !b.KeepWakes {
		m.setWakes(b.Stream, b.Wakes)
	}
	for _, f := range b.FollowUps {
		receipt.Position = m.append(f.Stream, f.Records)
		m.setWakes(f.Stream, f.Wakes)
	}
	for _, n := range b.Notices {
		if _, known := m.noticeIDs[n.ID]; known {
			continue // one intent, one notice
		}
		n.At = instant(n.At)
		kept := &memoryNotice{notice: n}
		m.notices = append(m.notices, kept)
		m.noticeIDs[n.ID] = kept
	}
	for _, d := range b.Documents {
		if _, known := m.documents[d.Digest]; !known {
			m.documents[d.Digest] = slices.Clone(d.Data)
		}
	}
	m.commands[b.Command] = memoryCommand{b.Digest, receipt}
	return receipt, nil
}

func (m *MemoryStore) version(s StreamID) Version { return Version(len(m.streams[s])) }

// append adds records to a stream and returns the position of the last; 0 if
// there is none.
func (m *MemoryStore) append(s StreamID, records []Record) Position {
	var last Position
	for _, r := range records {
		last = Position(len(m.records) + 1)
		r.Position = last
		r.At = instant(r.At)
		r.Data = slices.Clone(r.Data)
		m.records = append(m.records, &r)
		m.streams[s] = append(m.streams[s], &r)
	}
	return last
}

// setWakes replaces a stream's wake-ups.
func (m *MemoryStore) setWakes(s StreamID, wakes []Wake) {
	delete(m.wakes, s)
	for _, w := range wakes {
		w.At = instant(w.At)
		m.wakes[s] = append(m.wakes[s], w)
	}
}

// Due implements [Store]. Wake-ups of the same moment come by stream and id.
func (m *MemoryStore) Due(ctx context.Context, by time.Time, limit int) ([]Wake, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	var due []Wake
	for _, wakes := range m.wakes {
		for _, w := range wakes {
			if !w.At.After(by) {
				due = append(due, w)
			}
		}
	}
	slices.SortFunc(due, func(a, b Wake) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Stream, b.Stream), cmp.Compare(a.ID, b.ID))
	})
	return due[:min(len(due), max(limit, 0))], nil
}

// Pending implements [Store].
func (m *MemoryStore) Pending(ctx context.Context, by time.Time, limit int) ([]Notice, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	var pending []Notice
	for _, n := range m.notices {
		if len(pending) >= limit {
			break
		}
		if n.parked == "" && (n.retry.IsZero() || !n.retry.After(by)) {
			pending = append(pending, n.notice)
		}
	}
	return pending, nil
}

// Attempted implements [Store]. An outcome that is not exactly one of
// delivered, retry and parked is an [*OutcomeError].
func (m *MemoryStore) Attempted(ctx context.Context, id NoticeID, o Outcome) error {
	if err := o.Check(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	n, ok := m.noticeIDs[id]
	switch {
	case !ok:
		return fmt.Errorf("notice %s: %w", id, ErrUnknownNotice)
	case n.delivered:
		return nil
	}
	n.notice.Attempts++
	n.delivered, n.retry, n.parked = o.Delivered, instant(o.Retry), o.Parked
	if n.delivered {
		m.notices = slices.DeleteFunc(m.notices, func(o *memoryNotice) bool { return o == n })
	}
	return nil
}

// Parked implements [Parker].
func (m *MemoryStore) Parked(ctx context.Context, limit int) ([]ParkedNotice, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	var parked []ParkedNotice
	for _, n := range m.notices {
		if len(parked) >= limit {
			break
		}
		if n.parked != "" {
			parked = append(parked, ParkedNotice{n.notice, n.parked})
		}
	}
	return parked, nil
}

// Document implements [Store].
func (m *MemoryStore) Document(ctx context.Context, digest Digest) ([]byte, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	data, ok := m.documents[digest]
	if !ok {
		return nil, fmt.Errorf("document %s: %w", digest, ErrUnknownDocument)
	}
	return slices.Clone(data), nil
}

// instant is t as a durable store gives it back: the same moment, in UTC,
// without the process's own clock reading.
func instant(t time.Time) time.Time { return t.Round(0).UTC() }
