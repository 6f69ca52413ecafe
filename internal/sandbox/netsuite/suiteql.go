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

// selection is a query in the part of SuiteQL that is understood: columns of one table, and conditions that are all
// joined by AND, each an equation of a column, or of its lower-case form, with a text.
type selection struct {
	columns    []string
	table      string
	conditions []condition
}

type condition struct {
	column, value string
	lower         bool
}

// suiteQL answers a query (NetSuite help, "Executing SuiteQL Queries Through REST Web Services").
func (s *Server) suiteQL(call *sandbox.Call) (sandbox.Response, *apiError) {
	if call.Request.Method != http.MethodPost {
		return sandbox.Response{}, newError("INVALID_METHOD", "")
	}
	if !strings.EqualFold(call.Request.Header.Get("Prefer"), "transient") {
		return sandbox.Response{}, newError("INVALID_HEADER", "")
	}
	var body struct {
		Query string `json:"q"`
	}
	if err := json.Unmarshal(call.Body, &body); err != nil || body.Query == "" {
		return sandbox.Response{}, newError("INVALID_CONTENT", "Invalid JSON message body.")
	}
	q, ok := parse(body.Query)
	if !ok {
		return sandbox.Response{}, unsearchable("Invalid or unsupported search")
	}
	// A table that the role has no permission for is one that does not exist, to NetSuite.
	if _, permitted := s.state.role.permits(q.table); q.table != "employee" || !permitted {
		return sandbox.Response{}, unsearchable("Record '" + q.table + "' was not found.")
	}
	items := []map[string]any{}
	for _, e := range s.state.employees {
		row := e.columns()
		if missing := q.unknown(row); missing != "" {
			return sandbox.Response{}, unsearchable("Field '" + missing + "' for record 'employee' was not found.")
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

func unsearchable(says string) *apiError {
	return newError("INVALID_PARAMETER",
		"Invalid search query. Detailed unprocessed description follows. Search error occurred: "+says)
}

// columns are the employee's as SuiteQL has them: all are texts, and booleans are T or F.
func (e Employee) columns() map[string]string {
	inactive := "F"
	if e.Inactive {
		inactive = "T"
	}
	return map[string]string{"id": strconv.Itoa(e.ID), "entityid": e.Name, "email": e.Email, "isinactive": inactive}
}

func (q *selection) unknown(row map[string]string) string {
	asked := slices.Clone(q.columns)
	for _, c := range q.conditions {
		asked = append(asked, c.column)
	}
	for _, column := range asked {
		if _, ok := row[column]; !ok {
			return column
		}
	}
	return ""
}

func (q *selection) matches(row map[string]string) bool {
	return !slices.ContainsFunc(q.conditions, func(c condition) bool {
		have := row[c.column]
		if c.lower {
			have = strings.ToLower(have)
		}
		return have != c.value
	})
}

// lexemes are the pieces of SuiteQL. A quote in a text is doubled.
var lexemes = regexp.MustCompile(`^(?:\s+|('(?:[^']|'')*')|([A-Za-z_][A-Za-z0-9_]*)|([=(),]))`)

// parse reads a query from left to right; false if it cannot.
func parse(text string) (*selection, bool) {
	var tokens []string
	for rest := text; rest != ""; {
		found := lexemes.FindString(rest)
		if found == "" {
			return nil, false
		}
		rest = rest[len(found):]
		if strings.TrimSpace(found) != "" {
			tokens = append(tokens, found)
		}
	}
	r := reader{tokens: tokens}
	q := &selection{}
	r.expect("SELECT")
	q.columns = append(q.columns, r.word())
	for r.accept(",") {
		q.columns = append(q.columns, r.word())
	}
	r.expect("FROM")
	q.table = r.word()
	if r.accept("WHERE") {
		q.conditions = append(q.conditions, r.condition())
		for r.accept("AND") {
			q.conditions = append(q.conditions, r.condition())
		}
	}
	return q, !r.failed && len(r.tokens) == 0
}

// reader reads tokens; once it has failed it only says so.
type reader struct {
	tokens []string
	failed bool
}

func (r *reader) next() string {
	if len(r.tokens) == 0 {
		r.failed = true
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

func (r *reader) expect(word string) { r.failed = !r.accept(word) || r.failed }

func (r *reader) word() string {
	token := r.next()
	r.failed = r.failed || strings.ContainsAny(token, "'=(),")
	return strings.ToLower(token)
}

func (r *reader) condition() condition {
	c := condition{lower: r.accept("LOWER")}
	if c.lower {
		r.expect("(")
	}
	c.column = r.word()
	if c.lower {
		r.expect(")")
	}
	r.expect("=")
	text := r.next()
	if len(text) < 2 || text[0] != '\'' {
		r.failed = true
		return c
	}
	c.value = strings.ReplaceAll(text[1:len(text)-1], "''", "'")
	return c
}
