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

// fenced returns the code blocks of a language in a Markdown page.
func fenced(page, language string) []string {
	var blocks []string
	for _, match := range regexp.MustCompile("(?ms)^```"+language+"\n(.*?)^```").FindAllStringSubmatch(page, -1) {
		blocks = append(blocks, match[1])
	}
	return blocks
}

// commandsOf returns the commands of a console block, including here documents.
func commandsOf(block string) string {
	return strings.ReplaceAll("\n"+block, "\n$ ", "\n")
}

func TestQuickStartWorks(t *testing.T) {
	t.Parallel()
	_, section, _ := strings.Cut(readText(t, "README.md"), "\n## Quick start\n")
	section, _, _ = strings.Cut(section, "\n## ")
	blocks := fenced(section, "console")
	if len(blocks) != 3 {
		t.Fatalf("the quick start has %d blocks of commands, want three: install, start stand-ins, apply", len(blocks))
	}
	c := newCheckout(t)
	c.run(t, "", commandsOf(blocks[0]), "")
	stop := startStandIn(t, c, commandsOf(blocks[1]))
	out := c.run(t, "", commandsOf(blocks[2]), "yes\n")
	for _, want := range []string{"riva_connection.mail: Creation complete", "Apply complete!", "No changes."} {
		if !strings.Contains(out, want) {
			t.Errorf("the quick start does not print %q:\n%s", want, out)
		}
	}

	// The guide on commands shows this one; cron relies on its exit status.
	const quickstart, cycle = "examples/quickstart", "../../bin/terraform-provider-riva run-cycle Mail"
	if out := c.run(t, quickstart, cycle, ""); !strings.Contains(out, "ada@example.com") {
		t.Errorf("the cycle does not print its users:\n%s", out)
	}
	stop()
	output, err := c.shell(t.Context(), quickstart, cycle).CombinedOutput()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 1 || strings.Count(string(output), target.SystemNotAvailable.Title()) < 3 {
		t.Errorf("during an outage, the cycle ends with %v, want status 1 and the fault for each user:\n%s", err, output)
	}
}

// startStandIn runs the stand-in in the background, as in a second terminal, until it is stopped or the test ends.
func startStandIn(t *testing.T, c *checkout, line string) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	command := c.shell(ctx, "", line)
	// Ctrl-C interrupts all processes of a terminal.
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	interrupt := func() error { return syscall.Kill(-command.Process.Pid, syscall.SIGINT) }
	command.Cancel = interrupt
	output, err := command.StdoutPipe()
	must(t, err)
	command.Stderr = os.Stderr
	must(t, command.Start())
	lines := bufio.NewScanner(output)
	stop = sync.OnceFunc(func() {
		cancel()
		for lines.Scan() { // until it exits
			continue
		}
		_ = command.Wait() // it was interrupted
		if files, _ := filepath.Glob(filepath.Join(c.dir, "examples", "quickstart", "*.tfvars")); len(files) != 0 {
			t.Errorf("the stand-in did not remove %v", files)
		}
	})
	t.Cleanup(stop)
	for lines.Scan() {
		if strings.Contains(lines.Text(), "Ctrl-C stops ") {
			return stop
		}
	}
	t.Fatalf("the stand-in exited: %v", lines.Err())
	return nil
}

var link = regexp.MustCompile(`\]\(([^)#]*)#?([^)]*)\)`)

func TestPagesNameOnlyWhatExists(t *testing.T) {
	t.Parallel()
	makefile := readText(t, "GNUmakefile")
	targets := regexp.MustCompile("(?m)(?:\\$ |`)make ([a-z-]+)")
	decisions, err := filepath.Glob("internal/decisions/*.md")
	must(t, err)
	for _, page := range append(decisions,
		"README.md", "CONTRIBUTING.md", "RELEASING.md", "CHANGELOG.md", "SECURITY.md", "internal/sandbox/README.md") {
		text := readText(t, page)
		for _, match := range link.FindAllStringSubmatch(text, -1) {
			if strings.Contains(match[1], "://") {
				continue
			}
			if _, err := os.Stat(filepath.Join(filepath.Dir(page), match[1])); err != nil {
				t.Errorf("%s has a broken link: %v", page, err)
			}
		}
		for _, match := range targets.FindAllStringSubmatch(text, -1) {
			if !strings.Contains(makefile, "\n"+match[1]+":") {
				t.Errorf("%s names make %s, which is not a target", page, match[1])
			}
		}
	}
}

// Registries show the pages of docs without .md, so links between these pages have no .md.
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
				t.Errorf("%s has a broken link: %v", page, err)
			} else if match[2] != "" && !anchors(string(text))[match[2]] {
				t.Errorf("%s links to #%s, but %s has no such anchor", page, match[2], file)
			}
		}
	}
	if links < 50 {
		t.Errorf("only %d links were checked", links)
	}
}

// The page that the registries show first links to all guides.
func TestFirstPageLinksToEveryGuide(t *testing.T) {
	t.Parallel()
	guides, err := filepath.Glob("docs/guides/*.md")
	must(t, err)
	first := readText(t, "docs/index.md")
	for _, guide := range guides {
		if name := strings.TrimSuffix(filepath.Base(guide), ".md"); !strings.Contains(first, "](guides/"+name+")") {
			t.Errorf("docs/index.md does not link to %s", guide)
		}
	}
	if len(guides) < 20 {
		t.Errorf("only %d guides", len(guides))
	}
}

// anchors returns the anchors of a page: headings, and elements with an id.
func anchors(page string) map[string]bool {
	found := map[string]bool{}
	for _, match := range regexp.MustCompile(`(?m)^#+ (.*)$|<a id="([^"]+)">`).FindAllStringSubmatch(page, -1) {
		heading := regexp.MustCompile(`[^a-z0-9 _-]`).ReplaceAllString(strings.ToLower(match[1]), "")
		found[strings.ReplaceAll(heading, " ", "-")+match[2]] = true
	}
	return found
}
