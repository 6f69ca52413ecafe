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

// The cookies of sessions: of one server, and of all that share a Web SSO Configuration document.
const (
	oneServer    = "DomAuthSessId"
	singleSignOn = "LtpaToken"
)

// Why the login form is there, in the words of Domino's own form.
const (
	askedFor      = ""
	notAuthorized = "You are not authorized to perform this operation."
	notValid      = "You provided an invalid username or password."
)

// cookie is the name of the cookie of sessions.
func (s *Server) cookie() string {
	if s.state.setup.SingleSignOn {
		return singleSignOn
	}
	return oneServer
}

// identify finds who calls; without credentials, nobody does. Refused ones are an answer.
func (s *Server) identify(r *request) *sandbox.Response {
	if s.state.setup.Session {
		if c, err := r.Request.Cookie(s.cookie()); err == nil {
			r.person = s.byID(s.state.sessions[c.Value])
		}
		return nil // Domino does not look at Basic credentials then
	}
	name, password, ok := basic(r.Request)
	if !ok {
		return nil
	}
	if f, ok := r.Fault(KindNoAccess); ok && r.database == "" {
		r.RecordSignIn(sandbox.SignIn{Scheme: "Basic", User: name, Secret: password, Reason: string(f.Kind) + " as scripted"})
		return new(challenge())
	}
	person, reason := s.signIn(name, password)
	// Every call carries the credentials: those after the first that is taken are no attempts to get in.
	if reason != "" || r.Conn.State != person.ID {
		r.RecordSignIn(sandbox.SignIn{Scheme: "Basic", User: name, Secret: password, Accepted: reason == "", Reason: reason})
	}
	if reason != "" {
		return new(challenge())
	}
	r.person, r.Conn.State = person, person.ID
	return nil
}

// basic reads Basic credentials. Domino takes them as ISO-8859-1.
func basic(r *http.Request) (name, password string, ok bool) {
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

// signIn finds who a name and an Internet password are, or the reason why nobody, which the client is not told.
func (s *Server) signIn(name, password string) (*Person, string) {
	person := s.named(name)
	switch {
	case person == nil:
		return nil, "unknown name"
	case person.LockedOut:
		return nil, "locked out"
	case password != person.Password:
		s.state.refused[person.ID]++
		if s.lockAfter > 0 && s.state.refused[person.ID] >= s.lockAfter {
			person.LockedOut = true
		}
		return nil, "wrong password"
	}
	s.state.refused[person.ID] = 0
	return person, ""
}

// labels are what stands in front of the parts of a canonical name.
var labels = regexp.MustCompile(`(?i)(^|/)(?:CN|OU|O)=`)

// named finds the person whom a name means, with labels or without.
func (s *Server) named(name string) *Person {
	name = labels.ReplaceAllString(name, "$1")
	return s.find(func(p Person) bool {
		return slices.ContainsFunc(p.keys(), func(key string) bool { return key != "" && strings.EqualFold(key, name) })
	})
}

func (s *Server) byID(id string) *Person {
	return s.find(func(p Person) bool { return p.ID == id })
}

func (s *Server) find(fits func(Person) bool) *Person {
	return sandbox.Find(s.state.people, fits)
}

// login is the form's target: POST /names.nsf?Login.
func (s *Server) login(r *request) sandbox.Response {
	if !s.state.setup.Session {
		return challenge()
	}
	if r.Request.Method != http.MethodPost {
		return form(askedFor)
	}
	given, err := url.ParseQuery(string(r.Body))
	if err != nil {
		return page(http.StatusBadRequest, "HTTP Web Server: Invalid POST Request Exception")
	}
	attempt := sandbox.SignIn{Scheme: "session", User: given.Get("Username"), Secret: given.Get("Password")}
	if failed := s.fault(r); failed != nil {
		attempt.Reason = "as scripted"
		r.RecordSignIn(attempt)
		return *failed
	}
	person, reason := s.signIn(attempt.User, attempt.Secret)
	attempt.Accepted, attempt.Reason = reason == "", reason
	r.RecordSignIn(attempt)
	if reason != "" {
		return form(notValid)
	}
	value := rand.Text()
	s.state.sessions[value] = person.ID
	answer := sandbox.HTML(http.StatusFound, "302 Found", "")
	location := given.Get("RedirectTo")
	if !strings.HasPrefix(location, "/") || strings.HasPrefix(location, "//") {
		location = "/"
	}
	answer.Header.Set("Location", location)
	answer.Header.Set("Set-Cookie", s.cookie()+"="+value+"; path=/; HttpOnly")
	return answer
}

// logout ends the caller's session: GET /names.nsf?Logout.
func (s *Server) logout(r *request) sandbox.Response {
	if c, err := r.Request.Cookie(s.cookie()); err == nil {
		delete(s.state.sessions, c.Value)
	}
	return sandbox.HTML(http.StatusOK, "Logout", "You are logged out.")
}

// noAccess refuses a caller, whoever it is: Domino does not tell who is unknown from who may not.
func (s *Server) noAccess(r *request) sandbox.Response {
	switch {
	case !s.state.setup.Session:
		return challenge()
	case r.person != nil:
		return form(notAuthorized)
	}
	return form(askedFor)
}

// challenge is how a server without session authentication refuses.
func challenge() sandbox.Response {
	answer := page(http.StatusUnauthorized,
		"HTTP Web Server: Lotus Notes Exception - You are not authorized to perform that operation")
	answer.Header.Set("WWW-Authenticate", `Basic realm="/"`)
	return answer
}

// form is the login form, with the status of success, as a server with session authentication refuses.
func form(reason string) sandbox.Response {
	return sandbox.HTML(http.StatusOK, "Server Login", `<p>`+reason+`</p>
<form method="post" action="/names.nsf?Login" name="_DominoForm">
<input name="Username" value="" maxlength=256 size=30> <input name="Password" value="" type=password maxlength=256>
<input name="RedirectTo" value="" type=hidden> <input type=submit value="Sign in"></form>`)
}
