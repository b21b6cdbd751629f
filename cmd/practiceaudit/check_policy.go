package main

import (
	"fmt"
	"strings"

	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/loop"
)

// checkPolicy answers for a process policy.
func (t *tool) checkPolicy(called string, src []byte, cal *calendar.Calendar, day calendar.Date) error {
	p, err := loop.ParsePolicy(called, src)
	if err != nil {
		return err
	}
	x := checkedPolicy{policy: p, warnings: p.Warnings(day), lint: p.Lint(cal)}
	if t.json {
		err = t.printJSON(x.json())
	} else {
		_, err = fmt.Fprint(t.out, x.text())
	}
	if err == nil && x.toLookAt() > 0 {
		return errToLookAt
	}
	return err
}

// checkedPolicy is what there is to say about a process policy without mistakes.
type checkedPolicy struct {
	policy   *loop.Policy
	warnings []string
	lint     *loop.Lint
}

func (x checkedPolicy) toLookAt() int { return len(x.lint.Unexplained()) + len(x.lint.Stale) }

func (x checkedPolicy) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s, version %s\n", x.policy.Title, x.policy.Version)
	for _, w := range x.warnings {
		fmt.Fprintf(&b, "\nTake note: %s\n", sentence(w))
	}
	for _, f := range x.lint.Unexplained() {
		fmt.Fprintf(&b, "\n%s%s\n", f.Place.Error(), meantToBe(string(f.Kind), f.At))
	}
	for _, m := range x.lint.Stale {
		fmt.Fprintf(&b, "\n%s\n", m)
	}
	fmt.Fprintf(&b, "\n%s\n", conclusion(x.toLookAt(), len(x.lint.Findings)-len(x.lint.Unexplained())))
	return b.String()
}

type checkedPolicyJSON struct {
	Policy   about               `json:"policy"`
	Warnings []string            `json:"warnings"`
	Findings []policyFindingJSON `json:"findings"`
	Stale    []mistake           `json:"stale"` // explanations that explain nothing any more
	ToLookAt int                 `json:"to_look_at"`
}

type policyFindingJSON struct {
	Kind     loop.FindingKind `json:"kind"`
	At       string           `json:"at"`
	Text     string           `json:"text"`
	Place    place            `json:"place"`
	Accepted string           `json:"accepted,omitempty"`
}

func (x checkedPolicy) json() checkedPolicyJSON {
	p := x.policy
	out := checkedPolicyJSON{
		Policy:   about{p.ID, p.Version, string(p.Digest()), p.Title},
		Warnings: append([]string{}, x.warnings...), Findings: []policyFindingJSON{}, Stale: mistakes(x.lint.Stale), ToLookAt: x.toLookAt(),
	}
	for _, f := range x.lint.Findings {
		out.Findings = append(out.Findings, policyFindingJSON{f.Kind, f.At, f.Text, placeOf(f.Place), f.Accepted})
	}
	return out
}
