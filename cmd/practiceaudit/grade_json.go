package main

import "github.com/practiceaudit/practiceaudit/rubric"

type gradedJSON struct {
	Rubric            about          `json:"rubric"`
	Complete          bool           `json:"complete"`
	Sections          []sectionJSON  `json:"sections"`
	Overall           outcomeJSON    `json:"overall"`
	Unproved          string         `json:"unproved,omitempty"` // why there may be fewer possible grades than it says
	BottomLinesMissed []lineJSON     `json:"bottom_lines_missed"`
	Questions         []questionJSON `json:"questions"`
}

type sectionJSON struct {
	Section     string       `json:"section"`
	Applies     bool         `json:"applies"`
	MayNotApply bool         `json:"may_not_apply,omitempty"`
	Judgement   rubric.Grade `json:"judgement,omitempty"`
	Unanswered  []string     `json:"unanswered,omitempty"`
	outcomeJSON
}

type outcomeJSON struct {
	Suggested  rubric.Grade   `json:"suggested,omitempty"`
	Determined bool           `json:"determined"`
	Freely     bool           `json:"judged_freely,omitempty"`
	Possible   []rubric.Grade `json:"possible,omitempty"`
	Limits     []limitJSON    `json:"limits,omitempty"`
}

type limitJSON struct {
	Name       string       `json:"name,omitempty"`
	AtMost     rubric.Grade `json:"at_most"`
	Applies    bool         `json:"applies"`
	Determined bool         `json:"determined"`
	Because    string       `json:"because,omitempty"`
	Source     string       `json:"source"`
}

type lineJSON struct {
	Section string `json:"section,omitempty"`
	Line    string `json:"line,omitempty"`
	Text    string `json:"text"`
}

type questionJSON struct {
	Section string   `json:"section,omitempty"`
	Line    string   `json:"line,omitempty"`
	Facts   []string `json:"facts,omitempty"`
	Service bool     `json:"service,omitempty"`
	Ask     []string `json:"ask"`
	AtLeast int      `json:"at_least"`
	AtMost  int      `json:"at_most"`
	Narrows bool     `json:"narrows"`
}

// json is the answer for another program.
func (x graded) json() gradedJSON {
	file := x.result.Overall()
	out := gradedJSON{
		Rubric: aboutOf(x.rubric), Complete: x.result.Complete(), Unproved: x.result.Unproved(), Overall: outcomeOf(file.Suggestion, file.Limits),
		BottomLinesMissed: []lineJSON{}, Questions: []questionJSON{},
	}
	for _, s := range x.result.Sections() {
		out.Sections = append(out.Sections, sectionJSON{s.Section, s.Applies, s.MayNotApply, s.Judgement, s.Unanswered, outcomeOf(s.Suggestion, s.Limits)})
	}
	for _, ref := range x.result.BottomLinesMissed() {
		out.BottomLinesMissed = append(out.BottomLinesMissed, lineJSON(ref))
	}
	for _, q := range x.form.Questions() {
		out.Questions = append(out.Questions, questionJSON{q.Section, q.Line, q.Facts, q.Service, q.Ask, q.AtLeast, q.AtMost, q.Narrows})
	}
	return out
}

func outcomeOf(s rubric.Suggestion, limits []rubric.Limit) outcomeJSON {
	out := outcomeJSON{Suggested: s.Grade, Determined: s.Determined, Freely: s.None, Possible: s.Possible}
	for _, l := range limits {
		out.Limits = append(out.Limits, limitJSON{l.Name, l.AtMost, l.Applies, l.Determined, l.Because, l.Source})
	}
	return out
}
