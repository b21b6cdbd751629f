package sqlite

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
)

// applicationID stands in the header of every file of ours: "PrAu".
const applicationID = 0x50724175

//go:embed migrations/*.sql
var migrationFiles embed.FS

// A migration is one step of the schema, a file named 0001_what_it_does.sql. It
// is never changed once released; a new step is a new file.
type migration struct {
	number   int
	name     string
	sql      string
	checksum string
}

// embedded returns this version's migrations. A test holds them to be numbered
// from 1 without a gap.
func embedded() []migration {
	all, err := readMigrations(migrationFiles)
	if err != nil {
		panic(err) // the files are compiled in
	}
	return all
}

func readMigrations(files fs.FS) ([]migration, error) {
	names, err := fs.Glob(files, "migrations/*.sql")
	if err != nil {
		return nil, err
	}
	slices.Sort(names)
	var all []migration
	for i, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		number, _, _ := strings.Cut(path.Base(name), "_")
		if n, err := strconv.Atoi(number); err != nil || n != i+1 {
			return nil, fmt.Errorf("%s: migrations are numbered from 0001 without a gap: this should be %04d", name, i+1)
		}
		text = bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))
		sum := sha256.Sum256(text)
		all = append(all, migration{i + 1, path.Base(name), string(text), "sha256:" + hex.EncodeToString(sum[:])})
	}
	return all, nil
}

// migrate brings a database up to date: forward only, all steps in one
// transaction. It refuses a database that is not ours, one of a newer version,
// and one whose recorded steps are not the ones given.
func migrate(ctx context.Context, conn *sql.Conn, path string, steps []migration) (err error) {
	if _, err := conn.ExecContext(ctx, "BEGIN IMMEDIATE"); err != nil {
		return explain(path, "open", err)
	}
	defer func() {
		if err != nil {
			_, back := conn.ExecContext(context.WithoutCancel(ctx), "ROLLBACK")
			err = errors.Join(err, back)
		}
	}()
	at, err := schemaOf(ctx, conn, path)
	if err != nil {
		return err
	}
	if at > len(steps) {
		return fmt.Errorf("%s: schema %d, and this program knows up to %d: %w", path, at, len(steps), ErrNewerSchema)
	}
	if err := verify(ctx, conn, path, steps[:at]); err != nil {
		return err
	}
	for _, m := range steps[at:] {
		if err := m.apply(ctx, conn); err != nil {
			return &MigrationError{path, m.name, err.Error()}
		}
	}
	if _, err = conn.ExecContext(ctx, "COMMIT"); err != nil {
		return explain(path, "bring up to date", err)
	}
	return nil
}

// schemaOf returns how many steps a database has taken, 0 for an empty one.
func schemaOf(ctx context.Context, conn *sql.Conn, path string) (int, error) {
	var id int32
	var version, objects int
	for query, to := range map[string]any{
		"PRAGMA application_id":              &id,
		"PRAGMA user_version":                &version,
		"SELECT count(*) FROM sqlite_schema": &objects,
	} {
		if err := conn.QueryRowContext(ctx, query).Scan(to); err != nil {
			return 0, explain(path, "read", err)
		}
	}
	empty := id == 0 && version == 0 && objects == 0
	if id != applicationID && !empty {
		return 0, &ForeignDatabaseError{path, id}
	}
	return version, nil
}

// verify compares the steps that a database has taken with ours.
func verify(ctx context.Context, conn *sql.Conn, path string, steps []migration) error {
	for _, m := range steps {
		var checksum string
		err := conn.QueryRowContext(ctx, "SELECT checksum FROM migrations WHERE number = ?", m.number).Scan(&checksum)
		switch {
		case errors.Is(err, sql.ErrNoRows):
			return &MigrationError{path, m.name, "this database says that it took this step and has no record of it: restore a backup"}
		case err != nil:
			return explain(path, "read", err)
		case checksum != m.checksum:
			return &MigrationError{path, m.name, fmt.Sprintf("this database took another step of this number (%s, not %s): use the version of practiceaudit that made it, or a newer one; a released migration is never changed", checksum, m.checksum)}
		}
	}
	return nil
}

func (m migration) apply(ctx context.Context, conn *sql.Conn) error {
	if _, err := conn.ExecContext(ctx, m.sql); err != nil {
		return err
	}
	if _, err := conn.ExecContext(ctx, "INSERT INTO migrations (number, name, checksum) VALUES (?, ?, ?)", m.number, m.name, m.checksum); err != nil {
		return err
	}
	_, err := conn.ExecContext(ctx, fmt.Sprintf("PRAGMA user_version = %d; PRAGMA application_id = %d", m.number, applicationID))
	return err
}
