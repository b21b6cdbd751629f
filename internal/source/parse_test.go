package source_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/practiceaudit/practiceaudit/internal/source"
)

// read parses a file that has no mistake.
func read(t testing.TB, src string) *source.Node {
	t.Helper()
	root, ms := source.Parse("file.yaml", []byte(src))
	if err := ms.Err(); err != nil {
		t.Fatalf("%v\nin\n%s", err, src)
	}
	return root
}

func TestValuesMeanWhatAPersonWouldExpect(t *testing.T) {
	for _, tc := range []struct {
		written string
		kind    source.Kind
		value   string
	}{
		{"2026-03-02", source.Text, "2026-03-02"},
		{"2026-03-02T09:00", source.Text, "2026-03-02T09:00"},
		{"2026-03-02 09:00:00Z", source.Text, "2026-03-02 09:00:00Z"},
		{"09:30", source.Text, "09:30"}, // 570 in YAML 1.1
		{"1:30:00", source.Text, "1:30:00"},
		{"yes", source.Text, "yes"}, // true in YAML 1.1
		{"No", source.Text, "No"},
		{"on", source.Text, "on"},
		{"OFF", source.Text, "OFF"},
		{"y", source.Text, "y"},
		{"tRUE", source.Text, "tRUE"},
		{"true", source.Bool, "true"},
		{"True", source.Bool, "true"},
		{"FALSE", source.Bool, "false"},
		{"~", source.Null, ""},
		{"null", source.Null, ""},
		{"", source.Null, ""},
		{"NULL", source.Null, ""},
		{"nil", source.Text, "nil"},
		{"none", source.Text, "none"},
		{"0", source.Number, "0"},
		{"-0", source.Number, "-0"},
		{"12", source.Number, "12"},
		{"-12.50", source.Number, "-12.50"},
		{"999999999999999", source.Number, "999999999999999"},
		{"104233", source.Number, "104233"},
		{"1,000", source.Text, "1,000"},
		{"12a", source.Text, "12a"},
		{"1.2.3", source.Text, "1.2.3"},
		{"e3", source.Text, "e3"},
		{"_1", source.Text, "_1"},
		{"nan", source.Text, "nan"},
		{"inf", source.Text, "inf"},
		{`"010"`, source.Text, "010"},
		{"'1_000'", source.Text, "1_000"},
		{"'.nan'", source.Text, ".nan"},
		{`"true"`, source.Text, "true"},
		{`""`, source.Text, ""},
		{"'*x'", source.Text, "*x"},
		{"'<<'", source.Text, "<<"},
		{"a # note", source.Text, "a"},
		{"a#b", source.Text, "a#b"},
		{"http://x", source.Text, "http://x"},
		{"|\n  one\n  two\n", source.Text, "one\ntwo\n"},
		{">-\n  one\n  two\n", source.Text, "one two"},
		{"|\n  010\n", source.Text, "010\n"},
		{"one\n  two", source.Text, "one two"},
	} {
		n := read(t, "key: "+tc.written+"\n").Field("key")
		if n.Kind != tc.kind || n.Value != tc.value {
			t.Errorf("%q reads as %s %q, want %s %q", tc.written, n.Kind, n.Value, tc.kind, tc.value)
		}
	}
}

func TestKeysMayBeQuotedAndMayBeAnyWord(t *testing.T) {
	root := read(t, "plain: 1\n'single': 2\n\"dou\\x62le\": 3\nmet when: 4\n'1': 5\n\"<<\": 6\n2026-03-02: 7\nyes: 8\n")
	want := []string{"plain", "single", "double", "met when", "1", "<<", "2026-03-02", "yes"}
	if diff := cmp.Diff(want, root.Keys()); diff != "" {
		t.Error(diff)
	}
	for i, key := range want {
		if got := root.Text(key); got != fmt.Sprint(i+1) {
			t.Errorf("%s is %q", key, got)
		}
	}
}

func TestNodesStandWhereTheFileHasThem(t *testing.T) {
	root := read(t, "\ufeff# note\r\nnamé: Zoë\r\n\"list\":\r\n  - one\r\n  - { two: 2 }\r\nbraces: { ключ: [a, b] }\r\n")
	var got []string
	var walk func(n *source.Node)
	walk = func(n *source.Node) {
		got = append(got, fmt.Sprintf("%s %q key %d:%d value %d:%d", n.Key, n.Value, n.KeyLine, n.KeyColumn, n.Line, n.Column))
		for _, f := range n.Fields {
			walk(f)
		}
		for _, item := range n.Items {
			walk(item)
		}
	}
	walk(root)
	want := []string{
		` "" key 2:1 value 2:1`,
		`namé "Zoë" key 2:1 value 2:7`,
		`list "" key 3:1 value 4:3`,
		` "one" key 4:5 value 4:5`,
		` "" key 5:5 value 5:5`,
		`two "2" key 5:7 value 5:12`,
		`braces "" key 6:1 value 6:9`,
		`ключ "" key 6:11 value 6:17`,
		` "a" key 6:18 value 6:18`,
		` "b" key 6:21 value 6:21`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestFilesThatAreReadThoughTheyLookOdd(t *testing.T) {
	for name, src := range map[string]string{
		"JSON":                    `{"a": 1, "b": [true, null, "x"]}`,
		"JSON with tabs":          "{\n\t\"a\": 1,\n\t\"b\": [\n\t\t2\n\t]\n}\n",
		"a document marker":       "---\na: 1\n",
		"an end marker":           "a: 1\n...\n",
		"a YAML version":          "%YAML 1.1\n---\na: 1\n",
		"CRLF":                    "a: 1\r\nb: |\r\n  x\r\n  y\r\n",
		"no line break at all":    "a: 1",
		"a byte order mark":       "\ufeffa: 1\n",
		"a comment at the end":    "a: 1\n# end",
		"a tab before a comment":  "a: 1\t# note\n",
		"one word":                "word\n",
		"a list":                  "- a\n- b\n",
		"a list not indented":     "a:\n- b\n",
		"white space at the ends": "a: 1   \n   \n",
		"an empty list":           "a: []\n",
		"an empty mapping":        "{}\n",
		"a key with a question":   "? a\n: 1\n",
	} {
		if root := read(t, src); root == nil {
			t.Errorf("%s: nothing read", name)
		}
	}
}

func TestWindowsLineBreaksAreNoPartOfAText(t *testing.T) {
	if got := read(t, "a: |\r\n  x\r\n  y\r\n").Text("a"); got != "x\ny\n" {
		t.Errorf("read %q", got)
	}
}

// Every limit: as much as it allows is read, one more is refused.
func TestLimits(t *testing.T) {
	deep := func(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }
	many := func(n int) string { return "[" + strings.Repeat("1,", n-2) + "1]" }
	long := func(n int) string { return "a: " + strings.Repeat("x", n-3) }
	for _, tc := range []struct {
		name             string
		most, more, want string
	}{
		{"bytes", long(source.MaxSource), long(source.MaxSource + 1), "file.yaml: the file is too long: 1048577 bytes, and at most 1048576 are read"},
		{"depth", deep(source.MaxDepth), deep(source.MaxDepth + 1), "file.yaml:1:33: more than 32 mappings and lists stand inside one another"},
		{"values", many(source.MaxNodes), many(source.MaxNodes + 1), "file.yaml:1:200000: the file is too long: more than 100000 values"},
		{"digits", "a: 999999999999999", "a: 9999999999999999", "file.yaml:1:4: 9999999999999999 is too long a number"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			read(t, tc.most)
			_, ms := source.Parse("file.yaml", []byte(tc.more))
			if len(ms) != 1 || !strings.HasPrefix(ms.Error(), tc.want) {
				t.Errorf("%d mistakes: %.300s", len(ms), ms)
			}
		})
	}
}

func TestOfVeryManyMistakesTheFirstAreListedAndTheRestCounted(t *testing.T) {
	_, ms := source.Parse("file.yaml", []byte(strings.Repeat("- 010\n", source.MaxMistakes+12)))
	if len(ms) != source.MaxMistakes+12 {
		t.Fatalf("%d mistakes", len(ms))
	}
	var listed source.Mistakes
	if !errors.As(ms.Err(), &listed) || len(listed) != source.MaxMistakes+1 {
		t.Fatalf("%d are listed", len(listed))
	}
	if last := listed[source.MaxMistakes]; last.Line != source.MaxMistakes+1 || last.Message != "12 more mistakes from here on; mend these first" {
		t.Errorf("the last is %v", last)
	}
	if err := ms[:source.MaxMistakes].Err(); !errors.As(err, &listed) || len(listed) != source.MaxMistakes {
		t.Errorf("as many as are listed: %d", len(listed))
	}
}

// A file of many values on one line was once read in time that grew with the
// square of its length: this one took minutes.
func TestALongLineIsReadAllTheSame(t *testing.T) {
	src := "[" + strings.Repeat("010,", source.MaxNodes-2) + "010]"
	_, ms := source.Parse("file.yaml", []byte(src))
	if len(ms) != source.MaxNodes-1 {
		t.Fatalf("%d mistakes", len(ms))
	}
	if text := ms.Err().Error(); len(text) > 1_000_000 {
		t.Errorf("the answer is %d bytes long", len(text))
	}
}

func TestANilNodeHasNothing(t *testing.T) {
	var n *source.Node
	if n.Field("a") != nil || n.Text("a") != "" || n.Scalar() != "" || n.IsScalar() || n.True("a") || n.Keys() != nil || n.Each() != nil {
		t.Error("a nil node has something")
	}
	for _, m := range []source.Mistake{n.Mistake("no %s", "thing"), n.KeyMistake("no %s", "thing"), n.MistakeAt(3, "no %s", "thing")} {
		if m.Message != "no thing" || m.Line != 0 {
			t.Errorf("%+v", m)
		}
	}
}

func TestEachTakesOneValueForAListOfOne(t *testing.T) {
	root := read(t, "one: a\nmany: [a, b]\nnothing:\nempty: []\n")
	for key, want := range map[string]int{"one": 1, "many": 2, "nothing": 0, "empty": 0, "absent": 0} {
		if got := len(root.Field(key).Each()); got != want {
			t.Errorf("%s has %d", key, got)
		}
	}
}

func TestMistakesAreErrors(t *testing.T) {
	_, ms := source.Parse("file.yaml", []byte("a: 010\nb: .nan\n"))
	err := fmt.Errorf("reading: %w", ms.Err())
	var one source.Mistake
	if !errors.As(err, &one) || one.Line != 1 || one.Column != 4 || one.File != "file.yaml" || one.Text != "a: 010" {
		t.Errorf("%+v", one)
	}
	if (source.Mistakes{}).Err() != nil {
		t.Error("no mistakes are an error")
	}
	twice := append(source.Mistakes{ms[1], ms[0]}, ms...)
	if diff := cmp.Diff(ms, twice.InOrder()); diff != "" {
		t.Errorf("in order and each once (-want +got)\n%s", diff)
	}
	if twice[0] != ms[1] {
		t.Error("InOrder changed what it was given")
	}
}

// seeds are files, wrong and right, from which the fuzzer starts.
func seeds() []string {
	all := []string{"a: 1\n", `{"a": [1, 2.5, true, null, "x"]}`, "a: |\n  x\n\n  y\n", "a: >-\n  x\n", "a: 'it''s'\n", "? a\n: - b\n"}
	for _, files := range [][]wrongFile{unreadable, refused, carets} {
		for _, f := range files {
			if len(f.src) < 5000 {
				all = append(all, f.src)
			}
		}
	}
	return all
}

func FuzzParse(f *testing.F) {
	if len(seeds()) < 100 {
		f.Fatalf("only %d seeds", len(seeds()))
	}
	for _, seed := range seeds() {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		root, ms := source.Parse("file.yaml", src)
		if root == nil && len(ms) == 0 {
			t.Fatalf("neither read nor refused: %q", src)
		}
		for _, m := range ms {
			if m.Message == "" || strings.Contains(m.Message, "\n") || m.File != "file.yaml" {
				t.Fatalf("%+v in %q", m, src)
			}
			inside(t, string(src), m)
		}
		_ = ms.Error()
		held(t, string(src), root, 0)
	})
}

// held walks over a tree: every node, and every character of every text, has a
// place in the file.
func held(t *testing.T, src string, n *source.Node, depth int) {
	if n == nil {
		return
	}
	if depth > source.MaxDepth+1 {
		t.Fatalf("deeper than %d: %q", source.MaxDepth, src)
	}
	inside(t, src, n.Mistake("here"))
	inside(t, src, n.KeyMistake("here"))
	for i := range []rune(n.Value) {
		if i < 200 {
			inside(t, src, n.MistakeAt(i, "here"))
		}
	}
	for _, f := range n.Fields {
		if n.Field(f.Key) != f {
			t.Fatalf("%q is not found by its key: %q", f.Key, src)
		}
		held(t, src, f, depth+1)
	}
	for _, item := range n.Items {
		held(t, src, item, depth+1)
	}
}
