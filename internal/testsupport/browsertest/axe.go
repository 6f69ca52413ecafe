//go:build browser

package browsertest

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
)

// axeTags are the rules of axe-core that count: WCAG 2.0 to 2.2, A and AA, and best practices.
const axeTags = `["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]`

// axe is the source of axe-core.
var axe = sync.OnceValues(func() (string, error) {
	root, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}").Output()
	if err != nil {
		return "", fmt.Errorf("find the checkout: %w", err)
	}
	here := filepath.Join(strings.TrimSpace(string(root)), "internal", "testsupport", "browsertest")
	source, err := os.ReadFile(filepath.Join(here, "node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		return "", fmt.Errorf("%w; tools/browser.sh installs it", err)
	}
	return string(source), nil
})

// Violations returns the rules of axe-core that the page violates, with the elements, one a line. Rules that axe-core could not
// decide are included.
func (p *Page) Violations() []string {
	p.t.Helper()
	source, err := axe()
	p.check(err)
	p.disableScripts(false) // axe-core waits for timers; the page is loaded, so that its own scripts do not run any more
	defer p.disableScripts(p.noScript)
	return Evaluate[[]string](p, source+`;
axe.run({runOnly: `+axeTags+`, resultTypes: ["violations", "incomplete"]}).then(result =>
	[...result.violations, ...result.incomplete].flatMap(rule =>
		rule.nodes.map(node => rule.id + ": " + rule.help + ": " + node.html + "\n" + node.failureSummary)))`)
}
