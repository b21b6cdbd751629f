package main

import (
	"encoding/json"

	"github.com/practiceaudit/practiceaudit/rubric"
)

// printJSON writes a command's answer for another program.
func (t *tool) printJSON(answer any) error {
	e := json.NewEncoder(t.out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(answer)
}

// place is where something stands in a file.
type place struct {
	File   string `json:"file"`
	Line   int    `json:"line,omitempty"`
	Column int    `json:"column,omitempty"`
}

// mistake is a rubric.Mistake in JSON.
type mistake struct {
	place
	Message string `json:"message"`
	Text    string `json:"text,omitempty"` // the line of the file
}

func placeOf(m rubric.Mistake) place { return place{m.File, m.Line, m.Column} }

func mistakes(ms rubric.Mistakes) []mistake {
	out := make([]mistake, len(ms))
	for i, m := range ms {
		out[i] = mistake{placeOf(m), m.Message, m.Text}
	}
	return out
}

// about says which rubric an answer is about.
type about struct {
	ID      string `json:"id"`
	Version string `json:"version"`
	Digest  string `json:"digest"`
	Title   string `json:"title"`
}

func aboutOf(r *rubric.Rubric) about {
	ref := r.Ref()
	return about{ref.ID, ref.Version, ref.Digest, r.Title()}
}
