package salesforce

import (
	"cmp"
	"html"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// cookie keeps a person signed in to Salesforce in the browser.
const cookie = "sid"

// SchemeForm is how a person's sign-in at the authorize page is recorded.
const SchemeForm = "form"

// authorization is a request to the authorize page whose client is proved to be the app.
type authorization struct {
	server *Server
	call   *sandbox.Call
	query  url.Values
	scopes []string
}

// authorize serves the authorize page: sign in if need be, let the app in, go back with a code. With a session open in
// the browser nobody is asked who they are, unless the client says prompt=login.
func (s *Server) authorize(call *sandbox.Call) sandbox.Response {
	a := &authorization{server: s, call: call, query: call.Request.URL.Query()}
	app := s.state.app
	// An address that is not the app's must not be sent anything, errors included.
	switch {
	case a.query.Get("client_id") != app.ConsumerKey:
		return oauthPage("invalid_client_id")
	case !slices.Contains(app.CallbackURLs, a.query.Get("redirect_uri")):
		return oauthPage("redirect_uri_mismatch")
	}
	if f, ok := call.Fault(KindCallbackError); ok {
		return a.back(f.Code, cmp.Or(f.Message, tokenErrors[f.Code]))
	}
	if code, description := a.check(); code != "" {
		return a.back(code, description)
	}
	form := url.Values{}
	if call.Request.Method == http.MethodPost {
		var err error
		if form, err = url.ParseQuery(string(call.Body)); err != nil {
			return sandbox.Response{Status: http.StatusBadRequest}
		}
	}
	if form.Has("un") {
		return a.signIn(form.Get("un"), form.Get("pw"))
	}
	user := a.browser()
	again := call.Request.Method != http.MethodPost && slices.Contains(strings.Fields(a.query.Get("prompt")), "login")
	switch {
	case user == nil || again:
		return a.form("")
	case form.Has("deny"):
		return a.back("access_denied", tokenErrors["access_denied"])
	}
	return a.proceed(*user, form.Has("allow"))
}

// check looks at what the client asks for.
func (a *authorization) check() (code, description string) {
	app, challenge, method := a.server.state.app, a.query.Get("code_challenge"), a.query.Get("code_challenge_method")
	a.scopes = strings.Fields(a.query.Get("scope"))
	if len(a.scopes) == 0 {
		a.scopes = slices.Clone(app.Scopes)
	}
	for _, scope := range a.scopes {
		refreshes := isRefresh(scope) && slices.ContainsFunc(app.Scopes, isRefresh) // by either of its names
		if !refreshes && !slices.Contains(app.Scopes, scope) {
			return "invalid_scope", tokenErrors["invalid_scope"]
		}
	}
	switch {
	case !app.Installed:
		return "OAUTH_EC_APP_NOT_FOUND", tokenErrors["OAUTH_EC_APP_NOT_FOUND"]
	case a.query.Get("response_type") != "code":
		return "unsupported_response_type", tokenErrors["unsupported_response_type"]
	case app.PKCE && challenge == "":
		return "invalid_request", "missing required code challenge"
	case method != "" && method != "S256": // without a method S256 is meant
		return "invalid_request", "code challenge method not supported"
	}
	return "", ""
}

// browser is who is signed in to Salesforce in this browser.
func (a *authorization) browser() *User {
	c, err := a.call.Request.Cookie(cookie)
	if err != nil {
		return nil
	}
	user := a.server.state.userByID(a.server.state.tokens.browsers[c.Value])
	if user == nil || !user.Active {
		return nil
	}
	return user
}

// signIn looks at a person's form.
func (a *authorization) signIn(username, password string) sandbox.Response {
	user := a.server.state.user(username)
	attempt := sandbox.SignIn{Scheme: SchemeForm, User: username, Secret: password}
	switch {
	case user == nil:
		attempt.Reason = "unknown user"
	case user.Password != password:
		attempt.Reason = "wrong password"
	case !user.Active:
		attempt.Reason = "user inactive"
	case user.IPRestricted:
		attempt.Reason = "ip restricted"
	}
	attempt.Accepted = attempt.Reason == ""
	a.call.RecordSignIn(attempt)
	if !attempt.Accepted {
		return a.form("Please check your username and password. If you still can't log in, contact your Salesforce administrator.")
	}
	value := sandbox.Random(2)
	a.server.state.tokens.browsers[value] = user.ID
	answer := a.proceed(*user, false)
	kept := http.Cookie{ //nolint:gosec // secure wherever the stand-in speaks TLS
		Name: cookie, Value: value, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode,
		Secure: strings.HasPrefix(a.server.LoginURL(), "https:"),
	}
	answer.Header.Add("Set-Cookie", kept.String())
	return answer
}

// proceed goes on with somebody who is signed in; the app may need to be let in first.
func (a *authorization) proceed(user User, allowed bool) sandbox.Response {
	s := a.server
	a.call.SetUser(user.Username, user.Username)
	if s.state.app.AdminApproved && !user.Approved {
		return a.back("OAUTH_APP_ACCESS_DENIED", tokenErrors["OAUTH_APP_ACCESS_DENIED"])
	}
	known := s.state.app.AdminApproved || s.state.tokens.approved(user)
	if !allowed && (!known || slices.Contains(strings.Fields(a.query.Get("prompt")), "consent")) {
		return a.consent(user)
	}
	issued := "aPrx" + sandbox.Random(3)
	s.state.tokens.codes[issued] = &code{
		userID: user.ID, scopes: a.scopes, redirectURI: a.query.Get("redirect_uri"),
		challenge: a.query.Get("code_challenge"), issued: s.now(),
	}
	return a.redirect(url.Values{"code": {issued}})
}

// back sends the browser back with an error.
func (a *authorization) back(code, description string) sandbox.Response {
	return a.redirect(url.Values{"error": {code}, "error_description": {description}})
}

// redirect sends the browser back to the client, with the state it came with.
func (a *authorization) redirect(answer url.Values) sandbox.Response {
	to, err := url.Parse(a.query.Get("redirect_uri"))
	if err != nil {
		return oauthPage("redirect_uri_mismatch")
	}
	query := to.Query()
	maps.Copy(query, answer)
	if a.query.Has("state") {
		query.Set("state", a.query.Get("state"))
	}
	to.RawQuery = query.Encode()
	return sandbox.Response{Status: http.StatusFound, Header: http.Header{"Location": {to.String()}}}
}

// form is the page that asks who somebody is.
func (a *authorization) form(problem string) sandbox.Response {
	return sandbox.HTML(http.StatusOK, "Login | Salesforce", `<form method="post" action="`+a.self()+`">`+
		`<p id="error">`+html.EscapeString(problem)+`</p>`+
		`<label>Username <input name="un" value="`+html.EscapeString(a.query.Get("login_hint"))+`"></label>`+
		`<label>Password <input name="pw" type="password"></label><button>Log In</button></form>`)
}

// consent is the page that asks whether the app may in.
func (a *authorization) consent(user User) sandbox.Response {
	return sandbox.HTML(http.StatusOK, "Allow Access?", `<form method="post" action="`+a.self()+`">`+
		`<p>`+html.EscapeString(a.server.state.app.Name)+` is asking to: `+html.EscapeString(strings.Join(a.scopes, ", "))+
		`. You are signed in as `+html.EscapeString(user.Username)+`.</p>`+
		`<button name="allow" value="1">Allow</button><button name="deny" value="1">Deny</button></form>`)
}

// self is where a form of the page is sent: to the page itself.
func (a *authorization) self() string {
	return html.EscapeString(authorizePath + "?" + a.query.Encode())
}

// oauthPage is what a person sees where the client cannot be told.
func oauthPage(code string) sandbox.Response {
	return sandbox.HTML(http.StatusBadRequest, "OAuth Error", "<h1>OAuth Error</h1><p>error="+code+
		"&amp;error_description="+html.EscapeString(tokenErrors[code])+"</p>")
}
