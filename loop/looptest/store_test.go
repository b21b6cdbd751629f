package looptest

import (
	"testing"

	"github.com/practiceaudit/practiceaudit/loop"
)

func TestMemoryStore(t *testing.T) {
	RunStore(t, func(*testing.T) loop.Store { return loop.NewMemoryStore() })
}

func TestStoreReturnsNilForAGoodStore(t *testing.T) {
	if err := TestStore(func() (loop.Store, error) { return loop.NewMemoryStore(), nil }); err != nil {
		t.Error(err)
	}
}
