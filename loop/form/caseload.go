package form

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/internal/source"
)

// MaxCaseload is the most bytes of a caseload export that are read.
const MaxCaseload = 64 << 20

// File is one line of a caseload.
type File struct {
	Case              audit.Case
	Practitioners     []audit.PersonID
	DivisionalManager audit.PersonID
	Line              int

	at map[string]place // by column
}

// place is a line and a column in characters.
type place struct{ line, column int }

// Caseload is a caseload export: the files that can be chosen from.
type Caseload struct {
	Files      []File
	Duplicates []Duplicate

	name  string
	lines []string
}

// Duplicate is a line whose case number stands in an earlier one. The earlier
// one counts.
type Duplicate struct {
	Number      audit.CaseNumber
	Line, First int
}

// File returns the file of a case.
func (c *Caseload) File(n audit.CaseNumber) (File, bool) {
	i := slices.IndexFunc(c.Files, func(f File) bool { return f.Case.Number == n })
	if i < 0 {
		return File{}, false
	}
	return c.Files[i], true
}

// columns of a caseload export; upper and lower case and underscores are alike.
var columns = []string{"case number", "opened on", "team", "practitioner", "divisional manager"}

// ReadCaseload reads a caseload export: CSV with the columns case number,
// opened on (2026-03-02 or 02/03/2026), team, practitioner (several with ;)
// and Divisional Manager, in any order; other columns are passed over. A date
// after today is a mistake; a zero today leaves that unchecked. Duplicate case
// numbers are listed and the rest loaded. The error is a rubric.Mistakes; what
// could be read is returned beside it, to hold other files against.
func ReadCaseload(name string, src []byte, today calendar.Date) (*Caseload, error) {
	r := &caseloadReader{name: name, lines: strings.Split(string(src), "\n"), today: today, first: map[audit.CaseNumber]int{}}
	if len(src) > MaxCaseload {
		return nil, source.Mistakes{{File: name, Message: fmt.Sprintf("the file is longer than %d MiB", MaxCaseload>>20)}}
	}
	r.read(src)
	r.caseload.name, r.caseload.lines = name, r.lines
	return &r.caseload, r.mistakes.Err()
}

type caseloadReader struct {
	name     string
	lines    []string
	today    calendar.Date
	at       map[string]int // column by name
	width    int            // how many columns the first line names
	first    map[audit.CaseNumber]int
	caseload Caseload
	mistakes source.Mistakes
}

func (r *caseloadReader) wrong(line, column int, format string, args ...any) {
	r.mistakes = append(r.mistakes, csvMistake(r.name, r.lines, line, column, fmt.Sprintf(format, args...)))
}

func csvMistake(name string, lines []string, line, column int, message string) source.Mistake {
	text := ""
	if line >= 1 && line <= len(lines) {
		text = strings.TrimRight(lines[line-1], "\r")
	}
	return source.Mistake{File: name, Line: line, Column: column, Message: message, Text: text}
}

func (r *caseloadReader) read(src []byte) {
	reader := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(src, []byte("\ufeff"))))
	reader.TrimLeadingSpace = true
	reader.FieldsPerRecord = -1
	for first := true; ; {
		record, err := reader.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		var parse *csv.ParseError
		switch {
		case errors.As(err, &parse) && parse.StartLine < parse.Line:
			r.wrong(parse.StartLine, 1, `a " opens a field on this line and nothing closes it`)
			return
		case errors.As(err, &parse):
			r.wrong(parse.Line, parse.Column, "this is not CSV: %s", parse.Err)
			return
		case err != nil:
			r.wrong(1, 1, "%s", err)
			return
		case first:
			first = false
			if !r.header(record, reader) {
				return
			}
		default:
			r.file(record, reader)
		}
	}
	if r.at == nil && len(r.mistakes) == 0 {
		r.wrong(1, 1, "the caseload is empty; its first line names the columns %s", strings.Join(columns, ", "))
	}
}

func (r *caseloadReader) header(record []string, reader *csv.Reader) bool {
	r.at, r.width = map[string]int{}, len(record)
	for i, name := range record {
		r.at[strings.ReplaceAll(strings.ToLower(strings.TrimSpace(name)), "_", " ")] = i
	}
	ok := true
	for _, want := range columns {
		if _, found := r.at[want]; found {
			continue
		}
		ok = false
		line, column := reader.FieldPos(0)
		message := fmt.Sprintf("there is no column %q", want)
		for i, name := range record {
			if !slices.Contains(columns, strings.ToLower(name)) && source.Nearest(name, []string{want}) != "" {
				line, column = r.place(reader, i)
				message = fmt.Sprintf("there is no column %q; did you mean %q?", name, want)
			}
		}
		r.wrong(line, column, "%s", message)
	}
	return ok
}

// place is where a field stands, in characters.
func (r *caseloadReader) place(reader *csv.Reader, i int) (line, column int) {
	line, column = reader.FieldPos(i)
	if text := r.lines[min(line, len(r.lines))-1]; column-1 <= len(text) {
		column = len([]rune(text[:column-1])) + 1
	}
	return line, column
}

func (r *caseloadReader) file(record []string, reader *csv.Reader) {
	for i := r.width; i < len(record); i++ {
		if strings.TrimSpace(record[i]) != "" { // else the spreadsheet's own empty columns
			line, column := r.place(reader, i)
			r.wrong(line, column, "this line has more fields than the first line has columns; put text that holds a comma in quotes")
			return
		}
	}
	field := func(name string) (string, int, int) {
		i := r.at[name]
		if i >= len(record) {
			line, _ := reader.FieldPos(0)
			r.wrong(line, 1, "this line has no %s", name)
			return "", line, 1
		}
		line, column := r.place(reader, i)
		value := strings.TrimSpace(record[i])
		if value == "" {
			r.wrong(line, column, "the %s is missing", name)
		}
		return value, line, column
	}
	number, line, _ := field("case number")
	opened, dateLine, dateColumn := field("opened on")
	f := File{Line: line, at: map[string]place{}}
	named := func(name string) string {
		value, line, column := field(name)
		f.at[name] = place{line, column}
		return value
	}
	f.Case = audit.Case{Number: audit.CaseNumber(number), Team: named("team")}
	practitioners := named("practitioner")
	f.DivisionalManager = audit.PersonID(named("divisional manager"))
	for _, p := range strings.Split(practitioners, ";") {
		if p = strings.TrimSpace(p); p != "" {
			f.Practitioners = append(f.Practitioners, audit.PersonID(p))
		}
	}
	if opened != "" {
		d, err := date(opened)
		switch {
		case err != nil:
			r.wrong(dateLine, dateColumn, "%s", err)
		case !r.today.IsZero() && d.After(r.today):
			r.wrong(dateLine, dateColumn, "case %s is opened on %s, which is after today, %s", number, d, r.today)
		}
		f.Case.OpenedOn = d
	}
	if first, ok := r.first[f.Case.Number]; ok && number != "" {
		r.caseload.Duplicates = append(r.caseload.Duplicates, Duplicate{f.Case.Number, line, first})
		return
	}
	r.first[f.Case.Number] = line
	r.caseload.Files = append(r.caseload.Files, f)
}

// date reads 2026-03-02, or 02/03/2026 as British exports have it.
func date(s string) (calendar.Date, error) {
	if t, err := time.Parse("02/01/2006", s); err == nil {
		return calendar.NewDate(t.Year(), t.Month(), t.Day())
	}
	return calendar.ParseDate(s)
}
