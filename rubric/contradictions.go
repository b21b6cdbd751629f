package rubric

// Contradiction is a pair of answers of one section that can hardly both be
// right: two lines on one theme, say a strength that is evidenced and a concern
// that is seen. It is shown to people and changes no grade.
type Contradiction struct {
	Section string
	Strand  string
	Lines   [2]LineRef // in file order
}

// Contradictions returns every pair of lines of one strand that stand in lists
// of different kinds (strength, concern, mixed) and that both hold in full: the
// strength is evidenced, the other is seen. They come in file order.
func (res *Result) Contradictions() []Contradiction {
	var out []Contradiction
	f := res.env.f
	if f == nil {
		return nil
	}
	for i := range f.r.sections {
		s := &f.r.sections[i]
		holds := func(j int) bool { return f.applies(i) && s.lines[j].strand != "" && f.states[i][j] == isYes }
		for j := range s.lines {
			for k := j + 1; k < len(s.lines) && holds(j); k++ {
				if holds(k) && s.lines[k].strand == s.lines[j].strand && s.kind(k) != s.kind(j) {
					out = append(out, Contradiction{Section: s.id, Strand: s.lines[j].strand, Lines: [2]LineRef{s.ref(j), s.ref(k)}})
				}
			}
		}
	}
	return out
}

func (s *section) ref(line int) LineRef {
	return LineRef{Section: s.id, Line: s.lines[line].id, Text: s.lines[line].text}
}

// kind is how a line is answered: as a strength where it stands in such a list,
// else as what it is first listed as.
func (s *section) kind(line int) ListKind {
	if s.lines[line].strength {
		return Strength
	}
	return s.lists[s.lines[line].lists[0]].kind
}
