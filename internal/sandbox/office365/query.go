package office365

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// query contains the query parameters of a request (https://learn.microsoft.com/graph/query-parameters).
type query struct {
	selected []string // nil means the default
	top      int      // 0 means the default
	skip     int
	filter   string
	orderBy  string
	count    bool
	// eventual is ConsistencyLevel: eventual, which counting and the advanced filters of the directory require.
	eventual bool
	values   url.Values
}

// readQuery reads the parameters. Graph accepts them with and without the dollar sign.
func readQuery(r *http.Request) (query, *graphError) {
	q := query{
		values: r.URL.Query(), eventual: strings.EqualFold(r.Header.Get("ConsistencyLevel"), "eventual"),
	}
	for name, values := range q.values {
		value := values[0]
		var err error
		switch strings.TrimPrefix(strings.ToLower(name), "$") {
		case "select":
			for property := range strings.SplitSeq(value, ",") {
				q.selected = append(q.selected, strings.TrimSpace(property))
			}
		case "top":
			q.top, err = strconv.Atoi(value)
		case "skip", "skiptoken":
			q.skip, err = strconv.Atoi(value)
		case "filter":
			q.filter = value
		case "orderby":
			q.orderBy = value
		case "count":
			q.count, err = strconv.ParseBool(value)
		case "expand", "search", "format":
			return query{}, newGraphError("BadRequest", "The query parameter '%s' is not supported here.", name)
		}
		if err != nil || q.top < 0 || q.top > 1000 || q.skip < 0 {
			return query{}, newGraphError("BadRequest", "Invalid value '%s' for %s query option found.", value, name)
		}
	}
	return q, nil
}

// selectProperties returns the selected properties, or the default ones. Graph's own annotations are kept.
func (q query) selectProperties(value object, kind string, defaults []string) (object, *graphError) {
	names := defaults
	if q.selected != nil {
		names = q.selected
	}
	selected := object{}
	for name, v := range value {
		if strings.HasPrefix(name, "@") {
			selected[name] = v
		}
	}
	for _, name := range names {
		key, ok := property(value, name)
		if !ok {
			return nil, newGraphError("BadRequest",
				"Parsing OData Select and Expand failed: Could not find a property named '%s' on type 'microsoft.graph.%s'.", name, kind)
		}
		selected[key] = value[key]
	}
	return selected, nil
}

// property finds a property by name. Like Graph, it ignores letter case.
func property(value object, name string) (string, bool) {
	for key := range value {
		if strings.EqualFold(key, name) {
			return key, true
		}
	}
	return "", false
}

// page returns the requested part of a list as a response body. The link to the next part has the same address.
func (q query) page(list []object, defaults int, context string, self *url.URL) object {
	total, size := len(list), q.top
	if size == 0 {
		size = defaults
	}
	from := min(q.skip, total)
	to := min(from+size, total)
	body := object{"@odata.context": context, "value": append([]object{}, list[from:to]...)}
	if q.count {
		body["@odata.count"] = total
	}
	if to < total {
		next := *self
		values := next.Query()
		values.Set("$skip", strconv.Itoa(to))
		next.RawQuery = values.Encode()
		body["@odata.nextLink"] = next.String()
	}
	return body
}

// sortBy sorts a list by "property [asc|desc]". The values are text.
func (q query) sortBy(list []object) *graphError {
	if q.orderBy == "" || len(list) == 0 {
		return nil
	}
	name, direction, _ := strings.Cut(strings.TrimSpace(q.orderBy), " ")
	key, ok := property(list[0], name)
	if !ok {
		return newGraphError("BadRequest", "Could not find a property named '%s'.", name)
	}
	slices.SortStableFunc(list, func(a, b object) int {
		left, _ := a[key].(string)
		right, _ := b[key].(string)
		if strings.EqualFold(strings.TrimSpace(direction), "desc") {
			left, right = right, left
		}
		return strings.Compare(left, right)
	})
	return nil
}
