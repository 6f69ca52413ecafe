package google

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/oauthpages"
)

// authorizeVendor declares the pages of accounts.google.com for a person
// (https://developers.google.com/identity/protocols/oauth2/web-server and
// https://developers.google.com/identity/protocols/oauth2/resources/granular-permissions). Google has a page for the scopes
// of the sign-in and a page for the others; here they are one page.
type authorizeVendor struct{ server *Server }

// clientErrors are the errors that Google sends to the client. It shows all others to the user.
var clientErrors = []string{
	"access_denied", "interaction_required", "login_required", "consent_required", "server_error", "temporarily_unavailable",
}

// Style returns the texts of the pages.
func (authorizeVendor) Style() oauthpages.Style {
	return oauthpages.Style{
		Brand: "Google", Title: "Sign in - Google Accounts", Cookie: "SID",
		UserField: "identifier", UserLabel: "Email or phone", PasswordField: "Passwd", PasswordLabel: "Enter your password",
		Next: "Next", SignIn: "Sign in", TwoSteps: true,
		Choose: "Choose an account", Another: "Use another account",
		Ends: map[oauthpages.End]string{
			oauthpages.Denied: "access_denied", oauthpages.LoginRequired: "interaction_required",
			oauthpages.InteractionRequired: "interaction_required", oauthpages.ConsentRequired: "interaction_required",
		},
	}
}

// Read reads the request of a client.
func (v authorizeVendor) Read(call *sandbox.Call) (*oauthpages.Request, *sandbox.Response) {
	client, query := v.server.state.client, call.Request.URL.Query()
	r := &oauthpages.Request{
		Query: query, RedirectURI: query.Get("redirect_uri"), Scopes: canonical(strings.Fields(query.Get("scope"))),
		Extra: url.Values{"iss": {Issuer}},
	}
	code, text := v.checkClient(client, r.RedirectURI, query)
	_, challengeErr := oauthpages.ReadChallenge(query, "plain")
	switch {
	case code != "":
	case query.Get("response_type") == "":
		code, text = "invalid_request", "Required parameter is missing: response_type"
	case query.Get("response_type") != "code":
		code, text = "unsupported_response_type", "Invalid response_type: "+query.Get("response_type")
	case len(r.Scopes) == 0:
		code, text = "invalid_request", "Missing required parameter: scope"
	case !containsAll(knownScopes(), r.Scopes):
		code, text = "invalid_scope", "Some requested scopes were invalid."
	case challengeErr != nil:
		code, text = "invalid_request", "Invalid code_challenge_method."
	default:
		return r, nil
	}
	response := v.Fail(r, code, text)
	return nil, &response
}

// checkClient returns the error for an unknown client, or one with another redirect URI. A desktop client may use any
// port of the loopback interface.
func (authorizeVendor) checkClient(client Client, redirect string, query url.Values) (code, text string) {
	switch {
	case query.Get("client_id") != client.ID:
		return "invalid_client", tokenErrors["invalid_client"]
	case client.Deleted:
		return "deleted_client", tokenErrors["deleted_client"]
	case client.Disabled:
		return "disabled_client", tokenErrors["disabled_client"]
	case redirect == "":
		return "invalid_request", "Missing required parameter: redirect_uri"
	case slices.Contains(client.RedirectURIs, redirect), client.Desktop && oauthpages.IsLoopback(redirect):
		return "", ""
	}
	return "redirect_uri_mismatch", "You can't sign in to this app because it doesn't comply with Google's OAuth 2.0 policy. " +
		"If you're the app developer, register the redirect URI in the Google Cloud Console. redirect_uri=" + redirect
}

// Find returns the account of a user, by address, alias or id.
func (v authorizeVendor) Find(name string) *oauthpages.Account {
	user := v.server.Find(name)
	if user == nil || user.Deleted {
		return nil
	}
	return &oauthpages.Account{ID: user.ID, Username: user.Email, Name: user.Name()}
}

// Verify checks a password.
func (v authorizeVendor) Verify(account *oauthpages.Account, password string) (text, reason string) {
	if account == nil {
		return "Couldn’t find your Google Account", "unknown user"
	}
	user := v.server.Find(account.ID)
	switch {
	case user.Password != password:
		return "Wrong password. Try again or click Forgot password to reset it.", "wrong password"
	case user.Suspended || user.Archived:
		return "Your account has been disabled", "the user is no longer active"
	}
	return "", ""
}

// Consent returns the page with the scopes of the client. It has check boxes unless a single scope is requested, or
// only the user's identity.
func (v authorizeVendor) Consent(
	r *oauthpages.Request, account oauthpages.Account,
) (oauthpages.Consent, *sandbox.Response) {
	client, user := v.server.state.client, v.server.Find(account.ID)
	if client.Internal && user.CustomerID != v.server.All()[0].CustomerID {
		response := v.Fail(r, "org_internal", "")
		return oauthpages.Consent{}, &response
	}
	consent := oauthpages.Consent{
		Needed:  !containsAll(v.server.state.tokens.consents[account.ID], r.Scopes),
		Heading: client.Name + " wants access to your Google Account",
		Text:    []string{"Select what " + client.Name + " can access"}, Allow: "Continue", Deny: "Cancel",
	}
	optional := len(r.Scopes) > 1
	for _, scope := range r.Scopes {
		text, identity := identityTexts[scope]
		if !identity {
			text = "Access " + scope
		}
		consent.Items = append(consent.Items, oauthpages.Item{Scope: scope, Text: text, Optional: optional && !identity})
	}
	return consent, nil
}

// identityTexts are the lines of the consent page for the scopes of the sign-in.
var identityTexts = map[string]string{
	scopeOpenID:          "Associate you with your personal info on Google",
	scopeUserinfoEmail:   "See your primary Google Account email address",
	scopeUserinfoProfile: "See your personal info, including any personal info you've made publicly available",
}

// Finish returns a code to the client, with the granted scopes, or an error if nothing was granted.
func (v authorizeVendor) Finish(r *oauthpages.Request, account oauthpages.Account, d oauthpages.Decision) url.Values {
	if len(d.Scopes) == 0 {
		return url.Values{"error": {"access_denied"}}
	}
	tokens := &v.server.state.tokens
	earlier := tokens.consents[account.ID]
	tokens.consents[account.ID] = union(earlier, d.Scopes)
	scopes := d.Scopes
	if r.Query.Get("include_granted_scopes") == "true" {
		scopes = union(scopes, earlier)
	}
	challenge, _ := oauthpages.ReadChallenge(r.Query, "plain") // Read has checked it
	code := "4/0A" + sandbox.Random(2)
	v.server.pages.Issue(code, oauthpages.Code{
		ClientID: v.server.state.client.ID, AccountID: account.ID, RedirectURI: r.RedirectURI, Scopes: scopes,
		Challenge: challenge, Query: r.Query, Shown: d.Shown,
	})
	prompt := "none"
	if d.Shown {
		prompt = "consent"
	}
	return url.Values{
		"code": {code}, "scope": {strings.Join(scopes, " ")}, "authuser": {"0"}, "prompt": {prompt},
		"hd": {v.server.Find(account.ID).Domain()},
	}
}

// Fail returns an error to the client, or shows it to the user.
func (authorizeVendor) Fail(r *oauthpages.Request, code, text string) sandbox.Response {
	if slices.Contains(clientErrors, code) {
		result := url.Values{"error": {code}}
		if text != "" {
			result.Set("error_description", text)
		}
		return r.Redirect(result)
	}
	if text == "" {
		text = tokenErrors[code]
	}
	status, ok := tokenStatus[code]
	if !ok {
		status = http.StatusBadRequest
	}
	return oauthpages.Page{
		Brand: "Google", Title: "Error " + strconv.Itoa(status), Heading: "Access blocked: Authorization Error",
		Text: []string{text, fmt.Sprintf("Error %d: %s", status, code)},
	}.Response(status)
}

// canonical replaces the short names of scopes.
func canonical(scopes []string) []string {
	for i, scope := range scopes {
		switch scope {
		case scopeEmail:
			scopes[i] = scopeUserinfoEmail
		case scopeProfile:
			scopes[i] = scopeUserinfoProfile
		}
	}
	return union(nil, scopes)
}

// union returns the elements of both lists, each once.
func union(a, b []string) []string {
	all := slices.Clone(a)
	for _, element := range b {
		if !slices.Contains(all, element) {
			all = append(all, element)
		}
	}
	return all
}
