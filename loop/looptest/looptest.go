// Package looptest tests what other people plug into package loop, and lends
// their tests what breaks it.
//
// [TestStore] and [RunStore] hold a [loop.Store] to every promise of the port:
//
//	func TestStore(t *testing.T) {
//		looptest.RunStore(t, func(t *testing.T) loop.Store {
//			s, err := mystore.Open(t.TempDir())
//			if err != nil {
//				t.Fatal(err)
//			}
//			return s
//		})
//	}
//
// [CrashStore] and [CrashNotifier] stop a program at each boundary of its work
// in turn, as a power cut would; [Notifier] records what was delivered.
//
// The kit keeps no clock and draws no random numbers: a store passes always or
// is broken. New promises are added with a new minor version, never changed.
package looptest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"testing"
	"time"

	"github.com/practiceaudit/practiceaudit/loop"
)

// Reopener is implemented by a store under test that can show it is durable.
// The kit calls Reopen once, uses only the store it returns from then on, and
// expects everything that was committed to be there; the first one may be closed
// a second time afterwards. Wrap your store to add
// it:
//
//	type reopening struct {
//		*mystore.Store
//		dir string
//	}
//
//	func (r reopening) Reopen() (loop.Store, error) {
//		if err := r.Close(); err != nil {
//			return nil, err
//		}
//		return mystore.Open(r.dir)
//	}
type Reopener interface {
	Reopen() (loop.Store, error)
}

// TestStore runs every case of the kit, each on a store of its own, and returns
// all failures joined: nil says that the store keeps the port's promises. Open
// returns an empty store; one that is an [io.Closer] is closed after its case.
func TestStore(open func() (loop.Store, error)) error {
	var failures []error
	for _, c := range storeCases() {
		s, err := open()
		if err != nil {
			failures = append(failures, fmt.Errorf("%s: open: %w", c.name, err))
			continue
		}
		if err := c.check(s, patience); err != nil && !errors.Is(err, errNotOffered) {
			failures = append(failures, err)
		}
	}
	return errors.Join(failures...)
}

// RunStore is [TestStore] with a subtest for every case, so that one can be run
// alone. Cases that need an optional ability are skipped for a store without.
func RunStore(t *testing.T, open func(t *testing.T) loop.Store) {
	t.Helper()
	for _, c := range storeCases() {
		t.Run(c.name, func(t *testing.T) {
			err := c.check(open(t), patience)
			switch {
			case errors.Is(err, errNotOffered):
				t.Skip(err)
			case err != nil:
				t.Error(err)
			}
		})
	}
}

// patience is how long one case may take. Only a store that hangs needs it.
const patience = time.Minute

// errNotOffered says that a case is about an ability that a store need not have.
var errNotOffered = errors.New("the store does not offer this")

// A storeCase is one promise: its rule in words, and a check that returns the
// first way in which a new, empty store breaks it.
type storeCase struct {
	name string
	rule string
	run  func(ctx context.Context, s loop.Store) error
}

// check runs the case, gives up on a store that hangs, and closes the store.
func (c storeCase) check(s loop.Store, patience time.Duration) error {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- c.run(ctx, s) }()
	hung := time.NewTimer(patience)
	defer hung.Stop()
	select {
	case err := <-done:
		return c.failure(errors.Join(err, closeIfCloser(s)))
	case <-hung.C:
		return c.failure(fmt.Errorf("still waiting after %v: is a lock or a connection held while the caller's loop runs?", patience))
	}
}

func closeIfCloser(s loop.Store) error {
	if c, ok := s.(io.Closer); ok {
		return c.Close()
	}
	return nil
}

func (c storeCase) failure(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %s: %w", c.name, c.rule, err)
}

// storeCases lists the promises, in the order of the port.
func storeCases() []storeCase {
	var all []storeCase
	for _, some := range [][]storeCase{
		loadCases, commitCases, replayCases, followUpCases, feedCases,
		wakeCases, noticeCases, documentCases, callerCases, reopenCases,
	} {
		all = append(all, some...)
	}
	return all
}
