package google

import (
	"net/http"
	"net/url"
	"regexp"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// The paths of the identity services. The token site has those of Google's hosts for tokens and for accounts.
const (
	tokenPath     = "/token"
	tokenInfoPath = "/tokeninfo"
	authorizePath = "/o/oauth2/v2/auth"
	discoveryPath = "/.well-known/openid-configuration"
	logoutPath    = "/Logout"
	keysPath      = "/oauth2/v3/certs"
	// userInfoV2 names some members differently than OpenID Connect.
	userInfoV2 = "/oauth2/v2/userinfo"
)

// operation is an operation of one of the APIs.
type operation struct {
	name string
	path *regexp.Regexp // its groups are the parameters in the path
	// service is the API that must be enabled in the project.
	service string
	// scopes are the accepted scopes. The token needs one of them.
	scopes []string
	serve  func(*caller) (sandbox.Response, *apiError)
}

// The services, as a project enables them.
const (
	gmailService     = "gmail.googleapis.com"
	calendarService  = "calendar-json.googleapis.com"
	peopleService    = "people.googleapis.com"
	directoryService = "admin.googleapis.com"
)

// operations are the implemented operations, with the scopes that Google's reference lists for each.
func operations() []operation {
	const segment = `([^/]+)`
	gmail := []string{scopeGmail, scopeGmailReadonly, scopeGmailMetadata, scopeGmailModify}
	lists := []string{scopeCalendar, scopeCalendarReadonly}
	events := append([]string{scopeCalendarEvents}, lists...)
	people := []string{scopeContacts, scopeContactsReadonly}
	directory := []string{scopeDirectoryUser, scopeDirectoryReadonly}
	path := func(p string) *regexp.Regexp { return regexp.MustCompile(`^` + p + `$`) }
	return []operation{
		{"profile", path(`/gmail/v1/users/` + segment + `/profile`), gmailService, gmail, (*caller).profile},
		{"messages", path(`/gmail/v1/users/` + segment + `/messages`), gmailService, gmail, (*caller).messages},
		{"message", path(`/gmail/v1/users/` + segment + `/messages/` + segment), gmailService, gmail, (*caller).message},
		{"calendars", path(`/calendar/v3/users/me/calendarList`), calendarService, lists, (*caller).calendars},
		{"events", path(`/calendar/v3/calendars/` + segment + `/events`), calendarService, events, (*caller).events},
		{"connections", path(`/v1/people/me/connections`), peopleService, people, (*caller).connections},
		{"user", path(`/admin/directory/v1/users/` + segment), directoryService, directory, (*caller).getUser},
	}
}

// identityOperations are the operations that do not belong to an API, by path.
var identityOperations = map[string]string{
	tokenPath: "token", tokenInfoPath: "tokeninfo", discoveryPath: "openid-configuration", logoutPath: "logout",
	authorizePath: "authorize", "/o/oauth2/auth": "authorize", keysPath: "keys", "/oauth2/v1/certs": "certificates",
	"/v1/userinfo": "userinfo", "/oauth2/v3/userinfo": "userinfo", userInfoV2: "userinfo",
}

// operationOf returns the name of the operation at an escaped path; empty without a match.
func operationOf(path string) string {
	if name, ok := identityOperations[path]; ok {
		return name
	}
	for _, o := range operations() {
		if o.path.MatchString(path) {
			return o.name
		}
	}
	return ""
}

// route serves one call. The token endpoint is a separate host without APIs.
func (s *Server) route(call *sandbox.Call) sandbox.Response {
	if call.Site == TokenSite {
		return s.routeToken(call)
	}
	switch call.Operation {
	case "userinfo":
		return s.userInfo(call)
	case "keys":
		return keys()
	case "certificates":
		return certificates()
	}
	for _, o := range operations() {
		if o.name == call.Operation {
			return s.serveOperation(call, o)
		}
	}
	return notFound()
}

// routeToken serves one call of the site with the token endpoint and the pages for a person.
func (s *Server) routeToken(call *sandbox.Call) sandbox.Response {
	switch call.Operation {
	case "token":
		return s.token(call)
	case "tokeninfo":
		return s.tokenInfo(call)
	case "authorize":
		return s.pages.Serve(call)
	case "openid-configuration":
		return s.configuration()
	case "logout":
		return s.pages.SignOut(call, "You signed out of your account")
	}
	return notFound()
}

// notFound is the response of Google's front end for an address without a service.
func notFound() sandbox.Response {
	return sandbox.HTML(http.StatusNotFound, "Error 404 (Not Found)!!1",
		"<p><b>404.</b> <ins>That’s an error.</ins><p>The requested URL was not found on this server.")
}

// caller is the authenticated caller of an operation.
type caller struct {
	server *Server
	call   *sandbox.Call
	user   User
	// pathParameters are the parameters in the path, unescaped.
	pathParameters []string
}

// serveOperation serves an operation to a caller whose token has an accepted scope.
func (s *Server) serveOperation(call *sandbox.Call, o operation) sandbox.Response {
	c, g, err := s.authenticate(call)
	if err == nil {
		err = s.authorize(o, g)
	}
	var response sandbox.Response
	if err == nil {
		for _, name := range o.path.FindStringSubmatch(call.Request.URL.EscapedPath())[1:] {
			c.pathParameters = append(c.pathParameters, unescape(name))
		}
		response, err = o.serve(c)
	}
	if f, ok := call.Fault(KindAPIError); ok { // after the operation, which records the account
		err = scriptedError(f)
	}
	if f, ok := call.Fault(sandbox.KindEcho); ok {
		err = scriptedError(APIError("backendError").WithMessage(call.Echo(f, "Backend Error", call.Token("Bearer"))))
	}
	if err != nil {
		return err.response(o.service)
	}
	return call.Deepen(response)
}

// authenticate finds the caller by the access token.
func (s *Server) authenticate(call *sandbox.Call) (*caller, grant, *apiError) {
	token := call.Token("Bearer")
	if token == "" {
		return nil, grant{}, newAPIError("required")
	}
	g, ok := s.findGrant(token)
	if !ok {
		return nil, grant{}, newAPIError("authError")
	}
	user := s.userOf(g)
	if user == nil || user.Deleted {
		return nil, grant{}, newAPIError("authError")
	}
	call.SetUser(user.Email, user.Email)
	return &caller{server: s, call: call, user: *user}, g, nil
}

// authorize checks the scopes of the token and that the API is enabled.
func (s *Server) authorize(o operation, g grant) *apiError {
	switch {
	case !g.allows(o.scopes...):
		return newAPIError("insufficientPermissions")
	case containsAll(s.state.serviceAccount.DisabledAPIs, []string{o.service}):
		return newAPIError("accessNotConfigured")
	}
	return nil
}

// jsonResponse returns a response with a value as JSON.
func jsonResponse(status int, value any) sandbox.Response {
	header := http.Header{
		"Content-Type": {"application/json; charset=UTF-8"}, "Cache-Control": {"private"}, "Vary": {"Origin", "X-Origin"},
	}
	return sandbox.JSON(status, header, value)
}

func unescape(s string) string {
	if plain, err := url.PathUnescape(s); err == nil {
		return plain
	}
	return s
}
