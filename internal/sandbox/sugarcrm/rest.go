package sugarcrm

import (
	"net/http"
	"slices"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// audience is for whom a call is.
type audience int

const (
	toUsers  audience = iota // who is signed in, while the instance is not closed
	toTell                   // who is signed in, always: clients need these to say what is the matter
	toAnyone                 // no sign-in needed
)

// handler is what serves a call, and for whom.
type handler struct {
	audience audience
	serve    func(*request) sandbox.Response
}

// handlerOf finds what serves a call.
func (s *Server) handlerOf(r *request) (handler, bool) {
	fixed := map[string]handler{
		"GET me":              {toTell, s.me},
		"GET metadata":        {toTell, s.metadata},
		"GET metadata/public": {toAnyone, s.publicMetadata},
		"GET ping":            {toUsers, func(*request) sandbox.Response { return jsonResponse(http.StatusOK, "pong") }},
		"POST oauth2/logout":  {toTell, s.logout},
	}
	if found, ok := fixed[r.Request.Method+" "+strings.Join(r.path, "/")]; ok {
		return found, true
	}
	switch {
	case r.Request.Method == http.MethodPost && len(r.path) == 3 && r.path[0] == "oauth2" && r.path[1] == "sudo":
		return handler{toUsers, s.sudo}, true
	case slices.Contains(s.state.instance.Modules, r.path[0]):
		return handler{toUsers, s.module}, true
	}
	return handler{}, false
}

// route serves a call of somebody, or nobody, other than the token endpoint's.
func (s *Server) route(r *request) sandbox.Response {
	found, ok := s.handlerOf(r)
	switch {
	case !ok:
		return refuse("no_method", "Could not find any route that accepted a path like: "+r.Request.URL.Path)
	case found.audience == toAnyone:
		return found.serve(r)
	case r.user == nil && r.Request.Header.Get("OAuth-Token") == "":
		return refuse("need_login", "No valid authentication for user.")
	case r.user == nil:
		return refuse("invalid_grant", "")
	}
	if label := s.closed(*r.user); label != "" && found.audience == toUsers {
		return refuse(label, "")
	}
	return found.serve(r)
}

// me tells who is signed in.
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

// acl says of each module what the user may not do: Sugar leaves out what is allowed.
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

// mayList tells whether a role lets the user list a module's records.
func (u User) mayList(module string) bool {
	may, limited := map[string]bool{"Contacts": u.Contacts, "Meetings": u.Calendar, "Emails": u.Mail}[module]
	return may || !limited
}
