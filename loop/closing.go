package loop

import (
	"slices"
	"strings"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/moderation"
)

// MayClose says what is still to be done before a case is closed, where the process
// policy has a closure audit before every closure (closure_audit): an
// audit.Refusals, or [ErrNewerHistory] if one of the audits cannot be read whole;
// nil if the case may be closed, or the policy has no such audit. The case is given
// with its number and the day it was last opened, the audits are all that there are
// of it; those of other cases are left out.
//
// What it asks for beside the closure audit is our reading: nothing that an audit of
// the case found may be left undone by closing it.
func MayClose(c audit.Case, audits []State, p *Policy) error {
	if p == nil || !p.Audit.ClosureAudit {
		return nil
	}
	audits = slices.DeleteFunc(slices.Clone(audits), func(s State) bool {
		return s.Audit.Case.Number != c.Number && !slices.Contains(s.Audit.Formerly, c.Number)
	})
	rs := closureAudit(c, audits, p)
	for _, s := range audits {
		if s.Newer {
			return ErrNewerHistory
		}
		rs = append(rs, s.leftUndone()...)
	}
	return rs.Err()
}

func notClosed(rule, message, accept string) *audit.Refusal {
	return &audit.Refusal{Command: "close_case", Rule: rule, Message: message, Accept: accept}
}

// closureAudit asks for a whole closure audit since the case was opened.
func closureAudit(c audit.Case, audits []State, p *Policy) audit.Refusals {
	var last *State
	for i, s := range audits {
		if s.Audit.Kind == audit.Closure && s.Withdrawn == nil && !s.Audit.StartOn.Before(c.OpenedOn) && (last == nil || s.Audit.StartOn.After(last.Audit.StartOn)) {
			last = &audits[i]
		}
	}
	switch {
	case last == nil:
		return audit.Refusals{notClosed("closure_audit", "there is no closure audit since the case was opened", "one, selected on any day")}
	case last.Audit.Phase != audit.PhaseFinalised:
		return audit.Refusals{notClosed("closure_audit", "the closure audit is not finalised", "")}
	case slices.Contains(p.Moderation.Kinds, audit.Closure) && last.Moderation.Phase != moderation.PhaseClosed:
		return audit.Refusals{notClosed("closure_audit", "the closure audit is not moderated and closed", "the moderation, its check and the final QA comments")}
	}
	return nil
}

// leftUndone is what one audit of a case has found and nobody has done.
func (s State) leftUndone() audit.Refusals {
	var rs audit.Refusals
	if slices.ContainsFunc(s.alerts(), func(a alert) bool { return !a.answered }) {
		rs = append(rs, notClosed("acknowledged", "a critical notice of audit "+string(s.Stream)+" is not acknowledged", ""))
	}
	if len(s.Plans) == 0 && slices.ContainsFunc(s.alerts(), func(a alert) bool { return a.finding }) {
		rs = append(rs, notClosed("plan", "audit "+string(s.Stream)+" has no plan to keep the child safe", ""))
	}
	if open := s.open(); len(open) > 0 {
		rs = append(rs, notClosed("actions", "of audit "+string(s.Stream)+" not complete and confirmed: "+strings.Join(open, ", "), ""))
	}
	if s.Audit.ReAudit() && s.Audit.Phase != audit.PhaseFinalised && s.Withdrawn == nil && s.Cancelled == nil {
		rs = append(rs, notClosed("re_audit", "the re-audit "+string(s.Stream)+" is not done", "it is finalised, or cancelled with a reason"))
	}
	return rs
}
