//go:build unix

package checkout_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// checkDiagrams runs the check of tools/diagrams.sh in a directory.
func checkDiagrams(t *testing.T, dir string) (string, error) {
	t.Helper()
	script, err := filepath.Abs("tools/diagrams.sh")
	must(t, err)
	command := exec.CommandContext(t.Context(), script, "check")
	command.Env = append(os.Environ(), "CHECKOUT="+dir)
	out, err := command.CombinedOutput()
	return string(out), err
}

func TestDiagramsAreDrawn(t *testing.T) {
	t.Parallel()
	if out, err := checkDiagrams(t, "."); err != nil {
		t.Errorf("the check of the diagrams ends with %v:\n%s", err, out)
	}
	diagrams, err := filepath.Glob(".github/pictures/*.d2")
	must(t, err)
	if len(diagrams) < 6 {
		t.Errorf("found only the diagrams %v", diagrams)
	}
	for _, diagram := range diagrams {
		picture := strings.TrimSuffix(diagram, ".d2") + ".svg"
		text := readText(t, picture)
		if limit := 60_000; len(text) > limit {
			t.Errorf("%s has %d bytes, want at most %d", picture, len(text), limit)
		}
		if !strings.Contains(text, "prefers-color-scheme:dark") {
			t.Errorf("%s has no dark color scheme", picture)
		}
	}
}

func TestDiagramsCheckFindsStaleOnes(t *testing.T) {
	t.Parallel()
	const diagram, style, picture = ".github/pictures/keys.d2", "tools/d2/style.d2", ".github/pictures/keys.svg"
	write := func(dir, file, text string) {
		must(t, os.MkdirAll(filepath.Dir(filepath.Join(dir, file)), 0o700))
		must(t, os.WriteFile(filepath.Join(dir, file), []byte(text), 0o600))
	}
	for name, change := range map[string]func(dir string){
		"changed diagram": func(dir string) { write(dir, diagram, "a -> b\n") },
		"changed style":   func(dir string) { write(dir, style, "a -> b\n") },
		"missing picture": func(dir string) { must(t, os.Remove(filepath.Join(dir, picture))) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			for _, file := range []string{diagram, style, picture} {
				write(dir, file, readText(t, file))
			}
			if out, err := checkDiagrams(t, dir); err != nil {
				t.Fatalf("the check of the copy ends with %v:\n%s", err, out)
			}
			change(dir)
			out, err := checkDiagrams(t, dir)
			if err == nil || !strings.Contains(out, picture) || !strings.Contains(out, "make diagrams") {
				t.Errorf("the check ends with %v, want an error that names the picture and the command:\n%s", err, out)
			}
		})
	}
}

func TestPagesShowPicturesThatExist(t *testing.T) {
	t.Parallel()
	pages, err := filepath.Glob("docs/guides/*.md")
	must(t, err)
	embedded := regexp.MustCompile(`!\[([^\]]*)\]\([^)]*\.github/pictures/([^)]+)\)`)
	found := 0
	for _, page := range append(pages, "docs/index.md", "README.md") {
		for _, match := range embedded.FindAllStringSubmatch(readText(t, page), -1) {
			found++
			if _, err := os.Stat(filepath.Join(".github", "pictures", match[2])); err != nil {
				t.Errorf("%s shows a picture that does not exist: %v", page, err)
			}
			if len(match[1]) < 20 {
				t.Errorf("%s does not describe the picture %s for readers who cannot see it", page, match[2])
			}
		}
	}
	if found < 5 {
		t.Errorf("found only %d pictures", found)
	}
}
