package cycle

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/calendar"
)

// Candidate is a file that may be drawn, with the people of its case.
type Candidate struct {
	Case        audit.Case    `json:"case"`
	People      audit.People  `json:"people"`
	LastAudited calendar.Date `json:"last_audited,omitzero"` // the London date of its last audit; zero if it had none
}

// DrawAlgorithm names how [Draw] draws. Another way would get another name.
const DrawAlgorithm = "sha256-order/1"

// Sample is what a draw came to, with everything that is needed to do it again.
type Sample struct {
	Algorithm string    `json:"algorithm"`
	Seed      string    `json:"seed"`
	Digest    string    `json:"digest"` // of the files drawn from, see [Digest]
	Size      int       `json:"size"`   // how many files were drawn from
	Asked     int       `json:"asked"`  // how many were to be drawn; all of them, if there were fewer
	Strata    []Stratum `json:"strata"` // in the order of their names
}

// Stratum is a part of the population that gets its share of the sample.
type Stratum struct {
	Name     string `json:"name"` // "service=children in care, team=Riverside"; "all files" if nothing was told apart
	Size     int    `json:"size"`
	Picks    []Pick `json:"picks"`              // in draw order
	Reserves []Pick `json:"reserves,omitempty"` // those after the picks, in draw order
}

// Pick is a drawn file with the key that gave it its place.
type Pick struct {
	Candidate
	Key string `json:"key"` // hexadecimal
}

// Draw draws a stratified random sample. It is pure: the same files, in any
// order, under the same seed give the same sample.
//
//   - The files are told apart by the attributes of strata.By.
//   - Each stratum gets its proportional share, files × size / population, by
//     largest remainder: the share rounded down, and one more for the strata with
//     the largest remainders until all are given. Among equal remainders the
//     order is that of SHA-256(seed, line feed, stratum), smallest first.
//   - In each stratum files are in the order of SHA-256(seed, line feed, case
//     number), smallest first, and the first are picked. Anyone can check a
//     key: printf 'seed\nnumber' | sha256sum.
//
// If fewer files are there than are asked for, all are picked. Draw expects each
// case number once; which of two would be drawn depends on nothing that is
// promised.
func Draw(population []Candidate, strata Strata, seed string) Sample {
	s := Sample{Algorithm: DrawAlgorithm, Seed: seed, Digest: Digest(population), Size: len(population), Asked: strata.Files}
	of := map[string][]Pick{}
	for _, c := range population {
		name := strata.name(c.Case)
		of[name] = append(of[name], Pick{c, key(seed, string(c.Case.Number))})
	}
	for name, files := range of {
		slices.SortFunc(files, func(a, b Pick) int {
			return cmp.Or(strings.Compare(a.Key, b.Key), strings.Compare(string(a.Case.Number), string(b.Case.Number)))
		})
		s.Strata = append(s.Strata, Stratum{Name: name, Size: len(files), Reserves: files})
	}
	slices.SortFunc(s.Strata, func(a, b Stratum) int { return strings.Compare(a.Name, b.Name) })
	for i, n := range s.shares() {
		st := &s.Strata[i]
		st.Picks, st.Reserves = slices.Clip(st.Reserves[:n]), st.Reserves[n:]
	}
	return s
}

// shares is how many files each stratum gives, by largest remainder.
func (s Sample) shares() []int {
	files := min(max(s.Asked, 0), s.Size)
	shares, order, given := make([]int, len(s.Strata)), make([]int, len(s.Strata)), 0
	for i, st := range s.Strata {
		shares[i], order[i] = files*st.Size/s.Size, i
		given += shares[i]
	}
	slices.SortFunc(order, func(a, b int) int {
		x, y := s.Strata[a], s.Strata[b]
		return cmp.Or(
			cmp.Compare(files*y.Size%s.Size, files*x.Size%s.Size),
			strings.Compare(key(s.Seed, x.Name), key(s.Seed, y.Name)),
		)
	})
	for _, i := range order[:files-given] {
		shares[i]++
	}
	return shares
}

func key(seed, what string) string {
	sum := sha256.Sum256([]byte(seed + "\n" + what))
	return hex.EncodeToString(sum[:])
}

// name is the stratum that a case belongs to.
func (s Strata) name(c audit.Case) string {
	var parts []string
	for _, by := range s.By {
		value := by.of(c)
		if value == "" {
			value = "not recorded"
		}
		parts = append(parts, string(by)+"="+value)
	}
	if len(parts) == 0 {
		return "all files"
	}
	return strings.Join(parts, ", ")
}

// of is a case's value of an attribute.
func (a Attribute) of(c audit.Case) string {
	switch a {
	case ByService:
		return c.Service
	case ByTeam:
		return c.Team
	case ByStatus:
		return strings.Join(slices.Sorted(slices.Values(c.Status)), "+")
	}
	return ""
}

// Digest is the SHA-256 of the files of a population, whatever their order: of
// each file's number, dates and attributes, one line of JSON a file, the lines
// in order. It shows later whether a list of files is the one that was drawn
// from, without keeping the list.
func Digest(population []Candidate) string {
	lines := make([]string, len(population))
	for i, c := range population {
		line, err := json.Marshal([]any{
			c.Case.Number, c.Case.OpenedOn.String(), c.LastAudited.String(),
			c.Case.Team, c.Case.Service, slices.Sorted(slices.Values(c.Case.Status)),
		})
		if err != nil { // strings can always be written
			line = nil
		}
		lines[i] = string(line) + "\n"
	}
	slices.Sort(lines)
	sum := sha256.Sum256([]byte(strings.Join(lines, "")))
	return "sha256:" + hex.EncodeToString(sum[:])
}

// Explain says in plain English how a sample came about, a line for each step.
func (s Sample) Explain() []string {
	lines := []string{fmt.Sprintf("%s could be drawn, and %d were asked for (%s, seed %q).", files(s.Size), s.Asked, s.Algorithm, s.Seed)}
	for _, st := range s.Strata {
		share := "no share"
		if s.Size > 0 {
			hundredths := min(max(s.Asked, 0), s.Size) * st.Size * 100 / s.Size
			share = fmt.Sprintf("a share of %d.%02d", hundredths/100, hundredths%100)
		}
		lines = append(lines, fmt.Sprintf("%s: %s, %s, so %d drawn.", st.Name, files(st.Size), share, len(st.Picks)))
		for i, p := range st.Picks {
			lines = append(lines, fmt.Sprintf("  %d. case %s, key %.12s", i+1, p.Case.Number, p.Key))
		}
	}
	return lines
}

// files is a number of files as people say it.
func files(n int) string {
	if n == 1 {
		return "1 file"
	}
	return fmt.Sprintf("%d files", n)
}

// keep returns the sample with so many reserves in each stratum.
func (s Sample) keep(reserves int) Sample {
	s.Strata = slices.Clone(s.Strata)
	for i := range s.Strata {
		st := &s.Strata[i]
		st.Reserves = slices.Clone(st.Reserves[:min(max(reserves, 0), len(st.Reserves))])
	}
	return s
}
