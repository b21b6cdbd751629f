//go:build unix

package main

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Opening a pipe waits for somebody to write to it: nobody ever may.
func TestPipesAndDevicesAreRefused(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Skip(err)
	}
	for _, flag := range []string{"-form", "-caseload", "-people", "-rubric", "-policy", "-db"} {
		for _, file := range []string{pipe, os.DevNull} {
			done := make(chan struct{})
			go func() {
				defer close(done)
				code, out, errs := quickstart(flag, file)
				if code != exitMistake || out != "" || !strings.Contains(errs, file+": this is ") {
					t.Errorf("%s %s: exit %d, %q, %q", flag, file, code, out, errs)
				}
			}()
			select {
			case <-done:
			case <-time.After(20 * time.Second):
				t.Fatalf("%s %s: still waiting", flag, file)
			}
		}
	}
}
