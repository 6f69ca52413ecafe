package store

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"fmt"
)

// rowsColumn reads the rows of a sub-query that [database.jsonRows] has made one text. Without rows, the list is nil.
type rowsColumn[T any] struct {
	into *[]T
	scan scanner[T]
}

// Scan implements [sql.Scanner].
func (c rowsColumn[T]) Scan(value any) error {
	*c.into = nil
	if value == nil {
		return nil
	}
	text, err := textOf(value)
	if err != nil {
		return err
	}
	var rows []jsonRow
	if err := json.Unmarshal([]byte(text), &rows); err != nil {
		return err
	}
	for _, r := range rows {
		item, err := c.scan(r)
		if err != nil {
			return err
		}
		*c.into = append(*c.into, item)
	}
	return nil
}

// newestColumn reads such a text of at most one row.
type newestColumn[T any] struct {
	into **T
	scan scanner[T]
}

// Scan implements [sql.Scanner].
func (c newestColumn[T]) Scan(value any) error {
	*c.into = nil
	var rows []T
	err := rowsColumn[T]{&rows, c.scan}.Scan(value)
	if len(rows) > 0 {
		*c.into = &rows[0]
	}
	return err
}

// jsonRow is a row whose values are JSON.
type jsonRow []json.RawMessage

// Scan does for JSON what a [sql.Row] does.
func (r jsonRow) Scan(into ...any) error {
	if len(into) != len(r) {
		return fmt.Errorf("%d values expected, found %d", len(into), len(r))
	}
	for i, raw := range r {
		if err := scanJSON(raw, into[i]); err != nil {
			return fmt.Errorf("value %d: %w", i+1, err)
		}
	}
	return nil
}

func scanJSON(raw json.RawMessage, into any) error {
	if scanner, ok := into.(sql.Scanner); ok {
		var text any
		if err := json.Unmarshal(raw, &text); err != nil {
			return err
		}
		return scanner.Scan(text)
	}
	if flag, ok := into.(*bool); ok { // a number in SQLite
		*flag = bytes.Equal(raw, []byte("true")) || bytes.Equal(raw, []byte("1"))
		return nil
	}
	return json.Unmarshal(raw, into)
}
