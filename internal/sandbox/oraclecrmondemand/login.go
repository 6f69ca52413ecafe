package oraclecrmondemand

import (
	"crypto/subtle"
	"net/http"
	"net/url"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// login checks the headers UserName and Password. They are URL-encoded if isEncoded=Y.
func (s *Server) login(r *request) sandbox.Response {
	name, password := r.Request.Header.Get("UserName"), r.Request.Header.Get("Password")
	if strings.EqualFold(r.Request.URL.Query().Get("isEncoded"), "Y") {
		var errs [2]error
		name, errs[0] = url.QueryUnescape(name)
		password, errs[1] = url.QueryUnescape(password)
		if errs[0] != nil || errs[1] != nil {
			return rejectLogin(http.StatusForbidden)
		}
	}
	user := s.user(name)
	attempt := sandbox.SignIn{Scheme: "login", User: name, Secret: password, Reason: s.rejectionReason(user, password)}
	attempt.Accepted = attempt.Reason == ""
	r.RecordSignIn(attempt)
	if !attempt.Accepted {
		return rejectLogin(http.StatusForbidden)
	}
	s.Accept(user.SignInID())
	if !user.WebServices {
		return fault(http.StatusInternalServerError, "SBL-DAT-00553", "Access denied.(SBL-DAT-00553)")
	}
	id, ok := s.openSession(*user)
	if !ok {
		return tooManySessions()
	}
	r.SetUser(user.SignInID(), user.SignInID())
	response := textResponse(http.StatusOK, "Login successful.")
	secure := ""
	if r.Request.TLS != nil {
		secure = "; Secure"
	}
	response.Header["Set-Cookie"] = []string{
		sessionCookie + "=" + id + "; path=" + Path + "; HttpOnly" + secure, "BIGipServerpool=1677787402.36895.0000; path=/" + secure,
	}
	return response
}

// rejectionReason returns the reason of a rejected login; empty if it is accepted. The reason is for the record only.
func (s *Server) rejectionReason(user *User, password string) string {
	switch {
	case user == nil:
		return "unknown user"
	case !user.Active:
		return "inactive"
	case user.Locked:
		return "locked"
	case subtle.ConstantTimeCompare([]byte(user.Password), []byte(password)) == 0:
		user.Locked = s.Reject(user.SignInID())
		return "wrong password"
	case user.PasswordExpired:
		return "password expired"
	}
	return ""
}

// rejectLogin is the response to a rejected login.
func rejectLogin(status int) sandbox.Response {
	return textResponse(status, "The user sign in ID or password that you entered is not valid. Check whether Caps Lock is on.")
}

// tooManySessions is the response to a login when the limit of sessions is reached.
func tooManySessions() sandbox.Response {
	return fault(http.StatusInternalServerError, sessionUnavailable,
		"com.siebel.occam.integration.IntegrationServletException(SBL-ODU-01006)")
}
