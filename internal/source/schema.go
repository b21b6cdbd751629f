package source

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v5"
)

// Schema is a compiled JSON Schema. It may be used by many goroutines at once.
//
// Beside the standard keywords it understands "x-mistake": the words to use when
// the value breaks a pattern or a limit of that part of the schema.
type Schema struct {
	compiled *jsonschema.Schema
	raw      any
}

const schemaURL = "mem:///schema.json"

// CompileSchema reads a JSON Schema. It loads nothing else: a reference to
// another document is an error.
func CompileSchema(src []byte) (*Schema, error) {
	var raw any
	if err := json.Unmarshal(src, &raw); err != nil {
		return nil, fmt.Errorf("the schema is not JSON: %w", err)
	}
	compiler := jsonschema.NewCompiler()
	compiler.Draft = jsonschema.Draft2020
	compiler.LoadURL = func(address string) (io.ReadCloser, error) { // the library's own would read files
		return nil, fmt.Errorf("a schema here stands alone, and this one refers to %s", address)
	}
	if object, ok := raw.(map[string]any); ok {
		delete(object, "$id") // its own address would only be in the way of the places in messages
		src, _ = json.Marshal(object)
	}
	if err := compiler.AddResource(schemaURL, bytes.NewReader(src)); err != nil {
		return nil, err
	}
	compiled, err := compiler.Compile(schemaURL)
	if err != nil {
		return nil, err
	}
	return &Schema{compiled: compiled, raw: raw}, nil
}

// Against returns what checks files against a schema. The schema is compiled
// when the first file is checked, and once; one that does not compile is itself
// the mistake. What is returned may be used by many goroutines at once.
func Against(schema []byte) func(root *Node) Mistakes {
	compiled := sync.OnceValues(func() (*Schema, error) { return CompileSchema(schema) })
	return func(root *Node) Mistakes {
		s, err := compiled()
		if err != nil {
			return Mistakes{root.Mistake("the schema cannot be used: %v", err)}
		}
		return s.Validate(root)
	}
}

// Validate checks a file against the schema and returns every mistake where it
// stands, in file order.
func (s *Schema) Validate(root *Node) Mistakes {
	err := s.compiled.Validate(root.value())
	if err == nil {
		return nil
	}
	var ve *jsonschema.ValidationError
	if !errors.As(err, &ve) {
		return Mistakes{root.Mistake("the file does not fit its schema: %v", err)}
	}
	var ms Mistakes
	s.collect(ve, root, &ms)
	return ms.InOrder()
}

// value is the node as the schema library wants it.
func (n *Node) value() any {
	switch n.Kind {
	case Mapping:
		m := make(map[string]any, len(n.Fields))
		for _, f := range n.Fields {
			m[f.Key] = f.value()
		}
		return m
	case List:
		l := make([]any, len(n.Items))
		for i, item := range n.Items {
			l[i] = item.value()
		}
		return l
	case Text:
		return n.Value
	case Number:
		return json.Number(n.Value)
	case Bool:
		return n.Value == "true"
	}
	return nil
}

// collect turns the innermost errors into mistakes: those around them only
// repeat that something inside is wrong.
func (s *Schema) collect(ve *jsonschema.ValidationError, root *Node, ms *Mistakes) {
	if len(ve.Causes) > 0 {
		for _, c := range ve.Causes {
			s.collect(c, root, ms)
		}
		return
	}
	n := root.find(ve.InstanceLocation)
	_, pointer, _ := strings.Cut(ve.AbsoluteKeywordLocation, "#")
	segments := split(pointer)
	if len(segments) == 0 {
		*ms = append(*ms, n.Mistake("%s is not allowed here", n.what()))
		return
	}
	part, keyword := s.part(segments[:len(segments)-1]), segments[len(segments)-1]
	if isFalse, ok := lookup(s.raw, segments).(bool); ok && !isFalse && keyword != "additionalProperties" {
		*ms = append(*ms, n.KeyMistake("%s is not allowed here", n.what()))
		return
	}
	if strings.Contains(ve.KeywordLocation, "/propertyNames/") {
		text, _ := part["x-mistake"].(string)
		if known, ok := part["enum"].([]any); ok && keyword == "enum" {
			*ms = append(*ms, n.KeyMistake("%s", unknownKey(n.Key, known)))
			return
		}
		if text == "" {
			text = "is not a good name"
		}
		*ms = append(*ms, n.KeyMistake("%q %s", shorten(n.Key), text))
		return
	}
	*ms = append(*ms, s.explain(n, part, keyword)...)
}

// explain says in plain English what is wrong with a node that breaks one
// keyword of one part of the schema.
func (s *Schema) explain(n *Node, part map[string]any, keyword string) Mistakes {
	switch keyword {
	case "additionalProperties", "unevaluatedProperties":
		return n.unknownKeys(part)
	case "required":
		return n.missingKeys(part)
	case "type":
		return Mistakes{n.wrongType(part)}
	case "enum":
		return Mistakes{n.notOneOf(part)}
	}
	if text, ok := part["x-mistake"].(string); ok {
		return Mistakes{n.Mistake("%s %s", n.what(), text)}
	}
	limit := fmt.Sprint(part[keyword])
	switch keyword {
	case "const":
		return Mistakes{n.Mistake("%s must be %v", n.what(), part[keyword])}
	case "minLength", "minItems", "minProperties":
		if limit == "1" {
			return Mistakes{n.Mistake("%s is empty", n.what())}
		}
		return Mistakes{n.Mistake("%s is too short; at least %s %s needed", n.what(), limit, isAre(limit))}
	case "maxLength", "maxItems", "maxProperties":
		return Mistakes{n.Mistake("%s is too long; at most %s %s allowed", n.what(), limit, isAre(limit))}
	case "minimum":
		return Mistakes{n.Mistake("%s must be %s or more", n.what(), limit)}
	case "maximum":
		return Mistakes{n.Mistake("%s must be %s or less", n.what(), limit)}
	case "exclusiveMinimum":
		return Mistakes{n.Mistake("%s must be more than %s", n.what(), limit)}
	case "exclusiveMaximum":
		return Mistakes{n.Mistake("%s must be less than %s", n.what(), limit)}
	case "multipleOf":
		return Mistakes{n.Mistake("%s must be a multiple of %s", n.what(), limit)}
	case "uniqueItems":
		return Mistakes{n.repeatedItem()}
	case "pattern":
		return Mistakes{n.Mistake("%s is not written as it should be", n.what())}
	}
	return Mistakes{n.Mistake("%s is not as it should be here", n.what())}
}

func isAre(limit string) string {
	if limit == "1" {
		return "is"
	}
	return "are"
}

// what names a node in a message.
func (n *Node) what() string {
	switch {
	case n.IsScalar() && n.Value != "":
		return strconv.Quote(shorten(n.Value))
	case n.Key != "":
		return strconv.Quote(shorten(n.Key))
	}
	return "this"
}

// unknownKeys names the keys a mapping may not have.
func (n *Node) unknownKeys(part map[string]any) Mistakes {
	properties, _ := part["properties"].(map[string]any)
	patterns, _ := part["patternProperties"].(map[string]any)
	known := sortedKeys(properties)
	var ms Mistakes
	for _, f := range n.Fields {
		if _, ok := properties[f.Key]; ok || matchesAny(patterns, f.Key) {
			continue
		}
		near := n.meant(f.Key, properties)
		switch {
		case near != "":
			ms = append(ms, f.KeyMistake("unknown key %q; did you mean %q?", shorten(f.Key), near))
		case f.Kind == Null:
			ms = append(ms, f.KeyMistake("unknown key %q; inside { }, text that holds a comma is put in quotes, in ' where it holds \" itself", shorten(f.Key)))
		case len(known) > 0:
			ms = append(ms, f.KeyMistake("unknown key %q; the keys here are: %s", shorten(f.Key), strings.Join(known, ", ")))
		default:
			ms = append(ms, f.KeyMistake("unknown key %q", shorten(f.Key)))
		}
	}
	return ms
}

// meant is the key that an unknown one is probably meant to be: if it can, one that
// is not there already.
func (n *Node) meant(key string, properties map[string]any) string {
	var absent []string
	for _, k := range sortedKeys(properties) {
		if n.Field(k) == nil {
			absent = append(absent, k)
		}
	}
	if near := Nearest(key, absent); near != "" {
		return near
	}
	return Nearest(key, sortedKeys(properties))
}

func matchesAny(patterns map[string]any, key string) bool {
	for p := range patterns {
		if re, err := regexp.Compile(p); err == nil && re.MatchString(key) {
			return true
		}
	}
	return false
}

func (n *Node) missingKeys(part map[string]any) Mistakes {
	var ms Mistakes
	required, _ := part["required"].([]any)
	properties, _ := part["properties"].(map[string]any)
	meant := map[string]bool{} // by keys that are misspelt, which are mistakes already
	for _, f := range n.Fields {
		if _, ok := properties[f.Key]; !ok {
			meant[n.meant(f.Key, properties)] = true
		}
	}
	for _, r := range required {
		key, _ := r.(string)
		if n.Field(key) != nil || meant[key] {
			continue
		}
		if n.Key == "" {
			ms = append(ms, n.KeyMistake("%q is missing", key))
		} else {
			ms = append(ms, n.KeyMistake("%q is missing in %q", key, shorten(n.Key)))
		}
	}
	return ms
}

func (n *Node) wrongType(part map[string]any) Mistake {
	var wanted []string
	switch t := part["type"].(type) {
	case string:
		wanted = []string{t}
	case []any:
		for _, w := range t {
			wanted = append(wanted, fmt.Sprint(w))
		}
	}
	words := make([]string, len(wanted))
	text := false
	for i, w := range wanted {
		text = text || w == "string"
		words[i] = typeWords[w]
	}
	name := "this"
	if n.Key != "" {
		name = strconv.Quote(shorten(n.Key))
	}
	want := strings.Join(words, " or ")
	switch {
	case n.Kind == Null:
		return n.Mistake("%s has no value; it should be %s", name, want)
	case text && (n.Kind == Number || n.Kind == Bool):
		return n.Mistake("%s should be text; write %q in quotes", name, n.Value)
	}
	return n.Mistake("%s should be %s, and is %s", name, want, n.Kind)
}

var typeWords = map[string]string{
	"string":  "text",
	"number":  "a number",
	"integer": "a whole number",
	"boolean": "true or false",
	"object":  "keys and values",
	"array":   "a list",
	"null":    "nothing",
}

func (n *Node) notOneOf(part map[string]any) Mistake {
	values, _ := part["enum"].([]any)
	words := make([]string, len(values))
	for i, v := range values {
		words[i] = fmt.Sprint(v)
	}
	if near := Nearest(n.Value, words); near != "" {
		return n.Mistake("%s is not one of %s; did you mean %q?", n.what(), strings.Join(words, ", "), near)
	}
	return n.Mistake("%s is not one of %s", n.what(), strings.Join(words, ", "))
}

func (n *Node) repeatedItem() Mistake {
	seen := map[string]bool{}
	for _, item := range n.Items {
		key := fmt.Sprintf("%#v", item.value())
		if seen[key] {
			return item.Mistake("%s is written twice", item.what())
		}
		seen[key] = true
	}
	return n.Mistake("%s holds the same thing twice", n.what())
}

// find follows a JSON pointer as far as it goes.
func (n *Node) find(pointer string) *Node {
	for _, segment := range split(pointer) {
		next := n.Field(segment)
		if i, err := strconv.Atoi(segment); n.Kind == List && err == nil && i >= 0 && i < len(n.Items) {
			next = n.Items[i]
		}
		if next == nil {
			break
		}
		n = next
	}
	return n
}

// split takes a JSON pointer apart, as the schema library writes it.
func split(pointer string) []string {
	pointer = strings.TrimPrefix(pointer, "/")
	if pointer == "" {
		return nil
	}
	segments := strings.Split(pointer, "/")
	for i, s := range segments {
		if plain, err := url.PathUnescape(s); err == nil {
			s = plain
		}
		segments[i] = strings.ReplaceAll(strings.ReplaceAll(s, "~1", "/"), "~0", "~")
	}
	return segments
}

// part returns the part of the schema that a pointer leads to.
func (s *Schema) part(segments []string) map[string]any {
	m, _ := lookup(s.raw, segments).(map[string]any)
	return m
}

func lookup(at any, segments []string) any {
	for _, segment := range segments {
		switch v := at.(type) {
		case map[string]any:
			at = v[segment]
		case []any:
			i, err := strconv.Atoi(segment)
			if err != nil || i < 0 || i >= len(v) {
				return nil
			}
			at = v[i]
		default:
			return nil
		}
	}
	return at
}

func sortedKeys(m map[string]any) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

// unknownKey says which names there are where only some may be keys.
func unknownKey(key string, known []any) string {
	names := make([]string, len(known))
	for i, k := range known {
		names[i] = fmt.Sprint(k)
	}
	if near := Nearest(key, names); near != "" {
		return fmt.Sprintf("unknown key %q; did you mean %q?", shorten(key), near)
	}
	return fmt.Sprintf("unknown key %q; the keys here are: %s", shorten(key), strings.Join(names, ", "))
}
