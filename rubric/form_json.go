package rubric

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/practiceaudit/practiceaudit/calendar"
)

// Limits on a stored form.
const (
	MaxStoredForm = 1 << 20 // bytes of its JSON
	MaxCase       = 200     // bytes of a reference to a case
)

// FormReader reads stored forms of one rubric, one after another. A stored form is
// [Answers] as JSON, and may say in "case" an opaque reference to the case it is of:
//
//	{"case": "A-17", "facts": {"consent": "given"}, "lines": {"referral": {"good_lines": "evidenced", "jargon_free": "partly"}}}
//
// As in a rubric's own examples, the name of a list stands for all of its lines that
// are answered by hand, and the answer to a line beats that to its list.
//
// A key that stands twice is refused, so that no answer is lost without a word. A byte
// order mark is passed over.
//
// A form written in the usual way is read into what the reader already holds; only
// its facts and the periods between them may allocate. A FormReader belongs to one
// goroutine.
type FormReader struct {
	r     *Rubric
	cal   *calendar.Calendar
	bound *sheetBinder
	sheet *sheet
	scanner
}

// NewFormReader returns a reader of a rubric's stored forms. The calendar is for
// conditions that count time; nil leaves those undetermined.
func NewFormReader(r *Rubric, cal *calendar.Calendar) *FormReader {
	if r == nil {
		r = &Rubric{}
	}
	fr := &FormReader{r: r, cal: cal, bound: newSheetBinder(r, cal), sheet: r.emptySheet()}
	fr.scanner = newScanner(r, fr.sheet)
	return fr
}

// Read reads one stored form. The form is good until the next Read, which may fill it
// again; src may be changed once Read has returned.
//
// The error is an [*AnswerErrors] with every mistake, as that of [Rubric.Form], or a
// [*StoredFormError] if src is not JSON in the shape of a stored form, or longer than
// [MaxStoredForm].
func (fr *FormReader) Read(src []byte) (*Form, error) {
	f, _, err := fr.read(src)
	return f, err
}

// read also returns the reference to the case, which lasts as long as src.
func (fr *FormReader) read(src []byte) (f *Form, ref []byte, err error) {
	if len(src) > MaxStoredForm {
		return nil, nil, &StoredFormError{Message: fmt.Sprintf("a stored form has at most %d bytes", MaxStoredForm)}
	}
	src = bytes.TrimPrefix(src, byteOrderMark)
	if fr.r == nil {
		return nil, nil, errNoRubric
	}
	if len(fr.r.grades) > 0 && fr.scan(src) && fr.bound.bind(fr.sheet) {
		return fr.bound.f, fr.sheet.ref, nil
	}
	return fr.slowly(src)
}

// StoredFormError says why something is not a stored form: it speaks of the shape of
// the JSON, never of what stands in it.
type StoredFormError struct {
	Byte    int    // where, counted from 1; 0 if that is not known
	Message string // plain English, lower case
}

func (e *StoredFormError) Error() string {
	if e.Byte > 0 {
		return fmt.Sprintf("at byte %d: %s", e.Byte, e.Message)
	}
	return e.Message
}

type storedForm struct {
	Case string `json:"case"`
	Answers
}

// slowly reads what is not written in the usual way, and finds what is wrong.
func (fr *FormReader) slowly(src []byte) (*Form, []byte, error) {
	var stored storedForm
	d := json.NewDecoder(bytes.NewReader(src))
	d.DisallowUnknownFields()
	err := d.Decode(&stored)
	if err == nil {
		if _, rest := d.Token(); rest != io.EOF {
			err = errors.New("more than one form stands here; write each on a line of its own")
		}
	}
	if err != nil {
		return nil, nil, inPlainEnglish(err)
	}
	if err := strict(src); err != nil {
		return nil, nil, err
	}
	if len(stored.Case) > MaxCase {
		return nil, nil, &StoredFormError{Message: fmt.Sprintf("a reference to a case has at most %d bytes", MaxCase)}
	}
	conflicts := fr.r.spread(&stored.Answers)
	f, err := fr.r.Form(stored.Answers, fr.cal)
	var wrong *AnswerErrors
	if err != nil && !errors.As(err, &wrong) {
		return nil, nil, err
	}
	if wrong != nil {
		conflicts = append(conflicts, wrong.Errors...)
	}
	if len(conflicts) > 0 {
		return nil, nil, &AnswerErrors{conflicts}
	}
	fr.sheet.fill(stored.Answers, f)
	return f, []byte(stored.Case), nil
}

// inPlainEnglish says what is wrong with the JSON.
func inPlainEnglish(err error) error {
	var syntax *json.SyntaxError
	var typ *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return &StoredFormError{Byte: int(syntax.Offset), Message: "this is not JSON: " + syntax.Error()}
	case errors.As(err, &typ):
		where := ""
		if typ.Field != "" {
			where = strings.TrimPrefix(typ.Field, "Answers.") + ": "
		}
		return &StoredFormError{Byte: int(typ.Offset), Message: fmt.Sprintf("%s%s stands where %s belongs", where, article(typ.Value), jsonFor(typ.Type.Kind().String()))}
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return &StoredFormError{Message: "this is not JSON: it ends too early"}
	}
	if _, key, ok := strings.Cut(err.Error(), "unknown field "); ok {
		return unknownKey(strings.Trim(key, `"`))
	}
	return &StoredFormError{Message: err.Error()}
}

func unknownKey(key string) error {
	return &StoredFormError{Message: fmt.Sprintf("a stored form has no key %s; %s", quote(key), suggestion(key, storedKeys))}
}

var storedKeys = []string{"case", "service", "status", "facts", "lines", "missed_bottom_lines", "judgements", "carried"}

func article(what string) string {
	if what == "array" || what == "object" {
		return "an " + what
	}
	return "a " + strings.Fields(what + " value")[0]
}

func jsonFor(kind string) string {
	switch kind {
	case "string":
		return `text in quotes, as in "evidenced" or "12",`
	case "slice":
		return "an array, in [ ],"
	}
	return "an object, in { },"
}

// spread gives each line the answer to its list, where it has none of its own. A line
// of two lists that are answered otherwise needs one.
func (r *Rubric) spread(a *Answers) (conflicts []AnswerError) {
	for i := range r.sections {
		s := &r.sections[i]
		given := a.Lines[s.id]
		own := map[string]Answer{}
		for id, answer := range given {
			own[id] = answer
		}
		conflict := map[string]bool{}
		for j := range s.lists {
			list := &s.lists[j]
			answer := given[list.id]
			delete(own, list.id)
			if answer == "" {
				continue
			}
			for _, k := range s.answeredWith(j) {
				id := s.lines[k].id
				if _, itself := given[id]; itself {
					continue
				}
				if was, ok := own[id]; ok && was != answer && !conflict[id] {
					conflict[id] = true
					conflicts = append(conflicts, AnswerError{Section: s.id, Line: id, Message: "this line stands in two lists that are answered otherwise; answer it by itself too"})
				}
				own[id] = answer
			}
		}
		if given != nil {
			a.Lines[s.id] = own
		}
	}
	return conflicts
}

// keys are what an answer can be given to: the lines, then the lists.
func (s *section) keys() []string {
	keys := s.lineIDs()
	for i := range s.lists {
		keys = append(keys, s.lists[i].id)
	}
	return keys
}
