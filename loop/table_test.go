package loop_test

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/cycle"
	"github.com/practiceaudit/practiceaudit/loop"
	"github.com/practiceaudit/practiceaudit/moderation"
	"github.com/practiceaudit/practiceaudit/rubric"
)

// Every cell of docs/who-may-do-what.md: each command in each state, by each role.
func TestWhoMayDoWhat(t *testing.T) {
	src, err := os.ReadFile("../docs/who-may-do-what.md")
	if err != nil {
		t.Fatal(err)
	}
	who, when := table(t, string(src), "| command | who | step |"), table(t, string(src), "| command | none |")
	states := tableStates(t)
	roles := append([]audit.Role{"nobody"}, slices.DeleteFunc(audit.Roles(), func(r audit.Role) bool { return r == audit.RoleSystem })...)
	cells, yes := 0, 0
	for _, command := range slices.Sorted(maps.Keys(who)) {
		if tableCommands[command] == nil {
			t.Errorf("no test gives %s", command)
			continue
		}
		if len(when[command]) != len(states)+2 {
			t.Errorf("%s has cells for %d states, want %d", command, len(when[command])-2, len(states))
			continue
		}
		may := strings.Split(who[command][1], ", ")
		for _, state := range states {
			cell := when[command][state.column]
			for _, role := range roles {
				want := cell == "●" && state.holds(role) && (slices.Contains(may, string(role)) || slices.Contains(may, string(role)+"¹") && !state.grave())
				cells++
				err := state.give(command, role)
				if want {
					yes++
				}
				if got := err == nil; got != want {
					t.Errorf("%s when %s by %s: allowed %t, the table says %t (%v)", command, state.name, role, got, want, err)
				}
			}
		}
	}
	for name := range states[0].env.Policy.May {
		if who[name] == nil && !slices.Contains(cycle.Commands(), name) {
			t.Errorf("the table has no row for %s", name)
		}
	}
	t.Logf("%d cells: %d commands, %d states, %d roles; %d say yes", cells, len(who), len(states), len(roles), yes)
}

// And every cell of a month's cycle.
func TestWhoMayDoWhatInAMonth(t *testing.T) {
	src, err := os.ReadFile("../docs/who-may-do-what.md")
	if err != nil {
		t.Fatal(err)
	}
	who, when := table(t, string(src), "| command of a month | who |"), table(t, string(src), "| command | nothing |")
	states := monthStates(t)
	roles := append([]audit.Role{"nobody"}, slices.DeleteFunc(audit.Roles(), func(r audit.Role) bool { return r == audit.RoleSystem })...)
	cells := 0
	for _, command := range cycle.Commands() {
		if who[command] == nil || len(when[command]) != len(states)+2 {
			t.Errorf("%s has no row, or cells for %d states, want %d", command, len(when[command])-2, len(states))
			continue
		}
		may := strings.Split(who[command][1], ", ")
		for _, state := range states {
			for _, role := range roles {
				cells++
				h := state.header(holder(role))
				if role.OfCouncil() {
					h.Roles = []audit.Role{role}
				}
				_, err := loop.Decide(state.s, monthCommands[command](state, h), state.env)
				want := when[command][state.column] == "●" && slices.Contains(may, string(role))
				if got := err == nil; got != want {
					t.Errorf("%s when %s by %s: allowed %t, the table says %t (%v)", command, state.name, role, got, want, err)
				}
			}
		}
	}
	t.Logf("%d cells: %d commands, %d states, %d roles", cells, len(cycle.Commands()), len(states), len(roles))
}

// monthStates walks a month into every state of its table, in the order of the columns.
func monthStates(t *testing.T) []*tableState {
	t.Helper()
	var states []*tableState
	add := func(name string, w *walk) {
		states = append(states, &tableState{walk: w, name: name, column: len(states) + 1, s: w.state()})
	}
	w := newWalk(t, false)
	w.at("2026-04-01T10:00")
	add("nothing", w)
	year := newWalk(t, false)
	year.at("2026-04-01T10:00").must(cycle.PlanYear{Header: year.as(audit.RoleQAManager), Months: []cycle.MonthPlan{oneMonth}})
	add("year", year)
	w.must(cycle.PlanMonth{Header: w.as(audit.RoleQATeam), MonthPlan: oneMonth})
	add("planned", w)
	w.must(cycle.MakeDraw{Header: w.as(audit.RoleQATeam), Part: "deep_dives", Population: candidates(t), Seed: "7"})
	add("drawn", w)
	w.must(cycle.ConfirmPicks{Header: w.as(audit.RoleQATeam), Part: "deep_dives"})
	add("confirmed", w)
	w.must(cycle.ProposeAllocation{Header: w.as(audit.RoleQATeam), Role: audit.RoleAuditor, Pool: pool, Seed: "7"})
	add("proposed", w)
	w.must(cycle.ConfirmAllocation{Header: w.as(audit.RoleQATeam), Role: audit.RoleAuditor})
	add("allocated", w)
	w.must(cycle.CloseMonth{Header: w.as(audit.RoleQATeam), Because: secret})
	add("closed", w)
	return states
}

var (
	oneMonth = cycle.MonthPlan{Month: "2026-04", Parts: aprilCycle.Parts[:1]}
	pool     = []cycle.Member{{Person: "a1"}, {Person: "a2"}, {Person: "a3"}, {Person: "a4"}}
)

// monthCommands give each command as well as it can be given in a state.
var monthCommands = map[string]func(*tableState, audit.Header) loop.Command{
	"plan_year": func(_ *tableState, h audit.Header) loop.Command {
		return cycle.PlanYear{Header: h, Months: []cycle.MonthPlan{oneMonth}}
	},
	"plan_month": func(_ *tableState, h audit.Header) loop.Command {
		return cycle.PlanMonth{Header: h, MonthPlan: oneMonth, Because: secret}
	},
	"draw": func(x *tableState, h audit.Header) loop.Command {
		return cycle.MakeDraw{Header: h, Part: "deep_dives", Population: candidates(x.t), Seed: "8", Because: secret}
	},
	"confirm_picks": func(_ *tableState, h audit.Header) loop.Command {
		return cycle.ConfirmPicks{Header: h, Part: "deep_dives"}
	},
	"choose_file": func(x *tableState, h audit.Header) loop.Command {
		file := candidates(x.t)[0]
		file.Case.Number = "999999"
		return cycle.ChooseFile{Header: h, Part: "deep_dives", File: file, Because: secret}
	},
	"replace_pick": func(x *tableState, h audit.Header) loop.Command {
		return cycle.ReplacePick{Header: h, Case: x.aPick(), Because: secret}
	},
	"propose_allocation": func(_ *tableState, h audit.Header) loop.Command {
		return cycle.ProposeAllocation{Header: h, Role: audit.RoleAuditor, Pool: pool, Seed: "8"}
	},
	"confirm_allocation": func(_ *tableState, h audit.Header) loop.Command {
		return cycle.ConfirmAllocation{Header: h, Role: audit.RoleAuditor}
	},
	"swap_allocation": func(x *tableState, h audit.Header) loop.Command {
		return cycle.SwapAllocation{Header: h, Role: audit.RoleAuditor, Case: x.aPick(), To: cycle.Member{Person: "a5"}, Because: secret}
	},
	"close_month": func(_ *tableState, h audit.Header) loop.Command { return cycle.CloseMonth{Header: h, Because: secret} },
}

// aPick is a file of the month, once there is one.
func (x *tableState) aPick() audit.CaseNumber {
	if files := x.s.Cycle.Files; len(files) > 0 {
		return files[0].Case.Number
	}
	return "none"
}

// table reads the rows under a heading, by their first cell.
func table(t *testing.T, page, heading string) map[string][]string {
	t.Helper()
	_, rest, ok := strings.Cut(page, heading)
	if !ok {
		t.Fatalf("the page has no table %q", heading)
	}
	rows := map[string][]string{}
	for i, line := range strings.Split(rest, "\n") {
		if i < 2 {
			continue
		}
		if !strings.HasPrefix(line, "|") {
			break
		}
		cells := strings.Split(line, "|")[1:]
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		rows[cells[0]] = cells
	}
	return rows
}

// tableState is a file in one state of the table.
type tableState struct {
	*walk
	name   string
	column int
	s      loop.State
}

// holder is the one person who holds a role, and no other.
func holder(r audit.Role) audit.PersonID { return audit.PersonID("the-" + string(r)) }

// give gives a command in the state by the holder of a role, and changes nothing.
func (x *tableState) give(command string, r audit.Role) error {
	h := x.header(holder(r))
	if r.OfCouncil() {
		h.Roles = []audit.Role{r}
	}
	_, err := loop.Decide(x.s, tableCommands[command](x, h), x.env)
	return err
}

// holds reports whether a role is held in the state: there is an auditor once the audit
// has started, and a moderator once one is allocated.
func (x *tableState) holds(r audit.Role) bool {
	return (r != audit.RoleAuditor || x.s.Audit.Auditor != "") && (r != audit.RoleModerator || x.s.Moderation.Moderator != "")
}

// grave reports whether the file was found Inadequate.
func (x *tableState) grave() bool { return len(x.s.FollowUps) > 0 }

// tableStates walks a file into every state of the table, in the order of its columns.
func tableStates(t *testing.T) []*tableState {
	t.Helper()
	var states []*tableState
	add := func(name string, w *walk) {
		states = append(states, &tableState{walk: w, name: name, column: len(states) + 1, s: w.state()})
	}
	begin := func() *walk {
		w := newWalk(t, true)
		next := w.env
		next.Calendar, _ = w.env.Calendar.WithClosures("halton", []calendar.Closure{{From: day(t, "2026-12-01"), Name: "Closed"}})
		w.env.Next = &next
		w.people = audit.People{Holders: map[audit.Role][]audit.PersonID{}}
		for _, r := range audit.Roles() {
			if r.OfCase() {
				w.people.Holders[r] = []audit.PersonID{holder(r)}
			}
		}
		return w.at("2026-04-01T10:00")
	}
	add("none", begin())
	w := begin()
	w.tableFinalised()
	planned, _ := w.state().FollowUp(audit.DeepDive)
	origin := w.state()
	w.env.Origin = &origin
	w.stream = planned.Stream
	w.at("2026-05-18T10:00")
	add("planned", w)
	cancelled := *w
	w = begin()
	w.tableSelected()
	add("selected", w.at("2026-04-07T10:00"))
	w = begin()
	w.tableMet()
	add("started", w)
	w = begin()
	w.tableFinalised()
	add("finalised", w)
	w = begin()
	w.tableModerating()
	add("moderating", w)
	w = begin()
	w.tableModerated()
	add("moderated", w)
	w.must(moderation.Check{Header: w.as(audit.RoleQAPrincipalManager)})
	add("checked", w)
	w.must(moderation.Comment{Header: w.as(audit.RoleQAPrincipalManager), Comments: secret})
	w.must(loop.CompleteAction{Header: w.as(audit.RoleTeamManager), Action: "M1", Evidence: secret})
	add("closed", w)
	w.must(loop.ConfirmAction{Header: w.as(audit.RolePrincipalManager), Action: "M1"})
	w.must(loop.CompleteAction{Header: w.as(audit.RoleTeamManager), Action: "A1", Evidence: secret})
	w.must(loop.ConfirmAction{Header: w.as(audit.RolePrincipalManager), Action: "A1"})
	add("done", w)
	w.must(loop.CloseLoop{Header: w.as(audit.RoleDivisionalManager), Standard: secret})
	add("loop", w)
	dip, _ := w.state().FollowUp(audit.DipSample)
	closed := w.state()
	w = begin()
	w.tableMet()
	w.must(loop.Suspend{Header: w.as(audit.RoleQAManager), Ground: loop.GroundComplaint, Because: secret})
	add("suspended", w)
	w = begin()
	w.tableFinalised()
	w.must(loop.Withdraw{Header: w.as(audit.RoleDivisionalManager), Ground: loop.GroundClosed, Because: secret, Told: secret})
	add("proposed", w)
	w.must(loop.AgreeWithdrawal{Header: w.as(audit.RoleQAManager)})
	add("withdrawn", w)
	cancelled.must(loop.CancelFollowUp{Header: cancelled.as(audit.RoleQAManager), Because: secret})
	add("cancelled", &cancelled)
	w = begin()
	w.tableClosedLoop()
	w.stream, w.env.Origin = dip.Stream, &closed
	w.at("2026-08-10T10:00").must(audit.Start{Header: w.as(audit.RoleQATeam), Auditor: holder(audit.RoleAuditor)})
	add("dip", w)
	w.must(loop.ReviewDipSample{Header: w.as(audit.RoleAuditor), Held: map[string]loop.Held{"A1": loop.HeldYes, "M1": loop.HeldYes}, Impact: secret})
	add("dipped", w)
	return states
}

// as is a header of the holder of a role.
func (w *walk) as(r audit.Role) audit.Header {
	h := w.header(holder(r))
	if r.OfCouncil() {
		h.Roles = []audit.Role{r}
	}
	return h
}

func (w *walk) tableSelected() {
	w.must(audit.Select{Header: w.as(audit.RoleQATeam), Kind: audit.DeepDive, People: w.people, Case: audit.Case{Number: "104233", OpenedOn: day(w.t, "2025-09-15")}})
}

func (w *walk) tableMet() {
	w.tableSelected()
	w.at("2026-04-07T10:00").must(audit.Start{Header: w.as(audit.RoleQATeam), Auditor: holder(audit.RoleAuditor)})
	answers := map[string]audit.FreeText{}
	for _, q := range w.env.Policy.Audit.Reflection {
		answers[q.ID] = secret
	}
	w.must(audit.Reflect{Header: w.as(audit.RolePractitioner), Answers: answers})
	w.must(audit.Meet{Header: w.as(audit.RoleAuditor), HeldOn: day(w.t, "2026-04-07"), With: []audit.PersonID{holder(audit.RolePractitioner)}})
	w.must(wholeAnswer(w.env.Rubric, w.as(audit.RoleAuditor), true))
	for _, s := range w.env.Rubric.Sections() {
		w.must(audit.Judge{Header: w.as(audit.RoleAuditor), Section: s.ID, Grade: "good", Rationale: secret})
		w.must(audit.Judge{Header: w.as(audit.RolePractitioner), Section: s.ID, Grade: "good", Rationale: secret})
	}
	w.must(audit.Judge{Header: w.as(audit.RoleAuditor), Section: audit.Overall, Grade: "inadequate", Rationale: secret})
	for _, from := range w.env.Policy.Audit.FeedbackSources {
		w.must(audit.RecordFeedback{Header: w.as(audit.RoleAuditor), Feedback: audit.Feedback{Source: from, Outcome: audit.FeedbackUnsafe, Decider: "somebody"}})
	}
	w.must(audit.AddAction{Header: w.as(audit.RoleAuditor), Action: audit.Action{ID: "A1", Text: secret, Owner: "somebody"}})
}

func (w *walk) tableFinalised() {
	w.tableMet()
	w.must(audit.Finalise{Header: w.as(audit.RoleAuditor)})
}

func (w *walk) tableModerating() {
	w.tableFinalised()
	w.must(moderation.Allocate{Header: w.as(audit.RoleQATeam), Moderator: holder(audit.RoleModerator)})
	w.must(moderation.Discuss{Header: w.as(audit.RoleModerator), HeldOn: day(w.t, "2026-04-07")})
	for _, v := range []moderation.View{moderation.AsAtAudit, moderation.Now} {
		w.must(moderation.Judge{Header: w.as(audit.RoleModerator), View: v, Grade: "inadequate", Rationale: secret})
	}
	w.must(moderation.AddAction{Header: w.as(audit.RoleModerator), Action: audit.Action{ID: "M1", Text: secret, Owner: "somebody"}})
}

func (w *walk) tableModerated() {
	w.tableModerating()
	w.must(moderation.Finalise{Header: w.as(audit.RoleModerator), Impact: secret})
}

func (w *walk) tableClosedLoop() {
	w.tableModerated()
	w.must(moderation.Check{Header: w.as(audit.RoleQAPrincipalManager)})
	w.must(moderation.Comment{Header: w.as(audit.RoleQAPrincipalManager), Comments: secret})
	for _, id := range []string{"A1", "M1"} {
		w.must(loop.CompleteAction{Header: w.as(audit.RoleTeamManager), Action: id, Evidence: secret})
		w.must(loop.ConfirmAction{Header: w.as(audit.RolePrincipalManager), Action: id})
	}
	w.must(loop.CloseLoop{Header: w.as(audit.RoleDivisionalManager), Standard: secret})
}

// tableCommands give each command as well as it can be given in a state.
var tableCommands = map[string]func(*tableState, audit.Header) loop.Command{
	"select": func(x *tableState, h audit.Header) loop.Command {
		return audit.Select{Header: h, Kind: audit.DeepDive, People: x.people, Case: audit.Case{Number: "104233", OpenedOn: day(x.t, "2025-09-15")}}
	},
	"start": func(_ *tableState, h audit.Header) loop.Command {
		return audit.Start{Header: h, Auditor: holder(audit.RoleAuditor)}
	},
	"reflect": func(x *tableState, h audit.Header) loop.Command {
		answers := map[string]audit.FreeText{}
		for _, q := range x.env.Policy.Audit.Reflection {
			answers[q.ID] = secret
		}
		return audit.Reflect{Header: h, Answers: answers}
	},
	"meet": func(x *tableState, h audit.Header) loop.Command {
		return audit.Meet{Header: h, HeldOn: calendar.DateOf(x.now), With: []audit.PersonID{holder(audit.RolePractitioner)}}
	},
	"answer": func(x *tableState, h audit.Header) loop.Command { return wholeAnswer(x.env.Rubric, h, true) },
	"judge": func(_ *tableState, h audit.Header) loop.Command {
		return audit.Judge{Header: h, Section: "review", Grade: "good", Rationale: secret}
	},
	"see_suggestion": func(_ *tableState, h audit.Header) loop.Command {
		return audit.SeeSuggestion{Header: h, Section: "review"}
	},
	"record_feedback": func(_ *tableState, h audit.Header) loop.Command {
		return audit.RecordFeedback{Header: h, Feedback: audit.Feedback{Source: "child", Outcome: audit.FeedbackUnsafe, Decider: "somebody"}}
	},
	"add_action": func(_ *tableState, h audit.Header) loop.Command {
		return audit.AddAction{Header: h, Action: audit.Action{ID: "A9", Text: secret, Owner: "somebody"}}
	},
	"finalise": func(_ *tableState, h audit.Header) loop.Command { return audit.Finalise{Header: h} },
	"correct": func(_ *tableState, h audit.Header) loop.Command {
		return audit.Correct{Header: h, Lines: map[string]map[string]rubric.Answer{"referral": {"reason_identified": rubric.NotEvidenced}}, Because: secret}
	},
	"correct_case": func(x *tableState, h audit.Header) loop.Command {
		return audit.CorrectCase{Header: h, OpenedOn: day(x.t, "2025-09-01"), Team: "Lakeside", Because: secret}
	},
	"reopen": func(_ *tableState, h audit.Header) loop.Command { return audit.Reopen{Header: h, Because: secret} },
	"extend": func(x *tableState, h audit.Header) loop.Command {
		return audit.Extend{Header: h, Due: x.s.Audit.Due.Due.AddDays(400), With: "somebody", Because: secret}
	},
	"reassign": func(_ *tableState, h audit.Header) loop.Command {
		return audit.Reassign{Header: h, Role: audit.RoleTeamManager, To: []audit.PersonID{"another"}, Why: audit.ReassignLeft, Because: secret}
	},
	"appoint_deputy": func(_ *tableState, h audit.Header) loop.Command {
		return audit.AppointDeputy{Header: h, Deputy: audit.Deputy{Role: audit.RoleTeamManager, Person: "another"}, Because: secret}
	},
	"restrict_case": func(_ *tableState, h audit.Header) loop.Command {
		return audit.Restrict{Header: h, Restricted: true, Told: []audit.PersonID{"somebody"}, Because: secret}
	},
	"link_household": func(_ *tableState, h audit.Header) loop.Command {
		return audit.LinkHousehold{Header: h, Streams: []string{"another"}, Because: secret}
	},
	"renumber_case": func(_ *tableState, h audit.Header) loop.Command {
		return audit.Renumber{Header: h, Number: "204233", Because: secret}
	},
	"allocate_moderator": func(_ *tableState, h audit.Header) loop.Command {
		return moderation.Allocate{Header: h, Moderator: holder(audit.RoleModerator)}
	},
	"discuss": func(x *tableState, h audit.Header) loop.Command {
		return moderation.Discuss{Header: h, HeldOn: calendar.DateOf(x.now)}
	},
	"amend": func(_ *tableState, h audit.Header) loop.Command {
		return moderation.Amend{Header: h, View: moderation.Now, Facts: map[string]string{"consent": "given"}, Because: secret}
	},
	"moderate_judge": func(_ *tableState, h audit.Header) loop.Command {
		return moderation.Judge{Header: h, View: moderation.Now, Grade: "inadequate", Rationale: secret}
	},
	"see_moderation_suggestion": func(_ *tableState, h audit.Header) loop.Command {
		return moderation.SeeSuggestion{Header: h, View: moderation.Now}
	},
	"see_auditor_grade": func(_ *tableState, h audit.Header) loop.Command { return moderation.SeeAuditorGrade{Header: h} },
	"moderate_add_action": func(_ *tableState, h audit.Header) loop.Command {
		return moderation.AddAction{Header: h, Action: audit.Action{ID: "M9", Text: secret, Owner: "somebody"}}
	},
	"finalise_moderation": func(_ *tableState, h audit.Header) loop.Command {
		return moderation.Finalise{Header: h, Impact: secret}
	},
	"extend_moderation": func(x *tableState, h audit.Header) loop.Command {
		return moderation.Extend{Header: h, Due: x.s.Moderation.Due.Due.AddDays(400), With: "somebody", Because: secret}
	},
	"reassign_moderator": func(_ *tableState, h audit.Header) loop.Command {
		return moderation.Reassign{Header: h, Moderator: "another", Why: audit.ReassignLeft, Because: secret}
	},
	"reopen_moderation": func(_ *tableState, h audit.Header) loop.Command { return moderation.Reopen{Header: h, Because: secret} },
	"disagree": func(_ *tableState, h audit.Header) loop.Command {
		return moderation.Disagree{Header: h, Because: secret}
	},
	"settle":           func(_ *tableState, h audit.Header) loop.Command { return moderation.Settle{Header: h, Because: secret} },
	"check_moderation": func(_ *tableState, h audit.Header) loop.Command { return moderation.Check{Header: h} },
	"comment": func(_ *tableState, h audit.Header) loop.Command {
		return moderation.Comment{Header: h, Comments: secret}
	},
	"record_plan":  func(_ *tableState, h audit.Header) loop.Command { return loop.RecordPlan{Header: h, Plan: secret} },
	"send_tracker": func(_ *tableState, h audit.Header) loop.Command { return loop.SendTracker{Header: h} },
	"complete_action": func(_ *tableState, h audit.Header) loop.Command {
		return loop.CompleteAction{Header: h, Action: "A1", Evidence: secret}
	},
	"confirm_action": func(_ *tableState, h audit.Header) loop.Command { return loop.ConfirmAction{Header: h, Action: "M1"} },
	"agree_date": func(x *tableState, h audit.Header) loop.Command {
		return loop.AgreeDate{Header: h, Action: "A1", Due: calendar.DateOf(x.now).AddDays(30), With: "somebody", Because: secret}
	},
	"reflect_in_supervision": func(x *tableState, h audit.Header) loop.Command {
		return loop.ReflectInSupervision{Header: h, Action: "A1", HeldOn: calendar.DateOf(x.now), With: "somebody", Reflection: secret}
	},
	"close_loop": func(_ *tableState, h audit.Header) loop.Command { return loop.CloseLoop{Header: h, Standard: secret} },
	"review_dip_sample": func(_ *tableState, h audit.Header) loop.Command {
		return loop.ReviewDipSample{Header: h, Held: map[string]loop.Held{"A1": loop.HeldYes, "M1": loop.HeldYes}, Impact: secret}
	},
	"ask_advice":  func(_ *tableState, h audit.Header) loop.Command { return loop.AskAdvice{Header: h, Question: secret} },
	"give_advice": func(_ *tableState, h audit.Header) loop.Command { return loop.GiveAdvice{Header: h, Advice: secret} },
	"suspend": func(_ *tableState, h audit.Header) loop.Command {
		return loop.Suspend{Header: h, Ground: loop.GroundInspection, Because: secret}
	},
	"resume": func(_ *tableState, h audit.Header) loop.Command { return loop.Resume{Header: h, Because: secret} },
	"withdraw": func(_ *tableState, h audit.Header) loop.Command {
		return loop.Withdraw{Header: h, Ground: loop.GroundClosed, Because: secret, Told: secret}
	},
	"agree_withdrawal": func(_ *tableState, h audit.Header) loop.Command { return loop.AgreeWithdrawal{Header: h} },
	"cancel_follow_up": func(_ *tableState, h audit.Header) loop.Command {
		return loop.CancelFollowUp{Header: h, Because: secret}
	},
	"choose_dip_sample": func(_ *tableState, h audit.Header) loop.Command {
		return loop.ChooseDipSample{Header: h, Because: secret}
	},
	"migrate": func(x *tableState, h audit.Header) loop.Command {
		return loop.Migrate{Header: h, Calendar: loop.Digest(x.env.Next.Calendar.Edition().Digest), Because: secret}
	},
}
