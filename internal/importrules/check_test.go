package importrules

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/mod/modfile"
)

// A violation is one thing in the tree that the policy does not allow.
type violation struct {
	pos  string // file, or file:line
	what string
}

func (v violation) String() string { return v.pos + ": " + v.what }

// A clockRules says where the machine's clock may not be used.
type clockRules struct {
	banned     []string // names in package time
	in         []string // directories
	exceptFile string   // may use time.Now, on a line whose comment says "default"
}

// A checker holds a tree to a policy.
type checker struct {
	module string // path of the root module
	order  order
	bans   banList
	clocks clockRules
	found  []violation
}

func (c *checker) report(pos, format string, args ...any) {
	c.found = append(c.found, violation{pos, fmt.Sprintf(format, args...)})
}

// checkSources reads every Go file in the tree, whatever its build constraints,
// and returns how many it read.
func (c *checker) checkSources(tree fs.FS) (int, error) {
	files := 0
	err := walk(tree, func(name string) error {
		if path.Ext(name) != ".go" {
			return nil
		}
		text, err := fs.ReadFile(tree, name)
		if err != nil {
			return err
		}
		files++
		return c.checkFile(name, text)
	})
	return files, err
}

func (c *checker) checkFile(name string, text []byte) error {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, name, text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	dir := path.Dir(name)
	test := strings.HasSuffix(name, "_test.go")
	if c.order.place(dir) == "" {
		c.report(name, "package %s has no place in the house (internal/importrules/policy_test.go)", dir)
	}
	for _, spec := range file.Imports {
		what, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return err
		}
		pos := fmt.Sprintf("%s:%d", name, fset.Position(spec.Pos()).Line)
		if ours, ok := c.ours(what); ok {
			c.checkOurs(pos, dir, ours, test)
		} else if !test && c.bans.forbids(dir, what) {
			c.report(pos, "%s must not import %s", dir, what)
		}
	}
	if !test && slices.Contains(c.clocks.in, dir) {
		c.checkClock(fset, name, file)
	}
	return nil
}

// ours returns the directory of an import path, when it is one of ours.
func (c *checker) ours(what string) (dir string, ok bool) {
	if what == c.module {
		return ".", true
	}
	return strings.CutPrefix(what, c.module+"/")
}

func (c *checker) checkOurs(pos, dir, ours string, test bool) {
	switch {
	case c.order.place(dir) == "": // said already
	case c.order.allows(dir, ours):
	case test && (ours == dir || slices.Contains(inTests, ours) || slices.Contains(inTestsOf[dir], ours)):
	case c.order.place(ours) == "":
		c.report(pos, "%s imports %s, which has no place in the house", dir, ours)
	default:
		c.report(pos, "%s may not import %s: a package imports only what stands below it", dir, ours)
	}
}

// checkClock finds the uses, called or not, of what clocks bans.
func (c *checker) checkClock(fset *token.FileSet, name string, file *ast.File) {
	local := ""
	for _, spec := range file.Imports {
		if spec.Path.Value == `"time"` {
			local = "time"
			if spec.Name != nil {
				local = spec.Name.Name
			}
		}
	}
	if local == "." {
		c.report(name, "import of time into the file's own scope, where a use of the clock cannot be seen")
	}
	ast.Inspect(file, func(n ast.Node) bool {
		sel, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		x, ok := sel.X.(*ast.Ident)
		if !ok || local == "" || x.Name != local || !slices.Contains(c.clocks.banned, sel.Sel.Name) {
			return true
		}
		line := fset.Position(sel.Pos()).Line
		if name == c.clocks.exceptFile && sel.Sel.Name == "Now" && saysDefault(fset, file, line) {
			return true
		}
		c.report(fmt.Sprintf("%s:%d", name, line), "time.%s: the clock is injected here, never read", sel.Sel.Name)
		return true
	})
}

// saysDefault reports whether a comment on a line, or ending on the line before
// it, speaks of a default.
func saysDefault(fset *token.FileSet, file *ast.File, line int) bool {
	return slices.ContainsFunc(file.Comments, func(g *ast.CommentGroup) bool {
		end := fset.Position(g.End()).Line
		return (end == line || end == line-1) && strings.Contains(strings.ToLower(g.Text()), "default")
	})
}

// checkModules reads every go.mod, go.work and go.sum in the tree.
func (c *checker) checkModules(tree fs.FS) error {
	return walk(tree, func(name string) error {
		switch path.Base(name) {
		case "go.mod", "go.work", "go.sum", "go.work.sum":
		default:
			return nil
		}
		text, err := fs.ReadFile(tree, name)
		if err != nil {
			return err
		}
		switch path.Base(name) {
		case "go.mod":
			return c.checkModule(name, text)
		case "go.work":
			return c.checkWork(name, text)
		}
		c.checkSums(name, text)
		return nil
	})
}

func (c *checker) checkModule(name string, text []byte) error {
	f, err := modfile.Parse(name, text, nil)
	if err != nil {
		return err
	}
	c.checkGo(name, f.Go, f.Toolchain)
	c.checkReplace(name, f.Replace)
	want := path.Join(c.module, path.Dir(name))
	if got := f.Module.Mod.Path; got != want {
		c.report(name, "module %s, but here it must be %s", got, want)
	}
	if name != "go.mod" {
		return nil
	}
	for _, r := range f.Require {
		allowed := slices.ContainsFunc(requirements, func(p string) bool { return matches(p, r.Mod.Path) })
		if !r.Indirect && !allowed {
			c.report(fmt.Sprintf("%s:%d", name, r.Syntax.Start.Line),
				"the root module may not directly require %s", r.Mod.Path)
		}
	}
	return nil
}

func (c *checker) checkWork(name string, text []byte) error {
	f, err := modfile.ParseWork(name, text, nil)
	if err != nil {
		return err
	}
	c.checkGo(name, f.Go, f.Toolchain)
	c.checkReplace(name, slices.DeleteFunc(f.Replace, c.pointsAtCheckout))
	return nil
}

// pointsAtCheckout reports whether a directive of go.work only says again that
// one of our modules is where it is. The go command needs to hear it for a
// version that is not published yet (docs/adr/0001).
func (c *checker) pointsAtCheckout(r *modfile.Replace) bool {
	return r.Old.Version != "" && r.New.Version == "" &&
		path.Join(c.module, r.New.Path) == r.Old.Path && !strings.HasPrefix(path.Clean(r.New.Path), "..")
}

func (c *checker) checkReplace(name string, replace []*modfile.Replace) {
	for _, r := range replace {
		c.report(fmt.Sprintf("%s:%d", name, r.Syntax.Start.Line),
			"no replace directive, here of %s: what is released would differ from what was tested", r.Old.Path)
	}
}

func (c *checker) checkGo(name string, g *modfile.Go, t *modfile.Toolchain) {
	if g == nil || g.Version != goVersion {
		c.report(name, "the go directive must be %s, which is what we promise", goVersion)
	}
	if t != nil {
		c.report(fmt.Sprintf("%s:%d", name, t.Syntax.Start.Line), "no toolchain directive: users choose their own")
	}
}

// checkSums finds checksums of our own modules. Until a version is released its
// checksum changes with every edit.
func (c *checker) checkSums(name string, text []byte) {
	n := 0
	for line := range bytes.Lines(text) {
		n++
		module, _, _ := strings.Cut(string(line), " ")
		if _, ours := c.ours(module); ours {
			c.report(fmt.Sprintf("%s:%d", name, n), "checksum of our own module %s", module)
		}
	}
}

// walk calls f for each file that the go command would look at.
func walk(tree fs.FS, f func(name string) error) error {
	return fs.WalkDir(tree, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		base := path.Base(name)
		if d.IsDir() {
			if name != "." && (base == "testdata" || base == "vendor" || strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_")) {
				return fs.SkipDir
			}
			return nil
		}
		return f(name)
	})
}
