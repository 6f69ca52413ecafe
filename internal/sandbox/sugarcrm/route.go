package sugarcrm

import (
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// The versions of the REST API of the stand-in, which are those of Sugar 25.1.
const (
	oldestMajor              = 10
	newestMajor, newestMinor = 11, 26
)

// apiPath matches a path of the REST API: the version and the rest.
var apiPath = regexp.MustCompile(`^` + Path + `/rest/v(\d{1,3})(?:_(\d{1,3}))?/(.*)$`)

// operationOf returns the name of the operation at a path: token, logout, sudo, public (metadata), or the first
// segment, such as me, ping, metadata or the name of a module; empty for any other path.
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

// serve serves one call.
func (s *Server) serve(call *sandbox.Call) sandbox.Response {
	found := apiPath.FindStringSubmatch(call.Request.URL.Path)
	if found == nil {
		return sandbox.HTML(http.StatusNotFound, "404 Not Found",
			"<h1>Not Found</h1><p>The requested URL was not found on this server.</p>")
	}
	if !supported(found[1], found[2]) {
		// The status is that of a redirect, without a Location.
		return errorResponse("incorrect_version", fmt.Sprintf("Please change your requested API version to value between %d and %d.%d.",
			oldestMajor, newestMajor, newestMinor))
	}
	r := &request{Call: call, path: strings.Split(strings.Trim(found[3], "/"), "/")}
	if response := r.arguments(); response != nil {
		return *response
	}
	r.session, r.user = s.findSession(call.Request.Header.Get("OAuth-Token"))
	if r.user != nil {
		call.SetUser(r.user.UserName, r.user.UserName)
	}
	if call.Operation == "token" { // it applies faults itself, because they are sign-in attempts
		return r.Deepen(s.token(r))
	}
	if response := r.scriptedFault(); response != nil {
		return *response
	}
	return r.Deepen(s.route(r))
}

// supported reports whether a version exists: 11_4 is 11.4, and includes all of 11.
func supported(major, minor string) bool {
	m, _ := strconv.Atoi(major) // digits only
	n, _ := strconv.Atoi(minor)
	return m == oldestMajor && n == 0 || m == newestMajor && n <= newestMinor
}
