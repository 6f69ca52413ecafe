package hclnotes

import (
	"crypto/rand"
	"encoding/base64"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// The session cookies: of one server, and of all servers that share a Web SSO Configuration document.
const (
	oneServer    = "DomAuthSessId"
	singleSignOn = "LtpaToken"
)

// The reasons in the login form, in Domino's own texts.
const (
	noReason      = ""
	notAuthorized = "You are not authorized to perform this operation."
	invalidLogin  = "You provided an invalid username or password."
)

// cookie is the name of the session cookie.
func (s *Server) cookie() string {
	if s.state.setup.SingleSignOn {
		return singleSignOn
	}
	return oneServer
}

// authenticate finds the caller. Without credentials it returns nil. Rejected credentials result in a response.
func (s *Server) authenticate(r *request) *sandbox.Response {
	if s.state.setup.Session {
		if c, err := r.Request.Cookie(s.cookie()); err == nil {
			r.person = s.findByID(s.state.sessions[c.Value])
		}
		return nil // Domino ignores Basic credentials in this case
	}
	name, password, ok := basicCredentials(r.Request)
	if !ok {
		return nil
	}
	if f, ok := r.Fault(KindNoAccess); ok && r.database == "" {
		r.RecordSignIn(sandbox.SignIn{Scheme: "Basic", User: name, Secret: password, Reason: string(f.Kind) + " as scripted"})
		return new(unauthorized())
	}
	person, reason := s.signIn(name, password)
	// Every call contains the credentials. Only the first accepted ones of a connection are a sign-in attempt.
	if reason != "" || r.Conn.State != person.ID {
		r.RecordSignIn(sandbox.SignIn{Scheme: "Basic", User: name, Secret: password, Accepted: reason == "", Reason: reason})
	}
	if reason != "" {
		return new(unauthorized())
	}
	r.person, r.Conn.State = person, person.ID
	return nil
}

// basicCredentials parses Basic credentials. Domino decodes them as ISO-8859-1.
func basicCredentials(r *http.Request) (name, password string, ok bool) {
	scheme, encoded, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	raw, err := base64.StdEncoding.DecodeString(encoded)
	if !strings.EqualFold(scheme, "Basic") || err != nil {
		return "", "", false
	}
	text := make([]rune, len(raw))
	for i, b := range raw {
		text[i] = rune(b)
	}
	return strings.Cut(string(text), ":")
}

// signIn returns the person of a name and an Internet password, or the reason of the rejection. The reason is for the
// record only.
func (s *Server) signIn(name, password string) (*Person, string) {
	person := s.findByName(name)
	switch {
	case person == nil:
		return nil, "unknown name"
	case person.LockedOut:
		return nil, "locked out"
	case password != person.Password:
		person.LockedOut = s.Reject(person.ID)
		return nil, "wrong password"
	}
	s.Accept(person.ID)
	return person, ""
}

// labels matches the labels in a canonical name.
var labels = regexp.MustCompile(`(?i)(^|/)(?:CN|OU|O)=`)

// findByName finds the person with a name, which may have labels.
func (s *Server) findByName(name string) *Person {
	name = labels.ReplaceAllString(name, "$1")
	return s.FindFunc(func(p Person) bool {
		return slices.ContainsFunc(p.names(), func(key string) bool { return key != "" && strings.EqualFold(key, name) })
	})
}

func (s *Server) findByID(id string) *Person {
	return s.FindFunc(func(p Person) bool { return p.ID == id })
}

// login handles the submitted form: POST /names.nsf?Login.
func (s *Server) login(r *request) sandbox.Response {
	if !s.state.setup.Session {
		return unauthorized()
	}
	if r.Request.Method != http.MethodPost {
		return loginForm(noReason)
	}
	values, err := url.ParseQuery(string(r.Body))
	if err != nil {
		return errorPage(http.StatusBadRequest, "HTTP Web Server: Invalid POST Request Exception")
	}
	attempt := sandbox.SignIn{Scheme: "session", User: values.Get("Username"), Secret: values.Get("Password")}
	if response := s.scriptedFault(r); response != nil {
		attempt.Reason = "as scripted"
		r.RecordSignIn(attempt)
		return *response
	}
	person, reason := s.signIn(attempt.User, attempt.Secret)
	attempt.Accepted, attempt.Reason = reason == "", reason
	r.RecordSignIn(attempt)
	if reason != "" {
		return loginForm(invalidLogin)
	}
	value := rand.Text()
	s.state.sessions[value] = person.ID
	redirect := sandbox.HTML(http.StatusFound, "302 Found", "")
	location := values.Get("RedirectTo")
	if !strings.HasPrefix(location, "/") || strings.HasPrefix(location, "//") {
		location = "/"
	}
	redirect.Header.Set("Location", location)
	redirect.Header.Set("Set-Cookie", s.cookie()+"="+value+"; path=/; HttpOnly")
	return redirect
}

// logout ends the caller's session: GET /names.nsf?Logout.
func (s *Server) logout(r *request) sandbox.Response {
	if c, err := r.Request.Cookie(s.cookie()); err == nil {
		delete(s.state.sessions, c.Value)
	}
	return sandbox.HTML(http.StatusOK, "Logout", "You are logged out.")
}

// noAccess rejects a caller. Domino does not distinguish an unknown caller from one without access.
func (s *Server) noAccess(r *request) sandbox.Response {
	switch {
	case !s.state.setup.Session:
		return unauthorized()
	case r.person != nil:
		return loginForm(notAuthorized)
	}
	return loginForm(noReason)
}

// unauthorized is the response of a server without session authentication.
func unauthorized() sandbox.Response {
	response := errorPage(http.StatusUnauthorized,
		"HTTP Web Server: Lotus Notes Exception - You are not authorized to perform that operation")
	response.Header.Set("WWW-Authenticate", `Basic realm="/"`)
	return response
}

// loginForm is the response of a server with session authentication: the login form, with the status of success.
func loginForm(reason string) sandbox.Response {
	return sandbox.HTML(http.StatusOK, "Server Login", `<p>`+reason+`</p>
<form method="post" action="/names.nsf?Login" name="_DominoForm">
<input name="Username" value="" maxlength=256 size=30> <input name="Password" value="" type=password maxlength=256>
<input name="RedirectTo" value="" type=hidden> <input type=submit value="Sign in"></form>`)
}
