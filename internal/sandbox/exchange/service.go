package exchange

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/ews"
)

// operation is that of EWS, or the service of Autodiscover.
func operation(r *http.Request, body []byte) string {
	switch strings.ToLower(r.URL.Path) {
	case poxPath:
		return pox
	case soapPath:
		return soap
	}
	return ews.Operation(body)
}

// answer serves one HTTP request.
func (s *Server) answer(call *sandbox.Call) sandbox.Response {
	path := strings.ToLower(call.Request.URL.Path)
	switch {
	case path == "/owa" || strings.HasPrefix(path, "/owa/"):
		return s.outlook(call, path)
	case path == poxPath || path == soapPath:
		return s.autodiscover(call, path)
	case path != strings.ToLower(s.place.ews()):
		return sandbox.HTML(http.StatusNotFound, "404 - File or directory not found.", "<h2>404 - File or directory not found.</h2>")
	}
	if _, ok := call.Fault(KindLoginPage); ok {
		return s.loginPage()
	}
	if user, password, ok := call.Request.BasicAuth(); ok {
		if _, ok := call.Fault(ews.KindEcho); ok {
			return ews.Repeat(user, password)
		}
	}
	actor, refused := s.signIn(call)
	if refused != nil {
		return *refused
	}
	if _, ok := call.Fault(ews.KindEcho); ok {
		return ews.Repeat(actor.Login(), actor.Password)
	}
	return s.ews.Serve(call, ews.Caller{Account: actor, Impersonation: actor.Impersonation})
}

// loginPage is what a server says that wants a person's sign-in instead.
func (s *Server) loginPage() sandbox.Response {
	return s.redirect("/owa/auth/logon.aspx?url=" + url.QueryEscape(s.URL()) + "&reason=0")
}

func (s *Server) redirect(to string) sandbox.Response {
	answer := sandbox.HTML(http.StatusFound, "Document Moved", "<h1>Object Moved</h1>")
	answer.Header.Set("Location", s.Host.URL()+to)
	return answer
}
