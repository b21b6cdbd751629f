package sqlite_test

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/practiceaudit/practiceaudit/loop"
	"github.com/practiceaudit/practiceaudit/loop/sqlstore/sqlite"
)

// BenchmarkCommit measures durable commits of one event each: through the store,
// and as the fewest statements that would do by hand, on the same driver with
// the same settings. The number is of callers at the same time.
func BenchmarkCommit(b *testing.B) {
	for _, callers := range []int{1, 64} {
		b.Run(fmt.Sprintf("store/%d", callers), func(b *testing.B) { benchmarkStore(b, callers) })
	}
	b.Run("raw/1", benchmarkRaw)
}

var eventData = []byte(`{"section":"referral","grade":"requires_improvement","why":"Two of the good lines are not evidenced."}`)

func oneEvent(i int) loop.Batch {
	stream, command := loop.StreamID(fmt.Sprintf("stream-%d", i)), loop.CommandID(fmt.Sprintf("command-%d", i))
	digest := loop.Digest(fmt.Sprintf("sha256:%064d", i))
	return loop.Batch{
		Stream: stream, Command: command, Digest: digest,
		Records: []loop.Record{{
			Stream: stream, Version: 1, Type: "audit.judged", Data: eventData,
			At: time.Unix(1_772_442_000, 0), Actor: "person-1", Command: command, Digest: digest,
		}},
	}
}

func benchmarkStore(b *testing.B, callers int) {
	s, err := sqlite.Open(b.Context(), filepath.Join(b.TempDir(), "council.db"), nil)
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	b.ReportAllocs()
	b.ResetTimer()
	var next atomic.Int64
	var all sync.WaitGroup
	for range callers {
		all.Go(func() {
			for {
				i := int(next.Add(1))
				if i > b.N {
					return
				}
				if _, err := s.Commit(b.Context(), oneEvent(i)); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "events/s")
}

func benchmarkRaw(b *testing.B) {
	ctx := context.Background()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(b.TempDir(), "raw.db")+"?_journal_mode=WAL&_synchronous=FULL")
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	conn, err := db.Conn(ctx)
	if err != nil {
		b.Fatal(err)
	}
	if _, err := conn.ExecContext(ctx, `
		CREATE TABLE events (position INTEGER PRIMARY KEY, stream TEXT, version INTEGER, type TEXT, data BLOB,
			at TEXT, actor TEXT, command TEXT UNIQUE, digest TEXT, UNIQUE (stream, version))`); err != nil {
		b.Fatal(err)
	}
	var statements []*sql.Stmt
	for _, text := range []string{
		"BEGIN IMMEDIATE",
		"INSERT INTO events (stream, version, type, data, at, actor, command, digest) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
		"COMMIT",
	} {
		s, err := conn.PrepareContext(ctx, text)
		if err != nil {
			b.Fatal(err)
		}
		statements = append(statements, s)
	}
	b.ReportAllocs()
	for i := 1; b.Loop(); i++ {
		r := oneEvent(i).Records[0]
		for n, s := range statements {
			var args []any
			if n == 1 {
				args = []any{string(r.Stream), int64(r.Version), r.Type, r.Data, r.At.Format(time.RFC3339Nano), string(r.Actor), string(r.Command), string(r.Digest)}
			}
			if _, err := s.ExecContext(ctx, args...); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "events/s")
}
