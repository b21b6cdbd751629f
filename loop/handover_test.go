package loop_test

import (
	"slices"
	"testing"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/loop"
)

// Who takes over a role takes over its alerts: what the person before was told and
// did not act on.

func (w *walk) told(t loop.Topic) []string { return told(w.state(), t) }

func TestANewManagerIsToldAtOnceOfAnAlertThatNobodyAnswered(t *testing.T) {
	w := newWalk(t, false)
	w.started()
	w.must(loop.RaiseConcern{Header: w.header("anyone"), Concern: secret})
	w.must(w.reassign("qa", audit.RoleDivisionalManager, "newcomer", "dm")) // dm was told already
	w.must(w.reassign("qa", audit.RolePrincipalManager, "another"))         // no principal manager was told
	if who := w.told(loop.TopicUnacknowledged); !slices.Equal(who, []string{"divisional_manager:newcomer"}) {
		t.Fatalf("told %v", who)
	}
	notices := w.state().Notices
	i := slices.IndexFunc(notices, func(n loop.Notified) bool { return n.Topic == loop.TopicUnacknowledged })
	if !notices[i].Critical {
		t.Error("it need not be acknowledged")
	}
	w.must(loop.Acknowledge{Header: w.header("newcomer"), Notice: notices[i].ID})
	w.at("2026-04-08T09:00").tick()
	if who := w.told(loop.TopicUnacknowledged); len(who) != 1 {
		t.Errorf("the ladder goes on, though the alert is answered: %v", who)
	}
	w.must(w.reassign("qa", audit.RoleDivisionalManager, "third"))
	if who := w.told(loop.TopicUnacknowledged); len(who) != 1 {
		t.Errorf("told %v of what is answered", who)
	}
}

func TestADeputyWhoStandsInFromTodayIsToldOfAnOpenAlert(t *testing.T) {
	w := newWalk(t, false)
	w.started()
	w.must(loop.RaiseConcern{Header: w.header("anyone"), Concern: secret})
	stand := audit.AppointDeputy{Header: w.header("qa"), Deputy: audit.Deputy{Role: audit.RoleDirector, Person: "tomorrow", From: day(t, "2026-04-08")}, Because: secret}
	w.must(stand)
	stand.Header, stand.Deputy.Person, stand.Deputy.From = w.header("qa"), "today", day(t, "2026-04-07")
	w.must(stand)
	if who := w.told(loop.TopicUnacknowledged); !slices.Equal(who, []string{"director:today"}) {
		t.Errorf("told %v", who)
	}
}

func TestANewManagerIsToldAtOnceThatThereIsNoPlan(t *testing.T) {
	w := newWalk(t, true)
	w.finalised()
	for _, n := range w.state().Notices {
		if n.Critical {
			w.must(loop.Acknowledge{Header: w.header(n.To.Person), Notice: n.ID})
		}
	}
	w.must(w.reassign("qa", audit.RoleDivisionalManager, "newcomer"))
	if who := w.told(loop.TopicNoPlan); !slices.Equal(who, []string{"divisional_manager:newcomer"}) {
		t.Errorf("told %v", who)
	}
	w.must(w.reassign("qa", audit.RoleDirector, "another")) // the plan is the Divisional Manager's
	w.must(loop.RecordPlan{Header: w.header("newcomer"), Plan: secret})
	w.must(w.reassign("qa", audit.RoleDivisionalManager, "third"))
	if who := w.told(loop.TopicNoPlan); len(who) != 1 {
		t.Errorf("told %v", who)
	}
}

// The dates of one stand-in say nothing of the same person's others.
func TestADeputyOfTwoRolesStaysOneOfTheOther(t *testing.T) {
	w := newWalk(t, false)
	w.started()
	stand := func(r audit.Role, until string) audit.AppointDeputy {
		return audit.AppointDeputy{Header: w.header("qa"), Deputy: audit.Deputy{Role: r, Person: "second", Until: day(t, until)}, Because: secret}
	}
	w.must(stand(audit.RoleAuditor, "2026-04-30"))
	w.must(stand(audit.RoleDivisionalManager, "2026-04-30"))
	w.must(stand(audit.RoleAuditor, "2026-04-06"))
	p := w.state().People()
	if p.Holds(audit.RoleAuditor, "second", day(t, "2026-04-07")) || !p.Holds(audit.RoleDivisionalManager, "second", day(t, "2026-04-07")) || !p.Holds(audit.RoleDivisionalManager, "deputy", day(t, "2026-04-07")) {
		t.Errorf("deputies %+v", p.Deputies)
	}
	if len(p.Deputies) != 3 {
		t.Errorf("%d stand-ins", len(p.Deputies))
	}
}

func TestEveryOpenAlertIsHandedOver(t *testing.T) {
	w := newWalk(t, false)
	w.started()
	w.must(loop.RaiseConcern{Header: w.header("anyone"), Concern: secret})
	w.must(loop.RaiseConcern{Header: w.header("somebody"), Concern: secret})
	w.must(w.reassign("qa", audit.RoleDivisionalManager, "newcomer"))
	ids := map[loop.NoticeID]bool{}
	for _, n := range w.state().Notices {
		if n.To.Person == "newcomer" && n.Critical {
			ids[n.ID] = true
		}
	}
	if len(ids) != 2 {
		t.Errorf("of two concerns %d notices", len(ids))
	}
}

// Whom only the ladder reached hands over too.
func TestALadderThatHasReachedARoleIsHandedOver(t *testing.T) {
	w := newWalk(t, false)
	w.started()
	w.must(loop.RaiseConcern{Header: w.header("anyone"), Concern: secret})
	w.must(w.reassign("qa", audit.RoleOutOfHoursManager, "early"))
	if who := w.told(loop.TopicUnacknowledged); who != nil {
		t.Errorf("told %v before their turn", who)
	}
	w.at("2026-04-07T15:30").tick()
	before := len(w.told(loop.TopicUnacknowledged))
	w.must(w.reassign("qa", audit.RoleOutOfHoursManager, "newcomer"))
	if who := w.told(loop.TopicUnacknowledged)[before:]; !slices.Equal(who, []string{"out_of_hours_manager:newcomer"}) {
		t.Errorf("told %v", who)
	}
}
