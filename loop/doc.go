// Package loop runs the whole cycle of an audit: selection, audit, moderation,
// the action tracker, the Divisional Manager's closing of the loop, re-audit and
// dip sample, with every notice and deadline, and immediate concerns at any
// moment.
//
//	engine := &loop.Engine{Store: store, Notifier: notifier, Env: env, Now: time.Now}
//	receipt, err := engine.Do(ctx, stream, audit.Finalise{Header: header})
//	...
//	ticked, err := engine.Tick(ctx) // every few seconds: wakes what is due, delivers notices
//
// # Where to look
//
//   - An app without a transaction of its own: [Engine] over a [Store] and a
//     [Notifier]. [NewMemoryStore] is for tests; module loop/sqlstore keeps
//     audits in SQLite; package looptest tests a store of your own.
//   - An app with its own transaction: [Plan], which is pure, and the [Batch]
//     that it returns, to be stored all or nothing.
//   - What can be asked for: the commands of packages audit, moderation and
//     cycle, and those of this one, see [Command]. Where a stream stands: [State],
//     [State.Clocks].
//   - Files that rest, end early or go back: suspend.go, withdraw.go, and the
//     reopening, reassigning and correcting of packages audit and moderation.
//   - A running audit and a new rubric, policy or bank holiday: [DryRun], [Migrate].
//   - A re-audit beside the audit that caused it: [CompareReAudit].
//   - A council's clocks, roles, notices and ladders: [ParsePolicy]; what in them can
//     hardly be meant: [Policy.Lint].
//   - Whether a case may be closed: [MayClose].
//
// # What it promises
//
// A command is recorded all or nothing. Given again under the same id it has
// the effect of once and returns the first result. Each notice is one recorded
// intent with an id of its own, worked out before the commit and delivered at
// least once: a [Notifier] deduplicates on the id. An immediate concern is
// never refused. [Decide], [Evolve], [Fold] and [Plan] read no clock, do no I/O
// and do not panic on what they are given; an audit is decided by the rubric,
// policy and calendar that it started with, see [PinError], unless a recorded
// [Migrate] moves it.
//
// Notices and errors carry a case number and a reference, never a name and
// never free text.
//
// # Backwards compatibility
//
// Names of events and their JSON fields are kept for ever. An event of a newer
// version is read as [Unknown]; nothing can then be decided but a concern, its
// acknowledgement and the ladder that it climbs without one.
package loop
