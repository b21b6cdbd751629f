// Package audit is one practice audit from the selection of a child's file to
// its finalising, as a pure state machine: what may happen, and what then
// happened.
//
//	events, err := audit.Decide(state, audit.Finalise{Header: header}, env)
//	if err != nil {
//		return err // a *Refusal or Refusals: which rule, who could, what would be accepted
//	}
//	for _, e := range events {
//		state = audit.Evolve(state, e)
//	}
//
// Most programs do not call it themselves: package loop gives the commands of
// this package to a whole cycle, with its notices and deadlines.
//
// # Where to look
//
//   - What can be asked for: the types of [Command]. What has happened: those of
//     [Event]. Where it stands: [State].
//   - Who may do what: [People], [Role], [People.Allow] and the process policy.
//   - When a file may be chosen and an audit starts: [Eligible], [NextStart].
//   - What happens beside the process: reassign.go, correct.go, case_changes.go.
//     Judging before seeing: suggestion.go.
//   - What finalising asks for: file finalise.go. What holds a grade to the
//     bottom lines: [Above] and [Unsettled].
//
// # What it promises
//
// [Decide] and [Evolve] read no clock, keep no state and change nothing that
// they are given: time, person and roles arrive in the command's [Header],
// rubric, calendar and policy in [Env]. Neither panics. States are values and
// may be shared by goroutines that only read them. A refused command has
// changed nothing. No judgement above a limit becomes final, by any path.
//
// Free text is a type of its own, [FreeText], and never stands in an error.
//
// # Backwards compatibility
//
// Names of events and their JSON fields are kept for ever: histories are read
// back by later versions.
package audit
