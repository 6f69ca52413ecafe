//go:build unix

package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// What runs with this project's rights is what was looked at: a tag can be moved, a commit cannot.
func TestActionsAreNamedByCommit(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(".github/workflows/*.yml")
	must(t, err)
	uses := regexp.MustCompile(`uses: (.*)`)
	pinned := regexp.MustCompile(`^[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$`)
	commits := map[string]string{}
	for _, file := range files {
		for _, match := range uses.FindAllStringSubmatch(readText(t, file), -1) {
			if strings.HasPrefix(match[1], "./") {
				continue
			}
			if !pinned.MatchString(match[1]) {
				t.Errorf("%s uses %s, want a commit and its version in a comment", file, match[1])
			}
			action, commit, _ := strings.Cut(match[1], "@")
			if known, ok := commits[action]; ok && known != commit {
				t.Errorf("%s uses %s at %s, and elsewhere it is %s", file, action, commit, known)
			}
			commits[action] = commit
		}
	}
	if len(commits) < 5 {
		t.Errorf("only the actions %v were found", commits)
	}
}

func TestAReleaseSaysWhatChanged(t *testing.T) {
	t.Parallel()
	c := newCheckout(t)
	changelog := filepath.Join(c.dir, "CHANGELOG.md")
	must(t, os.Remove(changelog)) // the link to the real one
	must(t, os.WriteFile(changelog, []byte("# Changelog\n\n## [Unreleased]\n\n## [0.2.0] - 2030-01-02\n\n### Added\n\n- Two.\n\n"+
		"## [0.1.0] - 2030-01-01\n\n- One.\n\n[0.1.0]: https://example.com\n"), 0o600))
	for version, want := range map[string]string{"0.2.0": "### Added\n\n- Two.", "0.1.0": "- One."} {
		if got := strings.TrimSpace(c.run(t, "", "tools/release-notes.sh "+version, "")); got != want {
			t.Errorf("the notes of %s are %q, want %q", version, got, want)
		}
	}
	for _, version := range []string{"Unreleased", "0.3.0"} {
		if out, err := c.shell(t.Context(), "", "tools/release-notes.sh "+version).CombinedOutput(); err == nil {
			t.Errorf("%s, of which the changelog says nothing, has notes:\n%s", version, out)
		}
	}
}
