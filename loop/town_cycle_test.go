package loop_test

import (
	"fmt"
	"testing"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/cycle"
	"github.com/practiceaudit/practiceaudit/loop"
)

// plan gives one command of a month's cycle, or of a year's schedule. What it
// picks goes on as the town's other files do.
func (w *town) plan() {
	stream := one(w, []loop.StreamID{"month", "month", "month", "month", "month", "month", "month", "year"}, "cycle")
	s := w.of(stream).state
	name := one(w, nextOfCycle(stream, s.Cycle), "command")
	w.give(stream, draws[name](w, s, w.header(name, s)))
}

// nextOfCycle are the commands that come next in a cycle, and some that do not.
func nextOfCycle(stream loop.StreamID, s cycle.State) []string {
	switch {
	case stream == "year":
		return []string{"plan_year", "plan_month"}
	case !s.Exists():
		return []string{"plan_month", "plan_month", "draw"}
	case len(s.Draws) == 0:
		return []string{"draw", "draw", "draw", "draw", "plan_month", "choose_file"}
	case len(s.Confirmed) == 0:
		return []string{"confirm_picks", "confirm_picks", "confirm_picks", "draw", "replace_pick", "propose_allocation"}
	case len(s.Proposed) > 0:
		return []string{"confirm_allocation", "confirm_allocation", "confirm_allocation", "swap_allocation", "replace_pick"}
	}
	return []string{
		"propose_allocation", "propose_allocation", "propose_allocation", "propose_allocation",
		"swap_allocation", "swap_allocation", "replace_pick", "choose_file", "close_month",
	}
}

func init() {
	draws["plan_year"] = func(w *town, _ loop.State, h audit.Header) loop.Command {
		return cycle.PlanYear{Header: h, Months: []cycle.MonthPlan{w.monthPlan(h)}}
	}
	draws["plan_month"] = func(w *town, _ loop.State, h audit.Header) loop.Command {
		return cycle.PlanMonth{Header: h, MonthPlan: w.monthPlan(h), Because: w.words()}
	}
	draws["draw"] = func(w *town, _ loop.State, h audit.Header) loop.Command {
		var files []cycle.Candidate
		for i := range w.number(0, 8, "caseload") {
			files = append(files, w.candidate(i))
		}
		return cycle.MakeDraw{Header: h, Part: "deep_dives", Population: files, Seed: fmt.Sprint("seed ", w.number(0, 3, "seed")), Because: w.words()}
	}
	draws["confirm_picks"] = func(_ *town, _ loop.State, h audit.Header) loop.Command {
		return cycle.ConfirmPicks{Header: h, Part: "deep_dives"}
	}
	draws["choose_file"] = func(w *town, _ loop.State, h audit.Header) loop.Command {
		return cycle.ChooseFile{Header: h, Part: "deep_dives", File: w.candidate(w.number(0, 9, "file")), Because: w.words()}
	}
	draws["replace_pick"] = func(w *town, s loop.State, h audit.Header) loop.Command {
		return cycle.ReplacePick{Header: h, Case: w.pick(s), Because: w.words()}
	}
	draws["propose_allocation"] = func(w *town, _ loop.State, h audit.Header) loop.Command {
		c := cycle.ProposeAllocation{Header: h, Role: w.duty(), Seed: "seed"}
		for _, p := range staff[w.number(0, 4, "away"):] {
			c.Pool = append(c.Pool, cycle.Member{Person: p, SoFar: w.number(0, 3, "so far"), Files: 2})
		}
		return c
	}
	draws["confirm_allocation"] = func(w *town, s loop.State, h audit.Header) loop.Command {
		c := cycle.ConfirmAllocation{Header: h, Role: w.duty()}
		if _, proposed := s.Cycle.Proposed[audit.RoleAuditor]; proposed {
			c.Role = audit.RoleAuditor
		}
		return c
	}
	draws["swap_allocation"] = func(w *town, s loop.State, h audit.Header) loop.Command {
		return cycle.SwapAllocation{Header: h, Role: w.duty(), Case: w.pick(s), To: cycle.Member{Person: w.person(), Files: 2}, Because: w.words()}
	}
	draws["close_month"] = func(w *town, _ loop.State, h audit.Header) loop.Command {
		c := cycle.CloseMonth{Header: h}
		if w.number(0, 9, "given up") == 9 {
			c.Because = w.words()
		}
		return c
	}
}

func (w *town) duty() audit.Role {
	return one(w, []audit.Role{audit.RoleAuditor, audit.RoleModerator}, "duty")
}

func (w *town) monthPlan(h audit.Header) cycle.MonthPlan {
	return cycle.MonthPlan{Month: cycle.MonthOf(h.On()), Parts: []cycle.Part{{ID: "deep_dives", Kind: audit.DeepDive, Strata: cycle.Strata{Files: 2}}}}
}

// candidate is a file of the caseload, which may be too new.
func (w *town) candidate(i int) cycle.Candidate {
	c := cycle.Candidate{Case: audit.Case{
		Number: audit.CaseNumber(fmt.Sprint(104300 + i)), OpenedOn: calendar.DateOf(w.now).AddDays(-w.number(20, 200, "open")),
	}}
	for _, r := range []audit.Role{audit.RolePractitioner, audit.RoleTeamManager, audit.RoleDivisionalManager} {
		c.People = c.People.With(r, w.person())
	}
	return c
}

// pick is a file of the month.
func (w *town) pick(s loop.State) audit.CaseNumber {
	if len(s.Cycle.Files) == 0 {
		return "none"
	}
	return one(w, s.Cycle.Files, "pick").Case.Number
}

// What a confirmed month picks is audited in a stream of its own, by people who
// may, and each case once.
func TestEachPickOfAMonthHasOneAudit(t *testing.T) {
	always(t, each(func(w *town, s loop.StreamID, h *story) {
		audited := map[string]bool{}
		for _, f := range h.state.Cycle.Files {
			if f.Stream == "" {
				continue
			}
			a := w.of(loop.StreamID(f.Stream)).state.Audit
			if a.Phase == audit.PhaseNone || a.Cycle != string(s) || audited[f.Stream] {
				w.Fatalf("%s: the audit of case %s is %+v", s, f.Case.Number, a)
			}
			audited[f.Stream] = true
			for _, p := range f.People.Of(audit.RolePractitioner) {
				if p == f.Auditor || p == f.Moderator {
					w.Fatalf("%s: %s works with case %s and has it", s, p, f.Case.Number)
				}
			}
			if f.Auditor != "" && f.Auditor == f.Moderator {
				w.Fatalf("%s: %s audits and moderates case %s", s, f.Auditor, f.Case.Number)
			}
		}
		if n := h.state.Cycle.Audited(); len(n) > 0 && h.state.Audit.Phase != audit.PhaseNone {
			w.Fatalf("%s is a cycle and an audit", s)
		}
	}))
}
