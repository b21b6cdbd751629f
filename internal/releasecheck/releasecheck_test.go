package main

import (
	"archive/zip"
	"bytes"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/modfile"
)

// TestMain cuts every sandbox off from the network.
func TestMain(m *testing.M) {
	os.Setenv("GOPROXY", "off")
	os.Setenv("GOFLAGS", "")
	os.Exit(m.Run())
}

func TestStripOwn(t *testing.T) {
	own := func(path string) bool { return path == "example.org/tiny" || path == "example.org/tiny/sub" }
	tests := []struct{ name, in, want string }{
		{"empty", "", ""},
		{"none of ours", "example.org/a v1.0.0 h1:a=\n", "example.org/a v1.0.0 h1:a=\n"},
		{"only ours", "example.org/tiny v0.1.0 h1:a=\nexample.org/tiny v0.1.0/go.mod h1:b=\n", ""},
		{
			"a name that begins like ours",
			"example.org/tiny v0.1.0 h1:a=\nexample.org/tiny-er v0.1.0 h1:b=\nexample.org/tiny/sub v0.1.0 h1:c=\nexample.org/z v0.1.0 h1:d=",
			"example.org/tiny-er v0.1.0 h1:b=\nexample.org/z v0.1.0 h1:d=",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if d := cmp.Diff(test.want, string(stripOwn([]byte(test.in), own))); d != "" {
				t.Errorf("stripOwn (-want +got):\n%s", d)
			}
		})
	}
}

// tiny is a workspace of two modules, all in order.
var tiny = map[string]string{
	"go.work":         "go 1.25.0\n\nuse (\n\t.\n\t./sub\n)\n\nreplace example.org/tiny v0.1.0 => ./\n",
	"go.mod":          "module example.org/tiny\n\ngo 1.25.0\n",
	"LICENSE":         "none\n",
	"tiny.go":         "package tiny\n\nconst Size = 7\n",
	"sub/go.mod":      "module example.org/tiny/sub\n\ngo 1.25.0\n\nrequire example.org/tiny v0.1.0\n",
	"sub/sub.go":      "package sub\n\nimport \"example.org/tiny\"\n\nconst Size = 2 * tiny.Size\n",
	"sub/sub_test.go": "package sub\n\nimport \"testing\"\n\nfunc TestSize(t *testing.T) {\n\tif Size != 14 {\n\t\tt.Fatal(Size)\n\t}\n}\n",
}

// outsider embeds both.
var outsider = fstest.MapFS{
	"go.mod.txt":  {Data: []byte("module example.org/outsider\n\ngo 1.25.0\n\nrequire example.org/tiny/sub VERSION\n")},
	"main.go.txt": {Data: []byte("package main\n\nimport (\n\t\"fmt\"\n\n\t\"example.org/tiny/sub\"\n)\n\nfunc main() { fmt.Println(sub.Size) }\n")},
	"want.txt":    {Data: []byte("14\n")},
}

// plant writes tiny, changed as asked, into a new folder. An empty text removes
// the file.
func plant(t *testing.T, changes map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for _, files := range []map[string]string{tiny, changes} {
		for name, text := range files {
			name = filepath.Join(root, filepath.FromSlash(name))
			if text == "" {
				if err := os.Remove(name); err != nil {
					t.Fatal(err)
				}
				continue
			}
			if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	return root
}

func read(t *testing.T, root string) *workspace {
	t.Helper()
	w, err := readWorkspace(root, "")
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// box returns a sandbox with no way out, so that what it sees is what we packed.
func box(t *testing.T, out *bytes.Buffer) *sandbox {
	t.Helper()
	b, err := newSandbox(t.Context(), "example.org/tiny", out)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := b.remove(); err != nil {
			t.Error(err)
		}
		if _, err := os.Stat(b.dir); !os.IsNotExist(err) {
			t.Errorf("%s is still there: %v", b.dir, err)
		}
	})
	return b
}

func TestProxyLayout(t *testing.T) {
	w := read(t, plant(t, nil))
	p := proxy{t.TempDir()}
	for _, m := range w.modules {
		if _, err := p.pack(m, w.version); err != nil {
			t.Fatal(err)
		}
	}

	var files []string
	err := fs.WalkDir(os.DirFS(p.dir), ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			files = append(files, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"example.org/tiny/@v/list",
		"example.org/tiny/@v/v0.1.0.info",
		"example.org/tiny/@v/v0.1.0.mod",
		"example.org/tiny/@v/v0.1.0.zip",
		"example.org/tiny/sub/@v/list",
		"example.org/tiny/sub/@v/v0.1.0.info",
		"example.org/tiny/sub/@v/v0.1.0.mod",
		"example.org/tiny/sub/@v/v0.1.0.zip",
	}
	if d := cmp.Diff(want, files); d != "" {
		t.Errorf("files of the proxy (-want +got):\n%s", d)
	}

	pack, err := zip.OpenReader(p.zip(w.modules[0], "v0.1.0"))
	if err != nil {
		t.Fatal(err)
	}
	defer pack.Close()
	var packed []string
	for _, f := range pack.File {
		packed = append(packed, f.Name)
	}
	slices.Sort(packed)
	want = []string{
		"example.org/tiny@v0.1.0/LICENSE",
		"example.org/tiny@v0.1.0/go.mod",
		"example.org/tiny@v0.1.0/go.work",
		"example.org/tiny@v0.1.0/tiny.go",
	}
	if d := cmp.Diff(want, packed); d != "" {
		t.Errorf("files of the root's pack, where nested modules have none (-want +got):\n%s", d)
	}
}

func TestReadWorkspace(t *testing.T) {
	tests := []struct {
		name    string
		changes map[string]string
		want    string // in the error
	}{
		{"in order", nil, ""},
		{"no version", map[string]string{"sub/go.mod": "module example.org/tiny/sub\n"}, "-version"},
		{"a replace directive", map[string]string{"sub/go.mod": tiny["sub/go.mod"] + "\nreplace example.org/tiny => ../\n"}, "sub/go.mod:7: a replace directive"},
		{"no root module", map[string]string{"go.work": "go 1.25.0\n\nuse ./sub\n"}, "does not use the module in its own folder"},
		{"the root on top", map[string]string{
			"go.mod":     "module example.org/tiny\n\nrequire example.org/tiny/sub v0.1.0\n",
			"sub/go.mod": "module example.org/tiny/sub\n",
		}, "requires one of the modules nested in it"},
		{"a circle", map[string]string{"go.mod": "module example.org/tiny\n\nrequire example.org/tiny/sub v0.1.0\n"}, "circle"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w, err := readWorkspace(plant(t, test.changes), "")
			wantError(t, err, test.want)
			if err == nil && (w.version != "v0.1.0" || len(w.modules) != 2 || w.modules[0].path != "example.org/tiny") {
				t.Errorf("got %+v", w)
			}
		})
	}
}

func TestCheckVersions(t *testing.T) {
	const use = "go 1.25.0\n\nuse (\n\t.\n\t./sub\n)\n\n"
	tests := []struct {
		name, version, work, want string
	}{
		{"in order", "", tiny["go.work"], ""},
		{"another version", "v0.2.0", tiny["go.work"], "run releasecheck -tidy -version v0.2.0"},
		{"nothing replaced", "", use, "points [] at the checkout"},
		{"an old one replaced", "", use + "replace example.org/tiny v0.0.1 => .\n", "points [example.org/tiny@v0.0.1] at the checkout"},
		{"an old one replaced too", "", tiny["go.work"] + "replace example.org/tiny v0.0.1 => .\n", "points [example.org/tiny@v0.0.1 example.org/tiny@v0.1.0]"},
		{"another folder", "", use + "replace example.org/tiny v0.1.0 => ../tiny\n", "points [] at the checkout"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w, err := readWorkspace(plant(t, map[string]string{"go.work": test.work}), test.version)
			if err != nil {
				t.Fatal(err)
			}
			wantError(t, w.checkVersions(), test.want)
		})
	}
}

func TestCheck(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the go command")
	}
	tests := []struct {
		name     string
		changes  map[string]string
		outsider map[string]string
		want     string // in the error
	}{
		{name: "in order"},
		{
			name:    "what only the workspace has",
			changes: map[string]string{"sub/sub.go": "package sub\n\nimport \"example.org/tiny/missing\"\n\nconst Size = missing.Size\n"},
			want:    "./sub: go mod tidy: exit status 1",
		},
		{
			name:    "a test that fails away from the checkout",
			changes: map[string]string{"sub/out_test.go": "package sub\n\nimport (\n\t\"os\"\n\t\"testing\"\n)\n\nfunc TestOut(t *testing.T) {\n\tif _, err := os.Stat(\"../LICENSE\"); err != nil {\n\t\tt.Fatal(err)\n\t}\n}\n"},
			want:    "--- FAIL: TestOut",
		},
		{
			name:    "not tidy",
			changes: map[string]string{"sub/go.mod": tiny["sub/go.mod"] + "\nrequire example.org/far v1.0.0\n"},
			want:    "./sub: go.mod not tidy: run releasecheck -tidy",
		},
		{
			name:    "our own checksum committed",
			changes: map[string]string{"sub/go.sum": "example.org/tiny v0.1.0/go.mod h1:x=\n"},
			want:    "checksum mismatch",
		},
		{
			name:    "more than is needed",
			changes: map[string]string{"go.sum": "example.org/far v1.0.0/go.mod h1:x=\n"},
			want:    ".: go.sum not tidy: run releasecheck -tidy",
		},
		{
			name:     "the program prints something else",
			outsider: map[string]string{"want.txt": "15\n"},
			want:     "a stranger's program: printed\n\t14\nand not\n\t15",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			program := fstest.MapFS{}
			for name, f := range outsider {
				program[name] = f
			}
			for name, text := range test.outsider {
				program[name] = &fstest.MapFile{Data: []byte(text)}
			}
			var out bytes.Buffer
			w := read(t, plant(t, test.changes))
			err := box(t, &out).check(t.Context(), w, program)
			wantError(t, err, test.want)
			if err == nil && !strings.Contains(out.String(), "ok  \texample.org/tiny/sub") {
				t.Errorf("the nested module's tests did not run:\n%s", &out)
			}
		})
	}
}

// What the program of a stranger does not use, the check does not show to work:
// it grades by Halton's rubric, plans, and keeps audits in SQLite, from two of
// our modules.
func TestTheStrangerEmbedsTheLibrary(t *testing.T) {
	const own = "github.com/practiceaudit/practiceaudit"
	text, err := fs.ReadFile(strangerFiles, "testdata/stranger/go.mod.txt")
	if err != nil {
		t.Fatal(err)
	}
	file, err := modfile.Parse("go.mod", bytes.ReplaceAll(text, []byte("VERSION"), []byte("v0.1.0")), nil)
	if err != nil {
		t.Fatal(err)
	}
	var required []string
	for _, r := range file.Require {
		required = append(required, r.Mod.Path)
	}
	if d := cmp.Diff([]string{own, own + "/loop/sqlstore"}, required); d != "" {
		t.Errorf("modules that it requires (-want +got):\n%s", d)
	}
	if len(file.Replace) > 0 {
		t.Error("a stranger has no replace directive")
	}
	text, err = fs.ReadFile(strangerFiles, "testdata/stranger/main.go.txt")
	if err != nil {
		t.Fatal(err)
	}
	program, err := parser.ParseFile(token.NewFileSet(), "main.go", text, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	var imported []string
	for _, i := range program.Imports {
		if path, ok := strings.CutPrefix(strings.Trim(i.Path.Value, `"`), own+"/"); ok {
			imported = append(imported, path)
		}
	}
	want := []string{"audit", "calendar", "loop", "loop/sqlstore/sqlite", "rubric", "rubric/halton"}
	if d := cmp.Diff(want, imported); d != "" {
		t.Errorf("our packages that it imports (-want +got):\n%s", d)
	}
}

func TestTidy(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("runs the go command")
	}
	root := plant(t, map[string]string{
		"go.work":    "go 1.25.0\n\nuse (\n\t.\n\t./sub\n)\n\n// Why.\nreplace (\n\texample.org/tiny v0.1.0 => ./\n\texample.org/z v1.0.0 => ./z\n)\n",
		"sub/go.sum": "example.org/far v1.0.0 h1:x=\n",
	})
	w, err := readWorkspace(root, "v0.2.0")
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	b := box(t, &out)
	if err := b.tidy(t.Context(), w); err != nil {
		t.Fatal(err)
	}

	for name, want := range map[string]string{
		"go.mod":     tiny["go.mod"],
		"go.work":    "go 1.25.0\n\nuse (\n\t.\n\t./sub\n)\n\n// Why.\nreplace (\n\texample.org/tiny v0.2.0 => .\n\texample.org/z v1.0.0 => ./z\n)\n",
		"sub/go.mod": "module example.org/tiny/sub\n\ngo 1.25.0\n\nrequire example.org/tiny v0.2.0\n",
		"sub/go.sum": "", // nothing of ours, nothing that is not needed
	} {
		got, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want, string(got)); d != "" {
			t.Errorf("%s (-want +got):\n%s", name, d)
		}
	}

	// What it wrote passes the check, and works in the workspace too, which
	// cannot find the version anywhere else.
	again := read(t, root)
	if err := again.checkVersions(); err != nil {
		t.Error(err)
	}
	if err := b.check(t.Context(), again, outsider); err != nil {
		t.Error(err)
	}
	b.env = append(b.env, "GOWORK="+filepath.Join(root, "go.work"), "GOFLAGS=", "GOPROXY=off", "GOMODCACHE="+t.TempDir())
	if out, err := b.goCommand(t.Context(), root, "test", "work"); err != nil {
		t.Errorf("in the workspace: %v\n%s", err, out)
	}
}

// wantError fails unless err says what is wanted, or is nil when that is "".
func wantError(t *testing.T, err error, want string) {
	t.Helper()
	switch {
	case want == "" && err != nil:
		t.Errorf("got error %v, want none", err)
	case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
		t.Errorf("got error %v, want one with %q", err, want)
	}
}
