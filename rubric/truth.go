package rubric

import "math/bits"

// truth is the answer to a condition on a form that may be incomplete: no,
// undetermined, or yes, in this order. The rules are Kleene's: a condition that
// could still turn out either way is undetermined, never guessed. They are
// sound: a yes or no stays so, whatever the open answers turn out to be. They
// are not complete: "a or not a" is undetermined while a is.
type truth uint8

const (
	no truth = iota
	undetermined
	yes
)

func truthOf(b bool) truth {
	if b {
		return yes
	}
	return no
}

func (t truth) not() truth         { return yes - t }
func (t truth) and(u truth) truth  { return min(t, u) }
func (t truth) or(u truth) truth   { return max(t, u) }
func (t truth) determined() bool   { return t != undetermined }
func (t truth) is() bool           { return t == yes }
func between(can, must bool) truth { return truthOf(must) + b2t(can && !must) }

func b2t(b bool) truth {
	if b {
		return undetermined
	}
	return no
}

// outcomes is the set of what a line may still turn out to be. A line whose set
// has one member is settled.
type outcomes uint8

const (
	isNotApplicable outcomes = 1 << iota // not applicable, not needed, or its section does not apply
	isYes                                // evidenced or seen
	isPartly                             // partly evidenced
	isNo                                 // not evidenced or not seen

	isApplicable = isYes | isPartly | isNo
	isPresent    = isYes | isPartly // what counts as seen
)

func (o outcomes) settled() bool { return o != 0 && o&(o-1) == 0 }

// surely reports whether the line turns out in the set whatever happens;
// possibly, whether it still can.
func (o outcomes) surely(in outcomes) bool   { return o&^in == 0 }
func (o outcomes) possibly(in outcomes) bool { return o&in != 0 }

func (o outcomes) in(set outcomes) truth { return between(o.possibly(set), o.surely(set)) }

// ranks is the set of grades still possible, by their rank from the worst.
type ranks uint16

func (s ranks) has(rank int) bool { return s&(1<<rank) != 0 }
func (s ranks) settled() bool     { return s != 0 && s&(s-1) == 0 }

func (s ranks) count() int { return bits.OnesCount16(uint16(s)) }

// worst is the lowest rank in the set; 16 for the empty set.
func (s ranks) worst() int { return bits.TrailingZeros16(uint16(s)) }

// upTo is every grade no better than rank.
func upTo(rank int) ranks { return 1<<(rank+1) - 1 }

// under is what a judgement comes to under each limit of the set.
func (s ranks) under(judged ranks) ranks {
	below := s & (judged - 1)
	if below != s {
		below |= judged
	}
	return below
}

// cap moves every grade above the limit down to it.
func (s ranks) cap(limit int) ranks {
	if s&^upTo(limit) == 0 {
		return s
	}
	return s&upTo(limit) | 1<<limit
}
