package calendar

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// The real rules never meet on a day. These do: few days, few names, and changes
// that move a holiday to a day from which another is moved.
func TestLawShufflingTheRulesChangesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.SampledFrom([]nation{englandAndWalesNation, scotlandNation, northernIrelandNation}).Draw(t, "nation")
		if rapid.IntRange(0, 3).Draw(t, "made up") > 0 {
			n = collidingNation(t)
		}
		want := buildNation(n)
		n.rules = rapid.Permutation(n.rules).Draw(t, "rules")
		n.changes = rapid.Permutation(n.changes).Draw(t, "changes")
		if got := buildNation(n); got.Edition() != want.Edition() {
			t.Fatalf("%s, shuffled %s", firstLines(want), firstLines(got))
		}
	})
}

func collidingNation(t *rapid.T) nation {
	days := rapid.IntRange(4, 9)
	name := rapid.SampledFrom([]string{"a", "b", "c"})
	kind := rapid.SampledFrom([]substitution{0, mondayInstead, mondayForSunday})
	n := nation{name: "made-up"}
	for range rapid.IntRange(2, 4).Draw(t, "rules") {
		day := on(time.May, days.Draw(t, "day"))
		n.rules = append(n.rules, rule{name: name.Draw(t, "name"), from: 2026, until: 2027, day: day, kind: kind.Draw(t, "kind")})
	}
	for range rapid.IntRange(0, 3).Draw(t, "changes") {
		c := change{date: civil(2026, time.May, days.Draw(t, "to")), name: name.Draw(t, "name")}
		if rapid.Bool().Draw(t, "moved") {
			c.not = civil(2026, time.May, days.Draw(t, "from"))
		}
		n.changes = append(n.changes, c)
	}
	return n
}

func firstLines(c *Calendar) string {
	text := string(c.Canonical())
	return text[:min(len(text), 300)]
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
