package netsuite

import (
	"net/http"
	"regexp"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// The paths.
const (
	tokenInfoPath = "/rest/tokeninfo"
	recordPath    = "/services/rest/record/v1/"
	catalogPath   = recordPath + "metadata-catalog"
	suiteQLPath   = "/services/rest/query/v1/suiteql"
	restPath      = "/services/rest/"
)

// operations are the operations that a fault can be limited to, with their paths.
var operations = sandbox.Operations{
	{"tokeninfo", regexp.MustCompile(`^` + tokenInfoPath + `$`)},
	{"metadata", regexp.MustCompile(`^` + catalogPath + `$`)},
	{"record", regexp.MustCompile(`^` + recordPath + `\w+(/\w+)?$`)},
	{"suiteql", regexp.MustCompile(`^` + suiteQLPath + `$`)},
}

// serve serves one call.
func (s *Server) serve(call *sandbox.Call) sandbox.Response {
	rest := strings.HasPrefix(call.Request.URL.Path, restPath)
	if signInErr := s.signIn(call); signInErr != nil {
		return s.rejection(signInErr, rest)
	}
	user := s.Find(s.state.token.User)
	call.SetUser(user.Name, user.Email)
	var response sandbox.Response
	var apiErr *apiError
	switch {
	case rest:
		response, apiErr = s.serveREST(call)
	case call.Operation == "tokeninfo":
		if s.state.role.WebServicesOnly { // NetSuite help, "RESTlet Authentication"
			return restletError(http.StatusUnauthorized, "INVALID_LOGIN_CREDENTIALS", "You have entered invalid login credentials.")
		}
		response = s.tokenInfo()
	default:
		return sandbox.HTML(http.StatusNotFound, "Page Not Found", "<h1>Page Not Found</h1>")
	}
	if f, ok := call.Fault(KindAPIError); ok { // after the operation, which records the account
		apiErr = scriptedError(f)
	}
	if f, ok := call.Fault(sandbox.KindEcho); ok {
		apiErr = newAPIError("UNEXPECTED_ERROR", call.Echo(f, "An unexpected error occurred", call.Token("OAuth")))
	}
	if apiErr != nil && !rest {
		return apiErr.withRetryAfter(restletError(apiErr.restletStatus(), apiErr.code, apiErr.detail))
	}
	if apiErr != nil {
		return apiErr.withRetryAfter(apiErr.response())
	}
	return call.Deepen(response)
}
