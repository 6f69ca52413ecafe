package dynamics365

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/entra"
)

// webAPI is the path of the Web API.
const webAPI = "/api/data/v9.2/"

// operations are the operations that a fault can be limited to, with their paths below the path of the Web API. Letter
// case is ignored only in the path of the Web API.
var operations = sandbox.Operations{
	{"service-document", regexp.MustCompile(`^$`)},
	{"whoami", regexp.MustCompile(`^WhoAmI(\(\))?$`)},
	{"version", regexp.MustCompile(`^RetrieveVersion(\(\))?$`)},
	{"definitions", regexp.MustCompile(`^EntityDefinitions$`)},
	{"row", regexp.MustCompile(`^[a-z]+\([0-9A-Fa-f-]{36}\)$`)},
	{"rows", regexp.MustCompile(`^[a-z]+$`)},
}

// version matches the path of the Web API in all of its versions.
var version = regexp.MustCompile(`(?i)^/api/data/v9\.[012](?:/|$)`)

// trimAPIPath returns the part of a path after the path of the Web API; ok is false for other paths.
func trimAPIPath(path string) (rest string, ok bool) {
	at := version.FindString(path)
	return path[len(at):], at != ""
}

// operationOf returns the name of the operation at a path; empty without a match.
func operationOf(path string) string {
	rest, ok := trimAPIPath(path)
	if !ok {
		return ""
	}
	return operations.At(rest)
}

// serve serves one call.
func (s *Server) serve(call *sandbox.Call) sandbox.Response {
	if call.Site == entra.Site {
		return s.entra.Serve(call)
	}
	rest, ok := trimAPIPath(call.Request.URL.Path)
	if !ok {
		return sandbox.HTML(http.StatusNotFound, "404 - File or directory not found.",
			"<h2>404 - File or directory not found.</h2><h3>The resource you are looking for might have been removed.</h3>")
	}
	c, apiErr := s.authenticate(call)
	if apiErr != nil {
		return apiErr.response()
	}
	if call.Request.Method != http.MethodGet {
		return newAPIError(http.StatusMethodNotAllowed, "0x80060888", "The stand-in is read-only.").response()
	}
	return call.Deepen(c.serve(rest))
}

func (c *caller) serve(rest string) sandbox.Response {
	switch c.call.Operation {
	case "service-document":
		return c.serviceDocument()
	case "whoami":
		return jsonResponse(http.StatusOK, row{
			"@odata.context": c.context("Microsoft.Dynamics.CRM.WhoAmIResponse", ""),
			"BusinessUnitId": uuid.NewSHA1(uuid.NameSpaceOID, []byte(c.server.state.organization.ID)).String(),
			"UserId":         c.user.ID, "OrganizationId": c.server.state.organization.ID,
		})
	case "version":
		return jsonResponse(http.StatusOK, row{
			"@odata.context": c.context("Microsoft.Dynamics.CRM.RetrieveVersionResponse", ""),
			"Version":        c.server.state.organization.Version,
		})
	case "definitions":
		return c.definitions()
	}
	set, id, single := strings.Cut(strings.TrimSuffix(rest, ")"), "(")
	i := slices.IndexFunc(knownTables(), func(t table) bool { return t.set == set })
	if i < 0 || c.call.Operation == "" {
		return newAPIError(http.StatusNotFound, "0x80060888", "Resource not found for the segment '%s'.", set).response()
	}
	found := knownTables()[i]
	if !found.mayRead(*c.user) || c.original != nil && !found.mayRead(*c.original) {
		return c.missingPrivilege(found.privilege, found.logical).response()
	}
	rows := c.server.rowsOf(found)
	if !single {
		return c.list(set, found.logical, rows)
	}
	i = slices.IndexFunc(rows, func(r row) bool { return strings.EqualFold(fmt.Sprint(r[found.key]), id) })
	if i < 0 {
		return newAPIError(http.StatusNotFound, "0x80040217", "Entity '%s' With Id = %s Does Not Exist", found.schema, id).response()
	}
	return c.single(set, found.logical, rows[i])
}

// rowsOf returns the rows of a table.
func (s *Server) rowsOf(t table) []row {
	switch t.set {
	case "systemusers":
		rows := make([]row, len(s.All()))
		for i, u := range s.All() {
			rows[i] = u.row()
		}
		return rows
	case "organizations":
		return []row{{"organizationid": s.state.organization.ID, "name": s.state.organization.Name}}
	}
	return s.state.rows[t.set]
}

func (c *caller) serviceDocument() sandbox.Response {
	sets := make([]row, 0, len(knownTables()))
	for _, t := range knownTables() {
		sets = append(sets, row{"name": t.set, "kind": "EntitySet", "url": t.set})
	}
	return jsonResponse(http.StatusOK, row{"@odata.context": c.server.URL() + webAPI + "$metadata", "value": sets})
}

// definitions returns the definitions of the tables.
func (c *caller) definitions() sandbox.Response {
	if !c.user.ReadEntities {
		return c.missingPrivilege("prvReadEntity", "entity").response()
	}
	return c.list("EntityDefinitions", "EntityMetadata", c.server.state.tables)
}

// jsonResponse returns a response with a value as JSON.
func jsonResponse(status int, value any) sandbox.Response {
	return sandbox.JSON(status, http.Header{
		"Content-Type": {"application/json; odata.metadata=minimal"}, "Odata-Version": {"4.0"}, "Cache-Control": {"no-cache"},
		"X-Ms-Service-Request-Id":                     {uuid.NewString()},
		"X-Ms-Ratelimit-Burst-Remaining-Xrm-Requests": {strconv.Itoa(5999)},
		"X-Ms-Ratelimit-Time-Remaining-Xrm-Requests":  {"1,200.00"},
	}, value)
}
