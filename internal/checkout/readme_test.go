//go:build unix

package checkout_test

import (
	"bufio"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// fenced are the blocks of a language in a page of Markdown.
func fenced(page, language string) []string {
	var blocks []string
	for _, match := range regexp.MustCompile("(?ms)^```"+language+"\n(.*?)^```").FindAllStringSubmatch(page, -1) {
		blocks = append(blocks, match[1])
	}
	return blocks
}

// typed are the lines of a console block that a person types, here documents included.
func typed(block string) string {
	return strings.ReplaceAll("\n"+block, "\n$ ", "\n")
}

func TestQuickStartOfTheReadmeWorks(t *testing.T) {
	t.Parallel()
	_, section, _ := strings.Cut(readText(t, "README.md"), "\n## Quick start\n")
	section, _, _ = strings.Cut(section, "\n## ")
	blocks := fenced(section, "console")
	if len(blocks) != 3 {
		t.Fatalf("the quick start has %d blocks of commands, want those that install, stand in and apply", len(blocks))
	}
	c := newCheckout(t)
	c.run(t, "", typed(blocks[0]), "")
	stop := standIn(t, c, typed(blocks[1]))
	out := c.run(t, "", typed(blocks[2]), "yes\n")
	for _, want := range []string{"riva_connection.mail: Creation complete", "Apply complete!", "No changes."} {
		if !strings.Contains(out, want) {
			t.Errorf("the quick start does not show %q:\n%s", want, out)
		}
	}

	// What "Two modes" says of cycles, and the exit status on which cron relies.
	const quickstart, cycle = "examples/quickstart", "../../bin/terraform-provider-riva run-cycle Mail"
	if out := c.run(t, quickstart, cycle, ""); !strings.Contains(out, "ada@example.com") {
		t.Errorf("the cycle does not name its users:\n%s", out)
	}
	stop()
	said, err := c.shell(t.Context(), quickstart, cycle).CombinedOutput()
	var ended *exec.ExitError
	if !errors.As(err, &ended) || ended.ExitCode() != 1 || strings.Count(string(said), target.SystemNotAvailable.Title()) < 3 {
		t.Errorf("with the system down the cycle ended with %v, want status 1 and the fault for each user:\n%s", err, said)
	}
}

// standIn runs the stand-in as in a second terminal, until it is stopped or the test ends.
func standIn(t *testing.T, c *checkout, line string) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	command := c.shell(ctx, "", line)
	// Ctrl-C goes to all processes of a terminal.
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	interrupt := func() error { return syscall.Kill(-command.Process.Pid, syscall.SIGINT) }
	command.Cancel = interrupt
	said, err := command.StdoutPipe()
	must(t, err)
	command.Stderr = os.Stderr
	must(t, command.Start())
	lines := bufio.NewScanner(said)
	stop = sync.OnceFunc(func() {
		cancel()
		for lines.Scan() { // until it is gone
			continue
		}
		_ = command.Wait() // it was interrupted
		if left, _ := filepath.Glob(filepath.Join(c.dir, "examples", "quickstart", "*.tfvars")); len(left) != 0 {
			t.Errorf("the stand-in left %v behind", left)
		}
	})
	t.Cleanup(stop)
	for lines.Scan() {
		if strings.Contains(lines.Text(), "Ctrl-C stops it.") {
			return stop
		}
	}
	t.Fatalf("the stand-in ended: %v", lines.Err())
	return nil
}

var link = regexp.MustCompile(`\]\(([^)#]*)#?([^)]*)\)`)

func TestPagesNameOnlyWhatExists(t *testing.T) {
	t.Parallel()
	makefile := readText(t, "GNUmakefile")
	named := regexp.MustCompile("(?m)(?:\\$ |`)make ([a-z-]+)")
	for _, page := range []string{"README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "internal/sandbox/README.md"} {
		text := readText(t, page)
		for _, match := range link.FindAllStringSubmatch(text, -1) {
			if strings.Contains(match[1], "://") {
				continue
			}
			if _, err := os.Stat(filepath.Join(filepath.Dir(page), match[1])); err != nil {
				t.Errorf("%s links to what is not there: %v", page, err)
			}
		}
		for _, match := range named.FindAllStringSubmatch(text, -1) {
			if !strings.Contains(makefile, "\n"+match[1]+":") {
				t.Errorf("%s names make %s, which is no target", page, match[1])
			}
		}
	}
}

// Registries show the pages of docs without .md, so that is how these name each other.
func TestRegistryLinks(t *testing.T) {
	t.Parallel()
	guides, err := filepath.Glob("docs/*/*.md")
	must(t, err)
	links := 0
	for _, page := range append(guides, "docs/index.md") {
		for _, match := range link.FindAllStringSubmatch(readText(t, page), -1) {
			file := filepath.Join(filepath.Dir(page), match[1]+".md")
			switch {
			case strings.Contains(match[1], "://"):
				continue
			case match[1] == "":
				file = page
			}
			links++
			text, err := os.ReadFile(file)
			if err != nil {
				t.Errorf("%s links to what is not there: %v", page, err)
			} else if match[2] != "" && !anchors(string(text))[match[2]] {
				t.Errorf("%s links to #%s, and %s has no such place", page, match[2], file)
			}
		}
	}
	if links < 50 {
		t.Errorf("only %d links were followed", links)
	}
}

// The page that the registries show first leads to all that is told.
func TestFirstPageLeadsToEveryGuide(t *testing.T) {
	t.Parallel()
	guides, err := filepath.Glob("docs/guides/*.md")
	must(t, err)
	first := readText(t, "docs/index.md")
	for _, guide := range guides {
		if name := strings.TrimSuffix(filepath.Base(guide), ".md"); !strings.Contains(first, "](guides/"+name+")") {
			t.Errorf("docs/index.md does not lead to %s", guide)
		}
	}
	if len(guides) < 20 {
		t.Errorf("only %d guides", len(guides))
	}
}

// anchors are the places in a page that a link can lead to: headings, and what has an id.
func anchors(page string) map[string]bool {
	found := map[string]bool{}
	for _, match := range regexp.MustCompile(`(?m)^#+ (.*)$|<a id="([^"]+)">`).FindAllStringSubmatch(page, -1) {
		heading := regexp.MustCompile(`[^a-z0-9 _-]`).ReplaceAllString(strings.ToLower(match[1]), "")
		found[strings.ReplaceAll(heading, " ", "-")+match[2]] = true
	}
	return found
}
