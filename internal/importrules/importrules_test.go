package importrules

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

const module = "github.com/practiceaudit/practiceaudit"

func newChecker(t *testing.T) *checker {
	t.Helper()
	o, err := parseOrder(house)
	if err != nil {
		t.Fatal(err)
	}
	b, err := parseBans(bans)
	if err != nil {
		t.Fatal(err)
	}
	return &checker{module: module, order: o, bans: b, clocks: clocks}
}

func TestImportsFollowTheHouse(t *testing.T) {
	c := newChecker(t)
	root := filepath.Join("..", "..")
	if _, err := os.Stat(filepath.Join(root, "go.mod")); err != nil {
		t.Fatal("the root of the repository is not two folders up: ", err)
	}
	files, err := c.checkSources(os.DirFS(root))
	if err != nil {
		t.Fatal(err)
	}
	if files < 5 {
		t.Fatalf("read %d Go files, fewer than this package alone has", files)
	}
	for _, v := range c.found {
		t.Error(v)
	}
}

func TestModulesFollowTheHouse(t *testing.T) {
	c := newChecker(t)
	if err := c.checkModules(os.DirFS(filepath.Join("..", ".."))); err != nil {
		t.Fatal(err)
	}
	for _, v := range c.found {
		t.Error(v)
	}
}

// TestPlantedImports shows that each rule about sources can fail.
func TestPlantedImports(t *testing.T) {
	tests := []struct {
		name, file, text string
		want             []string
	}{
		{
			name: "upwards",
			file: "rubric/grade.go",
			text: "package rubric\nimport _ \"" + module + "/audit\"",
			want: []string{"rubric/grade.go:2: rubric may not import audit: a package imports only what stands below it"},
		},
		{
			name: "downwards over several floors",
			file: "loop/plan.go",
			text: "package loop\nimport _ \"" + module + "/calendar\"\nimport _ \"" + module + "/internal/source\"",
		},
		{
			name: "hidden behind a build constraint",
			file: "calendar/plan9.go",
			text: "//go:build plan9 && never\n\npackage calendar\nimport _ \"" + module + "/loop\"",
			want: []string{"calendar/plan9.go:4: calendar may not import loop: a package imports only what stands below it"},
		},
		{
			name: "bare files import nothing of ours",
			file: "rubric/halton/halton.go",
			text: "package halton\nimport _ \"" + module + "/rubric\"",
			want: []string{"rubric/halton/halton.go:2: rubric/halton may not import rubric: a package imports only what stands below it"},
		},
		{
			name: "one bare package does not import the other",
			file: "schemas/schemas.go",
			text: "package schemas\nimport _ \"" + module + "/rubric/halton\"",
			want: []string{"schemas/schemas.go:2: schemas may not import rubric/halton: a package imports only what stands below it"},
		},
		{
			name: "anyone may embed bare files",
			file: "calendar/schema.go",
			text: "package calendar\nimport _ \"" + module + "/schemas\"",
		},
		{
			name: "the calendar has no use for source positions",
			file: "calendar/source.go",
			text: "package calendar\nimport _ \"" + module + "/internal/source\"",
			want: []string{"calendar/source.go:2: calendar may not import internal/source: a package imports only what stands below it"},
		},
		{
			name: "a package without a place",
			file: "util/util.go",
			text: "package util",
			want: []string{"util/util.go: package util has no place in the house (internal/importrules/policy_test.go)"},
		},
		{
			name: "an import without a place",
			file: "loop/x.go",
			text: "package loop\nimport _ \"" + module + "/util\"",
			want: []string{"loop/x.go:2: loop imports util, which has no place in the house"},
		},
		{
			name: "one example may import another",
			file: "examples/quickstart/main.go",
			text: "package main\nimport _ \"" + module + "/examples/mail\"\nimport _ \"" + module + "/loop/sqlstore\"",
		},
		{
			name: "an example that nobody could copy",
			file: "examples/quickstart/main.go",
			text: "package main\nimport _ \"" + module + "/internal/source\"",
			want: []string{"examples/quickstart/main.go:2: examples/quickstart may not import internal/source: a package imports only what stands below it"},
		},
		{
			name: "the library does not stand on its examples",
			file: "loop/sqlstore/x.go",
			text: "package sqlstore\nimport _ \"" + module + "/examples/mail\"",
			want: []string{"loop/sqlstore/x.go:2: loop/sqlstore may not import examples/mail: a package imports only what stands below it"},
		},
		{
			name: "I/O in the pure core",
			file: "moderation/x.go",
			text: "package moderation\nimport (\n\"os\"\n\"net/http\"\n\"log/slog\"\n\"math/rand/v2\"\n\"crypto/rand\"\n\"database/sql/driver\"\n)",
			want: []string{
				"moderation/x.go:3: moderation must not import os",
				"moderation/x.go:4: moderation must not import net/http",
				"moderation/x.go:5: moderation must not import log/slog",
				"moderation/x.go:6: moderation must not import math/rand/v2",
				"moderation/x.go:7: moderation must not import crypto/rand",
				"moderation/x.go:8: moderation must not import database/sql/driver",
			},
		},
		{
			name: "only the interface of a database column in the calendar",
			file: "calendar/column.go",
			text: "package calendar\nimport (\n\"database/sql\"\n\"database/sql/driver\"\n)",
			want: []string{"calendar/column.go:3: calendar must not import database/sql"},
		},
		{
			name: "a test library in production",
			file: "loop/sqlstore/x.go",
			text: "package sqlstore\nimport \"testing\"\nimport \"github.com/google/go-cmp/cmp\"",
			want: []string{
				"loop/sqlstore/x.go:2: loop/sqlstore must not import testing",
				"loop/sqlstore/x.go:3: loop/sqlstore must not import github.com/google/go-cmp/cmp",
			},
		},
		{
			name: "test libraries in the kit for tests, but not the script runner",
			file: "loop/looptest/x.go",
			text: "package looptest\nimport \"testing\"\nimport \"pgregory.net/rapid\"\nimport \"github.com/rogpeppe/go-internal/testscript\"",
			want: []string{"loop/looptest/x.go:4: loop/looptest must not import github.com/rogpeppe/go-internal/testscript"},
		},
		{
			name: "what a test may import",
			file: "calendar/x_test.go",
			text: "package calendar_test\nimport (\n_ \"os\"\n_ \"" + module + "/calendar\"\n_ \"" + module + "/rubric/halton\"\n_ \"" + module + "/loop/looptest\"\n_ \"pgregory.net/rapid\"\n)",
		},
		{
			name: "the test of a bare file reads it as its users do",
			file: "rubric/halton/x_test.go",
			text: "package halton_test\nimport (\n_ \"" + module + "/rubric\"\n_ \"" + module + "/audit\"\n)",
			want: []string{"rubric/halton/x_test.go:4: rubric/halton may not import audit: a package imports only what stands below it"},
		},
		{
			name: "what a test may not import",
			file: "calendar/x_test.go",
			text: "package calendar_test\nimport _ \"" + module + "/audit\"",
			want: []string{"calendar/x_test.go:2: calendar may not import audit: a package imports only what stands below it"},
		},
		{
			name: "the clock, called, passed on and renamed",
			file: "audit/x.go",
			text: "package audit\nimport clock \"time\"\nvar at = clock.Now()\nvar since = clock.Since\nvar zone = clock.Local\nvar ok = clock.UTC",
			want: []string{
				"audit/x.go:3: time.Now: the clock is injected here, never read",
				"audit/x.go:4: time.Since: the clock is injected here, never read",
				"audit/x.go:5: time.Local: the clock is injected here, never read",
			},
		},
		{
			name: "the clock with no qualifier to see it by",
			file: "audit/x.go",
			text: "package audit\nimport . \"time\"\nvar at = Now()",
			want: []string{"audit/x.go: import of time into the file's own scope, where a use of the clock cannot be seen"},
		},
		{
			name: "the engine's documented default",
			file: "loop/engine.go",
			text: "package loop\nimport \"time\"\n\n// The default clock.\nvar a = time.Now\nvar b = time.Now // by default\n\nvar c = time.Now",
			want: []string{"loop/engine.go:8: time.Now: the clock is injected here, never read"},
		},
		{
			name: "elsewhere in loop a comment does not help",
			file: "loop/plan.go",
			text: "package loop\nimport \"time\"\n\nvar a = time.Now // by default",
			want: []string{"loop/plan.go:4: time.Now: the clock is injected here, never read"},
		},
		{
			name: "a type's own method of the same name",
			file: "audit/x.go",
			text: "package audit\nimport \"time\"\nfunc f(clock interface{ Now() time.Time }) time.Time { return clock.Now() }",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := newChecker(t)
			if _, err := c.checkSources(fstest.MapFS{test.file: {Data: []byte(test.text)}}); err != nil {
				t.Fatal(err)
			}
			diff(t, test.want, c)
		})
	}
}

// TestPlantedModules shows that each rule about modules can fail.
func TestPlantedModules(t *testing.T) {
	const head = "module " + module + "\n\ngo 1.25.0\n"
	tests := []struct {
		name, file, text string
		want             []string
	}{
		{
			name: "as it should be",
			file: "go.mod",
			text: head + "require golang.org/x/text v0.40.0\nrequire github.com/google/go-cmp v0.7.0\nrequire example.org/far v1.0.0 // indirect\n",
		},
		{
			name: "a database in the root module",
			file: "go.mod",
			text: head + "require modernc.org/sqlite v1.59.0\n",
			want: []string{"go.mod:4: the root module may not directly require modernc.org/sqlite"},
		},
		{
			name: "a database in its own module",
			file: "loop/sqlstore/go.mod",
			text: "module " + module + "/loop/sqlstore\n\ngo 1.25.0\n\nrequire modernc.org/sqlite v1.59.0\n",
		},
		{
			name: "another major version is another module",
			file: "go.mod",
			text: head + "require github.com/santhosh-tekuri/jsonschema/v6 v6.0.1\n",
			want: []string{"go.mod:4: the root module may not directly require github.com/santhosh-tekuri/jsonschema/v6"},
		},
		{
			name: "replaced in a module",
			file: "examples/go.mod",
			text: "module " + module + "/examples\n\ngo 1.25.0\n\nreplace " + module + " => ../\n",
			want: []string{"examples/go.mod:5: no replace directive, here of " + module + ": what is released would differ from what was tested"},
		},
		{
			name: "replaced in the workspace",
			file: "go.work",
			text: "go 1.25.0\n\nuse .\n\nreplace example.org/a => example.org/b v1.0.0\n",
			want: []string{"go.work:5: no replace directive, here of example.org/a: what is released would differ from what was tested"},
		},
		{
			name: "an unpublished version in the workspace, where it is",
			file: "go.work",
			text: "go 1.25.0\n\nuse .\n\nreplace (\n" + module + " v0.1.0 => ./\n" + module + "/loop/sqlstore v0.1.0 => ./loop/sqlstore\n)\n",
		},
		{
			name: "our own module in the workspace, but not where it is",
			file: "go.work",
			text: "go 1.25.0\n\nuse .\n\nreplace (\n" + module + " v0.1.0 => ./loop\n" + module + " v0.2.0 => ../practiceaudit\n" + module + "/loop => ./loop\n)\n",
			want: []string{
				"go.work:6: no replace directive, here of " + module + ": what is released would differ from what was tested",
				"go.work:7: no replace directive, here of " + module + ": what is released would differ from what was tested",
				"go.work:8: no replace directive, here of " + module + "/loop: what is released would differ from what was tested",
			},
		},
		{
			name: "a later Go",
			file: "examples/go.mod",
			text: "module " + module + "/examples\n\ngo 1.26.0\n\ntoolchain go1.26.8\n",
			want: []string{
				"examples/go.mod: the go directive must be 1.25.0, which is what we promise",
				"examples/go.mod:5: no toolchain directive: users choose their own",
			},
		},
		{
			name: "a module in the wrong place",
			file: "examples/go.mod",
			text: "module " + module + "/example\n\ngo 1.25.0\n",
			want: []string{"examples/go.mod: module " + module + "/example, but here it must be " + module + "/examples"},
		},
		{
			name: "our own checksum",
			file: "examples/go.sum",
			text: "example.org/a v1.0.0 h1:x=\n" + module + "/loop/sqlstore v0.1.0 h1:x=\n",
			want: []string{"examples/go.sum:2: checksum of our own module " + module + "/loop/sqlstore"},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := newChecker(t)
			if err := c.checkModules(fstest.MapFS{test.file: {Data: []byte(test.text)}}); err != nil {
				t.Fatal(err)
			}
			diff(t, test.want, c)
		})
	}
}

// TestPolicyMistakes shows that a slip in the policy is not read as consent.
func TestPolicyMistakes(t *testing.T) {
	tests := []struct {
		name, text, want string
	}{
		{"no semicolon", "NONE < ./a", "no semicolon"},
		{"no relation", "NONE, ./a;", "neither < nor !<"},
		{"no comma", "NONE < ./a ./b;", `"./a ./b" is no package`},
		{"an empty part", "NONE < ;", `"" is no package`},
		{"a floor in the air", "./a < ./b;", `"a" has no floor`},
		{"a circle", "NONE < ./a < ./b < ./a;", "stands on itself"},
		{"a ban on what was never allowed", "NONE < ./a; NONE < ./b; ./a !< ./b;", "never allowed"},
		{"a ban on what is not there", "NONE < ./a; ./a !< ./b;", "never allowed"},
		{"not one of ours", "NONE < os;", "does not start with ./"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := parseOrder(test.text)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got error %v, want one with %q", err, test.want)
			}
		})
	}
	if _, err := parseBans("os !< audit;"); err == nil {
		t.Error("a ban on a package without ./ is accepted")
	}
}

func diff(t *testing.T, want []string, c *checker) {
	t.Helper()
	var got []string
	for _, v := range c.found {
		got = append(got, v.String())
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("violations (-want +got):\n%s", d)
	}
}
