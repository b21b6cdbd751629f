package loop

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/practiceaudit/practiceaudit/audit"
)

// A worked example: suppose that a version had stored "loop.pause", with a reason
// where there is a ground now.
var example = map[string]upcaster{
	"loop.pause": func(data []byte) (string, []byte, error) {
		var was struct {
			By     audit.PersonID `json:"by"`
			Reason string         `json:"reason"`
		}
		if err := json.Unmarshal(data, &was); err != nil {
			return "", nil, err
		}
		now, err := json.Marshal(Suspended{By: was.By, Ground: SuspendGround(strings.ReplaceAll(was.Reason, " ", "_"))})
		return TypeSuspended, now, err
	},
	"loop.older_pause": func(data []byte) (string, []byte, error) { return "loop.pause", data, nil },
	"loop.circle":      func(data []byte) (string, []byte, error) { return "loop.circle", data, nil },
}

func TestWhatAnEarlierVersionStoredIsReadAsOfToday(t *testing.T) {
	for _, stored := range []string{"loop.pause", "loop.older_pause"} {
		got, err := decodeBy(example, stored, []byte(`{"by":"qa","reason":"legal hold"}`))
		if want := (Suspended{By: "qa", Ground: GroundLegalHold}); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s is read as %+v, %v, want %+v", stored, got, err, want)
		}
	}
	for _, stored := range []string{"loop.pause", "loop.circle"} {
		if e, err := decodeBy(example, stored, []byte(`[]`)); err == nil {
			t.Errorf("%s, broken, is read as %+v", stored, e)
		}
	}
	if e, err := decodeBy(example, "loop.new", []byte(`{}`)); err != nil || e.Type() != "loop.new" {
		t.Errorf("an event of a newer version is read as %+v, %v", e, err)
	}
}
