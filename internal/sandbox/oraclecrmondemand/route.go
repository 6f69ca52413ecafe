package oraclecrmondemand

import (
	"net/http"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// sessionCookie is the name of the session cookie.
const sessionCookie = "JSESSIONID"

// request is one call.
type request struct {
	*sandbox.Call
	session string
	user    *User // the user of the session; nil without a valid session
}

// serve serves one call.
func (s *Server) serve(call *sandbox.Call) sandbox.Response {
	if path, _, _ := strings.Cut(call.Request.URL.Path, ";"); path != Path {
		return sandbox.HTML(http.StatusNotFound, "Error 404--Not Found", "<h2>Error 404--Not Found</h2>")
	}
	r := &request{Call: call, session: sessionOf(call.Request)}
	r.user = s.findSession(r.session)
	if r.user != nil {
		call.SetUser(r.user.SignInID(), r.user.SignInID())
	}
	if response := s.scriptedFault(r); response != nil {
		return *response
	}
	switch call.Operation {
	case "login":
		return s.login(r)
	case "logoff":
		delete(s.state.sessions, r.session)
		return textResponse(http.StatusOK, "Logged off.")
	}
	return s.service(r)
}

// sessionOf returns the session of a call: in a cookie, or in the path.
func sessionOf(r *http.Request) string {
	if found, err := r.Cookie(sessionCookie); err == nil {
		return found.Value
	}
	_, id, _ := strings.Cut(r.URL.Path, ";jsessionid=")
	return id
}
