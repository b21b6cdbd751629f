package sqlite_test

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/practiceaudit/practiceaudit/loop"
	"github.com/practiceaudit/practiceaudit/loop/looptest"
	"github.com/practiceaudit/practiceaudit/loop/sqlstore/sqlite"
)

// reopening adds what the kit needs to see that the store is durable.
type reopening struct {
	*sqlite.Store
	path string
}

func (r reopening) Reopen() (loop.Store, error) {
	if err := r.Close(); err != nil {
		return nil, err
	}
	return sqlite.Open(context.Background(), r.path, nil)
}

func TestStore(t *testing.T) {
	looptest.RunStore(t, func(t *testing.T) loop.Store {
		path := filepath.Join(t.TempDir(), "council.db")
		s, err := sqlite.Open(t.Context(), path, nil)
		if err != nil {
			t.Fatal(err)
		}
		return reopening{s, path}
	})
}
