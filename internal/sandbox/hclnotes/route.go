package hclnotes

import (
	"net/http"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// operationOf returns the name of an operation: login, logout, services, calendar (the caller's), owner (the calendar
// of a name), users (the directory's view), events, inbox, access, or the name of another view; empty for anything
// else.
func operationOf(r *http.Request, _ []byte) string {
	database, rest := splitPath(r.URL.Path)
	query := arguments(r.URL)
	has := func(command string) bool {
		_, ok := query[command]
		return ok
	}
	if database == "" {
		switch {
		case rest == "api/calendar" && has("owner"):
			return "owner"
		case rest == "api/calendar":
			return "calendar"
		}
		return map[string]string{"api": "services"}[rest]
	}
	switch {
	case has("login"):
		return "login"
	case has("logout"):
		return "logout"
	case database == "names.nsf" && strings.EqualFold(rest, "($Users)"):
		return "users"
	case has("readviewentries"):
		return strings.ToLower(rest)
	}
	return map[string]string{
		"api/calendar/events": "events", "api/mail/inbox": "inbox", "api/mail/access": "access",
	}[rest]
}

// serve serves one call.
func (s *Server) serve(call *sandbox.Call) sandbox.Response {
	r := newRequest(call)
	switch call.Operation {
	case "login":
		return s.login(r)
	case "logout":
		return s.logout(r)
	}
	response := s.authenticate(r)
	if response != nil {
		return *response
	}
	if r.person != nil {
		r.SetUser(r.person.ShortName, s.accountOf(r))
	}
	if response := s.scriptedFault(r); response != nil {
		return *response
	}
	return r.Deepen(s.route(r))
}

// accountOf returns the short name of the person whose mail file a call reads.
func (s *Server) accountOf(r *request) string {
	for _, p := range s.All() {
		if r.database != "" && strings.EqualFold(p.MailFile, r.database) {
			return p.ShortName
		}
	}
	return r.person.ShortName
}

// route serves a call after the sign-in.
func (s *Server) route(r *request) sandbox.Response {
	path := "/" + strings.ToLower(r.rest) + "/"
	switch {
	case r.Request.Method != http.MethodGet && r.Request.Method != http.MethodHead:
		return errorPage(http.StatusMethodNotAllowed, "HTTP Web Server: Method not allowed")
	case strings.HasPrefix(path, "/api/"):
		return s.service(r)
	case r.database == "":
		return notFound()
	}
	return s.view(r)
}
