package sugarcrm

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// record is a record of a module: its fields by name.
type record map[string]any

// module reads the records of a module: GET <module> and <module>/filter, POST <module>/filter, GET <module>/<id>.
func (s *Server) module(r *request) sandbox.Response {
	module, rest := r.path[0], r.path[1:]
	method := r.Request.Method
	if !r.user.mayList(module) {
		return errorResponse("not_authorized",
			"You are not authorized to list "+module+". Contact your administrator if you need access.")
	}
	all := s.records(module, r.user)
	switch {
	case method == http.MethodGet && (len(rest) == 0 || rest[0] == "filter"),
		method == http.MethodPost && slices.Equal(rest, []string{"filter"}):
		return r.list(all)
	case method == http.MethodGet && len(rest) == 1:
		i := slices.IndexFunc(all, func(rec record) bool { return rec["id"] == rest[0] })
		if i < 0 {
			return errorResponse("not_found", "Could not find record: "+rest[0]+" in module: "+module)
		}
		return jsonResponse(http.StatusOK, all[i])
	}
	return errorResponse("no_method", "")
}

// records returns the records of a module: the users, or one record per user in any other module.
func (s *Server) records(module string, reader *User) []record {
	var all []record
	for _, u := range s.All() {
		if module == "Users" {
			status := map[bool]string{true: "Active", false: "Inactive"}[u.Active]
			all = append(all, record{
				"id": u.ID, "user_name": u.UserName, "first_name": u.FirstName, "last_name": u.LastName, "status": status,
				"full_name": u.FirstName + " " + u.LastName, "is_admin": u.Admin, "is_group": false,
				"email": []map[string]any{{"email_address": u.Email, "primary_address": true, "invalid_email": false}},
			})
			continue
		}
		if !reader.Admin && reader.ID != u.ID { // teams: a user who is not an administrator sees only own records
			continue
		}
		all = append(all, record{
			"id": strings.ToLower(module) + "-of-" + u.ID, "name": "Of " + u.UserName, "assigned_user_id": u.ID,
			"assigned_user_name": u.UserName,
		})
	}
	return all
}

// list returns the records that match the filter, with the requested fields. max_num limits their number.
func (r *request) list(all []record) sandbox.Response {
	filter, ok := r.filter()
	if !ok {
		return errorResponse("invalid_parameter", "The form of the filter is not supported.")
	}
	found := slices.DeleteFunc(slices.Clone(all), func(rec record) bool { return !rec.matches(filter) })
	limit := 20
	if n, err := strconv.Atoi(r.option("max_num")); err == nil && n > 0 {
		limit = n
	}
	next := -1
	if len(found) > limit {
		found, next = found[:limit], limit
	}
	records := []record{}
	for _, rec := range found {
		records = append(records, rec.selectFields(r.option("fields"), r.path[0]))
	}
	return jsonResponse(http.StatusOK, map[string]any{"next_offset": next, "records": records})
}

// option returns an argument of the query or of the body.
func (r *request) option(name string) string {
	if value := r.Request.URL.Query().Get(name); value != "" {
		return value
	}
	switch value := r.args[name].(type) {
	case string:
		return value
	case float64:
		return strconv.Itoa(int(value))
	}
	return ""
}

// condition is one part of a filter: the field equals the value.
type condition struct{ field, value string }

// filterKey matches a filter in a query in PHP's notation: filter[0][field] or filter[0][field][$equals].
var filterKey = regexp.MustCompile(`^filter\[\d+\]\[([\w.]+)\](?:\[\$equals\])?$`)

// filter returns the conditions, all of which must be met.
func (r *request) filter() ([]condition, bool) {
	var all []condition
	for key, values := range r.Request.URL.Query() {
		found := filterKey.FindStringSubmatch(key)
		switch {
		case found != nil:
			all = append(all, condition{found[1], values[0]})
		case strings.HasPrefix(key, "filter"):
			return nil, false
		}
	}
	argument, ok := r.args["filter"]
	if !ok {
		return all, true
	}
	text, err := json.Marshal(argument)
	var parts []map[string]any
	if err != nil || json.Unmarshal(text, &parts) != nil {
		return nil, false
	}
	for _, part := range parts {
		for field, value := range part {
			if operation, ok := value.(map[string]any); ok {
				value = operation["$equals"]
			}
			text, ok := value.(string)
			if !ok {
				return nil, false
			}
			all = append(all, condition{field, text})
		}
	}
	return all, true
}

// matches reports whether a record meets all conditions. Letter case is ignored, as in Sugar's databases.
func (rec record) matches(filter []condition) bool {
	for _, c := range filter {
		value, _ := rec[c.field].(string)
		if c.field == "email_addresses.email_address" {
			if addresses, ok := rec["email"].([]map[string]any); ok {
				value, _ = addresses[0]["email_address"].(string)
			}
		}
		if !strings.EqualFold(value, c.value) {
			return false
		}
	}
	return true
}

// selectFields returns a record with some of its fields; all if none is named. The id is always included.
func (rec record) selectFields(fields, module string) record {
	selected := record{"id": rec["id"], "_module": module, "_acl": map[string]any{"fields": map[string]any{}}}
	for field, value := range rec {
		if fields == "" || slices.Contains(strings.Split(fields, ","), field) {
			selected[field] = value
		}
	}
	return selected
}
