package salesforce

import (
	"html"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// SchemeForm is the scheme of a recorded sign-in at the authorize page.
const SchemeForm = "form"

// authorization is a request to the authorize page.
type authorization struct {
	server *Server
	call   *sandbox.Call
	query  url.Values
	scopes []string
}

// authorize serves the authorize page: a sign-in form, and the redirect with a code. It shows no consent page, so only
// users sign in whom an administrator has approved, and it keeps no browser sessions.
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
	if code := a.check(); code != "" {
		return a.redirect(url.Values{"error": {code}, "error_description": {tokenErrors[code]}})
	}
	form, err := call.Form()
	if call.Request.Method != http.MethodPost || err != nil {
		return a.loginPage("")
	}
	return a.signIn(form.Get("un"), form.Get("pw"))
}

// check checks the parameters of the client, and returns the code of an error.
func (a *authorization) check() (code string) {
	app, challenge, method := a.server.state.app, a.query.Get("code_challenge"), a.query.Get("code_challenge_method")
	a.scopes = strings.Fields(a.query.Get("scope"))
	if len(a.scopes) == 0 {
		a.scopes = slices.Clone(app.Scopes)
	}
	switch {
	case slices.ContainsFunc(a.scopes, func(scope string) bool { return !slices.Contains(app.Scopes, scope) }):
		return "invalid_scope"
	case !app.Installed:
		return "OAUTH_EC_APP_NOT_FOUND"
	case a.query.Get("response_type") != "code":
		return "unsupported_response_type"
	case app.PKCE && challenge == "", method != "" && method != "S256": // without a method it is S256
		return "invalid_request"
	}
	return ""
}

// signIn checks the submitted sign-in form, and redirects the user back with a code.
func (a *authorization) signIn(username, password string) sandbox.Response {
	s := a.server
	user := s.Find(username)
	attempt := sandbox.SignIn{Scheme: SchemeForm, User: username, Secret: password}
	switch {
	case user == nil:
		attempt.Reason = "unknown user"
	case user.Password != password:
		attempt.Reason = "wrong password"
	case !user.Active || user.IPRestricted || !user.Approved:
		attempt.Reason = "the user may not sign in"
	}
	attempt.Accepted = attempt.Reason == ""
	a.call.RecordSignIn(attempt)
	if !attempt.Accepted {
		return a.loginPage("Please check your username and password. If you still can't log in, contact your Salesforce administrator.")
	}
	a.call.SetUser(user.Username, user.Username)
	issued := "aPrx" + sandbox.Random(3)
	s.state.tokens.codes[issued] = &code{
		userID: user.ID, scopes: a.scopes, redirectURI: a.query.Get("redirect_uri"),
		challenge: a.query.Get("code_challenge"), issued: s.Now(),
	}
	return a.redirect(url.Values{"code": {issued}})
}

// redirect sends the browser back to the client, with the state of its request.
func (a *authorization) redirect(result url.Values) sandbox.Response {
	to, err := url.Parse(a.query.Get("redirect_uri"))
	if err != nil {
		return errorPage("redirect_uri_mismatch")
	}
	result.Set("state", a.query.Get("state"))
	to.RawQuery = result.Encode()
	return sandbox.Response{Status: http.StatusFound, Header: http.Header{"Location": {to.String()}}}
}

// loginPage returns the sign-in form.
func (a *authorization) loginPage(message string) sandbox.Response {
	return sandbox.HTML(http.StatusOK, "Login | Salesforce", `<form method="post" action="`+
		html.EscapeString(authorizePath+"?"+a.query.Encode())+`"><p id="error">`+html.EscapeString(message)+`</p>`+
		`<label>Username <input name="un"></label><label>Password <input name="pw" type="password"></label>`+
		`<button>Log In</button></form>`)
}

// errorPage is shown to the user if the error cannot be sent to the client.
func errorPage(code string) sandbox.Response {
	return sandbox.HTML(http.StatusBadRequest, "OAuth Error", "<h1>OAuth Error</h1><p>error="+code+
		"&amp;error_description="+html.EscapeString(tokenErrors[code])+"</p>")
}
