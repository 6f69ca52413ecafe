package exchange

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/ews"
)

// answer serves one HTTP request.
func (s *Server) answer(call *sandbox.Call) sandbox.Answer {
	path := call.Request.URL.Path
	if strings.HasPrefix(strings.ToLower(path), "/owa") {
		return sandbox.HTML(http.StatusOK, "Outlook", `<form action="/owa/auth.owa" method="post">Sign in</form>`)
	}
	if !strings.EqualFold(path, Path) {
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
	return s.ews.Answer(call, ews.Caller{Account: actor, Impersonation: actor.Impersonation})
}

// loginPage is what a server says that wants a person's sign-in instead.
func (s *Server) loginPage() sandbox.Answer {
	answer := sandbox.HTML(http.StatusFound, "Document Moved", "<h1>Object Moved</h1>")
	target := "/owa/auth/logon.aspx?url=" + url.QueryEscape(s.URL()) + "&reason=0"
	answer.Header.Set("Location", s.Host.URL()+target)
	return answer
}
