package source

// The kinds of file that are read, each with a key that only it has.
const (
	Rubric = "a rubric"
	Policy = "a process policy"
	Form   = "a form"
)

var marks = []struct{ key, kind string }{{"sections", Rubric}, {"clocks", Policy}, {"given", Form}}

// AnotherKind answers a file that is of another kind than the one that is read:
// one mistake, instead of one for every key. It is empty for a file that is of that
// kind or of none.
func AnotherKind(root *Node, want string) Mistakes {
	var m Mistakes
	for _, mark := range marks {
		n := root.Field(mark.key)
		switch {
		case n != nil && mark.kind == want:
			return nil
		case n != nil && m == nil:
			m = Mistakes{n.KeyMistake("this file is %s, not %s", mark.kind, want)}
		}
	}
	return m
}
