package hclnotes

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// request is one call.
type request struct {
	*sandbox.Call
	// query is the query's arguments; Domino's commands are arguments without a value, and letter case does not matter.
	query map[string]string
	// database is the path of the database, such as mail/ada.nsf; empty for calls of the server.
	database string
	// rest is what is called: of a database the path behind it, of the server the whole path.
	rest string

	person *Person // who is signed in
}

// databasePath is a path into a database.
var databasePath = regexp.MustCompile(`(?i)^/(.+?\.nsf)(?:/(.*))?$`)

func newRequest(call *sandbox.Call) *request {
	r := &request{Call: call}
	r.database, r.rest = split(call.Request.URL.Path)
	r.query = arguments(call.Request.URL)
	return r
}

func split(path string) (database, rest string) {
	if found := databasePath.FindStringSubmatch(path); found != nil {
		return strings.ToLower(found[1]), found[2]
	}
	return "", strings.Trim(path, "/")
}

func arguments(u *url.URL) map[string]string {
	given := map[string]string{}
	for name, values := range u.Query() {
		given[strings.ToLower(name)] = values[0]
	}
	return given
}

// has tells whether the query holds a command.
func (r *request) has(command string) bool {
	_, ok := r.query[command]
	return ok
}

// operationOf is the name of a call: login, logout, services, calendar (whose the caller is), owner (whose a name is),
// users (the directory's view), events, inbox, access, or the name of another view; empty for anything else.
func operationOf(r *http.Request, _ []byte) string {
	database, rest := split(r.URL.Path)
	query := arguments(r.URL)
	asks := func(command string) bool {
		_, ok := query[command]
		return ok
	}
	if database == "" {
		switch {
		case rest == "api/calendar" && asks("owner"):
			return "owner"
		case rest == "api/calendar":
			return "calendar"
		}
		return map[string]string{"api": "services"}[rest]
	}
	switch {
	case asks("login"):
		return "login"
	case asks("logout"):
		return "logout"
	case database == "names.nsf" && strings.EqualFold(rest, "($Users)"):
		return "users"
	case asks("readviewentries"):
		return strings.ToLower(rest)
	}
	return map[string]string{
		"api/calendar/events": "events", "api/mail/inbox": "inbox", "api/mail/access": "access",
	}[rest]
}

// answer serves one call.
func (s *Server) answer(call *sandbox.Call) sandbox.Response {
	r := newRequest(call)
	switch call.Operation {
	case "login":
		return s.login(r)
	case "logout":
		return s.logout(r)
	}
	failed := s.identify(r)
	if failed != nil {
		return *failed
	}
	if r.person != nil {
		r.SetUser(r.person.ShortName, s.accountOf(r))
	}
	if failed := s.fault(r); failed != nil {
		return *failed
	}
	return s.route(r)
}

// accountOf is whose mail file a call is about, by short name.
func (s *Server) accountOf(r *request) string {
	for _, p := range s.state.people {
		if r.database != "" && strings.EqualFold(p.MailFile, r.database) {
			return p.ShortName
		}
	}
	return r.person.ShortName
}

// route serves a call that is not about signing in.
func (s *Server) route(r *request) sandbox.Response {
	path := "/" + strings.ToLower(r.rest) + "/"
	switch {
	case r.Request.Method != http.MethodGet && r.Request.Method != http.MethodHead:
		return page(http.StatusMethodNotAllowed, "HTTP Web Server: Method not allowed")
	case strings.HasPrefix(path, "/api/"):
		return s.service(r)
	case r.database == "":
		return notFound()
	}
	return s.view(r)
}
