package calendar

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestLawShufflingTheRulesChangesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.SampledFrom([]nation{englandAndWalesNation, scotlandNation, northernIrelandNation}).Draw(t, "nation")
		want := buildNation(n).Edition()
		n.rules = rapid.Permutation(n.rules).Draw(t, "rules")
		n.changes = rapid.Permutation(n.changes).Draw(t, "changes")
		if got := buildNation(n).Edition(); got != want {
			t.Fatalf("%s, shuffled %s", want, got)
		}
	})
}

// Calendar.Projected names the holidays near enough to be moved into its days.
func TestNoBankHolidayHasBeenMovedFurther(t *testing.T) {
	t.Parallel()
	farthest := 0
	for _, n := range []nation{englandAndWalesNation, scotlandNation, northernIrelandNation} {
		for _, c := range n.changes {
			farthest = max(farthest, c.not.DaysUntil(c.date), c.date.DaysUntil(c.not))
		}
	}
	if farthest != farthestMove {
		t.Errorf("one has been moved by %d days, and Projected looks %d days around", farthest, farthestMove)
	}
}

// A change that moves nothing is a slip: the holiday was not there.
func TestEveryChangeMovesAHolidayThatTheRulesHave(t *testing.T) {
	t.Parallel()
	for _, n := range []nation{englandAndWalesNation, scotlandNation, northernIrelandNation} {
		changes := n.changes
		n.changes = nil
		before := buildNation(n)
		for _, c := range changes {
			if _, had := before.Holiday(c.not); !had && !c.not.IsZero() && c.not.Year() != 2020 && c.not.Year() != 2022 { // rickar/cal leaves these out itself
				t.Errorf("%s: %q is moved from %s, where there is none", n.name, c.name, c.not)
			}
			if isWeekend(c.date) {
				t.Errorf("%s: %q is on %s", n.name, c.name, c.date.Long())
			}
		}
		if slices.ContainsFunc(n.rules, func(r rule) bool { return r.name == "" || r.day == nil }) {
			t.Errorf("%s has a rule without a name or a day", n.name)
		}
	}
}
