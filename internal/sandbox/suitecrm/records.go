package suitecrm

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// serve serves a call of somebody who is signed in.
func (s *Server) serve(call *sandbox.Call, user *User, token *issued, path []string) sandbox.Response {
	pattern := call.Request.Method + " " + path[0]
	if len(path) > 1 && path[0] == "meta" {
		pattern += "/" + path[1]
	}
	switch {
	case pattern == "GET current-user":
		return document(map[string]any{"data": user.resource(true)})
	case pattern == "GET meta/modules":
		return s.modules()
	case pattern == "GET meta/fields" && len(path) == 3:
		return s.fields(path[2])
	case pattern == "GET module" && len(path) == 2:
		return s.list(call.Request.URL.Query(), user, path[1])
	case pattern == "GET module" && len(path) == 3:
		return s.one(user, path[1], path[2])
	case pattern == "POST logout":
		token.revoked = true
		return document(map[string]any{"meta": map[string]string{"message": "You have been successfully logged out"}, "data": nil})
	}
	return sandbox.HTML(http.StatusNotFound, "Page Not Found", "<h1>Page Not Found</h1>")
}

// attributes are a record's fields.
type attributes map[string]any

// resource is a record in the form of JSON:API.
type resource struct {
	Type          string         `json:"type"`
	ID            string         `json:"id"`
	Attributes    attributes     `json:"attributes"`
	Relationships map[string]any `json:"relationships"`

	addresses []string // by which it is found
}

// resource is the user as a record. The status is not among what the API shows of users, except of the caller.
func (u User) resource(self bool) resource {
	shown := attributes{
		"user_name": u.UserName, "first_name": u.FirstName, "last_name": u.LastName,
		"full_name": u.FirstName + " " + u.LastName, "email1": u.Email, "name": u.FirstName + " " + u.LastName,
	}
	if self {
		shown["status"], shown["is_admin"] = u.status(), map[bool]string{true: "1", false: "0"}[u.Admin]
	}
	return resource{
		Type: "User", ID: u.ID, Attributes: shown, Relationships: map[string]any{}, addresses: []string{u.Email, u.FormerEmail},
	}
}

func (u User) status() string { return map[bool]string{true: "Active", false: "Inactive"}[u.Active] }

// mayView tells whether roles let the user view a module's records.
func (u User) mayView(module string) bool {
	may, limited := map[string]bool{"Contacts": u.Contacts, "Meetings": u.Calendar, "Emails": u.Mail, "Users": u.Users}[module]
	return may || !limited
}

// records are a module's: those of users, and one of each other module for each user.
func (s *Server) records(module string) []resource {
	var all []resource
	for _, u := range s.state.users {
		if module == "Users" {
			one := u.resource(false)
			one.Attributes["status"] = u.status() // to filter by; it is not shown
			all = append(all, one)
			continue
		}
		all = append(all, resource{
			Type: objectOf(module), ID: strings.ToLower(module) + "-of-" + u.ID, Relationships: map[string]any{},
			Attributes: attributes{"name": "Of " + u.UserName, "assigned_user_id": u.ID, "assigned_user_name": u.UserName},
		})
	}
	return all
}

// objectOf is what SuiteCRM calls one record of a module.
func objectOf(module string) string {
	if module == "Opportunities" {
		return "Opportunity"
	}
	return strings.TrimSuffix(module, "s")
}

// open finds the records that a user may view.
func (s *Server) open(user *User, module string) ([]resource, *sandbox.Response) {
	if module != "Users" && !slices.Contains(s.state.instance.Modules, module) {
		return nil, new(failure(http.StatusBadRequest, fmt.Sprintf("Module %s does not exist", module)))
	}
	if !user.mayView(module) {
		return nil, new(failure(http.StatusBadRequest, "[AccessDeniedException] "))
	}
	return s.records(module), nil
}

// list reads records: GET module/<name>?filter[field][operator]=…&fields[<name>]=…&page[size]=….
func (s *Server) list(query url.Values, user *User, module string) sandbox.Response {
	all, failed := s.open(user, module)
	if failed != nil {
		return *failed
	}
	filter, err := readFilter(query, all[0])
	if err != nil {
		return failure(http.StatusBadRequest, err.Error())
	}
	if s.state.instance.NoEmailFilter && slices.ContainsFunc(filter, func(c condition) bool { return c.field == "email1" }) {
		answer := failure(http.StatusBadRequest, databaseFailure)
		answer.Body = append(answer.Body, databaseFailure...) // the program dies after its answer
		return answer
	}
	found := slices.DeleteFunc(slices.Clone(all), func(r resource) bool { return !r.passes(filter) })
	document := map[string]any{"data": found}
	if len(found) == 0 {
		document["meta"] = map[string]string{"message": "Request was successful, but there is no result"}
	}
	if size := query.Get("page[size]"); size != "" {
		n, err := strconv.Atoi(size)
		if err != nil || n < 1 {
			return failure(http.StatusBadRequest, `The option "page" with value array is invalid.`)
		}
		if len(found) > 0 {
			shown := found[:min(n, len(found))]
			document["data"] = shown
			document["meta"] = map[string]int{"total-pages": (len(found) + n - 1) / n, "records-on-this-page": len(shown)}
		}
	}
	return s.shown(document, module, query.Get("fields["+module+"]"))
}

const databaseFailure = "Database failure. Please refer to suitecrm.log for details."

// shown is the document with the fields that were asked for.
func (s *Server) shown(value map[string]any, module, fields string) sandbox.Response {
	list, _ := value["data"].([]resource)
	for i, r := range list {
		some := attributes{}
		for field, value := range r.Attributes {
			if (fields == "" || slices.Contains(strings.Split(fields, ","), field)) && (module != "Users" || field != "status") {
				some[field] = value
			}
		}
		list[i].Attributes = some
	}
	return document(value)
}

// one reads a record.
func (s *Server) one(user *User, module, id string) sandbox.Response {
	all, failed := s.open(user, module)
	if failed != nil {
		return *failed
	}
	i := slices.IndexFunc(all, func(r resource) bool { return r.ID == id })
	if i < 0 {
		return failure(http.StatusBadRequest, fmt.Sprintf("%s module with id %s is not found", module, id))
	}
	delete(all[i].Attributes, "status")
	return document(map[string]any{"data": all[i]})
}

// condition is one part of a filter.
type condition struct{ field, operator, value string }

var filterKey = regexp.MustCompile(`^filter\[(\w+)\](?:\[(\w+)\])?$`)

// readFilter reads the conditions, all of which have to be met.
func readFilter(query url.Values, sample resource) ([]condition, error) {
	var all []condition
	for key, values := range query {
		found := filterKey.FindStringSubmatch(key)
		if len(found) == 0 || found[1] == "operator" || found[1] == "deleted" {
			continue
		}
		if _, known := sample.Attributes[found[1]]; !known {
			return nil, fmt.Errorf("Filter field %s in %s module is not found", found[1], sample.Type) //nolint:staticcheck // its words
		}
		if found[2] != "eq" && found[2] != "neq" {
			return nil, fmt.Errorf("Filter operator %s is invalid", found[2]) //nolint:staticcheck // its words
		}
		all = append(all, condition{found[1], found[2], values[0]})
	}
	return all, nil
}

// passes tells whether a record meets all conditions. Letter case does not matter, as in SuiteCRM's databases; addresses that
// somebody had once count as well.
func (r resource) passes(filter []condition) bool {
	for _, c := range filter {
		text, _ := r.Attributes[c.field].(string)
		values := []string{text}
		if c.field == "email1" {
			values = r.addresses
		}
		equal := slices.ContainsFunc(values, func(v string) bool { return strings.EqualFold(v, c.value) })
		if equal != (c.operator == "eq") {
			return false
		}
	}
	return true
}
