package salesforce

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// selection is a query in the part of SOQL that is understood: one object, fields or COUNT(), conditions that are all
// joined by AND or all by OR, one order, a limit.
type selection struct {
	fields     []string // none: COUNT()
	object     string
	conditions []condition
	either     bool // joined by OR
	orderBy    string
	descending bool
	limit      int // negative: none
}

type condition struct {
	field, operator string
	values          []any // one, but for IN
}

// lexemes are the pieces of SOQL, in the order in which they are tried.
var lexemes = regexp.MustCompile(
	`^(?:\s+|('(?:[^'\\]|\\.)*')|([A-Za-z_][A-Za-z0-9_.]*)|([0-9][0-9A-Za-z:.+-]*)|(!=|<>|<=|>=|[=<>(),]))`)

// reader reads SOQL from left to right; once it has failed it only says so.
type reader struct {
	tokens []string
	failed string
}

func parse(text string) (*selection, string) {
	r := &reader{}
	for rest := text; rest != ""; {
		found := lexemes.FindString(rest)
		if found == "" {
			odd, _ := utf8.DecodeRuneInString(rest)
			return nil, fmt.Sprintf("line 1:%d no viable alternative at character '%c'", len(text)-len(rest), odd)
		}
		rest = rest[len(found):]
		if strings.TrimSpace(found) != "" {
			r.tokens = append(r.tokens, found)
		}
	}
	q := &selection{limit: -1}
	r.expect("SELECT")
	q.fields = r.columns()
	r.expect("FROM")
	q.object = r.name()
	if r.accept("WHERE") {
		r.where(q)
	}
	if r.accept("ORDER") {
		r.expect("BY")
		q.orderBy = r.name()
		q.descending = r.accept("DESC")
		if !q.descending {
			r.accept("ASC")
		}
	}
	if r.accept("LIMIT") {
		limit, err := strconv.Atoi(r.next())
		if err != nil || limit < 0 {
			r.fail("LIMIT")
		}
		q.limit = limit
	}
	if len(r.tokens) > 0 {
		r.fail(r.tokens[0])
	}
	return q, r.failed
}

func (r *reader) fail(token string) {
	if r.failed == "" {
		r.failed = fmt.Sprintf("unexpected token: '%s'", token)
	}
	r.tokens = nil
}

func (r *reader) next() string {
	if len(r.tokens) == 0 {
		r.fail("<EOF>")
		return ""
	}
	token := r.tokens[0]
	r.tokens = r.tokens[1:]
	return token
}

func (r *reader) accept(word string) bool {
	if len(r.tokens) == 0 || !strings.EqualFold(r.tokens[0], word) {
		return false
	}
	r.tokens = r.tokens[1:]
	return true
}

func (r *reader) expect(word string) {
	if !r.accept(word) {
		r.fail(append(r.tokens, "<EOF>")[0])
	}
}

func (r *reader) name() string {
	token := r.next()
	if token != "" && !regexp.MustCompile(`^[A-Za-z_]`).MatchString(token) {
		r.fail(token)
	}
	return token
}

func (r *reader) columns() []string {
	var fields []string
	for {
		fields = append(fields, r.name())
		if strings.EqualFold(fields[0], "COUNT") && r.accept("(") {
			r.expect(")")
			return nil
		}
		if !r.accept(",") {
			return fields
		}
	}
}

func (r *reader) where(q *selection) {
	q.conditions = append(q.conditions, r.condition())
	for r.failed == "" && len(r.tokens) > 0 {
		and, or := r.accept("AND"), false
		if !and {
			or = r.accept("OR")
		}
		if !and && !or {
			return
		}
		if len(q.conditions) > 1 && or != q.either { // SOQL wants parentheses then
			r.fail(map[bool]string{true: "OR", false: "AND"}[or])
			return
		}
		q.either = or
		q.conditions = append(q.conditions, r.condition())
	}
}

func (r *reader) condition() condition {
	c := condition{field: r.name(), operator: strings.ToUpper(r.next())}
	switch c.operator {
	case "IN":
		r.expect("(")
		c.values = append(c.values, r.value())
		for r.accept(",") {
			c.values = append(c.values, r.value())
		}
		r.expect(")")
	case "=", "!=", "<>", "<", "<=", ">", ">=", "LIKE":
		c.values = append(c.values, r.value())
	default:
		r.fail(c.operator)
	}
	return c
}

// escapes are those of SOQL's strings; any other character stands for itself.
var escapes = map[byte]string{'n': "\n", 'r': "\r", 't': "\t", 'b': "\b", 'f': "\f"}

func (r *reader) value() any {
	token := r.next()
	switch {
	case strings.HasPrefix(token, "'"):
		var b strings.Builder
		for i := 1; i < len(token)-1; i++ {
			if token[i] != '\\' {
				b.WriteByte(token[i])
				continue
			}
			i++
			if special, ok := escapes[token[i]]; ok {
				b.WriteString(special)
			} else {
				b.WriteByte(token[i])
			}
		}
		return b.String()
	case strings.EqualFold(token, "true"), strings.EqualFold(token, "false"):
		return strings.EqualFold(token, "true")
	case strings.EqualFold(token, "null"):
		return nil
	case token != "" && token[0] >= '0' && token[0] <= '9':
		return token
	}
	r.fail(token)
	return nil
}

// matches tells whether the record meets the conditions.
func (q *selection) matches(record map[string]any) bool {
	if len(q.conditions) == 0 {
		return true
	}
	meets := func(c condition) bool { return c.met(record[c.field]) }
	if q.either {
		return slices.ContainsFunc(q.conditions, meets)
	}
	return !slices.ContainsFunc(q.conditions, func(c condition) bool { return !meets(c) })
}

func (c condition) met(have any) bool {
	equal := func(want any) bool { return compare(have, want) == 0 }
	switch c.operator {
	case "=", "IN":
		return slices.ContainsFunc(c.values, equal)
	case "!=", "<>":
		return !equal(c.values[0])
	case "LIKE":
		pattern, _ := c.values[0].(string)
		pattern = strings.NewReplacer("%", ".*", "_", ".").Replace(regexp.QuoteMeta(pattern))
		like, err := regexp.Compile("(?is)^" + pattern + "$")
		return err == nil && like.MatchString(fmt.Sprint(have))
	case "<":
		return compare(have, c.values[0]) < 0
	case "<=":
		return compare(have, c.values[0]) <= 0
	case ">":
		return compare(have, c.values[0]) > 0
	}
	return compare(have, c.values[0]) >= 0
}

// compare orders values as SOQL does: text regardless of letter case, times as times.
func compare(a, b any) int {
	x, y := fmt.Sprint(a), fmt.Sprint(b)
	if first, ok := readTime(x); ok {
		if second, ok := readTime(y); ok {
			return first.Compare(second)
		}
	}
	return strings.Compare(strings.ToLower(x), strings.ToLower(y))
}

func readTime(s string) (time.Time, bool) {
	for _, format := range []string{timeFormat, time.RFC3339Nano, time.DateOnly} {
		if t, err := time.Parse(format, s); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}
