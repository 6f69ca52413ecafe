// Package odata reads the query options of OData services (versions 2 and 4): $filter, $select, $top, $skip, $orderby and
// $count. A [Dialect] switches on what a service supports. It follows
// https://docs.oasis-open.org/odata/odata/v4.01/odata-v4.01-part2-url-conventions.html, section 5, and for version 2
// https://www.odata.org/documentation/odata-version-2-0/uri-conventions/.
package odata

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Dialect is what a service supports. The zero value has comparisons with eq and ne, joined by and, or.
type Dialect struct {
	// Functions are the supported functions of filters: contains, startswith, endswith.
	Functions []string
	// Nested allows parentheses and not.
	Nested bool
	// Any allows conditions for an element of a list of texts: list/any(x:x eq 'a').
	Any bool
	// OneProperty allows or only between conditions on the same property, and without and.
	OneProperty bool
	// FoldNames and FoldText ignore letter case: in the names of properties and options, and in texts.
	FoldNames, FoldText bool
	// MaxTop is the maximum of $top; 0 means none.
	MaxTop int
}

// Query contains the query options of a call.
type Query struct {
	// Select are the selected properties; nil means all, or the default.
	Select []string
	// Top is the maximum number of rows; -1 means all, or the default.
	Top  int
	Skip int
	// Count requests the number of all rows.
	Count bool

	dialect         Dialect
	filter, orderBy string
}

// OptionError is the error for an invalid value of an option.
type OptionError struct{ Name, Value string }

func (e OptionError) Error() string {
	return fmt.Sprintf("Invalid value '%s' for %s query option found.", e.Value, e.Name)
}

// UnknownPropertyError is the error for a property that the rows do not have.
type UnknownPropertyError string

func (e UnknownPropertyError) Error() string {
	return "Could not find a property named '" + string(e) + "'"
}

// Parse reads the query options. Its errors are [OptionError]. It ignores options of the service
// itself. With FoldNames the dollar sign
// may be missing, as in Graph.
func (d Dialect) Parse(values url.Values) (Query, error) {
	q := Query{Top: -1, dialect: d}
	for name := range values {
		if !q.read(name, values.Get(name)) {
			return Query{}, OptionError{name, values.Get(name)}
		}
	}
	return q, nil
}

// read reads one option, and reports whether its value is valid.
func (q *Query) read(name, value string) bool {
	if q.dialect.FoldNames {
		name = "$" + strings.TrimPrefix(strings.ToLower(name), "$")
	}
	var err error
	switch name {
	case "$select":
		for property := range strings.SplitSeq(value, ",") {
			q.Select = append(q.Select, strings.TrimSpace(property))
		}
	case "$top":
		q.Top, err = strconv.Atoi(value)
		return err == nil && q.Top >= 0 && (q.dialect.MaxTop == 0 || q.Top <= q.dialect.MaxTop)
	case "$skip", "$skiptoken":
		q.Skip, err = strconv.Atoi(value)
		return err == nil && q.Skip >= 0
	case "$filter":
		q.filter = value
	case "$orderby":
		q.orderBy = value
	case "$count":
		q.Count, err = strconv.ParseBool(value)
		return err == nil
	case "$expand", "$search", "$apply":
		return false
	}
	return true
}

// Apply returns the rows that match the filter, in the requested order.
func Apply[R ~map[string]any](q Query, rows []R) ([]R, error) {
	properties := map[string]any{}
	for _, row := range rows {
		maps.Copy(properties, row)
	}
	rows = slices.Clone(rows)
	if q.filter != "" {
		matches, err := q.dialect.parseFilter(q.filter, properties)
		if err != nil {
			return nil, err
		}
		rows = slices.DeleteFunc(rows, func(row R) bool { return !matches(row) })
	}
	if q.orderBy == "" || len(rows) == 0 {
		return rows, nil
	}
	name, direction, _ := strings.Cut(strings.TrimSpace(q.orderBy), " ")
	key, ok := q.dialect.property(properties, name)
	if !ok {
		return nil, UnknownPropertyError(name)
	}
	slices.SortStableFunc(rows, func(a, b R) int {
		left, _ := a[key].(string)
		right, _ := b[key].(string)
		if strings.EqualFold(strings.TrimSpace(direction), "desc") {
			left, right = right, left
		}
		return strings.Compare(left, right)
	})
	return rows, nil
}

// Page returns the requested part of the rows, which is never nil, and the number of rows before the next part; 0 if
// this is the last one. size is the default number of rows; 0 means all.
func Page[R any](q Query, rows []R, size int) (page []R, next int) {
	switch {
	case q.Top >= 0:
		size = q.Top
	case size == 0:
		size = len(rows)
	}
	from := min(q.Skip, len(rows))
	to := min(from+size, len(rows))
	if to < len(rows) {
		next = to
	}
	return append([]R{}, rows[from:to]...), next
}

// Selected returns a row with the selected properties; without a selection with those of defaults, or all of them if
// defaults are empty. Annotations, whose names begin with @, are kept.
func Selected[R ~map[string]any](q Query, row R, defaults ...string) (R, error) {
	names := defaults
	if q.Select != nil {
		names = q.Select
	}
	if names == nil {
		return maps.Clone(row), nil
	}
	selected := R{}
	for name, value := range row {
		if strings.HasPrefix(name, "@") {
			selected[name] = value
		}
	}
	for _, name := range names {
		key, ok := q.dialect.property(row, name)
		if !ok {
			return nil, UnknownPropertyError(name)
		}
		selected[key] = row[key]
	}
	return selected, nil
}

// property finds a property by its name.
func (d Dialect) property(row map[string]any, name string) (key string, ok bool) {
	if _, ok := row[name]; ok {
		return name, true
	}
	for key := range row {
		if d.FoldNames && strings.EqualFold(key, name) {
			return key, true
		}
	}
	return "", false
}
