// Releasecheck shows, before a version is published, that it will work once it is.
//
//	go run ./internal/releasecheck [-version v0.1.0] [-tidy]
//
// It packs every module of the workspace as the version being released, and
// serves the packs from a folder, as a module proxy would. Against that folder,
// with no workspace and no replace directive, it builds, vets and tests every
// nested module, and builds and runs the program of a stranger who embeds the
// library (testdata/stranger). What it downloads it keeps out of the module
// cache, which must never see a version that is not published.
//
// With -tidy it brings every go.mod and go.sum up to date in the same way, which
// "go mod tidy" cannot do while our own modules are not published, and checks
// nothing. With -version as well, the nested modules require that version from
// then on.
//
// It exits with 1 when something is wrong with the modules, and with 2 when it
// was asked for something it cannot do.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"

	"golang.org/x/mod/semver"
)

func main() {
	os.Exit(run())
}

func run() int {
	version := flag.String("version", "", "the `version` being released (default: the one the nested modules require)")
	tidy := flag.Bool("tidy", false, "update every go.mod and go.sum, and check nothing")
	flag.Parse()
	if flag.NArg() > 0 {
		fmt.Fprintf(os.Stderr, "releasecheck: unexpected argument %q\n", flag.Arg(0))
		flag.Usage()
		return 2
	}

	if *version != "" && semver.Canonical(*version) != *version {
		fmt.Fprintf(os.Stderr, "releasecheck: %q is not a version such as v0.1.0\n", *version)
		return 2
	}

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()

	root, err := findRoot()
	if err != nil {
		fmt.Fprintln(os.Stderr, "releasecheck:", err)
		return 2
	}
	if err := release(ctx, root, *version, *tidy); err != nil {
		fmt.Fprintln(os.Stderr, "releasecheck:", err)
		return 1
	}
	return 0
}

// release does the work, and removes what it put on the disk.
func release(ctx context.Context, root, version string, tidy bool) (err error) {
	w, err := readWorkspace(root, version)
	if err != nil {
		return err
	}
	box, err := newSandbox(ctx, w.modules[0].path, os.Stdout)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, box.remove()) }()

	if tidy {
		return box.tidy(ctx, w)
	}
	stranger, err := fs.Sub(strangerFiles, "testdata/stranger")
	if err != nil {
		return err
	}
	return box.check(ctx, w, stranger)
}

// findRoot returns the nearest folder upwards that holds a go.work.
func findRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for start := dir; ; {
		if _, err := os.Stat(filepath.Join(dir, "go.work")); err == nil {
			return dir, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", fmt.Errorf("no go.work in %s or above it: run this inside the repository", start)
		}
		dir = parent
	}
}
