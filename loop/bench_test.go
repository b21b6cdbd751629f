package loop_test

import (
	"context"
	"fmt"
	"reflect"
	"runtime"
	"testing"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/loop"
	"github.com/practiceaudit/practiceaudit/rubric"
)

// BenchmarkDecideEvolve decides a command on an audit that is about to be
// finalised, on Halton's framework, and evolves its state: at most 2 µs where
// nothing is graded. Whatever looks at the bottom lines reads the answers of the
// whole form too.
func BenchmarkDecideEvolve(b *testing.B) {
	w := newWalk(b, false)
	w.met()
	s, env := w.state(), w.env
	line := map[string]rubric.Answer{firstLine(env, "planning"): rubric.Partly}
	for _, c := range []loop.Command{
		audit.AddAction{Header: w.header("auditor"), Action: audit.Action{ID: "A2", Text: secret, Owner: "practitioner"}},
		audit.RecordFeedback{Header: w.header("auditor"), Feedback: audit.Feedback{Source: "child", Outcome: audit.FeedbackGiven, SoughtOn: day(b, "2026-04-14"), How: secret, Words: secret}},
		audit.Answer{Header: w.header("auditor"), Lines: map[string]map[string]rubric.Answer{"planning": line}},
		audit.Judge{Header: w.header("auditor"), Section: "planning", Grade: "good", Rationale: secret},
		audit.Finalise{Header: w.header("auditor")},
	} {
		b.Run(c.Name(), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				events, err := loop.Decide(s, c, env)
				if err != nil {
					b.Fatal(err)
				}
				loop.Evolve(s, events...)
			}
		})
	}
}

// firstLine is the first line of a section that people answer.
func firstLine(env loop.Env, section string) string {
	s, _ := env.Rubric.Section(section)
	for _, l := range s.Lines {
		if !l.Computed {
			return l.ID
		}
	}
	return ""
}

// BenchmarkReplay200 works out a state from 200 records that are decoded already,
// those of an audit in which much happened: at most 100 µs.
func BenchmarkReplay200(b *testing.B) {
	w := newWalk(b, true)
	w.busy()
	events := w.events()
	if len(events) < 200 {
		b.Fatalf("%d events", len(events))
	}
	events = events[:200]
	b.ReportAllocs()
	for b.Loop() {
		s := loop.Evolve(loop.New(w.stream), events...)
		if s.Grade() != "inadequate" {
			b.Fatal(s.Grade())
		}
	}
}

// busy carries a file round in which answers are saved one by one, nobody
// acknowledges, and reminders and escalations go out until every action is done.
func (w *walk) busy() {
	w.met()
	for i := range 40 {
		w.must(audit.Answer{Header: w.header("auditor"), Evidence: map[string]map[string]audit.FreeText{"planning": {firstLine(w.env, "planning"): audit.FreeText(fmt.Sprint(i))}}})
	}
	for i := range 5 {
		w.must(audit.AddAction{Header: w.header("auditor"), Action: audit.Action{ID: fmt.Sprintf("B%d", i), Text: secret, Owner: "practitioner"}})
	}
	w.at("2026-04-15T16:20").must(audit.Finalise{Header: w.header("auditor")})
	for i := range 30 {
		w.now = w.now.AddDate(0, 0, 1)
		w.tick()
		w.must(loop.AskAdvice{Header: w.header("practitioner"), Question: secret})
		w.must(loop.GiveAdvice{Header: w.header("manager"), Question: i + 1, Advice: secret})
	}
	for _, t := range w.state().Tracker {
		w.must(loop.ReflectInSupervision{Header: w.header("practitioner"), Action: t.ID, HeldOn: calendar.DateOf(w.now), With: "lead", Reflection: secret})
		w.must(loop.CompleteAction{Header: w.header("practitioner"), Action: t.ID, Evidence: secret})
		w.must(loop.ConfirmAction{Header: w.header("pm"), Action: t.ID})
	}
}

// events are those of the walk's stream, decoded.
func (w *walk) events() []loop.Event {
	w.t.Helper()
	var events []loop.Event
	for r, err := range w.store.Load(context.Background(), w.stream, 0) {
		if err != nil {
			w.t.Fatal(err)
		}
		e, err := loop.DecodeEvent(r.Type, r.Data)
		if err != nil {
			w.t.Fatal(err)
		}
		events = append(events, e)
	}
	return events
}

// BenchmarkCouncilYear plans every command of 600 audits, a council's year, from
// their selection until the loop is closed, commits it to memory and goes on from
// the state that its events lead to: at most a second.
func BenchmarkCouncilYear(b *testing.B) {
	env := haltonEnv(b)
	year := make([][]loop.Command, 600)
	for i := range year {
		if i < 7 {
			w := newWalk(b, i == 0) // one file in seven misses a bottom line
			w.loopClosed()
			year[i] = w.given
			continue
		}
		year[i] = year[i%7]
	}
	for i, commands := range year {
		year[i] = nil
		for _, c := range commands {
			year[i] = append(year[i], numbered(c, i))
		}
	}
	var before, after runtime.MemStats
	records := 0
	b.ReportAllocs()
	for b.Loop() {
		b.StopTimer()
		runtime.GC()
		runtime.ReadMemStats(&before)
		b.StartTimer()
		store := loop.NewMemoryStore()
		for i, commands := range year {
			s := loop.New(loop.StreamID(fmt.Sprint("stream-", i)))
			for _, c := range commands {
				s = carryOut(b, store, s, c, env)
			}
			if s.Closed == nil {
				b.Fatal("the loop is not closed")
			}
		}
		b.StopTimer()
		runtime.GC()
		runtime.ReadMemStats(&after)
		records = 0
		for range store.Feed(context.Background(), 0) {
			records++
		}
		b.StartTimer()
	}
	b.ReportMetric(float64(records), "records")
	b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/(1<<20), "MB-kept")
}

// carryOut plans a command, commits it, and folds what it wrote.
func carryOut(b *testing.B, store loop.Store, s loop.State, c loop.Command, env loop.Env) loop.State {
	batch, err := loop.Plan(s, c, env)
	if err == nil {
		_, err = store.Commit(context.Background(), batch)
	}
	if err == nil {
		s, err = loop.Fold(s, batch.Records...)
	}
	if err != nil {
		b.Fatalf("%s: %v", c.Name(), err)
	}
	return s
}

// numbered is a command with an id of its own in the year.
func numbered(c loop.Command, i int) loop.Command {
	v := reflect.New(reflect.TypeOf(c)).Elem()
	v.Set(reflect.ValueOf(c))
	h := v.FieldByName("Header").Addr().Interface().(*audit.Header)
	h.ID = audit.CommandID(fmt.Sprintf("%d/%s", i, h.ID))
	return v.Interface().(loop.Command)
}
