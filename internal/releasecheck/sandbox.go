package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// A sandbox is a folder in which the go command sees our modules as if they were
// published, and nothing else that is new.
type sandbox struct {
	dir   string
	proxy proxy
	env   []string
	out   io.Writer // what a person reads
}

// newSandbox makes an empty one. Modules under ownPath come from it alone.
func newSandbox(ctx context.Context, ownPath string, out io.Writer) (*sandbox, error) {
	outside, err := goEnv(ctx, "GOPROXY", "GOMODCACHE", "GONOSUMDB")
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "releasecheck-")
	if err != nil {
		return nil, err
	}
	b := &sandbox{dir: dir, proxy: proxy{filepath.Join(dir, "proxy")}, out: out}
	if err := os.Mkdir(b.proxy.dir, 0o755); err != nil {
		return nil, errors.Join(err, b.remove())
	}
	noSum := ownPath
	if outside["GONOSUMDB"] != "" {
		noSum += "," + outside["GONOSUMDB"]
	}
	b.env = append(os.Environ(),
		"GOWORK=off",
		// -trimpath keeps the build cache of use from one sandbox to the next.
		"GOFLAGS=-mod=mod -modcacherw -trimpath -buildvcs=false",
		// A module cache of its own, filled from the one outside, so that nothing
		// is downloaded twice and no unpublished version gets out.
		"GOMODCACHE="+filepath.Join(dir, "modcache"),
		"GOPROXY="+strings.Join([]string{
			fileURL(b.proxy.dir),
			fileURL(filepath.Join(outside["GOMODCACHE"], "cache", "download")),
			outside["GOPROXY"],
		}, ","),
		// Our own modules are in no checksum database yet. GOPRIVATE would say
		// that too, but would go past the proxy.
		"GONOSUMDB="+noSum,
		"GONOPROXY=none",
	)
	return b, nil
}

func (b *sandbox) remove() error { return os.RemoveAll(b.dir) }

func (b *sandbox) printf(format string, args ...any) {
	fmt.Fprintf(b.out, format+"\n", args...)
}

// goEnv asks the go command for its settings outside the sandbox.
func goEnv(ctx context.Context, names ...string) (map[string]string, error) {
	out, err := exec.CommandContext(ctx, "go", append([]string{"env"}, names...)...).Output()
	if err != nil {
		return nil, fmt.Errorf("go env: %w", err)
	}
	lines := strings.Split(strings.TrimRight(string(out), "\r\n"), "\n")
	values := make(map[string]string)
	for i, name := range names {
		if i < len(lines) {
			values[name] = strings.TrimSpace(lines[i])
		}
	}
	return values, nil
}

// goCommand runs the go command in a folder. What it printed comes back, and is
// the text of the error as well.
func (b *sandbox) goCommand(ctx context.Context, dir string, args ...string) (string, error) {
	return b.command(ctx, dir, "go", args...)
}

func (b *sandbox) command(ctx context.Context, dir, name string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	cmd.Env = append(b.env, "PWD="+dir)
	var both bytes.Buffer
	cmd.Stdout, cmd.Stderr = &both, &both
	err := cmd.Run()
	out := withoutProgress(both.String())
	if err != nil {
		return out, fmt.Errorf("%s %s: %w\n%s", filepath.Base(name), strings.Join(args, " "), err, indent(out))
	}
	return out, nil
}

// withoutProgress removes what the go command says while it fills the cache.
func withoutProgress(out string) string {
	var kept strings.Builder
	for line := range strings.Lines(out) {
		if !strings.HasPrefix(line, "go: downloading ") {
			kept.WriteString(line)
		}
	}
	return kept.String()
}

func indent(text string) string {
	return "\t" + strings.ReplaceAll(strings.TrimRight(text, "\n"), "\n", "\n\t")
}
