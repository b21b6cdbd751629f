package main

import (
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
)

// A workspace is the modules that go.work joins, all released as one version.
type workspace struct {
	version string
	work    *modfile.WorkFile
	modules []*mod // the root first, and each after those it requires
}

// A mod is one module of the workspace.
type mod struct {
	path string // module path
	dir  string // absolute
	name string // folder as go.work has it, for messages
	file *modfile.File
}

func (m *mod) at(version string) module.Version {
	return module.Version{Path: m.path, Version: version}
}

// readWorkspace reads go.work and every go.mod that it uses. With no version it
// takes the one that the nested modules require of ours.
func readWorkspace(root, version string) (*workspace, error) {
	name := filepath.Join(root, "go.work")
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	work, err := modfile.ParseWork(name, text, nil)
	if err != nil {
		return nil, err
	}
	w := &workspace{version: version, work: work}
	for _, use := range work.Use {
		m, err := readModule(root, use.Path)
		if err != nil {
			return nil, err
		}
		w.modules = append(w.modules, m)
	}
	if !slices.ContainsFunc(w.modules, func(m *mod) bool { return m.dir == filepath.Clean(root) }) {
		return nil, fmt.Errorf("%s does not use the module in its own folder", name)
	}
	if err := w.sort(); err != nil {
		return nil, err
	}
	return w, w.settleVersion()
}

func readModule(root, use string) (*mod, error) {
	dir := filepath.Join(root, filepath.FromSlash(use))
	name := filepath.Join(dir, "go.mod")
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	f, err := modfile.Parse(name, text, nil)
	if err != nil {
		return nil, err
	}
	if f.Module == nil {
		return nil, fmt.Errorf("%s names no module", name)
	}
	if len(f.Replace) > 0 {
		return nil, fmt.Errorf("%s:%d: a replace directive means nothing once the module is published",
			name, f.Replace[0].Syntax.Start.Line)
	}
	return &mod{f.Module.Mod.Path, dir, use, f}, nil
}

// find returns our module of that path, or nil.
func (w *workspace) find(modulePath string) *mod {
	i := slices.IndexFunc(w.modules, func(m *mod) bool { return m.path == modulePath })
	if i < 0 {
		return nil
	}
	return w.modules[i]
}

// sort puts each module after those of ours that it requires. The root, which
// requires none of them, comes first.
func (w *workspace) sort() error {
	slices.SortFunc(w.modules, func(a, b *mod) int { return strings.Compare(a.dir, b.dir) })
	var sorted []*mod
	for len(sorted) < len(w.modules) {
		before := len(sorted)
		for _, m := range w.modules {
			ready := !slices.ContainsFunc(m.file.Require, func(r *modfile.Require) bool {
				ours := w.find(r.Mod.Path)
				return ours != nil && !slices.Contains(sorted, ours)
			})
			if ready && !slices.Contains(sorted, m) {
				sorted = append(sorted, m)
			}
		}
		if len(sorted) == before {
			return errors.New("our modules require one another in a circle")
		}
	}
	if first := w.modules[0]; sorted[0] != first {
		return fmt.Errorf("the root module %s requires one of the modules nested in it", first.path)
	}
	w.modules = sorted
	return nil
}

// settleVersion takes the version that the nested modules require, unless one
// was named.
func (w *workspace) settleVersion() error {
	for _, r := range w.requirements() {
		if w.version == "" {
			w.version = r.Version
		}
	}
	if w.version == "" {
		return errors.New("no nested module says which version is being released: say it with -version")
	}
	return nil
}

// requirements returns our own modules that others of ours require, each version
// once.
func (w *workspace) requirements() []module.Version {
	var all []module.Version
	for _, m := range w.modules {
		for _, r := range m.file.Require {
			if w.find(r.Mod.Path) != nil && !slices.Contains(all, r.Mod) {
				all = append(all, r.Mod)
			}
		}
	}
	module.Sort(all)
	return all
}

// checkVersions reports requirements of our own modules that are not of the
// version being released, and those that go.work does not point at the checkout.
//
// In the workspace the go command builds the checkout, but it reads the go.mod
// of every version that is required as well, and an unpublished one is nowhere
// to be found. So go.work replaces just those versions by the folders it uses
// anyway (docs/adr/0001).
func (w *workspace) checkVersions() error {
	want := w.requirements()
	for _, r := range want {
		if r.Version != w.version {
			return fmt.Errorf("a nested module requires %s, but the version being released is %s: run releasecheck -tidy -version %[2]s", r, w.version)
		}
	}
	if got := w.replaced(); !slices.Equal(got, want) {
		return fmt.Errorf("go.work points %v at the checkout, but the nested modules require %v: run releasecheck -tidy", got, want)
	}
	return nil
}

// replaced returns the versions of our own modules that go.work points at the
// checkout.
func (w *workspace) replaced() []module.Version {
	var all []module.Version
	for _, r := range w.work.Replace {
		m := w.find(r.Old.Path)
		if m != nil && r.New.Version == "" && path.Clean(r.New.Path) == path.Clean(m.name) {
			all = append(all, r.Old)
		}
	}
	module.Sort(all)
	return all
}
