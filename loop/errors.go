package loop

import (
	"errors"
	"fmt"
)

var (
	// ErrCommandReused says that a command id was used before for another
	// command. Nothing was stored.
	ErrCommandReused = errors.New("this command id was used before for another command: give each command an id of its own")

	// ErrUnknownNotice says that a store holds no notice of that id.
	ErrUnknownNotice = errors.New("no such notice in this store")

	// ErrUnknownDocument says that a store holds no document of that digest.
	ErrUnknownDocument = errors.New("no such document in this store")

	// ErrNewerHistory says that a stream holds events of a newer version of
	// this library. It can be read; nothing can be decided on it, except an
	// immediate concern, an acknowledgement, and a rung of the ladder of what
	// nobody acknowledged. Upgrade first.
	ErrNewerHistory = errors.New("this audit holds events of a newer version of practiceaudit: upgrade before changing it")
)

// ConflictError says that a stream was not at the version a batch expected:
// somebody else's command came first. Load again and plan again.
type ConflictError struct {
	Stream   StreamID
	Expected Version
	Actual   Version
}

func (e *ConflictError) Error() string {
	return fmt.Sprintf("stream %s is at version %d, not at %d: another command came first; load it again", e.Stream, e.Actual, e.Expected)
}
