package audit

import (
	"encoding/json"

	"github.com/practiceaudit/practiceaudit/internal/stored"
)

// decoders read the events of this package, by their type.
var decoders = stored.Types[Event]{
	TypeSelected:         decode[Selected],
	TypePlanned:          decode[Planned],
	TypeStarted:          decode[Started],
	TypeReflected:        decode[Reflected],
	TypeMet:              decode[Met],
	TypeAnswered:         decode[Answered],
	TypeJudged:           decode[Judged],
	TypeFeedbackRecorded: decode[FeedbackRecorded],
	TypeActionAdded:      decode[ActionAdded],
	TypeFinalised:        decode[Finalised],
	TypeReassigned:       decode[Reassigned],
	TypeDeputyAppointed:  decode[DeputyAppointed],
	TypeExtended:         decode[Extended],
	TypeCorrected:        decode[Corrected],
	TypeCaseCorrected:    decode[CaseCorrected],
	TypeReopened:         decode[Reopened],
	TypeRestriction:      decode[Restriction],
	TypeHouseholdLinked:  decode[HouseholdLinked],
	TypeRenumbered:       decode[Renumbered],
	TypeSuggestionSeen:   decode[SuggestionSeen],
}

// DecodeEvent reads an event as it is stored. ok is false if the type is not
// one of this package's.
func DecodeEvent(eventType string, data []byte) (e Event, ok bool, err error) {
	return decoders.Read(eventType, data)
}

// decode reads an event of one type.
func decode[E Event](data []byte) (Event, error) {
	var e E
	err := json.Unmarshal(data, &e)
	return e, err
}
