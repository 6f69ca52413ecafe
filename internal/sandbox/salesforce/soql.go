package salesforce

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// selection is a query in the supported part of SOQL: one object, fields or COUNT(), conditions that are all joined by
// AND or all by OR, one order, a limit.
type selection struct {
	fields     []string // nil for COUNT()
	object     string
	conditions []condition
	matchAny   bool // joined by OR
	orderBy    string
	descending bool
	limit      int // negative means no limit
}

type condition struct {
	field, operator string
	values          []any // one value, except for IN
}

// tokenPattern matches the tokens of SOQL. The alternatives are tried in this order.
var tokenPattern = regexp.MustCompile(
	`^(?:\s+|('(?:[^'\\]|\\.)*')|([A-Za-z_][A-Za-z0-9_.]*)|([0-9][0-9A-Za-z:.+-]*)|(!=|<>|<=|>=|[=<>(),]))`)

// parser parses SOQL from left to right. After an error all further calls fail.
type parser struct {
	tokens  []string
	message string
}

func parse(text string) (*selection, string) {
	p := &parser{}
	for rest := text; rest != ""; {
		found := tokenPattern.FindString(rest)
		if found == "" {
			char, _ := utf8.DecodeRuneInString(rest)
			return nil, fmt.Sprintf("line 1:%d no viable alternative at character '%c'", len(text)-len(rest), char)
		}
		rest = rest[len(found):]
		if strings.TrimSpace(found) != "" {
			p.tokens = append(p.tokens, found)
		}
	}
	q := &selection{limit: -1}
	p.expect("SELECT")
	q.fields = p.columns()
	p.expect("FROM")
	q.object = p.name()
	if p.accept("WHERE") {
		p.where(q)
	}
	if p.accept("ORDER") {
		p.expect("BY")
		q.orderBy = p.name()
		q.descending = p.accept("DESC")
		if !q.descending {
			p.accept("ASC")
		}
	}
	if p.accept("LIMIT") {
		limit, err := strconv.Atoi(p.next())
		if err != nil || limit < 0 {
			p.fail("LIMIT")
		}
		q.limit = limit
	}
	if len(p.tokens) > 0 {
		p.fail(p.tokens[0])
	}
	return q, p.message
}

func (p *parser) fail(token string) {
	if p.message == "" {
		p.message = fmt.Sprintf("unexpected token: '%s'", token)
	}
	p.tokens = nil
}

func (p *parser) next() string {
	if len(p.tokens) == 0 {
		p.fail("<EOF>")
		return ""
	}
	token := p.tokens[0]
	p.tokens = p.tokens[1:]
	return token
}

func (p *parser) accept(word string) bool {
	if len(p.tokens) == 0 || !strings.EqualFold(p.tokens[0], word) {
		return false
	}
	p.tokens = p.tokens[1:]
	return true
}

func (p *parser) expect(word string) {
	if !p.accept(word) {
		p.fail(append(p.tokens, "<EOF>")[0])
	}
}

func (p *parser) name() string {
	token := p.next()
	if token != "" && !regexp.MustCompile(`^[A-Za-z_]`).MatchString(token) {
		p.fail(token)
	}
	return token
}

func (p *parser) columns() []string {
	var fields []string
	for {
		fields = append(fields, p.name())
		if strings.EqualFold(fields[0], "COUNT") && p.accept("(") {
			p.expect(")")
			return nil
		}
		if !p.accept(",") {
			return fields
		}
	}
}

func (p *parser) where(q *selection) {
	q.conditions = append(q.conditions, p.condition())
	for p.message == "" && len(p.tokens) > 0 {
		and, or := p.accept("AND"), false
		if !and {
			or = p.accept("OR")
		}
		if !and && !or {
			return
		}
		if len(q.conditions) > 1 && or != q.matchAny { // SOQL requires parentheses in this case
			p.fail(map[bool]string{true: "OR", false: "AND"}[or])
			return
		}
		q.matchAny = or
		q.conditions = append(q.conditions, p.condition())
	}
}

func (p *parser) condition() condition {
	c := condition{field: p.name(), operator: strings.ToUpper(p.next())}
	switch c.operator {
	case "IN":
		p.expect("(")
		c.values = append(c.values, p.value())
		for p.accept(",") {
			c.values = append(c.values, p.value())
		}
		p.expect(")")
	case "=", "!=", "<>", "<", "<=", ">", ">=", "LIKE":
		c.values = append(c.values, p.value())
	default:
		p.fail(c.operator)
	}
	return c
}

// escapes are the escape sequences of SOQL strings. Any other escaped character represents itself.
var escapes = map[byte]string{'n': "\n", 'r': "\r", 't': "\t", 'b': "\b", 'f': "\f"}

func (p *parser) value() any {
	token := p.next()
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
	p.fail(token)
	return nil
}
