package looptest

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"sync"
	"time"

	"github.com/practiceaudit/practiceaudit/loop"
)

// ErrCrashed is what everything behind a [Crasher] returns once it has crashed.
var ErrCrashed = errors.New("crashed here, as the test asked")

// Crasher stops a program at one boundary of its work, as a power cut would.
// A boundary lies before and after every Commit, Attempted and Notify that
// goes through [CrashStore] or [CrashNotifier]. At the chosen one the call
// returns [ErrCrashed], not having done its work or having done it all, and so
// does every later call: the program is dead, only the inner store lives on.
//
// The zero value never crashes and counts boundaries. A Crasher is safe for
// concurrent use. [EveryCrash] tries all boundaries in turn.
type Crasher struct {
	// At is the boundary to crash at, from 1; 0 is never. Set it first.
	At int

	mu    sync.Mutex
	seen  int
	where string
}

// EveryCrash yields a Crasher for the first boundary, the second, and so on; it
// ends after the first run that no longer crashes. So a test kills a program at
// every boundary in turn, and each time looks at what is left:
//
//	for c := range looptest.EveryCrash() {
//		kept := loop.NewMemoryStore()
//		work(looptest.CrashStore(kept, c)) // dies somewhere
//		work(kept)                         // after the restart
//		// what must be true now?
//	}
func EveryCrash() iter.Seq[*Crasher] {
	return func(yield func(*Crasher) bool) {
		for at := 1; ; at++ {
			c := &Crasher{At: at}
			if !yield(c) || !c.Crashed() {
				return
			}
		}
	}
}

// Crashed reports whether the chosen boundary was reached.
func (c *Crasher) Crashed() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.dead()
}

// Boundaries is how many boundaries have been reached, the last one included.
func (c *Crasher) Boundaries() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.seen
}

// String says where it crashed: "before commit of command c1", and "nowhere"
// if it has not.
func (c *Crasher) String() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.dead() {
		return "nowhere"
	}
	return c.where
}

func (c *Crasher) dead() bool { return c.At > 0 && c.seen >= c.At }

// alive returns ErrCrashed once the program is dead.
func (c *Crasher) alive() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.dead() {
		return ErrCrashed
	}
	return nil
}

// pass reaches one boundary and returns ErrCrashed from the chosen one on.
func (c *Crasher) pass(side, what string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.dead() {
		return ErrCrashed
	}
	c.seen++
	if c.dead() {
		c.where = side + " " + what
		return fmt.Errorf("%s: %w", c.where, ErrCrashed)
	}
	return nil
}

// around does a piece of work between its two boundaries.
func (c *Crasher) around(what string, work func() error) error {
	if err := c.pass("before", what); err != nil {
		return err
	}
	err := work()
	if crash := c.pass("after", what); crash != nil {
		return crash
	}
	return err
}

// CrashStore returns s with c at its boundaries. It is a [loop.Parker] if s is.
func CrashStore(s loop.Store, c *Crasher) loop.Store {
	if p, ok := s.(loop.Parker); ok {
		return crashParker{crashStore{s, c}, p}
	}
	return crashStore{s, c}
}

type crashStore struct {
	store loop.Store
	c     *Crasher
}

func (s crashStore) Commit(ctx context.Context, b loop.Batch) (r loop.Receipt, err error) {
	err = s.c.around("commit of command "+string(b.Command), func() (err error) {
		r, err = s.store.Commit(ctx, b)
		return err
	})
	if err != nil {
		return loop.Receipt{}, err
	}
	return r, nil
}

func (s crashStore) Attempted(ctx context.Context, id loop.NoticeID, o loop.Outcome) error {
	return s.c.around("recording an attempt at notice "+string(id), func() error {
		return s.store.Attempted(ctx, id, o)
	})
}

func (s crashStore) Load(ctx context.Context, stream loop.StreamID, after loop.Version) iter.Seq2[loop.Record, error] {
	return s.c.whileAlive(s.store.Load(ctx, stream, after))
}

func (s crashStore) Feed(ctx context.Context, after loop.Position) iter.Seq2[loop.Record, error] {
	return s.c.whileAlive(s.store.Feed(ctx, after))
}

func (c *Crasher) whileAlive(records iter.Seq2[loop.Record, error]) iter.Seq2[loop.Record, error] {
	return func(yield func(loop.Record, error) bool) {
		if err := c.alive(); err != nil {
			yield(loop.Record{}, err)
			return
		}
		for r, err := range records {
			if crash := c.alive(); crash != nil {
				yield(loop.Record{}, crash)
				return
			}
			if !yield(r, err) {
				return
			}
		}
	}
}

func (s crashStore) Due(ctx context.Context, by time.Time, limit int) ([]loop.Wake, error) {
	if err := s.c.alive(); err != nil {
		return nil, err
	}
	return s.store.Due(ctx, by, limit)
}

func (s crashStore) Pending(ctx context.Context, by time.Time, limit int) ([]loop.Notice, error) {
	if err := s.c.alive(); err != nil {
		return nil, err
	}
	return s.store.Pending(ctx, by, limit)
}

func (s crashStore) Document(ctx context.Context, digest loop.Digest) ([]byte, error) {
	if err := s.c.alive(); err != nil {
		return nil, err
	}
	return s.store.Document(ctx, digest)
}

type crashParker struct {
	crashStore
	parker loop.Parker
}

func (s crashParker) Parked(ctx context.Context, limit int) ([]loop.ParkedNotice, error) {
	if err := s.c.alive(); err != nil {
		return nil, err
	}
	return s.parker.Parked(ctx, limit)
}

// CrashNotifier returns n with c at its boundaries.
func CrashNotifier(n loop.Notifier, c *Crasher) loop.Notifier { return crashNotifier{n, c} }

type crashNotifier struct {
	notifier loop.Notifier
	c        *Crasher
}

func (n crashNotifier) Notify(ctx context.Context, notice loop.Notice) error {
	return n.c.around("delivery of notice "+string(notice.ID), func() error {
		return n.notifier.Notify(ctx, notice)
	})
}
