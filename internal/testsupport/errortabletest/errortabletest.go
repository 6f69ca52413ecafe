// Package errortabletest checks the table of a system's error codes: it is complete, and its rows can be shown.
package errortabletest

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/errortable"
)

// Check tests the table in the file errors.tsv of a system's package against the vendor's list of codes: one code a line, and
// comments with the source. A code of the vendor without a row is an error, and so is a row that cannot be shown.
func Check(t *testing.T, text, vendorList string, systems ...*target.System) {
	t.Helper()
	rows, err := errortable.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	checkComplete(t, rows, vendorList)
	seen := map[[2]string]bool{}
	for _, row := range rows {
		key := [2]string{row.Code, row.Text}
		if seen[key] {
			t.Errorf("%q: two rows", key)
		}
		seen[key] = true
		checkRow(t, row, systems)
	}
	if !strings.Contains(text, "# Source: ") {
		t.Error("the table names no source")
	}
}

// checkComplete tests that each code of the vendor's list has a row.
func checkComplete(t *testing.T, rows []errortable.Row, vendorList string) {
	t.Helper()
	list, err := os.ReadFile(vendorList)
	if err != nil {
		t.Fatal(err)
	}
	count, sources := 0, 0
	for line := range strings.Lines(string(list)) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "#") {
			sources++
			continue
		}
		if line == "" {
			continue
		}
		count++
		if !slices.ContainsFunc(rows, func(r errortable.Row) bool { return matches(r, line) }) {
			t.Errorf("%s: the vendor's code %q has no row", vendorList, line)
		}
	}
	if count == 0 || sources == 0 {
		t.Errorf("%s has %d codes and %d sources", vendorList, count, sources)
	}
}

// matches reports whether a row is about an entry of the vendor's list: a code, "code: text", or "text: text".
func matches(r errortable.Row, entry string) bool {
	if r.Code == entry {
		return true
	}
	code, text, found := strings.Cut(entry, ": ")
	if !found || r.Text == "" || !strings.Contains(strings.ToLower(text), r.Text) {
		return false
	}
	return r.Code == code || r.Code == ""
}

// checkRow tests that a row can be shown: sentences, and a field that its systems have.
func checkRow(t *testing.T, row errortable.Row, systems []*target.System) {
	t.Helper()
	name := row.Code + " " + row.Text
	if !strings.HasSuffix(row.Meaning, ".") {
		t.Errorf("%s: the meaning is not a sentence: %q", name, row.Meaning)
	}
	if row.Help != "" && !strings.HasSuffix(row.Help, ".") {
		t.Errorf("%s: the help is not a sentence: %q", name, row.Help)
	}
	if row.Field == "" {
		return
	}
	for _, s := range systems {
		if slices.ContainsFunc(s.Fields, func(f target.Field) bool { return f.Name == row.Field }) {
			return
		}
	}
	t.Errorf("%s: no system has the field %q", name, row.Field)
}
