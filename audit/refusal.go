package audit

import (
	"errors"
	"fmt"
	"strings"
)

// Refusal says that a command may not happen: by which rule, who could give it
// and what would be accepted. Nothing has changed.
type Refusal struct {
	Command string     // the command's name, "finalise"
	Rule    string     // a stable id, "separation.moderator"
	Message string     // what is wrong, without free text or names
	Accept  string     // what would be accepted
	Roles   []Role     // who could, when the rule is about roles
	People  []PersonID // those known to hold these roles
	Titles  Titles     // what the council calls the roles
}

func (r *Refusal) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s", strings.ReplaceAll(r.Command, "_", " "), r.Message)
	if len(r.Roles) > 0 {
		b.WriteString(" (")
		for i, role := range r.Roles {
			if i > 0 {
				b.WriteString(" or ")
			}
			b.WriteString(r.Titles.Of(role))
		}
		b.WriteString(" may")
		for i, p := range r.People {
			sep := ", "
			if i == 0 {
				sep = ": "
			}
			b.WriteString(sep + string(p))
		}
		b.WriteString(")")
	}
	if r.Accept != "" {
		b.WriteString("; " + r.Accept)
	}
	return b.String()
}

// Refusals are all the reasons why one command may not happen.
type Refusals []*Refusal

func (rs Refusals) Error() string {
	lines := make([]string, len(rs))
	for i, r := range rs {
		lines[i] = r.Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap returns the reasons one by one.
func (rs Refusals) Unwrap() []error {
	errs := make([]error, len(rs))
	for i, r := range rs {
		errs[i] = r
	}
	return errs
}

// RefusalsOf are the refusals of an error, be it one [*Refusal] or several; nil if it
// is no refusal.
func RefusalsOf(err error) Refusals {
	var all Refusals
	var one *Refusal
	switch {
	case errors.As(err, &all):
		return all
	case errors.As(err, &one):
		return Refusals{one}
	}
	return nil
}

// Rules are the rules by which a command is refused, in the order of the reasons.
func (rs Refusals) Rules() []string {
	var rules []string
	for _, r := range rs {
		rules = append(rules, r.Rule)
	}
	return rules
}

// Err returns rs as an error, nil if there is no reason.
func (rs Refusals) Err() error {
	if len(rs) == 0 {
		return nil
	}
	return rs
}
