package rubric

import (
	"fmt"
	"strings"
)

// Answer is what a person says about a line.
type Answer string

// The answers. A line in a list of strengths is Evidenced, Partly, NotEvidenced
// or NotApplicable; every other line is a statement about the file, Seen or
// NotSeen. Partly is also accepted for such a statement and counts as seen.
const (
	Evidenced     Answer = "evidenced"
	Partly        Answer = "partly"
	NotEvidenced  Answer = "not_evidenced"
	NotApplicable Answer = "not_applicable"
	Seen          Answer = "seen"
	NotSeen       Answer = "not_seen"
)

// Answers is what an audit keeps: plain data, complete or not. Rubric.Form
// checks it.
type Answers struct {
	// Service is the service that holds the case, and Status all that holds for
	// the child: ids that the rubric tells apart, if it tells any apart. While the
	// service is not known, whether a section that applies by services is part of
	// the audit is not determined. No status means that none of them holds.
	Service string   `json:"service,omitempty"`
	Status  []string `json:"status,omitempty"`

	// Facts are as written: "2026-03-02T09:00" (London time), "2026-03-02",
	// "10 working days", "12", "yes", "given". An absent or empty fact is not
	// yet known.
	Facts map[string]string `json:"facts,omitempty"`

	// Lines holds section → line → answer. An absent or empty answer is not
	// yet given.
	Lines map[string]map[string]Answer `json:"lines,omitempty"`

	// MissedBottomLines are bottom lines from elsewhere that the auditor found
	// missed: they limit the grade as the rubric's own do.
	MissedBottomLines []MissedBottomLine `json:"missed_bottom_lines,omitempty"`

	// Judgements holds section → the grade a person gave it. The rules for the
	// whole file read a judgement where there is one, else the suggestion.
	Judgements map[string]Grade `json:"judgements,omitempty"`

	// Carried are missed bottom lines about a fixed past that an earlier audit
	// judged: they are excepted here, not judged again. No other line can be.
	Carried []LineRef `json:"carried,omitempty"`
}

// MissedBottomLine is a bottom line that the rubric does not hold and an
// auditor found missed.
type MissedBottomLine struct {
	Section string `json:"section,omitempty"` // "" for the whole file
	Text    string `json:"text"`
	Source  string `json:"source,omitempty"` // where that bottom line is written
}

// AnswerError is one mistake in an audit's answers, and where it is.
type AnswerError struct {
	Section string
	Line    string
	Fact    string
	Field   string // "service", "status", "carried" or "missed_bottom_lines", if it is about one of those
	Item    string // the wrong service or status
	Key     bool   // the name is wrong, not the answer
	Message string // plain English, lower case
	Did     string // what was probably meant, or ""
}

func (e AnswerError) Error() string {
	where := e.Field
	if e.Fact != "" {
		where = e.Fact
	}
	if e.Section != "" {
		where = strings.TrimSuffix(e.Section+"."+e.Line, ".")
	}
	text := where + ": " + e.Message
	if e.Did != "" {
		text += fmt.Sprintf("; did you mean %q?", e.Did)
	}
	return text
}

// AnswerErrors are all mistakes in an audit's answers.
type AnswerErrors struct{ Errors []AnswerError }

func (e *AnswerErrors) Error() string {
	lines := make([]string, len(e.Errors))
	for i, one := range e.Errors {
		lines[i] = one.Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap returns the mistakes one by one.
func (e *AnswerErrors) Unwrap() []error {
	errs := make([]error, len(e.Errors))
	for i, one := range e.Errors {
		errs[i] = one
	}
	return errs
}
