package sapc4c

import (
	"crypto/rand"
	"crypto/subtle"
	"net/http"
	"strings"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// request is one call of the service.
type request struct {
	*sandbox.Call
	user  *User
	asked query
}

// Names of operations that are no collections.
const (
	serviceDocument = "service"
	metadata        = "metadata"
)

// operationOf is the name of the operation at a path: service (the service document), metadata, or a collection such as
// ContactCollection; empty if it is none of the service's.
func operationOf(path string) string {
	rest, ok := strings.CutPrefix(path, Path)
	if !ok {
		return ""
	}
	switch rest {
	case "":
		return serviceDocument
	case "$metadata":
		return metadata
	}
	name, _, _ := strings.Cut(rest, "/")
	name, _, _ = strings.Cut(name, "(")
	return name
}

// answer serves one call.
func (s *Server) answer(call *sandbox.Call) sandbox.Response {
	r := &request{Call: call}
	var wrong string
	r.asked, wrong = parseQuery(call.Request.URL.RawQuery)
	if refused := s.signIn(r); refused != nil {
		return *refused
	}
	if failed := r.fault(); failed != nil {
		return *failed
	}
	switch {
	case call.Operation == "":
		return sandbox.HTML(http.StatusNotFound, "404 Not Found", "<h1>Resource not found</h1>")
	case !r.user.API:
		return r.refuse(http.StatusForbidden, "OData/003", "You are not authorized to use the service c4codataapi")
	case wrong != "":
		return r.refuse(http.StatusBadRequest, "OData/014", wrong)
	case call.Request.Method != http.MethodGet:
		return r.write()
	}
	return r.withToken(s.read(r))
}

// signIn checks the credentials that came with the call: every call carries them.
func (s *Server) signIn(r *request) *sandbox.Response {
	name, password, ok := r.Request.BasicAuth()
	if !ok {
		return new(unauthorized())
	}
	user := s.state.user(name)
	attempt := sandbox.SignIn{Scheme: "Basic", User: name, Secret: password, Reason: s.refusal(user, password)}
	attempt.Accepted = attempt.Reason == ""
	r.RecordSignIn(attempt)
	if !attempt.Accepted {
		return new(unauthorized())
	}
	delete(s.state.refused, user.UserID)
	r.user = user
	r.SetUser(user.UserID, user.UserID)
	return nil
}

// refusal is why somebody cannot sign in; empty if they can. The client is not told.
func (s *Server) refusal(user *User, password string) string {
	switch {
	case user == nil:
		return "unknown user"
	case user.Locked, user.PasswordLocked:
		return "locked"
	case !user.ValidUntil.IsZero() && s.now().After(user.ValidUntil.Add(24*time.Hour)):
		return "no longer valid"
	case subtle.ConstantTimeCompare([]byte(user.Password), []byte(password)) == 0:
		if s.state.refused[user.UserID]++; s.state.refused[user.UserID] == s.lockAfter {
			user.PasswordLocked = true
		}
		return "wrong password"
	case user.PasswordExpired:
		return "password expired"
	}
	return ""
}

// unauthorized is the page of the ABAP platform below.
func unauthorized() sandbox.Response {
	a := sandbox.HTML(http.StatusUnauthorized, "Logon Error Message",
		"<h1>Logon failed</h1><p>What has happened? Call of URL terminated because of an error at logon.</p>")
	a.Header.Set("WWW-Authenticate", `Basic realm="SAP NetWeaver Application Server [C4C/001]"`)
	return a
}

// write refuses changes: without a CSRF token as SAP does, and with one because records are read-only here.
func (r *request) write() sandbox.Response {
	if token := r.Request.Header.Get("X-Csrf-Token"); token == "" || strings.EqualFold(token, "fetch") {
		return noToken()
	}
	return r.refuse(http.StatusNotImplemented, "OData/011", "This stand-in is read-only")
}

// noToken is the answer to a change without a valid CSRF token: plain text, in whatever format.
func noToken() sandbox.Response {
	header := http.Header{"Content-Type": {"text/plain; charset=utf-8"}, "X-Csrf-Token": {"Required"}}
	return sandbox.Response{Status: http.StatusForbidden, Header: header, Body: []byte("CSRF token validation failed")}
}

// withToken adds the CSRF token that a client asked for.
func (r *request) withToken(a sandbox.Response) sandbox.Response {
	if strings.EqualFold(r.Request.Header.Get("X-Csrf-Token"), "fetch") && a.Status == http.StatusOK {
		a.Header.Set("X-Csrf-Token", rand.Text()+"==")
	}
	return a
}
