package checkout_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// changes is a repository of its own with one commit, for the changelog gate.
type changes struct {
	t   *testing.T
	dir string
}

func newChanges(t *testing.T) *changes {
	t.Helper()
	c := &changes{t: t, dir: t.TempDir()}
	c.git("init", "-q", "-b", "main")
	c.git("config", "user.email", "dev@example.com")
	c.git("config", "user.name", "dev")
	c.write("CHANGELOG.md", "## [Unreleased]\n")
	c.commit("Begin")
	c.git("tag", "base")
	return c
}

func (c *changes) git(args ...string) {
	c.t.Helper()
	command := exec.CommandContext(c.t.Context(), "git", args...)
	command.Dir = c.dir
	if out, err := command.CombinedOutput(); err != nil {
		c.t.Fatalf("git %q: %v\n%s", args, err, out)
	}
}

func (c *changes) write(name, content string) {
	c.t.Helper()
	path := filepath.Join(c.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		c.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		c.t.Fatal(err)
	}
}

func (c *changes) commit(message string) {
	c.t.Helper()
	c.git("add", "-A")
	c.git("commit", "-q", "-m", message)
}

// gate runs the gate over what is ahead of the first commit.
func (c *changes) gate() (string, error) {
	c.t.Helper()
	script, err := filepath.Abs("tools/changelog-gate.sh")
	if err != nil {
		c.t.Fatal(err)
	}
	command := exec.CommandContext(c.t.Context(), script, "base")
	command.Env = append(os.Environ(), "CHECKOUT="+c.dir)
	out, err := command.CombinedOutput()
	return string(out), err
}

func TestChangelogGate(t *testing.T) {
	t.Parallel()
	const trailer = "\n\nChangelog: no user-visible change"
	for name, test := range map[string]struct {
		change func(*changes)
		says   string // empty: the gate is open
	}{
		"a change with a line": {change: func(c *changes) {
			c.write("internal/a.go", "package a\n")
			c.write("CHANGELOG.md", "## [Unreleased]\n\n- A.\n")
			c.commit("Add a")
		}},
		"a line in another commit": {change: func(c *changes) {
			c.write("docs/a.md", "a\n")
			c.commit("Describe a")
			c.write("CHANGELOG.md", "## [Unreleased]\n\n- A.\n")
			c.commit("Tell users")
		}},
		"no line": {says: "Add a to main", change: func(c *changes) {
			c.write("main.go", "package main\n")
			c.commit("Add a to main")
		}},
		"the trailer": {change: func(c *changes) {
			c.write("internal/a.go", "package a\n")
			c.commit("Move a" + trailer)
		}},
		"the trailer in one of two commits": {says: "Add b", change: func(c *changes) {
			c.write("internal/a.go", "package a\n")
			c.commit("Move a" + trailer)
			c.write("internal/b.go", "package a\n")
			c.commit("Add b")
		}},
		"the trailer's words in the text": {says: "Move a", change: func(c *changes) {
			c.write("internal/a.go", "package a\n")
			c.commit("Move a" + trailer + "\n\nIndeed.")
		}},
		"elsewhere": {change: func(c *changes) {
			c.write("tools/a.sh", "a\n")
			c.commit("Add a tool")
		}},
		"not committed": {says: "not committed", change: func(c *changes) { c.write("docs/a.md", "a\n") }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newChanges(t)
			test.change(c)
			out, err := c.gate()
			if (err != nil) != (test.says != "") || !strings.Contains(out, test.says) {
				t.Errorf("got %v and\n%s\nwant %q", err, out, test.says)
			}
		})
	}
}
