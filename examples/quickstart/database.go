package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/practiceaudit/practiceaudit/loop"
	"github.com/practiceaudit/practiceaudit/loop/sqlstore/sqlite"
)

// database is where the history is kept: open already if there is one, and made
// only once nothing is wrong with the files. Its zero value is a temporary one.
type database struct {
	path  string
	store loop.Store // nil before create, where there is no file yet
	last  []func() error
}

// openDatabase opens a database that is there, and looks whether one that is not
// could be made. It makes nothing.
func openDatabase(ctx context.Context, path string) (*database, error) {
	d := &database{path: path}
	if path == "" {
		return d, nil
	}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if folder, err := os.Stat(filepath.Dir(path)); err != nil || !folder.IsDir() {
			return d, d.open(ctx) // which says what is wrong with it
		}
		return d, d.canBeMade()
	case err == nil && info.Mode().IsRegular() && info.Size() == 0 && !d.interrupted():
		return d, fmt.Errorf("%s: this file is empty, and no database: name another, or remove it first", path)
	}
	return d, d.open(ctx)
}

// interrupted reports whether an empty file is a database that a run was stopped
// in making: the number in the lock file beside it goes with an orderly end.
func (d *database) interrupted() bool {
	info, err := os.Stat(d.path + ".lock")
	return err == nil && info.Size() > 0
}

// canBeMade tries whether a file can be made in the folder.
func (d *database) canBeMade() error {
	f, err := os.CreateTemp(filepath.Dir(d.path), ".quickstart-*")
	if err != nil {
		return fmt.Errorf("%s: this file cannot be made: allow this process to write to its folder (%w)", d.path, err)
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

func (d *database) open(ctx context.Context) error {
	store, err := sqlite.Open(ctx, d.path, nil)
	if err != nil {
		return err
	}
	d.store, d.last = store, append(d.last, store.Close)
	return nil
}

// create makes the database if it is not there. A temporary one is removed when
// it is closed.
func (d *database) create(ctx context.Context) error {
	if d.store != nil {
		return nil
	}
	if d.path == "" {
		dir, err := os.MkdirTemp("", "practiceaudit-quickstart-")
		if err != nil {
			return err
		}
		d.path, d.last = filepath.Join(dir, "quickstart.db"), append(d.last, func() error { return os.RemoveAll(dir) })
	}
	return d.open(ctx)
}

func (d *database) close() error {
	var errs []error
	for len(d.last) > 0 {
		errs = append(errs, d.last[len(d.last)-1]())
		d.last = d.last[:len(d.last)-1]
	}
	return errors.Join(errs...)
}
