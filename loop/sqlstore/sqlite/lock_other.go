//go:build !(darwin || dragonfly || freebsd || illumos || linux || netbsd || openbsd || windows)

package sqlite

import (
	"errors"
	"os"
)

// lock refuses where there is no lock that a dying process gives back: two
// processes on one file would break the promise of the feed.
func lock(*os.File) error { return errors.ErrUnsupported }
