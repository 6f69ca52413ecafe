package sapc4c

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/odata"
)

// record is an entity. Its values are texts, booleans or nil.
type record map[string]any

// entitySets are the implemented collections of the service.
var entitySets = []string{
	"AppointmentCollection", "BusinessUserCollection", "ContactCollection", "EMailCollection", "EmployeeCollection",
}

// read serves the service document, the metadata and collections.
func (s *Server) read(r *request) sandbox.Response {
	switch r.Operation {
	case serviceDocument:
		if !r.json {
			return atom(http.StatusOK)
		}
		return jsonResponse(http.StatusOK, map[string]any{"d": map[string]any{"EntitySets": entitySets}})
	case metadata:
		return dataResponse("application/xml", s.edmx())
	}
	if !slices.Contains(entitySets, r.Operation) {
		return r.errorResponse(http.StatusNotFound, "OData/007", "Resource not found for segment '"+r.Operation+"'")
	}
	records, allowed := s.records(r)
	if !allowed {
		return r.errorResponse(http.StatusForbidden, "OData/005", "No authorization for "+r.Operation)
	}
	return r.list(records)
}

// records returns the records of the collection, and whether the user may read them.
func (s *Server) records(r *request) ([]record, bool) {
	number := func(prefix string, n int) string { return fmt.Sprintf("00163E0%s%025d", prefix, n) }
	switch r.Operation {
	case "BusinessUserCollection", "EmployeeCollection":
		var all []record
		for i, user := range s.All() {
			if !user.Technical {
				all = append(all, user.record(r.Operation, number("A", i)))
			}
		}
		return all, r.user.Users
	case "ContactCollection":
		return []record{
			{"ObjectID": number("C", 1), "ContactID": "1000001", "FirstName": "Charles", "LastName": "Babbage"},
			{"ObjectID": number("C", 2), "ContactID": "1000002", "FirstName": "Mary", "LastName": "Somerville"},
		}, r.user.Contacts
	case "AppointmentCollection":
		return []record{{"ObjectID": number("D", 1), "ID": "2001", "Subject": "Analytical Engine"}}, r.user.Calendar
	default:
		return []record{{"ObjectID": number("E", 1), "ID": "3001", "Subject": "Re: Analytical Engine"}}, r.user.Mail
	}
}

// record returns the user as a record of one of the two collections.
func (u User) record(collection, id string) record {
	r := record{
		"ObjectID": id, "EmployeeID": u.EmployeeID, "BusinessPartnerFormattedName": u.Name, "UserLockedIndicator": u.Locked,
		"UserValidityStartDate": dateOf(time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)), "UserValidityEndDate": dateOf(u.ValidUntil),
	}
	if collection == "EmployeeCollection" {
		r["Email"] = u.Email
		return r
	}
	r["UserID"], r["EmailURI"], r["PasswordLockedIndicator"] = u.UserID, u.Email, u.PasswordLocked
	return r
}

// dateOf formats a date as OData version 2 does in JSON. The zero time is the last possible day.
func dateOf(t time.Time) string {
	if t.IsZero() {
		t = time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)
	}
	return fmt.Sprintf("/Date(%d)/", t.UnixMilli())
}

// list returns the requested records.
func (r *request) list(records []record) sandbox.Response {
	matching, err := odata.Apply(r.query, records)
	if err != nil {
		return r.errorResponse(http.StatusBadRequest, "OData/014", "Invalid filter: "+err.Error())
	}
	page, _ := odata.Page(r.query, matching, 0)
	if !r.json {
		return atom(http.StatusOK, page...)
	}
	results := []any{}
	for _, rec := range page {
		results = append(results, r.selectProperties(rec))
	}
	return jsonResponse(http.StatusOK, map[string]any{"d": map[string]any{"results": results}})
}

// selectProperties returns a record with the requested properties, and its address.
func (r *request) selectProperties(rec record) record {
	all := maps.Clone(rec)
	if len(r.query.Select) > 0 {
		maps.DeleteFunc(all, func(name string, _ any) bool { return !slices.Contains(r.query.Select, name) })
	}
	all["__metadata"] = map[string]string{
		"uri":  fmt.Sprintf("https://%s%s%s('%s')", r.Request.Host, Path, r.Operation, rec["ObjectID"]),
		"type": "c4codata." + strings.TrimSuffix(r.Operation, "Collection"),
	}
	return all
}
