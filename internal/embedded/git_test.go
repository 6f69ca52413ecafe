package embedded_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/embedded"
)

// newWorkTree creates a work tree of git, and returns options with a keyset in it.
func newWorkTree(t *testing.T) (tree string, o embedded.Options) {
	t.Helper()
	o = newOptions(t)
	tree = filepath.Join(filepath.Dir(o.DataDir), "tree")
	runGit(t, "init", "--quiet", tree)
	o.Keyset = filepath.Join(tree, "keys", "keyset.json")
	return tree, o
}

func runGit(t *testing.T, args ...string) {
	t.Helper()
	if out, err := exec.CommandContext(t.Context(), "git", args...).CombinedOutput(); err != nil {
		t.Fatalf("git %v: %v\n%s", args, err, out)
	}
}

func wantWarning(t *testing.T, o embedded.Options, says ...string) {
	t.Helper()
	control, _ := open(t, o)
	if len(control.Warnings()) != 1 {
		t.Fatalf("warnings %q, want one", control.Warnings())
	}
	for _, says := range append(says, o.Keyset) {
		if !strings.Contains(control.Warnings()[0], says) {
			t.Errorf("%q is not in the warning %q", says, control.Warnings()[0])
		}
	}
}

func TestKeysetInWorkTreeIsRefused(t *testing.T) {
	t.Parallel()
	tree, o := newWorkTree(t)
	wantRefused(t, o, "git does not ignore it")
	linked := o
	linked.Keyset = filepath.Join(link(t, tree, filepath.Join(filepath.Dir(tree), "link")), "keyset.json")
	wantRefused(t, linked, "git does not ignore it")
	if _, err := os.Stat(filepath.Dir(o.Keyset)); err == nil {
		t.Error("the directory of the keyset was created")
	}
}

func TestIgnoredKeysetInWorkTreeIsAllowed(t *testing.T) {
	t.Parallel()
	tree, o := newWorkTree(t)
	write(t, filepath.Join(tree, ".gitignore"), "keys/\n")
	for range 2 { // created, and opened again
		control, _ := open(t, o)
		if len(control.Warnings()) > 0 {
			t.Errorf("warnings %q", control.Warnings())
		}
	}
}

func TestBrokenRepositoryIsWarning(t *testing.T) {
	t.Parallel()
	o := newOptions(t)
	tree := makeDir(t, filepath.Join(filepath.Dir(o.DataDir), "tree"), 0o700)
	write(t, filepath.Join(tree, ".git"), "gitdir: /nowhere\n")
	o.Keyset = filepath.Join(tree, "keyset.json")
	wantWarning(t, o, "not a git repository", "never committed")
}

func TestMissingGitIsWarning(t *testing.T) {
	_, o := newWorkTree(t)
	t.Setenv("PATH", t.TempDir())
	wantWarning(t, o, "git is not installed", "never committed")
}

// A hook of another repository sets such variables.
func TestVariablesOfGitDoNotHideWorkTree(t *testing.T) {
	_, o := newWorkTree(t)
	other := filepath.Join(t.TempDir(), "other")
	runGit(t, "init", "--quiet", other)
	t.Setenv("GIT_DIR", filepath.Join(other, ".git"))
	t.Setenv("GIT_WORK_TREE", other)
	wantRefused(t, o, "git does not ignore it")
}

func TestProgramsOfRepositoryAreNotRun(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		return
	}
	tree, o := newWorkTree(t)
	trace := filepath.Join(filepath.Dir(tree), "trace")
	program := filepath.Join(filepath.Dir(tree), "monitor")
	write(t, program, "#!/bin/sh\ntouch "+trace+"\n")
	if err := os.Chmod(program, 0o700); err != nil {
		t.Fatal(err)
	}
	runGit(t, "-C", tree, "config", "core.fsmonitor", program)
	wantRefused(t, o, "git does not ignore it")
	if _, err := os.Stat(trace); err == nil {
		t.Error("the file system monitor of the repository was run")
	}
}
