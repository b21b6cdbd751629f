package rubric_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/practiceaudit/practiceaudit/internal/source"
	"github.com/practiceaudit/practiceaudit/schemas"
)

// Every keyword of the schema that can refuse a file refuses one of testdata/wrong.
func TestEveryKeywordOfTheSchemaHasAWrongFile(t *testing.T) {
	var raw map[string]any
	if err := json.Unmarshal(schemas.Rubric, &raw); err != nil {
		t.Fatal(err)
	}
	delete(raw, "$id")
	src, _ := json.Marshal(raw)
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("mem:///rubric.json", bytes.NewReader(src)); err != nil {
		t.Fatal(err)
	}
	schema := compiler.MustCompile("mem:///rubric.json")

	broken := map[string]bool{}
	files, _ := filepath.Glob("testdata/wrong/*.yaml")
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		root, mistakes := source.Parse(file, src)
		if len(mistakes) > 0 {
			continue
		}
		value := plain(root)
		var ve *jsonschema.ValidationError
		if errors.As(schema.Validate(value), &ve) {
			note(ve, value, raw, broken)
		}
	}
	all := map[string]bool{}
	keywords(raw, "", all)
	if len(all) < 100 {
		t.Errorf("the schema has only %d keywords", len(all))
	}
	for _, k := range sortedKeys(all) {
		if !broken[k] {
			t.Errorf("no file of testdata/wrong breaks %s", k)
		}
	}
}

// refusing are the keywords that can refuse a value by themselves.
var refusing = []string{"type", "enum", "const", "pattern", "minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties", "additionalProperties", "required"}

// keywords collects where the refusing keywords of a schema stand: of required, each
// key.
func keywords(at any, pointer string, all map[string]bool) {
	m, ok := at.(map[string]any)
	if !ok {
		return
	}
	for k, v := range m {
		switch k {
		case "properties", "$defs":
			for name, part := range v.(map[string]any) {
				keywords(part, pointer+"/"+k+"/"+name, all)
			}
		case "items", "propertyNames", "then", "else":
			keywords(v, pointer+"/"+k, all)
		case "additionalProperties":
			if v == false {
				all[pointer+"/"+k] = true
			}
			keywords(v, pointer+"/"+k, all)
		case "required":
			for _, key := range v.([]any) {
				all[fmt.Sprintf("%s/%s/%s", pointer, k, key)] = true
			}
		default:
			if slices.Contains(refusing, k) {
				all[pointer+"/"+k] = true
			}
		}
	}
}

// note notes which keywords a value breaks.
func note(ve *jsonschema.ValidationError, value any, schema map[string]any, broken map[string]bool) {
	for _, cause := range ve.Causes {
		note(cause, value, schema, broken)
	}
	if len(ve.Causes) > 0 {
		return
	}
	_, pointer, _ := strings.Cut(ve.AbsoluteKeywordLocation, "#")
	pointer = strings.ReplaceAll(pointer, "%20", " ")
	broken[pointer] = true
	if strings.HasSuffix(pointer, "/required") {
		there, _ := walk(value, ve.InstanceLocation).(map[string]any)
		for _, key := range walk(schema, pointer).([]any) {
			if _, ok := there[key.(string)]; !ok {
				broken[pointer+"/"+key.(string)] = true
			}
		}
	}
}

// walk follows a pointer.
func walk(at any, pointer string) any {
	for _, step := range strings.Split(strings.TrimPrefix(pointer, "/"), "/") {
		switch v := at.(type) {
		case map[string]any:
			if step != "" {
				at = v[step]
			}
		case []any:
			var i int
			fmt.Sscan(step, &i)
			at = v[i]
		}
	}
	return at
}

// plain is a node as plain data.
func plain(n *source.Node) any {
	switch n.Kind {
	case source.Mapping:
		m := map[string]any{}
		for _, f := range n.Fields {
			m[f.Key] = plain(f)
		}
		return m
	case source.List:
		l := []any{}
		for _, item := range n.Items {
			l = append(l, plain(item))
		}
		return l
	case source.Number:
		return json.Number(n.Value)
	case source.Bool:
		return n.Value == "true"
	case source.Text:
		return n.Value
	}
	return nil
}
