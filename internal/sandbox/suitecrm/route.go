package suitecrm

import (
	"net/http"
	"regexp"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// apiPath matches a path of the API, in SuiteCRM 7 or 8.
var apiPath = regexp.MustCompile(`^(/legacy)?/Api/(access_token|V8/.+)$`)

// operationOf returns the name of the operation at a path: access_token, current-user, logout, modules or fields (of
// meta), or the name of a module whose records are read; empty for any other path.
func operationOf(path string) string {
	found := apiPath.FindStringSubmatch(path)
	if found == nil {
		return ""
	}
	segments := strings.Split(strings.TrimPrefix(found[2], "V8/"), "/")
	if (segments[0] == "meta" || segments[0] == "module") && len(segments) > 1 {
		return segments[1]
	}
	return segments[0]
}

// serve serves one call.
func (s *Server) serve(call *sandbox.Call) sandbox.Response {
	found := apiPath.FindStringSubmatch(call.Request.URL.Path)
	if len(found) == 0 || (found[1] != "") != s.state.instance.Suite8 {
		return sandbox.HTML(http.StatusNotFound, "404 Not Found",
			"<h1>Not Found</h1><p>The requested URL was not found on this server.</p>")
	}
	if f, ok := call.Fault(KindKeys); ok {
		return slimError(call.Request, f.Message)
	}
	if found[2] == "access_token" {
		return call.Deepen(s.token(call))
	}
	user, token, err := s.authenticate(call)
	if response := scriptedFault(call, nil); response != nil {
		return *response
	}
	if err != nil {
		return accessDenied(err.Error())
	}
	return call.Deepen(s.serveAPI(call, user, token, strings.Split(strings.TrimPrefix(found[2], "V8/"), "/")))
}

// authenticate returns the user of a call's access token.
func (s *Server) authenticate(call *sandbox.Call) (*User, *issuedToken, error) {
	header := call.Request.Header.Get("Authorization")
	if header == "" {
		return nil, nil, errNoHeader
	}
	id, err := verify(strings.TrimSpace(strings.TrimPrefix(header, "Bearer ")), s.Now())
	if err != nil {
		return nil, nil, err
	}
	token := s.state.tokens[id]
	if token == nil || token.revoked {
		return nil, nil, errRevoked
	}
	user := s.userByID(token.userID)
	if user == nil {
		return nil, nil, errRevoked
	}
	call.SetUser(user.UserName, user.UserName)
	return user, token, nil
}
