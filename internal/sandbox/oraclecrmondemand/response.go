package oraclecrmondemand

import (
	"crypto/subtle"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// cookie is the name of the session cookie.
const cookie = "JSESSIONID"

// request is one call.
type request struct {
	*sandbox.Call
	session string
	user    *User // whose session it is; nil if it is nobody's
}

// answer serves one call.
func (s *Server) answer(call *sandbox.Call) sandbox.Response {
	if path, _, _ := strings.Cut(call.Request.URL.Path, ";"); path != Path {
		return sandbox.HTML(http.StatusNotFound, "Error 404--Not Found", "<h2>Error 404--Not Found</h2>")
	}
	r := &request{Call: call, session: sessionOf(call.Request)}
	r.user = s.state.session(r.session, s.now())
	if r.user != nil {
		call.SetUser(r.user.SignInID(), r.user.SignInID())
	}
	if failed := s.fault(r); failed != nil {
		return *failed
	}
	switch call.Operation {
	case "login":
		return s.login(r)
	case "logoff":
		delete(s.state.sessions, r.session)
		return text(http.StatusOK, "Logged off.")
	}
	return s.service(r)
}

// sessionOf is the session that a call names: in a cookie, or in the path.
func sessionOf(r *http.Request) string {
	if found, err := r.Cookie(cookie); err == nil {
		return found.Value
	}
	_, id, _ := strings.Cut(r.URL.Path, ";jsessionid=")
	return id
}

// login checks the headers UserName and Password, which are URL-encoded if the call says so.
func (s *Server) login(r *request) sandbox.Response {
	name, password := r.Request.Header.Get("UserName"), r.Request.Header.Get("Password")
	if strings.EqualFold(r.Request.URL.Query().Get("isEncoded"), "Y") {
		var failed [2]error
		name, failed[0] = url.QueryUnescape(name)
		password, failed[1] = url.QueryUnescape(password)
		if failed[0] != nil || failed[1] != nil {
			return rejectLogin(http.StatusForbidden)
		}
	}
	user := s.state.user(name)
	attempt := sandbox.SignIn{Scheme: "login", User: name, Secret: password, Reason: s.loginError(user, password)}
	attempt.Accepted = attempt.Reason == ""
	r.RecordSignIn(attempt)
	if !attempt.Accepted {
		return rejectLogin(http.StatusForbidden)
	}
	delete(s.state.refused, user.SignInID())
	if !user.WebServices {
		return fault(http.StatusInternalServerError, "SBL-DAT-00553", "Access denied.(SBL-DAT-00553)")
	}
	id, ok := s.state.open(*user, s.now())
	if !ok {
		return tooMany()
	}
	r.SetUser(user.SignInID(), user.SignInID())
	answer := text(http.StatusOK, "Login successful.")
	secure := ""
	if r.Request.TLS != nil {
		secure = "; Secure"
	}
	answer.Header["Set-Cookie"] = []string{
		cookie + "=" + id + "; path=" + Path + "; HttpOnly" + secure, "BIGipServerpool=1677787402.36895.0000; path=/" + secure,
	}
	return answer
}

// loginError is why somebody cannot sign in; empty if they can. The client is not told.
func (s *Server) loginError(user *User, password string) string {
	switch {
	case user == nil:
		return "unknown user"
	case !user.Active:
		return "inactive"
	case user.Locked:
		return "locked"
	case subtle.ConstantTimeCompare([]byte(user.Password), []byte(password)) == 0:
		if s.state.refused[user.SignInID()]++; s.state.refused[user.SignInID()] == s.lockAfter {
			user.Locked = true
		}
		return "wrong password"
	case user.PasswordExpired:
		return "password expired"
	}
	return ""
}

// rejectLogin is a login without a session.
func rejectLogin(status int) sandbox.Response {
	return text(status, "The user sign in ID or password that you entered is not valid. Check whether Caps Lock is on.")
}

// tooMany is a login while there are as many sessions as there may be.
func tooMany() sandbox.Response {
	return fault(http.StatusInternalServerError, lostSession,
		"com.siebel.occam.integration.IntegrationServletException(SBL-ODU-01006)")
}

func text(status int, said string) sandbox.Response {
	header := http.Header{"Content-Type": {"text/plain; charset=UTF-8"}, "Cache-Control": {"no-cache"}}
	return sandbox.Response{Status: status, Header: header, Body: []byte(said)}
}

// lostSession is the code of Oracle's for a session that is not there, among other things.
const lostSession = "SBL-ODU-01006"

// fault is a SOAP fault with a code and a text.
func fault(status int, code, said string) sandbox.Response {
	return envelope(status, fmt.Sprintf(`<SOAP-ENV:Fault><faultcode>SOAP-ENV:Server</faultcode><faultstring>%s</faultstring>`+
		`<detail><ErrorCode>%s</ErrorCode><ErrorMessage>%s</ErrorMessage></detail></SOAP-ENV:Fault>`,
		escaped(said), escaped(code), escaped(said)))
}

func envelope(status int, body string) sandbox.Response {
	return sandbox.Response{
		Status: status, Header: http.Header{"Content-Type": {"text/xml;charset=UTF-8"}},
		Body: []byte(`<?xml version="1.0" encoding="UTF-8"?>` +
			`<SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/"><SOAP-ENV:Body>` + body +
			`</SOAP-ENV:Body></SOAP-ENV:Envelope>`),
	}
}
