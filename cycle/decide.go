package cycle

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/practiceaudit/practiceaudit/audit"
)

// Env holds the values that decisions are made by.
type Env struct {
	Audit  audit.Env // the rubric, calendar and policy of the audits that the cycle begins
	Policy Policy
	Stream string // the cycle's own
}

// Decide says what happens to a cycle if a command is given: the events, or an
// [*audit.Refusal] or [audit.Refusals]. It changes nothing. A cycle belongs to no
// case, so only roles of the council may give its commands.
func Decide(s State, c Command, env Env) ([]Event, error) {
	if c == nil {
		return nil, &audit.Refusal{Command: "command", Rule: "command", Message: "none is given"}
	}
	if r := (audit.People{}).Allow(c.Head(), c.Name(), env.Policy.May); r != nil {
		return nil, r
	}
	if r := s.inStage(c); r != nil {
		return nil, r
	}
	as, _ := audit.People{}.Standing(c.Head(), env.Policy.May[c.Name()]...)
	return c.decide(s, Act{By: c.Head().Actor, As: as, At: c.Head().At}, env)
}

func refuse(c Command, rule, message, accept string) *audit.Refusal {
	return &audit.Refusal{Command: c.Name(), Rule: rule, Message: message, Accept: accept}
}

// inStage refuses a command that has no place yet, or none any more.
func (s State) inStage(c Command) *audit.Refusal {
	switch c.Name() {
	case PlanYear{}.Name():
		if s.Exists() {
			return refuse(c, "phase", "this stream is planned already", "a month is planned anew in its own stream (plan_month)")
		}
		return nil
	case PlanMonth{}.Name():
		if s.Year != nil {
			return refuse(c, "phase", "this stream holds a year's schedule", "a month is planned in its own stream")
		}
		if len(s.Draws)+len(s.Files) > 0 {
			return refuse(c, "phase", "files of this month are drawn or chosen already", "")
		}
	default:
		if s.Month == "" {
			return refuse(c, "phase", "no month is planned here", "it is planned first (plan_month, or plan_year)")
		}
	}
	if s.Closed != nil {
		return refuse(c, "phase", s.Month.Long()+" is closed", "")
	}
	return nil
}

// streamOf derives a stream from another, so that a repeat makes no second.
func streamOf(stream, what string) string {
	sum := sha256.Sum256([]byte(stream + "\x00cycle\x00" + what))
	return hex.EncodeToString(sum[:12])
}

// part returns the part that a command names.
func (s State) part(c Command, id string) (Part, *audit.Refusal) {
	p, ok := s.Part(id)
	if ok {
		return p, nil
	}
	ids := make([]string, len(s.Parts))
	for i, p := range s.Parts {
		ids[i] = p.ID
	}
	return p, refuse(c, "part", fmt.Sprintf("%s has no part %q", s.Month.Long(), id), "one of "+strings.Join(ids, ", "))
}

// current returns the file of the month that a command names, if it has not left it.
func (s State) current(c Command, n audit.CaseNumber) (File, *audit.Refusal) {
	f, ok := s.File(n)
	switch {
	case !ok:
		return f, refuse(c, "case", fmt.Sprintf("case %s is not among the files of %s", n, s.Month.Long()), "")
	case f.Out:
		return f, refuse(c, "case", fmt.Sprintf("case %s was replaced", n), "a file that was not")
	}
	return f, nil
}

func (c CloseMonth) decide(s State, a Act, env Env) ([]Event, error) {
	var rs audit.Refusals
	left := func(message string) {
		rs = append(rs, refuse(c, "left", message, "it is done, or the reason why not"))
	}
	for _, p := range s.Parts {
		if !slices.Contains(s.Confirmed, p.ID) {
			left("the picks of " + p.ID + " are not confirmed")
		}
	}
	for _, f := range s.Audited() {
		for _, r := range []audit.Role{audit.RoleAuditor, audit.RoleModerator} {
			if s.needs(f, r, env.Policy) {
				left(fmt.Sprintf("case %s has no %s", f.Case.Number, r.Title()))
			}
		}
	}
	if !blank(c.Because) {
		rs = nil
	}
	if err := rs.Err(); err != nil {
		return nil, err
	}
	return []Event{MonthClosed{Act: a, Because: c.Because}}, nil
}

func blank[S ~string](t S) bool { return strings.TrimSpace(string(t)) == "" }

// oneLine reports whether something can stand before a line feed in what keys
// are worked out from.
func oneLine[S ~string](t S) bool {
	return !blank(t) && !strings.ContainsFunc(string(t), func(r rune) bool { return r < ' ' })
}
