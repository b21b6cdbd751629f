package loop_test

import (
	"reflect"
	"testing"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/cycle"
	"github.com/practiceaudit/practiceaudit/loop"
	"github.com/practiceaudit/practiceaudit/moderation"
)

// commandTypes are the types of the commands that people give, by name.
var commandTypes = func() map[string]reflect.Type {
	types := map[string]reflect.Type{}
	for _, c := range []loop.Command{
		audit.AddAction{}, audit.Answer{}, audit.AppointDeputy{}, audit.Correct{}, audit.CorrectCase{},
		audit.Extend{}, audit.Finalise{}, audit.Judge{}, audit.LinkHousehold{}, audit.Meet{}, audit.Reassign{},
		audit.RecordFeedback{}, audit.Reflect{}, audit.Renumber{}, audit.Reopen{}, audit.Restrict{},
		audit.SeeSuggestion{}, audit.Select{}, audit.Start{},
		moderation.AddAction{}, moderation.Allocate{}, moderation.Amend{}, moderation.Check{},
		moderation.Comment{}, moderation.Disagree{}, moderation.Discuss{}, moderation.Extend{},
		moderation.Finalise{}, moderation.Judge{}, moderation.Reassign{}, moderation.Reopen{},
		moderation.SeeAuditorGrade{}, moderation.SeeSuggestion{}, moderation.Settle{},
		cycle.ChooseFile{}, cycle.CloseMonth{}, cycle.ConfirmAllocation{}, cycle.ConfirmPicks{}, cycle.MakeDraw{},
		cycle.PlanMonth{}, cycle.PlanYear{}, cycle.ProposeAllocation{}, cycle.ReplacePick{},
		cycle.SwapAllocation{},
		loop.Acknowledge{}, loop.AgreeDate{}, loop.AgreeWithdrawal{}, loop.AskAdvice{}, loop.CancelFollowUp{},
		loop.ChooseDipSample{}, loop.CloseLoop{}, loop.CompleteAction{}, loop.ConfirmAction{}, loop.GiveAdvice{}, loop.Migrate{},
		loop.RaiseConcern{}, loop.RecordPlan{}, loop.ReflectInSupervision{}, loop.Resume{}, loop.ReviewDipSample{},
		loop.SendTracker{}, loop.Suspend{}, loop.Withdraw{},
	} {
		types[c.Name()] = reflect.TypeOf(c)
	}
	return types
}()

func TestEveryCommandThatAPolicyKnowsHasAType(t *testing.T) {
	for name := range haltonEnv(t).Policy.May {
		if commandTypes[name] == nil {
			t.Errorf("%s is not among the types of commands", name)
		}
	}
}
