package main

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/loop"
	"github.com/practiceaudit/practiceaudit/loop/report"
	"github.com/practiceaudit/practiceaudit/rubric"
)

// page is what is written: text for a person as it happens, or one JSON
// document at the end.
type page struct {
	out    io.Writer
	json   bool
	colour bool
	err    error
	doc    document
}

// document is the page for machines.
type document struct {
	Case        audit.CaseNumber    `json:"case"`
	Notes       []string            `json:"notes"`
	Caseload    []candidate         `json:"caseload"`
	Grade       *rubric.Explanation `json:"grade"`
	LaterGrades []laterGradeRow     `json:"later_grades"`
	Steps       []stepRow           `json:"steps"`
	Notices     []noticeRow         `json:"notices"`
	Deadlines   []deadlineRow       `json:"deadlines"`
	Tracker     []report.Tracked    `json:"tracker"`
	FollowUps   []followUpRow       `json:"follow_ups"`
	DipSamples  []loop.DipSampled   `json:"dip_samples"`
	Summary     summary             `json:"summary"`
}

type candidate struct {
	Case     audit.CaseNumber `json:"case"`
	Team     string           `json:"team"`
	OpenedOn calendar.Date    `json:"opened_on"`
	From     calendar.Date    `json:"eligible_from"`
	Eligible bool             `json:"eligible"`
	Chosen   bool             `json:"chosen"`
	Why      string           `json:"why,omitempty"`
}

type stepRow struct {
	At string         `json:"at"`
	By audit.PersonID `json:"by"`
	Of string         `json:"of"`
	Do string         `json:"do"`
}

type laterGradeRow struct {
	By          string                 `json:"by"`
	Rationale   audit.FreeText         `json:"rationale"`
	Explanation rubric.PartExplanation `json:"explanation"`
}

type noticeRow struct {
	ID       loop.NoticeID    `json:"id"`
	Stream   loop.StreamID    `json:"stream"`
	Topic    string           `json:"topic"`
	To       loop.Recipient   `json:"to"`
	Why      string           `json:"why"`
	Case     audit.CaseNumber `json:"case"`
	Critical bool             `json:"critical"`
	Subject  string           `json:"subject"`
	Body     string           `json:"body"`
	At       time.Time        `json:"at"`
	Earlier  bool             `json:"earlier"` // told on an earlier run
}

type deadlineRow struct {
	Audit    string            `json:"audit"`
	What     string            `json:"what"`
	Deadline calendar.Deadline `json:"deadline"`
	Working  string            `json:"working"`
}

type followUpRow struct {
	Of     string               `json:"of"`
	Plan   loop.FollowUpPlanned `json:"plan"`
	Status string               `json:"status"`
}

type summary struct {
	Events     int `json:"events"`
	NewEvents  int `json:"new_events"`
	NewNotices int `json:"new_notices"`
}

// newPage writes colour only on a terminal that wants it.
func newPage(out io.Writer, asJSON bool) *page {
	p := &page{out: out, json: asJSON, doc: document{
		Notes: []string{}, Caseload: []candidate{}, Steps: []stepRow{}, Notices: []noticeRow{},
		Deadlines: []deadlineRow{}, Tracker: []report.Tracked{}, FollowUps: []followUpRow{},
		LaterGrades: []laterGradeRow{}, DipSamples: []loop.DipSampled{},
	}}
	if f, ok := out.(*os.File); ok && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb" {
		info, err := f.Stat()
		p.colour = err == nil && info.Mode()&os.ModeCharDevice != 0
	}
	return p
}

func (p *page) printf(format string, args ...any) {
	if p.json || p.err != nil {
		return
	}
	_, p.err = fmt.Fprintf(p.out, format, args...)
}

const (
	bold = "\x1b[1m"
	red  = "\x1b[31m"
)

func (p *page) in(colour, text string) string {
	if !p.colour {
		return text
	}
	return colour + text + "\x1b[0m"
}

func (p *page) heading(name, format string, args ...any) {
	p.printf("\n%s  %s\n\n", p.in(bold, name), fmt.Sprintf(format, args...))
}

func (p *page) line(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	p.doc.Notes = append(p.doc.Notes, text)
	p.printf("  %s\n", text)
}

func (p *page) candidate(c candidate) {
	p.doc.Caseload = append(p.doc.Caseload, c)
	status := "eligible since " + c.From.Short()
	if !c.Eligible {
		status = c.Why + ": from " + c.From.Short()
	}
	if c.Chosen {
		status = p.in(bold, status+", chosen")
	}
	p.printf("  %-10s %-14s opened %s  %s\n", c.Case, c.Team, c.OpenedOn, status)
}

func (p *page) explanation(e rubric.Explanation) {
	p.doc.Grade = &e
	p.printf("%s\n", e.Text())
}

// laterGrade says how a grade of a whole file came about, and the words of who
// gave it.
func (p *page) laterGrade(x rubric.PartExplanation, by string, rationale audit.FreeText) {
	if len(p.doc.LaterGrades) > 0 {
		p.printf("\n")
	}
	p.doc.LaterGrades = append(p.doc.LaterGrades, laterGradeRow{by, rationale, x})
	text := strings.TrimSpace(rubric.Explanation{Overall: x}.Text())
	p.printf("%s\n  In the words of %s: %s\n", text, by, rationale)
}

func (p *page) step(s step, does string) {
	row := stepRow{At: london(s.At), By: s.By, Of: title(s.Of), Do: does}
	p.doc.Steps = append(p.doc.Steps, row)
	if slices.Contains(p.doc.Steps[:len(p.doc.Steps)-1], row) {
		return // one of several judgements, actions …
	}
	p.printf("  %s  %-10s %s: %s\n", row.At, row.By, row.Of, row.Do)
}

// each lists steps that are not taken, those that read alike once.
func (p *page) each(why string, steps []step) {
	said := map[string]bool{}
	for _, s := range steps {
		text := fmt.Sprintf("%s  %-10s %s: %s", london(s.At), s.By, title(s.Of), plainly(s))
		if said[text] {
			continue
		}
		if len(said) == 0 {
			p.printf("  %s:\n", why)
		}
		said[text] = true
		p.doc.Notes = append(p.doc.Notes, why+": "+text)
		p.printf("      %s\n", text)
	}
}

// notice is one of this run, or was told on an earlier one.
func (p *page) notice(n loop.Notice, earlier bool) {
	p.doc.Notices = append(p.doc.Notices, noticeRow{
		ID: n.ID, Stream: n.Stream, Topic: n.Topic, To: n.To, Why: n.Why, Case: n.Case, Critical: n.Critical,
		Subject: n.Subject, Body: n.Body, At: n.At, Earlier: earlier,
	})
	to, why := n.To.Role.Title(), n.Why
	if n.To.Person != "" {
		to = string(n.To.Person)
	}
	if earlier {
		why += "; told earlier"
	}
	subject := n.Subject
	if n.Critical {
		subject = p.in(red, subject)
	}
	p.printf("  %s    → %-10s %s (%s)\n", london(n.At), to, subject, why)
}

func (p *page) deadline(of, what string, d calendar.Deadline) {
	p.deadlineAs(of, what, d, d.Working())
}

func (p *page) deadlineAs(of, what string, d calendar.Deadline, working string) {
	if d.IsZero() {
		return
	}
	row := deadlineRow{Audit: of, What: what, Deadline: d, Working: working}
	p.doc.Deadlines = append(p.doc.Deadlines, row)
	p.printf("  %s, %s: %s\n      %s\n", of, what, p.in(bold, d.Due.Short()), row.Working)
}

func (p *page) tracked(t report.Tracked) {
	p.doc.Tracker = append(p.doc.Tracker, t)
	status := string(t.Status)
	if t.CompletedBy != "" {
		status += fmt.Sprintf(": completed by %s on %s", t.CompletedBy, t.CompletedOn.Short())
	}
	if t.ConfirmedBy != "" {
		status += fmt.Sprintf(", confirmed by %s on %s", t.ConfirmedBy, t.ConfirmedOn.Short())
	}
	if t.Overdue > 0 {
		status += fmt.Sprintf(", %d working days late", t.Overdue)
	}
	p.printf("  %-3s %-10s %s due %s\n      %s\n      %s\n", t.Action, t.Stage, t.Owner, t.Due.Short(), t.Text, status)
}

func (p *page) followUp(of string, f loop.FollowUpPlanned, status string) {
	p.doc.FollowUps = append(p.doc.FollowUps, followUpRow{of, f, status})
	p.printf("  The %s of the %s starts on %s: %s.\n", followUpTitle(f), of, f.Start.Due.Long(), status)
}

// sampled says what a dip sample found.
func (p *page) sampled(s loop.DipSampled) {
	p.doc.DipSamples = append(p.doc.DipSamples, s)
	var found []string
	for _, action := range slices.Sorted(maps.Keys(s.Held)) {
		found = append(found, action+" "+heldTitle[s.Held[action]])
	}
	p.printf("  The dip sample of %s found: %s.\n      %s\n", s.By, strings.Join(found, ", "), s.Impact)
	if s.GoodPractice != "" {
		p.printf("      Good practice: %s\n", s.GoodPractice)
	}
}

var heldTitle = map[loop.Held]string{loop.HeldYes: "held", loop.HeldPartly: "held in part", loop.HeldNo: "did not hold"}

func (p *page) summary(s summary) {
	p.doc.Summary = s
	p.printf("\n  %d events stored; new in this run: %d events, %d notices.\n", s.Events, s.NewEvents, s.NewNotices)
	p.printf("  The rubric suggests and limits; the judgements are people's.\n")
}

// end writes the JSON document and returns the first error of writing.
func (p *page) end() error {
	if p.json {
		e := json.NewEncoder(p.out)
		e.SetIndent("", "  ")
		e.SetEscapeHTML(false)
		return e.Encode(p.doc)
	}
	return p.err
}
