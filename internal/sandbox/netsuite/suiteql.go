package netsuite

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// selection is a query in the supported part of SuiteQL: columns of one table, and conditions that are all joined by
// AND. A condition compares a column, or its lower-case form, with a text for equality.
type selection struct {
	columns    []string
	table      string
	conditions []condition
}

type condition struct {
	column, value string
	lower         bool
}

// suiteQL runs a query (NetSuite help, "Executing SuiteQL Queries Through REST Web Services").
func (s *Server) suiteQL(call *sandbox.Call) (sandbox.Response, *apiError) {
	if call.Request.Method != http.MethodPost {
		return sandbox.Response{}, newAPIError("INVALID_METHOD", "")
	}
	if !strings.EqualFold(call.Request.Header.Get("Prefer"), "transient") {
		return sandbox.Response{}, newAPIError("INVALID_HEADER", "")
	}
	var body struct {
		Query string `json:"q"`
	}
	if err := json.Unmarshal(call.Body, &body); err != nil || body.Query == "" {
		return sandbox.Response{}, newAPIError("INVALID_CONTENT", "Invalid JSON message body.")
	}
	q, ok := parse(body.Query)
	if !ok {
		return sandbox.Response{}, searchError("Invalid or unsupported search")
	}
	// For NetSuite, a table without the permission of the role does not exist.
	if _, permitted := s.state.role.permits(q.table); q.table != "employee" || !permitted {
		return sandbox.Response{}, searchError("Record '" + q.table + "' was not found.")
	}
	items := []map[string]any{}
	for _, e := range s.All() {
		row := e.columns()
		if missing := q.unknown(row); missing != "" {
			return sandbox.Response{}, searchError("Field '" + missing + "' for record 'employee' was not found.")
		}
		if !q.matches(row) {
			continue
		}
		item := map[string]any{"links": []any{}}
		for _, column := range q.columns {
			item[column] = row[column]
		}
		items = append(items, item)
	}
	for _, c := range q.conditions {
		if c.column == "email" {
			call.SetUser(s.state.token.User, c.value)
		}
	}
	return page(call.Request.URL.Query(), s.URL()+suiteQLPath, items)
}

func searchError(message string) *apiError {
	return newAPIError("INVALID_PARAMETER",
		"Invalid search query. Detailed unprocessed description follows. Search error occurred: "+message)
}

// columns returns the columns of the employee in SuiteQL: all are texts, and booleans are T or F.
func (e Employee) columns() map[string]string {
	inactive := "F"
	if e.Inactive {
		inactive = "T"
	}
	return map[string]string{"id": strconv.Itoa(e.ID), "entityid": e.Name, "email": e.Email, "isinactive": inactive}
}

func (q *selection) unknown(row map[string]string) string {
	columns := slices.Clone(q.columns)
	for _, c := range q.conditions {
		columns = append(columns, c.column)
	}
	for _, column := range columns {
		if _, ok := row[column]; !ok {
			return column
		}
	}
	return ""
}

func (q *selection) matches(row map[string]string) bool {
	return !slices.ContainsFunc(q.conditions, func(c condition) bool {
		value := row[c.column]
		if c.lower {
			value = strings.ToLower(value)
		}
		return value != c.value
	})
}

// tokenPattern matches the tokens of SuiteQL. A quote in a text is doubled.
var tokenPattern = regexp.MustCompile(`^(?:\s+|('(?:[^']|'')*')|([A-Za-z_][A-Za-z0-9_]*)|([=(),]))`)

// parse parses a query from left to right. It returns false for an invalid query.
func parse(text string) (*selection, bool) {
	var tokens []string
	for rest := text; rest != ""; {
		found := tokenPattern.FindString(rest)
		if found == "" {
			return nil, false
		}
		rest = rest[len(found):]
		if strings.TrimSpace(found) != "" {
			tokens = append(tokens, found)
		}
	}
	p := parser{tokens: tokens}
	q := &selection{}
	p.expect("SELECT")
	q.columns = append(q.columns, p.word())
	for p.accept(",") {
		q.columns = append(q.columns, p.word())
	}
	p.expect("FROM")
	q.table = p.word()
	if p.accept("WHERE") {
		q.conditions = append(q.conditions, p.condition())
		for p.accept("AND") {
			q.conditions = append(q.conditions, p.condition())
		}
	}
	return q, !p.failed && len(p.tokens) == 0
}

// parser reads tokens. After an error all further calls fail.
type parser struct {
	tokens []string
	failed bool
}

func (p *parser) next() string {
	if len(p.tokens) == 0 {
		p.failed = true
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

func (p *parser) expect(word string) { p.failed = !p.accept(word) || p.failed }

func (p *parser) word() string {
	token := p.next()
	p.failed = p.failed || strings.ContainsAny(token, "'=(),")
	return strings.ToLower(token)
}

func (p *parser) condition() condition {
	c := condition{lower: p.accept("LOWER")}
	if c.lower {
		p.expect("(")
	}
	c.column = p.word()
	if c.lower {
		p.expect(")")
	}
	p.expect("=")
	text := p.next()
	if len(text) < 2 || text[0] != '\'' {
		p.failed = true
		return c
	}
	c.value = strings.ReplaceAll(text[1:len(text)-1], "''", "'")
	return c
}
