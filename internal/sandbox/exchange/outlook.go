package exchange

import (
	"crypto/rand"
	"crypto/subtle"
	"net/http"
	"net/url"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// outlookWeb serves the sign-in of Outlook on the web: it redirects to the form, and a correct password leads back with
// a cookie. The mailbox behind it is left out.
func (s *Server) outlookWeb(call *sandbox.Call, path string) sandbox.Response {
	switch {
	case path == "/owa/auth/logon.aspx":
		return sandbox.HTML(http.StatusOK, "Outlook", `<form action="/owa/auth.owa" method="post">`+
			`<input name="username"><input name="password" type="password"><button>Sign in</button></form>`)
	case path == "/owa/auth.owa" && call.Request.Method == http.MethodPost:
		return s.logOn(call)
	}
	return s.redirect("/owa/auth/logon.aspx?url=" + url.QueryEscape(s.OWA()) + "&reason=0")
}

// logOn handles the submitted form.
func (s *Server) logOn(call *sandbox.Call) sandbox.Response {
	form, err := call.Form()
	if err != nil {
		return sandbox.Response{Status: http.StatusBadRequest}
	}
	user, password := form.Get("username"), form.Get("password")
	domain, name, found := strings.Cut(user, `\`)
	if !found {
		domain, name = "", user
	}
	_, reason := s.directory.SignIn(domain, name, func(want string) bool {
		return subtle.ConstantTimeCompare([]byte(password), []byte(want)) == 1
	})
	call.RecordSignIn(sandbox.SignIn{Scheme: "Form", User: user, Secret: password, Accepted: reason == "", Reason: reason})
	if reason != "" {
		return s.redirect("/owa/auth/logon.aspx?url=" + url.QueryEscape(s.OWA()) + "&reason=2")
	}
	response := s.redirect("/owa/")
	response.Header.Set("Set-Cookie", "cadata="+rand.Text()+"; path=/; HttpOnly")
	return response
}
