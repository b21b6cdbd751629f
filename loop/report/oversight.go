package report

import (
	"time"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/loop"
)

// Note is a Management oversight note: direction that an audit or its moderation gave
// for the case, as an app writes it into the case system (QA framework: "Case
// direction resulting from audit and tasks are recorded as Management oversight
// notes").
type Note struct {
	Reference string           `json:"reference"` // the audit's, with the action's id: the same for ever, so that each note is written once
	Case      audit.CaseNumber `json:"case"`
	Stage     loop.Stage       `json:"stage"`
	By        audit.PersonID   `json:"by"` // who finalised the stage
	At        time.Time        `json:"at"` // when
	Direction audit.FreeText   `json:"direction"`
	Owner     audit.PersonID   `json:"owner"`
	Due       calendar.Date    `json:"due"` // as it is now: a later date may have been agreed since

	AgreedWith    audit.PersonID `json:"agreed_with,omitempty"` // of that date
	AgreedBecause audit.FreeText `json:"agreed_because,omitempty"`
}

// OversightNotes returns the notes of an audit: every action of either stage that is
// case direction, from the moment at which the stage is finalised, in the order in
// which they were asked for.
func OversightNotes(s loop.State) []Note {
	var notes []Note
	for _, t := range s.Tracker {
		if !t.CaseDirection {
			continue
		}
		n := Note{
			Reference: string(s.Stream) + "/" + t.ID, Case: s.Audit.Case.Number, Stage: t.Stage,
			Direction: t.Text, Owner: t.Owner, Due: t.Due.Due,
			AgreedWith: t.AgreedWith, AgreedBecause: t.AgreedBecause,
		}
		switch f, m := s.Audit.Final, s.Moderation.Final; {
		case t.Stage == loop.StageAudit && f != nil:
			n.By, n.At = f.By, f.At
		case t.Stage == loop.StageModeration && m != nil:
			n.By, n.At = m.By, m.At
		}
		if t.Agreed != nil {
			n.AgreedWith, n.AgreedBecause = t.Agreed.With, t.Agreed.Because
		}
		notes = append(notes, n)
	}
	return notes
}
