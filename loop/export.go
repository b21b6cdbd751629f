package loop

import (
	"encoding/json"
	"time"

	"github.com/practiceaudit/practiceaudit/audit"
)

// exported is a record as JSON; schemas/event.schema.json says what stands in it.
type exported struct {
	Stream   StreamID        `json:"stream"`
	Version  Version         `json:"version"`
	Position Position        `json:"position,omitempty"`
	Type     string          `json:"type"`
	At       time.Time       `json:"at"`
	Actor    audit.PersonID  `json:"actor"`
	Command  CommandID       `json:"command"`
	Digest   Digest          `json:"digest"`
	Data     json.RawMessage `json:"data"`
}

// MarshalJSON writes a record as schemas/event.schema.json describes it: for an
// export, say, that goes on for ever or to another store. What a newer version wrote,
// fields and types that this one does not know, is written as it was stored.
func (r Record) MarshalJSON() ([]byte, error) {
	return json.Marshal(exported{r.Stream, r.Version, r.Position, r.Type, r.At, r.Actor, r.Command, r.Digest, r.Data})
}

// UnmarshalJSON reads what [Record.MarshalJSON] wrote.
func (r *Record) UnmarshalJSON(data []byte) error {
	var e exported
	if err := json.Unmarshal(data, &e); err != nil {
		return err
	}
	*r = Record{e.Stream, e.Version, e.Position, e.Type, e.Data, e.At, e.Actor, e.Command, e.Digest}
	return nil
}
