package entra

import (
	"crypto/rand"
	"html"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// SchemeForm is the scheme of a recorded sign-in at the authorize page.
const SchemeForm = "form"

// authorize serves the authorize page: a sign-in form, then a redirect with a code (v2-oauth2-auth-code-flow).
// Permissions are granted in advance: see [App.Consents]. The browser gets no session, so every sign-in shows the form.
func (d *Directory) authorize(call *sandbox.Call, tenant string) sandbox.Response {
	query := call.Request.URL.Query()
	app, found := d.state.app(query.Get("client_id")), d.state.tenant(tenant)
	// Nothing may be sent to an address that is not the app's, not even an error.
	switch {
	case found == nil:
		return errorPage(unknownTenant(tenant))
	case app == nil || app.TenantID != found.ID:
		return errorPage(aadsts(700016, "Application with identifier '%s' was not found.", query.Get("client_id")))
	case !slices.Contains(app.RedirectURIs, query.Get("redirect_uri")):
		return errorPage(aadsts(50011, ""))
	case query.Get("response_type") != "code":
		return redirectToClient(query, url.Values{
			"error": {"unsupported_response_type"}, "error_description": {"AADSTS70005: response_type"},
		})
	case query.Get("code_challenge") != "" && query.Get("code_challenge_method") != "S256":
		return redirectToClient(query, url.Values{
			"error": {"invalid_request"}, "error_description": {"AADSTS501491: code_challenge_method"},
		})
	}
	form, err := url.ParseQuery(string(call.Body))
	switch {
	case err != nil:
		return sandbox.Response{Status: http.StatusBadRequest}
	case call.Request.Method != http.MethodPost || !form.Has("login"):
		return d.signInPage(call, "")
	}
	user := d.state.user(form.Get("login"))
	attempt := sandbox.SignIn{Scheme: SchemeForm, User: form.Get("login"), Secret: form.Get("passwd")}
	tokenErr := d.checkSignIn(user, *found, *app, form.Get("passwd"))
	if tokenErr != nil {
		attempt.Reason = tokenErr.text()
	}
	attempt.Accepted = tokenErr == nil
	call.RecordSignIn(attempt)
	if tokenErr != nil {
		return d.signInPage(call, tokenErr.text())
	}
	issued := "1.A" + rand.Text() + "." + rand.Text()
	d.state.codes[issued] = &code{
		approval: approval{
			userID: user.ID, clientID: app.ClientID, scopes: strings.Fields(query.Get("scope")), issued: d.now(),
		},
		redirectURI: query.Get("redirect_uri"), challenge: query.Get("code_challenge"), nonce: query.Get("nonce"),
	}
	return redirectToClient(query, url.Values{"code": {issued}})
}

// checkSignIn checks the user name and the password of the form.
func (d *Directory) checkSignIn(user *User, tenant Tenant, app App, password string) *tokenError {
	if user == nil || user.Password != password {
		return aadsts(50126, "")
	}
	r := request{directory: d, tenant: tenant, app: app}
	tokenErr := r.checkUser(user)
	if tokenErr != nil && tokenErr.number == 50076 {
		return nil // a user at a browser has the second factor
	}
	return tokenErr
}

// signInPage returns the sign-in form.
func (d *Directory) signInPage(call *sandbox.Call, message string) sandbox.Response {
	hint := html.EscapeString(call.Request.URL.Query().Get("login_hint"))
	return sandbox.HTML(http.StatusOK, "Sign in to your account", `<form method="post" action="`+
		html.EscapeString(call.Request.URL.RequestURI())+`"><p id="error">`+html.EscapeString(message)+`</p>`+
		`<input name="login" type="email" value="`+hint+`"><input name="passwd" type="password"><button>Sign in</button></form>`)
}

// redirectToClient sends the browser back to the client, with the state of its request.
func redirectToClient(query, result url.Values) sandbox.Response {
	to, err := url.Parse(query.Get("redirect_uri"))
	if err != nil {
		return errorPage(aadsts(50011, ""))
	}
	parameters := to.Query()
	maps.Copy(parameters, result)
	if query.Has("state") {
		parameters.Set("state", query.Get("state"))
	}
	to.RawQuery = parameters.Encode()
	return sandbox.Response{Status: http.StatusFound, Header: http.Header{"Location": {to.String()}}}
}

// errorPage is shown to the user if the error cannot be sent to the client.
func errorPage(tokenErr *tokenError) sandbox.Response {
	return sandbox.HTML(http.StatusBadRequest, "Sign in to your account",
		"<p>Sorry, but we're having trouble signing you in.</p><p>"+html.EscapeString(tokenErr.text())+"</p>")
}
