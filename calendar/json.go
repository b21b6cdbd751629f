package calendar

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"
)

// jsonValue is a value of a JSON file and the line on which it stands.
// encoding/json alone keeps the last of two equal keys, and says no line.
type jsonValue struct {
	kind   jsonKind
	key    string // its name in the object around it
	line   int
	text   string       // of a string
	fields []*jsonValue // of an object, in order
	items  []*jsonValue // of an array
}

type jsonKind uint8

const (
	jsonOther jsonKind = iota // a number, true, false or null
	jsonString
	jsonObject
	jsonArray
)

// Limits on a file of bank holidays, far above what GOV.UK publishes.
const (
	maxJSONDepth  = 8
	maxJSONValues = 50_000
)

// field returns the value under a key of an object, or nil.
func (v *jsonValue) field(key string) *jsonValue {
	if v == nil {
		return nil
	}
	for _, f := range v.fields {
		if f.key == key {
			return f
		}
	}
	return nil
}

func (v *jsonValue) string() string {
	if v == nil {
		return ""
	}
	return v.text
}

// readJSON reads one JSON value. The error is a *DataError.
func readJSON(text []byte) (*jsonValue, error) {
	text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))
	r := jsonReader{text: text, decoder: json.NewDecoder(bytes.NewReader(text)), line: 1}
	if !utf8.Valid(text) {
		return nil, &DataError{Problem: "the file is not UTF-8", Want: "JSON as GOV.UK publishes it"}
	}
	r.decoder.UseNumber()
	v, err := r.value(0)
	if err == nil {
		if _, more := r.decoder.Token(); !errors.Is(more, io.EOF) {
			err = r.wrong("something follows the end of the list", "one list only")
		}
	}
	if err != nil {
		return nil, err
	}
	return v, nil
}

type jsonReader struct {
	text    []byte
	decoder *json.Decoder
	line    int
	counted int // how much of text the line is counted for
	values  int
}

func (r *jsonReader) wrong(problem, want string) error {
	return &DataError{Line: r.at(), Problem: problem, Want: want}
}

// at returns the line that the decoder has come to.
func (r *jsonReader) at() int {
	offset := min(int(r.decoder.InputOffset()), len(r.text))
	r.line += bytes.Count(r.text[r.counted:offset], []byte("\n"))
	r.counted = offset
	return r.line
}

func (r *jsonReader) token() (json.Token, error) {
	t, err := r.decoder.Token()
	switch {
	case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
		return nil, r.wrong("the file is cut off", "the whole file, as GOV.UK publishes it")
	case err != nil:
		return nil, r.wrong("this is not JSON: "+err.Error(), "the file as GOV.UK publishes it")
	}
	return t, nil
}

func (r *jsonReader) value(depth int) (*jsonValue, error) {
	t, err := r.token()
	if err != nil {
		return nil, err
	}
	if r.values++; depth > maxJSONDepth || r.values > maxJSONValues {
		return nil, r.wrong("there is far more in the file than a list of bank holidays", "the file as GOV.UK publishes it")
	}
	v := &jsonValue{line: r.at()}
	switch t := t.(type) {
	case string:
		v.kind, v.text = jsonString, t
	case json.Delim:
		if t == '{' {
			v.kind = jsonObject
			return v, r.fields(v, depth)
		}
		v.kind = jsonArray
		return v, r.items(v, depth)
	}
	return v, nil
}

func (r *jsonReader) fields(v *jsonValue, depth int) error {
	seen := map[string]bool{}
	for r.decoder.More() {
		t, err := r.token()
		if err != nil {
			return err
		}
		key, _ := t.(string)
		if seen[key] {
			return r.wrong(fmt.Sprintf("%q stands twice in one list", shorten(key)), "it once")
		}
		seen[key] = true
		f, err := r.value(depth + 1)
		if err != nil {
			return err
		}
		f.key = key
		v.fields = append(v.fields, f)
	}
	_, err := r.token()
	return err
}

func (r *jsonReader) items(v *jsonValue, depth int) error {
	for r.decoder.More() {
		item, err := r.value(depth + 1)
		if err != nil {
			return err
		}
		v.items = append(v.items, item)
	}
	_, err := r.token()
	return err
}

// DataError says what is wrong with a file of bank holidays or a stored
// calendar.
type DataError struct {
	Line    int    // 1-based; 0 when it is about the whole
	Text    string // what was read there, shortened when very long
	Problem string // what is wrong with it
	Want    string // what would be right
}

// Error returns where and what was wrong, and what would be right.
func (e *DataError) Error() string {
	s := e.Problem
	if e.Text != "" {
		s = fmt.Sprintf("%q: %s", e.Text, s)
	}
	if e.Line > 0 {
		s = fmt.Sprintf("line %d: %s", e.Line, s)
	}
	if e.Want != "" {
		s += "; want " + e.Want
	}
	return s
}
