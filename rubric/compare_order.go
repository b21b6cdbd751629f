package rubric

import (
	"fmt"
	"slices"
)

// What two versions hold is paired up by what makes it the same; what stands in
// another order is then as little as can be, so that a rule that is put first does
// not make every other a moved one.

// pair is the places of one thing in the old and the new version; -1 in the one that
// lacks it.
type pair struct {
	old, new int
	moved    bool
}

// places tells of a pair that moved.
func (p pair) places(at string) Difference {
	return Difference{Kind: Moved, At: at, Old: fmt.Sprint(p.old + 1), New: fmt.Sprint(p.new + 1)}
}

// after says after what a thing comes, and came, among the names of its kind.
func (p pair) after(old, new []string) string {
	place := func(names []string, i int) string {
		if i == 0 {
			return "first"
		}
		return "after " + said(names[i-1])
	}
	return place(new, p.new) + " now; it came " + place(old, p.old)
}

// sameNames finds for each new name the old one that it is, or -1. What stands twice
// is paired in order.
func sameNames(old, new []string) []int {
	places := map[string][]int{}
	for i, name := range old {
		places[name] = append(places[name], i)
	}
	from := make([]int, len(new))
	for j, name := range new {
		from[j] = -1
		if at := places[name]; len(at) > 0 {
			from[j], places[name] = at[0], at[1:]
		}
	}
	return from
}

// pairs puts what is there in the order of the new version, what is gone where it
// stood. from says which of the olds each new one is, or -1.
func pairs(from []int, olds int) []pair {
	stays := unmoved(from)
	into := make([]int, olds) // the new place of what stays; gone and elsewhere for the rest
	const gone, elsewhere = -1, -2
	for i := range into {
		into[i] = gone
	}
	for j, i := range from {
		if i >= 0 && stays[j] {
			into[i] = j
		} else if i >= 0 {
			into[i] = elsewhere
		}
	}
	var out []pair
	missing := func(i int) {
		for ; i < olds && into[i] < 0; i++ {
			if into[i] == gone {
				out = append(out, pair{old: i, new: -1})
			}
		}
	}
	missing(0)
	for j, i := range from {
		out = append(out, pair{old: i, new: j, moved: i >= 0 && !stays[j]})
		if i >= 0 && stays[j] {
			missing(i + 1)
		}
	}
	return out
}

// unmoved marks the longest part of a list of places, but for -1, that is in order.
func unmoved(from []int) []bool {
	length, next := make([]int, len(from)), make([]int, len(from))
	first := -1
	for j := len(from) - 1; j >= 0; j-- {
		if next[j] = -1; from[j] < 0 {
			continue
		}
		for k := j + 1; k < len(from); k++ {
			if from[k] > from[j] && length[k] > length[j] {
				length[j], next[j] = length[k], k
			}
		}
		if length[j]++; first < 0 || length[j] >= length[first] {
			first = j
		}
	}
	marks := make([]bool, len(from))
	for j := first; j >= 0; j = next[j] {
		marks[j] = true
	}
	return marks
}

// sameSet reports whether two lists hold the same, in any order.
func sameSet(a, b []string) bool { return slices.Equal(sortedCopy(a), sortedCopy(b)) }

func sortedCopy(a []string) []string { return slices.Sorted(slices.Values(a)) }
