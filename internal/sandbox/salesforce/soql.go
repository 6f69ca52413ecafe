package salesforce

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// selection is a query in the supported part of SOQL: fields of one object, conditions for equality that are all joined by
// AND, and a limit.
type selection struct {
	fields     []string
	object     string
	conditions []condition
	limit      int // negative means no limit
}

type condition struct {
	field, value string
	null         bool
}

var (
	queryPattern = regexp.MustCompile(
		`(?is)^\s*SELECT\s+([a-z]\w*(?:\s*,\s*[a-z]\w*)*)\s+FROM\s+(\w+)(?:\s+WHERE\s+(.+?))?(?:\s+LIMIT\s+(\d+))?\s*$`)
	conditionPattern = regexp.MustCompile(
		`(?is)^\s*(\w+)\s*=\s*(?:'((?:[^'\\]|\\.)*)'|(true|false)|(null))(\s+AND\s|\s*$)`)
	escapePattern = regexp.MustCompile(`(?s)\\.`)
)

// parse parses a query. ok is false for an invalid or unsupported one.
func parse(text string) (q *selection, ok bool) {
	found := queryPattern.FindStringSubmatch(text)
	if found == nil {
		return nil, false
	}
	q = &selection{object: found[2], limit: -1}
	for field := range strings.SplitSeq(found[1], ",") {
		q.fields = append(q.fields, strings.TrimSpace(field))
	}
	if found[4] != "" {
		limit, err := strconv.Atoi(found[4])
		if err != nil {
			return nil, false
		}
		q.limit = limit
	}
	more := found[3] != ""
	for rest := found[3]; more; {
		part := conditionPattern.FindStringSubmatch(rest)
		if part == nil {
			return nil, false
		}
		q.conditions = append(q.conditions, condition{part[1], unescapeText(part[2]) + part[3], part[4] != ""})
		rest, more = rest[len(part[0]):], strings.TrimSpace(part[5]) != ""
	}
	return q, true
}

// unescapeText replaces the escape sequences of a text. An escaped character without a meaning represents itself.
func unescapeText(text string) string {
	return escapePattern.ReplaceAllStringFunc(text, func(escaped string) string {
		if special, ok := map[byte]string{'n': "\n", 'r': "\r", 't': "\t", 'b': "\b", 'f': "\f"}[escaped[1]]; ok {
			return special
		}
		return escaped[1:]
	})
}

// matches reports whether a record meets the conditions. Letter case is ignored.
func (q *selection) matches(record map[string]any) bool {
	for _, c := range q.conditions {
		value := record[c.field]
		if c.null != (value == nil) || !c.null && !strings.EqualFold(fmt.Sprint(value), c.value) {
			return false
		}
	}
	return true
}
