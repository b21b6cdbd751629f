package rubric

// What a result comes to, part by part, for tests that compare readings.
type (
	// PartOutcome is a part in plain numbers.
	PartOutcome struct {
		Applies, Freely bool
		Rule            int    // from 0; -1 for none
		Possible        uint16 // a bit for each rank
		Limits, Open    uint32
	}
)

// Outcomes returns the outcome of each section and of the whole file, into out.
func (res *Result) Outcomes(out []PartOutcome) []PartOutcome {
	out = out[:0]
	for _, p := range res.parts {
		out = append(out, PartOutcome{p.applies, p.freely, int(p.rule), uint16(p.possible), p.limits, p.open})
	}
	return out
}

// Walk grades a form by walking its conditions, complete or not.
func (res *Result) Walk(f *Form) {
	complete := f.complete
	walked := *f
	walked.complete = false
	res.Grade(&walked)
	walked.complete = complete
}

// Masked counts the tests of a rubric's program that read bits, and those that
// walk a tree.
func (r *Rubric) Masked() (bits, trees int) {
	for _, t := range r.program.tests {
		if t.kind == testTree {
			trees++
		} else {
			bits++
		}
	}
	return bits, trees
}
