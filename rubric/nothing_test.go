package rubric_test

import (
	"fmt"
	"reflect"
	"testing"

	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/rubric"
)

// Every method of every type, on the zero value and with nil and zero arguments.
func TestZeroValuesDoNotPanic(t *testing.T) {
	calls := 0
	for _, v := range []any{
		&rubric.Rubric{}, (*rubric.Form)(nil), &rubric.Form{}, &rubric.Result{}, (*rubric.Analysis)(nil), &rubric.Analysis{},
		&rubric.ImpactReport{}, &rubric.FormReader{},
		rubric.Comparison{}, rubric.Mistakes{}, rubric.Explanation{}, &rubric.AnswerErrors{}, &rubric.TooLargeError{}, rubric.Ref{}, rubric.LineRef{},
	} {
		of := reflect.ValueOf(v)
		for i := range of.NumMethod() {
			name := fmt.Sprintf("(%#v).%s", v, of.Type().Method(i).Name)
			if len(name) > 80 {
				name = fmt.Sprintf("%T %s", v, of.Type().Method(i).Name)
			}
			m := of.Method(i)
			args := make([]reflect.Value, m.Type().NumIn())
			for a := range args {
				args[a] = reflect.Zero(m.Type().In(a))
			}
			if name := of.Type().Method(i).Name; name == "Conditions" || name == "Walk" || name == "Scans" {
				continue // of these tests
			}
			if m.Type().IsVariadic() {
				args = args[:len(args)-1]
			}
			func() {
				defer func() {
					if p := recover(); p != nil {
						t.Errorf("%s: %v", name, p)
					}
				}()
				m.Call(args)
				calls++
			}()
		}
	}
	if _, err := rubric.Impact(t.Context(), nil, nil, calendar.EnglandAndWales(), nil, rubric.ImpactOptions{}); err == nil {
		t.Error("the impact of nothing")
	}
	t.Logf("%d calls", calls)
}
