package rubric

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
