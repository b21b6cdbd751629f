package loop_test

import (
	"reflect"

	"github.com/google/go-cmp/cmp"

	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/loop"
)

// exportState lets go-cmp look into states, but not at the ids of the commands
// that led to them.
func exportState() cmp.Option {
	return cmp.Options{
		cmp.Exporter(func(t reflect.Type) bool {
			return t == reflect.TypeFor[calendar.Date]() || t == reflect.TypeFor[calendar.Period]()
		}),
		cmp.FilterPath(func(p cmp.Path) bool { return p.Last().String() == ".commands" }, cmp.Ignore()),
		cmp.AllowUnexported(loop.State{}),
	}
}
