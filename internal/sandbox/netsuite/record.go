package netsuite

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// row is a record: its id, and its fields with the names of the REST web services.
type row struct {
	id     string
	fields map[string]any
}

// standardTypes are the record types of a new account, in order.
func standardTypes() []string {
	return []string{
		"account", "calendarEvent", "contact", "customer", "employee", "message", "opportunity", "phoneCall", "salesOrder",
		"subsidiary", "task",
	}
}

// serveREST serves the REST web services.
func (s *Server) serveREST(call *sandbox.Call) (sandbox.Response, *apiError) {
	if !s.state.account.REST || !s.state.role.REST {
		return sandbox.Response{}, newAPIError("USER_ERROR", "")
	}
	if call.Operation == "suiteql" {
		return s.suiteQL(call)
	}
	if call.Operation == "" {
		return sandbox.Response{}, newAPIError("INVALID_URL", "")
	}
	if call.Request.Method != http.MethodGet {
		return sandbox.Response{}, newAPIError("INVALID_METHOD", "")
	}
	if call.Operation == "metadata" {
		return s.catalog(), nil
	}
	return s.record(call)
}

// record serves the records of a type, or one of them.
func (s *Server) record(call *sandbox.Call) (sandbox.Response, *apiError) {
	name, id, single := strings.Cut(strings.TrimPrefix(call.Request.URL.Path, recordPath), "/")
	if !s.state.hasType(name) {
		return sandbox.Response{}, newAPIError("INVALID_URL", "Record type '"+name+"' does not exist.")
	}
	if permission, ok := s.state.role.permits(name); !ok {
		return sandbox.Response{}, newAPIError("INSUFFICIENT_PERMISSION", fmt.Sprintf("Permission Violation: You need the "+
			"'Lists -> %s' permission to access this page. Please contact your account administrator.", permission))
	}
	rows := rows(name)
	base := s.URL() + recordPath + name
	if single {
		i := slices.IndexFunc(rows, func(r row) bool { return r.id == id })
		if i < 0 {
			return sandbox.Response{}, newAPIError("NONEXISTENT_ID", "")
		}
		record := map[string]any{"id": id, "links": selfLink(base + "/" + id)}
		maps.Copy(record, rows[i].fields)
		return jsonResponse(http.StatusOK, record), nil
	}
	items := make([]map[string]any, len(rows))
	for i, r := range rows {
		items[i] = map[string]any{"id": r.id, "links": selfLink(base + "/" + r.id)}
	}
	return page(call.Request.URL.Query(), base, items)
}

// selfLink is NetSuite's link to a returned object.
func selfLink(href string) []map[string]string {
	return []map[string]string{{"rel": "self", "href": href}}
}

// page is the requested part of a collection (NetSuite help, "Collection Paging").
func page(query url.Values, at string, items []map[string]any) (sandbox.Response, *apiError) {
	read := func(name string, defaultValue, minimum, maximum int) (int, *apiError) {
		if !query.Has(name) {
			return defaultValue, nil
		}
		n, err := strconv.Atoi(query.Get(name))
		if err != nil || n < minimum || n > maximum {
			return 0, newAPIError("INVALID_PARAMETER", "Invalid query parameter value for '"+name+"'.")
		}
		return n, nil
	}
	limit, apiErr := read("limit", 1000, 1, 1000)
	if apiErr != nil {
		return sandbox.Response{}, apiErr
	}
	offset, apiErr := read("offset", 0, 0, 1_000_000)
	if apiErr != nil {
		return sandbox.Response{}, apiErr
	}
	total := len(items)
	items = items[min(offset, total):min(offset+limit, total)]
	return jsonResponse(http.StatusOK, map[string]any{
		"links": selfLink(at + "?" + query.Encode()), "count": len(items), "hasMore": offset+len(items) < total,
		"items": items, "offset": offset, "totalResults": total,
	}), nil
}

// rows returns the records of a type.
func rows(name string) []row {
	switch name {
	case "contact":
		return []row{
			{"21", map[string]any{"entityId": "Charles Babbage", "email": "charles@example.com"}},
			{"22", map[string]any{"entityId": "Mary Somerville", "email": "mary@example.com"}},
		}
	case "calendarEvent":
		return []row{{"31", map[string]any{"title": "Weekly review", "location": "Room 1"}}}
	case "message":
		return []row{{"41", map[string]any{"subject": "Welcome", "authorEmail": "mary@example.com"}}}
	}
	return nil
}

// catalog lists the record types (NetSuite help, "Getting Metadata").
func (s *Server) catalog() sandbox.Response {
	at := s.URL() + catalogPath
	describe := func(name string) map[string]any {
		kinds := []struct{ rel, media string }{
			{"canonical", "application/json"}, {"alternate", "application/swagger+json"}, {"alternate", "application/schema+json"},
		}
		all := make([]map[string]string, 0, len(kinds))
		for _, kind := range kinds {
			all = append(all, map[string]string{"rel": kind.rel, "href": at + "/" + name, "mediaType": kind.media})
		}
		return map[string]any{"name": name, "links": all}
	}
	items := make([]map[string]any, 0, len(s.state.types))
	for _, name := range s.state.types {
		items = append(items, describe(name))
	}
	return jsonResponse(http.StatusOK, map[string]any{"items": items, "links": selfLink(at)})
}
