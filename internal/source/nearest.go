package source

// Nearest returns the word of from that word was most likely meant to be, or ""
// when none is near. Of several equally near, the first is returned.
func Nearest(word string, from []string) string {
	best, bestDistance := "", 1+allowance(word)
	for _, candidate := range from {
		if candidate == word {
			continue
		}
		if d := distance(word, candidate, bestDistance); d < bestDistance {
			best, bestDistance = candidate, d
		}
	}
	return best
}

// allowance is how many slips of the pen a word of that length may hold and
// still be recognised.
func allowance(word string) int {
	switch n := len([]rune(word)); {
	case n <= 4:
		return 1
	case n <= 5:
		return 2
	default:
		return min(n/3+1, 5)
	}
}

// distance is the number of letters to add, drop, change or swap with a
// neighbour to turn a into b, upper and lower case being the same letter. It
// stops counting at limit.
func distance(a, b string, limit int) int {
	x, y := []rune(fold(a)), []rune(fold(b))
	if d := len(x) - len(y); d >= limit || -d >= limit {
		return limit
	}
	before, last, now := make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(x); i++ {
		now[0] = i
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			now[j] = min(last[j]+1, now[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				now[j] = min(now[j], before[j-2]+1)
			}
		}
		before, last, now = last, now, before
	}
	return min(last[len(y)], limit)
}

// fold makes upper and lower case, spaces, hyphens and underscores alike, so
// that "Not Evidenced" is near "not_evidenced".
func fold(s string) string {
	out := make([]rune, 0, len(s))
	for _, r := range s {
		switch {
		case r == ' ' || r == '-':
			r = '_'
		case 'A' <= r && r <= 'Z':
			r += 'a' - 'A'
		}
		out = append(out, r)
	}
	return string(out)
}
