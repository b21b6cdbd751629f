package rubric

// On a complete form every condition is plain yes or no, and most of what a
// condition asks is how many lines of a list count. So a complete form keeps its
// lines as bits, and the rules of a section, or of the file, are compiled to a
// plan: the different questions that they ask, each answered once, and a table
// from the answers to the outcome. An answer is a number no larger than the rules
// can tell apart: of a list of which they ask only "at least three", 3 is as good
// as 9. What bits cannot say (facts and arithmetic) is a question that walks the
// condition's tree. The whole is tested against the tree, and against a third
// reading of the language by expr's virtual machine.

// plan knows what follows from the answers to a part's questions.
type plan struct {
	steps   []planStep
	suggest int32    // where the rules that suggest begin
	limits  []int32  // where each limit begins
	table   []packed // by key; nil if there are too many answers for one
}

// planStep looks at one answer and goes on to another step or, as the complement
// of a number, to an outcome.
type planStep struct {
	question int
	at       uint8
	mask     uint64 // of the answer's bits
	lo, hi   uint64 // yes if the answer lies between, both included
	yes, no  int32
}

// Limits of a plan, in bits of a key. Beyond the first the steps are followed each
// time; beyond the second the conditions are walked.
const (
	maxTabled = 8
	maxKey    = 64
)

// outcome is what the answers lead to.
func (p *plan) outcome(key uint64, rs *rules, grades int) packed {
	out := part{applies: true, rule: int(p.follow(p.suggest, key))}
	most := grades - 1
	for i, at := range p.limits {
		if p.follow(at, key) == holdsSo {
			out.limits |= 1 << i
			most = min(most, rs.limits[i].atMost)
		}
	}
	out.most = 1 << most
	switch {
	case out.rule == len(rs.suggest):
		out.rule, out.free, out.possible = -1, yes, upTo(most)
	case rs.suggest[out.rule].grade == freely:
		out.free, out.possible = yes, upTo(most)
	default:
		out.possible = 1 << min(most, rs.suggest[out.rule].grade)
	}
	return out.pack()
}

func (p *plan) follow(at int32, key uint64) int32 {
	for at >= 0 {
		s := &p.steps[at]
		if answer := key >> s.at & s.mask; answer >= s.lo && answer <= s.hi {
			at = s.yes
		} else {
			at = s.no
		}
	}
	return ^at
}

// Outcomes of a limit's condition.
const (
	holdsNot = iota
	holdsSo
)
