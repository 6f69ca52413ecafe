package sugarcrm

import (
	"net/http"
	"slices"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// access is the condition for a call to be allowed.
type access int

const (
	whileOpen access = iota // for a signed-in user, unless the instance is closed
	always                  // for a signed-in user, also while the instance is closed, so that clients can show the reason
	anonymous               // without a sign-in
)

// handler serves a call.
type handler struct {
	access access
	serve  func(*request) sandbox.Response
}

// findHandler finds the handler of a call.
func (s *Server) findHandler(r *request) (handler, bool) {
	fixed := map[string]handler{
		"GET me":              {always, s.me},
		"GET metadata":        {always, s.metadata},
		"GET metadata/public": {anonymous, s.publicMetadata},
		"GET ping":            {whileOpen, func(*request) sandbox.Response { return jsonResponse(http.StatusOK, "pong") }},
		"POST oauth2/logout":  {always, s.logout},
	}
	if found, ok := fixed[r.Request.Method+" "+strings.Join(r.path, "/")]; ok {
		return found, true
	}
	switch {
	case r.Request.Method == http.MethodPost && len(r.path) == 3 && r.path[0] == "oauth2" && r.path[1] == "sudo":
		return handler{whileOpen, s.sudo}, true
	case slices.Contains(s.state.instance.Modules, r.path[0]):
		return handler{whileOpen, s.module}, true
	}
	return handler{}, false
}

// route serves all calls except those of the token endpoint.
func (s *Server) route(r *request) sandbox.Response {
	found, ok := s.findHandler(r)
	switch {
	case !ok:
		return errorResponse("no_method", "Could not find any route that accepted a path like: "+r.Request.URL.Path)
	case found.access == anonymous:
		return found.serve(r)
	case r.user == nil && r.Request.Header.Get("OAuth-Token") == "":
		return errorResponse("need_login", "No valid authentication for user.")
	case r.user == nil:
		return errorResponse("invalid_grant", "")
	}
	if label := s.closedLabel(*r.user); label != "" && found.access == whileOpen {
		return errorResponse(label, "")
	}
	return found.serve(r)
}

// me returns the signed-in user.
func (s *Server) me(r *request) sandbox.Response {
	kind := map[bool]string{true: "admin", false: "user"}[r.user.Admin]
	user := map[string]any{
		"id": r.user.ID, "user_name": r.user.UserName, "full_name": r.user.FirstName + " " + r.user.LastName, "type": kind,
		"preferences": map[string]any{"timezone": "UTC", "language": "en_us"}, "is_manager": false, "roles": []string{},
		"acl": s.acl(r.user), "module_list": s.state.instance.Modules,
		"is_password_expired": r.user.PasswordExpired, "password_expired_message": "",
	}
	if r.user.PasswordExpired {
		user["password_expired_message"] = "Your password has expired. Please provide a new password."
	}
	return jsonResponse(http.StatusOK, map[string]any{"current_user": user})
}

// acl returns what the user may not do in each module: Sugar leaves out what is allowed.
func (s *Server) acl(user *User) map[string]any {
	acl := map[string]any{}
	for _, module := range s.state.instance.Modules {
		rights := map[string]any{"fields": map[string]any{}}
		if !user.mayList(module) {
			rights["access"], rights["list"], rights["view"] = "no", "no", "no"
		}
		acl[module] = rights
	}
	return acl
}

// mayList reports whether roles allow the user to list the records of a module.
func (u User) mayList(module string) bool {
	may, limited := map[string]bool{"Contacts": u.Contacts, "Meetings": u.Calendar, "Emails": u.Mail}[module]
	return may || !limited
}
