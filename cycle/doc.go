// Package cycle is the monthly cycle of audits (QA framework, The Quality
// Assurance Audit and Practice Improvement Team): the year's schedule with its
// themed audits, which files are drawn, and who audits and moderates them.
//
//	events, err := cycle.Decide(state, cycle.MakeDraw{
//		Header: header, Part: "deep_dives", Population: caseload, Seed: "2, 9, 14, 23, 31, 44",
//	}, env)
//
// A year's schedule is a stream, and each of its months another. The audits of
// its files have streams of their own, which begin when a person confirms the
// picks or chooses a file. Most programs give these commands to package loop,
// which begins those streams and sends the notices.
//
// # Machine and people
//
// A draw and an allocation are proposals. Nothing comes of them until a person
// confirms them; until then a file can be replaced, a part drawn again with a
// reason, an allocation proposed anew. Afterwards a file can still be replaced,
// and given to somebody else, by hand and with a reason. Every draw and every
// proposal is kept, those that nobody confirmed too.
//
// # Where to look
//
//   - How files are drawn, and how a draw is checked by hand: [Draw],
//     [Sample.Explain], [Digest].
//   - Who can be drawn: audit.Eligible, and the process policy.
//   - How files are allocated, what is fair, and what is said when it cannot be
//     done: [Allocate], [Bar], [Tally].
//   - What can be asked for: the types of [Command]. What has happened: those of
//     [Event]. Where it stands: [State], [State.Audited].
//
// # What it promises
//
// It is pure, as package audit is, and promises the same: [Decide] refuses with
// an *audit.Refusal or audit.Refusals and changes nothing, [Evolve] is total,
// neither reads a clock, draws lots or panics. The seed arrives in the command.
// [Draw] and [Allocate] give the same for the same files, people and seed, in
// whatever order they come. Names of events and their JSON fields are kept.
//
// What is recorded of a population is its digest, the files picked, the reserves
// that the policy asks for, and those who could not be drawn with the reason: not
// the caseload.
package cycle
