//go:build unix

package checkout_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// checkWords runs tools/plain-words.sh in a new repository with these files.
func checkWords(t *testing.T, files map[string]string) (string, error) {
	t.Helper()
	dir := t.TempDir()
	for file, text := range files {
		must(t, os.MkdirAll(filepath.Dir(filepath.Join(dir, file)), 0o700))
		must(t, os.WriteFile(filepath.Join(dir, file), []byte(text), 0o600))
	}
	for _, arguments := range [][]string{{"init", "--quiet"}, {"add", "."}} {
		git := exec.CommandContext(t.Context(), "git", arguments...)
		git.Dir = dir
		if out, err := git.CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v\n%s", arguments, err, out)
		}
	}
	script, err := filepath.Abs("tools/plain-words.sh")
	must(t, err)
	command := exec.CommandContext(t.Context(), script)
	command.Env = append(os.Environ(), "CHECKOUT="+dir)
	out, err := command.CombinedOutput()
	return string(out), err
}

func TestPlainWordsAreRequiredWhereUsersRead(t *testing.T) {
	t.Parallel()
	const lost = "The error tells whoever reads it.\n"
	for file, fails := range map[string]bool{
		"internal/cli/help.go": true, "templates/guides/errors.md": true, "examples/quickstart/main.tf": true, "README.md": true,
		"CHANGELOG.md": true, "internal/cli/help_test.go": false, "internal/sandbox/ews/ews.go": false, "docs/index.md": false,
	} {
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			out, err := checkWords(t, map[string]string{file: lost, "go.mod": "module example.com\n"})
			if (err != nil) != fails {
				t.Errorf("error %v, want one: %v\n%s", err, fails, out)
			}
			if fails && (!strings.Contains(out, file+":1:") || !strings.Contains(out, "write: reports, shows, returns")) {
				t.Errorf("the output names neither the line nor the better word:\n%s", out)
			}
		})
	}
}
