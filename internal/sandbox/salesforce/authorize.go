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

// sessionCookie is the cookie of a browser session at Salesforce.
const sessionCookie = "sid"

// SchemeForm is the scheme of a recorded sign-in at the authorize page.
const SchemeForm = "form"

// authorization is a request to the authorize page.
type authorization struct {
	server *Server
	call   *sandbox.Call
	query  url.Values
	scopes []string
}

// authorize serves the authorize page: sign-in form, consent page, redirect with a code. If the browser has a session,
// no sign-in form is shown, unless the client sends prompt=login.
func (s *Server) authorize(call *sandbox.Call) sandbox.Response {
	a := &authorization{server: s, call: call, query: call.Request.URL.Query()}
	app := s.state.app
	// Nothing may be sent to an address that is not the app's, not even an error.
	switch {
	case a.query.Get("client_id") != app.ConsumerKey:
		return errorPage("invalid_client_id")
	case !slices.Contains(app.CallbackURLs, a.query.Get("redirect_uri")):
		return errorPage("redirect_uri_mismatch")
	}
	if f, ok := call.Fault(KindCallbackError); ok {
		return a.redirectError(f.Code, cmp.Or(f.Message, tokenErrors[f.Code]))
	}
	if code, description := a.check(); code != "" {
		return a.redirectError(code, description)
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
	user := a.signedInUser()
	forceLogin := call.Request.Method != http.MethodPost && slices.Contains(strings.Fields(a.query.Get("prompt")), "login")
	switch {
	case user == nil || forceLogin:
		return a.loginPage("")
	case form.Has("deny"):
		return a.redirectError("access_denied", tokenErrors["access_denied"])
	}
	return a.issueCode(*user, form.Has("allow"))
}

// check checks the parameters of the client.
func (a *authorization) check() (code, description string) {
	app, challenge, method := a.server.state.app, a.query.Get("code_challenge"), a.query.Get("code_challenge_method")
	a.scopes = strings.Fields(a.query.Get("scope"))
	if len(a.scopes) == 0 {
		a.scopes = slices.Clone(app.Scopes)
	}
	for _, scope := range a.scopes {
		isRefresh := isRefreshScope(scope) && slices.ContainsFunc(app.Scopes, isRefreshScope) // the scope has two names
		if !isRefresh && !slices.Contains(app.Scopes, scope) {
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
	case method != "" && method != "S256": // without a method it is S256
		return "invalid_request", "code challenge method not supported"
	}
	return "", ""
}

// signedInUser returns the user of the browser session; nil without a session.
func (a *authorization) signedInUser() *User {
	c, err := a.call.Request.Cookie(sessionCookie)
	if err != nil {
		return nil
	}
	user := a.server.state.userByID(a.server.state.tokens.browsers[c.Value])
	if user == nil || !user.Active {
		return nil
	}
	return user
}

// signIn checks the submitted sign-in form.
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
		return a.loginPage("Please check your username and password. If you still can't log in, contact your Salesforce administrator.")
	}
	value := sandbox.Random(2)
	a.server.state.tokens.browsers[value] = user.ID
	response := a.issueCode(*user, false)
	session := http.Cookie{ //nolint:gosec // it is secure if the stand-in uses TLS
		Name: sessionCookie, Value: value, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode,
		Secure: strings.HasPrefix(a.server.LoginURL(), "https:"),
	}
	response.Header.Add("Set-Cookie", session.String())
	return response
}

// issueCode redirects a signed-in user back with a code, or shows the consent page first.
func (a *authorization) issueCode(user User, allowed bool) sandbox.Response {
	s := a.server
	a.call.SetUser(user.Username, user.Username)
	if s.state.app.AdminApproved && !user.Approved {
		return a.redirectError("OAUTH_APP_ACCESS_DENIED", tokenErrors["OAUTH_APP_ACCESS_DENIED"])
	}
	known := s.state.app.AdminApproved || s.state.tokens.hasApproval(user)
	if !allowed && (!known || slices.Contains(strings.Fields(a.query.Get("prompt")), "consent")) {
		return a.consentPage(user)
	}
	issued := "aPrx" + sandbox.Random(3)
	s.state.tokens.codes[issued] = &code{
		userID: user.ID, scopes: a.scopes, redirectURI: a.query.Get("redirect_uri"),
		challenge: a.query.Get("code_challenge"), issued: s.now(),
	}
	return a.redirect(url.Values{"code": {issued}})
}

// redirectError sends the browser back with an error.
func (a *authorization) redirectError(code, description string) sandbox.Response {
	return a.redirect(url.Values{"error": {code}, "error_description": {description}})
}

// redirect sends the browser back to the client, with the state of its request.
func (a *authorization) redirect(result url.Values) sandbox.Response {
	to, err := url.Parse(a.query.Get("redirect_uri"))
	if err != nil {
		return errorPage("redirect_uri_mismatch")
	}
	query := to.Query()
	maps.Copy(query, result)
	if a.query.Has("state") {
		query.Set("state", a.query.Get("state"))
	}
	to.RawQuery = query.Encode()
	return sandbox.Response{Status: http.StatusFound, Header: http.Header{"Location": {to.String()}}}
}

// loginPage returns the sign-in form.
func (a *authorization) loginPage(message string) sandbox.Response {
	return sandbox.HTML(http.StatusOK, "Login | Salesforce", `<form method="post" action="`+a.formAction()+`">`+
		`<p id="error">`+html.EscapeString(message)+`</p>`+
		`<label>Username <input name="un" value="`+html.EscapeString(a.query.Get("login_hint"))+`"></label>`+
		`<label>Password <input name="pw" type="password"></label><button>Log In</button></form>`)
}

// consentPage asks the user to approve the app.
func (a *authorization) consentPage(user User) sandbox.Response {
	return sandbox.HTML(http.StatusOK, "Allow Access?", `<form method="post" action="`+a.formAction()+`">`+
		`<p>`+html.EscapeString(a.server.state.app.Name)+` is asking to: `+html.EscapeString(strings.Join(a.scopes, ", "))+
		`. You are signed in as `+html.EscapeString(user.Username)+`.</p>`+
		`<button name="allow" value="1">Allow</button><button name="deny" value="1">Deny</button></form>`)
}

// formAction is the address of the page's forms: the page itself.
func (a *authorization) formAction() string {
	return html.EscapeString(authorizePath + "?" + a.query.Encode())
}

// errorPage is shown to the user if the error cannot be sent to the client.
func errorPage(code string) sandbox.Response {
	return sandbox.HTML(http.StatusBadRequest, "OAuth Error", "<h1>OAuth Error</h1><p>error="+code+
		"&amp;error_description="+html.EscapeString(tokenErrors[code])+"</p>")
}
