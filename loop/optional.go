package loop

import (
	"context"
	"fmt"
	"time"
)

// Parker is implemented by a [Store] that can list its parked notices: those
// that nobody will be told of until a person has looked. The stores of this
// module implement it; find it by type assertion.
//
// To take a parked notice up again, once its cause is gone, report an
// [Outcome] with Retry for it.
type Parker interface {
	// Parked returns the parked notices in the order of commit, at most limit.
	Parked(ctx context.Context, limit int) ([]ParkedNotice, error)
}

// ParkedNotice is a notice that was given up, and the cause.
type ParkedNotice struct {
	Notice Notice
	Cause  string
}

// BatchError says that a [Batch] is not what [Plan] makes. Nothing was stored.
type BatchError struct {
	Stream  StreamID
	Command CommandID
	Problem string
}

func (e *BatchError) Error() string {
	return fmt.Sprintf("batch of command %q on stream %q: %s", e.Command, e.Stream, e.Problem)
}

// OutcomeError says that an [Outcome] is not exactly one of delivered, retry
// and parked. Nothing was stored.
type OutcomeError struct{ Outcome Outcome }

func (e *OutcomeError) Error() string {
	return fmt.Sprintf("outcome %+v: set exactly one of Delivered, Retry and Parked", e.Outcome)
}

// Check returns an [*OutcomeError] unless exactly one of Delivered, Retry and
// Parked is set. A store calls it before it records anything.
func (o Outcome) Check() error {
	set := 0
	for _, is := range []bool{o.Delivered, !o.Retry.IsZero(), o.Parked != ""} {
		if is {
			set++
		}
	}
	if set != 1 || !storable(o.Retry) {
		return &OutcomeError{o}
	}
	return nil
}

// Check returns a [*BatchError] unless the batch hangs together: its ids are
// there, its records carry its stream and the versions after Expected, its
// follow-ups begin at version 1. It looks at nothing but the batch. A store
// calls it before it stores anything, so that a slip in a program that plans
// for itself cannot leave a hole in a history.
func (b Batch) Check() error {
	wrong := func(format string, args ...any) error {
		return &BatchError{b.Stream, b.Command, fmt.Sprintf(format, args...)}
	}
	switch {
	case b.Stream == "":
		return wrong("no stream: name one")
	case b.Command == "":
		return wrong("no command id: every batch needs one, so that it can be sent again safely")
	case b.Digest == "":
		return wrong("no digest of the command")
	}
	if problem := checkStream(b.Stream, b.Expected, b.Records, b.Wakes); problem != "" {
		return wrong("%s", problem)
	}
	begun := map[StreamID]bool{b.Stream: true}
	for _, f := range b.FollowUps {
		switch {
		case f.Stream == "":
			return wrong("a follow-up has no stream: name one")
		case begun[f.Stream]:
			return wrong("stream %q stands in it twice: a follow-up is a stream of its own", f.Stream)
		case len(f.Records) == 0:
			return wrong("follow-up %q has no records: it would not begin", f.Stream)
		}
		begun[f.Stream] = true
		if problem := checkStream(f.Stream, 0, f.Records, f.Wakes); problem != "" {
			return wrong("follow-up: %s", problem)
		}
	}
	for i, n := range b.Notices {
		switch {
		case n.ID == "":
			return wrong("notice %d has no id", i)
		case !storable(n.At):
			return wrong("notice %q is dated %v: a year from 0 to 9999 is needed", n.ID, n.At)
		}
	}
	for i, d := range b.Documents {
		if d.Digest == "" {
			return wrong("document %d has no digest", i)
		}
	}
	return nil
}

// checkStream returns what is wrong with one stream's part of a batch.
func checkStream(s StreamID, after Version, records []Record, wakes []Wake) string {
	for i, r := range records {
		want := after + Version(i) + 1
		switch {
		case r.Stream != s:
			return fmt.Sprintf("record %d is of stream %q: it should be of %q", i, r.Stream, s)
		case r.Version != want:
			return fmt.Sprintf("record %d of stream %q has version %d: it should be %d", i, s, r.Version, want)
		case r.Position != 0:
			return fmt.Sprintf("record %d of stream %q has a position: the store gives it", i, s)
		case r.Type == "":
			return fmt.Sprintf("record %d of stream %q has no type", i, s)
		case !storable(r.At):
			return fmt.Sprintf("record %d of stream %q is dated %v: a year from 0 to 9999 is needed", i, s, r.At)
		}
	}
	seen := map[WakeID]bool{}
	for i, w := range wakes {
		switch {
		case w.ID == "":
			return fmt.Sprintf("wake-up %d of stream %q has no id", i, s)
		case w.Stream != s:
			return fmt.Sprintf("wake-up %q is of stream %q: it should be of %q", w.ID, w.Stream, s)
		case seen[w.ID]:
			return fmt.Sprintf("wake-up %q of stream %q stands in it twice", w.ID, s)
		case !storable(w.At):
			return fmt.Sprintf("wake-up %q is at %v: a year from 0 to 9999 is needed", w.ID, w.At)
		}
		seen[w.ID] = true
	}
	return ""
}

// storable reports whether a time can be written as RFC 3339, which JSON and
// the stores do.
func storable(t time.Time) bool {
	y := t.UTC().Year()
	return y >= 0 && y <= 9999
}
