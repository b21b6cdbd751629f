package cycle

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/practiceaudit/practiceaudit/audit"
)

// MaxPopulation is the most files that one draw takes.
const MaxPopulation = 100_000

// Select returns the first event of the stream of a file's audit, or the refusal
// of a file that may not be selected. Whoever may give the cycle's command
// selects the file by it.
func (s State) Select(f Candidate, part Part, h audit.Header, env Env) (audit.Selected, error) {
	start, err := env.start(s.Month, h.On())
	if err != nil {
		return audit.Selected{}, err
	}
	by := env.Audit
	by.Policy.May = map[string][]audit.Role{audit.Select{}.Name(): {audit.RoleQATeam}}
	h.Roles = []audit.Role{audit.RoleQATeam}
	events, err := audit.Decide(audit.State{}, audit.Select{Header: h, Kind: part.Kind, Case: f.Case, People: f.People}, by)
	if err != nil {
		return audit.Selected{}, err
	}
	selected, _ := events[0].(audit.Selected)
	return selected.In(env.Stream, part.Theme, start, env.Audit.Policy), nil
}

func (c MakeDraw) decide(s State, a Act, env Env) ([]Event, error) {
	part, r := s.part(c, c.Part)
	if r != nil {
		return nil, r
	}
	rs := c.wrong()
	if slices.Contains(s.Confirmed, c.Part) {
		rs = append(rs, refuse(c, "phase", "the picks of "+c.Part+" are confirmed", "one of them is replaced (replace_pick)"))
	}
	if _, drawn := s.Draw(c.Part); drawn && blank(c.Because) {
		rs = append(rs, refuse(c, "because", c.Part+" was drawn already", "the reason why it is drawn again; the first draw is kept"))
	}
	if err := rs.Err(); err != nil {
		return nil, err
	}
	e := Drawn{Act: a, Part: c.Part, Digest: Digest(c.Population), Given: len(c.Population), Policy: env.Audit.PolicyDigest, Because: c.Because}
	var may []Candidate
	for _, f := range c.Population {
		why, err := s.excluded(f, part, c, env)
		if err != nil {
			return nil, err
		}
		if why == nil {
			may = append(may, f)
		} else {
			e.Excluded = append(e.Excluded, *why)
		}
	}
	slices.SortFunc(e.Excluded, func(x, y Excluded) int { return strings.Compare(string(x.Case), string(y.Case)) })
	e.Sample = Draw(may, part.Strata, c.Seed).keep(env.Policy.Reserves)
	return []Event{e}, nil
}

// wrong says what is wrong with the seed and the population.
func (c MakeDraw) wrong() audit.Refusals {
	var rs audit.Refusals
	if !oneLine(c.Seed) {
		rs = append(rs, refuse(c, "seed", "the seed is missing or more than one line", "one line, such as the numbers of a public lottery"))
	}
	if len(c.Population) == 0 || len(c.Population) > MaxPopulation {
		rs = append(rs, refuse(c, "population", fmt.Sprintf("%d files cannot be drawn from", len(c.Population)), fmt.Sprintf("1 to %d files", MaxPopulation)))
	}
	times := map[audit.CaseNumber]int{}
	for i, f := range c.Population {
		n := f.Case.Number
		if !oneLine(n) {
			rs = append(rs, refuse(c, "population", fmt.Sprintf("file %d has no case number, or one of more than one line", i+1), ""))
			continue
		}
		if times[n]++; times[n] == 2 {
			rs = append(rs, refuse(c, "population", fmt.Sprintf("case %s stands in the population more than once", n), "each file once"))
		}
	}
	return rs
}

// excluded says why a file may not be drawn; nil if it may.
func (s State) excluded(f Candidate, part Part, c MakeDraw, env Env) (*Excluded, error) {
	if taken, ok := s.File(f.Case.Number); ok && (taken.Stream != "" || taken.Out || taken.Part != part.ID) {
		return &Excluded{f.Case.Number, "in_cycle", "it is, or was, among the files of " + s.Month.Long()}, nil
	}
	if !f.LastAudited.IsZero() {
		until, err := env.Audit.Calendar.DeadlineFrom(f.LastAudited, env.Policy.NotAgainWithin, 0)
		if err != nil {
			return &Excluded{f.Case.Number, "recently_audited", err.Error()}, nil
		}
		if c.On().Before(until.Due) {
			return &Excluded{f.Case.Number, "recently_audited", fmt.Sprintf("it was last audited on %s and is not drawn before %s", f.LastAudited.Long(), until.Due.Long())}, nil
		}
	}
	refused, err := s.refuses(f, part, c, env)
	if err != nil || len(refused) == 0 {
		return nil, err
	}
	why := make([]string, len(refused))
	for i, r := range refused {
		why[i] = r.Message
	}
	return &Excluded{f.Case.Number, refused[0].Rule, strings.Join(why, "; ")}, nil
}

// refuses are the reasons why a file may not be selected, none if it may. An error
// is anything else, such as a calendar that ends too soon.
func (s State) refuses(f Candidate, part Part, c Command, env Env) (audit.Refusals, error) {
	_, err := s.Select(f, part, c.Head(), env)
	var one *audit.Refusal
	var all audit.Refusals
	switch {
	case errors.As(err, &all):
		return all, nil
	case errors.As(err, &one):
		return audit.Refusals{one}, nil
	}
	return nil, err
}

func (c ConfirmPicks) decide(s State, a Act, env Env) ([]Event, error) {
	part, r := s.part(c, c.Part)
	if r != nil {
		return nil, r
	}
	if slices.Contains(s.Confirmed, c.Part) {
		return nil, refuse(c, "phase", "the picks of "+c.Part+" are confirmed already", "")
	}
	if _, drawn := s.Draw(c.Part); !drawn {
		return nil, refuse(c, "phase", c.Part+" is not drawn yet", "it is drawn first (draw)")
	}
	e := PicksConfirmed{Act: a, Part: c.Part}
	var rs audit.Refusals
	for _, f := range s.Files {
		if f.Part != c.Part || f.Out || f.Stream != "" {
			continue
		}
		refused, err := s.refuses(f.Candidate, part, c, env)
		if err != nil {
			return nil, err
		}
		rs = append(rs, refused...)
		e.Files = append(e.Files, Begun{f.Case.Number, streamOf(env.Stream, string(f.Case.Number))})
	}
	if err := rs.Err(); err != nil {
		return nil, err
	}
	return []Event{e}, nil
}

func (c ChooseFile) decide(s State, a Act, env Env) ([]Event, error) {
	part, r := s.part(c, c.Part)
	if r != nil {
		return nil, r
	}
	var rs audit.Refusals
	if blank(c.Because) {
		rs = append(rs, refuse(c, "because", "it is not said why this file is chosen", ""))
	}
	if _, taken := s.File(c.File.Case.Number); taken {
		rs = append(rs, refuse(c, "in_cycle", fmt.Sprintf("case %s is, or was, among the files of %s", c.File.Case.Number, s.Month.Long()), "another file"))
	}
	if len(s.Audited()) >= MaxFiles {
		rs = append(rs, refuse(c, "files", fmt.Sprintf("%s has %d files", s.Month.Long(), MaxFiles), ""))
	}
	refused, err := s.refuses(c.File, part, c, env)
	if err != nil {
		return nil, err
	}
	rs = append(rs, refused...)
	if err := rs.Err(); err != nil {
		return nil, err
	}
	return []Event{FileChosen{Act: a, Part: c.Part, File: c.File, Stream: streamOf(env.Stream, string(c.File.Case.Number)), Because: c.Because}}, nil
}

func (c ReplacePick) decide(s State, a Act, env Env) ([]Event, error) {
	f, r := s.current(c, c.Case)
	if r != nil {
		return nil, r
	}
	if blank(c.Because) {
		return nil, refuse(c, "because", "it is not said why this file is replaced", "")
	}
	e := PickReplaced{Act: a, Case: c.Case, Because: c.Because}
	if f.Stratum == "" {
		return []Event{e}, nil
	}
	next, ok := s.next(f)
	if !ok {
		return nil, refuse(c, "reserve", fmt.Sprintf("the draw kept no more files of %s", f.Stratum), "the part drawn again if it is not confirmed (draw), or a file chosen by hand (choose_file)")
	}
	e.Instead = &next
	if f.Stream != "" {
		part, _ := s.Part(f.Part)
		refused, err := s.refuses(next.Candidate, part, c, env)
		if err == nil {
			err = refused.Err()
		}
		if err != nil {
			return nil, err
		}
		e.Stream = streamOf(env.Stream, string(next.Case.Number))
	}
	return []Event{e}, nil
}

// next is the next file in draw order of a file's stratum that is not, and was
// not, in the month.
func (s State) next(f File) (Pick, bool) {
	d, _ := s.Draw(f.Part)
	for _, st := range d.Sample.Strata {
		if st.Name != f.Stratum {
			continue
		}
		for _, p := range st.Reserves {
			if _, taken := s.File(p.Case.Number); !taken {
				return p, true
			}
		}
	}
	return Pick{}, false
}
