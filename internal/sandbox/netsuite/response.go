package netsuite

import (
	"cmp"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
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

// operations are the names by which faults are limited to a kind of call, each with the paths it is for.
var operations = sandbox.Operations{
	{"tokeninfo", regexp.MustCompile(`^` + tokenInfoPath + `$`)},
	{"metadata", regexp.MustCompile(`^` + catalogPath + `(/\w+)?$`)},
	{"record", regexp.MustCompile(`^` + recordPath + `\w+(/\w+)?$`)},
	{"suiteql", regexp.MustCompile(`^` + suiteQLPath + `$`)},
}

// answer serves one call.
func (s *Server) answer(call *sandbox.Call) sandbox.Response {
	rest := strings.HasPrefix(call.Request.URL.Path, restPath)
	if refused := s.signIn(call); refused != nil {
		return s.refuse(refused, rest)
	}
	user := s.state.employee(s.state.token.User)
	call.SetUser(user.Name, user.Email)
	var answer sandbox.Response
	var failed *apiError
	switch {
	case rest:
		answer, failed = s.rest(call)
	case call.Operation == "tokeninfo":
		if s.state.role.WebServicesOnly { // NetSuite help, "RESTlet Authentication"
			return restletError(http.StatusUnauthorized, "INVALID_LOGIN_CREDENTIALS", "You have entered invalid login credentials.")
		}
		answer = s.tokenInfo()
	default:
		return sandbox.HTML(http.StatusNotFound, "Page Not Found", "<h1>Page Not Found</h1>")
	}
	if f, ok := call.Fault(KindAPIError); ok { // after the operation, which says whose data it is about
		failed = scripted(f)
	}
	if failed != nil && !rest {
		return failed.retry(restletError(failed.restletStatus(), failed.code, failed.detail))
	}
	if failed != nil {
		return failed.retry(failed.answer())
	}
	if _, ok := call.Fault(KindDeep); ok {
		return deep()
	}
	return answer
}

// refuse is the answer to a request that signs nobody in: the same for all causes, unless the account is Detailed.
func (s *Server) refuse(refused *signInError, rest bool) sandbox.Response {
	code := "token_rejected"
	if s.state.account.Detailed {
		code = refused.code
	}
	answer := restletError(http.StatusUnauthorized, "INVALID_LOGIN_ATTEMPT", "Invalid login attempt.")
	if rest {
		answer = newError("INVALID_LOGIN", "").answer()
	}
	answer.Header.Set("Www-Authenticate", fmt.Sprintf(`OAuth realm=%q, error=%q, error_description="Invalid login attempt."`,
		s.state.account.ID, code))
	return answer
}

// tokenInfo says whose token it is.
func (s *Server) tokenInfo() sandbox.Response {
	user := s.state.employee(s.state.token.User)
	environment := "PRODUCTION"
	if strings.Contains(s.state.account.ID, "_SB") {
		environment = "SANDBOX"
	}
	return jsonResponse(http.StatusOK, map[string]any{
		"companyName":     s.state.account.Name,
		"companyId":       cmp.Or(s.state.account.CompanyID, s.state.account.ID),
		"environmentName": environment,
		"roleName":        s.state.role.Name, "roleId": strconv.Itoa(s.state.role.ID),
		"userName": user.Name, "userId": strconv.Itoa(user.ID), "consumerName": s.state.integration.Name,
	})
}

// jsonResponse is an answer with a value as JSON.
func jsonResponse(status int, value any) sandbox.Response {
	header := http.Header{"Content-Type": {"application/json; charset=UTF-8"}, "Cache-Control": {"no-cache"}}
	return sandbox.JSON(status, header, value)
}

// restletError is an error in the form of RESTlets.
func restletError(status int, code, message string) sandbox.Response {
	return jsonResponse(status, map[string]any{"error": map[string]string{"code": code, "message": message}})
}
