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

// row is a record: its id and its fields as the REST web services name them.
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

// rest serves the REST web services.
func (s *Server) rest(call *sandbox.Call) (sandbox.Response, *apiError) {
	if !s.state.account.REST || !s.state.role.REST {
		return sandbox.Response{}, newError("USER_ERROR", "")
	}
	if call.Operation == "suiteql" {
		return s.suiteQL(call)
	}
	if call.Operation == "" {
		return sandbox.Response{}, newError("INVALID_URL", "")
	}
	if call.Request.Method != http.MethodGet {
		return sandbox.Response{}, newError("INVALID_METHOD", "")
	}
	if call.Operation == "metadata" {
		return s.catalog(call)
	}
	return s.record(call)
}

// record serves the instances of a record type, or one of them.
func (s *Server) record(call *sandbox.Call) (sandbox.Response, *apiError) {
	name, id, single := strings.Cut(strings.TrimPrefix(call.Request.URL.Path, recordPath), "/")
	if !s.state.knows(name) {
		return sandbox.Response{}, newError("INVALID_URL", "Record type '"+name+"' does not exist.")
	}
	if permission, ok := s.state.role.permits(name); !ok {
		return sandbox.Response{}, newError("INSUFFICIENT_PERMISSION", fmt.Sprintf("Permission Violation: You need the 'Lists -> %s' "+
			"permission to access this page. Please contact your account administrator.", permission))
	}
	rows := s.state.rows(name)
	base := s.URL() + recordPath + name
	if single {
		i := slices.IndexFunc(rows, func(r row) bool { return r.id == id })
		if i < 0 {
			return sandbox.Response{}, newError("NONEXISTENT_ID", "")
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

// selfLink is how NetSuite links to what it answers.
func selfLink(href string) []map[string]string {
	return []map[string]string{{"rel": "self", "href": href}}
}

// page is the part of a collection that the query asks for (NetSuite help, "Collection Paging").
func page(query url.Values, at string, items []map[string]any) (sandbox.Response, *apiError) {
	read := func(name string, otherwise, least, most int) (int, *apiError) {
		if !query.Has(name) {
			return otherwise, nil
		}
		n, err := strconv.Atoi(query.Get(name))
		if err != nil || n < least || n > most {
			return 0, newError("INVALID_PARAMETER", "Invalid query parameter value for '"+name+"'.")
		}
		return n, nil
	}
	limit, failed := read("limit", 1000, 1, 1000)
	if failed != nil {
		return sandbox.Response{}, failed
	}
	offset, failed := read("offset", 0, 0, 1_000_000)
	if failed != nil {
		return sandbox.Response{}, failed
	}
	total := len(items)
	items = items[min(offset, total):min(offset+limit, total)]
	return jsonResponse(http.StatusOK, map[string]any{
		"links": selfLink(at + "?" + query.Encode()), "count": len(items), "hasMore": offset+len(items) < total,
		"items": items, "offset": offset, "totalResults": total,
	}), nil
}

// rows are the records that there are of a type.
func (s *state) rows(name string) []row {
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
	case "employee":
		var all []row
		for _, e := range s.employees {
			all = append(all, row{strconv.Itoa(e.ID), map[string]any{"entityId": e.Name, "email": e.Email, "isInactive": e.Inactive}})
		}
		return all
	}
	return nil
}

// catalog lists the record types, or tells about one (NetSuite help, "Getting Metadata").
func (s *Server) catalog(call *sandbox.Call) (sandbox.Response, *apiError) {
	at := s.URL() + catalogPath
	describe := func(name string) map[string]any {
		var all []map[string]string
		for _, kind := range []struct{ rel, media string }{
			{"canonical", "application/json"}, {"alternate", "application/swagger+json"}, {"alternate", "application/schema+json"},
		} {
			all = append(all, map[string]string{"rel": kind.rel, "href": at + "/" + name, "mediaType": kind.media})
		}
		return map[string]any{"name": name, "links": all}
	}
	if name, single := strings.CutPrefix(call.Request.URL.Path, catalogPath+"/"); single {
		if !s.state.knows(name) {
			return sandbox.Response{}, newError("INVALID_URL", "Record type '"+name+"' does not exist.")
		}
		return jsonResponse(http.StatusOK, describe(name)), nil
	}
	var items []map[string]any
	for _, name := range s.state.types {
		items = append(items, describe(name))
	}
	return jsonResponse(http.StatusOK, map[string]any{"items": items, "links": selfLink(at)}), nil
}
