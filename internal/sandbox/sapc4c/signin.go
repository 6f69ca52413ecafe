package sapc4c

import (
	"crypto/subtle"
	"net/http"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// signIn checks the credentials of the call. Every call has them.
func (s *Server) signIn(r *request) *sandbox.Response {
	name, password, ok := r.Request.BasicAuth()
	if !ok {
		return new(unauthorized())
	}
	user := s.Find(name)
	attempt := sandbox.SignIn{Scheme: "Basic", User: name, Secret: password, Reason: s.rejectionReason(user, password)}
	attempt.Accepted = attempt.Reason == ""
	r.RecordSignIn(attempt)
	if !attempt.Accepted {
		return new(unauthorized())
	}
	s.Accept(user.UserID)
	r.user = user
	r.SetUser(user.UserID, user.UserID)
	return nil
}

// rejectionReason returns the reason of a rejected sign-in; empty if it is accepted. The reason is for the record only.
func (s *Server) rejectionReason(user *User, password string) string {
	switch {
	case user == nil:
		return "unknown user"
	case user.Locked, user.PasswordLocked:
		return "locked"
	case !user.ValidUntil.IsZero() && s.Now().After(user.ValidUntil.Add(24*time.Hour)):
		return "no longer valid"
	case subtle.ConstantTimeCompare([]byte(user.Password), []byte(password)) == 0:
		user.PasswordLocked = s.Reject(user.UserID)
		return "wrong password"
	case user.PasswordExpired:
		return "password expired"
	}
	return ""
}

// unauthorized returns the error page of the ABAP platform.
func unauthorized() sandbox.Response {
	a := sandbox.HTML(http.StatusUnauthorized, "Logon Error Message",
		"<h1>Logon failed</h1><p>What has happened? Call of URL terminated because of an error at logon.</p>")
	a.Header.Set("WWW-Authenticate", `Basic realm="SAP NetWeaver Application Server [C4C/001]"`)
	return a
}
