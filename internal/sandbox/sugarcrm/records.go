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

// record is a record of a module, by its fields' names.
type record map[string]any

// module reads a module's records: GET <module> and <module>/filter, POST <module>/filter, GET <module>/<id>.
func (s *Server) module(r *request) sandbox.Response {
	module, rest := r.path[0], r.path[1:]
	method := r.Request.Method
	if !r.user.mayList(module) {
		return refuse("not_authorized", "You are not authorized to list "+module+". Contact your administrator if you need access.")
	}
	all := s.records(module, r.user)
	switch {
	case method == http.MethodGet && (len(rest) == 0 || rest[0] == "filter"),
		method == http.MethodPost && slices.Equal(rest, []string{"filter"}):
		return r.list(all)
	case method == http.MethodGet && len(rest) == 1:
		i := slices.IndexFunc(all, func(one record) bool { return one["id"] == rest[0] })
		if i < 0 {
			return refuse("not_found", "Could not find record: "+rest[0]+" in module: "+module)
		}
		return jsonResponse(http.StatusOK, all[i])
	}
	return refuse("no_method", "")
}

// records are a module's. Only those of users, and one of each other module for each user, are there.
func (s *Server) records(module string, reader *User) []record {
	var all []record
	for _, u := range s.state.users {
		if module == "Users" {
			status := map[bool]string{true: "Active", false: "Inactive"}[u.Active]
			all = append(all, record{
				"id": u.ID, "user_name": u.UserName, "first_name": u.FirstName, "last_name": u.LastName, "status": status,
				"full_name": u.FirstName + " " + u.LastName, "is_admin": u.Admin, "is_group": false,
				"email": []map[string]any{{"email_address": u.Email, "primary_address": true, "invalid_email": false}},
			})
			continue
		}
		if !reader.Admin && reader.ID != u.ID { // teams keep the others' records from who is no administrator
			continue
		}
		all = append(all, record{
			"id": strings.ToLower(module) + "-of-" + u.ID, "name": "Of " + u.UserName, "assigned_user_id": u.ID,
			"assigned_user_name": u.UserName,
		})
	}
	return all
}

// list answers with the records that pass the filter, with the fields that were asked for, max_num of them.
func (r *request) list(all []record) sandbox.Response {
	filter, ok := r.filter()
	if !ok {
		return refuse("invalid_parameter", "The filter is of a form that is not known here.")
	}
	found := slices.DeleteFunc(slices.Clone(all), func(one record) bool { return !one.passes(filter) })
	most := 20
	if n, err := strconv.Atoi(r.option("max_num")); err == nil && n > 0 {
		most = n
	}
	next := -1
	if len(found) > most {
		found, next = found[:most], most
	}
	records := []record{}
	for _, one := range found {
		records = append(records, one.only(r.option("fields"), r.path[0]))
	}
	return jsonResponse(http.StatusOK, map[string]any{"next_offset": next, "records": records})
}

// option is an argument of the query, or of the body.
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

// filterKey is a filter in a query as PHP reads it: filter[0][field] or filter[0][field][$equals].
var filterKey = regexp.MustCompile(`^filter\[\d+\]\[([\w.]+)\](?:\[\$equals\])?$`)

// filter reads the conditions, all of which have to be met.
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
	given, ok := r.args["filter"]
	if !ok {
		return all, true
	}
	text, err := json.Marshal(given)
	var parts []map[string]any
	if err != nil || json.Unmarshal(text, &parts) != nil {
		return nil, false
	}
	for _, part := range parts {
		for field, value := range part {
			if operation, ok := value.(map[string]any); ok {
				value = operation["$equals"]
			}
			wanted, ok := value.(string)
			if !ok {
				return nil, false
			}
			all = append(all, condition{field, wanted})
		}
	}
	return all, true
}

// passes tells whether a record meets all conditions. Letter case does not matter, as in Sugar's databases.
func (one record) passes(filter []condition) bool {
	for _, c := range filter {
		value, _ := one[c.field].(string)
		if c.field == "email_addresses.email_address" {
			if addresses, ok := one["email"].([]map[string]any); ok {
				value, _ = addresses[0]["email_address"].(string)
			}
		}
		if !strings.EqualFold(value, c.value) {
			return false
		}
	}
	return true
}

// only is a record with some of its fields; without any named, with all. The id is always there.
func (one record) only(fields, module string) record {
	some := record{"id": one["id"], "_module": module, "_acl": map[string]any{"fields": map[string]any{}}}
	for field, value := range one {
		if fields == "" || slices.Contains(strings.Split(fields, ","), field) {
			some[field] = value
		}
	}
	return some
}
