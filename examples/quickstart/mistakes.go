package main

import (
	"errors"

	"github.com/practiceaudit/practiceaudit/rubric"
)

// mistakes are all that is wrong with the inputs, file by file.
type mistakes struct {
	files []string
	of    map[string]rubric.Mistakes
	other []error // without a place in a file
}

// add adds what reading a file, or a database, came back with; nil is nothing.
func (m *mistakes) add(err error) {
	var ms rubric.Mistakes
	switch {
	case err == nil:
	case errors.As(err, &ms):
		for _, one := range ms {
			m.put(one)
		}
	default:
		m.other = append(m.other, err)
	}
}

func (m *mistakes) put(one rubric.Mistake) {
	if m.of == nil {
		m.of = map[string]rubric.Mistakes{}
	}
	if _, known := m.of[one.File]; !known {
		m.files = append(m.files, one.File)
	}
	m.of[one.File] = append(m.of[one.File], one)
}

// more adds what was found by looking further, but for lines on which a mistake
// stands already: there it may only follow from that.
func (m *mistakes) more(ms rubric.Mistakes) {
	said := map[string]map[int]bool{}
	for file, all := range m.of {
		said[file] = map[int]bool{}
		for _, one := range all {
			said[file][one.Line] = true
		}
	}
	for _, one := range ms {
		if !said[one.File][one.Line] {
			m.put(one)
		}
	}
}

// in reports whether a file has any.
func (m *mistakes) in(file string) bool { return len(m.of[file]) > 0 }

func (m *mistakes) err() error {
	errs := append([]error(nil), m.other...)
	for _, file := range m.files {
		errs = append(errs, m.of[file].Err())
	}
	return errors.Join(errs...)
}
