package office365

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// The supported conditions of $filter.
var (
	comparison   = regexp.MustCompile(`^(\w+)\s+(eq|ne)\s+('(?:[^']|'')*'|true|false|null)$`)
	functionCall = regexp.MustCompile(`^(startswith|endswith)\(\s*(\w+)\s*,\s*('(?:[^']|'')*')\s*\)$`)
	anyOf        = regexp.MustCompile(`^(\w+)/any\(\s*(\w+)\s*:\s*(\w+)\s+eq\s+('(?:[^']|'')*')\s*\)$`)
)

// condition reports whether a value matches.
type condition func(object) (bool, *graphError)

// applyFilter returns the values that match the filter: conditions that are all joined by "or", or all by "and".
func (q query) applyFilter(list []object) ([]object, *graphError) {
	if q.filter == "" {
		return list, nil
	}
	parts, operator := splitFilter(q.filter)
	var conditions []condition
	for _, part := range parts {
		c, ok := q.condition(strings.TrimSpace(part))
		if !ok {
			return nil, newGraphError("BadRequest", "Invalid filter clause: %s", part)
		}
		conditions = append(conditions, c)
	}
	var matching []object
	for _, value := range list {
		results := make([]bool, len(conditions))
		for i, c := range conditions {
			var err *graphError
			if results[i], err = c(value); err != nil {
				return nil, err
			}
		}
		if operator == "or" && slices.Contains(results, true) || operator == "and" && !slices.Contains(results, false) {
			matching = append(matching, value)
		}
	}
	return matching, nil
}

// splitFilter splits a filter at its "or" or "and" operators, outside of literals.
func splitFilter(filter string) (parts []string, operator string) {
	for _, operator := range []string{"or", "and"} {
		var parts []string
		start, quoted := 0, false
		for i := range len(filter) {
			if filter[i] == '\'' {
				quoted = !quoted
			}
			if word := " " + operator + " "; !quoted && i >= start && strings.HasPrefix(filter[i:], word) {
				parts = append(parts, filter[start:i])
				start = i + len(word)
			}
		}
		if parts != nil {
			return append(parts, filter[start:]), operator
		}
	}
	return []string{filter}, "and"
}

// condition parses one condition; ok is false if it is not supported.
func (q query) condition(text string) (condition, bool) {
	if m := comparison.FindStringSubmatch(text); m != nil {
		return onProperty(m[1], func(v any) bool { return equals(v, m[3]) == (m[2] == "eq") }), true
	}
	if m := functionCall.FindStringSubmatch(text); m != nil {
		test := strings.HasPrefix
		if m[1] == "endswith" {
			if !q.eventual || !q.count { // an advanced query
				return nil, false
			}
			test = strings.HasSuffix
		}
		return onProperty(m[2], func(v any) bool {
			s, _ := v.(string)
			return test(strings.ToLower(s), strings.ToLower(unquote(m[3])))
		}), true
	}
	if m := anyOf.FindStringSubmatch(text); len(m) > 4 && m[2] == m[3] {
		return onProperty(m[1], func(v any) bool {
			list, _ := v.([]string)
			return slices.ContainsFunc(list, func(s string) bool { return strings.EqualFold(s, unquote(m[4])) })
		}), true
	}
	return nil, false
}

// onProperty returns a condition for a property of the value.
func onProperty(name string, matches func(any) bool) condition {
	return func(value object) (bool, *graphError) {
		key, ok := property(value, name)
		if !ok {
			return false, newGraphError("BadRequest", "Could not find a property named '%s' on type 'microsoft.graph.user'.", name)
		}
		return matches(value[key]), nil
	}
}

// equals compares a property with a literal. Letter case is ignored, as in the directory.
func equals(v any, literal string) bool {
	switch v := v.(type) {
	case nil:
		return literal == "null"
	case bool:
		return literal == strconv.FormatBool(v)
	case string:
		return strings.HasPrefix(literal, "'") && strings.EqualFold(v, unquote(literal))
	}
	return false
}

// unquote returns the value of a quoted literal.
func unquote(quoted string) string {
	return strings.ReplaceAll(strings.TrimSuffix(strings.TrimPrefix(quoted, "'"), "'"), "''", "'")
}
