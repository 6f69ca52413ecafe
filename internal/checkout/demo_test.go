//go:build unix

package checkout_test

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// nextSteps returns the commands that a demo ends with.
func nextSteps(t *testing.T, out string) []string {
	t.Helper()
	_, ending, found := strings.Cut(out, "━━ What to try next\n")
	if !found {
		t.Fatalf("the demo does not end with next steps:\n%s", out)
	}
	var commands []string
	for _, match := range regexp.MustCompile(`(?m)^ {2}\$ (.*)$`).FindAllStringSubmatch(ending, -1) {
		commands = append(commands, match[1])
	}
	return commands
}

// Plays the demo as the README says, follows the steps that it ends with, and plays it again as the last one says.
func TestDemo(t *testing.T) {
	t.Parallel()
	c := newCheckout(t)
	out := c.run(t, "", "make demo", "")
	log := readText(t, filepath.Join(c.dir, "dist", "demo", "demo.log"))
	scenes := expectStory(t, out, log)

	steps := nextSteps(t, out)
	last := len(steps) - 1
	stop := startStandIn(t, c, steps[0])
	answers := strings.Repeat("yes\n", 4096) // each command reads more than one of them
	goOn := c.run(t, "", strings.Join(steps[1:last], "\n"), answers)
	expectOutput(t, goOn, nil, true, "riva_connection.mail: Refreshing state", "Exchange exchange working", target.GivenCredentials.Title(),
		"Destroy complete!")
	stop()

	again := c.run(t, "", "FULL=1 PAUSE=1 "+steps[last], strings.Repeat("\n", scenes))
	if strings.Count(again, "Press Enter to go on.") != scenes-1 || strings.Contains(again, "lines more") ||
		strings.Count(again, "\n") < strings.Count(log, "\n")/2 {
		t.Errorf("with FULL=1 and PAUSE=1, the demo does not pause after each scene, or folds lines:\n%s", again)
	}

	failing, err := c.shell(t.Context(), "", "bin/demo -terraform terraform -provider README.md").CombinedOutput()
	expectOutput(t, string(failing), err, false, "✘ Not as expected.", "The demo failed: ", "the log is in dist/demo/demo.log")
}

// expectStory checks what a demo prints without a terminal, and returns the number of its scenes.
func expectStory(t *testing.T, out, log string) int {
	t.Helper()
	if lines := strings.Count(out, "\n"); lines > 200 {
		t.Errorf("the demo prints %d lines, want at most 200", lines)
	}
	scenes := len(regexp.MustCompile(`(?m)^━━ \d+/\d+ .+\n.+\.\n(# .*\n)?\$ .+\n`).FindAllString(out, -1))
	if ticks := strings.Count(out, "✔ "); scenes < 10 || ticks != 2*scenes {
		t.Errorf("%d scenes with headline, sentence and command have %d ticks, want one each and one in the table:\n%s",
			scenes, ticks, out)
	}
	if !strings.Contains(out, "dist/demo/demo.log") || strings.Count(log, "\n") < 3*strings.Count(out, "\n") {
		t.Errorf("the log with all outputs has %d lines", strings.Count(log, "\n"))
	}
	if !regexp.MustCompile(`(?m)^… \d\d+ lines more$`).MatchString(out) || strings.Contains(out, "\x1b") {
		t.Errorf("folded lines are not mentioned, or there are colors without a terminal:\n%s", out)
	}
	return scenes
}
