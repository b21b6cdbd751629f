package loop_test

import (
	"bytes"
	"encoding"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/internal/source"
	"github.com/practiceaudit/practiceaudit/loop"
	"github.com/practiceaudit/practiceaudit/schemas"
)

// The schema is written from the types of the events and their documentation, so
// that a new event joins with -update.
func TestTheEventSchemaIsThatOfTheEvents(t *testing.T) {
	got := eventSchema(t)
	if *update {
		if err := os.WriteFile("../schemas/event.schema.json", got, 0o644); err != nil {
			t.Fatal(err)
		}
		schemas.Event = got
	}
	if diff := cmp.Diff(string(schemas.Event), string(got)); diff != "" {
		t.Errorf("schemas/event.schema.json is not that of the events: run go test ./loop -run EventSchema -update (-file +events):\n%s", diff)
	}
}

func TestEveryStoredRecordFitsTheEventSchema(t *testing.T) {
	sequential(t)
	s := compiled(t)
	for _, file := range historyFiles(t) {
		for _, r := range readHistory(t, file) {
			fits(t, s, r)
		}
	}
	env := smallEnv(t)
	cases := 0
	rapid.Check(t, func(r *rapid.T) {
		if cases++; cases%each10th != 0 {
			return
		}
		w := newTown(r, env)
		w.live(lifetime, func() {})
		for _, stream := range w.streams {
			for _, record := range w.of(stream).records {
				fits(r, s, record)
			}
		}
	})
}

func TestARecordThatIsNoneDoesNotFitTheEventSchema(t *testing.T) {
	s := compiled(t)
	good := readHistory(t, histories+"/14-loop-closed.jsonl")
	for _, r := range good[:3] {
		fits(t, s, r)
	}
	line, err := json.Marshal(good[0])
	if err != nil {
		t.Fatal(err)
	}
	for _, change := range []struct{ name, from, to string }{
		{"no stream", `"stream":"file-1",`, ``},
		{"no version", `"version":1,`, ``},
		{"a version of 0", `"version":1,`, `"version":0,`},
		{"a time without a zone", `"at":"2026-04-01T09:00:00Z"`, `"at":"2026-04-01T09:00:00"`},
		{"no event in it", `"data":{`, `"data":[],"was":{`},
		{"a kind that is a number", `"kind":"deep_dive"`, `"kind":1`},
		{"no kind", `"kind":"deep_dive",`, ``},
		{"a day that is none", `"start_on":"2026-04-07"`, `"start_on":"the 7th"`},
		{"holders that are no list", `"practitioner":["practitioner"]`, `"practitioner":"practitioner"`},
	} {
		bad := strings.Replace(string(line), change.from, change.to, 1)
		if bad == string(line) {
			t.Fatalf("%s: there is no %s in %s", change.name, change.from, line)
		}
		if mistakes(t, s, []byte(bad)) == nil {
			t.Errorf("%s fits:\n%s", change.name, bad)
		}
	}
	future := bytes.Replace(line, []byte(`"type":"audit.selected"`), []byte(`"type":"audit.from_the_future"`), 1)
	if ms := mistakes(t, s, future); ms != nil {
		t.Errorf("an event of a newer version does not fit: %v", ms)
	}
}

func compiled(t testing.TB) *source.Schema {
	t.Helper()
	s, err := source.CompileSchema(schemas.Event)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// fits fails if a record does not fit the schema.
func fits(t rapid.TB, s *source.Schema, r loop.Record) {
	line, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	if err := mistakes(t, s, line); err != nil {
		t.Fatalf("%s, version %d, %s does not fit: %v\n%s", r.Stream, r.Version, r.Type, err, line)
	}
}

func mistakes(t rapid.TB, s *source.Schema, line []byte) error {
	root, ms := source.Parse("record", line)
	if err := ms.Err(); err != nil {
		t.Fatal(err)
	}
	return s.Validate(root).Err()
}

// eventSchema writes the schema of all events.
func eventSchema(t testing.TB) []byte {
	t.Helper()
	w := schemaWriter{defs: map[string]any{}, docs: map[string]string{}}
	var all []any
	for _, name := range eventTypes(t, w.docs) {
		e, err := loop.DecodeEvent(name, []byte(`{}`))
		if err != nil {
			t.Fatal(err)
		}
		if _, unknown := e.(loop.Unknown); unknown {
			t.Fatalf("there is a name %q, but no event of it is read", name)
		}
		v := reflect.ValueOf(e)
		if v.NumField() == 1 && v.Type().Field(0).Anonymous && v.Field(0).Kind() == reflect.Interface {
			v = v.Field(0).Elem()
		}
		w.defs[name] = w.object(v.Type())
		all = append(all, map[string]any{
			"if":   map[string]any{"properties": map[string]any{"type": map[string]any{"const": name}}},
			"then": map[string]any{"properties": map[string]any{"data": map[string]any{"$ref": "#/$defs/" + name}}},
		})
	}
	text := func(more ...string) map[string]any {
		m := map[string]any{"type": "string"}
		for i := 0; i < len(more); i += 2 {
			m[more[i]] = more[i+1]
		}
		return m
	}
	whole := map[string]any{
		"$schema":     "https://json-schema.org/draft/2020-12/schema",
		"title":       "A record of an audit's history",
		"description": "An event as it is stored and exported. A newer version may add types, and fields to those that are here: keep what you do not know. Written from the types by go test ./loop -run EventSchema -update.",
		"type":        "object",
		"required":    []string{"stream", "version", "type", "at", "actor", "command", "digest", "data"},
		"properties": map[string]any{
			"stream":   text("description", "The audit, follow-up or cycle; opaque, never a case number"),
			"version":  map[string]any{"type": "integer", "minimum": 1, "description": "Its place in the stream"},
			"position": map[string]any{"type": "integer", "minimum": 1, "description": "Its place in the store"},
			"type":     text("description", "A frozen name", "pattern", `^[a-z]+\.[a-z_]+$`),
			"at":       instantSchema,
			"actor":    text("description", "Who gave the command; empty if a concern did not say"),
			"command":  text("description", "The command that it came of"),
			"digest":   text("description", "Of the command"),
			"data":     map[string]any{"type": "object"},
		},
		"allOf": all,
		"$defs": w.defs,
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(whole); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// eventTypes are the names of all events in the sources of the packages that have
// some, and docs what is written of each type there.
func eventTypes(t testing.TB, docs map[string]string) []string {
	t.Helper()
	var names []string
	for _, pkg := range []string{"audit", "moderation", "cycle", "loop"} {
		files, err := filepath.Glob("../" + pkg + "/*.go")
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %v", pkg, err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments)
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range f.Decls {
				if d, ok := d.(*ast.GenDecl); ok {
					names = append(names, declared(d, pkg, docs)...)
				}
			}
		}
	}
	slices.Sort(names)
	return names
}

// declared are the names of events in a declaration.
func declared(d *ast.GenDecl, pkg string, docs map[string]string) (names []string) {
	for _, spec := range d.Specs {
		switch spec := spec.(type) {
		case *ast.TypeSpec:
			doc := spec.Doc.Text() + d.Doc.Text()
			first, _, _ := strings.Cut(strings.Join(strings.Fields(doc), " "), ". ")
			docs[pkg+"."+spec.Name.Name] = strings.TrimSuffix(strings.NewReplacer("[", "", "]", "").Replace(first), ".")
		case *ast.ValueSpec:
			for i, name := range spec.Names {
				if !strings.HasPrefix(name.Name, "Type") || i >= len(spec.Values) {
					continue
				}
				if lit, ok := spec.Values[i].(*ast.BasicLit); ok {
					if s, err := strconv.Unquote(lit.Value); err == nil && strings.HasPrefix(s, pkg+".") {
						names = append(names, s)
					}
				}
			}
		}
	}
	return names
}

// schemaWriter writes schemas of types, those of our own once each.
type schemaWriter struct {
	defs map[string]any
	docs map[string]string
}

var (
	daySchema     = map[string]any{"type": "string", "pattern": `^\d{4}-\d{2}-\d{2}$`}
	instantSchema = map[string]any{"type": "string", "pattern": `^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$`}
)

func (w schemaWriter) of(t reflect.Type) map[string]any {
	switch {
	case t.Kind() == reflect.Pointer:
		return w.of(t.Elem())
	case t == reflect.TypeFor[calendar.Date]():
		return daySchema
	case t.String() == "time.Time":
		return instantSchema
	case t.Implements(reflect.TypeFor[encoding.TextMarshaler]()):
		return map[string]any{"type": "string"}
	}
	switch t.Kind() {
	case reflect.String:
		return map[string]any{"type": "string"}
	case reflect.Bool:
		return map[string]any{"type": "boolean"}
	case reflect.Int, reflect.Int64, reflect.Uint64:
		return map[string]any{"type": "integer"}
	case reflect.Float64:
		return map[string]any{"type": "number"}
	case reflect.Slice:
		return map[string]any{"type": []string{"array", "null"}, "items": w.of(t.Elem())}
	case reflect.Map:
		return map[string]any{"type": []string{"object", "null"}, "additionalProperties": w.of(t.Elem())}
	case reflect.Struct:
		if _, known := w.defs[t.String()]; !known {
			w.defs[t.String()] = nil // while it is being written
			w.defs[t.String()] = w.object(t)
		}
		return map[string]any{"$ref": "#/$defs/" + t.String()}
	}
	panic(fmt.Sprintf("no event holds a %s", t))
}

func (w schemaWriter) object(t reflect.Type) map[string]any {
	properties, required := map[string]any{}, []string{}
	w.fields(t, properties, &required)
	o := map[string]any{"type": "object", "properties": properties, "required": required}
	if doc := w.docs[t.String()]; doc != "" {
		o["description"] = doc
	}
	return o
}

func (w schemaWriter) fields(t reflect.Type, properties map[string]any, required *[]string) {
	for i := range t.NumField() {
		f := t.Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case f.Anonymous && name == "" && f.Type.Kind() == reflect.Struct:
			w.fields(f.Type, properties, required)
			continue
		case !f.IsExported() || name == "-":
			continue
		case name == "":
			name = f.Name
		}
		properties[name] = w.of(f.Type)
		if !strings.Contains(options, "omit") {
			*required = append(*required, name)
		}
	}
}
