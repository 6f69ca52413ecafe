package dynamics365

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// condition reports whether a row matches. It is the result of parsing a $filter (OData 4.0, URL conventions, 5.1.1.1).
type condition func(row) bool

// errFilter is the error for an invalid filter.
var errFilter = errors.New("there is a syntax error in the filter")

// tokenPattern matches the tokens of a filter: texts, names and other literals, parentheses and commas.
var tokenPattern = regexp.MustCompile(`^\s*('(?:[^']|'')*'|[A-Za-z0-9_.:-]+|[(),])`)

// filter is a filter that is being parsed.
type filter struct {
	rest      string
	hasColumn func(column string) bool
}

// parseFilter parses a filter with the columns of a table.
func parseFilter(text string, has func(string) bool) (condition, error) {
	f := &filter{rest: text, hasColumn: has}
	all, err := f.orExpression()
	if err != nil {
		return nil, err
	}
	if strings.TrimSpace(f.rest) != "" {
		return nil, fmt.Errorf("%w at %q", errFilter, f.rest)
	}
	return all, nil
}

// peek returns the next token; empty at the end.
func (f *filter) peek() string {
	found := tokenPattern.FindStringSubmatch(f.rest)
	if found == nil {
		return ""
	}
	return found[1]
}

func (f *filter) next() string {
	token := f.peek()
	f.rest = strings.TrimPrefix(strings.TrimLeft(f.rest, " \t"), token)
	return token
}

func (f *filter) expect(token string) error {
	if got := f.next(); got != token {
		return fmt.Errorf("%w: %q where %q is expected", errFilter, got, token)
	}
	return nil
}

// orExpression parses conditions that are joined by "or".
func (f *filter) orExpression() (condition, error) {
	return f.binary("or", f.andExpression, func(a, b condition) condition { return func(r row) bool { return a(r) || b(r) } })
}

// andExpression parses conditions that are joined by "and", which has a higher precedence.
func (f *filter) andExpression() (condition, error) {
	return f.binary("and", f.term, func(a, b condition) condition { return func(r row) bool { return a(r) && b(r) } })
}

func (f *filter) binary(word string, read func() (condition, error), join func(a, b condition) condition) (condition, error) {
	left, err := read()
	for err == nil && f.peek() == word {
		f.next()
		var right condition
		if right, err = read(); err == nil {
			left = join(left, right)
		}
	}
	return left, err
}

// term parses a single condition: in parentheses, negated, a function, or a comparison.
func (f *filter) term() (condition, error) {
	switch token := f.next(); token {
	case "":
		return nil, fmt.Errorf("%w: it ends too early", errFilter)
	case "(":
		inner, err := f.orExpression()
		if err != nil {
			return nil, err
		}
		return inner, f.expect(")")
	case "not":
		inner, err := f.term()
		if err != nil {
			return nil, err
		}
		return func(r row) bool { return !inner(r) }, nil
	case "contains", "startswith", "endswith":
		return f.function(token)
	default:
		return f.comparison(token)
	}
}

// function parses the arguments of a function: (column,'text').
func (f *filter) function(name string) (condition, error) {
	parts := []string{f.next(), f.next(), f.next(), f.next(), f.next()}
	if parts[0] != "(" || parts[2] != "," || parts[4] != ")" {
		return nil, fmt.Errorf("%w after %s", errFilter, name)
	}
	column := parts[1]
	if !f.hasColumn(column) {
		return nil, unknownColumnError(column)
	}
	test := map[string]func(text, part string) bool{
		"contains": strings.Contains, "startswith": strings.HasPrefix, "endswith": strings.HasSuffix,
	}[name]
	part := strings.ToLower(unquote(parts[3]))
	return func(r row) bool {
		text, ok := r[column].(string)
		return ok && test(strings.ToLower(text), part)
	}, nil
}

// comparison parses the rest of a comparison after the column: an operator and a literal.
func (f *filter) comparison(column string) (condition, error) {
	if !f.hasColumn(column) {
		return nil, unknownColumnError(column)
	}
	operator, value := f.next(), f.next()
	if value == "" || value == "(" || value == ")" || value == "," {
		return nil, fmt.Errorf("%w after %s %s", errFilter, column, operator)
	}
	switch operator {
	case "eq":
		return func(r row) bool { return equals(r[column], value) }, nil
	case "ne":
		return func(r row) bool { return !equals(r[column], value) }, nil
	}
	return nil, fmt.Errorf("%w: the operator %q", errFilter, operator)
}

// equals compares as the database does: letter case of texts is ignored.
func equals(value any, token string) bool {
	switch value := value.(type) {
	case nil:
		return token == "null"
	case bool:
		return token == strconv.FormatBool(value)
	case int:
		return token == strconv.Itoa(value)
	case string:
		return token != "null" && strings.EqualFold(value, unquote(token))
	}
	return false
}

// unquote returns the value of a literal: a text without its quotes, where two quotes mean one; a GUID unchanged.
func unquote(token string) string {
	if len(token) >= 2 && token[0] == '\'' {
		return strings.ReplaceAll(token[1:len(token)-1], "''", "'")
	}
	return token
}

// unknownColumnError is the error for a column that the table does not have.
type unknownColumnError string

func (e unknownColumnError) Error() string {
	return "Could not find a property named '" + string(e) + "'"
}
