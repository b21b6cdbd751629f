// Package frameworks holds two rubrics and a process policy that have nothing of
// Halton's in them, as files to start from: scores from 0 to 10 with a quota, CQC's
// ratings from percentages, and a process of three stages with an audit before every
// closure. README.md says what each shows, where it comes from, and what in it is a
// reading of ours.
//
//	r, err := rubric.Parse(frameworks.QualityRatingsFile, frameworks.QualityRatings())
//	if err != nil {
//		return err // every mistake, with its line and column
//	}
package frameworks

import _ "embed"

// Names of the files, for messages that give a file, line and column.
const (
	NumericScaleFile   = "numeric-scale.yaml"
	QualityRatingsFile = "quality-ratings.yaml"
	ThreeStagesFile    = "three-stages.yaml"
)

//go:embed numeric-scale.yaml
var numericScale string

//go:embed quality-ratings.yaml
var qualityRatings string

//go:embed three-stages.yaml
var threeStages string

// NumericScale returns the rubric of a practice audit in which people score each
// section from 0 to 10, as the file stands. Each call returns a fresh copy, the
// caller's to change.
func NumericScale() []byte { return []byte(numericScale) }

// QualityRatings returns the rubric of CQC's ratings by key question, as the file
// stands. Each call returns a fresh copy, the caller's to change.
func QualityRatings() []byte { return []byte(qualityRatings) }

// ThreeStages returns the process policy of three stages, as the file stands. Each
// call returns a fresh copy, the caller's to change.
func ThreeStages() []byte { return []byte(threeStages) }
