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

// serveAPI serves a call of a signed-in user.
func (s *Server) serveAPI(call *sandbox.Call, user *User, token *issuedToken, path []string) sandbox.Response {
	pattern := call.Request.Method + " " + path[0]
	if len(path) > 1 && path[0] == "meta" {
		pattern += "/" + path[1]
	}
	switch {
	case pattern == "GET current-user":
		return document(map[string]any{"data": user.resource()})
	case pattern == "GET meta/modules":
		return s.modules()
	case pattern == "GET meta/fields" && len(path) == 3:
		return s.fields(path[2])
	case pattern == "GET module" && len(path) == 2:
		return s.list(call.Request.URL.Query(), user, path[1])
	case pattern == "GET module" && len(path) == 3:
		return s.single(user, path[1], path[2])
	case pattern == "POST logout":
		token.revoked = true
		return document(map[string]any{"meta": map[string]string{"message": "You have been successfully logged out"}, "data": nil})
	}
	return sandbox.HTML(http.StatusNotFound, "Page Not Found", "<h1>Page Not Found</h1>")
}

// attributes are the fields of a record.
type attributes map[string]any

// resource is a record in the form of JSON:API.
type resource struct {
	Type          string         `json:"type"`
	ID            string         `json:"id"`
	Attributes    attributes     `json:"attributes"`
	Relationships map[string]any `json:"relationships"`

	addresses []string // the addresses that find it
}

// hiddenFields are fields of users that filters know and that only the caller's own record shows, from 7.12.9 on.
var hiddenFields = []string{"user_name", "status", "is_admin"}

// resource returns the user as a record.
func (u User) resource() resource {
	return resource{
		Type: "User", ID: u.ID, Relationships: map[string]any{}, addresses: []string{u.Email, u.FormerEmail},
		Attributes: attributes{
			"user_name": u.UserName, "first_name": u.FirstName, "last_name": u.LastName,
			"full_name": u.FirstName + " " + u.LastName, "email1": u.Email, "name": u.FirstName + " " + u.LastName,
			"status": u.status(), "is_admin": map[bool]string{true: "1", false: "0"}[u.Admin],
		},
	}
}

func (u User) status() string { return map[bool]string{true: "Active", false: "Inactive"}[u.Active] }

// mayView reports whether roles allow the user to view the records of a module.
func (u User) mayView(module string) bool {
	may, limited := map[string]bool{"Contacts": u.Contacts, "Meetings": u.Calendar, "Emails": u.Mail, "Users": u.Users}[module]
	return may || !limited
}

// records returns the records of a module: the users, or one record per user in any other module.
func (s *Server) records(module string) []resource {
	var all []resource
	for _, u := range s.All() {
		if module == "Users" {
			all = append(all, u.resource())
			continue
		}
		all = append(all, resource{
			Type: typeOf(module), ID: strings.ToLower(module) + "-of-" + u.ID, Relationships: map[string]any{},
			Attributes: attributes{"name": "Of " + u.UserName, "assigned_user_id": u.ID, "assigned_user_name": u.UserName},
		})
	}
	return all
}

// typeOf returns SuiteCRM's name of the records of a module.
func typeOf(module string) string {
	if module == "Opportunities" {
		return "Opportunity"
	}
	return strings.TrimSuffix(module, "s")
}

// viewableRecords returns the records that a user may view.
func (s *Server) viewableRecords(user *User, module string) ([]resource, *sandbox.Response) {
	if module != "Users" && !slices.Contains(s.state.instance.Modules, module) {
		return nil, new(apiError(http.StatusBadRequest, fmt.Sprintf("Module %s does not exist", module)))
	}
	if !user.mayView(module) {
		return nil, new(apiError(http.StatusBadRequest, "[AccessDeniedException] "))
	}
	return s.records(module), nil
}

// list reads records: GET module/<name>?filter[field][operator]=…&fields[<name>]=…&page[size]=….
func (s *Server) list(query url.Values, user *User, module string) sandbox.Response {
	all, rejection := s.viewableRecords(user, module)
	if rejection != nil {
		return *rejection
	}
	filter, err := readFilter(query, all[0])
	if err != nil {
		return apiError(http.StatusBadRequest, err.Error())
	}
	if s.state.instance.NoEmailFilter && slices.ContainsFunc(filter, func(c condition) bool { return c.field == "email1" }) {
		response := apiError(http.StatusBadRequest, databaseFailure)
		response.Body = append(response.Body, databaseFailure...) // the script dies after its response
		return response
	}
	found := slices.DeleteFunc(slices.Clone(all), func(r resource) bool { return !r.matches(filter) })
	document := map[string]any{"data": found}
	if len(found) == 0 {
		document["meta"] = map[string]string{"message": "Request was successful, but there is no result"}
	}
	if size := query.Get("page[size]"); size != "" {
		n, err := strconv.Atoi(size)
		if err != nil || n < 1 {
			return apiError(http.StatusBadRequest, `The option "page" with value array is invalid.`)
		}
		if len(found) > 0 {
			visible := found[:min(n, len(found))]
			document["data"] = visible
			document["meta"] = map[string]int{"total-pages": (len(found) + n - 1) / n, "records-on-this-page": len(visible)}
		}
	}
	return s.selectFields(document, module, query.Get("fields["+module+"]"))
}

const databaseFailure = "Database failure. Please refer to suitecrm.log for details."

// selectFields returns the document with the requested fields.
func (s *Server) selectFields(value map[string]any, module, fields string) sandbox.Response {
	list, _ := value["data"].([]resource)
	for i, r := range list {
		selected := attributes{}
		for field, value := range r.Attributes {
			if (fields == "" || slices.Contains(strings.Split(fields, ","), field)) &&
				(module != "Users" || !slices.Contains(hiddenFields, field)) {
				selected[field] = value
			}
		}
		list[i].Attributes = selected
	}
	return document(value)
}

// single reads one record.
func (s *Server) single(user *User, module, id string) sandbox.Response {
	all, rejection := s.viewableRecords(user, module)
	if rejection != nil {
		return *rejection
	}
	i := slices.IndexFunc(all, func(r resource) bool { return r.ID == id })
	if i < 0 {
		return apiError(http.StatusBadRequest, fmt.Sprintf("%s module with id %s is not found", module, id))
	}
	if module == "Users" {
		for _, field := range hiddenFields {
			delete(all[i].Attributes, field)
		}
	}
	return document(map[string]any{"data": all[i]})
}

// condition is one part of a filter.
type condition struct{ field, operator, value string }

var filterKey = regexp.MustCompile(`^filter\[(\w+)\](?:\[(\w+)\])?$`)

// readFilter reads the conditions, all of which must be met.
func readFilter(query url.Values, sample resource) ([]condition, error) {
	var all []condition
	for key, values := range query {
		found := filterKey.FindStringSubmatch(key)
		if len(found) == 0 || found[1] == "operator" || found[1] == "deleted" {
			continue
		}
		if _, known := sample.Attributes[found[1]]; !known {
			//nolint:staticcheck // SuiteCRM's text
			return nil, fmt.Errorf("Filter field %s in %s module is not found", found[1], sample.Type)
		}
		if found[2] != "eq" && found[2] != "neq" {
			return nil, fmt.Errorf("Filter operator %s is invalid", found[2]) //nolint:staticcheck // SuiteCRM's text
		}
		all = append(all, condition{found[1], found[2], values[0]})
	}
	return all, nil
}

// matches reports whether a record meets all conditions. Letter case is ignored, as in SuiteCRM's databases. Former
// addresses match as well.
func (r resource) matches(filter []condition) bool {
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
