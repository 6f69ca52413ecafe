package store

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

// query is a SELECT whose conditions depend on what is asked for. Values never become part of its text.
type query struct {
	text  string
	where []string
	tail  string
	args  []any
}

// arg adds a value and gives the place that stands for it in the text.
func (q *query) arg(value any) string {
	q.args = append(q.args, value)
	return "$" + strconv.Itoa(len(q.args))
}

// and adds a condition; each %s, or %[1]s where there are several, stands for the value.
func (q *query) and(condition string, value any) {
	q.where = append(q.where, fmt.Sprintf(condition, q.arg(value)))
}

// in adds the condition that one of the columns has one of the values.
func (q *query) in(values []string, columns ...string) {
	all := make([]string, len(values))
	for i, v := range values {
		all[i] = q.arg(v)
	}
	list := " IN (" + strings.Join(all, ", ") + ")"
	q.where = append(q.where, "("+strings.Join(columns, list+" OR ")+list+")")
}

// oldestFirst and newestFirst take a page of the list in the order of the ids, which is that of creation.
func (q *query) oldestFirst(p model.Page) { q.page(p, "id > %s", " ORDER BY id") }

func (q *query) newestFirst(p model.Page) { q.page(p, "id < %s", " ORDER BY id DESC") }

func (q *query) page(p model.Page, after, order string) {
	if p.After != "" {
		q.and(after, p.After)
	}
	limit := p.Limit
	if limit < 1 || limit > model.MaxPage {
		limit = model.MaxPage
	}
	q.tail = order + " LIMIT " + q.arg(limit)
}

func (q *query) String() string {
	if len(q.where) == 0 {
		return q.text + q.tail
	}
	return q.text + " WHERE " + strings.Join(q.where, " AND ") + q.tail
}
