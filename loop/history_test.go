package loop_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/loop"
)

// histories holds the records of audits as this version stored them, each with the
// state that it folds to. A history is never changed: later versions read it.
const histories = "testdata/histories/v1"

// With -update each scenario that has no history yet gets one, and every state is
// written anew: read what changed.
func TestGoldenHistories(t *testing.T) {
	if *update {
		for _, file := range scenarioFiles(t) {
			history := filepath.Join(histories, strings.TrimSuffix(filepath.Base(file), ".txt")+".jsonl")
			if _, err := os.Stat(history); errors.Is(err, os.ErrNotExist) {
				writeHistory(t, history, play(t, file))
			}
		}
	}
	files := historyFiles(t)
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".jsonl"), func(t *testing.T) {
			records := readHistory(t, file)
			for _, r := range records {
				reencodes(t, r)
			}
			got := golden(t, folded(t, records))
			state := strings.TrimSuffix(file, ".jsonl") + ".state.json"
			if *update {
				if err := os.WriteFile(state, append(got, '\n'), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(state)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(bytes.TrimSpace(want)), string(got)); diff != "" {
				t.Errorf("the history leads to another state (-want +got):\n%s", diff)
			}
		})
	}
	for _, file := range scenarioFiles(t) {
		name := filepath.Join(histories, strings.TrimSuffix(filepath.Base(file), ".txt")+".jsonl")
		if !slices.Contains(files, name) {
			t.Errorf("%s has no history: run go test ./loop -run GoldenHistories -update", file)
		}
	}
}

func writeHistory(t *testing.T, file string, s *scenario) {
	t.Helper()
	var lines []byte
	for r, err := range s.store.Feed(context.Background(), 0) {
		if err != nil {
			t.Fatal(err)
		}
		line, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		lines = append(append(lines, line...), '\n')
	}
	if err := os.WriteFile(file, lines, 0o644); err != nil {
		t.Fatal(err)
	}
}

func historyFiles(t testing.TB) []string {
	t.Helper()
	files, err := filepath.Glob(histories + "/*.jsonl")
	if err != nil || len(files) == 0 {
		t.Fatalf("no histories: %v", err)
	}
	return files
}

func readHistory(t testing.TB, file string) []loop.Record {
	t.Helper()
	src, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var records []loop.Record
	lines := bufio.NewScanner(bytes.NewReader(src))
	lines.Buffer(nil, len(src)+1)
	for lines.Scan() {
		var r loop.Record
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		again, err := json.Marshal(r)
		if err != nil || !bytes.Equal(again, lines.Bytes()) {
			t.Fatalf("%s: a record is exported otherwise than it was read (%v):\n%s\n%s", file, err, lines.Bytes(), again)
		}
		records = append(records, r)
	}
	return records
}

// folded are the states of all streams of a history.
func folded(t testing.TB, records []loop.Record) map[loop.StreamID]loop.State {
	t.Helper()
	states := map[loop.StreamID]loop.State{}
	for _, r := range records {
		s, known := states[r.Stream]
		if !known {
			s = loop.New(r.Stream)
		}
		s, err := loop.Fold(s, r)
		if err != nil {
			t.Fatal(err)
		}
		states[r.Stream] = s
	}
	return states
}

// golden are states as JSON, without what is empty in them: a field that is new, and
// that no event of the history fills, changes nothing.
func golden(t testing.TB, states map[loop.StreamID]loop.State) []byte {
	t.Helper()
	all, err := json.Marshal(states)
	if err != nil {
		t.Fatal(err)
	}
	var tree any
	if err := json.Unmarshal(all, &tree); err != nil {
		t.Fatal(err)
	}
	out, err := json.MarshalIndent(filled(tree), "", "\t")
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// filled is what of a tree is not empty; nil if nothing is.
func filled(tree any) any {
	switch v := tree.(type) {
	case map[string]any:
		for key := range v {
			if v[key] = filled(v[key]); v[key] == nil {
				delete(v, key)
			}
		}
		if len(v) == 0 {
			return nil
		}
	case []any:
		for i := range v {
			v[i] = filled(v[i])
		}
		if len(v) == 0 {
			return nil
		}
	case string, bool, float64:
		if reflect.ValueOf(v).IsZero() || v == "0001-01-01T00:00:00Z" {
			return nil
		}
	}
	return tree
}

// reencodes checks that nothing of a record is lost when its event is read and
// written again.
func reencodes(t testing.TB, r loop.Record) {
	t.Helper()
	e, err := loop.DecodeEvent(r.Type, r.Data)
	if err != nil {
		t.Fatal(err)
	}
	var inner any = e
	if v := reflect.ValueOf(e); v.Kind() == reflect.Struct && v.NumField() == 1 && v.Type().Field(0).Anonymous {
		inner = v.Field(0).Interface() // of another package
	}
	got, err := json.Marshal(inner)
	if err != nil || e.Type() != r.Type || !bytes.Equal(got, r.Data) {
		t.Errorf("%s %d, %s is written again otherwise (%v):\n%s\n%s", r.Stream, r.Version, r.Type, err, r.Data, got)
	}
}

// A newer version adds fields and types.
func TestWhatANewerVersionWroteIsKeptReadAndNotDecidedOn(t *testing.T) {
	records := readHistory(t, histories+"/14-loop-closed.jsonl")
	var stream []loop.Record
	for _, r := range records {
		if r.Stream == "file-1" {
			stream = append(stream, r)
		}
	}
	for i := range stream {
		stream[i].Data = slices.Concat([]byte(`{"from_the_future":[1,"<two>"],`), stream[i].Data[1:])
	}
	plain, err := json.Marshal(folded(t, stream)["file-1"])
	if err != nil {
		t.Fatal(err)
	}
	want, _ := json.Marshal(folded(t, records)["file-1"])
	if diff := cmp.Diff(string(want), string(plain)); diff != "" {
		t.Errorf("fields of a newer version changed the state (-want +got):\n%s", diff)
	}
	last := stream[len(stream)-1]
	last.Version, last.Type, last.Command = last.Version+1, "loop.from_the_future", "future"
	stream = append(stream, last)
	s := folded(t, stream)["file-1"]
	if !s.Newer || s.Closed == nil {
		t.Errorf("a history with a newer type: newer %v, closed %v", s.Newer, s.Closed)
	}
	env := smallEnv(t)
	h := audit.Header{ID: "c99", At: last.At, Actor: "dm"}
	if _, err := loop.Plan(s, loop.RecordPlan{Header: h, Plan: secret}, env); !errors.Is(err, loop.ErrNewerHistory) {
		t.Errorf("decided on: %v", err)
	}
	if _, err := loop.Plan(s, loop.RaiseConcern{Header: h, Concern: secret}, env); err != nil {
		t.Errorf("a concern is refused: %v", err)
	}
	for _, r := range stream {
		line, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		var again loop.Record
		if err := json.Unmarshal(line, &again); err != nil {
			t.Fatal(err)
		}
		var was, is any
		if json.Unmarshal(r.Data, &was) != nil || json.Unmarshal(again.Data, &is) != nil || !reflect.DeepEqual(was, is) || again.Type != r.Type {
			t.Errorf("exported as %s, read back as %s", r.Data, again.Data)
		}
	}
}

// Each event stands in a history, so that every one of them is read for ever.
func TestEveryEventStandsInAHistory(t *testing.T) {
	stored := map[string]bool{}
	for _, file := range historyFiles(t) {
		for _, r := range readHistory(t, file) {
			stored[r.Type] = true
		}
	}
	for _, name := range eventTypes(t, map[string]string{}) {
		if !stored[name] {
			t.Errorf("%s stands in no history: write a scenario that leads to it", name)
		}
	}
}
