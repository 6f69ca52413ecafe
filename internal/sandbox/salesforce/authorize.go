package salesforce

import (
	"html"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/oauthpages"
)

// authorizeVendor declares the pages of the web server flow (Salesforce help, "OAuth 2.0 Web Server Flow for Web App
// Integration" and "OAuth 2.0 Authorization Errors").
type authorizeVendor struct{ server *Server }

// pageErrors are the errors that Salesforce shows to the user instead of sending them to the client.
var pageErrors = []string{
	"OAUTH_APPROVAL_ERROR_GENERIC", "invalid_client_id", "redirect_uri_mismatch", "redirect_uri_missing",
}

// scopeTexts are the lines of the consent page.
var scopeTexts = map[string]string{
	"api": "Manage user data via APIs", "id": "Access the identity URL service", "openid": "Access unique user identifiers",
	"web": "Manage user data via Web browsers", "full": "Full access", "profile": "Access the identity URL service",
	"email": "Access the identity URL service", "refresh_token": "Perform requests at any time",
	"offline_access": "Perform requests at any time",
}

// Style returns the texts of the pages.
func (authorizeVendor) Style() oauthpages.Style {
	return oauthpages.Style{
		Brand: "Salesforce", Title: "Login | Salesforce", Cookie: "sid",
		UserField: "username", UserLabel: "Username", PasswordField: "pw", PasswordLabel: "Password", SignIn: "Log In",
		Choose: "Choose a Username", Another: "Log In with a Different Username",
		SingleSession: true, HintFillsOnly: true,
		Ends: map[oauthpages.End]string{
			oauthpages.Denied: "access_denied", oauthpages.LoginRequired: "immediate_unsuccessful",
			oauthpages.ConsentRequired: "immediate_unsuccessful", oauthpages.InteractionRequired: "immediate_unsuccessful",
		},
	}
}

// Read reads the request of a client. Nothing may be sent to an address that is not the app's, not even an error.
func (v authorizeVendor) Read(call *sandbox.Call) (*oauthpages.Request, *sandbox.Response) {
	app, query := v.server.state.app, call.Request.URL.Query()
	r := &oauthpages.Request{
		Query: query, RedirectURI: query.Get("redirect_uri"), Scopes: strings.Fields(query.Get("scope")),
	}
	if len(r.Scopes) == 0 {
		r.Scopes = slices.Clone(app.Scopes)
	}
	challenge, err := oauthpages.ReadChallenge(query, "S256")
	var code string
	switch {
	case query.Get("client_id") != app.ConsumerKey:
		code = "invalid_client_id"
	case r.RedirectURI == "":
		code = "redirect_uri_missing"
	case !slices.Contains(app.CallbackURLs, r.RedirectURI):
		code = "redirect_uri_mismatch"
	case slices.ContainsFunc(r.Scopes, app.forbids):
		code = "invalid_scope"
	case !app.Installed:
		code = "OAUTH_EC_APP_NOT_FOUND"
	case app.Blocked:
		code = "OAUTH_APP_BLOCKED"
	case query.Get("response_type") != "code":
		code = "unsupported_response_type"
	case app.PKCE && challenge.IsZero(), err != nil, query.Get("code_challenge_method") == "plain":
		code = "invalid_request"
	default:
		return r, nil
	}
	response := v.Fail(r, code, "")
	return nil, &response
}

// Find returns the account of a user.
func (v authorizeVendor) Find(name string) *oauthpages.Account {
	user := v.server.Find(name)
	if user == nil {
		user = v.server.userByID(name)
	}
	if user == nil {
		return nil
	}
	return &oauthpages.Account{ID: user.ID, Username: user.Username, Name: user.Name()}
}

// Verify checks a password. Salesforce has one text for all rejected sign-ins.
func (v authorizeVendor) Verify(account *oauthpages.Account, password string) (text, reason string) {
	const rejected = "Please check your username and password. If you still can't log in, contact your Salesforce administrator."
	if account == nil {
		return rejected, "unknown user"
	}
	user := v.server.userByID(account.ID)
	switch {
	case user.Password != password:
		return rejected, "wrong password"
	case !user.Active || user.IPRestricted || !v.server.organizationOf(*user).Active:
		return rejected, "the user may not sign in"
	}
	return "", ""
}

// Consent returns the page "Allow Access?", which users who are pre-authorized or have approved the app do not see.
func (v authorizeVendor) Consent(
	r *oauthpages.Request, account oauthpages.Account,
) (oauthpages.Consent, *sandbox.Response) {
	app, user := v.server.state.app, v.server.userByID(account.ID)
	if app.AdminApproved && !user.Approved {
		response := v.Fail(r, "OAUTH_APP_ACCESS_DENIED", "")
		return oauthpages.Consent{}, &response
	}
	consent := oauthpages.Consent{
		Needed:  !app.AdminApproved && !v.server.state.tokens.hasApproval(*user),
		Heading: "Allow Access?", Text: []string{app.Name + " is asking to:"}, Allow: "Allow", Deny: "Deny",
	}
	for _, scope := range r.Scopes {
		consent.Items = append(consent.Items, oauthpages.Item{Scope: scope, Text: scopeTexts[scope]})
	}
	return consent, nil
}

// Finish returns a code to the client.
func (v authorizeVendor) Finish(r *oauthpages.Request, account oauthpages.Account, d oauthpages.Decision) url.Values {
	challenge, _ := oauthpages.ReadChallenge(r.Query, "S256") // Read has checked it
	issued := "aPrx" + sandbox.Random(3)
	v.server.pages.Issue(issued, oauthpages.Code{
		ClientID: v.server.state.app.ConsumerKey, AccountID: account.ID, RedirectURI: r.RedirectURI, Scopes: d.Scopes,
		Challenge: challenge, Query: r.Query,
	})
	return url.Values{"code": {issued}}
}

// Fail returns an error to the client, or shows it to the user.
func (authorizeVendor) Fail(r *oauthpages.Request, code, text string) sandbox.Response {
	if text == "" {
		text = tokenErrors[code]
	}
	switch {
	case code == "OAUTH_APPROVAL_ERROR_GENERIC":
		return sandbox.HTML(http.StatusOK, "Salesforce",
			"<h1>We can't authorize you because of an OAuth error.</h1><p>"+code+" : "+html.EscapeString(text)+"</p>")
	case slices.Contains(pageErrors, code):
		return sandbox.HTML(http.StatusBadRequest, "OAuth Error", "<h1>OAuth Error</h1><p>error="+code+
			"&amp;error_description="+html.EscapeString(text)+"</p>")
	}
	return r.Redirect(url.Values{"error": {code}, "error_description": {text}})
}
