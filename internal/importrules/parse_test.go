package importrules

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// A statement is "left < right" or, when forbids, "left !< right". A chain of n
// parts makes n-1 statements.
type statement struct {
	left, right []string
	forbids     bool
}

// parseStatements reads a policy text: statements that end in ";", with comments
// from "#" to the end of the line.
func parseStatements(text string) ([]statement, error) {
	var bare strings.Builder
	for line := range strings.Lines(text) {
		line, _, _ = strings.Cut(line, "#")
		bare.WriteString(line + " ")
	}
	clauses := strings.Split(bare.String(), ";")
	if tail := strings.TrimSpace(clauses[len(clauses)-1]); tail != "" {
		return nil, fmt.Errorf("no semicolon after %q", tail)
	}

	var all []statement
	for _, clause := range clauses[:len(clauses)-1] {
		// "!<" is "<" with a "!" left at the end of the part before it.
		parts := strings.Split(clause, "<")
		if len(parts) < 2 {
			return nil, fmt.Errorf("neither < nor !< in %q", strings.TrimSpace(clause))
		}
		var left []string
		forbids := false
		for i, part := range parts {
			part, negated := strings.CutSuffix(strings.TrimSpace(part), "!")
			var names []string
			for name := range strings.SplitSeq(part, ",") {
				name = strings.TrimSpace(name)
				if name == "" || strings.ContainsAny(name, " \t!") {
					return nil, fmt.Errorf("%q is no package, in %q", name, strings.TrimSpace(clause))
				}
				names = append(names, name)
			}
			if i > 0 {
				all = append(all, statement{left, names, forbids})
			}
			left, forbids = names, negated
		}
		if forbids {
			return nil, fmt.Errorf("! without < in %q", strings.TrimSpace(clause))
		}
	}
	return all, nil
}

// An order says which of our packages may import which. Its keys are patterns
// as the policy writes them, without "./".
type order struct {
	below map[string]map[string]bool // everything each pattern may import
}

// parseOrder reads the text of house.
func parseOrder(text string) (order, error) {
	statements, err := parseStatements(text)
	if err != nil {
		return order{}, err
	}
	o := order{below: make(map[string]map[string]bool)}
	for _, s := range statements {
		if s.forbids {
			continue // once all floors stand
		}
		for _, upper := range s.right {
			upper, ok := strings.CutPrefix(upper, "./")
			if !ok {
				return order{}, fmt.Errorf("%q in the order of the house does not start with ./", upper)
			}
			if o.below[upper] == nil {
				o.below[upper] = make(map[string]bool)
			}
			for _, lower := range s.left {
				if lower == "NONE" {
					continue
				}
				lower = strings.TrimPrefix(lower, "./")
				if o.below[lower] == nil {
					return order{}, fmt.Errorf("%q has no floor of its own before %q stands on it", lower, upper)
				}
				o.below[upper][lower] = true
			}
		}
	}
	o.close()
	for name, below := range o.below {
		if below[name] {
			return order{}, fmt.Errorf("%q stands on itself", name)
		}
	}
	return o, o.take(statements)
}

// take applies the statements with "!<".
func (o order) take(statements []statement) error {
	for _, s := range statements {
		if !s.forbids {
			continue
		}
		for _, upper := range s.right {
			for _, lower := range s.left {
				below, lower := o.below[strings.TrimPrefix(upper, "./")], strings.TrimPrefix(lower, "./")
				if !below[lower] {
					return fmt.Errorf("%q is taken from %q, which was never allowed it", lower, upper)
				}
				delete(below, lower)
			}
		}
	}
	return nil
}

// close adds to each package what the packages it stands on stand on.
func (o order) close() {
	for grown := true; grown; {
		grown = false
		for _, below := range o.below {
			for lower := range below {
				for deeper := range o.below[lower] {
					if !below[deeper] {
						below[deeper], grown = true, true
					}
				}
			}
		}
	}
}

// place returns the pattern that names the package in a directory, "" for none.
func (o order) place(dir string) string {
	for name := range o.below {
		if matches(name, dir) {
			return name
		}
	}
	return ""
}

// allows reports whether the package in directory upper may import that in lower.
func (o order) allows(upper, lower string) bool {
	u, l := o.place(upper), o.place(lower)
	return u != "" && l != "" && (o.below[u][l] || u == l && strings.HasSuffix(u, "/..."))
}

// A banList says what our packages may not import from elsewhere.
type banList []statement

func parseBans(text string) (banList, error) {
	statements, err := parseStatements(text)
	if err != nil {
		return nil, err
	}
	for _, s := range statements {
		for _, ours := range s.right {
			if ours != "ALL" && !strings.HasPrefix(ours, "./") {
				return nil, fmt.Errorf("%q on the right of a ban is neither ALL nor starts with ./", ours)
			}
		}
	}
	return statements, nil
}

// forbids reports whether the package in directory dir must not import what.
func (b banList) forbids(dir, what string) bool {
	forbidden := false
	for _, s := range b {
		speaksOf := slices.ContainsFunc(s.right, func(ours string) bool {
			return ours == "ALL" || matches(strings.TrimPrefix(ours, "./"), dir)
		})
		if !speaksOf || !slices.ContainsFunc(s.left, func(p string) bool { return matches(p, what) }) {
			continue
		}
		if !s.forbids {
			return false
		}
		forbidden = true
	}
	return forbidden
}

// matches reports whether a pattern names a path: itself, or with "/..." at its
// end, everything below as well.
func matches(pattern, name string) bool {
	if stem, ok := strings.CutSuffix(pattern, "/..."); ok {
		return name == stem || strings.HasPrefix(name, stem+"/")
	}
	return path.Clean(pattern) == name
}
