package rubric

import "github.com/practiceaudit/practiceaudit/internal/source"

// Limits on a rubric file. They are far above what a person writes; a file above
// one of them is refused with a message that names it.
const (
	MaxSource         = source.MaxSource // bytes of the file
	MaxGrades         = 8
	MaxFacts          = 64
	MaxChoices        = 64 // of one fact
	MaxServices       = 64
	MaxStatuses       = 64
	MaxMissed         = 64 // bottom lines, in one form, that the rubric does not hold
	MaxName           = 64 // characters of a name, and of a version
	MaxSections       = 32
	MaxListsInSection = 16
	MaxLinesInSection = 128
	MaxRules          = 32   // limits, and as many suggestions, of one section
	MaxExamples       = 1000 // in one file
	MaxAccepted       = 1000 // explanations of findings, in one file
	MaxText           = 4000 // characters in one text
	MaxCondition      = 2000 // characters in one condition
	MaxBrackets       = 32   // brackets inside one another in a condition
	MaxNumber         = 1_000_000_000

	// MaxVisit is how many steps a visit of all forms may take: what grows with the
	// different counts that the rules of one section, and of the file, tell apart
	// together. A rubric above it is refused by [Parse]
	// and taken, unproved, by [ParseUnproved]. Halton's takes 18,000.
	MaxVisit = 3_000_000
)

// maxValue is what no number in a condition can exceed on any form, so that
// arithmetic is exact in 64 bits.
const maxValue = 1_000_000_000_000_000

// maxFormEntries is how many mistakes of one form are listed.
const maxFormEntries = 1000
