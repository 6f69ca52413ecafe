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

// firstRelease is the version whose notes describe the project as a whole.
const firstRelease = "0.1.0"

// TestNotesOfFirstRelease prepares the release in a copy, as make release-prepare does.
func TestNotesOfFirstRelease(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	must(t, os.CopyFS(filepath.Join(dir, "tools"), os.DirFS("tools")))
	for _, file := range []string{
		"CHANGELOG.md", "internal/provider/testdata/schema.txt", "internal/provider/testdata/schema-released.txt",
	} {
		must(t, os.MkdirAll(filepath.Dir(filepath.Join(dir, file)), 0o700))
		must(t, os.WriteFile(filepath.Join(dir, file), []byte(readText(t, file)), 0o600))
	}
	run := func(script, version string) string {
		command := exec.CommandContext(t.Context(), filepath.Join("tools", script), version)
		command.Dir = dir
		out, err := command.CombinedOutput()
		if err != nil {
			t.Fatalf("%s %s: %v\n%s", script, version, err, out)
		}
		return string(out)
	}
	if !strings.Contains(readText(t, "CHANGELOG.md"), "\n## ["+firstRelease+"]") {
		run("release-prepare.sh", firstRelease)
	}
	notes := run("release-notes.sh", firstRelease)
	for _, want := range []string{
		"### What it is\n", "### What it is not\n", "### What has been tried\n", "not affiliated with Riva", "moves no data",
		"stand-ins only, never with a real account", "/blob/v" + firstRelease + "/docs/index.md#target-systems)",
	} {
		if !strings.Contains(notes, want) {
			t.Errorf("the notes of %s do not contain %q:\n%s", firstRelease, want, notes)
		}
	}
	for _, match := range link.FindAllStringSubmatch(notes, -1) {
		if !strings.HasPrefix(match[1], "https://") {
			t.Errorf("the notes link to %s, which is not beside the page of a release", match[1])
		}
	}
}

// Readers look for one change in many: each entry is one line with one plain sentence.
func TestChangelogEntries(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	_, entries, _ := strings.Cut(readText(t, "CHANGELOG.md"), "\n## ")
	for line := range strings.Lines(entries) {
		line = strings.TrimSpace(line)
		switch {
		case line == "", strings.HasPrefix(line, "#"), strings.HasPrefix(line, "["), !strings.HasPrefix(line, "- "):
			continue
		case seen[line]:
			t.Errorf("the changelog has this entry twice: %s", line)
		}
		seen[line] = true
		const limit = 25
		if words := strings.Fields(link.ReplaceAllString(strings.TrimPrefix(line, "- "), "")); len(words) > limit {
			t.Errorf("this entry of the changelog has %d words, want one sentence of at most %d: %s", len(words), limit, line)
		}
	}
	if regexp.MustCompile(`(?m)^ +\S`).MatchString(entries) {
		t.Error("an entry of the changelog has more than one line")
	}
	if len(seen) < 50 {
		t.Errorf("found only %d entries", len(seen))
	}
}
