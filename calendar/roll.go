package calendar

import "fmt"

// Roll says where a date goes that falls on a non-working day.
type Roll uint8

const (
	// NoRoll, the zero value, leaves the date where it falls.
	NoRoll Roll = iota
	// Following moves it to the next working day.
	Following
	// Preceding moves it to the working day before.
	Preceding
	// ModifiedFollowing moves it to the next working day, unless that is in
	// another month: then to the working day before.
	ModifiedFollowing
)

var rollNames = [...]string{
	NoRoll:            "none",
	Following:         "following",
	Preceding:         "preceding",
	ModifiedFollowing: "modified following",
}

// String returns the word a policy file uses: "none", "following",
// "preceding" or "modified following".
func (r Roll) String() string {
	if int(r) >= len(rollNames) {
		return fmt.Sprintf("Roll(%d)", uint8(r))
	}
	return rollNames[r]
}

// MarshalText returns the word of String. A value that is none of the
// constants is a *RollError.
func (r Roll) MarshalText() ([]byte, error) {
	if err := r.check(); err != nil {
		return nil, err
	}
	return []byte(r.String()), nil
}

// UnmarshalText reads the word of String; empty text is NoRoll. Anything else
// is a *RollError.
func (r *Roll) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*r = NoRoll
		return nil
	}
	for roll, name := range rollNames {
		if string(text) == name {
			*r = Roll(roll)
			return nil
		}
	}
	return &RollError{Text: shorten(string(text))}
}

func (r Roll) check() error {
	if int(r) >= len(rollNames) {
		return &RollError{Text: r.String()}
	}
	return nil
}

// RollError reports a word that is no Roll.
type RollError struct {
	Text string // what was given, shortened when very long
}

// Error returns what was wrong and what would be right.
func (e *RollError) Error() string {
	return fmt.Sprintf("%q is no way to move a date off a non-working day; write none, following, preceding or modified following", e.Text)
}
