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
	// oldest and newest are the API versions that are served: Summer '14 and Winter '27.
	oldest, newest = 31, 68

	// timeFormat is how Salesforce writes times.
	timeFormat = "2006-01-02T15:04:05.000-0700"

	noAPIScope = "This session is not valid for use with the REST API"
)

// version is one entry of the list of API versions, which needs no token.
type version struct {
	Label   string `json:"label"`
	URL     string `json:"url"`
	Version string `json:"version"`
}

// versions lists the API versions. There are three releases a year: version 30 is Spring '14, 31 Summer '14, 32 Winter
// '15, named after the year to come.
func versions() []version {
	var list []version
	for n := oldest; n <= newest; n++ {
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

// caller is somebody who calls the REST API.
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
	retryAfter int // seconds; 0: not told
}

func newAPIError(code, text string) *apiError {
	known := apiErrors[code]
	return &apiError{status: cmp.Or(known.status, http.StatusBadRequest), code: code, text: cmp.Or(text, known.text)}
}

func (e *apiError) answer() sandbox.Response {
	answer := jsonResponse(e.status, []struct {
		Message string `json:"message"`
		Code    string `json:"errorCode"`
	}{{e.text, e.code}})
	if e.status == http.StatusUnauthorized {
		answer.Header.Set("Www-Authenticate", "Token")
	}
	if e.retryAfter > 0 {
		answer.Header.Set("Retry-After", strconv.Itoa(e.retryAfter))
	}
	return answer
}

// rest serves the REST API. It is on My Domain only: the login host does not know the session.
func (s *Server) rest(call *sandbox.Call) sandbox.Response {
	token := bearer(call)
	if token == "" {
		return newAPIError("INVALID_AUTH_HEADER", "").answer()
	}
	session, user := s.session(token)
	if session == nil || call.Site != MyDomain {
		return newAPIError("INVALID_SESSION_ID", "").answer()
	}
	call.SetUser(user.Username, user.Username)
	c := &caller{server: s, user: *user, call: call}
	answer := c.serve(session.scopes)
	organization := s.organizationOf(*user)
	answer.Header.Set("Sforce-Limit-Info", fmt.Sprintf("api-usage=%d/%d", organization.Requests, organization.RequestLimit))
	return answer
}

// serve serves somebody who is signed in.
func (c *caller) serve(scopes []string) sandbox.Response {
	if err := c.admit(scopes); err != nil {
		return err.answer()
	}
	path, number := strings.TrimPrefix(c.call.Request.URL.Path, dataPath+"/v"), 0
	version, _, _ := strings.Cut(path, "/")
	if major, ok := strings.CutSuffix(version, ".0"); ok {
		number, _ = strconv.Atoi(major) // what is no number is no version
	}
	if number < oldest || number > newest {
		return newAPIError("NOT_FOUND", "").answer()
	}
	c.base = dataPath + "/v" + version
	if c.call.Request.Method != http.MethodGet && c.call.Request.Method != http.MethodHead {
		return newAPIError("METHOD_NOT_ALLOWED", "").answer()
	}
	answer, err := c.operate()
	if f, ok := c.call.Fault(KindAPIError); ok { // after the operation, which says whose data it is about
		err = newAPIError(f.Code, f.Message)
		err.status = cmp.Or(f.Status, err.status)
		err.retryAfter = int((f.WaitMilliseconds + 999) / 1000)
	}
	if err != nil {
		return err.answer()
	}
	if _, ok := c.call.Fault(KindDeep); ok {
		return deep()
	}
	return answer
}

// admit checks whether the session may use the REST API, and counts the request.
func (c *caller) admit(scopes []string) *apiError {
	organization := c.server.organizationOf(c.user)
	switch {
	case !allows(scopes, "api"):
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

func (c *caller) operate() (sandbox.Response, *apiError) {
	switch c.call.Operation {
	case "resources":
		return c.resources(), nil
	case "limits":
		return c.limits(), nil
	case "sobjects":
		return c.describeGlobal(), nil
	case "describe":
		return c.describe()
	case "query":
		return c.query()
	}
	return sandbox.Response{}, newAPIError("NOT_FOUND", "")
}

// resources is what there is in a version of the API, and who is asking.
func (c *caller) resources() sandbox.Response {
	answer := map[string]string{"identity": c.server.identityURL(c.user)}
	for _, name := range []string{
		"tooling", "metadata", "folders", "search", "query", "queryAll", "sobjects", "limits", "composite", "recent",
	} {
		answer[name] = c.base + "/" + name
	}
	return jsonResponse(http.StatusOK, answer)
}

func (c *caller) limits() sandbox.Response {
	type limit struct {
		Max       int `json:"Max"`
		Remaining int `json:"Remaining"`
	}
	organization := c.server.organizationOf(c.user)
	return jsonResponse(http.StatusOK, map[string]limit{
		"DailyApiRequests":        {organization.RequestLimit, organization.RequestLimit - organization.Requests},
		"DailyBulkApiBatches":     {15000, 15000},
		"DataStorageMB":           {1024, 1000},
		"FileStorageMB":           {1024, 1000},
		"SingleEmail":             {5000, 5000},
		"HourlyTimeBasedWorkflow": {1000, 1000},
	})
}
