//go:build unix

package embedded_test

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/embedded"
)

// Opening one of these would wait for ever.
func TestNamedPipesInDataDirectoryAreErrors(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"riva.db", "riva.db.lock", "keyset-id"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			if err := syscall.Mkfifo(filepath.Join(dir, name), 0o600); err != nil {
				t.Fatal(err)
			}
			err := openError(t, embedded.Options{DataDir: dir})
			if !strings.Contains(err.Error(), dir) || !strings.Contains(err.Error(), name+" is a named pipe, not a file") {
				t.Errorf("error %v", err)
			}
		})
	}
}

func TestPipesOfRunsDoNotPreventOpening(t *testing.T) {
	t.Parallel()
	o := newOptions(t)
	makeDir(t, o.DataDir, 0o700)
	pipe := filepath.Join(o.DataDir, ".run-7f0c2a4e-6f0e-4b06-8a5c-0d5f3b1f9a11")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	open(t, o)
	if _, err := os.Lstat(pipe); err != nil {
		t.Errorf("a foreign file was removed: %v", err)
	}
}

func TestReadOnlyDataDirectoryIsNamed(t *testing.T) {
	t.Parallel()
	dir := "/sys/riva" // not even root can create it
	if os.Geteuid() != 0 {
		dir = filepath.Join(makeDir(t, filepath.Join(t.TempDir(), "parent"), 0o500), "riva")
	}
	err := openError(t, embedded.Options{DataDir: dir})
	if !strings.Contains(err.Error(), dir+" cannot be written: ") || !strings.Contains(err.Error(), "another") {
		t.Errorf("error %v", err)
	}
}

func TestDatabaseOfAnotherProgramIsNamed(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "riva.db"), strings.Repeat("not a database ", 100))
	if err := openError(t, embedded.Options{DataDir: dir}); !strings.Contains(err.Error(), "is not a SQLite database") {
		t.Errorf("error %v", err)
	}
}
