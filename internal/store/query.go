package store

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

// query is a SELECT whose conditions depend on a filter. Values are always arguments, never part of the text.
type query struct {
	text  string
	where []string
	tail  string
	args  []any
}

// arg adds a value and returns its placeholder.
func (q *query) arg(value any) string {
	q.args = append(q.args, value)
	return "$" + strconv.Itoa(len(q.args))
}

// and adds a condition. Each %s in it, or %[1]s if there are several, is replaced by the placeholder of the value.
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

// pruneStatement deletes the rows with the condition. It leaves out rows that another transaction is changing: that one
// prunes as well, or another prune follows. So transactions that prune never wait for each other.
func (s *Store) pruneStatement(table, key, condition string) string {
	return "DELETE FROM " + table + " WHERE (" + key + ") IN (SELECT " + key + " FROM " + table + " WHERE " + condition +
		s.db.skipLocked() + ")"
}

// listOrder is an order of the ids, which is the order of creation.
type listOrder struct{ after, orderBy string }

var (
	oldestFirst = listOrder{after: "id > %s", orderBy: " ORDER BY id"}
	newestFirst = listOrder{after: "id < %s", orderBy: " ORDER BY id DESC"}
)

// listPage reads one page of a query. A page without a limit is an error of the caller: no list of the store is unbounded.
func listPage[T any](ctx context.Context, t *tx, operation string, scan scanner[T], q query, p model.Page, o listOrder) (
	[]T, error,
) {
	if p.Limit < 1 {
		return nil, fmt.Errorf("%s: the limit of a page must be at least 1, but it is %d", operation, p.Limit)
	}
	if p.After != "" {
		q.and(o.after, p.After)
	}
	q.tail = o.orderBy + " LIMIT " + q.arg(p.Limit)
	return many(ctx, t, operation, scan, q.String(), q.args...)
}

func (q *query) String() string {
	if len(q.where) == 0 {
		return q.text + q.tail
	}
	return q.text + " WHERE " + strings.Join(q.where, " AND ") + q.tail
}
