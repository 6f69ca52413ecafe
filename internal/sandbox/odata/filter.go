package odata

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// condition reports whether a row matches.
type condition func(row map[string]any) bool

// errFilter is the error for an invalid filter.
var errFilter = errors.New("there is a syntax error in the filter")

var (
	// tokenPattern matches the tokens of a filter: texts, names and other literals, parentheses and commas.
	tokenPattern = regexp.MustCompile(`^\s*('(?:[^']|'')*'|[A-Za-z0-9_.:-]+|[(),])`)
	// anyPattern matches a condition for an element of a list.
	anyPattern = regexp.MustCompile(`^\s*(\w+)/any\(\s*(\w+)\s*:\s*(\w+)\s+eq\s+('(?:[^']|'')*')\s*\)`)
)

// filter is a filter that is being parsed.
type filter struct {
	dialect    Dialect
	rest       string
	properties map[string]any // of all rows
	named      []string       // the properties of the conditions so far
	words      []string       // the words that joined them
}

// parseFilter parses a filter for rows with some properties.
func (d Dialect) parseFilter(text string, properties map[string]any) (condition, error) {
	f := &filter{dialect: d, rest: text, properties: properties}
	all, err := f.binary("or", func() (condition, error) { return f.binary("and", f.term) })
	switch {
	case err != nil:
		return nil, err
	case strings.TrimSpace(f.rest) != "":
		return nil, fmt.Errorf("%w at %q", errFilter, f.rest)
	case d.OneProperty && slices.Contains(f.words, "or") &&
		(slices.Contains(f.words, "and") || len(slices.Compact(f.named)) > 1):
		return nil, fmt.Errorf("%w: or on several properties", errFilter)
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

// binary parses conditions that are joined by a word. "and" has a higher precedence than "or".
func (f *filter) binary(word string, read func() (condition, error)) (condition, error) {
	left, err := read()
	for err == nil && f.peek() == word {
		f.words = append(f.words, f.next())
		var right condition
		if right, err = read(); err == nil {
			before := left
			left = func(row map[string]any) bool {
				if word == "or" {
					return before(row) || right(row)
				}
				return before(row) && right(row)
			}
		}
	}
	return left, err
}

// term parses a single condition: in parentheses, negated, a function, or a comparison.
func (f *filter) term() (condition, error) {
	if found := anyPattern.FindStringSubmatch(f.rest); f.dialect.Any && found != nil && found[2] == found[3] {
		f.rest = f.rest[len(found[0]):]
		return f.on(found[1], func(value any) bool {
			list, _ := value.([]string)
			return slices.ContainsFunc(list, func(text string) bool { return f.dialect.equal(text, found[4]) })
		})
	}
	token := f.next()
	switch {
	case token == "":
		return nil, fmt.Errorf("%w: it ends too early", errFilter)
	case token == "(" && f.dialect.Nested:
		inner, err := f.binary("or", func() (condition, error) { return f.binary("and", f.term) })
		if end := f.next(); err == nil && end != ")" {
			err = fmt.Errorf("%w: %q where ) is expected", errFilter, end)
		}
		return inner, err
	case token == "not" && f.dialect.Nested:
		inner, err := f.term()
		return func(row map[string]any) bool { return !inner(row) }, err
	case slices.Contains(f.dialect.Functions, token):
		return f.function(token)
	}
	return f.comparison(token)
}

// on is a condition on a property.
func (f *filter) on(name string, matches func(value any) bool) (condition, error) {
	key, ok := f.dialect.property(f.properties, name)
	if !ok {
		return nil, UnknownPropertyError(name)
	}
	f.named = append(f.named, key)
	return func(row map[string]any) bool { return matches(row[key]) }, nil
}

// function parses the arguments of a function: (property,'text'). Letter case is ignored.
func (f *filter) function(name string) (condition, error) {
	parts := []string{f.next(), f.next(), f.next(), f.next(), f.next()}
	if parts[0] != "(" || parts[2] != "," || parts[4] != ")" {
		return nil, fmt.Errorf("%w after %s", errFilter, name)
	}
	test := map[string]func(text, part string) bool{
		"contains": strings.Contains, "startswith": strings.HasPrefix, "endswith": strings.HasSuffix,
	}[name]
	part := strings.ToLower(unquote(parts[3]))
	return f.on(parts[1], func(value any) bool {
		text, ok := value.(string)
		return ok && test(strings.ToLower(text), part)
	})
}

// comparison parses the rest of a comparison after the property: an operator and a literal.
func (f *filter) comparison(property string) (condition, error) {
	operator, literal := f.next(), f.next()
	if operator != "eq" && operator != "ne" || literal == "" || slices.Contains([]string{"(", ")", ","}, literal) {
		return nil, fmt.Errorf("%w after %s %s", errFilter, property, operator)
	}
	return f.on(property, func(value any) bool { return f.dialect.equal(value, literal) == (operator == "eq") })
}

// equal compares a property with a literal.
func (d Dialect) equal(value any, literal string) bool {
	switch value := value.(type) {
	case nil:
		return literal == "null"
	case bool:
		return literal == strconv.FormatBool(value)
	case int:
		return literal == strconv.Itoa(value)
	case string:
		text := unquote(literal)
		return literal != "null" && (value == text || d.FoldText && strings.EqualFold(value, text))
	}
	return false
}

// unquote returns the value of a literal: a text without its quotes, where two quotes mean one; a GUID unchanged.
func unquote(literal string) string {
	if len(literal) >= 2 && literal[0] == '\'' {
		return strings.ReplaceAll(literal[1:len(literal)-1], "''", "'")
	}
	return literal
}
