package main

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/loop"
	"github.com/practiceaudit/practiceaudit/rubric"
)

// history is what a store holds of the steps of one case.
type history struct {
	steps map[audit.CommandID]stored
	last  time.Time         // of the latest
	saved map[string]string // the content last saved under a key
	pins  []audit.Pins      // of the audits that have started
	told  []told            // the notices, in order
}

// told is a notice of an earlier run.
type told struct {
	loop.Notice
	position loop.Position
	command  audit.CommandID // that led to it
}

// stored is a step that was taken, as its id tells of it.
type stored struct {
	of, name, when, content string
	by                      audit.PersonID
	at                      time.Time
	position                loop.Position // of its first event
}

func (s stored) String() string {
	return fmt.Sprintf("%s: %s by %s on %s", title(s.of), title(s.name), s.by, london(s.at))
}

// A step's id is made of the stream, of which audit it is, the command's name,
// when it was taken, a digest of what it says, and, from the second of those
// alike to the letter on, which of them it is. So an entry that is put in before
// it, or taken out, renames nothing.
//
// What a form saves while it is a draft, and again until it is final, has no
// moment of its own: a key stands in its place. Going back to what an earlier
// draft said is a step of its own.
func (h history) name(stream loop.StreamID, steps []step) {
	count := map[string]int{}
	for i := range steps {
		s := &steps[i]
		parts := []string{string(stream), s.Of, s.Name, when(*s), s.content}
		base := strings.Join(parts, "/")
		count[base]++
		nth := count[base]
		if key := strings.Join(parts[1:4], "/"); replaces(s.Name) {
			for h.holds(base, nth) && (h.holds(base, nth+1) || h.saved[key] != s.content) {
				nth++
			}
		}
		s.id = numbered(base, nth)
	}
}

func (h history) holds(base string, nth int) bool {
	_, ok := h.steps[numbered(base, nth)]
	return ok
}

func numbered(base string, nth int) audit.CommandID {
	if nth > 1 {
		base += "/" + fmt.Sprint(nth)
	}
	return audit.CommandID(base)
}

const momentFormat = "2006-01-02T15:04Z"

// when is the moment of a step, or the key under which a form saves it.
func when(s step) string {
	if !saves(s.Name) {
		return s.At.UTC().Format(momentFormat)
	}
	switch c := s.Command(audit.Header{}).(type) {
	case audit.Judge:
		return "saved:" + c.Section + ":" + string(s.By)
	case audit.RecordFeedback:
		return "saved:" + c.Feedback.Source
	}
	return "saved:"
}

// saves reports whether a command saves a part of an audit's form.
func saves(name string) bool { return replaces(name) || name == (audit.RecordFeedback{}).Name() }

// replaces reports whether what is saved takes the place of what was.
func replaces(name string) bool {
	return name == (audit.Answer{}).Name() || name == (audit.Judge{}).Name()
}

// readHistory reads what a store holds of the steps of one case.
func readHistory(ctx context.Context, store loop.Store, stream loop.StreamID) (history, error) {
	h := history{steps: map[audit.CommandID]stored{}, saved: map[string]string{}}
	streams := map[loop.StreamID]bool{stream: true}
	for r, err := range store.Feed(ctx, 0) {
		if err != nil {
			return h, err
		}
		if streams[r.Stream] {
			e, err := loop.DecodeEvent(r.Type, r.Data)
			if err != nil {
				return h, err
			}
			switch e := e.(type) {
			case loop.FollowUpPlanned:
				streams[e.Stream] = true
			case loop.Notified:
				h.told = append(h.told, told{loop.Notice{
					ID: e.ID, Stream: r.Stream, Topic: string(e.Topic), To: e.To, Why: e.Why, Critical: e.Critical,
					Subject: e.Subject, Body: e.Body, At: e.At,
				}, r.Position, r.Command})
			}
		}
		parts := strings.Split(string(r.Command), "/")
		if len(parts) < 5 || parts[0] != string(stream) {
			continue // another case's
		}
		if _, err := time.Parse(momentFormat, parts[3]); err != nil && !strings.HasPrefix(parts[3], "saved:") {
			continue // the clock's
		}
		if _, known := h.steps[r.Command]; !known {
			h.steps[r.Command] = stored{of: parts[1], name: parts[2], when: parts[3], content: parts[4], by: r.Actor, at: r.At, position: r.Position}
		}
		h.saved[strings.Join(parts[1:4], "/")] = parts[4]
		if r.At.After(h.last) {
			h.last = r.At
		}
		if e, ok := startOf(r); ok {
			h.pins = append(h.pins, e.Pins)
		}
	}
	return h, nil
}

// startOf returns the start of an audit, if a record is one.
func startOf(r loop.Record) (audit.Started, bool) {
	e, err := loop.DecodeEvent(r.Type, r.Data)
	if err != nil {
		return audit.Started{}, false
	}
	of, _ := e.(loop.Audit)
	started, ok := of.Event.(audit.Started)
	return started, ok
}

// final reports whether an audit's form was finalised.
func (h history) final(of string) bool {
	for _, s := range h.steps {
		if s.of == of && s.name == (audit.Finalise{}).Name() {
			return true
		}
	}
	return false
}

// changed finds steps of the files that were stored and say something else since,
// with what was stored; and what was stored and is in no file any more. What a
// draft saved is neither.
func (h history) changed(steps []step) (changed map[audit.CommandID]stored, gone []stored) {
	changed = map[audit.CommandID]stored{}
	in := map[audit.CommandID]bool{}
	for _, s := range steps {
		in[s.id] = true
	}
	for id, s := range h.steps {
		if !in[id] && (!saves(s.name) || h.final(s.of)) {
			gone = append(gone, s)
		}
	}
	slices.SortFunc(gone, func(a, b stored) int {
		return strings.Compare(a.when+a.of+a.name+a.content, b.when+b.of+b.name+b.content)
	})
	for _, alike := range []func(step, stored) bool{
		func(s step, o stored) bool { return s.content == o.content },
		func(s step, o stored) bool { return when(s) == o.when && s.By == o.by },
		func(s step, o stored) bool { return when(s) == o.when },
		func(s step, o stored) bool { return s.By == o.by && !s.At.After(h.last) },
	} {
		for _, s := range steps {
			if _, known := h.steps[s.id]; known || changed[s.id] != (stored{}) {
				continue
			}
			i := slices.IndexFunc(gone, func(o stored) bool { return o.of == s.Of && o.name == s.Name && alike(s, o) })
			if i >= 0 {
				changed[s.id] = gone[i]
				gone = slices.Delete(gone, i, i+1)
			}
		}
	}
	gone = slices.DeleteFunc(gone, func(o stored) bool { return saves(o.name) })
	return changed, gone
}

// said says at its place that a step was changed after it was stored.
func (o stored) said(s step) error {
	rule, was := "", "as something else"
	switch {
	case o.content == s.content:
		rule, was = "time", "as of "+london(o.at)
	case o.by != s.By:
		rule, was = "role", "as done by "+string(o.by)
	}
	message := fmt.Sprintf("this was stored on an earlier run %s, and what has happened stays: write it as it was, and what is new as an entry of its own; or begin anew with another -db file", was)
	return rubric.Mistakes{s.Mistake(rule, message)}
}

// asItWas copies a store into memory, but for notices, which nobody is to get
// from a copy.
func asItWas(ctx context.Context, store loop.Store) (*loop.MemoryStore, error) {
	kept := loop.NewMemoryStore()
	if store == nil {
		return kept, nil
	}
	var batches []*loop.Batch
	last := map[loop.StreamID]int{} // the batch in which a stream comes last
	var documents []loop.Digest
	for r, err := range store.Feed(ctx, 0) {
		if err != nil {
			return nil, err
		}
		r.Position = 0
		n := len(batches)
		if n == 0 || batches[n-1].Command != r.Command {
			batches = append(batches, &loop.Batch{Stream: r.Stream, Expected: r.Version - 1, Command: r.Command, Digest: r.Digest})
			n++
		}
		b := batches[n-1]
		last[r.Stream] = n - 1
		if r.Stream == b.Stream {
			b.Records = append(b.Records, r)
		} else if i := slices.IndexFunc(b.FollowUps, func(f loop.FollowUp) bool { return f.Stream == r.Stream }); i >= 0 {
			b.FollowUps[i].Records = append(b.FollowUps[i].Records, r)
		} else {
			b.FollowUps = append(b.FollowUps, loop.FollowUp{Stream: r.Stream, Records: []loop.Record{r}})
		}
		if started, ok := startOf(r); ok {
			documents = append(documents, loop.Digest(started.Pins.Rubric.Digest), loop.Digest(started.Pins.Policy), loop.Digest(started.Pins.Calendar.Digest))
		}
	}
	wakes, err := store.Due(ctx, time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC), math.MaxInt32)
	if err != nil {
		return nil, err
	}
	for _, w := range wakes {
		i, known := last[w.Stream]
		if !known {
			continue
		}
		b := batches[i]
		if b.Stream == w.Stream {
			b.Wakes = append(b.Wakes, w)
		}
		for j := range b.FollowUps {
			if b.FollowUps[j].Stream == w.Stream {
				b.FollowUps[j].Wakes = append(b.FollowUps[j].Wakes, w)
			}
		}
	}
	for _, d := range documents {
		data, err := store.Document(ctx, d)
		if err != nil {
			return nil, err
		}
		batches[0].Documents = append(batches[0].Documents, loop.Document{Digest: d, Data: data})
	}
	for _, b := range batches {
		if _, err := kept.Commit(ctx, *b); err != nil {
			return nil, err
		}
	}
	return kept, nil
}
