package cycle

import (
	"maps"
	"slices"

	"github.com/practiceaudit/practiceaudit/audit"
)

// State is one month's cycle, or a year's schedule, as its events tell of it: a
// value, to be treated as read-only.
type State struct {
	Year      *YearPlanned // of the stream of a schedule, which has nothing else
	Month     Month        // empty before a month is planned
	Parts     []Part
	Draws     []Drawn  // every draw, in order
	Confirmed []string // the parts whose picks are confirmed
	Files     []File   // picked or chosen, in order; those that left too
	Proposed  map[audit.Role]AllocationProposed
	Closed    *MonthClosed
}

// File is a file of the month.
type File struct {
	Candidate
	Part      string
	Stratum   string         // empty if it was chosen by hand
	Stream    string         // of its audit; empty while it is only proposed
	Out       bool           // replaced
	Auditor   audit.PersonID // as confirmed or swapped
	Moderator audit.PersonID
}

// who has the file in a role.
func (f File) who(r audit.Role) audit.PersonID {
	if r == audit.RoleModerator {
		return f.Moderator
	}
	return f.Auditor
}

// given returns the file with somebody in a role.
func (f File) given(r audit.Role, who audit.PersonID) File {
	if r == audit.RoleModerator {
		f.Moderator = who
	} else {
		f.Auditor = who
	}
	return f
}

// Exists reports whether anything has happened in the cycle's stream.
func (s State) Exists() bool { return s.Year != nil || s.Month != "" }

// Part returns a part of the month.
func (s State) Part(id string) (Part, bool) {
	i := slices.IndexFunc(s.Parts, func(p Part) bool { return p.ID == id })
	if i < 0 {
		return Part{}, false
	}
	return s.Parts[i], true
}

// File returns a file of the month, one that left it too.
func (s State) File(n audit.CaseNumber) (File, bool) {
	i := slices.IndexFunc(s.Files, func(f File) bool { return f.Case.Number == n })
	if i < 0 {
		return File{}, false
	}
	return s.Files[i], true
}

// Draw returns the latest draw of a part.
func (s State) Draw(part string) (Drawn, bool) {
	for _, d := range slices.Backward(s.Draws) {
		if d.Part == part {
			return d, true
		}
	}
	return Drawn{}, false
}

// Audited are the files that are audited this month: confirmed or chosen, and
// not replaced.
func (s State) Audited() []File {
	var files []File
	for _, f := range s.Files {
		if f.Stream != "" && !f.Out {
			files = append(files, f)
		}
	}
	return files
}

// Begun are the files whose audits begin with an event, in the state after it.
func (s State) Begun(e Event) []File {
	var begun []File
	add := func(n audit.CaseNumber) {
		if f, ok := s.File(n); ok && f.Stream != "" {
			begun = append(begun, f)
		}
	}
	switch e := e.(type) {
	case PicksConfirmed:
		for _, b := range e.Files {
			add(b.Case)
		}
	case FileChosen:
		add(e.File.Case.Number)
	case PickReplaced:
		if e.Instead != nil {
			add(e.Instead.Case.Number)
		}
	}
	return begun
}

// Evolve returns the state after an event. It is total.
func Evolve(s State, e Event) State {
	if e == nil {
		return s
	}
	return e.evolve(s)
}

func (e YearPlanned) evolve(s State) State {
	s.Year = &e
	return s
}

func (e MonthPlanned) evolve(s State) State {
	s.Month, s.Parts = e.Month, e.Parts
	return s
}

// evolve of a draw forgets the picks of an earlier one of the part, which nobody
// confirmed.
func (e Drawn) evolve(s State) State {
	s.Draws = append(slices.Clip(s.Draws), e)
	s.Files = slices.DeleteFunc(slices.Clone(s.Files), func(f File) bool { return f.Part == e.Part && f.Stream == "" && !f.Out })
	for _, st := range e.Sample.Strata {
		for _, p := range st.Picks {
			s.Files = append(s.Files, File{Candidate: p.Candidate, Part: e.Part, Stratum: st.Name})
		}
	}
	return s
}

func (e PicksConfirmed) evolve(s State) State {
	s.Confirmed = append(slices.Clip(s.Confirmed), e.Part)
	for _, b := range e.Files {
		s = s.change(b.Case, func(f File) File { f.Stream = b.Stream; return f })
	}
	return s
}

func (e FileChosen) evolve(s State) State {
	s.Files = append(slices.Clip(s.Files), File{Candidate: e.File, Part: e.Part, Stream: e.Stream})
	return s
}

func (e PickReplaced) evolve(s State) State {
	old, _ := s.File(e.Case)
	s = s.change(e.Case, func(f File) File { f.Out = true; return f })
	if e.Instead != nil {
		s.Files = append(slices.Clip(s.Files), File{Candidate: e.Instead.Candidate, Part: old.Part, Stratum: old.Stratum, Stream: e.Stream})
	}
	return s
}

func (e AllocationProposed) evolve(s State) State {
	s.Proposed = maps.Clone(s.Proposed)
	if s.Proposed == nil {
		s.Proposed = map[audit.Role]AllocationProposed{}
	}
	s.Proposed[e.Role] = e
	return s
}

func (e AllocationConfirmed) evolve(s State) State {
	s.Proposed = maps.Clone(s.Proposed)
	delete(s.Proposed, e.Role)
	for _, a := range e.Files {
		s = s.change(a.Case, func(f File) File { return f.given(e.Role, a.Person) })
	}
	return s
}

func (e AllocationSwapped) evolve(s State) State {
	return s.change(e.Case, func(f File) File { return f.given(e.Role, e.To.Person) })
}

func (e MonthClosed) evolve(s State) State {
	s.Closed = &e
	return s
}

// change returns the state with one file changed.
func (s State) change(n audit.CaseNumber, to func(File) File) State {
	s.Files = slices.Clone(s.Files)
	for i, f := range s.Files {
		if f.Case.Number == n {
			s.Files[i] = to(f)
		}
	}
	return s
}
