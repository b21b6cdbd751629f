// Package rubric reads the files in which a council writes how practice audits
// are graded, and grades by them. A rubric holds the framework's lines, its
// bottom lines, the rules that suggest a grade and the limits that hold it. It
// suggests and explains; the judgement stays with people.
//
//	r, err := rubric.Parse("deep-dive.yaml", src)
//	if err != nil {
//		return err // every mistake, each with its line and a caret
//	}
//	form, err := r.Form(answers, calendar.EnglandAndWales())
//	if err != nil {
//		return err // *AnswerErrors: every mistake in the answers
//	}
//	res := form.Grade()
//	fmt.Println(res.Explain().Text())
//	most, limit := res.MostAllowed("") // no judgement above it may become final
//
// docs/rubric-language.md is the reference of the file and its conditions for
// those who write it; rubric/halton holds a whole one.
//
// # Where to look
//
//   - A file: [Parse], [Rubric], and [Rubric.CheckExamples] for the tests that
//     the file itself holds (package rubrictest runs them in a Go test).
//   - An audit's answers: [Answers], [Rubric.Form], [AnswerErrors].
//   - Grades: [Form.Grade], [Result]; many forms: [GradeAll].
//   - Why: [Result.Explain], [Explanation].
//   - Stored forms, a line of JSON each: [FormReader].
//   - Versions of a rubric: [Library]; what one changes from another: [Compare]; what a
//     new one makes of past forms: [Impact].
//   - What is true of every form: [Rubric.Analyse]. What is still open, and what it can
//     lead to: [Form.Questions], [Form.WithLine]; the way to a grade: [Form.RouteTo].
//
// # How a grade comes about
//
// Each section's rules are read in order, and the first that applies suggests
// the section's grade. The rules of the file as a whole read a person's
// judgement of a section where there is one, as far as the section's limits leave
// it, else the suggestion. A limit that applies leaves no grade above it, whatever the
// rules suggest and whoever judges: "Children's files that do not evidence the 'bottom lines' should be
// graded as inadequate" (QA framework, The Collaborative Audit Process).
//
// What is not answered is neither yes nor no. A suggestion or limit that an open
// answer could still change is undetermined, and says so.
//
// # How it is fast
//
// The lines of a complete form are kept as bits, and a rubric's conditions are
// compiled to masks over them: grading a complete form takes some tens of
// nanoseconds and allocates nothing. What an incomplete form can still become is
// visited whole, in a diagram of the rubric that is made once (docs/adr/0011-visit.md).
//
// # What it promises
//
// The package is pure: no clock, no randomness, no I/O, no state but what it
// works out once. It does not panic on any input, nor do methods of zero
// values. A [Rubric] and a [Form] never
// change and may be used by many goroutines at once; a [Result] belongs to one
// goroutine while it is graded into, and a [FormReader] with the form that it fills
// again and again. Every limit on a file is a constant named Max….
//
// # Backwards compatibility
//
// A rubric that this version reads, later versions read to the same grades:
// audits are pinned to the digest of its canonical form, see [Rubric.Canonical].
package rubric
