package sugarcrm

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// The versions of the REST API that the stand-in has: those of Sugar 25.1.
const (
	oldestMajor          = 10
	newestMajor, newestV = 11, 26
)

// apiPath is a path of the REST API: version, then what is called.
var apiPath = regexp.MustCompile(`^` + Path + `/rest/v(\d{1,3})(?:_(\d{1,3}))?/(.*)$`)

// request is one call of the REST API.
type request struct {
	*sandbox.Call
	args map[string]any
	path []string // segments behind the version

	session *session
	user    *User
}

// operationOf is the name of the operation at a path: token, logout, sudo, public (metadata), or what the path begins with,
// such as me, ping, metadata or a module's name; empty if there is none.
func operationOf(path string) string {
	found := apiPath.FindStringSubmatch(path)
	if found == nil {
		return ""
	}
	segments := strings.Split(found[3], "/")
	if (segments[0] == "oauth2" || segments[0] == "metadata") && len(segments) > 1 {
		return segments[1]
	}
	return segments[0]
}

// answer serves one call.
func (s *Server) answer(call *sandbox.Call) sandbox.Response {
	found := apiPath.FindStringSubmatch(call.Request.URL.Path)
	if found == nil {
		return sandbox.HTML(http.StatusNotFound, "404 Not Found",
			"<h1>Not Found</h1><p>The requested URL was not found on this server.</p>")
	}
	if !supported(found[1], found[2]) {
		// The status is that of a redirect, and there is no place to go.
		return refuse("incorrect_version", fmt.Sprintf("Please change your requested API version to value between %d and %d.%d.",
			oldestMajor, newestMajor, newestV))
	}
	r := &request{Call: call, path: strings.Split(strings.Trim(found[3], "/"), "/")}
	if failed := r.arguments(); failed != nil {
		return *failed
	}
	r.session, r.user = s.state.session(call.Request.Header.Get("OAuth-Token"), s.now())
	if r.user != nil {
		call.SetUser(r.user.UserName, r.user.UserName)
	}
	if call.Operation == "token" { // it takes part in faults itself: they are attempts to sign in
		return s.token(r)
	}
	if failed := r.fault(); failed != nil {
		return *failed
	}
	return s.route(r)
}

// supported tells whether there is a version: 11_4 is 11.4, and has all of 11's.
func supported(major, minor string) bool {
	m, _ := strconv.Atoi(major) // digits
	n, _ := strconv.Atoi(minor)
	return m == oldestMajor && n == 0 || m == newestMajor && n <= newestV
}

// arguments reads what a call says in its body, as a form or as JSON.
func (r *request) arguments() *sandbox.Response {
	r.args = map[string]any{}
	if strings.HasPrefix(r.Request.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		form, err := url.ParseQuery(string(r.Body))
		if err != nil {
			return new(refuse("invalid_parameter", ""))
		}
		for name := range form {
			r.args[name] = form.Get(name)
		}
		return nil
	}
	if len(r.Body) > 0 && json.Unmarshal(r.Body, &r.args) != nil {
		return new(refuse("invalid_parameter", ""))
	}
	return nil
}

// arg is an argument that is text; empty if there is none.
func (r *request) arg(name string) string {
	text, _ := r.args[name].(string)
	return text
}

// jsonResponse is an answer with a value as JSON.
func jsonResponse(status int, value any) sandbox.Response {
	return sandbox.JSON(status, http.Header{"Content-Type": {"application/json"}, "Cache-Control": {"no-store"}}, value)
}
