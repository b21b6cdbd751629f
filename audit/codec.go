package audit

import (
	"encoding/json"
	"fmt"
)

// DecodeEvent reads an event as it is stored. ok is false if the type is not
// one of this package's.
func DecodeEvent(eventType string, data []byte) (e Event, ok bool, err error) {
	switch eventType {
	case TypeSelected:
		e, err = decode[Selected](data)
	case TypePlanned:
		e, err = decode[Planned](data)
	case TypeStarted:
		e, err = decode[Started](data)
	case TypeReflected:
		e, err = decode[Reflected](data)
	case TypeMet:
		e, err = decode[Met](data)
	case TypeAnswered:
		e, err = decode[Answered](data)
	case TypeJudged:
		e, err = decode[Judged](data)
	case TypeFeedbackRecorded:
		e, err = decode[FeedbackRecorded](data)
	case TypeActionAdded:
		e, err = decode[ActionAdded](data)
	case TypeFinalised:
		e, err = decode[Finalised](data)
	default:
		return nil, false, nil
	}
	if err != nil {
		return nil, true, fmt.Errorf("stored event %s cannot be read: %w", eventType, err)
	}
	return e, true, nil
}

func decode[E Event](data []byte) (Event, error) {
	var e E
	err := json.Unmarshal(data, &e)
	return e, err
}
