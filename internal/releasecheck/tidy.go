package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"
)

// A tidied module is what its two files should hold.
type tidied struct {
	gomod, gosum []byte
}

// tidy brings every go.mod and go.sum of the workspace up to date: a module that
// others require before them.
func (b *sandbox) tidy(ctx context.Context, w *workspace) error {
	if err := w.writeVersions(); err != nil {
		return err
	}
	for _, m := range w.modules {
		if _, err := b.proxy.pack(m, w.version); err != nil {
			return err
		}
		want, err := b.tidied(ctx, w, m)
		if err != nil {
			return fmt.Errorf("%s: %w", m.name, err)
		}
		changed, err := want.write(m.dir)
		if err != nil {
			return err
		}
		// Those that require this one read its go.mod as it is now.
		if _, err := b.proxy.pack(m, w.version); err != nil {
			return err
		}
		if len(changed) == 0 {
			b.printf("%s: tidy", m.name)
		} else {
			b.printf("%s: wrote %s", m.name, strings.Join(changed, " and "))
		}
	}
	return nil
}

// tidied works out, on a copy of a packed module, what its files should hold.
func (b *sandbox) tidied(ctx context.Context, w *workspace, m *mod) (t tidied, err error) {
	dir, err := os.MkdirTemp(b.dir, "tidy-")
	if err != nil {
		return tidied{}, err
	}
	if err := b.proxy.unpack(m, w.version, dir); err != nil {
		return tidied{}, err
	}
	if _, err := b.goCommand(ctx, dir, "mod", "tidy"); err != nil {
		return tidied{}, err
	}
	return readTidied(w, dir)
}

func readTidied(w *workspace, dir string) (t tidied, err error) {
	if t.gomod, err = os.ReadFile(filepath.Join(dir, "go.mod")); err != nil {
		return tidied{}, err
	}
	t.gosum, err = os.ReadFile(filepath.Join(dir, "go.sum"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return tidied{}, err
	}
	t.gosum = stripOwn(t.gosum, func(path string) bool { return w.find(path) != nil })
	return t, nil
}

// stripOwn removes the checksums of our own modules from the text of a go.sum.
// Until a version is published they change with every edit.
func stripOwn(gosum []byte, own func(path string) bool) []byte {
	var kept []byte
	for line := range bytes.Lines(gosum) {
		if path, _, _ := strings.Cut(string(line), " "); !own(path) {
			kept = append(kept, line...)
		}
	}
	return kept
}

// differs returns the names of the files in a folder that are not as they should
// be. An empty go.sum is as good as none.
func (t tidied) differs(dir string) ([]string, error) {
	var names []string
	for _, f := range []struct {
		name string
		want []byte
	}{{"go.mod", t.gomod}, {"go.sum", t.gosum}} {
		got, err := os.ReadFile(filepath.Join(dir, f.name))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		if !bytes.Equal(got, f.want) {
			names = append(names, f.name)
		}
	}
	return names, nil
}

// write makes the files in a folder as they should be, and names those it changed.
func (t tidied) write(dir string) ([]string, error) {
	names, err := t.differs(dir)
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		text := t.gomod
		if name == "go.sum" {
			text = t.gosum
		}
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o644); err != nil {
			return nil, err
		}
	}
	return names, nil
}

// writeVersions makes every go.mod require the version being released of our own
// modules, and go.work point it at the checkout, as checkVersions wants.
func (w *workspace) writeVersions() error {
	if w.checkVersions() == nil {
		return nil
	}
	for _, m := range w.modules {
		changed := false
		for _, r := range slices.Clone(m.file.Require) {
			if w.find(r.Mod.Path) == nil || r.Mod.Version == w.version {
				continue
			}
			if err := m.file.AddRequire(r.Mod.Path, w.version); err != nil {
				return err
			}
			changed = true
		}
		if changed {
			m.file.Cleanup()
			if err := os.WriteFile(filepath.Join(m.dir, "go.mod"), modfile.Format(m.file.Syntax), 0o644); err != nil {
				return err
			}
		}
	}
	want := w.requirements()
	for _, r := range want {
		if err := w.work.AddReplace(r.Path, r.Version, w.find(r.Path).name, ""); err != nil {
			return err
		}
	}
	for _, r := range slices.Clone(w.work.Replace) {
		if w.find(r.Old.Path) != nil && !slices.Contains(want, r.Old) {
			if err := w.work.DropReplace(r.Old.Path, r.Old.Version); err != nil {
				return err
			}
		}
	}
	w.work.Cleanup()
	return os.WriteFile(filepath.Join(w.modules[0].dir, "go.work"), modfile.Format(w.work.Syntax), 0o644)
}
