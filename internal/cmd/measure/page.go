// Package measure has what the commands that measure share: medians and ratios, the description of the machine, tables, and the
// report in a page of the documentation.
package measure

import (
	"fmt"
	"os"
	"strings"
)

// Report is a place for a report in a Markdown page: between two comments that name the command that writes it.
type Report struct {
	// Command is the command that people run to measure again, such as make bench.
	Command string
}

func (r Report) begin() string { return "<!-- The report of " + r.Command + " begins here. -->\n" }

func (r Report) end() string { return "<!-- The report of " + r.Command + " ends here. -->\n" }

// Empty returns the comments without a report between them.
func (r Report) Empty() string { return r.begin() + r.end() }

// Write replaces the report in a page.
func (r Report) Write(file, report string) error {
	page, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	replaced, err := r.Replace(string(page), report)
	if err != nil {
		return fmt.Errorf("write the report to %s: %w", file, err)
	}
	// The page exists, so it keeps its own mode.
	if err := os.WriteFile(file, []byte(replaced), 0o600); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	return nil
}

// Replace returns the page with another report. A page without the comments is an error.
func (r Report) Replace(page, report string) (string, error) {
	before, rest, begins := strings.Cut(page, r.begin())
	_, after, ends := strings.Cut(rest, r.end())
	if !begins || !ends {
		return "", fmt.Errorf("it does not have the lines %q and %q", strings.TrimSpace(r.begin()), strings.TrimSpace(r.end()))
	}
	return before + r.begin() + "\n" + report + "\n" + r.end() + after, nil
}
