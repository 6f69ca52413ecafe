package google

import (
	"net/http"
	"regexp"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// The paths of the token site.
const (
	tokenPath     = "/token"
	revokePath    = "/revoke"
	tokenInfoPath = "/tokeninfo"
)

// operation is a call of one of the APIs.
type operation struct {
	name string
	path *regexp.Regexp // with what the path names as groups
	// service is the API that has to be enabled in the project.
	service string
	// scopes are those of which one is enough.
	scopes []string
	serve  func(*caller) (sandbox.Response, *apiError)
}

// The services, as a project enables them.
const (
	gmailService     = "gmail.googleapis.com"
	calendarService  = "calendar-json.googleapis.com"
	peopleService    = "people.googleapis.com"
	directoryService = "admin.googleapis.com"
	tasksService     = "tasks.googleapis.com"
)

// operations are what the APIs can do here, with the scopes that Google's reference lists for each.
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
		{"user", path(`/admin/directory/v1/users/` + segment), directoryService, directory, (*caller).lookUp},
		{"users", path(`/admin/directory/v1/users`), directoryService, directory, (*caller).list},
		{
			"tasklists", path(`/tasks/v1/users/(?:@|%40)me/lists`), tasksService,
			[]string{scopeTasks, scopeTasksReadonly}, (*caller).taskLists,
		},
	}
}

// The calls that are none of an API's, by their paths.
var identityOperations = map[string]string{
	tokenPath: "token", revokePath: "revoke", tokenInfoPath: "tokeninfo",
	"/v1/userinfo": "userinfo", "/oauth2/v3/userinfo": "userinfo",
}

// operationOf is the name of the operation at a path, still escaped; empty if there is none.
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

// answer serves one call. The token endpoint is a host of its own, and knows no API.
func (s *Server) answer(call *sandbox.Call) sandbox.Response {
	if call.Site == TokenSite {
		switch call.Operation {
		case "token":
			return s.token(call)
		case "revoke":
			return s.revoke(call)
		case "tokeninfo":
			return s.tokenInfo(call)
		}
		return notFound()
	}
	if call.Operation == "userinfo" {
		return s.userInfo(call)
	}
	for _, o := range operations() {
		if o.name == call.Operation {
			return s.serve(call, o)
		}
	}
	return notFound()
}

// notFound is how Google's front end answers an address that no service has.
func notFound() sandbox.Response {
	return sandbox.HTML(http.StatusNotFound, "Error 404 (Not Found)!!1",
		"<p><b>404.</b> <ins>That’s an error.</ins><p>The requested URL was not found on this server.")
}

// caller is somebody who calls an API.
type caller struct {
	server *Server
	call   *sandbox.Call
	user   User
	// named are the parts of the path that name something, unescaped.
	named []string
}

// serve serves an operation to whoever has a token that is good for it.
func (s *Server) serve(call *sandbox.Call, o operation) sandbox.Response {
	c, g, err := s.admit(call)
	if err == nil {
		err = s.permit(o, g)
	}
	var answer sandbox.Response
	if err == nil {
		for _, name := range o.path.FindStringSubmatch(call.Request.URL.EscapedPath())[1:] {
			c.named = append(c.named, unescape(name))
		}
		answer, err = o.serve(c)
	}
	if f, ok := call.Fault(KindAPIError); ok { // after the operation, which says whose data it is about
		err = scripted(f)
	}
	if err != nil {
		return err.answer(o.service)
	}
	if _, ok := call.Fault(KindDeep); ok {
		return deep()
	}
	return answer
}

// admit finds who calls.
func (s *Server) admit(call *sandbox.Call) (*caller, grant, *apiError) {
	token := call.Token("Bearer")
	if token == "" {
		return nil, grant{}, newAPIError("required")
	}
	g, ok := s.live(token)
	if !ok {
		return nil, grant{}, newAPIError("authError")
	}
	holder := s.holder(g)
	if holder == nil || holder.Deleted {
		return nil, grant{}, newAPIError("authError")
	}
	call.SetUser(holder.Email, holder.Email)
	return &caller{server: s, call: call, user: *holder}, g, nil
}

// permit checks method, scope and project.
func (s *Server) permit(o operation, g grant) *apiError {
	switch {
	case !g.allows(o.scopes...):
		return newAPIError("insufficientPermissions")
	case containsAll(s.state.serviceAccount.DisabledAPIs, []string{o.service}):
		return newAPIError("accessNotConfigured")
	}
	return nil
}

// jsonResponse is an answer with a value as JSON.
func jsonResponse(status int, value any) sandbox.Response {
	header := http.Header{
		"Content-Type": {"application/json; charset=UTF-8"}, "Cache-Control": {"private"}, "Vary": {"Origin", "X-Origin"},
	}
	return sandbox.JSON(status, header, value)
}
