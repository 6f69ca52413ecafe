package api

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

const (
	// MaxItems is the maximum number of items of a list that is read as a whole.
	MaxItems = 10_000
	// maxPages limits the calls for one list if a control plane returns small pages.
	maxPages = 200
)

// TooManyError means that a list has more items than the limit.
type TooManyError struct {
	// What names the items, such as "connections".
	What  string
	Limit int
}

func (e *TooManyError) Error() string {
	return fmt.Sprintf("there are more than %d %s; narrow the filter", e.Limit, e.What)
}

// list reads a whole list.
func list[T any](ctx context.Context, c *Client, what, path string, filter url.Values) ([]T, error) {
	items, more, err := listUpTo[T](ctx, c, path, filter, MaxItems)
	if err != nil {
		return nil, err
	}
	if more {
		return nil, &TooManyError{What: what, Limit: MaxItems}
	}
	return items, nil
}

// listUpTo reads a list up to a number of items (zero: [MaxItems]), page by page, and reports whether there are more.
func listUpTo[T any](ctx context.Context, c *Client, path string, filter url.Values, limit int) ([]T, bool, error) {
	limit = clampLimit(limit)
	items := []T{}
	more := false
	for page, err := range pages[T](ctx, c, path, filter, limit) {
		if err != nil {
			return nil, false, err
		}
		items = append(items, page.Items...)
		more = page.Next != ""
	}
	if more && len(items) > limit {
		items = items[:limit]
	}
	return items, more, nil
}

// eachItem yields the items of a list, up to a limit, and reads a page only when it is needed. Without a limit (zero), more
// than [MaxItems] are a *[TooManyError]. It yields an error last.
func eachItem[T any](
	ctx context.Context, c *Client, what, path string, filter url.Values, limit int,
) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var zero T
		seen, more := 0, false
		for page, err := range pages[T](ctx, c, path, filter, clampLimit(limit)) {
			if err != nil {
				yield(zero, err)
				return
			}
			for _, item := range page.Items {
				if seen == clampLimit(limit) {
					break
				}
				if seen++; !yield(item, nil) {
					return
				}
			}
			more = page.Next != ""
		}
		if more && seen != limit {
			yield(zero, &TooManyError{What: what, Limit: seen})
		}
	}
}

// clampLimit limits the number of requested items to [MaxItems], which zero stands for as well.
func clampLimit(limit int) int {
	if limit <= 0 || limit > MaxItems {
		return MaxItems
	}
	return limit
}

// pages reads a list page by page, up to a number of items.
func pages[T any](
	ctx context.Context, c *Client, path string, filter url.Values, wanted int,
) iter.Seq2[List[T], error] {
	return func(yield func(List[T], error) bool) {
		query := url.Values{}
		maps.Copy(query, filter)
		for range maxPages {
			query.Set("limit", strconv.Itoa(min(wanted, MaxPage)))
			var page List[T]
			if err := c.do(ctx, call{method: http.MethodGet, path: path, query: query}, &page); err != nil {
				yield(page, err)
				return
			}
			wanted -= len(page.Items)
			if !yield(page, nil) || page.Next == "" || wanted <= 0 {
				return
			}
			query.Set("cursor", page.Next)
		}
	}
}

// single finds the object with a unique name. An empty name matches nothing: as a filter, it would match everything.
func single[T any](object, name string, find func() ([]T, error)) (found T, err error) {
	var items []T
	if name != "" {
		items, err = find()
	}
	if err != nil {
		return found, err
	}
	if len(items) == 0 {
		return found, NotFound(object, "named "+strconv.Quote(name))
	}
	return items[0], nil
}

// query collects the parameters of a filter that are set.
type query url.Values

func (q query) set(name, value string) {
	if value != "" {
		url.Values(q).Set(name, value)
	}
}

func (q query) setIDs(ids []string) {
	if len(ids) > 0 {
		q["id"] = ids
	}
}

func (q query) setTime(name string, value time.Time) {
	if !value.IsZero() {
		q.set(name, value.UTC().Format(time.RFC3339Nano))
	}
}
