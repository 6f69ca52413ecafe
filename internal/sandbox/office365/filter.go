package office365

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// The conditions of $filter that are understood.
var (
	comparison = regexp.MustCompile(`^(\w+)\s+(eq|ne)\s+('(?:[^']|'')*'|true|false|null)$`)
	call       = regexp.MustCompile(`^(startswith|endswith)\(\s*(\w+)\s*,\s*('(?:[^']|'')*')\s*\)$`)
	anyOf      = regexp.MustCompile(`^(\w+)/any\(\s*(\w+)\s*:\s*(\w+)\s+eq\s+('(?:[^']|'')*')\s*\)$`)
)

// condition decides on one value.
type condition func(object) (bool, *graphError)

// apply leaves the values that fit the filter: conditions that are all joined by "or", or all by "and".
func (q query) apply(list []object) ([]object, *graphError) {
	if q.filter == "" {
		return list, nil
	}
	parts, joined := split(q.filter)
	var conditions []condition
	for _, part := range parts {
		c, ok := q.condition(strings.TrimSpace(part))
		if !ok {
			return nil, newGraphError("BadRequest", "Invalid filter clause: %s", part)
		}
		conditions = append(conditions, c)
	}
	var fits []object
	for _, value := range list {
		verdicts := make([]bool, len(conditions))
		for i, c := range conditions {
			var err *graphError
			if verdicts[i], err = c(value); err != nil {
				return nil, err
			}
		}
		if joined == "or" && slices.Contains(verdicts, true) || joined == "and" && !slices.Contains(verdicts, false) {
			fits = append(fits, value)
		}
	}
	return fits, nil
}

// split takes a filter apart at its "or"s, or at its "and"s; not inside of literals.
func split(filter string) (parts []string, joined string) {
	for _, joined := range []string{"or", "and"} {
		var parts []string
		start, quoted := 0, false
		for i := range len(filter) {
			if filter[i] == '\'' {
				quoted = !quoted
			}
			if word := " " + joined + " "; !quoted && i >= start && strings.HasPrefix(filter[i:], word) {
				parts = append(parts, filter[start:i])
				start = i + len(word)
			}
		}
		if parts != nil {
			return append(parts, filter[start:]), joined
		}
	}
	return []string{filter}, "and"
}

// condition reads one condition; ok is false for one that is not understood.
func (q query) condition(text string) (condition, bool) {
	if m := comparison.FindStringSubmatch(text); m != nil {
		return on(m[1], func(v any) bool { return equal(v, m[3]) == (m[2] == "eq") }), true
	}
	if m := call.FindStringSubmatch(text); m != nil {
		test := strings.HasPrefix
		if m[1] == "endswith" {
			if !q.eventual || !q.count { // an advanced query
				return nil, false
			}
			test = strings.HasSuffix
		}
		return on(m[2], func(v any) bool {
			s, _ := v.(string)
			return test(strings.ToLower(s), strings.ToLower(literal(m[3])))
		}), true
	}
	if m := anyOf.FindStringSubmatch(text); len(m) > 4 && m[2] == m[3] {
		return on(m[1], func(v any) bool {
			list, _ := v.([]string)
			return slices.ContainsFunc(list, func(s string) bool { return strings.EqualFold(s, literal(m[4])) })
		}), true
	}
	return nil, false
}

// on decides on a property of the value.
func on(name string, decide func(any) bool) condition {
	return func(value object) (bool, *graphError) {
		key, ok := property(value, name)
		if !ok {
			return false, newGraphError("BadRequest", "Could not find a property named '%s' on type 'microsoft.graph.user'.", name)
		}
		return decide(value[key]), nil
	}
}

// equal compares a property with a literal; text without regard to letter case, as the directory does.
func equal(v any, written string) bool {
	switch v := v.(type) {
	case nil:
		return written == "null"
	case bool:
		return written == strconv.FormatBool(v)
	case string:
		return strings.HasPrefix(written, "'") && strings.EqualFold(v, literal(written))
	}
	return false
}

// literal is what a quoted text means.
func literal(quoted string) string {
	return strings.ReplaceAll(strings.TrimSuffix(strings.TrimPrefix(quoted, "'"), "'"), "''", "'")
}
