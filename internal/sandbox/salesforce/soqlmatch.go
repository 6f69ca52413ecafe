package salesforce

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
)

// matches reports whether the record meets the conditions.
func (q *selection) matches(record map[string]any) bool {
	if len(q.conditions) == 0 {
		return true
	}
	met := func(c condition) bool { return c.matches(record[c.field]) }
	if q.matchAny {
		return slices.ContainsFunc(q.conditions, met)
	}
	return !slices.ContainsFunc(q.conditions, func(c condition) bool { return !met(c) })
}

func (c condition) matches(value any) bool {
	equal := func(want any) bool { return compare(value, want) == 0 }
	switch c.operator {
	case "=", "IN":
		return slices.ContainsFunc(c.values, equal)
	case "!=", "<>":
		return !equal(c.values[0])
	case "LIKE":
		pattern, _ := c.values[0].(string)
		pattern = strings.NewReplacer("%", ".*", "_", ".").Replace(regexp.QuoteMeta(pattern))
		like, err := regexp.Compile("(?is)^" + pattern + "$")
		return err == nil && like.MatchString(fmt.Sprint(value))
	case "<":
		return compare(value, c.values[0]) < 0
	case "<=":
		return compare(value, c.values[0]) <= 0
	case ">":
		return compare(value, c.values[0]) > 0
	}
	return compare(value, c.values[0]) >= 0
}

// compare orders values as SOQL does: text regardless of letter case, times as times.
func compare(a, b any) int {
	x, y := fmt.Sprint(a), fmt.Sprint(b)
	if first, ok := parseTime(x); ok {
		if second, ok := parseTime(y); ok {
			return first.Compare(second)
		}
	}
	return strings.Compare(strings.ToLower(x), strings.ToLower(y))
}

func parseTime(s string) (time.Time, bool) {
	for _, format := range []string{timeFormat, time.RFC3339Nano, time.DateOnly} {
		if t, err := time.Parse(format, s); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}
