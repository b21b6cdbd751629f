package main

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// strangerFiles is the program of someone who embeds the library. Its files end
// in ".txt" so that they are no part of this module.
//
//go:embed testdata/stranger
var strangerFiles embed.FS

// check packs all modules, then looks at each as its users will. It reports
// everything that is wrong, not the first thing.
func (b *sandbox) check(ctx context.Context, w *workspace, stranger fs.FS) error {
	b.printf("checking %s as %s", w.modules[0].path, w.version)
	for _, m := range w.modules {
		size, err := b.proxy.pack(m, w.version)
		if err != nil {
			return err
		}
		b.printf("packed %s: %d kB", m.path, (size+999)/1000)
	}
	problems := []error{w.checkVersions()}
	for i, m := range w.modules {
		start := time.Now()
		// The root is tested in the workspace, which changes nothing for it.
		err := b.checkModule(ctx, w, m, i > 0)
		if err != nil {
			err = fmt.Errorf("%s: %w", m.name, err)
		}
		problems = append(problems, err)
		b.printf("%s: %s in %.1f s", m.name, verdict(err), time.Since(start).Seconds())
	}
	start := time.Now()
	err := b.checkStranger(ctx, w, stranger)
	if err != nil {
		err = fmt.Errorf("a stranger's program: %w", err)
	}
	b.printf("a stranger's program: %s in %.1f s", verdict(err), time.Since(start).Seconds())
	return errors.Join(append(problems, err)...)
}

func verdict(err error) string {
	if err != nil {
		return "not as it should be"
	}
	return "as it should be"
}

// checkModule builds, vets and tests a module as published, and compares its
// go.mod and go.sum with what tidying it would give.
func (b *sandbox) checkModule(ctx context.Context, w *workspace, m *mod, test bool) error {
	want, err := b.tidied(ctx, w, m)
	if err != nil {
		return err
	}
	var problems []error
	names, err := want.differs(m.dir)
	if err != nil {
		return err
	}
	if len(names) > 0 {
		problems = append(problems, fmt.Errorf("%s not tidy: run releasecheck -tidy", strings.Join(names, " and ")))
	}
	dir, err := os.MkdirTemp(b.dir, "module-")
	if err != nil {
		return err
	}
	if err := b.proxy.unpack(m, w.version, dir); err != nil {
		return err
	}
	if _, err := b.goCommand(ctx, dir, "build", "-o", os.DevNull, "./..."); err != nil {
		return errors.Join(append(problems, err)...) // the rest would only repeat it
	}
	_, err = b.goCommand(ctx, dir, "vet", "./...")
	problems = append(problems, err)
	if test {
		out, err := b.goCommand(ctx, dir, "test", "./...")
		problems = append(problems, err)
		if err == nil {
			b.printf("%s", indent(out))
		}
	}
	return errors.Join(problems...)
}

// checkStranger builds and runs a program that has nothing but our published
// modules, and compares what it prints with want.txt.
func (b *sandbox) checkStranger(ctx context.Context, w *workspace, files fs.FS) error {
	dir, err := os.MkdirTemp(b.dir, "stranger-")
	if err != nil {
		return err
	}
	want, err := fs.ReadFile(files, "want.txt")
	if err != nil {
		return err
	}
	sources, err := fs.Glob(files, "*.go.txt")
	if err != nil {
		return err
	}
	for _, name := range append(sources, "go.mod.txt") {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		text = []byte(strings.ReplaceAll(string(text), "VERSION", w.version))
		if err := os.WriteFile(filepath.Join(dir, strings.TrimSuffix(name, ".txt")), text, 0o644); err != nil {
			return err
		}
	}
	// Only the checksum of what we release is new to a stranger's machine.
	sums, err := b.sums(w)
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "go.sum"), sums, 0o644); err != nil {
		return err
	}
	program := filepath.Join(dir, "stranger.exe")
	for _, args := range [][]string{{"mod", "tidy"}, {"build", "-o", program, "."}} {
		if _, err := b.goCommand(ctx, dir, args...); err != nil {
			return err
		}
	}
	got, err := b.command(ctx, dir, program)
	if err != nil {
		return err
	}
	if got != string(want) {
		return fmt.Errorf("printed\n%s\nand not\n%s", indent(got), indent(string(want)))
	}
	b.printf("%s", indent(got))
	return nil
}

// sums returns every checksum that our modules have committed.
func (b *sandbox) sums(w *workspace) ([]byte, error) {
	var all []byte
	for _, m := range w.modules {
		text, err := os.ReadFile(filepath.Join(m.dir, "go.sum"))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		all = append(all, text...)
	}
	return all, nil
}
