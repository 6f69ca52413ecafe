package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/cmd/measure"
)

// markdown returns the report for the page.
func (r *report) markdown() string {
	var b strings.Builder
	b.WriteString(r.summary() + "\n")
	for _, results := range r.results {
		fmt.Fprintf(&b, "\n### %s of each kind\n\n%s\n\n", measure.Thousands(results.size), results.load())
		for _, highlight := range results.highlights() {
			fmt.Fprintf(&b, "- %s\n", highlight)
		}
		for _, t := range results.tables() {
			b.WriteString("\n" + t.Markdown("####"))
		}
	}
	return b.String()
}

// text writes the report for a terminal.
func (r *report) text(out io.Writer) error {
	fmt.Fprintf(out, "\n%s\nThe columns × are ratios to random_id.\n", r.summary())
	for _, results := range r.results {
		fmt.Fprintf(out, "\n%s of each kind. %s\n", measure.Thousands(results.size), results.load())
		for _, t := range results.tables() {
			if err := t.Text(out); err != nil {
				return err
			}
		}
	}
	return nil
}

// cells formats figures, with their ratios to the baseline.
func cells(m, baseline figures) []string {
	memory, calls := "–", "–"
	if m.memory > 0 {
		memory = fmt.Sprintf("%d + %d MiB", m.memory>>20, m.pluginMemory>>20)
	}
	if m.calls != nil {
		calls = measure.Thousands(m.calls.total())
	}
	return []string{
		measure.Seconds(m.wall), measure.Times(measure.Ratio(m.wall, baseline.wall)),
		measure.Seconds(m.cpu), measure.Times(measure.Ratio(m.cpu, baseline.cpu)), measure.Seconds(m.pluginCPU),
		memory, measure.Times(measure.Ratio(m.memory+m.pluginMemory, baseline.memory+baseline.pluginMemory)), calls,
	}
}
