package looptest

import (
	"context"
	"slices"
	"sync"

	"github.com/practiceaudit/practiceaudit/loop"
)

// Notifier is a [loop.Notifier] that records what it delivers. It deduplicates
// by id, as a notifier should, and counts what it was given again. The zero
// value is ready; it is safe for concurrent use.
type Notifier struct {
	// Fail, if set, may refuse a delivery; a refused one is not recorded. Set
	// it first.
	Fail func(loop.Notice) error

	mu        sync.Mutex
	delivered []loop.Notice
	times     map[loop.NoticeID]int
}

// Notify implements [loop.Notifier].
func (n *Notifier) Notify(ctx context.Context, notice loop.Notice) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if n.Fail != nil {
		if err := n.Fail(notice); err != nil {
			return err
		}
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.times == nil {
		n.times = map[loop.NoticeID]int{}
	}
	if n.times[notice.ID]++; n.times[notice.ID] == 1 {
		n.delivered = append(n.delivered, notice)
	}
	return nil
}

// Delivered returns each notice once, in the order of first delivery.
func (n *Notifier) Delivered() []loop.Notice {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.Clone(n.delivered)
}

// Times is how often a notice was delivered: 0 is never, 2 and more are
// duplicates that people would get without deduplication.
func (n *Notifier) Times(id loop.NoticeID) int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.times[id]
}

// Duplicates is how many deliveries were of a notice delivered before.
func (n *Notifier) Duplicates() int {
	n.mu.Lock()
	defer n.mu.Unlock()
	d := 0
	for _, t := range n.times {
		d += t - 1
	}
	return d
}
