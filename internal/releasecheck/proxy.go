package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"golang.org/x/mod/module"
	"golang.org/x/mod/zip"
)

// A proxy is a folder laid out as a module proxy serves it: go help goproxy.
type proxy struct {
	dir string
}

// pack puts a module into the proxy as one version, in place of what was there.
// It returns the size of the pack. Nested modules are left out of it, as they
// will be when the version is published.
func (p proxy) pack(m *mod, version string) (size int64, err error) {
	escaped, err := module.EscapePath(m.path)
	if err != nil {
		return 0, err
	}
	dir := filepath.Join(p.dir, filepath.FromSlash(escaped), "@v")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return 0, err
	}
	info, err := json.Marshal(struct {
		Version string
		Time    time.Time
	}{version, time.Now().UTC().Truncate(time.Second)})
	if err != nil {
		return 0, err
	}
	gomod, err := os.ReadFile(filepath.Join(m.dir, "go.mod"))
	if err != nil {
		return 0, err
	}
	for name, text := range map[string][]byte{
		"list":            []byte(version + "\n"),
		version + ".info": info,
		version + ".mod":  gomod,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o644); err != nil {
			return 0, err
		}
	}

	f, err := os.Create(p.zip(m, version))
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if err := zip.CreateFromDir(f, m.at(version), m.dir); err != nil {
		return 0, fmt.Errorf("packing %s: %w", m.name, err)
	}
	stat, err := f.Stat()
	if err != nil {
		return 0, err
	}
	return stat.Size(), nil
}

// zip returns the file that holds the pack of a module.
func (p proxy) zip(m *mod, version string) string {
	escaped, err := module.EscapePath(m.path)
	if err != nil {
		escaped = m.path // pack has refused it
	}
	return filepath.Join(p.dir, filepath.FromSlash(escaped), "@v", version+".zip")
}

// unpack writes a packed module into a new folder, as a user receives it.
func (p proxy) unpack(m *mod, version, dir string) error {
	return zip.Unzip(dir, m.at(version), p.zip(m, version))
}

// fileURL returns the file: address of an absolute path.
func fileURL(dir string) string {
	dir = filepath.ToSlash(dir)
	if runtime.GOOS == "windows" {
		dir = "/" + dir
	}
	return (&url.URL{Scheme: "file", Path: dir}).String()
}
