package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A page leads through files and commands. Comments in it say what becomes of the
// block that follows, or of a file:
//
//	<!-- write: FILE -->              the block is the file
//	<!-- add: FILE -->                the block comes to its end
//	<!-- copy: FILE: OTHER -->
//	<!-- edit: FILE: OLD => NEW -->   \n is a line break
//
// A block of kind "console" is a command and what it answers.
var (
	step = regexp.MustCompile(`(?m)^<!-- (write|add|copy|edit): (\S+?)(?:: (.*))? -->\n|^` + "```" + `(\w+)\n((?s:.*?))^` + "```" + `\n`)
)

// go test ./cmd/practiceaudit -update writes the answers anew.
func TestThePolicyOfficersPageShowsWhatTheCommandsAnswer(t *testing.T) {
	page, err := filepath.Abs("../../docs/policy-officers.md")
	if err != nil {
		t.Fatal(err)
	}
	src, err := os.ReadFile(page)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("docs/policy-officers.md is not here: it belongs to the repository, not to this module")
	}
	if err != nil {
		t.Fatal(err)
	}
	text := string(src)
	t.Chdir(t.TempDir())
	commands, into := 0, ""
	got := step.ReplaceAllStringFunc(text, func(all string) string {
		m := step.FindStringSubmatch(all)
		switch {
		case m[1] == "write" || m[1] == "add":
			into = m[2]
			if m[1] == "write" {
				store(t, into, "")
			}
		case m[1] == "copy":
			store(t, m[3], load(t, m[2]))
		case m[1] == "edit":
			edit(t, m[2], m[3])
		case m[4] == "console":
			commands++
			command, _, _ := strings.Cut(m[5], "\n")
			all = "```console\n" + command + "\n" + answer(t, command) + "```\n"
		case into != "":
			store(t, into, load(t, into)+m[5])
			into = ""
		}
		return all
	})
	if commands < 8 {
		t.Fatalf("only %d commands stand on the page", commands)
	}
	if *update {
		if err := os.WriteFile(page, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(strings.Split(text, "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("the page says -, the commands answer +; go test ./cmd/practiceaudit -update writes it anew:\n%s", diff)
	}
}

// answer is what a command of the page says: its answer, or what is wrong.
func answer(t *testing.T, command string) string {
	words := strings.Fields(command)
	if len(words) < 2 || words[0] != "$" || words[1] != "practiceaudit" {
		t.Fatalf("%q is no command of ours", command)
	}
	var out strings.Builder
	if code := run(t.Context(), words[2:], strings.NewReader(""), &out, &out); code == notUnderstood {
		t.Errorf("%s was not understood:\n%s", command, out.String())
	}
	return out.String()
}

func edit(t *testing.T, file, change string) {
	old, new, found := strings.Cut(strings.ReplaceAll(change, `\n`, "\n"), " => ")
	if text := load(t, file); !found || strings.Count(text, old) != 1 {
		t.Fatalf("%s holds %q %d times, and the page changes it once", file, old, strings.Count(text, old))
	} else {
		store(t, file, strings.Replace(text, old, new, 1))
	}
}

func load(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func store(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
