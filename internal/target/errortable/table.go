// Package errortable holds what the error codes of a target system mean. A system's table is one file of tab-separated values
// beside its code, errors.tsv, whose comments name the vendor's references that the codes come from. It has these columns:
//
//   - code: the system's machine-readable code; empty for errors without one
//   - text: a part of the system's message, for codes with several meanings; letter case does not count
//   - fault: the fault code
//   - certain: "yes" if the error is a known statement about the secret, else "no"
//   - field: the field of the connection that the error is about; empty for the fault's usual field, "-" for none
//   - meaning: what the error means, in our words
//   - help: the step that fixes it, if it is more specific than the fault's help
package errortable

import (
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// Row is the meaning of one error.
type Row struct {
	// Code is the system's code; empty for any.
	Code string
	// Text is a part of the message, in lower case; empty for any.
	Text string
	// Fault is the fault.
	Fault target.Code
	// Certain means that the error is a known statement about the secret: it is wrong, expired, revoked or locked.
	Certain bool
	// Field is the field to correct; empty for the usual one of the fault.
	Field string
	// NoField means that the error is about no field.
	NoField bool
	// Meaning is what the error means, as a sentence. It is shown if the system sent no message.
	Meaning string
	// Help is the first step to fix it; empty if the help of the fault is enough.
	Help string
}

// Table is the errors of a system. The zero value is empty.
type Table struct {
	rows   []Row
	byCode map[string][]Row // rows with a text first
	byText []Row            // rows without a code
}

// Of returns the function that parses a table at its first call, since most processes need few tables. It panics if the text is
// malformed: the text is part of the program, and [Parse] is what tests call.
func Of(text string) func() Table {
	return sync.OnceValue(func() Table {
		rows, err := Parse(text)
		if err != nil {
			panic(err) //nolint:forbidigo // the text is a part of the program, and each table has a test
		}
		return New(rows...)
	})
}

// New makes a table of rows.
func New(rows ...Row) Table {
	t := Table{rows: slices.Clone(rows), byCode: map[string][]Row{}}
	for _, row := range rows {
		if row.Code == "" {
			t.byText = append(t.byText, row)
			continue
		}
		t.byCode[row.Code] = append(t.byCode[row.Code], row)
	}
	for _, same := range t.byCode {
		slices.SortStableFunc(same, func(a, b Row) int { return cmp.Compare(unspecific(a), unspecific(b)) })
	}
	return t
}

// unspecific orders a row without a text after those with one.
func unspecific(r Row) int {
	if r.Text == "" {
		return 1
	}
	return 0
}

// Find returns the row of an error: a row with its code and a part of its message, else one with a part of its message, else
// one with its code. Of several, the first counts.
func (t Table) Find(code, message string) (Row, bool) {
	message = strings.ToLower(message)
	var last []Row
	for _, row := range t.byCode[code] {
		switch {
		case row.Text == "":
			last = append(last, row)
		case strings.Contains(message, row.Text):
			return row, true
		}
	}
	for _, row := range t.byText {
		if strings.Contains(message, row.Text) {
			return row, true
		}
	}
	if len(last) > 0 {
		return last[0], true
	}
	return Row{}, false
}

// Knows reports whether the table has a code.
func (t Table) Knows(code string) bool { return len(t.byCode[code]) > 0 }

// Rows returns all rows in their order.
func (t Table) Rows() []Row { return slices.Clone(t.rows) }

// With returns a table with rows that go before all others: what errors mean to one call.
func (t Table) With(rows ...Row) Table { return New(slices.Concat(rows, t.rows)...) }

// Rename returns a table with other names of fields, for systems that share a table. The name "-" removes it.
func (t Table) Rename(names map[string]string) Table {
	rows := t.Rows()
	for i, row := range rows {
		if name, ok := names[row.Field]; ok {
			rows[i].setField(name)
		}
	}
	return New(rows...)
}

// none is the field of errors about no field.
const none = "-"

func (r *Row) setField(name string) {
	r.Field, r.NoField = name, name == none
	if r.NoField {
		r.Field = ""
	}
}

// columns are the names of the columns, in their order.
func columns() []string {
	return []string{"code", "text", "fault", "certain", "field", "meaning", "help"}
}

// Parse reads the rows of a table. The error names the line and what is wrong with it.
func Parse(text string) ([]Row, error) {
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.Comment, r.LazyQuotes, r.FieldsPerRecord = '\t', '#', true, len(columns())
	records, err := r.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("read a table of error codes: %w", err)
	}
	if len(records) == 0 || !slices.Equal(records[0], columns()) {
		return nil, fmt.Errorf("read a table of error codes: the first line must have the columns %q", columns())
	}
	rows := make([]Row, 0, len(records))
	for _, record := range records[1:] {
		row, err := parseRow(record)
		if err != nil {
			return nil, fmt.Errorf("read a table of error codes: %q: %w", record[:2], err)
		}
		rows = append(rows, row)
	}
	return rows, nil
}

func parseRow(record []string) (Row, error) {
	row := Row{
		Code: record[0], Text: strings.ToLower(record[1]), Fault: target.Code(record[2]), Certain: record[3] == "yes",
		Meaning: record[5], Help: record[6],
	}
	row.setField(record[4])
	switch {
	case row.Code == "" && row.Text == "":
		return Row{}, errors.New("neither code nor text")
	case !slices.Contains(target.Codes(), row.Fault):
		return Row{}, fmt.Errorf("unknown fault %q", record[2])
	case record[3] != "yes" && record[3] != "no":
		return Row{}, fmt.Errorf("certain is %q, not yes or no", record[3])
	case row.Certain && row.Fault != target.GivenCredentials:
		return Row{}, fmt.Errorf("only %s can be certain", target.GivenCredentials)
	}
	return row, nil
}
