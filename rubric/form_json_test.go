package rubric_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/rubric"
	"github.com/practiceaudit/practiceaudit/rubric/halton"
)

// stored is a stored form as encoding/json has it.
type stored struct {
	Case string `json:"case,omitempty"`
	rubric.Answers
}

// meant reports whether a value has no key twice, its own no other letters, and is no
// null itself.
func meant(d *json.Decoder, depth int) bool {
	t, _ := d.Token()
	open, ok := t.(json.Delim)
	if !ok {
		return t != nil || depth > 0
	}
	keys := map[string]bool{}
	for d.More() {
		if open == '{' {
			key, _ := d.Token()
			if keys[key.(string)] || depth == 0 && key != strings.ToLower(key.(string)) {
				return false
			}
			keys[key.(string)] = true
		}
		if !meant(d, depth+1) {
			return false
		}
	}
	_, _ = d.Token()
	return true
}

// readDumbly reads a stored form by encoding/json, spreads its lists and binds it.
func readDumbly(r *rubric.Rubric, src []byte, cal *calendar.Calendar) (*rubric.Form, stored, error) {
	var s stored
	d := json.NewDecoder(strings.NewReader(string(src)))
	d.DisallowUnknownFields()
	if err := d.Decode(&s); err != nil {
		return nil, s, err
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, s, errors.New("there is more")
	}
	if len(s.Case) > rubric.MaxCase {
		return nil, s, errors.New("a long reference")
	}
	if !meant(json.NewDecoder(strings.NewReader(string(src))), 0) {
		return nil, s, errors.New("nobody means that")
	}
	for _, section := range r.Sections() {
		given, own := s.Lines[section.ID], map[string]rubric.Answer{}
		if given == nil {
			continue
		}
		ofLists := map[string][]rubric.Answer{}
		for _, l := range section.Lines {
			strength := slices.ContainsFunc(l.Lists, func(id string) bool { return kindOf(section, id) == rubric.Strength })
			for _, list := range l.Lists {
				if answer := given[list]; answer != "" && !l.Computed && (!strength || kindOf(section, list) == rubric.Strength) {
					ofLists[l.ID] = append(ofLists[l.ID], answer)
				}
			}
		}
		for id, answers := range ofLists {
			if _, itself := given[id]; !itself {
				own[id] = answers[0]
				if slices.ContainsFunc(answers, func(a rubric.Answer) bool { return a != answers[0] }) {
					return nil, s, errors.New("two lists are answered otherwise")
				}
			}
		}
		for id, answer := range given {
			if kindOf(section, id) == "" {
				own[id] = answer
			}
		}
		s.Lines[section.ID] = own
	}
	f, err := r.Form(s.Answers, cal)
	return f, s, err
}

func kindOf(s rubric.Section, list string) rubric.ListKind {
	for _, l := range s.Lists {
		if l.ID == list {
			return l.Kind
		}
	}
	return ""
}

// sameReading holds the reader beside the dumb way, and says whether the form was
// taken.
func sameReading(t testing.TB, r *rubric.Rubric, fr *rubric.FormReader, src []byte) bool {
	t.Helper()
	cal := calendar.EnglandAndWales()
	want, s, wantErr := readDumbly(r, src, cal)
	got, ref, err := fr.ReadWithCase(src)
	if (err == nil) != (wantErr == nil) {
		t.Fatalf("%q: the reader says %v, encoding/json and Form say %v", src, err, wantErr)
	}
	if err != nil {
		var a, b *rubric.AnswerErrors
		if got != nil || errors.As(wantErr, &b) && (!errors.As(err, &a) || cmp.Diff(b, a) != "") {
			t.Fatalf("%q: form %v, error %v, want %v", src, got, err, wantErr)
		}
		return false
	}
	if ref != s.Case {
		t.Fatalf("%q: case %q, want %q", src, ref, s.Case)
	}
	a, b := got.Grade(), want.Grade()
	if diff := cmp.Diff(b.Outcomes(nil), a.Outcomes(nil)); diff != "" || a.Complete() != b.Complete() {
		t.Fatalf("%q: graded otherwise (-want +got):\n%s", src, diff)
	}
	if diff := cmp.Diff(b.Explain().Text(), a.Explain().Text()); diff != "" {
		t.Fatalf("%q: explained otherwise (-want +got):\n%s", src, diff)
	}
	return true
}

// writer writes answers as JSON in the ways that people and programs do.
type writer struct {
	dice
	b      strings.Builder
	spaced bool
	odd    int // of a hundred strings, those with an escape
}

func (w *writer) text(s string) {
	switch {
	case len(s) > 0 && w.chance(w.odd):
		fmt.Fprintf(&w.b, `"\u%04x%s"`, s[0], s[1:])
	default:
		w.b.WriteString(`"` + s + `"`)
	}
}

func (w *writer) gap() {
	if w.spaced {
		w.b.WriteString([]string{" ", "", "\t", "\r\n"}[w.IntN(4)])
	}
}

func object[V any](w *writer, m map[string]V, value func(V)) {
	keys := sortedKeys(m)
	if w.chance(50) {
		w.Shuffle(len(keys), func(i, j int) { keys[i], keys[j] = keys[j], keys[i] })
	}
	w.gap()
	w.b.WriteByte('{')
	for i, k := range keys {
		if i > 0 {
			w.b.WriteByte(',')
		}
		w.gap()
		w.text(k)
		w.gap()
		w.b.WriteByte(':')
		w.gap()
		value(m[k])
		w.gap()
	}
	w.b.WriteByte('}')
}

// write writes a stored form. Parts of it are functions, so that they can be drawn in
// any order.
func (d dice) write(ref string, a rubric.Answers) []byte {
	w := &writer{dice: d, spaced: d.chance(40), odd: []int{0, 0, 3}[d.IntN(3)]}
	parts := map[string]func(){}
	text := func(s string) { w.text(s) }
	if ref != "" {
		parts["case"] = func() { text(ref) }
	}
	if a.Service != "" || d.chance(5) {
		parts["service"] = func() { text(a.Service) }
	}
	if a.Status != nil {
		parts["status"] = func() {
			w.b.WriteByte('[')
			for i, s := range a.Status {
				if i > 0 {
					w.b.WriteByte(',')
				}
				w.gap()
				text(s)
			}
			w.b.WriteByte(']')
		}
	}
	if len(a.Facts) > 0 || d.chance(20) {
		parts["facts"] = func() { object(w, a.Facts, text) }
	}
	parts["lines"] = func() {
		object(w, a.Lines, func(lines map[string]rubric.Answer) { object(w, lines, func(a rubric.Answer) { text(string(a)) }) })
	}
	if len(a.Judgements) > 0 {
		parts["judgements"] = func() { object(w, a.Judgements, func(g rubric.Grade) { text(string(g)) }) }
	}
	for name, list := range map[string]any{"missed_bottom_lines": a.MissedBottomLines, "carried": a.Carried} {
		if src, _ := json.Marshal(list); string(src) != "null" {
			parts[name] = func() { w.b.Write(src) }
		}
	}
	object(w, parts, func(part func()) { part() })
	w.gap()
	return []byte(w.b.String())
}

// shorten answers some lists as a whole, and makes now and then a mistake.
func (d dice) shorten(m *model, a rubric.Answers) rubric.Answers {
	for _, s := range m.sections {
		for _, l := range s.lists {
			if !d.chance(40) {
				continue
			}
			answers := []rubric.Answer{rubric.Seen, rubric.NotSeen}
			if l.kind == "strength" {
				answers = []rubric.Answer{rubric.Evidenced, rubric.Evidenced, rubric.Partly, rubric.NotEvidenced}
			}
			a.Lines[s.id][l.id] = pick(d, answers)
			for _, line := range l.lines {
				if d.chance(70) {
					delete(a.Lines[s.id], line.id)
				}
			}
		}
		if d.chance(2) {
			a.Lines[s.id][pick(d, s.lines).id] = pick(d, []rubric.Answer{"", "seen", "evidenced", "not_applicable", "given"})
		}
		if d.chance(1) {
			a.Judgements[s.id] = "better"
		}
	}
	if d.chance(2) {
		a.Lines["s9"] = map[string]rubric.Answer{"a": "b"}
	}
	if d.chance(2) {
		a.Service = "other"
	}
	return a
}

// mutate makes a mistake somewhere.
func (d dice) mutate(src []byte) []byte {
	src = slices.Clone(src)
	i := d.IntN(len(src))
	switch d.IntN(6) {
	case 0:
		src[i] = byte(d.IntN(256))
	case 1:
		src = slices.Delete(src, i, i+1)
	case 2:
		src = slices.Insert(src, i, pick(d, []byte("\"{}[],:\\ \n\x00é1nt")))
	case 3: // some of it again
		j := min(len(src), i+d.IntN(40))
		src = slices.Insert(src, j, src[i:j]...)
	case 4:
		return src[:i]
	case 5:
		words := []string{`"evidenced"`, `"seen"`, `""`, "null", "12", `"s0"`, `"list0"`, "{}", "[]", `"lines"`, `"Lines"`, "\"\xff\""}
		return []byte(strings.Replace(string(src), pick(d, words), pick(d, words), 1))
	}
	return src
}

func TestAStoredFormIsReadAsByEncodingJSONAndForm(t *testing.T) {
	cal := calendar.EnglandAndWales()
	var scanned, taken, refused int
	for seed := range uint64(effort(150, 1500)) {
		d := newDice(seed)
		m := d.model()
		r, err := rubric.ParseShort("model.yaml", []byte(m.yaml()))
		if err != nil {
			t.Fatal(err)
		}
		fr := rubric.NewFormReader(r, cal)
		for range 20 {
			a := d.answers(m, []int{0, 0, 20}[d.IntN(3)])
			if d.chance(60) {
				a = d.shorten(m, a)
			}
			src := d.write(pick(d, []string{"", "A-17", "Ä 1"}), a)
			if fr.Scans(src) {
				scanned++
			}
			for range 4 {
				if sameReading(t, r, fr, src) {
					taken++
				} else {
					refused++
				}
				src = d.mutate(src)
				if len(src) == 0 {
					break
				}
			}
		}
	}
	t.Logf("%d read the fast way; %d taken, %d refused, many of them mutated", scanned, taken, refused)
	if scanned == 0 || taken == 0 || refused == 0 || scanned > taken {
		t.Error("too little was tried")
	}
}

func deepDive(t testing.TB) *rubric.Rubric {
	t.Helper()
	r, err := rubric.Parse(halton.DeepDiveFile, halton.DeepDive())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestWhatIsThereTwiceIsRefused(t *testing.T) {
	r := rightRubric(t)
	fr := rubric.NewFormReader(r, calendar.EnglandAndWales())
	for _, src := range []string{
		`{"lines":{"planning":{"smart":"partly","late":"seen"},"planning":{"smart":"evidenced"}}}`,
		`{"lines":{"planning":{"smart":"partly"}},"lines":{"planning":{"late":"seen"}}}`,
		`{"lines":{"planning":{"smart":"partly"},"planning":{"late":"seen"}}}`,
		`{"lines":{"planning":{"smart":"partly","smart":"evidenced"}}}`,
		`{"lines":{"planning":{"smart":"partly","smart":""}}}`,
		`{"lines":{"planning":{"smart":"partly"},"planning":null}}`,
		`{"lines":{"planning":{"good_lines":"partly","good_lines":"evidenced"}}}`,
		`{"lines":{"planning":{"good_lines":"partly","good_lines":""}}}`,
		`{"facts":{"visits":"0","visits":"3"}}`,
		`{"facts":{"visits":"0","visits":""}}`,
		`{"facts":{"visits":"0"},"facts":{"plans":"3"}}`,
		`{"judgements":{"planning":"good","planning":"inadequate"}}`,
		`{"status":["in_care"],"status":[]}`,
		`{"service":"care","service":""}`,
		`{"case":"A-1","case":"A-2"}`,
	} {
		var wrong *rubric.StoredFormError
		if _, err := fr.Read([]byte(src)); !errors.As(err, &wrong) || !strings.Contains(wrong.Message, "second time") || wrong.Byte == 0 {
			t.Errorf("%s: %v", src, err)
		}
	}
}

func TestWhatNobodyMeantIsNoForm(t *testing.T) {
	fr := rubric.NewFormReader(rightRubric(t), calendar.EnglandAndWales())
	for src, want := range map[string]string{
		`null`:           "this is null, not a form",
		`{"Case":"A-1"}`: `a stored form has no key "Case"; did you mean "case"?`,
		`{"FACTS":{}}`:   `a stored form has no key "FACTS"; `,
	} {
		if _, err := fr.Read([]byte(src)); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: %v", src, err)
		}
	}
	if _, err := fr.Read([]byte("\uFEFF{}")); err != nil {
		t.Errorf("with a byte order mark: %v", err)
	}
	if _, err := new(rubric.FormReader).Read([]byte("{}")); err == nil {
		t.Error("read by no reader")
	}
}

// A form as encoding/json writes it is read the fast way, and all that is allocated is
// for the period that the calendar counts.
func TestAUsualFormIsReadNextToWithoutAllocating(t *testing.T) {
	r := deepDive(t)
	fr := rubric.NewFormReader(r, calendar.EnglandAndWales())
	for _, short := range []bool{false, true} {
		src := haltonForms(t, r, 1, short)[0]
		if !fr.Scans(src) {
			t.Fatalf("it is not read the fast way: %s", src)
		}
		if n := testing.AllocsPerRun(100, func() {
			if _, err := fr.Read(src); err != nil {
				t.Fatal(err)
			}
		}); n > 1 {
			t.Errorf("short %t: %v allocations", short, n)
		}
	}
}

// haltonForms are stored forms of a rubric as Halton's: whole, every line answered, or
// short, with a list's answer for most of its lines.
func haltonForms(t testing.TB, r *rubric.Rubric, n int, short bool) [][]byte {
	t.Helper()
	d := newDice(5)
	lines := make([][]byte, n)
	for i := range lines {
		s := stored{Case: fmt.Sprintf("A-%05d", i), Answers: rubric.Answers{
			Facts: map[string]string{
				"referred_at": fmt.Sprintf("2026-03-%02dT%02d:00", 1+d.IntN(9), 8+d.IntN(10)), "allocated_at": fmt.Sprintf("2026-03-%02dT%02d:30", 10+d.IntN(5), 8+d.IntN(10)),
				"consent": pick(d, []string{"given", "given", "given", "refused", "not_needed_or_unsafe_recorded"}),
			},
			Lines: map[string]map[string]rubric.Answer{}, Judgements: map[string]rubric.Grade{"management_oversight": pick(d, r.Grades()[1:])},
		}}
		if !d.chance(20) {
			s.Facts["allocated_at"] = s.Facts["referred_at"][:11] + "19:45"
		}
		for _, section := range r.Sections() {
			if section.JudgedFreely {
				continue
			}
			good := []int{100, 100, 98, 80, 40}[d.IntN(5)]
			given := map[string]rubric.Answer{}
			s.Lines[section.ID] = given
			if short {
				for _, l := range section.Lists {
					given[l.ID] = map[rubric.ListKind]rubric.Answer{rubric.Strength: rubric.Evidenced}[l.Kind]
					if l.Kind != rubric.Strength {
						given[l.ID] = rubric.NotSeen
					}
				}
			}
			for _, l := range section.Lines {
				if l.Computed {
					continue
				}
				strength := len(l.Answers) > 2
				answer := map[bool]rubric.Answer{true: rubric.Evidenced, false: rubric.NotSeen}[strength]
				well := d.chance(good)
				switch {
				case !well && strength:
					answer = pick(d, []rubric.Answer{rubric.Partly, rubric.NotEvidenced})
				case !well:
					answer = rubric.Seen
				}
				if !short || !well {
					given[l.ID] = answer
				}
			}
		}
		var err error
		if lines[i], err = json.Marshal(s); err != nil {
			t.Fatal(err)
		}
	}
	return lines
}

func TestWhatIsNoStoredFormIsAnsweredInPlainEnglish(t *testing.T) {
	r := rightRubric(t)
	fr := rubric.NewFormReader(r, calendar.EnglandAndWales())
	for src, want := range map[string]string{
		``:                         "this is not JSON: it ends too early",
		`{`:                        "this is not JSON: it ends too early",
		`{"facts"}`:                "at byte 9: this is not JSON",
		`[]`:                       "an array stands where an object, in { }, belongs",
		`{"lines":{"planning":3}}`: "lines",
		`{"facts":{"visits":12}}`:  `a number stands where text in quotes, as in "evidenced" or "12", belongs`,
		`{"status":"in_care"}`:     "status: a string stands where an array, in [ ], belongs",
		`{"line":{}}`:              `a stored form has no key "line"; did you mean "lines"?`,
		`{} {}`:                    "more than one form stands here",
		`{"case":"` + strings.Repeat("x", rubric.MaxCase+1) + `"}`:             "a reference to a case has at most 200 bytes",
		`{"case":"` + strings.Repeat("x", rubric.MaxStoredForm) + `"}`:         "a stored form has at most 1048576 bytes",
		`{"lines":{"referral":{"clear":"sen"}}}`:                               `referral.clear: "sen" is not an answer to this line; it takes evidenced, partly, not_evidenced, not_applicable`,
		`{"lines":{"referral":{"quick":"seen"}}}`:                              "is not answered by hand",
		`{"lines":{"referral":{"bottom_lines":"partly","good_lines":"seen"}}}`: "referral.agreed: this line stands in two lists that are answered otherwise; answer it by itself too",
		`{"service":"care","facts":{"opened":"2026-02-30","visits":"51"}}`:     "visits is a whole number from 0 to 50",
		`{"lines":{"referral":{"good_lines":"nothing"}}}`:                      `"nothing" is not an answer`,
	} {
		_, err := fr.Read([]byte(src))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.80s: %v\nwant %s", src, err, want)
		}
	}
	largest := `{"case":"A"` + strings.Repeat(" ", rubric.MaxStoredForm-len(`{"case":"A"}`)) + `}`
	if _, err := fr.Read([]byte(largest)); err != nil || len(largest) != rubric.MaxStoredForm {
		t.Errorf("a form of the largest size: %v", err)
	}
	for _, none := range []*rubric.Rubric{nil, {}} {
		if _, err := rubric.NewFormReader(none, nil).Read([]byte("{}")); err == nil {
			t.Error("a form of no rubric is taken")
		}
	}
}

// The reader forgets the form before.
func TestAReaderReadsEachFormAsIfItWereTheFirst(t *testing.T) {
	cal := calendar.EnglandAndWales()
	d := newDice(11)
	for range effort(40, 400) {
		m := d.model()
		r, err := rubric.ParseShort("model.yaml", []byte(m.yaml()))
		if err != nil {
			t.Fatal(err)
		}
		fr := rubric.NewFormReader(r, cal)
		for range 30 {
			src := d.write("", d.answers(m, pick(d, []int{0, 40})))
			f, err := fr.Read(src)
			if err != nil {
				t.Fatal(err)
			}
			alone, err := rubric.NewFormReader(r, cal).Read(src)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(alone.Grade().Explain(), f.Grade().Explain()); diff != "" {
				t.Fatalf("%s\n%s", src, diff)
			}
		}
	}
}

// Bytes are read as a form, or refused, as encoding/json and Form do.
func FuzzStoredForm(f *testing.F) {
	r := rightRubric(f)
	forms := explained(f, r)
	if len(forms) < 8 {
		f.Fatal("too few seeds")
	}
	for i, name := range sortedKeys(forms) {
		f.Add(newDice(uint64(i)).write("A-17", forms[name]))
	}
	f.Add([]byte(`{"lines":{"referral":{"good_lines":"evidenced","clear":"partly","bad_lines":""},"planning":{"odd_lines":"seen"}},"status":[],"service":""}`))
	f.Add([]byte(`{"LINES":{"referral":null},"lines":{"referral":{"clear":"\u0065videnced"}},"facts":{"visits":""},"case":"é"}`))
	f.Fuzz(func(t *testing.T, src []byte) {
		sameReading(t, r, rubric.NewFormReader(r, calendar.EnglandAndWales()), src)
	})
}
