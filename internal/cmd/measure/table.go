package measure

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// Table is a table of a report. The text form leaves out the backticks of Markdown.
type Table struct {
	Title  string
	Header []string
	Rows   [][]string
}

// Markdown returns the table under a heading such as "####".
func (t Table) Markdown(heading string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s\n\n| %s |\n|%s\n", heading, t.Title, strings.Join(t.Header, " | "), strings.Repeat("---|", len(t.Header)))
	for _, row := range t.Rows {
		fmt.Fprintf(&b, "| %s |\n", strings.Join(row, " | "))
	}
	return b.String()
}

// Text writes the table for a terminal.
func (t Table) Text(out io.Writer) error {
	fmt.Fprintf(out, "\n%s\n", t.Title)
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, row := range append([][]string{t.Header}, t.Rows...) {
		fmt.Fprintln(w, "  "+strings.ReplaceAll(strings.Join(row, "\t"), "`", ""))
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("print the report: %w", err)
	}
	return nil
}
