package main

import (
	"fmt"
	"os"
	"strings"
)

// The report in a page is between these lines.
const (
	pageBegin = "<!-- The report of make bench begins here. -->\n"
	pageEnd   = "<!-- The report of make bench ends here. -->\n"
)

// writePage replaces the report in a page.
func writePage(file, report string) error {
	page, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	replaced, err := replaceReport(string(page), report)
	if err != nil {
		return fmt.Errorf("write the report to %s: %w", file, err)
	}
	// The page exists, so it keeps its own mode.
	if err := os.WriteFile(file, []byte(replaced), 0o600); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	return nil
}

func replaceReport(page, report string) (string, error) {
	before, rest, begins := strings.Cut(page, pageBegin)
	_, after, ends := strings.Cut(rest, pageEnd)
	if !begins || !ends {
		return "", fmt.Errorf("it does not have the lines %q and %q", strings.TrimSpace(pageBegin), strings.TrimSpace(pageEnd))
	}
	return before + pageBegin + "\n" + report + "\n" + pageEnd + after, nil
}
