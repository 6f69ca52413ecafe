package salesforce

import (
	"cmp"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

const (
	// oldestVersion and newestVersion are the API versions that are served: Summer '14 and Winter '27.
	oldestVersion, newestVersion = 31, 68

	// timeFormat is Salesforce's format of times.
	timeFormat = "2006-01-02T15:04:05.000-0700"

	noAPIScope = "This session is not valid for use with the REST API"
)

// version is an entry of the list of API versions, which requires no token.
type version struct {
	Label   string `json:"label"`
	URL     string `json:"url"`
	Version string `json:"version"`
}

// versions lists the API versions. There are three releases a year: version 30 is Spring '14, 31 Summer '14, 32 Winter
// '15, which is named after the next year.
func versions() []version {
	var list []version
	for n := oldestVersion; n <= newestVersion; n++ {
		season, year := (n-30)%3, 14+(n-30)/3
		if season == 2 {
			year++
		}
		number := strconv.Itoa(n) + ".0"
		label := fmt.Sprintf("%s '%d", []string{"Spring", "Summer", "Winter"}[season], year)
		list = append(list, version{label, dataPath + "/v" + number, number})
	}
	return list
}

// caller is a signed-in caller of the REST API.
type caller struct {
	server *Server
	user   User
	call   *sandbox.Call
	base   string // /services/data/vN.0
}

// apiError is an error of the REST API.
type apiError struct {
	status     int
	code, text string
	retryAfter int // seconds; 0 means no header
}

func newAPIError(code, text string) *apiError {
	known := apiErrors[code]
	return &apiError{status: cmp.Or(known.status, http.StatusBadRequest), code: code, text: cmp.Or(text, known.text)}
}

func (e *apiError) response() sandbox.Response {
	response := jsonResponse(e.status, []struct {
		Message string `json:"message"`
		Code    string `json:"errorCode"`
	}{{e.text, e.code}})
	if e.status == http.StatusUnauthorized {
		response.Header.Set("Www-Authenticate", "Token")
	}
	if e.retryAfter > 0 {
		response.Header.Set("Retry-After", strconv.Itoa(e.retryAfter))
	}
	return response
}

// serveREST serves the REST API. It exists on My Domain only: the login host does not accept the session.
func (s *Server) serveREST(call *sandbox.Call) sandbox.Response {
	token := bearer(call)
	if token == "" {
		return newAPIError("INVALID_AUTH_HEADER", "").response()
	}
	session, user := s.findSession(token)
	if session == nil || call.Site != MyDomain {
		return newAPIError("INVALID_SESSION_ID", "").response()
	}
	call.SetUser(user.Username, user.Username)
	c := &caller{server: s, user: *user, call: call}
	response := c.serve(session.scopes)
	organization := s.organizationOf(*user)
	response.Header.Set("Sforce-Limit-Info", fmt.Sprintf("api-usage=%d/%d", organization.Requests, organization.RequestLimit))
	return response
}

// serve serves the call of a session.
func (c *caller) serve(scopes []string) sandbox.Response {
	if err := c.authorize(scopes); err != nil {
		return err.response()
	}
	path, number := strings.TrimPrefix(c.call.Request.URL.Path, dataPath+"/v"), 0
	version, _, _ := strings.Cut(path, "/")
	if major, ok := strings.CutSuffix(version, ".0"); ok {
		number, _ = strconv.Atoi(major) // 0 if it is not a number
	}
	if number < oldestVersion || number > newestVersion {
		return newAPIError("NOT_FOUND", "").response()
	}
	c.base = dataPath + "/v" + version
	if c.call.Request.Method != http.MethodGet && c.call.Request.Method != http.MethodHead {
		return newAPIError("METHOD_NOT_ALLOWED", "").response()
	}
	response, err := c.runOperation()
	if f, ok := c.call.Fault(KindAPIError); ok { // after the operation, which records the account
		err = newAPIError(f.Code, f.Message)
		err.status = cmp.Or(f.Status, err.status)
		err.retryAfter = int((f.WaitMilliseconds + 999) / 1000)
	}
	if f, ok := c.call.Fault(sandbox.KindEcho); ok {
		err = newAPIError("UNKNOWN_EXCEPTION", c.call.Echo(f, "An unexpected error occurred", c.call.Token("Bearer", "OAuth")))
	}
	if err != nil {
		return err.response()
	}
	return c.call.Deepen(response)
}

// authorize checks that the session may use the REST API, and counts the request.
func (c *caller) authorize(scopes []string) *apiError {
	organization := c.server.organizationOf(c.user)
	switch {
	case !hasScope(scopes, "api"):
		return newAPIError("INVALID_SESSION_ID", noAPIScope)
	case !organization.APIEnabled:
		return newAPIError("API_DISABLED_FOR_ORG", "")
	case !c.user.APIEnabled:
		return newAPIError("API_CURRENTLY_DISABLED", "")
	case organization.Requests >= organization.RequestLimit:
		return newAPIError("REQUEST_LIMIT_EXCEEDED", "")
	}
	organization.Requests++
	return nil
}

func (c *caller) runOperation() (sandbox.Response, *apiError) {
	switch c.call.Operation {
	case "resources":
		return c.resources(), nil
	case "sobjects":
		return c.describeGlobal(), nil
	case "describe":
		return c.describe()
	case "query":
		return c.query()
	}
	return sandbox.Response{}, newAPIError("NOT_FOUND", "")
}

// resources lists the resources of a version of the API and the identity URL of the caller.
func (c *caller) resources() sandbox.Response {
	list := map[string]string{"identity": c.server.identityURL(c.user)}
	for _, name := range []string{
		"tooling", "metadata", "folders", "search", "query", "queryAll", "sobjects", "limits", "composite", "recent",
	} {
		list[name] = c.base + "/" + name
	}
	return jsonResponse(http.StatusOK, list)
}
