package dynamics365

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// condition decides on a row. It is what a $filter comes to (OData 4.0, URL conventions, 5.1.1.1).
type condition func(row) bool

// errFilter is a filter that cannot be read.
var errFilter = errors.New("there is a syntax error in the filter")

// tokens are what filters are made of: texts, names and other literals, parentheses and commas.
var tokens = regexp.MustCompile(`^\s*('(?:[^']|'')*'|[A-Za-z0-9_.:-]+|[(),])`)

// filter is a filter that is being read.
type filter struct {
	rest string
	has  func(column string) bool
}

// parseFilter reads a filter about columns that the table has.
func parseFilter(text string, has func(string) bool) (condition, error) {
	f := &filter{rest: text, has: has}
	all, err := f.either()
	if err != nil {
		return nil, err
	}
	if strings.TrimSpace(f.rest) != "" {
		return nil, fmt.Errorf("%w at %q", errFilter, f.rest)
	}
	return all, nil
}

// peek is the next token; empty at the end.
func (f *filter) peek() string {
	found := tokens.FindStringSubmatch(f.rest)
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

// either reads conditions that are joined by "or".
func (f *filter) either() (condition, error) {
	return f.joined("or", f.both, func(a, b condition) condition { return func(r row) bool { return a(r) || b(r) } })
}

// both reads conditions that are joined by "and", which binds closer.
func (f *filter) both() (condition, error) {
	return f.joined("and", f.one, func(a, b condition) condition { return func(r row) bool { return a(r) && b(r) } })
}

func (f *filter) joined(word string, read func() (condition, error), join func(a, b condition) condition) (condition, error) {
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

// one reads a single condition: in parentheses, negated, a function, or a comparison.
func (f *filter) one() (condition, error) {
	switch token := f.next(); token {
	case "":
		return nil, fmt.Errorf("%w: it ends too early", errFilter)
	case "(":
		inner, err := f.either()
		if err != nil {
			return nil, err
		}
		return inner, f.expect(")")
	case "not":
		inner, err := f.one()
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

// function reads what follows the name of a function: (column,'text').
func (f *filter) function(name string) (condition, error) {
	parts := []string{f.next(), f.next(), f.next(), f.next(), f.next()}
	if parts[0] != "(" || parts[2] != "," || parts[4] != ")" {
		return nil, fmt.Errorf("%w after %s", errFilter, name)
	}
	column := parts[1]
	if !f.has(column) {
		return nil, noColumnError(column)
	}
	test := map[string]func(text, part string) bool{
		"contains": strings.Contains, "startswith": strings.HasPrefix, "endswith": strings.HasSuffix,
	}[name]
	part := strings.ToLower(literal(parts[3]))
	return func(r row) bool {
		text, ok := r[column].(string)
		return ok && test(strings.ToLower(text), part)
	}, nil
}

// comparison reads what follows a column: an operator and a literal.
func (f *filter) comparison(column string) (condition, error) {
	if !f.has(column) {
		return nil, noColumnError(column)
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

// equals compares as the database does: letter case of texts does not count.
func equals(have any, want string) bool {
	switch have := have.(type) {
	case nil:
		return want == "null"
	case bool:
		return want == strconv.FormatBool(have)
	case int:
		return want == strconv.Itoa(have)
	case string:
		return want != "null" && strings.EqualFold(have, literal(want))
	}
	return false
}

// literal is what a literal means: a text without its quotes, of which two stand for one; a GUID as it is.
func literal(token string) string {
	if len(token) >= 2 && token[0] == '\'' {
		return strings.ReplaceAll(token[1:len(token)-1], "''", "'")
	}
	return token
}

// noColumnError is a query that names a column which the table does not have.
type noColumnError string

func (e noColumnError) Error() string { return "Could not find a property named '" + string(e) + "'" }
