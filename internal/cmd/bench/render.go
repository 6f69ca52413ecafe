package main

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"
)

// markdown returns the report for the page.
func (r *report) markdown() string {
	var b strings.Builder
	b.WriteString(r.summary() + "\n")
	for _, results := range r.results {
		fmt.Fprintf(&b, "\n### %s of each kind\n\n%s\n\n", thousands(results.size), results.load())
		for _, highlight := range results.highlights() {
			fmt.Fprintf(&b, "- %s\n", highlight)
		}
		for _, t := range results.tables() {
			fmt.Fprintf(&b, "\n#### %s\n\n", t.title)
			fmt.Fprintf(&b, "| %s |\n|%s\n", strings.Join(t.header, " | "), strings.Repeat("---|", len(t.header)))
			for _, row := range t.rows {
				fmt.Fprintf(&b, "| %s |\n", strings.Join(row, " | "))
			}
		}
	}
	return b.String()
}

// text writes the report for a terminal.
func (r *report) text(out io.Writer) error {
	fmt.Fprintf(out, "\n%s\nThe columns × are ratios to random_id.\n", r.summary())
	for _, results := range r.results {
		fmt.Fprintf(out, "\n%s of each kind. %s\n", thousands(results.size), results.load())
		for _, t := range results.tables() {
			fmt.Fprintf(out, "\n%s\n", t.title)
			w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
			for _, row := range append([][]string{t.header}, t.rows...) {
				fmt.Fprintln(w, "  "+strings.ReplaceAll(strings.Join(row, "\t"), "`", ""))
			}
			if err := w.Flush(); err != nil {
				return fmt.Errorf("print the report: %w", err)
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
		calls = thousands(m.calls.total())
	}
	return []string{
		seconds(m.wall), times(ratio(m.wall, baseline.wall)),
		seconds(m.cpu), times(ratio(m.cpu, baseline.cpu)), seconds(m.pluginCPU),
		memory, times(ratio(m.memory+m.pluginMemory, baseline.memory+baseline.pluginMemory)), calls,
	}
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.2f s", d.Seconds()) }

func times(ratio float64) string {
	if ratio == 0 {
		return "–"
	}
	return fmt.Sprintf("%.2f", ratio)
}

// thousands formats a number as in 1,000.
func thousands[N int | int64](n N) string {
	text := strconv.FormatInt(int64(n), 10)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}
