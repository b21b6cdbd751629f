package source_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/practiceaudit/practiceaudit/internal/source"
)

func TestNearestKnowsASlipOfThePen(t *testing.T) {
	grades := []string{"inadequate", "requires_improvement", "good", "outstanding"}
	for _, tc := range []struct {
		word string
		from []string
		want string
	}{
		{"inadequat", grades, "inadequate"},
		{"Inadequate", grades, "inadequate"},
		{"indaequate", grades, "inadequate"},
		{"Requires Improvement", grades, "requires_improvement"},
		{"requires-improvement", grades, "requires_improvement"},
		{"requires improvment", grades, "requires_improvement"},
		{"god", grades, "good"},
		{"goood", grades, "good"},
		{"ouststanding", grades, "outstanding"},
		{"excellent", grades, ""},
		{"", grades, ""},
		{"good", nil, ""},
		{"good", []string{"good"}, ""}, // the word itself was not what was meant
		{"at", []string{"to", "it", "as"}, "it"},
		{"ab", []string{"ba"}, "ba"},
		{"zoé", []string{"zoë"}, "zoë"},
		{"\xff\xfe", grades, ""},
		{strings.Repeat("a", 10_000), grades, ""},
	} {
		if got := source.Nearest(tc.word, tc.from); got != tc.want {
			t.Errorf("Nearest(%.30q) = %q, want %q", tc.word, got, tc.want)
		}
	}
}

// slips counts the letters to add, drop, change or swap, by trying everything.
func slips(a, b []rune) int {
	if len(a) == 0 || len(b) == 0 {
		return len(a) + len(b)
	}
	best := 1 + min(slips(a[1:], b), slips(a, b[1:]), slips(a[1:], b[1:]))
	if a[0] == b[0] {
		best = min(best, slips(a[1:], b[1:]))
	}
	if len(a) > 1 && len(b) > 1 && a[0] == b[1] && a[1] == b[0] {
		best = min(best, 1+slips(a[2:], b[2:]))
	}
	return best
}

func TestNearestIsTheFirstOfTheFewestSlipsThatItsLengthAllows(t *testing.T) {
	word := rapid.StringOfN(rapid.RuneFrom([]rune("abcé_")), 0, 7, -1)
	allowed := func(n int) int {
		switch {
		case n <= 4:
			return 1
		case n <= 5:
			return 2
		}
		return min(n/3+1, 5)
	}
	rapid.Check(t, func(t *rapid.T) {
		w, from := word.Draw(t, "word"), rapid.SliceOfN(word, 0, 5).Draw(t, "from")
		want, fewest := "", allowed(len([]rune(w)))+1
		for _, candidate := range from {
			if n := slips([]rune(w), []rune(candidate)); candidate != w && n < fewest {
				want, fewest = candidate, n
			}
		}
		if got := source.Nearest(w, from); got != want {
			t.Fatalf("Nearest(%q, %q) = %q, want %q", w, from, got, want)
		}
	})
}
