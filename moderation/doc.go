// Package moderation is the second judgement of an audit (QA framework, The
// Moderation Process): a moderator's discussion with the auditor, amended
// answers with their evidence, and two grades, the file as it was at audit and
// the file now; then the quality check and the final comments that close it.
//
//	env := moderation.Env{Env: auditEnv, Audit: auditState, Moderation: policy}
//	events, err := moderation.Decide(state, moderation.Judge{
//		Header: header, View: moderation.AsAtAudit, Grade: "inadequate", Rationale: why,
//	}, env)
//
// It is pure, as package audit is, and promises the same: [Decide] refuses with
// an *audit.Refusal or audit.Refusals and changes nothing, [Evolve] is total,
// neither reads a clock or panics. Both judgements are kept side by side for
// ever; neither grade becomes final above a limit of its own answers. Names of
// events and their JSON fields are kept.
package moderation
