package api

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strconv"
)

const (
	// MaxItems bounds a list that is read to its end.
	MaxItems = 10_000
	// MaxPage is the largest page of a list.
	MaxPage = 500
	// maxPages bounds the calls for one list, should a control plane answer with tiny pages.
	maxPages = 200
)

// TooManyError says that a list is longer than what is read of it.
type TooManyError struct {
	// What is listed, such as "connections".
	What  string
	Limit int
}

func (e *TooManyError) Error() string {
	return fmt.Sprintf("there are more than %d %s; narrow the filter", e.Limit, e.What)
}

// list reads a list to its end.
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

// listUpTo reads a list up to a number of items (zero: [MaxItems]), page by page, and tells whether there are more.
func listUpTo[T any](ctx context.Context, c *Client, path string, filter url.Values, limit int) ([]T, bool, error) {
	if limit <= 0 || limit > MaxItems {
		limit = MaxItems
	}
	items := []T{}
	query := url.Values{}
	maps.Copy(query, filter)
	for range maxPages {
		query.Set("limit", strconv.Itoa(min(limit-len(items), MaxPage)))
		var page List[T]
		if err := c.do(ctx, call{method: http.MethodGet, path: path, query: query}, &page); err != nil {
			return nil, false, err
		}
		items = append(items, page.Items...)
		switch {
		case page.Next == "":
			return items, false, nil
		case len(items) >= limit:
			return items[:limit], true, nil
		}
		query.Set("cursor", page.Next)
	}
	return items, true, nil
}

// only returns the one item of a list that a unique name finds.
func only[T any](items []T, object, name string) (T, error) {
	if len(items) == 0 {
		var none T
		return none, NotFound(object, "named "+strconv.Quote(name))
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
