package cli_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

func TestKeysCreate(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "keys", "keyset.json")
	out, err := execute(t, "", "keys", "create", file)
	if err != nil || !strings.Contains(out, file) {
		t.Fatalf("%v\n%s", err, out)
	}
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 && runtime.GOOS != "windows" {
		t.Errorf("the file has the mode %v, %v", info.Mode(), err)
	}
	for line := range strings.Lines(string(content)) {
		if line = strings.TrimSpace(line); len(line) > 8 && strings.Contains(out, line) {
			t.Errorf("the output has %q of the keyset", line)
		}
	}
	if _, err := execute(t, "", "keys", "create", file); err == nil || !strings.Contains(err.Error(), "was not changed") {
		t.Errorf("the second time: %v", err)
	}
	if again, err := os.ReadFile(file); err != nil || !bytes.Equal(again, content) {
		t.Errorf("the second time changed the file, %v", err)
	}
}

func TestKeysCreateRefusesGitWorkTree(t *testing.T) {
	t.Parallel()
	tree := t.TempDir()
	if out, err := exec.CommandContext(t.Context(), "git", "init", "-q", tree).CombinedOutput(); err != nil {
		t.Fatalf("git init: %v\n%s", err, out)
	}
	file := filepath.Join(tree, "keyset.json")
	if _, err := execute(t, "", "keys", "create", file); err == nil || !strings.Contains(err.Error(), "git does not ignore it") {
		t.Errorf("in a work tree: %v", err)
	}
	if _, err := os.Stat(file); err == nil {
		t.Error("the keyset was created")
	}
	if err := os.WriteFile(filepath.Join(tree, ".gitignore"), []byte("keyset.json\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := execute(t, "", "keys", "create", file); err != nil {
		t.Errorf("if git ignores it: %v\n%s", err, out)
	}
}
