package loop

import (
	"context"
	"iter"
	"time"

	"github.com/practiceaudit/practiceaudit/audit"
)

// StreamID names one audit, or one follow-up of it, in a store. It is opaque
// and never the case number: it stands in notices, logs and errors.
type StreamID string

// Version counts the records of one stream: 0 is a stream that does not exist
// yet, and the record with Version n is its n-th.
type Version uint64

// Position is a record's place in the feed of the whole store, from 1. Gaps
// are allowed.
type Position uint64

// CommandID names one command for ever; sending it again is safe. It is the
// caller's to choose and unique in a store.
type CommandID = audit.CommandID

// NoticeID names one notice for ever; a Notifier deduplicates on it.
type NoticeID string

// WakeID names one wake-up, and is the id of the command that it becomes when
// it is due.
type WakeID string

// Digest is "sha256:" and 64 hexadecimal digits.
type Digest string

// Record is an event as it is stored. Its bytes are never changed again.
type Record struct {
	Stream   StreamID
	Version  Version
	Position Position // given by the store at commit
	Type     string   // a frozen name, such as "audit.finalised"
	Data     []byte   // JSON
	At       time.Time
	Actor    audit.PersonID
	Command  CommandID
	Digest   Digest // of the command
}

// Document is something that an audit is pinned to: a rubric or a process
// policy in its canonical form.
type Document struct {
	Digest Digest
	Data   []byte
}

// FollowUp is a stream that begins in the same commit: a re-audit or a dip
// sample. Its id derives from the finding, so it can begin only once: if the
// stream exists already, the whole batch is a conflict.
type FollowUp struct {
	Stream  StreamID
	Records []Record
	Wakes   []Wake
}

// Batch is everything that one command leads to, worked out once by [Plan] and
// committed all or nothing.
type Batch struct {
	Stream    StreamID
	Expected  Version // the version that the stream must still have
	Command   CommandID
	Digest    Digest     // of the command, with the stream
	Records   []Record   // Versions Expected+1 and on, Position zero; may be empty
	Notices   []Notice   // to be delivered after the commit, at least once each
	Wakes     []Wake     // all wake-ups of the stream from now on: they replace those stored
	KeepWakes bool       // Wakes says nothing: those stored stay
	Documents []Document // stored once each, by digest
	FollowUps []FollowUp
}

// Receipt is a store's answer to a commit.
type Receipt struct {
	Stream   StreamID
	Version  Version  // of the stream after the command
	Position Position // of the last record that the command wrote; 0 if it wrote none
	Replayed bool     // the command had been committed before; this is its first result
}

// Wake is a moment at which a stream wants to be looked at again.
type Wake struct {
	ID     WakeID
	Stream StreamID
	At     time.Time
}

// Notice is a message to one person (or to whoever holds a role, when the
// person is not known). It carries a case number and a reference, never a name
// of a child or a family and never free text.
type Notice struct {
	ID       NoticeID
	Stream   StreamID
	Topic    string
	To       Recipient
	Why      string // why this person is told
	Case     audit.CaseNumber
	Critical bool // must be acknowledged by a person
	Subject  string
	Body     string
	At       time.Time // when the intent was recorded
	Attempts int       // deliveries tried before; kept by the store
}

// Recipient is who gets a notice. Person is empty when nobody is known to hold
// the role: the app's notifier then finds its holder.
type Recipient struct {
	Role   audit.Role     `json:"role"`
	Person audit.PersonID `json:"person,omitempty"`
}

// Outcome is what became of one attempt to deliver a notice. Exactly one of
// Delivered, Retry and Parked is set.
type Outcome struct {
	Delivered bool
	Retry     time.Time // try again at
	Parked    string    // the cause; a person has to look
	Cause     string    // what went wrong, with Retry
}

// Store keeps a council's records. One store is one council. Its promises are
// stated, and tested, by package looptest. All methods are safe for concurrent
// use, keep nothing of the slices they are given, return slices the caller may
// keep, and return ctx's error when it is cancelled before they took effect.
type Store interface {
	// Load yields the records of stream s after version after, oldest first.
	// A stream that does not exist yields none. It is safe to commit while a
	// caller's loop runs: no lock or connection is held between the records.
	Load(ctx context.Context, s StreamID, after Version) iter.Seq2[Record, error]

	// Commit stores b, all or nothing, and returns once it is durable.
	// A command id seen before, with the same digest, stores nothing and
	// returns its first receipt with Replayed set; with another digest it is
	// ErrCommandReused. This is looked at first. If the stream is not at
	// b.Expected, or a follow-up's stream exists, it is a *ConflictError.
	Commit(ctx context.Context, b Batch) (Receipt, error)

	// Due returns wake-ups at or before by, earliest first, at most limit.
	Due(ctx context.Context, by time.Time, limit int) ([]Wake, error)

	// Pending returns notices neither delivered nor parked whose next attempt
	// is at or before by, in the order of commit, at most limit. A new notice
	// is pending at once, whatever by.
	Pending(ctx context.Context, by time.Time, limit int) ([]Notice, error)

	// Attempted records the outcome of one attempt. An unknown id is
	// ErrUnknownNotice. A notice once delivered stays delivered.
	Attempted(ctx context.Context, id NoticeID, o Outcome) error

	// Document returns a pinned document, or ErrUnknownDocument.
	Document(ctx context.Context, digest Digest) ([]byte, error)

	// Feed yields all records of the store after a position, in order. Nothing
	// ever appears at or before a position already yielded. Like Load it holds
	// nothing while the caller's loop runs, and it ends at the newest record.
	Feed(ctx context.Context, after Position) iter.Seq2[Record, error]
}

// Notifier delivers notices for an app. It may be called again with the same
// n.ID, by any number of machines: deduplicate on it. It is called after the
// commit that recorded the notice, never before.
type Notifier interface {
	Notify(ctx context.Context, n Notice) error
}
