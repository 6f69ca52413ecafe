package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/scrub"
)

// output prints a list as a table for people, or as JSON for programs.
type output struct{ json bool }

func (o *output) addFlag(command *cobra.Command) {
	command.Flags().BoolVar(&o.json, "json", false, "print JSON for programs, an array with every field")
}

// column is one column of a table.
type column[T any] struct {
	title string
	cell  func(*T) string
}

// printList prints items. An empty list is the text none, or an empty array.
func printList[T any](to io.Writer, o output, items []T, none string, columns []column[T]) error {
	if o.json {
		if items == nil {
			items = []T{}
		}
		return printJSON(to, items)
	}
	if len(items) == 0 {
		_, err := fmt.Fprintln(to, none)
		return err
	}
	table := tabwriter.NewWriter(to, 0, 0, 2, ' ', 0)
	titles := make([]string, len(columns))
	for i, c := range columns {
		titles[i] = c.title
	}
	fmt.Fprintln(table, strings.Join(titles, "\t"))
	for i := range items {
		cells := make([]string, len(columns))
		for j, c := range columns {
			cells[j] = cell(c.cell(&items[i]))
		}
		fmt.Fprintln(table, strings.Join(cells, "\t"))
	}
	return table.Flush()
}

// printJSON prints a value for programs.
func printJSON(to io.Writer, value any) error {
	encoder := json.NewEncoder(to)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(value)
}

// cell is a text in one cell of a table: one line, safe for a terminal. Names and words of the control plane are foreign.
func cell(text string) string {
	if text = strings.Join(strings.Fields(text), " "); text == "" {
		return "-"
	}
	return scrub.Visible(text)
}

// timestamp is a time in a table. Its form is that of the options that take a time.
func timestamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }
