package exchange

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/ews"
)

// operation returns the operation of EWS or the service of Autodiscover.
func operation(r *http.Request, body []byte) string {
	switch strings.ToLower(r.URL.Path) {
	case poxPath:
		return pox
	case soapPath:
		return soap
	}
	return ews.Operation(body)
}

// serve serves one HTTP request.
func (s *Server) serve(call *sandbox.Call) sandbox.Response {
	path := strings.ToLower(call.Request.URL.Path)
	switch {
	case path == "/owa" || strings.HasPrefix(path, "/owa/"):
		return s.outlookWeb(call, path)
	case path == poxPath || path == soapPath:
		return s.autodiscover(call, path)
	case path != strings.ToLower(s.endpoint.currentPath()):
		return sandbox.HTML(http.StatusNotFound, "404 - File or directory not found.", "<h2>404 - File or directory not found.</h2>")
	}
	if _, ok := call.Fault(KindLoginPage); ok {
		return s.loginPage()
	}
	if user, password, ok := call.Request.BasicAuth(); ok {
		if f, ok := call.Fault(sandbox.KindEcho); ok {
			return ews.EchoCredentials(call, f, user, password)
		}
	}
	actor, rejection := s.signIn(call)
	if rejection != nil {
		return *rejection
	}
	if f, ok := call.Fault(sandbox.KindEcho); ok {
		return ews.EchoCredentials(call, f, actor.Login(), actor.Password)
	}
	return s.ews.Serve(call, ews.Caller{Account: actor, Impersonation: actor.Impersonation})
}

// loginPage is the redirect of a server that requires a user to sign in.
func (s *Server) loginPage() sandbox.Response {
	return s.redirect("/owa/auth/logon.aspx?url=" + url.QueryEscape(s.URL()) + "&reason=0")
}

func (s *Server) redirect(to string) sandbox.Response {
	response := sandbox.HTML(http.StatusFound, "Document Moved", "<h1>Object Moved</h1>")
	response.Header.Set("Location", s.Host.URL()+to)
	return response
}
