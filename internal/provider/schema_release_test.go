//go:build unix

package provider_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const changelogBefore = "# Changelog\n\n## [Unreleased]\n\n### Added\n\n- `new` of [`riva_a`](docs/a.md#b).\n\n" +
	"[Unreleased]: https://example.com/commits/main\n"

// releaseCheckout has the files that a release changes, and the scripts that change them.
type releaseCheckout struct{ dir, changelog, schema, released string }

func newReleaseCheckout(t *testing.T) releaseCheckout {
	t.Helper()
	dir := t.TempDir()
	c := releaseCheckout{
		dir: dir, changelog: filepath.Join(dir, "CHANGELOG.md"),
		schema:   filepath.Join(dir, "internal", "provider", schemaFile),
		released: filepath.Join(dir, "internal", "provider", releasedFile),
	}
	if err := os.MkdirAll(filepath.Dir(c.schema), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(filepath.Join(dir, "tools"), os.DirFS(filepath.Join("..", "..", "tools"))); err != nil {
		t.Fatal(err)
	}
	writeLines(t, c.changelog, []string{strings.TrimSuffix(changelogBefore, "\n")})
	writeLines(t, c.released, []string{"resource riva_a: version 0"})
	writeLines(t, c.schema, []string{"resource riva_a: version 0", "resource riva_a.new: string"})
	return c
}

func (c releaseCheckout) run(t *testing.T, line string) (string, error) {
	t.Helper()
	command := exec.CommandContext(t.Context(), "bash", "-c", line)
	command.Dir = c.dir
	out, err := command.CombinedOutput()
	return string(out), err
}

func (c releaseCheckout) complaints(t *testing.T) []string {
	t.Helper()
	return unnamed(readLines(t, c.schema), readLines(t, c.released), unreleased(t, c.changelog))
}

// A tag is built only if its tests pass.
func TestSchemaMatchesChangelogOnRelease(t *testing.T) {
	t.Parallel()
	c := newReleaseCheckout(t)
	if got := c.complaints(t); len(got) != 0 {
		t.Fatalf("before the release: %q", got)
	}
	if out, err := c.run(t, "tools/release-prepare.sh 1.2.3"); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if got := c.complaints(t); len(got) != 0 {
		t.Errorf("the release does not pass its own tests: %q", got)
	}
	if section := unreleased(t, c.changelog); strings.TrimSpace(section) != "" {
		t.Errorf("the section Unreleased still has\n%s", section)
	}
	notes, err := c.run(t, "tools/release-notes.sh 1.2.3")
	if err != nil || strings.TrimSpace(notes) != "### Added\n\n- `new` of [`riva_a`]("+
		"https://github.com/terraform-provider-riva/terraform-provider-riva/blob/v1.2.3/docs/a.md#b)." {
		t.Errorf("the notes of the release are (%v)\n%s", err, notes)
	}
	for _, want := range []string{"\n[Unreleased]: https://github.com/", "/compare/v1.2.3...main\n[1.2.3]: https://github.com/"} {
		if text, err := os.ReadFile(c.changelog); err != nil || !strings.Contains(string(text), want) {
			t.Errorf("the changelog links nowhere as %q (%v):\n%s", want, err, text)
		}
	}
	writeLines(t, c.schema, []string{"resource riva_a: version 0", "resource riva_a.new: string", "resource riva_a.newer: string"})
	if got := c.complaints(t); len(got) != 1 || !strings.Contains(got[0], `["newer"]`) {
		t.Errorf("after the release, a change without an entry gives %q", got)
	}
}

func TestSchemaReleaseNeedsVersion(t *testing.T) {
	t.Parallel()
	for version, want := range map[string]string{
		"": "semantic", "dev": "semantic", "v1.2.3": "semantic", "1.2": "semantic", "0.9.0": "already",
		"1.2.3": "no section ## [Unreleased] with what changed",
	} {
		c := newReleaseCheckout(t)
		writeLines(t, c.changelog, []string{"## [Unreleased]", "", "## [0.9.0] - 2030-01-01", "", "- Something."})
		out, err := c.run(t, "tools/release-prepare.sh "+version)
		if err == nil || !strings.Contains(out, want) {
			t.Errorf("version %q gives %v and %s, want an error with %q", version, err, out, want)
		}
		if lines := readLines(t, c.released); len(lines) != 1 {
			t.Errorf("version %q is rejected, but the released schema is %q", version, lines)
		}
	}
}
