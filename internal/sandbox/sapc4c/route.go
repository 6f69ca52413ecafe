package sapc4c

import (
	"net/http"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/odata"
)

// dialect is the supported part of OData. SAP's guide requires that "or" joins conditions on one property.
var dialect = odata.Dialect{OneProperty: true}

// request is a call of the service.
type request struct {
	*sandbox.Call
	user  *User
	query odata.Query
	json  bool // the requested format
}

// Names of operations that are not collections.
const (
	serviceDocument = "service"
	metadata        = "metadata"
)

// operationOf returns the name of the operation at a path: service (the service document), metadata, or a collection
// such as ContactCollection; empty for other paths.
func operationOf(path string) string {
	rest, ok := strings.CutPrefix(path, Path)
	switch {
	case !ok:
		return ""
	case rest == "":
		return serviceDocument
	case rest == "$metadata":
		return metadata
	}
	return rest
}

// serve serves one call.
func (s *Server) serve(call *sandbox.Call) sandbox.Response {
	options := call.Request.URL.Query()
	r := &request{Call: call, json: options.Get("$format") == "json"}
	var invalid error
	r.query, invalid = dialect.Parse(options)
	if rejection := s.signIn(r); rejection != nil {
		return *rejection
	}
	if response := r.scriptedFault(); response != nil {
		return *response
	}
	switch {
	case call.Operation == "":
		return sandbox.HTML(http.StatusNotFound, "404 Not Found", "<h1>Resource not found</h1>")
	case !r.user.API:
		return r.errorResponse(http.StatusForbidden, "OData/003", "You are not authorized to use the service c4codataapi")
	case invalid != nil:
		return r.errorResponse(http.StatusBadRequest, "OData/014", invalid.Error())
	case call.Request.Method != http.MethodGet:
		return csrfError()
	}
	return r.Deepen(s.read(r))
}
