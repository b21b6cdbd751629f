// Package halton holds Halton's own rules as bare files: the rubric of its deep
// dive audit and the process policy around it, both read from the Quality
// Assurance and Learning Framework of May 2023.
//
// It promises the files and nothing else. It reads none of them, so anyone may
// import it, and a council that wants to start from Halton's rules copies the
// files and edits the copy.
//
//	r, err := rubric.Parse(halton.DeepDiveFile, halton.DeepDive())
//	if err != nil {
//		return err // every mistake, with its line and column
//	}
//
// What is Halton's and what is our reading is said in the files themselves, line
// by line. The framework was to be reviewed in May 2024: ask Halton for the
// current one before relying on these.
//
// # Backwards compatibility
//
// A published file is never changed in a way that could change a grade: a new
// edition is a new file with a new constant, and the old one stays.
package halton

import _ "embed"

// Names of the files, for messages that give a file, line and column.
const (
	DeepDiveFile      = "deep-dive-2023-05.yaml"
	ProcessPolicyFile = "process-policy-2023-05.yaml"
)

//go:embed deep-dive-2023-05.yaml
var deepDive string

//go:embed process-policy-2023-05.yaml
var processPolicy string

// DeepDive returns the rubric of Halton's deep dive audit, May 2023, as the file
// stands. Each call returns a fresh copy, the caller's to change.
func DeepDive() []byte { return []byte(deepDive) }

// ProcessPolicy returns Halton's process policy, May 2023, as the file stands.
// Each call returns a fresh copy, the caller's to change.
func ProcessPolicy() []byte { return []byte(processPolicy) }
