package sqlite

import (
	"fmt"
	"time"
)

// layout is RFC 3339 with all nine decimals, so that text order is time order.
// It is exact for the years 0 to 9999, which is all that loop.Batch.Check
// lets in.
const layout = "2006-01-02T15:04:05.000000000Z"

func text(t time.Time) string { return t.UTC().Format(layout) }

// bound is text for a moment to compare with, which may lie beyond all that can
// be stored.
func bound(t time.Time) string {
	switch y := t.UTC().Year(); {
	case y < 0:
		return "" // before all
	case y > 9999:
		return "9999-12-31T23:59:59.999999999Z"
	}
	return text(t)
}

func parse(s string) (time.Time, error) {
	t, err := time.Parse(layout, s)
	if err != nil {
		return time.Time{}, fmt.Errorf("a stored time is damaged: %w", err)
	}
	return t, nil
}
