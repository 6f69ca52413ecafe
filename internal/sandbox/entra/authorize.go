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

// SchemeForm is how a person's sign-in at the authorize page is recorded.
const SchemeForm = "form"

// authorize serves the authorize page: a person's form, then back with a code (v2-oauth2-auth-code-flow). What the app may
// have is granted beforehand: see [App.Consents]. No session is kept in the browser, so that somebody is always asked.
func (d *Directory) authorize(call *sandbox.Call, tenant string) sandbox.Response {
	query := call.Request.URL.Query()
	app, found := d.state.app(query.Get("client_id")), d.state.tenant(tenant)
	// An address that is not the app's must not be sent anything, errors included.
	switch {
	case found == nil:
		return page(unknownTenant(tenant))
	case app == nil || app.TenantID != found.ID:
		return page(newTokenError(700016, "Application with identifier '%s' was not found.", query.Get("client_id")))
	case !slices.Contains(app.RedirectURIs, query.Get("redirect_uri")):
		return page(newTokenError(50011, ""))
	case query.Get("response_type") != "code":
		return back(query, url.Values{"error": {"unsupported_response_type"}, "error_description": {"AADSTS70005: response_type"}})
	case query.Get("code_challenge") != "" && query.Get("code_challenge_method") != "S256":
		return back(query, url.Values{"error": {"invalid_request"}, "error_description": {"AADSTS501491: code_challenge_method"}})
	}
	form, err := url.ParseQuery(string(call.Body))
	switch {
	case err != nil:
		return sandbox.Response{Status: http.StatusBadRequest}
	case call.Request.Method != http.MethodPost || !form.Has("login"):
		return d.form(call, "")
	}
	user := d.state.user(form.Get("login"))
	attempt := sandbox.SignIn{Scheme: SchemeForm, User: form.Get("login"), Secret: form.Get("passwd")}
	no := d.person(user, *found, *app, form.Get("passwd"))
	if no != nil {
		attempt.Reason = no.text()
	}
	attempt.Accepted = no == nil
	call.RecordSignIn(attempt)
	if no != nil {
		return d.form(call, no.text())
	}
	issued := "1.A" + rand.Text() + "." + rand.Text()
	d.state.codes[issued] = &code{
		approval: approval{
			userID: user.ID, clientID: app.ClientID, scopes: strings.Fields(query.Get("scope")), issued: d.now(),
		},
		redirectURI: query.Get("redirect_uri"), challenge: query.Get("code_challenge"), nonce: query.Get("nonce"),
	}
	return back(query, url.Values{"code": {issued}})
}

// person checks who somebody says to be.
func (d *Directory) person(user *User, tenant Tenant, app App, password string) *tokenError {
	if user == nil || user.Password != password {
		return newTokenError(50126, "")
	}
	r := request{directory: d, tenant: tenant, app: app}
	no := r.admit(user)
	if no != nil && no.number == 50076 {
		return nil // a person at a browser has the second factor
	}
	return no
}

// form is the page that asks who somebody is.
func (d *Directory) form(call *sandbox.Call, problem string) sandbox.Response {
	hint := html.EscapeString(call.Request.URL.Query().Get("login_hint"))
	return sandbox.HTML(http.StatusOK, "Sign in to your account", `<form method="post" action="`+
		html.EscapeString(call.Request.URL.RequestURI())+`"><p id="error">`+html.EscapeString(problem)+`</p>`+
		`<input name="login" type="email" value="`+hint+`"><input name="passwd" type="password"><button>Sign in</button></form>`)
}

// back sends the browser back to the client, with the state it came with.
func back(query, answer url.Values) sandbox.Response {
	to, err := url.Parse(query.Get("redirect_uri"))
	if err != nil {
		return page(newTokenError(50011, ""))
	}
	with := to.Query()
	maps.Copy(with, answer)
	if query.Has("state") {
		with.Set("state", query.Get("state"))
	}
	to.RawQuery = with.Encode()
	return sandbox.Response{Status: http.StatusFound, Header: http.Header{"Location": {to.String()}}}
}

// page is what a person sees where the client cannot be told.
func page(no *tokenError) sandbox.Response {
	return sandbox.HTML(http.StatusBadRequest, "Sign in to your account",
		"<p>Sorry, but we're having trouble signing you in.</p><p>"+html.EscapeString(no.text())+"</p>")
}
