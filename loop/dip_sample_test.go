package loop_test

import (
	"fmt"
	"testing"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/loop"
)

func TestAShareOfTheClosedAuditsIsDipSampled(t *testing.T) {
	for words, want := range map[string][2]int{"all": {1000, 1000}, "none": {0, 0}, "1 in 1": {1000, 1000}, "1 in 4": {200, 300}, "1 in 999": {0, 10}} {
		p := policyWith(t, "dip_sample: all ", "dip_sample: "+words+" ")
		picked := 0
		for i := range 1000 {
			id := loop.StreamID(fmt.Sprintf("stream-%d", i))
			picks := p.Samples(id)
			if picks {
				picked++
			}
			if again := p.Samples(id); again != picks {
				t.Errorf("%s is picked and is not", id)
			}
		}
		if picked < want[0] || picked > want[1] {
			t.Errorf("%s: %d of 1000 are picked, want %v", words, picked, want)
		}
	}
}

func TestAnAuditThatTheShareDidNotPickIsChosenByPeople(t *testing.T) {
	w := newWalk(t, false)
	w.env.Policy = policyWith(t, "dip_sample: all ", "dip_sample: none ")
	w.engine.Env = w.env
	choose := func(who audit.PersonID) loop.ChooseDipSample {
		return loop.ChooseDipSample{Header: w.header(who), Because: secret}
	}
	w.moderated()
	w.wantRefused("phase", choose("manager"))
	w = newWalk(t, false)
	w.env.Policy = policyWith(t, "dip_sample: all ", "dip_sample: none ")
	w.engine.Env = w.env
	w.loopClosed()
	if f := w.state().FollowUps; len(f) != 0 {
		t.Fatalf("planned %v", f)
	}
	w.at("2026-06-01T10:00").wantRefused("role", choose("auditor"))
	w.wantRefused("because", loop.ChooseDipSample{Header: w.header("manager")})
	w.must(choose("manager"))
	planned, ok := w.state().FollowUp(audit.DipSample)
	if !ok || planned.Because != "chosen" || planned.Start.Due != day(t, "2026-08-03") {
		t.Errorf("planned %+v; three months after the audit closed on 1 May, rolled to a Monday", planned)
	}
	w.wantRefused("phase", choose("manager"))
	w.stream = planned.Stream
	w.at("2026-08-03T10:00").must(audit.Start{Header: w.header("qa"), Auditor: "lead"})
}
